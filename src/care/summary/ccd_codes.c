/* SPDX-License-Identifier: Apache-2.0 */
/* Code systems, templates, ids, concepts and states as CDA writes them.  A code is carried over with its own system; where the
 * standard asks for another system the element says "other" and the code stands beside it as a translation. */
#include <stdio.h>
#include <string.h>

#include "care/summary/ccd_internal.h"
#include "platform/crypto/crypto.h"

/* ---- code systems ---- */

static const struct {
	const char *uri, *oid, *name;
} systems[] = {
    {"http://snomed.info/sct", OID_SNOMED, "SNOMED CT"},
    {"http://loinc.org", OID_LOINC, "LOINC"},
    {"http://www.nlm.nih.gov/research/umls/rxnorm", OID_RXNORM, "RxNorm"},
    {"http://hl7.org/fhir/sid/cvx", OID_CVX, "CVX"},
    {"http://hl7.org/fhir/sid/mvx", "2.16.840.1.113883.12.227", "MVX"},
    {"http://hl7.org/fhir/sid/icd-10-cm", "2.16.840.1.113883.6.90", "ICD-10-CM"},
    {"http://hl7.org/fhir/sid/icd-10", "2.16.840.1.113883.6.3", "ICD-10"},
    {"http://hl7.org/fhir/sid/icd-9-cm", "2.16.840.1.113883.6.103", "ICD-9-CM"},
    {"http://www.cms.gov/Medicare/Coding/ICD10", "2.16.840.1.113883.6.4", "ICD-10-PCS"},
    {"http://www.ama-assn.org/go/cpt", "2.16.840.1.113883.6.12", "CPT"},
    {"https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "2.16.840.1.113883.6.285", "HCPCS"},
    {"http://hl7.org/fhir/sid/ndc", "2.16.840.1.113883.6.69", "NDC"},
    {"http://fdasis.nlm.nih.gov", "2.16.840.1.113883.4.9", "UNII"},
    {"http://hl7.org/fhir/ndfrt", "2.16.840.1.113883.3.26.1.5", "NDF-RT"},
    {"http://va.gov/terminology/medrt", "2.16.840.1.113883.6.345", "MED-RT"},
    {"http://ncimeta.nci.nih.gov", OID_NCIT, "NCI Thesaurus"},
    {"http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl", OID_NCIT, "NCI Thesaurus"},
    {"http://nucc.org/provider-taxonomy", "2.16.840.1.113883.6.101", "Healthcare Provider Taxonomy"},
    {"https://nahdo.org/sopt", "2.16.840.1.113883.3.221.5", "Source of Payment Typology"},
    {"http://dicom.nema.org/resources/ontology/DCM", "1.2.840.10008.2.16.4", "DICOM"},
    {"http://terminology.hl7.org/CodeSystem/v3-ActCode", OID_ACT, "ActCode"},
    {"http://terminology.hl7.org/CodeSystem/v3-ActReason", "2.16.840.1.113883.5.8", "ActReason"},
    {"http://terminology.hl7.org/CodeSystem/v3-RoleCode", "2.16.840.1.113883.5.111", "RoleCode"},
    {"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "2.16.840.1.113883.5.2", "MaritalStatus"},
    {"http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "2.16.840.1.113883.5.1008", "NullFlavor"},
    {"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "2.16.840.1.113883.5.83",
	"ObservationInterpretation"},
    {"http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "2.16.840.1.113883.5.90", "ParticipationType"},
    {"http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration", "2.16.840.1.113883.5.112",
	"RouteOfAdministration"},
    {"http://terminology.hl7.org/CodeSystem/PHOccupationalDataForHealthODH", "2.16.840.1.114222.4.5.327", "ODH"},
    {"http://www.nubc.org/patient-discharge", "2.16.840.1.113883.6.301.5", "NUBC Discharge Disposition"},
    {"https://www.nubc.org/CodeSystem/PatDischargeStatus", "2.16.840.1.113883.6.301.5", "NUBC Discharge Disposition"},
    {"urn:oid:2.16.840.1.113883.6.238", "2.16.840.1.113883.6.238", "Race & Ethnicity - CDC"},
};

static bool
is_oid(str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != '.' && (text.p[i] < '0' || text.p[i] > '9'))
			return false;
	return text.n > 2 && text.p[0] <= '2';
}

const char *
ccd_system_oid(struct arena *arena, str uri, const char **name)
{
	for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++)
		if (str_equal(uri, str_from_z(systems[i].uri))) {
			*name = systems[i].name;
			return systems[i].oid;
		}
	*name = NULL;
	if (str_starts(uri, S("urn:oid:")) && is_oid(str_drop(uri, 8)))
		return arena_z(arena, str_drop(uri, 8));
	return NULL;
}

const char *
ccd_system_name(const char *oid)
{
	for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++)
		if (strcmp(systems[i].oid, oid) == 0)
			return systems[i].name;
	return NULL;
}

/* ---- templates and ids ---- */

void
ccd_template(struct xml_writer *x, const char *oid, const char *extension)
{
	char root[64];

	snprintf(root, sizeof(root), CCD_ROOT "%s", oid);
	xml_empty(x, "templateId", "root", str_from_z(root), "extension", str_from_z(extension), NULL);
}

void
ccd_templates(struct xml_writer *x, const char *oid, const char *extension)
{
	ccd_template(x, oid, NULL);
	ccd_template(x, oid, extension);
}

/* RFC 9562 version 8: the first bits of a hash of the name, with version and variant set. */
str
ccd_uuid_of(struct arena *arena, str name)
{
	unsigned char hash[32];
	struct uuid id;

	sha256(name, hash);
	memcpy(id.bytes, hash, sizeof(id.bytes));
	id.bytes[6] = (unsigned char)((id.bytes[6] & 0x0f) | 0x80);
	id.bytes[8] = (unsigned char)((id.bytes[8] & 0x3f) | 0x80);
	return uuid_text(arena, id);
}

void
ccd_id(struct ccd_entry *e, const char *purpose)
{
	struct arena *arena = e->cx->arena;
	const char *type = resource_type_name(e->type);
	str patient = uuid_text(arena, e->ccd->patient.v), id = e->resource->id;

	if (purpose)
		xml_empty(e->x, "id", "root",
		    ccd_uuid_of(
			arena, arena_printf(arena, "%.*s/%s/%.*s/%s", STR_ARG(patient), type, STR_ARG(id), purpose)),
		    NULL);
	else if (resource_id_is_uuid(id))
		xml_empty(e->x, "id", "root", id, NULL);
	else
		xml_empty(e->x, "id", "root",
		    ccd_uuid_of(arena, arena_printf(arena, "%.*s/%s", STR_ARG(patient), type)), "extension", id, NULL);
}

/* ---- codes ---- */

static void
fixed_attributes(struct xml_writer *x, const char *code, const char *oid, const char *display)
{
	xml_attribute(x, "code", str_from_z(code));
	xml_attribute(x, "codeSystem", str_from_z(oid));
	xml_attribute(x, "codeSystemName", str_from_z(ccd_system_name(oid)));
	xml_attribute(x, "displayName", str_from_z(display));
}

void
ccd_fixed(struct xml_writer *x, const char *element, const char *code, const char *oid, const char *display)
{
	xml_begin(x, element);
	fixed_attributes(x, code, oid, display);
	xml_end(x);
}

void
ccd_fixed_value(struct xml_writer *x, const char *code, const char *oid, const char *display)
{
	xml_begin(x, "value");
	xml_attribute(x, "xsi:type", S("CD"));
	fixed_attributes(x, code, oid, display);
	xml_end(x);
}

/* True when the coding has a code and a system with an OID: only then can CDA name it. */
static bool
coding_attributes(struct ccd_entry *e, const struct json_value *coding, const char *oid_wanted, bool write)
{
	const char *name, *oid = ccd_system_oid(e->cx->arena, json_text_at(coding, "system"), &name);
	str code = json_text_at(coding, "code");

	if (!oid || !code.n || (oid_wanted && strcmp(oid, oid_wanted) != 0))
		return false;
	if (write) {
		xml_attribute(e->x, "code", code);
		xml_attribute(e->x, "codeSystem", str_from_z(oid));
		xml_attribute(e->x, "codeSystemName", str_from_z(name));
		xml_attribute(e->x, "displayName", json_text_at(coding, "display"));
	}
	return true;
}

static const struct json_value *
main_coding(struct ccd_entry *e, const struct ccd_concept *in)
{
	if (json_get(in->concept, "code")) /* a Coding */
	return coding_attributes(e, in->concept, in->oid, false) ? in->concept : NULL;
	json_each_item (json_get(in->concept, "coding"), coding)
		if (coding_attributes(e, coding, in->oid, false))
			return coding;
	return NULL;
}

static void
translation(struct ccd_entry *e, const struct json_value *coding)
{
	if (!coding_attributes(e, coding, NULL, false))
		return;
	xml_begin(e->x, "translation");
	coding_attributes(e, coding, NULL, true);
	xml_end(e->x);
}

void
ccd_concept(struct ccd_entry *e, const struct ccd_concept *in)
{
	const struct json_value *main = main_coding(e, in);
	str words = record_concept(in->concept);

	if (!words.n)
		words = json_text_at(in->concept, "display");
	xml_begin(e->x, in->element);
	xml_attribute(e->x, "xsi:type", str_from_z(in->type));
	if (main)
		coding_attributes(e, main, NULL, true);
	else
		xml_attribute(e->x, "nullFlavor", words.n ? S("OTH") : S("UNK"));
	if (words.n) {
		xml_begin(e->x, "originalText");
		if (in->anchor.n)
			xml_empty(e->x, "reference", "value", in->anchor, NULL);
		else
			xml_text(e->x, words);
		xml_end(e->x);
	}
	if (!main && json_get(in->concept, "code"))
		translation(e, in->concept);
	json_each_item (json_get(in->concept, "coding"), coding)
		if (coding != main)
			translation(e, coding);
	if (in->also)
		translation(e, in->also);
	xml_end(e->x);
}

bool
ccd_concept_has(const struct json_value *concept, const char *code)
{
	json_each_item (json_get(concept, "coding"), coding)
		if (str_equal(json_text_at(coding, "code"), str_from_z(code)))
			return true;
	return false;
}

str
ccd_name_anchor(const struct ccd_entry *e)
{
	return arena_printf(e->cx->arena, "#%.*s-name", STR_ARG(e->anchor));
}

void
ccd_text_reference(struct ccd_entry *e)
{
	xml_begin(e->x, "text");
	xml_empty(e->x, "reference", "value", arena_printf(e->cx->arena, "#%.*s", STR_ARG(e->anchor)), NULL);
	xml_end(e->x);
}

/* ---- states ---- */

void
ccd_status(struct xml_writer *x, const struct ccd_status *map, str status)
{
	for (; map->fhir; map++)
		if (str_equal(status, str_from_z(map->fhir))) {
			xml_empty(x, "statusCode", "code", str_from_z(map->cda), NULL);
			return;
		}
	xml_empty(x, "statusCode", "nullFlavor", S("UNK"), NULL);
}

/* ---- what many entries begin with ---- */

void
ccd_observation_begin(struct ccd_entry *e, const char *mood, const char *oid, const char *extension)
{
	xml_begin(e->x, "observation");
	xml_attribute(e->x, "classCode", S("OBS"));
	xml_attribute(e->x, "moodCode", str_from_z(mood));
	if (extension)
		ccd_templates(e->x, oid, extension);
	else
		ccd_template(e->x, oid, NULL);
}

void
ccd_relation_begin(struct ccd_entry *e, const char *type, bool inversion)
{
	xml_begin(e->x, "entryRelationship");
	xml_attribute(e->x, "typeCode", str_from_z(type));
	if (inversion)
		xml_attribute(e->x, "inversionInd", S("true"));
}
