/* SPDX-License-Identifier: Apache-2.0 */
/* Teams and panels as coordinators run them: who goes hands over, why a patient belongs to a team, and as the wrong person. */
#include "care/administration/administration_test_help.h"

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
	in.team.lead = (account_id){{{0}}};
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
	};

	return cmocka_run_group_tests_name("administration", list, NULL, NULL);
}
