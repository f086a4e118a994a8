/* SPDX-License-Identifier: Apache-2.0 */
/* What a team keeps of a conversation: notes, credit for the work, and what the other system did not take. */
#include "care/charting/charting.h"
#include "exchange/api/api_office.h"

#define NOTE_MESSAGES_MAX 1000

static void
put_note(struct api_answer *a, const struct chart_note *note)
{
	static const char *const states[] = {[CHART_KEPT] = "kept",
	    [CHART_WAITING] = "waiting",
	    [CHART_TAKEN] = "taken",
	    [CHART_TROUBLE] = "trouble",
	    [CHART_ENDED] = "ended"};

	json_write_object(&a->w);
	put_id(a, "id", note->id);
	put_id(a, "conversation", note->thread.v);
	put_id(a, "patient", note->patient.v);
	json_put_int64(&a->w, "number", note->n);
	json_put_int64(&a->w, "title", note->title);
	put_id(a, "author", note->author.v);
	put_instant(a, "at", note->at);
	json_put_text(&a->w, "state", str_from_z(states[note->state]));
	json_put_text(&a->w, "ids", note->ids);
	json_put_text(&a->w, "trouble", note->trouble);
	put_id(a, "encounter", note->encounter);
	put_instant(a, "creditTakenBack", note->credit_gone);
	json_put_text(&a->w, "creditWhy", note->credit_why);
	json_write_end(&a->w);
}

static fallible
answer_notes(struct request *rq, struct api_answer *a, int status, const char *name, const struct db_rows *notes)
{
	json_put_array(&a->w, name);
	for (size_t i = 0; i < notes->count; i++)
		put_note(a, (const struct chart_note *)notes->items + i);
	json_write_end(&a->w);
	return api_end(rq, status, a);
}

static fallible
put_choices(struct cx *cx, struct api_answer *a, facility_id facility, enum chart_choice_kind kind, const char *name)
{
	struct db_rows rows;
	const struct chart_choice *choice;

	TRY(chart_choices(cx, facility, kind, &rows));
	choice = rows.items;
	json_put_array(&a->w, name);
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a->w);
		json_put_int64(&a->w, "code", choice[i].n);
		json_put_text(&a->w, "words", choice[i].words);
		json_write_end(&a->w);
	}
	json_write_end(&a->w);
	return NULL;
}

/* The notes of a conversation, and what can be chosen for the next. */
fallible
api_get_notes(struct cx *cx, struct request *rq)
{
	struct db_rows notes;
	struct conversation c;
	struct api_answer a;
	thread_id id;

	TRY(api_address_id(rq, "thread", &id.v));
	TRY(chart_notes(cx, id, &notes));
	TRY(thread_look(cx, id, &c));
	api_begin(cx, &a);
	TRY(put_choices(cx, &a, c.thread.facility, CHOICE_TITLE, "titles"));
	TRY(put_choices(cx, &a, c.thread.facility, CHOICE_CLINIC, "clinics"));
	json_put_array(&a.w, "procedures");
	for (size_t i = 0; chart_procedures[i]; i++)
		json_write_text(&a.w, str_from_z(chart_procedures[i]));
	json_write_end(&a.w);
	return answer_notes(rq, &a, 200, "notes", &notes);
}

static fallible
read_numbers(struct cx *cx, const struct json_value *list, struct chart_wish *out)
{
	int64_t *numbers;

	if (json_kind(list) != JSON_ARRAY || json_count(list) > NOTE_MESSAGES_MAX)
		return ERR(ERR_INVALID, "\"messages\" must be a list of numbers of messages.", "no list of messages");
	numbers = ARENA_ARRAY(cx->arena, int64_t, json_count(list) + 1);
	json_each_item (list, item)
		if (!json_to_int64(item, &numbers[out->count++]))
			return ERR(ERR_INVALID, "\"messages\" holds something that is no number.", "no number");
	out->messages = numbers;
	return NULL;
}

/* {"key", "title", "messages": [], "comment", "clinic", "procedure", "condition", "minutes"}; "mends": the number of the note
 * that this one puts right. */
static fallible
read_wish(struct cx *cx, struct request *rq, struct chart_wish *out)
{
	const struct json_value *body;

	TRY(api_address_id(rq, "thread", &out->thread.v));
	TRY(api_body(cx, rq, &body));
	TRY(api_id(cx, body, "key", &out->key));
	TRY(api_number(cx, body, "title", TITLE_GENERAL, &out->title));
	TRY(api_number(cx, body, "mends", 0, &out->mends));
	TRY(read_numbers(cx, json_get(body, "messages"), out));
	TRY(api_text(cx, body, "comment", &out->comment));
	TRY(api_text(cx, body, "clinic", &out->credit.clinic));
	TRY(api_text(cx, body, "procedure", &out->credit.procedure));
	TRY(api_text(cx, body, "condition", &out->credit.condition));
	return api_number(cx, body, "minutes", 0, &out->credit.minutes);
}

fallible
api_preview_note(struct cx *cx, struct request *rq)
{
	struct chart_wish wish = {0};
	struct api_answer a;
	str text;

	TRY(read_wish(cx, rq, &wish));
	TRY(chart_preview(cx, &wish, &text));
	api_begin(cx, &a);
	json_put_text(&a.w, "text", text);
	return api_end(rq, 200, &a);
}

fallible
api_post_note(struct cx *cx, struct request *rq)
{
	struct chart_wish wish = {0};
	struct chart_note note;
	struct api_answer a;

	TRY(read_wish(cx, rq, &wish));
	TRY(chart_save(cx, &wish, &note));
	api_begin(cx, &a);
	json_write_name(&a.w, S("note"));
	put_note(&a, &note);
	return api_end(rq, 201, &a);
}

/* {"reason"}: the credit was a mistake; the note stays. */
fallible
api_take_back_credit(struct cx *cx, struct request *rq)
{
	const struct json_value *body;
	struct uuid id;

	TRY(api_address_id(rq, "note", &id));
	TRY(api_body(cx, rq, &body));
	TRY(chart_credit_take_back(cx, id, json_text(json_get(body, "reason"))));
	return api_done(rq);
}

/* ---- what the other system did not take ---- */

fallible
api_get_troubles(struct cx *cx, struct request *rq)
{
	struct db_rows notes;
	struct api_answer a;

	TRY(chart_troubles(cx, &notes));
	api_begin(cx, &a);
	return answer_notes(rq, &a, 200, "notes", &notes);
}

fallible
api_retry_note(struct cx *cx, struct request *rq)
{
	struct uuid id;

	TRY(api_address_id(rq, "note", &id));
	TRY(chart_retry(cx, id));
	return api_done(rq);
}

/* {"reason"}: it stays in this record only. */
fallible
api_end_note(struct cx *cx, struct request *rq)
{
	const struct json_value *body;
	struct uuid id;

	TRY(api_address_id(rq, "note", &id));
	TRY(api_body(cx, rq, &body));
	TRY(chart_end(cx, id, json_text(json_get(body, "reason"))));
	return api_done(rq);
}
