/* SPDX-License-Identifier: Apache-2.0 */
/* The clock: warnings, who is told when, what stops it, and calendars that change under it. */
#include "care/messaging/messaging_test_help.h"

/* Deliver what waits, and forget it: counts begin anew. */
static struct {
	int total;
	int of[4]; /* ana, okafor, ben, root */
} told;
static const struct people *told_people;
static const char *told_reason;

static fallible
note_told(struct cx *cx, const struct outbox_item *item)
{
	const account_id who[] = {told_people->ana, told_people->okafor, told_people->ben, told_people->root};

	if (!str_contains(item->payload, str_from_z(told_reason)))
		return NULL;
	told.total++;
	for (size_t i = 0; i < 4; i++)
		told.of[i] += str_contains(item->payload, uuid_text(cx->arena, who[i].v));
	return NULL;
}

/* Strike the clock at that time and count who is told so, for this reason. */
static void
strike(struct world *world, const struct people *p, instant at, const char *reason)
{
	static const struct outbox_kind kinds[] = {{"notice", note_told, DAY_MS}, {0}};
	struct cx cx = world_cx(world);
	int64_t delivered;

	cx.now = at;
	told_people = p;
	told_reason = reason;
	assert_ok(jobs_deliver_due(&cx, kinds, &delivered)); /* what came before */
	memset(&told, 0, sizeof(told));
	assert_ok(messaging_escalate(&cx));
	db_refresh(&cx);
	assert_ok(jobs_deliver_due(&cx, kinds, &delivered));
	db_release(&cx);
	assert_sound(world);
}

struct choice {
	facility_id facility;
	const char *name;
	int64_t value;
};

static const struct err *
put_choice(struct tx *tx, void *arg)
{
	const struct choice *in = arg;

	return facility_setting_put(tx, in->facility, str_from_z(in->name), in->value);
}

static void
set(struct world *world, const struct people *p, const char *name, int64_t value)
{
	assert_ok(db_write(&world->cx, put_choice, &(struct choice){p->facility.id, name, value}));
}

static instant
at(int month, int day, int hour, int minute)
{
	const struct zone *zone;

	assert_ok(zone_find(S("America/New_York"), &zone));
	return zone_instant(
	    zone, (struct civil_time){
		      .date = {2026, (int8_t)month, (int8_t)day}, .hour = (int8_t)hour, .minute = (int8_t)minute});
}

static void
claim_as(struct world *world, account_id who, thread_id thread, instant when)
{
	struct cx cx = people_as_at(world, who, when);

	assert_ok(thread_claim(&cx, thread));
	db_release(&cx);
}

static void
business_hours_skip_nights_weekends_holidays_and_the_changing_clock(void **state)
{
	struct business_calendar calendar = {0};

	(void)state;
	assert_ok(zone_find(S("America/New_York"), &calendar.zone));
	assert_int_equal(business_hours_after(&calendar, at(3, 4, 10, 0), 4).ms, at(3, 4, 14, 0).ms);
	assert_int_equal(business_hours_after(&calendar, at(3, 4, 15, 0), 4).ms, at(3, 5, 10, 0).ms);
	assert_int_equal(
	    business_hours_after(&calendar, at(3, 6, 16, 0), 2).ms, at(3, 9, 9, 0).ms); /* clocks went forward */
	assert_int_equal(
	    business_hours_after(&calendar, at(7, 2, 16, 0), 2).ms, at(7, 6, 9, 0).ms); /* 3 July is observed */
	assert_int_equal(business_hours_after(&calendar, at(3, 7, 3, 0), 9).ms, at(3, 9, 17, 0).ms);
	assert_int_equal(business_hours_after(&calendar, at(3, 4, 22, 0), 1).ms, at(3, 5, 9, 0).ms);
}

static void
who_has_it_is_warned_once_before_it_is_late(void **state)
{
	struct world *world = *state;
	struct people p;
	thread_id thread, other;

	clinic_setup(world, &p); /* Wednesday 10:00; due on Monday 10:00 */
	thread = maria_writes(world, &p, S("May I?")).thread;
	claim_as(world, p.ana, thread, wednesday());
	strike(world, &p, at(3, 6, 14, 59), "due");
	assert_int_equal(told.total, 0); /* four business hours before are Friday 15:00 */
	strike(world, &p, at(3, 6, 15, 0), "due");
	assert_int_equal(told.total, 1);
	assert_int_equal(told.of[0], 1);
	strike(world, &p, at(3, 6, 15, 1), "due");
	assert_int_equal(told.total, 0);
	/* Nobody has it: the whole team. */
	other = maria_writes_at(world, &p, S("And this?"), at(3, 6, 15, 30)).thread;
	assert_ok(reply_as(world, p.ana, thread, S("Yes"), at(3, 6, 16, 0)));
	strike(world, &p, at(3, 11, 11, 30), "due");
	assert_int_equal(told.total, 2);
	(void)other;
	/* No warning where the facility wants none. */
	set(world, &p, "warn_before_hours", 0);
	maria_writes_at(world, &p, S("And that?"), at(3, 16, 10, 0));
	strike(world, &p, at(3, 19, 9, 59), "due");
	assert_int_equal(told.total, 0);
}

static void
first_the_owner_then_the_team_then_the_office_and_at_last_nobody(void **state)
{
	struct world *world = *state;
	struct people p;
	thread_id thread;

	clinic_setup(world, &p);
	set(world, &p, "escalation_tries_max", 4);
	thread = maria_writes(world, &p, S("May I?")).thread;
	claim_as(world, p.ana, thread, wednesday());
	strike(world, &p, at(3, 9, 9, 59), "escalated");
	assert_int_equal(told.total, 0);
	strike(world, &p, at(3, 9, 10, 0), "escalated");
	assert_int_equal(told.total, 1);
	assert_int_equal(told.of[0], 1);
	strike(world, &p, at(3, 10, 10, 0), "escalated");
	assert_int_equal(told.total, 2);
	assert_int_equal(told.of[3], 0);
	strike(world, &p, at(3, 11, 10, 0), "escalated");
	assert_int_equal(told.total, 3);
	assert_int_equal(told.of[3], 1);
	strike(world, &p, at(3, 12, 10, 0), "escalated");
	assert_int_equal(told.total, 3);
	strike(world, &p, at(3, 13, 10, 0), "escalated");
	assert_int_equal(told.total, 0);
	assert_int_equal(thread_now(world, thread).escalation_tries, 5); /* it stays marked */
}

static void
whoever_stands_in_is_told_with_the_team_when_the_owner_is_away(void **state)
{
	struct world *world = *state;
	struct people p;
	thread_id thread;
	struct cx ana;

	clinic_setup(world, &p);
	thread = maria_writes(world, &p, S("May I?")).thread;
	claim_as(world, p.ana, thread, wednesday());
	ana = people_as(world, p.ana);
	assert_ok(surrogate_make(
	    &ana, &(struct surrogate){
		      .account = p.ana, .by_account = p.ben, .since = at(3, 8, 0, 0), .until = at(3, 15, 0, 0)}));
	db_release(&ana);
	strike(world, &p, at(3, 9, 10, 0), "escalated");
	assert_int_equal(told.total, 3);
	assert_int_equal(told.of[2], 1);
}

/* Friday before Columbus Day: three business days are Thursday, and the clock strikes on no day off. */
static void
a_holiday_weekend_does_not_run_the_clock(void **state)
{
	struct world *world = *state;
	struct people p;

	clinic_setup(world, &p);
	maria_writes_at(world, &p, S("May I?"), at(10, 9, 9, 0));
	strike(world, &p, at(10, 15, 8, 59), "escalated");
	assert_int_equal(told.total, 0);
	strike(world, &p, at(10, 15, 9, 0), "escalated");
	assert_int_equal(told.total, 2);
	strike(world, &p, at(10, 16, 9, 0), "escalated");
	strike(world, &p, at(10, 18, 9, 0), "escalated"); /* a Sunday */
	assert_int_equal(told.total, 0);
	strike(world, &p, at(10, 19, 9, 0), "escalated");
	assert_int_equal(told.total, 3);
}

static void
what_stops_the_clock_is_the_facilitys_choice(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx ana;
	thread_id thread;

	clinic_setup(world, &p);
	set(world, &p, "clock_stops", CLOCK_STOPS_AT_COMPLETION);
	thread = maria_writes(world, &p, S("May I?")).thread;
	assert_ok(reply_as(world, p.ana, thread, S("Yes"), instant_add_ms(wednesday(), HOUR_MS)));
	assert_int_equal(thread_now(world, thread).status, THREAD_IN_PROCESS); /* the promise is kept */
	strike(world, &p, at(3, 9, 10, 0), "escalated");
	assert_int_equal(told.total, 1);
	ana = people_as_at(world, p.ana, at(3, 9, 11, 0));
	assert_ok(thread_complete(&ana, &(struct thread_complete){.thread = thread, .how = COMPLETED_ANSWERED}));
	strike(world, &p, at(3, 10, 10, 0), "escalated");
	assert_int_equal(told.total, 0);
	assert_ok(thread_reopen(&ana, thread));
	assert_false(instant_is_none(thread_now(world, thread).escalate_at));
	db_release(&ana);
	assert_sound(world);
}

struct calendar_change {
	struct people *p;
	int32_t closed, opened;
	int64_t reply_days;
};

static const struct err *
change_calendar(struct tx *tx, void *arg)
{
	const struct calendar_change *in = arg;
	struct facility facility = in->p->facility;

	if (in->closed)
		TRY(facility_close_day(tx, facility.id, in->closed, S("Storm")));
	if (in->opened)
		TRY(facility_open_day(tx, facility.id, in->opened));
	if (in->reply_days) {
		facility.reply_days = in->reply_days;
		TRY(facility_update(tx, &facility));
	}
	return messaging_calendar_changed(tx, facility.id);
}

static void
a_changed_calendar_never_makes_a_promise_later(void **state)
{
	struct world *world = *state;
	struct people p;
	thread_id before, after;
	int32_t friday = civil_date_to_days((struct civil_date){2026, 3, 6});

	clinic_setup(world, &p);
	before = maria_writes(world, &p, S("Before")).thread;
	assert_int_equal(thread_now(world, before).due.ms, at(3, 9, 10, 0).ms);
	assert_ok(db_write(&world->cx, change_calendar, &(struct calendar_change){&p, .closed = friday}));
	assert_int_equal(thread_now(world, before).due.ms, at(3, 9, 10, 0).ms); /* as promised */
	after = maria_writes(world, &p, S("After")).thread;
	assert_int_equal(thread_now(world, after).due.ms, at(3, 10, 10, 0).ms);
	assert_ok(db_write(&world->cx, change_calendar, &(struct calendar_change){&p, .opened = friday}));
	assert_int_equal(thread_now(world, after).due.ms, at(3, 9, 10, 0).ms); /* sooner */
	assert_int_equal(thread_now(world, after).escalate_at.ms, at(3, 9, 10, 0).ms);
	assert_ok(db_write(&world->cx, change_calendar, &(struct calendar_change){&p, .reply_days = 2}));
	assert_int_equal(thread_now(world, after).due.ms, at(3, 6, 10, 0).ms);
	assert_ok(db_write(&world->cx, change_calendar, &(struct calendar_change){&p, .reply_days = 5}));
	assert_int_equal(thread_now(world, after).due.ms, at(3, 6, 10, 0).ms);
	assert_sound(world);
}

static void
what_is_urgent_is_due_sooner_and_never_later(void **state)
{
	struct world *world = *state;
	struct people p;
	instant due;

	clinic_setup(world, &p);
	assert_ok(promise_urgent_from_now(&world->cx, p.facility.id, &due));
	assert_int_equal(due.ms, at(3, 5, 10, 0).ms);
	set(world, &p, "urgent_reply_days", 0);
	assert_ok(promise_urgent_from_now(&world->cx, p.facility.id, &due));
	assert_int_equal(due.ms, at(3, 9, 10, 0).ms);
	set(world, &p, "urgent_reply_days", 30);
	assert_ok(promise_urgent_from_now(&world->cx, p.facility.id, &due));
	assert_int_equal(due.ms, at(3, 9, 10, 0).ms);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    cmocka_unit_test(business_hours_skip_nights_weekends_holidays_and_the_changing_clock),
	    WORLD_TEST(who_has_it_is_warned_once_before_it_is_late),
	    WORLD_TEST(first_the_owner_then_the_team_then_the_office_and_at_last_nobody),
	    WORLD_TEST(whoever_stands_in_is_told_with_the_team_when_the_owner_is_away),
	    WORLD_TEST(a_holiday_weekend_does_not_run_the_clock),
	    WORLD_TEST(what_stops_the_clock_is_the_facilitys_choice),
	    WORLD_TEST(a_changed_calendar_never_makes_a_promise_later),
	    WORLD_TEST(what_is_urgent_is_due_sooner_and_never_later),
	};

	return cmocka_run_group_tests_name("messaging clock", list, NULL, NULL);
}
