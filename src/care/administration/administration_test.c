/* SPDX-License-Identifier: Apache-2.0 */
/* Teams, panels, who stands in and who is blocked, as coordinators run them: what it does to messages, at the edges of time, as
 * the wrong person, and when a statement fails. */
#include "care/messaging/messaging_test_help.h"

#include "care/administration/administration_internal.h"

static const team_id no_team;
static const account_id no_account;

static struct cx
office(struct world *world, const struct people *p)
{
	return people_as(world, p->root);
}

static bool
sees(struct world *world, account_id who, thread_id thread, instant at)
{
	struct cx cx = people_as_at(world, who, at);
	struct inbox_query query = {.count_max = 50};
	struct db_rows rows;
	const struct thread *item;
	bool in_list = false, opens;
	struct thread found;
	struct standing_of_caller caller;
	int64_t counts[INBOX_FILTERS], tasks;

	assert_ok(inbox_list(&cx, &query, &rows));
	item = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		in_list = in_list || uuid_equal(item[i].id.v, thread.v);
	opens = thread_find(&cx, thread, RIGHT_MESSAGES_READ, &found, &caller) == NULL;
	assert_int_equal(opens, in_list);
	assert_ok(inbox_counts(&cx, no_team, counts));
	assert_ok(page_count_of(&cx, who, COUNT_TASKS, &tasks));
	assert_true(in_list ? tasks > 0 : true);
	assert_int_equal(tasks, counts[INBOX_MINE] + counts[INBOX_UNCLAIMED]);
	db_release(&cx);
	return in_list;
}

/* ---- teams ---- */

static void
a_team_is_made_and_changed_and_says_what_it_takes(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx;
	struct group_change in = {.team = {.name = S("Cedar Team"),
				      .care = S("Foot care"),
				      .place = S("Ground floor"),
				      .takes_messages = true,
				      .needs_signature = true,
				      .open_days = 62,
				      .open_from = 480,
				      .open_until = 990},
	    .topics = {CATEGORY_APPOINTMENT, CATEGORY_GENERAL},
	    .topic_count = 2};
	struct team team;
	struct db_rows topics;
	team_id id;
	str name;

	clinic_setup(world, &p);
	cx = office(world, &p);
	in.team.lead = p.okafor;
	assert_ok(group_make(&cx, &in, &id));
	assert_ok(group_find(&cx, id, &team));
	assert_true(team.active && team.needs_signature);
	assert_int_equal(team.open_until, 990);
	assert_ok(team_full_name(&cx, &team, &name));
	assert_str_equal(name, "Cedar Team, Foot care, Ground floor, with Ada Okafor");
	assert_ok(team_topics(&cx, id, &topics));
	assert_int_equal(topics.count, 2);
	assert_int_equal(((int64_t *)topics.items)[1], CATEGORY_APPOINTMENT);
	in.team = team;
	in.team.name = S("CVC_FOOT 3");
	assert_fails(group_save(&cx, &in), ERR_INVALID);
	in.team.name = S("Willow Team");
	in.team.open_from = 990;
	assert_fails(group_save(&cx, &in), ERR_INVALID);
	in.team.open_from = 480;
	in.team.lead = p.maria_account;
	assert_fails(group_save(&cx, &in), ERR_INVALID);
	in.team.lead = no_account;
	in.topic_count = 0;
	assert_ok(group_save(&cx, &in));
	db_refresh(&cx);
	assert_ok(group_find(&cx, id, &team));
	assert_str_equal(team.name, "Willow Team");
	assert_ok(team_topics(&cx, id, &topics));
	assert_int_equal(topics.count, 0);
	assert_fails(group_add_member(&cx, id, p.maria_account), ERR_INVALID);
	assert_ok(group_add_member(&cx, id, p.ben));
	db_release(&cx);
	assert_sound(world);
}

static void
whoever_runs_no_office_here_changes_nothing(void **state)
{
	struct world *world = *state;
	struct people p;
	account_id wrong[3];

	clinic_setup(world, &p);
	wrong[0] = p.ana;
	wrong[1] = p.maria_account;
	wrong[2] = p.root;
	for (size_t i = 0; i < 3; i++) {
		struct cx cx = people_as(world, wrong[i]);
		struct association like = {.team = p.birch, .relation = RELATION_BY_HAND, .until = INSTANT_NONE};
		struct group_change in = {
		    .team = {.id = p.maple, .name = S("Other Team"), .care = S("x"), .place = S("y")}};
		struct block block = {.patient = p.maria,
		    .team = p.maple,
		    .code = BLOCK_VOLUME,
		    .review = instant_add_ms(cx.now, DAY_MS)};
		team_id id;

		if (i == 2) /* an administrator, but of another facility */
			cx.who.facility = (facility_id){uuid_new(cx.now)};
		else
			assert_fails(group_make(&cx, &in, &id), ERR_GONE);
		assert_fails(group_save(&cx, &in), ERR_GONE);
		assert_fails(group_close(&cx, p.maple, p.birch), ERR_GONE);
		assert_fails(group_add_member(&cx, p.maple, p.ben), ERR_GONE);
		assert_fails(group_remove_member(&cx, p.maple, p.okafor), ERR_GONE);
		assert_fails(staff_switch(&cx, p.okafor, false), ERR_GONE);
		assert_fails(panel_add(&cx, &like, &p.maria, 1), ERR_GONE);
		assert_fails(panel_remove(&cx, p.maple, p.maria), ERR_GONE);
		assert_fails(block_make(&cx, &block), ERR_GONE);
		db_release(&cx);
	}
	assert_sound(world);
}

/* ---- who goes hands over ---- */

static void
who_leaves_a_team_or_is_switched_off_lets_go(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx, okafor;
	thread_id thread;

	clinic_setup(world, &p);
	thread = maria_writes(world, &p, S("May I?")).thread;
	cx = office(world, &p);
	okafor = people_as(world, p.okafor);
	assert_ok(thread_claim(&okafor, thread));
	assert_ok(group_remove_member(&cx, p.maple, p.okafor));
	assert_true(uuid_is_none(thread_now(world, thread).owner.v));
	assert_int_equal(count_of(world, p.ana, COUNT_TASKS), 1);
	assert_ok(group_add_member(&cx, p.maple, p.okafor));
	db_refresh(&okafor);
	assert_ok(thread_claim(&okafor, thread));
	assert_ok(staff_switch(&cx, p.okafor, false));
	assert_true(uuid_is_none(thread_now(world, thread).owner.v));
	assert_fails(staff_switch(&cx, p.root, false), ERR_INVALID);
	db_release(&cx);
	db_release(&okafor);
	assert_sound(world);
}

static void
a_closed_team_leaves_its_open_messages_to_a_successor(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx, ana, maria;
	thread_id open, done;
	struct db_rows rows;
	const struct association *why;
	struct conversation c;

	clinic_setup(world, &p);
	open = maria_writes(world, &p, S("May I?")).thread;
	done = maria_writes(world, &p, S("Thanks")).thread;
	ana = people_as(world, p.ana);
	assert_ok(thread_claim(&ana, open));
	assert_ok(thread_complete(&ana, &(struct thread_complete){.thread = done, .how = COMPLETED_NO_NEED}));
	cx = office(world, &p);
	assert_fails(group_close(&cx, p.maple, no_team), ERR_INVALID);
	assert_fails(group_close(&cx, p.maple, p.maple), ERR_INVALID);
	assert_ok(group_close(&cx, p.maple, p.birch));
	assert_fails(group_close(&cx, p.maple, p.birch), ERR_CONFLICT);
	assert_true(uuid_equal(thread_now(world, open).team.v, p.birch.v));
	assert_true(uuid_equal(thread_now(world, done).team.v, p.maple.v));
	world->cx.now = instant_add_ms(world->cx.now, 1);
	assert_true(sees(world, p.ben, open, world->cx.now));
	assert_false(sees(world, p.ana, open, world->cx.now));
	assert_ok(reply_as(world, p.ben, open, S("Yes, you may"), world->cx.now));
	assert_ok(reply_as(world, p.maria_account, open, S("Thank you"), world->cx.now));
	assert_fails(reply_as(world, p.maria_account, done, S("One more"), world->cx.now), ERR_INVALID);
	maria = people_as(world, p.maria_account);
	assert_ok(thread_open(&maria, done, &c)); /* what was said stays readable */
	assert_ok(associations_of_patient(&world->cx, p.maria, &rows));
	why = rows.items;
	assert_int_equal(rows.count, 2);
	assert_true(uuid_equal(why[0].team.v, p.birch.v) && uuid_equal(why[0].came_from.v, p.maple.v));
	assert_true(instant_is_none(why[0].until) && !instant_is_none(why[1].until));
	db_release(&cx);
	db_release(&ana);
	db_release(&maria);
	assert_sound(world);
}

static void
an_empty_team_closes_without_a_successor(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx, ben;
	struct db_rows rows;
	enum access_why why;

	clinic_setup(world, &p);
	cx = office(world, &p);
	assert_ok(group_close(&cx, p.birch, no_team));
	assert_ok(teams_of_patient(&cx, p.bo, false, &rows));
	assert_int_equal(rows.count, 0);
	assert_fails(group_add_member(&cx, p.birch, p.ana), ERR_INVALID);
	ben = people_as_at(world, p.ben, instant_add_ms(world->cx.now, 1));
	assert_fails(
	    access_check(&ben, p.bo, RIGHT_RECORD_READ, &why), ERR_GONE); /* nobody there cares for him any more */
	db_release(&ben);
	db_release(&cx);
	assert_sound(world);
}

/* Each statement fails in turn: the team is open with everything, or closed with everything elsewhere. */
static void
closing_is_whole_or_not_at_all(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx;
	thread_id open;
	const struct err *error = NULL;
	int64_t nth = 0, panel;

	clinic_setup(world, &p);
	open = maria_writes(world, &p, S("May I?")).thread;
	cx = office(world, &p);
	do {
		db_fault_arm(world->db, DB_FAULT_ERROR, ++nth);
		error = group_close(&cx, p.maple, p.birch);
		db_fault_arm(world->db, DB_FAULT_NONE, 0);
		db_refresh(&cx);
		assert_ok(team_panel_count(&cx, p.maple, &panel));
		assert_int_equal(panel, error ? 1 : 0);
		assert_true(uuid_equal(thread_now(world, open).team.v, error ? p.maple.v : p.birch.v));
		assert_sound(world);
		assert_true(nth < 50);
	} while (error);
	assert_true(nth > 5);
	db_release(&cx);
}

/* ---- why a patient belongs to a team ---- */

static void
an_association_says_why_and_ends_on_its_day(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx, ben;
	struct association like = {.relation = RELATION_CLINIC, .reason = S("Visit in Foot care")};
	struct db_rows rows;
	const struct association *why;
	enum access_why access;
	instant end;

	clinic_setup(world, &p);
	cx = office(world, &p);
	end = instant_add_ms(world->cx.now, 10 * DAY_MS);
	like.team = p.birch;
	like.until = world->cx.now;
	assert_fails(panel_add(&cx, &like, &p.maria, 1), ERR_INVALID);
	like.until = end;
	assert_ok(panel_add(&cx, &like, (patient_id[]){p.maria, p.bo}, 2));
	assert_ok(associations_of_patient(&world->cx, p.maria, &rows));
	why = rows.items;
	assert_int_equal(rows.count, 2);
	assert_str_equal(why[1].reason, "Visit in Foot care");
	assert_true(uuid_equal(why[1].made_by.v, p.root.v));
	assert_int_equal(why[1].relation, RELATION_CLINIC);
	ben = people_as_at(world, p.ben, instant_add_ms(end, -1));
	assert_ok(access_check(&ben, p.maria, RIGHT_RECORD_READ, &access));
	assert_ok(teams_of_patient(&ben, p.maria, true, &rows));
	assert_int_equal(rows.count, 2);
	ben.now = end;
	assert_fails(access_check(&ben, p.maria, RIGHT_RECORD_READ, &access), ERR_GONE);
	assert_ok(teams_of_patient(&ben, p.maria, true, &rows));
	assert_int_equal(rows.count, 1);
	assert_ok(panel_remove(&cx, p.birch, p.bo));
	ben.now = instant_add_ms(world->cx.now, 1);
	db_refresh(&ben);
	assert_fails(access_check(&ben, p.bo, RIGHT_RECORD_READ, &access), ERR_GONE);
	db_release(&ben);
	db_release(&cx);
	assert_sound(world);
}

/* ---- who stands in ---- */

static const struct err *
ben_for_ana(struct world *world, const struct people *p, account_id says, instant since, instant until)
{
	struct cx cx = people_as(world, says);
	const struct err *error = surrogate_make(
	    &cx, &(struct surrogate){.account = p->ana, .by_account = p->ben, .since = since, .until = until});

	db_release(&cx);
	return error;
}

static void
who_stands_in_sees_exactly_for_that_time(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;
	struct cx ben;
	thread_id thread;
	instant since, until, t = wednesday();
	struct surrogate who;
	int64_t before;
	bool found;

	clinic_setup(world, &p);
	thread = maria_writes(world, &p, S("May I?")).thread;
	since = instant_add_ms(t, DAY_MS);
	until = instant_add_ms(t, 3 * DAY_MS);
	assert_ok(ben_for_ana(world, &p, p.ana, since, until));
	assert_false(sees(world, p.ben, thread, instant_add_ms(since, -1)));
	assert_true(sees(world, p.ben, thread, since));
	assert_true(sees(world, p.ben, thread, instant_add_ms(until, -1)));
	assert_false(sees(world, p.ben, thread, until));
	assert_true(sees(world, p.ana, thread, since)); /* nothing changed hands */
	/* They are reached and told, may take it, and let go at the end. */
	before = notices_waiting(world);
	ben = people_as_at(world, p.ben, since);
	assert_ok(notice_choice_set(&ben, NOTICES_EACH));
	maria_writes_at(world, &p, S("Another"), instant_add_ms(since, 1));
	assert_int_equal(notices_waiting(world), before + 1);
	assert_ok(thread_claim(&ben, thread));
	assert_ok(surrogate_of_account(&ben, p.ana, &who, &found));
	assert_true(found);
	assert_str_equal(who.by_name, "Ben Hart");
	assert_ok(surrogate_list(&ben, p.facility.id, &rows));
	assert_int_equal(rows.count, 1);
	world->cx.now = since;
	assert_sound(world);
	world->cx.now = until;
	assert_ok(messaging_escalate(&world->cx));
	assert_true(uuid_is_none(thread_now(world, thread).owner.v));
	assert_sound(world);
	db_release(&ben);
}

static void
ending_a_surrogate_ends_it_at_once(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;
	struct cx ana, ben;
	thread_id thread;
	instant t = wednesday();

	clinic_setup(world, &p);
	thread = maria_writes(world, &p, S("May I?")).thread;
	assert_ok(ben_for_ana(world, &p, p.root, instant_add_ms(t, -DAY_MS), instant_add_ms(t, DAY_MS)));
	assert_true(sees(world, p.ben, thread, t));
	ana = people_as(world, p.ana);
	ben = people_as(world, p.ben);
	assert_ok(surrogate_list(&ana, p.facility.id, &rows));
	assert_fails(surrogate_end(&ben, ((struct surrogate *)rows.items)[0].id), ERR_GONE);
	assert_ok(surrogate_end(&ana, ((struct surrogate *)rows.items)[0].id));
	assert_fails(surrogate_end(&ana, ((struct surrogate *)rows.items)[0].id), ERR_CONFLICT);
	assert_false(sees(world, p.ben, thread, t));
	db_release(&ana);
	db_release(&ben);
	assert_sound(world);
}

static void
teams_stand_in_and_are_stood_in_for(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx;
	thread_id thread;
	struct surrogate s = {0};
	instant t = wednesday(), end = instant_add_ms(wednesday(), DAY_MS);

	clinic_setup(world, &p);
	thread = maria_writes(world, &p, S("May I?")).thread;
	cx = office(world, &p);
	s = (struct surrogate){.account = p.ana, .by_team = p.birch, .since = t, .until = end};
	assert_ok(surrogate_make(&cx, &s));
	assert_true(sees(world, p.ben, thread, t));
	/* Somebody who comes to the team that stands in, stands in too; who leaves, does not. */
	assert_ok(group_add_member(&cx, p.birch, p.okafor));
	assert_ok(group_remove_member(&cx, p.birch, p.ben));
	assert_false(sees(world, p.ben, thread, instant_add_ms(t, 1)));
	assert_ok(group_add_member(&cx, p.birch, p.ben));
	assert_ok(group_remove_member(&cx, p.birch, p.okafor));
	/* A team that is away. */
	s = (struct surrogate){
	    .team = p.maple, .by_account = p.ben, .since = end, .until = instant_add_ms(end, DAY_MS)};
	assert_ok(surrogate_make(&cx, &s));
	assert_true(sees(world, p.ben, thread, end));
	assert_false(sees(world, p.ben, thread, instant_add_ms(end, DAY_MS)));
	s = (struct surrogate){.team = p.maple,
	    .by_team = p.birch,
	    .since = instant_add_ms(end, DAY_MS),
	    .until = instant_add_ms(end, 2 * DAY_MS)};
	assert_ok(surrogate_make(&cx, &s));
	assert_true(sees(world, p.ben, thread, instant_add_ms(end, DAY_MS)));
	db_release(&cx);
	assert_sound(world);
}

static void
nobody_stands_in_for_themselves_nor_in_chains(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx;
	instant t = wednesday(), end = instant_add_ms(wednesday(), DAY_MS), later_end = instant_add_ms(end, DAY_MS);
	struct surrogate bad[12];
	size_t n = 0;

	clinic_setup(world, &p);
	cx = office(world, &p);
	assert_ok(ben_for_ana(world, &p, p.root, t, end));
#define WHEN .since = t, .until = end
	bad[n++] = (struct surrogate){.account = p.okafor, .by_account = p.okafor, WHEN};
	bad[n++] = (struct surrogate){.team = p.maple, .by_team = p.maple, WHEN};
	bad[n++] = (struct surrogate){.account = p.okafor, WHEN};
	bad[n++] = (struct surrogate){.account = p.okafor, .team = p.maple, .by_account = p.ben, WHEN};
	bad[n++] = (struct surrogate){.account = p.ana, .by_account = p.okafor, WHEN}; /* somebody does already */
	bad[n++] = (struct surrogate){.account = p.okafor, .by_account = p.ana, WHEN}; /* she is away */
	bad[n++] = (struct surrogate){.account = p.ben, .by_account = p.okafor, WHEN}; /* he stands in */
	bad[n++] = (struct surrogate){.account = p.ben, .by_account = p.ana, WHEN};    /* a loop */
	bad[n++] = (struct surrogate){.team = p.maple, .by_account = p.okafor, WHEN};  /* a member */
	bad[n++] = (struct surrogate){.account = p.okafor, .by_account = p.maria_account, WHEN};
	bad[n++] = (struct surrogate){.account = p.okafor, .by_account = p.ben, .since = end, .until = t};
	bad[n++] = (struct surrogate){
	    .account = p.okafor, .by_account = p.ben, .since = instant_add_ms(t, -2), .until = instant_add_ms(t, -1)};
	for (size_t i = 0; i < n; i++)
		assert_fails(surrogate_make(&cx, &bad[i]), ERR_INVALID);
	/* One after the other is no loop: she comes back when he goes. */
	assert_ok(surrogate_make(
	    &cx, &(struct surrogate){.account = p.ben, .by_account = p.ana, .since = end, .until = later_end}));
	/* Of others only coordinators say that they are away. */
	assert_fails(ben_for_ana(world, &p, p.okafor, later_end, instant_add_ms(later_end, 1)), ERR_GONE);
	assert_fails(ben_for_ana(world, &p, p.maria_account, later_end, instant_add_ms(later_end, 1)), ERR_GONE);
	db_release(&cx);
	assert_sound(world);
}

static void
whole_days_begin_and_end_at_midnight_whatever_the_clocks_do(void **state)
{
	const struct zone *zone;
	instant since, until;
	int32_t sunday = civil_date_to_days((struct civil_date){2026, 3, 8}); /* clocks go forward in New York */

	(void)state;
	assert_ok(zone_find(S("America/New_York"), &zone));
	surrogate_days(zone, sunday, sunday, &since, &until);
	assert_int_equal(until.ms - since.ms, 23 * HOUR_MS);
	assert_int_equal(zone_civil(zone, since).hour, 0);
	assert_int_equal(zone_civil(zone, until).date.day, 9);
	surrogate_days(zone, sunday - 1, sunday + 1, &since, &until);
	assert_int_equal(until.ms - since.ms, 71 * HOUR_MS);
	sunday = civil_date_to_days((struct civil_date){2026, 11, 1}); /* and back */
	surrogate_days(zone, sunday, sunday, &since, &until);
	assert_int_equal(until.ms - since.ms, 25 * HOUR_MS);
}

static void
standing_in_is_whole_or_not_at_all(void **state)
{
	struct world *world = *state;
	struct people p;
	thread_id thread;
	const struct err *error = NULL;
	int64_t nth = 0;
	instant t = wednesday();

	clinic_setup(world, &p);
	thread = maria_writes(world, &p, S("May I?")).thread;
	do {
		db_fault_arm(world->db, DB_FAULT_ERROR, ++nth);
		error = ben_for_ana(world, &p, p.ana, t, instant_add_ms(t, DAY_MS));
		db_fault_arm(world->db, DB_FAULT_NONE, 0);
		assert_int_equal(sees(world, p.ben, thread, t), error == NULL);
		assert_sound(world);
		assert_true(nth < 20);
	} while (error);
	assert_true(nth > 2);
}

/* ---- blocks ---- */

static const struct err *
block(struct world *world, const struct people *p, team_id team, instant at, struct uuid id)
{
	struct cx cx = people_as_at(world, p->root, at);
	const struct err *error = block_make(&cx, &(struct block){.id = id,
						      .patient = p->maria,
						      .team = team,
						      .code = BLOCK_THREATS,
						      .note = S("CANARY threatened the nurse"),
						      .review = instant_add_ms(at, 30 * DAY_MS)});

	db_release(&cx);
	return error;
}

static void
a_blocked_patient_reads_but_does_not_write(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx, maria;
	thread_id thread;
	struct conversation c;
	struct db_rows rows;
	struct uuid id;
	const struct err *error;
	instant t = wednesday();

	clinic_setup(world, &p);
	id = uuid_new(t);
	thread = maria_writes(world, &p, S("May I?")).thread;
	assert_ok(block(world, &p, p.maple, t, id));
	assert_fails(block(world, &p, p.maple, t, uuid_new(t)), ERR_CONFLICT);
	maria = people_as(world, p.maria_account);
	error = reply_as(world, p.maria_account, thread, S("Why?"), t);
	assert_fails(error, ERR_INVALID);
	assert_non_null(strstr(error->say, "555-0100"));
	assert_null(strstr(error->say, "CANARY"));
	assert_ok(teams_of_patient(&maria, p.maria, true, &rows));
	assert_int_equal(rows.count, 0);
	assert_ok(blocks_of_patient(&maria, p.maria, &rows));
	assert_int_equal(rows.count, 1);
	assert_true(((struct block *)rows.items)[0].note.n == 0);
	assert_ok(thread_open(&maria, thread, &c));
	assert_ok(reply_as(world, p.ana, thread, S("We will call you"), t)); /* the team may */
	cx = office(world, &p);
	assert_ok(block_review_list(&cx, p.facility.id, &rows));
	assert_int_equal(rows.count, 1);
	assert_str_equal(((struct block *)rows.items)[0].note, "CANARY threatened the nurse");
	assert_fails(block_end(&maria, p.maria, id), ERR_GONE);
	assert_ok(block_end(&cx, p.maria, id));
	assert_fails(block_end(&cx, p.maria, id), ERR_CONFLICT);
	assert_ok(reply_as(world, p.maria_account, thread, S("Thank you"), instant_add_ms(t, 1)));
	db_release(&cx);
	db_release(&maria);
	assert_sound(world);
}

static void
a_block_of_the_facility_holds_for_every_team(void **state)
{
	struct world *world = *state;
	struct people p;
	struct cx cx, bo;
	struct association like = {.relation = RELATION_BY_HAND, .until = INSTANT_NONE};
	struct db_rows rows;
	struct block bad;
	instant t = wednesday();

	clinic_setup(world, &p);
	cx = office(world, &p);
	like.team = p.birch;
	assert_ok(panel_add(&cx, &like, &p.maria, 1));
	assert_ok(block(world, &p, no_team, t, uuid_new(t)));
	assert_fails(block(world, &p, p.birch, t, uuid_new(t)), ERR_CONFLICT); /* said by the other already */
	db_refresh(&cx);
	assert_ok(teams_of_patient(&cx, p.maria, true, &rows));
	assert_int_equal(rows.count, 0);
	assert_ok(teams_of_patient(&cx, p.bo, true, &rows));
	assert_int_equal(rows.count, 1);
	bo = people_as(world, p.bo_account);
	assert_fails(blocks_of_patient(&bo, p.maria, &rows), ERR_GONE);
	bad =
	    (struct block){.patient = p.bo, .team = p.birch, .code = BLOCK_OTHER, .review = instant_add_ms(t, DAY_MS)};
	assert_fails(block_make(&cx, &bad), ERR_INVALID); /* no words */
	bad.code = 0;
	assert_fails(block_make(&cx, &bad), ERR_INVALID);
	bad.code = BLOCK_VOLUME;
	bad.review = t;
	assert_fails(block_make(&cx, &bad), ERR_INVALID);
	bad.review = instant_add_ms(t, 400 * DAY_MS);
	assert_fails(block_make(&cx, &bad), ERR_INVALID);
	db_release(&cx);
	db_release(&bo);
}

/* ---- templates and lists ---- */

static const struct err *
save_template(struct world *world, account_id who, struct message_template t)
{
	struct cx cx = people_as(world, who);
	const struct err *error = template_save(&cx, &t);

	db_release(&cx);
	return error;
}

static void
templates_are_ones_own_or_a_teams_or_the_facilitys(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;
	const struct message_template *t;
	struct uuid mine = {{0}};
	struct cx ana, ben, root;

	clinic_setup(world, &p);
	assert_ok(save_template(
	    world, p.ana, (struct message_template){.account = p.ana, .name = S("Mine"), .body = S("Dear {patient}")}));
	assert_ok(save_template(
	    world, p.ana, (struct message_template){.team = p.maple, .name = S("Ours"), .body = S("Call {phone}")}));
	assert_ok(save_template(world, p.root, (struct message_template){.name = S("All"), .body = S("Hello")}));
	assert_fails(
	    save_template(world, p.ana, (struct message_template){.name = S("All"), .body = S("x")}), ERR_GONE);
	assert_fails(
	    save_template(world, p.ben, (struct message_template){.team = p.maple, .name = S("x"), .body = S("x")}),
	    ERR_GONE);
	assert_fails(
	    save_template(world, p.ben, (struct message_template){.account = p.ana, .name = S("x"), .body = S("x")}),
	    ERR_GONE);
	assert_fails(save_template(world, p.maria_account,
			 (struct message_template){.account = p.maria_account, .name = S("x"), .body = S("x")}),
	    ERR_GONE);
	assert_fails(
	    save_template(world, p.ana, (struct message_template){.account = p.ana, .name = S(""), .body = S("x")}),
	    ERR_INVALID);
	assert_fails(
	    save_template(world, p.ana, (struct message_template){.account = p.ana, .name = S("x"), .body = S(" ")}),
	    ERR_INVALID);
	ana = people_as(world, p.ana);
	ben = people_as(world, p.ben);
	root = people_as(world, p.root);
	assert_ok(templates_for(&ana, p.maple, &rows));
	assert_int_equal(rows.count, 3);
	t = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		assert_int_equal(t[i].may_change, !str_equal(t[i].name, S("All")));
		if (str_equal(t[i].name, S("Mine")))
			mine = t[i].id;
	}
	assert_ok(templates_for(&ben, p.birch, &rows));
	assert_int_equal(rows.count, 1);
	assert_ok(templates_of_caller(&root, &rows));
	assert_int_equal(rows.count, 2); /* not what is somebody's own */
	assert_fails(template_delete(&ben, mine), ERR_GONE);
	assert_ok(template_delete(&ana, mine));
	assert_str_equal(template_fill(&world->arena, S("Dear {patient}, {me} of {team}: {phone} {x}"),
			     &(struct template_values){S("Maria"), S("Ana"), S("Maple"), S("555")}),
	    "Dear Maria, Ana of Maple: 555 {x}");
	db_release(&ana);
	db_release(&ben);
	db_release(&root);
}

static void
lists_of_staff_are_kept_by_the_office_and_used_by_all(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;
	struct cx cx, ana, maria;
	struct distribution_group group = {.name = S("Foot people")};
	account_id people[2];
	const struct err *error;
	int64_t nth = 0;

	clinic_setup(world, &p);
	people[0] = p.ana;
	people[1] = p.ben;
	cx = office(world, &p);
	ana = people_as(world, p.ana);
	maria = people_as(world, p.maria_account);
	assert_fails(distribution_group_save(&ana, &group, people, 2), ERR_GONE);
	assert_fails(distribution_group_save(&cx, &group, people, 0), ERR_INVALID);
	assert_fails(distribution_group_save(&cx, &group, &p.maria_account, 1), ERR_INVALID);
	do { /* each statement fails in turn */
		db_fault_arm(world->db, DB_FAULT_ERROR, ++nth);
		error = distribution_group_save(&cx, &group, people, 2);
		db_fault_arm(world->db, DB_FAULT_NONE, 0);
		db_refresh(&ana);
		assert_ok(distribution_groups(&ana, &rows));
		assert_int_equal(rows.count, error ? 0 : 1);
	} while (error);
	group = ((struct distribution_group *)rows.items)[0];
	assert_ok(distribution_group_members(&ana, group.id, &rows));
	assert_int_equal(rows.count, 2);
	assert_fails(distribution_groups(&maria, &rows), ERR_GONE);
	assert_fails(distribution_group_members(&maria, group.id, &rows), ERR_GONE);
	assert_ok(distribution_group_save(&cx, &group, people, 1));
	db_refresh(&ana);
	assert_ok(distribution_group_members(&ana, group.id, &rows));
	assert_int_equal(rows.count, 1);
	assert_fails(distribution_group_delete(&ana, group.id), ERR_GONE);
	assert_ok(distribution_group_delete(&cx, group.id));
	assert_fails(distribution_group_delete(&cx, group.id), ERR_GONE);
	db_release(&cx);
	db_release(&ana);
	db_release(&maria);
}

/* ---- speed ---- */

struct plan {
	int64_t id, parent, unused;
	str detail;
};
static const struct db_column PLAN[] = {
    COL(struct plan, id), COL(struct plan, parent), COL(struct plan, unused), COL(struct plan, detail)};

static void
assert_by_index(struct world *world, struct sql sql)
{
	struct db_value of_caller[] = {DB(uuid_new(world->cx.now)), DB(world->cx.now), DB(uuid_new(world->cx.now))};
	struct db_rows rows;
	const struct plan *step;

	assert_ok(db_all(&world->cx, sql, (struct db_bind){of_caller, 3}, ROWS(struct plan, PLAN), &rows));
	step = rows.items;
	assert_true(rows.count > 0);
	for (size_t i = 0; i < rows.count; i++)
		/* A view's result is read from end to end, whatever it was made from; no table is. */
		if (str_starts(step[i].detail, S("SCAN")) && !str_equal(step[i].detail, S("SCAN page_item")) &&
		    !str_equal(step[i].detail, S("SCAN v")))
			fail_msg("%.*s", STR_ARG(step[i].detail));
}

/* What is asked on every page and at every deed looks up rows, and reads no table from end to end. */
static void
who_sees_what_is_found_by_index(void **state)
{
	struct world *world = *state;
	struct people p;

	if (strcmp(world->product, "sqlite") != 0)
		return; /* PostgreSQL reads small tables whole, and is right to */
	clinic_setup(world, &p);
	assert_by_index(
	    world, SQL("EXPLAIN QUERY PLAN SELECT kind, count(DISTINCT item) FROM page_item WHERE account = $1"
		       " AND since <= $2 AND until > $2 AND care_since <= $2 AND care_until > $2 AND $3 = $3"
		       " GROUP BY kind"));
	assert_by_index(world, SQL("EXPLAIN QUERY PLAN SELECT v.why FROM visible_patient v"
				   " WHERE v.account = $1 AND v.patient = $3 AND v.since <= $2 AND v.until > $2"
				   " ORDER BY v.why LIMIT 1"));
	assert_by_index(
	    world, SQL("EXPLAIN QUERY PLAN SELECT count(*) FROM thread t WHERE t.team = $3 AND t.status < 20"
		       " AND EXISTS (SELECT 1 FROM visible_patient v WHERE v.account = $1 AND v.why = 2"
		       "  AND v.since <= $2 AND v.until > $2 AND v.patient = t.patient)"));
	assert_by_index(world, SQL("EXPLAIN QUERY PLAN SELECT a.id FROM account a WHERE a.active = 1 AND $1 = $1"
				   " AND a.id IN (SELECT w.account FROM team_worker w"
				   "  WHERE w.team = $3 AND w.since <= $2 AND w.until > $2) ORDER BY a.role, a.id"));
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_team_is_made_and_changed_and_says_what_it_takes),
	    WORLD_TEST(whoever_runs_no_office_here_changes_nothing),
	    WORLD_TEST(who_leaves_a_team_or_is_switched_off_lets_go),
	    WORLD_TEST(a_closed_team_leaves_its_open_messages_to_a_successor),
	    WORLD_TEST(an_empty_team_closes_without_a_successor),
	    WORLD_TEST(closing_is_whole_or_not_at_all),
	    WORLD_TEST(an_association_says_why_and_ends_on_its_day),
	    WORLD_TEST(who_stands_in_sees_exactly_for_that_time),
	    WORLD_TEST(ending_a_surrogate_ends_it_at_once),
	    WORLD_TEST(teams_stand_in_and_are_stood_in_for),
	    WORLD_TEST(nobody_stands_in_for_themselves_nor_in_chains),
	    cmocka_unit_test(whole_days_begin_and_end_at_midnight_whatever_the_clocks_do),
	    WORLD_TEST(standing_in_is_whole_or_not_at_all),
	    WORLD_TEST(a_blocked_patient_reads_but_does_not_write),
	    WORLD_TEST(a_block_of_the_facility_holds_for_every_team),
	    WORLD_TEST(templates_are_ones_own_or_a_teams_or_the_facilitys),
	    WORLD_TEST(lists_of_staff_are_kept_by_the_office_and_used_by_all),
	    WORLD_TEST(who_sees_what_is_found_by_index),
	};

	return cmocka_run_group_tests_name("administration", list, NULL, NULL);
}
