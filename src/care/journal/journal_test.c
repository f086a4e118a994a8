/* SPDX-License-Identifier: Apache-2.0 */
/* The table and what follows from it: numbers and units to the digit, every field through FHIR and back, what is unusual and
 * what is wrong. */
#include "care/journal/journal_test_help.h"

/* ---- numbers and units ---- */

static void
numbers_are_read_as_people_write_them(void **state)
{
	static const struct {
		const char *text, *out;
	} good[] = {{"98.6", "98.6"}, {" 98,6 ", "98.6"}, {"-1", "-1"}, {"007", "7"}, {"1.250", "1.25"}, {".5", "0.5"},
	    {"1000000", "1000000"}};
	static const char *const bad[] = {"", "x", "12x", "1.2.3", "1 2", "--1", "1.2345", "1000001", ".", "1e3"};
	struct arena arena = ARENA_INIT;
	int64_t nano;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(journal_number_parse(str_from_z(good[i].text), &nano));
		assert_str_equal(journal_number_text(&arena, nano, JOURNAL_DECIMALS_IN), good[i].out);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(journal_number_parse(str_from_z(bad[i]), &nano));
	arena_release(&arena);
}

static void
units_convert_as_published(void **state)
{
	static const struct {
		const char *log, *unit, *in, *first;
		int decimals;
	} known[] = {{"weight", "[lb_av]", "100", "45.359237", 9}, {"temperature", "[degF]", "98.6", "37", 9},
	    {"temperature", "[degF]", "-40", "-40", 9}, {"blood-sugar", "mmol/L", "5.5", "99.0858", 9},
	    {"cholesterol", "mmol/L", "5", "193.325", 9}};
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const struct journal_log *log = journal_log_find(str_from_z(known[i].log));
		const struct journal_unit *unit = journal_unit_find(log->fields[0].units, str_from_z(known[i].unit));
		int64_t nano;

		assert_true(journal_number_parse(str_from_z(known[i].in), &nano));
		assert_str_equal(
		    journal_number_text(&arena, journal_to_first(unit, nano), known[i].decimals), known[i].first);
	}
	arena_release(&arena);
}

/* Whatever is typed comes back to the digit, from any unit, through FHIR's rounding too. */
static void
conversions_come_back_to_the_digit(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct journal_log *log;

	(void)state;
	test_seed = 1;
	for (size_t l = 0; (log = journal_log_at(l)); l++)
		for (size_t f = 0; f < log->field_count; f++)
			for (size_t u = 0; log->fields[f].units && u < log->fields[f].units->count; u++)
				for (int i = 0; i < 2000; i++) {
					const struct journal_unit *unit = &log->fields[f].units->items[u];
					int64_t typed =
						    ((int64_t)random_below(1000000) - 200000) * (JOURNAL_NANO / 1000),
						first;

					first = journal_to_first(unit, typed);
					assert_str_equal(journal_number_text(&arena, journal_from_first(unit, first),
							     JOURNAL_DECIMALS_IN),
					    arena_z(&arena, journal_number_text(&arena, typed, JOURNAL_DECIMALS_IN)));
					arena_clear(&arena);
				}
	arena_release(&arena);
}

static void
averages_are_those_of_a_plain_recount(void **state)
{
	(void)state;
	test_seed = 7;
	for (int round = 0; round < 200; round++) {
		struct journal_mean mean = {0};
		int64_t low = INT64_MAX, high = INT64_MIN;
		__int128 sum = 0;
		unsigned n = 1 + random_below(50);

		for (unsigned i = 0; i < n; i++) {
			int64_t value = ((int64_t)random_below(400000) - 100000) * 1000000;

			journal_mean_add(&mean, value);
			sum += value;
			low = value < low ? value : low;
			high = value > high ? value : high;
		}
		assert_true(mean.low == low && mean.high == high && mean.count == n);
		assert_true((double)journal_mean_of(&mean) - (double)sum / n < 1.0 &&
			    (double)journal_mean_of(&mean) - (double)sum / n > -1.0);
	}
}

/* ---- the table ---- */

static void
the_table_names_nothing_twice(void **state)
{
	const struct journal_log *log, *other;

	(void)state;
	for (size_t i = 0; (log = journal_log_at(i)); i++) {
		assert_true(log->number > 0 && log->number < SHARE_LOGS_MAX && log->field_count <= JOURNAL_FIELDS_MAX);
		for (size_t j = 0; j < i && (other = journal_log_at(j)); j++)
			assert_true(other->number != log->number && strcmp(other->name, log->name) != 0);
		for (size_t f = 0; f < log->field_count; f++) {
			const struct journal_field *field = &log->fields[f];
			size_t at = 0;

			assert_ptr_equal(journal_field_find(log, str_from_z(field->name), &at), field);
			assert_int_equal(at, f);
			assert_true((field->kind == FIELD_NUMBER) == (field->units != NULL));
			assert_true(
			    (field->kind == FIELD_CODE || field->kind == FIELD_CODES) == (field->codes != NULL));
			for (size_t c = 0; field->codes && c < field->codes->count; c++)
				assert_ptr_equal(
				    journal_code_find(field->codes, str_from_z(field->codes->items[c].value)),
				    &field->codes->items[c]);
		}
	}
}

static str
any_value(struct arena *arena, const struct journal_field *field, struct journal_values *values, size_t i)
{
	const struct journal_codes *codes = field->codes;

	switch (field->kind) {
	case FIELD_NUMBER:
		values->unit[i] = &field->units->items[random_below((unsigned)field->units->count)];
		return journal_number_text(arena, (int64_t)random_below(300000) * (JOURNAL_NANO / 1000), 3);
	case FIELD_CODE: return str_from_z(codes->items[random_below((unsigned)codes->count)].value);
	case FIELD_CODES:
		return arena_printf(arena, "%s,%s", codes->items[0].value, codes->items[codes->count - 1].value);
	case FIELD_YES: return random_below(2) ? S("yes") : S("no");
	case FIELD_DAY: return S("2026-03-05");
	case FIELD_TIME: return S("2026-03-05T09:30:00-05:00");
	case FIELD_TEXT:
	case FIELD_LONG: break;
	}
	return arena_printf(arena, "\"Quoted\"\n%u · señal", random_below(1000));
}

static void
every_field_comes_back_from_fhir(void **state)
{
	struct world *world = *state;
	struct cx *cx = &world->cx;
	const struct journal_log *log;
	struct people people;

	setup(world, &people);
	test_seed = 3;
	for (size_t l = 0; (log = journal_log_at(l)); l++)
		for (int round = 0; round < 20; round++) {
			struct journal_values in = {.source = S("A file"), .origin = S("o1")}, out;
			const struct json_value *json;
			struct resource_draft *draft;

			for (size_t f = 0; f < log->field_count; f++)
				if (log->fields[f].required || random_below(3))
					in.text[f] = any_value(cx->arena, &log->fields[f], &in, f);
			while (log->has_files && in.file_count < 1 + random_below(JOURNAL_FILES_MAX))
				in.files[in.file_count++] =
				    (struct journal_file){.id = uuid_text(cx->arena, uuid_new(cx->now)),
					.name = S("señal.png"),
					.title = any_value(cx->arena, &log->fields[0], &in, 0),
					.content_type = S("image/png"),
					.bytes = random_below(1000000)};
			assert_ok(json_parse(cx->arena, journal_to_fhir(cx->arena, log, S("x"), &in), &json, NULL));
			assert_ok(resource_prepare(cx,
			    &(struct resource_new){.patient = people.bo, .json = json, .log = log->number}, &draft));
			journal_from_fhir(cx->arena, log, json, &out);
			for (size_t f = 0; f < log->field_count; f++) {
				if (!str_equal(in.text[f], out.text[f]))
					fail_msg("%s.%s: '%.*s' became '%.*s'", log->name, log->fields[f].name,
					    STR_ARG(in.text[f]), STR_ARG(out.text[f]));
				if (in.text[f].n && in.unit[f] != out.unit[f])
					fail_msg("%s.%s: another unit", log->name, log->fields[f].name);
			}
			assert_int_equal(in.file_count, out.file_count);
			for (size_t i = 0; i < in.file_count; i++)
				assert_true(str_equal(in.files[i].id, out.files[i].id) &&
					    str_equal(in.files[i].name, out.files[i].name) &&
					    str_equal(in.files[i].title, out.files[i].title) &&
					    in.files[i].bytes == out.files[i].bytes);
			assert_true(str_equal(in.source, out.source) && str_equal(in.origin, out.origin));
		}
}

/* ---- looking over ---- */

static struct journal_troubles
look_over(struct world *world, const char *log, const char *field, str text, const char *unit)
{
	static const struct zone *utc;
	struct page_cx px = {.arena = world->cx.arena, .zone = utc, .now = world->cx.now};
	struct journal_values values = {0};
	struct journal_troubles troubles = {0};
	const struct journal_log *of = journal_log_find(str_from_z(log));

	test_seed = 1;
	for (size_t f = 0; f < of->field_count; f++)
		if (of->fields[f].required && of->fields[f].kind != FIELD_NUMBER)
			values.text[f] = any_value(world->cx.arena, &of->fields[f], &values, f);
		else if (of->fields[f].required) {
			values.text[f] = f ? S("70") : S("120");
			values.unit[f] = &of->fields[f].units->items[0];
		}
	for (size_t f = 0; f < of->field_count; f++)
		if (!strcmp(of->fields[f].name, field)) {
			values.text[f] = text;
			values.unit[f] = unit ? journal_unit_find(of->fields[f].units, str_from_z(unit)) : NULL;
		}
	journal_look_over(&px, of, &values, &troubles);
	return troubles;
}

static void
what_is_unusual_is_asked_about_and_what_is_no_value_refused(void **state)
{
	struct world *world = *state;
	struct journal_troubles t;

	assert_int_equal(look_over(world, "blood-pressure", "systolic", S("128"), NULL).count, 0);
	t = look_over(world, "blood-pressure", "systolic", S("300"), NULL);
	assert_true(t.asked && !t.wrong);
	t = look_over(world, "blood-pressure", "systolic", S("65"), NULL); /* lower than the lower number */
	assert_true(t.asked && !t.wrong);
	t = look_over(world, "blood-pressure", "systolic", S("high"), NULL);
	assert_true(t.wrong);
	t = look_over(world, "blood-pressure", "systolic", S(" "), NULL);
	assert_true(t.wrong);
	assert_int_equal(look_over(world, "weight", "value", S("182.5"), "[lb_av]").count, 0);
	t = look_over(world, "weight", "value", S("900"), "[lb_av]");
	assert_true(t.asked && !t.wrong);
	t = look_over(world, "weight", "at", S("2026-02-30"), NULL);
	assert_true(t.wrong);
	t = look_over(world, "weight", "at", S("2093-02-03"), NULL);
	assert_true(t.asked && !t.wrong);
	t = look_over(world, "temperature", "site", S("nose"), NULL);
	assert_true(t.wrong);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_are_read_as_people_write_them),
	    cmocka_unit_test(units_convert_as_published),
	    cmocka_unit_test(conversions_come_back_to_the_digit),
	    cmocka_unit_test(averages_are_those_of_a_plain_recount),
	    cmocka_unit_test(the_table_names_nothing_twice),
	    WORLD_TEST(every_field_comes_back_from_fhir),
	    WORLD_TEST(what_is_unusual_is_asked_about_and_what_is_no_value_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
