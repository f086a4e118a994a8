/* SPDX-License-Identifier: Apache-2.0 */
/* What stands between {{ }}: values, translated texts and addresses of assets, and the C that they become. */
#include "mkpage.h"

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

void
page_value(struct page *page, str code)
{
	str rest = code;

	if (!page->inside)
		html_refuse(&page->html, "a value before the template line");
	if (str_trim(code).n == 0)
		html_refuse(&page->html, "an empty value");
	page_flush_literal(page);
	page_add_line_mark(page, page->html.line);
	if (directive_take_word(&rest, "_n")) {
		message(page, MESSAGE_PLURAL, rest);
	} else if (directive_take_word(&rest, "_c")) {
		message(page, MESSAGE_CONTEXT, rest);
	} else if (directive_take_word(&rest, "_")) {
		message(page, MESSAGE_PLAIN, rest);
	} else if (directive_take_word(&rest, "asset")) {
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
