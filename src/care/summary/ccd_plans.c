/* SPDX-License-Identifier: Apache-2.0 */
/* What is planned, goals, care teams. */
#include "care/summary/ccd_internal.h"

static bool
is_one_of(str word, const char *const *words)
{
	for (; *words; words++)
		if (str_equal(word, str_from_z(*words)))
			return true;
	return false;
}

/* Plans, orders and appointments stand in the plan whatever became of them; visits and procedures only before they are. */
bool
ccd_is_planned(const struct ccd_entry *e)
{
	str status = json_text_at(e->json, "status");

	if (e->type == RESOURCE_ENCOUNTER)
		return str_equal(status, S("planned"));
	if (e->type == RESOURCE_PROCEDURE)
		return str_equal(status, S("preparation"));
	return true;
}

/* ---- plan of treatment ---- */

static void
planned_begin(struct ccd_entry *e, const char *element, const char *class, const char *mood, const char *oid)
{
	xml_begin(e->x, "entry");
	xml_begin(e->x, element);
	xml_attribute(e->x, "classCode", str_from_z(class));
	xml_attribute(e->x, "moodCode", str_from_z(mood));
	ccd_templates(e->x, oid, "2014-06-09");
}

static void
planned_end(struct ccd_entry *e)
{
	xml_end(e->x);
	xml_end(e->x);
}

static void
active(struct ccd_entry *e)
{
	xml_empty(e->x, "statusCode", "code", S("active"), NULL);
}

/* Each activity that is not over. */
static fallible
care_plan(struct ccd_entry *e)
{
	static const char *const over[] = {"completed", "cancelled", "stopped", "entered-in-error", NULL};
	size_t n = 0;

	json_each_item (json_get(e->json, "activity"), activity) {
		const struct json_value *detail = json_get(activity, "detail");

		if (!json_get(detail, "code") || is_one_of(json_text_at(detail, "status"), over))
			continue;
		planned_begin(e, "act", "ACT", "INT", "4.39");
		ccd_id(e, arena_printf(e->cx->arena, "activity-%zu", n++).p);
		ccd_concept(e, CONCEPT(.element = "code", .concept = json_get(detail, "code")));
		ccd_text_reference(e);
		active(e);
		if (json_get(e->json, "period"))
			ccd_span(e, &(struct ccd_span){.low = json_text_at(e->json, "period.start"),
					.high = json_text_at(e->json, "period.end")});
		TRY(ccd_author(e, json_get(e->json, "author"), json_text_at(e->json, "created")));
		planned_end(e);
	}
	return NULL;
}

static fallible
order(struct ccd_entry *e)
{
	planned_begin(e, "act", "ACT", "RQO", "4.39");
	ccd_id(e, NULL);
	ccd_concept(e, CONCEPT(.element = "code", .concept = json_get(e->json, "code"), .anchor = ccd_name_anchor(e)));
	ccd_text_reference(e);
	active(e);
	if (json_get(e->json, "occurrenceDateTime") || json_get(e->json, "occurrencePeriod"))
		ccd_time_of(e, "occurrence", NULL);
	TRY(ccd_author(e, json_get(e->json, "requester"), json_text_at(e->json, "authoredOn")));
	ccd_indications(e);
	planned_end(e);
	return NULL;
}

static fallible
visit(struct ccd_entry *e)
{
	bool appointment = e->type == RESOURCE_APPOINTMENT;
	const struct json_value *type = json_path(e->json, appointment ? "serviceType.0" : "type.0");
	str start = json_text_at(e->json, appointment ? "start" : "period.start");

	planned_begin(e, "encounter", "ENC", appointment ? "APT" : "INT", "4.40");
	ccd_id(e, NULL);
	if (type)
		ccd_concept(e, CONCEPT(.element = "code", .concept = type, .anchor = ccd_name_anchor(e)));
	ccd_text_reference(e);
	active(e);
	ccd_time(e, "effectiveTime", start);
	ccd_indications(e);
	planned_end(e);
	return NULL;
}

static fallible
procedure(struct ccd_entry *e)
{
	planned_begin(e, "procedure", "PROC", "INT", "4.41");
	ccd_id(e, NULL);
	ccd_concept(e, CONCEPT(.element = "code", .concept = json_get(e->json, "code"), .anchor = ccd_name_anchor(e)));
	ccd_text_reference(e);
	active(e);
	ccd_time_of(e, "performed", "IVL_TS");
	ccd_indications(e);
	planned_end(e);
	return NULL;
}

/* An entry says "active"; what is over stands in the table alone. */
fallible
ccd_planned(struct ccd_entry *e)
{
	static const char *const open[] = {
	    "active", "on-hold", "draft", "proposed", "pending", "booked", "waitlist", "planned", "preparation", NULL};

	if (!is_one_of(json_text_at(e->json, "status"), open))
		return NULL;
	switch (e->type) {
	case RESOURCE_CARE_PLAN: return care_plan(e);
	case RESOURCE_SERVICE_REQUEST: return order(e);
	case RESOURCE_PROCEDURE: return procedure(e);
	default: return visit(e);
	}
}

/* ---- goals ---- */

static const struct ccd_status goal_states[] = {{"proposed", "active"}, {"planned", "active"}, {"accepted", "active"},
    {"active", "active"}, {"on-hold", "suspended"}, {"completed", "completed"}, {"cancelled", "cancelled"},
    {"rejected", "cancelled"}, {NULL, NULL}};

fallible
ccd_goal(struct ccd_entry *e)
{
	const struct json_value *detail = json_path(e->json, "target.0.detailQuantity");
	str due = json_text_at(e->json, "target.0.dueDate");

	ccd_observation_begin(e, "GOL", "4.121", NULL);
	ccd_id(e, NULL);
	ccd_concept(
	    e, CONCEPT(.element = "code", .concept = json_get(e->json, "description"), .anchor = ccd_name_anchor(e)));
	ccd_text_reference(e);
	ccd_status(e->x, goal_states, json_text_at(e->json, "lifecycleStatus"));
	if (json_get(e->json, "startDate") || due.n)
		ccd_span(e, &(struct ccd_span){.low = json_text_at(e->json, "startDate"), .high = due});
	if (detail)
		ccd_quantity(e, "value", "PQ", detail);
	TRY(ccd_author(e, json_get(e->json, "expressedBy"), json_text_at(e->json, "statusDate")));
	xml_end(e->x);
	return NULL;
}

/* ---- care teams ---- */

static const struct ccd_status team_states[] = {{"proposed", "active"}, {"active", "active"},
    {"suspended", "suspended"}, {"inactive", "completed"}, {"", "active"}, {NULL, NULL}};

static fallible
team_member(struct ccd_entry *e, const struct json_value *participant, size_t n)
{
	const struct json_value *role = json_path(participant, "role.0"), *period = json_get(participant, "period");

	xml_begin(e->x, "component");
	xml_begin(e->x, "act");
	xml_attribute(e->x, "classCode", S("PCPR"));
	xml_attribute(e->x, "moodCode", S("EVN"));
	ccd_template(e->x, "4.500.1", "2019-07-01");
	ccd_id(e, arena_printf(e->cx->arena, "member-%zu", n).p);
	ccd_fixed(e->x, "code", "85847-2", OID_LOINC, "Care team information");
	ccd_status(e->x, team_states, json_text_at(e->json, "status"));
	ccd_span(e, &(struct ccd_span){.low = json_text_at(period, "start"), .high = json_text_at(period, "end")});
	xml_begin(e->x, "performer");
	xml_attribute(e->x, "typeCode", S("PRF"));
	if (role)
		ccd_concept(e, CONCEPT(.element = "sdtc:functionCode", .concept = role));
	TRY(ccd_assigned(e, "assignedEntity", json_get(participant, "member")));
	xml_end(e->x);
	xml_end(e->x);
	xml_end(e->x);
	return NULL;
}

fallible
ccd_care_team(struct ccd_entry *e)
{
	const struct json_value *period = json_get(e->json, "period");
	size_t n = 0;

	xml_begin(e->x, "organizer");
	xml_attribute(e->x, "classCode", S("CLUSTER"));
	xml_attribute(e->x, "moodCode", S("EVN"));
	ccd_template(e->x, "4.500", "2019-07-01");
	ccd_id(e, NULL);
	xml_begin(e->x, "code");
	xml_attribute(e->x, "code", S("86744-0"));
	xml_attribute(e->x, "codeSystem", S(OID_LOINC));
	xml_attribute(e->x, "codeSystemName", S("LOINC"));
	xml_attribute(e->x, "displayName", S("Care team"));
	xml_begin(e->x, "originalText");
	xml_empty(e->x, "reference", "value", ccd_name_anchor(e), NULL);
	xml_end(e->x);
	xml_end(e->x);
	ccd_status(e->x, team_states, json_text_at(e->json, "status"));
	ccd_span(e, &(struct ccd_span){.low = json_text_at(period, "start"), .high = json_text_at(period, "end")});
	json_each_item (json_get(e->json, "participant"), participant)
		TRY(team_member(e, participant, n++));
	xml_end(e->x);
	return NULL;
}
