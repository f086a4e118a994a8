/* SPDX-License-Identifier: Apache-2.0 */
/* Measurements over time as SVG text: axes with units, the usual range as a band, clinic and own readings in different
 * shapes.  Colours come from the style sheet (classes plot-*), so that dark mode and print work. */
#ifndef SALVE_PLOT_H
#define SALVE_PLOT_H

#include "platform/format/escape.h"
#include "platform/pages/i18n.h"

#define PLOT_POINTS_MAX 2000 /* drawn; of more, the newest */
#define PLOT_VALUE_MAX  1e12 /* nothing measured in a person is larger; such values are left out */

struct plot_point {
	instant at;
	double value;  /* NaN and infinities are left out */
	double second; /* of a pair (diastolic), NAN when single */
	str label;     /* shown when pointed at: "128/82 mmHg, 3 March 2026" */
};
#define PLOT_SINGLE __builtin_nan("")

struct plot_series {
	str name;                        /* "Clinic", "My readings" */
	const struct plot_point *points; /* in any order */
	size_t count;
};

struct plot {
	str title; /* "Hemoglobin A1c" */
	str unit;  /* "%" */
	str words; /* the same in words, for those who cannot see it: "7.1 % on 3 March, down from 8.0 %" */
	double range_low, range_high;     /* the usual range; NAN on an open side, equal for none */
	const struct plot_series *series; /* first: filled circles, second: open squares */
	size_t series_count;              /* 1 or 2 */
	const struct zone *zone;          /* NULL: UTC */
	enum lang lang;
};

/* At least two points in all make a plot; fewer give an empty text, and the page says the value in words only. */
struct html plot_svg(struct arena *arena, const struct plot *plot);

/* The same as a PNG, for files; absent where plot_svg draws nothing. */
fallible plot_png(struct arena *arena, const struct plot *plot, str *out);

/* ---- its arithmetic, for tests ---- */

struct plot_axis {
	double low, high; /* low < high, both finite */
	double step;      /* a tick every step from low on; 1, 2 or 5 times a power of ten */
	int decimals;     /* to write a tick without loss */
	int ticks;        /* 3 to 9 */
};
/* The round axis that holds [low, high]; equal ends are spread. Both finite, at most PLOT_VALUE_MAX from zero. */
struct plot_axis plot_axis_of(double low, double high);

#define PLOT_TICKS_MAX 6
struct plot_ticks {
	instant at[PLOT_TICKS_MAX];
	str label[PLOT_TICKS_MAX];
	size_t count; /* at least 1, ascending, inside [from, to] */
};
/* Ticks on whole minutes, hours, days, weeks, months or years of the zone (NULL: UTC), the finest of them that fits;
 * from < to. A stretch that holds no whole minute gets one tick at its beginning. */
void plot_time_ticks(
    struct arena *arena, enum lang lang, const struct zone *zone, instant from, instant to, struct plot_ticks *out);

#endif
