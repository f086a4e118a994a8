/* SPDX-License-Identifier: Apache-2.0 */
/* Writing XML: the state of the writer, and what each character becomes. */
#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "platform/format/utf8.h"
#include "platform/format/xml.h"

#define REPLACEMENT 0xFFFD

/* ---- characters ---- */

/* The Char production of XML 1.0, without what UTF-8 cannot say anyway. */
static bool
is_xml_character(uint32_t c)
{
	return (c >= 0x20 || c == '\t' || c == '\n' || c == '\r') && c != 0xFFFE && c != 0xFFFF;
}

/* What cannot stand as itself; a reader would turn a bare CR into LF, and white space of an attribute into blanks. */
static const char *
escape_of(uint32_t c, bool in_attribute)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return in_attribute ? "&quot;" : NULL;
	case '\t': return in_attribute ? "&#9;" : NULL;
	case '\n': return in_attribute ? "&#10;" : NULL;
	case '\r': return "&#13;";
	default: return NULL;
	}
}

static void
add_escaped(struct buf *out, str text, bool in_attribute)
{
	str rest = text;
	uint32_t c;

	while (utf8_next(&rest, &c)) {
		const char *escape = escape_of(c, in_attribute);

		if (escape)
			buf_add_z(out, escape);
		else if (c >= 0x20 && c < 0x7f)
			buf_add_char(out, (char)c);
		else
			buf_add_utf8(out, is_xml_character(c) ? c : REPLACEMENT);
	}
}

/* Names of ours are letters, digits and ".-_:", beginning with a letter. */
static bool
is_name(const char *name)
{
	bool good = (*name | 32) >= 'a' && (*name | 32) <= 'z';

	for (const char *c = name; *c; c++)
		good =
		    good && (((*c | 32) >= 'a' && (*c | 32) <= 'z') || (*c >= '0' && *c <= '9') || strchr(".-_:", *c));
	return good;
}

/* ---- pieces ---- */

void
xml_settle(struct xml_writer *w)
{
	if (w->in_tag)
		buf_add_char(w->out, '>');
	w->in_tag = false;
}

void
xml_declaration(struct xml_writer *w)
{
	assert(!w->begun && w->out->n == 0);
	buf_add(w->out, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
}

void
xml_instruction(struct xml_writer *w, const char *target, const char *text)
{
	assert(!w->begun && is_name(target) && !strstr(text, "?>"));
	buf_printf(w->out, "<?%s %s?>\n", target, text);
}

void
xml_begin(struct xml_writer *w, const char *name)
{
	assert(is_name(name) && w->depth < XML_DEPTH_MAX && (w->depth || !w->begun));
	xml_settle(w);
	buf_add_char(w->out, '<');
	buf_add_z(w->out, name);
	w->open[w->depth++] = name;
	w->in_tag = w->begun = true;
}

void
xml_attribute(struct xml_writer *w, const char *name, str value)
{
	assert(w->in_tag && is_name(name));
	if (!value.p)
		return;
	buf_add_char(w->out, ' ');
	buf_add_z(w->out, name);
	buf_add(w->out, S("=\""));
	add_escaped(w->out, value, true);
	buf_add_char(w->out, '"');
}

void
xml_text(struct xml_writer *w, str text)
{
	assert(w->depth);
	if (!text.n)
		return;
	xml_settle(w);
	add_escaped(w->out, text, false);
}

void
xml_end(struct xml_writer *w)
{
	assert(w->depth);
	w->depth--;
	if (w->in_tag) {
		buf_add(w->out, S("/>"));
	} else {
		buf_add(w->out, S("</"));
		buf_add_z(w->out, w->open[w->depth]);
		buf_add_char(w->out, '>');
	}
	w->in_tag = false;
}

void
xml_leaf(struct xml_writer *w, const char *name, str text)
{
	if (!text.p)
		return;
	xml_begin(w, name);
	xml_text(w, text);
	xml_end(w);
}

void
xml_empty(struct xml_writer *w, const char *name, ...)
{
	va_list args;
	const char *attribute;

	xml_begin(w, name);
	va_start(args, name);
	while ((attribute = va_arg(args, const char *)))
		xml_attribute(w, attribute, va_arg(args, str));
	va_end(args);
	xml_end(w);
}

void
xml_done(struct xml_writer *w)
{
	assert(w->begun && w->depth == 0);
	buf_add_char(w->out, '\n');
}
