/* SPDX-License-Identifier: Apache-2.0 */
/* Civil dates, federal holidays, business days: arithmetic only; the zones are in zone.c.  The surprise: business days are
 * counted on a wall clock that never runs backwards (tzif.h), so that who writes later is never due earlier. */
#include "platform/base/tzif.h"

static int32_t
floor_div(int32_t a, int32_t b)
{
	return a / b - (a % b < 0);
}

/* A year that begins in March ends in the leap day, so months before it have fixed lengths: 153 days in every five. */
int32_t
civil_date_to_days(struct civil_date date)
{
	int32_t year = date.month > 2 ? date.year : date.year - 1;
	int32_t month = (date.month + 9) % 12; /* March = 0 */
	int32_t day_of_year = (153 * month + 2) / 5 + date.day - 1;

	return 365 * year + floor_div(year, 4) - floor_div(year, 100) + floor_div(year, 400) + day_of_year - 719468;
}

struct civil_date
civil_date_from_days(int32_t days)
{
	int32_t since = days + 719468; /* from 0000-03-01 */
	int32_t century4 = floor_div(since, 146097), rest = since - century4 * 146097;
	/* Leap days before `rest`: one in 1461 days, but for the ends of three centuries. */
	int32_t year = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
	int32_t day = rest - (365 * year + year / 4 - year / 100);
	int32_t month = (5 * day + 2) / 153;

	return (struct civil_date){
	    .year = (int16_t)(century4 * 400 + year + (month >= 10)),
	    .month = (int8_t)(month < 10 ? month + 3 : month - 9),
	    .day = (int8_t)(day - (153 * month + 2) / 5 + 1),
	};
}

bool
civil_date_is_valid(int year, int month, int day)
{
	static const int8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= lengths[month - 1] + (month == 2 && leap);
}

int
civil_weekday(int32_t days)
{
	return (int)(days + 4 - 7 * floor_div(days + 4, 7)); /* 1970-01-01 was a Thursday */
}

enum { SUNDAY, MONDAY, THURSDAY = 4, FRIDAY, SATURDAY };

/* 5 U.S.C. 6103(a): on a date, or on the `week`-th `weekday` of a month (week 5: the last). */
static const struct holiday {
	int month, day, week, weekday, since_year;
} holidays[] = {
    {.month = 1, .day = 1},
    {.month = 1, .week = 3, .weekday = MONDAY, .since_year = 1986}, /* Martin Luther King, Jr. */
    {.month = 2, .week = 3, .weekday = MONDAY},                     /* Washington */
    {.month = 5, .week = 5, .weekday = MONDAY},                     /* Memorial Day */
    {.month = 6, .day = 19, .since_year = 2021},                    /* Juneteenth */
    {.month = 7, .day = 4},
    {.month = 9, .week = 1, .weekday = MONDAY},    /* Labor Day */
    {.month = 10, .week = 2, .weekday = MONDAY},   /* Columbus */
    {.month = 11, .day = 11},                      /* Veterans Day */
    {.month = 11, .week = 4, .weekday = THURSDAY}, /* Thanksgiving */
    {.month = 12, .day = 25},
};

static bool
is_legal_holiday(int32_t days)
{
	struct civil_date date = civil_date_from_days(days);

	for (size_t i = 0; i < sizeof(holidays) / sizeof(*holidays); i++) {
		const struct holiday *h = &holidays[i];

		if (h->month != date.month || date.year < h->since_year)
			continue;
		if (h->day == date.day)
			return true;
		if (!h->week || h->weekday != civil_weekday(days))
			continue;
		if (h->week == 5 ? civil_date_from_days(days + 7).month != date.month : (date.day + 6) / 7 == h->week)
			return true;
	}
	return false;
}

bool
day_is_federal_holiday(int32_t days)
{
	switch (civil_weekday(days)) {
	case SATURDAY:
	case SUNDAY: return false; /* observed on the Friday before, the Monday after */
	case FRIDAY: return is_legal_holiday(days) || is_legal_holiday(days + 1);
	case MONDAY: return is_legal_holiday(days) || is_legal_holiday(days - 1);
	default: return is_legal_holiday(days);
	}
}

static bool
is_closure(const struct business_calendar *calendar, int32_t days)
{
	size_t low = 0, high = calendar->closure_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (calendar->closures[middle] < days)
			low = middle + 1;
		else
			high = middle;
	}
	return low < calendar->closure_count && calendar->closures[low] == days;
}

bool
business_day(const struct business_calendar *calendar, int32_t days)
{
	int weekday = civil_weekday(days);

	return weekday != SATURDAY && weekday != SUNDAY && !day_is_federal_holiday(days) && !is_closure(calendar, days);
}

/* A moment on a business day: the moment of receipt, moved to the next business day's beginning when it fell on a day off. */
struct receipt {
	int32_t day;
	int64_t ms_of_day;
};

static int32_t
day_of_wall(int64_t wall_ms)
{
	return (int32_t)(wall_ms / DAY_MS - (wall_ms % DAY_MS < 0));
}

static struct receipt
receipt(const struct business_calendar *calendar, instant received)
{
	struct receipt r = {0};
	int64_t wall_ms;

	assert(!instant_is_none(received));
	wall_ms = zone_wall_steady(calendar->zone, received);
	r.day = day_of_wall(wall_ms);
	if (business_day(calendar, r.day)) {
		r.ms_of_day = wall_ms - r.day * DAY_MS;
		return r;
	}
	while (!business_day(calendar, r.day))
		r.day++;
	return r;
}

instant
business_add_days(const struct business_calendar *calendar, instant received, int count)
{
	struct receipt r = receipt(calendar, received);

	assert(count >= 0);
	while (count > 0) {
		r.day++;
		count -= business_day(calendar, r.day);
	}
	return zone_instant_steady(calendar->zone, r.day * DAY_MS + r.ms_of_day);
}

int
business_days_between(const struct business_calendar *calendar, instant from, instant to)
{
	int32_t first = receipt(calendar, from).day, last = day_of_wall(zone_wall_steady(calendar->zone, to));
	int count = 0;

	for (int32_t day = first + 1; day <= last; day++)
		count += business_day(calendar, day);
	while (count > 0 && instant_before(to, business_add_days(calendar, from, count)))
		count--; /* the last one is not whole; once, or twice where a clock change swallowed a day */
	return count;
}

static instant
hour_of(const struct business_calendar *calendar, int32_t day, int hour)
{
	return zone_instant(
	    calendar->zone, (struct civil_time){.date = civil_date_from_days(day), .hour = (int8_t)hour});
}

int64_t
business_ms_between(const struct business_calendar *calendar, instant from, instant to)
{
	int32_t first = civil_date_to_days(zone_civil(calendar->zone, from).date);
	int32_t last = civil_date_to_days(zone_civil(calendar->zone, to).date);
	int64_t sum = 0;

	for (int32_t day = first; day <= last; day++) {
		instant begin, end;

		if (!business_day(calendar, day))
			continue;
		begin = hour_of(calendar, day, BUSINESS_HOUR_FIRST);
		end = hour_of(calendar, day, BUSINESS_HOUR_LAST);
		if (instant_before(begin, from))
			begin = from;
		if (instant_before(to, end))
			end = to;
		if (instant_before(begin, end))
			sum += end.ms - begin.ms;
	}
	return sum;
}
