/* SPDX-License-Identifier: Apache-2.0 */
/* Telling people: who is reached by a message, whose outbox notice it makes, and which open pages change. */
#include "care/messaging/messaging_store.h"
#include "platform/pages/pages.h"

/* ---- outside of the program ---- */

static fallible
choice_of(struct cx *cx, account_id account, enum message_side side, int64_t *out)
{
	bool found;

	TRY(notice_row_get(cx, account, out, &found));
	if (!found)
		*out = side == SIDE_TEAM ? NOTICES_ESCALATED : NOTICES_EACH;
	return NULL;
}

/* `reason`: of enum notice_choice's table in messaging.h. */
static bool
is_wanted(int64_t choice, str reason)
{
	bool is_late = str_equal(reason, S("escalated")) || str_equal(reason, S("due"));

	switch ((enum notice_choice)choice) {
	case NOTICES_NONE: return false;
	case NOTICES_EACH:
	case NOTICES_DAILY: return true;
	case NOTICES_ESCALATED: return is_late || str_equal(reason, S("assigned"));
	}
	return false;
}

/* Tell one person, if they want to be told of this; `key` makes it the same notice again.  A delegate's permission is asked
 * again when the notice goes out. */
static fallible
tell(
    struct tx *tx, const struct thread *thread, account_id account, enum message_side side, const char *reason, str key)
{
	struct arena *arena = tx->cx->arena;
	str to = uuid_text(arena, account.v);
	int64_t choice;

	TRY(choice_of(tx->cx, account, side, &choice));
	if (!is_wanted(choice, str_from_z(reason)))
		return NULL;
	return outbox_add(
	    tx, &(struct outbox_new){.kind = "notice",
		    .key = arena_printf(arena, "%.*s %.*s", STR_ARG(key), STR_ARG(to)),
		    .patient = thread->patient,
		    .payload = arena_printf(arena, "{\"reason\":\"%s\",\"account\":\"%.*s\",\"thread\":\"%.*s\"%s%s}",
			reason, STR_ARG(to), STR_ARG(uuid_text(arena, thread->id.v)),
			choice == NOTICES_DAILY ? ",\"daily\":true" : "",
			side == SIDE_DELEGATE ? ",\"delegate\":true" : ""),
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
	if (!was_reached(reached, account))
		TRY(addressee_row_add(tx, thread, account, side));
	if (message->side == (int64_t)side)
		return NULL;
	return tell(tx, thread, account, side, "message",
	    arena_printf(tx->cx->arena, "message %.*s", STR_ARG(uuid_text(tx->cx->arena, message->id.v))));
}

/* Those who read for the patient are told when they asked for it. */
static fallible
reach_delegates(
    struct tx *tx, const struct thread *thread, const struct message *message, const struct db_rows *reached)
{
	struct db_rows rows;
	const struct delegate_reader *reader;

	TRY(delegate_readers(tx->cx, thread->patient, &rows));
	reader = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		if (i && uuid_equal(reader[i].account.v, reader[i - 1].account.v))
			continue;
		if (!was_reached(reached, reader[i].account))
			TRY(addressee_row_add(tx, thread, reader[i].account, SIDE_DELEGATE));
		if (message->side == SIDE_TEAM && reader[i].notices)
			TRY(tell(tx, thread, reader[i].account, SIDE_DELEGATE, "message",
			    arena_printf(
				tx->cx->arena, "message %.*s", STR_ARG(uuid_text(tx->cx->arena, message->id.v)))));
	}
	return NULL;
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
	TRY(reach_delegates(tx, thread, message, &reached));
	TRY(team_member_accounts(tx->cx, thread->team, &members));
	member = members.items;
	for (size_t i = 0; i < members.count; i++)
		TRY(reach(tx, thread, message, &reached, member[i], SIDE_TEAM));
	return NULL;
}

/* "escalated" or "due", once per strike of the clock. */
static fallible
tell_late(struct tx *tx, const struct thread *thread, account_id account, const char *reason)
{
	struct arena *arena = tx->cx->arena;

	return tell(tx, thread, account, SIDE_TEAM, reason,
	    arena_printf(arena, "%s %.*s %lld %lld", reason, STR_ARG(uuid_text(arena, thread->id.v)),
		(long long)thread->round_at.ms, (long long)thread->escalation_tries));
}

static fallible
tell_team_late(struct tx *tx, const struct thread *thread, const struct db_rows *members, const char *reason)
{
	const account_id *member = members->items;

	for (size_t i = 0; i < members->count; i++)
		TRY(tell_late(tx, thread, member[i], reason));
	return NULL;
}

static fallible
tell_office_late(struct tx *tx, const struct thread *thread, const char *reason)
{
	struct db_rows staff;
	const struct account *one;

	TRY(account_list(tx->cx, thread->facility, &staff));
	one = staff.items;
	for (size_t i = 0; i < staff.count; i++)
		if (one[i].active && (one[i].kind & (WHO_COORDINATOR | WHO_ADMINISTRATOR)))
			TRY(tell_late(tx, thread, one[i].id, reason));
	return NULL;
}

/* Does somebody have it who is here to be told alone? Whoever is away has a stand-in among the others. */
static fallible
owner_is_here(struct cx *cx, const struct thread *thread, const struct db_rows *members, bool *out)
{
	struct surrogate cover;
	bool away;

	*out = false;
	if (uuid_is_none(thread->owner.v) || !was_reached(members, thread->owner))
		return NULL;
	TRY(surrogate_of_account(cx, thread->owner, &cover, &away));
	*out = !away;
	return NULL;
}

fallible
notice_due_soon(struct tx *tx, const struct thread *thread)
{
	struct db_rows members;
	bool alone;

	TRY(team_member_accounts(tx->cx, thread->team, &members));
	TRY(owner_is_here(tx->cx, thread, &members, &alone));
	return alone ? tell_late(tx, thread, thread->owner, "due") : tell_team_late(tx, thread, &members, "due");
}

fallible
notice_escalation(struct tx *tx, const struct thread *thread)
{
	struct facility_settings settings;
	struct db_rows members;
	int64_t tries = thread->escalation_tries;
	bool alone;

	TRY(facility_settings_get(tx->cx, thread->facility, &settings));
	if (tries > settings.escalation_tries_max)
		return NULL;
	TRY(team_member_accounts(tx->cx, thread->team, &members));
	TRY(owner_is_here(tx->cx, thread, &members, &alone));
	if (alone && tries <= settings.escalation_tries_owner)
		return tell_late(tx, thread, thread->owner, "escalated");
	TRY(tell_team_late(tx, thread, &members, "escalated"));
	return members.count && tries < settings.escalation_tries_team ? NULL
	                                                               : tell_office_late(tx, thread, "escalated");
}

/* ---- what colleagues did ---- */

static fallible
tell_event(struct tx *tx, const struct thread *thread, account_id account, const char *reason, struct uuid event)
{
	return tell(tx, thread, account, SIDE_TEAM, reason,
	    arena_printf(tx->cx->arena, "event %.*s", STR_ARG(uuid_text(tx->cx->arena, event))));
}

/* Who stands in is told what the absent one is told. */
fallible
notice_assigned(struct tx *tx, const struct thread *thread, account_id account, struct uuid event)
{
	struct surrogate cover;
	struct db_rows members;
	bool away;

	TRY(tell_event(tx, thread, account, "assigned", event));
	TRY(surrogate_of_account(tx->cx, account, &cover, &away));
	if (!away)
		return NULL;
	if (!uuid_is_none(cover.by_account.v))
		return tell_event(tx, thread, cover.by_account, "assigned", event);
	TRY(team_member_accounts(tx->cx, cover.by_team, &members));
	for (size_t i = 0; i < members.count; i++)
		if (!uuid_equal(((const account_id *)members.items)[i].v, account.v))
			TRY(tell_event(tx, thread, ((const account_id *)members.items)[i], "assigned", event));
	return NULL;
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
publish_count(struct cx *cx, account_id account, int64_t kind, const char *event)
{
	int64_t n;

	if (page_count_of(cx, account, kind, &n))
		return;
	events_publish(cx->events, account.v, event, arena_printf(cx->arena, "%lld", (long long)n));
}

void
live_waiting(struct cx *cx, patient_id patient, team_id team, int64_t kind)
{
	const char *event = kind == COUNT_RX ? "medicines" : "visits";
	struct account account;
	struct db_rows members;
	const account_id *member;
	bool found;

	if (!cx->events)
		return;
	db_refresh(cx); /* what the commit made */
	if (!account_of_patient(cx, patient, &account, &found) && found)
		publish_count(cx, account.id, kind, event);
	if (uuid_is_none(team.v) || team_member_accounts(cx, team, &members))
		return;
	member = members.items;
	for (size_t i = 0; i < members.count; i++)
		publish_count(cx, member[i], kind, event);
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
	events_publish(cx->events, thread->patient.v, "thread", id); /* the pages of who acts for the patient */
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
