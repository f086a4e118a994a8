/* SPDX-License-Identifier: Apache-2.0 */
/* Comments of the team over a real server: who may write one, who sees that there is one and where, and that closing the log closes them. */
#include "visitor.h"

#include "care/journal/journal_comment.h"
#include "care/journal/journal_test_help.h"
#include "care/messaging/messaging.h"
#include "care/record/record_pages.h"
#include "trust/portal/portal.h"

#define KEY "01890a5d-ac96-774b-bcce-b302099a8057"

static const struct route *const doors[] = {
    journal_routes, messaging_routes, record_pages_routes, portal_routes, asset_routes, NULL};

struct scene {
	struct visits v;
	struct visitor bo, ben, ana, maria;
	str id; /* of the second of two readings */
	const char *own, *of_bo;
};

static void
turn(struct scene *s, bool team, bool maria)
{
	struct cx cx = people_as_at(s->v.world, s->v.people.bo_account, instant_read_clock());
	account_id readers[2];
	size_t count = 0;

	if (team)
		readers[count++] = SHARE_CARE_TEAM;
	if (maria)
		readers[count++] = s->v.people.maria_account;
	assert_ok(journal_share_set(&cx, s->v.people.bo, journal_log_find(S("weight"))->number, readers, count));
	db_release(&cx);
}

static void
scene_open(struct scene *s, struct world *world)
{
	struct room r = {.world = world, .weight = journal_log_find(S("weight"))};
	struct journal_put in;

	*s = (struct scene){0};
	assert_ok(record_init(world->vault));
	visit_begin(&s->v, world, doors);
	people_delegate(world, &s->v.people, RIGHT_RECORD_READ);
	r.p = s->v.people;
	r.bo = people_as(world, s->v.people.bo_account);
	assert_ok(messaging_terms_choose(&r.bo, true));
	in = weighs(&r, "84", "kg");
	assert_ok(journal_entry_put(&r.bo, &in, &s->id));
	in = weighs(&r, "82.5", "kg");
	assert_ok(journal_entry_put(&r.bo, &in, &s->id));
	s->id = arena_str(&world->arena, s->id);
	db_release(&r.bo);
	s->bo = visitor_of(&s->v, s->v.people.bo_account);
	s->ben = visitor_of(&s->v, s->v.people.ben);
	s->ana = visitor_of(&s->v, s->v.people.ana);
	s->maria = visitor_acting(&s->v, s->v.people.bo, visitor_of(&s->v, s->v.people.maria_account));
	s->own = path_z(&s->v, "/journal/weight/entries/%.*s", STR_ARG(s->id));
	s->of_bo =
	    path_z(&s->v, "/patients/%s/journal/weight/entries/%.*s", id_z(&s->v, s->v.people.bo.v), STR_ARG(s->id));
}

static struct reply
comment(struct scene *s, const struct visitor *who, const char *body)
{
	return submit(&s->v, who, path_z(&s->v, "%s/comment", s->of_bo), "key=" KEY "&team=%s&body=%s",
	    id_z(&s->v, s->v.people.birch.v), body);
}

static void
the_team_comments_and_the_patient_finds_where(void **state)
{
	struct scene s;
	struct reply reply;

	scene_open(&s, *state);
	assert_int_equal(comment(&s, &s.ben, "Well+done").status, 404); /* not shared */
	turn(&s, true, true);
	assert_int_equal(comment(&s, &s.ana, "Well+done").status, 404); /* of another team */
	assert_int_equal(comment(&s, &s.bo, "Well+done").status, 403);  /* a deed of the team */
	reply = comment(&s, &s.ben, "");
	assert_int_equal(reply.status, 400);
	assert_true(str_contains(reply.body, S("thing to mend")));
	for (int i = 0; i < 2; i++) /* the form sent twice */
		assert_moved(comment(&s, &s.ben, "Well+done"));
	reply = visit(&s.v, &s.bo, s.own);
	assert_shows(reply, "Ben");
	assert_shows(reply, "wrote about this entry");
	assert_shows(reply, "href=\"/messages/" KEY "\"");
	assert_shows(visit(&s.v, &s.bo, "/journal/weight"), "with a comment");
	reply = visit(&s.v, &s.bo, "/messages/" KEY);
	assert_shows(reply, "Well done");
	assert_shows(reply, path_z(&s.v, "/%.*s\"", STR_ARG(s.id))); /* what it is about */
	assert_shows(visit(&s.v, &s.ben, s.of_bo), "href=\"/inbox/" KEY "\"");
	visit_end(&s.v);
}

static void
who_reads_no_messages_learns_only_that_there_is_a_comment(void **state)
{
	struct scene s;
	struct reply reply;

	scene_open(&s, *state);
	turn(&s, true, true);
	assert_moved(comment(&s, &s.ben, "Secret+words"));
	reply = visit(&s.v, &s.maria, s.own);
	assert_shows(reply, "wrote about this entry");
	assert_lacks(reply, KEY);
	assert_lacks(reply, "Secret words");
	assert_int_equal(visit(&s.v, &s.ana, s.of_bo).status, 404);
	turn(&s, false, false);
	assert_int_equal(visit(&s.v, &s.ben, s.of_bo).status, 404);
	assert_int_equal(visit(&s.v, &s.maria, s.own).status, 404);
	assert_int_equal(visit(&s.v, &s.ben, path_z(&s.v, "%s/comment", s.of_bo)).status, 404);
	assert_shows(visit(&s.v, &s.bo, s.own), "wrote about this entry"); /* the patient's own still says so */
	visit_end(&s.v);
}

static void
who_has_seen_an_entry_stands_on_it(void **state)
{
	struct scene s;

	scene_open(&s, *state);
	turn(&s, true, false);
	assert_lacks(visit(&s.v, &s.bo, s.own), "Seen by the care team");
	assert_moved(
	    submit(&s.v, &s.ben, path_z(&s.v, "/patients/%s/journal/weight/seen", id_z(&s.v, s.v.people.bo.v)), "x=1"));
	assert_shows(visit(&s.v, &s.bo, s.own), "Seen by the care team");
	assert_shows(visit(&s.v, &s.bo, "/journal/weight"), "Last looked at by Ben");
	visit_end(&s.v);
}

static size_t
count_in(str text, const char *part)
{
	size_t n = 0, at;

	for (; str_find(text, str_from_z(part), &at); n++)
		text = str_drop(text, at + strlen(part));
	return n;
}

/* The entry and its copy in the record are one reading, wherever it is drawn. */
static void
what_was_taken_into_the_record_is_one_point(void **state)
{
	struct scene s;
	const char *page;
	size_t drawn;

	scene_open(&s, *state);
	page = path_z(&s.v, "/record/vitals/%.*s", STR_ARG(s.id));
	drawn = count_in(visit(&s.v, &s.bo, page).body, "class=\"plot-point-2\"");
	assert_true(drawn >= 2);
	turn(&s, true, false);
	assert_moved(submit(&s.v, &s.ben, path_z(&s.v, "%s/accept", s.of_bo), "x=1"));
	assert_int_equal(count_in(visit(&s.v, &s.bo, page).body, "class=\"plot-point-2\""), drawn);
	assert_shows(visit(&s.v, &s.bo, page), "measured by the patient and taken into the record");
	assert_shows(visit(&s.v, &s.bo, "/journal/weight"), ", taken into the record</title>");
	visit_end(&s.v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(the_team_comments_and_the_patient_finds_where),
	    WORLD_TEST(who_reads_no_messages_learns_only_that_there_is_a_comment),
	    WORLD_TEST(who_has_seen_an_entry_stands_on_it),
	    WORLD_TEST(what_was_taken_into_the_record_is_one_point),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
