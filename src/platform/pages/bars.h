/* SPDX-License-Identifier: Apache-2.0 */
/* Counts as bars, SVG text like plot.h: columns along a time, or rows for things with names.  One or two series, told apart by
 * fill and by outline, so that print and colour-blind eyes see them too.  The page gives the same numbers as a table. */
#ifndef SALVE_BARS_H
#define SALVE_BARS_H

#include "platform/format/escape.h"
#include "platform/pages/i18n.h"

#define BARS_MAX 62 /* columns or rows drawn; more do not fit a phone */

struct bar {
	str label;        /* under a column, above a row */
	int64_t value[2]; /* of each series; below 0 counts as 0 */
	str said[2];      /* rows: what stands behind the bar, "12 (45 %)"; absent: the number */
};

struct bars {
	str title; /* "Messages each day" */
	str unit;  /* columns: above the axis, "messages" */
	str words; /* the same in words, for those who cannot see it */
	str names[2];
	int series_count; /* 1 or 2 */
	const struct bar *bars;
	size_t count;
	enum lang lang;
};

/* Without a bar, or with nothing but zeros, an empty text. */
struct html bars_columns_svg(struct arena *arena, const struct bars *bars);
struct html bars_rows_svg(struct arena *arena, const struct bars *bars);

#endif
