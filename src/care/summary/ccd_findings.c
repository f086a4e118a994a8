/* SPDX-License-Identifier: Apache-2.0 */
/* How somebody lives, and what they answered: social history and assessments. */
#include "care/summary/ccd_internal.h"

static bool
has_category(const struct ccd_entry *e, const char *code)
{
	json_each_item (json_get(e->json, "category"), category)
		if (ccd_concept_has(category, code))
			return true;
	return false;
}

bool
ccd_is_social(const struct ccd_entry *e)
{
	return e->type == RESOURCE_OBSERVATION && !ccd_is_vital(e) && has_category(e, "social-history");
}

bool
ccd_is_assessment(const struct ccd_entry *e)
{
	return e->type == RESOURCE_OBSERVATION && !ccd_is_vital(e) && !ccd_is_social(e) &&
	       e->item.class != CLASS_LABS && has_category(e, "survey");
}

/* ---- social history ---- */

/* The answers that the template of the smoking status takes. */
static const char *const smoking_answers[] = {"449868002", "428041000124106", "8517006", "266919005", "77176002",
    "266927001", "428071000124103", "428061000124105"};

static bool
is_smoking_status(const struct ccd_entry *e)
{
	if (!ccd_concept_has(json_get(e->json, "code"), "72166-2") || json_get(e->json, "effectivePeriod"))
		return false;
	for (size_t i = 0; i < sizeof(smoking_answers) / sizeof(smoking_answers[0]); i++)
		if (ccd_concept_has(json_get(e->json, "valueCodeableConcept"), smoking_answers[i]))
			return true;
	return false;
}

fallible
ccd_social(struct ccd_entry *e)
{
	bool smoking = is_smoking_status(e);

	if (smoking)
		ccd_observation_begin(e, "EVN", "4.78", "2014-06-09");
	else
		ccd_observation_begin(e, "EVN", "4.38", "2015-08-01");
	ccd_id(e, NULL);
	ccd_concept(e, CONCEPT(.element = "code", .oid = OID_LOINC, .concept = json_get(e->json, "code"),
			   .anchor = ccd_name_anchor(e)));
	ccd_text_reference(e);
	xml_empty(e->x, "statusCode", "code", S("completed"), NULL);
	ccd_time_of(e, "effective", NULL);
	if (smoking)
		ccd_concept(e, CONCEPT(.element = "value", .type = "CD", .oid = OID_SNOMED,
				   .concept = json_get(e->json, "valueCodeableConcept")));
	else
		ccd_value(e, e->json);
	TRY(ccd_author(e, json_path(e->json, "performer.0"), json_text_at(e->json, "issued")));
	xml_end(e->x);
	return NULL;
}

static const char *
birth_sex_words(str code)
{
	if (str_equal(code, S("F")))
		return "Female";
	return str_equal(code, S("M")) ? "Male" : NULL;
}

bool
ccd_birth_sex_lead(struct ccd *c, bool write)
{
	const struct page_cx *px = c->px;
	bool known = birth_sex_words(c->birth_sex) != NULL;

	if (!known || !write)
		return known;
	xml_begin(&c->x, "paragraph");
	xml_attribute(&c->x, "ID", S("birth-sex"));
	xml_text(&c->x,
	    str_equal(c->birth_sex, S("F")) ? T("Sex assigned at birth: female") : T("Sex assigned at birth: male"));
	xml_end(&c->x);
	return true;
}

fallible
ccd_birth_sex(struct ccd *c)
{
	struct xml_writer *x = &c->x;

	if (!birth_sex_words(c->birth_sex))
		return NULL;
	xml_begin(x, "entry");
	xml_begin(x, "observation");
	xml_attribute(x, "classCode", S("OBS"));
	xml_attribute(x, "moodCode", S("EVN"));
	ccd_template(x, "4.200", "2016-06-01");
	xml_empty(x, "id", "root",
	    ccd_uuid_of(c->cx->arena,
		arena_printf(c->cx->arena, "%.*s/birth-sex", STR_ARG(uuid_text(c->cx->arena, c->patient.v)))),
	    NULL);
	ccd_fixed(x, "code", "76689-9", OID_LOINC, "Sex assigned at birth");
	xml_begin(x, "text");
	xml_empty(x, "reference", "value", S("#birth-sex"), NULL);
	xml_end(x);
	xml_empty(x, "statusCode", "code", S("completed"), NULL);
	ccd_fixed_value(x, arena_z(c->cx->arena, c->birth_sex), "2.16.840.1.113883.5.1", birth_sex_words(c->birth_sex));
	xml_end(x);
	xml_end(x);
	return NULL;
}

/* ---- assessments ---- */

static void
answer(struct ccd_entry *e, const struct json_value *part, size_t n)
{
	ccd_relation_begin(e, "COMP", false);
	ccd_observation_begin(e, "EVN", "4.86", NULL);
	ccd_id(e, arena_printf(e->cx->arena, "component-%zu", n).p);
	ccd_concept(e, CONCEPT(.element = "code", .concept = json_get(part, "code")));
	xml_empty(e->x, "statusCode", "code", S("completed"), NULL);
	ccd_value(e, part);
	xml_end(e->x);
	xml_end(e->x);
}

fallible
ccd_assessment(struct ccd_entry *e)
{
	size_t n = 0;

	ccd_observation_begin(e, "EVN", "4.69", NULL);
	ccd_id(e, NULL);
	ccd_concept(e, CONCEPT(.element = "code", .concept = json_get(e->json, "code"), .anchor = ccd_name_anchor(e)));
	ccd_text_reference(e);
	xml_empty(e->x, "statusCode", "code", S("completed"), NULL);
	ccd_time_of(e, "effective", NULL);
	ccd_value(e, e->json);
	TRY(ccd_author(e, json_path(e->json, "performer.0"), json_text_at(e->json, "issued")));
	json_each_item (json_get(e->json, "component"), part)
		answer(e, part, n++);
	xml_end(e->x);
	return NULL;
}
