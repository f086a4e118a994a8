/* SPDX-License-Identifier: Apache-2.0 */
/* Draws a plot as SVG.  Units of the drawing: 480 by 280; the style sheet scales the letters for phones and desks. */
#include "platform/pages/plot.h"

#include <math.h>
#include <stdlib.h>

#define WIDTH  480.0
#define HEIGHT 280.0
#define LEFT   56.0
#define RIGHT  464.0
#define TOP    34.0
#define BOTTOM 246.0

#define EARLIEST ((instant){-135 * 365 * DAY_MS}) /* about 1835: nobody was measured before */
#define LATEST   ((instant){200 * 365 * DAY_MS})

struct drawing {
	struct arena *arena;
	struct buf svg;
	const struct plot *plot;
	struct plot_series series[2]; /* what is drawn: finite, by time */
	struct plot_axis axis;
	instant from, to;
};

static bool
is_drawable(const struct plot_point *p)
{
	return isfinite(p->value) && fabs(p->value) <= PLOT_VALUE_MAX && p->at.ms >= EARLIEST.ms &&
	       p->at.ms <= LATEST.ms;
}

static bool
is_pair(const struct plot_point *p)
{
	return isfinite(p->second) && fabs(p->second) <= PLOT_VALUE_MAX;
}

static int
by_time(const void *a, const void *b)
{
	const struct plot_point *x = a, *y = b;

	return (x->at.ms > y->at.ms) - (x->at.ms < y->at.ms);
}

static struct plot_series
drawable(struct arena *arena, const struct plot_series *series)
{
	struct plot_point *points = ARENA_ARRAY(arena, struct plot_point, series->count + 1);
	size_t count = 0;

	for (size_t i = 0; i < series->count; i++)
		if (is_drawable(&series->points[i]))
			points[count++] = series->points[i];
	qsort(points, count, sizeof(*points), by_time);
	if (count > PLOT_POINTS_MAX)
		return (struct plot_series){series->name, points + (count - PLOT_POINTS_MAX), PLOT_POINTS_MAX};
	return (struct plot_series){series->name, points, count};
}

static bool
has_range(const struct plot *plot)
{
	return plot->range_low < plot->range_high || isnan(plot->range_low) != isnan(plot->range_high);
}

static void
widen(double *low, double *high, double value)
{
	if (!isfinite(value) || fabs(value) > PLOT_VALUE_MAX)
		return;
	*low = fmin(*low, value);
	*high = fmax(*high, value);
}

static void
measure(struct drawing *d)
{
	double low = INFINITY, high = -INFINITY;
	int64_t margin;

	d->from = LATEST;
	d->to = EARLIEST;
	for (size_t s = 0; s < d->plot->series_count; s++) {
		for (size_t i = 0; i < d->series[s].count; i++) {
			const struct plot_point *p = &d->series[s].points[i];

			widen(&low, &high, p->value);
			widen(&low, &high, p->second);
			d->from.ms = p->at.ms < d->from.ms ? p->at.ms : d->from.ms;
			d->to.ms = p->at.ms > d->to.ms ? p->at.ms : d->to.ms;
		}
	}
	if (has_range(d->plot)) {
		widen(&low, &high, d->plot->range_low);
		widen(&low, &high, d->plot->range_high);
	}
	d->axis = plot_axis_of(low, high);
	margin = (d->to.ms - d->from.ms) / 30;
	if (margin < 30 * MINUTE_MS)
		margin = 30 * MINUTE_MS;
	d->from.ms -= margin;
	d->to.ms += margin;
}

static double
x_of(const struct drawing *d, instant at)
{
	return LEFT + (RIGHT - LEFT) * (double)(at.ms - d->from.ms) / (double)(d->to.ms - d->from.ms);
}

static double
y_of(const struct drawing *d, double value)
{
	double y = BOTTOM - (BOTTOM - TOP) * (value - d->axis.low) / (d->axis.high - d->axis.low);

	return fmin(fmax(y, TOP), BOTTOM);
}

static void
draw_range(struct drawing *d)
{
	const struct plot *plot = d->plot;
	double top = isfinite(plot->range_high) ? y_of(d, plot->range_high) : TOP;
	double bottom = isfinite(plot->range_low) ? y_of(d, plot->range_low) : BOTTOM;

	if (!has_range(plot))
		return;
	buf_printf(&d->svg, "<rect class=\"plot-range\" x=\"%.0f\" y=\"%.1f\" width=\"%.0f\" height=\"%.1f\"/>\n", LEFT,
	    top, RIGHT - LEFT, fmax(bottom - top, 1));
	if (isfinite(plot->range_high))
		buf_printf(&d->svg, "<path class=\"plot-range-edge\" d=\"M%.0f %.1fH%.0f\"/>\n", LEFT, top, RIGHT);
	if (isfinite(plot->range_low))
		buf_printf(&d->svg, "<path class=\"plot-range-edge\" d=\"M%.0f %.1fH%.0f\"/>\n", LEFT, bottom, RIGHT);
}

static void
draw_axes(struct drawing *d)
{
	struct plot_ticks ticks;

	for (int i = 0; i < d->axis.ticks; i++) {
		double value = d->axis.low + i * d->axis.step, y = y_of(d, value);

		if (fabs(value) < d->axis.step / 2)
			value = 0; /* never "-0" */
		buf_printf(&d->svg, "<path class=\"plot-grid\" d=\"M%.0f %.1fH%.0f\"/>", LEFT, y, RIGHT);
		buf_printf(&d->svg, "<text class=\"plot-y\" x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">%.*f</text>\n",
		    LEFT - 7, y + 4, d->axis.decimals, value);
	}
	plot_time_ticks(d->arena, d->plot->lang, d->plot->zone, d->from, d->to, &ticks);
	for (size_t i = 0; i < ticks.count; i++) {
		double x = x_of(d, ticks.at[i]);
		const char *anchor = x < LEFT + 30 ? "start" : x > RIGHT - 30 ? "end" : "middle";

		buf_printf(&d->svg, "<path class=\"plot-axis\" d=\"M%.1f %.0fv6\"/>", x, BOTTOM);
		buf_printf(&d->svg, "<text class=\"plot-x%s\" x=\"%.1f\" y=\"%.0f\" text-anchor=\"%s\">",
		    i % 2 ? " plot-odd" : "", x, BOTTOM + 23, anchor);
		escape_text(&d->svg, ticks.label[i]);
		buf_add(&d->svg, S("</text>\n"));
	}
	buf_printf(&d->svg, "<path class=\"plot-axis\" d=\"M%.0f %.0fH%.0f\"/>\n", LEFT, BOTTOM, RIGHT);
	buf_printf(&d->svg, "<text class=\"plot-unit\" x=\"4\" y=\"18\">");
	escape_text(&d->svg, d->plot->unit);
	buf_add(&d->svg, S("</text>\n"));
}

static void
draw_shape(struct drawing *d, size_t series, double x, double y, str label)
{
	if (series == 0)
		buf_printf(&d->svg, "<circle class=\"plot-point\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\">", x, y);
	else
		buf_printf(&d->svg, "<rect class=\"plot-point-2\" x=\"%.1f\" y=\"%.1f\" width=\"9\" height=\"9\">",
		    x - 4.5, y - 4.5);
	if (label.n) {
		buf_add(&d->svg, S("<title>"));
		escape_text(&d->svg, label);
		buf_add(&d->svg, S("</title>"));
	}
	buf_add(&d->svg, series == 0 ? S("</circle>") : S("</rect>"));
}

/* Single values are joined by a line; the two values of a pair by an upright bar. */
static void
draw_lines(struct drawing *d, size_t series)
{
	const struct plot_series *s = &d->series[series];
	size_t singles = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct plot_point *p = &s->points[i];

		if (is_pair(p))
			buf_printf(&d->svg, "<path class=\"plot-pair%s\" d=\"M%.1f %.1fV%.1f\"/>",
			    series ? " plot-pair-2" : "", x_of(d, p->at), y_of(d, p->value), y_of(d, p->second));
		else
			singles++;
	}
	if (singles < 2)
		return;
	buf_printf(&d->svg, "<polyline class=\"plot-line%s\" points=\"", series ? " plot-line-2" : "");
	for (size_t i = 0; i < s->count; i++)
		if (!is_pair(&s->points[i]))
			buf_printf(&d->svg, "%.1f,%.1f ", x_of(d, s->points[i].at), y_of(d, s->points[i].value));
	buf_add(&d->svg, S("\"/>\n"));
}

static void
draw_series(struct drawing *d, size_t series)
{
	const struct plot_series *s = &d->series[series];

	draw_lines(d, series);
	for (size_t i = 0; i < s->count; i++) {
		const struct plot_point *p = &s->points[i];

		draw_shape(d, series, x_of(d, p->at), y_of(d, p->value), p->label);
		if (is_pair(p))
			draw_shape(d, series, x_of(d, p->at), y_of(d, p->second), p->label);
	}
	buf_add_char(&d->svg, '\n');
}

static void
draw_legend(struct drawing *d)
{
	static const double at[2] = {200, 315};

	for (size_t s = 0; s < 2; s++) {
		draw_shape(d, s, at[s], 13, STR_NONE);
		buf_printf(&d->svg, "<text class=\"plot-key\" x=\"%.0f\" y=\"18\">", at[s] + 11);
		escape_text(&d->svg, d->series[s].name);
		buf_add(&d->svg, S("</text>\n"));
	}
}

struct html
plot_svg(struct arena *arena, const struct plot *plot)
{
	struct drawing d = {.arena = arena, .svg = BUF_INIT(arena), .plot = plot};
	size_t points = 0;

	assert(plot->series_count <= 2);
	for (size_t s = 0; s < plot->series_count; s++) {
		d.series[s] = drawable(arena, &plot->series[s]);
		points += d.series[s].count;
	}
	if (points < 2)
		return (struct html){S("")};
	measure(&d);
	buf_printf(&d.svg, "<svg class=\"plot\" viewBox=\"0 0 %.0f %.0f\" role=\"img\"><title>", WIDTH, HEIGHT);
	escape_text(&d.svg, plot->title);
	buf_add(&d.svg, S("</title><desc>"));
	escape_text(&d.svg, plot->words);
	buf_add(&d.svg, S("</desc>\n"));
	draw_range(&d);
	draw_axes(&d);
	for (size_t s = 0; s < plot->series_count; s++)
		draw_series(&d, s);
	if (plot->series_count == 2)
		draw_legend(&d);
	buf_add(&d.svg, S("</svg>\n"));
	return (struct html){buf_str(&d.svg)};
}
