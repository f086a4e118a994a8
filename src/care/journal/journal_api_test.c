/* SPDX-License-Identifier: Apache-2.0 */
/* The journal's API by tokens: what a scope does not reach, whom a token is not of, what is not shared. */
#include "visitor.h"

#include "care/journal/journal_internal.h"
#include "care/record/record.h"
#include "trust/portal/portal.h"

static const struct route *const doors[] = {journal_api_routes, portal_routes, asset_routes, NULL};

struct scene {
	struct visits v;
	str patient;
};

static str
token_for(struct scene *s, account_id account, const char *scope)
{
	struct cx cx = people_as_at(s->v.world, s->v.people.root, instant_read_clock());
	str token;

	assert_ok(api_token_make(&cx, account, S("test"), str_from_z(scope), HOUR_MS, &token));
	token = arena_str(&s->v.world->arena, token);
	db_release(&cx);
	return token;
}

static struct reply
ask(struct scene *s, str token, const char *method, const char *path, const char *body)
{
	return client_ask(&s->v.trial, arena_printf(&s->v.trial.arena,
					   "%s %s HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer %.*s\r\n"
					   "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
					   method, path, STR_ARG(token), strlen(body), body));
}

static void
scene_open(struct scene *s, struct world *world)
{
	*s = (struct scene){0};
	assert_ok(record_init(world->vault));
	visit_begin(&s->v, world, doors);
	s->patient = uuid_text(&world->arena, s->v.people.bo.v);
}

#define WEIGHT                                                                                                \
	"{\"values\": {\"value\": \"182.5\", \"at\": \"2026-03-05T08:00:00-05:00\"}, \"units\": {\"value\": " \
	"\"[lb_av]\"}}"

static str
written(struct scene *s, str token)
{
	struct reply reply = ask(s, token, "POST", "/api/journal/weight", WEIGHT);
	const struct json_value *json;

	if (reply.status != 201)
		fail_msg("%d: %.*s", reply.status, STR_ARG(reply.body));
	assert_ok(json_parse(&s->v.trial.arena, reply.body, &json, NULL));
	return json_text_at(json, "id");
}

static void
a_token_does_only_what_its_scope_says(void **state)
{
	static const struct {
		const char *scope;
		int read, write, change, remove, goals;
	} cases[] = {
	    {"patient/*.cruds", 200, 201, 200, 204, 200},
	    {"patient/Observation.rs", 200, 403, 403, 403, 403},
	    {"patient/Observation.c", 403, 201, 403, 403, 403},
	    {"patient/Observation.u", 403, 403, 200, 403, 403},
	    {"patient/Observation.d", 403, 403, 403, 204, 403},
	    {"patient/Goal.cruds", 403, 403, 403, 403, 403},
	    {"patient/DocumentReference.rs patient/Binary.rs", 403, 403, 403, 403, 403},
	};
	struct scene s;
	str all;

	scene_open(&s, *state);
	all = token_for(&s, s.v.people.bo_account, "patient/*.cruds");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		str token = token_for(&s, s.v.people.bo_account, cases[i].scope), id = written(&s, all);
		const char *entry = path_z(&s.v, "/api/journal/weight/%.*s", STR_ARG(id));
		int read = ask(&s, token, "GET", "/api/journal/weight", "").status;
		int write = ask(&s, token, "POST", "/api/journal/weight", WEIGHT).status;
		int change = ask(&s, token, "PUT", entry, WEIGHT).status;
		int goals = ask(&s, token, "GET", "/api/journal/goals", "").status;
		int gone = ask(&s, token, "DELETE", entry, "").status;

		if (read != cases[i].read || write != cases[i].write || change != cases[i].change ||
		    goals != cases[i].goals || gone != cases[i].remove)
			fail_msg("%s: read %d, write %d, change %d, take away %d, goals %d", cases[i].scope, read,
			    write, change, gone, goals);
	}
	assert_int_equal(ask(&s, S("no-such-token"), "GET", "/api/journal/weight", "").status, 401);
	visit_end(&s.v);
}

static void
a_token_of_somebody_else_finds_nothing(void **state)
{
	account_id team = SHARE_CARE_TEAM;
	const char *own, *of_bo;
	struct scene s;
	struct cx cx;
	str bo, maria, ben, ana, id;

	scene_open(&s, *state);
	bo = token_for(&s, s.v.people.bo_account, "patient/*.cruds");
	maria = token_for(&s, s.v.people.maria_account, "patient/*.cruds");
	ben = token_for(&s, s.v.people.ben, "user/*.cruds");
	ana = token_for(&s, s.v.people.ana, "user/*.cruds");
	id = written(&s, bo);
	own = path_z(&s.v, "/api/journal/weight/%.*s", STR_ARG(id));
	of_bo = path_z(&s.v, "/api/patients/%.*s/journal/weight", STR_ARG(s.patient));
	assert_false(str_contains(ask(&s, maria, "GET", "/api/journal/weight", "").body, id));
	assert_int_equal(ask(&s, maria, "PUT", own, WEIGHT).status, 404);
	assert_int_equal(ask(&s, maria, "DELETE", own, "").status, 404);
	assert_int_equal(ask(&s, maria, "GET", of_bo, "").status, 403); /* a door of the team */
	assert_int_equal(ask(&s, ben, "GET", of_bo, "").status, 404);   /* not shared */
	cx = people_as_at(s.v.world, s.v.people.bo_account, instant_read_clock());
	assert_ok(journal_share_set(&cx, s.v.people.bo, journal_log_find(S("weight"))->number, &team, 1));
	db_release(&cx);
	assert_true(str_contains(ask(&s, ben, "GET", of_bo, "").body, id));
	assert_int_equal(ask(&s, ana, "GET", of_bo, "").status, 404);                      /* of another team */
	assert_int_equal(ask(&s, ben, "POST", "/api/journal/weight", WEIGHT).status, 403); /* a door of patients */
	assert_int_equal(ask(&s, ben, "DELETE", own, "").status, 403);
	assert_int_equal(ask(&s, token_for(&s, s.v.people.ben, "user/Condition.rs"), "GET", of_bo, "").status, 403);
	visit_end(&s.v);
}

/* Files come by the form; the API says so. */
static void
documents_and_answers_are_made_elsewhere(void **state)
{
	struct scene s;
	str bo;

	scene_open(&s, *state);
	bo = token_for(&s, s.v.people.bo_account, "patient/*.cruds");
	assert_int_equal(ask(&s, bo, "POST", "/api/journal/documents", "{\"values\": {\"title\": \"x\"}}").status, 400);
	assert_int_equal(
	    ask(&s, bo, "POST", "/api/journal/questionnaires", "{\"values\": {\"title\": \"x\"}}").status, 400);
	assert_int_equal(ask(&s, bo, "GET", "/api/journal/documents", "").status, 200);
	visit_end(&s.v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(a_token_does_only_what_its_scope_says),
	    WORLD_TEST(a_token_of_somebody_else_finds_nothing),
	    WORLD_TEST(documents_and_answers_are_made_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
