/* SPDX-License-Identifier: Apache-2.0 */
/* The CCD of sample patients: against a golden file, and by what it must hold.  With SALVE_DOCUMENTS naming a folder the documents
 * are left there, for test/conformance. */
#include <stdio.h>

#include "care/summary/summary_test_help.h"

static str
document_of(struct office *o)
{
	buf_clear(&o->out);
	assert_ok(summary_ccd(&o->cx, &o->px, o->patient, &o->all, &o->sink));
	db_release(&o->cx);
	return buf_str(&o->out);
}

static void
the_document_of_a_sample_patient_is_as_agreed(void **state)
{
	struct office o;

	if (office_open(&o, *state, &SAMPLE_SMALL))
		golden_check(&o, "liz_conn.xml", document_of(&o));
}

static void
the_document_with_all_that_us_core_asks_for_is_as_agreed(void **state)
{
	struct office o;

	if (office_open(&o, *state, &SAMPLE_MUST_SUPPORT))
		golden_check(&o, "patient_85.xml", document_of(&o));
}

static void
documents_are_left_for_other_programs_to_judge(void **state)
{
	const struct sample *const samples[] = {&SAMPLE_MUST_SUPPORT, &SAMPLE_LARGE};
	struct world *world = *state;
	struct office o;

	/* one world holds one clinic: the product decides which of the two is made here */
	if (office_open(&o, world, samples[str_equal(str_from_z(world->product), S("sqlite")) ? 0 : 1]))
		document_keep(&o, "xml", document_of(&o));
}

/* ---- what must stand in it ---- */

/* How often `needle` stands in the text. */
static size_t
times(str text, str needle)
{
	size_t count = 0, at;

	while (str_find(text, needle, &at)) {
		count++;
		text = str_drop(text, at + needle.n);
	}
	return count;
}

struct expecting {
	str document;
	struct arena *arena;
	int64_t codes, times;
};

/* Every coding whose system CDA can name stands in the document. */
static void
expect_codes(struct expecting *x, const struct json_value *value)
{
	static const struct {
		const char *uri, *oid;
	} systems[] = {{"http://snomed.info/sct", "2.16.840.1.113883.6.96"},
	    {"http://loinc.org", "2.16.840.1.113883.6.1"},
	    {"http://www.nlm.nih.gov/research/umls/rxnorm", "2.16.840.1.113883.6.88"},
	    {"http://hl7.org/fhir/sid/cvx", "2.16.840.1.113883.12.292"}};
	str system = json_text_at(value, "system"), code = json_text_at(value, "code");

	for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++)
		if (code.n && str_equal(system, str_from_z(systems[i].uri))) {
			str expected =
			    arena_printf(x->arena, "code=\"%.*s\" codeSystem=\"%s\"", STR_ARG(code), systems[i].oid);

			if (!str_contains(x->document, expected))
				fail_msg("missing: %.*s", STR_ARG(expected));
			x->codes++;
		}
	json_each_item (value, item)
		expect_codes(x, item);
	json_each_member (value, member)
		expect_codes(x, member);
}

static void
every_code_and_value_of_the_record_stands_in_it(void **state)
{
	static const char *const types[] = {
	    "AllergyIntolerance", "Condition", "Immunization", "MedicationRequest", "Observation", "Procedure", NULL};
	struct expecting x = {0};
	struct office o;
	int64_t values = 0;

	if (!office_open(&o, *state, &SAMPLE_SMALL))
		return;
	x.document = document_of(&o);
	x.arena = &o.world->arena;
	json_each_item (json_get(o.bundle, "entry"), entry) {
		const struct json_value *json = json_get(entry, "resource");
		str number = json_number_text(json_path(json, "valueQuantity.value"));

		for (const char *const *type = types; *type; type++) {
			if (!str_equal(json_text_at(json, "resourceType"), str_from_z(*type)))
				continue;
			if (!json_get(
				json, "component")) /* a blood pressure is its two values: the pair has no entry */
				expect_codes(&x, json_get(json, "code"));
			json_each_item (json_get(json, "component"), part)
				expect_codes(&x, json_get(part, "code"));
			expect_codes(&x, json_get(json, "vaccineCode"));
			expect_codes(&x, json_get(json, "medicationCodeableConcept"));
			if (number.p) { /* to the last digit */
				assert_true(
				    str_contains(x.document, arena_printf(x.arena, "value=\"%.*s\"", STR_ARG(number))));
				values++;
			}
		}
	}
	assert_true(x.codes > 30 && values > 20);
}

static void
the_same_record_gives_the_same_document(void **state)
{
	struct office o;
	str first;

	if (!office_open(&o, *state, &SAMPLE_SMALL))
		return;
	first = arena_str(&o.world->arena, document_of(&o));
	assert_true(str_equal(first, document_of(&o)));
}

static void
what_was_entered_in_error_is_left_out_and_counted(void **state)
{
	struct office o;
	str document;

	if (!office_open(&o, *state, &SAMPLE_SMALL))
		return;
	o.world->cx.now = o.cx.now;
	put_text(o.world, o.patient,
	    S("{\"resourceType\":\"Condition\",\"id\":\"wrong\",\"verificationStatus\":{\"coding\":[{\"code\":"
	      "\"entered-in-error\"}]},\"code\":{\"text\":\"Zanzibar fever\"},\"subject\":{\"reference\":"
	      "\"Patient/ee9f8dd8-72d2-4769-8020-89e504b1504b\"}}"));
	put_text(o.world, o.patient,
	    S("{\"resourceType\":\"Condition\",\"id\":\"ruled-out\",\"verificationStatus\":{\"coding\":[{\"code\":"
	      "\"refuted\"}]},\"code\":{\"text\":\"A <b>quinsy</b> & more\"},\"subject\":{\"reference\":"
	      "\"Patient/ee9f8dd8-72d2-4769-8020-89e504b1504b\"}}"));
	db_release(&o.world->cx);
	document = document_of(&o);
	assert_false(str_contains(document, S("Zanzibar")));
	assert_true(str_contains(document, S("1 entry was marked as a mistake and is left out.")));
	assert_true(str_contains(document, S("negationInd=\"true\"")));
	assert_true(str_contains(document, S("A &lt;b&gt;quinsy&lt;/b&gt; &amp; more")));
}

static void
only_what_is_asked_for_stands_in_it(void **state)
{
	struct office o;
	str document;

	if (!office_open(&o, *state, &SAMPLE_SMALL))
		return;
	o.all.classes = 1u << CLASS_IMMUNIZATIONS;
	document = document_of(&o);
	assert_true(
	    str_contains(document, S("<substanceAdministration classCode=\"SBADM\" moodCode=\"EVN\" negationInd")));
	assert_int_equal(times(document, S("<act classCode=\"ACT\"")), 0);
	assert_int_equal(times(document, S("<observation ")), times(document, S("10.20.22.4.200")));
	assert_true(str_contains(document, S("entries were not asked for")));
	assert_true(times(document, S("<section nullFlavor=\"NI\">")) >= 6); /* the required ones, explicitly empty */
}

static void
nobody_else_gets_one(void **state)
{
	struct office o;
	struct cx bo;

	if (!office_open(&o, *state, &SAMPLE_SMALL))
		return;
	bo = people_as(o.world, o.people.bo_account);
	assert_fails(summary_ccd(&bo, &o.px, o.patient, &o.all, &o.sink), ERR_GONE);
	assert_int_equal(o.out.n, 0);
	db_release(&bo);
}

static void
a_record_of_which_nothing_is_known_still_gives_a_document(void **state)
{
	struct office o;
	str document;

	if (!office_open(&o, *state, &SAMPLE_SMALL))
		return;
	o.patient = o.people.bo;
	document = document_of(&o);
	assert_true(str_contains(document, S("Nothing is recorded here.")));
	assert_true(str_contains(document, S("<birthTime nullFlavor=\"UNK\"/>")));
}

static const struct err *
broken_pipe(void *arg, str bytes)
{
	(void)arg;
	(void)bytes;
	return ERR(ERR_BUSY, "gone", "the client is gone");
}

static void
a_client_that_leaves_ends_it(void **state)
{
	struct office o;

	if (!office_open(&o, *state, &SAMPLE_SMALL))
		return;
	assert_fails(summary_ccd(&o.cx, &o.px, o.patient, &o.all, &(struct sink){broken_pipe, NULL}), ERR_BUSY);
	db_release(&o.cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(the_document_of_a_sample_patient_is_as_agreed),
	    WORLD_TEST(the_document_with_all_that_us_core_asks_for_is_as_agreed),
	    WORLD_TEST(documents_are_left_for_other_programs_to_judge),
	    WORLD_TEST(every_code_and_value_of_the_record_stands_in_it),
	    WORLD_TEST(the_same_record_gives_the_same_document),
	    WORLD_TEST(what_was_entered_in_error_is_left_out_and_counted),
	    WORLD_TEST(only_what_is_asked_for_stands_in_it),
	    WORLD_TEST(nobody_else_gets_one),
	    WORLD_TEST(a_record_of_which_nothing_is_known_still_gives_a_document),
	    WORLD_TEST(a_client_that_leaves_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
