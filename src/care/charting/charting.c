/* SPDX-License-Identifier: Apache-2.0 */
/* Keeping a conversation in the chart: what may be chosen, and the one transaction that writes it all. */
#include "care/charting/charting_internal.h"
#include "platform/format/json_write.h"
#include "platform/format/utf8.h"

/* ---- may it be, and is it sound? ---- */

fallible
chart_open_thread(struct cx *cx, thread_id id, struct conversation *out, enum access_why *why)
{
	TRY(thread_open(cx, id, out));
	TRY(access_check(cx, out->thread.patient, RIGHT_RECORD_READ, why));
	if (*why != ACCESS_CARE_TEAM)
		return GONE;
	if (out->for_reading)
		return ERR(ERR_DENIED,
		    TR("You have this conversation for information only. Its team keeps it in the chart."),
		    "a copy for reading");
	return NULL;
}

static bool
is_procedure(str code)
{
	for (const char *const *one = chart_procedures; *one; one++)
		if (str_equal(code, str_from_z(*one)))
			return true;
	return false;
}

static fallible
check_condition(struct cx *cx, patient_id patient, struct chart_wish *wish)
{
	str condition = wish->credit.condition;
	patient_id owner;
	bool found = false;

	wish->wrong = "condition";
	if (resource_id_is_valid(condition))
		TRY(resource_owner(cx, RESOURCE_CONDITION, condition, &owner, &found));
	if (!found || !uuid_equal(owner.v, patient.v))
		return ERR(
		    ERR_INVALID, TR("Choose the diagnosis from the patient's problems."), "no problem of the patient");
	return NULL;
}

static fallible
check_credit(struct cx *cx, const struct thread *thread, struct chart_wish *wish)
{
	const struct chart_credit *credit = &wish->credit;
	int64_t code = 0;
	bool offered;

	wish->wrong = "clinic";
	if (!credit->clinic.n) {
		if (credit->procedure.n || credit->condition.n || credit->minutes)
			return ERR(
			    ERR_INVALID, TR("Choose the clinic that the work counts for."), "credit without a clinic");
		return NULL;
	}
	str_to_int64(credit->clinic, &code);
	TRY(chart_choice_is_offered(cx, thread->facility, CHOICE_CLINIC, code, &offered));
	if (!offered)
		return ERR(ERR_INVALID, TR("Choose the clinic that the work counts for."), "no such clinic");
	wish->wrong = "procedure";
	if (credit->procedure.n && !is_procedure(credit->procedure))
		return ERR(ERR_INVALID, TR("Choose a procedure of the list."), "no such procedure");
	wish->wrong = "minutes";
	if (credit->minutes < 1 || credit->minutes > CHART_MINUTES_MAX)
		return ERR(ERR_INVALID, TR("Give the time in minutes, from 1 to 480."), "minutes out of bounds");
	return credit->condition.n ? check_condition(cx, thread->patient, wish) : NULL;
}

static fallible
check_messages(const struct conversation *c, struct chart_wish *wish)
{
	wish->wrong = "message";
	if (wish->count == 0)
		return ERR(ERR_INVALID, TR("Choose at least one message."), "no message chosen");
	for (size_t i = 0; i < wish->count; i++) {
		const struct message *found = NULL;

		for (size_t j = 0; j < c->count; j++)
			if (c->messages[j].n == wish->messages[i])
				found = &c->messages[j];
		if (!found || !instant_is_none(found->recalled))
			return ERR(
			    ERR_INVALID, TR("A message that you chose is not there any more."), "no such message");
	}
	return NULL;
}

static fallible
check_wish(struct cx *cx, const struct conversation *c, struct chart_wish *wish)
{
	bool offered;

	wish->wrong = "title";
	TRY(chart_choice_is_offered(cx, c->thread.facility, CHOICE_TITLE, wish->title, &offered));
	if (!offered)
		return ERR(ERR_INVALID, TR("Choose a title."), "no such title");
	TRY(check_messages(c, wish));
	wish->wrong = "comment";
	if (utf8_count(wish->comment) > CHART_COMMENT_CHARS_MAX || !utf8_is_clean_text(wish->comment))
		return ERR(
		    ERR_INVALID, TR("The comment is too long, or holds signs that cannot be kept."), "bad comment");
	TRY(check_credit(cx, &c->thread, wish));
	wish->wrong = NULL;
	return NULL;
}

/* ---- what it is made of ---- */

/* The id by which other systems know the patient: their Patient resource's. */
static fallible
find_patient_id(struct cx *cx, patient_id patient, str *out)
{
	struct db_rows rows;

	TRY(resource_find(
	    cx, &(struct resource_search){.patient = patient, .type = RESOURCE_PATIENT, .count = 1}, &rows, NULL));
	*out = rows.count ? ((const struct resource *)rows.items)->id : uuid_text(cx->arena, patient.v);
	return NULL;
}

fallible
chart_gather(struct cx *cx, const struct conversation *c, const struct chart_wish *wish, struct chart_material *out)
{
	struct patient patient;
	struct account account;
	struct facility facility;

	*out = (struct chart_material){.conversation = c, .wish = wish};
	TRY(patient_get(cx, c->thread.patient, &patient));
	TRY(account_get(cx, cx->who.account, &account));
	TRY(facility_get(cx, c->thread.facility, &facility));
	TRY(zone_find(facility.zone, &out->zone));
	TRY(find_patient_id(cx, patient.id, &out->patient_id));
	out->patient_name = patient.name;
	if (!instant_is_none(patient.born))
		out->born = zone_civil(zone_utc(), patient.born).date;
	out->author =
	    arena_printf(cx->arena, "%.*s, %s", STR_ARG(account.name), staff_role_words(account.role, cx->lang));
	out->facility = facility.name;
	TRY(chart_choice_words(cx, c->thread.facility, CHOICE_TITLE, wish->title, &out->title));
	out->note = (struct chart_note){.patient = c->thread.patient,
	    .thread = c->thread.id,
	    .id = wish->key,
	    .team = c->thread.team,
	    .author = cx->who.account,
	    .at = cx->now,
	    .title = wish->title,
	    .credit_gone = INSTANT_NONE};
	for (size_t i = 0; i < wish->count; i++)
		if (wish->messages[i] > out->note.last_n)
			out->note.last_n = wish->messages[i];
	return NULL;
}

/* Its place among the notes of the thread: a new one, an addendum, or one that is put right. */
static fallible
place_note(struct cx *cx, struct chart_wish *wish, const struct db_rows *notes, struct chart_material *m)
{
	const struct chart_note *note = notes->items;

	m->note.n = (int64_t)notes->count + 1;
	if (wish->mends) {
		if (wish->mends < 1 || wish->mends > (int64_t)notes->count)
			return GONE;
		note += wish->mends - 1;
		m->note.n = note->n;
		m->note.id = note->id;
		m->note.at = note->at;
		m->note.encounter = note->encounter;
		m->note.tries = note->tries;
		m->note.credit_gone = note->credit_gone;
		m->note.credit_why = note->credit_why;
		m->credit_gone = !instant_is_none(note->credit_gone);
		note = notes->items;
	}
	if (m->note.n > 1)
		m->first = note[0].id;
	wish->wrong = "clinic";
	if (!uuid_is_none(m->note.encounter) && !wish->credit.clinic.n)
		return ERR(
		    ERR_INVALID, TR("Choose the clinic that the work counts for."), "credit cannot be taken away");
	wish->wrong = NULL;
	if (wish->credit.clinic.n && uuid_is_none(m->note.encounter))
		m->note.encounter = uuid_new(cx->now);
	m->note.provenance = uuid_new(cx->now);
	return NULL;
}

fallible
chart_preview(struct cx *cx, struct chart_wish *wish, str *text)
{
	struct conversation c;
	struct chart_material m;
	struct db_rows notes;
	enum access_why why;

	TRY(chart_open_thread(cx, wish->thread, &c, &why));
	TRY(check_wish(cx, &c, wish));
	TRY(chart_gather(cx, &c, wish, &m));
	TRY(chart_rows(cx, c.thread.patient, c.thread.id, &notes));
	TRY(place_note(cx, wish, &notes, &m));
	*text = chart_text(cx, &m);
	return NULL;
}

/* ---- the wish, kept ---- */

static fallible
seal_wish(struct cx *cx, const struct chart_wish *wish, struct chart_note *note)
{
	struct buf text = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&text);

	json_write_object(&w);
	json_put_array(&w, "messages");
	for (size_t i = 0; i < wish->count; i++)
		json_write_int64(&w, wish->messages[i]);
	json_write_end(&w);
	json_put_text(&w, "comment", wish->comment);
	json_put_text(&w, "clinic", wish->credit.clinic);
	json_put_text(&w, "procedure", wish->credit.procedure);
	json_put_text(&w, "condition", wish->credit.condition);
	json_put_int64(&w, "minutes", wish->credit.minutes);
	json_write_end(&w);
	json_write_done(&w);
	return vault_seal(cx, note->patient, chart_place(note->id, "chart_note.asked"), buf_str(&text), &note->asked);
}

fallible
chart_wish_of(struct cx *cx, const struct chart_note *note, struct chart_wish *out)
{
	const struct json_value *json;
	int64_t *messages;
	str text;

	TRY(vault_open_text(cx, note->patient, chart_place(note->id, "chart_note.asked"), note->asked, &text));
	TRY(json_parse(cx->arena, text, &json, NULL));
	*out = (struct chart_wish){.key = note->id,
	    .thread = note->thread,
	    .title = note->title,
	    .comment = json_text_at(json, "comment"),
	    .credit = {.clinic = json_text_at(json, "clinic"),
		.procedure = json_text_at(json, "procedure"),
		.condition = json_text_at(json, "condition")},
	    .mends = note->n};
	json_to_int64(json_get(json, "minutes"), &out->credit.minutes);
	messages = ARENA_ARRAY(cx->arena, int64_t, json_count(json_get(json, "messages")) + 1);
	json_each_item (json_get(json, "messages"), item)
		if (json_to_int64(item, &messages[out->count]))
			out->count++;
	out->messages = messages;
	return NULL;
}

/* ---- saving ---- */

struct saving {
	struct thread thread;
	struct chart_note note;
	struct resource_draft *drafts[3];
	size_t draft_count;
	int64_t notes_before;
	bool mends;
	enum access_why why;
};

static fallible
prepare(struct cx *cx, struct saving *saving, struct uuid id, str json)
{
	struct resource_new in = {.patient = saving->note.patient, .id = uuid_text(cx->arena, id), .updated = cx->now};

	TRY(json_parse(cx->arena, json, &in.json, NULL));
	return resource_prepare(cx, &in, &saving->drafts[saving->draft_count++]);
}

static const struct err *
store_note(struct tx *tx, void *arg)
{
	struct saving *in = arg;
	struct resource_put_result results[3];
	struct chart_note before;
	struct db_rows notes;
	bool found;

	TRY(chart_row_by_id(tx->cx, in->note.id, &before, &found));
	if (found && !in->mends) { /* the same key again */
		in->note = before;
		return uuid_equal(before.thread.v, in->thread.id.v) ? NULL : GONE;
	}
	TRY(chart_rows(tx->cx, in->note.patient, in->note.thread, &notes));
	if ((int64_t)notes.count != in->notes_before || (in->mends && before.tries != in->note.tries - 1))
		return ERR(ERR_CONFLICT,
		    TR("Somebody else kept this conversation in the chart just now. Please look again."),
		    "another note came in between");
	TRY(resource_put_all(tx, in->drafts, in->draft_count, results));
	TRY(in->mends ? chart_row_mend(tx, &in->note) : chart_row_add(tx, &in->note));
	TRY(thread_note_filed(tx, &in->thread));
	if (in->note.state == CHART_WAITING)
		TRY(chart_hand_over(tx, &in->note));
	audit_add(tx, &(struct audit){.action = in->mends ? AUDIT_UPDATE : AUDIT_CREATE,
			  .subject = AUDIT_NOTES,
			  .patient = in->note.patient,
			  .item = in->note.id,
			  .why = (int)in->why});
	return NULL;
}

static fallible
check_may_save(const struct conversation *c, const struct chart_wish *wish, const struct db_rows *notes)
{
	const struct chart_note *note = notes->items;

	if (c->thread.status == THREAD_INCOMPLETE)
		return ERR(ERR_CONFLICT, TR("Answer or complete the conversation first. Then keep it in the chart."),
		    "an answer is owed");
	if (wish->mends && wish->mends <= (int64_t)notes->count && note[wish->mends - 1].state != CHART_TROUBLE)
		return ERR(ERR_CONFLICT, TR("This note is not waiting for you any more. Please look again."),
		    "the note is not in trouble");
	return NULL;
}

fallible
chart_save(struct cx *cx, struct chart_wish *wish, struct chart_note *out)
{
	struct conversation c;
	struct chart_material m;
	struct saving saving = {.mends = wish->mends != 0};
	struct ehr_settings settings;
	struct db_rows notes;
	struct chart_note before;
	bool has_ehr, found;

	TRY(chart_open_thread(cx, wish->thread, &c, &saving.why));
	TRY(access_check_write(cx, c.thread.patient, &saving.why));
	TRY(chart_row_by_id(cx, wish->key, &before, &found));
	if (found && !saving.mends && uuid_equal(before.thread.v, wish->thread.v)) {
		*out = before;
		return NULL;
	}
	TRY(chart_rows(cx, c.thread.patient, c.thread.id, &notes));
	TRY(check_may_save(&c, wish, &notes));
	TRY(check_wish(cx, &c, wish));
	TRY(chart_gather(cx, &c, wish, &m));
	TRY(place_note(cx, wish, &notes, &m));
	TRY(ehr_settings_get(cx, &settings, &has_ehr));
	m.note.state = has_ehr ? CHART_WAITING : CHART_KEPT;
	m.note.tries++;
	TRY(seal_wish(cx, wish, &m.note));
	saving.thread = c.thread;
	saving.note = m.note;
	saving.notes_before = (int64_t)notes.count;
	if (!uuid_is_none(m.note.encounter))
		TRY(prepare(cx, &saving, m.note.encounter, chart_encounter_json(cx, &m)));
	TRY(prepare(cx, &saving, m.note.id, chart_document_json(cx, &m, chart_text(cx, &m))));
	TRY(prepare(cx, &saving, m.note.provenance, chart_provenance_json(cx, &m)));
	TRY(db_write(cx, store_note, &saving));
	*out = saving.note;
	return NULL;
}

/* ---- reading ---- */

fallible
chart_open_troubles(struct cx *cx, const struct db_rows *rows)
{
	struct chart_note *note = rows->items;

	for (size_t i = 0; i < rows->count; i++)
		if (note[i].trouble.p) {
			TRY(vault_open_text(cx, note[i].patient, chart_place(note[i].id, "chart_note.trouble"),
			    note[i].trouble, &note[i].trouble));
			note[i].trouble = tr(cx->lang, arena_z(cx->arena, note[i].trouble)); /* when it is ours */
		}
	for (size_t i = 0; i < rows->count; i++)
		TRY(vault_open_text(cx, note[i].patient, chart_place(note[i].id, "chart_note.credit_why"),
		    note[i].credit_why, &note[i].credit_why));
	return NULL;
}

fallible
chart_notes(struct cx *cx, thread_id thread, struct db_rows *out)
{
	struct conversation c;
	enum access_why why;

	TRY(chart_open_thread(cx, thread, &c, &why));
	TRY(chart_rows(cx, c.thread.patient, thread, out));
	return chart_open_troubles(cx, out);
}

fallible
charting_is_filed(struct cx *cx, thread_id thread, bool *yes)
{
	struct conversation c;

	TRY(thread_open(cx, thread, &c));
	*yes = !instant_is_none(c.thread.filed_at);
	return NULL;
}
