/* SPDX-License-Identifier: Apache-2.0 */
/* Note and credit as FHIR R4 resources: DocumentReference (US Core clinical note), Encounter, Provenance.  No database. */
#include "care/charting/charting_internal.h"
#include "platform/format/base64.h"
#include "platform/format/json_write.h"

#define LOINC         "http://loinc.org"
#define PROGRESS_NOTE "11506-3"
#define STOP_CODE     "urn:salve:stop-code"
#define MESSAGING     "719" /* the stop code of secure messaging, always the secondary one: chart_choice.c */
#define CPT           "http://www.ama-assn.org/go/cpt"

static void
put_reference(struct json_writer *w, const char *name, const char *type, str id)
{
	str text = type ? arena_printf(w->out->arena, "%s/%.*s", type, STR_ARG(id)) : id;

	if (name)
		json_put_object(w, name);
	else
		json_write_object(w);
	json_put_text(w, "reference", text);
	json_write_end(w);
}

static void
put_named(struct json_writer *w, const char *name, str display)
{
	json_put_object(w, name);
	json_put_text(w, "display", display);
	json_write_end(w);
}

static void
write_coding(struct json_writer *w, const char *system, str code)
{
	json_write_object(w);
	json_put_text(w, "system", str_from_z(system));
	json_put_text(w, "code", code);
	json_write_end(w);
}

/* One CodeableConcept in the array or member that was begun. */
static void
put_codings(struct json_writer *w, const char *system, str code, str second)
{
	json_put_array(w, "coding");
	write_coding(w, system, code);
	if (second.n)
		write_coding(w, system, second);
	json_write_end(w);
}

static str
id_text(struct cx *cx, struct uuid id)
{
	return uuid_text(cx->arena, id);
}

/* The resource's own number, for those who file it under another id. */
static void
put_identifier(struct cx *cx, struct json_writer *w, struct uuid id)
{
	json_put_array(w, "identifier");
	json_write_object(w);
	json_put_text(w, "system", S("urn:ietf:rfc:3986"));
	json_put_text(w, "value", arena_printf(cx->arena, "urn:uuid:%.*s", STR_ARG(id_text(cx, id))));
	json_write_end(w);
	json_write_end(w);
}

static void
put_category(struct json_writer *w)
{
	json_put_array(w, "category");
	json_write_object(w);
	put_codings(w, "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category", S("clinical-note"),
	    STR_NONE);
	json_write_end(w);
	json_write_end(w);
}

static void
put_content(struct cx *cx, struct json_writer *w, const struct chart_material *m, str title, str text)
{
	json_put_array(w, "content");
	json_write_object(w);
	json_put_object(w, "attachment");
	json_put_text(w, "contentType", S("text/plain; charset=utf-8"));
	json_put_text(w, "data", base64_encode(cx->arena, text));
	json_put_text(w, "title", title);
	json_put_text(w, "creation", fhir_instant_text(cx->arena, m->note.at));
	json_write_end(w);
	json_write_end(w);
	json_write_end(w);
}

/* The conversation by its number: it is a Communication here, and need not be known where the note is filed. */
static void
put_context(struct cx *cx, struct json_writer *w, const struct chart_material *m)
{
	json_put_object(w, "context");
	if (!uuid_is_none(m->note.encounter)) {
		json_put_array(w, "encounter");
		put_reference(w, NULL, "Encounter", id_text(cx, m->note.encounter));
		json_write_end(w);
	}
	json_put_array(w, "related");
	json_write_object(w);
	json_put_text(w, "type", S("Communication"));
	json_put_object(w, "identifier");
	json_put_text(w, "system", S("urn:ietf:rfc:3986"));
	json_put_text(
	    w, "value", arena_printf(cx->arena, "urn:uuid:%.*s", STR_ARG(id_text(cx, m->conversation->thread.id.v))));
	json_write_end(w);
	json_write_end(w);
	json_write_end(w);
	json_write_end(w);
}

str
chart_document_json(struct cx *cx, const struct chart_material *m, str text)
{
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w_ = JSON_WRITER(&out), *w = &w_;
	str title = m->title;

	json_write_object(w);
	json_put_text(w, "resourceType", S("DocumentReference"));
	put_identifier(cx, w, m->note.id);
	json_put_text(w, "status", S("current"));
	json_put_text(w, "docStatus", S("final"));
	json_put_object(w, "type");
	put_codings(w, LOINC, S(PROGRESS_NOTE), STR_NONE);
	json_put_text(w, "text", title);
	json_write_end(w);
	put_category(w);
	put_reference(w, "subject", "Patient", m->patient_id);
	json_put_text(w, "date", fhir_instant_text(cx->arena, m->note.at));
	json_put_array(w, "author");
	json_write_object(w);
	json_put_text(w, "display", m->author);
	json_write_end(w);
	json_write_end(w);
	if (!uuid_is_none(m->first)) {
		json_put_array(w, "relatesTo");
		json_write_object(w);
		json_put_text(w, "code", S("appends"));
		put_reference(w, "target", "DocumentReference", id_text(cx, m->first));
		json_write_end(w);
		json_write_end(w);
	}
	put_content(cx, w, m, title, text);
	put_context(cx, w, m);
	json_write_end(w);
	json_write_done(w);
	return buf_str(&out);
}

static void
put_minutes(struct json_writer *w, int64_t minutes)
{
	if (!minutes)
		return;
	json_put_object(w, "length");
	json_put_int64(w, "value", minutes);
	json_put_text(w, "unit", S("min"));
	json_put_text(w, "system", S("http://unitsofmeasure.org"));
	json_put_text(w, "code", S("min"));
	json_write_end(w);
}

static void
put_diagnosis(struct json_writer *w, str condition)
{
	if (!condition.n)
		return;
	json_put_array(w, "diagnosis");
	json_write_object(w);
	put_reference(w, "condition", "Condition", condition);
	json_write_end(w);
	json_write_end(w);
}

/* From the first to the last message that is in the note. */
static void
put_period(struct cx *cx, struct json_writer *w, const struct chart_material *m)
{
	instant begin = INSTANT_NONE, end = INSTANT_NONE;

	for (size_t i = 0; i < m->conversation->count; i++)
		for (size_t j = 0; j < m->wish->count; j++)
			if (m->wish->messages[j] == m->conversation->messages[i].n) {
				end = m->conversation->messages[i].sent;
				begin = instant_is_none(begin) ? end : begin;
			}
	json_put_object(w, "period");
	json_put_text(w, "start", fhir_instant_text(cx->arena, begin));
	json_put_text(w, "end", fhir_instant_text(cx->arena, end));
	json_write_end(w);
}

str
chart_encounter_json(struct cx *cx, const struct chart_material *m)
{
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w_ = JSON_WRITER(&out), *w = &w_;
	const struct chart_credit *credit = &m->wish->credit;

	json_write_object(w);
	json_put_text(w, "resourceType", S("Encounter"));
	put_identifier(cx, w, m->note.encounter);
	json_put_text(w, "status", m->credit_gone ? S("entered-in-error") : S("finished"));
	json_put_object(w, "class");
	json_put_text(w, "system", S("http://terminology.hl7.org/CodeSystem/v3-ActCode"));
	json_put_text(w, "code", S("VR"));
	json_write_end(w);
	json_put_array(w, "type");
	json_write_object(w);
	if (credit->procedure.n)
		put_codings(w, CPT, credit->procedure, STR_NONE);
	json_put_text(w, "text", tr(cx->lang, TR("Secure messaging")));
	json_write_end(w);
	json_write_end(w);
	json_put_object(w, "serviceType");
	put_codings(w, STOP_CODE, credit->clinic, S(MESSAGING));
	json_write_end(w);
	put_reference(w, "subject", "Patient", m->patient_id);
	json_put_array(w, "participant");
	json_write_object(w);
	put_named(w, "individual", m->author);
	json_write_end(w);
	json_write_end(w);
	put_period(cx, w, m);
	put_minutes(w, credit->minutes);
	put_diagnosis(w, credit->condition);
	json_write_end(w);
	json_write_done(w);
	return buf_str(&out);
}

str
chart_provenance_json(struct cx *cx, const struct chart_material *m)
{
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w_ = JSON_WRITER(&out), *w = &w_;

	json_write_object(w);
	json_put_text(w, "resourceType", S("Provenance"));
	json_put_array(w, "target");
	if (!m->credit_why.n) /* what takes credit back is about the credit alone */
		put_reference(w, NULL, "DocumentReference", id_text(cx, m->note.id));
	if (!uuid_is_none(m->note.encounter))
		put_reference(w, NULL, "Encounter", id_text(cx, m->note.encounter));
	json_write_end(w);
	json_put_text(w, "recorded", fhir_instant_text(cx->arena, cx->now));
	if (m->credit_why.n) {
		json_put_array(w, "reason");
		json_write_object(w);
		json_put_text(w, "text", m->credit_why);
		json_write_end(w);
		json_write_end(w);
	}
	json_put_array(w, "agent");
	json_write_object(w);
	json_put_object(w, "type");
	put_codings(w, "http://terminology.hl7.org/CodeSystem/provenance-participant-type", S("author"), STR_NONE);
	json_write_end(w);
	put_named(w, "who", m->author);
	put_named(w, "onBehalfOf", m->conversation->team.name);
	json_write_end(w);
	json_write_end(w);
	json_put_array(w, "entity");
	json_write_object(w);
	json_put_text(w, "role", S("source"));
	json_put_object(w, "what");
	json_put_object(w, "identifier");
	json_put_text(w, "system", S("urn:ietf:rfc:3986"));
	json_put_text(
	    w, "value", arena_printf(cx->arena, "urn:uuid:%.*s", STR_ARG(id_text(cx, m->conversation->thread.id.v))));
	json_write_end(w);
	json_write_end(w);
	json_write_end(w);
	json_write_end(w);
	json_write_end(w);
	json_write_done(w);
	return buf_str(&out);
}
