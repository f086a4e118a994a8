/* SPDX-License-Identifier: Apache-2.0 */
/* Setting texts in lines: fonts, no ligatures and no hyphens that would stand in the way of searching, blanks that stay. */
#include <hb.h>

#include "platform/pages/pdf_lines.h"

#define FAMILY "DejaVu Sans, Noto Sans, Sans"

/* Control characters have no picture: a blank stands for each. */
static void
set_text(PangoLayout *layout, str text)
{
	struct arena scratch = ARENA_INIT;
	char *p = arena_text(&scratch, text.n + 1);

	for (size_t i = 0; i < text.n; i++)
		p[i] = (unsigned char)text.p[i] < ' ' || text.p[i] == 0x7f ? ' ' : text.p[i];
	pango_layout_set_text(layout, p, (int)text.n);
	arena_release(&scratch);
}

PangoLayout *
pdf_lay_out(PangoContext *context, str text, const struct pdf_style *style)
{
	PangoLayout *layout = pango_layout_new(context);
	PangoFontDescription *font = pango_font_description_from_string(FAMILY);
	PangoAttrList *attributes = pango_attr_list_new();

	pango_font_description_set_size(font, (int)(style->points * PANGO_SCALE));
	pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_attr_list_insert(
	    attributes, pango_attr_font_features_new("liga=0, clig=0")); /* "fi" is two letters to find */
	pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
	if (style->underlined)
		pango_attr_list_insert(attributes, pango_attr_underline_new(PANGO_UNDERLINE_SINGLE));
	pango_layout_set_attributes(layout, attributes);
	pango_attr_list_unref(attributes);
	pango_layout_set_width(layout, (int)(style->width * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_spacing(layout, (int)(1.5 * PANGO_SCALE));
	set_text(layout, text);
	return layout;
}

double
pdf_layout_height(PangoLayout *layout)
{
	int width, height;

	pango_layout_get_size(layout, &width, &height);
	return (double)height / PANGO_SCALE;
}

/* The blank where a line was broken has no glyph to pango, and readers would join the words: it gets its glyph back, without
 * width. */
void
pdf_keep_blanks(PangoLayout *layout, PangoLayoutLine *line)
{
	const char *text = pango_layout_get_text(layout);

	for (GSList *at = line->runs; at; at = at->next) {
		PangoGlyphItem *run = at->data;

		for (int i = 0; i < run->glyphs->num_glyphs; i++) {
			PangoGlyphInfo *glyph = &run->glyphs->glyphs[i];
			hb_codepoint_t blank;

			if (glyph->glyph == PANGO_GLYPH_EMPTY &&
			    text[run->item->offset + run->glyphs->log_clusters[i]] == ' ' &&
			    hb_font_get_nominal_glyph(pango_font_get_hb_font(run->item->analysis.font), ' ', &blank))
				glyph->glyph = blank;
		}
	}
}
