/* SPDX-License-Identifier: Apache-2.0 */
/* Messaging as JSON with real tokens: an app of the patient writes, one of the team does everything a team does; whoever does
 * not belong finds nothing; what is wrong with a body is said. */
#include "care/record/record.h"
#include "exchange/api/api_test_help.h"

static void
a_patient_writes_and_the_team_works_it_off(void **state)
{
	struct clinic c;
	const struct json_value *json;
	str id, path;

	open_clinic(*state, &c);
	assert_str_equal(json_text_at(look(&c, c.maria, 200, S("/api/teams")), "teams.0.name"), "Maple Team");
	id = maria_writes(&c, KEY("1"));
	deed(&c, c.maria, 200, "POST", S("/api/conversations"), /* the same again */
	    PATH(&c,
		"{\"key\":\"" KEY("1") "\",\"team\":\"%s\",\"category\":\"medication\",\"subject\":\"Ibuprofen\","
				       "\"body\":\"May I take it?\"}",
		c.maple_id));
	assert_int_equal(
	    json_count(json_get(look(&c, c.ana, 200, S("/api/inbox?filter=waiting")), "conversations")), 1);
	path = PATH(&c, "/api/conversations/%.*s", STR_ARG(id));
	json = deed(&c, c.ana, 200, "POST", PATH(&c, "%.*s/do/claim", STR_ARG(path)), S("{}"));
	assert_true(json_text_at(json, "conversation.heldUntil").n > 0);
	deed(&c, c.okafor, 409, "POST", PATH(&c, "%.*s/messages", STR_ARG(path)),
	    S("{\"key\":\"" KEY("2") "\",\"body\":\"No.\"}"));
	deed(&c, c.ana, 200, "POST", PATH(&c, "%.*s/do/note", STR_ARG(path)), S("{\"text\":\"Kidneys are fine.\"}"));
	deed(&c, c.ana, 201, "POST", PATH(&c, "%.*s/messages", STR_ARG(path)),
	    S("{\"key\":\"" KEY("3") "\",\"body\":\"Yes, after a meal.\",\"seen\":1}"));
	deed(&c, c.ana, 200, "POST", PATH(&c, "%.*s/messages/2/take-back", STR_ARG(path)), S("{}"));
	deed(&c, c.ana, 201, "POST", PATH(&c, "%.*s/messages", STR_ARG(path)),
	    S("{\"key\":\"" KEY("4") "\",\"body\":\"Yes, after a meal, for three days.\"}"));
	json = deed(&c, c.ana, 200, "POST", PATH(&c, "%.*s/do/complete", STR_ARG(path)), S("{\"how\":\"answered\"}"));
	assert_str_equal(json_text_at(json, "conversation.completedHow"), "answered");
	json = deed(&c, c.maria, 200, "POST", PATH(&c, "%.*s/read", STR_ARG(path)), S("{}"));
	assert_str_equal(json_text_at(json, "conversation.items.2.body"), "Yes, after a meal, for three days.");
	assert_true(json_kind(json_path(json, "conversation.items.1.body")) == JSON_ABSENT); /* taken back */
	assert_true(json_kind(json_path(json, "conversation.owner")) == JSON_ABSENT);        /* the team's own */
	for (size_t i = 0; i < json_count(json_path(json, "conversation.events")); i++)
		assert_false(
		    str_equal(json_text_at(json, arena_z(&c.trial.arena, PATH(&c, "conversation.events.%zu.kind", i))),
			S("note")));
	close_clinic(&c);
}

static void
a_team_hands_on(void **state)
{
	struct clinic c;
	const struct json_value *json;
	str id, other, path;

	open_clinic(*state, &c);
	id = maria_writes(&c, KEY("1"));
	other = maria_writes(&c, KEY("2"));
	path = PATH(&c, "/api/conversations/%.*s", STR_ARG(id));
	json = look(&c, c.ana, 200, PATH(&c, "%.*s/colleagues", STR_ARG(path)));
	assert_true(json_count(json_get(json, "colleagues")) >= 1);
	json = deed(&c, c.ana, 200, "POST", PATH(&c, "%.*s/do/assign", STR_ARG(path)),
	    PATH(&c, "{\"to\":\"%s\"}", c.okafor_id));
	assert_str_equal(json_text_at(json, "conversation.owner"), c.okafor_id);
	deed(&c, c.ana, 200, "POST", PATH(&c, "%.*s/do/forward", STR_ARG(path)),
	    PATH(&c, "{\"to\":[\"%s\"],\"note\":\"Please look.\"}", c.okafor_id));
	deed(&c, c.ana, 200, "POST", PATH(&c, "%.*s/do/remind", STR_ARG(path)), S("{\"at\":\"2099-01-01T09:00:00Z\"}"));
	assert_int_equal(
	    json_count(json_get(look(&c, c.ana, 200, S("/api/inbox?filter=reminders")), "conversations")), 1);
	deed(&c, c.ana, 200, "POST", PATH(&c, "%.*s/do/remind", STR_ARG(path)), S("{}"));
	json = deed(&c, c.ana, 200, "POST", PATH(&c, "%.*s/do/join", STR_ARG(path)),
	    PATH(&c, "{\"into\":\"%.*s\"}", STR_ARG(other)));
	assert_str_equal(json_text_at(json, "conversation.completedHow"), "merged");
	deed(&c, c.ana, 200, "POST", PATH(&c, "%.*s/do/reopen", STR_ARG(path)), S("{}"));
	assert_true(json_kind(json_get(look(&c, c.ana, 200, S("/api/inbox/counts")), "completed")) == JSON_ABSENT);
	deed(&c, c.ana, 204, "POST", S("/api/inbox/lists"),
	    S("{\"name\":\"Late\",\"query\":\"show=escalated\",\"first\":false}"));
	json = look(&c, c.ana, 200, S("/api/inbox/lists"));
	assert_str_equal(json_text_at(json, "lists.0.name"), "Late");
	deed(&c, c.ana, 204, "DELETE", PATH(&c, "/api/inbox/lists/%.*s", STR_ARG(json_text_at(json, "lists.0.id"))),
	    STR_NONE);
	close_clinic(&c);
}

static void
a_draft_keeps_its_file_waits_and_is_taken_back(void **state)
{
	struct clinic c;
	const struct json_value *json;
	str file;

	open_clinic(*state, &c);
	json = deed(&c, c.maria, 200, "PUT", S("/api/drafts/" KEY("5")),
	    PATH(&c, "{\"team\":\"%s\",\"subject\":\"A rash\",\"body\":\"Since Monday.\"}", c.maple_id));
	assert_str_equal(json_text_at(json, "subject"), "A rash");
	json = must(&c, 201,
	    ask_as(&c, c.maria, "POST", S("/api/drafts/" KEY("5") "/files?name=diary.txt"), "text/plain",
		S("Monday: red. Tuesday: redder.\n")));
	file = json_text_at(json, "file.id");
	assert_str_equal(json_text_at(json, "file.name"), "diary.txt");
	json = deed(&c, c.maria, 202, "POST", S("/api/drafts/" KEY("5") "/send"), S("{\"seconds\":30}"));
	assert_true(json_text_at(json, "leaves").n > 0);
	json = deed(&c, c.maria, 200, "POST", S("/api/drafts/" KEY("5") "/undo"), S("{}"));
	assert_true(json_text_at(json, "leaves").n == 0);
	assert_int_equal(json_count(json_get(look(&c, c.maria, 200, S("/api/drafts")), "drafts")), 1);
	look(&c, c.ana, 404, PATH(&c, "/api/files/%.*s", STR_ARG(file))); /* not sent yet */
	json = deed(&c, c.maria, 201, "POST", S("/api/drafts/" KEY("5") "/send"), S("{}"));
	assert_str_equal(json_text_at(json, "conversation.items.0.files.0.name"), "diary.txt");
	assert_int_equal(json_count(json_get(look(&c, c.maria, 200, S("/api/drafts")), "drafts")), 0);
	assert_str_equal(
	    ask_as(&c, c.ana, "GET",
		PATH(&c, "/api/files/%.*s", STR_ARG(json_text_at(json, "conversation.items.0.files.0.id"))),
		"application/json", STR_NONE)
		.body,
	    "Monday: red. Tuesday: redder.\n");
	deed(&c, c.maria, 200, "PUT", S("/api/drafts/" KEY("6")), S("{\"body\":\"Never mind.\"}"));
	deed(&c, c.maria, 204, "DELETE", S("/api/drafts/" KEY("6")), STR_NONE);
	look(&c, c.maria, 404, S("/api/drafts/" KEY("6")));
	close_clinic(&c);
}

static void
folders_search_terms_and_notices_are_the_persons_own(void **state)
{
	struct clinic c;
	const struct json_value *json;
	str id, folder, path;

	open_clinic(*state, &c);
	id = maria_writes(&c, KEY("1"));
	json = deed(&c, c.maria, 201, "POST", S("/api/folders"), S("{\"name\":\"Back pain\"}"));
	folder = json_text_at(json, "id");
	path = PATH(&c, "/api/folders/%.*s", STR_ARG(folder));
	deed(&c, c.maria, 204, "PUT", path, S("{\"name\":\"Knee pain\"}"));
	deed(&c, c.maria, 204, "POST", PATH(&c, "/api/conversations/%.*s/move", STR_ARG(id)),
	    PATH(&c, "{\"folder\":\"%.*s\"}", STR_ARG(folder)));
	assert_str_equal(json_text_at(look(&c, c.maria, 200, S("/api/folders")), "folders.0.name"), "Knee pain");
	json = look(&c, c.maria, 200, PATH(&c, "/api/conversations?folder=%.*s", STR_ARG(folder)));
	assert_int_equal(json_count(json_get(json, "conversations")), 1);
	deed(&c, c.maria, 400, "DELETE", path, STR_NONE);
	deed(&c, c.bo, 204, "DELETE", path, STR_NONE); /* nothing of his */
	assert_int_equal(json_count(json_get(look(&c, c.maria, 200, S("/api/folders")), "folders")), 1);
	deed(&c, c.maria, 204, "POST", PATH(&c, "/api/conversations/%.*s/move", STR_ARG(id)),
	    S("{\"folder\":\"inbox\"}"));
	deed(&c, c.maria, 204, "DELETE", path, STR_NONE);
	json = look(&c, c.maria, 200, S("/api/search?words=take&category=medication"));
	assert_int_equal(json_count(json_get(json, "found")), 1);
	assert_int_equal(json_count(json_get(look(&c, c.bo, 200, S("/api/search?words=take")), "found")), 0);
	deed(&c, c.maria, 204, "PUT", S("/api/notices"), S("{\"notices\":\"daily\"}"));
	assert_str_equal(json_text_at(look(&c, c.maria, 200, S("/api/notices")), "notices"), "daily");
	deed(&c, c.maria, 204, "PUT", S("/api/terms"), S("{\"accepted\":false}"));
	deed(&c, c.maria, 400, "POST", S("/api/conversations"),
	    PATH(&c, "{\"key\":\"" KEY("9") "\",\"team\":\"%s\",\"body\":\"Hello\"}", c.maple_id));
	deed(&c, c.maria, 204, "PUT", S("/api/terms"), S("{\"accepted\":true}"));
	assert_true(json_bool(json_get(look(&c, c.maria, 200, S("/api/terms")), "accepted")));
	close_clinic(&c);
}

static void
templates_and_one_text_to_many(void **state)
{
	struct clinic c;
	const struct json_value *json;
	str id;

	open_clinic(*state, &c);
	deed(&c, c.ana, 204, "POST", S("/api/templates"), S("{\"name\":\"Greeting\",\"body\":\"Dear {patient},\"}"));
	json = look(&c, c.ana, 200, S("/api/templates"));
	assert_str_equal(json_text_at(json, "templates.0.body"), "Dear {patient},");
	assert_int_equal(json_count(json_get(look(&c, c.okafor, 200, S("/api/templates")), "templates")), 0);
	id = json_text_at(json, "templates.0.id");
	deed(&c, c.okafor, 404, "DELETE", PATH(&c, "/api/templates/%.*s", STR_ARG(id)), STR_NONE);
	deed(&c, c.ana, 204, "DELETE", PATH(&c, "/api/templates/%.*s", STR_ARG(id)), STR_NONE);
	json = look(&c, c.ana, 200, PATH(&c, "/api/teams/%s/patients", c.maple_id));
	assert_true(json_count(json_get(json, "patients")) >= 1);
	json = deed(&c, c.ana, 202, "POST", S("/api/broadcasts"),
	    PATH(&c,
		"{\"key\":\"" KEY("7") "\",\"team\":\"%s\",\"subject\":\"Flu shots\",\"body\":\"They are here.\","
				       "\"patients\":[\"%s\"]}",
		c.maple_id, c.maria_id));
	id = json_text_at(json, "id");
	look(&c, c.ana, 200, PATH(&c, "/api/broadcasts/%.*s", STR_ARG(id)));
	look(&c, c.ben, 404, PATH(&c, "/api/broadcasts/%.*s", STR_ARG(id)));
	close_clinic(&c);
}

static void
whoever_does_not_belong_finds_nothing(void **state)
{
	static const char *const words[] = {"claim", "release", "reopen", "typing", "complete", "assign", "reroute",
	    "forward", "note", "remind", "join"};
	struct clinic c;
	str id, path;

	open_clinic(*state, &c);
	id = maria_writes(&c, KEY("1"));
	path = PATH(&c, "/api/conversations/%.*s", STR_ARG(id));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		str address = PATH(&c, "%.*s/do/%s", STR_ARG(path), words[i]);
		str body = PATH(&c,
		    "{\"to\":%s\"%s\"%s,\"team\":\"%s\",\"into\":\"%.*s\",\"reason\":\"r\",\"text\":\"t\",\"how\":"
		    "\"telephone\"}",
		    strcmp(words[i], "forward") ? "" : "[", c.okafor_id, strcmp(words[i], "forward") ? "" : "]",
		    c.maple_id, STR_ARG(id));

		deed(&c, c.ben, 404, "POST", address, body);
		deed(&c, c.maria, 403, "POST", address, body);
		deed(&c, c.weak, 403, "POST", address, body);
	}
	look(&c, c.bo, 404, path);
	look(&c, c.ben, 404, path);
	look(&c, c.weak, 200, path);
	deed(&c, c.bo, 404, "POST", PATH(&c, "%.*s/messages", STR_ARG(path)),
	    S("{\"key\":\"" KEY("8") "\",\"body\":\"Me too.\"}"));
	deed(&c, c.weak, 403, "POST", PATH(&c, "%.*s/messages", STR_ARG(path)),
	    S("{\"key\":\"" KEY("8") "\",\"body\":\"Me too.\"}"));
	look(&c, c.maria, 403, S("/api/inbox"));
	deed(&c, c.ana, 404, "POST", PATH(&c, "%.*s/do/explode", STR_ARG(path)), S("{}"));
	close_clinic(&c);
}

static void
what_is_wrong_with_a_body_is_said(void **state)
{
	static const struct {
		const char *body, *title;
	} cases[] = {
	    {"[]", "Send a JSON object."},
	    {"{\"team\":1}", "\"key\" is missing: an id."},
	    {"{\"key\":7}", "\"key\" must be an id."},
	    {"{\"key\":\"" KEY("1") "\",\"team\":\"x\"}", "\"team\" must be an id."},
	    {"{\"key\":\"" KEY("1") "\",\"team\":\"" KEY("1") "\",\"category\":\"gossip\"}",
		"\"category\" must be general, appointment, test or medication."},
	};
	struct clinic c;
	struct reply reply;

	open_clinic(*state, &c);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct json_value *json =
		    deed(&c, c.maria, 400, "POST", S("/api/conversations"), str_from_z(cases[i].body));

		assert_str_equal(json_text_at(json, "title"), cases[i].title);
	}
	reply = ask_as(&c, c.maria, "POST", S("/api/conversations"), "text/plain", S("{}"));
	assert_str_equal(json_text_at(must(&c, 400, reply), "title"), "Send the body as application/json.");
	assert_str_equal(reply_header(reply, "Content-Type"), "application/problem+json");
	look(&c, c.ana, 400, S("/api/inbox?filter=everything"));
	look(&c, c.maria, 400, S("/api/search?older=x.y"));
	look(&c, c.maria, 404, S("/api/conversations/not-an-id"));
	close_clinic(&c);
}

static const struct err *
put_observation(struct tx *tx, void *arg)
{
	int64_t version;
	bool changed;

	return resource_put(tx, arg, &version, &changed);
}

/* A result of Maria's; gives back its reference. */
static str
add_result(struct clinic *c)
{
	struct resource_new in = {
	    .patient = c->people.maria, .id = uuid_text(&c->world->arena, uuid_new(c->world->cx.now))};
	struct resource_draft *draft;

	assert_ok(record_init(c->world->vault));
	assert_ok(json_parse(&c->world->arena,
	    PATH(c,
		"{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"text\":\"Iron\"},"
		"\"subject\":{\"reference\":\"Patient/%s\"}}",
		c->maria_id),
	    &in.json, NULL));
	db_refresh(&c->world->cx);
	assert_ok(resource_prepare(&c->world->cx, &in, &draft));
	assert_ok(db_write(&c->world->cx, put_observation, draft));
	return PATH(c, "Observation/%.*s", STR_ARG(in.id));
}

static void
a_conversation_is_about_a_result_and_can_be_kept_as_text(void **state)
{
	struct clinic c;
	const struct json_value *json;
	struct reply reply;
	str about, path;

	open_clinic(*state, &c);
	about = add_result(&c);
	json = deed(&c, c.maria, 200, "PUT", S("/api/drafts/" KEY("1")),
	    PATH(&c, "{\"team\":\"%s\",\"body\":\"Is it low?\",\"about\":\"%.*s\"}", c.maple_id, STR_ARG(about)));
	assert_str_equal(json_text_at(json, "about"), arena_z(&c.trial.arena, about));
	json = deed(&c, c.maria, 201, "POST", S("/api/drafts/" KEY("1") "/send"), S("{}"));
	assert_str_equal(json_text_at(json, "conversation.about"), arena_z(&c.trial.arena, about));
	json = deed(&c, c.maria, 201, "POST", S("/api/conversations"),
	    PATH(&c,
		"{\"key\":\"" KEY("2") "\",\"team\":\"%s\",\"body\":\"Still low?\",\"about\":\"%.*s\","
				       "\"signature\":{\"name\":\"Maria Lopez\",\"certified\":true}}",
		c.maple_id, STR_ARG(about)));
	assert_str_equal(json_text_at(json, "conversation.about"), arena_z(&c.trial.arena, about));
	assert_true(str_contains(json_text_at(json, "conversation.items.0.body"), S("Signed electronically on ")));
	path = PATH(&c, "/api/conversations/%.*s", STR_ARG(json_text_at(json, "conversation.id")));
	reply = ask_as(&c, c.maria, "GET", PATH(&c, "%.*s/text", STR_ARG(path)), "application/json", STR_NONE);
	assert_int_equal(reply.status, 200);
	assert_true(str_contains(reply.body, S("Still low?")));
	look(&c, c.bo, 404, PATH(&c, "%.*s/text", STR_ARG(path)));
	look(&c, c.ben, 404, PATH(&c, "%.*s/text", STR_ARG(path)));
	deed(&c, c.maria, 400, "POST", PATH(&c, "%.*s/messages", STR_ARG(path)),
	    S("{\"key\":\"" KEY(
		"3") "\",\"body\":\"Hm\",\"signature\":{\"name\":\"Maria Lopez\"}}")); /* not certified */
	deed(&c, c.bo, 400, "POST", S("/api/conversations"),
	    PATH(&c, "{\"key\":\"" KEY("4") "\",\"team\":\"%s\",\"body\":\"Mine?\",\"about\":\"%.*s\"}",
		arena_z(&c.trial.arena, uuid_text(&c.trial.arena, c.people.birch.v)), STR_ARG(about)));
	close_clinic(&c);
}

static void
a_team_is_proposed_and_a_signature_kept(void **state)
{
	struct clinic c;
	const struct json_value *json;

	open_clinic(*state, &c);
	json = look(&c, c.maria, 200, S("/api/teams/proposed?category=medication"));
	assert_str_equal(json_text_at(json, "team"), c.maple_id);
	assert_str_equal(json_text_at(json, "category"), "medication");
	look(&c, c.ana, 403, S("/api/teams/proposed"));
	assert_str_equal(json_text_at(look(&c, c.ana, 200, S("/api/signature")), "name"), "");
	deed(&c, c.ana, 204, "PUT", S("/api/signature"), S("{\"name\":\"Ana Ruiz, RN\",\"title\":\"Nurse\"}"));
	json = look(&c, c.ana, 200, S("/api/signature"));
	assert_str_equal(json_text_at(json, "name"), "Ana Ruiz, RN");
	assert_true(json_bool(json_get(json, "include")));
	deed(&c, c.ana, 400, "PUT", S("/api/signature"), S("{\"name\":\"two\\nlines\"}"));
	deed(&c, c.ana, 400, "PUT", S("/api/signature"), S("{\"include\":\"perhaps\"}"));
	close_clinic(&c);
}

static void
teams_are_preferred_and_searches_have_days(void **state)
{
	struct clinic c;
	const struct json_value *json;

	open_clinic(*state, &c);
	maria_writes(&c, KEY("1"));
	assert_str_equal(json_text_at(look(&c, c.maria, 200, S("/api/teams")), "teams.0.choice"), "shown");
	deed(&c, c.maria, 204, "PUT", S("/api/teams"),
	    PATH(&c, "{\"teams\":[{\"team\":\"%s\",\"choice\":\"first\"}]}", c.maple_id));
	assert_str_equal(json_text_at(look(&c, c.maria, 200, S("/api/teams")), "teams.0.choice"), "first");
	deed(&c, c.bo, 404, "PUT", S("/api/teams"),
	    PATH(&c, "{\"teams\":[{\"team\":\"%s\",\"choice\":\"hidden\"}]}", c.maple_id));
	deed(&c, c.maria, 400, "PUT", S("/api/teams"),
	    PATH(&c, "{\"teams\":[{\"team\":\"%s\",\"choice\":\"loved\"}]}", c.maple_id));
	json = look(&c, c.maria, 200, S("/api/search?words=take&from=2026-01-01&until=2099-12-31&side=me"));
	assert_int_equal(json_count(json_get(json, "found")), 1);
	json = look(&c, c.maria, 200, S("/api/search?words=take&until=2026-01-01"));
	assert_int_equal(json_count(json_get(json, "found")), 0);
	json = look(&c, c.maria, 200, S("/api/search?words=take&side=team"));
	assert_int_equal(json_count(json_get(json, "found")), 0);
	look(&c, c.maria, 400, S("/api/search?words=take&from=2026-02-30"));
	look(&c, c.ana, 200, S("/api/inbox?sort=due"));
	look(&c, c.ana, 400, S("/api/inbox?sort=beauty"));
	close_clinic(&c);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_patient_writes_and_the_team_works_it_off),
	    WORLD_TEST(a_team_hands_on),
	    WORLD_TEST(a_draft_keeps_its_file_waits_and_is_taken_back),
	    WORLD_TEST(folders_search_terms_and_notices_are_the_persons_own),
	    WORLD_TEST(templates_and_one_text_to_many),
	    WORLD_TEST(whoever_does_not_belong_finds_nothing),
	    WORLD_TEST(a_conversation_is_about_a_result_and_can_be_kept_as_text),
	    WORLD_TEST(a_team_is_proposed_and_a_signature_kept),
	    WORLD_TEST(teams_are_preferred_and_searches_have_days),
	    WORLD_TEST(what_is_wrong_with_a_body_is_said),
	};

	return cmocka_run_group_tests_name("api", list, NULL, NULL);
}
