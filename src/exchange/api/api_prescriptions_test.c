/* SPDX-License-Identifier: Apache-2.0 */
/* Medicines as JSON with real tokens: a patient's app refills and renews, the team's decides and settles, others find nothing. */
#include "exchange/api/api_test_help.h"

#include "care/prescriptions/prescriptions.h"
#include "care/record/record_test_help.h"

static void
order(struct clinic *c, const char *id, int repeats)
{
	put_text(c->world, c->people.bo,
	    arena_printf(&c->world->arena,
		"{\"resourceType\":\"MedicationRequest\",\"id\":\"%s\",\"status\":\"active\",\"intent\":\"order\","
		"\"medicationCodeableConcept\":{\"text\":\"Medicine %s\"},\"subject\":{\"reference\":\"Patient/x\"},"
		"\"authoredOn\":\"%.*s\",\"dosageInstruction\":[{\"text\":\"1 a day\"}],"
		"\"dispenseRequest\":{\"numberOfRepeatsAllowed\":%d,\"quantity\":{\"value\":30},"
		"\"validityPeriod\":{\"end\":\"2199-01-01\"}}}",
		id, id, STR_ARG(fhir_instant_text(&c->world->arena, c->world->cx.now)), repeats));
}

static void
an_app_refills_and_follows(void **state)
{
	struct clinic c;
	const struct json_value *json;
	str bo_id, id;

	assert_ok(record_init(((struct world *)*state)->vault));
	open_clinic(*state, &c);
	order(&c, "some", 2);
	order(&c, "none", 0);
	json = look(&c, c.bo, 200, S("/api/prescriptions"));
	assert_int_equal(json_count(json_get(json, "prescriptions")), 2);
	assert_str_equal(json_text_at(json, "prescriptions.0.noRefill"), "no-refills");
	assert_str_equal(json_text_at(json, "prescriptions.1.status"), "active");
	look(&c, c.weak, 403, S("/api/prescriptions"));
	look(&c, c.ben, 400, S("/api/prescriptions")); /* whose? */
	bo_id = uuid_text(&c.world->arena, c.people.bo.v);
	look(&c, c.ben, 200, PATH(&c, "/api/prescriptions?patient=%.*s", STR_ARG(bo_id)));
	look(&c, c.ana, 404, PATH(&c, "/api/prescriptions?patient=%.*s", STR_ARG(bo_id)));
	deed(&c, c.bo, 400, "POST", S("/api/refills"), S("{\"refills\":[]}"));
	json = deed(&c, c.bo, 200, "POST", S("/api/refills"),
	    S("{\"refills\":[{\"key\":\"" KEY("1") "\",\"prescription\":\"some\"},{\"key\":\"" KEY(
		"2") "\",\"prescription\":\"none\"}]}"));
	assert_str_equal(json_text_at(json, "results.0.outcome"), "asked");
	assert_str_equal(json_text_at(json, "results.1.outcome"), "not-possible");
	assert_str_equal(json_text_at(json, "results.1.why"), "no-refills");
	json = deed(&c, c.bo, 200, "POST", S("/api/refills"),
	    S("{\"refills\":[{\"key\":\"" KEY("1") "\",\"prescription\":\"some\"}]}"));
	assert_str_equal(json_text_at(json, "results.0.outcome"), "asked-before");
	json = look(&c, c.bo, 200, S("/api/refills/" KEY("1")));
	assert_str_equal(json_text_at(json, "state"), "submitted");
	assert_int_equal(json_count(json_get(json, "events")), 1);
	look(&c, c.ana, 404, S("/api/refills/" KEY("1")));
	deed(&c, c.bo, 400, "POST", S("/api/refills/" KEY("1")), S("{}"));
	deed(&c, c.ana, 404, "POST", S("/api/refills/" KEY("1")), S("{\"deed\":\"close\",\"words\":\"x\"}"));
	deed(&c, c.bo, 204, "POST", S("/api/refills/" KEY("1")), S("{\"deed\":\"withdraw\"}"));
	deed(&c, c.bo, 409, "POST", S("/api/refills/" KEY("1")), S("{\"deed\":\"withdraw\"}"));
	json = look(&c, c.ben, 200, S("/api/refills/problems"));
	assert_int_equal(json_count(json_get(json, "refills")), 0);
	/* a renewal: asked, seen by the team, answered with a reason */
	json = deed(&c, c.bo, 201, "POST", S("/api/renewals"),
	    S("{\"key\":\"" KEY("3") "\",\"prescription\":\"none\",\"note\":\"Please\"}"));
	id = json_text_at(json, "renewals.0.id");
	assert_str_equal(id, KEY("3"));
	deed(&c, c.bo, 400, "POST", S("/api/renewals"), S("{\"key\":\"" KEY("4") "\",\"prescription\":\"none\"}"));
	assert_int_equal(json_count(json_get(look(&c, c.ben, 200, S("/api/renewals")), "renewals")), 1);
	assert_int_equal(json_count(json_get(look(&c, c.ana, 200, S("/api/renewals")), "renewals")), 0);
	deed(&c, c.ben, 403, "POST", S("/api/renewals/" KEY("3")), S("{\"decision\":\"approve\"}")); /* a nurse */
	deed(&c, c.ben, 204, "POST", S("/api/renewals/" KEY("3")), S("{\"decision\":\"deny\",\"words\":\"Come in\"}"));
	json = look(&c, c.bo, 200, S("/api/renewals"));
	assert_str_equal(json_text_at(json, "renewals.0.state"), "denied");
	assert_str_equal(json_text_at(json, "renewals.0.answer"), "Come in");
	/* what is taken */
	deed(&c, c.bo, 204, "POST", S("/api/medicines/said"),
	    S("{\"key\":\"" KEY("5") "\",\"said\":\"also\",\"name\":\"Garlic\",\"how\":\"daily\"}"));
	deed(&c, c.ana, 404, "POST", PATH(&c, "/api/medicines/said/" KEY("5") "?patient=%.*s", STR_ARG(bo_id)),
	    S("{\"settle\":\"accept\"}"));
	deed(&c, c.ben, 204, "POST", PATH(&c, "/api/medicines/said/" KEY("5") "?patient=%.*s", STR_ARG(bo_id)),
	    S("{\"settle\":\"accept\"}"));
	json = look(&c, c.bo, 200, S("/api/medicines/said"));
	assert_str_equal(json_text_at(json, "words.0.settled"), "accepted");
	close_clinic(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(an_app_refills_and_follows),
	};

	return cmocka_run_group_tests_name("api_prescriptions", tests, NULL, NULL);
}
