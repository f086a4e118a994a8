/* SPDX-License-Identifier: Apache-2.0 */
/* Civil dates, time zones and business days.  Zones come from the system's tz database (/usr/share/zoneinfo), read once
 * and kept; nothing here touches the process's own TZ. */
#ifndef SALVE_CALENDAR_H
#define SALVE_CALENDAR_H

#include "platform/base/err.h"
#include "platform/base/instant.h"

struct civil_date {
	int16_t year; /* 1 to 9999 */
	int8_t month; /* 1 to 12 */
	int8_t day;   /* 1 to 31 */
};

struct civil_time {
	struct civil_date date;
	int8_t hour, minute, second;
	int16_t millisecond;
	int32_t offset_seconds; /* east of UTC */
	bool is_dst;
	const char *abbreviation; /* "EST"; lives as long as the zone */
};

/* Days since 1970-01-01 (proleptic Gregorian) and back. */
int32_t civil_date_to_days(struct civil_date date);
struct civil_date civil_date_from_days(int32_t days);
bool civil_date_is_valid(int year, int month, int day);
int civil_weekday(int32_t days); /* 0 = Sunday */

struct zone;
/* The zone of an IANA name ("America/New_York"). Zones are loaded once, kept for the life of the process and shared between
 * threads. ERR_INVALID when there is no such zone; names with ".." or a leading "/" are refused. */
fallible zone_find(str name, const struct zone **out);
const struct zone *zone_utc(void);
struct civil_time zone_civil(const struct zone *zone, instant at);
/* The instant of a local wall-clock time. In a gap (clocks go forward) the time that the old offset gives; in a fold (clocks
 * go back) the first of the two. `civil.offset_seconds`, `is_dst` and `abbreviation` are ignored. */
instant zone_instant(const struct zone *zone, struct civil_time civil);

/* US federal holidays by rule (5 U.S.C. 6103): New Year, King, Washington, Memorial, Juneteenth (from 2021), Independence,
 * Labor, Columbus, Veterans, Thanksgiving, Christmas; one on a Saturday is observed on Friday, on a Sunday on Monday. */
bool day_is_federal_holiday(int32_t days);

/* A facility's working days. `closures` are extra days off (days since 1970), ascending. */
struct business_calendar {
	const struct zone *zone;
	const int32_t *closures;
	size_t closure_count;
};
bool business_day(const struct business_calendar *calendar, int32_t days);
/* `received` plus `count` business days: the same local wall-clock time on the count-th business day after the day of
 * receipt; received on a day off counts as received at the first minute of the next business day. Monotone in `received`.
 * (My HealtheVet: an answer within 3 federal business days.) */
instant business_add_days(const struct business_calendar *calendar, instant received, int count);
/* The hours of a business day, local time: from the first to before the last. */
#define BUSINESS_HOUR_FIRST 8
#define BUSINESS_HOUR_LAST  17
/* How much of the time from `from` to `to` lies in business hours, in milliseconds (0 when `to` is not later). */
int64_t business_ms_between(const struct business_calendar *calendar, instant from, instant to);
/* Whole business days from `from` to `to` (0 when `to` is not later). */
int business_days_between(const struct business_calendar *calendar, instant from, instant to);

#endif
