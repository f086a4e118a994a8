/* SPDX-License-Identifier: Apache-2.0 */
/* What a resource must be, and that its text comes back as it was. */
#include "care/record/record_test_help.h"

/* ---- rules ---- */

static void
every_type_is_found_by_its_name(void **state)
{
	(void)state;
	assert_int_equal(resource_type_count(), 146);
	for (resource_type type = 1; type <= resource_type_count(); type++)
		assert_int_equal(resource_type_find(str_from_z(resource_type_name(type))), type);
	assert_int_equal(resource_type_find(S("observation")), 0);
	assert_int_equal(resource_type_find(S("")), 0);
	assert_int_equal(resource_type_find(S("Observation")), RESOURCE_OBSERVATION);
	assert_true(resource_type_in_patient_compartment(RESOURCE_OBSERVATION));
	assert_false(resource_type_in_patient_compartment(RESOURCE_PRACTITIONER));
	assert_true(resource_type_may_be_common(RESOURCE_PRACTITIONER));
	assert_false(resource_type_may_be_common(RESOURCE_BINARY));
}

static void
what_is_not_a_resource_is_refused_with_its_reason(void **state)
{
	struct world *world = *state;
	struct people p;
	static const struct {
		const char *text, *says;
	} cases[] = {
	    {"[]", "resourceType"},
	    {"{}", "resourceType"},
	    {"{\"resourceType\":\"Observatio\"}", "Observatio"},
	    {"{\"resourceType\":\"Observation\",\"code\":{}}", "status"},
	    {"{\"resourceType\":\"Observation\",\"status\":\"final\"}", "code"},
	    {"{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{},\"id\":\"a b\"}", "id"},
	    {"{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{},\"id\":7}", "id"},
	    {"{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{},\"meta\":[]}", "meta"},
	    {"{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{},\"valueString\":\"a\","
	     "\"valueBoolean\":true}",
		"value[x]"},
	    {"{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{},\"extension\":[{\"url\":\"u\","
	     "\"valueString\":\"a\",\"valueCode\":\"b\"}]}",
		"value[x]"},
	    {"{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{},\"effectiveDateTime\":\"2019-02-30\"}",
		"effectiveDateTime"},
	    {"{\"resourceType\":\"Encounter\",\"status\":\"finished\",\"class\":{},\"period\":{\"start\":\"soon\"}}",
		"start"},
	    {"{\"resourceType\":\"Immunization\",\"status\":\"completed\",\"vaccineCode\":{},\"patient\":{}}",
		"occurrence[x]"},
	    {"{\"resourceType\":\"List\",\"status\":\"current\",\"mode\":\"working\",\"contained\":{}}", "contained"},
	    {"{\"resourceType\":\"List\",\"status\":\"current\",\"mode\":\"working\",\"contained\":[{"
	     "\"resourceType\":\"Patient\"}]}",
		"id"},
	    {"{\"resourceType\":\"List\",\"status\":\"current\",\"mode\":\"working\",\"contained\":[{\"resourceType\":"
	     "\"Patient\",\"id\":\"a\"},{\"resourceType\":\"Patient\",\"id\":\"a\"}]}",
		"\"a\""},
	};

	setup(world, &p);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct json_value *json;
		struct resource_draft *draft;
		const struct err *error;

		assert_ok(json_parse(&world->arena, str_from_z(cases[i].text), &json, NULL));
		error = resource_prepare(&world->cx, &(struct resource_new){.patient = p.maria, .json = json}, &draft);
		assert_non_null(error);
		assert_int_equal(error->code, ERR_INVALID);
		if (!str_contains(str_from_z(error->say), str_from_z(cases[i].says)))
			fail_msg("case %zu says: %s", i, error->say);
	}
}

static void
a_missing_member_may_be_explained_by_an_extension(void **state)
{
	struct world *world = *state;
	struct people p;

	setup(world, &p);
	prepare(&world->cx, p.maria,
	    S("{\"resourceType\":\"Observation\",\"_status\":{\"extension\":[{\"url\":"
	      "\"http://hl7.org/fhir/StructureDefinition/"
	      "data-absent-reason\",\"valueCode\":\"unknown\"}]},\"code\":{}}"));
}

/* ---- the text ---- */

static void
the_text_comes_back_as_it_was_with_id_and_version_put_in(void **state)
{
	struct world *world = *state;
	struct people p;
	struct resource resource;
	str maria;
	static const struct {
		const char *in, *out;
	} cases[] = {
	    {"{\"resourceType\":\"Basic\",\"code\":{}}",
		"{\"resourceType\":\"Basic\",\"id\":\"a1\",\"meta\":{@},\"code\":{}}"},
	    {"{\"id\":\"zz\",\"resourceType\":\"Basic\",\"code\":{}}",
		"{\"id\":\"a1\",\"meta\":{@},\"resourceType\":\"Basic\",\"code\":{}}"},
	    {" { \"code\" : { \"text\" : \"a \\\" b\\\\\" } ,\n\t\"resourceType\" : \"Basic\" , \"id\" : \"b\" } ",
		"{\"code\":{\"text\":\"a \\\" b\\\\\"},\"resourceType\":\"Basic\",\"id\":\"a1\",\"meta\":{@}}"},
	    {"{\"resourceType\":\"Basic\",\"meta\":{\"versionId\":\"9\",\"tag\":[{\"code\":\"t\"}],\"lastUpdated\":"
	     "\"2019-01-01T00:00:00Z\"},\"code\":{},\"id\":\"b\"}",
		"{\"resourceType\":\"Basic\",\"meta\":{@,\"tag\":[{\"code\":\"t\"}]},\"code\":{},\"id\":\"a1\"}"},
	    {"{\"resourceType\":\"Basic\",\"meta\":{},\"code\":{}}",
		"{\"resourceType\":\"Basic\",\"id\":\"a1\",\"meta\":{@},\"code\":{}}"},
	    {"{\"resourceType\":\"Basic\",\"code\":{\"extension\":[{\"url\":\"u\",\"valueDecimal\":1.00},{\"url\":"
	     "\"u\",\"valueDecimal\":0.10e-7}]}}",
		"{\"resourceType\":\"Basic\",\"id\":\"a1\",\"meta\":{@},\"code\":{\"extension\":[{\"url\":\"u\","
		"\"valueDecimal\":1.00},{\"url\":\"u\",\"valueDecimal\":0.10e-7}]}}"},
	    {"{\"resourceType\":\"Basic\",\"subject\":{\"reference\":\"Patient/#\"},\"code\":{\"text\":\"##\"}}",
		"{\"resourceType\":\"Basic\",\"id\":\"a1\",\"meta\":{@},\"subject\":{\"reference\":\"Patient/#\"},"
		"\"code\":{\"text\":\"##\"}}"},
	};

	setup(world, &p);
	maria = uuid_text(&world->arena, p.maria.v);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf in = BUF_INIT(&world->arena), wanted = BUF_INIT(&world->arena);
		const struct json_value *json;
		struct resource_draft *draft;
		struct resource_put_result result;

		for (const char *c = cases[i].in; *c; c++)
			buf_add(&in, *c == '#' ? maria : (str){c, 1});
		assert_ok(json_parse(&world->arena, buf_str(&in), &json, NULL));
		assert_ok(resource_prepare(&world->cx,
		    &(struct resource_new){.patient = p.maria, .json = json, .id = S("a1"), .updated = {1577934245678}},
		    &draft));
		assert_ok(db_write(&world->cx, put_act, &(struct put){&draft, 1, &result}));
		assert_int_equal(result.version, i + 1);
		assert_ok(resource_get(&world->cx, RESOURCE_BASIC, S("a1"), &resource));
		for (const char *c = cases[i].out; *c; c++) {
			if (*c == '@')
				buf_printf(&wanted,
				    "\"versionId\":\"%zu\",\"lastUpdated\":\"2020-01-02T03:04:05.678Z\"", i + 1);
			else
				buf_add(&wanted, *c == '#' ? maria : (str){c, 1});
		}
		buf_add_char(&wanted, '\0');
		assert_str_equal(resource.body, wanted.p);
	}
}

/* ---- the store ---- */

static void
what_was_read_may_be_written_back_and_changes_nothing(void **state)
{
	static const char *const texts[] = {"{\"resourceType\":\"Basic\",\"id\":\"b%d\",\"code\":{}}",
	    "{\"code\":{},\"id\":\"b%d\",\"resourceType\":\"Basic\",\"meta\":{}}",
	    "{\"meta\":{\"tag\":[{\"code\":\"t\"}]},\"resourceType\":\"Basic\",\"id\":\"b%d\",\"code\":{}}"};
	struct world *world = *state;
	struct people p;
	struct resource resource;

	setup(world, &p);
	for (int i = 0; i < 3; i++) {
		put_text(world, p.maria, arena_printf(&world->arena, texts[i], i));
		assert_ok(resource_get(&world->cx, RESOURCE_BASIC, arena_printf(&world->arena, "b%d", i), &resource));
		assert_false(put_text(world, p.maria, resource.body).changed);
	}
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    cmocka_unit_test(every_type_is_found_by_its_name),
	    WORLD_TEST(what_is_not_a_resource_is_refused_with_its_reason),
	    WORLD_TEST(a_missing_member_may_be_explained_by_an_extension),
	    WORLD_TEST(the_text_comes_back_as_it_was_with_id_and_version_put_in),
	    WORLD_TEST(what_was_read_may_be_written_back_and_changes_nothing),
	};

	return cmocka_run_group_tests_name("record text", list, NULL, NULL);
}
