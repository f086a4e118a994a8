/* SPDX-License-Identifier: Apache-2.0 */
/* Draws bars.  Units of the drawing: 480 wide, as in plot.c; the style sheet scales the letters for phones and desks. */
#include "platform/pages/bars.h"

#include "platform/pages/plot.h"

#define WIDTH       480
#define LEFT        52.0
#define RIGHT       472.0
#define TOP         40.0
#define BOTTOM      236.0
#define HEIGHT      272
#define LABELS_MAX  6     /* under the columns of one drawing */
#define ROW_LABEL   26    /* units of a row's label, */
#define ROW_BAR     20    /* of each of its bars, */
#define ROW_GAP     12    /* and below it */
#define ROW_LENGTH  340.0 /* of the longest bar: behind it stands its number */
#define LEGEND_TEXT 18

static int64_t
value_of(const struct bar *bar, int series)
{
	return bar->value[series] > 0 ? bar->value[series] : 0;
}

static int64_t
largest(const struct bars *bars, size_t count)
{
	int64_t most = 0;

	for (size_t i = 0; i < count; i++)
		for (int s = 0; s < bars->series_count; s++)
			if (value_of(&bars->bars[i], s) > most)
				most = value_of(&bars->bars[i], s);
	return most;
}

static void
begin(struct buf *svg, const struct bars *bars, int height)
{
	buf_printf(svg, "<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\"><title>", WIDTH, height);
	escape_text(svg, bars->title);
	buf_add(svg, S("</title><desc>"));
	escape_text(svg, bars->words);
	buf_add(svg, S("</desc>\n"));
}

static void
draw_legend(struct buf *svg, const struct bars *bars)
{
	if (bars->series_count < 2)
		return;
	for (int s = 0; s < 2; s++) {
		int x = s == 0 ? 140 : 310;

		buf_printf(svg, "<rect class=\"bar-%d\" x=\"%d\" y=\"%d\" width=\"12\" height=\"12\"/>", s + 1, x,
		    LEGEND_TEXT - 11);
		buf_printf(svg, "<text class=\"plot-key\" x=\"%d\" y=\"%d\">", x + 18, LEGEND_TEXT);
		escape_text(svg, bars->names[s]);
		buf_add(svg, S("</text>\n"));
	}
}

/* ---- columns ---- */

static void
draw_axis(struct buf *svg, const struct bars *bars, const struct plot_axis *axis)
{
	for (int i = 0; i < axis->ticks; i++) {
		double value = axis->low + i * axis->step;
		double y = BOTTOM - (BOTTOM - TOP) * value / axis->high;

		if (axis->decimals > 0 && value - (double)(int64_t)value > 0)
			continue; /* half a message is none */
		buf_printf(svg, "<path class=\"plot-grid\" d=\"M%.0f %.1fH%.0f\"/>", LEFT, y, RIGHT);
		buf_printf(svg, "<text class=\"plot-y\" x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">", LEFT - 7, y + 4);
		number_words(svg, bars->lang, (int64_t)value);
		buf_add(svg, S("</text>\n"));
	}
	buf_printf(svg, "<text class=\"plot-unit\" x=\"4\" y=\"%d\">", LEGEND_TEXT);
	escape_text(svg, bars->unit);
	buf_add(svg, S("</text>\n"));
}

static void
draw_column(struct buf *svg, const struct bars *bars, size_t i, double x, double width, double high)
{
	double each = width / bars->series_count;

	for (int s = 0; s < bars->series_count; s++) {
		double height = (BOTTOM - TOP) * (double)value_of(&bars->bars[i], s) / high;

		if (height > 0)
			buf_printf(svg, "<rect class=\"bar-%d\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
			    s + 1, x + s * each, BOTTOM - height, each, height);
	}
}

struct html
bars_columns_svg(struct arena *arena, const struct bars *bars)
{
	struct buf svg = BUF_INIT(arena);
	size_t count = bars->count < BARS_MAX ? bars->count : BARS_MAX, every;
	int64_t most = largest(bars, count);
	struct plot_axis axis;
	double slot;

	assert(bars->series_count == 1 || bars->series_count == 2);
	if (most == 0)
		return (struct html){S("")};
	axis = plot_axis_of(0, (double)most);
	slot = (RIGHT - LEFT) / (double)count;
	every = (count + LABELS_MAX - 1) / LABELS_MAX;
	begin(&svg, bars, HEIGHT);
	draw_axis(&svg, bars, &axis);
	for (size_t i = 0; i < count; i++) {
		double x = LEFT + slot * (double)i;

		draw_column(&svg, bars, i, x + slot * 0.12, slot * 0.76, axis.high);
		if (i % every)
			continue;
		buf_printf(&svg, "<text class=\"plot-x%s\" x=\"%.1f\" y=\"%.0f\" text-anchor=\"%s\">",
		    i / every % 2 ? " plot-odd" : "", i == 0 ? x : x + slot / 2, BOTTOM + 23,
		    i == 0              ? "start"
		    : i + every > count ? "end"
					: "middle");
		escape_text(&svg, bars->bars[i].label);
		buf_add(&svg, S("</text>\n"));
	}
	buf_printf(&svg, "<path class=\"plot-axis\" d=\"M%.0f %.0fH%.0f\"/>\n", LEFT, BOTTOM, RIGHT);
	draw_legend(&svg, bars);
	buf_add(&svg, S("</svg>\n"));
	return (struct html){buf_str(&svg)};
}

/* ---- rows ---- */

static void
draw_row(struct buf *svg, const struct bars *bars, const struct bar *bar, int y, int64_t most)
{
	buf_printf(svg, "<text class=\"bar-label\" x=\"0\" y=\"%d\">", y + ROW_LABEL - 7);
	escape_text(svg, bar->label);
	buf_add(svg, S("</text>\n"));
	for (int s = 0; s < bars->series_count; s++) {
		double length = ROW_LENGTH * (double)value_of(bar, s) / (double)most;
		int at = y + ROW_LABEL + s * ROW_BAR;

		if (length > 0)
			buf_printf(svg, "<rect class=\"bar-%d\" x=\"1\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>", s + 1,
			    at + 1, length, ROW_BAR - 3);
		buf_printf(svg, "<text class=\"bar-value\" x=\"%.1f\" y=\"%d\">", length + 7, at + ROW_BAR - 4);
		if (bar->said[s].n)
			escape_text(svg, bar->said[s]);
		else
			number_words(svg, bars->lang, value_of(bar, s));
		buf_add(svg, S("</text>\n"));
	}
}

struct html
bars_rows_svg(struct arena *arena, const struct bars *bars)
{
	struct buf svg = BUF_INIT(arena);
	size_t count = bars->count < BARS_MAX ? bars->count : BARS_MAX;
	int64_t most = largest(bars, count);
	int row = ROW_LABEL + bars->series_count * ROW_BAR + ROW_GAP;
	int top = bars->series_count > 1 ? LEGEND_TEXT + 10 : 0;

	assert(bars->series_count == 1 || bars->series_count == 2);
	if (most == 0)
		return (struct html){S("")};
	begin(&svg, bars, top + row * (int)count);
	for (size_t i = 0; i < count; i++)
		draw_row(&svg, bars, &bars->bars[i], top + row * (int)i, most);
	draw_legend(&svg, bars);
	buf_add(&svg, S("</svg>\n"));
	return (struct html){buf_str(&svg)};
}
