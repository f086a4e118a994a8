/* SPDX-License-Identifier: Apache-2.0 */
/* Which page a resource stands on.  One table tells it to the page of an entry, to the lists, and to searches of the index, so
 * that each resource has exactly one place everywhere. */
#include "care/record/record_class.h"
#include "care/record/record_kinds.h"

/* Of a type: the first row that fits. A row without codes takes the rest; the rest of a type without such a row, and every
 * other type, is in CLASS_OTHER. */
static const struct class_row {
	resource_type type;
	enum record_class class;
	const struct record_codes *codes; /* of its category */
} classes[] = {
    {RESOURCE_OBSERVATION, CLASS_VITALS, &RECORD_VITAL_SIGNS},
    {RESOURCE_OBSERVATION, CLASS_LABS, &RECORD_LAB_RESULTS},
    {RESOURCE_DIAGNOSTIC_REPORT, CLASS_LABS, &RECORD_LAB_REPORTS},
    {RESOURCE_DIAGNOSTIC_REPORT, CLASS_REPORTS, NULL},
    {RESOURCE_DOCUMENT_REFERENCE, CLASS_NOTES, &RECORD_NOTES},
    {RESOURCE_DOCUMENT_REFERENCE, CLASS_DOCUMENTS, NULL},
    {RESOURCE_IMAGING_STUDY, CLASS_REPORTS, NULL},
    {RESOURCE_MEDICATION_REQUEST, CLASS_MEDICINES, NULL},
    {RESOURCE_MEDICATION_STATEMENT, CLASS_MEDICINES, NULL},
    {RESOURCE_MEDICATION_DISPENSE, CLASS_MEDICINES, NULL},
    {RESOURCE_MEDICATION_ADMINISTRATION, CLASS_MEDICINES, NULL},
    {RESOURCE_CONDITION, CLASS_PROBLEMS, NULL},
    {RESOURCE_ALLERGY_INTOLERANCE, CLASS_ALLERGIES, NULL},
    {RESOURCE_IMMUNIZATION, CLASS_IMMUNIZATIONS, NULL},
    {RESOURCE_ENCOUNTER, CLASS_VISITS, NULL},
    {RESOURCE_APPOINTMENT, CLASS_VISITS, NULL},
    {RESOURCE_PROCEDURE, CLASS_PROCEDURES, NULL},
    {RESOURCE_COMPOSITION, CLASS_DOCUMENTS, NULL},
    {RESOURCE_MEDIA, CLASS_DOCUMENTS, NULL},
    {RESOURCE_DEVICE, CLASS_DEVICES, NULL},
    {RESOURCE_DEVICE_USE_STATEMENT, CLASS_DEVICES, NULL},
    {RESOURCE_CARE_PLAN, CLASS_PLANS, NULL},
    {RESOURCE_GOAL, CLASS_PLANS, NULL},
    {RESOURCE_CARE_TEAM, CLASS_CARE_TEAM, NULL},
    {RESOURCE_COVERAGE, CLASS_INSURANCE, NULL},
    {RESOURCE_PATIENT, CLASS_DETAILS, NULL},
    {RESOURCE_RELATED_PERSON, CLASS_DETAILS, NULL},
};
#define CLASS_COUNT (sizeof(classes) / sizeof(classes[0]))

enum record_class
record_class_of(resource_type type, const struct json_value *json)
{
	for (size_t i = 0; i < CLASS_COUNT; i++)
		if (classes[i].type == type && (!classes[i].codes || record_has_category(json, classes[i].codes)))
			return classes[i].class;
	return CLASS_OTHER;
}

bool
record_class_has_type(enum record_class class, resource_type type)
{
	bool all = false; /* a row takes what is left of the type */

	for (size_t i = 0; i < CLASS_COUNT; i++) {
		if (classes[i].type == type && classes[i].class == class)
			return true;
		all = all || (classes[i].type == type && !classes[i].codes);
	}
	return class == CLASS_OTHER && !all;
}

/* ---- searching ---- */

/* What is wanted stands before what is not: a search begins with the smaller set. */
size_t
record_class_filters(enum record_class class, resource_type type, struct resource_token_filter *out)
{
	size_t count = 0;

	for (size_t i = 0; i < CLASS_COUNT; i++) {
		const struct class_row *row = &classes[i];
		struct resource_token_filter filter = {.param = "category", .without = row->class != class};

		if (row->type != type)
			continue;
		if (row->codes) {
			filter.values = row->codes->items;
			filter.count = row->codes->count;
			out[count++] = filter;
		}
		if (row->class != class)
			continue;
		if (row->codes && count > 1) {
			out[count - 1] = out[0];
			out[0] = filter;
		}
		break;
	}
	return count;
}

bool
record_mistaken_filter(resource_type type, struct resource_token_filter *out)
{
	static const str mistaken[] = {S_INIT("entered-in-error")};
	static const char *const params[] = {"verification-status", "lifecycle-status", "status"};

	for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++)
		if (resource_has_param(type, params[i])) {
			*out = (struct resource_token_filter){.param = params[i], .values = mistaken, .count = 1};
			return true;
		}
	return false;
}

static const struct {
	resource_type type;
	const char *params[CLASS_DATES_MAX];
} dates[] = {
    {RESOURCE_OBSERVATION, {"date"}},
    {RESOURCE_DIAGNOSTIC_REPORT, {"date", "issued"}},
    {RESOURCE_CONDITION, {"onset-date", "recorded-date"}},
    {RESOURCE_ALLERGY_INTOLERANCE, {"date"}},
    {RESOURCE_MEDICATION_REQUEST, {"authoredon"}},
    {RESOURCE_MEDICATION_STATEMENT, {"effective"}},
    {RESOURCE_MEDICATION_DISPENSE, {"whenhandedover", "whenprepared"}},
    {RESOURCE_MEDICATION_ADMINISTRATION, {"effective-time"}},
    {RESOURCE_IMMUNIZATION, {"date"}},
    {RESOURCE_ENCOUNTER, {"date"}},
    {RESOURCE_APPOINTMENT, {"date"}},
    {RESOURCE_PROCEDURE, {"date"}},
    {RESOURCE_DOCUMENT_REFERENCE, {"date", "period"}},
    {RESOURCE_COMPOSITION, {"date"}},
    {RESOURCE_MEDIA, {"created"}},
    {RESOURCE_IMAGING_STUDY, {"started"}},
    {RESOURCE_DEVICE_REQUEST, {"authored-on"}},
    {RESOURCE_CARE_PLAN, {"date"}},
    {RESOURCE_CARE_TEAM, {"date"}},
    {RESOURCE_GOAL, {"start-date"}},
    {RESOURCE_FAMILY_MEMBER_HISTORY, {"date"}},
    {RESOURCE_CLAIM, {"created"}},
    {RESOURCE_EXPLANATION_OF_BENEFIT, {"created"}},
    {RESOURCE_SERVICE_REQUEST, {"authored"}},
    {RESOURCE_QUESTIONNAIRE_RESPONSE, {"authored"}},
};

size_t
record_class_dates(resource_type type, const char **out)
{
	size_t count = 0;

	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++)
		for (size_t j = 0; dates[i].type == type && j < CLASS_DATES_MAX && dates[i].params[j]; j++)
			out[count++] = dates[i].params[j];
	return count;
}
