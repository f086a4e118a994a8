/* SPDX-License-Identifier: Apache-2.0 */
/* What resources say in words: small resources in, one line out. */
#include "shared_data.h"
#include "unit.h"

#include "care/record/record_choice.h"

struct view {
	struct arena arena;
	struct page_cx px;
};

static int
setup(void **state)
{
	struct view *view = calloc(1, sizeof(*view));
	struct fhir_date now;

	assert_non_null(view);
	assert_true(fhir_date_parse(FHIR_INSTANT, S("2026-03-05T15:00:00Z"), &now));
	view->px = (struct page_cx){.arena = &view->arena, .lang = LANG_EN, .now = now.low};
	assert_ok(zone_find(S("America/New_York"), &view->px.zone));
	*state = view;
	return 0;
}

static int
teardown(void **state)
{
	struct view *view = *state;

	arena_release(&view->arena);
	free(view);
	return 0;
}

static const struct json_value *
parse(struct view *view, const char *type, const char *rest)
{
	const struct json_value *json;
	str text =
	    arena_printf(&view->arena, "{\"resourceType\":\"%s\",\"id\":\"x\"%s%s}", type, *rest ? "," : "", rest);

	assert_ok(json_parse(&view->arena, text, &json, NULL));
	return json;
}

static struct record_item
item_of(struct view *view, const char *type, const char *rest)
{
	struct record_item item;

	record_item_read(&view->px, resource_type_find(str_from_z(type)), parse(view, type, rest), &item);
	return item;
}

/* title | detail | value | range | state | when | who */
static const char *
line_of(struct view *view, const char *type, const char *rest)
{
	struct record_item i = item_of(view, type, rest);

	return arena_z(&view->arena,
	    arena_printf(&view->arena, "%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s", STR_ARG(i.title), STR_ARG(i.detail),
		STR_ARG(i.value), STR_ARG(i.measure.range), STR_ARG(i.state), STR_ARG(i.when), STR_ARG(i.who)));
}

#define LAB        "\"category\":[{\"coding\":[{\"code\":\"laboratory\"}]}],\"status\":\"final\""
#define VITAL      "\"category\":[{\"coding\":[{\"code\":\"vital-signs\"}]}],\"status\":\"final\""
#define A1C        LAB ",\"code\":{\"text\":\"Hemoglobin A1c\"},\"effectiveDateTime\":\"2026-03-03\""
#define RANGE      ",\"referenceRange\":[{\"low\":{\"value\":4.0,\"unit\":\"%\"},\"high\":{\"value\":5.6,\"unit\":\"%\"}}]"
#define PERCENT(v) ",\"valueQuantity\":{\"value\":" v ",\"unit\":\"%\"}"

/* Resource in, line out. */
static const struct {
	const char *type, *rest, *line;
} lines[] = {
    {"Observation", A1C PERCENT("7.1") RANGE, "Hemoglobin A1c||7.1 %|4.0 to 5.6 %|high|3 March 2026|"},
    {"Observation", A1C PERCENT("5.7") RANGE, "Hemoglobin A1c||5.7 %|4.0 to 5.6 %|a little high|3 March 2026|"},
    {"Observation", A1C PERCENT("5.6") RANGE, "Hemoglobin A1c||5.6 %|4.0 to 5.6 %|in the usual range|3 March 2026|"},
    {"Observation", A1C PERCENT("3.9") RANGE, "Hemoglobin A1c||3.9 %|4.0 to 5.6 %|a little low|3 March 2026|"},
    {"Observation", A1C PERCENT("2.0") RANGE, "Hemoglobin A1c||2.0 %|4.0 to 5.6 %|low|3 March 2026|"},
    /* without range and interpretation nothing is claimed */
    {"Observation", A1C PERCENT("7.10"), "Hemoglobin A1c||7.10 %|||3 March 2026|"},
    /* the laboratory's own flag wins over the arithmetic */
    {"Observation", A1C PERCENT("5.0") RANGE ",\"interpretation\":[{\"coding\":[{\"code\":\"HH\"}]}]",
	"Hemoglobin A1c||5.0 %|4.0 to 5.6 %|very high|3 March 2026|"},
    {"Observation", A1C PERCENT("5.7") RANGE ",\"interpretation\":[{\"coding\":[{\"code\":\"H\"}]}]",
	"Hemoglobin A1c||5.7 %|4.0 to 5.6 %|a little high|3 March 2026|"},
    {"Observation", A1C PERCENT("9.9") RANGE ",\"interpretation\":[{\"coding\":[{\"code\":\"H\"}]}]",
	"Hemoglobin A1c||9.9 %|4.0 to 5.6 %|high|3 March 2026|"},
    {"Observation", A1C PERCENT("9.9") ",\"interpretation\":[{\"text\":\"odd\"}]",
	"Hemoglobin A1c||9.9 %||odd|3 March 2026|"},
    /* one-sided ranges and ranges in words */
    {"Observation", A1C PERCENT("9") ",\"referenceRange\":[{\"high\":{\"value\":5.6,\"unit\":\"%\"}}]",
	"Hemoglobin A1c||9 %|5.6 % or less|high|3 March 2026|"},
    {"Observation", A1C PERCENT("9") ",\"referenceRange\":[{\"low\":{\"value\":5.6,\"unit\":\"%\"}}]",
	"Hemoglobin A1c||9 %|5.6 % or more|in the usual range|3 March 2026|"},
    {"Observation", A1C PERCENT("9") ",\"referenceRange\":[{\"text\":\"ask the lab\"}]",
	"Hemoglobin A1c||9 %|ask the lab||3 March 2026|"},
    /* other kinds of values */
    {"Observation", A1C ",\"valueQuantity\":{\"value\":3,\"comparator\":\"<\",\"unit\":\"mg/dL\"}",
	"Hemoglobin A1c||less than 3 mg/dL|||3 March 2026|"},
    {"Observation", A1C ",\"valueCodeableConcept\":{\"coding\":[{\"display\":\"Cloudy urine (finding)\"}]}",
	"Hemoglobin A1c||Cloudy urine|||3 March 2026|"},
    {"Observation", A1C ",\"valueString\":\"clear\"", "Hemoglobin A1c||clear|||3 March 2026|"},
    {"Observation", A1C ",\"valueBoolean\":false", "Hemoglobin A1c||no|||3 March 2026|"},
    {"Observation", A1C ",\"valueInteger\":7", "Hemoglobin A1c||7|||3 March 2026|"},
    {"Observation", A1C ",\"valueRatio\":{\"numerator\":{\"value\":1},\"denominator\":{\"value\":128}}",
	"Hemoglobin A1c||1 : 128|||3 March 2026|"},
    {"Observation", A1C ",\"dataAbsentReason\":{\"coding\":[{\"code\":\"not-performed\"}]}",
	"Hemoglobin A1c||not done|||3 March 2026|"},
    {"Observation", A1C, "Hemoglobin A1c|||||3 March 2026|"},
    {"Observation",
	LAB ",\"code\":{\"coding\":[{\"display\":\"Leukocytes [#/volume] in Blood by Automated count\"}]},"
	    "\"valueQuantity\":{\"value\":3.79125,\"unit\":\"10*3/uL\"},\"effectivePeriod\":{\"start\":\"2019\"}",
	"Leukocytes|in blood|3.79 ×10³/µL|||2019|"},
    /* vital signs */
    {"Observation",
	VITAL
	",\"code\":{\"text\":\"Blood Pressure\"},\"effectiveDateTime\":\"2019-03-21T02:29:00Z\",\"component\":["
	"{\"code\":{\"coding\":[{\"code\":\"8462-4\"}]},\"valueQuantity\":{\"value\":80.4,\"unit\":\"mm[Hg]\"}},"
	"{\"code\":{\"coding\":[{\"code\":\"8480-6\"}]},\"valueQuantity\":{\"value\":131.1,\"unit\":\"mm[Hg]\"}}]",
	"Blood Pressure||131/80 mmHg|||20 March 2019|"}, /* the day in New York */
    {"Observation",
	VITAL ",\"code\":{\"text\":\"Weight\"},\"valueQuantity\":{\"value\":82,\"unit\":\"kg\",\"code\":\"kg\"}",
	"Weight||82 kg (181 lb)||||"},
    {"Observation",
	VITAL ",\"code\":{\"text\":\"Temperature\"},\"valueQuantity\":{\"value\":37,\"unit\":\"Cel\",\"code\":\"Cel\"}",
	"Temperature||37 °C (98.6 °F)||||"},
    {"Observation",
	VITAL ",\"code\":{\"text\":\"Height\",\"coding\":[{\"code\":\"8302-2\"}]},"
	      "\"valueQuantity\":{\"value\":170,\"unit\":\"cm\",\"code\":\"cm\"}",
	"Height||170 cm (5 ft 7 in)||||"},
    /* the others */
    {"Condition",
	"\"clinicalStatus\":{\"coding\":[{\"code\":\"resolved\"}]},\"code\":{\"text\":\"Viral sinusitis (disorder)\"},"
	"\"onsetDateTime\":\"2019-01-02\",\"abatementDateTime\":\"2019-02\"",
	"Viral sinusitis||||over|2 January 2019 to February 2019|"},
    {"Condition",
	"\"clinicalStatus\":{\"coding\":[{\"code\":\"active\"}]},\"verificationStatus\":{\"coding\":[{\"code\":"
	"\"provisional\"}]},\"code\":{\"text\":\"Asthma\"}",
	"Asthma||||not confirmed||"},
    {"Condition", "\"verificationStatus\":{\"coding\":[{\"code\":\"refuted\"}]},\"code\":{\"text\":\"Asthma\"}",
	"Asthma||||ruled out||"},
    {"MedicationRequest",
	"\"status\":\"active\",\"medicationCodeableConcept\":{\"text\":\"Simvastatin 10 MG\"},\"authoredOn\":"
	"\"2018-07-14\",\"requester\":{\"reference\":\"Practitioner/1\",\"display\":\"Dr. Andre Schneider\"},"
	"\"dosageInstruction\":[{\"text\":\"one at night\"}]",
	"Simvastatin 10 MG|one at night|||in use|14 July 2018|Dr. Andre Schneider"},
    {"MedicationRequest",
	"\"status\":\"stopped\",\"contained\":[{\"resourceType\":\"Medication\",\"id\":\"m\",\"code\":{\"text\":"
	"\"Iron\"}}],"
	"\"medicationReference\":{\"reference\":\"#m\"}",
	"Iron||||stopped||"},
    {"AllergyIntolerance",
	"\"clinicalStatus\":{\"coding\":[{\"code\":\"active\"}]},\"code\":{\"text\":\"Allergy to bee "
	"venom\"},\"reaction\":"
	"[{\"manifestation\":[{\"text\":\"Hives\"},{\"text\":\"Wheeze\"}]}]",
	"Allergy to bee venom|Hives, Wheeze|||current||"},
    {"Immunization",
	"\"status\":\"not-done\",\"vaccineCode\":{\"text\":\"Influenza\"},\"occurrenceDateTime\":\"2020-10\"",
	"Influenza||||not given|October 2020|"},
    {"Encounter",
	"\"status\":\"finished\",\"class\":{\"code\":\"EMER\"},\"period\":{\"start\":\"2020-01-01\",\"end\":"
	"\"2020-01-03\"}",
	"Emergency visit|||||1 January 2020 to 3 January 2020|"},
    {"Procedure", "\"status\":\"completed\"", "No name recorded||||||"},
    {"DocumentReference", "\"status\":\"superseded\",\"type\":{\"text\":\"Discharge summary\"},\"date\":\"2021-05-06\"",
	"Discharge summary||||replaced by a newer one|6 May 2021|"},
    {"Claim", "\"status\":\"active\",\"type\":{\"coding\":[{\"code\":\"pharmacy\"}]},\"created\":\"2020\"",
	"pharmacy||||active|2020|"},
};

static void
each_resource_says_its_line(void **state)
{
	struct view *view = *state;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)

		assert_string_equal(line_of(view, lines[i].type, lines[i].rest), lines[i].line);
}

static void
each_resource_has_exactly_one_place(void **state)
{
	static const struct {
		const char *type, *rest;
		enum record_class class;
	} places[] = {
	    {"Observation", LAB, CLASS_LABS},
	    {"Observation", VITAL, CLASS_VITALS},
	    {"Observation", "\"category\":[{\"coding\":[{\"code\":\"survey\"}]}]", CLASS_OTHER},
	    {"Observation", "", CLASS_OTHER},
	    {"DiagnosticReport", "\"category\":[{\"coding\":[{\"code\":\"LAB\"}]}]", CLASS_LABS},
	    {"DiagnosticReport", "\"category\":[{\"coding\":[{\"code\":\"LP29684-5\"}]}]", CLASS_REPORTS},
	    {"DiagnosticReport", "\"category\":[{\"coding\":[{\"code\":\"MB\"}]}]", CLASS_LABS},
	    {"CarePlan", "", CLASS_PLANS},
	    {"Device", "", CLASS_DEVICES},
	    {"RelatedPerson", "", CLASS_DETAILS},
	    {"DocumentReference", "\"category\":[{\"coding\":[{\"code\":\"clinical-note\"}]}]", CLASS_NOTES},
	    {"DocumentReference", "", CLASS_DOCUMENTS},
	    {"Encounter", "", CLASS_VISITS},
	    {"Coverage", "", CLASS_INSURANCE},
	    {"Patient", "", CLASS_DETAILS},
	    {"Claim", "", CLASS_OTHER},
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		assert_int_equal(item_of(*state, places[i].type, places[i].rest).class, places[i].class);
}

static void
mistakes_plans_and_current_things_are_told_apart(void **state)
{
	struct record_item item;

	assert_true(item_of(*state, "Observation", "\"status\":\"entered-in-error\"").mistaken);
	assert_true(
	    item_of(*state, "Condition", "\"verificationStatus\":{\"coding\":[{\"code\":\"entered-in-error\"}]}")
		.mistaken);
	assert_false(item_of(*state, "Observation", "\"status\":\"final\"").mistaken);
	assert_true(item_of(*state, "MedicationRequest", "\"status\":\"active\"").current);
	assert_false(item_of(*state, "MedicationRequest", "\"status\":\"completed\"").current);
	assert_false(item_of(*state, "Condition",
	    "\"clinicalStatus\":{\"coding\":[{\"code\":\"active\"}]},"
	    "\"verificationStatus\":{\"coding\":[{\"code\":\"refuted\"}]}")
			 .current);
	item = item_of(*state, "Appointment", "\"status\":\"booked\",\"start\":\"2026-03-06T15:00:00Z\"");
	assert_true(item.planned);
	item = item_of(*state, "Appointment", "\"status\":\"booked\",\"start\":\"2026-03-04T15:00:00Z\"");
	assert_false(item.planned);
	item = item_of(*state, "Appointment", "\"status\":\"cancelled\",\"start\":\"2026-03-06T15:00:00Z\"");
	assert_false(item.planned);
}

static void
an_entry_of_the_patient_says_where_it_came_from(void **state)
{
	struct view *view = *state;
	static const char text[] =
	    "{\"resourceType\":\"Observation\",\"id\":\"1\",%s\"extension\":[{\"url\":\"urn:salve:journal:entered-by\","
	    "\"valueString\":\"Ana for Bo\"},{\"url\":\"urn:salve:journal:source\",\"valueString\":\"Apple Health: "
	    "Scale\"}]}";

	for (int own = 0; own < 2; own++) {
		const struct json_value *json;
		struct record_facts facts = {0};
		int found = 0;

		assert_ok(json_parse(&view->arena,
		    arena_printf(
			&view->arena, text, own ? "\"meta\":{\"tag\":[{\"code\":\"patient-supplied\"}]}," : ""),
		    &json, NULL));
		record_facts_read(&view->px, RESOURCE_OBSERVATION, json, &facts);
		for (size_t i = 0; i < facts.count; i++)
			found += str_equal(facts.items[i].value, S("Ana for Bo")) ||
			         str_equal(facts.items[i].value, S("Apple Health: Scale"));
		assert_int_equal(found, own ? 2 : 0);
	}
}

static void
names_that_stand_elsewhere_are_given_to_look_up(void **state)
{
	struct record_item item = item_of(*state, "MedicationRequest",
	    "\"medicationReference\":{\"reference\":\"Medication/7\"},\"requester\":{\"reference\":\"Practitioner/"
	    "9\"}");

	assert_str_equal(item.title_reference, "Medication/7");
	assert_str_equal(item.who_reference, "Practitioner/9");
	assert_null(item.who.p);
}

static void
numbers_keep_what_a_person_can_use(void **state)
{
	struct view *view = *state;
	static const char *const pairs[][2] = {{"77.38941245", "77.4"}, {"1.00", "1.00"}, {"0.837", "0.837"},
	    {"0.012345", "0.0123"}, {"165.23841", "165.2"}, {"5.81234", "5.81"}, {"-12.34567", "-12.3"}, {"7", "7"},
	    {"1e10", "1e10"}, {"0.0000", "0.000"}};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_str_equal(record_number(&view->arena, str_from_z(pairs[i][0])), pairs[i][1]);
}

static void
decimals_become_numbers(void **state)
{
	(void)state;
	assert_true(record_decimal(S("77.38941245")) == 77.38941245);
	assert_true(record_decimal(S("-0.5")) == -0.5);
	assert_true(record_decimal(S("1e3")) == 1000.0);
	assert_true(record_decimal(S("25E-1")) == 2.5);
	assert_true(record_decimal(S("0")) == 0.0);
	assert_true(record_decimal(S("1.5e+2")) == 150.0);
	assert_true(record_decimal(S("1e999999")) > 1e300);
	assert_true(record_decimal(S("0.12345678901234567890123")) < 0.1234567890124);
	assert_true(record_decimal(S("123456789012345678901234")) > 1.2345678901234e23);
}

static void
ages_are_said_as_people_say_them(void **state)
{
	struct view *view = *state;
	struct fhir_date born;

	assert_true(fhir_date_parse(FHIR_DATE, S("1950-03-05"), &born));
	assert_str_equal(record_age_words(&view->px, born.low), "76 years old");
	assert_true(fhir_date_parse(FHIR_DATE, S("1950-03-06"), &born));
	assert_str_equal(record_age_words(&view->px, born.low), "75 years old");
	assert_true(fhir_date_parse(FHIR_DATE, S("2025-12-05"), &born));
	assert_str_equal(record_age_words(&view->px, born.low), "3 months old");
	assert_null(record_age_words(&view->px, INSTANT_NONE).p);
}

static void
searching_wants_every_word_without_accents_and_case(void **state)
{
	struct view *view = *state;
	struct record_item item =
	    item_of(view, "Condition", "\"code\":{\"text\":\"Café allergy\"},\"onsetDateTime\":\"2019\"");

	assert_true(record_item_matches(&view->arena, &item, S("cafe 2019")));
	assert_false(record_item_matches(&view->arena, &item, S("cafe 2020")));
	assert_true(record_item_matches(&view->arena, &item, S("")));
}

static int
read_folder(struct view *view, const char *folder)
{
	struct dirent *file;
	DIR *files = opendir(folder);
	int read = 0;

	assert_non_null(files);
	while ((file = readdir(files))) {
		const struct json_value *json;
		struct record_item item;
		struct record_facts facts = {0}, raw = {0};
		struct record_file attached[RECORD_FILES_MAX];
		resource_type type;

		str text = shared_data_file(&view->arena, arena_printf(&view->arena, "%s/%s", folder, file->d_name).p);

		if (!str_ends(str_from_z(file->d_name), S(".json")) || json_parse(&view->arena, text, &json, NULL))
			continue;
		type = resource_type_find(json_text_at(json, "resourceType"));
		if (!type)
			continue;
		record_item_read(&view->px, type, json, &item);
		record_facts_read(&view->px, type, json, &facts);
		record_raw_facts(&view->px, json, &raw);
		record_files_read(&view->px, type, json, attached);
		record_narrative(&view->px, json);
		assert_true(item.title.n > 0);
		assert_true(raw.count > 0);
		for (size_t i = 0; i < facts.count; i++)
			assert_true(facts.items[i].label.n && (facts.items[i].value.n || facts.items[i].reference.n));
		read++;
	}
	closedir(files);
	return read;
}

static void
every_published_example_can_be_told_in_words(void **state)
{
	struct view *view = *state;
	const char *us_core = shared_data_folder(&view->arena, "us_core_6.1.0_examples");

	if (!us_core)
		return;
	assert_true(read_folder(view, us_core) > 100);
	assert_true(read_folder(view, shared_data_folder(&view->arena, "fhir_r4_examples")) > 100);
}

static void
codes_are_explained_where_somebody_explains_them(void **state)
{
	static const struct {
		const char *type, *rest, *url;
	} rows[] = {
	    {"Observation", "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"4548-4\"}]}",
		"https://connect.medlineplus.gov/application?mainSearchCriteria.v.cs=2.16.840.1.113883.6.1&"
		"mainSearchCriteria.v.c=4548-4&informationRecipient.languageCode.c=en"},
	    {"Condition",
		"\"code\":{\"coding\":[{\"system\":\"urn:own\",\"code\":\"x\"},{\"system\":\"http://hl7.org/fhir/sid/"
		"icd-10-cm\","
		"\"code\":\"E11 9&x\"}]}",
		"https://connect.medlineplus.gov/application?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&"
		"mainSearchCriteria.v.c=E11%209%26x&informationRecipient.languageCode.c=en"},
	    {"MedicationRequest",
		"\"medicationCodeableConcept\":{\"coding\":[{\"system\":\"http://www.nlm.nih.gov/research/umls/"
		"rxnorm\",\"code\":\"860975\"}]}",
		"https://connect.medlineplus.gov/application?mainSearchCriteria.v.cs=2.16.840.1.113883.6.88&"
		"mainSearchCriteria.v.c=860975&informationRecipient.languageCode.c=en"},
	    {"Condition", "\"code\":{\"coding\":[{\"system\":\"urn:own\",\"code\":\"x\"}]}", NULL},
	    {"Condition", "\"code\":{\"text\":\"Flu\"}", NULL},
	    {"Immunization",
		"\"vaccineCode\":{\"coding\":[{\"system\":\"http://hl7.org/fhir/sid/cvx\",\"code\":\"140\"}]}", NULL},
	};
	struct view *view = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		str url = record_about_url(
		    &view->px, resource_type_find(str_from_z(rows[i].type)), parse(view, rows[i].type, rows[i].rest));

		if (rows[i].url ? !str_equal(url, str_from_z(rows[i].url)) : url.n > 0)
			fail_msg("row %zu: %.*s", i, STR_ARG(url));
	}
}

/* The day asked for is 2026-03-03, in UTC. */
static void
a_choice_takes_classes_and_days_and_whatever_has_no_date(void **state)
{
	static const struct {
		const char *type, *rest;
		unsigned classes;
		bool dated, taken;
	} rows[] = {
	    {"Observation", A1C, 0, false, true},
	    {"Observation", A1C, 1 << CLASS_LABS, true, true},
	    {"Observation", A1C, 1 << CLASS_VITALS, false, false},
	    {"Observation", LAB ",\"effectiveDateTime\":\"2026-03-02T23:59:59Z\"", 0, true, false},
	    {"Observation", LAB ",\"effectiveDateTime\":\"2026-03-04\"", 0, true, false},
	    {"Observation", LAB, 0, true, true},
	    {"Encounter", "\"period\":{\"start\":\"2026-03-03T09:00:00Z\",\"end\":\"2026-03-09\"}", 0, true, true},
	    {"Encounter", "\"period\":{\"end\":\"2026-03-09\"}", 0, true, false},
	    {"Encounter", "\"period\":{\"start\":\"soon\"}", 1 << CLASS_VISITS, true, true},
	};
	struct view *view = *state;
	struct fhir_date day;

	assert_true(fhir_date_parse(FHIR_DATETIME, S("2026-03-03"), &day));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct record_choice choice = {rows[i].classes, rows[i].dated ? day.low : INSTANT_NONE,
		    rows[i].dated ? (instant){day.low.ms + 86400000} : INSTANT_NONE};

		if (record_choice_takes(&choice, resource_type_find(str_from_z(rows[i].type)),
			parse(view, rows[i].type, rows[i].rest)) != rows[i].taken)
			fail_msg("row %zu", i);
	}
}

#define VIEW_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    VIEW_TEST(each_resource_says_its_line),
	    VIEW_TEST(each_resource_has_exactly_one_place),
	    VIEW_TEST(codes_are_explained_where_somebody_explains_them),
	    VIEW_TEST(a_choice_takes_classes_and_days_and_whatever_has_no_date),
	    VIEW_TEST(mistakes_plans_and_current_things_are_told_apart),
	    VIEW_TEST(an_entry_of_the_patient_says_where_it_came_from),
	    VIEW_TEST(names_that_stand_elsewhere_are_given_to_look_up),
	    VIEW_TEST(numbers_keep_what_a_person_can_use),
	    VIEW_TEST(decimals_become_numbers),
	    VIEW_TEST(every_published_example_can_be_told_in_words),
	    VIEW_TEST(ages_are_said_as_people_say_them),
	    VIEW_TEST(searching_wants_every_word_without_accents_and_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
