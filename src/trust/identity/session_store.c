/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of sessions, sign-in links and tokens for programs.  Only hashes of secrets are stored. */
#include "trust/identity/identity_internal.h"

static str
hash_str(const struct token_hash *hash)
{
	return (str){(const char *)hash->bytes, sizeof(hash->bytes)};
}

static const struct db_column SESSION[] = {COL(struct session_row, id.v), COL(struct session_row, account.v),
    COL(struct session_row, seen), COL(struct session_row, ends), COL(struct session_row, kind),
    COL(struct session_row, lang), COL(struct session_row, facility.v), COL(struct session_row, patient.v),
    COL(struct session_row, active), COL(struct session_row, acting.v)};

fallible
session_row_find(struct cx *cx, struct token_hash hash, struct session_row *out)
{
	return db_one(cx,
	    SQL("SELECT s.id, s.account, s.seen, s.ends, a.kind, a.lang, a.facility, a.patient, a.active, s.acting"
		" FROM session s JOIN account a ON a.id = s.account WHERE s.token = $1"),
	    BIND(db_bytes(hash_str(&hash))), INTO(out, SESSION));
}

fallible
session_row_add(struct tx *tx, session_id id, struct token_hash hash, account_id account, instant ends)
{
	TRY(db_run(tx,
	    SQL("INSERT INTO session (id, token, account, made, seen, ends) VALUES ($1, $2, $3, $4, $4, $5)"),
	    BIND(DB(id.v), db_bytes(hash_str(&hash)), DB(account.v), DB(tx->cx->now), DB(ends)), NULL));
	return db_run(
	    tx, SQL("UPDATE account SET signed_in = $2 WHERE id = $1"), BIND(DB(account.v), DB(tx->cx->now)), NULL);
}

fallible
session_row_touch(struct tx *tx, session_id id)
{
	return db_run(
	    tx, SQL("UPDATE session SET seen = $2 WHERE id = $1 AND seen < $2"), BIND(DB(id.v), DB(tx->cx->now)), NULL);
}

fallible
session_row_act(struct tx *tx, session_id id, patient_id patient)
{
	return db_run(tx, SQL("UPDATE session SET acting = $2 WHERE id = $1"), BIND(DB(id.v), DB(patient.v)), NULL);
}

fallible
session_row_delete(struct tx *tx, session_id id)
{
	return db_run(tx, SQL("DELETE FROM session WHERE id = $1"), BIND(DB(id.v)), NULL);
}

fallible
session_rows_delete(struct tx *tx, account_id account, session_id but)
{
	return db_run(tx, SQL("DELETE FROM session WHERE account = $1 AND ($2 IS NULL OR id <> $2)"),
	    BIND(DB(account.v), DB(but.v)), NULL);
}

fallible
session_rows_purge(struct tx *tx)
{
	TRY(db_run(tx, SQL("DELETE FROM session WHERE ends < $1"), BIND(DB(tx->cx->now)), NULL));
	return db_run(tx, SQL("DELETE FROM sign_in_link WHERE ends < $1"), BIND(DB(tx->cx->now)), NULL);
}

fallible
link_row_add(struct tx *tx, struct token_hash hash, account_id account, enum link_purpose purpose, instant ends)
{
	return db_run(tx, SQL("INSERT INTO sign_in_link (token, account, purpose, ends) VALUES ($1, $2, $3, $4)"),
	    BIND(db_bytes(hash_str(&hash)), DB(account.v), DB((int)purpose), DB(ends)), NULL);
}

fallible
link_row_find(struct cx *cx, struct token_hash hash, enum link_purpose purpose, account_id *out)
{
	return db_one(cx,
	    SQL("SELECT l.account FROM sign_in_link l JOIN account a ON a.id = l.account"
		" WHERE l.token = $1 AND l.purpose = $2 AND l.ends > $3 AND a.active = 1"),
	    BIND(db_bytes(hash_str(&hash)), DB((int)purpose), DB(cx->now)), INTO(&out->v, ONE_UUID));
}

/* ---- tokens for programs ---- */

struct token_row {
	struct uuid id;
	account_id account;
	struct token_hash hash;
	str label, scope;
	instant ends;
};

static const struct err *
add_token(struct tx *tx, void *arg)
{
	const struct token_row *in = arg;

	return db_run(tx,
	    SQL("INSERT INTO api_token (id, token, account, label, scope, made_by, made, ends)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
	    BIND(DB(in->id), db_bytes(hash_str(&in->hash)), DB(in->account.v), DB(in->label), DB(in->scope),
		DB(uuid_is_none(tx->cx->who.account.v) ? in->account.v : tx->cx->who.account.v), DB(tx->cx->now),
		DB(in->ends)),
	    NULL);
}

fallible
api_token_make(struct cx *cx, account_id account, str label, str scope, int64_t ms, str *token)
{
	str fresh = token_new(cx->arena);
	struct token_row row = {.id = uuid_new(cx->now),
	    .account = account,
	    .hash = token_hash_of(fresh),
	    .label = label,
	    .scope = scope,
	    .ends = instant_add_ms(cx->now, ms)};

	TRY(db_write(cx, add_token, &row));
	*token = fresh;
	return NULL;
}

struct token_holder {
	account_id account;
	int64_t kind, lang;
	facility_id facility;
	patient_id patient;
	str scope;
};
static const struct db_column HOLDER[] = {COL(struct token_holder, account.v), COL(struct token_holder, kind),
    COL(struct token_holder, lang), COL(struct token_holder, facility.v), COL(struct token_holder, patient.v),
    COL(struct token_holder, scope)};

fallible
api_token_find(struct cx *cx, str token)
{
	struct token_hash hash = token_hash_of(token);
	struct token_holder holder;

	TRY(db_one(cx,
	    SQL("SELECT t.account, a.kind, a.lang, a.facility, a.patient, t.scope"
		" FROM api_token t JOIN account a ON a.id = t.account"
		" WHERE t.token = $1 AND t.ends > $2 AND t.revoked IS NULL AND a.active = 1"),
	    BIND(db_bytes(hash_str(&hash)), DB(cx->now)), INTO(&holder, HOLDER)));
	cx->who = (struct who){.is = (unsigned)holder.kind,
	    .account = holder.account,
	    .facility = holder.facility,
	    .patient = holder.patient,
	    .scope = holder.scope};
	cx->lang = (enum lang)holder.lang;
	return NULL;
}

static const struct db_column TOKEN[] = {COL(struct api_token, id), COL(struct api_token, account.v),
    COL(struct api_token, label), COL(struct api_token, scope), COL(struct api_token, made),
    COL(struct api_token, ends), COL(struct api_token, revoked)};

fallible
api_token_list(struct cx *cx, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT id, account, label, scope, made, ends, revoked FROM api_token WHERE made_by = $1"
		" ORDER BY made DESC LIMIT 200"),
	    BIND(DB(cx->who.account.v)), ROWS(struct api_token, TOKEN), out);
}

static const struct err *
revoke_token(struct tx *tx, void *arg)
{
	int64_t changed;

	TRY(db_run(tx, SQL("UPDATE api_token SET revoked = $3 WHERE id = $1 AND made_by = $2 AND revoked IS NULL"),
	    BIND(DB(*(struct uuid *)arg), DB(tx->cx->who.account.v), DB(tx->cx->now)), &changed));
	return changed ? NULL : ERR(ERR_GONE, "This token is not yours, or was revoked already.", "no such token");
}

fallible
api_token_revoke(struct cx *cx, struct uuid id)
{
	return db_write(cx, revoke_token, &id);
}
