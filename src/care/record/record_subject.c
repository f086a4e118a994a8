/* SPDX-License-Identifier: Apache-2.0 */
/* Which class of data a resource is, in the words of the trail. */
#include "care/record/record_kinds.h"

static const struct {
	resource_type type;
	enum audit_subject subject;
} subjects[] = {
    {RESOURCE_ALLERGY_INTOLERANCE, AUDIT_ALLERGIES},
    {RESOURCE_APPOINTMENT, AUDIT_VISITS},
    {RESOURCE_CARE_PLAN, AUDIT_CARE_TEAM},
    {RESOURCE_CARE_TEAM, AUDIT_CARE_TEAM},
    {RESOURCE_COMMUNICATION, AUDIT_MESSAGES},
    {RESOURCE_CONDITION, AUDIT_PROBLEMS},
    {RESOURCE_DIAGNOSTIC_REPORT, AUDIT_REPORTS},
    {RESOURCE_DOCUMENT_REFERENCE, AUDIT_DOCUMENTS},
    {RESOURCE_ENCOUNTER, AUDIT_VISITS},
    {RESOURCE_IMAGING_STUDY, AUDIT_REPORTS},
    {RESOURCE_IMMUNIZATION, AUDIT_IMMUNIZATIONS},
    {RESOURCE_MEDICATION_ADMINISTRATION, AUDIT_MEDICINES},
    {RESOURCE_MEDICATION_DISPENSE, AUDIT_MEDICINES},
    {RESOURCE_MEDICATION_REQUEST, AUDIT_MEDICINES},
    {RESOURCE_MEDICATION_STATEMENT, AUDIT_MEDICINES},
    {RESOURCE_OBSERVATION, AUDIT_LABS},
    {RESOURCE_PATIENT, AUDIT_DEMOGRAPHICS},
    {RESOURCE_PROCEDURE, AUDIT_PROCEDURES},
    {RESOURCE_RELATED_PERSON, AUDIT_DEMOGRAPHICS},
    {RESOURCE_SPECIMEN, AUDIT_LABS},
};

enum audit_subject
record_audit_subject(resource_type type, const struct json_value *json)
{
	if (type == RESOURCE_OBSERVATION && json && record_has_category(json, &RECORD_VITAL_SIGNS))
		return AUDIT_VITALS;
	if (type == RESOURCE_OBSERVATION && json && !record_has_category(json, &RECORD_LAB_RESULTS))
		return AUDIT_OTHER;
	if (type == RESOURCE_DIAGNOSTIC_REPORT && json && record_has_category(json, &RECORD_LAB_REPORTS))
		return AUDIT_LABS;
	if (type == RESOURCE_DOCUMENT_REFERENCE && json && record_has_category(json, &RECORD_NOTES))
		return AUDIT_NOTES;
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
		if (subjects[i].type == type)
			return subjects[i].subject;
	return AUDIT_OTHER;
}
