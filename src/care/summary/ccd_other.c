/* SPDX-License-Identifier: Apache-2.0 */
/* Devices, insurance, notes. */
#include "care/summary/ccd_internal.h"

#define OID_UDI "2.16.840.1.113883.3.3719" /* FDA: unique device identifiers */

/* ---- devices ---- */

static const struct ccd_status device_states[] = {
    {"active", "active"}, {"inactive", "completed"}, {"", "active"}, {NULL, NULL}};

fallible
ccd_device(struct ccd_entry *e)
{
	str udi = json_text_at(e->json, "udiCarrier.0.carrierHRF"), model = json_text_at(e->json, "modelNumber");

	if (!udi.n)
		udi = json_text_at(e->json, "udiCarrier.0.deviceIdentifier");
	xml_begin(e->x, "supply");
	xml_attribute(e->x, "classCode", S("SPLY"));
	xml_attribute(e->x, "moodCode", S("EVN"));
	ccd_templates(e->x, "4.50", "2014-06-09");
	ccd_id(e, NULL);
	ccd_text_reference(e);
	ccd_status(e->x, device_states, json_text_at(e->json, "status"));
	xml_begin(e->x, "participant");
	xml_attribute(e->x, "typeCode", S("PRD"));
	xml_begin(e->x, "participantRole");
	xml_attribute(e->x, "classCode", S("MANU"));
	ccd_template(e->x, "4.37", NULL);
	if (udi.n)
		xml_empty(e->x, "id", "root", S(OID_UDI), "extension", udi, NULL);
	else
		ccd_id(e, "device");
	xml_begin(e->x, "playingDevice");
	ccd_concept(e, CONCEPT(.element = "code", .concept = json_get(e->json, "type"), .anchor = ccd_name_anchor(e)));
	if (!model.n)
		model = json_text_at(e->json, "deviceName.0.name");
	if (model.n)
		xml_leaf(e->x, "manufacturerModelName", model);
	xml_end(e->x);
	xml_begin(e->x, "scopingEntity");
	if (udi.n)
		xml_empty(e->x, "id", "root", S(OID_UDI), NULL);
	else
		xml_empty(e->x, "id", "nullFlavor", S("UNK"), NULL);
	if (json_text_at(e->json, "manufacturer").n)
		xml_leaf(e->x, "desc", json_text_at(e->json, "manufacturer"));
	xml_end(e->x);
	xml_end(e->x);
	xml_end(e->x);
	xml_end(e->x);
	return NULL;
}

/* ---- insurance ---- */

static void
covered_party(struct ccd_entry *e)
{
	str relation = json_text_at(e->json, "relationship.coding.0.code"),
	    member = json_text_at(e->json, "subscriberId");

	xml_begin(e->x, "participant");
	xml_attribute(e->x, "typeCode", S("COV"));
	ccd_template(e->x, "4.89", NULL);
	xml_begin(e->x, "participantRole");
	xml_attribute(e->x, "classCode", S("PAT"));
	if (member.n)
		xml_empty(e->x, "id", "root", ccd_uuid_of(e->cx->arena, S("Coverage.subscriberId")), "extension",
		    member, NULL);
	else
		xml_empty(e->x, "id", "nullFlavor", S("UNK"), NULL);
	if (str_equal(relation, S("self")))
		ccd_fixed(e->x, "code", "SELF", "2.16.840.1.113883.5.111", "Self");
	else
		ccd_concept(e, CONCEPT(.element = "code", .concept = json_get(e->json, "relationship")));
	xml_end(e->x);
	xml_end(e->x);
}

static void
plan_description(struct ccd_entry *e)
{
	str name = STR_NONE;

	json_each_item (json_get(e->json, "class"), class)
		if (ccd_concept_has(json_get(class, "type"), "plan"))
			name = json_text_at(class, "name");
	ccd_relation_begin(e, "REFR", false);
	xml_begin(e->x, "act");
	xml_attribute(e->x, "classCode", S("ACT"));
	xml_attribute(e->x, "moodCode", S("DEF"));
	ccd_id(e, "plan");
	xml_empty(e->x, "code", "nullFlavor", S("NA"), NULL);
	xml_leaf(e->x, "text", name.n ? name : e->item.title);
	xml_end(e->x);
	xml_end(e->x);
}

fallible
ccd_coverage(struct ccd_entry *e)
{
	xml_begin(e->x, "act");
	xml_attribute(e->x, "classCode", S("ACT"));
	xml_attribute(e->x, "moodCode", S("EVN"));
	ccd_templates(e->x, "4.60", "2015-08-01");
	ccd_id(e, "coverage");
	ccd_fixed(e->x, "code", "48768-6", OID_LOINC, "Payment sources");
	xml_empty(e->x, "statusCode", "code", S("completed"), NULL);
	ccd_relation_begin(e, "COMP", false);
	xml_begin(e->x, "act");
	xml_attribute(e->x, "classCode", S("ACT"));
	xml_attribute(e->x, "moodCode", S("EVN"));
	ccd_templates(e->x, "4.61", "2015-08-01");
	ccd_id(e, NULL);
	ccd_concept(e, CONCEPT(.element = "code", .oid = "2.16.840.1.113883.6.255.1336",
			   .concept = json_get(e->json, "type"), .anchor = ccd_name_anchor(e)));
	ccd_text_reference(e);
	xml_empty(e->x, "statusCode", "code", S("completed"), NULL);
	if (json_get(e->json, "period"))
		ccd_span(e, &(struct ccd_span){.low = json_text_at(e->json, "period.start"),
				.high = json_text_at(e->json, "period.end")});
	xml_begin(e->x, "performer");
	xml_attribute(e->x, "typeCode", S("PRF"));
	ccd_template(e->x, "4.87", NULL);
	TRY(ccd_assigned(e, "assignedEntity", json_path(e->json, "payor.0")));
	xml_end(e->x);
	covered_party(e);
	plan_description(e);
	xml_end(e->x);
	xml_end(e->x);
	xml_end(e->x);
	return NULL;
}

/* ---- notes ---- */

bool
ccd_is_note(const struct ccd_entry *e)
{
	return e->item.class != CLASS_LABS;
}

fallible
ccd_note(struct ccd_entry *e)
{
	const struct json_value *type = json_get(e->json, e->type == RESOURCE_DIAGNOSTIC_REPORT ? "code" : "type");
	const struct json_value *author = json_path(e->json, "author.0"),
				*period = json_path(e->json, "context.period");
	str written = json_text_at(e->json, "date");

	if (!author)
		author = json_path(e->json, "performer.0");
	if (!written.n)
		written = json_text_at(e->json, "issued");
	xml_begin(e->x, "act");
	xml_attribute(e->x, "classCode", S("ACT"));
	xml_attribute(e->x, "moodCode", S("EVN"));
	ccd_template(e->x, "4.202", "2016-11-01");
	ccd_id(e, NULL);
	xml_begin(e->x, "code");
	xml_attribute(e->x, "code", S("34109-9"));
	xml_attribute(e->x, "codeSystem", S(OID_LOINC));
	xml_attribute(e->x, "codeSystemName", S("LOINC"));
	xml_attribute(e->x, "displayName", S("Note"));
	if (type)
		ccd_concept(e, CONCEPT(.element = "translation", .oid = OID_LOINC, .concept = type));
	xml_end(e->x);
	ccd_text_reference(e);
	xml_empty(e->x, "statusCode", "code", S("completed"), NULL);
	if (period)
		ccd_span(
		    e, &(struct ccd_span){.low = json_text_at(period, "start"), .high = json_text_at(period, "end")});
	else if (e->type == RESOURCE_DIAGNOSTIC_REPORT)
		ccd_time_of(e, "effective", NULL);
	else
		ccd_time(e, "effectiveTime", written);
	xml_begin(e->x, "author");
	ccd_template(e->x, "4.119", NULL);
	ccd_time(e, "time", written);
	TRY(ccd_assigned(e, "assignedAuthor", author));
	xml_end(e->x);
	xml_end(e->x);
	return NULL;
}
