/* SPDX-License-Identifier: Apache-2.0 */
/* Appointments as JSON: the office opens, a patient's app books and asks, the team's answers; whoever does not belong finds nothing. */
#include "care/record/record.h"
#include "exchange/api/api_test_help.h"

static void
visits_from_opening_hours_to_the_answer(void **state)
{
	struct clinic c;
	const struct json_value *json;
	const char *birch;
	str slot, other, id, team_path, question;

	open_clinic(*state, &c);
	assert_ok(record_init(c.world->vault));
	birch = arena_z(&c.world->arena, uuid_text(&c.world->arena, c.people.birch.v));
	deed(&c, c.root, 204, "PUT", S("/api/office/settings"), S("{\"settings\":{\"booking_open\":true}}"));
	deed(&c, c.root, 204, "PUT", S("/api/office/visit-kinds/" KEY("1")),
	    S("{\"name\":\"Follow-up\",\"minutes\":30,\"how\":\"in-person\",\"bookable\":true}"));
	deed(
	    &c, c.root, 400, "PUT", S("/api/office/visit-kinds/" KEY("2")), S("{\"name\":\"\",\"how\":\"in-person\"}"));
	deed(&c, c.root, 204, "PUT", S("/api/office/hours/" KEY("3")),
	    PATH(&c,
		"{\"team\":\"%s\",\"kind\":\"" KEY("1") "\",\"days\":[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\"],"
							"\"fromMinute\":540,\"untilMinute\":720,\"place\":\"Room 4\"}",
		birch));
	deed(&c, c.ben, 403, "PUT", S("/api/office/hours/" KEY("3")), S("{}"));
	assert_int_equal(json_count(json_get(look(&c, c.root, 200, S("/api/office/hours")), "hours")), 1);
	assert_true(
	    str_equal(json_text_at(look(&c, c.bo, 200, S("/api/visit-kinds")), "kinds.0.name"), S("Follow-up")));
	json = look(&c, c.bo, 200, S("/api/slots?count=5"));
	assert_int_equal(json_count(json_get(json, "slots")), 5);
	slot = json_text_at(json, "slots.0.id");
	other = json_text_at(json, "slots.1.id");
	look(&c, c.maria, 403, S("/api/slots")); /* her app may only write messages */
	json = deed(&c, c.bo, 201, "POST", S("/api/appointments"),
	    PATH(&c, "{\"key\":\"" KEY("5") "\",\"slot\":\"%.*s\",\"reason\":\"My knee\"}", STR_ARG(slot)));
	id = json_text_at(json, "appointment.id");
	assert_true(str_equal(json_text_at(json, "appointment.state"), S("booked")));
	deed(&c, c.bo, 409, "POST", S("/api/appointments"),
	    PATH(&c, "{\"key\":\"" KEY("6") "\",\"slot\":\"%.*s\"}", STR_ARG(slot)));
	deed(&c, c.bo, 204, "PUT", PATH(&c, "/api/appointments/%.*s/agenda", STR_ARG(id)),
	    S("{\"agenda\":\"Tablets\"}"));
	assert_true(str_equal(
	    json_text_at(look(&c, c.bo, 200, S("/api/appointments")), "appointments.0.agenda"), S("Tablets")));
	deed(&c, c.bo, 400, "POST", PATH(&c, "/api/appointments/%.*s/do/ask-change", STR_ARG(id)), S("{}"));
	deed(&c, c.bo, 200, "POST", PATH(&c, "/api/appointments/%.*s/do/ask-change", STR_ARG(id)),
	    PATH(&c, "{\"slots\":[\"%.*s\"]}", STR_ARG(other)));
	json = look(&c, c.ben, 200, S("/api/schedule/requests"));
	assert_true(str_equal(json_text_at(json, "appointments.0.asked"), S("change")));
	assert_int_equal(json_count(json_path(json, "appointments.0.offers")), 1);
	team_path = PATH(&c, "/api/patients/%.*s/appointments/%.*s", STR_ARG(uuid_text(&c.world->arena, c.people.bo.v)),
	    STR_ARG(id));
	look(&c, c.ana, 404, team_path);
	json = deed(&c, c.ben, 200, "POST", PATH(&c, "%.*s/do/accept", STR_ARG(team_path)),
	    PATH(&c, "{\"slots\":[\"%.*s\"]}", STR_ARG(other)));
	assert_true(str_equal(json_text_at(json, "appointment.slot"), other));
	deed(&c, c.ben, 404, "POST", PATH(&c, "%.*s/do/dance", STR_ARG(team_path)), S("{}"));
	deed(&c, c.ben, 400, "PUT", PATH(&c, "%.*s/questionnaires/none", STR_ARG(team_path)), S("{}"));
	deed(&c, c.ana, 404, "PUT", PATH(&c, "%.*s/questionnaires/gad-7", STR_ARG(team_path)), S("{}"));
	deed(&c, c.ben, 204, "PUT", PATH(&c, "%.*s/questionnaires/gad-7", STR_ARG(team_path)), S("{}"));
	json = look(&c, c.bo, 200, PATH(&c, "/api/appointments/%.*s", STR_ARG(id)));
	assert_int_equal(json_count(json_path(json, "appointment.questionnaires")), 1);
	question = json_text_at(json, "appointment.questionnaires.0.id");
	deed(&c, c.ben, 204, "DELETE", PATH(&c, "%.*s/questionnaires/%.*s", STR_ARG(team_path), STR_ARG(question)),
	    S(""));
	json = look(&c, c.bo, 200, PATH(&c, "/api/appointments/%.*s", STR_ARG(id)));
	assert_int_equal(json_count(json_path(json, "appointment.questionnaires")), 0);
	assert_true(json_count(json_get(look(&c, c.ben, 200, S("/api/visit-questionnaires")), "questionnaires")) >= 4);
	deed(&c, c.root, 204, "PUT", S("/api/office/visit-kinds/" KEY("1")), S("{\"questionnaires\":[\"phq-9\"]}"));
	assert_true(str_equal(
	    json_text_at(look(&c, c.bo, 200, S("/api/visit-kinds")), "kinds.0.questionnaires.0"), S("phq-9")));
	deed(&c, c.root, 400, "PUT", S("/api/office/visit-kinds/" KEY("1")), S("{\"questionnaires\":[\"none\"]}"));
	look(&c, c.ben, 400, S("/api/schedule?day=soon"));
	look(&c, c.ben, 200, S("/api/schedule"));
	json = deed(&c, c.bo, 200, "POST", PATH(&c, "/api/appointments/%.*s/do/cancel", STR_ARG(id)),
	    S("{\"words\":\"Better\"}"));
	assert_true(str_equal(json_text_at(json, "appointment.calledOffBecause"), S("Better")));
	assert_int_equal(
	    json_count(json_get(look(&c, c.bo, 200, S("/api/appointments?list=past")), "appointments")), 1);
	close_clinic(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(visits_from_opening_hours_to_the_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
