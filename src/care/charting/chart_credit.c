/* SPDX-License-Identifier: Apache-2.0 */
/* Taking back credit that was recorded by mistake: a new version of the Encounter says that it was one, a Provenance says who took
 * it back and why, and both leave for the other system like the note did.  Nothing is destroyed. */
#include "care/charting/charting_internal.h"
#include "platform/format/utf8.h"

struct taking_back {
	struct chart_note note; /* as it becomes */
	struct resource_draft *drafts[2];
	bool leaves; /* the other system has it, or is to have it */
	enum access_why why;
};

static fallible
check_stands(const struct chart_note *note)
{
	if (!uuid_is_none(note->encounter) && instant_is_none(note->credit_gone))
		return NULL;
	return ERR(ERR_CONFLICT, TR("This note has no credit that could be taken back. Please look again."),
	    "no credit, or taken back before");
}

static const struct err *
take_back(struct tx *tx, void *arg)
{
	struct taking_back *in = arg;
	struct resource_put_result results[2];
	struct chart_note now;
	bool found;

	TRY(chart_row_by_id(tx->cx, in->note.id, &now, &found));
	if (!found)
		return GONE;
	TRY(check_stands(&now));
	if (now.tries != in->note.tries - in->leaves)
		return ERR(ERR_CONFLICT, TR("This note is not waiting for you any more. Please look again."),
		    "the note changed meanwhile");
	TRY(resource_put_all(tx, in->drafts, 2, results));
	TRY(chart_row_mend(tx, &in->note));
	if (in->leaves)
		TRY(chart_hand_over(tx, &in->note));
	audit_add(tx, &(struct audit){.action = AUDIT_UPDATE,
			  .subject = AUDIT_NOTES,
			  .patient = in->note.patient,
			  .item = in->note.encounter,
			  .why = (int)in->why});
	return NULL;
}

static fallible
prepare(struct cx *cx, patient_id patient, struct uuid id, str json, struct resource_draft **out)
{
	struct resource_new in = {.patient = patient, .id = uuid_text(cx->arena, id), .updated = cx->now};

	TRY(json_parse(cx->arena, json, &in.json, NULL));
	return resource_prepare(cx, &in, out);
}

fallible
chart_credit_take_back(struct cx *cx, struct uuid id, str reason)
{
	struct taking_back in = {0};
	struct chart_material m;
	struct chart_wish wish;
	struct conversation c;

	TRY(chart_note_get(cx, id, &in.note));
	TRY(chart_open_thread(cx, in.note.thread, &c, &in.why));
	TRY(access_check_write(cx, in.note.patient, &in.why));
	TRY(check_stands(&in.note));
	reason = str_trim(reason);
	if (!reason.n || utf8_count(reason) > CHART_REASON_CHARS_MAX || !utf8_is_clean_text(reason))
		return ERR(ERR_INVALID, TR("Say in a few words why the credit was a mistake."), "no reason");
	TRY(chart_wish_of(cx, &in.note, &wish));
	TRY(chart_gather(cx, &c, &wish, &m));
	in.leaves = in.note.state != CHART_KEPT && in.note.state != CHART_ENDED;
	in.note.tries += in.leaves;
	in.note.state = in.leaves ? CHART_WAITING : in.note.state;
	in.note.provenance = uuid_new(cx->now);
	in.note.credit_gone = cx->now;
	TRY(vault_seal(cx, in.note.patient, chart_place(id, "chart_note.credit_why"), reason, &in.note.credit_why));
	m.note = in.note;
	m.credit_gone = true;
	m.credit_why = reason;
	TRY(prepare(cx, in.note.patient, in.note.encounter, chart_encounter_json(cx, &m), &in.drafts[0]));
	TRY(prepare(cx, in.note.patient, in.note.provenance, chart_provenance_json(cx, &m), &in.drafts[1]));
	return db_write(cx, take_back, &in);
}
