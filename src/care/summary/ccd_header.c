/* SPDX-License-Identifier: Apache-2.0 */
/* The US Realm Header: whose document it is, who made it, who keeps it, of which time. */
#include "care/summary/ccd_internal.h"

/* ---- the patient ---- */

/* The value of an extension of the US Core patient: ombCategory codes, or the plain value. */
static const struct json_value *
extension_of(const struct json_value *json, str url)
{
	json_each_item (json_get(json, "extension"), one)
		if (str_equal(json_text_at(one, "url"), url))
			return one;
	return NULL;
}

/* The first category as `first`, the others and the details as `more` (NULL: there is no place for them). */
static void
race_or_ethnicity(struct ccd_entry *e, str url, const char *first, const char *more)
{
	const struct json_value *extension = extension_of(e->json, url);
	size_t n = 0;

	json_each_item (json_get(extension, "extension"), part) {
		const struct json_value *coding = json_get(part, "valueCoding");

		if (coding && n++ == 0)
			ccd_concept(e, CONCEPT(.element = first, .concept = coding));
		else if (coding && more)
			ccd_concept(e, CONCEPT(.element = more, .concept = coding));
	}
	if (!n)
		xml_empty(e->x, first, "nullFlavor", S("UNK"), NULL);
}

static void
gender(struct ccd_entry *e)
{
	str code = json_text_at(e->json, "gender");

	if (str_equal(code, S("male")) || str_equal(code, S("female")))
		ccd_fixed(e->x, "administrativeGenderCode", str_equal(code, S("male")) ? "M" : "F",
		    "2.16.840.1.113883.5.1", str_equal(code, S("male")) ? "Male" : "Female");
	else if (str_equal(code, S("other")))
		ccd_fixed(e->x, "administrativeGenderCode", "UN", "2.16.840.1.113883.5.1", "Undifferentiated");
	else
		xml_empty(e->x, "administrativeGenderCode", "nullFlavor", S("UNK"), NULL);
}

static void
languages(struct ccd_entry *e)
{
	json_each_item (json_get(e->json, "communication"), one) {
		str code = json_text_at(one, "language.coding.0.code");

		if (!code.n)
			continue;
		xml_begin(e->x, "languageCommunication");
		xml_empty(e->x, "languageCode", "code", code, NULL);
		if (json_get(one, "preferred"))
			xml_empty(e->x, "preferenceInd", "value",
			    json_bool(json_get(one, "preferred")) ? S("true") : S("false"), NULL);
		xml_end(e->x);
	}
}

static void
person(struct ccd_entry *e)
{
	const struct json_value *died = json_get(e->json, "deceasedDateTime");

	xml_begin(e->x, "patient");
	if (!json_count(json_get(e->json, "name"))) {
		xml_begin(e->x, "name"); /* known by one name, whose parts nobody told */
		xml_empty(e->x, "given", "nullFlavor", S("UNK"), NULL);
		xml_leaf(e->x, "family", e->ccd->name);
		xml_end(e->x);
	}
	json_each_item (json_get(e->json, "name"), name)
		ccd_name(e->x, name);
	gender(e);
	ccd_time(e, "birthTime", json_text_at(e->json, "birthDate"));
	if (died || json_bool(json_get(e->json, "deceasedBoolean")))
		xml_empty(e->x, "sdtc:deceasedInd", "value", S("true"), NULL);
	if (died)
		ccd_time(e, "sdtc:deceasedTime", json_text(died));
	if (json_get(e->json, "maritalStatus"))
		ccd_concept(e, CONCEPT(.element = "maritalStatusCode", .oid = "2.16.840.1.113883.5.2",
				   .concept = json_get(e->json, "maritalStatus")));
	race_or_ethnicity(
	    e, S("http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"), "raceCode", "sdtc:raceCode");
	race_or_ethnicity(e, S("http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity"), "ethnicGroupCode",
	    "sdtc:ethnicGroupCode");
	languages(e);
	xml_end(e->x);
}

/* Identifiers whose system CDA can name; the resource's own id always. A social security number stays at home. */
static void
identifiers(struct ccd_entry *e)
{
	ccd_id(e, NULL);
	json_each_item (json_get(e->json, "identifier"), one) {
		str system = json_text_at(one, "system"), value = json_text_at(one, "value");
		const char *name, *oid = ccd_system_oid(e->cx->arena, system, &name);

		if (oid && value.n)
			xml_empty(e->x, "id", "root", str_from_z(oid), "extension", value, NULL);
	}
}

static void
record_target(struct ccd_entry *e)
{
	xml_begin(e->x, "recordTarget");
	xml_begin(e->x, "patientRole");
	identifiers(e);
	if (!json_count(json_get(e->json, "address")))
		ccd_address(e->x, NULL);
	json_each_item (json_get(e->json, "address"), address)
		ccd_address(e->x, address);
	ccd_telecoms(e->x, e->cx->arena, json_get(e->json, "telecom"));
	person(e);
	xml_end(e->x);
	xml_end(e->x);
}

/* ---- who made it, who keeps it ---- */

static void
facility_id_and_name(struct ccd *c)
{
	xml_empty(&c->x, "id", "root", uuid_text(c->cx->arena, c->facility.id.v), NULL);
	xml_leaf(&c->x, "name", c->facility.name);
}

static void
facility_telecom(struct ccd *c)
{
	struct buf url = BUF_INIT(c->cx->arena);

	buf_add(&url, S("tel:"));
	for (size_t i = 0; i < c->facility.phone.n; i++)
		if ((unsigned char)c->facility.phone.p[i] > ' ')
			buf_add_char(&url, c->facility.phone.p[i]);
	xml_begin(&c->x, "telecom");
	if (c->facility.phone.n) {
		xml_attribute(&c->x, "use", S("WP"));
		xml_attribute(&c->x, "value", buf_str(&url));
	} else {
		xml_attribute(&c->x, "nullFlavor", S("UNK"));
	}
	xml_end(&c->x);
}

static void
facility_contact(struct ccd *c)
{
	facility_telecom(c);
	ccd_address(&c->x, NULL);
}

static str
now_text(struct ccd *c)
{
	struct civil_time t = zone_civil(c->px->zone ? c->px->zone : zone_utc(), c->cx->now);
	int offset = t.offset_seconds / 60, size = offset < 0 ? -offset : offset;

	return arena_printf(c->cx->arena, "%04d%02d%02d%02d%02d%02d%c%02d%02d", t.date.year, t.date.month, t.date.day,
	    t.hour, t.minute, t.second, offset < 0 ? '-' : '+', size / 60, size % 60);
}

static void
author_and_custodian(struct ccd *c)
{
	struct xml_writer *x = &c->x;

	xml_begin(x, "author");
	xml_empty(x, "time", "value", now_text(c), NULL);
	xml_begin(x, "assignedAuthor");
	xml_empty(x, "id", "nullFlavor", S("NA"), NULL); /* a program has no number */
	ccd_address(x, NULL);
	facility_telecom(c);
	xml_begin(x, "assignedAuthoringDevice");
	xml_leaf(x, "manufacturerModelName", S("Salve"));
	xml_leaf(x, "softwareName", S("Salve"));
	xml_end(x);
	xml_begin(x, "representedOrganization");
	facility_id_and_name(c);
	facility_contact(c);
	xml_end(x);
	xml_end(x);
	xml_end(x);
	xml_begin(x, "custodian");
	xml_begin(x, "assignedCustodian");
	xml_begin(x, "representedCustodianOrganization");
	facility_id_and_name(c);
	facility_contact(c);
	xml_end(x);
	xml_end(x);
	xml_end(x);
}

/* ---- family and contacts ---- */

static const struct err *
contact(struct cx *cx, void *arg, const struct resource *resource)
{
	struct ccd *c = arg;
	struct page_cx px = *c->px;
	struct ccd_entry e;
	bool taken;

	px.arena = cx->arena;
	TRY(ccd_entry_open(c, cx, &px, resource, true, &e, &taken));
	if (!taken || !json_count(json_get(e.json, "name")))
		return NULL;
	xml_begin(e.x, "participant");
	xml_attribute(e.x, "typeCode", S("IND"));
	xml_begin(e.x, "associatedEntity");
	xml_attribute(e.x, "classCode", S("PRS"));
	ccd_id(&e, NULL);
	if (json_path(e.json, "relationship.0"))
		ccd_concept(&e, CONCEPT(.element = "code", .concept = json_path(e.json, "relationship.0")));
	ccd_address(e.x, json_at(json_get(e.json, "address"), 0));
	ccd_telecoms(e.x, cx->arena, json_get(e.json, "telecom"));
	xml_begin(e.x, "associatedPerson");
	ccd_name(e.x, json_at(json_get(e.json, "name"), 0));
	xml_end(e.x);
	xml_end(e.x);
	xml_end(e.x);
	return NULL;
}

/* ---- the document ---- */

static void
served_time(struct ccd *c)
{
	str low = STR_NONE;

	if (!instant_is_none(c->choice->since))
		low = ccd_time_text(c->cx->arena, fhir_instant_text(c->cx->arena, c->choice->since));
	xml_begin(&c->x, "documentationOf");
	xml_begin(&c->x, "serviceEvent");
	xml_attribute(&c->x, "classCode", S("PCPR"));
	xml_begin(&c->x, "effectiveTime");
	if (low.p)
		xml_empty(&c->x, "low", "value", low, NULL);
	else
		xml_empty(&c->x, "low", "nullFlavor", S("UNK"), NULL);
	xml_empty(&c->x, "high", "value", now_text(c), NULL);
	xml_end(&c->x);
	xml_end(&c->x);
	xml_end(&c->x);
}

static void
document_begin(struct ccd *c)
{
	struct arena *arena = c->cx->arena;
	struct xml_writer *x = &c->x;
	const struct page_cx *px = c->px;

	xml_declaration(x);
	xml_instruction(x, "xml-stylesheet", "type=\"text/xsl\" href=\"" SUMMARY_XSL_NAME "\"");
	xml_begin(x, "ClinicalDocument");
	xml_attribute(x, "xmlns", S("urn:hl7-org:v3"));
	xml_attribute(x, "xmlns:sdtc", S("urn:hl7-org:sdtc"));
	xml_attribute(x, "xmlns:xsi", S("http://www.w3.org/2001/XMLSchema-instance"));
	xml_empty(x, "realmCode", "code", S("US"), NULL);
	xml_empty(x, "typeId", "root", S("2.16.840.1.113883.1.3"), "extension", S("POCD_HD000040"), NULL);
	ccd_templates(x, "1.1", "2015-08-01");
	ccd_templates(x, "1.2", "2015-08-01");
	xml_empty(x, "id", "root",
	    ccd_uuid_of(arena, arena_printf(arena, "ccd/%.*s/%lld/%u/%lld/%lld",
				   STR_ARG(uuid_text(arena, c->patient.v)), (long long)c->cx->now.ms,
				   c->choice->classes, (long long)c->choice->since.ms, (long long)c->choice->until.ms)),
	    NULL);
	ccd_fixed(x, "code", "34133-9", OID_LOINC, "Summarization of Episode Note");
	xml_leaf(x, "title", T("Health summary"));
	xml_empty(x, "effectiveTime", "value", now_text(c), NULL);
	ccd_fixed(x, "confidentialityCode", "N", "2.16.840.1.113883.5.25", "normal");
	xml_empty(x, "languageCode", "code", px->lang == LANG_ES ? S("es-US") : S("en-US"), NULL);
}

fallible
ccd_header(struct ccd *c)
{
	struct page_cx px = *c->px;
	struct resource resource;
	struct ccd_entry e = {
	    .ccd = c, .cx = c->cx, .px = &px, .x = &c->x, .type = RESOURCE_PATIENT, .resource = &resource};
	struct patient patient;
	struct db_rows rows;

	TRY(patient_get(c->cx, c->patient, &patient));
	TRY(facility_get(c->cx, patient.facility, &c->facility));
	TRY(resource_find(c->cx, &(struct resource_search){.patient = c->patient, .type = RESOURCE_PATIENT, .count = 1},
	    &rows, NULL));
	resource = rows.count ? *(struct resource *)rows.items
	                      : (struct resource){.id = uuid_text(c->cx->arena, c->patient.v)};
	if (rows.count)
		TRY(json_parse(c->cx->arena, resource.body, &e.json, NULL));
	c->name = patient.name;
	c->birth_sex = json_text_at(
	    extension_of(e.json, S("http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex")), "valueCode");
	document_begin(c);
	record_target(&e);
	author_and_custodian(c);
	TRY(resource_walk(
	    c->cx, &(struct resource_search){.patient = c->patient, .type = RESOURCE_RELATED_PERSON}, contact, c));
	served_time(c);
	return ccd_flush(c);
}
