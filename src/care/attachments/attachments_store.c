/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of attachments and of their chunks; the scanner's setting. */
#include "care/attachments/attachments_store.h"

struct seal_place
attachment_name_place(struct uuid id)
{
	return (struct seal_place){.table = "attachment.name", .row = id};
}

struct seal_place
attachment_chunk_place(struct uuid id, int64_t n)
{
	return (struct seal_place){.table = "attachment_chunk.body", .row = id, .version = n};
}

#define HOLDER(h) DB((h)->patient.v), DB((h)->id), DB((h)->account.v)
#define COLUMNS   "id, holder, patient, account, name, kind, bytes, state, finding, made"
static const struct db_column ATTACHMENT[] = {COL(struct attachment, id), COL(struct attachment, holder),
    COL(struct attachment, patient.v), COL(struct attachment, account.v), COL_BYTES(struct attachment, name),
    COL(struct attachment, kind), COL(struct attachment, bytes), COL(struct attachment, state),
    COL(struct attachment, finding), COL(struct attachment, made)};

fallible
attachment_row_add(struct tx *tx, const struct attachment *row, struct uuid digest)
{
	return db_run(tx,
	    SQL("INSERT INTO attachment (patient, holder, id, account, name, kind, bytes, state, digest, made)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"),
	    BIND(DB(row->patient.v), DB(row->holder), DB(row->id), DB(row->account.v), db_bytes(row->name),
		DB(row->kind), DB(row->bytes), DB(row->state), DB(digest), DB(row->made)),
	    NULL);
}

fallible
attachment_chunk_add(struct tx *tx, const struct attachment *row, int64_t n, str sealed)
{
	return db_run(tx, SQL("INSERT INTO attachment_chunk (patient, attachment, n, body) VALUES ($1, $2, $3, $4)"),
	    BIND(DB(row->patient.v), DB(row->id), DB(n), db_bytes(sealed)), NULL);
}

fallible
attachment_row_get(struct cx *cx, struct uuid id, struct attachment *out, bool *found)
{
	return db_maybe(
	    cx, SQL("SELECT " COLUMNS " FROM attachment WHERE id = $1"), BIND(DB(id)), INTO(out, ATTACHMENT), found);
}

fallible
attachment_rows_of(struct cx *cx, const struct attachment_holder *holder, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " COLUMNS " FROM attachment WHERE patient = $1 AND holder = $2 AND account = $3"
		" ORDER BY made, id LIMIT $4"),
	    BIND(HOLDER(holder), DB(ATTACHMENTS_MAX)), ROWS(struct attachment, ATTACHMENT), out);
}

fallible
attachment_rows_count(struct cx *cx, const struct attachment_holder *holder, int64_t *out)
{
	return db_one(cx, SQL("SELECT count(*) FROM attachment WHERE patient = $1 AND holder = $2 AND account = $3"),
	    BIND(HOLDER(holder)), INTO(out, ONE_INT));
}

static const struct db_column SUM[] = {
    COL(struct attachment_sum, count), COL(struct attachment_sum, bytes), COL(struct attachment_sum, same)};

fallible
attachment_rows_sum(
    struct cx *cx, const struct attachment_holder *holder, struct uuid digest, struct attachment_sum *out)
{
	return db_one(cx,
	    SQL("SELECT count(*), COALESCE(CAST(sum(bytes) AS BIGINT), 0),"
		" COALESCE(CAST(sum(CASE WHEN digest = $4 THEN 1 ELSE 0 END) AS BIGINT), 0)"
		" FROM attachment WHERE patient = $1 AND holder = $2 AND account = $3 AND state <> 2"),
	    BIND(HOLDER(holder), DB(digest)), INTO(out, SUM));
}

fallible
attachment_chunk_get(struct cx *cx, const struct attachment *row, int64_t n, str *sealed)
{
	return db_one(cx, SQL("SELECT body FROM attachment_chunk WHERE patient = $1 AND attachment = $2 AND n = $3"),
	    BIND(DB(row->patient.v), DB(row->id), DB(n)), INTO(sealed, ONE_BYTES));
}

fallible
attachment_row_settle(struct tx *tx, const struct attachment *row, bool *changed)
{
	int64_t n;

	TRY(db_run(tx,
	    SQL("UPDATE attachment SET state = $4, finding = $5"
		" WHERE patient = $1 AND holder = $2 AND id = $3 AND state = 0"),
	    BIND(DB(row->patient.v), DB(row->holder), DB(row->id), DB(row->state), DB(row->finding)), &n));
	*changed = n > 0;
	return NULL;
}

fallible
attachment_chunks_delete(struct tx *tx, const struct attachment *row)
{
	return db_run(tx, SQL("DELETE FROM attachment_chunk WHERE patient = $1 AND attachment = $2"),
	    BIND(DB(row->patient.v), DB(row->id)), NULL);
}

fallible
attachment_row_delete(struct tx *tx, const struct attachment *row)
{
	TRY(attachment_chunks_delete(tx, row));
	return db_run(tx, SQL("DELETE FROM attachment WHERE patient = $1 AND holder = $2 AND id = $3"),
	    BIND(DB(row->patient.v), DB(row->holder), DB(row->id)), NULL);
}

fallible
attachment_rows_drop(struct tx *tx, const struct attachment_holder *holder)
{
	TRY(db_run(tx,
	    SQL("DELETE FROM attachment_chunk WHERE patient = $1 AND attachment IN"
		" (SELECT a.id FROM attachment a WHERE a.patient = $1 AND a.holder = $2 AND a.account = $3)"),
	    BIND(HOLDER(holder)), NULL));
	return db_run(tx, SQL("DELETE FROM attachment WHERE patient = $1 AND holder = $2 AND account = $3"),
	    BIND(HOLDER(holder)), NULL);
}

fallible
attachment_rows_move(struct tx *tx, const struct attachment_holder *from, struct uuid to)
{
	return db_run(tx, SQL("UPDATE attachment SET holder = $4 WHERE patient = $1 AND holder = $2 AND account = $3"),
	    BIND(HOLDER(from), DB(to)), NULL);
}

static const struct db_column FIGURES[] = {COL(struct attachment_figures, held),
    COL(struct attachment_figures, unchecked), COL(struct attachment_figures, infected)};

fallible
attachment_row_figures(struct cx *cx, struct attachment_figures *out)
{
	return db_one(cx,
	    SQL("SELECT (SELECT count(*) FROM attachment WHERE state = 0),"
		" (SELECT count(*) FROM attachment WHERE state = 3), (SELECT count(*) FROM attachment WHERE state = "
		"2)"),
	    BIND_NONE, INTO(out, FIGURES));
}

fallible
scanner_row_get(struct cx *cx, str *address, bool *found)
{
	return db_maybe(cx, SQL("SELECT value FROM installation WHERE name = 'scanner'"), BIND_NONE,
	    INTO(address, ONE_BYTES), found);
}

fallible
scanner_row_put(struct tx *tx, str address)
{
	return db_run(tx,
	    SQL("INSERT INTO installation (name, value) VALUES ('scanner', $1)"
		" ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
	    BIND(db_bytes(address)), NULL);
}
