/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts. */
#include "care/messaging/about.h"

#define DRAFT_COLUMNS \
	"d.id, d.patient, d.thread, d.team, d.category, d.subject, d.body, d.updated, d.send_at, d.trouble, d.about"
static const struct db_column DRAFT[] = {COL(struct draft, id), COL(struct draft, patient.v),
    COL(struct draft, thread.v), COL(struct draft, team.v), COL(struct draft, category),
    COL_BYTES(struct draft, subject), COL_BYTES(struct draft, body), COL(struct draft, updated),
    COL(struct draft, send_at), COL(struct draft, trouble), COL_BYTES(struct draft, about.sealed)};

struct seal_place
draft_place(struct uuid id, const char *what)
{
	return (struct seal_place){.table = what, .row = id};
}

static fallible
open_draft(struct cx *cx, struct draft *draft)
{
	TRY(vault_open_text(
	    cx, draft->patient, draft_place(draft->id, "draft.subject"), draft->subject, &draft->subject));
	TRY(vault_open_text(cx, draft->patient, draft_place(draft->id, "draft.body"), draft->body, &draft->body));
	return about_open(cx, draft->patient, draft_place(draft->id, "draft.about"), &draft->about);
}

fallible
draft_row_put(struct tx *tx, account_id account, const struct draft *d)
{
	return db_run(tx,
	    SQL("INSERT INTO draft (patient, account, id, thread, team, category, subject, body, updated,"
		" send_at, about) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (patient, account, "
		"id)"
		" DO UPDATE SET team = excluded.team, category = excluded.category, subject = excluded.subject,"
		" body = excluded.body, updated = excluded.updated, send_at = excluded.send_at,"
		" about = excluded.about, trouble = NULL"),
	    BIND(DB(d->patient.v), DB(account.v), DB(d->id), DB(d->thread.v), DB(d->team.v), DB(d->category),
		db_bytes(d->subject), db_bytes(d->body), DB(tx->cx->now), DB(d->send_at), db_bytes(d->about.sealed)),
	    NULL);
}

fallible
draft_row_get(struct cx *cx, account_id account, struct uuid id, struct draft *out, bool *found)
{
	TRY(db_maybe(cx,
	    SQL("SELECT " DRAFT_COLUMNS
		" FROM draft d WHERE d.account = $1 AND d.id = $2 AND ($3 IS NULL OR d.patient = $3)"),
	    BIND(DB(account.v), DB(id), DB(cx->who.patient.v)), INTO(out, DRAFT), found));
	return *found ? open_draft(cx, out) : NULL;
}

fallible
draft_row_of_thread(
    struct cx *cx, patient_id patient, account_id account, thread_id thread, struct draft *out, bool *found)
{
	TRY(db_maybe(cx,
	    SQL("SELECT " DRAFT_COLUMNS " FROM draft d WHERE d.patient = $1 AND d.account = $2 AND d.thread = $3"
		" ORDER BY d.updated DESC LIMIT 1"),
	    BIND(DB(patient.v), DB(account.v), DB(thread.v)), INTO(out, DRAFT), found));
	return *found ? open_draft(cx, out) : NULL;
}

fallible
draft_row_waits(struct cx *cx, account_id account, struct uuid id)
{
	int64_t one;

	return db_one(cx,
	    SQL("SELECT 1 FROM draft WHERE account = $1 AND id = $2 AND send_at IS NOT NULL"
		" AND ($3 IS NULL OR patient = $3)"),
	    BIND(DB(account.v), DB(id), DB(cx->who.patient.v)), INTO(&one, ONE_INT));
}

fallible
draft_row_stay(struct tx *tx, account_id account, struct uuid id, str trouble, int64_t *changed)
{
	return db_run(tx,
	    SQL("UPDATE draft SET send_at = NULL, trouble = $3 WHERE account = $1 AND id = $2 AND send_at IS NOT NULL"
		" AND ($4 IS NULL OR patient = $4)"),
	    BIND(DB(account.v), DB(id), DB(trouble), DB(tx->cx->who.patient.v)), changed);
}

static const struct db_column DUE[] = {
    COL(struct draft_due, account.v), COL(struct draft_due, patient.v), COL(struct draft_due, id)};

fallible
draft_rows_due(struct cx *cx, account_id account, int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT account, patient, id FROM draft WHERE send_at IS NOT NULL AND send_at <= $1"
		" AND ($2 IS NULL OR account = $2) AND ($4 IS NULL OR patient = $4) ORDER BY send_at, id LIMIT $3"),
	    BIND(DB(cx->now), DB(account.v), DB(count_max), DB(cx->who.patient.v)), ROWS(struct draft_due, DUE), out);
}

fallible
draft_row_delete(struct tx *tx, account_id account, struct uuid id)
{
	return db_run(tx, SQL("DELETE FROM draft WHERE account = $1 AND id = $2 AND ($3 IS NULL OR patient = $3)"),
	    BIND(DB(account.v), DB(id), DB(tx->cx->who.patient.v)), NULL);
}

fallible
draft_rows(struct cx *cx, account_id account, struct db_rows *out)
{
	struct draft *draft;

	TRY(db_all(cx,
	    SQL("SELECT " DRAFT_COLUMNS " FROM draft d WHERE d.account = $1 AND ($3 IS NULL OR d.patient = $3)"
		" ORDER BY d.updated DESC LIMIT $2"),
	    BIND(DB(account.v), DB(DRAFTS_MAX), DB(cx->who.patient.v)), ROWS(struct draft, DRAFT), out));
	draft = out->items;
	for (size_t i = 0; i < out->count; i++)
		TRY(open_draft(cx, &draft[i]));
	return NULL;
}

fallible
draft_row_count(struct cx *cx, account_id account, int64_t *out)
{
	return db_one(cx, SQL("SELECT count(*) FROM draft WHERE account = $1 AND ($2 IS NULL OR patient = $2)"),
	    BIND(DB(account.v), DB(cx->who.patient.v)), INTO(out, ONE_INT));
}
