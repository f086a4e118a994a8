/* SPDX-License-Identifier: Apache-2.0 */
/* Dates as people say them, in each language. */
#include <stdlib.h>

#include "platform/pages/i18n.h"

static const char *const months[LANG_COUNT][12] = {
    {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
	"December"},
    {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
	"diciembre"},
};
static const char *const months_short[LANG_COUNT][12] = {
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
    {"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"},
};
static const char *const weekdays[LANG_COUNT][7] = {
    {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
    {"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
};

static struct civil_time
civil_of(const struct zone *zone, instant at)
{
	return zone_civil(zone ? zone : zone_utc(), at);
}

str
weekday_name(enum lang lang, int weekday)
{
	return str_from_z(weekdays[lang][weekday]);
}

str
month_name(enum lang lang, int month)
{
	assert(month >= 1 && month <= 12);
	return str_from_z(months[lang][month - 1]);
}

void
date_only_words(struct buf *out, enum lang lang, struct civil_date date)
{
	const char *of = lang == LANG_ES ? " de " : " ";

	if (date.month && date.day)
		buf_printf(out, "%d%s", date.day, of);
	if (date.month)
		buf_printf(out, "%s%s", months[lang][date.month - 1], of);
	buf_printf(out, "%d", date.year);
}

void
date_only_words_short(struct buf *out, enum lang lang, struct civil_date date)
{
	if (date.month && date.day)
		buf_printf(out, "%d ", date.day);
	if (date.month)
		buf_printf(out, "%s ", months_short[lang][date.month - 1]);
	buf_printf(out, "%d", date.year);
}

static void
add_time(struct buf *out, enum lang lang, struct civil_time civil)
{
	int hour = civil.hour % 12 ? civil.hour % 12 : 12;

	if (lang == LANG_ES)
		buf_printf(out, "%d:%02d", civil.hour, civil.minute);
	else
		buf_printf(out, "%d:%02d %s", hour, civil.minute, civil.hour < 12 ? "am" : "pm");
}

static void
add_day(struct buf *out, enum lang lang, struct civil_date date)
{
	buf_printf(out, "%s, ", weekdays[lang][civil_weekday(civil_date_to_days(date))]);
	date_only_words(out, lang, date);
}

/* "yesterday", "today", "tomorrow", or nothing. */
static const char *
near_word(struct civil_date date, struct civil_date today)
{
	switch (civil_date_to_days(date) - civil_date_to_days(today)) {
	case -1: return TR("yesterday");
	case 0: return TR("today");
	case 1: return TR("tomorrow");
	default: return NULL;
	}
}

void
time_words(struct buf *out, enum lang lang, const struct zone *zone, instant at)
{
	if (!instant_is_none(at))
		add_time(out, lang, civil_of(zone, at));
}

void
day_words(struct buf *out, enum lang lang, const struct zone *zone, instant at, instant now)
{
	struct civil_date date;
	const char *near;

	if (instant_is_none(at))
		return;
	date = civil_of(zone, at).date;
	near = near_word(date, civil_of(zone, now).date);
	if (near)
		buf_add(out, tr(lang, near));
	else
		add_day(out, lang, date);
}

void
date_words(struct buf *out, enum lang lang, const struct zone *zone, instant at, instant now)
{
	if (instant_is_none(at))
		return;
	day_words(out, lang, zone, at, now);
	buf_add(out, S(", "));
	time_words(out, lang, zone, at);
}

void
date_words_full(struct buf *out, enum lang lang, const struct zone *zone, instant at)
{
	struct civil_time civil;

	if (instant_is_none(at))
		return;
	civil = civil_of(zone, at);
	add_day(out, lang, civil.date);
	buf_add(out, S(", "));
	add_time(out, lang, civil);
}

void
date_words_short(struct buf *out, enum lang lang, const struct zone *zone, instant at, instant now)
{
	struct civil_time civil, today;
	int distance;

	if (instant_is_none(at))
		return;
	civil = civil_of(zone, at);
	today = civil_of(zone, now);
	distance = civil_date_to_days(civil.date) - civil_date_to_days(today.date);
	if (distance == 0)
		add_time(out, lang, civil);
	else if (abs(distance) == 1)
		buf_add(out, tr(lang, near_word(civil.date, today.date)));
	else if (civil.date.year == today.date.year)
		buf_printf(out, "%d %s", civil.date.day, months_short[lang][civil.date.month - 1]);
	else
		date_only_words_short(out, lang, civil.date);
}

void
duration_words(struct buf *out, enum lang lang, int64_t ms)
{
	struct tr_arg count;
	str text;

	if (ms < MINUTE_MS) {
		buf_add(out, tr(lang, TR("less than a minute")));
		return;
	}
	if (ms < HOUR_MS) {
		count = tr_arg_number(ms / MINUTE_MS);
		text = tr_n(lang, "%1 minute", "%1 minutes", count.number);
	} else if (ms < DAY_MS) {
		count = tr_arg_number(ms / HOUR_MS);
		text = tr_n(lang, "%1 hour", "%1 hours", count.number);
	} else {
		count = tr_arg_number(ms / DAY_MS);
		text = tr_n(lang, "%1 day", "%1 days", count.number);
	}
	buf_add(out, tr_fill(out->arena, lang, text, &count, 1));
}
