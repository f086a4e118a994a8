/* SPDX-License-Identifier: Apache-2.0 */
/* A strict reader of the HTML that we write ourselves: lower-case names, quoted attributes, every tag closed.  It is not a
 * browser's reader; it refuses whatever a browser would have to guess about. */
#include "mkpage_html.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const void_tags[] = {
    "area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr", NULL};
static const char *const url_attributes[] = {"href", "src", "action", "formaction", "data", "poster", "cite",
    "data-href", "data-autosave", "data-fragment", "xlink:href", NULL};
static const char *const refused_attributes[] = {"style", "srcdoc", "http-equiv", NULL};
static const char *const schemes[] = {"https", "http", "mailto", "tel", NULL};

static bool
is_one_of(str word, const char *const *list)
{
	for (; *list; list++)
		if (str_equal_fold(word, str_from_z(*list)))
			return true;
	return false;
}

void
html_refuse(const struct html_scan *scan, const char *format, ...)
{
	struct arena arena = ARENA_INIT;
	va_list args;
	str words;

	va_start(args, format);
	words = arena_vprintf(&arena, format, args);
	va_end(args);
	tool_refuse(scan->file, scan->line, "%.*s", STR_ARG(words));
}

static char
peek(const struct html_scan *scan)
{
	return scan->at < scan->source.n ? scan->source.p[scan->at] : '\0';
}

static bool
looking_at(const struct html_scan *scan, const char *z)
{
	return str_starts(str_drop(scan->source, scan->at), str_from_z(z));
}

static char
next(struct html_scan *scan)
{
	char c = scan->source.p[scan->at++];

	scan->line += c == '\n';
	return c;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == ':';
}

static void
add(struct html_scan *scan, char c)
{
	buf_add_char(&scan->literal, c);
	scan->fresh_line = c == '\n';
}

static str
take_name(struct html_scan *scan, const char *what)
{
	size_t from = scan->at;
	bool in_svg = scan->svg || (scan->place.state == IN_TAG && str_equal(scan->tag, S("svg")));
	str name;

	while (is_name_char(peek(scan)))
		next(scan);
	name = str_slice(scan->source.p + from, scan->source.p + scan->at);
	if (looking_at(scan, "{{"))
		html_refuse(scan, "a value cannot be part of %s", what);
	if (name.n == 0)
		html_refuse(scan, "'%c' is not the beginning of %s", peek(scan), what);
	for (size_t i = 0; i < name.n; i++)
		if (!in_svg && name.p[i] >= 'A' && name.p[i] <= 'Z')
			html_refuse(scan, "write %s in lower case", what);
	return name;
}

/* ---- tags ---- */

void
html_open_tag(struct html_scan *scan, str tag)
{
	*LIST_ADD(scan->arena, &scan->open) = (struct html_open){.tag = tag, .line = scan->line};
	scan->kept_space += str_equal(tag, S("pre")) || str_equal(tag, S("textarea"));
	scan->svg += str_equal(tag, S("svg"));
}

static void
close_tag(struct html_scan *scan, str tag)
{
	const struct html_open *top = scan->open.count ? &scan->open.items[scan->open.count - 1] : NULL;

	if (top && top->is_block)
		html_refuse(scan, "</%.*s> closes a tag from outside the { of line %d", STR_ARG(tag), top->line);
	if (!top)
		html_refuse(scan, "</%.*s> closes nothing", STR_ARG(tag));
	if (!str_equal(top->tag, tag))
		html_refuse(
		    scan, "</%.*s> where <%.*s> of line %d is still open", STR_ARG(tag), STR_ARG(top->tag), top->line);
	scan->open.count--;
	scan->kept_space -= str_equal(tag, S("pre")) || str_equal(tag, S("textarea"));
	scan->svg -= str_equal(tag, S("svg"));
}

static void
read_end_tag(struct html_scan *scan)
{
	str tag;

	scan->at += 2;
	tag = take_name(scan, "a tag name");
	while (is_space(peek(scan)))
		next(scan);
	if (peek(scan) != '>')
		html_refuse(scan, "</%.*s does not end in >", STR_ARG(tag));
	next(scan);
	close_tag(scan, tag);
	buf_printf(&scan->literal, "</%.*s>", STR_ARG(tag));
	scan->fresh_line = false;
}

static void
read_start_tag(struct html_scan *scan)
{
	next(scan);
	scan->tag = take_name(scan, "a tag name");
	if (str_equal(scan->tag, S("style")) || str_equal(scan->tag, S("base")))
		html_refuse(scan, "<%.*s> is not for templates", STR_ARG(scan->tag));
	buf_printf(&scan->literal, "<%.*s", STR_ARG(scan->tag));
	scan->place = (struct html_place){.state = IN_TAG};
}

static void
end_start_tag(struct html_scan *scan, bool closes_itself)
{
	bool is_void = is_one_of(scan->tag, void_tags) && !scan->svg;

	if (closes_itself && !is_void && !scan->svg)
		html_refuse(scan, "<%.*s/> does not close itself in HTML", STR_ARG(scan->tag));
	buf_add(&scan->literal, closes_itself && scan->svg ? S("/>") : S(">"));
	scan->fresh_line = false;
	scan->place = (struct html_place){.state = IN_TEXT};
	if (is_void || closes_itself)
		return;
	html_open_tag(scan, scan->tag);
	if (str_equal(scan->tag, S("script")) && !looking_at(scan, "</script>"))
		html_refuse(scan, "a script has an address and no text: <script src=\"...\"></script>");
}

static void
read_markup_declaration(struct html_scan *scan)
{
	size_t end;
	str rest = str_drop(scan->source, scan->at), inside;

	if (looking_at(scan, "<!DOCTYPE html>")) {
		scan->at += strlen("<!DOCTYPE html>");
		buf_add(&scan->literal, S("<!DOCTYPE html>"));
		return;
	}
	if (!looking_at(scan, "<!--") || !str_find(rest, S("-->"), &end))
		html_refuse(scan, "<! begins neither <!DOCTYPE html> nor a comment that ends");
	inside = str_take(rest, end);
	if (str_contains(inside, S("{{")) || str_contains(inside, S("{%")))
		html_refuse(scan, "a value cannot stand in a comment");
	for (end += 3; end > 0; end--)
		next(scan);
}

/* ---- attributes ---- */

static enum attribute_kind
attribute_kind_of(const struct html_scan *scan)
{
	if (str_equal(scan->tag, S("script")) || str_equal(scan->tag, S("link")))
		return str_equal(scan->attribute, S("src")) || str_equal(scan->attribute, S("href")) ? ATTRIBUTE_ASSET
		                                                                                     : ATTRIBUTE_FIXED;
	if (is_one_of(scan->attribute, url_attributes))
		return ATTRIBUTE_URL;
	if (str_equal_fold(scan->attribute, S("srcset")))
		return ATTRIBUTE_FIXED;
	return ATTRIBUTE_PLAIN;
}

static void
read_attribute(struct html_scan *scan)
{
	str name = take_name(scan, "an attribute name");

	scan->attribute = name;
	if (is_one_of(name, refused_attributes) || str_equal_fold(str_take(name, 2), S("on")))
		html_refuse(scan, "%.*s= is not for templates", STR_ARG(name));
	buf_printf(&scan->literal, " %.*s", STR_ARG(name));
	if (peek(scan) != '=') {
		if (looking_at(scan, "{%"))
			return;
		if (!is_space(peek(scan)) && peek(scan) != '>' && peek(scan) != '/')
			html_refuse(scan, "'%c' after the attribute %.*s", peek(scan), STR_ARG(name));
		return;
	}
	next(scan);
	if (peek(scan) != '"' && peek(scan) != '\'')
		html_refuse(scan, "the value of %.*s needs quotes", STR_ARG(name));
	scan->place = (struct html_place){.state = IN_VALUE, .kind = attribute_kind_of(scan), .quote = next(scan)};
	buf_add(&scan->literal, S("="));
	add(scan, scan->place.quote);
	buf_clear(&scan->url);
}

static void
read_in_tag(struct html_scan *scan)
{
	bool spaced = false;

	while (is_space(peek(scan))) {
		next(scan);
		spaced = true;
	}
	if (scan->at >= scan->source.n || looking_at(scan, "{{") || looking_at(scan, "{%") || looking_at(scan, "{#"))
		return;
	if (looking_at(scan, "/>")) {
		scan->at += 2;
		end_start_tag(scan, true);
	} else if (peek(scan) == '>') {
		next(scan);
		end_start_tag(scan, false);
	} else {
		if (!spaced && scan->at > 0 &&
		    (scan->source.p[scan->at - 1] == '"' || scan->source.p[scan->at - 1] == '\''))
			html_refuse(scan, "white space is missing between two attributes");
		read_attribute(scan);
	}
}

/* Follow an address as far as its scheme: only fixed text may end in ':' before '/', '?' or '#', and only a scheme that a
 * person may follow. */
static void
follow_url(struct html_scan *scan, char c)
{
	struct html_place *place = &scan->place;

	if (place->kind != ATTRIBUTE_URL && place->kind != ATTRIBUTE_ASSET)
		return;
	if (!place->url_settled && c == ':') {
		if (place->url_begun && scan->url.n == 0)
			html_refuse(scan, "a value cannot be the scheme of an address");
		if (!is_one_of(buf_str(&scan->url), schemes))
			html_refuse(
			    scan, "the scheme %.*s: is not allowed in an address", STR_ARG(buf_str(&scan->url)));
		place->url_settled = true;
	} else if (c == '/' || c == '?' || c == '#') {
		place->url_settled = true;
	}
	if (!place->url_settled && !(place->url_begun && scan->url.n == 0))
		buf_add_char(&scan->url, c);
	place->url_begun = true;
}

static void
check_reference(struct html_scan *scan)
{
	size_t i = scan->at + 1;

	while (i < scan->source.n && (is_name_char(scan->source.p[i]) || scan->source.p[i] == '#'))
		i++;
	if (i == scan->at + 1 || i >= scan->source.n || scan->source.p[i] != ';')
		html_refuse(scan, "write &amp; for a plain &");
}

static void
read_in_value(struct html_scan *scan)
{
	char c = peek(scan);

	if (c == '&') {
		check_reference(scan);
		if (scan->place.kind == ATTRIBUTE_URL && !scan->place.url_settled)
			html_refuse(scan, "no &...; before the first / of an address");
	}
	if (c == '<' || c == '>')
		html_refuse(scan, "write &lt; or &gt; inside an attribute");
	next(scan);
	if (c == scan->place.quote) {
		scan->place = (struct html_place){.state = IN_TAG};
		add(scan, c);
		return;
	}
	follow_url(scan, c);
	add(scan, c);
}

/* ---- text ---- */

static void
read_space(struct html_scan *scan)
{
	bool broken = false;

	while (is_space(peek(scan)))
		broken |= next(scan) == '\n';
	if (!broken)
		add(scan, ' ');
	else if (!scan->fresh_line)
		add(scan, '\n');
}

static void
read_in_text(struct html_scan *scan)
{
	char c = peek(scan);

	if (looking_at(scan, "</")) {
		read_end_tag(scan);
	} else if (looking_at(scan, "<!")) {
		read_markup_declaration(scan);
	} else if (c == '<') {
		if (scan->open.count && str_equal(scan->open.items[scan->open.count - 1].tag, S("textarea")))
			html_refuse(scan, "a textarea holds only text");
		read_start_tag(scan);
	} else if (is_space(c) && !scan->kept_space) {
		read_space(scan);
	} else {
		if (c == '&')
			check_reference(scan);
		if (c == '>')
			html_refuse(scan, "write &gt; for a plain >");
		add(scan, next(scan));
	}
}

void
html_step(struct html_scan *scan)
{
	switch (scan->place.state) {
	case IN_TEXT: read_in_text(scan); break;
	case IN_TAG: read_in_tag(scan); break;
	case IN_VALUE: read_in_value(scan); break;
	}
}

/* ---- blocks ---- */

void
html_open_block(struct html_scan *scan, const struct html_place *carried)
{
	*LIST_ADD(scan->arena, &scan->open) = (struct html_open){.is_block = true,
	    .line = scan->line,
	    .at_open = scan->place,
	    .fresh_at_open = scan->fresh_line,
	    .carried = carried ? *carried : scan->place};
}

struct html_open
html_close_block(struct html_scan *scan)
{
	struct html_open block;
	struct html_place here = scan->place;

	if (scan->open.count == 0)
		html_refuse(scan, "} closes nothing");
	block = scan->open.items[scan->open.count - 1];
	if (!block.is_block)
		html_refuse(scan, "<%.*s> of line %d is not closed before the }", STR_ARG(block.tag), block.line);
	if (here.state != block.at_open.state || here.kind != block.at_open.kind || here.quote != block.at_open.quote)
		html_refuse(
		    scan, "the block of line %d ends inside another tag or attribute than it began in", block.line);
	scan->open.count--;
	scan->fresh_line &= block.fresh_at_open; /* the block may be passed over */
	block.carried.url_begun |= here.url_begun;
	block.carried.url_settled &= here.url_settled;
	return block;
}
