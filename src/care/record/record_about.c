/* SPDX-License-Identifier: Apache-2.0 */
/* "What is this?": the address at which the National Library of Medicine explains a code in plain words (MedlinePlus Connect, web
 * application).  Nothing is fetched: the person follows the link, or not.  Only code systems that MedlinePlus takes. */
#include "care/record/record_view.h"
#include "platform/format/escape.h"

#define CONNECT "https://connect.medlineplus.gov/application"

static const struct {
	str system;
	const char *oid;
} systems[] = {
    {S_INIT("http://snomed.info/sct"), "2.16.840.1.113883.6.96"},
    {S_INIT("http://hl7.org/fhir/sid/icd-10-cm"), "2.16.840.1.113883.6.90"},
    {S_INIT("http://hl7.org/fhir/sid/icd-9-cm"), "2.16.840.1.113883.6.103"},
    {S_INIT("http://www.nlm.nih.gov/research/umls/rxnorm"), "2.16.840.1.113883.6.88"},
    {S_INIT("http://hl7.org/fhir/sid/ndc"), "2.16.840.1.113883.6.69"},
    {S_INIT("http://loinc.org"), "2.16.840.1.113883.6.1"},
};

static const char *
oid_of(str system)
{
	for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++)
		if (str_equal(system, systems[i].system))
			return systems[i].oid;
	return NULL;
}

str
record_about_url(const struct page_cx *px, resource_type type, const struct json_value *json)
{
	const struct json_value *concept = json_get(json, "code");
	struct buf url = BUF_INIT(px->arena);

	if (type == RESOURCE_MEDICATION_REQUEST || type == RESOURCE_MEDICATION_STATEMENT ||
	    type == RESOURCE_MEDICATION_DISPENSE || type == RESOURCE_MEDICATION_ADMINISTRATION)
	concept = json_get(json, "medicationCodeableConcept");
	else if (type != RESOURCE_OBSERVATION && type != RESOURCE_CONDITION && type != RESOURCE_PROCEDURE &&
		 type != RESOURCE_DIAGNOSTIC_REPORT) return STR_NONE;
	json_each_item (json_get(concept, "coding"), coding) {
		const char *oid = oid_of(json_text_at(coding, "system"));
		str code = json_text_at(coding, "code");

		if (!oid || !code.n)
			continue;
		buf_printf(&url, CONNECT "?mainSearchCriteria.v.cs=%s&mainSearchCriteria.v.c=", oid);
		escape_url_part(&url, code);
		buf_printf(&url, "&informationRecipient.languageCode.c=%s", px->lang == LANG_ES ? "es" : "en");
		return buf_str(&url);
	}
	return STR_NONE;
}
