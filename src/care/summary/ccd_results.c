/* SPDX-License-Identifier: Apache-2.0 */
/* Results and vital signs.  A report or panel is one organizer with its results inside; a result that stands in none gets an
 * organizer of its own.  Vital signs of one time share an organizer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "care/summary/ccd_internal.h"

static const struct ccd_status result_states[] = {{"final", "completed"}, {"amended", "completed"},
    {"corrected", "completed"}, {"appended", "completed"}, {"registered", "active"}, {"partial", "active"},
    {"preliminary", "active"}, {"cancelled", "cancelled"}, {"unknown", "held"}, {NULL, NULL}};

/* ---- what belongs where ---- */

static bool
has_number(const struct json_value *json)
{
	if (json_path(json, "valueQuantity.value"))
		return true;
	json_each_item (json_get(json, "component"), component)
		if (json_path(component, "valueQuantity.value"))
			return true;
	return false;
}

bool
ccd_is_vital(const struct ccd_entry *e)
{
	return e->item.class == CLASS_VITALS && has_number(e->json);
}

bool
ccd_is_result(const struct ccd_entry *e)
{
	if (e->type == RESOURCE_DIAGNOSTIC_REPORT)
		return e->item.class == CLASS_LABS;
	return !ccd_is_vital(e) && !ccd_is_social(e) && !ccd_is_assessment(e);
}

/* ---- which results stand in a report ---- */

static const struct json_value *
members_of(const struct ccd_entry *e)
{
	const struct json_value *members =
	    json_get(e->json, e->type == RESOURCE_DIAGNOSTIC_REPORT ? "result" : "hasMember");

	return json_count(members) ? members : NULL;
}

void
ccd_result_notice(struct ccd_entry *e)
{
	struct ccd *c = e->ccd;

	json_each_item (members_of(e), member) {
		resource_type type;
		str id;

		if (reference_split(json_text_at(member, "reference"), &type, &id))
			*LIST_ADD(c->cx->arena, &c->grouped) = resource_key(c->cx->vault, id);
	}
}

static int
compare_keys(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct uuid));
}

fallible
ccd_results_sort(struct ccd *c)
{
	if (c->grouped.count)
		qsort(c->grouped.items, c->grouped.count, sizeof(struct uuid), compare_keys);
	return NULL;
}

static bool
stands_in_a_group(const struct ccd_entry *e)
{
	return e->type == RESOURCE_OBSERVATION && e->ccd->grouped.count &&
	       bsearch(
		   &e->resource->key, e->ccd->grouped.items, e->ccd->grouped.count, sizeof(struct uuid), compare_keys);
}

/* ---- one result ---- */

/* `holder`: the resource or one of its components; `purpose` tells their ids apart. */
static fallible
result_component(struct ccd_entry *e, const struct json_value *holder, const char *purpose)
{
	xml_begin(e->x, "component");
	ccd_observation_begin(e, "EVN", "4.2", "2015-08-01");
	ccd_id(e, purpose);
	ccd_concept(e, CONCEPT(.element = "code", .concept = json_get(holder, "code"),
			   .anchor = purpose ? STR_NONE : ccd_name_anchor(e)));
	ccd_text_reference(e);
	ccd_status(e->x, result_states, json_text_at(e->json, "status"));
	ccd_time_of(e, "effective", NULL);
	ccd_value(e, holder);
	ccd_interpretation(e, holder);
	if (json_get(e->json, "method"))
		ccd_concept(e, CONCEPT(.element = "methodCode", .concept = json_get(e->json, "method")));
	if (json_get(e->json, "bodySite"))
		ccd_concept(e,
		    CONCEPT(.element = "targetSiteCode", .oid = OID_SNOMED, .concept = json_get(e->json, "bodySite")));
	TRY(ccd_author(e, json_path(e->json, "performer.0"), json_text_at(e->json, "issued")));
	ccd_ranges(e, holder);
	xml_end(e->x);
	xml_end(e->x);
	return NULL;
}

/* The result itself when it says something, then its parts. */
static fallible
result_components(struct ccd_entry *e)
{
	const struct json_value *parts = json_get(e->json, "component");
	size_t n = 0;

	if (e->item.value.n || !json_count(parts))
		TRY(result_component(e, e->json, NULL));
	json_each_item (parts, part)
		TRY(result_component(e, part, arena_printf(e->cx->arena, "component-%zu", n++).p));
	return NULL;
}

/* ---- organizers ---- */

static void
organizer_begin(struct ccd_entry *e, bool of_one)
{
	const struct json_value *period = json_get(e->json, "effectivePeriod");
	str at = json_text_at(e->json, "effectiveDateTime");

	xml_begin(e->x, "entry");
	xml_begin(e->x, "organizer");
	xml_attribute(e->x, "classCode", S("BATTERY"));
	xml_attribute(e->x, "moodCode", S("EVN"));
	ccd_templates(e->x, "4.1", "2015-08-01");
	ccd_id(e, of_one ? "organizer" : NULL);
	ccd_concept(e, CONCEPT(.element = "code", .concept = json_get(e->json, "code"), .anchor = ccd_name_anchor(e)));
	ccd_status(e->x, result_states, json_text_at(e->json, "status"));
	if (at.n || period)
		ccd_span(e, &(struct ccd_span){.low = at.n ? at : json_text_at(period, "start"),
				.high = at.n ? at : json_text_at(period, "end"),
				.over = true});
}

/* A result that the report names, when it may be shown and belongs here. */
static fallible
member(struct ccd_entry *report, str reference, size_t *written)
{
	struct page_cx px = *report->px;
	struct resource resource;
	struct ccd_entry e;
	bool found, taken;

	TRY(resource_resolve(report->cx, reference, &resource, &found));
	if (!found || resource.type != RESOURCE_OBSERVATION || !uuid_equal(resource.patient.v, report->ccd->patient.v))
		return NULL;
	TRY(ccd_entry_open(report->ccd, report->cx, &px, &resource, false, &e, &taken));
	if (!taken || !ccd_is_result(&e) || members_of(&e))
		return NULL;
	++*written;
	return result_components(&e);
}

/* A report without results still says something: its conclusion. */
static fallible
report_alone(struct ccd_entry *e)
{
	str conclusion = json_text_at(e->json, "conclusion");

	xml_begin(e->x, "component");
	ccd_observation_begin(e, "EVN", "4.2", "2015-08-01");
	ccd_id(e, "conclusion");
	ccd_concept(e, CONCEPT(.element = "code", .concept = json_get(e->json, "code")));
	ccd_text_reference(e);
	ccd_status(e->x, result_states, json_text_at(e->json, "status"));
	ccd_time_of(e, "effective", NULL);
	xml_begin(e->x, "value");
	xml_attribute(e->x, "xsi:type", S("ST"));
	if (conclusion.n)
		xml_text(e->x, conclusion);
	else
		xml_attribute(e->x, "nullFlavor", S("NI"));
	xml_end(e->x);
	TRY(ccd_author(e, json_path(e->json, "performer.0"), json_text_at(e->json, "issued")));
	xml_end(e->x);
	xml_end(e->x);
	return NULL;
}

fallible
ccd_result(struct ccd_entry *e)
{
	const struct json_value *members = members_of(e);
	bool report = e->type == RESOURCE_DIAGNOSTIC_REPORT;
	size_t written = 0;

	if (!members && stands_in_a_group(e))
		return NULL;
	organizer_begin(e, !members && !report);
	json_each_item (members, one)
		TRY(member(e, json_text_at(one, "reference"), &written));
	if (report && !written)
		TRY(report_alone(e));
	if (!report && (!members || e->item.value.n || !written))
		TRY(result_components(e));
	xml_end(e->x);
	xml_end(e->x);
	return NULL;
}

/* ---- vital signs ---- */

static void
vital_component(struct ccd_entry *e, const struct json_value *holder, const char *purpose)
{
	xml_begin(e->x, "component");
	ccd_observation_begin(e, "EVN", "4.27", "2014-06-09");
	ccd_id(e, purpose);
	ccd_concept(e, CONCEPT(.element = "code", .concept = json_get(holder, "code"),
			   .anchor = purpose ? STR_NONE : ccd_name_anchor(e)));
	ccd_text_reference(e);
	xml_empty(e->x, "statusCode", "code", S("completed"), NULL);
	ccd_time_of(e, "effective", NULL);
	ccd_quantity(e, "value", "PQ", json_get(holder, "valueQuantity"));
	ccd_interpretation(e, holder);
	ccd_ranges(e, holder);
	xml_end(e->x);
	xml_end(e->x);
}

void
ccd_vitals_close(struct ccd *c)
{
	if (!c->vitals_open)
		return;
	xml_end(&c->x);
	xml_end(&c->x);
	c->vitals_open = false;
}

static str
vitals_time(struct ccd_entry *e)
{
	str at = json_text_at(e->json, "effectiveDateTime");

	if (!at.n)
		at = json_text_at(e->json, "effectivePeriod.start");
	return at.n ? at : json_text_at(e->json, "effectiveInstant");
}

static void
vitals_open(struct ccd_entry *e, str at)
{
	struct ccd *c = e->ccd;

	if (c->vitals_open && str_equal(at, (str){c->vitals_at, strlen(c->vitals_at)}))
		return;
	ccd_vitals_close(c);
	snprintf(c->vitals_at, sizeof(c->vitals_at), "%.*s", STR_ARG(at));
	c->vitals_open = true;
	xml_begin(e->x, "entry");
	xml_begin(e->x, "organizer");
	xml_attribute(e->x, "classCode", S("CLUSTER"));
	xml_attribute(e->x, "moodCode", S("EVN"));
	ccd_templates(e->x, "4.26", "2015-08-01");
	ccd_id(e, "vitals");
	xml_begin(e->x, "code");
	xml_attribute(e->x, "code", S("46680005"));
	xml_attribute(e->x, "codeSystem", S(OID_SNOMED));
	xml_attribute(e->x, "codeSystemName", S("SNOMED CT"));
	xml_attribute(e->x, "displayName", S("Vital signs"));
	ccd_fixed(e->x, "translation", "74728-7", OID_LOINC,
	    "Vital signs, weight, height, head circumference, oximetry, BMI, and BSA panel - HL7.CCDAr1.1");
	xml_end(e->x);
	xml_empty(e->x, "statusCode", "code", S("completed"), NULL);
	ccd_time(e, "effectiveTime", at);
}

fallible
ccd_vital(struct ccd_entry *e)
{
	size_t n = 0;

	vitals_open(e, vitals_time(e));
	if (json_path(e->json, "valueQuantity.value"))
		vital_component(e, e->json, NULL);
	json_each_item (json_get(e->json, "component"), part) {
		if (json_path(part, "valueQuantity.value"))
			vital_component(e, part, arena_printf(e->cx->arena, "component-%zu", n).p);
		n++;
	}
	return NULL;
}
