/* SPDX-License-Identifier: Apache-2.0 */
/* The sections of the IPS: the three that must be there, then those that are when the record has something. */
#include "care/summary/ips_internal.h"

static const struct ips_absent no_medicines = {
    RESOURCE_MEDICATION_STATEMENT, "no-medication-info", "No information about medications"};
static const struct ips_absent no_allergies = {
    RESOURCE_ALLERGY_INTOLERANCE, "no-allergy-info", "No information about allergies"};
static const struct ips_absent no_problems = {RESOURCE_CONDITION, "no-problem-info", "No information about problems"};

static bool
is_current_problem(const struct ccd_entry *e)
{
	return e->item.current || !json_get(e->json, "clinicalStatus");
}

static bool
is_past_problem(const struct ccd_entry *e)
{
	return !is_current_problem(e);
}

/* LOINC codes of the pregnancy section's observations. */
static const char *const pregnancy_codes[] = {"82810-3", "11778-8", "11779-6", "11780-4", "11636-8", "11637-6",
    "11638-4", "11639-2", "11640-0", "11612-9", "11613-7", "11614-5", "33065-4", "90767-5", "86645-9"};

static bool
is_pregnancy(const struct ccd_entry *e)
{
	for (size_t i = 0; i < sizeof(pregnancy_codes) / sizeof(pregnancy_codes[0]); i++)
		if (ccd_concept_has(json_get(e->json, "code"), pregnancy_codes[i]))
			return true;
	return false;
}

static bool
is_result(const struct ccd_entry *e)
{
	return ccd_is_result(e) && !is_pregnancy(e);
}

static bool
is_social(const struct ccd_entry *e)
{
	return ccd_is_social(e) && !is_pregnancy(e);
}

const struct ips_section ips_sections[] = {
    {{TR("Medicines"), "10160-0", "History of Medication use Narrative",
	 .sources = {{RESOURCE_MEDICATION_REQUEST, "authoredon"}, {RESOURCE_MEDICATION_STATEMENT, "effective"}},
	 .columns = {{TR("Medicine"), CELL_TITLE}, {TR("How to use it"), CELL_DETAIL}, {TR("State"), CELL_STATE},
	     {TR("Date"), CELL_WHEN}}},
	&no_medicines},
    {{TR("Allergies"), "48765-2", "Allergies and adverse reactions Document",
	 .sources = {{RESOURCE_ALLERGY_INTOLERANCE, "date"}},
	 .columns = {{TR("Allergy"), CELL_TITLE}, {TR("Reaction"), CELL_DETAIL}, {TR("State"), CELL_STATE},
	     {TR("Since"), CELL_WHEN}}},
	&no_allergies},
    {{TR("Health problems"), "11450-4", "Problem list - Reported", .sources = {{RESOURCE_CONDITION, "onset-date"}},
	 .takes = is_current_problem,
	 .columns = {{TR("Problem"), CELL_TITLE}, {TR("State"), CELL_STATE}, {TR("Time"), CELL_WHEN}}},
	&no_problems},
    {{TR("Vaccines"), "11369-6", "History of Immunization note", .sources = {{RESOURCE_IMMUNIZATION, "date"}},
	.columns = {{TR("Vaccine"), CELL_TITLE}, {TR("State"), CELL_STATE}, {TR("Date"), CELL_WHEN}}}},
    {{TR("Procedures"), "47519-4", "History of Procedures Document", .sources = {{RESOURCE_PROCEDURE, "date"}},
	.takes = ccd_is_done,
	.columns = {{TR("Procedure"), CELL_TITLE}, {TR("State"), CELL_STATE}, {TR("Date"), CELL_WHEN}}}},
    {{TR("Devices and implants"), "46264-8", "History of medical device use",
	.sources = {{RESOURCE_DEVICE_USE_STATEMENT, NULL}, {RESOURCE_DEVICE, NULL}},
	.columns = {{TR("Device"), CELL_TITLE}, {TR("State"), CELL_STATE}, {TR("Details"), CELL_FACTS}}}},
    {{TR("Results"), "30954-2", "Relevant diagnostic tests/laboratory data Narrative",
	.sources = {{RESOURCE_DIAGNOSTIC_REPORT, "date"}, {RESOURCE_OBSERVATION, "date"}}, .takes = is_result,
	.columns = {{TR("Test"), CELL_TITLE}, {TR("Result"), CELL_VALUE}, {TR("In words"), CELL_STATE},
	    {TR("Date"), CELL_WHEN}}}},
    {{TR("Vital signs"), "8716-3", "Vital signs",
	.sources = {{RESOURCE_OBSERVATION, "date", "vital-signs"}, {RESOURCE_OBSERVATION, "date", "vital-sign"}},
	.takes = ccd_is_vital,
	.columns = {{TR("Measurement"), CELL_TITLE}, {TR("Value"), CELL_VALUE}, {TR("Date"), CELL_WHEN}}}},
    {{TR("Past problems"), "11348-0", "History of Past illness note", .sources = {{RESOURCE_CONDITION, "onset-date"}},
	.takes = is_past_problem,
	.columns = {{TR("Problem"), CELL_TITLE}, {TR("State"), CELL_STATE}, {TR("Time"), CELL_WHEN}}}},
    {{TR("Pregnancy"), "10162-6", "History of pregnancies Narrative", .sources = {{RESOURCE_OBSERVATION, "date"}},
	.takes = is_pregnancy,
	.columns = {{TR("Question"), CELL_TITLE}, {TR("Answer"), CELL_VALUE}, {TR("Date"), CELL_WHEN}}}},
    {{TR("Social history"), "29762-2", "Social history Narrative",
	.sources = {{RESOURCE_OBSERVATION, "date", "social-history"}}, .takes = is_social,
	.columns = {{TR("Topic"), CELL_TITLE}, {TR("Answer"), CELL_VALUE}, {TR("Date"), CELL_WHEN}}}},
    {{TR("Plans, orders and appointments"), "18776-5", "Plan of care note", .sources = {{RESOURCE_CARE_PLAN, "date"}},
	.columns = {{TR("What"), CELL_TITLE}, {TR("Details"), CELL_DETAIL}, {TR("State"), CELL_STATE},
	    {TR("Time"), CELL_WHEN}}}},
    {{TR("Questionnaires and daily life"), "47420-5", "Functional status assessment note",
	.sources = {{RESOURCE_OBSERVATION, "date", "survey"}}, .takes = ccd_is_assessment,
	.columns = {{TR("Question"), CELL_TITLE}, {TR("Answer"), CELL_VALUE}, {TR("Date"), CELL_WHEN}}}},
};
const size_t ips_section_count = sizeof(ips_sections) / sizeof(ips_sections[0]);
