/* SPDX-License-Identifier: Apache-2.0 */
/* The facts of one entry: what a person asks about it, in their order, from a table; and every value that stands in the
 * resource, so that nothing is hidden. */
#include "care/record/record_view_internal.h"
#include "platform/format/utf8.h"

enum fact_form {
	FORM_CONCEPT, /* CodeableConcept */
	FORM_CODE,    /* code, in words when we have them */
	FORM_TEXT,
	FORM_DATE, /* dateTime, with its time */
	FORM_PERIOD,
	FORM_REFERENCE,
	FORM_QUANTITY,
	FORM_NUMBER,
	FORM_CODING, /* Coding, whose code may have words of ours */
};

/* Array on the way: each item gives a piece, joined by commas. Type 0: every type. */
static const struct row {
	resource_type type;
	const char *label, *list, *path; /* list: an array, or NULL */
	enum fact_form form;
} rows[] = {
    {RESOURCE_OBSERVATION, TR("How it was done"), NULL, "method", FORM_CONCEPT},
    {RESOURCE_OBSERVATION, TR("Where on the body"), NULL, "bodySite", FORM_CONCEPT},
    {RESOURCE_OBSERVATION, TR("Taken"), NULL, "effectiveDateTime", FORM_DATE},
    {RESOURCE_OBSERVATION, TR("Taken"), NULL, "effectivePeriod", FORM_PERIOD},
    {RESOURCE_OBSERVATION, TR("Released"), NULL, "issued", FORM_DATE},
    {RESOURCE_OBSERVATION, TR("Done by"), "performer", NULL, FORM_REFERENCE},
    {RESOURCE_OBSERVATION, TR("Sample"), NULL, "specimen", FORM_REFERENCE},
    {RESOURCE_DIAGNOSTIC_REPORT, TR("Taken"), NULL, "effectiveDateTime", FORM_DATE},
    {RESOURCE_DIAGNOSTIC_REPORT, TR("Taken"), NULL, "effectivePeriod", FORM_PERIOD},
    {RESOURCE_DIAGNOSTIC_REPORT, TR("Released"), NULL, "issued", FORM_DATE},
    {RESOURCE_DIAGNOSTIC_REPORT, TR("Kind"), "category", NULL, FORM_CONCEPT},
    {RESOURCE_DIAGNOSTIC_REPORT, TR("Done by"), "performer", NULL, FORM_REFERENCE},
    {RESOURCE_DIAGNOSTIC_REPORT, TR("Read by"), "resultsInterpreter", NULL, FORM_REFERENCE},
    {RESOURCE_DIAGNOSTIC_REPORT, TR("Conclusion"), NULL, "conclusion", FORM_TEXT},
    {RESOURCE_DIAGNOSTIC_REPORT, TR("Findings"), "conclusionCode", NULL, FORM_CONCEPT},
    {RESOURCE_MEDICATION_REQUEST, TR("How to use it"), "dosageInstruction", "text", FORM_TEXT},
    {RESOURCE_MEDICATION_REQUEST, TR("For you to know"), "dosageInstruction", "patientInstruction", FORM_TEXT},
    {RESOURCE_MEDICATION_REQUEST, TR("Way of taking it"), "dosageInstruction", "route", FORM_CONCEPT},
    {RESOURCE_MEDICATION_REQUEST, TR("Dose"), "dosageInstruction", "doseAndRate.0.doseQuantity", FORM_QUANTITY},
    {RESOURCE_MEDICATION_REQUEST, TR("Times in each period"), "dosageInstruction", "timing.repeat.frequency",
	FORM_NUMBER},
    {RESOURCE_MEDICATION_REQUEST, TR("Ordered"), NULL, "authoredOn", FORM_DATE},
    {RESOURCE_MEDICATION_REQUEST, TR("Ordered by"), NULL, "requester", FORM_REFERENCE},
    {RESOURCE_MEDICATION_REQUEST, TR("Reason"), "reasonCode", NULL, FORM_CONCEPT},
    {RESOURCE_MEDICATION_REQUEST, TR("Reason"), "reasonReference", NULL, FORM_REFERENCE},
    {RESOURCE_MEDICATION_REQUEST, TR("Refills allowed"), NULL, "dispenseRequest.numberOfRepeatsAllowed", FORM_NUMBER},
    {RESOURCE_MEDICATION_REQUEST, TR("Amount"), NULL, "dispenseRequest.quantity", FORM_QUANTITY},
    {RESOURCE_MEDICATION_REQUEST, TR("Kind of order"), NULL, "intent", FORM_CODE},
    {RESOURCE_MEDICATION_STATEMENT, TR("How it is used"), "dosage", "text", FORM_TEXT},
    {RESOURCE_MEDICATION_STATEMENT, TR("Used"), NULL, "effectivePeriod", FORM_PERIOD},
    {RESOURCE_MEDICATION_STATEMENT, TR("Told by"), NULL, "informationSource", FORM_REFERENCE},
    {RESOURCE_MEDICATION_DISPENSE, TR("How to use it"), "dosageInstruction", "text", FORM_TEXT},
    {RESOURCE_MEDICATION_DISPENSE, TR("Amount"), NULL, "quantity", FORM_QUANTITY},
    {RESOURCE_MEDICATION_DISPENSE, TR("Enough for"), NULL, "daysSupply", FORM_QUANTITY},
    {RESOURCE_MEDICATION_DISPENSE, TR("Handed out"), NULL, "whenHandedOver", FORM_DATE},
    {RESOURCE_MEDICATION_DISPENSE, TR("Handed out by"), "performer", "actor", FORM_REFERENCE},
    {RESOURCE_CONDITION, TR("Began"), NULL, "onsetDateTime", FORM_DATE},
    {RESOURCE_CONDITION, TR("Began"), NULL, "onsetString", FORM_TEXT},
    {RESOURCE_CONDITION, TR("Ended"), NULL, "abatementDateTime", FORM_DATE},
    {RESOURCE_CONDITION, TR("Ended"), NULL, "abatementString", FORM_TEXT},
    {RESOURCE_CONDITION, TR("How severe"), NULL, "severity", FORM_CONCEPT},
    {RESOURCE_CONDITION, TR("Where on the body"), "bodySite", NULL, FORM_CONCEPT},
    {RESOURCE_CONDITION, TR("Recorded"), NULL, "recordedDate", FORM_DATE},
    {RESOURCE_CONDITION, TR("Recorded by"), NULL, "recorder", FORM_REFERENCE},
    {RESOURCE_CONDITION, TR("Told by"), NULL, "asserter", FORM_REFERENCE},
    {RESOURCE_ALLERGY_INTOLERANCE, TR("What happens"), "reaction", "manifestation.0", FORM_CONCEPT},
    {RESOURCE_ALLERGY_INTOLERANCE, TR("How severe"), "reaction", "severity", FORM_CODE},
    {RESOURCE_ALLERGY_INTOLERANCE, TR("Danger"), NULL, "criticality", FORM_CODE},
    {RESOURCE_ALLERGY_INTOLERANCE, TR("Kind"), NULL, "type", FORM_CODE},
    {RESOURCE_ALLERGY_INTOLERANCE, TR("To what"), "category", "", FORM_CODE},
    {RESOURCE_ALLERGY_INTOLERANCE, TR("Began"), NULL, "onsetDateTime", FORM_DATE},
    {RESOURCE_ALLERGY_INTOLERANCE, TR("Recorded"), NULL, "recordedDate", FORM_DATE},
    {RESOURCE_ALLERGY_INTOLERANCE, TR("Recorded by"), NULL, "recorder", FORM_REFERENCE},
    {RESOURCE_IMMUNIZATION, TR("Given"), NULL, "occurrenceDateTime", FORM_DATE},
    {RESOURCE_IMMUNIZATION, TR("Given"), NULL, "occurrenceString", FORM_TEXT},
    {RESOURCE_IMMUNIZATION, TR("Given by"), "performer", "actor", FORM_REFERENCE},
    {RESOURCE_IMMUNIZATION, TR("Place"), NULL, "location", FORM_REFERENCE},
    {RESOURCE_IMMUNIZATION, TR("Reason it was not given"), NULL, "statusReason", FORM_CONCEPT},
    {RESOURCE_IMMUNIZATION, TR("Maker"), NULL, "manufacturer", FORM_REFERENCE},
    {RESOURCE_IMMUNIZATION, TR("Lot number"), NULL, "lotNumber", FORM_TEXT},
    {RESOURCE_IMMUNIZATION, TR("Where on the body"), NULL, "site", FORM_CONCEPT},
    {RESOURCE_IMMUNIZATION, TR("Way it was given"), NULL, "route", FORM_CONCEPT},
    {RESOURCE_IMMUNIZATION, TR("Dose"), NULL, "doseQuantity", FORM_QUANTITY},
    {RESOURCE_ENCOUNTER, TR("Reason"), "reasonCode", NULL, FORM_CONCEPT},
    {RESOURCE_ENCOUNTER, TR("Reason"), "reasonReference", NULL, FORM_REFERENCE},
    {RESOURCE_ENCOUNTER, TR("Who you saw"), "participant", "individual", FORM_REFERENCE},
    {RESOURCE_ENCOUNTER, TR("Place"), "location", "location", FORM_REFERENCE},
    {RESOURCE_ENCOUNTER, TR("Clinic or hospital"), NULL, "serviceProvider", FORM_REFERENCE},
    {RESOURCE_ENCOUNTER, TR("Kind of visit"), NULL, "class", FORM_CODING},
    {RESOURCE_ENCOUNTER, TR("Began"), NULL, "period.start", FORM_DATE},
    {RESOURCE_ENCOUNTER, TR("Ended"), NULL, "period.end", FORM_DATE},
    {RESOURCE_ENCOUNTER, TR("After the visit"), NULL, "hospitalization.dischargeDisposition", FORM_CONCEPT},
    {RESOURCE_APPOINTMENT, TR("Begins"), NULL, "start", FORM_DATE},
    {RESOURCE_APPOINTMENT, TR("Ends"), NULL, "end", FORM_DATE},
    {RESOURCE_APPOINTMENT, TR("Reason"), "reasonCode", NULL, FORM_CONCEPT},
    {RESOURCE_APPOINTMENT, TR("With"), "participant", "actor", FORM_REFERENCE},
    {RESOURCE_APPOINTMENT, TR("What to know"), NULL, "patientInstruction", FORM_TEXT},
    {RESOURCE_APPOINTMENT, TR("About"), NULL, "description", FORM_TEXT},
    {RESOURCE_APPOINTMENT, TR("Comment"), NULL, "comment", FORM_TEXT},
    {RESOURCE_TASK, TR("About"), NULL, "description", FORM_TEXT},
    {RESOURCE_TASK, TR("State"), NULL, "businessStatus", FORM_CONCEPT},
    {RESOURCE_TASK, TR("Why"), NULL, "statusReason", FORM_CONCEPT},
    {RESOURCE_TASK, TR("Asked for"), NULL, "authoredOn", FORM_DATE},
    {RESOURCE_TASK, TR("Last changed"), NULL, "lastModified", FORM_DATE},
    {RESOURCE_PROCEDURE, TR("Done"), NULL, "performedDateTime", FORM_DATE},
    {RESOURCE_PROCEDURE, TR("Done"), NULL, "performedPeriod", FORM_PERIOD},
    {RESOURCE_PROCEDURE, TR("Done by"), "performer", "actor", FORM_REFERENCE},
    {RESOURCE_PROCEDURE, TR("Place"), NULL, "location", FORM_REFERENCE},
    {RESOURCE_PROCEDURE, TR("Reason"), "reasonCode", NULL, FORM_CONCEPT},
    {RESOURCE_PROCEDURE, TR("Reason"), "reasonReference", NULL, FORM_REFERENCE},
    {RESOURCE_PROCEDURE, TR("Reason it was not done"), NULL, "statusReason", FORM_CONCEPT},
    {RESOURCE_PROCEDURE, TR("Where on the body"), "bodySite", NULL, FORM_CONCEPT},
    {RESOURCE_PROCEDURE, TR("How it went"), NULL, "outcome", FORM_CONCEPT},
    {RESOURCE_PROCEDURE, TR("Problems after it"), "complication", NULL, FORM_CONCEPT},
    {RESOURCE_DOCUMENT_REFERENCE, TR("Kind"), NULL, "type", FORM_CONCEPT},
    {RESOURCE_DOCUMENT_REFERENCE, TR("Written"), NULL, "date", FORM_DATE},
    {RESOURCE_DOCUMENT_REFERENCE, TR("Written by"), "author", NULL, FORM_REFERENCE},
    {RESOURCE_DOCUMENT_REFERENCE, TR("Signed by"), NULL, "authenticator", FORM_REFERENCE},
    {RESOURCE_DOCUMENT_REFERENCE, TR("About the time"), NULL, "context.period", FORM_PERIOD},
    {RESOURCE_DOCUMENT_REFERENCE, TR("Kept by"), NULL, "custodian", FORM_REFERENCE},
    {RESOURCE_COMPOSITION, TR("Kind"), NULL, "type", FORM_CONCEPT},
    {RESOURCE_COMPOSITION, TR("Written"), NULL, "date", FORM_DATE},
    {RESOURCE_COMPOSITION, TR("Written by"), "author", NULL, FORM_REFERENCE},
    {RESOURCE_IMAGING_STUDY, TR("Done"), NULL, "started", FORM_DATE},
    {RESOURCE_IMAGING_STUDY, TR("What was looked at"), "series", "bodySite.display", FORM_TEXT},
    {RESOURCE_IMAGING_STUDY, TR("Kind of picture"), "series", "modality.display", FORM_TEXT},
    {RESOURCE_IMAGING_STUDY, TR("Number of pictures"), NULL, "numberOfInstances", FORM_NUMBER},
    {RESOURCE_CARE_PLAN, TR("Time"), NULL, "period", FORM_PERIOD},
    {RESOURCE_CARE_PLAN, TR("What is planned"), "activity", "detail.code", FORM_CONCEPT},
    {RESOURCE_CARE_PLAN, TR("What is planned"), "activity", "detail.description", FORM_TEXT},
    {RESOURCE_CARE_PLAN, TR("Because of"), "addresses", NULL, FORM_REFERENCE},
    {RESOURCE_CARE_PLAN, TR("Goals"), "goal", NULL, FORM_REFERENCE},
    {RESOURCE_CARE_PLAN, TR("About"), NULL, "description", FORM_TEXT},
    {RESOURCE_CARE_TEAM, TR("Members"), "participant", "member", FORM_REFERENCE},
    {RESOURCE_CARE_TEAM, TR("Roles"), "participant", "role.0", FORM_CONCEPT},
    {RESOURCE_CARE_TEAM, TR("Time"), NULL, "period", FORM_PERIOD},
    {RESOURCE_GOAL, TR("How far"), NULL, "achievementStatus", FORM_CONCEPT},
    {RESOURCE_GOAL, TR("Began"), NULL, "startDate", FORM_DATE},
    {RESOURCE_GOAL, TR("To be reached by"), "target", "dueDate", FORM_DATE},
    {RESOURCE_GOAL, TR("Because of"), "addresses", NULL, FORM_REFERENCE},
    {RESOURCE_GOAL, TR("Aim"), "target", "detailQuantity", FORM_QUANTITY},
    {RESOURCE_GOAL, TR("Aim"), "target", "detailString", FORM_TEXT},
    {RESOURCE_GOAL, TR("What is measured"), "target", "measure", FORM_CONCEPT},
    {RESOURCE_DEVICE, TR("Kind"), NULL, "type", FORM_CONCEPT},
    {RESOURCE_DEVICE, TR("Maker"), NULL, "manufacturer", FORM_TEXT},
    {RESOURCE_DEVICE, TR("Model"), NULL, "modelNumber", FORM_TEXT},
    {RESOURCE_DEVICE, TR("Serial number"), NULL, "serialNumber", FORM_TEXT},
    {RESOURCE_DEVICE, TR("Lot number"), NULL, "lotNumber", FORM_TEXT},
    {RESOURCE_DEVICE, TR("Device number"), "udiCarrier", "deviceIdentifier", FORM_TEXT},
    {RESOURCE_DEVICE, TR("Made on"), NULL, "manufactureDate", FORM_DATE},
    {RESOURCE_DEVICE, TR("Use by"), NULL, "expirationDate", FORM_DATE},
    {RESOURCE_DEVICE_USE_STATEMENT, TR("Device"), NULL, "device", FORM_REFERENCE},
    {RESOURCE_DEVICE_USE_STATEMENT, TR("Used"), NULL, "timingPeriod", FORM_PERIOD},
    {RESOURCE_DEVICE_USE_STATEMENT, TR("Where on the body"), NULL, "bodySite", FORM_CONCEPT},
    {RESOURCE_DEVICE_REQUEST, TR("Device"), NULL, "codeReference", FORM_REFERENCE},
    {RESOURCE_DEVICE_REQUEST, TR("Ordered"), NULL, "authoredOn", FORM_DATE},
    {RESOURCE_DEVICE_REQUEST, TR("Ordered by"), NULL, "requester", FORM_REFERENCE},
    {RESOURCE_COVERAGE, TR("Insurer"), "payor", NULL, FORM_REFERENCE},
    {RESOURCE_COVERAGE, TR("Kind of plan"), NULL, "type", FORM_CONCEPT},
    {RESOURCE_COVERAGE, TR("Plan"), "class", "name", FORM_TEXT},
    {RESOURCE_COVERAGE, TR("Group or plan number"), "class", "value", FORM_TEXT},
    {RESOURCE_COVERAGE, TR("Member number"), NULL, "subscriberId", FORM_TEXT},
    {RESOURCE_COVERAGE, TR("Insured person"), NULL, "subscriber", FORM_REFERENCE},
    {RESOURCE_COVERAGE, TR("You are"), NULL, "relationship", FORM_CONCEPT},
    {RESOURCE_COVERAGE, TR("Time"), NULL, "period", FORM_PERIOD},
    {RESOURCE_COMMUNICATION, TR("Message"), "payload", "contentString", FORM_TEXT},
    {RESOURCE_COMMUNICATION, TR("Sent"), NULL, "sent", FORM_DATE},
    {RESOURCE_COMMUNICATION, TR("From"), NULL, "sender", FORM_REFERENCE},
    {RESOURCE_COMMUNICATION, TR("To"), "recipient", NULL, FORM_REFERENCE},
    {RESOURCE_COMMUNICATION, TR("Part of"), "partOf", NULL, FORM_REFERENCE},
    {RESOURCE_RELATED_PERSON, TR("Relationship"), "relationship", NULL, FORM_CONCEPT},
    {RESOURCE_RELATED_PERSON, TR("Phone and e-mail"), "telecom", "value", FORM_TEXT},
    {RESOURCE_RELATED_PERSON, TR("Address"), "address", "line.0", FORM_TEXT},
    {RESOURCE_RELATED_PERSON, TR("City"), "address", "city", FORM_TEXT},
    {RESOURCE_FAMILY_MEMBER_HISTORY, TR("Relationship"), NULL, "relationship", FORM_CONCEPT},
    {RESOURCE_FAMILY_MEMBER_HISTORY, TR("Conditions"), "condition", "code", FORM_CONCEPT},
    {RESOURCE_FAMILY_MEMBER_HISTORY, TR("Recorded"), NULL, "date", FORM_DATE},
    {RESOURCE_PATIENT, TR("Date of birth"), NULL, "birthDate", FORM_DATE},
    {RESOURCE_PATIENT, TR("Sex"), NULL, "gender", FORM_CODE},
    {RESOURCE_PATIENT, TR("Phone and e-mail"), "telecom", "value", FORM_TEXT},
    {RESOURCE_PATIENT, TR("Address"), "address", "line.0", FORM_TEXT},
    {RESOURCE_PATIENT, TR("City"), "address", "city", FORM_TEXT},
    {RESOURCE_PATIENT, TR("State"), "address", "state", FORM_TEXT},
    {RESOURCE_PATIENT, TR("ZIP code"), "address", "postalCode", FORM_TEXT},
    {RESOURCE_PATIENT, TR("Marital status"), NULL, "maritalStatus", FORM_CONCEPT},
    {RESOURCE_PATIENT, TR("Language"), "communication", "language", FORM_CONCEPT},
    {RESOURCE_PATIENT, TR("Contacts"), "contact", "name.text", FORM_TEXT},
    {RESOURCE_PATIENT, TR("Phone of contacts"), "contact", "telecom.0.value", FORM_TEXT},
    {RESOURCE_PATIENT, TR("Died"), NULL, "deceasedDateTime", FORM_DATE},
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

/* One that goes on is said to. */
static str
period_words(const struct page_cx *px, const struct json_value *period)
{
	str words = record_period(px, period, NULL);

	return words.n && !json_get(period, "end") ? TF1("since %1", words) : words;
}

static str
in_form(const struct page_cx *px, const struct json_value *json, const struct json_value *value, enum fact_form form,
    str *look_up)
{
	str out;

	switch (form) {
	case FORM_CONCEPT:
		out = record_concept(value);
		return out.n ? record_name_plain(px->arena, out).title : STR_NONE;
	case FORM_CODE: out = record_code_words(px, json_text(value)); return out.p ? out : json_text(value);
	case FORM_CODING:
		out = record_code_words(px, json_text_at(value, "code"));
		return out.p ? out : json_text_at(value, "display");
	case FORM_TEXT: return str_trim(json_text(value));
	case FORM_DATE: return record_when_exact(px, json_text(value));
	case FORM_PERIOD: return period_words(px, value);
	case FORM_REFERENCE: return record_reference(px, json, value, look_up);
	case FORM_QUANTITY: return record_quantity(px, value);
	case FORM_NUMBER: return json_number_text(value);
	}
	return STR_NONE;
}

static void
add_fact(const struct page_cx *px, struct record_facts *out, str label, str value, str look_up)
{
	if (value.n || look_up.n)
		*LIST_ADD(px->arena, out) = (struct record_fact){.label = label, .value = value, .reference = look_up};
}

static void
add_row(const struct page_cx *px, const struct json_value *json, const struct row *row, struct record_facts *out)
{
	struct buf joined = BUF_INIT(px->arena);
	str label = tr(px->lang, row->label), look_up = STR_NONE, value;

	if (!row->list) {
		value = in_form(px, json, json_path(json, row->path), row->form, &look_up);
		add_fact(px, out, label, value, look_up);
		return;
	}
	json_each_item (json_path(json, row->list), item) {
		look_up = STR_NONE;
		value =
		    in_form(px, json, row->path && *row->path ? json_path(item, row->path) : item, row->form, &look_up);
		if (look_up.n) /* its name stands elsewhere: a line of its own */
			add_fact(px, out, label, STR_NONE, look_up);
		else if (value.n)
			buf_printf(&joined, "%s%.*s", joined.n ? ", " : "", STR_ARG(value));
	}
	if (joined.n)
		add_fact(px, out, label, buf_str(&joined), STR_NONE);
}

static void
add_components(const struct page_cx *px, const struct json_value *json, struct record_facts *out)
{
	json_each_item (json_get(json, "component"), item) {
		str name = record_name_plain(px->arena, record_concept(json_get(item, "code"))).title;

		add_fact(px, out, name, record_value_words(px, item), STR_NONE);
	}
}

/* What the journal notes beside an entry: by whom it was written down, out of which file or app it was taken. */
static void
add_origin(const struct page_cx *px, const struct json_value *json, struct record_facts *out)
{
	static const struct {
		const char *url, *label;
	} notes[] = {
	    {"urn:salve:journal:entered-by", TR("Written down by")}, {"urn:salve:journal:source", TR("Taken in from")}};

	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		json_each_item (json_get(json, "extension"), extension)
			if (str_equal(json_text_at(extension, "url"), str_from_z(notes[i].url)) &&
			    json_text_at(extension, "valueString").n)
				add_fact(px, out, tr(px->lang, notes[i].label), json_text_at(extension, "valueString"),
				    STR_NONE);
}

void
record_facts_read(const struct page_cx *px, resource_type type, const struct json_value *json, struct record_facts *out)
{
	struct record_item item;

	record_item_read(px, type, json, &item);
	if (item.state.p && type != RESOURCE_OBSERVATION)
		add_fact(px, out, T("State"), item.state, STR_NONE);
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (rows[i].type == type)
			add_row(px, json, &rows[i], out);
	if (type == RESOURCE_OBSERVATION)
		add_components(px, json, out);
	if (item.own)
		add_fact(px, out, T("Source"), T("Entered by the patient, or measured at home"), STR_NONE);
	if (record_is_entry(json))
		add_origin(px, json, out);
}

/* ---- everything ---- */

#define RAW_FACTS_MAX 400 /* lines of the disclosure; the download has all */
#define RAW_TEXT_MAX  400 /* bytes of one value: files in base 64 are offered as files */

/* "valueQuantity" as "Value quantity". */
static void
add_member_name(struct buf *label, str name)
{
	if (label->n)
		buf_add(label, S(" › "));
	for (size_t i = 0; i < name.n; i++) {
		bool capital = name.p[i] >= 'A' && name.p[i] <= 'Z';

		if (capital && i > 0)
			buf_add_char(label, ' ');
		if (i == 0 && name.p[i] >= 'a' && name.p[i] <= 'z')
			buf_add_char(label, (char)(name.p[i] - 32));
		else
			buf_add_char(label, capital && i > 0 ? (char)(name.p[i] + 32) : name.p[i]);
	}
}

static void
add_raw(const struct page_cx *px, const struct json_value *value, str label, struct record_facts *out)
{
	str text = json_kind(value) == JSON_STRING ? json_text(value) : json_source(value);

	if (out->count >= RAW_FACTS_MAX)
		return;
	if (json_kind(value) == JSON_ARRAY) {
		json_each_item (value, item)
			add_raw(px, item, label, out);
	} else if (json_kind(value) == JSON_OBJECT) {
		json_each_member (value, member) {
			struct buf inner = BUF_INIT(px->arena);

			buf_add(&inner, label);
			add_member_name(&inner, json_name(member));
			if (!str_equal(json_name(member), S("div")) && !str_equal(json_name(member), S("data")))
				add_raw(px, member, buf_str(&inner), out);
		}
	} else {
		if (text.n > RAW_TEXT_MAX)
			text = arena_printf(px->arena, "%.*s…", STR_ARG(utf8_take_bytes(text, RAW_TEXT_MAX)));
		add_fact(px, out, label, text, STR_NONE);
	}
}

void
record_raw_facts(const struct page_cx *px, const struct json_value *json, struct record_facts *out)
{
	add_raw(px, json, STR_NONE, out);
}
