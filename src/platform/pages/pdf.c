/* SPDX-License-Identifier: Apache-2.0 */
/* Flowing text on pages, by cairo and pango.  A paragraph that does not fit on its page is cut between lines; its tag ends with the
 * page and begins anew on the next, because cairo's tags belong to a page.  All text is shaped by pango, so that any script comes
 * out right as long as a font has it. */
#include "platform/pages/pdf.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>

#define PAGE_WIDTH     612.0 /* US Letter, in points */
#define PAGE_HEIGHT    792.0
#define MARGIN         54.0
#define FOOTER_SPACE   30.0
#define INDENT         14.0
#define TEXT_BYTES_MAX 65536 /* of one paragraph given to pango at once */

enum style { STYLE_TITLE, STYLE_PART, STYLE_ENTRY, STYLE_TEXT, STYLE_FOOTER, STYLES };

static const struct {
	const char *font, *tag;
	double before, after; /* space in points */
} styles[STYLES] = {
    [STYLE_TITLE] = {"sans bold 20", "H1", 0, 8},
    [STYLE_PART] = {"sans bold 15", "H2", 16, 6},
    [STYLE_ENTRY] = {"sans bold 11", "H3", 8, 2},
    [STYLE_TEXT] = {"sans 10", "P", 0, 2},
    [STYLE_FOOTER] = {"sans 8", NULL, 0, 0},
};

struct pdf {
	const struct sink *sink;
	const struct err *error;
	cairo_surface_t *surface;
	cairo_t *cr;
	PangoLayout *layout;
	PangoFontDescription *fonts[STYLES];
	double y;
	int page;
	char *footer;
	int outline[3]; /* the last entry of each level */
};

/* ---- the stream ---- */

static cairo_status_t
write_bytes(void *arg, const unsigned char *bytes, unsigned int n)
{
	struct pdf *pdf = arg;

	if (!pdf->error)
		pdf->error = sink_write(pdf->sink, (str){(const char *)bytes, n});
	return pdf->error ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

const struct err *
pdf_error(const struct pdf *pdf)
{
	return pdf->error;
}

/* NUL-terminated, of valid UTF-8 without control characters that fonts cannot show; free() it. */
static char *
text_z(str text, size_t bytes_max)
{
	size_t n = text.n < bytes_max ? text.n : bytes_max, out = 0;
	char *z = malloc(n + 1);

	assert(z);
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text.p[i] >= ' ' || text.p[i] == '\n' || text.p[i] == '\t')
			z[out++] = text.p[i];
	z[out] = 0;
	return z;
}

fallible
pdf_begin(struct pdf **out, const struct pdf_options *options)
{
	struct pdf *pdf = calloc(1, sizeof(*pdf));
	char *title = text_z(options->title, TEXT_BYTES_MAX), made[32];
	struct civil_time t = zone_civil(zone_utc(), options->made);

	assert(pdf);
	pdf->sink = options->sink;
	pdf->surface = cairo_pdf_surface_create_for_stream(write_bytes, pdf, PAGE_WIDTH, PAGE_HEIGHT);
	cairo_pdf_surface_restrict_to_version(pdf->surface, CAIRO_PDF_VERSION_1_5);
	cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_TITLE, title);
	cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATOR, "Salve");
	snprintf(made, sizeof(made), "%04d-%02d-%02dT%02d:%02d:%02dZ", t.date.year, t.date.month, t.date.day, t.hour,
	    t.minute, t.second);
	cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATE_DATE, made);
	free(title);
	pdf->cr = cairo_create(pdf->surface);
	pdf->layout = pango_cairo_create_layout(pdf->cr);
	pango_layout_set_wrap(pdf->layout, PANGO_WRAP_WORD_CHAR);
	for (int i = 0; i < STYLES; i++)
		pdf->fonts[i] = pango_font_description_from_string(styles[i].font);
	pdf->footer = text_z(options->footer, TEXT_BYTES_MAX);
	pdf->y = MARGIN;
	pdf->page = 1;
	cairo_tag_begin(pdf->cr, "Document", NULL); /* what makes the whole a tagged PDF */
	*out = pdf;
	return NULL;
}

/* ---- pages ---- */

static void
draw_footer(struct pdf *pdf)
{
	char *text = NULL;
	int n = asprintf(&text, "%s%s%d", pdf->footer, *pdf->footer ? " · " : "", pdf->page);

	assert(n >= 0);
	pango_layout_set_font_description(pdf->layout, pdf->fonts[STYLE_FOOTER]);
	pango_layout_set_width(pdf->layout, (int)((PAGE_WIDTH - 2 * MARGIN) * PANGO_SCALE));
	pango_layout_set_attributes(pdf->layout, NULL);
	pango_layout_set_text(pdf->layout, text, -1);
	cairo_move_to(pdf->cr, MARGIN, PAGE_HEIGHT - MARGIN + 8);
	pango_cairo_show_layout(pdf->cr, pdf->layout);
	free(text);
}

static void
end_page(struct pdf *pdf)
{
	draw_footer(pdf);
	cairo_show_page(pdf->cr);
	pdf->page++;
	pdf->y = MARGIN;
}

static double
room(const struct pdf *pdf)
{
	return PAGE_HEIGHT - MARGIN - FOOTER_SPACE / 2 - pdf->y;
}

void
pdf_page_break(struct pdf *pdf)
{
	if (!pdf->error && pdf->y > MARGIN)
		end_page(pdf);
}

/* ---- paragraphs ---- */

struct paragraph {
	enum style style;
	const char *tag, *attributes; /* attributes: of the tag; NULL */
	double indent;
	size_t bold; /* so many bytes at the beginning */
};

/* The lines of the layout from `from` that fit; returns the index behind them. */
static int
draw_lines(struct pdf *pdf, int from, const struct paragraph *p)
{
	int count = pango_layout_get_line_count(pdf->layout), i = from;

	for (; i < count; i++) {
		PangoLayoutLine *line = pango_layout_get_line_readonly(pdf->layout, i);
		PangoRectangle ink, logical;
		double height;

		pango_layout_line_get_extents(line, &ink, &logical);
		height = (double)logical.height / PANGO_SCALE;
		if (room(pdf) < height && pdf->y > MARGIN)
			break;
		cairo_move_to(pdf->cr, MARGIN + p->indent, pdf->y - (double)logical.y / PANGO_SCALE);
		pango_cairo_show_layout_line(pdf->cr, line);
		pdf->y += height;
	}
	return i;
}

static void
set_layout(struct pdf *pdf, const char *text, const struct paragraph *p)
{
	PangoAttrList *attributes = NULL;

	pango_layout_set_font_description(pdf->layout, pdf->fonts[p->style]);
	pango_layout_set_width(pdf->layout, (int)((PAGE_WIDTH - 2 * MARGIN - p->indent) * PANGO_SCALE));
	if (p->bold) {
		PangoAttribute *bold = pango_attr_weight_new(PANGO_WEIGHT_BOLD);

		attributes = pango_attr_list_new();
		bold->start_index = 0;
		bold->end_index = (guint)p->bold;
		pango_attr_list_insert(attributes, bold);
	}
	pango_layout_set_attributes(pdf->layout, attributes);
	if (attributes)
		pango_attr_list_unref(attributes);
	pango_layout_set_text(pdf->layout, text, -1);
}

static void
paragraph(struct pdf *pdf, str text, const struct paragraph *p)
{
	char *z;
	int line = 0, count;

	if (pdf->error || !text.n)
		return;
	z = text_z(text, TEXT_BYTES_MAX);
	if (pdf->y > MARGIN)
		pdf->y += styles[p->style].before;
	set_layout(pdf, z, p);
	if (p->style < STYLE_TEXT && room(pdf) < 60) { /* a heading stays with what it is over */
		end_page(pdf);
		set_layout(pdf, z, p);
	}
	count = pango_layout_get_line_count(pdf->layout);
	while (line < count && !pdf->error) {
		cairo_tag_begin(pdf->cr, p->tag, p->attributes);
		line = draw_lines(pdf, line, p);
		cairo_tag_end(pdf->cr, p->tag);
		if (line < count) {
			end_page(pdf);
			set_layout(pdf, z, p); /* the footer used the layout */
		}
	}
	pdf->y += styles[p->style].after;
	free(z);
	if (text.n > TEXT_BYTES_MAX) { /* what pango was not given yet: cut between characters */
		size_t cut = TEXT_BYTES_MAX;

		while (cut > 0 && ((unsigned char)text.p[cut] & 0xC0) == 0x80)
			cut--;
		paragraph(pdf, str_drop(text, cut), p);
	}
}

/* ---- what pages are made of ---- */

/* A name for links, without what the attribute's own quotes need. */
static char *
attribute(const char *what, str name)
{
	char *out = NULL, *clean = text_z(name, 200);
	int n;

	for (char *c = clean; *c; c++)
		if (*c == '\'' || *c == '\\')
			*c = '-';
	n = asprintf(&out, "%s='%s'", what, clean);
	assert(n >= 0);
	free(clean);
	return out;
}

static void
add_to_outline(struct pdf *pdf, int level, str text, const char *link)
{
	char *z = text_z(text, 300);

	pdf->outline[level] =
	    cairo_pdf_surface_add_outline(pdf->surface, level == 1 ? CAIRO_PDF_OUTLINE_ROOT : pdf->outline[level - 1],
		z, link, level == 1 ? CAIRO_PDF_OUTLINE_FLAG_OPEN : (cairo_pdf_outline_flags_t)0);
	free(z);
}

void
pdf_heading(struct pdf *pdf, int level, str text, str name)
{
	enum style style = level == 1 ? STYLE_TITLE : level == 2 ? STYLE_PART : STYLE_ENTRY;
	char *dest = name.n ? attribute("name", name) : NULL, *link = name.n ? attribute("dest", name) : NULL;

	if (!pdf->error && room(pdf) < 80 && pdf->y > MARGIN)
		end_page(pdf);
	if (dest && !pdf->error) {
		cairo_tag_begin(pdf->cr, CAIRO_TAG_DEST, dest);
		cairo_tag_end(pdf->cr, CAIRO_TAG_DEST);
		if (level <= 2)
			add_to_outline(pdf, level, text, link);
	}
	paragraph(pdf, text, &(struct paragraph){.style = style, .tag = styles[style].tag});
	free(dest);
	free(link);
}

void
pdf_text(struct pdf *pdf, str text)
{
	paragraph(pdf, text, &(struct paragraph){.style = STYLE_TEXT, .tag = "P"});
}

void
pdf_pair(struct pdf *pdf, str label, str value)
{
	struct arena arena = ARENA_INIT;
	str text = arena_printf(&arena, "%.*s: %.*s", STR_ARG(label), STR_ARG(value));

	if (value.n)
		paragraph(pdf, text,
		    &(struct paragraph){.style = STYLE_TEXT, .tag = "P", .indent = INDENT, .bold = label.n + 1});
	arena_release(&arena);
}

void
pdf_link(struct pdf *pdf, str text, str name)
{
	char *link = attribute("dest", name);

	paragraph(pdf, text,
	    &(struct paragraph){.style = STYLE_TEXT, .tag = CAIRO_TAG_LINK, .attributes = link, .indent = INDENT});
	free(link);
}

void
pdf_list_item(struct pdf *pdf, str text)
{
	struct arena arena = ARENA_INIT;

	paragraph(pdf, arena_printf(&arena, "• %.*s", STR_ARG(text)),
	    &(struct paragraph){.style = STYLE_TEXT, .tag = "LI", .indent = INDENT});
	arena_release(&arena);
}

void
pdf_space(struct pdf *pdf)
{
	pdf->y += 4;
}

fallible
pdf_end(struct pdf *pdf)
{
	const struct err *error;
	cairo_status_t status;

	cairo_tag_end(pdf->cr, "Document");
	if (!pdf->error)
		end_page(pdf);
	g_object_unref(pdf->layout);
	for (int i = 0; i < STYLES; i++)
		pango_font_description_free(pdf->fonts[i]);
	cairo_destroy(pdf->cr);
	cairo_surface_finish(pdf->surface);
	status = cairo_surface_status(pdf->surface);
	cairo_surface_destroy(pdf->surface);
	error = pdf->error;
	if (!error && status != CAIRO_STATUS_SUCCESS)
		error =
		    ERR(ERR_BROKEN, "The PDF could not be made. Please try again, or take the text.", "cairo failed");
	free(pdf->footer);
	free(pdf);
	return error;
}
