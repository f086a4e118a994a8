/* SPDX-License-Identifier: Apache-2.0 */
/* mkpage TEMPLATE OUTPUT: translates an HTML template to C.  The syntax and what is refused are written in
 * src/platform/pages/README.md; where a value stands is mkpage_html.c's knowledge.  Here: the directives {{ }}, {% %}, {# #}
 * and the C that they become.
 *
 * That the output is safe rests on two checks: a value only stands where its escaping is known, and every C block begins
 * and ends at the same place of the HTML, so what was known holds whichever way the program goes. */
#include "mkpage_html.h"

#include <stdio.h>

struct page {
	struct arena *arena;
	struct html_scan html;
	struct buf c;      /* the output */
	str closes, opens; /* of the current template */
	bool inside;       /* a template was begun */
	int template_line;
};

static void
flush_literal(struct page *page)
{
	if (page->html.literal.n == 0)
		return;
	buf_add(&page->c, S("\tTEMPLATE_LITERAL("));
	c_add_literal(&page->c, buf_str(&page->html.literal));
	buf_add(&page->c, S(");\n"));
	buf_clear(&page->html.literal);
}

static void
add_line_mark(struct page *page, int line)
{
	buf_printf(&page->c, "#line %d \"%s\"\n", line, page->html.file);
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* ---- the template line ---- */

/* Take `word` with the white space after it off the front. */
static bool
take_word(str *text, const char *word)
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
	flush_literal(page);
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
	if (take_word(&head, "in")) {
		if (!c_string(page->arena, head, &at, &header))
			html_refuse(&page->html, "in needs the name of a header in quotes");
		head = str_trim(str_drop(head, at));
		buf_printf(&page->c, "#include \"%.*s\"\n", STR_ARG(header));
	}
	if (take_word(&head, "closes")) {
		page->closes = head;
		if (str_find(head, S(" opens "), &found)) {
			page->closes = str_take(head, found);
			head = str_drop(head, found + 1);
		} else {
			head = S("");
		}
	}
	if (take_word(&head, "opens")) {
		page->opens = head;
		head = S("");
	}
	rest = str_trim(head);
	if (rest.n)
		html_refuse(&page->html, "'%.*s' is not known in a template line", STR_ARG(rest));
	open_tags_to_close(page, str_trim(page->closes));
	page->html.fresh_line = true;
	buf_add_char(&page->c, '\n');
	add_line_mark(page, page->html.line);
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
	return take_word(&after, "else");
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

	if (take_word(&head, "template")) {
		begin_template(page, head, false);
		return;
	}
	if (take_word(&head, "static") && take_word(&head, "template")) {
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
	flush_literal(page);
	follow_blocks(page, code);
	add_line_mark(page, line);
	buf_printf(&page->c, "\t%.*s\n", STR_ARG(code));
}

/* ---- values ---- */

static const char *
place_of_value(const struct page *page)
{
	const struct html_scan *html = &page->html;

	if (html->place.state == IN_TAG)
		html_refuse(html, "a value cannot be an attribute name or an unquoted attribute");
	if (html->place.state == IN_TEXT)
		return "TEXT";
	switch (html->place.kind) {
	case ATTRIBUTE_PLAIN: return "ATTRIBUTE";
	case ATTRIBUTE_URL: return html->place.url_begun ? "URL_PART" : "URL";
	case ATTRIBUTE_ASSET:
	case ATTRIBUTE_FIXED: break;
	}
	html_refuse(html, "no value may stand in %.*s of <%.*s>", STR_ARG(html->attribute), STR_ARG(html->tag));
}

static void
value_was_printed(struct page *page)
{
	if (page->html.place.state == IN_VALUE) {
		page->html.place.url_begun = true;
		buf_add_char(&page->html.url, '*'); /* in no scheme's name */
	}
	page->html.fresh_line = false;
}

/* The highest N of %N in a text; refuses a % that is neither %1 to %9 nor %%. */
static size_t
places_in(struct page *page, str text)
{
	size_t most = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c;

		if (text.p[i] != '%')
			continue;
		c = i + 1 < text.n ? text.p[++i] : ' ';
		if (c != '%' && (c < '1' || c > '9'))
			html_refuse(&page->html, "write %%%% for a plain %%, %%1 for a value");
		if (c != '%' && (size_t)(c - '0') > most)
			most = (size_t)(c - '0');
	}
	return most;
}

/* Emit TR_ARG(a), TR_ARG(b) for ", a, b"; gives how many. */
static size_t
add_arguments(struct page *page, str list)
{
	size_t count = 0, depth = 0, from = 1;

	list = str_trim(list);
	if (list.n && list.p[0] != ',')
		html_refuse(&page->html, "a comma is missing after the text");
	for (size_t at = 1, end; list.n && at <= list.n; at = end) {
		char c = at < list.n ? list.p[at] : ',';

		end = at < list.n ? c_skip(list, at) : at + 1;
		depth += c == '(' || c == '[' || c == '{';
		depth -= c == ')' || c == ']' || c == '}';
		if (c != ',' || depth != 0)
			continue;
		buf_printf(&page->c, ", TR_ARG(%.*s)", STR_ARG(str_trim(str_slice(list.p + from, list.p + at))));
		from = at + 1;
		count++;
	}
	return count;
}

enum message_form { MESSAGE_PLAIN, MESSAGE_PLURAL, MESSAGE_CONTEXT };

/* The expression that finds the translation. */
static str
lookup(struct page *page, enum message_form form, str first, str second, str count)
{
	struct buf c = BUF_INIT(page->arena);

	buf_add(&c, form == MESSAGE_PLURAL    ? S("tr_n(px->lang, ")
		    : form == MESSAGE_CONTEXT ? S("tr_in(px->lang, ")
					      : S("tr(px->lang, "));
	c_add_literal(&c, first);
	if (form != MESSAGE_PLAIN) {
		buf_add(&c, S(", "));
		c_add_literal(&c, second);
	}
	if (form == MESSAGE_PLURAL)
		buf_printf(&c, ", (%.*s)", STR_ARG(count));
	buf_add_char(&c, ')');
	return buf_str(&c);
}

static void
message(struct page *page, enum message_form form, str code)
{
	const char *place = place_of_value(page);
	str first, second = STR_NONE, count = STR_NONE, rest, found;
	size_t at = 0, places, given;

	if (page->html.place.state == IN_VALUE && page->html.place.kind != ATTRIBUTE_PLAIN)
		html_refuse(&page->html, "no translated text in an address");
	if (!c_string(page->arena, code, &at, &first)) {
		if (form != MESSAGE_PLAIN)
			html_refuse(&page->html, "the text must be a literal");
		buf_printf(&page->c, "\tTEMPLATE_AS_%s(tr(px->lang, (%.*s)));\n", place, STR_ARG(code));
		return;
	}
	if (form != MESSAGE_PLAIN && !c_string(page->arena, code, &at, &second))
		html_refuse(&page->html, "a second text is missing");
	rest = str_trim(str_drop(code, at));
	places = places_in(page, form == MESSAGE_PLAIN ? first : second);
	if (form == MESSAGE_PLURAL) {
		str_cut(str_drop(rest, 1), ',', &count);
		count = str_trim(count);
		if (places_in(page, first) > places || count.n == 0)
			html_refuse(&page->html, "a plural needs a count and the same values in both texts");
	}
	found = lookup(page, form, first, second, count);
	if (rest.n == 0 && places == 0 && !str_contains(first, S("%"))) {
		buf_printf(&page->c, "\tTEMPLATE_AS_%s(%.*s);\n", place, STR_ARG(found));
		return;
	}
	buf_printf(&page->c, "\tTEMPLATE_FILLED(TEMPLATE_%s, %.*s", place, STR_ARG(found));
	given = add_arguments(page, rest);
	if (given == 0)
		buf_add(&page->c, S(", TR_ARG(0)")); /* only %% to be made one */
	buf_add(&page->c, S(");\n"));
	if (form != MESSAGE_PLURAL ? given != places : places > given)
		html_refuse(&page->html, "the text has places for %zu values, %zu are given", places, given);
}

static void
asset(struct page *page, str code)
{
	str name;
	size_t at = 0;

	if (page->html.place.state != IN_VALUE || page->html.place.kind == ATTRIBUTE_FIXED ||
	    page->html.place.url_begun)
		html_refuse(&page->html, "an asset's path is a whole address");
	if (!c_string(page->arena, code, &at, &name) || str_trim(str_drop(code, at)).n)
		html_refuse(&page->html, "write {{asset \"app.css\"}}");
	buf_add(&page->c, S("\tTEMPLATE_AS_ATTRIBUTE(asset_path("));
	c_add_literal(&page->c, name);
	buf_add(&page->c, S("));\n"));
}

static void
value(struct page *page, str code)
{
	str rest = code;

	if (!page->inside)
		html_refuse(&page->html, "a value before the template line");
	if (str_trim(code).n == 0)
		html_refuse(&page->html, "an empty value");
	flush_literal(page);
	add_line_mark(page, page->html.line);
	if (take_word(&rest, "_n")) {
		message(page, MESSAGE_PLURAL, rest);
	} else if (take_word(&rest, "_c")) {
		message(page, MESSAGE_CONTEXT, rest);
	} else if (take_word(&rest, "_")) {
		message(page, MESSAGE_PLAIN, rest);
	} else if (take_word(&rest, "asset")) {
		asset(page, rest);
	} else if (code.p[0] == '!') {
		if (page->html.place.state != IN_TEXT)
			html_refuse(&page->html, "trusted HTML only stands between tags");
		buf_printf(&page->c, "\ttemplate_trusted(out, (%.*s));\n", STR_ARG(str_trim(str_drop(code, 1))));
	} else {
		const char *place = place_of_value(page);

		buf_printf(&page->c, "\tTEMPLATE_AS_%s((%.*s));\n", place, STR_ARG(str_trim(code)));
	}
	value_was_printed(page);
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
			value(page, take_directive(page, "}}", true));
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
