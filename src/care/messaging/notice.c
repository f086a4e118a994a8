/* SPDX-License-Identifier: Apache-2.0 */
/* Telling people: who is reached by a message, whose outbox notice it makes, and which open pages change. */
#include "care/messaging/messaging_store.h"
#include "platform/pages/pages.h"

/* ---- outside of the program ---- */

static fallible
wants_notice(struct cx *cx, account_id account, enum message_side side, bool is_escalation, bool *out)
{
	int64_t choice;
	bool found;

	TRY(notice_row_get(cx, account, &choice, &found));
	if (!found)
		choice = side == SIDE_PATIENT ? NOTICES_EACH : NOTICES_ESCALATED;
	*out = choice == NOTICES_EACH || (choice == NOTICES_ESCALATED && is_escalation);
	return NULL;
}

static fallible
add_notice(struct tx *tx, const struct thread *thread, account_id account, const char *reason, str key)
{
	struct arena *arena = tx->cx->arena;
	str to = uuid_text(arena, account.v);

	return outbox_add(
	    tx, &(struct outbox_new){.kind = "notice",
		    .key = arena_printf(arena, "%.*s %.*s", STR_ARG(key), STR_ARG(to)),
		    .patient = thread->patient,
		    .payload = arena_printf(arena, "{\"reason\":\"%s\",\"account\":\"%.*s\",\"thread\":\"%.*s\"}",
			reason, STR_ARG(to), STR_ARG(uuid_text(arena, thread->id.v))),
		    .not_before = INSTANT_NONE});
}

static bool
was_reached(const struct db_rows *reached, account_id account)
{
	const account_id *item = reached->items;

	for (size_t i = 0; i < reached->count; i++)
		if (uuid_equal(item[i].v, account.v))
			return true;
	return false;
}

static fallible
reach(struct tx *tx, const struct thread *thread, const struct message *message, const struct db_rows *reached,
    account_id account, enum message_side side)
{
	bool wanted;

	if (!was_reached(reached, account))
		TRY(addressee_row_add(tx, thread, account, side));
	if (message->side == (int64_t)side)
		return NULL;
	TRY(wants_notice(tx->cx, account, side, false, &wanted));
	return wanted
	           ? add_notice(tx, thread, account, "message",
			 arena_printf(tx->cx->arena, "message %.*s", STR_ARG(uuid_text(tx->cx->arena, message->id.v))))
	           : NULL;
}

fallible
notice_message(struct tx *tx, const struct thread *thread, const struct message *message)
{
	struct db_rows reached, members;
	const account_id *member;
	struct account patient;
	bool found;

	TRY(addressee_rows_reach(tx, thread, message->author, &reached));
	TRY(account_of_patient(tx->cx, thread->patient, &patient, &found));
	if (found)
		TRY(reach(tx, thread, message, &reached, patient.id, SIDE_PATIENT));
	TRY(team_member_accounts(tx->cx, thread->team, &members));
	member = members.items;
	for (size_t i = 0; i < members.count; i++)
		TRY(reach(tx, thread, message, &reached, member[i], SIDE_TEAM));
	return NULL;
}

static fallible
tell_escalation(struct tx *tx, const struct thread *thread, account_id account)
{
	struct arena *arena = tx->cx->arena;
	bool wanted;

	TRY(wants_notice(tx->cx, account, SIDE_TEAM, true, &wanted));
	return wanted ? add_notice(tx, thread, account, "escalated",
			    arena_printf(arena, "escalated %.*s %lld %lld", STR_ARG(uuid_text(arena, thread->id.v)),
				(long long)thread->round_at.ms, (long long)thread->escalation_tries))
	              : NULL;
}

fallible
notice_escalation(struct tx *tx, const struct thread *thread)
{
	struct db_rows members, staff;
	const account_id *member;
	const struct account *one;
	struct facility_settings settings;

	TRY(facility_settings_get(tx->cx, thread->facility, &settings));
	TRY(team_member_accounts(tx->cx, thread->team, &members));
	member = members.items;
	for (size_t i = 0; i < members.count; i++)
		TRY(tell_escalation(tx, thread, member[i]));
	if (members.count && thread->escalation_tries < settings.escalation_tries_team)
		return NULL;
	TRY(account_list(tx->cx, thread->facility, &staff));
	one = staff.items;
	for (size_t i = 0; i < staff.count; i++)
		if (one[i].active && (one[i].kind & (WHO_COORDINATOR | WHO_ADMINISTRATOR)))
			TRY(tell_escalation(tx, thread, one[i].id));
	return NULL;
}

static fallible
tell_event(struct tx *tx, const struct thread *thread, account_id account, const char *reason, struct uuid event)
{
	bool wanted;

	TRY(wants_notice(tx->cx, account, SIDE_TEAM, str_equal(str_from_z(reason), S("assigned")), &wanted));
	return wanted ? add_notice(tx, thread, account, reason,
			    arena_printf(tx->cx->arena, "event %.*s", STR_ARG(uuid_text(tx->cx->arena, event))))
	              : NULL;
}

fallible
notice_assigned(struct tx *tx, const struct thread *thread, account_id account, struct uuid event)
{
	return tell_event(tx, thread, account, "assigned", event);
}

fallible
notice_copied(struct tx *tx, const struct thread *thread, account_id account, struct uuid event)
{
	return tell_event(tx, thread, account, "message", event);
}

fallible
notice_rerouted(struct tx *tx, const struct thread *thread, struct uuid event)
{
	struct db_rows reached, members;
	const account_id *member;

	TRY(addressee_rows_reached(tx->cx, thread, &reached));
	TRY(team_member_accounts(tx->cx, thread->team, &members));
	member = members.items;
	for (size_t i = 0; i < members.count; i++) {
		if (!was_reached(&reached, member[i]))
			TRY(addressee_row_add(tx, thread, member[i], SIDE_TEAM));
		TRY(tell_event(tx, thread, member[i], "message", event));
	}
	return NULL;
}

/* ---- open pages ---- */

/* The number beside the navigation. Nothing was lost when it cannot be read now: the page shows it at the next visit. */
static void
publish_count(struct cx *cx, account_id account, enum page_count kind, const char *event)
{
	int64_t n;

	if (page_count_of(cx, account, kind, &n))
		return;
	events_publish(cx->events, account.v, event, arena_printf(cx->arena, "%lld", (long long)n));
}

void
live_unread(struct cx *cx, account_id account)
{
	if (cx->events)
		publish_count(cx, account, COUNT_UNREAD, "unread");
}

void
live_thread_changed(struct cx *cx, const struct thread *thread)
{
	str id;
	struct account patient;
	struct db_rows members;
	const account_id *member;
	bool found;

	if (!cx->events)
		return;
	id = uuid_text(cx->arena, thread->id.v);
	events_publish(cx->events, thread->team.v, "inbox", id);
	events_publish(cx->events, thread->team.v, "thread", id);
	if (!account_of_patient(cx, thread->patient, &patient, &found) && found) {
		events_publish(cx->events, patient.id.v, "thread", id);
		publish_count(cx, patient.id, COUNT_UNREAD, "unread");
	}
	if (team_member_accounts(cx, thread->team, &members))
		return;
	member = members.items;
	for (size_t i = 0; i < members.count; i++)
		publish_count(cx, member[i], COUNT_TASKS, "tasks");
}
