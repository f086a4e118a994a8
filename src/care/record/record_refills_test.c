/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of refills, from what was prescribed and dispensed. */
#include "people.h"

#include "care/record/record_pages_internal.h"

static const struct err *
put_act(struct tx *tx, void *draft)
{
	int64_t version;
	bool changed;

	return resource_put(tx, draft, &version, &changed);
}

static void
put(struct world *world, patient_id patient, str text)
{
	struct cx cx = world_cx(world);
	const struct json_value *json;
	struct resource_draft *draft;

	assert_ok(json_parse(cx.arena, text, &json, NULL));
	assert_ok(resource_prepare(
	    &cx, &(struct resource_new){.patient = patient, .json = json, .id = json_text_at(json, "id")}, &draft));
	assert_ok(db_write(&cx, put_act, draft));
	db_release(&cx);
}

static void
prescribe(struct world *world, patient_id patient, const char *id, const char *refills)
{
	put(world, patient,
	    arena_printf(&world->arena,
		"{\"resourceType\":\"MedicationRequest\",\"id\":\"%s\",\"status\":\"active\",\"intent\":\"order\","
		"\"medicationCodeableConcept\":{\"text\":\"%s\"},\"subject\":{\"reference\":\"Patient/x\"}%s}",
		id, id, refills));
}

static void
dispense(struct world *world, patient_id patient, const char *id, const char *of, const char *status)
{
	put(world, patient,
	    arena_printf(&world->arena,
		"{\"resourceType\":\"MedicationDispense\",\"id\":\"%s\",\"status\":\"%s\","
		"\"medicationCodeableConcept\":"
		"{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/"
		"x\"},\"authorizingPrescription\":[{\"reference\":"
		"\"MedicationRequest/%s\"}]}",
		id, status, of));
}

#define ALLOWED(n) ",\"dispenseRequest\":{\"numberOfRepeatsAllowed\":" n "}"

static void
refills_are_told_as_the_record_has_them(void **state)
{
	static const struct {
		const char *id, *words;
	} cases[] = {{"never-filled", "3 refills prescribed"}, {"first-fill", "3 refills left"},
	    {"second-fill", "2 refills left"}, {"used-up", "no refill left"}, {"too-often", "no refill left"},
	    {"on-its-way", "a refill is on its way"}, {"cancelled", "1 refill prescribed"}};
	struct world *world = *state;
	struct people people;
	struct cx maria, bo;
	struct page_cx px;
	struct record_refills refills;
	patient_id who;

	assert_ok(record_init(world->vault));
	people_setup(world, &people);
	who = people.maria;
	prescribe(world, who, "never-filled", ALLOWED("3"));
	prescribe(world, who, "first-fill", ALLOWED("3"));
	dispense(world, who, "d1", "first-fill", "completed");
	prescribe(world, who, "second-fill", ALLOWED("3"));
	dispense(world, who, "d2", "second-fill", "completed");
	dispense(world, who, "d3", "second-fill", "completed");
	prescribe(world, who, "used-up", ALLOWED("0"));
	dispense(world, who, "d4", "used-up", "completed");
	prescribe(world, who, "too-often", ALLOWED("0"));
	dispense(world, who, "d5", "too-often", "completed");
	dispense(world, who, "d6", "too-often", "completed");
	prescribe(world, who, "on-its-way", ALLOWED("1"));
	dispense(world, who, "d7", "on-its-way", "completed");
	dispense(world, who, "d8", "on-its-way", "in-progress");
	prescribe(world, who, "cancelled", ALLOWED("1"));
	dispense(world, who, "d9", "cancelled", "cancelled");
	prescribe(world, who, "not-said", "");
	maria = people_as(world, people.maria_account);
	px = (struct page_cx){.arena = &world->arena, .lang = LANG_EN, .now = maria.now};
	assert_ok(record_refills_load(&maria, &px, who, &refills));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_str_equal(
		    record_refill_words(&px, &refills,
			&(struct record_item){.type = RESOURCE_MEDICATION_REQUEST, .id = str_from_z(cases[i].id)}),
		    cases[i].words);
	assert_null(record_refill_words(
	    &px, &refills, &(struct record_item){.type = RESOURCE_MEDICATION_REQUEST, .id = S("not-said")})
			.p);
	bo = people_as(world, people.bo_account);
	assert_fails(record_refills_load(&bo, &px, who, &refills), ERR_GONE);
	db_release(&maria);
	db_release(&bo);
}

int
main(void)
{
	const struct CMUnitTest list[] = {WORLD_TEST(refills_are_told_as_the_record_has_them)};

	return cmocka_run_group_tests_name("record_refills", list, NULL, NULL);
}
