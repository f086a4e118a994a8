/* SPDX-License-Identifier: Apache-2.0 */
/* Who may do what to which thread: the patient, and members of the thread's team who may see the patient.  Everybody else is
 * answered as if it were not there. */
#include "care/messaging/messaging_store.h"

fallible
thread_find(struct cx *cx, thread_id id, enum access_right right, struct thread *out, struct standing_of_caller *caller)
{
	struct thread thread = {0};
	struct thread_mark mark = {.copied_at = INSTANT_NONE};
	enum access_why why;
	bool is_member = true;

	TRY(thread_row_get(cx, id, &thread));
	TRY(access_check(cx, thread.patient, right, &why));
	if (why == ACCESS_CARE_TEAM)
		TRY(team_has_member(cx, thread.team, cx->who.account, &is_member));
	if (!is_member)
		TRY(mark_row_get(cx, id, cx->who.account, &mark));
	if (!is_member && instant_is_none(mark.copied_at))
		return NOT_FOUND;
	*out = thread;
	*caller = (struct standing_of_caller){
	    why == ACCESS_CARE_TEAM ? SIDE_TEAM : SIDE_PATIENT, why, .for_reading = !is_member};
	return NULL;
}

enum message_side
addressee_side(const struct standing_of_caller *caller)
{
	return caller->why == ACCESS_DELEGATE ? SIDE_DELEGATE : caller->side;
}

fallible
author_words(struct cx *cx, patient_id patient, account_id author, bool by_delegate, str *out)
{
	struct account account;

	TRY(account_get(cx, author, &account));
	*out = account.name;
	return by_delegate ? delegate_words(cx, patient, account.name, out) : NULL;
}

fallible
thread_first(struct cx *cx, const struct thread *thread, struct message *out)
{
	TRY(message_row_get(cx, thread, 1, out));
	out->body = STR_NONE;
	return author_words(cx, thread->patient, out->author, out->by_delegate, &out->author_name);
}

fallible
thread_head(struct cx *cx, thread_id id, struct thread *out)
{
	struct standing_of_caller caller;

	TRY(thread_find(cx, id, RIGHT_MESSAGES_READ, out, &caller));
	return thread_open_subject(cx, out);
}

fallible
thread_find_as_member(struct cx *cx, thread_id id, struct thread *out, enum access_why *why)
{
	struct standing_of_caller caller;

	TRY(thread_find(cx, id, RIGHT_MESSAGES_WRITE, out, &caller));
	if (caller.why != ACCESS_CARE_TEAM || caller.for_reading)
		return NOT_FOUND;
	*why = caller.why;
	return NULL;
}

fallible
member_self(struct cx *cx, facility_id facility, struct member *out)
{
	struct account account;
	struct facility_settings settings;

	TRY(account_get(cx, cx->who.account, &account));
	TRY(facility_settings_get(cx, facility, &settings));
	*out = (struct member){account.id, account.role, settings.claim_lease_minutes * MINUTE_MS,
	    settings.clock_stops == CLOCK_STOPS_AT_COMPLETION};
	return NULL;
}

static bool
holds_team(const struct db_rows *teams, team_id team)
{
	const struct team *item = teams->items;

	for (size_t i = 0; i < teams->count; i++)
		if (uuid_equal(item[i].id.v, team.v))
			return true;
	return false;
}

fallible
team_cares_for(struct cx *cx, team_id team, patient_id patient, bool *out)
{
	struct db_rows teams;

	TRY(teams_of_patient(cx, patient, false, &teams));
	*out = holds_team(&teams, team);
	return NULL;
}

/* "... or call your clinic: 555-0100.", or without the number. */
static fallible
said_with_phone(struct cx *cx, facility_id id, const char *with_phone, const char *without)
{
	struct facility facility;

	TRY(facility_get(cx, id, &facility));
	if (!facility.phone.n)
		return err_said(cx->arena, ERR_INVALID, "%s", without);
	return err_said(cx->arena, ERR_INVALID, "%.*s",
	    STR_ARG(tr_fill(
		cx->arena, cx->lang, tr(cx->lang, with_phone), (const struct tr_arg[]){TR_ARG(facility.phone)}, 1)));
}

fallible
team_block_words(struct cx *cx, const struct block *block)
{
	if (uuid_is_none(block->team.v))
		return said_with_phone(cx, block->facility,
		    TR("You cannot send messages to this clinic at the moment. Your old messages stay here. "
		       "To speak about it, call %1."),
		    TR("You cannot send messages to this clinic at the moment. Your old messages stay here. "
		       "To speak about it, call your clinic."));
	return said_with_phone(cx, block->facility,
	    TR("You cannot send messages to this team at the moment. Your old messages stay here. To speak about it, "
	       "call %1."),
	    TR("You cannot send messages to this team at the moment. Your old messages stay here. To speak about it, "
	       "call your clinic."));
}

fallible
team_takes_patient(struct cx *cx, team_id team, patient_id patient)
{
	struct db_rows teams;
	struct patient who;
	struct block block;
	bool blocked;

	TRY(teams_of_patient(cx, patient, true, &teams));
	if (holds_team(&teams, team))
		return NULL;
	TRY(block_find(cx, patient, team, &block, &blocked));
	if (blocked)
		return team_block_words(cx, &block);
	TRY(patient_get(cx, patient, &who));
	return said_with_phone(cx, who.facility,
	    TR("You cannot write to this team any more. Choose another team, or call your clinic: %1."),
	    TR("You cannot write to this team any more. Choose another team, or call your clinic."));
}

void
audit_thread(struct tx *tx, enum audit_action action, const struct thread *thread, enum access_why why)
{
	audit_add(tx, &(struct audit){.action = action,
			  .subject = AUDIT_MESSAGES,
			  .patient = thread->patient,
			  .item = thread->id.v,
			  .why = why});
}
