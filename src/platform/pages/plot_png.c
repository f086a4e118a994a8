/* SPDX-License-Identifier: Apache-2.0 */
/* The same plot as a picture, for where no style sheet reaches: files, messages, paper.  It reads the drawing that plot.c wrote, a list of
 * a few shapes in one syntax each, so that both always show the same; of anything else it draws nothing. */
#include <cairo.h>

#include "platform/pages/plot.h"

#define WIDTH     480 /* of the drawing, as in plot.c, */
#define HEIGHT    280
#define SCALE     2 /* and pixels for each of its units */
#define TEXT_SIZE 12.0

struct ink {
	double r, g, b;
};
static const struct {
	const char *class;
	struct ink fill, stroke;
	bool filled;
	double width; /* of the stroke; 0: none */
	double dash;
} inks[] = {
    {"plot-range", {0.89, 0.95, 0.89}, {0}, true, 0, 0},
    {"plot-range-edge", {0}, {0.13, 0.45, 0.20}, false, 1, 4},
    {"plot-grid", {0}, {0.86, 0.87, 0.88}, false, 1, 0},
    {"plot-axis", {0}, {0.44, 0.46, 0.48}, false, 1, 0},
    {"plot-line", {0}, {0.0, 0.31, 0.60}, false, 2, 0},
    {"plot-line-2", {0}, {0.60, 0.32, 0.0}, false, 2, 5},
    {"plot-pair", {0}, {0.0, 0.31, 0.60}, false, 2, 0},
    {"plot-pair-2", {0}, {0.60, 0.32, 0.0}, false, 2, 0},
    {"plot-point", {0.0, 0.31, 0.60}, {1, 1, 1}, true, 1.5, 0},
    {"plot-point-2", {1, 1, 1}, {0.60, 0.32, 0.0}, true, 2.5, 0},
};
#define INKS (sizeof(inks) / sizeof(inks[0]))

/* ---- reading the drawing ---- */

/* The value of an attribute of a tag, absent when it has none. */
static str
attribute(struct arena *arena, str tag, const char *name)
{
	str key = arena_printf(arena, " %s=\"", name), value;
	size_t at;

	if (!str_find(tag, key, &at))
		return STR_NONE;
	str_cut(str_drop(tag, at + key.n), '"', &value);
	return value;
}

/* "-12.5" at the beginning of `rest`, which comes back without it; false when there is none. */
static bool
take_number(str *rest, double *out)
{
	bool minus = str_starts(*rest, S("-"));
	double value = 0, place = 1;
	size_t i = minus, digits = 0;
	bool behind = false;

	for (; i < rest->n && ((rest->p[i] >= '0' && rest->p[i] <= '9') || (rest->p[i] == '.' && !behind)); i++) {
		if (rest->p[i] == '.') {
			behind = true;
			continue;
		}
		value = value * 10 + (rest->p[i] - '0');
		place *= behind ? 10 : 1;
		digits++;
	}
	*rest = str_drop(*rest, i);
	*out = (minus ? -value : value) / place;
	return digits > 0;
}

static bool
take_sign(str *rest, char sign)
{
	bool there = rest->n && rest->p[0] == sign;

	*rest = str_drop(*rest, there);
	return there;
}

static double
number(struct arena *arena, str tag, const char *name)
{
	str value = attribute(arena, tag, name);
	double out;

	return take_number(&value, &out) ? out : 0;
}

/* The last class named: "plot-line plot-line-2" is a line of the second series. */
static size_t
ink_of(struct arena *arena, str tag)
{
	str rest = attribute(arena, tag, "class"), word = STR_NONE;
	size_t found = INKS;

	while (rest.p) {
		rest = str_cut(rest, ' ', &word);
		for (size_t i = 0; i < INKS; i++)
			if (str_equal(word, str_from_z(inks[i].class)))
				found = i;
	}
	return found;
}

/* ---- drawing ---- */

static void
apply_ink(cairo_t *cr, size_t ink)
{
	if (ink == INKS) {
		cairo_new_path(cr);
		return;
	}
	if (inks[ink].filled) {
		cairo_set_source_rgb(cr, inks[ink].fill.r, inks[ink].fill.g, inks[ink].fill.b);
		cairo_fill_preserve(cr);
	}
	if (inks[ink].width > 0) {
		double dash = inks[ink].dash;

		cairo_set_source_rgb(cr, inks[ink].stroke.r, inks[ink].stroke.g, inks[ink].stroke.b);
		cairo_set_line_width(cr, inks[ink].width);
		cairo_set_dash(cr, &dash, dash > 0 ? 1 : 0, 0);
		cairo_stroke_preserve(cr);
	}
	cairo_new_path(cr);
}

/* "M56 34.0H464", "M56.0 34.0V60.0", "M56.0 246v6". */
static void
draw_path(struct arena *arena, cairo_t *cr, str tag)
{
	str d = attribute(arena, tag, "d");
	double x, y, to;
	char way;

	if (!take_sign(&d, 'M') || !take_number(&d, &x) || !take_sign(&d, ' ') || !take_number(&d, &y) || d.n < 2)
		return;
	way = d.p[0];
	d = str_drop(d, 1);
	if (!take_number(&d, &to))
		return;
	cairo_move_to(cr, x, y);
	cairo_line_to(cr, way == 'H' ? to : x, way == 'V' ? to : way == 'v' ? y + to : y);
}

static void
draw_line(struct arena *arena, cairo_t *cr, str tag)
{
	str rest = attribute(arena, tag, "points"), pair;
	double x, y;

	while (rest.p) {
		rest = str_cut(rest, ' ', &pair);
		if (take_number(&pair, &x) && take_sign(&pair, ',') && take_number(&pair, &y))
			cairo_line_to(cr, x, y);
	}
}

static str
unescaped(struct arena *arena, str text)
{
	static const struct {
		str code;
		char c;
	} marks[] = {{S_INIT("&amp;"), '&'}, {S_INIT("&lt;"), '<'}, {S_INIT("&gt;"), '>'}, {S_INIT("&quot;"), '"'},
	    {S_INIT("&#39;"), '\''}};
	struct buf out = BUF_INIT(arena);

	while (text.n) {
		size_t i = 0;

		while (i < 5 && !str_starts(text, marks[i].code))
			i++;
		buf_add_char(&out, i < 5 ? marks[i].c : text.p[0]);
		text = str_drop(text, i < 5 ? marks[i].code.n : 1);
	}
	return buf_str(&out);
}

static void
draw_text(struct arena *arena, cairo_t *cr, str tag, str text)
{
	const char *words = arena_z(arena, unescaped(arena, text));
	str anchor = attribute(arena, tag, "text-anchor");
	cairo_text_extents_t extents;
	double x = number(arena, tag, "x");

	cairo_text_extents(cr, words, &extents);
	if (str_equal(anchor, S("end")))
		x -= extents.x_advance;
	else if (str_equal(anchor, S("middle")))
		x -= extents.x_advance / 2;
	cairo_set_source_rgb(cr, 0.24, 0.27, 0.31);
	cairo_move_to(cr, x, number(arena, tag, "y"));
	cairo_show_text(cr, words);
	cairo_new_path(cr);
}

static str
escaped(struct arena *arena, str text)
{
	struct buf out = BUF_INIT(arena);

	escape_text(&out, text);
	return buf_str(&out);
}

static void
draw_tag(struct arena *arena, cairo_t *cr, str tag, str behind)
{
	if (str_starts(tag, S("text "))) {
		draw_text(arena, cr, tag, behind);
		return;
	}
	if (str_starts(tag, S("rect ")))
		cairo_rectangle(cr, number(arena, tag, "x"), number(arena, tag, "y"), number(arena, tag, "width"),
		    number(arena, tag, "height"));
	else if (str_starts(tag, S("circle ")))
		cairo_arc(cr, number(arena, tag, "cx"), number(arena, tag, "cy"), number(arena, tag, "r"), 0,
		    2 * 3.14159265358979);
	else if (str_starts(tag, S("path ")))
		draw_path(arena, cr, tag);
	else if (str_starts(tag, S("polyline ")))
		draw_line(arena, cr, tag);
	else
		return;
	apply_ink(cr, ink_of(arena, tag));
}

static void
draw(struct arena *arena, cairo_t *cr, str svg)
{
	str tag, behind;

	str_cut(svg, '<', &tag);
	svg = str_drop(svg, tag.n);
	while (svg.n) {
		svg = str_cut(str_drop(svg, 1), '>', &tag);
		str_cut(svg, '<', &behind);
		svg = svg.p ? str_drop(svg, behind.n) : STR_NONE;
		draw_tag(arena, cr, tag, behind);
	}
}

static cairo_status_t
add_bytes(void *arg, const unsigned char *bytes, unsigned n)
{
	buf_add(arg, (str){(const char *)bytes, n});
	return CAIRO_STATUS_SUCCESS;
}

fallible
plot_png(struct arena *arena, const struct plot *plot, str *out)
{
	struct html svg = plot_svg(arena, plot);
	struct buf png = BUF_INIT(arena);
	cairo_surface_t *surface;
	cairo_status_t status;
	cairo_t *cr;

	*out = STR_NONE;
	if (!svg.text.n)
		return NULL;
	surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH * SCALE, HEIGHT * SCALE);
	cr = cairo_create(surface);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, SCALE, SCALE);
	cairo_select_font_face(cr, "sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
	cairo_set_font_size(cr, TEXT_SIZE);
	draw(arena, cr, svg.text);
	if (plot->series_count == 1) /* of two, the key stands there */
		draw_text(arena, cr, S(" x=\"464\" y=\"18\" text-anchor=\"end\""), escaped(arena, plot->title));
	status = cairo_status(cr);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_write_to_png_stream(surface, add_bytes, &png);
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	if (status != CAIRO_STATUS_SUCCESS)
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a plot could not be drawn as a picture");
	*out = buf_str(&png);
	return NULL;
}
