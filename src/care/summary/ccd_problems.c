/* SPDX-License-Identifier: Apache-2.0 */
/* Allergies, problems, family history: a concern act around an observation.  The concern says whether it is being followed, the
 * observation what it is and since when. */
#include "care/summary/ccd_internal.h"

static const struct ccd_status concern_states[] = {{"active", "active"}, {"recurrence", "active"},
    {"relapse", "active"}, {"inactive", "suspended"}, {"remission", "suspended"}, {"resolved", "completed"},
    {"", "active"}, {NULL, NULL}};

static str
clinical_status(const struct ccd_entry *e)
{
	return json_text_at(e->json, "clinicalStatus.coding.0.code");
}

static bool
is_refuted(const struct ccd_entry *e)
{
	return ccd_concept_has(json_get(e->json, "verificationStatus"), "refuted");
}

static void
completed(struct ccd_entry *e)
{
	xml_empty(e->x, "statusCode", "code", S("completed"), NULL);
}

static void
assertion(struct ccd_entry *e)
{
	ccd_fixed(e->x, "code", "ASSERTION", OID_ACT, NULL);
}

/* The act to its statusCode and effectiveTime; a concern that is over has an end, known or not. */
static void
concern_begin(struct ccd_entry *e, const char *oid, str end)
{
	str status = clinical_status(e);

	xml_begin(e->x, "act");
	xml_attribute(e->x, "classCode", S("ACT"));
	xml_attribute(e->x, "moodCode", S("EVN"));
	ccd_templates(e->x, oid, "2015-08-01");
	ccd_id(e, "concern");
	ccd_fixed(e->x, "code", "CONC", "2.16.840.1.113883.5.6", "Concern");
	ccd_status(e->x, concern_states, status);
	ccd_span(e,
	    &(struct ccd_span){
		.low = json_text_at(e->json, "recordedDate"), .high = end, .over = str_equal(status, S("resolved"))});
}

/* The observation to its id; what was ruled out is negated. */
static void
finding_begin(struct ccd_entry *e, const char *oid, const char *extension)
{
	xml_begin(e->x, "observation");
	xml_attribute(e->x, "classCode", S("OBS"));
	xml_attribute(e->x, "moodCode", S("EVN"));
	if (is_refuted(e))
		xml_attribute(e->x, "negationInd", S("true"));
	ccd_templates(e->x, oid, extension);
	ccd_id(e, NULL);
}

static str
author_of(const struct ccd_entry *e, const struct json_value **reference)
{
	*reference = json_get(e->json, "recorder");
	if (!*reference)
		*reference = json_get(e->json, "asserter");
	return json_text_at(e->json, "recordedDate");
}

/* ---- severity, in words or as a code ---- */

static const struct {
	const char *fhir, *snomed, *display;
} severities[] = {{"mild", "255604002", "Mild"}, {"moderate", "6736007", "Moderate"}, {"severe", "24484000", "Severe"},
    {"255604002", "255604002", "Mild"}, {"6736007", "6736007", "Moderate"}, {"24484000", "24484000", "Severe"}};

static void
severity(struct ccd_entry *e, str code)
{
	for (size_t i = 0; i < sizeof(severities) / sizeof(severities[0]); i++) {
		if (!str_equal(code, str_from_z(severities[i].fhir)))
			continue;
		ccd_relation_begin(e, "SUBJ", true);
		ccd_observation_begin(e, "EVN", "4.8", "2014-06-09");
		ccd_fixed(e->x, "code", "SEV", OID_ACT, "Severity");
		completed(e);
		ccd_fixed_value(e->x, severities[i].snomed, OID_SNOMED, severities[i].display);
		xml_end(e->x);
		xml_end(e->x);
		return;
	}
}

/* ---- allergies ---- */

/* The first row that fits; NULL fits everything. */
static const struct {
	const char *type, *category, *code, *display;
} allergy_kinds[] = {
    {"allergy", "medication", "416098002", "Allergy to drug"},
    {"allergy", "food", "414285001", "Allergy to food"},
    {"allergy", NULL, "419199007", "Allergy to substance"},
    {"intolerance", "medication", "59037007", "Intolerance to drug"},
    {"intolerance", "food", "235719002", "Intolerance to food"},
    {NULL, "medication", "419511003", "Propensity to adverse reactions to drug"},
    {NULL, "food", "418471000", "Propensity to adverse reactions to food"},
    {NULL, NULL, "420134006", "Propensity to adverse reaction"},
};

static bool
has_category(const struct json_value *json, const char *category)
{
	json_each_item (json_get(json, "category"), one)
		if (str_equal(json_text(one), str_from_z(category)))
			return true;
	return false;
}

static void
allergy_kind(struct ccd_entry *e)
{
	str type = json_text_at(e->json, "type");
	size_t i = 0;

	while ((allergy_kinds[i].type && !str_equal(type, str_from_z(allergy_kinds[i].type))) ||
	       (allergy_kinds[i].category && !has_category(e->json, allergy_kinds[i].category)))
		i++;
	ccd_fixed_value(e->x, allergy_kinds[i].code, OID_SNOMED, allergy_kinds[i].display);
}

static void
allergy_substance(struct ccd_entry *e)
{
	const struct json_value *code = json_get(e->json, "code");

	xml_begin(e->x, "participant");
	xml_attribute(e->x, "typeCode", S("CSM"));
	xml_begin(e->x, "participantRole");
	xml_attribute(e->x, "classCode", S("MANU"));
	xml_begin(e->x, "playingEntity");
	xml_attribute(e->x, "classCode", S("MMAT"));
	ccd_concept(e, CONCEPT(.element = "code", .concept = code ? code : json_path(e->json, "reaction.0.substance"),
			   .anchor = ccd_name_anchor(e)));
	xml_end(e->x);
	xml_end(e->x);
	xml_end(e->x);
}

static void
reaction(struct ccd_entry *e, const struct json_value *reaction_, size_t n)
{
	json_each_item (json_get(reaction_, "manifestation"), manifestation) {
		ccd_relation_begin(e, "MFST", true);
		ccd_observation_begin(e, "EVN", "4.9", "2014-06-09");
		ccd_id(e, arena_printf(e->cx->arena, "reaction-%zu", n++).p);
		assertion(e);
		completed(e);
		if (json_get(reaction_, "onset"))
			ccd_span(e, &(struct ccd_span){.low = json_text_at(reaction_, "onset")});
		ccd_concept(e, CONCEPT(.element = "value", .type = "CD", .oid = OID_SNOMED, .concept = manifestation));
		severity(e, json_text_at(reaction_, "severity"));
		xml_end(e->x);
		xml_end(e->x);
	}
}

static const struct {
	const char *fhir, *code, *display;
} criticalities[] = {{"low", "CRITL", "low criticality"}, {"high", "CRITH", "high criticality"},
    {"unable-to-assess", "CRITU", "unable to assess criticality"}};

static void
criticality(struct ccd_entry *e)
{
	str code = json_text_at(e->json, "criticality");

	for (size_t i = 0; i < sizeof(criticalities) / sizeof(criticalities[0]); i++) {
		if (!str_equal(code, str_from_z(criticalities[i].fhir)))
			continue;
		ccd_relation_begin(e, "SUBJ", true);
		ccd_observation_begin(e, "EVN", "4.145", NULL);
		ccd_fixed(e->x, "code", "82606-5", OID_LOINC, "Allergy or intolerance criticality");
		completed(e);
		ccd_fixed_value(e->x, criticalities[i].code, "2.16.840.1.113883.5.1063", criticalities[i].display);
		xml_end(e->x);
		xml_end(e->x);
	}
}

fallible
ccd_allergy(struct ccd_entry *e)
{
	const struct json_value *author;
	str time = author_of(e, &author), onset = json_text_at(e->json, "onsetDateTime");
	size_t n = 0;

	concern_begin(e, "4.30", STR_NONE);
	TRY(ccd_author(e, author, time));
	ccd_relation_begin(e, "SUBJ", false);
	finding_begin(e, "4.7", "2014-06-09");
	assertion(e);
	ccd_text_reference(e);
	completed(e);
	ccd_span(e, &(struct ccd_span){.low = onset.n ? onset : json_text_at(e->json, "onsetPeriod.start"),
			.high = json_text_at(e->json, "onsetPeriod.end")});
	allergy_kind(e);
	TRY(ccd_author(e, author, time));
	allergy_substance(e);
	json_each_item (json_get(e->json, "reaction"), one)
		reaction(e, one, 100 * n++);
	criticality(e);
	xml_end(e->x);
	xml_end(e->x);
	xml_end(e->x);
	return NULL;
}

/* ---- problems ---- */

static void
problem_kind(struct ccd_entry *e)
{
	const char *code = "55607006", *display = "Problem", *loinc = "75326-9";

	json_each_item (json_get(e->json, "category"), category)
		if (ccd_concept_has(category, "encounter-diagnosis")) {
			code = "282291009";
			display = "Diagnosis interpretation";
			loinc = "29308-4";
		}
	xml_begin(e->x, "code");
	xml_attribute(e->x, "code", str_from_z(code));
	xml_attribute(e->x, "codeSystem", S(OID_SNOMED));
	xml_attribute(e->x, "codeSystemName", S("SNOMED CT"));
	xml_attribute(e->x, "displayName", str_from_z(display));
	ccd_fixed(e->x, "translation", loinc, OID_LOINC, display[0] == 'P' ? "Problem" : "Diagnosis");
	xml_end(e->x);
}

static const struct {
	const char *fhir, *code, *display;
} problem_states[] = {{"active", "55561003", "Active"}, {"recurrence", "55561003", "Active"},
    {"relapse", "55561003", "Active"}, {"inactive", "73425007", "Inactive"},
    {"remission", "277022003", "Remission phase"}, {"resolved", "413322009", "Problem resolved"}};

static void
problem_state(struct ccd_entry *e)
{
	str status = clinical_status(e);

	for (size_t i = 0; i < sizeof(problem_states) / sizeof(problem_states[0]); i++) {
		if (!str_equal(status, str_from_z(problem_states[i].fhir)))
			continue;
		ccd_relation_begin(e, "REFR", false);
		ccd_observation_begin(e, "EVN", "4.6", "2019-06-20");
		ccd_fixed(e->x, "code", "33999-4", OID_LOINC, "Status");
		completed(e);
		ccd_fixed_value(e->x, problem_states[i].code, OID_SNOMED, problem_states[i].display);
		xml_end(e->x);
		xml_end(e->x);
	}
}

static str
start_of(const struct json_value *json, const char *date, const char *period)
{
	str at = json_text_at(json, date);

	return at.n ? at : json_text_at(json, period);
}

fallible
ccd_problem(struct ccd_entry *e)
{
	const struct json_value *author;
	str time = author_of(e, &author), end = start_of(e->json, "abatementDateTime", "abatementPeriod.end");

	concern_begin(e, "4.3", end);
	TRY(ccd_author(e, author, time));
	ccd_relation_begin(e, "SUBJ", false);
	finding_begin(e, "4.4", "2015-08-01");
	problem_kind(e);
	ccd_text_reference(e);
	completed(e);
	ccd_span(e, &(struct ccd_span){.low = start_of(e->json, "onsetDateTime", "onsetPeriod.start"),
			.high = end,
			.over = str_equal(clinical_status(e), S("resolved"))});
	ccd_concept(e, CONCEPT(.element = "value", .type = "CD", .oid = OID_SNOMED,
			   .concept = json_get(e->json, "code"), .anchor = ccd_name_anchor(e)));
	json_each_item (json_get(e->json, "bodySite"), site)
		ccd_concept(e, CONCEPT(.element = "targetSiteCode", .oid = OID_SNOMED, .concept = site));
	TRY(ccd_author(e, author, time));
	severity(e, json_text_at(e->json, "severity.coding.0.code"));
	problem_state(e);
	xml_end(e->x);
	xml_end(e->x);
	xml_end(e->x);
	return NULL;
}

/* ---- reasons of other entries ---- */

void
ccd_indications(struct ccd_entry *e)
{
	size_t n = 0;

	json_each_item (json_get(e->json, "reasonCode"), reason) {
		ccd_relation_begin(e, "RSON", false);
		ccd_observation_begin(e, "EVN", "4.19", "2014-06-09");
		ccd_id(e, arena_printf(e->cx->arena, "reason-%zu", n++).p);
		ccd_fixed(e->x, "code", "55607006", OID_SNOMED, "Problem");
		completed(e);
		ccd_concept(e, CONCEPT(.element = "value", .type = "CD", .oid = OID_SNOMED, .concept = reason));
		xml_end(e->x);
		xml_end(e->x);
	}
}

/* ---- family history ---- */

static void
relative(struct ccd_entry *e)
{
	str sex = json_text_at(e->json, "sex.coding.0.code");

	xml_begin(e->x, "subject");
	xml_begin(e->x, "relatedSubject");
	xml_attribute(e->x, "classCode", S("PRS"));
	ccd_concept(e, CONCEPT(.element = "code", .concept = json_get(e->json, "relationship")));
	if (sex.n || json_get(e->json, "bornDate")) {
		xml_begin(e->x, "subject");
		if (str_equal(sex, S("male")) || str_equal(sex, S("female")))
			xml_empty(e->x, "administrativeGenderCode", "code", str_equal(sex, S("male")) ? S("M") : S("F"),
			    "codeSystem", S("2.16.840.1.113883.5.1"), NULL);
		else
			xml_empty(e->x, "administrativeGenderCode", "nullFlavor", S("UNK"), NULL);
		if (json_get(e->json, "bornDate"))
			ccd_time(e, "birthTime", json_text_at(e->json, "bornDate"));
		xml_end(e->x);
	}
	xml_end(e->x);
	xml_end(e->x);
}

static void
relatives_problem(struct ccd_entry *e, const struct json_value *condition, size_t n)
{
	xml_begin(e->x, "component");
	ccd_observation_begin(e, "EVN", "4.46", "2015-08-01");
	ccd_id(e, arena_printf(e->cx->arena, "condition-%zu", n).p);
	xml_begin(e->x, "code");
	xml_attribute(e->x, "code", S("55607006"));
	xml_attribute(e->x, "codeSystem", S(OID_SNOMED));
	xml_attribute(e->x, "displayName", S("Problem"));
	ccd_fixed(e->x, "translation", "75326-9", OID_LOINC, "Problem");
	xml_end(e->x);
	ccd_text_reference(e);
	completed(e);
	ccd_concept(
	    e, CONCEPT(.element = "value", .type = "CD", .oid = OID_SNOMED, .concept = json_get(condition, "code")));
	xml_end(e->x);
	xml_end(e->x);
}

fallible
ccd_family_history(struct ccd_entry *e)
{
	size_t n = 0;

	if (!json_count(
		json_get(e->json, "condition"))) /* the table says what there is: the entry asks for a condition */
		return NULL;
	xml_begin(e->x, "entry");
	xml_begin(e->x, "organizer");
	xml_attribute(e->x, "classCode", S("CLUSTER"));
	xml_attribute(e->x, "moodCode", S("EVN"));
	ccd_templates(e->x, "4.45", "2015-08-01");
	ccd_id(e, NULL);
	completed(e);
	relative(e);
	json_each_item (json_get(e->json, "condition"), condition)
		relatives_problem(e, condition, n++);
	xml_end(e->x);
	xml_end(e->x);
	return NULL;
}
