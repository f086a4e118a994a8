/* SPDX-License-Identifier: Apache-2.0 */
/* Procedures and visits that took place. */
#include "care/summary/ccd_internal.h"

static const struct ccd_status procedure_states[] = {{"completed", "completed"}, {"in-progress", "active"},
    {"on-hold", "active"}, {"stopped", "aborted"}, {"not-done", "cancelled"}, {NULL, NULL}};

static const struct ccd_status visit_states[] = {{"finished", "completed"}, {"arrived", "active"},
    {"triaged", "active"}, {"in-progress", "active"}, {"onleave", "active"}, {"cancelled", "cancelled"}, {NULL, NULL}};

bool
ccd_is_done(const struct ccd_entry *e)
{
	return !ccd_is_planned(e);
}

fallible
ccd_procedure(struct ccd_entry *e)
{
	str status = json_text_at(e->json, "status");

	xml_begin(e->x, "procedure");
	xml_attribute(e->x, "classCode", S("PROC"));
	xml_attribute(e->x, "moodCode", S("EVN"));
	if (str_equal(status, S("not-done")))
		xml_attribute(e->x, "negationInd", S("true"));
	ccd_templates(e->x, "4.14", "2014-06-09");
	ccd_id(e, NULL);
	ccd_concept(e, CONCEPT(.element = "code", .concept = json_get(e->json, "code"), .anchor = ccd_name_anchor(e)));
	ccd_text_reference(e);
	ccd_status(e->x, procedure_states, status);
	ccd_time_of(e, "performed", "IVL_TS");
	json_each_item (json_get(e->json, "bodySite"), site)
		ccd_concept(e, CONCEPT(.element = "targetSiteCode", .oid = OID_SNOMED, .concept = site));
	json_each_item (json_get(e->json, "performer"), performer)
		TRY(ccd_performer(e, json_get(performer, "actor")));
	TRY(ccd_author(e, json_get(e->json, "recorder"), STR_NONE));
	ccd_indications(e);
	xml_end(e->x);
	return NULL;
}

/* ---- visits ---- */

/* Where the visit was: a role of the place with its name. */
static fallible
place(struct ccd_entry *e, const struct json_value *reference)
{
	str name = record_reference(e->px, e->json, reference, NULL), target = json_text_at(reference, "reference");
	const struct json_value *json = NULL;
	struct resource resource;
	bool found = false;

	if (target.n && !str_starts(target, S("#")))
		TRY(resource_resolve(e->cx, target, &resource, &found));
	if (found)
		TRY(json_parse(e->cx->arena, resource.body, &json, NULL));
	if (!name.n)
		name = record_title_of(e->px, json);
	if (!name.n)
		return NULL;
	xml_begin(e->x, "participant");
	xml_attribute(e->x, "typeCode", S("LOC"));
	xml_begin(e->x, "participantRole");
	xml_attribute(e->x, "classCode", S("SDLOC"));
	ccd_template(e->x, "4.32", NULL);
	ccd_concept(
	    e, CONCEPT(.element = "code", .oid = "2.16.840.1.113883.6.259", .concept = json_path(json, "type.0")));
	ccd_address(e->x, json_kind(json_get(json, "address")) == JSON_OBJECT ? json_get(json, "address")
									      : json_path(json, "address.0"));
	ccd_telecoms(e->x, e->cx->arena, json_get(json, "telecom"));
	xml_begin(e->x, "playingEntity");
	xml_attribute(e->x, "classCode", S("PLC"));
	xml_leaf(e->x, "name", name);
	xml_end(e->x);
	xml_end(e->x);
	xml_end(e->x);
	return NULL;
}

fallible
ccd_encounter(struct ccd_entry *e)
{
	const struct json_value *type = json_path(e->json, "type.0"), *class = json_get(e->json, "class");
	const struct json_value *discharge = json_path(e->json, "hospitalization.dischargeDisposition");
	const struct json_value *where = json_path(e->json, "location.0.location");

	xml_begin(e->x, "encounter");
	xml_attribute(e->x, "classCode", S("ENC"));
	xml_attribute(e->x, "moodCode", S("EVN"));
	ccd_templates(e->x, "4.49", "2015-08-01");
	ccd_id(e, NULL);
	ccd_concept(e, CONCEPT(.element = "code", .concept = type ? type : class, .anchor = ccd_name_anchor(e),
			   .also = type ? class : NULL));
	ccd_text_reference(e);
	ccd_status(e->x, visit_states, json_text_at(e->json, "status"));
	ccd_span(e, &(struct ccd_span){
			.low = json_text_at(e->json, "period.start"), .high = json_text_at(e->json, "period.end")});
	if (discharge)
		ccd_concept(e, CONCEPT(.element = "sdtc:dischargeDispositionCode", .concept = discharge));
	json_each_item (json_get(e->json, "participant"), participant)
		TRY(ccd_performer(e, json_get(participant, "individual")));
	TRY(place(e, where ? where : json_get(e->json, "serviceProvider")));
	ccd_indications(e);
	xml_end(e->x);
	return NULL;
}
