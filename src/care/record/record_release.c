/* SPDX-License-Identifier: Apache-2.0 */
/* Which release class a resource is of, and how the rules stand for it.  Rules only. */
#include "care/record/record_release.h"
#include "care/record/record_view_internal.h"

/* ---- classes ---- */

/* Codes of categories: HL7 v2 table 0074 (diagnostic service sections), FHIR observation-category, LOINC parts of US Core. */
static const struct {
	str code;
	enum release_class class;
} categories[] = {
    {S_INIT("PAT"), RELEASE_PATHOLOGY},
    {S_INIT("SP"), RELEASE_PATHOLOGY},
    {S_INIT("CP"), RELEASE_PATHOLOGY},
    {S_INIT("LP7839-6"), RELEASE_PATHOLOGY},
    {S_INIT("MB"), RELEASE_MICROBIOLOGY},
    {S_INIT("MCB"), RELEASE_MICROBIOLOGY},
    {S_INIT("MYC"), RELEASE_MICROBIOLOGY},
    {S_INIT("PAR"), RELEASE_MICROBIOLOGY},
    {S_INIT("VR"), RELEASE_MICROBIOLOGY},
    {S_INIT("EC"), RELEASE_HEART},
    {S_INIT("CUS"), RELEASE_HEART},
    {S_INIT("CTH"), RELEASE_HEART},
    {S_INIT("LP29708-2"), RELEASE_HEART},
    {S_INIT("RAD"), RELEASE_IMAGING},
    {S_INIT("RX"), RELEASE_IMAGING},
    {S_INIT("RUS"), RELEASE_IMAGING},
    {S_INIT("CT"), RELEASE_IMAGING},
    {S_INIT("NMR"), RELEASE_IMAGING},
    {S_INIT("NMS"), RELEASE_IMAGING},
    {S_INIT("OUS"), RELEASE_IMAGING},
    {S_INIT("VUS"), RELEASE_IMAGING},
    {S_INIT("XRC"), RELEASE_IMAGING},
    {S_INIT("LP29684-5"), RELEASE_IMAGING},
    {S_INIT("imaging"), RELEASE_IMAGING},
    {S_INIT("laboratory"), RELEASE_LABS},
    {S_INIT("LAB"), RELEASE_LABS},
    {S_INIT("CH"), RELEASE_LABS},
    {S_INIT("HM"), RELEASE_LABS},
    {S_INIT("BG"), RELEASE_LABS},
    {S_INIT("BLB"), RELEASE_LABS},
    {S_INIT("CG"), RELEASE_LABS},
    {S_INIT("GE"), RELEASE_LABS},
    {S_INIT("IMM"), RELEASE_LABS},
    {S_INIT("SR"), RELEASE_LABS},
    {S_INIT("TX"), RELEASE_LABS},
    {S_INIT("OSL"), RELEASE_LABS},
};
#define CATEGORY_COUNT (sizeof(categories) / sizeof(categories[0]))

#define DISCHARGE_SUMMARY "18842-5" /* LOINC */

static bool
has_category(const struct json_value *json, str code)
{
	json_each_item (json_get(json, "category"), category)
		if (record_concept_has(category, code))
			return true;
	return false;
}

/* The special section counts before "laboratory", which many reports bear beside it: the table is in that order. */
static enum release_class
class_by_category(const struct json_value *json)
{
	for (size_t i = 0; i < CATEGORY_COUNT; i++)
		if (has_category(json, categories[i].code))
			return categories[i].class;
	return 0;
}

/* What charting writes of conversations names the conversation. */
static bool
is_made_from_messages(const struct json_value *json)
{
	json_each_item (json_path(json, "context.related"), related)
		if (str_equal(json_text_at(related, "type"), S("Communication")))
			return true;
	return false;
}

static enum release_class
class_of_document(const struct json_value *json)
{
	if (is_made_from_messages(json))
		return RELEASE_MESSAGE_NOTES;
	if (record_concept_has(json_get(json, "type"), S(DISCHARGE_SUMMARY)))
		return RELEASE_DISCHARGE;
	return has_category(json, S("clinical-note")) ? RELEASE_NOTES : RELEASE_DOCUMENTS;
}

enum release_class
release_class_of(resource_type type, const struct json_value *json)
{
	enum release_class class;

	switch (type) {
	case RESOURCE_OBSERVATION: return class_by_category(json);
	case RESOURCE_DIAGNOSTIC_REPORT: return (class = class_by_category(json)) ? class : RELEASE_REPORTS;
	case RESOURCE_IMAGING_STUDY: return RELEASE_IMAGING;
	case RESOURCE_DOCUMENT_REFERENCE: return class_of_document(json);
	case RESOURCE_COMPOSITION:
	case RESOURCE_MEDIA: return RELEASE_DOCUMENTS;
	case RESOURCE_CONDITION: return RELEASE_PROBLEMS;
	default: return 0;
	}
}

/* ---- dates ---- */

/* From when a delay counts: when it was issued, signed or entered, and never later than it came here. */
static instant
issued(const struct release_case *subject)
{
	static const char *const members[] = {"issued", "recordedDate", "date", "started", "effectiveDateTime"};
	struct fhir_date date;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (fhir_date_parse(FHIR_DATETIME, json_text_at(subject->json, members[i]), &date))
			return instant_before(date.low, subject->arrived) ? date.low : subject->arrived;
	return subject->arrived;
}

/* ---- codes ---- */

/* "5221-7" fits it under any system, "http://loinc.org|5221-7" under this one. */
static bool
concept_fits(const struct json_value *concept, str code)
{
	str system = STR_NONE, bare = code;
	size_t bar;

	if (str_find(code, S("|"), &bar)) {
		system = str_take(code, bar);
		bare = str_drop(code, bar + 1);
	}
	json_each_item (json_get(concept, "coding"), coding)
		if (str_equal(json_text_at(coding, "code"), bare) &&
		    (!system.n || str_equal(json_text_at(coding, "system"), system)))
			return true;
	return false;
}

static bool
has_code(const struct json_value *json, str code)
{
	if (concept_fits(json_get(json, "code"), code) || concept_fits(json_get(json, "type"), code))
		return true;
	json_each_item (json_get(json, "component"), component)
		if (concept_fits(json_get(component, "code"), code))
			return true;
	json_each_item (json_get(json, "procedureCode"), procedure)
		if (concept_fits(procedure, code))
			return true;
	return false;
}

/* ---- the rules ---- */

/* The facility's rule for one of its codes, else for its class; or the patient's choice for its class. NULL: none. */
static const struct release_rule *
find_rule(
    const struct release_rule *rules, size_t count, enum release_class class, const struct json_value *json, bool own)
{
	const struct release_rule *found = NULL;

	for (size_t i = 0; i < count; i++)
		if (rules[i].own == own && rules[i].class == (int64_t) class &&
		    (rules[i].code.n ? has_code(json, rules[i].code) : !found))
			found = &rules[i];
	return found;
}

static struct release_standing
after_hours(const struct release_rule *rule, const struct release_case *subject, enum release_state state, instant now)
{
	instant until = {issued(subject).ms + rule->hours * HOUR_MS};

	return (struct release_standing){.state = instant_before(now, until) ? state : RELEASE_OPEN,
	    .mode = RELEASE_AFTER,
	    .own = rule->own,
	    .until = until};
}

static struct release_standing
until_opened(const struct release_rule *rule, const struct release_case *subject, bool opened)
{
	bool before = !instant_before(rule->since, subject->arrived);

	return (struct release_standing){.state = before || opened ? RELEASE_OPEN : RELEASE_WAITS,
	    .mode = (enum release_mode)rule->mode,
	    .own = rule->own,
	    .until = INSTANT_NONE};
}

static struct release_standing
judge_own(const struct release_rule *rule, const struct release_case *subject, instant now)
{
	bool opened = subject->passed_patient;

	switch ((enum release_mode)rule->mode) {
	case RELEASE_AFTER:
		if (opened || subject->passed_team)
			break;
		return after_hours(rule, subject, RELEASE_WAITS, now);
	case RELEASE_DISCUSSED: return until_opened(rule, subject, opened || subject->passed_team);
	case RELEASE_ASK: return until_opened(rule, subject, opened);
	case RELEASE_AT_ONCE: break;
	}
	return (struct release_standing){.state = RELEASE_OPEN};
}

struct release_standing
release_judge(const struct release_rule *rules, size_t count, const struct release_case *subject, instant now)
{
	enum release_class class = release_class_of(subject->type, subject->json);
	const struct release_rule *facility, *own;
	struct release_standing standing = {.state = RELEASE_OPEN};

	if (!class)
		return standing;
	facility = find_rule(rules, count, class, subject->json, false);
	own = find_rule(rules, count, class, subject->json, true);
	if (facility && facility->mode == RELEASE_AFTER && !subject->passed_team)
		standing = after_hours(facility, subject, RELEASE_HELD, now);
	if (standing.state == RELEASE_OPEN && own)
		return judge_own(own, subject, now);
	if (standing.state == RELEASE_OPEN && facility && facility->mode == RELEASE_ASK)
		return until_opened(facility, subject, subject->passed_patient);
	return standing;
}
