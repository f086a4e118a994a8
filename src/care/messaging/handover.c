/* SPDX-License-Identifier: Apache-2.0 */
/* Handing a thread on: to a colleague, to another team; notes, reminders, messages taken back, duplicates
 * joined.  Each deed leaves an event in the thread, in the same act as the deed. */
#include "care/messaging/handover.h"
#include "platform/format/utf8.h"

static const struct err *
do_handover(struct tx *tx, void *arg)
{
	struct handover *h = arg;

	TRY(thread_find_as_member(tx->cx, h->id, &h->thread, &h->why));
	TRY(h->step(tx, h));
	if (h->event.kind)
		TRY(event_row_add(tx, &h->thread, &h->event));
	audit_thread(tx, h->action, &h->thread, h->why);
	return NULL;
}

fallible
handover_run(struct cx *cx, struct handover *h)
{
	TRY(db_write(cx, do_handover, h));
	live_thread_changed(cx, &h->thread);
	return NULL;
}

fallible
handover_prepare(struct cx *cx, struct handover *h, enum thread_event_kind kind, str text)
{
	TRY(thread_find_as_member(cx, h->id, &h->thread, &h->why));
	TRY(member_self(cx, h->thread.facility, &h->who));
	h->action = AUDIT_UPDATE;
	h->event = (struct thread_event){
	    .id = uuid_new(cx->now), .at = cx->now, .actor = cx->who.account, .kind = kind, .team = h->event.team};
	if (!text.n)
		return NULL;
	return vault_seal(cx, h->thread.patient, event_text_place(h->event.id), text, &h->event.text);
}

fallible
event_check_text(str text, bool required)
{
	if (required && !text.n)
		return ERR(ERR_INVALID, TR("Write a few words."), "empty text");
	if (utf8_count(text) > EVENT_TEXT_CHARS_MAX)
		return ERR(ERR_INVALID, TR("The text is too long. It may have 1,000 characters."), "text too long");
	if (text.n && !utf8_is_clean_text(text))
		return ERR(ERR_INVALID, TR("The text holds characters that cannot be shown."), "text not clean");
	return NULL;
}

/* ---- to a colleague of the team ---- */

static const struct err *
step_assign(struct tx *tx, struct handover *h)
{
	bool is_member;

	TRY(thread_may_handle(&h->thread, h->who.account, tx->cx->now));
	TRY(team_has_member(tx->cx, h->thread.team, h->to.account, &is_member));
	if (!is_member)
		return ERR(ERR_INVALID, TR("This person is not in the team any more. Choose somebody else."),
		    "not a member of the thread's team");
	thread_give(&h->thread, h->to, tx->cx->now);
	TRY(thread_row_put(tx, &h->thread));
	if (uuid_equal(h->to.account.v, h->who.account.v))
		return NULL;
	return notice_assigned(tx, &h->thread, h->to.account, h->event.id);
}

fallible
thread_assign(struct cx *cx, thread_id id, account_id to)
{
	struct handover h = {.id = id, .step = step_assign};
	struct account account;

	TRY(handover_prepare(cx, &h, EVENT_ASSIGNED, STR_NONE));
	TRY(account_get(cx, to, &account));
	if (!account.active)
		return ERR(ERR_INVALID, TR("This person is not in the team any more. Choose somebody else."),
		    "the account is off");
	h.to = (struct member){.account = to, .role = account.role};
	h.event.other = to.v;
	return handover_run(cx, &h);
}

/* ---- to another team ---- */

static fallible
check_target(struct cx *cx, const struct thread *thread, team_id id)
{
	struct team team;
	struct db_rows members;

	if (uuid_equal(thread->team.v, id.v))
		return ERR(ERR_INVALID, TR("It is with this team already. Choose another one."), "the same team");
	TRY(team_get(cx, id, &team));
	TRY(team_member_accounts(cx, id, &members));
	if (team.active && team.takes_messages && members.count && uuid_equal(team.facility.v, thread->facility.v))
		return NULL;
	return ERR(ERR_INVALID, TR("This team takes no messages now. Choose another one."),
	    "the team is closed, takes no messages, has nobody, or is of another facility");
}

static const struct err *
step_reroute(struct tx *tx, struct handover *h)
{
	bool cares;

	TRY(thread_may_handle(&h->thread, h->who.account, tx->cx->now));
	TRY(check_target(tx->cx, &h->thread, h->event.team));
	thread_move(&h->thread, h->event.team);
	TRY(thread_row_put(tx, &h->thread));
	TRY(thread_row_move(tx, &h->thread));
	TRY(team_cares_for(tx->cx, h->event.team, h->thread.patient, &cares));
	if (!cares)
		TRY(team_add_patient(tx, h->event.team, h->thread.patient, RELATION_BY_HAND));
	TRY(outbox_add(tx, &(struct outbox_new){.kind = THREAD_MOVED_KIND,
			       .key = uuid_text(tx->cx->arena, h->event.id),
			       .patient = h->thread.patient,
			       .payload = uuid_text(tx->cx->arena, h->thread.id.v),
			       .not_before = INSTANT_NONE}));
	return notice_rerouted(tx, &h->thread, h->event.id);
}

fallible
thread_reroute(struct cx *cx, const struct thread_reroute *in)
{
	struct handover h = {.id = in->thread, .event.team = in->team, .step = step_reroute};
	str reason = message_clean(cx->arena, str_trim(in->reason));
	struct thread before;

	TRY(event_check_text(reason, true));
	TRY(handover_prepare(cx, &h, EVENT_REROUTED, reason));
	before = h.thread;
	TRY(check_target(cx, &before, in->team));
	TRY(handover_run(cx, &h));
	live_thread_changed(cx, &before); /* it is gone from the old team's inbox */
	return NULL;
}

fallible
thread_colleagues(struct cx *cx, thread_id id, struct db_rows *out)
{
	struct thread thread;
	enum access_why why;
	struct db_rows ids;
	const account_id *one;
	struct team_member *people;

	TRY(thread_find_as_member(cx, id, &thread, &why));
	TRY(colleague_rows(cx, thread.patient, &ids));
	one = ids.items;
	people = ARENA_ARRAY(cx->arena, struct team_member, ids.count);
	for (size_t i = 0; i < ids.count; i++) {
		struct account account;
		TRY(account_get(cx, one[i], &account));
		people[i] = (struct team_member){one[i], account.role, account.name, account.title};
	}
	*out = (struct db_rows){people, ids.count};
	return NULL;
}

fallible
thread_others(struct cx *cx, thread_id id, int64_t count_max, struct db_rows *out)
{
	struct thread thread;
	struct standing_of_caller caller;

	TRY(thread_find(cx, id, RIGHT_MESSAGES_READ, &thread, &caller));
	if (caller.why != ACCESS_CARE_TEAM)
		return NOT_FOUND;
	TRY(thread_rows_of_teams(cx, thread.patient, id, 0, count_max, out));
	return thread_open_subjects(cx, out);
}

fallible
thread_list_of_teams(struct cx *cx, patient_id patient, int64_t offset, int64_t count_max, struct db_rows *out)
{
	enum access_why why;

	TRY(access_check(cx, patient, RIGHT_MESSAGES_READ, &why));
	if (why != ACCESS_CARE_TEAM)
		return NOT_FOUND;
	TRY(thread_rows_of_teams(cx, patient, (thread_id){{{0}}}, offset, count_max, out));
	audit_add_read(cx, &(struct audit){.action = AUDIT_SEARCH,
			       .subject = AUDIT_MESSAGES,
			       .patient = patient,
			       .count = (int64_t)out->count,
			       .why = why});
	return thread_open_subjects(cx, out);
}

/* ---- among colleagues, and for oneself ---- */

static const struct err *
step_nothing(struct tx *tx, struct handover *h)
{
	(void)tx, (void)h;
	return NULL;
}

fallible
thread_note(struct cx *cx, thread_id id, str text)
{
	struct handover h = {.id = id, .step = step_nothing};
	str note = message_clean(cx->arena, str_trim(text));

	TRY(event_check_text(note, true));
	TRY(handover_prepare(cx, &h, EVENT_NOTE, note));
	return handover_run(cx, &h);
}

static const struct err *
remind(struct tx *tx, void *arg)
{
	struct handover *h = arg;
	struct standing_of_caller caller;

	TRY(thread_find(tx->cx, h->id, RIGHT_MESSAGES_READ, &h->thread, &caller));
	if (caller.why != ACCESS_CARE_TEAM)
		return NOT_FOUND;
	return mark_row_remind(tx, &h->thread, tx->cx->who.account, h->remind_at);
}

fallible
thread_remind(struct cx *cx, thread_id id, instant at)
{
	if (!instant_is_none(at) && instant_before(at, cx->now))
		return ERR(ERR_INVALID, TR("Choose a day that is still to come."), "a reminder in the past");
	return db_write(cx, remind, &(struct handover){.id = id, .remind_at = at});
}

/* ---- taking back ---- */

static fallible
check_recall(struct cx *cx, const struct thread *thread, const struct message *message)
{
	int64_t read;

	if (message->side != SIDE_TEAM)
		return ERR(ERR_INVALID, TR("Only messages of the team can be taken back."), "a message of the patient");
	if (!instant_is_none(message->recalled))
		return ERR(ERR_INVALID, TR("This message was taken back before."), "recalled before");
	TRY(message_row_read(cx, thread, message->n, &read));
	if (!read)
		return NULL;
	return ERR(ERR_CONFLICT, TR("The patient has read this message already. Write to them what is different."),
	    "read by the patient");
}

static const struct err *
step_recall(struct tx *tx, struct handover *h)
{
	struct message message;
	int64_t answers;

	TRY(message_row_get(tx->cx, &h->thread, h->event.message, &message));
	TRY(check_recall(tx->cx, &h->thread, &message));
	TRY(message_row_recall(tx, &h->thread, &message));
	TRY(message_row_answers(tx->cx, &h->thread, &answers));
	if (answers || instant_is_none(h->thread.answered_at))
		return NULL;
	thread_note_answer_gone(&h->thread, tx->cx->now);
	return thread_row_put(tx, &h->thread);
}

fallible
message_recall(struct cx *cx, thread_id id, int64_t n)
{
	struct handover h = {.id = id, .step = step_recall};

	TRY(handover_prepare(cx, &h, EVENT_RECALLED, STR_NONE));
	h.event.message = n;
	return handover_run(cx, &h);
}

/* ---- joining ---- */

static const struct err *
step_merge(struct tx *tx, struct handover *h)
{
	struct thread_event joined = h->event;
	enum access_why why;
	bool takes_round;

	TRY(thread_find_as_member(tx->cx, h->other.id, &h->other, &why));
	if (uuid_equal(h->id.v, h->other.id.v) || !uuid_equal(h->thread.patient.v, h->other.patient.v) ||
	    !uuid_equal(h->thread.team.v, h->other.team.v))
		return ERR(ERR_INVALID, TR("Choose another conversation of the same patient with the same team."),
		    "another patient or team, or itself");
	TRY(thread_may_handle(&h->thread, h->who.account, tx->cx->now));
	TRY(thread_may_handle(&h->other, h->who.account, tx->cx->now));
	takes_round = thread_answer_is_owed(&h->thread) && !thread_answer_is_owed(&h->other);
	if (takes_round)
		TRY(round_row_keep(tx, &h->other));
	thread_join(&h->thread, &h->other, h->who, tx->cx->now);
	if (takes_round)
		TRY(round_row_goes_on(tx, &h->other));
	TRY(thread_row_put(tx, &h->thread));
	TRY(thread_row_put(tx, &h->other));
	joined.id = uuid_new(tx->cx->now);
	joined.kind = EVENT_JOINED;
	joined.other = h->thread.id.v;
	return event_row_add(tx, &h->other, &joined);
}

fallible
thread_merge(struct cx *cx, thread_id from, thread_id into)
{
	struct handover h = {.id = from, .other.id = into, .step = step_merge};

	TRY(handover_prepare(cx, &h, EVENT_MERGED, STR_NONE));
	h.action = AUDIT_COMPLETE;
	h.event.other = into.v;
	TRY(handover_run(cx, &h));
	live_thread_changed(cx, &h.other);
	return NULL;
}
