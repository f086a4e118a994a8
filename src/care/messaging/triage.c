/* SPDX-License-Identifier: Apache-2.0 */
/* What the team does with a thread: open, claim, release, complete, take up again.  Opening is the patient's deed too. */
#include "care/messaging/messaging_store.h"

/* A deed of a member, run as one act: what it changes and what is checked is in `step`. */
struct deed {
	thread_id id;
	struct member who;
	enum audit_action action;
	enum completed_how how;
	int64_t seen;
	instant due;
	const struct err *(*step)(struct thread *thread, const struct deed *deed, instant now);
	struct thread thread; /* as it became */
};

static const struct err *
do_deed(struct tx *tx, void *arg)
{
	struct deed *deed = arg;
	enum access_why why;

	TRY(thread_find_as_member(tx->cx, deed->id, &deed->thread, &why));
	TRY(deed->step(&deed->thread, deed, tx->cx->now));
	TRY(thread_row_put(tx, &deed->thread));
	audit_thread(tx, deed->action, &deed->thread, why);
	return NULL;
}

static fallible
run(struct cx *cx, struct deed *deed)
{
	enum access_why why;

	TRY(thread_find_as_member(cx, deed->id, &deed->thread, &why));
	TRY(member_self(cx, deed->thread.facility, &deed->who));
	TRY(promise_from_now(cx, deed->thread.facility, &deed->due));
	TRY(db_write(cx, do_deed, deed));
	live_thread_changed(cx, &deed->thread);
	return NULL;
}

static const struct err *
step_claim(struct thread *thread, const struct deed *deed, instant now)
{
	TRY(thread_may_handle(thread, deed->who.account, now));
	thread_take(thread, deed->who, now);
	return NULL;
}

fallible
thread_claim(struct cx *cx, thread_id id)
{
	return run(cx, &(struct deed){.id = id, .action = AUDIT_CLAIM, .step = step_claim});
}

static const struct err *
step_release(struct thread *thread, const struct deed *deed, instant now)
{
	(void)now;
	if (thread->status == THREAD_COMPLETE || !uuid_equal(thread->owner.v, deed->who.account.v))
		return ERR(ERR_CONFLICT, TR("You do not hold this conversation any more."), "not the caller's claim");
	thread_let_go(thread);
	return NULL;
}

fallible
thread_release(struct cx *cx, thread_id id)
{
	return run(cx, &(struct deed){.id = id, .action = AUDIT_UPDATE, .step = step_release});
}

static const struct err *
step_complete(struct thread *thread, const struct deed *deed, instant now)
{
	TRY(thread_may_handle(thread, deed->who.account, now));
	TRY(thread_may_continue(thread, deed->seen));
	TRY(thread_may_complete(thread, deed->how));
	thread_finish(thread, deed->who, deed->how, now);
	return NULL;
}

fallible
thread_complete(struct cx *cx, const struct thread_complete *in)
{
	return run(cx,
	    &(struct deed){
		.id = in->thread, .action = AUDIT_COMPLETE, .how = in->how, .seen = in->seen, .step = step_complete});
}

static const struct err *
step_reopen(struct thread *thread, const struct deed *deed, instant now)
{
	if (thread->status != THREAD_COMPLETE)
		return ERR(ERR_CONFLICT, TR("This conversation is open already."), "the thread is not complete");
	thread_take_up_again(thread, deed->who, now, deed->due);
	return NULL;
}

fallible
thread_reopen(struct cx *cx, thread_id id)
{
	return run(cx, &(struct deed){.id = id, .action = AUDIT_UPDATE, .step = step_reopen});
}

/* ---- opening ---- */

struct opening {
	thread_id id;
	struct thread thread;
	struct standing_of_caller caller;
	bool was_unread, was_first;
};

static const struct err *
note_opening(struct tx *tx, void *arg)
{
	struct opening *opening = arg;
	struct thread *thread = &opening->thread;

	TRY(thread_find(tx->cx, opening->id, RIGHT_MESSAGES_READ, thread, &opening->caller));
	TRY(addressee_row_read(
	    tx, thread, tx->cx->who.account, addressee_side(&opening->caller), &opening->was_unread));
	opening->was_first = opening->caller.side == SIDE_TEAM && !opening->caller.for_reading &&
	                     thread->status != THREAD_COMPLETE && instant_is_none(thread->opened_at);
	if (!opening->was_first)
		return NULL;
	thread_note_opened(thread, tx->cx->now);
	return thread_row_put(tx, thread);
}

/* Write only when there is something to note: opening again costs no transaction. */
static fallible
open_and_note(struct cx *cx, struct opening *opening)
{
	struct thread *thread = &opening->thread;
	int64_t unread;

	TRY(thread_find(cx, opening->id, RIGHT_MESSAGES_READ, thread, &opening->caller));
	if (opening->caller.why == ACCESS_SYSTEM)
		return NULL;
	TRY(addressee_row_unread(cx, thread, cx->who.account, &unread));
	if (!unread && (opening->caller.side == SIDE_PATIENT || opening->caller.for_reading ||
			   !instant_is_none(thread->opened_at) || thread->status == THREAD_COMPLETE))
		return NULL;
	TRY(db_write(cx, note_opening, opening));
	if (opening->was_unread && opening->caller.why != ACCESS_DELEGATE)
		live_unread(cx, cx->who.account);
	if (opening->was_first)
		live_thread_changed(cx, thread);
	return NULL;
}

static fallible
read_messages(struct cx *cx, enum message_side side, struct conversation *c)
{
	struct db_rows rows;
	struct account account;

	TRY(message_rows(cx, &c->thread, side, &rows));
	c->messages = rows.items;
	c->count = rows.count;
	for (size_t i = 0; i < c->count; i++) {
		struct message *m = &c->messages[i];

		TRY(author_words(cx, c->thread.patient, m->author, m->by_delegate, &m->author_name));
	}
	if (!uuid_is_none(c->thread.owner.v)) {
		TRY(account_get(cx, c->thread.owner, &account));
		c->owner_name = account.name;
	}
	return NULL;
}

static fallible
read_events(struct cx *cx, enum message_side side, struct conversation *c)
{
	struct db_rows rows;
	struct account account;
	struct team team;

	TRY(event_rows(cx, &c->thread, side, &rows));
	c->events = rows.items;
	c->event_count = rows.count;
	for (size_t i = 0; i < c->event_count; i++) {
		struct thread_event *event = &c->events[i];

		TRY(account_get(cx, event->actor, &account));
		event->actor_name = account.name;
		if (!uuid_is_none(event->team.v)) {
			TRY(team_get(cx, event->team, &team));
			event->team_name = team.name;
		}
		if (event->kind == EVENT_ASSIGNED || event->kind == EVENT_FORWARDED) {
			TRY(account_get(cx, (account_id){event->other}, &account));
			event->other_name = account.name;
		}
		if (event->kind == EVENT_LISTED) /* its name of that time */
			event->text = str_cut(event->text, '\n', &event->other_name);
	}
	return NULL;
}

/* What the caller may read of the thread that `opening` found. */
static fallible
read_conversation(struct cx *cx, const struct opening *opening, struct conversation *out)
{
	struct conversation c = {.thread = opening->thread, .for_reading = opening->caller.for_reading};
	struct thread_mark mark = {.remind_at = INSTANT_NONE};
	struct reading reading;

	TRY(thread_open_subject(cx, &c.thread));
	TRY(team_get(cx, c.thread.team, &c.team));
	TRY(read_messages(cx, opening->caller.side, &c));
	TRY(read_events(cx, opening->caller.side, &c));
	if (opening->caller.side == SIDE_TEAM)
		TRY(mark_row_get(cx, c.thread.id, cx->who.account, &mark));
	c.remind_at = mark.remind_at;
	TRY(addressee_row_patient(cx, &c.thread, &reading));
	c.read_n = reading.read_n;
	for (size_t i = 0; i < c.count; i++) /* who answers has read */
		if (c.messages[i].side == SIDE_PATIENT && !c.messages[i].by_delegate && c.messages[i].n > c.read_n)
			c.read_n = c.messages[i].n;
	c.read_at = reading.read_at;
	audit_add_read(cx, &(struct audit){.action = AUDIT_VIEW,
			       .subject = AUDIT_MESSAGES,
			       .patient = c.thread.patient,
			       .item = c.thread.id.v,
			       .count = (int64_t)c.count,
			       .why = opening->caller.why});
	*out = c;
	return NULL;
}

fallible
thread_open(struct cx *cx, thread_id id, struct conversation *out)
{
	struct opening opening = {.id = id};

	TRY(open_and_note(cx, &opening));
	return read_conversation(cx, &opening, out);
}

fallible
thread_look(struct cx *cx, thread_id id, struct conversation *out)
{
	struct opening opening = {.id = id};

	TRY(thread_find(cx, id, RIGHT_MESSAGES_READ, &opening.thread, &opening.caller));
	return read_conversation(cx, &opening, out);
}
