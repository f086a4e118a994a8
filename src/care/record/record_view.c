/* SPDX-License-Identifier: Apache-2.0 */
/* An entry's line in a list.  Where each type keeps its name, dates and people is a table. */
#include "care/record/record_choice.h"
#include "care/record/record_view_internal.h"
#include "platform/format/utf8.h"

/* ---- where each type keeps what ---- */

#define PATHS_MAX 5

/* The first path that leads to something counts. Type 0: every other type. */
static const struct shape {
	resource_type type;
	const char *title[PATHS_MAX];  /* CodeableConcept, string, HumanName */
	const char *date[PATHS_MAX];   /* dateTime or Period */
	const char *who[PATHS_MAX];    /* Reference */
	const char *where[PATHS_MAX];  /* Reference */
	const char *reason[PATHS_MAX]; /* CodeableConcept or Reference */
} shapes[] = {
    {RESOURCE_OBSERVATION, {"code"}, {"effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued"},
	{"performer.0"}, {NULL}, {NULL}},
    {RESOURCE_DIAGNOSTIC_REPORT, {"code", "category.0"}, {"effectiveDateTime", "effectivePeriod", "issued"},
	{"performer.0", "resultsInterpreter.0"}, {NULL}, {NULL}},
    {RESOURCE_CONDITION, {"code"}, {"onsetDateTime", "onsetPeriod", "recordedDate"}, {"asserter", "recorder"}, {NULL},
	{NULL}},
    {RESOURCE_ALLERGY_INTOLERANCE, {"code", "reaction.0.substance"},
	{"onsetDateTime", "onsetPeriod", "recordedDate", "lastOccurrence"}, {"asserter", "recorder"}, {NULL}, {NULL}},
    {RESOURCE_MEDICATION_REQUEST, {"medicationCodeableConcept"}, {"authoredOn"}, {"requester"}, {NULL},
	{"reasonCode.0", "reasonReference.0"}},
    {RESOURCE_MEDICATION_STATEMENT, {"medicationCodeableConcept"},
	{"effectiveDateTime", "effectivePeriod", "dateAsserted"}, {"informationSource"}, {NULL},
	{"reasonCode.0", "reasonReference.0"}},
    {RESOURCE_MEDICATION_DISPENSE, {"medicationCodeableConcept"}, {"whenHandedOver", "whenPrepared"},
	{"performer.0.actor"}, {"location"}, {NULL}},
    {RESOURCE_MEDICATION_ADMINISTRATION, {"medicationCodeableConcept"}, {"effectiveDateTime", "effectivePeriod"},
	{"performer.0.actor"}, {NULL}, {"reasonCode.0", "reasonReference.0"}},
    {RESOURCE_IMMUNIZATION, {"vaccineCode"}, {"occurrenceDateTime", "recorded"}, {"performer.0.actor"}, {"location"},
	{"reasonCode.0"}},
    {RESOURCE_ENCOUNTER, {"type.0", "serviceType"}, {"period"}, {"participant.0.individual"},
	{"location.0.location", "serviceProvider"}, {"reasonCode.0", "reasonReference.0"}},
    {RESOURCE_APPOINTMENT, {"serviceType.0", "appointmentType", "description"}, {"start"},
	{"participant.1.actor", "participant.0.actor"}, {NULL}, {"reasonCode.0", "reasonReference.0"}},
    {RESOURCE_PROCEDURE, {"code"}, {"performedDateTime", "performedPeriod"}, {"performer.0.actor", "recorder"},
	{"location"}, {"reasonCode.0", "reasonReference.0"}},
    {RESOURCE_DOCUMENT_REFERENCE, {"description", "type", "content.0.attachment.title", "category.0"},
	{"date", "context.period"}, {"author.0", "authenticator"}, {"custodian"}, {NULL}},
    {RESOURCE_COMPOSITION, {"title", "type"}, {"date"}, {"author.0"}, {"custodian"}, {NULL}},
    {RESOURCE_MEDIA, {"content.title", "type", "modality"}, {"createdDateTime", "createdPeriod", "issued"},
	{"operator"}, {NULL}, {"reasonCode.0"}},
    {RESOURCE_IMAGING_STUDY, {"procedureCode.0", "description", "series.0.description"}, {"started"}, {"referrer"},
	{"location"}, {"reasonCode.0", "reasonReference.0"}},
    {RESOURCE_CARE_PLAN, {"title", "category.0", "activity.0.detail.code"}, {"period", "created"}, {"author"}, {NULL},
	{"addresses.0"}},
    {RESOURCE_CARE_TEAM, {"name", "category.0", "participant.0.role.0"}, {"period"}, {"managingOrganization.0"}, {NULL},
	{"reasonCode.0"}},
    {RESOURCE_GOAL, {"description"}, {"startDate", "statusDate"}, {"expressedBy"}, {NULL}, {"addresses.0"}},
    {RESOURCE_DEVICE, {"deviceName.0.name", "type", "modelNumber", "manufacturer"},
	{"manufactureDate", "expirationDate"}, {"owner"}, {"location"}, {NULL}},
    {RESOURCE_DEVICE_USE_STATEMENT, {"device.display", "bodySite"}, {"timingPeriod", "timingDateTime", "recordedOn"},
	{"source"}, {NULL}, {"reasonCode.0"}},
    {RESOURCE_DEVICE_REQUEST, {"codeCodeableConcept", "codeReference.display"}, {"authoredOn", "occurrenceDateTime"},
	{"requester"}, {NULL}, {"reasonCode.0", "reasonReference.0"}},
    {RESOURCE_FAMILY_MEMBER_HISTORY, {"relationship", "name"}, {"date"}, {NULL}, {NULL}, {NULL}},
    {RESOURCE_COVERAGE, {"type", "class.0.name", "payor.0.display"}, {"period"}, {"payor.0"}, {NULL}, {NULL}},
    {RESOURCE_COMMUNICATION, {"topic", "category.0"}, {"sent", "received"}, {"sender"}, {NULL}, {"reasonCode.0"}},
    {RESOURCE_RELATED_PERSON, {"name", "relationship.0"}, {"period"}, {NULL}, {NULL}, {NULL}},
    {0, {"code", "type", "type.0", "name", "description"}, {"date", "created", "authoredOn", "issued", "period"},
	{"provider", "author", "requester", "performer.0", "insurer"}, {"location"}, {"reasonCode.0"}},
};

static const struct shape *
shape_of(resource_type type)
{
	const struct shape *shape = shapes;

	while (shape->type && shape->type != type)
		shape++;
	return shape;
}

static str
text_or_concept(const struct page_cx *px, const struct json_value *value)
{
	if (json_kind(value) == JSON_STRING)
		return str_trim(json_text(value));
	if (json_kind(value) == JSON_ARRAY) /* HumanName */
		return record_human_name(px->arena, json_at(value, 0));
	return record_concept(value);
}

static str
first_reference(const struct page_cx *px, const struct json_value *json, const char *const *paths, str *look_up)
{
	str out = STR_NONE;

	for (size_t i = 0; i < PATHS_MAX && paths[i] && !out.p; i++)
		out = record_reference(px, json, json_path(json, paths[i]), look_up->p ? NULL : look_up);
	if (out.p)
		*look_up = STR_NONE;
	return out;
}

static str
first_reason(const struct page_cx *px, const struct json_value *json, const char *const *paths)
{
	str out = STR_NONE;

	for (size_t i = 0; i < PATHS_MAX && paths[i] && !out.p; i++) {
		const struct json_value *value = json_path(json, paths[i]);

		out = record_concept(value);
		if (!out.p)
			out = record_reference(px, json, value, NULL);
	}
	return out.p ? record_name_plain(px->arena, out).title : STR_NONE;
}

static void
read_date(const struct page_cx *px, const struct json_value *json, const struct shape *shape, struct record_item *out)
{
	for (size_t i = 0; i < PATHS_MAX && shape->date[i] && !out->when.p; i++) {
		const struct json_value *value = json_path(json, shape->date[i]);

		out->when = json_kind(value) == JSON_OBJECT ? record_period(px, value, &out->at)
		                                            : record_when(px, json_text(value), &out->at);
	}
}

static instant
beginning(const struct json_value *value)
{
	const struct json_value *end = json_get(value, "end");
	struct fhir_date date;

	if (json_kind(value) == JSON_OBJECT)
		value = json_get(value, "start") ? json_get(value, "start") : end;
	return fhir_date_parse(FHIR_DATETIME, json_text(value), &date) ? date.low : INSTANT_NONE;
}

instant
record_at(resource_type type, const struct json_value *json)
{
	const struct shape *shape = shape_of(type);
	instant out = INSTANT_NONE;

	for (size_t i = 0; i < PATHS_MAX && shape->date[i] && instant_is_none(out); i++)
		out = beginning(json_path(json, shape->date[i]));
	return out;
}

static void
read_title(const struct page_cx *px, resource_type type, const struct json_value *json, const struct shape *shape,
    struct record_item *out)
{
	const struct json_value *medicine = json_get(json, "medicationReference");
	str raw = STR_NONE, look_up = STR_NONE;
	struct record_name name;

	for (size_t i = 0; i < PATHS_MAX && shape->title[i] && !raw.n; i++)
		raw = text_or_concept(px, json_path(json, shape->title[i]));
	if (!raw.n && medicine) {
		raw = record_reference(px, json, medicine, &look_up);
		out->title_reference = look_up;
	}
	name = record_name_plain(px->arena, raw);
	out->title = name.title;
	out->detail = name.detail;
	if (!out->title.n && type == RESOURCE_ENCOUNTER)
		out->title = record_code_words(px, json_text_at(json, "class.code"));
	if (!out->title.n)
		out->title = T("No name recorded");
}

/* ---- what only some types have ---- */

static void
read_key(const struct page_cx *px, const struct json_value *json, struct record_item *out)
{
	str code = json_text_at(json, "code.coding.0.code");

	out->key_is_code = code.n > 0;
	out->key = code.n ? arena_printf(px->arena, "%.*s|%.*s", STR_ARG(json_text_at(json, "code.coding.0.system")),
				STR_ARG(code))
	                  : utf8_fold(px->arena, out->title);
}

static str
id_of_reference(str reference)
{
	str id = reference;

	while (str_contains(id, S("/")))
		id = str_cut(id, '/', &reference);
	return str_starts(id, S("urn:uuid:")) ? str_drop(id, 9) : id;
}

static void
read_members(const struct page_cx *px, const struct json_value *list, struct record_item *out)
{
	str *members = ARENA_ARRAY(px->arena, str, json_count(list));

	json_each_item (list, member) {
		str reference = json_text_at(member, "reference");

		if (reference.n)
			members[out->member_count++] = reference;
	}
	out->members = members;
	if (out->member_count && !out->value.p)
		out->value = TN("%1 result", "%1 results", out->member_count);
}

static str
joined_concepts(const struct page_cx *px, const struct json_value *list, const char *member)
{
	struct buf out = BUF_INIT(px->arena);

	json_each_item (list, item) {
		const struct json_value *value = member ? json_path(item, member) : item;
		str words = json_kind(value) == JSON_ARRAY ? joined_concepts(px, value, NULL) : record_concept(value);

		if (words.n)
			buf_printf(
			    &out, "%s%.*s", out.n ? ", " : "", STR_ARG(record_name_plain(px->arena, words).title));
	}
	return out.n ? buf_str(&out) : STR_NONE;
}

static void
read_special(const struct page_cx *px, resource_type type, const struct json_value *json, struct record_item *out)
{
	switch (type) {
	case RESOURCE_OBSERVATION:
		record_measure_read(px, json, out);
		read_members(px, json_get(json, "hasMember"), out);
		break;
	case RESOURCE_DIAGNOSTIC_REPORT: read_members(px, json_get(json, "result"), out); break;
	case RESOURCE_MEDICATION_REQUEST: out->detail = json_text_at(json, "dosageInstruction.0.text"); break;
	case RESOURCE_MEDICATION_STATEMENT: out->detail = json_text_at(json, "dosage.0.text"); break;
	case RESOURCE_ALLERGY_INTOLERANCE:
		out->detail = joined_concepts(px, json_get(json, "reaction"), "manifestation");
		break;
	case RESOURCE_FAMILY_MEMBER_HISTORY:
		out->detail = joined_concepts(px, json_get(json, "condition"), "code");
		break;
	case RESOURCE_RELATED_PERSON: out->detail = joined_concepts(px, json_get(json, "relationship"), NULL); break;
	case RESOURCE_DEVICE: out->detail = record_concept(json_get(json, "type")); break;
	case RESOURCE_CARE_PLAN: out->detail = joined_concepts(px, json_get(json, "activity"), "detail.code"); break;
	case RESOURCE_CONDITION: {
		str end = record_when(px, json_text_at(json, "abatementDateTime"), NULL);

		if (end.p && out->when.p)
			out->when = TF2("%1 to %2", out->when, end);
		break;
	}
	default: break;
	}
}

/* A visit whose day has passed is not to come, whatever its status says; one without a word and a later day is. */
static void
read_planned(const struct page_cx *px, struct record_item *out)
{
	bool later = !instant_is_none(out->at) && out->at.ms > px->now.ms;

	if (out->type == RESOURCE_ENCOUNTER || out->type == RESOURCE_APPOINTMENT)
		out->planned = !out->mistaken && later && (out->planned || !out->state.p);
}

void
record_item_read(const struct page_cx *px, resource_type type, const struct json_value *json, struct record_item *out)
{
	const struct shape *shape = shape_of(type);
	str encounter = json_text_at(json, "encounter.reference");

	*out = (struct record_item){
	    .type = type, .class = record_class_of(type, json), .id = json_text_at(json, "id"), .at = INSTANT_NONE};
	if (!encounter.n)
		encounter = json_text_at(json, "context.encounter.0.reference");
	if (!encounter.n)
		encounter = json_text_at(json, "context.reference");
	read_title(px, type, json, shape, out);
	read_date(px, json, shape, out);
	out->who = first_reference(px, json, shape->who, &out->who_reference);
	out->where = first_reference(px, json, shape->where, &out->where_reference);
	out->reason = first_reason(px, json, shape->reason);
	out->encounter = encounter.n ? id_of_reference(encounter) : STR_NONE;
	out->own = record_is_own(json);
	out->entry = record_is_entry(json);
	read_special(px, type, json, out);
	record_state_read(px, type, json, out);
	read_planned(px, out);
	read_key(px, json, out);
}

/* ---- keeping and finding ---- */

struct record_item
record_item_keep(const struct page_cx *px, const struct record_item *item)
{
	struct record_item out = *item;
	str *const texts[] = {&out.id, &out.key, &out.title, &out.detail, &out.title_reference, &out.value,
	    &out.measure.unit, &out.measure.range, &out.measure.exact, &out.state, &out.when, &out.who,
	    &out.who_reference, &out.where, &out.where_reference, &out.reason, &out.encounter};
	str *members = ARENA_ARRAY(px->arena, str, item->member_count);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = arena_str(px->arena, *texts[i]);
	for (size_t i = 0; i < item->member_count; i++)
		members[i] = arena_str(px->arena, item->members[i]);
	out.members = members;
	return out;
}

bool
record_item_matches(struct arena *arena, const struct record_item *item, str query)
{
	struct buf all = BUF_INIT(arena);
	const str texts[] = {
	    item->title, item->detail, item->value, item->state, item->when, item->who, item->where, item->reason};
	str folded, word;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		buf_printf(&all, "%.*s ", STR_ARG(texts[i]));
	folded = utf8_fold(arena, buf_str(&all));
	while (query.p) {
		query = str_cut(query, ' ', &word);
		if (!str_contains(folded, word))
			return false;
	}
	return true;
}
