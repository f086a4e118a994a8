/* SPDX-License-Identifier: Apache-2.0 */
/* What was asked for, in the ZIP with everything: what the record does not say of visits (what the patient wants to talk about, what is
 * open, questionnaires before them), and refills, renewals and what the patient says they take, each with its history. */
#include "care/appointments/visit_questions.h"
#include "care/bluebutton/everything.h"
#include "care/prescriptions/prescriptions.h"
#include "platform/format/json_write.h"

#define VISITS_AT_ONCE 200

static void
put_id_of(struct arena *arena, struct json_writer *w, const char *name, struct uuid id)
{
	if (!uuid_is_none(id))
		json_put_text(w, name, uuid_text(arena, id));
}

static void
put_time_of(struct arena *arena, struct json_writer *w, const char *name, instant at)
{
	if (!instant_is_none(at))
		json_put_text(w, name, fhir_instant_text(arena, at));
}

static fallible
end_line(struct everything *e, struct json_writer *w)
{
	json_write_end(w);
	json_write_done(w);
	buf_add_char(&e->out, '\n');
	return everything_flush_some(e);
}

/* ---- visits ---- */

static fallible
put_questions(struct everything *e, struct arena *arena, struct json_writer *w, const struct appointment *a)
{
	const struct visit_question *q;
	struct db_rows rows;

	TRY(visit_questions(e->cx, a, &rows));
	q = rows.items;
	json_put_array(w, "questionnaires");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(w);
		json_put_text(w, "questionnaire", q[i].questionnaire);
		json_put_text(w, "title", q[i].title);
		put_time_of(arena, w, "askedAt", q[i].asked_at);
		put_time_of(arena, w, "answeredAt", q[i].answered_at);
		put_id_of(arena, w, "entry", q[i].entry);
		if (q[i].has_score)
			json_put_int64(w, "score", q[i].score);
		json_put_text(w, "meaning", q[i].meaning);
		json_put_text(w, "answers", q[i].words);
		json_write_end(w);
	}
	json_write_end(w);
	return NULL;
}

static fallible
write_visit(struct everything *e, const struct appointment *a)
{
	struct arena *arena = everything_line(e)->arena;
	struct json_writer w = JSON_WRITER(&e->out);

	json_write_object(&w);
	json_put_text(&w, "appointment", arena_printf(arena, "Appointment/%.*s", STR_ARG(uuid_text(arena, a->id.v))));
	json_put_text(&w, "title", a->details.title);
	json_put_text(&w, "state", str_from_z(appointment_state_code(a->state)));
	json_put_int64(&w, "asked", a->asked);
	json_put_bool(&w, "keptElsewhere", !a->ours);
	put_time_of(arena, &w, "start", a->start);
	put_time_of(arena, &w, "made", a->made);
	put_time_of(arena, &w, "askedAt", a->asked_at);
	put_time_of(arena, &w, "arrived", a->arrived_at);
	put_id_of(arena, &w, "conversation", a->thread.v);
	json_put_text(&w, "wish", a->wish);
	json_put_text(&w, "agenda", a->agenda);
	TRY(put_questions(e, arena, &w, a));
	return end_line(e, &w);
}

static fallible
write_visits(struct everything *e, enum appointment_list list)
{
	struct db_rows rows = {.count = VISITS_AT_ONCE};

	for (int64_t offset = 0; rows.count == VISITS_AT_ONCE; offset += VISITS_AT_ONCE) {
		const struct appointment *a;

		TRY(appointment_list(e->cx, e->ask->patient, list, offset, VISITS_AT_ONCE, &rows));
		a = rows.items;
		for (size_t i = 0; i < rows.count; i++)
			TRY(write_visit(e, &a[i]));
	}
	return NULL;
}

fallible
everything_visits(struct everything *e)
{
	const struct page_cx *px = e->px;
	enum access_why why;

	if (access_check(e->cx, e->ask->patient, RIGHT_APPOINTMENTS, &why)) {
		everything_misses(
		    e, T("What is planned and asked for of visits: you may not see it for this patient."));
		return NULL;
	}
	TRY(everything_file(e, S("visits/visits.ndjson"), T("Visits with what you want to talk about, one a line")));
	TRY(write_visits(e, APPOINTMENTS_ASKED));
	TRY(write_visits(e, APPOINTMENTS_TO_COME));
	TRY(write_visits(e, APPOINTMENTS_PAST));
	return everything_flush(e);
}

/* ---- medicines ---- */

static fallible
write_refill(struct everything *e, const struct refill *r)
{
	struct arena *arena = everything_line(e)->arena;
	struct json_writer w = JSON_WRITER(&e->out);
	const struct refill_event *event;
	struct db_rows rows;

	TRY(refill_events(e->cx, r, &rows));
	event = rows.items;
	json_write_object(&w);
	json_put_text(&w, "kind", S("refill"));
	json_put_text(&w, "task", arena_printf(arena, "Task/%.*s", STR_ARG(uuid_text(arena, r->id.v))));
	json_put_text(&w, "prescription", arena_printf(arena, "MedicationRequest/%.*s", STR_ARG(r->request)));
	json_put_text(&w, "title", r->title);
	json_put_text(&w, "state", str_from_z(refill_state_code((enum refill_state)r->state)));
	json_put_int64(&w, "problem", r->problem);
	json_put_text(&w, "trouble", r->trouble);
	json_put_text(&w, "tracking", r->tracking);
	put_time_of(arena, &w, "made", r->made);
	json_put_array(&w, "events");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&w);
		put_time_of(arena, &w, "at", event[i].at);
		json_put_int64(&w, "event", event[i].event);
		json_put_text(&w, "what", str_from_z(refill_event_words((enum refill_event_kind)event[i].event)));
		json_put_text(&w, "words", event[i].words);
		json_write_end(&w);
	}
	json_write_end(&w);
	return end_line(e, &w);
}

static fallible
write_renewal(struct everything *e, const struct renewal *r)
{
	struct arena *arena = everything_line(e)->arena;
	struct json_writer w = JSON_WRITER(&e->out);

	json_write_object(&w);
	json_put_text(&w, "kind", S("renewal"));
	put_id_of(arena, &w, "conversation", r->id.v);
	json_put_text(&w, "prescription", arena_printf(arena, "MedicationRequest/%.*s", STR_ARG(r->request)));
	json_put_text(&w, "title", r->title);
	json_put_text(&w, "state", str_from_z(renewal_state_code((enum renewal_state)r->state)));
	put_time_of(arena, &w, "made", r->made);
	put_time_of(arena, &w, "answered", r->answered);
	json_put_text(&w, "answer", r->answer);
	if (r->made_request.n)
		json_put_text(
		    &w, "newPrescription", arena_printf(arena, "MedicationRequest/%.*s", STR_ARG(r->made_request)));
	return end_line(e, &w);
}

static fallible
write_word(struct everything *e, const struct medicine_word *word)
{
	struct arena *arena = everything_line(e)->arena;
	struct json_writer w = JSON_WRITER(&e->out);

	json_write_object(&w);
	json_put_text(&w, "kind", S("said"));
	json_put_text(&w, "about", word->request);
	json_put_int64(&w, "said", word->said);
	json_put_text(&w, "name", word->name);
	json_put_text(&w, "strength", word->strength);
	json_put_text(&w, "how", word->how);
	json_put_text(&w, "reason", word->reason);
	json_put_text(&w, "comment", word->comment);
	put_time_of(arena, &w, "at", word->at);
	put_time_of(arena, &w, "settled", word->settled);
	json_put_int64(&w, "settledHow", word->settled_how);
	return end_line(e, &w);
}

fallible
everything_medicines(struct everything *e)
{
	const struct page_cx *px = e->px;
	struct db_rows rows;

	TRY(everything_file(
	    e, S("medicines/requests.ndjson"), T("Refills, renewals and what you say you take, one a line")));
	TRY(refills_of_patient(e->cx, e->ask->patient, &rows));
	for (size_t i = 0; i < rows.count; i++)
		TRY(write_refill(e, (const struct refill *)rows.items + i));
	TRY(renewals_of_patient(e->cx, e->ask->patient, &rows));
	for (size_t i = 0; i < rows.count; i++)
		TRY(write_renewal(e, (const struct renewal *)rows.items + i));
	TRY(medicine_words(e->cx, e->ask->patient, true, &rows));
	for (size_t i = 0; i < rows.count; i++)
		TRY(write_word(e, (const struct medicine_word *)rows.items + i));
	return everything_flush(e);
}
