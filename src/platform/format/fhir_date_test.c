/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/format/fhir_date.h"
#include "unit.h"

/* [low, high) as two instants in text; "refused" otherwise. */
static const char *
span(struct arena *arena, enum fhir_date_kind kind, const char *text)
{
	struct fhir_date d;

	if (!fhir_date_parse(kind, str_from_z(text), &d))
		return "refused";
	return arena_printf(
	    arena, "%.*s %.*s", STR_ARG(fhir_instant_text(arena, d.low)), STR_ARG(fhir_instant_text(arena, d.high)))
	    .p;
}

static const struct {
	const char *text;
	bool date, datetime, instant, search;
	const char *span;
} cases[] = {
    {"2019", 1, 1, 0, 1, "2019-01-01T00:00:00.000Z 2020-01-01T00:00:00.000Z"},
    {"2019-03", 1, 1, 0, 1, "2019-03-01T00:00:00.000Z 2019-04-01T00:00:00.000Z"},
    {"2019-12", 1, 1, 0, 1, "2019-12-01T00:00:00.000Z 2020-01-01T00:00:00.000Z"},
    {"2020-02-29", 1, 1, 0, 1, "2020-02-29T00:00:00.000Z 2020-03-01T00:00:00.000Z"},
    {"0001-01-01", 1, 1, 0, 1, "0001-01-01T00:00:00.000Z 0001-01-02T00:00:00.000Z"},
    {"2019-03-05T10:00:00Z", 0, 1, 1, 1, "2019-03-05T10:00:00.000Z 2019-03-05T10:00:01.000Z"},
    {"2019-03-05T10:00:00.123+01:00", 0, 1, 1, 1, "2019-03-05T09:00:00.123Z 2019-03-05T09:00:00.124Z"},
    {"2019-03-05T23:59:59.5-05:45", 0, 1, 1, 1, "2019-03-06T05:44:59.500Z 2019-03-06T05:44:59.600Z"},
    {"2019-03-05T10:00:00.12-00:00", 0, 1, 1, 1, "2019-03-05T10:00:00.120Z 2019-03-05T10:00:00.130Z"},
    {"2019-03-05T10:00:00.123456789Z", 0, 1, 1, 1, "2019-03-05T10:00:00.123Z 2019-03-05T10:00:00.124Z"},
    {"2016-12-31T23:59:60Z", 0, 1, 1, 1, "2017-01-01T00:00:00.000Z 2017-01-01T00:00:01.000Z"},
    {"2019-03-05T00:00:00+14:00", 0, 1, 1, 1, "2019-03-04T10:00:00.000Z 2019-03-04T10:00:01.000Z"},
    {"2019-03-05T10:30", 0, 0, 0, 1, "2019-03-05T10:30:00.000Z 2019-03-05T10:31:00.000Z"},
    {"2019-03-05T10:30+01:00", 0, 0, 0, 1, "2019-03-05T09:30:00.000Z 2019-03-05T09:31:00.000Z"},
    {"2019-03-05T10:30:01", 0, 0, 0, 1, "2019-03-05T10:30:01.000Z 2019-03-05T10:30:02.000Z"},
};

static const char *const refused[] = {"", "0000", "201", "20190", "2019-", "2019-3", "2019-00", "2019-13", "2019-03-",
    "2019-03-5", "2019-02-29", "2019-04-31", "2019-03-00", "2019-03-32", "1900-02-29", "2019-03-05T", "2019-03-05T10",
    "2019-03-05T10:00:0Z", "2019-03-05T24:00:00Z", "2019-03-05T10:60:00Z", "2019-03-05T10:00:61Z",
    "2019-03-05T10:00:00.Z", "2019-03-05T10:00:00+1:00", "2019-03-05T10:00:00+14:01", "2019-03-05T10:00:00+15:00",
    "2019-03-05T10:00:00+0100", "2019-03-05T10:00:00+10:60", "2019-03-05T10:00:00z", "2019-03-05 10:00:00Z",
    "2019-03-05T10:00:00Z ", " 2019", "2019T10:00:00Z", "2019-03T10:00:00Z", "+2019", "-2019", "2019/03/05",
    "2019-03-05T10:00:00ZZ", "2019-03-05t10:00:00Z", "2O19"};

static void
a_date_stands_for_a_span_of_time(void **state)
{
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *text = cases[i].text, *wanted = cases[i].span;

		assert_string_equal(span(&arena, FHIR_DATE, text), cases[i].date ? wanted : "refused");
		assert_string_equal(span(&arena, FHIR_DATETIME, text), cases[i].datetime ? wanted : "refused");
		assert_string_equal(span(&arena, FHIR_INSTANT, text), cases[i].instant ? wanted : "refused");
		assert_string_equal(span(&arena, FHIR_SEARCH, text), cases[i].search ? wanted : "refused");
	}
	arena_release(&arena);
}

static void
what_is_no_date_is_refused_in_every_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		for (enum fhir_date_kind kind = FHIR_DATE; kind <= FHIR_SEARCH; kind++) {
			struct fhir_date d = {.precision = 77};

			if (fhir_date_parse(kind, str_from_z(refused[i]), &d))
				fail_msg("\"%s\" was read as form %d", refused[i], kind);
			assert_int_equal(d.precision, 77); /* untouched */
		}
	}
}

static void
the_fields_stay_as_written(void **state)
{
	struct fhir_date d;

	(void)state;
	assert_true(fhir_date_parse(FHIR_DATETIME, S("2019-03-05T10:20:30.045-05:00"), &d));
	assert_int_equal(d.precision, FHIR_PRECISION_FRACTION);
	assert_true(d.has_zone);
	assert_int_equal(d.civil.date.day, 5);
	assert_int_equal(d.civil.hour, 10);
	assert_int_equal(d.civil.millisecond, 45);
	assert_int_equal(d.civil.offset_seconds, -5 * 3600);
	assert_true(fhir_date_parse(FHIR_DATE, S("2019-03"), &d));
	assert_int_equal(d.precision, FHIR_PRECISION_MONTH);
	assert_int_equal(d.civil.date.day, 1);
	assert_false(d.has_zone);
}

static void
an_instant_survives_its_text(void **state)
{
	struct arena arena = ARENA_INIT;
	uint64_t seed = 99;
	const uint64_t first = 62135596800000, all = first + 253402300800000;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		instant at;
		struct fhir_date d;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		at.ms = (int64_t)((seed >> 1) % all) - (int64_t)first;
		assert_true(fhir_date_parse(FHIR_INSTANT, fhir_instant_text(&arena, at), &d));
		assert_true(d.low.ms == at.ms && d.high.ms == at.ms + 1);
		arena_clear(&arena);
	}
	assert_str_equal(fhir_date_text(&arena, (struct civil_date){812, 4, 9}), "0812-04-09");
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_date_stands_for_a_span_of_time),
	    cmocka_unit_test(what_is_no_date_is_refused_in_every_form),
	    cmocka_unit_test(the_fields_stay_as_written),
	    cmocka_unit_test(an_instant_survives_its_text),
	};

	return cmocka_run_group_tests_name("fhir_date", tests, NULL, NULL);
}
