/* SPDX-License-Identifier: Apache-2.0 */
/* What is due for whom, by the record and by what people said; who may answer; the pages. */
#include "visitor.h"

#include "care/record/record_pages.h"
#include "care/record/record_test_help.h"
#include "care/reminders/reminders_internal.h"
#include "trust/portal/portal.h"

static instant
day(const char *text)
{
	struct fhir_date date;

	assert_true(fhir_date_parse(FHIR_DATETIME, str_from_z(text), &date));
	return date.low;
}

static void
rules_apply_by_age_sex_and_weight(void **state)
{
	static const struct {
		const char *rule, *born;
		bool female;
		double bmi;
		bool applies;
	} rows[] = {
	    {"colorectal", "1981-03-10", false, 0, true},  /* 45 today */
	    {"colorectal", "1981-03-11", false, 0, false}, /* tomorrow */
	    {"colorectal", "1950-03-11", false, 0, true},  /* 76 tomorrow */
	    {"colorectal", "1950-03-10", false, 0, false},
	    {"breast", "1976-01-01", true, 0, true},
	    {"breast", "1976-01-01", false, 0, false},
	    {"diabetes", "1976-01-01", false, 25, true},
	    {"diabetes", "1976-01-01", false, 24.9, false},
	    {"diabetes", "1976-01-01", false, 0, false},
	    {"shingles", "1900-01-01", false, 0, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct reminder_person person = {day(rows[i].born), rows[i].female, rows[i].bmi};

		if (reminder_applies(reminder_rule_by_code(str_from_z(rows[i].rule)), &person, day("2026-03-10")) !=
		    rows[i].applies)
			fail_msg("row %zu", i);
	}
	assert_int_equal(reminder_months_later(day("2024-02-29"), 12).ms, day("2025-02-28").ms);
	assert_int_equal(reminder_months_later(day("2025-11-30"), 3).ms, day("2026-02-28").ms);
	assert_null(reminder_rule_by_code(S("nothing")));
}

struct room {
	struct world *world;
	struct people people;
	struct cx bo, ben;
};

static const struct err *
sixty(struct tx *tx, void *arg)
{
	const struct room *room = arg;

	return db_run(tx, SQL("UPDATE patient SET born = $2 WHERE id = $1"),
	    BIND(DB(room->people.bo.v), DB(instant_add_ms(room->world->cx.now, -60 * 366 * DAY_MS))), NULL);
}

static void
room_open(struct room *r, void **state)
{
	*r = (struct room){.world = *state};
	setup(r->world, &r->people);
	assert_ok(db_write(&r->world->cx, sixty, r));
	r->bo = people_as(r->world, r->people.bo_account);
	r->ben = people_as(r->world, r->people.ben);
}

static void
put_flu(struct room *r, const char *id, const char *status, int days_ago)
{
	struct arena *arena = &r->world->arena;

	put_text(r->world, r->people.bo,
	    arena_printf(arena,
		"{\"resourceType\":\"Immunization\",\"id\":\"%s\",\"status\":\"%s\",\"vaccineCode\":{\"coding\":[{"
		"\"system\":"
		"\"http://hl7.org/fhir/sid/cvx\",\"code\":\"140\"}]},\"patient\":{\"reference\":\"Patient/x\"},"
		"\"occurrenceDateTime\":\"%.*s\"}",
		id, status, STR_ARG(fhir_instant_text(arena, instant_add_ms(r->world->cx.now, -days_ago * DAY_MS)))));
}

static struct reminder
flu(struct room *r)
{
	struct db_rows rows;
	const struct reminder *all;

	db_refresh(&r->bo);
	db_refresh(&r->ben);
	assert_ok(reminders_for(&r->bo, r->people.bo, &rows));
	all = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (strcmp(all[i].rule->code, "influenza") == 0)
			return all[i];
	fail_msg("no reminder of flu among %zu", rows.count);
	return (struct reminder){0};
}

static void
the_record_and_what_people_say_decide(void **state)
{
	struct room r;
	const struct reminder_rule *rule = reminder_rule_by_code(S("influenza"));

	room_open(&r, state);
	assert_int_equal(flu(&r).state, REMINDER_DUE);
	put_flu(&r, "refused", "not-done", 10);
	assert_int_equal(flu(&r).state, REMINDER_DUE); /* written down, but not given */
	put_flu(&r, "old", "completed", 400);
	assert_int_equal(flu(&r).state, REMINDER_DUE);
	assert_false(instant_is_none(flu(&r).done)); /* it says when the last one was */

	assert_ok(reminder_answer(&r.bo, r.people.bo, rule, MARK_LATER, INSTANT_NONE));
	assert_int_equal(flu(&r).state, REMINDER_LATER);
	assert_fails(reminder_answer(&r.bo, r.people.bo, rule, MARK_NOT_NEEDED, INSTANT_NONE), ERR_INVALID);
	assert_ok(reminder_answer(&r.ben, r.people.bo, rule, MARK_NOT_NEEDED, INSTANT_NONE));
	r.bo.now = r.ben.now = instant_add_ms(r.bo.now, 1000);
	assert_ok(reminder_answer(&r.bo, r.people.bo, rule, MARK_DONE_ELSEWHERE,
	    instant_add_ms(r.world->cx.now, -30 * DAY_MS))); /* the newer word counts */
	assert_int_equal(flu(&r).state, REMINDER_DONE);
	assert_true(flu(&r).by_word);
	assert_fails(
	    reminder_answer(&r.bo, r.people.bo, rule, MARK_DONE_ELSEWHERE, instant_add_ms(r.world->cx.now, 2 * DAY_MS)),
	    ERR_INVALID);
	put_flu(&r, "new", "completed", 3);
	assert_false(flu(&r).by_word); /* the record lasts longer than the word */
	r.ben.now = instant_add_ms(r.ben.now, 1000);
	assert_ok(reminder_answer(&r.ben, r.people.bo, rule, MARK_NOT_NEEDED, INSTANT_NONE));
	assert_int_equal(flu(&r).state, REMINDER_DONE); /* done is done */
	db_release(&r.bo);
	db_release(&r.ben);
}

static void
two_shots_are_two_shots(void **state)
{
	struct room r;
	struct db_rows rows;
	const struct reminder *all;
	int64_t doses = -1;

	room_open(&r, state);
	put_text(r.world, r.people.bo,
	    S("{\"resourceType\":\"Immunization\",\"id\":\"z1\",\"status\":\"completed\",\"vaccineCode\":{\"coding\":[{"
	      "\"system\":\"http://hl7.org/fhir/sid/cvx\",\"code\":\"187\"}]},\"patient\":{\"reference\":\"Patient/"
	      "x\"},"
	      "\"occurrenceDateTime\":\"2024-01-01\"}"));
	db_refresh(&r.bo);
	assert_ok(reminders_for(&r.bo, r.people.bo, &rows));
	all = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (strcmp(all[i].rule->code, "shingles") == 0) {
			doses = all[i].doses;
			assert_int_equal(all[i].state, REMINDER_DUE);
		}
	assert_int_equal(doses, 1);
	db_release(&r.bo);
	db_release(&r.ben);
}

static void
only_the_patient_and_their_team_answer(void **state)
{
	struct room r;
	const struct reminder_rule *rule = reminder_rule_by_code(S("influenza"));
	struct cx ana, maria;
	struct db_rows rows;

	room_open(&r, state);
	people_delegate(r.world, &r.people, RIGHT_RECORD_READ);
	ana = people_as(r.world, r.people.ana);
	maria = people_acting(r.world, r.people.maria_account, r.people.bo);
	assert_fails(reminders_for(&ana, r.people.bo, &rows), ERR_GONE);
	assert_fails(reminder_answer(&ana, r.people.bo, rule, MARK_LATER, INSTANT_NONE), ERR_GONE);
	assert_ok(reminders_for(&maria, r.people.bo, &rows)); /* may see the record, and so this */
	assert_fails(reminder_answer(&maria, r.people.bo, rule, MARK_LATER, INSTANT_NONE), ERR_GONE);
	db_release(&ana);
	db_release(&maria);
	db_release(&r.bo);
	db_release(&r.ben);
}

static void
the_pages_say_why_and_take_an_answer(void **state)
{
	static const struct route *const doors[] = {
	    reminders_routes, record_pages_routes, portal_routes, asset_routes, NULL};
	struct room r = {.world = *state};
	struct visits v = {0};
	struct visitor bo, ben;
	const char *of_bo;

	visit_begin(&v, *state, doors);
	assert_ok(record_init(v.world->vault));
	r.people = v.people;
	assert_ok(db_write(&r.world->cx, sixty, &r));
	bo = visitor_of(&v, v.people.bo_account);
	ben = visitor_of(&v, v.people.ben);
	assert_shows(visit(&v, &bo, "/reminders"), "Flu vaccine");
	assert_shows(visit(&v, &bo, "/reminders"), "Advisory Committee on Immunization Practices");
	assert_lacks(visit(&v, &bo, "/reminders/influenza"), "This patient does not need it");
	assert_int_equal(submit(&v, &bo, "/reminders/influenza", "answer=").status, 400);
	assert_int_equal(submit(&v, &bo, "/reminders/influenza", "answer=done").status, 400);
	assert_int_equal(visit(&v, &bo, "/reminders/unknown").status, 404);
	assert_moved(submit(&v, &bo, "/reminders/influenza", "answer=later"));
	assert_shows(visit(&v, &bo, "/reminders"), "not now");
	of_bo = path_z(&v, "/patients/%s/reminders", id_z(&v, v.people.bo.v));
	assert_shows(visit(&v, &ben, of_bo), "Bo Lee");
	assert_moved(submit(&v, &ben, path_z(&v, "%s/colorectal", of_bo), "answer=no"));
	assert_shows(visit(&v, &bo, "/reminders"), "not needed");
	visit_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rules_apply_by_age_sex_and_weight),
	    WORLD_TEST(the_record_and_what_people_say_decide),
	    WORLD_TEST(two_shots_are_two_shots),
	    WORLD_TEST(only_the_patient_and_their_team_answer),
	    WORLD_TEST(the_pages_say_why_and_take_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
