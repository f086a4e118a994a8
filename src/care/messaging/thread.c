/* SPDX-License-Identifier: Apache-2.0 */
/* Writing: a new thread, an answer.  What was sent before under the same key is found, not sent again. */
#include "care/messaging/about.h"
#include "care/messaging/crisis.h"
#include "care/messaging/messaging_store.h"
#include "care/messaging/signature.h"

/* One send, from the checks to the act. */
struct sending {
	struct thread thread; /* as it becomes */
	struct message message;
	str subject_sealed, body_sealed;
	struct member author;
	instant due; /* the promise, if this message begins a round */
	int64_t seen;
	enum access_why why;
	bool sent_before;
	bool waited;       /* taking the draft back wins */
	str reason_sealed; /* words of emergency; absent for none */
	instant urgent_due;
	act_fn *with; /* of another feature; may be NULL */
	void *with_arg;
};

/* What a patient writes is looked through; what is found marks the thread and keeps nothing back. */
static fallible
look_for_crisis(struct cx *cx, struct sending *s, str subject, str body, str urgent)
{
	str hits = urgent;

	if (!hits.n)
		TRY(crisis_check(cx, s->thread.facility, subject, body, &hits));
	if (!hits.n)
		return NULL;
	TRY(promise_urgent_from_now(cx, s->thread.facility, &s->urgent_due));
	return vault_seal(cx, s->thread.patient, thread_reason_place(s->thread.id), hits, &s->reason_sealed);
}

static fallible
mark_urgent(struct tx *tx, struct sending *s)
{
	if (!s->reason_sealed.p)
		return NULL;
	thread_mark_urgent(&s->thread, s->urgent_due);
	return thread_row_reason(tx, &s->thread, s->reason_sealed);
}

static fallible
seal_body(struct cx *cx, struct sending *s, struct uuid key, str body)
{
	s->message = (struct message){
	    .id = {key}, .author = cx->who.account, .by_delegate = (cx->who.is & WHO_DELEGATE) != 0, .sent = cx->now};
	s->message.author_role = s->author.role;
	return vault_seal(cx, s->thread.patient, message_body_place(s->message.id), body, &s->body_sealed);
}

/* ---- sent before? ---- */

/* ERR_CONFLICT when the key carried another text then. */
static fallible
find_sent(struct cx *cx, patient_id patient, struct uuid key, str body, struct sent *out, bool *found)
{
	struct message_key before;
	struct thread thread = {0};
	str text;

	TRY(message_row_by_key(cx, patient, cx->who.account, key, &before, found));
	if (!*found)
		return NULL;
	TRY(vault_open_text(cx, patient, message_body_place((message_id){key}), before.body, &text));
	if (!str_equal(text, body))
		return ERR(ERR_CONFLICT,
		    TR("This message was sent before, with another text. What you changed is still here; send it as a "
		       "new message if you like."),
		    "the key was used for another text");
	TRY(thread_row_get(cx, before.thread, &thread));
	*out = (struct sent){before.thread, {key}, thread.due, true};
	return NULL;
}

/* Run the act; when another request with the same key was faster, give its result. */
static fallible
send(struct cx *cx, act_fn *act, struct sending *s, str body, struct sent *out)
{
	const struct err *error = db_write(cx, act, s);
	bool found = false;

	if (s->sent_before || (error && error->code == ERR_CONFLICT)) {
		TRY(find_sent(cx, s->thread.patient, s->message.id.v, body, out, &found));
		if (found)
			return NULL;
	}
	TRY(error);
	*out = (struct sent){s->thread.id, s->message.id, s->thread.due, false};
	live_thread_changed(cx, &s->thread);
	return NULL;
}

static fallible
note_sent_before(struct tx *tx, struct sending *s)
{
	struct message_key before;

	TRY(message_row_by_key(
	    tx->cx, s->thread.patient, s->author.account, s->message.id.v, &before, &s->sent_before));
	return s->waited && !s->sent_before ? draft_row_waits(tx->cx, s->author.account, s->message.id.v) : NULL;
}

/* What every send writes once the thread stands. */
static fallible
add_message(struct tx *tx, struct sending *s)
{
	struct attachment_holder files = {s->thread.patient, s->author.account, s->message.id.v};

	s->message.n = s->thread.message_count;
	TRY(attachments_count(tx->cx, &files, &s->message.file_count));
	TRY(message_row_add(tx, &s->thread, &s->message, s->body_sealed));
	TRY(notice_message(tx, &s->thread, &s->message));
	TRY(draft_row_delete(tx, s->author.account, s->message.id.v));
	audit_thread(tx, AUDIT_SEND, &s->thread, s->why);
	return s->with ? s->with(tx, s->with_arg) : NULL;
}

static void
note_speaker(struct sending *s)
{
	s->thread.spoken_by = s->message.by_delegate ? s->message.author : (account_id){{{0}}};
}

/* ---- a new thread ---- */

/* May the caller begin a thread of this patient with this team? Tells the side. */
static fallible
check_new(struct cx *cx, patient_id patient, team_id team, enum message_side *side, enum access_why *why)
{
	struct account account;
	bool yes;

	TRY(access_check(cx, patient, RIGHT_MESSAGES_WRITE, why));
	if (access_is_patient_side(*why)) {
		*side = SIDE_PATIENT;
		TRY(messaging_terms_check(cx, patient));
		return team_takes_patient(cx, team, patient);
	}
	if (*why != ACCESS_CARE_TEAM)
		return NOT_FOUND;
	*side = SIDE_TEAM;
	TRY(team_has_member(cx, team, cx->who.account, &yes));
	if (yes)
		TRY(team_cares_for(cx, team, patient, &yes));
	if (!yes)
		return NOT_FOUND;
	TRY(account_of_patient(cx, patient, &account, &yes));
	if (!yes || !account.active)
		return ERR(ERR_INVALID,
		    TR("This patient has no account yet and would not read the message. Please call them."),
		    "the patient has no account");
	TRY(messaging_opted_in(cx, patient, &yes));
	if (yes)
		return NULL;
	return ERR(ERR_INVALID,
	    TR("This patient has not agreed to use messages and would not read it. Please call them."),
	    "the patient has not opted in");
}

static const struct err *
begin(struct tx *tx, void *arg)
{
	struct sending *s = arg;
	enum message_side side;

	TRY(note_sent_before(tx, s));
	if (s->sent_before)
		return NULL;
	TRY(check_new(tx->cx, s->thread.patient, s->thread.team, &side, &s->why));
	s->message.side = side;
	thread_begin(&s->thread, side, tx->cx->now, s->due);
	note_speaker(s);
	TRY(thread_row_add(tx, &s->thread, s->subject_sealed));
	TRY(mark_urgent(tx, s));
	if (s->thread.urgent)
		TRY(thread_row_put(tx, &s->thread));
	return add_message(tx, s);
}

/* Some teams take only what the patient signed. */
static fallible
check_signed(struct cx *cx, team_id id, str body)
{
	struct team team;

	TRY(team_get(cx, id, &team));
	if (!team.needs_signature || body_is_signed(body))
		return NULL;
	return ERR(ERR_INVALID, TR("This team needs your electronic signature."), "not signed");
}

fallible
thread_new_may(struct cx *cx, patient_id patient, team_id team)
{
	enum message_side side;
	enum access_why why;

	return check_new(cx, patient, team, &side, &why);
}

fallible
thread_new_check(struct cx *cx, const struct thread_new *in)
{
	enum message_side side;
	enum access_why why;
	str body = message_clean(cx->arena, in->body);

	TRY(check_new(cx, in->patient, in->team, &side, &why));
	TRY(message_check_subject(cx, str_trim(in->subject)));
	TRY(message_check_body(cx, body));
	return side == SIDE_PATIENT ? check_signed(cx, in->team, body) : NULL;
}

/* Keep what it is about. */
static fallible
look_for_item(struct cx *cx, struct sending *s, struct uuid key, str reference)
{
	TRY(about_of_draft(cx, s->thread.patient, key, reference, &s->thread.about));
	if (reference.n && !s->thread.about.reference.n)
		return ERR(ERR_INVALID,
		    TR("What you ask about is not in the record any more, or it is not shared with you."),
		    "no such entry, or not the caller's");
	return about_seal(
	    cx, s->thread.patient, thread_about_place(s->thread.id), &s->thread.about, &s->thread.about.sealed);
}

fallible
thread_send_new(struct cx *cx, const struct thread_new *in, struct sent *out)
{
	struct sending s = {.waited = in->waited, .with = in->with, .with_arg = in->with_arg};
	str subject = str_trim(in->subject), body = message_clean(cx->arena, in->body);
	struct team team;
	bool found;

	TRY(access_check(cx, in->patient, RIGHT_MESSAGES_WRITE, &s.why));
	TRY(find_sent(cx, in->patient, in->key, body, out, &found));
	if (found)
		return NULL;
	TRY(thread_new_check(cx, in));
	TRY(team_get(cx, in->team, &team));
	TRY(member_self(cx, team.facility, &s.author));
	TRY(promise_from_now(cx, team.facility, &s.due));
	s.thread = (struct thread){.id = {in->key},
	    .patient = in->patient,
	    .facility = team.facility,
	    .team = in->team,
	    .category = in->category};
	if (access_is_patient_side(s.why))
		TRY(look_for_crisis(cx, &s, subject, body, in->urgent));
	TRY(look_for_item(cx, &s, in->key, in->about));
	TRY(vault_seal(cx, in->patient, thread_subject_place(s.thread.id),
	    subject.n ? subject : message_default_subject(cx, in->category), &s.subject_sealed));
	TRY(seal_body(cx, &s, in->key, body));
	return send(cx, begin, &s, body, out);
}

/* ---- an answer ---- */

fallible
thread_reply_check(struct cx *cx, const struct thread *thread)
{
	struct facility_settings settings;

	TRY(messaging_terms_check(cx, thread->patient));
	if (!uuid_is_none(thread->merged_into.v))
		return ERR(ERR_INVALID,
		    TR("Your team joined this conversation with another one of yours. Please go on there."),
		    "the thread was merged");
	TRY(facility_settings_get(cx, thread->facility, &settings));
	if (!thread_reply_window_open(thread, settings.reply_window_days, cx->now))
		return err_said(cx->arena, ERR_INVALID, "%.*s",
		    STR_ARG(tr_fill(cx->arena, cx->lang,
			tr(cx->lang, TR("The last message here is more than %1 days old. Please start a new message; "
					"you can take your text along.")),
			(const struct tr_arg[]){TR_ARG(settings.reply_window_days)}, 1)));
	return team_takes_patient(cx, thread->team, thread->patient);
}

static const struct err *
answer(struct tx *tx, void *arg)
{
	struct sending *s = arg;
	struct standing_of_caller caller;

	TRY(note_sent_before(tx, s));
	if (s->sent_before)
		return NULL;
	TRY(thread_find(tx->cx, s->thread.id, RIGHT_MESSAGES_WRITE, &s->thread, &caller));
	if (caller.for_reading)
		return NOT_FOUND;
	s->message.side = caller.side;
	s->why = caller.why;
	if (caller.side == SIDE_PATIENT) {
		TRY(thread_reply_check(tx->cx, &s->thread));
		if (!thread_answer_is_owed(&s->thread))
			TRY(round_row_keep(tx, &s->thread));
		thread_note_patient_message(&s->thread, tx->cx->now, s->due);
		note_speaker(s);
		TRY(mark_urgent(tx, s));
	} else {
		TRY(thread_may_handle(&s->thread, s->author.account, tx->cx->now));
		TRY(thread_may_continue(&s->thread, s->seen));
		thread_note_answer(&s->thread, s->author, tx->cx->now);
	}
	TRY(thread_row_put(tx, &s->thread));
	return add_message(tx, s);
}

fallible
thread_reply(struct cx *cx, const struct thread_reply *in, struct sent *out)
{
	struct sending s = {.seen = in->seen, .waited = in->waited, .with = in->with, .with_arg = in->with_arg};
	struct standing_of_caller caller;
	str body = message_clean(cx->arena, in->body);
	bool found;

	TRY(thread_find(cx, in->thread, RIGHT_MESSAGES_WRITE, &s.thread, &caller));
	if (caller.why == ACCESS_SYSTEM || caller.for_reading)
		return NOT_FOUND;
	TRY(find_sent(cx, s.thread.patient, in->key, body, out, &found));
	if (found)
		return NULL;
	if (caller.side == SIDE_PATIENT)
		TRY(thread_reply_check(cx, &s.thread));
	TRY(message_check_body(cx, body));
	if (caller.side == SIDE_PATIENT)
		TRY(check_signed(cx, s.thread.team, body));
	TRY(member_self(cx, s.thread.facility, &s.author));
	TRY(promise_from_now(cx, s.thread.facility, &s.due));
	if (caller.side == SIDE_PATIENT)
		TRY(look_for_crisis(cx, &s, STR_NONE, body, STR_NONE));
	TRY(seal_body(cx, &s, in->key, body));
	return send(cx, answer, &s, body, out);
}
