/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of what was brought in together. */
#include "care/journal/journal_bring_internal.h"

static const struct db_column BROUGHT[] = {COL(struct journal_brought, type), COL(struct journal_brought, log),
    COL(struct journal_brought, key), COL(struct journal_brought, batch)};

fallible
journal_brought_row(
    struct cx *cx, patient_id patient, resource_type type, struct uuid key, struct journal_brought *out, bool *found)
{
	return db_maybe(cx,
	    SQL("SELECT type, log, key, batch FROM journal_brought WHERE patient = $1 AND type = $2 AND key = $3"),
	    BIND(DB(patient.v), DB(type), DB(key)), INTO(out, BROUGHT), found);
}

fallible
journal_brought_row_add(struct tx *tx, patient_id patient, const struct journal_brought *row)
{
	return db_run(tx,
	    SQL("INSERT INTO journal_brought (patient, type, key, batch, log, changed) VALUES ($1, $2, $3, $4, $5, 0)"),
	    BIND(DB(patient.v), DB(row->type), DB(row->key), DB(row->batch), DB(row->log)), NULL);
}

fallible
journal_brought_row_change(struct tx *tx, patient_id patient, resource_type type, struct uuid key)
{
	return db_run(tx, SQL("UPDATE journal_brought SET changed = 1 WHERE patient = $1 AND type = $2 AND key = $3"),
	    BIND(DB(patient.v), DB(type), DB(key)), NULL);
}

fallible
journal_brought_row_delete(struct tx *tx, patient_id patient, const struct journal_brought *row)
{
	return db_run(tx, SQL("DELETE FROM journal_brought WHERE patient = $1 AND type = $2 AND key = $3"),
	    BIND(DB(patient.v), DB(row->type), DB(row->key)), NULL);
}

fallible
journal_brought_rows(struct cx *cx, patient_id patient, struct uuid batch, int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT type, log, key, batch FROM journal_brought WHERE patient = $1 AND batch = $2 AND changed = 0"
		" ORDER BY type, key LIMIT $3"),
	    BIND(DB(patient.v), DB(batch), DB(count_max)), ROWS(struct journal_brought, BROUGHT), out);
}

fallible
journal_brought_count(struct cx *cx, patient_id patient, struct uuid batch, bool changed, int64_t *out)
{
	return db_one(cx,
	    SQL("SELECT count(*) FROM journal_brought WHERE patient = $1 AND batch = $2 AND changed = $3"),
	    BIND(DB(patient.v), DB(batch), DB(changed)), INTO(out, ONE_INT));
}
