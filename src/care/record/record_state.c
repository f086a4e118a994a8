/* SPDX-License-Identifier: Apache-2.0 */
/* Status codes of resources in words, and what they mean for lists: current, planned, entered by mistake. */
#include "care/record/record_view_internal.h"

enum meaning { PAST, CURRENT, PLANNED };

/* The first row that fits; type 0 fits every type. */
static const struct {
	resource_type type;
	const char *code, *words;
	enum status_kind kind;
	enum meaning meaning;
} states[] = {
    {RESOURCE_CONDITION, "active", TR("current"), STATUS_NEW, CURRENT},
    {RESOURCE_CONDITION, "recurrence", TR("came back"), STATUS_NEW, CURRENT},
    {RESOURCE_CONDITION, "relapse", TR("came back"), STATUS_NEW, CURRENT},
    {RESOURCE_CONDITION, "inactive", TR("not active"), STATUS_PLAIN, PAST},
    {RESOURCE_CONDITION, "remission", TR("in remission"), STATUS_PLAIN, PAST},
    {RESOURCE_CONDITION, "resolved", TR("over"), STATUS_GOOD, PAST},
    {RESOURCE_ALLERGY_INTOLERANCE, "active", TR("current"), STATUS_WARNING, CURRENT},
    {RESOURCE_ALLERGY_INTOLERANCE, "inactive", TR("not active"), STATUS_PLAIN, PAST},
    {RESOURCE_ALLERGY_INTOLERANCE, "resolved", TR("over"), STATUS_GOOD, PAST},
    {RESOURCE_MEDICATION_REQUEST, "active", TR("in use"), STATUS_GOOD, CURRENT},
    {RESOURCE_MEDICATION_STATEMENT, "active", TR("in use"), STATUS_GOOD, CURRENT},
    {RESOURCE_MEDICATION_REQUEST, "completed", TR("finished"), STATUS_PLAIN, PAST},
    {RESOURCE_MEDICATION_STATEMENT, "completed", TR("finished"), STATUS_PLAIN, PAST},
    {RESOURCE_MEDICATION_STATEMENT, "intended", TR("planned"), STATUS_PLAIN, CURRENT},
    {RESOURCE_MEDICATION_STATEMENT, "not-taken", TR("not taken"), STATUS_PLAIN, PAST},
    {RESOURCE_MEDICATION_DISPENSE, "completed", TR("handed out"), STATUS_PLAIN, PAST},
    {RESOURCE_MEDICATION_ADMINISTRATION, "completed", TR("given"), STATUS_PLAIN, PAST},
    {RESOURCE_IMMUNIZATION, "completed", TR("given"), STATUS_GOOD, PAST},
    {RESOURCE_IMMUNIZATION, "not-done", TR("not given"), STATUS_PLAIN, PAST},
    {RESOURCE_ENCOUNTER, "planned", TR("planned"), STATUS_NEW, PLANNED},
    {RESOURCE_ENCOUNTER, "arrived", TR("now"), STATUS_NEW, CURRENT},
    {RESOURCE_ENCOUNTER, "triaged", TR("now"), STATUS_NEW, CURRENT},
    {RESOURCE_ENCOUNTER, "in-progress", TR("now"), STATUS_NEW, CURRENT},
    {RESOURCE_ENCOUNTER, "onleave", TR("on leave"), STATUS_PLAIN, CURRENT},
    {RESOURCE_ENCOUNTER, "finished", NULL, STATUS_PLAIN, PAST}, /* what is over needs no word */
    {RESOURCE_APPOINTMENT, "proposed", TR("proposed"), STATUS_NEW, PLANNED},
    {RESOURCE_APPOINTMENT, "pending", TR("waiting to be confirmed"), STATUS_NEW, PLANNED},
    {RESOURCE_APPOINTMENT, "booked", TR("booked"), STATUS_GOOD, PLANNED},
    {RESOURCE_APPOINTMENT, "waitlist", TR("on the waiting list"), STATUS_NEW, PLANNED},
    {RESOURCE_APPOINTMENT, "arrived", TR("now"), STATUS_NEW, CURRENT},
    {RESOURCE_APPOINTMENT, "checked-in", TR("now"), STATUS_NEW, CURRENT},
    {RESOURCE_APPOINTMENT, "fulfilled", NULL, STATUS_PLAIN, PAST},
    {RESOURCE_APPOINTMENT, "noshow", TR("missed"), STATUS_PLAIN, PAST},
    {RESOURCE_PROCEDURE, "completed", NULL, STATUS_PLAIN, PAST},
    {RESOURCE_PROCEDURE, "preparation", TR("planned"), STATUS_NEW, PLANNED},
    {RESOURCE_PROCEDURE, "in-progress", TR("now"), STATUS_NEW, CURRENT},
    {RESOURCE_PROCEDURE, "not-done", TR("not done"), STATUS_PLAIN, PAST},
    {RESOURCE_OBSERVATION, "registered", TR("not ready yet"), STATUS_NEW, CURRENT},
    {RESOURCE_OBSERVATION, "preliminary", TR("first result, not final"), STATUS_NEW, CURRENT},
    {RESOURCE_OBSERVATION, "final", NULL, STATUS_PLAIN, PAST},
    {RESOURCE_DIAGNOSTIC_REPORT, "registered", TR("not ready yet"), STATUS_NEW, CURRENT},
    {RESOURCE_DIAGNOSTIC_REPORT, "partial", TR("first part, not final"), STATUS_NEW, CURRENT},
    {RESOURCE_DIAGNOSTIC_REPORT, "preliminary", TR("first result, not final"), STATUS_NEW, CURRENT},
    {RESOURCE_DIAGNOSTIC_REPORT, "final", NULL, STATUS_PLAIN, PAST},
    {RESOURCE_DOCUMENT_REFERENCE, "current", NULL, STATUS_PLAIN, PAST},
    {RESOURCE_DOCUMENT_REFERENCE, "superseded", TR("replaced by a newer one"), STATUS_PLAIN, PAST},
    {RESOURCE_IMAGING_STUDY, "available", NULL, STATUS_PLAIN, PAST},
    {RESOURCE_GOAL, "active", TR("working on it"), STATUS_NEW, CURRENT},
    {RESOURCE_GOAL, "accepted", TR("agreed"), STATUS_NEW, CURRENT},
    {RESOURCE_GOAL, "proposed", TR("proposed"), STATUS_NEW, CURRENT},
    {0, "active", TR("active"), STATUS_NEW, CURRENT},
    {0, "inactive", TR("not active"), STATUS_PLAIN, PAST},
    {0, "draft", TR("draft"), STATUS_PLAIN, PAST},
    {0, "planned", TR("planned"), STATUS_NEW, PLANNED},
    {0, "in-progress", TR("now"), STATUS_NEW, CURRENT},
    {0, "on-hold", TR("paused"), STATUS_WARNING, CURRENT},
    {0, "suspended", TR("paused"), STATUS_WARNING, PAST},
    {0, "cancelled", TR("canceled"), STATUS_PLAIN, PAST},
    {0, "stopped", TR("stopped"), STATUS_PLAIN, PAST},
    {0, "revoked", TR("canceled"), STATUS_PLAIN, PAST},
    {0, "rejected", TR("canceled"), STATUS_PLAIN, PAST},
    {0, "completed", TR("finished"), STATUS_PLAIN, PAST},
    {0, "amended", TR("corrected"), STATUS_NEW, PAST},
    {0, "corrected", TR("corrected"), STATUS_NEW, PAST},
    {0, "appended", TR("added to"), STATUS_NEW, PAST},
    {0, "superseded", TR("replaced by a newer one"), STATUS_PLAIN, PAST},
    {0, "unknown", TR("status not known"), STATUS_PLAIN, PAST},
};
#define STATE_COUNT (sizeof(states) / sizeof(states[0]))

static void
apply(const struct page_cx *px, resource_type type, str code, struct record_item *out)
{
	for (size_t i = 0; i < STATE_COUNT; i++) {
		if ((states[i].type && states[i].type != type) || !str_equal(code, str_from_z(states[i].code)))
			continue;
		out->current = states[i].meaning == CURRENT;
		out->planned = states[i].meaning == PLANNED;
		if (states[i].words && !out->state.p) {
			out->state = tr(px->lang, states[i].words);
			out->state_kind = states[i].kind;
		}
		return;
	}
}

size_t
record_current_codes(resource_type type, str *out, size_t count_max)
{
	size_t count = 0;

	for (size_t i = 0; i < STATE_COUNT && count < count_max; i++)
		if (states[i].meaning == CURRENT && (!states[i].type || states[i].type == type))
			out[count++] = str_from_z(states[i].code);
	return count;
}

const char *
record_status_param(resource_type type)
{
	static const char *const params[] = {"clinical-status", "lifecycle-status", "status"};

	for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++)
		if (resource_has_param(type, params[i]))
			return params[i];
	return NULL;
}

static str
first_code(const struct json_value *concept)
{
	return json_text_at(concept, "coding.0.code");
}

void
record_state_read(const struct page_cx *px, resource_type type, const struct json_value *json, struct record_item *out)
{
	const struct json_value *verification = json_get(json, "verificationStatus");
	str code = json_text_at(json, "status");

	if (json_get(json, "clinicalStatus"))
		code = first_code(json_get(json, "clinicalStatus"));
	if (json_get(json, "lifecycleStatus"))
		code = json_text_at(json, "lifecycleStatus");
	out->mistaken = str_equal(code, S("entered-in-error")) ||
	                record_concept_has(verification, S("entered-in-error")) ||
	                str_equal(json_text_at(json, "docStatus"), S("entered-in-error"));
	apply(px, type, code, out);
	if (record_concept_has(verification, S("refuted"))) {
		out->state = T("ruled out");
		out->state_kind = STATUS_PLAIN;
		out->current = false;
	} else if (record_concept_has(verification, S("unconfirmed")) ||
		   record_concept_has(verification, S("provisional")) ||
		   record_concept_has(verification, S("differential"))) {
		out->state = T("not confirmed");
		out->state_kind = STATUS_PLAIN;
	}
}

static const struct {
	const char *code, *words;
} code_words[] = {
    {"AMB", TR("Visit at the clinic")},
    {"EMER", TR("Emergency visit")},
    {"IMP", TR("Hospital stay")},
    {"ACUTE", TR("Hospital stay")},
    {"NONAC", TR("Hospital stay")},
    {"SS", TR("Short hospital stay")},
    {"OBSENC", TR("Hospital observation")},
    {"HH", TR("Visit at home")},
    {"FLD", TR("Visit outside of the clinic")},
    {"VR", TR("Visit by phone or video")},
    {"ambulatory", TR("Visit at the clinic")},
    {"outpatient", TR("Visit at the clinic")},
    {"emergency", TR("Emergency visit")},
    {"urgentcare", TR("Urgent care visit")},
    {"inpatient", TR("Hospital stay")},
    {"wellness", TR("Wellness visit")},
    {"virtual", TR("Visit by phone or video")},
    {"food", TR("food")},
    {"medication", TR("medicine")},
    {"environment", TR("surroundings")},
    {"biologic", TR("biologic")},
    {"allergy", TR("allergy")},
    {"intolerance", TR("intolerance")},
    {"low", TR("low")},
    {"high", TR("high")},
    {"unable-to-assess", TR("not known")},
    {"mild", TR("mild")},
    {"moderate", TR("moderate")},
    {"severe", TR("severe")},
    {"male", TR("male")},
    {"female", TR("female")},
    {"other", TR("other")},
    {"unknown", TR("not known")},
    {"order", TR("ordered")},
    {"plan", TR("planned")},
    {"proposal", TR("proposed")},
};

str
record_code_words(const struct page_cx *px, str code)
{
	for (size_t i = 0; i < sizeof(code_words) / sizeof(code_words[0]); i++)
		if (str_equal(code, str_from_z(code_words[i].code)))
			return tr(px->lang, code_words[i].words);
	return STR_NONE;
}
