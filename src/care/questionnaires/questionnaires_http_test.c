/* SPDX-License-Identifier: Apache-2.0 */
/* Answering over a real server: an answer that says danger shows whom to call at once and tells the team once, whatever fails; who acts for
 * the patient answers in their own name, where they may write. */
#include "visitor.h"

#include "care/journal/journal.h"
#include "care/messaging/messaging.h"
#include "care/questionnaires/questionnaire.h"
#include "care/questionnaires/questionnaires.h"
#include "care/record/record.h"
#include "trust/consent/journal_share.h"
#include "trust/portal/portal.h"

#define ANSWERS_NUMBER 26
#define DANGER         8  /* the ninth question of the PHQ-9, */
#define QUESTIONS      10 /* and one that is asked about how hard it is */
#define FAULTS_MAX     200
#define KEY            "01890a5d-ac96-774b-bcce-b302099a8057"

static const struct route *const doors[] = {
    questionnaires_routes, journal_routes, messaging_routes, portal_routes, asset_routes, NULL};

struct scene {
	struct visits v;
	struct visitor bo, maria, ben;
};

static void
scene_open(struct scene *s, struct world *world, unsigned rights)
{
	struct cx cx;

	*s = (struct scene){0};
	assert_ok(record_init(world->vault));
	visit_begin(&s->v, world, doors);
	people_delegate(world, &s->v.people, rights);
	s->bo = visitor_of(&s->v, s->v.people.bo_account);
	s->ben = visitor_of(&s->v, s->v.people.ben);
	s->maria = visitor_acting(&s->v, s->v.people.bo, visitor_of(&s->v, s->v.people.maria_account));
	cx = people_as(world, s->v.people.bo_account);
	assert_ok(messaging_terms_choose(&cx, true));
	db_release(&cx);
}

static void
share(struct scene *s, const account_id *readers, size_t count)
{
	struct cx cx = people_as_at(s->v.world, s->v.people.bo_account, instant_read_clock());

	assert_ok(journal_share_set(&cx, s->v.people.bo, ANSWERS_NUMBER, readers, count));
	db_release(&cx);
}

/* Every question with its first answer, but the ninth. */
static struct reply
answer(struct scene *s, const struct visitor *who, const char *key, const char *what, int danger)
{
	struct buf fields = BUF_INIT(&s->v.trial.arena);
	size_t asked = 0;
	const struct questionnaire_builtin *builtin = questionnaire_builtin_find(S("phq-9"));
	const struct json_value *json;
	struct questionnaire q;

	assert_ok(json_parse(&s->v.trial.arena, (str){(const char *)builtin->bytes, *builtin->count}, &json, NULL));
	assert_ok(questionnaire_read(&s->v.trial.arena, LANG_EN, json, &q));
	buf_printf(&fields, "key=%s&do=%s", key, what);
	for (size_t i = 0; i < q.count; i++) {
		bool is_danger = str_equal(q.items[i].link, str_from_z(builtin->danger));

		if (q.items[i].kind == QUESTION_GROUP || q.items[i].kind == QUESTION_DISPLAY) {
			buf_printf(&fields, "&s%zu=1", i);
			continue;
		}
		asked++;
		buf_printf(&fields, "&s%zu=1&q%zu=%d", i, i, is_danger ? danger : 0);
	}
	assert_true(asked >= QUESTIONS - 1);
	return submit(&s->v, who, "/questionnaires/phq-9", "%.*s", STR_ARG(buf_str(&fields)));
}

static int64_t
count_of(struct scene *s, struct sql sql)
{
	struct cx cx = world_cx(s->v.world);
	int64_t n;

	assert_ok(db_one(&cx, sql, BIND_NONE, INTO(&n, ONE_INT)));
	db_release(&cx);
	return n;
}
#define URGENT    count_of(&s, SQL("SELECT count(*) FROM thread WHERE urgent <> 0"))
#define COMPLETED count_of(&s, SQL("SELECT count(*) FROM resource WHERE log = 26"))

static void
an_answer_that_says_danger_shows_whom_to_call_and_tells_the_team_once(void **state)
{
	struct scene s;
	struct reply reply;

	scene_open(&s, *state, RIGHT_RECORD_READ);
	assert_lacks(answer(&s, &s.bo, KEY, "finish", 0), "You are not alone");
	assert_int_equal(URGENT, 0);
	for (int i = 0; i < 2; i++) { /* the form sent twice */
		reply = answer(&s, &s.bo, "01890a5d-ac96-774b-bcce-b302099a8058", "finish", 1);
		assert_shows(reply, "You are not alone");
		assert_shows(reply, "href=\"tel:");
		assert_shows(reply, "Your care team was told, as urgent.");
		assert_int_equal(URGENT, 1);
		assert_int_equal(COMPLETED, 2);
	}
	assert_shows(
	    visit(&s.v, &s.ben, "/inbox"), "Urgent: answers to a questionnaire"); /* private, and told all the same */
	assert_int_equal(
	    visit(&s.v, &s.ben, path_z(&s.v, "/patients/%s/journal/questionnaires", id_z(&s.v, s.v.people.bo.v)))
		.status,
	    404);
	visit_end(&s.v);
}

/* Whatever statement fails: done again, the team has one message and the log one entry. */
static void
danger_is_told_once_however_often_keeping_fails(void **state)
{
	struct scene s;
	int64_t nth = 1;
	bool reached = true;

	scene_open(&s, *state, RIGHT_RECORD_READ);
	for (; reached && nth < FAULTS_MAX; nth++) {
		struct uuid id = uuid_new(s.v.world->cx.now);
		const char *key = id_z(&s.v, id);

		db_fault_arm(s.v.world->db, DB_FAULT_ERROR, nth);
		(void)answer(&s, &s.bo, key, "finish", 2);
		reached = db_fault_count(s.v.world->db) >= nth;
		db_fault_arm(s.v.world->db, DB_FAULT_NONE, 0);
		assert_shows(answer(&s, &s.bo, key, "finish", 2), "Your care team was told, as urgent.");
		assert_int_equal(URGENT, nth);
		assert_int_equal(COMPLETED, nth);
	}
	assert_true(nth > 2 && nth < FAULTS_MAX);
	visit_end(&s.v);
}

static void
who_acts_for_the_patient_answers_where_they_may_write(void **state)
{
	struct scene s;
	struct reply reply;

	scene_open(&s, *state, RIGHT_RECORD_READ | RIGHT_JOURNAL_WRITE);
	assert_int_equal(visit(&s.v, &s.maria, "/questionnaires").status, 404); /* not shared with her */
	assert_int_equal(answer(&s, &s.maria, KEY, "finish", 0).status, 404);
	assert_int_equal(answer(&s, &s.bo, "01890a5d-ac96-774b-bcce-b302099a8059", "half", 3).status, 303);
	share(&s, &s.v.people.maria_account, 1);
	assert_shows(visit(&s.v, &s.maria, "/questionnaires"), "with your name");
	reply = visit(&s.v, &s.maria, "/questionnaires/phq-9");
	assert_lacks(reply, "Save and go on later");
	assert_lacks(reply, "value=\"3\" checked"); /* what Bo began is his alone */
	assert_shows(visit(&s.v, &s.bo, "/questionnaires/phq-9"), "value=\"3\" checked");
	reply = answer(&s, &s.maria, KEY, "finish", 1);
	assert_shows(reply, "Your care team was told, as urgent."); /* though she may not write messages */
	assert_lacks(reply, "What they got");
	assert_int_equal(URGENT, 1);
	assert_shows(visit(&s.v, &s.bo, "/journal/questionnaires/entries/" KEY), " for Bo");
	assert_shows(visit(&s.v, &s.maria, "/journal/questionnaires/entries/" KEY), " for Bo");
	assert_int_equal(answer(&s, &s.maria, "01890a5d-ac96-774b-bcce-b302099a805a", "half", 0).status, 200);
	assert_int_equal(count_of(&s, SQL("SELECT count(*) FROM resource WHERE log = 27")), 1); /* Bo's */
	share(&s, NULL, 0);
	assert_int_equal(answer(&s, &s.maria, "01890a5d-ac96-774b-bcce-b302099a805b", "finish", 0).status, 404);
	assert_int_equal(COMPLETED, 1);
	visit_end(&s.v);
}

static void
who_only_reads_answers_nothing(void **state)
{
	struct scene s;

	scene_open(&s, *state, RIGHT_RECORD_READ);
	share(&s, &s.v.people.maria_account, 1);
	assert_int_equal(visit(&s.v, &s.maria, "/journal/questionnaires").status, 200);
	assert_int_equal(answer(&s, &s.maria, KEY, "finish", 1).status, 403);
	assert_int_equal(COMPLETED, 0);
	assert_int_equal(URGENT, 0);
	visit_end(&s.v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(an_answer_that_says_danger_shows_whom_to_call_and_tells_the_team_once),
	    WORLD_TEST(danger_is_told_once_however_often_keeping_fails),
	    WORLD_TEST(who_acts_for_the_patient_answers_where_they_may_write),
	    WORLD_TEST(who_only_reads_answers_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
