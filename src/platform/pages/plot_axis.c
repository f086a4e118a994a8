/* SPDX-License-Identifier: Apache-2.0 */
/* Where the ticks of a plot stand: round numbers on the value axis, whole days, months or years on the time axis. */
#include <math.h>

#include "platform/pages/plot.h"

#define PLOT_INTERVALS 5 /* wanted on the value axis */

struct plot_axis
plot_axis_of(double low, double high)
{
	struct plot_axis axis;
	double raw, magnitude, lead;

	assert(isfinite(low) && isfinite(high) && low <= high && fabs(low) <= PLOT_VALUE_MAX &&
	       fabs(high) <= PLOT_VALUE_MAX);
	if (high - low <= 1e-9 * fmax(fabs(low), fabs(high))) { /* no spread to speak of: make one */
		double by = fmax(fabs(low) * 0.1, 0.5);

		high += by;
		low = low >= 0 ? fmax(0, low - by) : low - by;
	}
	raw = (high - low) / PLOT_INTERVALS;
	magnitude = pow(10, floor(log10(raw)));
	lead = raw / magnitude;
	axis.step = magnitude * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
	axis.low = floor(low / axis.step) * axis.step;
	axis.high = ceil(high / axis.step) * axis.step;
	axis.ticks = (int)lround((axis.high - axis.low) / axis.step) + 1;
	axis.decimals = (int)fmax(0, -floor(log10(axis.step) + 1e-9));
	return axis;
}

/* ---- time ---- */

enum unit { MINUTES, HOURS, DAYS, MONTHS, YEARS };

struct pace {
	enum unit unit;
	int step;
	int64_t about_ms;
};

static const struct pace paces[] = {
    {MINUTES, 1, MINUTE_MS},
    {MINUTES, 5, 5 * MINUTE_MS},
    {MINUTES, 15, 15 * MINUTE_MS},
    {HOURS, 1, HOUR_MS},
    {HOURS, 3, 3 * HOUR_MS},
    {HOURS, 6, 6 * HOUR_MS},
    {HOURS, 12, 12 * HOUR_MS},
    {DAYS, 1, DAY_MS},
    {DAYS, 2, 2 * DAY_MS},
    {DAYS, 3, 3 * DAY_MS},
    {DAYS, 7, 7 * DAY_MS},
    {DAYS, 14, 14 * DAY_MS},
    {MONTHS, 1, 30 * DAY_MS},
    {MONTHS, 2, 61 * DAY_MS},
    {MONTHS, 3, 91 * DAY_MS},
    {MONTHS, 6, 182 * DAY_MS},
    {YEARS, 1, 365 * DAY_MS},
    {YEARS, 2, 730 * DAY_MS},
    {YEARS, 5, 1826 * DAY_MS},
    {YEARS, 10, 3652 * DAY_MS},
    {YEARS, 20, 7305 * DAY_MS},
    {YEARS, 50, 18262 * DAY_MS},
    {YEARS, 100, 36524 * DAY_MS},
};

/* The n-th mark of this pace, counted from the last one at or before `from`. */
static struct civil_time
mark(const struct pace *pace, struct civil_time from, int n)
{
	struct civil_time at = {.date = from.date};
	int32_t days = civil_date_to_days(from.date);
	int minutes, months, by = n * pace->step;

	switch (pace->unit) {
	case MINUTES:
	case HOURS:
		minutes = (from.hour * 60 + from.minute) / (int)(pace->about_ms / MINUTE_MS) *
		              (int)(pace->about_ms / MINUTE_MS) +
		          by * (pace->unit == HOURS ? 60 : 1);
		at.date = civil_date_from_days(days + minutes / (24 * 60));
		at.hour = (int8_t)(minutes / 60 % 24);
		at.minute = (int8_t)(minutes % 60);
		break;
	case DAYS:
		days -= pace->step % 7 == 0 ? (civil_weekday(days) + 6) % 7 : 0; /* weeks begin on Monday */
		at.date = civil_date_from_days(days + by);
		break;
	case MONTHS:
		months = (from.date.year * 12 + from.date.month - 1) / pace->step * pace->step + by;
		at.date = (struct civil_date){(int16_t)(months / 12), (int8_t)(months % 12 + 1), 1};
		break;
	case YEARS:
		at.date = (struct civil_date){(int16_t)(from.date.year / pace->step * pace->step + by), 1, 1};
		break;
	}
	return at;
}

static str
label(struct arena *arena, enum lang lang, const struct zone *zone, const struct pace *pace, struct civil_time at,
    struct civil_time before)
{
	struct buf text = BUF_INIT(arena);
	bool new_year = at.date.year != before.date.year;

	switch (pace->unit) {
	case MINUTES:
	case HOURS:
		if (at.hour || at.minute) {
			time_words(&text, lang, zone, zone_instant(zone, at));
			break;
		}
		__attribute__((fallthrough)); /* midnight is named by its day */
	case DAYS:
		date_only_words_short(&text, lang, at.date);
		if (!new_year)
			text.n -= 5; /* " 2026" */
		break;
	case MONTHS:
		date_only_words_short(&text, lang, (struct civil_date){at.date.year, at.date.month, 0});
		if (!new_year)
			text.n -= 5;
		break;
	case YEARS: buf_add_int64(&text, at.date.year); break;
	}
	return buf_str(&text);
}

/* All marks of `pace` in [from, to]; false when there are too many. */
static bool
try_pace(struct arena *arena, enum lang lang, const struct zone *zone, const struct pace *pace, instant from,
    instant to, struct plot_ticks *out)
{
	struct civil_time begin = zone_civil(zone, from), before = {0};

	out->count = 0;
	if ((to.ms - from.ms) / pace->about_ms > PLOT_TICKS_MAX + 1)
		return false;
	for (int n = 0;; n++) {
		struct civil_time civil = mark(pace, begin, n);
		instant at;

		if (civil.date.year > 9998)
			return true;
		at = zone_instant(zone, civil);
		if (at.ms > to.ms)
			return true;
		if (at.ms < from.ms || (out->count && at.ms <= out->at[out->count - 1].ms))
			continue;
		if (out->count == PLOT_TICKS_MAX)
			return false;
		out->at[out->count] = at;
		out->label[out->count++] = label(arena, lang, zone, pace, civil, before);
		before = civil;
	}
}

void
plot_time_ticks(
    struct arena *arena, enum lang lang, const struct zone *zone, instant from, instant to, struct plot_ticks *out)
{
	struct buf text = BUF_INIT(arena);

	assert(from.ms < to.ms);
	zone = zone ? zone : zone_utc();
	for (size_t i = 0; i < sizeof(paces) / sizeof(*paces); i++)
		if (try_pace(arena, lang, zone, &paces[i], from, to, out) && out->count)
			return;
	time_words(&text, lang, zone, from);
	*out = (struct plot_ticks){.at = {from}, .label = {buf_str(&text)}, .count = 1};
}
