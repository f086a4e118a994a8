/* SPDX-License-Identifier: Apache-2.0 */
/* Corrections, reminders and release as JSON with real tokens: what patient, care team and office do, and what everybody else is
 * refused. */
#include "exchange/api/api_test_help.h"

#include "care/record/record_test_help.h"

/* A result of the laboratory of Bo, issued now. */
static void
lab(struct clinic *c, const char *id)
{
	c->world->cx.now = instant_read_clock(); /* as the server's clock */
	put_text(c->world, c->people.bo,
	    arena_printf(&c->world->arena,
		"{\"resourceType\":\"Observation\",\"id\":\"%s\",\"status\":\"final\",\"category\":[{\"coding\":[{"
		"\"code\":\"laboratory\"}]}],\"code\":{\"text\":\"Glucose\"},\"subject\":{\"reference\":\"Patient/x\"},"
		"\"issued\":\"%.*s\"}",
		id, STR_ARG(fhir_instant_text(&c->world->arena, c->world->cx.now))));
}

static void
begin(void **state, struct clinic *c)
{
	assert_ok(record_init(((struct world *)*state)->vault));
	open_clinic(*state, c);
}

static void
a_correction_is_asked_extended_refused_and_answered_back(void **state)
{
	struct clinic c;
	const struct json_value *json;
	str office;

	begin(state, &c);
	lab(&c, "g");
	deed(&c, c.bo, 400, "POST", S("/api/corrections"), S("{\"key\":\"" KEY("1") "\",\"asked\":\" \"}"));
	deed(&c, c.bo, 400, "POST", S("/api/corrections"),
	    S("{\"key\":\"" KEY("1") "\",\"kind\":\"wish\",\"asked\":\"x\"}"));
	deed(&c, c.bo, 400, "POST", S("/api/corrections"),
	    S("{\"key\":\"" KEY("1") "\",\"about\":\"Observation/other\",\"asked\":\"x\"}"));
	json = deed(&c, c.bo, 201, "POST", S("/api/corrections"),
	    S("{\"key\":\"" KEY(
		"1") "\",\"about\":\"Observation/g\",\"title\":\"Glucose\",\"asked\":\"After lunch\"}"));
	assert_str_equal(json_text_at(json, "correction.kind"), "amendment");
	assert_str_equal(json_text_at(json, "correction.state"), "asked");
	json = look(&c, c.bo, 200, S("/api/corrections"));
	assert_int_equal(json_count(json_get(json, "corrections")), 1);
	look(&c, c.maria, 403, S("/api/corrections")); /* her app may only write messages */
	look(&c, c.ben, 403, S("/api/corrections"));
	look(&c, c.ben, 403, S("/api/office/corrections"));
	json = look(&c, c.root, 200, S("/api/office/corrections"));
	assert_int_equal(json_count(json_get(json, "corrections")), 1);
	json = look(&c, c.far, 200, S("/api/office/corrections")); /* another facility has its own */
	assert_int_equal(json_count(json_get(json, "corrections")), 0);

	office = PATH(&c, "/api/office/corrections/%.*s/" KEY("1"), STR_ARG(uuid_text(&c.world->arena, c.people.bo.v)));
	look(&c, c.far, 404, office);
	deed(&c, c.root, 400, "POST", PATH(&c, "%.*s/extend", STR_ARG(office)), S("{}"));
	json = deed(&c, c.root, 200, "POST", PATH(&c, "%.*s/extend", STR_ARG(office)), S("{\"reason\":\"Away\"}"));
	assert_str_equal(json_text_at(json, "correction.extension"), "Away");
	deed(&c, c.root, 409, "POST", PATH(&c, "%.*s/extend", STR_ARG(office)), S("{\"reason\":\"Away\"}"));
	deed(&c, c.root, 400, "POST", PATH(&c, "%.*s/answer", STR_ARG(office)), S("{\"words\":\"No\"}"));
	deed(&c, c.root, 400, "POST", PATH(&c, "%.*s/answer", STR_ARG(office)),
	    S("{\"accept\":false,\"words\":\"No\"}"));
	json = deed(&c, c.root, 200, "POST", PATH(&c, "%.*s/answer", STR_ARG(office)),
	    S("{\"accept\":false,\"basis\":\"accurate\",\"words\":\"It was fasting.\"}"));
	assert_str_equal(json_text_at(json, "correction.state"), "denied");
	assert_str_equal(json_text_at(json, "correction.basis"), "accurate");
	deed(&c, c.bo, 409, "POST", S("/api/corrections/" KEY("1") "/withdraw"), S("{}"));
	json =
	    deed(&c, c.bo, 200, "POST", S("/api/corrections/" KEY("1") "/disagree"), S("{\"words\":\"It was not.\"}"));
	assert_str_equal(json_text_at(json, "correction.disagreement"), "It was not.");
	json = look(&c, c.root, 200, S("/api/office/corrections?show=over"));
	assert_str_equal(json_text_at(json, "corrections.0.disagreement"), "It was not.");
	deed(&c, c.bo, 201, "POST", S("/api/corrections"), S("{\"key\":\"" KEY("2") "\",\"asked\":\"Never mind\"}"));
	json = deed(&c, c.bo, 200, "POST", S("/api/corrections/" KEY("2") "/withdraw"), S("{}"));
	assert_str_equal(json_text_at(json, "correction.state"), "withdrawn");
	look(&c, c.bo, 404, S("/api/corrections/" KEY("3")));
	close_clinic(&c);
}

static void
what_is_due_is_answered_by_patient_and_team(void **state)
{
	struct clinic c;
	const struct json_value *json;
	str team, rule;

	begin(state, &c);
	json = look(&c, c.bo, 200, S("/api/reminders"));
	assert_str_equal(json_text_at(json, "reminders.0.state"), "due");
	assert_true(json_text_at(json, "reminders.0.source").n);
	rule = json_text_at(json, "reminders.0.rule");
	deed(&c, c.bo, 400, "POST", PATH(&c, "/api/reminders/%.*s", STR_ARG(rule)), S("{}"));
	deed(&c, c.bo, 400, "POST", PATH(&c, "/api/reminders/%.*s", STR_ARG(rule)),
	    S("{\"answer\":\"done\",\"day\":\"soon\"}"));
	deed(&c, c.bo, 400, "POST", PATH(&c, "/api/reminders/%.*s", STR_ARG(rule)), S("{\"answer\":\"not-needed\"}"));
	deed(&c, c.bo, 404, "POST", S("/api/reminders/dance"), S("{\"answer\":\"later\"}"));
	deed(&c, c.bo, 204, "POST", PATH(&c, "/api/reminders/%.*s", STR_ARG(rule)), S("{\"answer\":\"later\"}"));
	team = PATH(&c, "/api/patients/%.*s/reminders", STR_ARG(uuid_text(&c.world->arena, c.people.bo.v)));
	look(&c, c.ana, 404, team); /* not her patient */
	look(&c, c.weak, 403, team);
	deed(&c, c.ana, 404, "POST", PATH(&c, "%.*s/%.*s", STR_ARG(team), STR_ARG(rule)), S("{\"answer\":\"later\"}"));
	deed(&c, c.ben, 204, "POST", PATH(&c, "%.*s/%.*s", STR_ARG(team), STR_ARG(rule)),
	    S("{\"answer\":\"not-needed\"}"));
	json = look(&c, c.ben, 200, team);
	json_each_item (json_get(json, "reminders"), one)
		if (str_equal(json_text_at(one, "rule"), rule))
			assert_str_equal(json_text_at(one, "state"), "not-needed");
	close_clinic(&c);
}

static void
the_patient_sets_a_pace_and_opens_what_waits(void **state)
{
	struct clinic c;
	const struct json_value *json;
	str team;

	begin(state, &c);
	json = look(&c, c.bo, 200, S("/api/pace"));
	assert_str_equal(json_text_at(json, "classes.0.class"), "labs");
	assert_false(json_get(json_path(json, "classes.0"), "pace"));
	deed(&c, c.bo, 400, "PUT", S("/api/pace/labs"), S("{\"pace\":\"after\",\"days\":91}"));
	deed(&c, c.bo, 400, "PUT", S("/api/pace/labs"), S("{}"));
	deed(&c, c.bo, 404, "PUT", S("/api/pace/luck"), S("{\"pace\":\"ask\"}"));
	deed(&c, c.maria, 403, "PUT", S("/api/pace/labs"), S("{\"pace\":\"ask\"}"));
	deed(&c, c.bo, 204, "PUT", S("/api/pace/labs"), S("{\"pace\":\"ask\"}"));
	json = look(&c, c.bo, 200, S("/api/pace"));
	assert_str_equal(json_text_at(json, "classes.0.pace"), "ask");
	lab(&c, "g");
	lab(&c, "h");
	json = look(&c, c.bo, 200, S("/api/waiting"));
	assert_int_equal(json_count(json_get(json, "waiting")), 2);
	team = PATH(&c, "/api/patients/%.*s/waiting", STR_ARG(uuid_text(&c.world->arena, c.people.bo.v)));
	assert_int_equal(json_count(json_get(look(&c, c.ben, 200, team), "waiting")), 2);
	look(&c, c.ana, 404, team);
	/* what the patient wants to be asked about stays theirs */
	deed(&c, c.ben, 403, "POST", PATH(&c, "%.*s/open", STR_ARG(team)), S("{\"entry\":\"Observation/g\"}"));
	deed(&c, c.bo, 400, "POST", S("/api/waiting/open"), S("{\"entry\":\"g\"}"));
	deed(&c, c.bo, 404, "POST", S("/api/waiting/open"), S("{\"entry\":\"Observation/none\"}"));
	deed(&c, c.bo, 204, "POST", S("/api/waiting/open"), S("{\"entry\":\"Observation/g\"}"));
	json = look(&c, c.bo, 200, S("/api/waiting"));
	assert_int_equal(json_count(json_get(json, "waiting")), 1);
	assert_str_equal(json_text_at(json, "waiting.0.entry"), "Observation/h");
	close_clinic(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(a_correction_is_asked_extended_refused_and_answered_back),
	    WORLD_TEST(what_is_due_is_answered_by_patient_and_team),
	    WORLD_TEST(the_patient_sets_a_pace_and_opens_what_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
