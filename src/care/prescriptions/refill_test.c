/* SPDX-License-Identifier: Apache-2.0 */
/* Asking for refills, what the pharmacy makes of them, what stands still; who may; each statement failing in turn. */
#include <pthread.h>

#include "care/prescriptions/prescriptions_test_help.h"

#define NO_KEY ((struct uuid){{0}})

static void
a_request_goes_from_submitted_to_arrived(void **state)
{
	struct pharmacy_room r;
	struct refill refill;
	struct resource task;
	struct db_rows events;
	struct cx bo;

	room_open(&r, state);
	refill = ask_one(&r, "lis");
	assert_int_equal(rx_now(&r, "lis").status, RX_SUBMITTED);
	assert_true(uuid_equal(refill.team.v, r.people.birch.v)); /* who owns it if it stands still */
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_SENT, NO_KEY, NULL));
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_ACKNOWLEDGED, NO_KEY, NULL));
	assert_int_equal(rx_now(&r, "lis").status, RX_IN_PROCESS);
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_FILLED, NO_KEY, "d-1"));
	assert_int_equal(fills_of(&r, "lis"), 2);
	assert_int_equal(rx_now(&r, "lis").left, 1);
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_SHIPPED, NO_KEY, NULL));
	assert_true(rx_is_recent(
	    &(struct prescription){.refill = &(struct refill){.state = REFILL_SHIPPED, .changed = r.world->cx.now}},
	    r.world->cx.now));
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_ARRIVED, NO_KEY, NULL));
	refill = refill_now(&r, refill.id);
	assert_int_equal(refill.state, REFILL_DONE);
	assert_false(instant_is_none(refill.sent) || instant_is_none(refill.acknowledged) ||
		     instant_is_none(refill.filled_at) || instant_is_none(refill.shipped) ||
		     instant_is_none(refill.ended));
	bo = people_as(r.world, r.people.bo_account);
	assert_ok(refill_events(&bo, &refill, &events));
	assert_int_equal(events.count, 6);
	assert_ok(resource_get(&bo, RESOURCE_TASK, uuid_text(bo.arena, refill.id.v), &task));
	assert_true(str_contains(task.body, S("\"completed\"")));
	db_release(&bo);
}

static void
pressed_often_it_is_asked_for_once(void **state)
{
	struct pharmacy_room r;
	struct refill_result result, again;
	struct uuid key;

	room_open(&r, state);
	key = uuid_new(r.world->cx.now);
	assert_ok(ask_as(&r, r.people.bo_account, "lis", key, &result));
	assert_int_equal(result.outcome, REFILL_ASKED);
	assert_ok(ask_as(&r, r.people.bo_account, "lis", key, &again));
	assert_int_equal(again.outcome, REFILL_ASKED_BEFORE);
	assert_ok(ask_as(&r, r.people.bo_account, "lis", uuid_new(r.world->cx.now), &again));
	assert_int_equal(again.outcome, REFILL_ASKED_BEFORE);
	assert_true(uuid_equal(again.refill.id.v, result.refill.id.v));
	assert_fails(ask_as(&r, r.people.bo_account, "ator", key, &again), ERR_CONFLICT); /* a key is of one request */
	assert_int_equal(rows_of(r.world, SQL("SELECT count(*) FROM refill")), 1);
	assert_int_equal(rows_of(r.world, SQL("SELECT count(*) FROM outbox WHERE kind = 'refill'")), 1);
}

static void
each_wish_has_its_own_answer(void **state)
{
	struct pharmacy_room r;
	struct refill_result results[3];
	struct refill_wish wishes[3];
	struct cx bo;

	room_open(&r, state);
	wishes[0] = (struct refill_wish){uuid_new(r.world->cx.now), S("met")};
	wishes[1] = (struct refill_wish){uuid_new(r.world->cx.now), S("lis")};
	wishes[2] = (struct refill_wish){uuid_new(r.world->cx.now), S("ator")};
	bo = people_as(r.world, r.people.bo_account);
	assert_fails(refills_ask(&bo, r.people.bo, wishes, 0, results), ERR_INVALID);
	assert_ok(refills_ask(&bo, r.people.bo, wishes, 3, results));
	assert_int_equal(results[0].outcome, REFILL_NOT_POSSIBLE);
	assert_int_equal(results[0].why, REFUSAL_NO_REFILLS);
	assert_int_equal(results[1].outcome, REFILL_ASKED);
	assert_int_equal(results[2].outcome, REFILL_ASKED); /* parked: until it is asked for */
	wishes[0].prescription = S("warf");                 /* somebody else's */
	assert_fails(refills_ask(&bo, r.people.bo, wishes, 1, results), ERR_GONE);
	db_release(&bo);
}

static void
the_same_word_of_the_pharmacy_counts_once(void **state)
{
	struct pharmacy_room r;
	struct refill refill;
	struct uuid key;

	room_open(&r, state);
	refill = ask_one(&r, "lis");
	key = uuid_new(r.world->cx.now);
	for (int i = 0; i < 3; i++)
		assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_FILLED, key, "d-1"));
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_FILLED, NO_KEY, "d-1")); /* said anew of the same fill */
	assert_int_equal(fills_of(&r, "lis"), 2);
	assert_int_equal(refill_now(&r, refill.id).filled, 90);
	assert_int_equal(refill_now(&r, refill.id).problem, PROBLEM_NONE);
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_FILLED, NO_KEY, "d-2")); /* another fill of one request */
	assert_int_equal(fills_of(&r, "lis"), 2);
	assert_int_equal(refill_now(&r, refill.id).problem, PROBLEM_TWICE);
	assert_ok(
	    pharmacy_says(&r, refill.id, REFILL_EV_ACKNOWLEDGED, NO_KEY, NULL)); /* too late: kept, nothing else */
	assert_int_equal(refill_now(&r, refill.id).state, REFILL_FILLED);
}

static void
a_part_is_a_part_until_the_rest_comes(void **state)
{
	struct pharmacy_room r;
	struct refill refill;

	room_open(&r, state);
	refill = ask_one(&r, "lis");
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_PART, NO_KEY, "d-1"));
	assert_int_equal(refill_now(&r, refill.id).state, REFILL_PARTLY_FILLED);
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_FILLED, NO_KEY, "d-2"));
	assert_int_equal(refill_now(&r, refill.id).state, REFILL_FILLED);
	assert_int_equal(refill_now(&r, refill.id).problem, PROBLEM_NONE);
}

static void
run_clock(struct pharmacy_room *r, int64_t days)
{
	struct cx cx;

	r->world->cx.now = instant_add_ms(r->world->cx.now, days * DAY_MS);
	cx = world_cx(r->world);
	cx.now = r->world->cx.now;
	assert_ok(refills_chase(&cx));
	db_release(&cx);
}

static size_t
problems_of(struct pharmacy_room *r, account_id account)
{
	struct cx cx = people_as(r->world, account);
	struct db_rows rows;

	assert_ok(refill_problems(&cx, &rows));
	db_release(&cx);
	return rows.count;
}

static void
what_stands_still_is_chased_and_seen(void **state)
{
	struct pharmacy_room r;
	struct refill refill;

	room_open(&r, state);
	refill = ask_one(&r, "lis");
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_SENT, NO_KEY, NULL));
	run_clock(&r, REFILL_MOVE_DAYS - 1);
	assert_int_equal(problems_of(&r, r.people.ben), 0);
	run_clock(&r, 1);
	assert_int_equal(problems_of(&r, r.people.ben), 1);
	assert_int_equal(problems_of(&r, r.people.ana), 0); /* another team's */
	refill = refill_now(&r, refill.id);
	assert_int_equal(refill.problem, PROBLEM_STUCK);
	assert_int_equal(refill.tries, 2); /* asked for once more, under the same id */
	assert_int_equal(
	    rows_of(r.world, SQL("SELECT count(*) FROM outbox WHERE kind = 'notice'")), 2); /* Bo and Ben */
	run_clock(&r, 0);
	assert_int_equal(refill_now(&r, refill.id).chases, 1); /* once a day */
	run_clock(&r, 1);
	assert_int_equal(refill_now(&r, refill.id).chases, 2);
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_ACKNOWLEDGED, NO_KEY, NULL));
	assert_int_equal(problems_of(&r, r.people.ben), 0); /* it moves again */
}

static void
shipped_is_taken_for_arrived_unless_the_patient_says_otherwise(void **state)
{
	struct pharmacy_room r;
	struct refill one, two;
	struct cx bo;

	room_open(&r, state);
	one = ask_one(&r, "lis");
	two = ask_one(&r, "ator");
	for (int i = 0; i < 2; i++) {
		assert_ok(pharmacy_says(&r, i ? two.id : one.id, REFILL_EV_FILLED, NO_KEY, i ? "d-2" : "d-1"));
		assert_ok(pharmacy_says(&r, i ? two.id : one.id, REFILL_EV_SHIPPED, NO_KEY, NULL));
	}
	bo = people_as_at(r.world, r.people.bo_account, instant_add_ms(r.world->cx.now, 10 * DAY_MS));
	assert_ok(refill_missing(&bo, two.id));
	assert_ok(refill_missing(&bo, two.id)); /* twice is once */
	db_release(&bo);
	run_clock(&r, REFILL_SHIP_DAYS);
	assert_int_equal(refill_now(&r, one.id).state, REFILL_DONE);
	assert_int_equal(refill_now(&r, two.id).state, REFILL_SHIPPED);
	assert_int_equal(problems_of(&r, r.people.ben), 1);
}

static void
the_team_works_problems_off(void **state)
{
	struct pharmacy_room r;
	struct refill refill;
	struct cx ben, ana;

	room_open(&r, state);
	refill = ask_one(&r, "lis");
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_REFUSED, NO_KEY, NULL));
	assert_int_equal(refill_now(&r, refill.id).state, REFILL_TROUBLE);
	ana = people_as(r.world, r.people.ana);
	assert_fails(refill_send_again(&ana, refill.id), ERR_GONE);
	ben = people_as(r.world, r.people.ben);
	assert_ok(refill_send_again(&ben, refill.id));
	assert_int_equal(refill_now(&r, refill.id).state, REFILL_SUBMITTED);
	assert_int_equal(rows_of(r.world, SQL("SELECT count(*) FROM outbox WHERE kind = 'refill'")), 2);
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_REJECTED, NO_KEY, NULL));
	db_refresh(&ben);
	assert_fails(refill_settle(&ben, refill.id, S("  ")), ERR_INVALID);
	assert_ok(refill_settle(&ben, refill.id, S("We called the pharmacy.")));
	assert_fails(refill_settle(&ben, refill.id, S("Again.")), ERR_CONFLICT);
	assert_int_equal(problems_of(&r, r.people.ben), 0);
	assert_int_equal(refill_now(&r, refill.id).state, REFILL_REJECTED);
	refill = ask_one(&r, "lis"); /* rejected: it can be asked for anew */
	db_refresh(&ben);
	assert_ok(refill_close(&ben, refill.id, S("Given by hand.")));
	assert_int_equal(refill_now(&r, refill.id).state, REFILL_CLOSED);
	assert_fails(refill_close(&ben, refill.id, S("Given by hand.")), ERR_CONFLICT);
	db_release(&ben);
	db_release(&ana);
}

static void
a_helper_asks_with_the_right_of_their_own(void **state)
{
	struct pharmacy_room r;
	struct refill_result result;
	struct refill_wish wish;
	struct cx maria;
	struct db_rows rows;

	room_open(&r, state);
	people_delegate(r.world, &r.people, RIGHT_RECORD_READ);
	wish = (struct refill_wish){uuid_new(r.world->cx.now), S("lis")};
	maria = people_acting(r.world, r.people.maria_account, r.people.bo);
	assert_ok(prescriptions_load(&maria, r.people.bo, &rows)); /* sees them */
	assert_fails(refills_ask(&maria, r.people.bo, &wish, 1, &result), ERR_DENIED);
	db_refresh(&maria);
	people_delegate(r.world, &r.people, RIGHT_PRESCRIPTIONS);
	db_refresh(&maria);
	assert_ok(refills_ask(&maria, r.people.bo, &wish, 1, &result));
	assert_int_equal(result.outcome, REFILL_ASKED);
	assert_fails(
	    refills_ask(&maria, r.people.maria, &wish, 1, &result), ERR_GONE); /* acts for Bo, not for herself */
	assert_ok(refill_withdraw(&maria, result.refill.id));
	assert_int_equal(rx_now(&r, "lis").status, RX_ACTIVE);
	db_release(&maria);
	people_delegate(r.world, &r.people, RIGHT_MESSAGES_READ);
	maria = people_acting(r.world, r.people.maria_account, r.people.bo);
	assert_fails(prescriptions_load(&maria, r.people.bo, &rows), ERR_GONE);
	assert_fails(refill_get(&maria, result.refill.id, &result.refill), ERR_GONE);
	db_release(&maria);
}

static void
notices_hold_no_health_data(void **state)
{
	struct pharmacy_room r;
	struct refill refill;
	struct cx cx;
	struct db_rows rows;
	const struct outbox_item *item;

	room_open(&r, state);
	refill = ask_one(&r, "lis");
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_FILLED, NO_KEY, "d-1"));
	assert_ok(pharmacy_says(&r, refill.id, REFILL_EV_SHIPPED, NO_KEY, NULL));
	cx = world_cx(r.world);
	cx.now = r.world->cx.now;
	assert_ok(
	    outbox_of_patient(&cx, "notice", r.people.bo, (instant){0}, instant_add_ms(cx.now, DAY_MS), 10, &rows));
	item = rows.items;
	assert_int_equal(rows.count, 1); /* shipped; that it will be used up: rx_supply_test */
	for (size_t i = 0; i < rows.count; i++) {
		assert_false(str_contains(item[i].payload, S("isinopril")));
		assert_true(str_contains(item[i].payload, S("\"medicines\"")));
	}
	db_release(&cx);
}

/* ---- at the same moment ---- */

#define PRESSES 6

struct press {
	struct pharmacy_room *room;
	struct world world; /* memory of its own */
	struct uuid key;
	enum refill_outcome outcome;
	bool failed;
};

static void *
press(void *arg)
{
	struct press *in = arg;
	struct pharmacy_room own = {.world = &in->world, .people = in->room->people};
	struct refill_result result;

	in->failed = ask_as(&own, own.people.bo_account, "lis", in->key, &result) != NULL;
	in->outcome = result.outcome;
	return NULL;
}

static void
pressed_in_many_places_at_once_it_is_one_request(void **state)
{
	struct pharmacy_room r;
	struct press presses[PRESSES];
	pthread_t threads[PRESSES];
	int asked = 0;

	room_open(&r, state);
	for (size_t i = 0; i < PRESSES; i++) {
		presses[i] = (struct press){.room = &r, .world = *r.world, .key = uuid_new(r.world->cx.now)};
		presses[i].world.arena = (struct arena)ARENA_INIT;
		assert_int_equal(pthread_create(&threads[i], NULL, press, &presses[i]), 0);
	}
	for (size_t i = 0; i < PRESSES; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_false(presses[i].failed);
		asked += presses[i].outcome == REFILL_ASKED;
		arena_release(&presses[i].world.arena);
	}
	assert_int_equal(asked, 1);
	assert_int_equal(rows_of(r.world, SQL("SELECT count(*) FROM refill")), 1);
	assert_int_equal(rows_of(r.world, SQL("SELECT count(*) FROM outbox WHERE kind = 'refill'")), 1);
}

/* ---- faults ---- */

static const struct sql all_that_counts[] = {{"SELECT count(*) FROM refill"},
    {"SELECT CAST(sum(version) AS BIGINT) FROM refill"}, {"SELECT count(*) FROM refill_event"},
    {"SELECT count(*) FROM outbox"}, {"SELECT CAST(sum(version) AS BIGINT) FROM resource"},
    {"SELECT count(*) FROM resource"}};

typedef const struct err *deed_fn(struct pharmacy_room *r, refill_id id, struct uuid key);

static const struct err *
deed_ask(struct pharmacy_room *r, refill_id id, struct uuid key)
{
	struct refill_result result;

	(void)id;
	return ask_as(r, r->people.bo_account, "ator", key, &result);
}

static const struct err *
deed_fill(struct pharmacy_room *r, refill_id id, struct uuid key)
{
	return pharmacy_says(r, id, REFILL_EV_FILLED, key, "d-1");
}

static const struct err *
deed_reject(struct pharmacy_room *r, refill_id id, struct uuid key)
{
	return pharmacy_says(r, id, REFILL_EV_REJECTED, key, NULL);
}

static const struct err *
deed_again(struct pharmacy_room *r, refill_id id, struct uuid key)
{
	struct cx ben = people_as(r->world, r->people.ben);
	const struct err *error = refill_send_again(&ben, id);

	(void)key;
	db_release(&ben);
	return error;
}

static void
a_failing_statement_keeps_nothing(void **state)
{
	static deed_fn *const deeds[] = {deed_ask, deed_again, deed_fill, deed_reject};
	struct pharmacy_room r;
	struct refill refill;

	room_open(&r, state);
	refill = ask_one(&r, "lis");
	for (size_t d = 0; d < 3; d++) {
		struct uuid key = uuid_new(r.world->cx.now);
		bool failed = true;

		for (int64_t n = 1; failed; n++) {
			int64_t before = world_fingerprint(
			    r.world, all_that_counts, sizeof(all_that_counts) / sizeof(all_that_counts[0]));

			assert_true(n < 60);
			db_fault_arm(r.world->db, DB_FAULT_ERROR, n);
			failed = deeds[d](&r, refill.id, key) != NULL;
			db_fault_arm(r.world->db, DB_FAULT_NONE, 0);
			if (failed)
				assert_int_equal(before, world_fingerprint(r.world, all_that_counts,
							     sizeof(all_that_counts) / sizeof(all_that_counts[0])));
		}
	}
	assert_int_equal(fills_of(&r, "lis"), 2);
	assert_ok(deeds[3](&r, refill.id, uuid_new(r.world->cx.now))); /* too late */
	assert_int_equal(refill_now(&r, refill.id).state, REFILL_FILLED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(a_request_goes_from_submitted_to_arrived),
	    WORLD_TEST(pressed_often_it_is_asked_for_once),
	    WORLD_TEST(each_wish_has_its_own_answer),
	    WORLD_TEST(the_same_word_of_the_pharmacy_counts_once),
	    WORLD_TEST(a_part_is_a_part_until_the_rest_comes),
	    WORLD_TEST(what_stands_still_is_chased_and_seen),
	    WORLD_TEST(shipped_is_taken_for_arrived_unless_the_patient_says_otherwise),
	    WORLD_TEST(the_team_works_problems_off),
	    WORLD_TEST(a_helper_asks_with_the_right_of_their_own),
	    WORLD_TEST(notices_hold_no_health_data),
	    WORLD_TEST(pressed_in_many_places_at_once_it_is_one_request),
	    WORLD_TEST(a_failing_statement_keeps_nothing),
	};

	return cmocka_run_group_tests_name("refill", tests, NULL, NULL);
}
