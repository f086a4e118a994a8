/* SPDX-License-Identifier: Apache-2.0 */
/* The promise of an answer: who is told of a message, when the answer is due, and what happens when nobody gives it. */
#include "care/messaging/messaging_test_help.h"

/* ---- notices ---- */

static void
people_are_told_as_they_choose(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent sent;
	struct cx cx;
	enum notice_choice choice;

	clinic_setup(world, &p);
	cx = people_as(world, p.ana);
	assert_ok(notice_choice_get(&cx, p.ana, &choice));
	assert_int_equal(choice, NOTICES_ESCALATED);
	sent = maria_writes(world, &p, S("x"));
	assert_int_equal(notices_waiting(world), 0);
	assert_ok(notice_choice_set(&cx, NOTICES_EACH));
	assert_ok(notice_choice_get(&cx, p.ana, &choice));
	assert_int_equal(choice, NOTICES_EACH);
	db_release(&cx);
	assert_ok(reply_as(world, p.maria_account, sent.thread, S("y"), world->cx.now));
	assert_int_equal(notices_waiting(world), 1);
	assert_ok(reply_as(world, p.ana, sent.thread, S("z"), world->cx.now));
	assert_int_equal(notices_waiting(world), 2);
	cx = people_as(world, p.maria_account);
	assert_ok(notice_choice_set(&cx, NOTICES_NONE));
	db_release(&cx);
	assert_ok(reply_as(world, p.ana, sent.thread, S("more"), world->cx.now));
	assert_int_equal(notices_waiting(world), 2);
}

/* ---- the clock ---- */

static void
strike_at(struct world *world, instant now)
{
	struct cx cx = world_cx(world);

	cx.now = now;
	assert_ok(messaging_escalate(&cx));
	db_release(&cx);
}

static void
an_unanswered_thread_escalates_once_per_business_day(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent sent;
	struct thread thread;
	instant due;

	clinic_setup(world, &p);
	sent = maria_writes_at(world, &p, S("x"), wednesday());
	due = sent.due;
	strike_at(world, instant_add_ms(due, -1));
	assert_int_equal(thread_now(world, sent.thread).escalation_tries, 0);
	for (int64_t day = 0; day < 4; day++) { /* Monday to Thursday */
		strike_at(world, instant_add_ms(due, day * DAY_MS));
		strike_at(world, instant_add_ms(due, day * DAY_MS + HOUR_MS));
		thread = thread_now(world, sent.thread);
		assert_int_equal(thread.escalation_tries, day + 1);
		assert_int_equal(thread.escalated_at.ms, instant_add_ms(due, day * DAY_MS).ms);
		/* two members before and each day; from the third day the administrator too */
		assert_int_equal(notices_waiting(world), 2 + 2 * (day + 1) + (day >= 2 ? day - 1 : 0));
	}
	assert_int_equal(inbox_count(world, p.ana, INBOX_ESCALATED, instant_add_ms(due, 4 * DAY_MS)), 1);
	assert_ok(reply_as(world, p.ana, sent.thread, S("Sorry"), instant_add_ms(due, 4 * DAY_MS)));
	strike_at(world, instant_add_ms(due, 20 * DAY_MS));
	assert_int_equal(thread_now(world, sent.thread).escalation_tries, 4);
	assert_sound(world);
}

static const struct err *
close_monday(struct tx *tx, void *arg)
{
	const struct people *p = arg;

	return facility_close_day(tx, p->facility.id, civil_date_to_days((struct civil_date){2026, 3, 9}), S("Flood"));
}

static void
the_promise_knows_the_facility_s_days_off(void **state)
{
	struct world *world = *state;
	struct people p;

	clinic_setup(world, &p);
	assert_ok(db_write(&world->cx, close_monday, &p));
	assert_int_equal(maria_writes_at(world, &p, S("x"), wednesday()).due.ms,
	    instant_add_ms(wednesday(), 6 * DAY_MS - HOUR_MS).ms); /* Tuesday */
}

static void
what_comes_in_at_the_weekend_is_answered_by_the_end_of_a_day(void **state)
{
	struct world *world = *state;
	struct people p;
	instant sunday = instant_add_ms(wednesday(), 4 * DAY_MS); /* the clocks went forward that morning */

	clinic_setup(world, &p);
	/* Monday, Tuesday, Wednesday 23:59 */
	assert_int_equal(maria_writes_at(world, &p, S("x"), sunday).due.ms,
	    instant_add_ms(wednesday(), 7 * DAY_MS + 12 * HOUR_MS + 59 * MINUTE_MS).ms);
	assert_ok(db_write(&world->cx, close_monday, &p));
	assert_int_equal(maria_writes_at(world, &p, S("x"), sunday).due.ms,
	    instant_add_ms(wednesday(), 8 * DAY_MS + 12 * HOUR_MS + 59 * MINUTE_MS).ms);
}

static const struct err *
switch_ben_off(struct tx *tx, void *arg)
{
	return account_set_active(tx, ((struct people *)arg)->ben, false);
}

static void
what_nobody_can_answer_surfaces(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx bo, root, ana;
	struct sent sent;
	struct db_rows rows;

	clinic_setup(world, &p);
	bo = people_as_at(world, p.bo_account, wednesday());
	assert_ok(thread_send_new(&bo,
	    &(struct thread_new){.key = uuid_new(bo.now), .patient = p.bo, .team = p.birch, .body = S("x")}, &sent));
	struct cx ben = people_as_at(world, p.ben, wednesday());
	assert_ok(thread_claim(&ben, sent.thread));
	db_release(&ben);
	root = people_as(world, p.root);
	assert_ok(messaging_ownerless(&root, p.facility.id, 100, &rows));
	assert_int_equal(rows.count, 0);
	assert_ok(db_write(&world->cx, switch_ben_off, &p));
	db_refresh(&root);
	assert_ok(messaging_ownerless(&root, p.facility.id, 100, &rows));
	assert_int_equal(rows.count, 1);
	strike_at(world, sent.due);
	assert_true(uuid_is_none(thread_now(world, sent.thread).owner.v)); /* the leaver's claim ended */
	assert_int_equal(notices_waiting(world), 1);                       /* the administrator, at once */
	ana = people_as(world, p.ana);
	assert_fails(messaging_ownerless(&ana, p.facility.id, 100, &rows), ERR_GONE);
	root.who.facility = (facility_id){uuid_new(root.now)};
	assert_fails(messaging_ownerless(&root, p.facility.id, 100, &rows), ERR_GONE);
	db_release(&bo);
	db_release(&root);
	db_release(&ana);
	assert_sound(world);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(people_are_told_as_they_choose),
	    WORLD_TEST(an_unanswered_thread_escalates_once_per_business_day),
	    WORLD_TEST(the_promise_knows_the_facility_s_days_off),
	    WORLD_TEST(what_comes_in_at_the_weekend_is_answered_by_the_end_of_a_day),
	    WORLD_TEST(what_nobody_can_answer_surfaces),
	};

	return cmocka_run_group_tests_name("messaging promise", list, NULL, NULL);
}
