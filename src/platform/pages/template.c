/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/pages/pages.h"

void
template_text_z(struct buf *out, const char *text)
{
	escape_text(out, str_from_z(text));
}

void
template_attribute_z(struct buf *out, const char *text)
{
	escape_attribute(out, str_from_z(text));
}

void
template_url_z(struct buf *out, const char *url)
{
	escape_url(out, str_from_z(url));
}

void
template_url_part_z(struct buf *out, const char *part)
{
	escape_url_part(out, str_from_z(part));
}

void
template_trusted(struct buf *out, struct html html)
{
	buf_add(out, html.text);
}

static void
add_escaped(struct buf *out, enum template_place place, str text)
{
	switch (place) {
	case TEMPLATE_TEXT: escape_text(out, text); break;
	case TEMPLATE_ATTRIBUTE: escape_attribute(out, text); break;
	case TEMPLATE_URL_PART: escape_url_part(out, text); break;
	}
}

void
template_filled(
    struct buf *out, enum lang lang, enum template_place place, str text, const struct tr_arg *args, size_t count)
{
	add_escaped(out, place, tr_fill(out->arena, lang, text, args, count));
}
