/* SPDX-License-Identifier: Apache-2.0 */
/* When people or teams go: what they had is somebody else's in the same act, so that no message is ever without an owner. */
#include "care/messaging/messaging_store.h"

fallible
messaging_let_go(struct tx *tx, account_id account, team_id team)
{
	struct db_rows rows;
	struct thread *thread;

	TRY(thread_rows_claimed(tx->cx, account, team, &rows));
	thread = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		thread_let_go(&thread[i]);
		TRY(thread_row_put(tx, &thread[i]));
		audit_thread(tx, AUDIT_UPDATE, &thread[i], ACCESS_SYSTEM);
	}
	return NULL;
}

/* As if it had been re-routed, with nobody's reason: the patient reads in the thread where it went. */
static fallible
hand_over(struct tx *tx, struct thread *thread, team_id to)
{
	struct thread_event event = {.id = uuid_new(tx->cx->now),
	    .at = tx->cx->now,
	    .actor = tx->cx->who.account,
	    .kind = EVENT_REROUTED,
	    .team = to};

	thread_move(thread, to);
	TRY(thread_row_put(tx, thread));
	TRY(thread_row_move(tx, thread));
	TRY(event_row_add(tx, thread, &event));
	TRY(notice_rerouted(tx, thread, event.id));
	audit_thread(tx, AUDIT_UPDATE, thread, ACCESS_SYSTEM);
	return NULL;
}

fallible
messaging_hand_over(struct tx *tx, team_id from, team_id to)
{
	struct db_rows rows;
	struct thread *thread;

	TRY(thread_rows_unfinished(tx->cx, from, &rows));
	if (rows.count && uuid_is_none(to.v))
		return ERR(ERR_INVALID,
		    TR("This team has conversations that are not finished. Choose the team that goes on with them."),
		    "unfinished threads and no successor");
	thread = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		TRY(hand_over(tx, &thread[i], to));
	return NULL;
}

fallible
messaging_unfinished(struct cx *cx, team_id team, int64_t *out)
{
	return thread_row_count_unfinished(cx, team, out);
}

void
messaging_tell_team(struct cx *cx, team_id team)
{
	if (cx->events)
		events_publish(cx->events, team.v, "inbox", S("team"));
}
