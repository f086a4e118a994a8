/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of exports and their chunks. */
#include "care/bluebutton/export_store.h"

#define EXPIRED_AT_ONCE 50

struct seal_place
export_asked_place(struct uuid id)
{
	return (struct seal_place){.table = "export.asked", .row = id};
}

struct seal_place
export_chunk_place(struct uuid id, int64_t n)
{
	return (struct seal_place){.table = "export_chunk.body", .row = id, .version = n};
}

#define EXPORT_COLUMNS                                                                                           \
	"patient, id, account, acting, lang, rights, file, asked, state, attempts, done, total, bytes, sha256, " \
	"trouble,"                                                                                               \
	" made, touched, ready_at, expires_at"
static const struct db_column EXPORT[] = {COL(struct export, patient.v), COL(struct export, id),
    COL(struct export, account.v), COL(struct export, acting), COL(struct export, lang), COL(struct export, rights),
    COL(struct export, file), COL_BYTES(struct export, asked), COL(struct export, state), COL(struct export, attempts),
    COL(struct export, done), COL(struct export, total), COL(struct export, bytes), COL(struct export, sha256),
    COL(struct export, trouble), COL(struct export, made), COL(struct export, touched), COL(struct export, ready_at),
    COL(struct export, expires_at)};

fallible
export_row_add(struct tx *tx, const struct export *row)
{
	return db_run(tx,
	    SQL("INSERT INTO export (patient, id, account, acting, lang, rights, file, asked, state, attempts, done,"
		" total, bytes, made, touched) VALUES ($1, $2, $3, $4, $5, 0, $6, $7, 0, 0, 0, $8, 0, $9, $9)"
		" ON CONFLICT (patient, id) DO NOTHING"),
	    BIND(DB(row->patient.v), DB(row->id), DB(row->account.v), DB(row->acting), DB(row->lang), DB(row->file),
		db_bytes(row->asked), DB(row->total), DB(row->made)),
	    NULL);
}

fallible
export_row_get(struct cx *cx, patient_id patient, struct uuid id, struct export *out, bool *found)
{
	return db_maybe(cx, SQL("SELECT " EXPORT_COLUMNS " FROM export WHERE patient = $1 AND id = $2"),
	    BIND(DB(patient.v), DB(id)), INTO(out, EXPORT), found);
}

fallible
export_rows_of(struct cx *cx, patient_id patient, account_id account, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " EXPORT_COLUMNS
		" FROM export WHERE patient = $1 AND account = $2 ORDER BY made DESC, id LIMIT $3"),
	    BIND(DB(patient.v), DB(account.v), DB(EXPORTS_MAX)), ROWS(struct export, EXPORT), out);
}

static fallible
chunks_delete(struct tx *tx, const struct export *row)
{
	return db_run(tx, SQL("DELETE FROM export_chunk WHERE patient = $1 AND export = $2"),
	    BIND(DB(row->patient.v), DB(row->id)), NULL);
}

fallible
export_row_delete(struct tx *tx, const struct export *row)
{
	TRY(chunks_delete(tx, row));
	return db_run(
	    tx, SQL("DELETE FROM export WHERE patient = $1 AND id = $2"), BIND(DB(row->patient.v), DB(row->id)), NULL);
}

fallible
export_row_next(struct cx *cx, instant waited, instant silent, struct export *out, bool *found)
{
	return db_maybe(cx,
	    SQL("SELECT " EXPORT_COLUMNS " FROM export WHERE (state = 0 AND (attempts = 0 OR touched < $1))"
		" OR (state = 10 AND touched < $2) ORDER BY touched LIMIT 1"),
	    BIND(DB(waited), DB(silent)), INTO(out, EXPORT), found);
}

fallible
export_rows_expired(struct cx *cx, instant now, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " EXPORT_COLUMNS
		" FROM export WHERE state >= 20 AND expires_at <= $1 ORDER BY expires_at LIMIT $2"),
	    BIND(DB(now), DB(EXPIRED_AT_ONCE)), ROWS(struct export, EXPORT), out);
}

fallible
export_row_claim(struct tx *tx, const struct export *row, instant now, bool *mine)
{
	int64_t changed;

	TRY(db_run(tx,
	    SQL("UPDATE export SET state = 10, attempts = attempts + 1, done = 0, bytes = 0, touched = $5"
		" WHERE patient = $1 AND id = $2 AND attempts = $3 AND touched = $4 AND state < 20"),
	    BIND(DB(row->patient.v), DB(row->id), DB(row->attempts), DB(row->touched), DB(now)), &changed));
	*mine = changed == 1;
	return *mine ? chunks_delete(tx, row) : NULL;
}

fallible
export_row_progress(struct tx *tx, const struct export *row, instant now, bool *mine)
{
	int64_t changed;

	TRY(db_run(tx,
	    SQL("UPDATE export SET done = $4, total = $5, bytes = $6, touched = $7"
		" WHERE patient = $1 AND id = $2 AND attempts = $3 AND state = 10"),
	    BIND(DB(row->patient.v), DB(row->id), DB(row->attempts), DB(row->done), DB(row->total), DB(row->bytes),
		DB(now)),
	    &changed));
	*mine = changed == 1;
	return NULL;
}

fallible
export_row_settle(struct tx *tx, const struct export *row)
{
	return db_run(tx,
	    SQL("UPDATE export SET state = $3, attempts = $4, done = $5, bytes = $6, sha256 = $7, trouble = $8, "
		"touched = $9,"
		" ready_at = $10, expires_at = $11, rights = $12 WHERE patient = $1 AND id = $2"),
	    BIND(DB(row->patient.v), DB(row->id), DB(row->state), DB(row->attempts), DB(row->done), DB(row->bytes),
		DB(row->sha256), DB(row->trouble), DB(row->touched), DB(row->ready_at), DB(row->expires_at),
		DB(row->rights)),
	    NULL);
}

fallible
export_chunk_add(struct tx *tx, const struct export *row, int64_t n, str sealed)
{
	return db_run(tx, SQL("INSERT INTO export_chunk (patient, export, n, body) VALUES ($1, $2, $3, $4)"),
	    BIND(DB(row->patient.v), DB(row->id), DB(n), db_bytes(sealed)), NULL);
}

fallible
export_chunk_get(struct cx *cx, const struct export *row, int64_t n, str *sealed)
{
	return db_one(cx, SQL("SELECT body FROM export_chunk WHERE patient = $1 AND export = $2 AND n = $3"),
	    BIND(DB(row->patient.v), DB(row->id), DB(n)), INTO(sealed, ONE_BYTES));
}
