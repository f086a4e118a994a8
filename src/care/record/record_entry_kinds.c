/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of entries within a part of the record, as people ask for them: "Discharge summaries".  Codes are those of HL7's table
 * of diagnostic services, of LOINC's document types, and of encounter classes. */
#include "care/record/record_places.h"

static const str cultures[] = {
    S_INIT("MB"), S_INIT("MCB"), S_INIT("MYC"), S_INIT("PAR"), S_INIT("VR"), S_INIT("LP7819-8")};
static const str tissue[] = {S_INIT("SP"), S_INIT("CP"), S_INIT("PAT"), S_INIT("CG"), S_INIT("LP7839-6")};
static const str scans[] = {S_INIT("RAD"), S_INIT("IMG"), S_INIT("imaging"), S_INIT("CT"), S_INIT("NMR"), S_INIT("NMS"),
    S_INIT("OUS"), S_INIT("RUS"), S_INIT("VUS"), S_INIT("CUS"), S_INIT("RX"), S_INIT("XRC"), S_INIT("LP29684-5")};
static const str heart[] = {S_INIT("EC"), S_INIT("LP29708-2")};
static const str discharge[] = {S_INIT("18842-5"), S_INIT("11490-0"), S_INIT("28655-9"), S_INIT("34105-7")};
static const str consult[] = {S_INIT("11488-4"), S_INIT("34099-2"), S_INIT("34100-8")};
static const str seldom[] = {S_INIT("18842-5"), S_INIT("11490-0"), S_INIT("28655-9"), S_INIT("34105-7"),
    S_INIT("11488-4"), S_INIT("34099-2"), S_INIT("34100-8")};
static const str stay[] = {S_INIT("IMP"), S_INIT("ACUTE"), S_INIT("NONAC"), S_INIT("SS"), S_INIT("OBSENC")};
static const str emergency[] = {S_INIT("EMER")};

#define IN(list) list, sizeof(list) / sizeof((list)[0])

/* Those of a class stand together. */
static const struct record_kind kinds[] = {
    {CLASS_LABS, "blood", TR("Blood, urine and the like"), RESOURCE_DIAGNOSTIC_REPORT, "category", IN(cultures), true},
    {CLASS_LABS, "cultures", TR("Germs and cultures (microbiology)"), RESOURCE_DIAGNOSTIC_REPORT, "category",
	IN(cultures), false},
    {CLASS_MEDICINES, "ordered", TR("Ordered"), RESOURCE_MEDICATION_REQUEST, NULL, NULL, 0, false},
    {CLASS_MEDICINES, "reported", TR("Told by you or others"), RESOURCE_MEDICATION_STATEMENT, NULL, NULL, 0, false},
    {CLASS_MEDICINES, "handed-out", TR("Handed out by a pharmacy"), RESOURCE_MEDICATION_DISPENSE, NULL, NULL, 0, false},
    {CLASS_MEDICINES, "given", TR("Given to you by staff"), RESOURCE_MEDICATION_ADMINISTRATION, NULL, NULL, 0, false},
    {CLASS_VISITS, "stays", TR("Hospital stays"), RESOURCE_ENCOUNTER, "class", IN(stay), false},
    {CLASS_VISITS, "emergency", TR("Emergency visits"), RESOURCE_ENCOUNTER, "class", IN(emergency), false},
    {CLASS_VISITS, "appointments", TR("Appointments"), RESOURCE_APPOINTMENT, NULL, NULL, 0, false},
    {CLASS_NOTES, "discharge", TR("Discharge summaries"), RESOURCE_DOCUMENT_REFERENCE, "type", IN(discharge), false},
    {CLASS_NOTES, "consults", TR("Consults"), RESOURCE_DOCUMENT_REFERENCE, "type", IN(consult), false},
    {CLASS_NOTES, "visit", TR("Visit and other notes"), RESOURCE_DOCUMENT_REFERENCE, "type", IN(seldom), true},
    {CLASS_REPORTS, "scans", TR("X-rays and scans"), 0, "category", IN(scans), false},
    {CLASS_REPORTS, "heart", TR("Heart tracings (ECG)"), RESOURCE_DIAGNOSTIC_REPORT, "category", IN(heart), false},
    {CLASS_REPORTS, "tissue", TR("Tissue and cells (pathology)"), RESOURCE_DIAGNOSTIC_REPORT, "category", IN(tissue),
	false},
    {CLASS_PLANS, "plans", TR("Care plans"), RESOURCE_CARE_PLAN, NULL, NULL, 0, false},
    {CLASS_PLANS, "goals", TR("Goals"), RESOURCE_GOAL, NULL, NULL, 0, false},
};
#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

const struct record_kind *
record_kinds(enum record_class class, size_t *count)
{
	size_t begin = 0, end;

	while (begin < KIND_COUNT && kinds[begin].class != class)
		begin++;
	for (end = begin; end < KIND_COUNT && kinds[end].class == class;)
		end++;
	*count = end - begin;
	return kinds + begin;
}

const struct record_kind *
record_kind_find(enum record_class class, str value)
{
	size_t count;
	const struct record_kind *of = record_kinds(class, &count);

	for (size_t i = 0; i < count; i++)
		if (str_equal(value, str_from_z(of[i].value)))
			return &of[i];
	return NULL;
}
