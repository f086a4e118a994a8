/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/consent/journal_share_store.h"

static const struct db_column SHARE[] = {COL(struct journal_share, log), COL(struct journal_share, reader.v),
    COL(struct journal_share, since), COL(struct journal_share, until), COL(struct journal_share, begun_by.v),
    COL(struct journal_share, ended_by.v)};
#define COLUMNS "log, reader, since, until, begun_by, ended_by"

fallible
journal_share_rows_open(struct cx *cx, patient_id patient, account_id reader, uint64_t *out)
{
	struct journal_share *share;
	struct db_rows rows;

	TRY(db_all(cx,
	    SQL("SELECT " COLUMNS " FROM journal_share WHERE patient = $1 AND reader = $2 AND until = $3"
		" ORDER BY log LIMIT $4"),
	    BIND(DB(patient.v), DB(reader.v), DB(SHARE_OPEN), DB(SHARE_LOGS_MAX)), ROWS(struct journal_share, SHARE),
	    &rows));
	share = rows.items;
	*out = 0;
	for (size_t i = 0; i < rows.count; i++)
		if (share[i].log > 0 && share[i].log < SHARE_LOGS_MAX)
			*out |= (uint64_t)1 << share[i].log;
	return NULL;
}

fallible
journal_share_rows_now(struct cx *cx, patient_id patient, int64_t log, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " COLUMNS " FROM journal_share WHERE patient = $1 AND log = $2 AND until = $3 ORDER BY since"
		" LIMIT $4"),
	    BIND(DB(patient.v), DB(log), DB(SHARE_OPEN), DB(SHARE_READERS_MAX)), ROWS(struct journal_share, SHARE),
	    out);
}

fallible
journal_share_rows_each(struct cx *cx, patient_id patient, db_row_fn *each, void *arg)
{
	return db_each(cx,
	    SQL("SELECT " COLUMNS " FROM journal_share WHERE patient = $1 ORDER BY since DESC, log, reader LIMIT 1000"),
	    BIND(DB(patient.v)), ROWS(struct journal_share, SHARE), each, arg);
}

fallible
journal_share_row_closed_at(struct cx *cx, patient_id patient, account_id reader, instant *out)
{
	return db_one(cx, SQL("SELECT max(until) FROM journal_share WHERE patient = $1 AND reader = $2 AND until < $3"),
	    BIND(DB(patient.v), DB(reader.v), DB(SHARE_OPEN)), INTO(out, ONE_INSTANT));
}

/* Begun again in the millisecond of its end: goes on as if it had not ended. */
fallible
journal_share_row_begin(struct tx *tx, patient_id patient, int64_t log, account_id reader)
{
	return db_run(tx,
	    SQL("INSERT INTO journal_share (patient, log, reader, since, until, begun_by) VALUES ($1, $2, $3, $4, $5, "
		"$6)"
		" ON CONFLICT (patient, log, reader, since) DO UPDATE SET until = excluded.until, ended_by = NULL"),
	    BIND(DB(patient.v), DB(log), DB(reader.v), DB(tx->cx->now), DB(SHARE_OPEN), DB(tx->cx->who.account.v)),
	    NULL);
}

fallible
journal_share_row_end(struct tx *tx, patient_id patient, const struct journal_share *share)
{
	return db_run(tx,
	    SQL("UPDATE journal_share SET until = $5, ended_by = $6"
		" WHERE patient = $1 AND log = $2 AND reader = $3 AND since = $4"),
	    BIND(DB(patient.v), DB(share->log), DB(share->reader.v), DB(share->since), DB(tx->cx->now),
		DB(tx->cx->who.account.v)),
	    NULL);
}

fallible
journal_share_rows_end(struct tx *tx, patient_id patient, account_id reader)
{
	return db_run(tx,
	    SQL("UPDATE journal_share SET until = $4, ended_by = $5 WHERE patient = $1 AND reader = $2 AND until = $3"),
	    BIND(DB(patient.v), DB(reader.v), DB(SHARE_OPEN), DB(tx->cx->now), DB(tx->cx->who.account.v)), NULL);
}
