/* SPDX-License-Identifier: Apache-2.0 */
/* Before the first word: who may write at all, and which team a question is for. */
#include "care/messaging/messaging_http_test_help.h"

static const struct err *
choose_as(struct world *world, account_id who, bool accepted, instant now)
{
	struct cx cx = people_as_at(world, who, now);
	const struct err *error = messaging_terms_choose(&cx, accepted);

	db_release(&cx);
	return error;
}

static void
without_the_terms_nobody_writes_and_nobody_writes_to_them(void **state)
{
	struct world *world = *state;
	struct people p;
	struct sent sent, again;
	instant at;
	bool yes;

	clinic_setup(world, &p);
	at = world->cx.now;
	assert_ok(write_as_at(world, &p, p.maria_account, at, &sent));
	assert_ok(choose_as(world, p.maria_account, false, instant_add_ms(at, 1)));
	assert_ok(messaging_opted_in(&world->cx, p.maria, &yes));
	assert_false(yes);
	assert_fails(write_as_at(world, &p, p.maria_account, at, &again), ERR_INVALID);
	assert_fails(write_as_at(world, &p, p.ana, at, &again), ERR_INVALID);
	assert_fails(reply_as(world, p.maria_account, sent.thread, S("And?"), at), ERR_INVALID);
	assert_ok(reply_as(world, p.ana, sent.thread, S("An answer to what was asked"), at)); /* still readable */
	assert_fails(choose_as(world, p.ana, true, at), ERR_GONE);
	assert_ok(choose_as(world, p.maria_account, true, instant_add_ms(at, 2)));
	assert_ok(write_as_at(world, &p, p.maria_account, at, &again));
	assert_int_equal(rows_of(world, SQL("SELECT count(*) FROM messaging_terms")), 4); /* every yes and no is kept */
	assert_sound(world);
}

static const struct err *
tests_go_to_birch(struct tx *tx, void *arg)
{
	const struct people *p = arg;
	const int64_t topics[] = {CATEGORY_TEST_RESULT};

	TRY(team_add_patient(tx, p->birch, p->maria, RELATION_TEAM_LIST));
	return team_topics_set(tx, p->birch, topics, 1);
}

static void
assert_proposes(struct clinic *c, struct reply page, team_id team)
{
	str box = PATH(c, "value=\"%.*s\" checked", STR_ARG(id_text(c, team.v)));

	assert_int_equal(page.status, 200);
	if (!str_contains(page.body, box))
		fail_msg("the team is not proposed");
}

static void
the_kind_of_question_proposes_the_team(void **state)
{
	struct clinic c;
	struct reply reply;

	open_clinic(*state, &c);
	assert_ok(db_write(&c.world->cx, tests_go_to_birch, &c.p));
	assert_proposes(&c, get(&c, &c.maria, S("/messages/new")), c.p.maple);
	assert_proposes(&c, get(&c, &c.maria, S("/messages/new?category=medication")), c.p.maple);
	assert_proposes(&c, get(&c, &c.maria, S("/messages/new?category=test")), c.p.birch);
	reply = get(&c, &c.maria, S("/messages/new?about=Observation/nothing-like-that"));
	assert_proposes(&c, reply, c.p.maple);
	assert_false(str_contains(reply.body, S("About:")));
	close_clinic(&c);
}

static void
the_terms_stand_before_the_first_message(void **state)
{
	struct clinic c;
	struct reply reply;

	open_clinic(*state, &c);
	assert_int_equal(SUBMIT(&c, &c.maria, S("/messages/terms"), "choice=end").status, 303);
	reply = get(&c, &c.maria, S("/messages/new"));
	assert_str_equal(reply_header(reply, "Location"), "/messages/terms");
	assert_shows(get(&c, &c.maria, S("/messages")), "Messages are switched off");
	reply = SUBMIT(
	    &c, &c.maria, S("/messages/new"), "category=general&team=%.*s&body=x", STR_ARG(id_text(&c, c.p.maple.v)));
	assert_int_equal(reply.status, 400);
	assert_shows(get(&c, &c.maria, S("/messages/terms")), "I accept these terms");
	reply = SUBMIT(&c, &c.maria, S("/messages/terms"), "choice=accept");
	assert_shows(get(&c, &c.maria, reply_header(reply, "Location")), "You can write messages now");
	close_clinic(&c);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(without_the_terms_nobody_writes_and_nobody_writes_to_them),
	    WORLD_TEST(the_kind_of_question_proposes_the_team),
	    WORLD_TEST(the_terms_stand_before_the_first_message),
	};

	return cmocka_run_group_tests_name("terms", list, NULL, NULL);
}
