/* SPDX-License-Identifier: Apache-2.0 */
/* Resources that stand in no record but that the guide asks for: who keeps the record, "no information about", and the use of a
 * device around the device.  They say nothing that the record does not say. */
#include "care/summary/ips_internal.h"

#define ABSENT_SYSTEM   "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
#define ABSENT_REASON   "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
#define CLINICAL_SYSTEM "http://terminology.hl7.org/CodeSystem/"

static str
reference_to(struct ips *ips, resource_type type, str id)
{
	return arena_printf(ips->cx->arena, "%s/%.*s", resource_type_name(type), STR_ARG(id));
}

/* Begins the resource with its id, which is made of the patient's and its purpose. */
static str
made_begin(struct ips *ips, struct json_writer *w, resource_type type, str purpose)
{
	struct arena *arena = ips->cx->arena;
	str id =
	    ccd_uuid_of(arena, arena_printf(arena, "ips/%.*s/%s/%.*s", STR_ARG(uuid_text(arena, ips->source.patient.v)),
				   resource_type_name(type), STR_ARG(purpose)));

	json_write_object(w);
	json_put_text(w, "resourceType", str_from_z(resource_type_name(type)));
	json_put_text(w, "id", id);
	return id;
}

static str
made_end(struct ips *ips, struct json_writer *w, resource_type type, str id)
{
	json_write_end(w);
	json_write_done(w);
	ips_carry(ips, type, id, buf_str(w->out));
	return reference_to(ips, type, id);
}

static void
put_subject(struct ips *ips, struct json_writer *w, const char *name)
{
	json_put_object(w, name);
	json_put_text(w, "reference", reference_to(ips, RESOURCE_PATIENT, ips->patient_id));
	json_write_end(w);
}

static void
put_concept(struct json_writer *w, const char *name, const char *system, const char *code, const char *display)
{
	json_put_object(w, name);
	json_put_array(w, "coding");
	json_write_object(w);
	json_put_text(w, "system", str_from_z(system));
	json_put_text(w, "code", str_from_z(code));
	if (display)
		json_put_text(w, "display", str_from_z(display));
	json_write_end(w);
	json_write_end(w);
	json_write_end(w);
}

/* A value that the guide asks for and nobody knows. */
static void
put_unknown(struct json_writer *w, const char *name)
{
	json_put_object(w, name);
	json_put_array(w, "extension");
	json_write_object(w);
	json_put_text(w, "url", S(ABSENT_REASON));
	json_put_text(w, "valueCode", S("unknown"));
	json_write_end(w);
	json_write_end(w);
	json_write_end(w);
}

str
ips_make_absent(struct ips *ips, const struct ips_absent *absent)
{
	struct buf out = BUF_INIT(ips->cx->arena);
	struct json_writer w = JSON_WRITER(&out);
	str id = made_begin(ips, &w, absent->type, str_from_z(absent->code));

	switch (absent->type) {
	case RESOURCE_ALLERGY_INTOLERANCE:
		put_concept(&w, "clinicalStatus", CLINICAL_SYSTEM "allergyintolerance-clinical", "active", NULL);
		put_concept(&w, "code", ABSENT_SYSTEM, absent->code, absent->display);
		put_subject(ips, &w, "patient");
		break;
	case RESOURCE_CONDITION:
		put_concept(&w, "clinicalStatus", CLINICAL_SYSTEM "condition-clinical", "active", NULL);
		put_concept(&w, "code", ABSENT_SYSTEM, absent->code, absent->display);
		put_subject(ips, &w, "subject");
		break;
	default:
		json_put_text(&w, "status", S("unknown"));
		put_concept(&w, "medicationCodeableConcept", ABSENT_SYSTEM, absent->code, absent->display);
		put_subject(ips, &w, "subject");
		put_unknown(&w, "_effectiveDateTime");
	}
	return made_end(ips, &w, absent->type, id);
}

/* The guide lists devices by their use; the record may hold the device alone. */
str
ips_make_device_use(struct ips *ips, const struct ccd_entry *device)
{
	struct buf out = BUF_INIT(ips->cx->arena);
	struct json_writer w = JSON_WRITER(&out);
	str id = made_begin(ips, &w, RESOURCE_DEVICE_USE_STATEMENT, device->resource->id);

	json_put_text(&w, "status",
	    str_equal(json_text_at(device->json, "status"), S("inactive")) ? S("completed") : S("active"));
	put_subject(ips, &w, "subject");
	put_unknown(&w, "_timingDateTime");
	json_put_object(&w, "device");
	json_put_text(&w, "reference", reference_to(ips, RESOURCE_DEVICE, device->resource->id));
	json_write_end(&w);
	return made_end(ips, &w, RESOURCE_DEVICE_USE_STATEMENT, id);
}

str
ips_make_organization(struct ips *ips)
{
	const struct facility *facility = &ips->source.facility;
	struct buf out = BUF_INIT(ips->cx->arena);
	struct json_writer w = JSON_WRITER(&out);
	str id = uuid_text(ips->cx->arena, facility->id.v);

	json_write_object(&w);
	json_put_text(&w, "resourceType", S("Organization"));
	json_put_text(&w, "id", id);
	json_put_text(&w, "name", facility->name);
	if (facility->phone.n) {
		json_put_array(&w, "telecom");
		json_write_object(&w);
		json_put_text(&w, "system", S("phone"));
		json_put_text(&w, "value", facility->phone);
		json_write_end(&w);
		json_write_end(&w);
	}
	return made_end(ips, &w, RESOURCE_ORGANIZATION, id);
}

/* ---- the patient ---- */

static void
make_patient(struct ips *ips, const struct patient *patient)
{
	struct buf out = BUF_INIT(ips->cx->arena);
	struct json_writer w = JSON_WRITER(&out);

	json_write_object(&w);
	json_put_text(&w, "resourceType", S("Patient"));
	json_put_text(&w, "id", ips->patient_id);
	json_put_array(&w, "name");
	json_write_object(&w);
	json_put_text(&w, "text", patient->name);
	json_write_end(&w);
	json_write_end(&w);
	if (!instant_is_none(patient->born))
		json_put_text(
		    &w, "birthDate", fhir_date_text(ips->cx->arena, zone_civil(zone_utc(), patient->born).date));
	else
		put_unknown(&w, "_birthDate");
	made_end(ips, &w, RESOURCE_PATIENT, ips->patient_id);
}

fallible
ips_patient(struct ips *ips)
{
	const struct json_value *json;
	struct resource *resource;
	struct patient patient;
	struct db_rows rows;

	TRY(patient_get(ips->cx, ips->source.patient, &patient));
	TRY(facility_get(ips->cx, patient.facility, &ips->source.facility));
	TRY(resource_find(ips->cx,
	    &(struct resource_search){.patient = ips->source.patient, .type = RESOURCE_PATIENT, .count = 1}, &rows,
	    NULL));
	resource = rows.items;
	ips->patient_id = rows.count ? resource->id : uuid_text(ips->cx->arena, ips->source.patient.v);
	if (!rows.count) {
		make_patient(ips, &patient);
		return NULL;
	}
	TRY(json_parse(ips->cx->arena, resource->body, &json, NULL));
	record_references_collect(&ips->commons, json);
	ips_carry(ips, RESOURCE_PATIENT, resource->id, resource->body);
	return NULL;
}
