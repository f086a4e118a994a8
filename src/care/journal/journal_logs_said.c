/* SPDX-License-Identifier: Apache-2.0 */
/* The logs of what a person knows and does: history, medicines, people, food, activity, goals.  What FHIR has a place for stands there;
 * the rest are extensions. */
#include "care/journal/journal.h"
#include "care/journal/journal_codes.h"
#include "platform/pages/i18n.h"

static const struct journal_unit percent[] = {{"%", "%", 1, 0, 1, 0}};
static const struct journal_unit glasses[] = {{"{glass}", TR("glasses"), 1, 0, 1, 0}};
static const struct journal_unit amount[] = {{"1", "", 1, 0, 1, 2}};
#define UNITS(list)                                                        \
	{                                                                  \
		.items = (list), .count = sizeof(list) / sizeof((list)[0]) \
	}
static const struct journal_units PERCENT = UNITS(percent), GLASSES = UNITS(glasses), AMOUNT = UNITS(amount);

#define NOTE(path)                                                                          \
	{                                                                                   \
		"comments", TR("Comments"), FIELD_LONG, SHAPE_PLAIN, (path), .detail = true \
	}
#define NOTE_APART                                                                            \
	{                                                                                     \
		"comments", TR("Comments"), FIELD_LONG, SHAPE_EXTENSION, NULL, .detail = true \
	}
#define EXTRA(name, label, kind, ...)                                   \
	{                                                               \
		name, label, kind, SHAPE_EXTENSION, NULL, ##__VA_ARGS__ \
	}

static const struct journal_field medicines[] = {
    {"name", TR("Name of the medicine or supplement"), FIELD_TEXT, SHAPE_CONCEPT, "medicationCodeableConcept",
	.required = true},
    {"kind", TR("What kind it is"), FIELD_CODE, SHAPE_CONCEPT, "category", .codes = &JOURNAL_MEDICINE_KINDS},
    {"dose", TR("How much, and how often"), FIELD_TEXT, SHAPE_PLAIN, "dosage.0.text"},
    {"state", TR("Do you take it?"), FIELD_CODE, SHAPE_PLAIN, "status", .required = true,
	.codes = &JOURNAL_MEDICINE_STATES, .preset = "active"},
    {"reason", TR("What for"), FIELD_TEXT, SHAPE_CONCEPT, "reasonCode.0"},
    {"start", TR("Since when"), FIELD_DAY, SHAPE_PLAIN, "effectivePeriod.start"},
    {"stop", TR("Until when"), FIELD_DAY, SHAPE_PLAIN, "effectivePeriod.end", .detail = true},
    EXTRA("prescriber", TR("Who prescribed it"), FIELD_TEXT, .detail = true),
    EXTRA("pharmacy", TR("Pharmacy"), FIELD_TEXT, .detail = true),
    NOTE("note.0.text"),
};
static const struct journal_field allergies[] = {
    {"name", TR("What you are allergic to"), FIELD_TEXT, SHAPE_CONCEPT, "code", .required = true},
    {"reaction", TR("What happens"), FIELD_TEXT, SHAPE_CONCEPT, "reaction.0.manifestation.0"},
    {"severity", TR("How bad it is"), FIELD_CODE, SHAPE_PLAIN, "reaction.0.severity", .codes = &JOURNAL_SEVERITIES},
    EXTRA("diagnosed", TR("Did a doctor or nurse confirm it?"), FIELD_YES),
    {"day", TR("Since when"), FIELD_DAY, SHAPE_PLAIN, "onsetDateTime"},
    NOTE("note.0.text"),
};
static const struct journal_field immunizations[] = {
    {"vaccine", TR("Vaccine"), FIELD_CODE, SHAPE_CONCEPT, "vaccineCode", .required = true, .codes = &JOURNAL_VACCINES},
    EXTRA("other-vaccine", TR("Which other vaccine"), FIELD_TEXT),
    {"day", TR("When"), FIELD_DAY, SHAPE_PLAIN, "occurrenceDateTime", .required = true},
    {"method", TR("How it was given"), FIELD_CODE, SHAPE_CONCEPT, "route", .codes = &JOURNAL_VACCINE_METHODS,
	.detail = true},
    EXTRA("reactions", TR("What happened after it"), FIELD_CODES, .codes = &JOURNAL_VACCINE_REACTIONS, .detail = true),
    EXTRA("place", TR("Where you got it"), FIELD_TEXT, .detail = true),
    NOTE("note.0.text"),
};
static const struct journal_field family[] = {
    {"relationship", TR("Who it is"), FIELD_CODE, SHAPE_CONCEPT, "relationship", .required = true,
	.codes = &JOURNAL_RELATIONSHIPS},
    {"name", TR("Name"), FIELD_TEXT, SHAPE_PLAIN, "name"},
    EXTRA("living", TR("Living or deceased"), FIELD_CODE, .codes = &JOURNAL_LIVING),
    {"issues", TR("Health issues"), FIELD_CODES, SHAPE_LIST, "condition", .codes = &JOURNAL_ISSUES},
    EXTRA("other-issues", TR("Other health issues"), FIELD_LONG),
    NOTE("note.0.text"),
};
static const struct journal_field events[] = {
    {"event", TR("What it was"), FIELD_TEXT, SHAPE_CONCEPT, "code", .required = true,
	.hint = TR("An illness, an accident, an operation.")},
    {"start", TR("When it began"), FIELD_DAY, SHAPE_PLAIN, "onsetDateTime", .required = true},
    {"stop", TR("When it was over"), FIELD_DAY, SHAPE_PLAIN, "abatementDateTime"},
    EXTRA("response", TR("What was done about it, and how you responded"), FIELD_LONG),
    NOTE("note.0.text"),
};
static const struct journal_field tests[] = {
    {"name", TR("Name of the test"), FIELD_TEXT, SHAPE_CONCEPT, "code", .required = true},
    {"day", TR("When"), FIELD_DAY, SHAPE_PLAIN, "effectiveDateTime", .required = true},
    {"results", TR("Results"), FIELD_LONG, SHAPE_PLAIN, "valueString", .required = true},
    EXTRA("place", TR("Where it was done"), FIELD_TEXT),
    EXTRA("provider", TR("Who ordered it"), FIELD_TEXT),
    NOTE("note.0.text"),
};
static const struct journal_field military[] = {
    {"event", TR("Title"), FIELD_TEXT, SHAPE_PLAIN, "valueString", .required = true,
	.hint = TR("Such as a deployment or a duty station.")},
    {"day", TR("When"), FIELD_DAY, SHAPE_PLAIN, "effectiveDateTime", .required = true},
    {"branch", TR("Branch of service"), FIELD_CODE, SHAPE_COMPONENT, .codes = &JOURNAL_BRANCHES},
    {"rank", TR("Rank"), FIELD_TEXT, SHAPE_COMPONENT},
    {"location", TR("Where it was"), FIELD_CODE, SHAPE_COMPONENT, .codes = &JOURNAL_PLACES},
    {"occupation", TR("Occupational specialty (MOS, AFSC, rating)"), FIELD_TEXT, SHAPE_COMPONENT},
    {"assignment", TR("Assignment"), FIELD_TEXT, SHAPE_COMPONENT},
    {"exposures", TR("What you were exposed to"), FIELD_LONG, SHAPE_COMPONENT},
    {"experience", TR("What you did and went through"), FIELD_LONG, SHAPE_COMPONENT},
    NOTE("note.0.text"),
};
static const struct journal_field food[] = {
    {"meal", TR("Meal"), FIELD_CODE, SHAPE_COMPONENT, .required = true, .codes = &JOURNAL_FOOD_MEALS},
    {"item", TR("What you ate or drank"), FIELD_TEXT, SHAPE_PLAIN, "valueString"},
    {"day", TR("Day"), FIELD_DAY, SHAPE_PLAIN, "effectiveDateTime", .required = true},
    {"quantity", TR("How much"), FIELD_NUMBER, SHAPE_COMPONENT, .units = &AMOUNT, .low = 0, .high = 2000},
    {"serving", TR("Measured in"), FIELD_TEXT, SHAPE_COMPONENT, .hint = TR("Such as cups, slices or grams.")},
    {"preparation", TR("How it was prepared"), FIELD_CODE, SHAPE_COMPONENT, .codes = &JOURNAL_PREPARATIONS,
	.detail = true},
    {"water", TR("Glasses of water this day"), FIELD_NUMBER, SHAPE_COMPONENT, .units = &GLASSES, .low = 0, .high = 20},
    NOTE("note.0.text"),
};
static const struct journal_field activity[] = {
    {"activity", TR("What you did"), FIELD_TEXT, SHAPE_PLAIN, "valueString", .required = true},
    {"day", TR("Day"), FIELD_DAY, SHAPE_PLAIN, "effectiveDateTime", .required = true},
    {"amount", TR("How long or how far"), FIELD_NUMBER, SHAPE_COMPONENT, .units = &AMOUNT, .low = 0, .high = 50000},
    {"measure", TR("Measured in"), FIELD_CODE, SHAPE_COMPONENT, .codes = &JOURNAL_MEASURES_OF},
    {"kind", TR("Kind"), FIELD_CODE, SHAPE_COMPONENT, .codes = &JOURNAL_ACTIVITY_TYPES},
    {"intensity", TR("How hard it was"), FIELD_CODE, SHAPE_COMPONENT, .codes = &JOURNAL_INTENSITIES},
    {"sets", TR("Sets"), FIELD_NUMBER, SHAPE_COMPONENT, .units = &AMOUNT, .low = 0, .high = 50, .detail = true},
    {"repetitions", TR("Repetitions"), FIELD_NUMBER, SHAPE_COMPONENT, .units = &AMOUNT, .low = 0, .high = 500,
	.detail = true},
    {"time", TR("Time of day"), FIELD_CODE, SHAPE_COMPONENT, .codes = &JOURNAL_DAY_TIMES, .detail = true},
    NOTE("note.0.text"),
};
static const struct journal_field goals[] = {
    {"goal", TR("What you want to reach"), FIELD_TEXT, SHAPE_CONCEPT, "description", .required = true},
    {"area", TR("What it is about"), FIELD_CODE, SHAPE_CONCEPT, "category.0", .codes = &JOURNAL_GOAL_AREAS},
    {"steps", TR("Steps on the way"), FIELD_LONG, SHAPE_EXTENSION, NULL, .hint = TR("One step in each line.")},
    {"progress", TR("How far you are"), FIELD_NUMBER, SHAPE_EXTENSION, NULL, .units = &PERCENT, .low = 0, .high = 100},
    {"state", TR("How it stands"), FIELD_CODE, SHAPE_PLAIN, "lifecycleStatus", .required = true,
	.codes = &JOURNAL_GOAL_STATES, .preset = "active"},
    {"start", TR("Since when"), FIELD_DAY, SHAPE_PLAIN, "startDate"},
    {"due", TR("Until when"), FIELD_DAY, SHAPE_PLAIN, "target.0.dueDate"},
    {"obstacles", TR("What makes it hard, and what helps"), FIELD_LONG, SHAPE_EXTENSION, NULL, .detail = true},
    NOTE("note.0.text"),
};
static const struct journal_field providers[] = {
    {"name", TR("Name"), FIELD_TEXT, SHAPE_PLAIN, "name", .required = true},
    {"type", TR("What they are"), FIELD_CODE, SHAPE_CONCEPT, "participant.0.role.0", .codes = &JOURNAL_PROVIDER_TYPES},
    EXTRA("other-type", TR("Which other kind"), FIELD_TEXT),
    {"phone", TR("Telephone"), FIELD_TEXT, SHAPE_PLAIN, "telecom.0.value"},
    EXTRA("extension", TR("Extension"), FIELD_TEXT, .detail = true),
    EXTRA("email", TR("E-mail"), FIELD_TEXT, .detail = true),
    NOTE("note.0.text"),
};
static const struct journal_field insurance[] = {
    {"company", TR("Insurance company"), FIELD_TEXT, SHAPE_PLAIN, "payor.0.display", .required = true},
    EXTRA("primary", TR("Is it your main insurance?"), FIELD_YES),
    {"number", TR("Member number"), FIELD_TEXT, SHAPE_PLAIN, "subscriberId"},
    EXTRA("group", TR("Group number"), FIELD_TEXT),
    {"insured", TR("Who is insured"), FIELD_TEXT, SHAPE_PLAIN, "policyHolder.display"},
    {"start", TR("Since when"), FIELD_DAY, SHAPE_PLAIN, "period.start"},
    {"stop", TR("Until when"), FIELD_DAY, SHAPE_PLAIN, "period.end"},
    EXTRA("approval-phone", TR("Telephone for approvals"), FIELD_TEXT, .detail = true),
    EXTRA("company-phone", TR("Telephone of the company"), FIELD_TEXT),
    NOTE_APART,
};
static const struct journal_field facilities[] = {
    EXTRA("name", TR("Name of the clinic or hospital"), FIELD_TEXT, .required = true),
    EXTRA("type", TR("Kind"), FIELD_CODE, .codes = &JOURNAL_FACILITY_TYPES),
    EXTRA("home", TR("Is it where you usually go?"), FIELD_YES),
    EXTRA("phone", TR("Telephone"), FIELD_TEXT),
    EXTRA("extension", TR("Extension"), FIELD_TEXT, .detail = true),
    EXTRA("fax", TR("Fax"), FIELD_TEXT, .detail = true),
    EXTRA("address", TR("Address"), FIELD_LONG),
    NOTE_APART,
};
static const struct journal_field about_me[] = {
    EXTRA("called", TR("How you want to be called"), FIELD_TEXT),
    EXTRA("relation", TR("Your relation to the VA"), FIELD_CODES, .codes = &JOURNAL_VA_RELATIONS, .detail = true),
    EXTRA("gender", TR("Gender"), FIELD_CODE, .codes = &JOURNAL_GENDERS),
    EXTRA("blood-type", TR("Blood type"), FIELD_CODE, .codes = &JOURNAL_BLOOD_TYPES),
    EXTRA("donor", TR("Are you an organ donor?"), FIELD_YES),
    EXTRA("born", TR("Date of birth"), FIELD_DAY, .detail = true),
    EXTRA("marital", TR("Married or single"), FIELD_CODE, .codes = &JOURNAL_MARITAL, .detail = true),
    EXTRA("occupation", TR("Occupation"), FIELD_TEXT, .detail = true),
    EXTRA("address", TR("Address"), FIELD_LONG),
    EXTRA("home-phone", TR("Home telephone"), FIELD_TEXT),
    EXTRA("mobile-phone", TR("Mobile telephone"), FIELD_TEXT),
    EXTRA("work-phone", TR("Work telephone"), FIELD_TEXT, .detail = true),
    EXTRA("pager", TR("Pager"), FIELD_TEXT, .detail = true),
    EXTRA("fax", TR("Fax"), FIELD_TEXT, .detail = true),
    EXTRA("email", TR("E-mail"), FIELD_TEXT),
    EXTRA("prefers", TR("How to reach you best"), FIELD_CODE, .codes = &JOURNAL_CONTACT_WAYS),
    NOTE_APART,
};
static const struct journal_field contacts[] = {
    {"name", TR("Name"), FIELD_TEXT, SHAPE_PLAIN, "name.0.text", .required = true},
    {"relation", TR("Who it is"), FIELD_CODE, SHAPE_CONCEPT, "relationship.1", .codes = &JOURNAL_CONTACT_RELATIONS},
    {"phone", TR("Telephone"), FIELD_TEXT, SHAPE_PLAIN, "telecom.0.value", .required = true},
    EXTRA("other-phone", TR("Another telephone"), FIELD_TEXT),
    EXTRA("email", TR("E-mail"), FIELD_TEXT, .detail = true),
    {"address", TR("Address"), FIELD_LONG, SHAPE_PLAIN, "address.0.text", .detail = true},
    NOTE_APART,
};

static const struct journal_field documents[] = {
    {"title", TR("What it is"), FIELD_TEXT, SHAPE_PLAIN, "description",
	.hint = TR("Such as “Letter from Dr. Lee”. When you leave it empty, it gets the name of the file.")},
    {"day", TR("Date"), FIELD_DAY, SHAPE_PLAIN, "context.period.start", .required = true,
	.hint = TR("Of the letter, or when the photo was taken.")},
    {"kind", TR("What kind it is"), FIELD_CODE, SHAPE_CONCEPT, "type", .codes = &JOURNAL_DOCUMENT_KINDS},
    EXTRA("from", TR("Who made it"), FIELD_TEXT, .detail = true),
    NOTE_APART,
};

/* What stands in a list of answers; the answers themselves are items of the QuestionnaireResponse. */
static const struct journal_field answers[] = {
    EXTRA("title", TR("Questionnaire"), FIELD_TEXT, .required = true),
    {"at", TR("When"), FIELD_TIME, SHAPE_PLAIN, "authored", .required = true},
    EXTRA("score", TR("Score"), FIELD_NUMBER, .units = &AMOUNT),
    EXTRA("meaning", TR("What the score says"), FIELD_TEXT),
    EXTRA("answers", TR("Answers"), FIELD_LONG),
    NOTE_APART,
};

/* ---- what every entry of a kind says ---- */

#define CLINICAL(system)                                                                            \
	{"clinicalStatus.coding.0.system", "\"http://terminology.hl7.org/CodeSystem/" system "\""}, \
	{                                                                                           \
		"clinicalStatus.coding.0.code", "\"active\""                                        \
	}
#define OBSERVED(category, display)                                                                           \
	{"status", "\"final\""},                                                                              \
	    {"category.0.coding.0.system", "\"http://terminology.hl7.org/CodeSystem/observation-category\""}, \
	    {"category.0.coding.0.code", "\"" category "\""},                                                 \
	{                                                                                                     \
		"category.0.coding.0.display", "\"" display "\""                                              \
	}
#define OWN_CODE(path, code_, text)                                                                    \
	{path ".coding.0.system", "\"" JOURNAL_SYSTEM "\""}, {path ".coding.0.code", "\"" code_ "\""}, \
	{                                                                                              \
		path ".text", "\"" text "\""                                                           \
	}

static const struct journal_constant allergies_are[] = {CLINICAL("allergyintolerance-clinical")};
static const struct journal_constant immunizations_are[] = {{"status", "\"completed\""}, {"primarySource", "false"}};
static const struct journal_constant documents_are[] = {{"status", "\"current\""}};
static const struct journal_constant answers_are[] = {{"status", "\"completed\""}};
static const struct journal_constant family_is[] = {{"status", "\"completed\""}};
static const struct journal_constant events_are[] = {CLINICAL("condition-clinical"),
    {"category.0.coding.0.system", "\"http://terminology.hl7.org/CodeSystem/condition-category\""},
    {"category.0.coding.0.code", "\"problem-list-item\""}};
static const struct journal_constant tests_are[] = {OBSERVED("laboratory", "Laboratory")};
static const struct journal_constant military_is[] = {
    OBSERVED("social-history", "Social History"), OWN_CODE("code", "military-service", "Military service")};
static const struct journal_constant food_is[] = {
    OBSERVED("social-history", "Social History"), OWN_CODE("code", "food", "Food journal")};
static const struct journal_constant activity_is[] = {OBSERVED("activity", "Activity"),
    {"code.coding.0.system", "\"http://loinc.org\""}, {"code.coding.0.code", "\"73985-4\""},
    {"code.coding.0.display", "\"Exercise activity\""}, {"code.text", "\"Activity\""}};
static const struct journal_constant providers_are[] = {{"status", "\"active\""}, {"telecom.0.system", "\"phone\""}};
static const struct journal_constant insurance_is[] = {{"status", "\"active\""}};
static const struct journal_constant facilities_are[] = {OWN_CODE("code", "treatment-facility", "Treatment facility")};
static const struct journal_constant about_me_is[] = {
    OWN_CODE("code", "about-me", "About the patient, in their own words")};
static const struct journal_constant contacts_are[] = {{"active", "true"}, {"telecom.0.system", "\"phone\""},
    {"relationship.0.coding.0.system", "\"http://terminology.hl7.org/CodeSystem/v2-0131\""},
    {"relationship.0.coding.0.code", "\"C\""}, {"relationship.0.coding.0.display", "\"Emergency Contact\""}};

#define SAID(number_, name_, title_, one_, group_, type_, subject_, by_, date_, fields_)                            \
	.number = (number_), .name = (name_), .title = (title_), .one = (one_), .group = (group_), .type = (type_), \
	.subject = (subject_), .by = (by_), .date = (date_), .fields = (fields_),                                   \
	.field_count = sizeof(fields_) / sizeof((fields_)[0])
#define ALWAYS(constants_) .constants = (constants_), .constant_count = sizeof(constants_) / sizeof((constants_)[0])

const struct journal_log journal_logs_said[] = {
    {SAID(21, "medicines", TR("My medicines and supplements"), TR("a medicine"), JOURNAL_DAILY,
	RESOURCE_MEDICATION_STATEMENT, "subject", "informationSource", NULL, medicines)},
    {SAID(19, "food", TR("Food journal"), TR("what you ate"), JOURNAL_DAILY, RESOURCE_OBSERVATION, "subject",
	 "performer.0", "date", food),
	ALWAYS(food_is)},
    {SAID(20, "activity", TR("Activity journal"), TR("an activity"), JOURNAL_DAILY, RESOURCE_OBSERVATION, "subject",
	 "performer.0", "date", activity),
	ALWAYS(activity_is)},
    {SAID(22, "goals", TR("My goals"), TR("a goal"), JOURNAL_DAILY, RESOURCE_GOAL, "subject", "expressedBy", NULL,
	goals)},
    {SAID(10, "allergies", TR("My allergies"), TR("an allergy"), JOURNAL_HISTORY, RESOURCE_ALLERGY_INTOLERANCE,
	 "patient", "asserter", NULL, allergies),
	ALWAYS(allergies_are)},
    {SAID(12, "immunizations", TR("My vaccines"), TR("a vaccine"), JOURNAL_HISTORY, RESOURCE_IMMUNIZATION, "patient",
	 NULL, "date", immunizations),
	ALWAYS(immunizations_are)},
    {SAID(14, "events", TR("Medical events"), TR("a medical event"), JOURNAL_HISTORY, RESOURCE_CONDITION, "subject",
	 "asserter", "onset-date", events),
	ALWAYS(events_are)},
    {SAID(13, "tests", TR("Labs and tests elsewhere"), TR("a test"), JOURNAL_HISTORY, RESOURCE_OBSERVATION, "subject",
	 "performer.0", "date", tests),
	ALWAYS(tests_are)},
    {SAID(11, "family", TR("Family health history"), TR("a relative"), JOURNAL_HISTORY, RESOURCE_FAMILY_MEMBER_HISTORY,
	 "patient", NULL, NULL, family),
	ALWAYS(family_is)},
    {SAID(15, "military", TR("Military health history"), TR("a part of your service"), JOURNAL_HISTORY,
	 RESOURCE_OBSERVATION, "subject", "performer.0", "date", military),
	ALWAYS(military_is)},
    {SAID(24, "contacts", TR("Emergency contacts"), TR("an emergency contact"), JOURNAL_PEOPLE, RESOURCE_RELATED_PERSON,
	 "patient", NULL, NULL, contacts),
	ALWAYS(contacts_are)},
    {SAID(16, "providers", TR("My health-care providers"), TR("a provider"), JOURNAL_PEOPLE, RESOURCE_CARE_TEAM,
	 "subject", NULL, NULL, providers),
	ALWAYS(providers_are)},
    {SAID(18, "facilities", TR("Clinics and hospitals"), TR("a clinic or hospital"), JOURNAL_PEOPLE, RESOURCE_BASIC,
	 "subject", "author", NULL, facilities),
	ALWAYS(facilities_are)},
    {SAID(17, "insurance", TR("My health insurance"), TR("an insurance"), JOURNAL_PEOPLE, RESOURCE_COVERAGE,
	 "beneficiary", NULL, NULL, insurance),
	ALWAYS(insurance_is)},
    {SAID(25, JOURNAL_DOCUMENTS, TR("My documents and photos"), TR("a document or photo"), JOURNAL_PEOPLE,
	 RESOURCE_DOCUMENT_REFERENCE, "subject", "author.0", "period", documents),
	ALWAYS(documents_are), .has_files = true},
    {SAID(23, "about-me", TR("About me"), TR("something about you"), JOURNAL_PEOPLE, RESOURCE_BASIC, "subject",
	 "author", NULL, about_me),
	ALWAYS(about_me_is)},
    {SAID(26, JOURNAL_ANSWERS, TR("Questionnaires"), TR("answers to a questionnaire"), JOURNAL_HISTORY,
	 RESOURCE_QUESTIONNAIRE_RESPONSE, "subject", "source", "authored", answers),
	ALWAYS(answers_are), .made_at = "/questionnaires"},
};
const size_t journal_logs_said_count = sizeof(journal_logs_said) / sizeof(journal_logs_said[0]);

/* ---- finding ---- */

const struct journal_log *
journal_log_at(size_t i)
{
	if (i < journal_logs_measured_count)
		return &journal_logs_measured[i];
	i -= journal_logs_measured_count;
	return i < journal_logs_said_count ? &journal_logs_said[i] : NULL;
}

const struct journal_log *
journal_log_find(str name)
{
	const struct journal_log *log;

	for (size_t i = 0; (log = journal_log_at(i)); i++)
		if (str_equal(str_from_z(log->name), name))
			return log;
	return NULL;
}

const struct journal_log *
journal_log_of(int64_t number)
{
	const struct journal_log *log;

	for (size_t i = 0; (log = journal_log_at(i)); i++)
		if (log->number == number)
			return log;
	return NULL;
}

const struct journal_field *
journal_field_find(const struct journal_log *log, str name, size_t *index)
{
	for (size_t i = 0; i < log->field_count; i++)
		if (str_equal(str_from_z(log->fields[i].name), name)) {
			*index = i;
			return &log->fields[i];
		}
	return NULL;
}

const struct journal_code *
journal_code_find(const struct journal_codes *codes, str value)
{
	for (size_t i = 0; codes && i < codes->count; i++)
		if (str_equal(str_from_z(codes->items[i].value), value))
			return &codes->items[i];
	return NULL;
}
