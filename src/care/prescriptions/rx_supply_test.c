/* SPDX-License-Identifier: Apache-2.0 */
/* A medicine runs out: told once for each fill, from wherever it came; nothing of charts of the past; who acts for the patient is told
 * while they may and want to be; nothing is said of whom or what. */
#include "care/prescriptions/prescriptions_test_help.h"

#include <stdio.h>

static const struct zone *
new_york(void)
{
	const struct zone *zone;

	assert_ok(zone_find(S("America/New_York"), &zone));
	return zone;
}

static instant
wall(int year, int month, int day, int hour)
{
	return zone_instant(
	    new_york(), (struct civil_time){.date = {(int16_t)year, (int8_t)month, (int8_t)day}, .hour = (int8_t)hour});
}

/* What the record tells is taken in, as the job loop does. */
static void
follow(struct pharmacy_room *r)
{
	static const struct outbox_kind kinds[] = {
	    {RECORD_FOLLOW_DISPENSE, rx_follow_deliver, RX_FOLLOW_GIVE_UP_MS}, {0}};
	struct cx cx = world_cx(r->world);
	int64_t delivered;

	cx.now = r->world->cx.now;
	assert_ok(jobs_deliver_due(&cx, kinds, &delivered));
	db_release(&cx);
}

static void
clock_runs(struct pharmacy_room *r, int64_t days)
{
	struct cx cx;

	r->world->cx.now = instant_add_ms(r->world->cx.now, days * DAY_MS);
	follow(r);
	cx = world_cx(r->world);
	cx.now = r->world->cx.now;
	assert_ok(supplies_tell(&cx));
	db_refresh(&cx);
	assert_ok(supplies_tell(&cx)); /* again: nothing is told twice */
	db_release(&cx);
}

/* Notices about Bo to an account. */
static int
told(struct pharmacy_room *r, account_id account)
{
	struct cx cx = world_cx(r->world);
	const struct outbox_item *item;
	struct db_rows rows;
	int count = 0;

	assert_ok(outbox_of_patient(&cx, "notice", r->people.bo, (instant){0}, (instant){INT64_MAX}, 500, &rows));
	item = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		static const char *const secrets[] = {
		    "Bo", "Lee", "Lisinopril", "lis", "met", "refill", "MedicationRequest"};

		count += str_contains(item[i].payload, uuid_text(cx.arena, account.v));
		for (size_t s = 0; s < sizeof(secrets) / sizeof(secrets[0]); s++)
			assert_false(str_contains(item[i].payload, str_from_z(secrets[s])));
	}
	db_release(&cx);
	return count;
}

static int64_t
waiting(struct pharmacy_room *r)
{
	return rows_of(r->world, SQL("SELECT count(*) FROM rx_supply WHERE state = 0"));
}

static void
told_at_nine_by_the_clocks_of_that_day(void **state)
{
	(void)state;
	/* clocks go forward on Sunday, 8 March 2026, and back on Sunday, 1 November */
	assert_int_equal(rx_supply_tell_at(new_york(), wall(2026, 3, 14, 0)).ms, wall(2026, 3, 7, 9).ms);
	assert_int_equal(zone_civil(zone_utc(), rx_supply_tell_at(new_york(), wall(2026, 3, 14, 23))).hour, 14);
	assert_int_equal(zone_civil(zone_utc(), rx_supply_tell_at(new_york(), wall(2026, 3, 15, 12))).hour, 13);
	assert_int_equal(rx_supply_tell_at(new_york(), wall(2026, 3, 15, 12)).ms, wall(2026, 3, 8, 9).ms);
	assert_int_equal(zone_civil(zone_utc(), rx_supply_tell_at(new_york(), wall(2026, 11, 7, 12))).hour, 13);
	assert_int_equal(zone_civil(zone_utc(), rx_supply_tell_at(new_york(), wall(2026, 11, 8, 12))).hour, 14);
}

static void
a_fill_of_an_import_is_told_once(void **state)
{
	struct pharmacy_room r;

	room_open(&r, state);
	follow(&r);
	assert_int_equal(waiting(&r), 0); /* lis-1 and met-1 run out in 5 days: the day of telling was over */
	put_fill(&r, r.people.bo, "lis-2", "lis", 1, 30);
	clock_runs(&r, 0);
	assert_int_equal(told(&r, r.people.bo_account), 0);
	assert_int_equal(waiting(&r), 1);
	clock_runs(&r, 25);
	assert_int_equal(told(&r, r.people.bo_account), 0); /* 5 days of the fill before come on top */
	clock_runs(&r, 4);
	assert_int_equal(told(&r, r.people.bo_account), 1);
	clock_runs(&r, 10);
	put_fill(&r, r.people.bo, "lis-2", "lis", 40, 31); /* corrected afterwards */
	clock_runs(&r, 20);
	assert_int_equal(told(&r, r.people.bo_account), 1);
	put_fill(&r, r.people.bo, "lis-3", "lis", 0, 30); /* the next one is another fill */
	clock_runs(&r, 1);
	clock_runs(&r, 23);
	assert_int_equal(told(&r, r.people.bo_account), 2);
}

static void
a_chart_of_the_past_tells_nobody(void **state)
{
	struct pharmacy_room r;
	char id[32];

	room_open(&r, state);
	for (int i = 0; i < 40; i++) { /* ten years, every three months */
		snprintf(id, sizeof(id), "old-%d", i);
		put_fill(&r, r.people.bo, id, "lis", 90 * (i + 2), 90);
	}
	assert_int_equal(rows_of(r.world, SQL("SELECT count(*) FROM outbox WHERE kind = 'record_dispense'")), 2);
	put_fill(&r, r.people.bo, "unsaid", "met", 200, 0); /* how long it lasts is not said */
	assert_int_equal(rows_of(r.world, SQL("SELECT count(*) FROM outbox WHERE kind = 'record_dispense'")), 2);
	clock_runs(&r, 0);
	clock_runs(&r, 200);
	assert_int_equal(told(&r, r.people.bo_account), 0);
	assert_int_equal(waiting(&r), 0);
}

static void
what_is_needed_no_more_is_not_told(void **state)
{
	struct pharmacy_room r;

	room_open(&r, state);
	put_order(&r, r.people.bo, "lis", "Lisinopril 10 mg tablet", 9, "");
	put_fill(&r, r.people.bo, "lis-2", "lis", 0, 30);
	clock_runs(&r, 1);
	assert_int_equal(waiting(&r), 1);
	clock_runs(&r, 20);
	put_fill(&r, r.people.bo, "lis-3", "lis", 0, 90); /* fetched early: the older one is not told of */
	clock_runs(&r, 10);
	assert_int_equal(told(&r, r.people.bo_account), 0);
	assert_int_equal(waiting(&r), 1);
	ask_one(&r, "lis"); /* the next one is asked for when the day comes */
	clock_runs(&r, 90);
	assert_int_equal(told(&r, r.people.bo_account), 0);
	assert_int_equal(waiting(&r), 0);
}

static void
a_stopped_medicine_and_a_short_one_are_not_told(void **state)
{
	struct pharmacy_room r;

	room_open(&r, state);
	put_fill(&r, r.people.bo, "short", "ator", 0, 7);
	put_fill(&r, r.people.bo, "met-2", "met", 0, 30);
	clock_runs(&r, 1);
	assert_int_equal(waiting(&r), 1);
	put_order(&r, r.people.bo, "met", "Metformin 500 mg tablet", 0, ",\"note\":[{\"text\":\"x\"}]");
	put_text(r.world, r.people.bo,
	    S("{\"resourceType\":\"MedicationRequest\",\"id\":\"met\",\"status\":\"stopped\",\"intent\":\"order\","
	      "\"medicationCodeableConcept\":{\"text\":\"Metformin\"},\"subject\":{\"reference\":\"Patient/x\"}}"));
	clock_runs(&r, 60);
	assert_int_equal(told(&r, r.people.bo_account), 0);
	assert_int_equal(waiting(&r), 0);
}

static void
a_fill_before_its_prescription_waits_for_it(void **state)
{
	struct pharmacy_room r;

	room_open(&r, state);
	put_fill(&r, r.people.bo, "new-1", "new", 0, 30);
	follow(&r);
	assert_int_equal(waiting(&r), 0);
	put_order(&r, r.people.bo, "new", "Amlodipine 5 mg tablet", 3, "");
	r.world->cx.now = instant_add_ms(r.world->cx.now, 10 * MINUTE_MS);
	follow(&r);
	assert_int_equal(waiting(&r), 1);
}

/* Ready or shipped, and running out: each by María's own choice for this permission, ended with it. */
static void
who_acts_for_a_patient_is_told_while_they_may_and_want(void **state)
{
	struct pharmacy_room r;
	struct refill refill;
	struct cx maria, bo;
	delegation_id id;
	struct uuid none = {{0}};

	room_open(&r, state);
	id = people_delegate(r.world, &r.people, RIGHT_RECORD_READ | RIGHT_PRESCRIPTIONS);
	refill = ask_one(&r, "lis");
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_SENT, none, NULL));
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_FILLED, none, "lis-2"));
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_SHIPPED, none, NULL));
	assert_int_equal(told(&r, r.people.bo_account), 1);
	assert_int_equal(told(&r, r.people.maria_account), 0); /* she did not choose it */
	maria = people_as(r.world, r.people.maria_account);
	assert_ok(delegation_set_notices(&maria, id, RIGHTS_TOLD));
	db_release(&maria);
	refill = ask_one(&r, "ator");
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_REJECTED, none, NULL));
	assert_int_equal(told(&r, r.people.bo_account), 2);
	assert_int_equal(told(&r, r.people.maria_account), 1);
	clock_runs(&r, 0);
	clock_runs(&r, 89); /* 90 days, and 5 of the fill before, less 7 */
	assert_int_equal(told(&r, r.people.bo_account), 3);
	assert_int_equal(told(&r, r.people.maria_account), 2);
	bo = people_as(r.world, r.people.bo_account);
	assert_ok(delegation_withdraw(&bo, id));
	db_release(&bo);
	put_fill(&r, r.people.bo, "lis-3", "lis", 0, 30);
	clock_runs(&r, 0);
	clock_runs(&r, 31);
	assert_int_equal(told(&r, r.people.bo_account), 4);
	assert_int_equal(told(&r, r.people.maria_account), 2);
}

static void
a_right_for_something_else_tells_nothing(void **state)
{
	struct pharmacy_room r;
	struct refill refill;
	struct cx maria;
	delegation_id id;
	bool yes;

	room_open(&r, state);
	id = people_delegate(r.world, &r.people, RIGHT_MESSAGES_READ | RIGHT_APPOINTMENTS);
	maria = people_as(r.world, r.people.maria_account);
	assert_ok(delegation_set_notices(&maria, id, RIGHTS_TOLD)); /* what the permission does not give stays out */
	db_refresh(&maria);
	assert_ok(delegate_is_told(&maria, r.people.bo, r.people.maria_account, RIGHT_PRESCRIPTIONS, &yes));
	assert_false(yes);
	assert_ok(delegate_is_told(&maria, r.people.bo, r.people.maria_account, RIGHT_APPOINTMENTS, &yes));
	assert_true(yes);
	db_release(&maria);
	refill = ask_one(&r, "lis");
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_REJECTED, (struct uuid){{0}}, NULL));
	assert_int_equal(told(&r, r.people.maria_account), 0);
	assert_int_equal(told(&r, r.people.bo_account), 1);
}

static void
telling_happens_whole_or_not_at_all(void **state)
{
	struct pharmacy_room r;
	struct cx cx;
	const struct err *error = ERR(ERR_BROKEN, NULL, "begin");

	room_open(&r, state);
	put_fill(&r, r.people.bo, "lis-2", "lis", 0, 30);
	clock_runs(&r, 0);
	r.world->cx.now = instant_add_ms(r.world->cx.now, 29 * DAY_MS);
	for (int64_t n = 1; error; n++) {
		assert_true(n < 50);
		cx = world_cx(r.world);
		cx.now = r.world->cx.now;
		db_fault_arm(r.world->db, DB_FAULT_ERROR, n);
		error = supplies_tell(&cx);
		db_fault_arm(r.world->db, DB_FAULT_NONE, 0);
		db_release(&cx);
		assert_int_equal(told(&r, r.people.bo_account), error ? 0 : 1);
		assert_int_equal(waiting(&r), error ? 1 : 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(told_at_nine_by_the_clocks_of_that_day),
	    WORLD_TEST(a_fill_of_an_import_is_told_once),
	    WORLD_TEST(a_chart_of_the_past_tells_nobody),
	    WORLD_TEST(what_is_needed_no_more_is_not_told),
	    WORLD_TEST(a_stopped_medicine_and_a_short_one_are_not_told),
	    WORLD_TEST(a_fill_before_its_prescription_waits_for_it),
	    WORLD_TEST(who_acts_for_a_patient_is_told_while_they_may_and_want),
	    WORLD_TEST(a_right_for_something_else_tells_nothing),
	    WORLD_TEST(telling_happens_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
