/* SPDX-License-Identifier: Apache-2.0 */
/* Reminders: by the facility's clocks on both days on which they change, by the patient's choice, not after a visit was called off,
 * not twice whatever fails; and the calendar file. */
#include "care/appointments/appointments_test_help.h"

#include <stdio.h>
#include <stdlib.h>

#include "care/notify/notify.h"

static const struct zone *
new_york(void)
{
	const struct zone *zone;

	assert_ok(zone_find(S("America/New_York"), &zone));
	return zone;
}

/* A time of the wall clock in New York. */
static instant
wall(int year, int month, int day, int hour, int minute)
{
	return zone_instant(new_york(),
	    (struct civil_time){
		.date = {(int16_t)year, (int8_t)month, (int8_t)day}, .hour = (int8_t)hour, .minute = (int8_t)minute});
}

static void
reminders_leave_at_nine_by_the_clocks_of_their_day(void **state)
{
	instant before = wall(2026, 1, 1, 0, 0), when;

	(void)state;
	/* clocks go forward on Sunday, 8 March 2026 */
	when = visit_reminder_next(new_york(), wall(2026, 3, 9, 10, 0), 1 << 2, before);
	assert_int_equal(when.ms, wall(2026, 3, 7, 9, 0).ms);
	assert_int_equal(zone_civil(zone_utc(), when).hour, 14);
	when = visit_reminder_next(new_york(), wall(2026, 3, 9, 10, 0), 1 << 1, before);
	assert_int_equal(zone_civil(zone_utc(), when).hour, 13);
	assert_int_equal(zone_civil(new_york(), when).hour, 9);
	/* and back on Sunday, 1 November 2026 */
	when = visit_reminder_next(new_york(), wall(2026, 11, 2, 0, 30), 1 << 1, before);
	assert_int_equal(when.ms, wall(2026, 11, 1, 9, 0).ms);
	assert_int_equal(zone_civil(zone_utc(), when).hour, 14);
	when = visit_reminder_next(new_york(), wall(2026, 11, 2, 0, 30), 1 << 2, before);
	assert_int_equal(zone_civil(zone_utc(), when).hour, 13);
	/* several: the next one each time, then none */
	when = visit_reminder_next(new_york(), wall(2026, 3, 9, 10, 0), 1 << 7 | 1 << 1, before);
	assert_int_equal(when.ms, wall(2026, 3, 2, 9, 0).ms);
	when = visit_reminder_next(new_york(), wall(2026, 3, 9, 10, 0), 1 << 7 | 1 << 1, when);
	assert_int_equal(when.ms, wall(2026, 3, 8, 9, 0).ms);
	when = visit_reminder_next(new_york(), wall(2026, 3, 9, 10, 0), 1 << 7 | 1 << 1, when);
	assert_true(instant_is_none(when));
	assert_true(instant_is_none(visit_reminder_next(new_york(), wall(2026, 3, 9, 10, 0), 0, before)));
}

static void
slots_are_wall_clock_times_on_the_days_the_clocks_change(void **state)
{
	struct clinic c;
	struct schedule s;
	struct db_rows rows;
	const struct slot *slot;
	int per_day[2] = {0};

	clinic_open(&c, state, 1);
	assert_ok(schedule_get(&c.root, c.hours, &s));
	s.id.v = uuid_new(c.world->cx.now);
	s.from_minute = 60; /* 1:00 to 4:00: 2:00 and 2:30 are not there when the clocks go forward */
	s.until_minute = 240;
	clinic_at(&c, wall(2027, 3, 12, 12, 0));
	assert_ok(schedule_save(&c.root, &s));
	db_refresh(&c.root);
	assert_ok(slot_rows_of_schedule(&c.root, s.id, c.root.now, &rows));
	slot = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		struct civil_time t = zone_civil(new_york(), slot[i].start);

		assert_true(t.hour >= 1 && t.hour < 4 && (t.minute == 0 || t.minute == 30));
		assert_int_equal(slot[i].end.ms - slot[i].start.ms, 30 * MINUTE_MS);
		if (t.date.month == 3 && (t.date.day == 14 || t.date.day == 15)) /* Sunday the 14th */
			per_day[t.date.day - 14]++;
	}
	assert_int_equal(per_day[0], 4);
	assert_int_equal(per_day[1], 6);
	clinic_close(&c);
}

static struct appointment
booked_far(struct clinic *c)
{
	const struct slot *slots;
	size_t count;

	slots = clinic_slots(c, &count);
	return clinic_book(c, slots[count - 1].id);
}

static void
a_reminder_leaves_once_and_by_choice(void **state)
{
	struct clinic c;
	struct appointment a;
	instant due;
	bool chosen;
	int64_t days;

	clinic_open(&c, state, 1);
	a = booked_far(&c);
	due = a.remind_at;
	assert_int_equal(
	    due.ms, visit_reminder_next(new_york(), a.start, 1 << 2, c.maria.now).ms); /* the facility's default */
	assert_ok(visit_reminders_send(&c.world->cx));
	assert_int_equal(clinic_outbox(&c, "visit_notice"), 1); /* the confirmation alone */
	assert_ok(visit_reminder_choice_set(&c.maria, 1 << 3 | 1 << 1));
	db_refresh(&c.maria);
	assert_ok(visit_reminder_choice_get(&c.maria, &days, &chosen));
	assert_true(chosen && days == (1 << 3 | 1 << 1));
	assert_fails(visit_reminder_choice_set(&c.maria, 1), ERR_INVALID);
	a = clinic_look(&c, a.id);
	assert_int_equal(due.ms - a.remind_at.ms, DAY_MS);
	clinic_at(&c, a.remind_at);
	assert_ok(visit_reminders_send(&c.world->cx));
	assert_ok(visit_reminders_send(&c.world->cx));
	assert_int_equal(clinic_outbox(&c, "visit_notice"), 2);
	clinic_at(&c, instant_add_ms(a.start, -2 * HOUR_MS)); /* the program was away for the last one */
	assert_ok(visit_reminders_send(&c.world->cx));
	assert_ok(visit_reminders_send(&c.world->cx));
	assert_int_equal(clinic_outbox(&c, "visit_notice"), 3);
	assert_true(instant_is_none(clinic_look(&c, a.id).remind_at));
	clinic_close(&c);
}

static void
nothing_is_reminded_of_that_was_called_off(void **state)
{
	struct clinic c;
	struct appointment a;

	clinic_open(&c, state, 1);
	a = booked_far(&c);
	assert_ok(clinic_do(&c.maria, &a, DEED_CANCEL, NULL, "x"));
	clinic_at(&c, instant_add_ms(a.start, -HOUR_MS));
	assert_ok(visit_reminders_send(&c.world->cx));
	assert_int_equal(clinic_outbox(&c, "visit_notice"), 1);
	clinic_close(&c);
}

/* A mail server that cannot be reached: whoever tries to send is told to come back. */
static void
a_reminder_that_waited_is_looked_at_once_more(void **state)
{
	struct clinic c;
	struct appointment a;
	struct outbox_item *items, *reminder = NULL;
	struct db_rows rows;

	clinic_open(&c, state, 1);
	assert_ok(mail_settings_set(&c.world->cx,
	    &(struct mail_settings){S("smtp://127.0.0.1:1"), S("salve@clinic.example"), S("https://portal.example")}));
	assert_ok(mail_address_set(&c.world->cx, c.people.maria_account, S("maria@home.example")));
	a = booked_far(&c);
	clinic_at(&c, a.remind_at);
	assert_ok(visit_reminders_send(&c.world->cx));
	db_refresh(&c.world->cx);
	assert_ok(outbox_of_patient(
	    &c.world->cx, "visit_notice", c.people.maria, (instant){0}, (instant){INT64_MAX}, 10, &rows));
	items = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (str_contains(items[i].payload, S("visit-reminder")))
			reminder = &items[i];
	assert_non_null(reminder);
	assert_fails(visit_notice_deliver(&c.world->cx, reminder), ERR_BUSY); /* it is wanted, and cannot leave yet */
	assert_ok(clinic_do(&c.maria, &a, DEED_CANCEL, NULL, "x"));
	db_refresh(&c.world->cx);
	assert_ok(visit_notice_deliver(&c.world->cx, reminder)); /* nothing is sent any more */
	clinic_close(&c);
}

static void
a_failing_statement_keeps_nothing_of_a_reminder(void **state)
{
	struct clinic c;
	struct appointment a;
	bool failed = true;

	clinic_open(&c, state, 1);
	a = booked_far(&c);
	clinic_at(&c, a.remind_at);
	for (int64_t n = 1; failed; n++) {
		assert_true(n < 20);
		db_fault_arm(c.world->db, DB_FAULT_ERROR, n);
		failed = visit_reminders_send(&c.world->cx) != NULL;
		db_fault_arm(c.world->db, DB_FAULT_NONE, 0);
		assert_int_equal(clinic_outbox(&c, "visit_notice"), failed ? 1 : 2);
		assert_true(instant_is_none(clinic_look(&c, a.id).remind_at) == !failed);
	}
	clinic_close(&c);
}

/* ---- the calendar file ---- */

static struct appointment
a_visit(instant start)
{
	return (struct appointment){.id = {{{0x0a, [6] = 0x70, [8] = 0x80, [15] = 1}}},
	    .state = APPOINTMENT_BOOKED,
	    .start = start,
	    .end = instant_add_ms(start, 30 * MINUTE_MS),
	    .changes = 2,
	    .changed_at = wall(2026, 2, 1, 12, 0),
	    .details = {.title = S("Follow-up; with, signs \\ in it"),
		.who = S("Ada Okafor, MD, Maple Team"),
		.place = S("Room 4"),
		.address = S("Clínica Cedar Valley"),
		.prepare = S("Bring all your medicines, or a list of them.\nWrite down what you want to ask: ñandú, "
			     "ñandú, ñandú."),
		.phone = S("555-0100")}};
}

static void
a_calendar_file_is_as_it_was(void **state)
{
	static const struct {
		const char *name;
		int month, day;
	} cases[] = {{"winter", 3, 3}, {"summer", 7, 14}, {"forward", 3, 8}, {"back", 11, 1}};
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct appointment a = a_visit(wall(2026, cases[i].month, cases[i].day, 14, 10));
		struct buf out = BUF_INIT(&arena), golden = BUF_INIT(&arena);
		str path =
		    arena_printf(&arena, "%s/test/golden/appointments/%s.ics", getenv("SALVE_SOURCE"), cases[i].name);
		char chunk[4096];
		size_t n;
		FILE *file;

		calendar_file(
		    &out, &a, S("America/New_York"), new_york(), S("https://portal.example.org/appointments/7"));
		if (getenv("SALVE_WRITE_GOLDEN") && (file = fopen(path.p, "w"))) {
			assert_int_equal(fwrite(buf_str(&out).p, 1, out.n, file), out.n);
			fclose(file);
		}
		file = fopen(path.p, "r");
		assert_non_null(file);
		while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
			buf_add_bytes(&golden, chunk, n);
		fclose(file);
		assert_true(str_equal(buf_str(&out), buf_str(&golden)));
	}
	arena_release(&arena);
}

/* ---- who acts for a patient ---- */

/* Visit notices about María to this account, and none says anything of her or of the visit. */
static int
told(struct clinic *c, account_id account, const char *reason)
{
	static const char *const secrets[] = {
	    "Follow-up", "knee", "Room 4", "garden", "Maria", "Lopez", "Maple", "medicines"};
	struct cx *cx = &c->world->cx;
	const struct outbox_item *item;
	struct db_rows rows;
	int count = 0;

	db_refresh(cx);
	assert_ok(
	    outbox_of_patient(cx, "visit_notice", c->people.maria, (instant){0}, (instant){INT64_MAX}, 500, &rows));
	item = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		count += str_contains(item[i].payload, uuid_text(cx->arena, account.v)) &&
		         str_contains(item[i].payload, arena_printf(cx->arena, "\"%s\"", reason));
		for (size_t s = 0; s < sizeof(secrets) / sizeof(secrets[0]); s++)
			assert_false(str_contains(item[i].payload, str_from_z(secrets[s])));
	}
	return count;
}

/* Bo may do this for María until then. */
static delegation_id
let_bo(struct clinic *c, unsigned rights, instant until)
{
	struct delegation d;
	struct cx bo;
	str code;

	clinic_refresh(c);
	assert_ok(delegation_offer(&c->maria,
	    &(struct delegation_new){.key = uuid_new(c->maria.now),
		.called = S("Bo"),
		.rights = rights,
		.since = INSTANT_NONE,
		.until = until},
	    &code));
	bo = people_as_at(c->world, c->people.bo_account, c->maria.now);
	assert_ok(delegation_accept(&bo, code, &d));
	db_release(&bo);
	return d.id;
}

static void
bo_chooses(struct clinic *c, delegation_id id, unsigned wanted)
{
	struct cx bo = people_as_at(c->world, c->people.bo_account, c->maria.now);

	assert_ok(delegation_set_notices(&bo, id, wanted));
	db_release(&bo);
}

static void
who_acts_for_a_patient_is_told_of_visits_while_they_may_and_want(void **state)
{
	struct clinic c;
	struct appointment a;
	const struct slot *slots;
	struct cx bo;
	size_t count;
	delegation_id id;

	clinic_open(&c, state, 3);
	slots = clinic_slots(&c, &count);
	a = clinic_book(&c, slots[20].id);
	id = let_bo(&c, RIGHT_APPOINTMENTS, DELEGATION_OPEN);
	assert_ok(clinic_do(&c.maria, &a, DEED_MOVE, &slots[25].id, ""));
	assert_int_equal(told(&c, c.people.bo_account, "visit"), 0); /* he did not choose it */
	bo_chooses(&c, id, RIGHT_APPOINTMENTS);
	a = clinic_look(&c, a.id);
	assert_ok(clinic_do(&c.maria, &a, DEED_MOVE, &slots[26].id, "")); /* changed by herself */
	assert_int_equal(told(&c, c.people.bo_account, "visit"), 1);
	a = clinic_look(&c, a.id);
	assert_ok(
	    clinic_do(&c.ana, &a, DEED_SETTLE, &slots[27].id, "")); /* by the team, in a message that he cannot read */
	assert_int_equal(told(&c, c.people.bo_account, "visit"), 2);
	a = clinic_look(&c, a.id);
	count = (size_t)told(&c, c.people.maria_account, "visit");
	bo = people_acting(c.world, c.people.bo_account, c.people.maria);
	assert_ok(clinic_do(&bo, &a, DEED_MOVE, &slots[28].id, "")); /* he knows what he did; she is told */
	db_release(&bo);
	assert_int_equal(told(&c, c.people.bo_account, "visit"), 2);
	assert_int_equal(told(&c, c.people.maria_account, "visit"), count + 1);
	a = clinic_look(&c, a.id);
	clinic_at(&c, a.remind_at);
	assert_ok(visit_reminders_send(&c.world->cx));
	assert_int_equal(told(&c, c.people.bo_account, "visit-reminder"), 1);
	assert_int_equal(told(&c, c.people.maria_account, "visit-reminder"), 1);
	bo_chooses(&c, id, 0);
	a = clinic_look(&c, a.id);
	assert_ok(clinic_do(&c.maria, &a, DEED_CANCEL, NULL, "Ill"));
	assert_int_equal(told(&c, c.people.bo_account, "visit"), 2);
	clinic_close(&c);
}

static void
a_message_that_they_read_is_one_notice(void **state)
{
	struct clinic c;
	struct appointment a;
	const struct slot *slots;
	size_t count;
	delegation_id id;

	clinic_open(&c, state, 3);
	slots = clinic_slots(&c, &count);
	a = clinic_book(&c, slots[20].id);
	id = let_bo(&c, RIGHT_APPOINTMENTS | RIGHT_MESSAGES_READ, DELEGATION_OPEN);
	bo_chooses(&c, id, RIGHTS_TOLD);
	assert_ok(clinic_do(&c.ana, &a, DEED_SETTLE, &slots[27].id, ""));
	assert_int_equal(told(&c, c.people.bo_account, "visit"), 0); /* the message has a notice of its own */
	bo_chooses(&c, id, RIGHT_APPOINTMENTS);
	a = clinic_look(&c, a.id);
	assert_ok(clinic_do(&c.ana, &a, DEED_SETTLE, &slots[28].id, ""));
	assert_int_equal(told(&c, c.people.bo_account, "visit"), 1);
	clinic_close(&c);
}

/* Ended or run out while the notice waited: asked again as it leaves. */
static void
what_waits_for_a_permission_that_ended_does_not_leave(void **state)
{
	struct clinic c;
	struct appointment a;
	const struct slot *slots;
	struct cx *cx;
	size_t count;
	delegation_id id;
	instant end;
	bool yes;

	clinic_open(&c, state, 3);
	slots = clinic_slots(&c, &count);
	a = clinic_book(&c, slots[20].id);
	end = instant_add_ms(c.maria.now, DAY_MS);
	id = let_bo(&c, RIGHT_APPOINTMENTS, end);
	bo_chooses(&c, id, RIGHT_APPOINTMENTS);
	cx = &c.world->cx;
	assert_ok(delegate_is_told(cx, a.patient, c.people.bo_account, RIGHT_APPOINTMENTS, &yes));
	assert_true(yes);
	assert_ok(delegate_is_told(cx, a.patient, c.people.bo_account, RIGHT_MESSAGES_READ, &yes));
	assert_false(yes);
	clinic_at(&c, end);
	assert_ok(delegate_is_told(cx, a.patient, c.people.bo_account, RIGHT_APPOINTMENTS, &yes));
	assert_false(yes);
	assert_ok(clinic_do(&c.maria, &a, DEED_CANCEL, NULL, "Ill"));
	assert_int_equal(told(&c, c.people.bo_account, "visit"), 0);
	clinic_close(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reminders_leave_at_nine_by_the_clocks_of_their_day),
	    WORLD_TEST(slots_are_wall_clock_times_on_the_days_the_clocks_change),
	    WORLD_TEST(a_reminder_leaves_once_and_by_choice),
	    WORLD_TEST(nothing_is_reminded_of_that_was_called_off),
	    WORLD_TEST(a_reminder_that_waited_is_looked_at_once_more),
	    WORLD_TEST(a_failing_statement_keeps_nothing_of_a_reminder),
	    cmocka_unit_test(a_calendar_file_is_as_it_was),
	    WORLD_TEST(who_acts_for_a_patient_is_told_of_visits_while_they_may_and_want),
	    WORLD_TEST(a_message_that_they_read_is_one_notice),
	    WORLD_TEST(what_waits_for_a_permission_that_ended_does_not_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
