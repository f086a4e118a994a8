/* SPDX-License-Identifier: Apache-2.0 */
/* Who is reached by a thread, and what each of them has seen. */
#include "care/messaging/mailbox_store.h"

static const struct db_column ACCOUNT[] = {COL(account_id, v)};

fallible
addressee_rows_reach(struct tx *tx, const struct thread *thread, account_id author, struct db_rows *reached)
{
	/* Also those who left the team meanwhile: should they come back, their count is right. */
	TRY(db_run(tx,
	    SQL("UPDATE addressee SET unread = unread + 1,"
		" folder = CASE WHEN folder = $4 THEN NULL ELSE folder END WHERE patient = $1 AND thread = $2 AND "
		"account <> $3"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB(author.v), DB(folder_deleted)), NULL));
	return addressee_rows_reached(tx->cx, thread, reached);
}

fallible
addressee_rows_reached(struct cx *cx, const struct thread *thread, struct db_rows *reached)
{
	return db_all(cx, SQL("SELECT account FROM addressee WHERE patient = $1 AND thread = $2 LIMIT 10000"),
	    BIND(DB(thread->patient.v), DB(thread->id.v)), ROWS(account_id, ACCOUNT), reached);
}

fallible
addressee_row_add(struct tx *tx, const struct thread *thread, account_id account, enum message_side side)
{
	return db_run(tx,
	    SQL("INSERT INTO addressee (patient, thread, account, side, since, read_n, unread)"
		" VALUES ($1, $2, $3, $4, $5, 0, (SELECT count(*) FROM message"
		"   WHERE patient = $1 AND thread = $2 AND author <> $3 AND recalled IS NULL))"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB(account.v), DB((int)side), DB(tx->cx->now)), NULL);
}

static fallible
mark_seen(struct tx *tx, const struct thread *thread, account_id account, enum message_side side)
{
	return db_run(tx,
	    SQL("INSERT INTO addressee (patient, thread, account, side, since, read_n, read_at, unread)"
		" VALUES ($1, $2, $3, $4, $5, $6, $5, 0) ON CONFLICT (patient, thread, account)"
		" DO UPDATE SET read_n = excluded.read_n, read_at = excluded.read_at, unread = 0"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB(account.v), DB((int)side), DB(tx->cx->now),
		DB(thread->message_count)),
	    NULL);
}

fallible
addressee_row_read(
    struct tx *tx, const struct thread *thread, account_id account, enum message_side side, bool *changed)
{
	int64_t unread;

	TRY(addressee_row_unread(tx->cx, thread, account, &unread));
	*changed = unread > 0;
	return unread ? mark_seen(tx, thread, account, side) : NULL;
}

fallible
addressee_row_unread(struct cx *cx, const struct thread *thread, account_id account, int64_t *out)
{
	bool found;

	TRY(db_maybe(cx, SQL("SELECT unread FROM addressee WHERE patient = $1 AND thread = $2 AND account = $3"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB(account.v)), INTO(out, ONE_INT), &found));
	if (!found)
		*out = thread->message_count;
	return NULL;
}

static const struct db_column READING[] = {COL(struct reading, read_n), COL(struct reading, read_at)};

fallible
addressee_row_patient(struct cx *cx, const struct thread *thread, struct reading *out)
{
	bool found;

	*out = (struct reading){0, INSTANT_NONE};
	return db_maybe(cx,
	    SQL("SELECT read_n, read_at FROM addressee WHERE patient = $1 AND thread = $2 AND side = 1"
		" ORDER BY read_n DESC LIMIT 1"),
	    BIND(DB(thread->patient.v), DB(thread->id.v)), INTO(out, READING), &found);
}

fallible
notice_row_get(struct cx *cx, account_id account, int64_t *choice, bool *found)
{
	return db_maybe(cx, SQL("SELECT choice FROM notice_choice WHERE account = $1"), BIND(DB(account.v)),
	    INTO(choice, ONE_INT), found);
}

fallible
notice_row_put(struct tx *tx, account_id account, int64_t choice)
{
	return db_run(tx,
	    SQL("INSERT INTO notice_choice (account, choice) VALUES ($1, $2)"
		" ON CONFLICT (account) DO UPDATE SET choice = excluded.choice"),
	    BIND(DB(account.v), DB(choice)), NULL);
}

fallible
page_count_of(struct cx *cx, account_id account, int64_t kind, int64_t *out)
{
	return db_one(cx,
	    SQL("SELECT count(DISTINCT item) FROM page_item WHERE account = $1 AND kind = $2"
		" AND since <= $3 AND until > $3 AND care_since <= $3 AND care_until > $3"),
	    BIND(DB(account.v), DB(kind), DB(cx->now)), INTO(out, ONE_INT));
}
