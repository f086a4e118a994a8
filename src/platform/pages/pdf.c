/* SPDX-License-Identifier: Apache-2.0 */
/* Setting text on pages.  Every tag is closed before a page ends and opened again on the next, because cairo writes the tags of
 * a page with the page; a paragraph over two pages is two paragraphs to a screen reader, in the right order. */
#include <cairo-pdf.h>
#include <stdlib.h>

#include "platform/pages/pdf.h"
#include "platform/pages/pdf_lines.h"
#include "platform/pages/pdf_tail.h"

#define PAGE_WIDTH   612.0 /* Letter, in points */
#define PAGE_HEIGHT  792.0
#define MARGIN       54.0
#define FOOTER_ROOM  24.0
#define BOTTOM       (PAGE_HEIGHT - MARGIN - FOOTER_ROOM)
#define TEXT_WIDTH   (PAGE_WIDTH - 2 * MARGIN)
#define LABEL_WIDTH  140.0
#define ROW_GAP      12.0 /* between the columns of a table */
#define ITEM_INDENT  14.0
#define GAP          7.0
#define KEEP_LINES   3 /* a heading stands with at least so much room below it */
#define TEXT_POINTS  10.0
#define SMALL_POINTS 8.5
#define INK          0.07 /* nearly black; of labels: */
#define INK_LABEL    0.27

enum block { BLOCK_NONE, BLOCK_LIST, BLOCK_LINKS, BLOCK_TABLE };

struct pdf {
	struct arena arena; /* of the whole document: options, catalog */
	struct pdf_tail tail;
	const struct err *error;
	str lang, page_words, footer;
	cairo_surface_t *surface;
	cairo_t *cairo;
	PangoFontMap *fonts;
	PangoContext *context;
	double y;
	int page;
	enum block block; /* what is open: its outer tag */
	int outline;      /* the last heading of level 1 */
};

/* ---- bytes out ---- */

/* Cairo itself never hears of an error: it would keep what it holds. What follows one is dropped. */
static cairo_status_t
to_sink(void *arg, const unsigned char *bytes, unsigned count)
{
	struct pdf *pdf = arg;

	if (!pdf->error)
		pdf->error = err_copy(&pdf->arena, pdf_tail_write(&pdf->tail, (str){(const char *)bytes, count}));
	return CAIRO_STATUS_SUCCESS;
}

const struct err *
pdf_error(const struct pdf *pdf)
{
	if (pdf->error)
		return pdf->error;
	if (cairo_status(pdf->cairo) != CAIRO_STATUS_SUCCESS ||
	    cairo_surface_status(pdf->surface) != CAIRO_STATUS_SUCCESS)
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "cairo could not write the PDF");
	return NULL;
}

/* ---- pages ---- */

static void
draw_footer(struct pdf *pdf)
{
	struct arena scratch = ARENA_INIT;
	str words = arena_printf(&scratch, "%.*s · %.*s %d", STR_ARG(pdf->footer), STR_ARG(pdf->page_words), pdf->page);
	PangoLayout *layout = pdf_lay_out(pdf->context, words, &(struct pdf_style){SMALL_POINTS, .width = TEXT_WIDTH});

	cairo_set_source_rgb(pdf->cairo, INK_LABEL, INK_LABEL, INK_LABEL);
	cairo_move_to(pdf->cairo, MARGIN, PAGE_HEIGHT - MARGIN - pdf_layout_height(layout));
	pango_cairo_show_layout(pdf->cairo, layout);
	g_object_unref(layout);
	arena_release(&scratch);
}

static void
end_page(struct pdf *pdf)
{
	draw_footer(pdf);
	cairo_show_page(pdf->cairo);
	pdf->page++;
	pdf->y = MARGIN;
}

static const char *
tag_of(enum block block)
{
	return block == BLOCK_TABLE ? "Table" : "L";
}

static void
close_block(struct pdf *pdf)
{
	if (pdf->block != BLOCK_NONE)
		cairo_tag_end(pdf->cairo, tag_of(pdf->block));
	pdf->block = BLOCK_NONE;
}

static void
open_block(struct pdf *pdf, enum block block)
{
	if (pdf->block == block)
		return;
	if (pdf->block != BLOCK_NONE)
		pdf_space(pdf);
	cairo_tag_begin(pdf->cairo, tag_of(block), NULL);
	pdf->block = block;
}

/* Room for `height`, or a new page; what is open goes on there. */
static void
make_room(struct pdf *pdf, double height)
{
	enum block block = pdf->block;

	if (pdf->y <= MARGIN || pdf->y + height <= BOTTOM)
		return;
	close_block(pdf);
	end_page(pdf);
	if (block != BLOCK_NONE)
		open_block(pdf, block);
}

/* ---- lines ---- */

struct tags {
	const char *outer, *inner; /* around each stretch on one page; inner may be NULL */
	const char *attributes;    /* of the inner one */
	bool outer_is_open;        /* on the page where it begins: the caller did that */
};

static void
open_tags(struct pdf *pdf, const struct tags *tags)
{
	if (tags->outer && !tags->outer_is_open)
		cairo_tag_begin(pdf->cairo, tags->outer, NULL);
	if (tags->inner)
		cairo_tag_begin(pdf->cairo, tags->inner, tags->attributes);
}

static void
close_tags(struct pdf *pdf, const struct tags *tags)
{
	if (tags->inner)
		cairo_tag_end(pdf->cairo, tags->inner);
	if (tags->outer)
		cairo_tag_end(pdf->cairo, tags->outer);
}

/* In one piece, at the top of where lines go on; nothing moves. */
static void
draw_beside(struct pdf *pdf, PangoLayout *layout, const struct pdf_style *style, const char *tag)
{
	cairo_tag_begin(pdf->cairo, tag, NULL);
	cairo_set_source_rgb(pdf->cairo, style->ink, style->ink, style->ink);
	cairo_move_to(pdf->cairo, MARGIN, pdf->y);
	pango_cairo_show_layout(pdf->cairo, layout);
	cairo_tag_end(pdf->cairo, tag);
}

/* Line by line, over as many pages as it takes. */
static void
draw_lines(struct pdf *pdf, PangoLayout *layout, double x, const struct pdf_style *style, const struct tags *around)
{
	struct tags tags = *around;
	PangoLayoutIter *iter = pango_layout_get_iter(layout);
	double spacing = (double)pango_layout_get_spacing(layout) / PANGO_SCALE;

	open_tags(pdf, &tags);
	do {
		PangoLayoutLine *line = pango_layout_iter_get_line(iter);
		PangoRectangle box;
		double height, baseline;
		int top;

		pango_layout_iter_get_line_extents(iter, NULL, &box);
		top = box.y;
		height = (double)box.height / PANGO_SCALE;
		baseline = (double)(pango_layout_iter_get_baseline(iter) - top) / PANGO_SCALE;
		if (pdf->y > MARGIN && pdf->y + height > BOTTOM) {
			close_tags(pdf, &tags);
			make_room(pdf, height);
			tags.outer_is_open = false;
			open_tags(pdf, &tags);
		}
		cairo_set_source_rgb(pdf->cairo, style->ink, style->ink, style->ink);
		cairo_move_to(pdf->cairo, x + (double)box.x / PANGO_SCALE, pdf->y + baseline);
		pdf_keep_blanks(layout, line);
		pango_cairo_show_layout_line(pdf->cairo, line);
		pdf->y += height + spacing;
	} while (pango_layout_iter_next_line(iter));
	close_tags(pdf, &tags);
	pango_layout_iter_free(iter);
}

/* ---- what documents are made of ---- */

void
pdf_heading(struct pdf *pdf, int level, str text, str name)
{
	static const double points[] = {20, 15, 11.5}, above[] = {0, 18, 8};
	struct arena scratch = ARENA_INIT;
	struct pdf_style style = {points[level - 1], .bold = true, .ink = INK, .width = TEXT_WIDTH};
	const char *attributes = arena_printf(&scratch, "name='%.*s'", STR_ARG(name)).p;
	PangoLayout *layout = pdf_lay_out(pdf->context, text, &style);

	close_block(pdf);
	pdf->y += pdf->y > MARGIN ? above[level - 1] : 0;
	make_room(pdf, pdf_layout_height(layout) + KEEP_LINES * 1.4 * TEXT_POINTS);
	if (name.n) {
		cairo_tag_begin(pdf->cairo, CAIRO_TAG_DEST, attributes);
		cairo_tag_end(pdf->cairo, CAIRO_TAG_DEST);
	}
	draw_lines(pdf, layout, MARGIN, &style, &(struct tags){.inner = level == 1 ? "H1" : level == 2 ? "H2" : "H3"});
	if (name.n && level < 3) {
		int added = cairo_pdf_surface_add_outline(pdf->surface,
		    level == 1 ? CAIRO_PDF_OUTLINE_ROOT : pdf->outline, arena_z(&scratch, text),
		    arena_printf(&scratch, "dest='%.*s'", STR_ARG(name)).p, CAIRO_PDF_OUTLINE_FLAG_OPEN);

		pdf->outline = level == 1 ? added : pdf->outline;
	}
	pdf->y += level < 3 ? GAP / 2 : 1;
	g_object_unref(layout);
	arena_release(&scratch);
}

void
pdf_text(struct pdf *pdf, str text)
{
	struct pdf_style style = {TEXT_POINTS, .ink = INK, .width = TEXT_WIDTH};
	str rest = text, part;

	if (!text.n)
		return;
	close_block(pdf);
	while (rest.p) { /* paragraph by paragraph: a long text is not set as one */
		PangoLayout *layout;

		rest = str_cut(rest, '\n', &part);
		if (!str_trim(part).n) {
			pdf->y += GAP;
			continue;
		}
		layout = pdf_lay_out(pdf->context, part, &style);
		draw_lines(pdf, layout, MARGIN, &style, &(struct tags){.inner = "P"});
		g_object_unref(layout);
	}
	pdf->y += GAP / 2;
}

void
pdf_list_item(struct pdf *pdf, str text)
{
	struct pdf_style style = {TEXT_POINTS, .ink = INK, .width = TEXT_WIDTH - ITEM_INDENT};
	PangoLayout *layout = pdf_lay_out(pdf->context, text, &style),
		    *mark = pdf_lay_out(pdf->context, S("•"), &style);

	open_block(pdf, BLOCK_LIST);
	make_room(pdf, pdf_layout_height(mark));
	cairo_tag_begin(pdf->cairo, "LI", NULL);
	draw_beside(pdf, mark, &style, "Lbl");
	draw_lines(pdf, layout, MARGIN + ITEM_INDENT, &style,
	    &(struct tags){.outer = "LI", .inner = "LBody", .outer_is_open = true});
	pdf->y += 2;
	g_object_unref(mark);
	g_object_unref(layout);
}

void
pdf_link(struct pdf *pdf, str text, str name)
{
	struct arena scratch = ARENA_INIT;
	struct pdf_style style = {TEXT_POINTS + 1, .ink = INK, .width = TEXT_WIDTH, .underlined = true};
	PangoLayout *layout = pdf_lay_out(pdf->context, text, &style);

	open_block(pdf, BLOCK_LINKS);
	draw_lines(pdf, layout, MARGIN, &style,
	    &(struct tags){.outer = "LI",
		.inner = CAIRO_TAG_LINK,
		.attributes = arena_printf(&scratch, "dest='%.*s'", STR_ARG(name)).p});
	pdf->y += 5;
	g_object_unref(layout);
	arena_release(&scratch);
}

static void
draw_pair(struct pdf *pdf, str label, str value)
{
	struct pdf_style name = {TEXT_POINTS, .ink = INK_LABEL, .width = LABEL_WIDTH};
	struct pdf_style text = {TEXT_POINTS, .ink = INK, .width = TEXT_WIDTH - LABEL_WIDTH - ROW_GAP};
	PangoLayout *left = pdf_lay_out(pdf->context, label, &name), *right = pdf_lay_out(pdf->context, value, &text);
	double height = pdf_layout_height(left), top;
	int page;

	open_block(pdf, BLOCK_TABLE);
	make_room(pdf, height > pdf_layout_height(right) || pdf_layout_height(right) > BOTTOM / 2
			   ? height
			   : pdf_layout_height(right));
	cairo_tag_begin(pdf->cairo, "TR", NULL);
	page = pdf->page;
	top = pdf->y;
	draw_beside(pdf, left, &name, "TH");
	draw_lines(pdf, right, MARGIN + LABEL_WIDTH + ROW_GAP, &text,
	    &(struct tags){.outer = "TR", .inner = "TD", .outer_is_open = true});
	if (pdf->page == page && pdf->y < top + height)
		pdf->y = top + height;
	pdf->y += 1;
	g_object_unref(right);
	g_object_unref(left);
}

void
pdf_pair(struct pdf *pdf, str label, str value)
{
	if (value.n)
		draw_pair(pdf, label, value);
}

void
pdf_page_break(struct pdf *pdf)
{
	close_block(pdf);
	if (pdf->y > MARGIN)
		end_page(pdf);
}

void
pdf_space(struct pdf *pdf)
{
	close_block(pdf);
	pdf->y += pdf->y > MARGIN ? GAP : 0;
}

/* ---- beginning and end ---- */

static void
set_metadata(struct pdf *pdf, const struct pdf_options *options)
{
	struct civil_time t = zone_civil(zone_utc(), options->made);

	cairo_pdf_surface_restrict_to_version(
	    pdf->surface, CAIRO_PDF_VERSION_1_4); /* objects stand as text: pdf_tail.c */
	cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_TITLE, arena_z(&pdf->arena, options->title));
	cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATOR, "Salve");
	cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATE_DATE,
	    arena_printf(&pdf->arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.date.year, t.date.month, t.date.day, t.hour,
		t.minute, t.second)
		.p);
}

static bool
has_fonts(PangoFontMap *fonts)
{
	PangoFontFamily **families;
	int count;

	pango_font_map_list_families(fonts, &families, &count);
	g_free(families);
	return count > 0;
}

fallible
pdf_begin(struct pdf **out, const struct pdf_options *options)
{
	struct pdf *pdf = calloc(1, sizeof(*pdf));

	if (!pdf)
		return ERR(ERR_BUSY, "There is too much to do right now. Please try again in a minute.", "no memory");
	pdf->fonts = pango_cairo_font_map_new();
	if (!has_fonts(pdf->fonts)) {
		g_object_unref(pdf->fonts);
		free(pdf);
		return ERR(ERR_BROKEN, "PDF files cannot be made here yet: this machine has no fonts.",
		    "no fonts: install fonts-dejavu-core");
	}
	pdf->lang = arena_str(&pdf->arena, options->lang);
	pdf->page_words = arena_str(&pdf->arena, options->page_words);
	pdf->footer = arena_str(&pdf->arena, options->footer);
	pdf->page = 1;
	pdf->y = MARGIN;
	pdf_tail_init(&pdf->tail, &pdf->arena, options->sink);
	pdf->surface = cairo_pdf_surface_create_for_stream(to_sink, pdf, PAGE_WIDTH, PAGE_HEIGHT);
	set_metadata(pdf, options);
	pdf->cairo = cairo_create(pdf->surface);
	pdf->context = pango_font_map_create_context(pdf->fonts);
	pango_context_set_language(pdf->context, pango_language_from_string(arena_z(&pdf->arena, options->lang)));
	pango_cairo_update_context(pdf->cairo, pdf->context);
	cairo_tag_begin(pdf->cairo, "Document", NULL);
	*out = pdf;
	return NULL;
}

static void
finish(struct pdf *pdf)
{
	close_block(pdf);
	draw_footer(pdf);
	cairo_tag_end(pdf->cairo, "Document");
	cairo_surface_finish(pdf->surface);
}

static void
release(struct pdf *pdf)
{
	cairo_destroy(pdf->cairo);
	cairo_surface_destroy(pdf->surface);
	g_object_unref(pdf->context);
	g_object_unref(pdf->fonts);
	arena_release(&pdf->arena);
	free(pdf);
}

/* Errors that outlive the arena of the document: fixed words. */
static const struct err *
outliving(const struct err *error)
{
	if (error->code == ERR_BUSY)
		return ERR(ERR_BUSY, "The file could not be sent whole. Please try again.", "pdf: the sink is gone");
	return ERR(ERR_BROKEN, "Something went wrong on our side.", "pdf: writing failed");
}

fallible
pdf_end(struct pdf *pdf)
{
	const struct err *error;

	finish(pdf);
	error = pdf_error(pdf);
	if (!error)
		error = pdf_tail_end(&pdf->tail, pdf->lang);
	error = error ? outliving(error) : NULL;
	release(pdf);
	return error;
}
