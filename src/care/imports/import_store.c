/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of imports and their chunks. */
#include "care/imports/import_store.h"

#define EXPIRED_AT_ONCE 20
#define IMPORT_FIELDS                                                                                             \
	"patient, id, account, acting, lang, kind, state, attempts, bytes, received, done, total, staged, kept, " \
	"refused, "                                                                                               \
	"logs, facts, made, touched, expires_at"
static const struct db_column IMPORT[] = {COL(struct import, patient.v), COL(struct import, id),
    COL(struct import, account.v), COL(struct import, acting), COL(struct import, lang), COL(struct import, kind),
    COL(struct import, state), COL(struct import, attempts), COL(struct import, bytes), COL(struct import, received),
    COL(struct import, done), COL(struct import, total), COL(struct import, staged), COL(struct import, kept),
    COL(struct import, refused), COL(struct import, logs), COL_BYTES(struct import, sealed), COL(struct import, made),
    COL(struct import, touched), COL(struct import, expires_at)};

struct seal_place
import_facts_place(struct uuid id)
{
	return (struct seal_place){.table = "import", .row = id};
}

struct seal_place
import_chunk_place(struct uuid id, enum import_part part, int64_t n)
{
	return (struct seal_place){.table = "import_chunk", .row = id, .version = (int64_t)part << 40 | n};
}

fallible
import_row_add(struct tx *tx, const struct import *r)
{
	return db_run(tx,
	    SQL("INSERT INTO import (" IMPORT_FIELDS
		") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
		"$15, $16, $17, $18, $19, $20) ON CONFLICT (patient, id) DO NOTHING"),
	    BIND(DB(r->patient.v), DB(r->id), DB(r->account.v), DB(r->acting), DB(r->lang), DB(r->kind), DB(r->state),
		DB(r->attempts), DB(r->bytes), DB(r->received), DB(r->done), DB(r->total), DB(r->staged), DB(r->kept),
		DB(r->refused), DB(r->logs), db_bytes(r->sealed), DB(r->made), DB(r->touched), DB(r->expires_at)),
	    NULL);
}

fallible
import_row_get(struct cx *cx, patient_id patient, struct uuid id, struct import *out, bool *found)
{
	return db_maybe(cx, SQL("SELECT " IMPORT_FIELDS " FROM import WHERE patient = $1 AND id = $2"),
	    BIND(DB(patient.v), DB(id)), INTO(out, IMPORT), found);
}

fallible
import_rows_of(struct cx *cx, patient_id patient, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " IMPORT_FIELDS " FROM import WHERE patient = $1 ORDER BY made DESC, id LIMIT $2"),
	    BIND(DB(patient.v), DB(IMPORTS_LISTED_MAX)), ROWS(struct import, IMPORT), out);
}

fallible
import_rows_open(struct cx *cx, patient_id patient, int64_t *count)
{
	return db_one(cx, SQL("SELECT count(*) FROM import WHERE patient = $1 AND state < 40"), BIND(DB(patient.v)),
	    INTO(count, ONE_INT));
}

fallible
import_row_delete(struct tx *tx, const struct import *row)
{
	TRY(db_run(tx, SQL("DELETE FROM import_chunk WHERE patient = $1 AND import = $2"),
	    BIND(DB(row->patient.v), DB(row->id)), NULL));
	return db_run(
	    tx, SQL("DELETE FROM import WHERE patient = $1 AND id = $2"), BIND(DB(row->patient.v), DB(row->id)), NULL);
}

fallible
import_row_received(struct tx *tx, const struct import *row, int64_t before, instant now, bool *mine)
{
	int64_t changed;

	TRY(db_run(tx,
	    SQL("UPDATE import SET received = $4, touched = $5, expires_at = $6"
		" WHERE patient = $1 AND id = $2 AND received = $3 AND state = 0"),
	    BIND(DB(row->patient.v), DB(row->id), DB(before), DB(row->received), DB(now), DB(row->expires_at)),
	    &changed));
	*mine = changed == 1;
	return NULL;
}

fallible
import_row_turn(struct tx *tx, const struct import *row, int64_t before, instant now, bool *mine)
{
	int64_t changed;

	TRY(db_run(tx,
	    SQL("UPDATE import SET state = $4, kind = $5, attempts = 0, done = $6, total = $7, staged = $8, kept = $9,"
		" refused = $10, facts = $11, touched = $12, expires_at = $13"
		" WHERE patient = $1 AND id = $2 AND state = $3"),
	    BIND(DB(row->patient.v), DB(row->id), DB(before), DB(row->state), DB(row->kind), DB(row->done),
		DB(row->total), DB(row->staged), DB(row->kept), DB(row->refused), db_bytes(row->sealed), DB(now),
		DB(row->expires_at)),
	    &changed));
	*mine = changed == 1;
	return NULL;
}

fallible
import_row_next(struct cx *cx, instant silent, struct import *out, bool *found)
{
	return db_maybe(cx,
	    SQL("SELECT " IMPORT_FIELDS
		" FROM import WHERE state IN (10, 30, 50) OR (state IN (15, 35, 55) AND touched < $1)"
		" ORDER BY touched, id LIMIT 1"),
	    BIND(DB(silent)), INTO(out, IMPORT), found);
}

fallible
import_rows_expired(struct cx *cx, instant now, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " IMPORT_FIELDS " FROM import WHERE state IN (0, 5, 20, 40, 70) AND expires_at <= $1"
		" ORDER BY expires_at LIMIT $2"),
	    BIND(DB(now), DB(EXPIRED_AT_ONCE)), ROWS(struct import, IMPORT), out);
}

fallible
import_row_claim(struct tx *tx, const struct import *row, instant now, bool *mine)
{
	int64_t changed;

	TRY(db_run(tx,
	    SQL("UPDATE import SET state = $3, attempts = attempts + 1, touched = $6"
		" WHERE patient = $1 AND id = $2 AND state IN ($3, $3 - 5) AND attempts = $4 AND touched = $5"),
	    BIND(DB(row->patient.v), DB(row->id), DB(row->state), DB(row->attempts), DB(row->touched), DB(now)),
	    &changed));
	*mine = changed == 1;
	return NULL;
}

fallible
import_row_progress(struct tx *tx, const struct import *r, bool moved, instant now, bool *mine)
{
	int64_t changed;

	TRY(db_run(tx,
	    SQL("UPDATE import SET done = $5, total = $6, staged = $7, kept = $8, refused = $9, logs = $10, facts = "
		"$11,"
		" touched = $12, attempts = CASE WHEN $13 = 1 THEN 1 ELSE attempts END"
		" WHERE patient = $1 AND id = $2 AND state = $3 AND attempts = $4"),
	    BIND(DB(r->patient.v), DB(r->id), DB(r->state), DB(r->attempts), DB(r->done), DB(r->total), DB(r->staged),
		DB(r->kept), DB(r->refused), DB(r->logs), db_bytes(r->sealed), DB(now), DB(moved)),
	    &changed));
	*mine = changed == 1;
	return NULL;
}

/* From the step at hand into the state that `r` has; attempts as its worker counted them. */
fallible
import_row_settle(struct tx *tx, const struct import *r, instant now, bool *mine)
{
	int64_t changed;

	TRY(db_run(tx,
	    SQL("UPDATE import SET state = $4, attempts = 0, done = $5, total = $6, staged = $7, kept = $8, refused = "
		"$9,"
		" logs = $10, facts = $11, touched = $12, expires_at = $13"
		" WHERE patient = $1 AND id = $2 AND attempts = $3 AND state IN (15, 35, 55)"),
	    BIND(DB(r->patient.v), DB(r->id), DB(r->attempts), DB(r->state), DB(r->done), DB(r->total), DB(r->staged),
		DB(r->kept), DB(r->refused), DB(r->logs), db_bytes(r->sealed), DB(now), DB(r->expires_at)),
	    &changed));
	*mine = changed == 1;
	return NULL;
}

/* ---- chunks ---- */

fallible
import_chunk_put(struct tx *tx, const struct import *row, enum import_part part, int64_t n, str sealed)
{
	return db_run(tx,
	    SQL("INSERT INTO import_chunk (patient, import, part, n, body) VALUES ($1, $2, $3, $4, $5)"
		" ON CONFLICT (patient, import, part, n) DO UPDATE SET body = excluded.body"),
	    BIND(DB(row->patient.v), DB(row->id), DB((int64_t)part), DB(n), db_bytes(sealed)), NULL);
}

fallible
import_chunk_get(struct cx *cx, const struct import *row, enum import_part part, int64_t n, str *sealed, bool *found)
{
	return db_maybe(cx,
	    SQL("SELECT body FROM import_chunk WHERE patient = $1 AND import = $2 AND part = $3 AND n = $4"),
	    BIND(DB(row->patient.v), DB(row->id), DB((int64_t)part), DB(n)), INTO(sealed, ONE_BYTES), found);
}

fallible
import_chunks_delete(struct tx *tx, const struct import *row, enum import_part part)
{
	return db_run(tx, SQL("DELETE FROM import_chunk WHERE patient = $1 AND import = $2 AND part = $3"),
	    BIND(DB(row->patient.v), DB(row->id), DB((int64_t)part)), NULL);
}

fallible
import_chunks_delete_some(
    struct tx *tx, const struct import *row, enum import_part part, int64_t count_max, int64_t *deleted)
{
	return db_run(tx,
	    SQL("DELETE FROM import_chunk WHERE patient = $1 AND import = $2 AND part = $3 AND n IN"
		" (SELECT n FROM import_chunk WHERE patient = $1 AND import = $2 AND part = $3 ORDER BY n LIMIT $4)"),
	    BIND(DB(row->patient.v), DB(row->id), DB((int64_t)part), DB(count_max)), deleted);
}
