/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of accounts. */
#include "trust/identity/identity_internal.h"

static const struct db_column ACCOUNT[] = {COL(struct account_row, id.v), COL(struct account_row, kind),
    COL(struct account_row, role), COL(struct account_row, facility.v), COL(struct account_row, patient.v),
    COL_BYTES(struct account_row, name), COL_BYTES(struct account_row, title), COL_BYTES(struct account_row, password),
    COL_BYTES(struct account_row, totp), COL(struct account_row, totp_step), COL(struct account_row, lang),
    COL(struct account_row, active), COL(struct account_row, failures), COL(struct account_row, blocked_until)};
#define ACCOUNT_COLUMNS                                                                                      \
	"id, kind, role, facility, patient, name, title, password, totp, totp_step, lang, active, failures," \
	" blocked_until"

fallible
account_put(struct tx *tx, const struct account_sealed *in)
{
	int64_t added;

	TRY(db_run(tx,
	    SQL("INSERT INTO account (id, kind, role, facility, patient, login, name, title, password, totp_step, "
		"lang, active,"
		" failures, made) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, 1, 0, $11) ON CONFLICT DO "
		"NOTHING"),
	    BIND(DB(in->id.v), DB(in->for_others ? (unsigned)WHO_DELEGATE : staff_role_kind(in->role)),
		DB((int)in->role), DB(in->facility.v), DB(in->patient.v), DB(in->login), db_bytes(in->name),
		db_bytes(in->title), db_bytes(in->password), DB((int)in->lang), DB(tx->cx->now)),
	    &added));
	return added ? NULL : ERR(ERR_CONFLICT, "This sign-in name is taken. Choose another one.", "login is taken");
}

fallible
account_row_get(struct cx *cx, account_id id, struct account_row *out)
{
	return db_one(
	    cx, SQL("SELECT " ACCOUNT_COLUMNS " FROM account WHERE id = $1"), BIND(DB(id.v)), INTO(out, ACCOUNT));
}

fallible
account_row_by_login(struct cx *cx, struct uuid login, struct account_row *out, bool *found)
{
	return db_maybe(cx, SQL("SELECT " ACCOUNT_COLUMNS " FROM account WHERE login = $1"), BIND(DB(login)),
	    INTO(out, ACCOUNT), found);
}

fallible
account_of_patient(struct cx *cx, patient_id patient, struct account *out, bool *found)
{
	struct account_row row;

	TRY(db_maybe(cx, SQL("SELECT " ACCOUNT_COLUMNS " FROM account WHERE patient = $1 ORDER BY id"),
	    BIND(DB(patient.v)), INTO(&row, ACCOUNT), found));
	return *found ? account_open(cx, &row, out) : NULL;
}

fallible
account_list(struct cx *cx, facility_id facility, struct db_rows *out)
{
	struct db_rows rows;
	const struct account_row *row;
	struct account *accounts;

	TRY(db_all(cx,
	    SQL("SELECT " ACCOUNT_COLUMNS " FROM account WHERE facility = $1 AND role > 0 ORDER BY role, id"),
	    BIND(DB(facility.v)), ROWS(struct account_row, ACCOUNT), &rows));
	row = rows.items;
	accounts = ARENA_ARRAY(cx->arena, struct account, rows.count);
	for (size_t i = 0; i < rows.count; i++)
		TRY(account_open(cx, &row[i], &accounts[i]));
	*out = (struct db_rows){accounts, rows.count};
	return NULL;
}

fallible
account_note_failure(struct tx *tx, account_id id, int64_t failures, instant blocked_until)
{
	return db_run(tx, SQL("UPDATE account SET failures = $2, blocked_until = $3 WHERE id = $1"),
	    BIND(DB(id.v), DB(failures), DB(blocked_until)), NULL);
}

fallible
account_note_success(struct tx *tx, account_id id, int64_t totp_step)
{
	int64_t changed;

	/* A code counts once: two browsers with the same code at the same moment are not both let in. */
	TRY(db_run(tx,
	    SQL("UPDATE account SET failures = 0, blocked_until = NULL, totp_step = $2"
		" WHERE id = $1 AND (totp_step < $2 OR $2 = 0)"),
	    BIND(DB(id.v), DB(totp_step)), &changed));
	return changed
	           ? NULL
	           : ERR(ERR_DENIED, "This code was used already. Wait for the next one, it comes within 30 seconds.",
			 "one-time code used twice");
}

fallible
account_store_totp(struct tx *tx, account_id id, str sealed, int64_t step)
{
	return db_run(tx, SQL("UPDATE account SET totp = $2, totp_step = $3 WHERE id = $1"),
	    BIND(DB(id.v), db_bytes(sealed), DB(step)), NULL);
}

fallible
account_store_password(struct tx *tx, account_id id, str sealed)
{
	return db_run(tx, SQL("UPDATE account SET password = $2, failures = 0, blocked_until = NULL WHERE id = $1"),
	    BIND(DB(id.v), db_bytes(sealed)), NULL);
}

fallible
account_set_active(struct tx *tx, account_id id, bool active)
{
	TRY(db_run(tx, SQL("UPDATE account SET active = $2 WHERE id = $1"), BIND(DB(id.v), DB(active)), NULL));
	return active ? NULL : session_rows_delete(tx, id, (session_id){{{0}}});
}

fallible
account_set_lang(struct tx *tx, account_id id, enum lang lang)
{
	return db_run(tx, SQL("UPDATE account SET lang = $2 WHERE id = $1"), BIND(DB(id.v), DB((int)lang)), NULL);
}

fallible
simulated_mark(struct tx *tx)
{
	return db_run(
	    tx, SQL("INSERT INTO installation (name, value) VALUES ('simulated', $1)"), BIND(db_bytes(S("yes"))), NULL);
}

fallible
simulated_is(struct cx *cx, bool *out)
{
	int64_t n;

	TRY(db_one(
	    cx, SQL("SELECT count(*) FROM installation WHERE name = 'simulated'"), BIND_NONE, INTO(&n, ONE_INT)));
	*out = n > 0;
	return NULL;
}
