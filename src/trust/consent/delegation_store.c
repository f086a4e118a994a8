/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of delegations.  "In force" is written out in each WHERE clause: accepted, begun, not over. */
#include "trust/consent/consent_internal.h"

#define COLUMNS                                                                                            \
	"d.id, d.patient, d.rights, d.state, d.called, d.relation, d.made, d.since, d.until, d.code_ends," \
	" d.delegate, d.answered_at, d.ended_at, d.notices"
static const struct db_column DELEGATION[] = {COL(struct delegation, id.v), COL(struct delegation, patient.v),
    COL(struct delegation, rights), COL(struct delegation, state), COL_BYTES(struct delegation, called),
    COL_BYTES(struct delegation, relation), COL(struct delegation, made), COL(struct delegation, since),
    COL(struct delegation, until), COL(struct delegation, code_ends), COL(struct delegation, delegate.v),
    COL(struct delegation, answered_at), COL(struct delegation, ended_at), COL(struct delegation, notices)};

struct seal_place
delegation_place(delegation_id id, const char *what)
{
	return (struct seal_place){.table = what, .row = id.v};
}

static fallible
open_words(struct cx *cx, struct delegation *d)
{
	TRY(vault_open_text(cx, d->patient, delegation_place(d->id, "delegation.called"), d->called, &d->called));
	return vault_open_text(
	    cx, d->patient, delegation_place(d->id, "delegation.relation"), d->relation, &d->relation);
}

static fallible
open_rows(struct cx *cx, struct db_rows *rows)
{
	struct delegation *d = rows->items;

	for (size_t i = 0; i < rows->count; i++)
		TRY(open_words(cx, &d[i]));
	return NULL;
}

/* ---- the policy engine's question ---- */

struct right {
	int64_t rights;
};
static const struct db_column RIGHT[] = {COL(struct right, rights)};

fallible
delegation_row_rights(struct cx *cx, patient_id patient, account_id delegate, unsigned *out)
{
	struct db_rows rows;
	const struct right *right;
	unsigned all = 0;

	TRY(db_all(cx,
	    SQL("SELECT d.rights FROM delegation d JOIN account a ON a.id = d.delegate AND a.active = 1"
		" WHERE d.patient = $1 AND d.delegate = $2 AND d.state = 10 AND d.since <= $3 AND d.until > $3"),
	    BIND(DB(patient.v), DB(delegate.v), DB(cx->now)), ROWS(struct right, RIGHT), &rows));
	right = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		all |= (unsigned)right[i].rights;
	*out = all & RIGHTS_TO_GIVE;
	return NULL;
}

static const struct db_column READER[] = {COL(struct delegate_reader, account.v), COL(struct delegate_reader, notices)};

fallible
delegation_rows_readers(struct cx *cx, patient_id patient, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT d.delegate, CAST(d.notices & $3 AS BIGINT) FROM delegation d JOIN account a ON a.id = "
		"d.delegate AND a.active = 1"
		" WHERE d.patient = $1 AND d.state = 10 AND d.since <= $2 AND d.until > $2 AND (d.rights & $3) <> 0"
		" ORDER BY d.delegate, d.id LIMIT $4"),
	    BIND(DB(patient.v), DB(cx->now), DB((int)RIGHT_MESSAGES_READ), DB(DELEGATIONS_MAX)),
	    ROWS(struct delegate_reader, READER), out);
}

static const struct db_column TOLD[] = {COL(account_id, v)};

fallible
delegation_rows_told(struct cx *cx, patient_id patient, enum access_right right, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT DISTINCT d.delegate FROM delegation d JOIN account a ON a.id = d.delegate AND a.active = 1"
		" WHERE d.patient = $1 AND d.state = 10 AND d.since <= $2 AND d.until > $2"
		" AND (d.rights & d.notices & $3) <> 0 ORDER BY d.delegate LIMIT $4"),
	    BIND(DB(patient.v), DB(cx->now), DB((int)right), DB(DELEGATIONS_MAX)), ROWS(account_id, TOLD), out);
}

/* ---- writing ---- */

fallible
delegation_row_add(struct tx *tx, const struct delegation *d, struct uuid code)
{
	return db_run(tx,
	    SQL("INSERT INTO delegation (patient, id, rights, state, called, relation, made, made_by, since, until, "
		"code,"
		" code_ends) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"),
	    BIND(DB(d->patient.v), DB(d->id.v), DB(d->rights), DB(d->state), db_bytes(d->called), db_bytes(d->relation),
		DB(tx->cx->now), DB(tx->cx->who.account.v), DB(d->since), DB(d->until), DB(code), DB(d->code_ends)),
	    NULL);
}

fallible
delegation_row_put(struct tx *tx, const struct delegation *d, account_id ended_by)
{
	return db_run(tx,
	    SQL("UPDATE delegation SET state = $3, delegate = $4, answered_at = $5, ended_at = $6, ended_by = $7,"
		" notices = $8, code = CASE WHEN $3 = 0 THEN code ELSE NULL END WHERE patient = $1 AND id = $2"),
	    BIND(DB(d->patient.v), DB(d->id.v), DB(d->state), DB(d->delegate.v), DB(d->answered_at), DB(d->ended_at),
		DB(ended_by.v), DB(d->notices)),
	    NULL);
}

fallible
delegation_rows_replace(struct tx *tx, const struct delegation *by, instant from)
{
	if (instant_before(tx->cx->now, from))
		return db_run(tx,
		    SQL("UPDATE delegation SET until = $4 WHERE patient = $1 AND delegate = $2 AND id <> $3"
			" AND state = 10 AND until > $4"),
		    BIND(DB(by->patient.v), DB(by->delegate.v), DB(by->id.v), DB(from)), NULL);
	return db_run(tx,
	    SQL("UPDATE delegation SET state = $4, ended_at = $5, ended_by = $2 WHERE patient = $1 AND delegate = $2"
		" AND id <> $3 AND state = 10"),
	    BIND(DB(by->patient.v), DB(by->delegate.v), DB(by->id.v), DB((int)DELEGATION_REPLACED), DB(tx->cx->now)),
	    NULL);
}

/* ---- reading ---- */

fallible
delegation_row_by_code(struct cx *cx, struct uuid code, struct delegation *out, bool *found)
{
	TRY(db_maybe(cx,
	    SQL("SELECT " COLUMNS " FROM delegation d WHERE d.code = $1 AND d.state = 0 AND d.code_ends > $2"
		" AND d.until > $2"),
	    BIND(DB(code), DB(cx->now)), INTO(out, DELEGATION), found));
	return *found ? open_words(cx, out) : NULL;
}

fallible
delegation_row_get(struct cx *cx, patient_id patient, delegation_id id, struct delegation *out, bool *found)
{
	TRY(db_maybe(cx, SQL("SELECT " COLUMNS " FROM delegation d WHERE d.patient = $1 AND d.id = $2"),
	    BIND(DB(patient.v), DB(id.v)), INTO(out, DELEGATION), found));
	return *found ? open_words(cx, out) : NULL;
}

fallible
delegation_row_held(struct cx *cx, account_id delegate, delegation_id id, struct delegation *out, bool *found)
{
	TRY(db_maybe(cx,
	    SQL("SELECT " COLUMNS " FROM delegation d WHERE d.delegate = $1 AND d.state = 10 AND d.id = $2"
		" AND d.until > $3"),
	    BIND(DB(delegate.v), DB(id.v), DB(cx->now)), INTO(out, DELEGATION), found));
	return *found ? open_words(cx, out) : NULL;
}

fallible
delegation_rows_given(struct cx *cx, patient_id patient, struct db_rows *out)
{
	TRY(db_all(cx, SQL("SELECT " COLUMNS " FROM delegation d WHERE d.patient = $1 ORDER BY d.id DESC LIMIT 200"),
	    BIND(DB(patient.v)), ROWS(struct delegation, DELEGATION), out));
	return open_rows(cx, out);
}

fallible
delegation_rows_of(struct cx *cx, account_id delegate, struct db_rows *out)
{
	TRY(db_all(cx,
	    SQL("SELECT " COLUMNS " FROM delegation d WHERE d.delegate = $1 AND d.state = 10 AND d.until > $2"
		" ORDER BY d.id DESC LIMIT 200"),
	    BIND(DB(delegate.v), DB(cx->now)), ROWS(struct delegation, DELEGATION), out));
	return open_rows(cx, out);
}

fallible
delegation_rows_over(struct cx *cx, patient_id patient, struct db_rows *out)
{
	TRY(db_all(cx,
	    SQL("SELECT " COLUMNS " FROM delegation d JOIN account a ON a.id = d.delegate AND a.active = 1"
		" WHERE d.patient = $1 AND d.state = 10 AND d.since <= $2 AND d.until > $2 ORDER BY d.id DESC LIMIT "
		"$3"),
	    BIND(DB(patient.v), DB(cx->now), DB(DELEGATIONS_MAX)), ROWS(struct delegation, DELEGATION), out));
	return open_rows(cx, out);
}

fallible
delegation_row_count(struct cx *cx, patient_id patient, int64_t *out)
{
	return db_one(cx,
	    SQL("SELECT count(*) FROM delegation WHERE patient = $1 AND until > $2"
		" AND (state = 10 OR (state = 0 AND code_ends > $2))"),
	    BIND(DB(patient.v), DB(cx->now)), INTO(out, ONE_INT));
}
