/* SPDX-License-Identifier: Apache-2.0 */
/* The IPS of sample patients: against a golden file, and by what HL7's guide asks of the document. */
#include <stdio.h>

#include "care/summary/summary_test_help.h"

#define BASE "https://portal.example.org/fhir"

static const struct json_value *
document_of(struct office *o, str *text)
{
	const struct json_value *json;

	assert_ok(summary_ips(&o->cx, &o->px, o->patient, &o->all, S(BASE), text));
	db_release(&o->cx);
	assert_ok(json_parse(&o->world->arena, *text, &json, NULL));
	return json;
}

static const struct json_value *
entry_named(const struct json_value *bundle, struct arena *arena, str reference)
{
	str url = arena_printf(arena, BASE "/%.*s", STR_ARG(reference));

	json_each_item (json_get(bundle, "entry"), entry)
		if (str_equal(json_text_at(entry, "fullUrl"), url))
			return json_get(entry, "resource");
	return NULL;
}

/* What the guide's profiles of Bundle and Composition ask, of any document. */
static void
check_document(struct arena *arena, const struct json_value *bundle)
{
	static const char *const required[] = {"10160-0", "48765-2", "11450-4"};
	const struct json_value *composition = json_path(bundle, "entry.0.resource");

	assert_str_equal(json_text_at(bundle, "type"), "document");
	assert_true(json_text_at(bundle, "identifier.value").n && json_text_at(bundle, "timestamp").n);
	assert_str_equal(json_text_at(composition, "resourceType"), "Composition");
	assert_str_equal(json_text_at(composition, "type.coding.0.code"), "60591-5");
	assert_non_null(entry_named(bundle, arena, json_text_at(composition, "subject.reference")));
	assert_non_null(entry_named(bundle, arena, json_text_at(composition, "author.0.reference")));
	for (size_t i = 0; i < 3; i++)
		assert_str_equal(
		    json_text_at(composition, arena_printf(arena, "section.%zu.code.coding.0.code", i).p), required[i]);
	json_each_item (json_get(composition, "section"), section) {
		assert_true(
		    str_starts(json_text_at(section, "text.div"), S("<div xmlns=\"http://www.w3.org/1999/xhtml\">")));
		assert_true(json_count(json_get(section, "entry")) > 0);
		json_each_item (json_get(section, "entry"), reference)
			assert_non_null(entry_named(bundle, arena, json_text_at(reference, "reference")));
	}
}

/* No two entries of one name, and each is the resource that its name says. */
static void
check_entries(struct arena *arena, const struct json_value *bundle)
{
	json_each_item (json_get(bundle, "entry"), entry) {
		const struct json_value *resource = json_get(entry, "resource");
		str name = arena_printf(arena, BASE "/%.*s/%.*s", STR_ARG(json_text_at(resource, "resourceType")),
		    STR_ARG(json_text_at(resource, "id")));

		assert_true(str_equal(json_text_at(entry, "fullUrl"), name));
		for (const struct json_value *other = entry->next; other; other = other->next)
			assert_false(str_equal(json_text_at(other, "fullUrl"), name));
	}
}

static void
the_document_of_a_sample_patient_is_as_agreed(void **state)
{
	struct office o;
	str text;

	if (!office_open(&o, *state, &SAMPLE_SMALL))
		return;
	check_document(&o.world->arena, document_of(&o, &text));
	golden_check(&o, "liz_conn.json", text);
}

static void
the_document_keeps_to_the_guide(void **state)
{
	const struct sample *const samples[] = {&SAMPLE_MUST_SUPPORT, &SAMPLE_LARGE};
	struct world *world = *state;
	const struct json_value *bundle;
	struct office o;
	str text;

	if (!office_open(&o, world, samples[str_equal(str_from_z(world->product), S("sqlite")) ? 0 : 1]))
		return;
	bundle = document_of(&o, &text);
	check_document(&world->arena, bundle);
	check_entries(&world->arena, bundle);
	document_keep(&o, "json", text);
}

static void
resources_leave_byte_for_byte_as_they_are_stored(void **state)
{
	const struct json_value *bundle;
	struct office o;
	size_t compared = 0;
	str text;

	if (!office_open(&o, *state, &SAMPLE_SMALL))
		return;
	bundle = document_of(&o, &text);
	json_each_item (json_get(bundle, "entry"), entry) {
		const struct json_value *json = json_get(entry, "resource");
		struct resource resource;
		bool found;

		assert_ok(
		    resource_resolve(&o.cx, str_drop(json_text_at(entry, "fullUrl"), sizeof(BASE)), &resource, &found));
		if (found) {
			assert_true(str_equal(json_source(json), resource.body));
			compared++;
		}
	}
	assert_true(compared > 20);
	db_release(&o.cx);
}

static void
who_and_where_come_along_from_the_commons(void **state)
{
	const struct json_value *bundle;
	struct office o;
	size_t practitioners = 0;
	str text;

	if (!office_open(&o, *state, &SAMPLE_MUST_SUPPORT))
		return;
	bundle = document_of(&o, &text);
	json_each_item (json_get(bundle, "entry"), entry) {
		str reference = json_text_at(entry, "resource.requester.reference");

		if (str_starts(reference, S("Practitioner/"))) {
			assert_non_null(entry_named(bundle, &o.world->arena, reference));
			practitioners++;
		}
	}
	assert_true(practitioners > 0);
}

static void
a_section_of_which_nothing_is_known_says_so(void **state)
{
	const struct json_value *bundle, *composition;
	struct office o;
	str text;

	if (!office_open(&o, *state, &SAMPLE_SMALL))
		return;
	o.patient = o.people.bo; /* of whom there is no resource at all */
	bundle = document_of(&o, &text);
	check_document(&o.world->arena, bundle);
	check_entries(&o.world->arena, bundle);
	composition = json_path(bundle, "entry.0.resource");
	assert_int_equal(json_count(json_get(composition, "section")), 3);
	assert_true(str_contains(text, S("no-medication-info")));
	assert_true(str_contains(text, S("no-allergy-info")));
	assert_true(str_contains(text, S("no-problem-info")));
}

static void
a_long_history_is_cut_with_a_sentence(void **state)
{
	struct office o;
	str text;

	if (!office_open(&o, *state, &SAMPLE_LARGE))
		return;
	document_of(&o, &text);
	assert_true(str_contains(text, S("older entries are not part of this summary.")));
}

static void
nobody_else_gets_one(void **state)
{
	struct office o;
	struct cx bo;
	str text = STR_NONE;

	if (!office_open(&o, *state, &SAMPLE_SMALL))
		return;
	bo = people_as(o.world, o.people.bo_account);
	assert_fails(summary_ips(&bo, &o.px, o.patient, &o.all, S(BASE), &text), ERR_GONE);
	assert_null(text.p);
	db_release(&bo);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(the_document_of_a_sample_patient_is_as_agreed),
	    WORLD_TEST(the_document_keeps_to_the_guide),
	    WORLD_TEST(resources_leave_byte_for_byte_as_they_are_stored),
	    WORLD_TEST(who_and_where_come_along_from_the_commons),
	    WORLD_TEST(a_section_of_which_nothing_is_known_says_so),
	    WORLD_TEST(a_long_history_is_cut_with_a_sentence),
	    WORLD_TEST(nobody_else_gets_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
