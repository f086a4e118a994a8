/* SPDX-License-Identifier: Apache-2.0 */
/* A server of the API, tokens for everybody, and questions in one line. */
#include "exchange/api/api_test_help.h"

str
token_for(struct clinic *c, account_id account, str scope)
{
	struct cx cx = people_as(c->world, c->people.root);
	str token;

	assert_ok(api_token_make(&cx, account, S("test"), scope, HOUR_MS, &token));
	db_release(&cx);
	return token;
}

static const struct err *
show_error(struct cx *cx, struct request *rq, int status, const struct err *error)
{
	return api_show_error(cx, rq, status, error);
}

/* Another facility with an administrator of its own. */
struct far_away {
	struct facility facility;
	struct account_sealed *boss;
};

static const struct err *
put_far(struct tx *tx, void *arg)
{
	struct far_away *far = arg;

	TRY(facility_create(tx, &far->facility));
	return account_put(tx, far->boss);
}

static str
token_from_afar(struct clinic *c)
{
	struct world *world = c->world;
	account_id boss = {uuid_new(world->cx.now)};
	struct far_away far = {.facility = c->people.facility};

	far.facility.id = (facility_id){uuid_new(world->cx.now)};
	far.facility.name = S("Far Away Clinic");
	assert_ok(account_seal(&world->cx,
	    &(struct account_new){.id = boss,
		.role = ROLE_ADMINISTRATOR,
		.facility = far.facility.id,
		.login = S("farboss"),
		.name = S("Far Boss")},
	    &far.boss));
	assert_ok(db_write(&world->cx, put_far, &far));
	return token_for(c, boss, S("user/*.cruds"));
}

void
open_clinic(struct world *world, struct clinic *c)
{
	static const struct route *const tables[] = {api_routes, api_office_routes, api_prescriptions_routes,
	    api_appointments_routes, api_corrections_routes, api_record_routes, NULL};
	static const struct http_gate gate = {
	    .identify = portal_identify, .form_token_ok = portal_form_token_ok, .show_error = show_error};
	struct http_options options = {.address = "127.0.0.1",
	    .listen_fd = -1,
	    .route_tables = tables,
	    .gate = &gate,
	    .db = world->db,
	    .vault = world->vault,
	    .workers = 4};

	*c = (struct clinic){.world = world};
	people_setup(world, &c->people);
	c->maria = token_for(c, c->people.maria_account, S("patient/Communication.cruds"));
	c->bo = token_for(c, c->people.bo_account, S("patient/*.cruds"));
	c->ana = token_for(c, c->people.ana, S("user/*.cruds"));
	c->okafor = token_for(c, c->people.okafor, S("user/*.cruds"));
	c->ben = token_for(c, c->people.ben, S("user/*.cruds"));
	c->root = token_for(c, c->people.root, S("user/*.cruds"));
	c->far = token_from_afar(c);
	c->weak = token_for(c, c->people.ana, S("user/Communication.rs"));
	c->maria_id = arena_z(&world->arena, uuid_text(&world->arena, c->people.maria.v));
	c->maple_id = arena_z(&world->arena, uuid_text(&world->arena, c->people.maple.v));
	c->okafor_id = arena_z(&world->arena, uuid_text(&world->arena, c->people.okafor.v));
	assert_ok(http_start(&c->trial.arena, &options, &c->trial.server));
}

void
close_clinic(struct clinic *c)
{
	http_stop(c->trial.server, 1000);
	arena_release(&c->trial.arena);
}

struct reply
ask_as(struct clinic *c, str token, const char *method, str path, const char *type, str body)
{
	return client_ask(
	    &c->trial, arena_printf(&c->trial.arena,
			   "%s %.*s HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer %.*s\r\nContent-Type: %s\r\n"
			   "Content-Length: %zu\r\n\r\n%.*s",
			   method, STR_ARG(path), STR_ARG(token), type, body.n, STR_ARG(body)));
}

const struct json_value *
must(struct clinic *c, int status, struct reply reply)
{
	const struct json_value *json = NULL;

	if (reply.status != status)
		fail_msg("%d instead of %d: %.*s", reply.status, status, STR_ARG(str_take(reply.body, 1500)));
	if (reply.body.n)
		assert_ok(json_parse(&c->trial.arena, reply.body, &json, NULL));
	return json;
}

const struct json_value *
look(struct clinic *c, str token, int status, str path)
{
	return must(c, status, ask_as(c, token, "GET", path, "application/json", STR_NONE));
}

const struct json_value *
deed(struct clinic *c, str token, int status, const char *method, str path, str body)
{
	return must(c, status, ask_as(c, token, method, path, "application/json", body));
}

str
maria_writes(struct clinic *c, const char *key)
{
	const struct json_value *json = deed(c, c->maria, 201, "POST", S("/api/conversations"),
	    PATH(c,
		"{\"key\":\"%s\",\"team\":\"%s\",\"category\":\"medication\",\"subject\":\"Ibuprofen\",\"body\":\"May "
		"I "
		"take it?\"}",
		key, c->maple_id));

	assert_str_equal(json_text_at(json, "conversation.status"), "incomplete");
	assert_str_equal(json_text_at(json, "conversation.items.0.body"), "May I take it?");
	assert_true(json_text_at(json, "conversation.due").n > 0);
	return json_text_at(json, "conversation.id");
}
