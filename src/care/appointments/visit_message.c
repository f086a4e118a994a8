/* SPDX-License-Identifier: Apache-2.0 */
/* What is said about a visit in the conversation with the team.  The text leaves through the outbox, written with the deed that it
 * tells of, and is sent at once when nothing is in the way; the key makes the second time find the first. */
#include "care/appointments/appointments_internal.h"
#include "platform/base/log.h"

#define KIND "visit_message"

fallible
visit_message_check(struct cx *cx, patient_id patient, team_id team)
{
	if (uuid_is_none(team.v))
		return ERR(ERR_INVALID, TR("No team of yours takes messages here. Please call the clinic."),
		    "no team to write to");
	return thread_new_may(cx, patient, team);
}

/* ---- words ---- */

struct telling {
	struct buf out;
	enum lang lang;
	const struct zone *zone;
	instant now;
};

static void
tell(struct telling *t, const char *text)
{
	buf_add(&t->out, tr(t->lang, text));
	buf_add_char(&t->out, '\n');
}

static void
tell_of(struct telling *t, const char *label, str text)
{
	if (!text.n)
		return;
	buf_add(&t->out, tr_fill(t->out.arena, t->lang, tr(t->lang, label), (const struct tr_arg[]){TR_ARG(text)}, 1));
	buf_add_char(&t->out, '\n');
}

static str
time_words_of(struct telling *t, instant at)
{
	struct buf out = BUF_INIT(t->out.arena);

	date_words_full(&out, t->lang, t->zone, at);
	return buf_str(&out);
}

static fallible
tell_slots(struct cx *cx, struct telling *t, const char *heading, const slot_id *slots, size_t count)
{
	if (count)
		tell(t, heading);
	for (size_t i = 0; i < count; i++) {
		struct slot slot;

		TRY(slot_get(cx, slots[i], &slot));
		buf_printf(&t->out, "- %.*s\n", STR_ARG(time_words_of(t, slot.start)));
	}
	return NULL;
}

static const char *
opening_of(enum appointment_deed deed)
{
	switch (deed) {
	case DEED_ASK: return TR("I would like to make an appointment.");
	case DEED_ASK_AGAIN: return TR("None of the times suits me.");
	case DEED_ASK_CHANGE: return TR("I would like another time for my visit.");
	case DEED_ASK_CANCEL: return TR("Please call off my visit.");
	case DEED_CANCEL: return TR("I called off this visit.");
	case DEED_WITHDRAW: return TR("I do not need a change any more. The visit stays as it is.");
	case DEED_MOVE: return TR("I took another open time. Nothing needs to be done.");
	case DEED_OFFER: return TR("These times are free for your visit. Choose one under Appointments.");
	case DEED_ACCEPT:
	case DEED_SETTLE: return TR("Your visit is booked.");
	case DEED_REFUSE: return TR("We cannot offer you this visit.");
	case DEED_KEEP: return TR("Your visit stays as it is.");
	case DEED_CALL_OFF: return TR("We had to call off your visit. We are sorry.");
	default: return TR("About your visit");
	}
}

/* The language of whoever reads it: of the patient for what the team says; the patient's own words stay theirs. */
static fallible
lang_of(struct cx *cx, const struct appointment_change *in, enum lang *out)
{
	struct account account;
	bool found;

	*out = cx->lang;
	if (access_is_patient_side(in->why))
		return NULL;
	TRY(account_of_patient(cx, in->after->patient, &account, &found));
	if (found)
		*out = account.lang;
	return NULL;
}

fallible
visit_message_words(struct cx *cx, const struct appointment_change *in, str words, str *out)
{
	const struct appointment *a = in->after;
	struct telling t = {.out = BUF_INIT(cx->arena), .now = cx->now};
	struct facility facility;
	bool has_time = !instant_is_none(a->start);

	TRY(lang_of(cx, in, &t.lang));
	TRY(facility_zone(cx, a->facility, &facility, &t.zone));
	tell(&t, opening_of(in->deed));
	tell_of(&t, TR("Kind of visit: %1"), a->details.title);
	if (has_time && in->deed != DEED_REFUSE)
		tell_of(&t, TR("Time: %1"), time_words_of(&t, a->start));
	if (in->deed == DEED_ACCEPT || in->deed == DEED_SETTLE)
		tell_of(&t, TR("Place: %1"), a->details.place);
	if (in->deed == DEED_ASK) {
		tell_of(&t, TR("What it is for: %1"), a->details.reason);
		tell_of(&t, TR("When it suits me: %1"), a->wish);
	}
	tell_of(&t,
	    in->deed == DEED_ASK_CHANGE || in->deed == DEED_ASK_AGAIN ? TR("When it suits me: %1") : TR("Reason: %1"),
	    words);
	TRY(tell_slots(cx, &t, in->deed == DEED_OFFER ? TR("Times:") : TR("These times would suit me:"), in->offers,
	    in->offer_count));
	*out = str_trim(buf_str(&t.out));
	return NULL;
}

/* ---- sending ---- */

struct visit_message {
	struct uuid key, account;
	patient_id patient;
	appointment_id appointment;
	thread_id thread;
	team_id team;
	bool settles;
	str subject, body;
};

static str
subject_of(const struct appointment *a, enum lang lang, struct arena *arena)
{
	str subject =
	    tr_fill(arena, lang, tr(lang, TR("Appointment: %1")), (const struct tr_arg[]){TR_ARG(a->details.title)}, 1);

	return utf8_take_chars(subject, MESSAGE_SUBJECT_CHARS_MAX);
}

static struct visit_message
message_of(struct cx *cx, const struct appointment_change *in)
{
	return (struct visit_message){.key = in->message_key,
	    .account = cx->who.account.v,
	    .patient = in->after->patient,
	    .appointment = in->after->id,
	    .thread = in->after->thread,
	    .team = in->after->team,
	    .settles = in->settles,
	    .subject = subject_of(in->after, cx->lang, cx->arena),
	    .body = in->message};
}

fallible
visit_message_add(struct tx *tx, const struct appointment_change *in)
{
	struct visit_message m = message_of(tx->cx, in);
	struct arena *arena = tx->cx->arena;
	struct buf text = BUF_INIT(arena);
	struct json_writer w = JSON_WRITER(&text);

	json_write_object(&w);
	json_put_text(&w, "key", uuid_text(arena, m.key));
	json_put_text(&w, "account", uuid_text(arena, m.account));
	json_put_text(&w, "appointment", uuid_text(arena, m.appointment.v));
	json_put_text(&w, "thread", uuid_text(arena, m.thread.v));
	json_put_text(&w, "team", uuid_text(arena, m.team.v));
	json_put_bool(&w, "settles", m.settles);
	json_put_text(&w, "subject", m.subject);
	json_put_text(&w, "body", m.body);
	json_write_end(&w);
	json_write_done(&w);
	return outbox_add(tx, &(struct outbox_new){.kind = KIND,
				  .key = uuid_text(arena, m.key),
				  .patient = m.patient,
				  .payload = buf_str(&text),
				  .not_before = INSTANT_NONE});
}

static fallible
begin_thread(struct cx *cx, const struct visit_message *m)
{
	struct thread_new in = {.key = m->key,
	    .patient = m->patient,
	    .team = m->team,
	    .category = CATEGORY_APPOINTMENT,
	    .subject = m->subject,
	    .body = m->body};
	enum access_why why;
	struct sent sent;

	/* Somebody who may not see the record writes about it without a link. */
	if (!access_check(cx, m->patient, RIGHT_RECORD_READ, &why))
		in.about = arena_printf(cx->arena, "Appointment/%.*s", STR_ARG(uuid_text(cx->arena, m->appointment.v)));
	return thread_send_new(cx, &in, &sent);
}

/* A member's answer to a thread that was complete takes it up again. */
static fallible
answer_thread(struct cx *cx, const struct visit_message *m)
{
	struct thread_reply in = {.key = m->key, .thread = m->thread, .body = m->body};
	struct sent sent;
	const struct err *error = thread_reply(cx, &in, &sent);

	if (error && error->code == ERR_CONFLICT && (cx->who.is & WHO_STAFF) && !thread_reopen(cx, m->thread))
		error = thread_reply(cx, &in, &sent);
	TRY(error);
	if (!m->settles || sent.sent_before)
		return NULL;
	error = thread_complete(cx, &(struct thread_complete){.thread = m->thread, .how = COMPLETED_ANSWERED});
	return error && error->code != ERR_CONFLICT && error->code != ERR_INVALID ? error : NULL;
}

static fallible
send(struct cx *cx, const struct visit_message *m)
{
	return uuid_equal(m->thread.v, m->key) ? begin_thread(cx, m) : answer_thread(cx, m);
}

void
visit_message_send_now(struct cx *cx, const struct appointment_change *in)
{
	struct visit_message m = message_of(cx, in);
	const struct err *error = send(cx, &m);

	if (error)
		LOG(LOG_WARN, "visit_message", LOG_UUID("request", cx->request),
		    LOG_Z("code", err_code_name(error->code)));
}

/* As whoever did the deed, with the rights that they have now. */
static fallible
as_author(struct cx *cx, const struct visit_message *m, struct cx *out)
{
	struct account account;

	TRY(account_get(cx, (account_id){m->account}, &account));
	*out = *cx;
	out->conn = NULL; /* a snapshot of their own */
	out->lang = account.lang;
	out->who = (struct who){
	    .is = account.kind, .account = account.id, .patient = account.patient, .facility = account.facility};
	if (account.kind & WHO_STAFF)
		out->who.staff = (staff_id){account.id.v};
	else if (!uuid_equal(account.patient.v, m->patient.v)) {
		out->who.is = WHO_DELEGATE;
		out->who.patient = m->patient;
	}
	return NULL;
}

fallible
visit_message_deliver(struct cx *cx, const struct outbox_item *item)
{
	const struct json_value *json;
	struct visit_message m = {.patient = item->patient};
	const struct err *error;
	struct cx author;

	TRY(json_parse(cx->arena, item->payload, &json, NULL));
	if (!uuid_parse(json_text_at(json, "key"), &m.key) || !uuid_parse(json_text_at(json, "account"), &m.account) ||
	    !uuid_parse(json_text_at(json, "appointment"), &m.appointment.v) ||
	    !uuid_parse(json_text_at(json, "thread"), &m.thread.v) ||
	    !uuid_parse(json_text_at(json, "team"), &m.team.v))
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a message about a visit without ids");
	m.settles = json_bool(json_get(json, "settles"));
	m.subject = json_text_at(json, "subject");
	m.body = json_text_at(json, "body");
	TRY(as_author(cx, &m, &author));
	db_release(cx);
	error = send(&author, &m);
	db_release(&author);
	/* Somebody else is answering, or the message before is still on its way: later. */
	if (error && (error->code == ERR_CONFLICT || (error->code == ERR_GONE && cx->now.ms - item->made.ms < HOUR_MS)))
		return ERR(ERR_BUSY, "Somebody else is answering just now.", "the conversation is held");
	return error;
}
