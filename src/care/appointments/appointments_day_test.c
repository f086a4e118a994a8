/* SPDX-License-Identifier: Apache-2.0 */
/* The day of a team, opening hours that change, and the visits that another system keeps. */
#include "care/appointments/appointments_test_help.h"

#include "care/notify/notify.h"

static void
the_day_has_agendas_check_ins_and_what_came_of_it(void **state)
{
	struct clinic c;
	struct appointment a;
	const struct appointment *listed;
	const struct slot *slots;
	struct day_query day = {.from = {0}};
	struct db_rows rows;
	size_t count;

	clinic_open(&c, state, 1);
	slots = clinic_slots(&c, &count);
	a = clinic_book(&c, slots[0].id);
	assert_ok(appointment_agenda_set(&c.maria, c.people.maria, a.id, S(" The tablets. ")));
	assert_fails(appointment_agenda_set(&c.ana, c.people.maria, a.id, S("No")), ERR_GONE);
	day.from = instant_add_ms(a.start, -HOUR_MS);
	day.until = instant_add_ms(a.start, HOUR_MS);
	clinic_refresh(&c);
	assert_ok(appointments_of_day(&c.ana, &day, &rows));
	assert_int_equal(rows.count, 1);
	listed = rows.items;
	assert_true(str_equal(listed[0].agenda, S("The tablets.")));
	day.mine = true; /* the team's hours, nobody's own */
	assert_ok(appointments_of_day(&c.ana, &day, &rows));
	assert_int_equal(rows.count, 0);
	assert_fails(clinic_do(&c.maria, &a, DEED_CHECK_IN, NULL, NULL), ERR_CONFLICT); /* not today yet */
	assert_fails(clinic_do(&c.ana, &a, DEED_MISS, NULL, NULL), ERR_CONFLICT);
	clinic_at(&c, instant_add_ms(a.start, -20 * MINUTE_MS));
	assert_ok(clinic_do(&c.maria, &a, DEED_CHECK_IN, NULL, NULL));
	assert_ok(clinic_do(&c.maria, &a, DEED_CHECK_IN, NULL, NULL));
	assert_int_equal(clinic_look(&c, a.id).arrived_at.ms, c.maria.now.ms);
	assert_ok(clinic_do(&c.ana, &a, DEED_FINISH, NULL, NULL));
	assert_true(str_equal(clinic_in_record(&c, &a, "status"), S("fulfilled")));
	assert_ok(clinic_do(&c.ana, &a, DEED_REOPEN, NULL, NULL));
	assert_true(instant_is_none(clinic_look(&c, a.id).arrived_at));
	clinic_at(&c, instant_add_ms(a.start, HOUR_MS));
	assert_fails(clinic_do(&c.maria, &a, DEED_CHECK_IN, NULL, NULL), ERR_CONFLICT); /* it is over */
	assert_fails(clinic_do(&c.maria, &a, DEED_CANCEL, NULL, "x"), ERR_CONFLICT);
	assert_ok(clinic_do(&c.ana, &a, DEED_MISS, NULL, NULL));
	assert_int_equal(clinic_look(&c, a.id).state, APPOINTMENT_NOSHOW);
	clinic_close(&c);
}

static void
hours_change_and_who_is_booked_stays(void **state)
{
	struct clinic c;
	struct appointment a;
	const struct slot *slots;
	struct schedule s, other;
	size_t before, count;

	clinic_open(&c, state, 1);
	slots = clinic_slots(&c, &before);
	a = clinic_book(&c, slots[0].id);
	assert_ok(schedule_get(&c.root, c.hours, &s));
	s.from_minute = 14 * 60;
	s.until_minute = 15 * 60;
	clinic_refresh(&c);
	assert_ok(schedule_save(&c.root, &s));
	slots = clinic_slots(&c, &count);
	assert_true(count < before);
	for (size_t i = 0; i < count; i++) {
		const struct zone *zone;

		assert_ok(zone_find(c.people.facility.zone, &zone));
		assert_int_equal(zone_civil(zone, slots[i].start).hour, 14);
	}
	assert_int_equal(clinic_look(&c, a.id).state, APPOINTMENT_BOOKED);
	assert_ok(slots_extend(&c.world->cx)); /* again: nothing changes */
	db_refresh(&c.world->cx);
	clinic_slots(&c, &before);
	assert_int_equal(count, before);
	s.active = false;
	assert_ok(schedule_save(&c.root, &s));
	clinic_slots(&c, &count);
	assert_int_equal(count, 0);
	/* one person in two rooms at once */
	other = s;
	other.active = true;
	other.account = c.people.okafor;
	assert_ok(schedule_save(&c.root, &other));
	other.id.v = uuid_new(c.world->cx.now);
	other.from_minute = 14 * 60 + 30;
	other.until_minute = 16 * 60;
	clinic_refresh(&c);
	assert_fails(schedule_save(&c.root, &other), ERR_INVALID);
	other.account = c.people.ben; /* of another team */
	assert_fails(schedule_save(&c.root, &other), ERR_INVALID);
	other.account = (account_id){{{0}}};
	other.weekdays = 0;
	assert_fails(schedule_save(&c.root, &other), ERR_INVALID);
	other.weekdays = 2;
	other.until_minute = other.from_minute + 10;
	assert_fails(schedule_save(&c.root, &other), ERR_INVALID);
	clinic_close(&c);
}

/* How many notices of visits there were for the patient; none says anything of the visit. */
static size_t
told_of_visits(struct clinic *c)
{
	struct db_rows rows;
	const struct outbox_item *item;

	clinic_refresh(c);
	assert_ok(outbox_of_patient(&c->root, "visit_notice", c->people.maria, (instant){0},
	    instant_add_ms(c->world->cx.now, DAY_MS), 100, &rows));
	item = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		assert_false(str_contains(item[i].payload, S("Eye clinic")));
	return rows.count;
}

static void
another_systems_visits_are_followed_and_asked_about(void **state)
{
	static const struct outbox_kind kinds[] = {{RECORD_FOLLOW_KIND, visit_follow_deliver, VISIT_GIVE_UP_MS},
	    {"visit_message", visit_message_deliver, VISIT_GIVE_UP_MS},
	    {"visit_notice", visit_notice_deliver, VISIT_GIVE_UP_MS}, {"notice", notice_deliver, NOTICE_GIVE_UP_MS},
	    {0}};
	static const char text[] =
	    "{\"resourceType\":\"Appointment\",\"id\":\"ehr-7\",\"status\":\"%s\",\"serviceType\":[{\"text\":\"Eye "
	    "clinic\"}],"
	    "\"start\":\"%.*s\",\"participant\":[{\"actor\":{\"reference\":\"Patient/x\"},\"status\":"
	    "\"accepted\"},{\"actor\":{\"display\":\"Dr. Sato\"},\"status\":\"accepted\"}]}";
	struct clinic c;
	struct appointment a;
	int64_t delivered;
	struct db_rows rows;
	str first, second;

	clinic_open(&c, state, 1);
	first = fhir_instant_text(&c.world->arena, instant_add_ms(c.world->cx.now, 10 * DAY_MS));
	second = fhir_instant_text(&c.world->arena, instant_add_ms(c.world->cx.now, 11 * DAY_MS));
	put_text(c.world, c.people.maria, arena_printf(&c.world->arena, text, "booked", STR_ARG(first)));
	assert_ok(jobs_deliver_due(&c.world->cx, kinds, &delivered));
	assert_true(delivered >= 1);
	assert_int_equal(told_of_visits(&c), 1); /* a new one */
	assert_ok(appointment_list(&c.maria, c.people.maria, APPOINTMENTS_TO_COME, 0, 10, &rows));
	assert_int_equal(rows.count, 1);
	a = *(struct appointment *)rows.items;
	assert_false(a.ours);
	assert_true(str_equal(a.details.title, S("Eye clinic")));
	assert_true(str_equal(a.details.who, S("Dr. Sato")));
	assert_false(instant_is_none(a.remind_at));
	assert_fails(clinic_do(&c.maria, &a, DEED_CANCEL, NULL, "x"), ERR_CONFLICT); /* it is not ours to call off */
	assert_ok(clinic_do(&c.maria, &a, DEED_ASK_CANCEL, NULL, "I cannot come."));
	assert_int_equal(clinic_look(&c, a.id).asked, ASKED_CANCEL);
	put_text(c.world, c.people.maria, arena_printf(&c.world->arena, text, "cancelled", STR_ARG(first)));
	assert_ok(jobs_deliver_due(&c.world->cx, kinds, &delivered));
	a = clinic_look(&c, a.id);
	assert_int_equal(a.state, APPOINTMENT_CANCELLED);
	assert_int_equal(told_of_visits(&c), 2); /* off */
	assert_int_equal(a.asked, ASKED_NOTHING);
	assert_true(instant_is_none(a.remind_at));
	put_text(c.world, c.people.maria, arena_printf(&c.world->arena, text, "booked", STR_ARG(second)));
	assert_ok(jobs_deliver_due(&c.world->cx, kinds, &delivered));
	assert_int_equal(clinic_look(&c, a.id).state, APPOINTMENT_BOOKED);
	assert_int_equal(told_of_visits(&c), 3);
	put_text(c.world, c.people.maria, arena_printf(&c.world->arena, text, "arrived", STR_ARG(second)));
	assert_ok(jobs_deliver_due(&c.world->cx, kinds, &delivered));
	put_text(c.world, c.people.maria, arena_printf(&c.world->arena, text, "booked", STR_ARG(second)));
	assert_ok(jobs_deliver_due(&c.world->cx, kinds, &delivered));
	put_text(c.world, c.people.maria, arena_printf(&c.world->arena, text, "entered-in-error", STR_ARG(second)));
	assert_ok(jobs_deliver_due(&c.world->cx, kinds, &delivered));
	clinic_refresh(&c);
	assert_fails(appointment_get(&c.maria, c.people.maria, a.id, &a), ERR_GONE);
	assert_int_equal(told_of_visits(&c), 4); /* that it is off; not that she was here */
	clinic_close(&c);
}

/* Staff of the other system call off over FHIR what was booked here. */
static void
what_is_called_off_over_fhir_frees_its_seat(void **state)
{
	static const struct outbox_kind kinds[] = {{RECORD_FOLLOW_KIND, visit_follow_deliver, VISIT_GIVE_UP_MS},
	    {"visit_notice", visit_notice_deliver, VISIT_GIVE_UP_MS}, {0}};
	struct clinic c;
	struct appointment a;
	const struct slot *slots;
	size_t before, count;
	int64_t delivered;

	clinic_open(&c, state, 1);
	slots = clinic_slots(&c, &before);
	a = clinic_book(&c, slots[0].id);
	put_text(c.world, c.people.maria,
	    arena_printf(&c.world->arena,
		"{\"resourceType\":\"Appointment\",\"id\":\"%.*s\",\"status\":\"cancelled\",\"start\":\"%.*s\","
		"\"participant\":[{\"actor\":{\"reference\":\"Patient/x\"},\"status\":\"declined\"}]}",
		STR_ARG(uuid_text(&c.world->arena, a.id.v)), STR_ARG(fhir_instant_text(&c.world->arena, a.start))));
	assert_ok(jobs_deliver_due(&c.world->cx, kinds, &delivered));
	a = clinic_look(&c, a.id);
	assert_int_equal(a.state, APPOINTMENT_CANCELLED);
	assert_true(instant_is_none(a.remind_at));
	clinic_slots(&c, &count);
	assert_int_equal(count, before);
	clinic_close(&c);
}

struct closing {
	team_id from, to;
};

static const struct err *
close_team(struct tx *tx, void *arg)
{
	const struct closing *in = arg;

	return appointments_hand_over(tx, in->from, in->to);
}

static void
a_team_that_closes_hands_its_visits_over(void **state)
{
	struct clinic c;
	struct appointment a;
	const struct slot *slots;
	size_t count;

	clinic_open(&c, state, 1);
	slots = clinic_slots(&c, &count);
	a = clinic_book(&c, slots[0].id);
	assert_fails(db_write(&c.world->cx, close_team, &(struct closing){c.people.maple, {{{0}}}}), ERR_INVALID);
	assert_ok(db_write(&c.world->cx, close_team, &(struct closing){c.people.maple, c.people.birch}));
	a = clinic_look(&c, a.id);
	assert_true(uuid_equal(a.team.v, c.people.birch.v));
	assert_int_equal(a.state, APPOINTMENT_BOOKED);
	clinic_slots(&c, &count);
	assert_int_equal(count, 0);
	clinic_close(&c);
}

/* ---- the conversation goes to another team ---- */

static int64_t
beside_visits(struct clinic *c, account_id account)
{
	struct cx *cx = &c->world->cx;
	int64_t n;

	db_refresh(cx);
	assert_ok(db_one(cx,
	    SQL("SELECT count(DISTINCT item) FROM page_item WHERE account = $1 AND kind = 5"
		" AND since <= $2 AND until > $2 AND care_since <= $2 AND care_until > $2"),
	    BIND(DB(account.v), DB(cx->now)), INTO(&n, ONE_INT)));
	return n;
}

static size_t
waits_for(struct clinic *c, account_id account)
{
	struct cx cx = people_as_at(c->world, account, c->world->cx.now);
	struct db_rows rows;

	assert_ok(appointments_waiting(&cx, (team_id){{{0}}}, 10, &rows));
	db_release(&cx);
	return rows.count;
}

static void
send_on(struct clinic *c, account_id who, thread_id thread, team_id team)
{
	static const struct outbox_kind kinds[] = {{THREAD_MOVED_KIND, visit_thread_moved, DAY_MS}, {0}};
	struct cx cx = people_as_at(c->world, who, c->world->cx.now);
	int64_t delivered;

	assert_ok(thread_reroute(&cx, &(struct thread_reroute){thread, team, S("They do these.")}));
	db_release(&cx);
	clinic_refresh(c);
	assert_ok(jobs_deliver_due(&c->world->cx, kinds, &delivered));
	clinic_refresh(c);
	assert_ok(jobs_deliver_due(&c->world->cx, kinds, &delivered)); /* nothing twice */
	clinic_refresh(c);
}

static void
a_conversation_that_goes_to_another_team_takes_its_request_along(void **state)
{
	struct clinic c;
	struct appointment a;

	clinic_open(&c, state, 2);
	assert_ok(appointment_ask_new(&c.maria,
	    &(struct appointment_request){.key = uuid_new(c.maria.now),
		.patient = c.people.maria,
		.team = c.people.maple,
		.reason = S("My eyes")},
	    &a));
	clinic_refresh(&c);
	assert_int_equal(waits_for(&c, c.people.ana), 1);
	assert_int_equal(beside_visits(&c, c.people.ana), 1);
	assert_int_equal(beside_visits(&c, c.people.ben), 0);
	send_on(&c, c.people.ana, a.thread, c.people.birch);
	assert_int_equal(waits_for(&c, c.people.ana), 0);
	assert_int_equal(beside_visits(&c, c.people.ana), 0);
	assert_int_equal(waits_for(&c, c.people.ben), 1);
	assert_int_equal(beside_visits(&c, c.people.ben), 1);
	a = clinic_look(&c, a.id);
	assert_true(uuid_equal(a.team.v, c.people.birch.v));
	send_on(&c, c.people.ben, a.thread, c.people.maple);
	assert_int_equal(waits_for(&c, c.people.ana), 1);
	a = clinic_look(&c, a.id);
	assert_ok(clinic_do(&c.ana, &a, DEED_REFUSE, NULL, "Please call."));
	assert_int_equal(waits_for(&c, c.people.ana), 0);
	assert_int_equal(beside_visits(&c, c.people.ana), 0);
	clinic_close(&c);
}

/* A visit that stands stays in the day of the team whose room it is; the question about it goes. */
static void
a_visit_that_stands_stays_and_its_question_goes(void **state)
{
	struct clinic c;
	struct appointment a;
	const struct slot *slots;
	size_t count;

	clinic_open(&c, state, 2);
	slots = clinic_slots(&c, &count);
	a = clinic_book(&c, slots[3].id);
	assert_ok(clinic_do(&c.maria, &a, DEED_ASK_CHANGE, NULL, "In the afternoon"));
	a = clinic_look(&c, a.id);
	send_on(&c, c.people.ana, a.thread, c.people.birch);
	a = clinic_look(&c, a.id);
	assert_true(uuid_equal(a.team.v, c.people.maple.v));
	assert_int_equal(waits_for(&c, c.people.ana), 0);
	assert_int_equal(waits_for(&c, c.people.ben), 1);
	{
		struct cx ben = people_as_at(c.world, c.people.ben, c.world->cx.now);

		assert_ok(clinic_do(&ben, &a, DEED_KEEP, NULL, "The afternoon is full."));
		db_release(&ben);
	}
	assert_int_equal(waits_for(&c, c.people.ben), 0);
	assert_int_equal(clinic_look(&c, a.id).asked, ASKED_NOTHING);
	clinic_close(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(the_day_has_agendas_check_ins_and_what_came_of_it),
	    WORLD_TEST(hours_change_and_who_is_booked_stays),
	    WORLD_TEST(another_systems_visits_are_followed_and_asked_about),
	    WORLD_TEST(what_is_called_off_over_fhir_frees_its_seat),
	    WORLD_TEST(a_team_that_closes_hands_its_visits_over),
	    WORLD_TEST(a_conversation_that_goes_to_another_team_takes_its_request_along),
	    WORLD_TEST(a_visit_that_stands_stays_and_its_question_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
