/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "platform/base/tzif.h"
#include "unit.h"

static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static const struct zone *
zone_named(const char *name)
{
	const struct zone *zone = NULL;

	assert_ok(zone_find(str_from_z(name), &zone));
	return zone;
}

static int32_t
days(int year, int month, int day)
{
	return civil_date_to_days((struct civil_date){(int16_t)year, (int8_t)month, (int8_t)day});
}

static instant
wall(const struct zone *zone, int year, int month, int day, int hour, int minute)
{
	struct civil_time civil = {
	    .date = {(int16_t)year, (int8_t)month, (int8_t)day}, .hour = (int8_t)hour, .minute = (int8_t)minute};

	return zone_instant(zone, civil);
}

/* "2026-03-08 03:30 -0400 EDT" */
static const char *
shown(struct arena *arena, const struct zone *zone, instant at)
{
	struct civil_time c = zone_civil(zone, at);
	int offset = c.offset_seconds < 0 ? -c.offset_seconds : c.offset_seconds;

	return arena_printf(arena, "%04d-%02d-%02d %02d:%02d %c%02d%02d %s", c.date.year, c.date.month, c.date.day,
	    c.hour, c.minute, c.offset_seconds < 0 ? '-' : '+', offset / 3600, offset / 60 % 60, c.abbreviation)
	    .p;
}

#define assert_shown(zone, at, text)                                       \
	do {                                                               \
		struct arena shown_ = ARENA_INIT;                          \
		assert_string_equal(shown(&shown_, (zone), (at)), (text)); \
		arena_release(&shown_);                                    \
	} while (0)

static void
every_day_of_ten_thousand_years_has_its_number(void **state)
{
	int year = 1, month = 1, day = 1, weekday = 1; /* 0001-01-01 was a Monday */

	(void)state;
	for (int32_t n = days(1, 1, 1); n <= days(9999, 12, 31); n++) {
		struct civil_date date = civil_date_from_days(n);

		if (date.year != year || date.month != month || date.day != day || civil_date_to_days(date) != n ||
		    civil_weekday(n) != weekday)
			fail_msg("day %d is %d-%d-%d", n, date.year, date.month, date.day);
		weekday = (weekday + 1) % 7;
		if (civil_date_is_valid(year, month, ++day))
			continue;
		day = 1;
		if (++month > 12) {
			month = 1;
			year++;
		}
	}
	assert_int_equal(days(1970, 1, 1), 0);
	assert_false(civil_date_is_valid(2023, 2, 29));
	assert_true(civil_date_is_valid(2024, 2, 29));
	assert_false(civil_date_is_valid(1900, 2, 29));
	assert_true(civil_date_is_valid(2000, 2, 29));
	assert_false(civil_date_is_valid(2000, 13, 1));
	assert_false(civil_date_is_valid(0, 1, 1));
	assert_false(civil_date_is_valid(2000, 4, 31));
}

static bool
agrees_with_libc(const struct zone *zone, int64_t seconds)
{
	struct civil_time c = zone_civil(zone, (instant){seconds * 1000 + 7});
	time_t at = (time_t)seconds;
	struct tm tm;

	localtime_r(&at, &tm);
	if (c.date.year == tm.tm_year + 1900 && c.date.month == tm.tm_mon + 1 && c.date.day == tm.tm_mday &&
	    c.hour == tm.tm_hour && c.minute == tm.tm_min && c.second == tm.tm_sec && c.millisecond == 7 &&
	    c.offset_seconds == tm.tm_gmtoff && c.is_dst == (tm.tm_isdst > 0) &&
	    strcmp(c.abbreviation, tm.tm_zone) == 0)
		return true;
	printf("%.*s at %lld: %d-%d-%d %d:%d:%d %s, libc %d-%d-%d %d:%d:%d %s\n", STR_ARG(zone->name),
	    (long long)seconds, c.date.year, c.date.month, c.date.day, c.hour, c.minute, c.second, c.abbreviation,
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_zone);
	return false;
}

/* In a process of its own, because TZ belongs to the process. */
static int
differences_from_libc(const char *name, const struct zone *zone)
{
	const int64_t last = days(2090, 1, 1) * INT64_C(86400);
	uint64_t seed = 88172645463325252u;
	int wrong = 0, changes = 0;

	setenv("TZ", name, 1);
	tzset();
	for (int64_t at = zone_transition_after(zone, 0); at < last; at = zone_transition_after(zone, at)) {
		wrong +=
		    !agrees_with_libc(zone, at - 1) + !agrees_with_libc(zone, at) + !agrees_with_libc(zone, at + 1);
		changes++;
	}
	for (int i = 0; i < 30000; i++)
		wrong += !agrees_with_libc(zone, (int64_t)(next_random(&seed) % (uint64_t)last));
	if (strcmp(name, "America/New_York") == 0 && changes < 240)
		wrong++; /* two a year */
	return wrong;
}

static const char *const zone_names[] = {"America/New_York", "America/Phoenix", "Pacific/Honolulu",
    "America/Puerto_Rico", "Pacific/Guam", "America/Anchorage", "America/Indiana/Indianapolis", "Europe/London",
    "Europe/Dublin", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "America/Havana", "America/Asuncion",
    "America/Nuuk", "Africa/Cairo", "UTC"};
#define ZONE_COUNT (sizeof(zone_names) / sizeof(*zone_names))

static void
zones_agree_with_the_c_library_at_every_change_until_2090(void **state)
{
	(void)state;
	for (size_t i = 0; i < ZONE_COUNT; i++) {
		const struct zone *zone = zone_named(zone_names[i]);
		int status;
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0) {
			int wrong = differences_from_libc(zone_names[i], zone);
			fflush(stdout);
			_exit(wrong > 0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		if (status != 0)
			fail_msg("%s differs", zone_names[i]);
	}
}

static void
a_zone_is_found_once_and_only_by_a_plain_name(void **state)
{
	const struct zone *zone = NULL;

	(void)state;
	assert_ptr_equal(zone_named("America/Chicago"), zone_named("America/Chicago"));
	assert_ptr_equal(zone_named("UTC"), zone_utc());
	assert_fails(zone_find(S("Mars/Olympus"), &zone), ERR_INVALID);
	assert_fails(zone_find(S("../../../etc/passwd"), &zone), ERR_INVALID);
	assert_fails(zone_find(S("/usr/share/zoneinfo/UTC"), &zone), ERR_INVALID);
	assert_fails(zone_find(S("America"), &zone), ERR_INVALID); /* a folder */
	assert_fails(zone_find(S("America/New_York\0x"), &zone), ERR_INVALID);
	assert_fails(zone_find(S("right/America/New_York"), &zone), ERR_INVALID); /* leap seconds */
	assert_fails(zone_find(S(""), &zone), ERR_INVALID);
	assert_fails(zone_find(STR_NONE, &zone), ERR_INVALID);
	assert_null(zone);
}

static void
a_skipped_wall_time_is_read_by_the_old_offset_and_a_repeated_one_the_first_time(void **state)
{
	const struct zone *new_york = zone_named("America/New_York"), *lord_howe = zone_named("Australia/Lord_Howe");
	const struct zone *apia = zone_named("Pacific/Apia");

	(void)state;
	assert_shown(new_york, wall(new_york, 2026, 3, 8, 1, 59), "2026-03-08 01:59 -0500 EST");
	assert_shown(new_york, wall(new_york, 2026, 3, 8, 2, 30), "2026-03-08 03:30 -0400 EDT");
	assert_shown(new_york, wall(new_york, 2026, 3, 8, 3, 0), "2026-03-08 03:00 -0400 EDT");
	assert_shown(new_york, wall(new_york, 2026, 11, 1, 1, 30), "2026-11-01 01:30 -0400 EDT");
	assert_shown(new_york, wall(new_york, 2026, 11, 1, 2, 0), "2026-11-01 02:00 -0500 EST");
	assert_shown(new_york, wall(new_york, 2086, 3, 10, 2, 30), "2086-03-10 03:30 -0400 EDT"); /* by the rule */
	assert_shown(lord_howe, wall(lord_howe, 2026, 10, 4, 2, 15), "2026-10-04 02:45 +1100 +11");
	assert_shown(apia, wall(apia, 2011, 12, 30, 10, 0), "2011-12-31 10:00 +1400 +14"); /* a day that never was */
}

static void
a_wall_time_leads_back_to_its_moment_or_the_earlier_of_two(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (size_t i = 0; i < ZONE_COUNT; i++) {
		const struct zone *zone = zone_named(zone_names[i]);

		for (int n = 0; n < 20000; n++) {
			int64_t change = zone_transition_after(zone, (int64_t)(next_random(&seed) % 3700000000u));
			int64_t near = (int64_t)(next_random(&seed) % 20000) - 10000;
			instant at = {n % 2 && change < INT64_MAX ? (change + near) * 1000
								  : (int64_t)(next_random(&seed) % 3700000000000u)};
			struct civil_time civil = zone_civil(zone, at), again;
			instant back = zone_instant(zone, civil);

			again = zone_civil(zone, back);
			if (back.ms > at.ms || again.hour != civil.hour || again.minute != civil.minute ||
			    again.second != civil.second || again.date.day != civil.date.day ||
			    again.millisecond != civil.millisecond)
				fail_msg("%s at %lld", zone_names[i], (long long)at.ms);
			if (back.ms < at.ms)
				assert_true(again.offset_seconds > civil.offset_seconds);
		}
	}
}

static void
dates_beyond_the_calendar_stay_in_it(void **state)
{
	const struct zone *guam = zone_named("Pacific/Guam"), *honolulu = zone_named("Pacific/Honolulu");

	(void)state;
	assert_int_equal(zone_civil(guam, (instant){INT64_MAX}).date.year, 9999);
	assert_int_equal(zone_civil(honolulu, (instant){INT64_MAX}).date.year, 9999);
	assert_int_equal(zone_civil(guam, INSTANT_NONE).date.year, 1);
	assert_int_equal(zone_civil(honolulu, INSTANT_NONE).date.year, 1);
}

/* As the Office of Personnel Management lists them. */
static const char *const observed_holidays[] = {"2020-01-01", "2020-01-20", "2020-02-17", "2020-05-25", "2020-07-03",
    "2020-09-07", "2020-10-12", "2020-11-11", "2020-11-26", "2020-12-25", "2021-01-01", "2021-01-18", "2021-02-15",
    "2021-05-31", "2021-06-18", "2021-07-05", "2021-09-06", "2021-10-11", "2021-11-11", "2021-11-25", "2021-12-24",
    "2021-12-31", "2022-01-17", "2022-02-21", "2022-05-30", "2022-06-20", "2022-07-04", "2022-09-05", "2022-10-10",
    "2022-11-11", "2022-11-24", "2022-12-26", "2023-01-02", "2023-01-16", "2023-02-20", "2023-05-29", "2023-06-19",
    "2023-07-04", "2023-09-04", "2023-10-09", "2023-11-10", "2023-11-23", "2023-12-25", NULL};

static void
federal_holidays_are_those_of_the_list(void **state)
{
	const char *const *next = observed_holidays;
	int later = 0;

	(void)state;
	for (int32_t n = days(2020, 1, 1); n < days(2024, 1, 1); n++) {
		struct civil_date date = civil_date_from_days(n);
		char text[32];

		snprintf(text, sizeof(text), "%04d-%02d-%02d", date.year, date.month, date.day);
		if (day_is_federal_holiday(n) != (*next && strcmp(text, *next) == 0))
			fail_msg("%s", text);
		next += day_is_federal_holiday(n);
	}
	assert_null(*next);
	for (int32_t n = days(2024, 1, 1); n < days(2036, 1, 1); n++)
		later += day_is_federal_holiday(n);
	assert_int_equal(later, 12 * 11); /* neither 2024-01-01 nor 2036-01-01 moves over the edge */
	assert_true(day_is_federal_holiday(days(2026, 7, 3)));
	assert_true(day_is_federal_holiday(days(2026, 11, 26)));
	assert_false(day_is_federal_holiday(days(2026, 6, 18)));
	assert_false(day_is_federal_holiday(days(2020, 6, 19))); /* a holiday from 2021 */
	assert_false(day_is_federal_holiday(days(1985, 1, 21))); /* King: from 1986 */
}

static void
an_answer_is_due_after_three_business_days(void **state)
{
	const struct zone *ny = zone_named("America/New_York");
	int32_t closed[] = {days(2026, 3, 10), days(2026, 3, 12)};
	const struct business_calendar plain = {.zone = ny}, stormy = {ny, closed, 2};

	(void)state;
	/* Friday 16:59, over a weekend on which the clock goes forward */
	assert_shown(ny, business_add_days(&plain, wall(ny, 2026, 3, 6, 16, 59), 3), "2026-03-11 16:59 -0400 EDT");
	assert_shown(ny, business_add_days(&stormy, wall(ny, 2026, 3, 6, 16, 59), 3), "2026-03-13 16:59 -0400 EDT");
	/* Saturday counts as Monday's first minute */
	assert_shown(ny, business_add_days(&plain, wall(ny, 2026, 3, 7, 12, 0), 3), "2026-03-12 00:00 -0400 EDT");
	assert_shown(ny, business_add_days(&plain, wall(ny, 2026, 3, 7, 12, 0), 0), "2026-03-09 00:00 -0400 EDT");
	assert_shown(ny, business_add_days(&plain, wall(ny, 2026, 3, 6, 12, 0), 0), "2026-03-06 12:00 -0500 EST");
	/* 4 July 2026 is a Saturday: Friday the 3rd is off */
	assert_shown(ny, business_add_days(&plain, wall(ny, 2026, 7, 2, 9, 30), 1), "2026-07-06 09:30 -0400 EDT");
	assert_shown(ny, business_add_days(&plain, wall(ny, 2026, 7, 3, 9, 30), 1), "2026-07-07 00:00 -0400 EDT");
	/* Wednesday before Thanksgiving, closed Friday is not a holiday */
	assert_shown(ny, business_add_days(&plain, wall(ny, 2026, 11, 25, 8, 0), 1), "2026-11-27 08:00 -0500 EST");
	/* New Year 2028 is a Saturday, observed on 31 December 2027 */
	assert_shown(ny, business_add_days(&plain, wall(ny, 2027, 12, 30, 8, 0), 1), "2028-01-03 08:00 -0500 EST");
	assert_false(business_day(&stormy, closed[1]));
	assert_true(business_day(&plain, closed[1]));
}

static void
business_hours_are_counted_within_business_days(void **state)
{
	const struct zone *ny;
	int32_t closed = civil_date_to_days((struct civil_date){2026, 3, 10});
	struct business_calendar calendar = {.closures = &closed, .closure_count = 1};

	(void)state;
	assert_ok(zone_find(S("America/New_York"), &ny));
	calendar.zone = ny;
	/* Friday 16:00 to Monday 9:00, with the clocks going forward between: one hour and one hour */
	assert_int_equal(
	    business_ms_between(&calendar, wall(ny, 2026, 3, 6, 16, 0), wall(ny, 2026, 3, 9, 9, 0)), 2 * HOUR_MS);
	assert_int_equal(
	    business_ms_between(&calendar, wall(ny, 2026, 3, 9, 9, 0), wall(ny, 2026, 3, 9, 9, 1)), MINUTE_MS);
	/* a closed Tuesday; before and after hours */
	assert_int_equal(business_ms_between(&calendar, wall(ny, 2026, 3, 9, 17, 0), wall(ny, 2026, 3, 11, 8, 0)), 0);
	assert_int_equal(
	    business_ms_between(&calendar, wall(ny, 2026, 3, 9, 6, 0), wall(ny, 2026, 3, 9, 23, 0)), 9 * HOUR_MS);
	assert_int_equal(business_ms_between(&calendar, wall(ny, 2026, 3, 9, 12, 0), wall(ny, 2026, 3, 9, 11, 0)), 0);
	assert_int_equal(business_ms_between(&calendar, wall(ny, 2026, 3, 12, 12, 0), wall(ny, 2026, 3, 9, 11, 0)), 0);
}

static void
business_days_between_counts_whole_days(void **state)
{
	const struct zone *ny = zone_named("America/New_York");
	const struct business_calendar calendar = {.zone = ny};
	instant friday = wall(ny, 2026, 3, 6, 16, 59);

	(void)state;
	assert_int_equal(business_days_between(&calendar, friday, wall(ny, 2026, 3, 9, 16, 58)), 0);
	assert_int_equal(business_days_between(&calendar, friday, wall(ny, 2026, 3, 9, 16, 59)), 1);
	assert_int_equal(business_days_between(&calendar, friday, wall(ny, 2026, 3, 15, 10, 0)), 5);
	assert_int_equal(business_days_between(&calendar, friday, friday), 0);
	assert_int_equal(business_days_between(&calendar, friday, wall(ny, 2026, 3, 1, 0, 0)), 0);
	assert_int_equal(business_days_between(&calendar, wall(ny, 2026, 3, 7, 8, 0), wall(ny, 2026, 3, 9, 8, 0)), 0);
	assert_int_equal(business_days_between(&calendar, wall(ny, 2026, 3, 7, 8, 0), wall(ny, 2026, 3, 10, 0, 0)), 1);
}

static void
who_writes_later_is_never_due_earlier(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (size_t i = 0; i < ZONE_COUNT; i++) {
		const struct zone *zone = zone_named(zone_names[i]);
		int32_t closures[] = {days(1999, 5, 5), days(2011, 3, 17), days(2011, 12, 29), days(2030, 10, 8)};
		const struct business_calendar calendar = {zone, closures, 4};

		for (int n = 0; n < 8000; n++) {
			int64_t change = zone_transition_after(zone, (int64_t)(next_random(&seed) % 2500000000u));
			int64_t base = change < INT64_MAX ? change : (int64_t)(next_random(&seed) % 2500000000u);
			int count = (int)(next_random(&seed) % 5), between;
			/* Received or due around a change of the clock. */
			instant a = {
			    (base - (n % 3) * count * 86400 + (int64_t)(next_random(&seed) % 14400) - 7200) * 1000};
			instant b = instant_add_ms(a, (int64_t)(next_random(&seed) % (n % 2 ? 9000000 : 400000000)));
			instant due_a = business_add_days(&calendar, a, count),
				due_b = business_add_days(&calendar, b, count);

			if (due_b.ms < due_a.ms || due_a.ms < a.ms)
				fail_msg("%s: %lld due %lld, %lld due %lld", zone_names[i], (long long)a.ms,
				    (long long)due_a.ms, (long long)b.ms, (long long)due_b.ms);
			between = business_days_between(&calendar, a, b);
			assert_true(between == 0 || business_add_days(&calendar, a, between).ms <= b.ms);
			assert_true(business_add_days(&calendar, a, between + 1).ms > b.ms);
		}
	}
}

static void
broken_zone_files_are_refused(void **state)
{
	struct arena arena = ARENA_INIT;
	char bytes[TZIF_BYTES_MAX];
	FILE *file = fopen("/usr/share/zoneinfo/America/New_York", "rb");
	size_t n;
	struct zone zone;

	(void)state;
	assert_non_null(file);
	n = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	assert_true(tzif_parse(&arena, (str){bytes, n}, &zone));
	for (size_t cut = 0; cut < n; cut++)
		assert_false(tzif_parse(&arena, (str){bytes, cut}, &zone));
	bytes[4] = 0; /* version 1 */
	assert_false(tzif_parse(&arena, (str){bytes, n}, &zone));
	bytes[4] = '2';
	bytes[n - 2] = 'x'; /* the end of the rule */
	assert_false(tzif_parse(&arena, (str){bytes, n}, &zone));
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_day_of_ten_thousand_years_has_its_number),
	    cmocka_unit_test(zones_agree_with_the_c_library_at_every_change_until_2090),
	    cmocka_unit_test(a_zone_is_found_once_and_only_by_a_plain_name),
	    cmocka_unit_test(a_skipped_wall_time_is_read_by_the_old_offset_and_a_repeated_one_the_first_time),
	    cmocka_unit_test(a_wall_time_leads_back_to_its_moment_or_the_earlier_of_two),
	    cmocka_unit_test(dates_beyond_the_calendar_stay_in_it),
	    cmocka_unit_test(federal_holidays_are_those_of_the_list),
	    cmocka_unit_test(an_answer_is_due_after_three_business_days),
	    cmocka_unit_test(business_hours_are_counted_within_business_days),
	    cmocka_unit_test(business_days_between_counts_whole_days),
	    cmocka_unit_test(who_writes_later_is_never_due_earlier),
	    cmocka_unit_test(broken_zone_files_are_refused),
	};

	return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
