/* SPDX-License-Identifier: Apache-2.0 */
/* mkpage TEMPLATE OUTPUT: translates an HTML template to C.  The syntax and what is refused are written in
 * src/platform/pages/README.md; where a value stands is mkpage_html.c's knowledge, and what {{ }} becomes mkpage_value.c's.
 * Here: the file from end to end, the template line, the statements {% %} and the C that they become.
 *
 * That the output is safe rests on two checks: a value only stands where its escaping is known, and every C block begins
 * and ends at the same place of the HTML, so what was known holds whichever way the program goes. */
#include "mkpage.h"

#include <stdio.h>

void
page_flush_literal(struct page *page)
{
	if (page->html.literal.n == 0)
		return;
	buf_add(&page->c, S("\tTEMPLATE_LITERAL("));
	c_add_literal(&page->c, buf_str(&page->html.literal));
	buf_add(&page->c, S(");\n"));
	buf_clear(&page->html.literal);
}

void
page_add_line_mark(struct page *page, int line)
{
	buf_printf(&page->c, "#line %d \"%s\"\n", line, page->html.file);
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* ---- the template line ---- */

bool
directive_take_word(str *text, const char *word)
{
	str w = str_from_z(word);

	if (!str_starts(*text, w) || (text->n > w.n && is_word(text->p[w.n]) && is_word(w.p[w.n - 1])))
		return false;
	*text = str_trim(str_drop(*text, w.n));
	return true;
}

static str
next_tag(str *tags)
{
	str tag;

	*tags = str_cut(str_trim(*tags), ' ', &tag);
	return tag;
}

/* The tags named last in the list were opened first. */
static void
open_tags_to_close(struct page *page, str tags)
{
	str tag = next_tag(&tags);

	if (!str_is_empty(str_trim(tags)))
		open_tags_to_close(page, tags);
	if (!str_is_empty(tag))
		html_open_tag(&page->html, tag);
}

static void
end_template(struct page *page)
{
	struct html_scan *html = &page->html;
	str tags = page->opens;
	size_t i = 0;

	if (!page->inside)
		return;
	if (html->place.state != IN_TEXT)
		html_refuse(html, "the template ends inside a tag");
	for (; i < html->open.count; i++) {
		const struct html_open *open = &html->open.items[i];

		if (open->is_block)
			html_refuse(html, "the { of line %d is not closed", open->line);
		if (!str_equal(next_tag(&tags), open->tag))
			html_refuse(html, "<%.*s> of line %d is not closed", STR_ARG(open->tag), open->line);
	}
	if (!str_is_empty(str_trim(tags)))
		html_refuse(html, "the template does not leave %.*s open", STR_ARG(tags));
	while (html->literal.n && html->literal.p[html->literal.n - 1] == '\n')
		html->literal.n--; /* a piece may stand in the middle of a sentence */
	page_flush_literal(page);
	buf_add(&page->c, S("}\n"));
	html->open.count = 0;
	html->kept_space = html->svg = 0;
}

/* NAME(PARAMETERS) up to the closing parenthesis. */
static str
take_signature(struct page *page, str *head, str *parameters)
{
	size_t open, at, depth = 0;
	str name;

	if (!str_find(*head, S("("), &open))
		html_refuse(&page->html, "write {%% template NAME(PARAMETERS) in \"HEADER\" %%}");
	name = str_trim(str_take(*head, open));
	for (size_t i = 0; i < name.n; i++)
		if (!is_word(name.p[i]))
			html_refuse(&page->html, "'%.*s' is not a name", STR_ARG(name));
	for (at = open; at < head->n; at++) {
		depth += head->p[at] == '(';
		if (head->p[at] == ')' && --depth == 0)
			break;
	}
	if (name.n == 0 || at == head->n)
		html_refuse(&page->html, "the template line has no NAME(PARAMETERS)");
	*parameters = str_trim(str_slice(head->p + open + 1, head->p + at));
	*head = str_trim(str_drop(*head, at + 1));
	return name;
}

static void
begin_template(struct page *page, str head, bool is_static)
{
	str parameters, header, rest, name = take_signature(page, &head, &parameters);
	size_t at = 0, found;

	end_template(page);
	page->inside = true;
	page->opens = page->closes = S("");
	page->template_line = page->html.line;
	if (directive_take_word(&head, "in")) {
		if (!c_string(page->arena, head, &at, &header))
			html_refuse(&page->html, "in needs the name of a header in quotes");
		head = str_trim(str_drop(head, at));
		buf_printf(&page->c, "#include \"%.*s\"\n", STR_ARG(header));
	}
	if (directive_take_word(&head, "closes")) {
		page->closes = head;
		if (str_find(head, S(" opens "), &found)) {
			page->closes = str_take(head, found);
			head = str_drop(head, found + 1);
		} else {
			head = S("");
		}
	}
	if (directive_take_word(&head, "opens")) {
		page->opens = head;
		head = S("");
	}
	rest = str_trim(head);
	if (rest.n)
		html_refuse(&page->html, "'%.*s' is not known in a template line", STR_ARG(rest));
	open_tags_to_close(page, str_trim(page->closes));
	page->html.fresh_line = true;
	buf_add_char(&page->c, '\n');
	page_add_line_mark(page, page->html.line);
	buf_printf(&page->c,
	    "%svoid\n%.*s(struct buf *out __attribute__((unused)), const struct page_cx *px __attribute__((unused))",
	    is_static ? "static " : "", STR_ARG(name));
	if (parameters.n && !str_equal(parameters, S("void")))
		buf_printf(&page->c, ", %.*s", STR_ARG(parameters));
	buf_add(&page->c, S(")\n{\n"));
}

/* ---- statements ---- */

static void
close_block(struct page *page, bool opens_again)
{
	struct html_open block = html_close_block(&page->html);

	page->html.place = opens_again ? block.at_open : block.carried;
	if (opens_again)
		html_open_block(&page->html, &block.carried);
}

/* "} else {" and "} else if (x) {" begin where the block before them began. */
static bool
is_else(str after)
{
	after = str_trim(after);
	return directive_take_word(&after, "else");
}

static void
check_word(struct page *page, str word)
{
	static const char *const jumps[] = {
	    "return", "break", "continue", "goto", "switch", "case", "default", "asm", NULL};

	for (const char *const *jump = jumps; *jump; jump++)
		if (str_equal(word, str_from_z(*jump)))
			html_refuse(&page->html, "%s would leave tags half open", *jump);
	if (!str_equal(word, S("out")))
		return;
	if (page->html.place.state != IN_TEXT)
		html_refuse(&page->html, "parts print between tags, not inside one");
	page->html.fresh_line = false; /* a part leaves no line break behind */
}

static void
follow_blocks(struct page *page, str code)
{
	bool expect_else_brace = false;

	for (size_t at = 0, end; at < code.n; at = end) {
		end = c_skip(code, at);
		if (end > at + 1)
			continue;
		if (is_word(code.p[at])) {
			while (end < code.n && is_word(code.p[end]))
				end++;
			check_word(page, str_slice(code.p + at, code.p + end));
		} else if (code.p[at] == '#') {
			html_refuse(&page->html, "no preprocessor lines in a template");
		} else if (code.p[at] == '{') {
			if (!expect_else_brace)
				html_open_block(&page->html, NULL);
			expect_else_brace = false;
		} else if (code.p[at] == '}') {
			bool again = is_else(str_drop(code, end));

			close_block(page, again);
			expect_else_brace = again;
		}
	}
	if (expect_else_brace)
		html_refuse(&page->html, "else needs a {");
}

static void
statement(struct page *page, str code)
{
	char last;
	str head = code;
	int line = page->html.line;

	if (directive_take_word(&head, "template")) {
		begin_template(page, head, false);
		return;
	}
	if (directive_take_word(&head, "static") && directive_take_word(&head, "template")) {
		begin_template(page, head, true);
		return;
	}
	if (!page->inside)
		html_refuse(&page->html, "the first line must be {%% template NAME(PARAMETERS) in \"HEADER\" %%}");
	last = code.n ? code.p[code.n - 1] : ' ';
	if (last != ';' && last != '{' && last != '}')
		html_refuse(&page->html, "a statement ends in ; or { or }");
	if (page->html.place.state == IN_VALUE && page->html.place.kind == ATTRIBUTE_FIXED)
		html_refuse(&page->html, "no statements in this attribute");
	page_flush_literal(page);
	follow_blocks(page, code);
	page_add_line_mark(page, line);
	buf_printf(&page->c, "\t%.*s\n", STR_ARG(code));
}

/* ---- the whole file ---- */

/* What stands between the two-character marks at `at`; moves behind it. */
static str
take_directive(struct page *page, const char *end_mark, bool is_code)
{
	struct html_scan *html = &page->html;
	size_t from = html->at + 2, at = from;

	while (at < html->source.n && !str_starts(str_drop(html->source, at), str_from_z(end_mark)))
		at = is_code ? c_skip(html->source, at) : at + 1;
	if (at >= html->source.n)
		html_refuse(html, "the directive has no %s", end_mark);
	html->at = at + 2;
	return str_trim(str_slice(html->source.p + from, html->source.p + at));
}

static void
translate(struct page *page)
{
	struct html_scan *html = &page->html;

	while (html->at < html->source.n) {
		str rest = str_drop(html->source, html->at);
		size_t from = html->at;

		if (str_starts(rest, S("{{"))) {
			page_value(page, take_directive(page, "}}", true));
		} else if (str_starts(rest, S("{%"))) {
			statement(page, take_directive(page, "%}", true));
		} else if (str_starts(rest, S("{#"))) {
			take_directive(page, "#}", false);
		} else if (!page->inside && !strchr(" \t\r\n", rest.p[0])) {
			html_refuse(html, "the first line must be {%% template NAME(PARAMETERS) in \"HEADER\" %%}");
		} else if (!page->inside) {
			html->line += rest.p[0] == '\n';
			html->at++;
			continue;
		} else {
			html_step(html);
			continue;
		}
		for (; from < html->at; from++)
			html->line += html->source.p[from] == '\n';
	}
	if (!page->inside)
		html_refuse(html, "there is no template line");
	end_template(page);
}

int
main(int argc, char **argv)
{
	struct arena arena = ARENA_INIT;
	struct page page = {.arena = &arena, .c = BUF_INIT(&arena)};

	if (argc != 3) {
		fputs("usage: mkpage TEMPLATE OUTPUT\n", stderr);
		return 2;
	}
	page.html = (struct html_scan){
	    .arena = &arena, .file = argv[1], .line = 1, .literal = BUF_INIT(&arena), .url = BUF_INIT(&arena)};
	page.html.source = tool_read(&arena, argv[1]);
	buf_add(
	    &page.c, S("/* SPDX-License-Identifier: Apache-2.0 */\n/* Made by mkpage: change the template instead. */\n"
		       "#include \"platform/http/http.h\"\n#include \"platform/pages/pages.h\"\n"));
	translate(&page);
	tool_write(argv[2], buf_str(&page.c));
	arena_release(&arena);
	return 0;
}
