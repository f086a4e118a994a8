/* SPDX-License-Identifier: Apache-2.0 */
/* The office, the staff and charting as JSON with real tokens: the right person does it, another facility's administrator, the
 * care team, patients and weak tokens do not; what is wrong with a body is said. */
#include "exchange/api/api_test_help.h"

#include "care/messaging/messaging.h"
#include "platform/format/fhir_date.h"

/* Everything derived agrees with what it is derived from. */
static void
assert_sound(struct clinic *c)
{
	struct buf report = BUF_INIT(&c->world->arena);

	db_refresh(&c->world->cx);
	assert_ok(messaging_check_invariants(&c->world->cx, &report));
	assert_str_equal(buf_str(&report), "");
}

static const char *
id_z(struct clinic *c, struct uuid id)
{
	return arena_z(&c->trial.arena, uuid_text(&c->trial.arena, id));
}

static void
a_facility_settles_its_settings_and_days_off(void **state)
{
	struct clinic c;
	const struct json_value *json;

	open_clinic(*state, &c);
	json = look(&c, c.root, 200, S("/api/office/settings"));
	assert_str_equal(json_text_at(json, "facility.name"), "Cedar Valley Clinic");
	assert_str_equal(json_number_text(json_path(json, "settings.reply_window_days")), "45");
	deed(&c, c.root, 204, "PUT", S("/api/office/settings"),
	    S("{\"facility\":{\"phone\":\"555-0199\"},\"settings\":{\"reply_window_days\":30,\"attachments_large\":"
	      "true}}"));
	json = look(&c, c.root, 200, S("/api/office/settings"));
	assert_str_equal(json_text_at(json, "facility.phone"), "555-0199");
	assert_str_equal(json_text_at(json, "facility.name"), "Cedar Valley Clinic"); /* left out: as it was */
	assert_str_equal(json_number_text(json_path(json, "settings.reply_window_days")), "30");
	assert_true(json_bool(json_path(json, "settings.attachments_large")));
	deed(
	    &c, c.root, 204, "POST", S("/api/office/closures"), S("{\"day\":\"2031-12-24\",\"reason\":\"Staff day\"}"));
	json = look(&c, c.root, 200, S("/api/office/settings"));
	assert_str_equal(json_text_at(json, "closures.0.day"), "2031-12-24");
	assert_str_equal(json_text_at(json, "closures.0.reason"), "Staff day");
	deed(&c, c.root, 204, "DELETE", S("/api/office/closures/2031-12-24"), STR_NONE);
	deed(&c, c.root, 404, "DELETE", S("/api/office/closures/2031-12-24"), STR_NONE);
	deed(&c, c.root, 204, "PUT", S("/api/office/words"), S("{\"list\":\"en emergency purple rain\\n\"}"));
	assert_str_equal(
	    json_text_at(look(&c, c.root, 200, S("/api/office/words")), "list"), "en emergency purple rain");
	json = deed(&c, c.maria, 200, "POST", S("/api/check"), S("{\"body\":\"It was Purple Rain again\"}"));
	assert_str_equal(json_text_at(json, "words"), "purple rain");
	json = deed(&c, c.maria, 200, "POST", S("/api/check"), S("{\"body\":\"It was fine\"}"));
	assert_true(json_text_at(json, "words").n == 0);
	deed(&c, c.root, 204, "PUT", S("/api/office/chart-lists"),
	    S("{\"clinics\":\"323 Primary care\",\"titles\":\"Note\"}"));
	json = look(&c, c.root, 200, S("/api/office/chart-lists"));
	assert_str_equal(json_text_at(json, "clinics"), "323 Primary care\n");
	assert_sound(&c);
	close_clinic(&c);
}

static void
a_team_is_made_filled_and_closed_with_what_is_open(void **state)
{
	struct clinic c;
	const struct json_value *json;
	str path, cedar, thread;

	open_clinic(*state, &c);
	thread = maria_writes(&c, KEY("1"));
	json = deed(&c, c.root, 201, "POST", S("/api/office/teams"),
	    PATH(&c,
		"{\"name\":\"Cedar Team\",\"care\":\"Foot care\",\"place\":\"Ground floor\",\"lead\":\"%s\","
		"\"topics\":[\"medication\"],\"hours\":{\"days\":[\"mon\",\"wed\"],\"from\":\"8:00\",\"until\":\"16:"
		"30\"}}",
		c.okafor_id));
	assert_str_equal(json_text_at(json, "team.fullName"), "Cedar Team, Foot care, Ground floor, with Ada Okafor");
	assert_str_equal(json_text_at(json, "team.hours.until"), "16:30");
	assert_str_equal(json_text_at(json, "team.hours.days.1"), "wed");
	assert_str_equal(json_text_at(json, "team.topics.0"), "medication");
	cedar = json_text_at(json, "team.id");
	path = PATH(&c, "/api/office/teams/%.*s", STR_ARG(cedar));
	json = deed(&c, c.root, 200, "PUT", path, S("{\"care\":\"Feet\",\"hours\":{}}"));
	assert_str_equal(json_text_at(json, "team.care"), "Feet");
	assert_str_equal(json_text_at(json, "team.topics.0"), "medication"); /* left out: as it was */
	assert_true(json_kind(json_path(json, "team.hours")) == JSON_ABSENT);
	deed(&c, c.root, 400, "POST", PATH(&c, "/api/office/teams/%s/close", c.maple_id),
	    PATH(&c, "{\"successor\":\"%.*s\"}", STR_ARG(cedar))); /* nobody is in it */
	json =
	    deed(&c, c.root, 200, "PUT", PATH(&c, "%.*s/members/%s", STR_ARG(path), id_z(&c, c.people.ben.v)), S(""));
	assert_str_equal(json_text_at(json, "team.members.0.name"), "Ben Hart");
	deed(&c, c.root, 409, "DELETE", PATH(&c, "%.*s/members/%s", STR_ARG(path), id_z(&c, c.people.ben.v)), STR_NONE);
	deed(&c, c.root, 400, "POST", PATH(&c, "/api/office/teams/%s/close", c.maple_id), S("{}")); /* unfinished */
	json = deed(&c, c.root, 200, "POST", PATH(&c, "/api/office/teams/%s/close", c.maple_id),
	    PATH(&c, "{\"successor\":\"%.*s\"}", STR_ARG(cedar)));
	assert_false(json_bool(json_path(json, "team.active")));
	json = look(&c, c.ben, 200, PATH(&c, "/api/conversations/%.*s", STR_ARG(thread)));
	assert_str_equal(json_text_at(json, "conversation.team"), arena_z(&c.trial.arena, cedar));
	json = look(&c, c.root, 200, PATH(&c, "/api/office/patients/%s", c.maria_id));
	assert_str_equal(json_text_at(json, "associations.0.cameFrom"), c.maple_id);
	assert_sound(&c);
	close_clinic(&c);
}

static void
a_patient_belongs_for_a_reason_and_is_blocked_for_one(void **state)
{
	struct clinic c;
	const struct json_value *json;
	const char *birch;
	str path;

	open_clinic(*state, &c);
	birch = id_z(&c, c.people.birch.v);
	path = PATH(&c, "/api/office/patients/%s", c.maria_id);
	json = look(&c, c.root, 200, S("/api/office/patients?name=lopez"));
	assert_str_equal(json_text_at(json, "patients.0.id"), c.maria_id);
	assert_int_equal(json_count(json_get(look(&c, c.root, 200, S("/api/office/patients")), "patients")), 0);
	deed(&c, c.root, 204, "POST", PATH(&c, "/api/office/teams/%s/patients", birch),
	    PATH(&c, "{\"patients\":[\"%s\"],\"relation\":\"clinic\",\"reason\":\"Visit\",\"until\":\"2070-03-30\"}",
		c.maria_id));
	json = look(&c, c.root, 200, path);
	assert_int_equal(json_count(json_get(json, "associations")), 2);
	for (size_t i = 0; i < 2; i++) {
		json = json_at(json_get(look(&c, c.root, 200, path), "associations"), i);
		if (str_equal(json_text_at(json, "team"), str_from_z(birch))) {
			assert_str_equal(json_text_at(json, "relation"), "clinic");
			assert_str_equal(json_text_at(json, "reason"), "Visit");
			assert_str_equal(json_text_at(json, "until"), "2070-03-31T04:00:00.000Z"); /* New York */
		}
	}
	deed(&c, c.root, 204, "DELETE", PATH(&c, "%.*s/teams/%s", STR_ARG(path), birch), STR_NONE);
	json = deed(&c, c.root, 201, "POST", PATH(&c, "%.*s/blocks", STR_ARG(path)),
	    PATH(&c, "{\"team\":\"%s\",\"code\":\"threats\",\"note\":\"Twice.\",\"review\":\"%.*s\"}", c.maple_id, 10,
		fhir_instant_text(&c.trial.arena, instant_add_ms(c.world->cx.now, 30 * DAY_MS)).p));
	assert_str_equal(json_text_at(json, "blocks.0.note"), "Twice.");
	deed(&c, c.maria, 400, "POST", S("/api/conversations"),
	    PATH(&c, "{\"key\":\"" KEY("2") "\",\"team\":\"%s\",\"body\":\"Hello\"}", c.maple_id));
	json = look(&c, c.root, 200, S("/api/office/blocks"));
	assert_str_equal(json_text_at(json, "blocks.0.code"), "threats");
	assert_int_equal(json_count(json_get(look(&c, c.far, 200, S("/api/office/blocks")), "blocks")), 0);
	path = PATH(&c, "%.*s/blocks/%.*s", STR_ARG(path), STR_ARG(json_text_at(json, "blocks.0.id")));
	deed(&c, c.far, 404, "DELETE", path, STR_NONE);
	deed(&c, c.root, 204, "DELETE", path, STR_NONE);
	maria_writes(&c, KEY("3"));
	assert_sound(&c);
	close_clinic(&c);
}

static void
staff_are_listed_switched_and_stand_in(void **state)
{
	struct clinic c;
	const struct json_value *json;
	str id, address;

	open_clinic(*state, &c);
	json = look(&c, c.root, 200, S("/api/office/people"));
	assert_true(json_count(json_get(json, "people")) >= 4);
	deed(&c, c.root, 204, "POST", S("/api/staff-lists"),
	    PATH(&c, "{\"name\":\"Diabetes circle\",\"people\":[\"%s\"]}", c.okafor_id));
	json = look(&c, c.ana, 200, S("/api/staff-lists"));
	assert_str_equal(json_text_at(json, "lists.0.people.0"), c.okafor_id);
	address = PATH(&c, "/api/staff-lists/%.*s", STR_ARG(json_text_at(json, "lists.0.id")));
	deed(&c, c.ana, 403, "DELETE", address, STR_NONE);
	deed(&c, c.far, 404, "DELETE", address, STR_NONE);
	deed(&c, c.root, 400, "PUT", address, S("{\"name\":\"Nobody\",\"people\":[]}"));
	deed(&c, c.root, 204, "DELETE", address, STR_NONE);
	deed(&c, c.ana, 204, "POST", S("/api/covers"),
	    PATH(&c,
		"{\"account\":\"%s\",\"byAccount\":\"%s\",\"times\":[{\"first\":\"2071-04-01\",\"last\":\"2071-04-01\"}"
		","
		"{\"since\":\"2071-04-08T12:00:00Z\",\"until\":\"2071-04-08T18:00:00Z\"}]}",
		id_z(&c, c.people.ana.v), c.okafor_id));
	json = look(&c, c.okafor, 200, S("/api/covers"));
	assert_int_equal(json_count(json_get(json, "covers")), 2);
	assert_str_equal(json_text_at(json, "covers.0.since"), "2071-04-01T04:00:00.000Z");
	assert_str_equal(json_text_at(json, "covers.1.until"), "2071-04-08T18:00:00.000Z");
	id = json_text_at(json, "covers.0.id");
	deed(&c, c.ben, 404, "DELETE", PATH(&c, "/api/covers/%.*s", STR_ARG(id)), STR_NONE);
	deed(&c, c.ana, 204, "DELETE", PATH(&c, "/api/covers/%.*s", STR_ARG(id)), STR_NONE);
	deed(&c, c.root, 204, "PUT", PATH(&c, "/api/office/people/%s", id_z(&c, c.people.ben.v)),
	    S("{\"active\":false}"));
	look(&c, c.ben, 401, S("/api/inbox"));
	deed(&c, c.far, 404, "PUT", PATH(&c, "/api/office/people/%s", c.okafor_id), S("{\"active\":false}"));
	assert_sound(&c);
	close_clinic(&c);
}

static void
timelines_and_lists_tell_what_happened(void **state)
{
	struct clinic c;
	const struct json_value *json;
	str path;

	open_clinic(*state, &c);
	maria_writes(&c, KEY("1"));
	path = PATH(&c, "/api/patients/%s/communication", c.maria_id);
	json = look(&c, c.ana, 200, PATH(&c, "%.*s?kind=messages", STR_ARG(path)));
	assert_str_equal(json_text_at(json, "entries.0.subject"), "Ibuprofen");
	json = look(&c, c.root, 200, PATH(&c, "/api/office/patients/%s/communication?kind=messages", c.maria_id));
	assert_int_equal(json_count(json_get(json, "entries")), 1);
	assert_true(json_kind(json_path(json, "entries.0.subject")) == JSON_ABSENT); /* the office: that, not what */
	look(&c, c.ana, 400, PATH(&c, "%.*s?from=yesterday", STR_ARG(path)));
	look(&c, c.ana, 400, PATH(&c, "%.*s?kind=gossip", STR_ARG(path)));
	look(&c, c.ben, 404, path);
	look(&c, c.root, 403, path);
	look(&c, c.far, 404, PATH(&c, "/api/office/patients/%s/communication", c.maria_id));
	json = look(&c, c.root, 200, S("/api/office/cleanup"));
	assert_true(json_count(json_get(json, "parts")) > 0);
	assert_true(json_text_at(json, "parts.0.kind").n > 0);
	assert_true(json_text_at(json, "parts.0.lines.0.why").n > 0);
	look(&c, c.root, 400, S("/api/office/cleanup?days=3"));
	json = look(&c, c.root, 200, S("/api/office/unanswerable"));
	assert_int_equal(json_count(json_get(json, "conversations")), 0);
	close_clinic(&c);
}

static void
a_conversation_is_kept_in_the_chart_with_credit(void **state)
{
	static const char wish[] =
	    "{\"key\":\"" KEY("8") "\",\"messages\":[1,2],\"comment\":\"Checked\",\"clinic\":\"323\","
				   "\"procedure\":\"98970\",\"minutes\":12}";
	struct clinic c;
	const struct json_value *json;
	str path, note, id;

	open_clinic(*state, &c);
	id = maria_writes(&c, KEY("1"));
	path = PATH(&c, "/api/conversations/%.*s", STR_ARG(id));
	deed(&c, c.ana, 409, "POST", PATH(&c, "%.*s/notes", STR_ARG(path)), str_from_z(wish)); /* an answer is owed */
	deed(&c, c.ana, 201, "POST", PATH(&c, "%.*s/messages", STR_ARG(path)),
	    S("{\"key\":\"" KEY("2") "\",\"body\":\"Yes, after a meal.\"}"));
	json = look(&c, c.ana, 200, PATH(&c, "%.*s/notes", STR_ARG(path)));
	assert_int_equal(json_count(json_get(json, "notes")), 0);
	assert_true(json_count(json_get(json, "clinics")) > 0);
	json = deed(&c, c.ana, 200, "POST", PATH(&c, "%.*s/notes/preview", STR_ARG(path)), str_from_z(wish));
	assert_true(str_contains(json_text_at(json, "text"), S("Yes, after a meal.")));
	json = deed(&c, c.ana, 201, "POST", PATH(&c, "%.*s/notes", STR_ARG(path)), str_from_z(wish));
	assert_str_equal(json_text_at(json, "note.state"), "kept");
	note = json_text_at(json, "note.id");
	json = deed(&c, c.ana, 201, "POST", PATH(&c, "%.*s/notes", STR_ARG(path)), str_from_z(wish)); /* the same */
	assert_str_equal(json_text_at(json, "note.id"), arena_z(&c.trial.arena, note));
	json = deed(&c, c.ana, 201, "POST", PATH(&c, "%.*s/notes", STR_ARG(path)),
	    S("{\"key\":\"" KEY("9") "\",\"messages\":[2],\"comment\":\"One more\"}"));
	assert_str_equal(json_number_text(json_path(json, "note.number")), "2"); /* an addendum */
	deed(&c, c.ana, 400, "POST", PATH(&c, "%.*s/notes", STR_ARG(path)),
	    S("{\"key\":\"" KEY("7") "\",\"messages\":[9]}"));
	path = PATH(&c, "/api/notes/%.*s", STR_ARG(note));
	deed(&c, c.ben, 404, "POST", PATH(&c, "%.*s/credit/take-back", STR_ARG(path)), S("{\"reason\":\"Mine\"}"));
	deed(&c, c.ana, 400, "POST", PATH(&c, "%.*s/credit/take-back", STR_ARG(path)), S("{}"));
	deed(&c, c.ana, 204, "POST", PATH(&c, "%.*s/credit/take-back", STR_ARG(path)), S("{\"reason\":\"Twice\"}"));
	deed(&c, c.ana, 409, "POST", PATH(&c, "%.*s/credit/take-back", STR_ARG(path)), S("{\"reason\":\"Twice\"}"));
	assert_int_equal(json_count(json_get(look(&c, c.ana, 200, S("/api/notes/undelivered")), "notes")), 0);
	deed(&c, c.ana, 409, "POST", PATH(&c, "%.*s/retry", STR_ARG(path)), S("{}"));
	deed(&c, c.ben, 404, "POST", PATH(&c, "%.*s/end", STR_ARG(path)), S("{\"reason\":\"No\"}"));
	assert_sound(&c);
	close_clinic(&c);
}

/* Every address of the office, as everybody who does not run it. */
static void
the_office_is_its_own(void **state)
{
	struct clinic c;
	str weak;

	open_clinic(*state, &c);
	weak = token_for(&c, c.people.root, S("user/Task.u"));
	for (const struct route *route = api_office_routes; route->pattern; route++) {
		static const char *const methods[] = {
		    [GET] = "GET", [POST] = "POST", [PUT] = "PUT", [DELETE] = "DELETE"};
		struct buf path = BUF_INIT(&c.trial.arena);
		str rest = str_from_z(route->pattern), piece, body = route->body_bytes_max ? S("{}") : STR_NONE;

		if (!str_starts(rest, S("/api/office")))
			continue;
		while (rest.p) {
			rest = str_cut(rest, '{', &piece);
			buf_add(&path, piece);
			if (!rest.p)
				break;
			buf_add(&path, str_from_z(c.maple_id));
			rest = str_cut(rest, '}', &piece).p ? str_drop(rest, piece.n + 1) : STR_NONE;
		}
		deed(&c, c.maria, 403, methods[route->method], buf_str(&path), body);
		deed(&c, c.ana, 403, methods[route->method], buf_str(&path), body);
		deed(&c, weak, 403, methods[route->method], buf_str(&path), body);
	}
	look(&c, c.far, 404, PATH(&c, "/api/office/teams/%s", c.maple_id));
	look(&c, c.far, 404, PATH(&c, "/api/office/patients/%s", c.maria_id));
	deed(&c, c.far, 404, "PUT", PATH(&c, "/api/office/teams/%s", c.maple_id), S("{\"name\":\"Stolen Team\"}"));
	deed(&c, c.far, 404, "POST", PATH(&c, "/api/office/teams/%s/close", c.maple_id), S("{}"));
	deed(&c, c.far, 404, "PUT", PATH(&c, "/api/office/teams/%s/members/%s", c.maple_id, c.okafor_id), S(""));
	deed(&c, c.far, 404, "POST", PATH(&c, "/api/office/teams/%s/patients", c.maple_id),
	    PATH(&c, "{\"patients\":[\"%s\"],\"relation\":\"hand\"}", c.maria_id));
	deed(&c, c.far, 404, "DELETE", PATH(&c, "/api/office/patients/%s/teams/%s", c.maria_id, c.maple_id), STR_NONE);
	deed(&c, c.far, 404, "POST", PATH(&c, "/api/office/patients/%s/blocks", c.maria_id), S("{\"code\":\"other\"}"));
	look(&c, c.far, 404, PATH(&c, "/api/reports?team=%s", c.maple_id));
	look(&c, c.maria, 403, S("/api/reports"));
	look(&c, c.ben, 404, PATH(&c, "/api/reports?team=%s", c.maple_id));
	close_clinic(&c);
}

static void
what_is_wrong_with_a_body_is_said(void **state)
{
	static const struct {
		const char *method, *path, *body, *title;
	} cases[] = {
	    {"PUT", "/api/office/settings", "{\"settings\":{\"reply_window_days\":\"x\"}}",
		"\"reply_window_days\" must be a whole number."},
	    {"PUT", "/api/office/settings", "{\"settings\":{\"attachments_large\":1}}",
		"\"attachments_large\" must be true or false."},
	    {"PUT", "/api/office/settings", "{\"facility\":{\"name\":7}}", "\"name\" must be a text."},
	    {"POST", "/api/office/closures", "{\"day\":\"2031-02-30\"}", "\"day\" must be a day such as 2026-12-24."},
	    {"POST", "/api/office/closures", "{\"day\":\"2031-02-03\"}",
		"Say in a few words why the facility is closed."},
	    {"PUT", "/api/office/words", "{}", "\"list\" must be a text, one entry in a line."},
	    {"POST", "/api/office/teams", "{\"hours\":{\"days\":[\"payday\"]}}",
		"\"days\" must be one of: sun, mon, tue, wed, thu, fri, sat."},
	    {"POST", "/api/office/teams", "{\"hours\":{\"days\":[\"mon\"],\"from\":\"8\"}}",
		"\"from\" and \"until\" must be times such as 8:30."},
	    {"POST", "/api/office/teams", "{\"topics\":[\"gossip\"]}", "There is no such category."},
	    {"POST", "/api/office/teams", "{\"takesMessages\":\"yes\"}", "\"takesMessages\" must be true or false."},
	    {"POST", "/api/staff-lists", "{\"name\":\"A\",\"people\":7}",
		"\"people\" must be a list of at most 200 ids."},
	    {"POST", "/api/covers", "{}", "\"times\" must be a list of 1 to 26 times."},
	    {"POST", "/api/covers", "{\"times\":[{}]}", "Give \"since\" and \"until\", or \"first\" and \"last\"."},
	    {"POST", "/api/covers", "{\"times\":[{\"first\":\"soon\"}]}",
		"\"first\" and \"last\" must be days such as 2026-12-24."},
	};
	struct clinic c;

	open_clinic(*state, &c);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_str_equal(json_text_at(deed(&c, c.root, 400, cases[i].method, str_from_z(cases[i].path),
						  str_from_z(cases[i].body)),
				     "title"),
		    cases[i].title);
	deed(&c, c.root, 400, "PUT", S("/api/office/settings"), S("{\"settings\":{\"free_beer\":true}}"));
	deed(&c, c.root, 400, "PUT", S("/api/office/settings"), S("{\"settings\":{\"reply_window_days\":-4}}"));
	look(&c, c.root, 400, S("/api/reports?period=own&from=2031-01-01&to=2030-01-01"));
	close_clinic(&c);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(a_facility_settles_its_settings_and_days_off),
	    WORLD_TEST(a_team_is_made_filled_and_closed_with_what_is_open),
	    WORLD_TEST(a_patient_belongs_for_a_reason_and_is_blocked_for_one),
	    WORLD_TEST(staff_are_listed_switched_and_stand_in),
	    WORLD_TEST(timelines_and_lists_tell_what_happened),
	    WORLD_TEST(a_conversation_is_kept_in_the_chart_with_credit),
	    WORLD_TEST(the_office_is_its_own),
	    WORLD_TEST(what_is_wrong_with_a_body_is_said),
	};

	return cmocka_run_group_tests_name("api_office", list, NULL, NULL);
}
