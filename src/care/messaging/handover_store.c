/* SPDX-License-Identifier: Apache-2.0 */
/* What happened to threads beside their messages, and what one person marked for themselves. */
#include "care/messaging/messaging_store.h"
#include "care/messaging/thread_columns.h"

struct seal_place
event_text_place(struct uuid id)
{
	return (struct seal_place){.table = "thread_event.text", .row = id};
}

fallible
thread_row_move(struct tx *tx, const struct thread *thread)
{
	return db_run(tx, SQL("UPDATE thread SET team = $3 WHERE patient = $1 AND id = $2"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB(thread->team.v)), NULL);
}

/* ---- events ---- */

static const struct db_column EVENT[] = {COL(struct thread_event, n), COL(struct thread_event, id),
    COL(struct thread_event, at), COL(struct thread_event, actor.v), COL(struct thread_event, kind),
    COL(struct thread_event, team.v), COL(struct thread_event, other), COL(struct thread_event, message),
    COL_BYTES(struct thread_event, text)};

fallible
event_row_add(struct tx *tx, const struct thread *thread, struct thread_event *event)
{
	TRY(db_one(tx->cx, SQL("SELECT COALESCE(max(n), 0) + 1 FROM thread_event WHERE patient = $1 AND thread = $2"),
	    BIND(DB(thread->patient.v), DB(thread->id.v)), INTO(&event->n, ONE_INT)));
	return db_run(tx,
	    SQL("INSERT INTO thread_event (patient, thread, n, id, at, actor, kind, team, other, message, text)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB(event->n), DB(event->id), DB(event->at),
		DB(event->actor.v), DB(event->kind), DB(event->team.v), DB(event->other), DB(event->message),
		db_bytes(event->text)),
	    NULL);
}

fallible
event_rows(struct cx *cx, const struct thread *thread, enum message_side side, struct db_rows *out)
{
	struct thread_event *event;

	TRY(db_all(cx,
	    SQL("SELECT n, id, at, actor, kind, team, other, message, text FROM (SELECT n, id, at, actor, kind, team, "
		"other,"
		" message, text FROM thread_event WHERE patient = $1 AND thread = $2"
		" AND ($3 = 2 OR kind IN (2, 5, 6, 7)) ORDER BY n DESC LIMIT $4) AS last ORDER BY n"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB((int)side), DB(THREAD_EVENTS_MAX)),
	    ROWS(struct thread_event, EVENT), out));
	event = out->items;
	for (size_t i = 0; i < out->count; i++)
		if (event[i].text.p)
			TRY(vault_open_text(
			    cx, thread->patient, event_text_place(event[i].id), event[i].text, &event[i].text));
	return NULL;
}

/* ---- marks ---- */

static const struct db_column MARK[] = {COL(struct thread_mark, copied_at), COL(struct thread_mark, remind_at)};

fallible
mark_row_get(struct cx *cx, thread_id thread, account_id account, struct thread_mark *out)
{
	bool found;

	*out = (struct thread_mark){INSTANT_NONE, INSTANT_NONE};
	return db_maybe(cx, SQL("SELECT copied_at, remind_at FROM thread_mark WHERE account = $1 AND thread = $2"),
	    BIND(DB(account.v), DB(thread.v)), INTO(out, MARK), &found);
}

fallible
mark_row_copy(struct tx *tx, const struct thread *thread, account_id account)
{
	return db_run(tx,
	    SQL("INSERT INTO thread_mark (account, thread, patient, copied_at, copied_by) VALUES ($1, $2, $3, $4, $5)"
		" ON CONFLICT (account, thread) DO UPDATE SET copied_at = excluded.copied_at, copied_by = "
		"excluded.copied_by"),
	    BIND(DB(account.v), DB(thread->id.v), DB(thread->patient.v), DB(tx->cx->now), DB(tx->cx->who.account.v)),
	    NULL);
}

fallible
mark_row_remind(struct tx *tx, const struct thread *thread, account_id account, instant at)
{
	return db_run(tx,
	    SQL("INSERT INTO thread_mark (account, thread, patient, remind_at) VALUES ($1, $2, $3, $4)"
		" ON CONFLICT (account, thread) DO UPDATE SET remind_at = excluded.remind_at"),
	    BIND(DB(account.v), DB(thread->id.v), DB(thread->patient.v), DB(at)), NULL);
}

static const struct db_column ACCOUNT[] = {COL(account_id, v)};

fallible
colleague_rows(struct cx *cx, patient_id patient, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT DISTINCT v.account FROM visible_patient v WHERE v.patient = $1 AND v.why = 2 AND v.since <= $2"
		" AND v.until > $2 AND v.account <> $3 ORDER BY v.account LIMIT 1000"),
	    BIND(DB(patient.v), DB(cx->now), DB(cx->who.account.v)), ROWS(account_id, ACCOUNT), out);
}

/* ---- lists of one's own marks ---- */

static const struct db_column LISTED[] = {THREAD_FIELDS, COL(struct thread, unread)};
#define MARKED                                                                                                \
	" FROM thread_mark m JOIN thread t ON t.patient = m.patient AND t.id = m.thread WHERE m.account = $1" \
	" AND m.patient IN (SELECT v.patient FROM visible_patient v WHERE v.account = $1 AND v.why = 2"       \
	"   AND v.since <= $2 AND v.until > $2)"                                                              \
	" AND (m.copied_at >= $3 OR t.team IN (SELECT k.team FROM team_worker k WHERE k.account = $1"         \
	"   AND k.since <= $2 AND k.until > $2))"
#define COPIED_SINCE(cx) DB(instant_add_ms((cx)->now, -COPIES_DAYS *DAY_MS))

fallible
inbox_rows_marked(struct cx *cx, const struct inbox_query *query, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " THREAD_COLUMNS ", COALESCE((SELECT a.unread FROM addressee a WHERE a.patient = t.patient"
		" AND a.thread = t.id AND a.account = $1), t.message_count)" MARKED
		" AND (($4 = 1 AND m.copied_at >= $3) OR ($4 = 2 AND m.remind_at IS NOT NULL))"
		" ORDER BY CASE WHEN $4 = 1 THEN -m.copied_at ELSE m.remind_at END, t.id LIMIT $5 OFFSET $6"),
	    BIND(DB(cx->who.account.v), DB(cx->now), COPIED_SINCE(cx), DB(query->filter == INBOX_COPIES ? 1 : 2),
		DB(query->count_max), DB(query->offset)),
	    ROWS(struct thread, LISTED), out);
}

struct mark_counts {
	int64_t copies, reminders;
};
static const struct db_column MARK_COUNTS[] = {COL(struct mark_counts, copies), COL(struct mark_counts, reminders)};

fallible
inbox_row_counts_marked(struct cx *cx, int64_t counts[INBOX_FILTERS])
{
	struct mark_counts found;

	TRY(db_one(cx,
	    SQL("SELECT COALESCE(CAST(sum(CASE WHEN m.copied_at >= $3 THEN 1 ELSE 0 END) AS BIGINT), 0),"
		" count(m.remind_at)" MARKED),
	    BIND(DB(cx->who.account.v), DB(cx->now), COPIED_SINCE(cx)), INTO(&found, MARK_COUNTS)));
	counts[INBOX_COPIES] = found.copies;
	counts[INBOX_REMINDERS] = found.reminders;
	return NULL;
}

fallible
thread_rows_of_teams(
    struct cx *cx, patient_id patient, thread_id except, int64_t offset, int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " THREAD_COLUMNS
		" FROM thread t WHERE t.patient = $1 AND ($2 IS NULL OR t.id <> $2) AND t.team IN"
		" (SELECT m.team FROM team_worker m WHERE m.account = $3 AND m.since <= $4 AND m.until > $4)"
		" ORDER BY t.last_at DESC, t.id DESC LIMIT $5 OFFSET $6"),
	    BIND(DB(patient.v), DB(except.v), DB(cx->who.account.v), DB(cx->now), DB(count_max), DB(offset)),
	    ROWS(struct thread, THREAD), out);
}

fallible
thread_note_filed(struct tx *tx, const struct thread *thread)
{
	return db_run(tx, SQL("UPDATE thread SET filed_at = $3 WHERE patient = $1 AND id = $2"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB(tx->cx->now)), NULL);
}

fallible
thread_remind_member(struct tx *tx, const struct thread *thread, account_id member)
{
	return mark_row_remind(tx, thread, member, tx->cx->now);
}

/* ---- lists that a person keeps ---- */

static const struct db_column VIEW[] = {COL(struct inbox_view, id), COL_BYTES(struct inbox_view, name),
    COL(struct inbox_view, query), COL(struct inbox_view, first)};

fallible
view_row_put(struct tx *tx, const struct inbox_view *view)
{
	return db_run(tx, SQL("INSERT INTO inbox_view (account, id, name, query, first) VALUES ($1, $2, $3, $4, $5)"),
	    BIND(DB(tx->cx->who.account.v), DB(view->id), db_bytes(view->name), DB(view->query), DB(view->first)),
	    NULL);
}

fallible
view_row_drop(struct tx *tx, struct uuid id)
{
	return db_run(tx, SQL("DELETE FROM inbox_view WHERE account = $1 AND id = $2"),
	    BIND(DB(tx->cx->who.account.v), DB(id)), NULL);
}

fallible
view_row_clear_first(struct tx *tx)
{
	return db_run(
	    tx, SQL("UPDATE inbox_view SET first = 0 WHERE account = $1"), BIND(DB(tx->cx->who.account.v)), NULL);
}

fallible
view_rows(struct cx *cx, struct db_rows *out)
{
	return db_all(cx, SQL("SELECT id, name, query, first FROM inbox_view WHERE account = $1 ORDER BY id LIMIT 100"),
	    BIND(DB(cx->who.account.v)), ROWS(struct inbox_view, VIEW), out);
}
