/* SPDX-License-Identifier: Apache-2.0 */
/* How the rules of release stand for one entry: a table of rules, entries and answers. */
#include "unit.h"

#include "care/record/record_release.h"

#define NOW   "2026-03-10T12:00:00Z"
#define CODED ",\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"5221-7\"}]}"
#define LAB   "\"category\":[{\"coding\":[{\"code\":\"laboratory\"}]}]"

static instant
when(const char *text)
{
	struct fhir_date date;

	assert_true(fhir_date_parse(FHIR_DATETIME, str_from_z(text), &date));
	return date.low;
}

static const struct json_value *
parse(struct arena *arena, const char *members)
{
	const struct json_value *json;

	assert_ok(json_parse(arena, arena_printf(arena, "{%s}", members), &json, NULL));
	return json;
}

static void
each_resource_is_of_one_class(void **state)
{
	static const struct {
		const char *type, *members;
		enum release_class class;
	} rows[] = {
	    {"Observation", LAB, RELEASE_LABS},
	    {"Observation", "\"category\":[{\"coding\":[{\"code\":\"vital-signs\"}]}]", 0},
	    {"Observation", "\"status\":\"final\"", 0},
	    {"Observation", "\"category\":[{\"coding\":[{\"code\":\"laboratory\"}]},{\"coding\":[{\"code\":\"MB\"}]}]",
		RELEASE_MICROBIOLOGY},
	    {"DiagnosticReport", "\"category\":[{\"coding\":[{\"code\":\"LAB\"},{\"code\":\"SP\"}]}]",
		RELEASE_PATHOLOGY},
	    {"DiagnosticReport", "\"category\":[{\"coding\":[{\"code\":\"LP29684-5\"}]}]", RELEASE_IMAGING},
	    {"DiagnosticReport", "\"category\":[{\"coding\":[{\"code\":\"EC\"}]}]", RELEASE_HEART},
	    {"DiagnosticReport", "\"category\":[{\"text\":\"LAB\"}]", RELEASE_REPORTS},
	    {"DiagnosticReport", "\"status\":\"final\"", RELEASE_REPORTS},
	    {"DocumentReference", "\"category\":[{\"coding\":[{\"code\":\"clinical-note\"}]}]", RELEASE_NOTES},
	    {"DocumentReference", "\"type\":{\"coding\":[{\"code\":\"18842-5\"}]}", RELEASE_DISCHARGE},
	    {"DocumentReference", "\"context\":{\"related\":[{\"type\":\"Communication\"}]}", RELEASE_MESSAGE_NOTES},
	    {"DocumentReference", "\"status\":\"current\"", RELEASE_DOCUMENTS},
	    {"ImagingStudy", "\"status\":\"available\"", RELEASE_IMAGING},
	    {"Composition", "\"status\":\"final\"", RELEASE_DOCUMENTS},
	    {"Condition", "\"id\":\"x\"", RELEASE_PROBLEMS},
	    {"MedicationRequest", "\"status\":\"active\"", 0}, /* what somebody takes is never held back */
	    {"AllergyIntolerance", "\"id\":\"x\"", 0},
	};
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (release_class_of(resource_type_find(str_from_z(rows[i].type)), parse(&arena, rows[i].members)) !=
		    rows[i].class)
			fail_msg("row %zu", i);
	arena_release(&arena);
}

#define FACILITY(mode_, ...)                                                            \
	{                                                                               \
		.class = RELEASE_LABS, .code = S_INIT(""), .mode = (mode_), __VA_ARGS__ \
	}
#define OWN(mode_, ...)                                                                              \
	{                                                                                            \
		.class = RELEASE_LABS, .code = S_INIT(""), .mode = (mode_), .own = true, __VA_ARGS__ \
	}

/* A laboratory result with this code under these rules. Times are days and hours before now. */
static const struct {
	struct release_rule rules[4];
	int issued_h, arrived_h, since_h; /* issued_h < 0: not said */
	bool team, patient;
	enum release_state state;
	bool own;
	int until_h; /* from now; 0: none is said, or it is open */
} judged[] = {
    {{{0}}, 1, 1, 0, false, false, RELEASE_OPEN, false, 0},
    /* a hold of the facility */
    {{FACILITY(RELEASE_AFTER, .hours = 72)}, 10, 9, 0, false, false, RELEASE_HELD, false, 62},
    {{FACILITY(RELEASE_AFTER, .hours = 72)}, 72, 2, 0, false, false, RELEASE_OPEN, false, 0},
    {{FACILITY(RELEASE_AFTER, .hours = 72)}, 71, 2, 0, false, false, RELEASE_HELD, false, 1},
    {{FACILITY(RELEASE_AFTER, .hours = 72)}, -1, 2, 0, false, false, RELEASE_HELD, false, 70},
    {{FACILITY(RELEASE_AFTER, .hours = 72)}, -1, 72, 0, false, false, RELEASE_OPEN, false, 0},
    {{FACILITY(RELEASE_AFTER, .hours = 72)}, -1000, 72, 0, false, false, RELEASE_OPEN, false, 0}, /* dated ahead */
    {{FACILITY(RELEASE_AFTER, .hours = 72)}, 1, 1, 0, true, false, RELEASE_OPEN, false, 0},
    {{FACILITY(RELEASE_AFTER, .hours = 72)}, 1, 1, 0, false, true, RELEASE_HELD, false, 71},
    /* a code counts instead of its class */
    {{FACILITY(RELEASE_AFTER, .hours = 72), {.class = RELEASE_LABS, .code = S_INIT("5221-7"), .mode = RELEASE_AT_ONCE}},
	1, 1, 0, false, false, RELEASE_OPEN, false, 0},
    {{FACILITY(RELEASE_AFTER, .hours = 72),
	 {.class = RELEASE_LABS, .code = S_INIT("http://loinc.org|5221-7"), .mode = RELEASE_AFTER, .hours = 720}},
	1, 1, 0, false, false, RELEASE_HELD, false, 719},
    {{FACILITY(RELEASE_AFTER, .hours = 72),
	 {.class = RELEASE_LABS, .code = S_INIT("http://snomed.info/sct|5221-7"), .mode = RELEASE_AT_ONCE}},
	1, 1, 0, false, false, RELEASE_HELD, false, 71},
    {{{.class = RELEASE_NOTES, .code = S_INIT(""), .mode = RELEASE_AFTER, .hours = 72}}, 1, 1, 0, false, false,
	RELEASE_OPEN, false, 0},
    /* sensitive: asked about, unless the patient said otherwise */
    {{FACILITY(RELEASE_ASK)}, 1, 1, 5, false, false, RELEASE_WAITS, false, 0},
    {{FACILITY(RELEASE_ASK)}, 1, 9, 5, false, false, RELEASE_OPEN, false, 0}, /* came before the rule */
    {{FACILITY(RELEASE_ASK)}, 1, 1, 5, false, true, RELEASE_OPEN, false, 0},
    {{FACILITY(RELEASE_ASK)}, 1, 1, 5, true, false, RELEASE_WAITS, false, 0},
    {{FACILITY(RELEASE_ASK), OWN(RELEASE_AT_ONCE)}, 1, 1, 5, false, false, RELEASE_OPEN, false, 0},
    /* the patient's own pace */
    {{OWN(RELEASE_AFTER, .hours = 48)}, 1, 1, 0, false, false, RELEASE_WAITS, true, 47},
    {{OWN(RELEASE_AFTER, .hours = 48)}, 48, 1, 0, false, false, RELEASE_OPEN, false, 0},
    {{OWN(RELEASE_AFTER, .hours = 48)}, 1, 1, 0, false, true, RELEASE_OPEN, false, 0},
    {{OWN(RELEASE_DISCUSSED)}, 1, 1, 5, false, false, RELEASE_WAITS, true, 0},
    {{OWN(RELEASE_DISCUSSED)}, 1, 5, 5, false, false, RELEASE_OPEN, false, 0},
    {{OWN(RELEASE_DISCUSSED)}, 1, 1, 5, true, false, RELEASE_OPEN, false, 0},
    {{OWN(RELEASE_DISCUSSED)}, 1, 1, 5, false, true, RELEASE_OPEN, false, 0},
    {{OWN(RELEASE_ASK)}, 1, 1, 5, true, false, RELEASE_WAITS, true, 0},
    {{OWN(RELEASE_ASK)}, 1, 1, 5, false, true, RELEASE_OPEN, false, 0},
    /* both: the hold first, then the choice */
    {{FACILITY(RELEASE_AFTER, .hours = 72), OWN(RELEASE_ASK)}, 1, 1, 5, false, true, RELEASE_HELD, false, 71},
    {{FACILITY(RELEASE_AFTER, .hours = 72), OWN(RELEASE_AT_ONCE)}, 1, 1, 5, false, false, RELEASE_HELD, false, 71},
    {{FACILITY(RELEASE_AFTER, .hours = 72), OWN(RELEASE_ASK)}, 1, 1, 5, true, false, RELEASE_WAITS, true, 0},
};

static void
rules_stand_for_an_entry_as_the_table_says(void **state)
{
	struct arena arena = ARENA_INIT;
	instant now = when(NOW);

	(void)state;
	for (size_t i = 0; i < sizeof(judged) / sizeof(judged[0]); i++) {
		struct release_rule rules[4];
		size_t count = 0;
		struct buf members = BUF_INIT(&arena);
		struct release_case subject = {.type = RESOURCE_OBSERVATION,
		    .arrived = {now.ms - judged[i].arrived_h * HOUR_MS},
		    .passed_team = judged[i].team,
		    .passed_patient = judged[i].patient};
		struct release_standing standing;

		while (count < 4 && judged[i].rules[count].class) {
			rules[count] = judged[i].rules[count];
			rules[count++].since.ms = now.ms - judged[i].since_h * HOUR_MS;
		}
		buf_add(&members, S(LAB CODED));
		if (judged[i].issued_h != -1) {
			buf_add(&members, S(",\"issued\":\""));
			buf_add_fhir_instant(&members, (instant){now.ms - judged[i].issued_h * HOUR_MS});
			buf_add(&members, S("\""));
		}
		subject.json = parse(&arena, arena_z(&arena, buf_str(&members)));
		standing = release_judge(rules, count, &subject, now);
		if (standing.state != judged[i].state ||
		    (standing.state != RELEASE_OPEN && standing.own != judged[i].own))
			fail_msg("row %zu: state %d, own %d", i, (int)standing.state, (int)standing.own);
		if (standing.state == RELEASE_OPEN)
			continue;
		if (judged[i].until_h ? standing.until.ms != now.ms + judged[i].until_h * HOUR_MS
				      : !instant_is_none(standing.until))
			fail_msg("row %zu: until", i);
	}
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_resource_is_of_one_class),
	    cmocka_unit_test(rules_stand_for_an_entry_as_the_table_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
