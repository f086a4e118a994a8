/* SPDX-License-Identifier: Apache-2.0 */
/* Medication reconciliation: what the patient says they take, beside what the record says; what a member of the care team accepts
 * becomes a MedicationStatement of the record with its Provenance.  Nothing that a patient says changes the record by itself. */
#include "care/prescriptions/prescriptions_internal.h"
#include "platform/format/json_write.h"
#include "platform/format/utf8.h"

static fallible
check_text(str in, str *out)
{
	*out = str_trim(in);
	if (utf8_count(*out) > MEDICINE_WORD_CHARS_MAX || !utf8_is_clean_text(*out))
		return ERR(ERR_INVALID, TR("Write at most 300 characters in each field."), "a word too long");
	return NULL;
}

static fallible
check(struct cx *cx, struct medicine_word *m)
{
	resource_type type;
	struct db_rows rows;
	patient_id owner;
	bool found = false;
	str id;

	TRY(check_text(m->name, &m->name));
	TRY(check_text(m->strength, &m->strength));
	TRY(check_text(m->how, &m->how));
	TRY(check_text(m->reason, &m->reason));
	TRY(check_text(m->comment, &m->comment));
	if (m->said < SAID_AS_WRITTEN || m->said > SAID_ALSO)
		return ERR(ERR_INVALID, TR("Choose one."), "no such word");
	if (m->said == SAID_ALSO && !m->name.n)
		return ERR(ERR_INVALID, TR("Write the name of the medicine."), "no name");
	if ((m->said == SAID_ALSO || m->said == SAID_DIFFERENTLY) && !m->how.n)
		return ERR(ERR_INVALID, TR("Write how you take it."), "nothing about how");
	TRY(medicine_word_rows(cx, m->patient, false, &rows));
	if (rows.count >= MEDICINE_WORDS_MAX)
		return ERR(
		    ERR_INVALID, TR("You have told very much already. Your team looks at it first."), "too many words");
	if (m->said == SAID_ALSO) {
		m->request = STR_NONE;
		return NULL;
	}
	if (reference_split(m->request, &type, &id) &&
	    (type == RESOURCE_MEDICATION_REQUEST || type == RESOURCE_MEDICATION_STATEMENT))
		TRY(resource_owner(cx, type, id, &owner, &found));
	return found && uuid_equal(owner.v, m->patient.v) ? NULL : GONE;
}

static fallible
seal(struct cx *cx, struct medicine_word *m)
{
	struct buf text = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&text);

	json_write_object(&w);
	json_put_text(&w, "name", m->name);
	json_put_text(&w, "strength", m->strength);
	json_put_text(&w, "how", m->how);
	json_put_text(&w, "reason", m->reason);
	json_put_text(&w, "comment", m->comment);
	json_write_end(&w);
	json_write_done(&w);
	return vault_seal(cx, m->patient, (struct seal_place){.table = "medicine_said.words", .row = m->id},
	    buf_str(&text), &m->sealed);
}

static void
audit_word(struct tx *tx, enum audit_action action, const struct medicine_word *m, enum access_why why)
{
	audit_add(tx,
	    &(struct audit){
		.action = action, .subject = AUDIT_MEDICINES, .patient = m->patient, .item = m->id, .why = (int)why});
}

static const struct err *
say(struct tx *tx, void *arg)
{
	const struct medicine_word *m = arg;
	enum access_why why;

	TRY(access_check(tx->cx, m->patient, RIGHT_PRESCRIPTIONS, &why));
	if (m->request.n)
		TRY(medicine_word_rows_replace(tx, m->patient, m->request));
	TRY(medicine_word_row_add(tx, m));
	audit_word(tx, AUDIT_ANSWER, m, why);
	return NULL;
}

fallible
medicine_say(struct cx *cx, const struct medicine_word *in)
{
	struct medicine_word m = *in, before;
	enum access_why why;
	bool found;

	TRY(rx_may_ask(cx, m.patient, &why));
	TRY(medicine_word_row_get(cx, m.patient, m.id, &before, &found));
	if (found) /* the form was sent twice */
		return NULL;
	TRY(check(cx, &m));
	m.at = cx->now;
	m.account = cx->who.account;
	TRY(seal(cx, &m));
	return db_write(cx, say, &m);
}

fallible
medicine_words(struct cx *cx, patient_id patient, bool settled_too, struct db_rows *out)
{
	enum access_why why;

	TRY(access_check(cx, patient, RIGHT_RECORD_READ, &why));
	return medicine_word_rows(cx, patient, settled_too, out);
}

/* ---- settling ---- */

struct settling {
	struct medicine_word word;
	struct resource_draft *drafts[2];
	size_t draft_count;
	enum access_why why;
};

static const struct err *
settle(struct tx *tx, void *arg)
{
	struct settling *in = arg;
	struct resource_put_result results[2];
	bool changed;

	TRY(medicine_word_row_settle(tx, &in->word, &changed));
	if (!changed)
		return ERR(
		    ERR_CONFLICT, TR("This was settled or said anew meanwhile. Look at it again."), "settled before");
	if (in->draft_count)
		TRY(resource_put_all(tx, in->drafts, in->draft_count, results));
	audit_word(tx, AUDIT_UPDATE, &in->word, in->why);
	return NULL;
}

static fallible
word_of(struct cx *cx, patient_id patient, struct uuid id, struct medicine_word *out)
{
	bool found;

	TRY(medicine_word_row_get(cx, patient, id, out, &found));
	if (!found)
		return GONE;
	out->settled = cx->now;
	out->settled_by = cx->who.account;
	return NULL;
}

fallible
medicine_take_back(struct cx *cx, patient_id patient, struct uuid id)
{
	struct settling in = {0};

	TRY(rx_may_ask(cx, patient, &in.why));
	TRY(word_of(cx, patient, id, &in.word));
	in.word.settled_how = SETTLED_TAKEN_BACK;
	return db_write(cx, settle, &in);
}

static void
put_reference(struct json_writer *w, const char *name, str reference)
{
	json_put_object(w, name);
	json_put_text(w, "reference", reference);
	json_write_end(w);
}

/* What was said, as the record keeps it: a MedicationStatement told by the patient. */
static str
statement_json(struct cx *cx, const struct medicine_word *m, str title, str patient)
{
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w_ = JSON_WRITER(&out), *w = &w_;
	str subject = arena_printf(cx->arena, "Patient/%.*s", STR_ARG(patient));

	json_write_object(w);
	json_put_text(w, "resourceType", S("MedicationStatement"));
	json_put_text(w, "id", uuid_text(cx->arena, m->id));
	if (m->request.n && str_starts(m->request, S("MedicationRequest/"))) {
		json_put_array(w, "basedOn");
		json_write_object(w);
		json_put_text(w, "reference", m->request);
		json_write_end(w);
		json_write_end(w);
	}
	json_put_text(w, "status", m->said == SAID_NOT_TAKEN ? S("not-taken") : S("active"));
	json_put_object(w, "medicationCodeableConcept");
	json_put_text(w, "text",
	    m->strength.n ? arena_printf(cx->arena, "%.*s %.*s", STR_ARG(title), STR_ARG(m->strength)) : title);
	json_write_end(w);
	put_reference(w, "subject", subject);
	json_put_text(w, "dateAsserted", fhir_instant_text(cx->arena, m->at));
	put_reference(w, "informationSource", subject);
	if (m->reason.n) {
		json_put_array(w, "reasonCode");
		json_write_object(w);
		json_put_text(w, "text", m->reason);
		json_write_end(w);
		json_write_end(w);
	}
	if (m->comment.n) {
		json_put_array(w, "note");
		json_write_object(w);
		json_put_text(w, "text", m->comment);
		json_write_end(w);
		json_write_end(w);
	}
	if (m->how.n) {
		json_put_array(w, "dosage");
		json_write_object(w);
		json_put_text(w, "text", m->how);
		json_write_end(w);
		json_write_end(w);
	}
	json_write_end(w);
	json_write_done(w);
	return buf_str(&out);
}

static fallible
title_of(struct cx *cx, const struct medicine_word *m, str *out)
{
	struct prescription p;
	const struct err *error;

	*out = m->name;
	if (!m->request.n)
		return NULL;
	str_cut(m->request, '/', out);
	error = prescription_get(cx, m->patient, str_drop(m->request, out->n + 1), &p);
	*out = error ? m->name : p.title;
	return error && error->code != ERR_GONE ? error : NULL;
}

static fallible
prepare(struct cx *cx, struct settling *in)
{
	struct medicine_word *m = &in->word;
	struct uuid provenance = uuid_new(cx->now);
	str title, patient, signer, id = uuid_text(cx->arena, m->id), name = uuid_text(cx->arena, provenance);

	TRY(title_of(cx, m, &title));
	TRY(rx_patient_id(cx, m->patient, &patient));
	TRY(rx_signer(cx, &signer));
	TRY(rx_draft(cx, m->patient, statement_json(cx, m, title, patient), id, &in->drafts[0]));
	TRY(rx_draft(cx, m->patient,
	    rx_provenance_json(
		cx, name, "MedicationStatement", id, arena_printf(cx->arena, "Patient/%.*s", STR_ARG(patient)), signer),
	    name, &in->drafts[1]));
	in->draft_count = 2;
	return NULL;
}

fallible
medicine_settle(struct cx *cx, patient_id patient, struct uuid id, enum said_settled how)
{
	struct settling in = {0};

	TRY(access_check_write(cx, patient, &in.why));
	if (in.why != ACCESS_CARE_TEAM || (how != SETTLED_ACCEPTED && how != SETTLED_RECORD_STANDS))
		return GONE;
	TRY(word_of(cx, patient, id, &in.word));
	in.word.settled_how = how;
	if (how == SETTLED_ACCEPTED)
		TRY(prepare(cx, &in));
	return db_write(cx, settle, &in);
}
