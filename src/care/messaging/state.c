/* SPDX-License-Identifier: Apache-2.0 */
/* What may happen to a thread, and what it becomes.  Pure: no database, no clock.
 *
 * An answer is owed exactly while the status is "incomplete".  The first answer of a round keeps the promise, completing
 * closes; which of the two stops the clock is the facility's setting (My HealtheVet leaves it open).  The surprise: a claim is more than its
 * lease. The lease says who may answer right now; the claim stays with its owner afterwards, so that the team knows whose it
 * is, until another takes it or the patient writes again. */
#include "care/messaging/messaging_internal.h"

bool
thread_answer_is_owed(const struct thread *thread)
{
	return thread->status == THREAD_INCOMPLETE;
}

bool
thread_is_overdue(const struct thread *thread, instant now)
{
	return thread_answer_is_owed(thread) && !instant_is_none(thread->due) && instant_before(thread->due, now);
}

static bool
lease_runs(const struct thread *thread, instant now)
{
	return !uuid_is_none(thread->owner.v) && !instant_is_none(thread->lease_until) &&
	       instant_before(now, thread->lease_until);
}

bool
thread_is_held_by_other(const struct thread *thread, account_id who, instant now)
{
	return lease_runs(thread, now) && !uuid_equal(thread->owner.v, who.v);
}

bool
thread_reply_window_open(const struct thread *thread, int64_t window_days, instant now)
{
	return window_days == 0 || !instant_before(instant_add_ms(thread->last_at, window_days * DAY_MS), now);
}

/* ---- changes ---- */

void
thread_let_go(struct thread *thread)
{
	thread->owner = (account_id){{{0}}};
	thread->owner_role = 0;
	thread->claimed_at = thread->lease_until = INSTANT_NONE;
}

static void
clear_round(struct thread *thread)
{
	thread->round_at = thread->due = thread->opened_at = thread->answered_at = thread->completed_at = INSTANT_NONE;
	thread->escalate_at = thread->escalated_at = INSTANT_NONE;
	thread->escalation_tries = 0;
	thread->completed_how = COMPLETED_NOT;
}

static void
count_message(struct thread *thread, enum message_side side, instant now)
{
	thread->message_count++;
	thread->last_at = now;
	thread->last_side = side;
}

static void
begin_round(struct thread *thread, instant now, instant due)
{
	clear_round(thread);
	thread->urgent = false;
	thread->status = THREAD_INCOMPLETE;
	thread->round_at = now;
	thread->due = thread->escalate_at = due;
	if (!instant_is_none(thread->claimed_at))
		thread->claimed_at = now;
}

void
thread_begin(struct thread *thread, enum message_side side, instant now, instant due)
{
	thread->begun_by = side;
	thread->made = now;
	thread->message_count = 0;
	thread_let_go(thread);
	count_message(thread, side, now);
	if (side == SIDE_PATIENT) {
		begin_round(thread, now, due);
		return;
	}
	clear_round(thread);
	thread->status = THREAD_COMPLETE;
	thread->completed_at = now;
	thread->completed_how = COMPLETED_TOLD;
}

void
thread_note_patient_message(struct thread *thread, instant now, instant due)
{
	/* A claim that nobody renewed does not keep a new message from the others. */
	if (!lease_runs(thread, now))
		thread_let_go(thread);
	count_message(thread, SIDE_PATIENT, now);
	if (!thread_answer_is_owed(thread))
		begin_round(thread, now, due);
}

void
thread_mark_urgent(struct thread *thread, instant due)
{
	thread->urgent = true;
	if (!thread_answer_is_owed(thread) || !instant_before(due, thread->due))
		return;
	thread->due = due;
	if (thread->escalation_tries == 0)
		thread->escalate_at = due;
}

bool
thread_is_urgent(const struct thread *thread)
{
	return thread->urgent && thread_answer_is_owed(thread);
}

void
thread_take(struct thread *thread, struct member who, instant now)
{
	if (!uuid_equal(thread->owner.v, who.account.v) || instant_is_none(thread->claimed_at))
		thread->claimed_at = now;
	thread->owner = who.account;
	thread->owner_role = who.role;
	thread->lease_until = instant_add_ms(now, who.claim_ms);
}

void
thread_note_opened(struct thread *thread, instant now)
{
	if (instant_is_none(thread->opened_at) && !instant_is_none(thread->round_at))
		thread->opened_at = now;
}

void
thread_note_answer(struct thread *thread, struct member who, instant now)
{
	count_message(thread, SIDE_TEAM, now);
	thread_take(thread, who, now);
	thread_note_opened(thread, now);
	if (!thread_answer_is_owed(thread))
		return;
	thread->status = THREAD_IN_PROCESS;
	thread->answered_at = now;
	if (!who.until_complete)
		thread->escalate_at = INSTANT_NONE;
}

void
thread_finish(struct thread *thread, struct member who, enum completed_how how, instant now)
{
	thread_take(thread, who, now);
	thread_note_opened(thread, now);
	thread->lease_until = INSTANT_NONE;
	thread->status = THREAD_COMPLETE;
	thread->completed_at = now;
	thread->completed_how = how;
	thread->escalate_at = INSTANT_NONE;
}

void
thread_take_up_again(struct thread *thread, struct member who, instant now, instant due)
{
	bool owed = !instant_is_none(thread->round_at) && instant_is_none(thread->answered_at);

	thread->status = owed ? THREAD_INCOMPLETE : THREAD_IN_PROCESS;
	thread->completed_at = INSTANT_NONE;
	thread->completed_how = COMPLETED_NOT;
	thread->merged_into = (thread_id){{{0}}};
	if (instant_is_none(thread->due))
		thread->due = due;
	if (owed || (who.until_complete && !instant_is_none(thread->round_at)))
		thread->escalate_at = instant_before(now, thread->due) ? thread->due : due;
	thread_take(thread, who, now);
}

void
thread_note_escalation(struct thread *thread, instant now, instant next)
{
	thread->escalated_at = now;
	thread->escalation_tries++;
	thread->escalate_at = next;
}

void
thread_give(struct thread *thread, struct member to, instant now)
{
	thread_take(thread, to, now);
	thread->lease_until = INSTANT_NONE;
}

/* For the new team it begins anew, but the promise to the patient stays. */
void
thread_move(struct thread *thread, team_id team)
{
	thread->team = team;
	thread_let_go(thread);
	if (thread_answer_is_owed(thread))
		thread->opened_at = INSTANT_NONE;
}

void
thread_note_answer_gone(struct thread *thread, instant now)
{
	if (instant_is_none(thread->round_at))
		return; /* the patient never asked */
	thread->answered_at = thread->completed_at = INSTANT_NONE;
	thread->completed_how = COMPLETED_NOT;
	thread->merged_into = (thread_id){{{0}}}; /* what is owed again is owed where it was asked */
	thread->status = THREAD_INCOMPLETE;
	thread->escalate_at = instant_before(thread->due, now) ? now : thread->due;
}

void
thread_join(struct thread *from, struct thread *into, struct member who, instant now)
{
	if (thread_answer_is_owed(from)) {
		bool sooner = !thread_answer_is_owed(into) || instant_before(from->due, into->due);

		into->urgent = thread_is_urgent(into) || from->urgent;
		if (!thread_answer_is_owed(into)) {
			into->status = THREAD_INCOMPLETE;
			into->round_at = from->round_at;
			into->answered_at = INSTANT_NONE;
			into->escalated_at = INSTANT_NONE;
			into->escalation_tries = 0;
		}
		if (sooner) {
			into->due = from->due;
			into->escalate_at = from->escalate_at;
		}
	}
	thread_finish(from, who, COMPLETED_MERGED, now);
	from->merged_into = into->id;
}

/* ---- checks ---- */

fallible
thread_may_handle(const struct thread *thread, account_id who, instant now)
{
	if (thread->status == THREAD_COMPLETE)
		return ERR(ERR_CONFLICT,
		    TR("This conversation is complete. Open it again first, or start a new message."),
		    "the thread is complete");
	if (thread_is_held_by_other(thread, who, now))
		return ERR(ERR_CONFLICT, TR("Somebody else of your team is answering this conversation right now."),
		    "another member holds the claim");
	return NULL;
}

fallible
thread_may_complete(const struct thread *thread, enum completed_how how)
{
	switch (how) {
	case COMPLETED_TELEPHONE:
	case COMPLETED_VISIT:
	case COMPLETED_NO_NEED: return NULL;
	case COMPLETED_ANSWERED:
		if (!thread_answer_is_owed(thread))
			return NULL;
		return ERR(ERR_INVALID, TR("There is no answer yet. Answer first, or say how it was settled."),
		    "completed as answered without an answer");
	case COMPLETED_NOT:
	case COMPLETED_TOLD:
	case COMPLETED_MERGED: break;
	}
	return ERR(ERR_INVALID, TR("Say how it was settled."), "no such way to complete");
}

fallible
thread_may_continue(const struct thread *thread, int64_t seen)
{
	if (seen == 0 || seen >= thread->message_count)
		return NULL;
	return ERR(ERR_CONFLICT,
	    TR("A new message came in while you were writing. Look at it first; your text is kept."),
	    "messages the caller has not seen");
}

/* ---- what people see ---- */

enum thread_standing
thread_standing(const struct thread *thread, instant now)
{
	if (thread->status == THREAD_COMPLETE)
		return thread->completed_how == COMPLETED_TOLD ? STANDING_TOLD : STANDING_COMPLETED;
	if (!thread_answer_is_owed(thread))
		return STANDING_ANSWERED;
	if (thread_is_overdue(thread, now))
		return STANDING_LATE;
	if (!instant_is_none(thread->claimed_at))
		return STANDING_HANDLED;
	return instant_is_none(thread->opened_at) ? STANDING_SENT : STANDING_OPENED;
}
