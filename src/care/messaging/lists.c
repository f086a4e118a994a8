/* SPDX-License-Identifier: Apache-2.0 */
/* Lists, counts and exports: what a person finds of their threads without opening one. */
#include "care/messaging/messaging_store.h"

/* ---- the patient's ---- */

static void
note_list(struct cx *cx, patient_id patient, enum access_why why, enum audit_action action, size_t count)
{
	audit_add_read(cx,
	    &(struct audit){
		.action = action, .subject = AUDIT_MESSAGES, .patient = patient, .count = (int64_t)count, .why = why});
}

fallible
thread_list(struct cx *cx, patient_id patient, enum thread_filter filter, int64_t offset, int64_t count_max,
    struct db_rows *out)
{
	enum access_why why;

	TRY(access_check(cx, patient, RIGHT_MESSAGES_READ, &why));
	if (why == ACCESS_CARE_TEAM) /* teams see the threads of their inbox */
		return NOT_FOUND;
	TRY(thread_rows_of_patient(cx, patient, cx->who.account, filter, offset, count_max, out));
	note_list(cx, patient, why, AUDIT_SEARCH, out->count);
	return thread_open_subjects(cx, out);
}

fallible
thread_count(struct cx *cx, patient_id patient, enum thread_filter filter, int64_t *out)
{
	enum access_why why;

	TRY(access_check(cx, patient, RIGHT_MESSAGES_READ, &why));
	return thread_row_count(cx, patient, cx->who.account, filter, out);
}

fallible
messaging_patient_summary(struct cx *cx, patient_id patient, struct messaging_summary *out)
{
	enum access_why why;
	struct account account;
	bool found;

	TRY(access_check(cx, patient, RIGHT_MESSAGES_READ, &why));
	TRY(account_of_patient(cx, patient, &account, &found));
	return messaging_row_summary(cx, patient, found ? account.id : (account_id){{{0}}}, out);
}

fallible
thread_teams(struct cx *cx, struct db_rows *out)
{
	struct db_rows ids;
	struct team *teams;
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_MESSAGES_READ, &why));
	TRY(thread_row_teams(cx, cx->who.patient, &ids));
	teams = ARENA_ARRAY(cx->arena, struct team, ids.count);
	for (size_t i = 0; i < ids.count; i++)
		TRY(team_get(cx, ((const team_id *)ids.items)[i], &teams[i]));
	*out = (struct db_rows){teams, ids.count};
	return NULL;
}

static fallible
export_thread(struct cx *cx, struct thread *thread, message_visit_fn *visit, void *arg)
{
	struct db_rows rows;
	struct message *message;
	struct team team;

	TRY(thread_open_subject(cx, thread));
	TRY(team_get(cx, thread->team, &team));
	TRY(message_rows(cx, thread, SIDE_PATIENT, &rows));
	message = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		TRY(author_words(
		    cx, thread->patient, message[i].author, message[i].by_delegate, &message[i].author_name));
		TRY(visit(arg, thread, &team, &message[i]));
	}
	return NULL;
}

static fallible
export_group(struct cx *cx, patient_id patient, thread_id *after, message_visit_fn *visit, void *arg, size_t *count)
{
	struct db_rows rows;
	struct thread *thread;

	TRY(thread_rows_after(cx, patient, *after, &rows));
	thread = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		TRY(export_thread(cx, &thread[i], visit, arg));
	*count = rows.count;
	if (rows.count)
		*after = thread[rows.count - 1].id;
	return NULL;
}

fallible
messages_export(struct cx *cx, patient_id patient, message_visit_fn *visit, void *arg)
{
	enum access_why why;
	thread_id after = {{{0}}};
	size_t count;

	TRY(access_check(cx, patient, RIGHT_MESSAGES_READ, &why));
	if (why == ACCESS_CARE_TEAM)
		return NOT_FOUND;
	note_list(cx, patient, why, AUDIT_DOWNLOAD, 0);
	do {
		/* A long correspondence: each group of threads has memory of its own. */
		struct arena arena = ARENA_INIT;
		struct cx part = *cx;
		const struct err *error;

		part.arena = &arena;
		error = export_group(&part, patient, &after, visit, arg, &count);
		error = error ? err_copy(cx->arena, error) : NULL;
		cx->conn = part.conn;
		arena_release(&arena);
		TRY(error);
	} while (count == THREADS_EXPORT_MAX);
	return NULL;
}

/* ---- the team's ---- */

static fallible
teams_of_caller(struct cx *cx, team_id only, struct team_set *out)
{
	struct db_rows rows;
	const struct team *team;

	*out = (struct team_set){0};
	TRY(teams_of_account(cx, cx->who.account, &rows));
	team = rows.items;
	for (size_t i = 0; i < rows.count && out->count < INBOX_TEAMS_MAX; i++)
		if (uuid_is_none(only.v) || uuid_equal(only.v, team[i].id.v))
			out->ids[out->count++] = team[i].id.v;
	return out->count || uuid_is_none(only.v) ? NULL : NOT_FOUND;
}

static fallible
today_of_caller(struct cx *cx, struct inbox_day *out)
{
	struct facility facility;
	const struct zone *zone;
	struct civil_time civil;

	TRY(facility_get(cx, cx->who.facility, &facility));
	TRY(zone_find(facility.zone, &zone));
	civil = zone_civil(zone, cx->now);
	civil.hour = civil.minute = civil.second = 0;
	civil.millisecond = 0;
	out->from = zone_instant(zone, civil);
	civil.date = civil_date_from_days(civil_date_to_days(civil.date) + 1);
	out->until = zone_instant(zone, civil);
	return NULL;
}

static void
note_inbox(struct cx *cx, const struct db_rows *rows)
{
	const struct thread *thread = rows->items;

	if (rows->count)
		audit_add_listed(
		    cx, AUDIT_MESSAGES, ACCESS_CARE_TEAM, &thread[0].patient, rows->count, sizeof(thread[0]));
}

fallible
inbox_list(struct cx *cx, const struct inbox_query *query, struct db_rows *out)
{
	struct team_set teams;
	struct inbox_day day;

	TRY(teams_of_caller(cx, query->team, &teams));
	TRY(today_of_caller(cx, &day));
	if (query->filter == INBOX_COPIES || query->filter == INBOX_REMINDERS)
		TRY(inbox_rows_marked(cx, query, out));
	else
		TRY(inbox_rows(cx, query, &teams, day, out));
	note_inbox(cx, out);
	return thread_open_subjects(cx, out);
}

fallible
inbox_counts(struct cx *cx, team_id team, int64_t counts[INBOX_FILTERS])
{
	struct team_set teams;
	struct inbox_day day;

	TRY(teams_of_caller(cx, team, &teams));
	TRY(today_of_caller(cx, &day));
	TRY(inbox_row_counts(cx, &teams, day, counts));
	return inbox_row_counts_marked(cx, counts);
}

/* ---- notices ---- */

fallible
notice_choice_get(struct cx *cx, account_id account, enum notice_choice *out)
{
	int64_t choice;
	struct account who;
	bool found;

	TRY(notice_row_get(cx, account, &choice, &found));
	if (!found) {
		TRY(account_get(cx, account, &who));
		choice = who.kind & WHO_STAFF ? NOTICES_ESCALATED : NOTICES_EACH;
	}
	*out = (enum notice_choice)choice;
	return NULL;
}

struct choosing {
	account_id account;
	enum notice_choice choice;
};

static const struct err *
choose(struct tx *tx, void *arg)
{
	struct choosing *in = arg;

	return notice_row_put(tx, in->account, in->choice);
}

fallible
notice_choice_set(struct cx *cx, enum notice_choice choice)
{
	return db_write(cx, choose, &(struct choosing){cx->who.account, choice});
}
