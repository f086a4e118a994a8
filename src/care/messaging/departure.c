/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts on their way: sending with time to think again.  The draft waits in the database with its instant, so that a restart
 * loses nothing; when the time is up the job loop sends it, or the person's next page.  Taking it back wins over sending: the
 * act that sends asks whether the draft still waits.  What cannot be sent stays a draft and says why. */
#include "care/messaging/messaging_store.h"

#define DEPARTURES_PER_RUN 50

static bool
is_answer(const struct draft *draft)
{
	return !uuid_is_none(draft->thread.v);
}

/* Everything that sending checks. */
static fallible
check(struct cx *cx, struct draft *draft)
{
	struct standing_of_caller caller;
	struct thread thread;

	if (!is_answer(draft))
		return thread_new_check(cx, &(struct thread_new){.patient = draft->patient,
						.team = draft->team,
						.category = (enum message_category)draft->category,
						.subject = draft->subject,
						.body = draft->body});
	TRY(thread_find(cx, draft->thread, RIGHT_MESSAGES_WRITE, &thread, &caller));
	draft->patient = thread.patient;
	if (caller.side == SIDE_PATIENT)
		TRY(thread_reply_check(cx, &thread));
	return message_check_body(cx, message_clean(cx->arena, draft->body));
}

fallible
draft_send_later(struct cx *cx, const struct draft *in, int64_t seconds, instant *send_at)
{
	struct draft draft = *in;

	TRY(check(cx, &draft));
	if (!is_answer(&draft) && str_trim(draft.subject).n == 0)
		draft.subject = message_default_subject(cx, (enum message_category)draft.category);
	*send_at = instant_add_ms(cx->now, seconds * SECOND_MS);
	return draft_save_for(cx, &draft, *send_at);
}

fallible
message_sent_as(struct cx *cx, struct uuid key, thread_id *out)
{
	struct message_key sent;
	enum access_why why;
	bool found;

	TRY(access_check(cx, cx->who.patient, RIGHT_MESSAGES_READ, &why));
	TRY(message_row_by_key(cx, cx->who.patient, cx->who.account, key, &sent, &found));
	if (!found)
		return NOT_FOUND;
	*out = sent.thread;
	return NULL;
}

/* ---- taking it back ---- */

struct taking_back {
	account_id account;
	struct uuid id;
	int64_t changed;
};

static const struct err *
take_back(struct tx *tx, void *arg)
{
	struct taking_back *in = arg;

	return draft_row_stay(tx, in->account, in->id, STR_NONE, &in->changed);
}

fallible
draft_undo(struct cx *cx, struct uuid id)
{
	struct taking_back in = {cx->who.account, id, 0};
	enum access_why why;
	struct draft draft;
	bool found;

	TRY(access_check(cx, cx->who.patient, RIGHT_MESSAGES_WRITE, &why));
	TRY(db_write(cx, take_back, &in));
	if (in.changed)
		return NULL;
	TRY(draft_row_get(cx, cx->who.account, id, &draft, &found));
	return found ? NULL /* taken back before */
	             : ERR(ERR_CONFLICT, TR("It was too late to take it back: the message was sent."), "sent already");
}

/* ---- sending ---- */

struct staying {
	account_id account;
	struct uuid id;
	str trouble;
};

static const struct err *
stay(struct tx *tx, void *arg)
{
	const struct staying *in = arg;
	int64_t changed;

	return draft_row_stay(tx, in->account, in->id, in->trouble, &changed);
}

/* Trouble that another try will not mend stays with the draft. */
static fallible
note_trouble(struct cx *cx, struct uuid id, const struct err *error)
{
	if (error->code == ERR_BUSY || error->code == ERR_BROKEN)
		return error;
	TRY(db_write(cx, stay, &(struct staying){cx->who.account, id, str_from_z(error->say)}));
	if (cx->events)
		events_publish(cx->events, cx->who.account.v, "thread", uuid_text(cx->arena, id));
	return error;
}

fallible
draft_send(struct cx *cx, struct uuid id, struct sent *out)
{
	const struct err *error;
	struct draft draft;
	bool found;

	TRY(draft_row_get(cx, cx->who.account, id, &draft, &found));
	if (!found || instant_is_none(draft.send_at))
		return NOT_FOUND;
	if (is_answer(&draft))
		error = thread_reply(cx,
		    &(struct thread_reply){.key = id, .thread = draft.thread, .body = draft.body, .waited = true}, out);
	else
		error = thread_send_new(cx,
		    &(struct thread_new){.key = id,
			.patient = draft.patient,
			.team = draft.team,
			.category = (enum message_category)draft.category,
			.subject = draft.subject,
			.body = draft.body,
			.about = draft.about.reference,
			.waited = true},
		    out);
	return error ? note_trouble(cx, id, error) : NULL;
}

fallible
drafts_send_own(struct cx *cx)
{
	struct db_rows rows;
	const struct draft_due *due;
	struct sent sent;

	TRY(draft_rows_due(cx, cx->who.account, DEPARTURES_PER_RUN, &rows));
	due = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		const struct err *error = draft_send(cx, due[i].id, &sent);

		if (error && (error->code == ERR_BUSY || error->code == ERR_BROKEN))
			return error;
	}
	return NULL;
}

/* As the person who wrote it: what they may do now decides. */
static fallible
send_as_author(struct cx *cx, const struct draft_due *due)
{
	struct account account;
	struct cx author = *cx;
	struct sent sent;
	const struct err *error;

	TRY(account_get(cx, due->account, &account));
	author.lang = account.lang;
	author.who = (struct who){
	    .is = account.kind, .account = account.id, .patient = account.patient, .facility = account.facility};
	if (account.kind & WHO_STAFF) {
		author.who.staff = (staff_id){account.id.v};
	} else if (!uuid_equal(due->patient.v, account.patient.v)) {
		author.who.is = WHO_DELEGATE;
		author.who.patient = due->patient;
	}
	error = draft_send(&author, due->id, &sent);
	cx->conn = author.conn;
	return error && (error->code == ERR_BUSY || error->code == ERR_BROKEN) ? error : NULL;
}

fallible
messaging_send_due(struct cx *cx)
{
	struct db_rows rows;
	const struct draft_due *due;
	const struct err *first = NULL;

	TRY(draft_rows_due(cx, (account_id){{{0}}}, DEPARTURES_PER_RUN, &rows));
	due = rows.items;
	for (size_t i = 0; i < rows.count; i++) { /* one that fails does not hold up the others */
		const struct err *error = send_as_author(cx, &due[i]);
		first = first ? first : error;
	}
	return first;
}
