/* SPDX-License-Identifier: Apache-2.0 */
/* Messages over FHIR with real tokens: an app writes, the team's app assigns, answers and completes; whoever does not belong
 * finds nothing; what an import recorded is still there. */
#include "people.h"
#include "platform/http/http_test_client.h"

#include "exchange/fhir_messaging/fhir_messaging_internal.h"
#include "platform/format/json.h"
#include "trust/portal/portal.h"

struct clinic {
	struct world *world;
	struct people people;
	struct trial trial;
	str maria, bo, ana, ben, weak; /* tokens; weak may only read observations */
	const char *maria_id, *maple_id, *okafor_id;
};

static str
token_for(struct clinic *c, account_id account, str scope)
{
	struct cx cx = people_as(c->world, c->people.root);
	str token;

	assert_ok(api_token_make(&cx, account, S("test"), scope, HOUR_MS, &token));
	db_release(&cx);
	return token;
}

static void
open_clinic(struct world *world, struct clinic *c)
{
	static const struct route *const tables[] = {record_api_routes, fhir_messaging_routes, NULL};
	static const struct http_gate gate = {
	    .identify = portal_identify, .form_token_ok = portal_form_token_ok, .show_error = fhir_show_error};
	struct http_options options = {.address = "127.0.0.1",
	    .listen_fd = -1,
	    .route_tables = tables,
	    .gate = &gate,
	    .db = world->db,
	    .vault = world->vault,
	    .workers = 4};

	*c = (struct clinic){.world = world};
	assert_ok(record_init(world->vault));
	people_setup(world, &c->people);
	c->maria = token_for(c, c->people.maria_account, S("patient/Communication.cruds patient/Task.rs"));
	c->bo = token_for(c, c->people.bo_account, S("patient/*.cruds"));
	c->ana = token_for(c, c->people.ana, S("user/*.cruds"));
	c->ben = token_for(c, c->people.ben, S("user/*.cruds"));
	c->weak = token_for(c, c->people.ana, S("user/Observation.rs"));
	c->maria_id = arena_z(&world->arena, uuid_text(&world->arena, c->people.maria.v));
	c->maple_id = arena_z(&world->arena, uuid_text(&world->arena, c->people.maple.v));
	c->okafor_id = arena_z(&world->arena, uuid_text(&world->arena, c->people.okafor.v));
	assert_ok(http_start(&c->trial.arena, &options, &c->trial.server));
}

static void
close_clinic(struct clinic *c)
{
	http_stop(c->trial.server, 1000);
	arena_release(&c->trial.arena);
}

static struct reply
ask(struct clinic *c, str token, const char *method, str path, str body)
{
	return client_ask(&c->trial,
	    arena_printf(&c->trial.arena,
		"%s %.*s HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer %.*s\r\n%sContent-Length: %zu\r\n\r\n%.*s",
		method, STR_ARG(path), STR_ARG(token), body.n ? "Content-Type: application/fhir+json\r\n" : "", body.n,
		STR_ARG(body)));
}

#define PATH(c, ...)      arena_printf(&(c)->trial.arena, __VA_ARGS__)
#define GET_(c, who, ...) ask((c), (c)->who, "GET", PATH(c, __VA_ARGS__), STR_NONE)

static const struct json_value *
parse(struct clinic *c, struct reply reply)
{
	const struct json_value *json;

	assert_ok(json_parse(&c->trial.arena, reply.body, &json, NULL));
	return json;
}

static struct reply
must(struct reply reply, int status)
{
	if (reply.status != status)
		fail_msg("%d: %.*s", reply.status, STR_ARG(str_take(reply.body, 1500)));
	return reply;
}

static size_t
entries(struct clinic *c, struct reply reply)
{
	size_t n = 0;

	json_each_item (json_get(parse(c, must(reply, 200)), "entry"), entry)
		n++;
	return n;
}

/* Maria's app begins a conversation; gives back the thread's id. */
static str
maria_writes(struct clinic *c, const char *key)
{
	struct reply reply = ask(c, c->maria, "POST", S("/fhir/Communication"),
	    PATH(c,
		"{\"resourceType\":\"Communication\",\"status\":\"in-progress\",\"identifier\":[{\"value\":\"urn:uuid:%"
		"s\"}],"
		"\"category\":[{\"coding\":[{\"code\":\"medication\"}]}],\"topic\":{\"text\":\"Ibuprofen\"},"
		"\"recipient\":[{\"reference\":\"CareTeam/%s\"}],"
		"\"payload\":[{\"contentString\":\"May I take \\\"ibuprofen\\\"?\"}]}",
		key, c->maple_id));
	str id, rest;

	must(reply, 201);
	rest = str_drop(reply_header(reply, "Location"), strlen("/fhir/Communication/"));
	str_cut(rest, '.', &id);
	return id;
}

#define KEY "01890000-0000-7000-8000-00000000000a"

static void
an_app_writes_and_the_teams_app_answers_and_completes(void **state)
{
	struct clinic c;
	const struct json_value *json;
	str id;

	open_clinic(*state, &c);
	id = maria_writes(&c, KEY);
	json = parse(&c, must(GET_(&c, maria, "/fhir/Communication/%.*s", STR_ARG(id)), 200));
	assert_str_equal(json_text_at(json, "topic.text"), "Ibuprofen");
	assert_str_equal(json_text_at(json, "status"), "in-progress");
	assert_str_equal(json_text_at(json, "recipient.0.reference"), PATH(&c, "CareTeam/%s", c.maple_id).p);
	json = parse(&c, must(GET_(&c, ana, "/fhir/Communication?part-of=Communication/%.*s", STR_ARG(id)), 200));
	assert_str_equal(json_text_at(json, "entry.0.resource.payload.0.contentString"), "May I take \"ibuprofen\"?");
	assert_str_equal(
	    json_text_at(json, "entry.0.resource.partOf.0.reference"), PATH(&c, "Communication/%.*s", STR_ARG(id)).p);
	json = parse(&c, must(GET_(&c, ana, "/fhir/Task/%.*s", STR_ARG(id)), 200));
	assert_str_equal(json_text_at(json, "status"), "requested");
	assert_true(json_text_at(json, "restriction.period.end").n > 0);
	must(
	    ask(&c, c.ana, "PUT", PATH(&c, "/fhir/Task/%.*s", STR_ARG(id)),
		PATH(&c,
		    "{\"resourceType\":\"Task\",\"status\":\"accepted\",\"owner\":{\"reference\":\"Practitioner/%s\"}}",
		    c.okafor_id)),
	    200);
	json = parse(&c, must(GET_(&c, ana, "/fhir/Task/%.*s", STR_ARG(id)), 200));
	assert_str_equal(json_text_at(json, "owner.reference"), PATH(&c, "Practitioner/%s", c.okafor_id).p);
	must(ask(&c, c.ana, "POST", S("/fhir/Communication"),
		 PATH(&c,
		     "{\"resourceType\":\"Communication\",\"status\":\"completed\",\"partOf\":[{\"reference\":"
		     "\"Communication/%.*s\"}],\"payload\":[{\"contentString\":\"Yes, with food.\"}]}",
		     STR_ARG(id))),
	    201);
	must(ask(&c, c.ana, "PUT", PATH(&c, "/fhir/Task/%.*s", STR_ARG(id)),
		 S("{\"resourceType\":\"Task\",\"status\":\"completed\"}")),
	    200);
	json = parse(&c, must(GET_(&c, maria, "/fhir/Communication/%.*s.2", STR_ARG(id)), 200));
	assert_str_equal(json_text_at(json, "payload.0.contentString"), "Yes, with food.");
	json = parse(&c, must(GET_(&c, maria, "/fhir/Communication/%.*s", STR_ARG(id)), 200));
	assert_str_equal(json_text_at(json, "status"), "completed");
	close_clinic(&c);
}

static void
what_it_is_about_comes_and_goes_over_fhir(void **state)
{
	struct clinic c;
	const struct json_value *json;
	struct reply reply;
	str item, id;

	open_clinic(*state, &c);
	reply = must(ask(&c, c.ana, "POST", S("/fhir/Observation"),
			 PATH(&c,
			     "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"text\":\"Iron\"},"
			     "\"subject\":{\"reference\":\"Patient/%s\"}}",
			     c.maria_id)),
	    201);
	item = PATH(&c, "Observation/%.*s", STR_ARG(json_text_at(parse(&c, reply), "id")));
	reply = must(ask(&c, c.maria, "POST", S("/fhir/Communication"),
			 PATH(&c,
			     "{\"resourceType\":\"Communication\",\"recipient\":[{\"reference\":\"CareTeam/%s\"}],"
			     "\"about\":[{\"reference\":\"%.*s\"}],\"payload\":[{\"contentString\":\"Is it low?\"}]}",
			     c.maple_id, STR_ARG(item))),
	    201);
	id = json_text_at(parse(&c, reply), "partOf.0.reference");
	json = parse(&c, must(GET_(&c, ana, "/fhir/%.*s", STR_ARG(id)), 200));
	assert_true(str_equal(json_text_at(json, "about.0.reference"), item));
	must(ask(&c, c.bo, "POST", S("/fhir/Communication"),
		 PATH(&c,
		     "{\"resourceType\":\"Communication\",\"recipient\":[{\"reference\":\"CareTeam/%s\"}],"
		     "\"about\":[{\"reference\":\"%.*s\"}],\"payload\":[{\"contentString\":\"Not mine\"}]}",
		     uuid_text(&c.trial.arena, c.people.birch.v).p, STR_ARG(item))),
	    400);
	close_clinic(&c);
}

/* María begins a conversation for Bo: its header says so where its message does, alone and in a list. */
static void
who_wrote_for_the_patient_is_named(void **state)
{
	struct clinic c;
	struct cx maria;
	struct sent sent;
	const struct json_value *header, *message, *list;
	str id;

	open_clinic(*state, &c);
	people_delegate(c.world, &c.people, RIGHT_MESSAGES_READ | RIGHT_MESSAGES_WRITE);
	maria = people_acting(c.world, c.people.maria_account, c.people.bo);
	assert_ok(messaging_terms_choose(&maria, true));
	assert_ok(thread_send_new(&maria,
	    &(struct thread_new){
		.key = uuid_new(maria.now), .patient = c.people.bo, .team = c.people.birch, .body = S("His knee")},
	    &sent));
	db_release(&maria);
	id = uuid_text(&c.world->arena, sent.thread.v);
	header = parse(&c, must(GET_(&c, ben, "/fhir/Communication/%.*s", STR_ARG(id)), 200));
	message = parse(&c, must(GET_(&c, bo, "/fhir/Communication/%.*s.1", STR_ARG(id)), 200));
	list = parse(&c, must(GET_(&c, bo, "/fhir/Communication"), 200));
	assert_str_equal(json_text_at(message, "sender.display"), "María López for Bo Lee");
	assert_str_equal(json_text_at(header, "sender.display"), "María López for Bo Lee");
	assert_str_equal(json_text_at(header, "sender.type"), "RelatedPerson");
	assert_str_equal(json_text_at(header, "sender.identifier.value"),
	    arena_z(&c.world->arena, json_text_at(message, "sender.identifier.value")));
	assert_str_equal(json_text_at(list, "entry.0.resource.sender.display"), "María López for Bo Lee");
	close_clinic(&c);
}

static void
the_same_identifier_is_the_same_message(void **state)
{
	struct clinic c;
	str first;
	struct reply again;

	open_clinic(*state, &c);
	first = maria_writes(&c, KEY);
	again = ask(&c, c.maria, "POST", S("/fhir/Communication"),
	    PATH(&c,
		"{\"resourceType\":\"Communication\",\"status\":\"in-progress\",\"identifier\":[{\"value\":\"urn:"
		"uuid:" KEY "\"}],\"topic\":{\"text\":\"Ibuprofen\"},\"recipient\":[{\"reference\":\"CareTeam/%s\"}],"
		"\"payload\":[{\"contentString\":\"May I take \\\"ibuprofen\\\"?\"}]}",
		c.maple_id));
	must(again, 200);
	assert_true(str_contains(reply_header(again, "Location"), first));
	assert_int_equal(entries(&c, GET_(&c, maria, "/fhir/Communication")), 1);
	close_clinic(&c);
}

static void
reading_changes_nothing_and_marking_read_does(void **state)
{
	struct clinic c;
	struct cx cx;
	int64_t unread;
	str id;

	open_clinic(*state, &c);
	id = maria_writes(&c, KEY);
	must(ask(&c, c.ana, "POST", S("/fhir/Communication"),
		 PATH(&c,
		     "{\"resourceType\":\"Communication\",\"partOf\":[{\"reference\":\"Communication/%.*s\"}],"
		     "\"payload\":[{\"contentString\":\"Yes\"}]}",
		     STR_ARG(id))),
	    201);
	must(GET_(&c, maria, "/fhir/Communication?part-of=%.*s", STR_ARG(id)), 200);
	cx = people_as_at(c.world, c.people.maria_account, instant_read_clock());
	assert_ok(thread_count(&cx, c.people.maria, THREADS_UNREAD, &unread));
	assert_int_equal(unread, 1);
	must(ask(&c, c.maria, "POST", PATH(&c, "/fhir/Communication/%.*s/$mark-read", STR_ARG(id)), STR_NONE), 200);
	db_refresh(&cx);
	assert_ok(thread_count(&cx, c.people.maria, THREADS_UNREAD, &unread));
	assert_int_equal(unread, 0);
	db_release(&cx);
	close_clinic(&c);
}

static void
whoever_does_not_belong_finds_nothing(void **state)
{
	struct clinic c;
	str id;

	open_clinic(*state, &c);
	id = maria_writes(&c, KEY);
	assert_int_equal(GET_(&c, bo, "/fhir/Communication/%.*s", STR_ARG(id)).status, 404);
	assert_int_equal(GET_(&c, ben, "/fhir/Communication/%.*s", STR_ARG(id)).status, 404);
	assert_int_equal(GET_(&c, ben, "/fhir/Communication/%.*s.1", STR_ARG(id)).status, 404);
	assert_int_equal(GET_(&c, ben, "/fhir/Task/%.*s", STR_ARG(id)).status, 404);
	assert_int_equal(GET_(&c, maria, "/fhir/Task/%.*s", STR_ARG(id)).status, 404);
	assert_int_equal(GET_(&c, ben, "/fhir/Communication?patient=%s", c.maria_id).status, 404);
	assert_int_equal(GET_(&c, weak, "/fhir/Communication/%.*s", STR_ARG(id)).status, 403);
	assert_int_equal(entries(&c, GET_(&c, ben, "/fhir/Task")), 0);
	assert_int_equal(entries(&c, GET_(&c, ana, "/fhir/Task")), 1);
	assert_int_equal(entries(&c, GET_(&c, ana, "/fhir/Communication?patient=Patient/%s", c.maria_id)), 1);
	assert_int_equal(ask(&c, c.ben, "PUT", PATH(&c, "/fhir/Task/%.*s", STR_ARG(id)),
			     S("{\"resourceType\":\"Task\",\"status\":\"completed\"}"))
				 .status /
			     100,
	    4);
	assert_int_equal(
	    ask(&c, c.bo, "POST", S("/fhir/Communication"),
		PATH(&c,
		    "{\"resourceType\":\"Communication\",\"partOf\":[{\"reference\":\"Communication/%.*s\"}],"
		    "\"payload\":[{\"contentString\":\"Hello\"}]}",
		    STR_ARG(id)))
		.status,
	    404);
	close_clinic(&c);
}

static void
a_wrong_message_is_refused_with_what_to_do(void **state)
{
	static const struct {
		const char *body, *words;
	} rows[] = {
	    {"{\"resourceType\":\"Observation\"}", "type Communication"},
	    {"{\"resourceType\":\"Communication\",\"payload\":[{\"contentString\":\"x\"}]}", "recipient"},
	    {"{\"resourceType\":\"Communication\",\"category\":[{\"coding\":[{\"code\":\"billing\"}]}]}", "category"},
	    {"{\"resourceType\":\"Communication\",\"partOf\":[{\"reference\":\"Patient/1\"}]}", "partOf"},
	    {"{\"resourceType\":", "end"},
	};
	struct clinic c;
	struct reply reply;

	open_clinic(*state, &c);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		reply = ask(&c, c.maria, "POST", S("/fhir/Communication"), str_from_z(rows[i].body));
		if (reply.status != 400 || !str_contains(reply.body, str_from_z(rows[i].words)))
			fail_msg("%zu: %d %.*s", i, reply.status, STR_ARG(reply.body));
	}
	close_clinic(&c);
}

static void
what_was_recorded_elsewhere_is_still_there(void **state)
{
	struct clinic c;
	struct reply reply;
	str id;

	open_clinic(*state, &c);
	reply = must(ask(&c, c.ana, "POST", S("/fhir/Communication"),
			 PATH(&c,
			     "{\"resourceType\":\"Communication\",\"status\":\"completed\",\"subject\":{\"reference\":"
			     "\"Patient/%s\"},\"payload\":[{\"contentString\":\"Told at the counter\"}]}",
			     c.maria_id)),
	    201);
	id = json_text_at(parse(&c, reply), "id");
	maria_writes(&c, KEY);
	assert_int_equal(entries(&c, GET_(&c, maria, "/fhir/Communication")), 2);
	assert_int_equal(entries(&c, GET_(&c, maria, "/fhir/Communication?status=completed")), 1);
	reply = must(GET_(&c, maria, "/fhir/Communication/%.*s", STR_ARG(id)), 200);
	assert_true(str_contains(reply.body, S("at the counter")));
	close_clinic(&c);
}

static void
many_conversations_come_page_by_page(void **state)
{
	struct clinic c;
	const struct json_value *json;
	str next;

	open_clinic(*state, &c);
	for (int i = 0; i < 5; i++)
		maria_writes(&c, PATH(&c, "01890000-0000-7000-8000-0000000000%02d", 10 + i).p);
	json = parse(&c, must(GET_(&c, maria, "/fhir/Communication?_count=3"), 200));
	next = json_text_at(json, "link.1.url");
	assert_true(next.n > 0);
	assert_int_equal(entries(&c, ask(&c, c.maria, "GET", str_drop(next, strlen("http://here")), STR_NONE)), 2);
	close_clinic(&c);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(an_app_writes_and_the_teams_app_answers_and_completes),
	    WORLD_TEST(what_it_is_about_comes_and_goes_over_fhir),
	    WORLD_TEST(who_wrote_for_the_patient_is_named),
	    WORLD_TEST(the_same_identifier_is_the_same_message),
	    WORLD_TEST(reading_changes_nothing_and_marking_read_does),
	    WORLD_TEST(whoever_does_not_belong_finds_nothing),
	    WORLD_TEST(a_wrong_message_is_refused_with_what_to_do),
	    WORLD_TEST(what_was_recorded_elsewhere_is_still_there),
	    WORLD_TEST(many_conversations_come_page_by_page),
	};

	return cmocka_run_group_tests_name("fhir messaging", list, NULL, NULL);
}
