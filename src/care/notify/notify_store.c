/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of addresses, and the mail server's setting. */
#include "care/notify/notify_internal.h"

static const struct db_column ROW[] = {
    COL_BYTES(struct mail_row, address), COL(struct mail_row, last_notice), COL(struct mail_row, bounced_at)};

fallible
mail_row_get(struct cx *cx, account_id account, struct mail_row *out, bool *found)
{
	return db_maybe(cx, SQL("SELECT address, last_notice, bounced_at FROM mail_address WHERE account = $1"),
	    BIND(DB(account.v)), INTO(out, ROW), found);
}

fallible
mail_row_put(struct tx *tx, account_id account, str sealed)
{
	return db_run(tx,
	    SQL("INSERT INTO mail_address (account, address) VALUES ($1, $2)"
		" ON CONFLICT (account) DO UPDATE SET address = excluded.address,"
		" bounced_at = NULL, bounced_answer = NULL, last_notice = NULL"),
	    BIND(DB(account.v), db_bytes(sealed)), NULL);
}

fallible
mail_row_delete(struct tx *tx, account_id account)
{
	return db_run(tx, SQL("DELETE FROM mail_address WHERE account = $1"), BIND(DB(account.v)), NULL);
}

fallible
mail_row_noticed(struct tx *tx, account_id account)
{
	return db_run(tx, SQL("UPDATE mail_address SET last_notice = $2 WHERE account = $1"),
	    BIND(DB(account.v), DB(tx->cx->now)), NULL);
}

fallible
mail_settings_row_get(struct cx *cx, str *sealed, bool *found)
{
	return db_maybe(
	    cx, SQL("SELECT value FROM installation WHERE name = 'mail'"), BIND_NONE, INTO(sealed, ONE_BYTES), found);
}

fallible
mail_settings_row_put(struct tx *tx, str sealed)
{
	return db_run(tx,
	    SQL("INSERT INTO installation (name, value) VALUES ('mail', $1)"
		" ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
	    BIND(db_bytes(sealed)), NULL);
}

fallible
mail_row_bounced(struct tx *tx, account_id account, int64_t answer)
{
	return db_run(tx, SQL("UPDATE mail_address SET bounced_at = $2, bounced_answer = $3 WHERE account = $1"),
	    BIND(DB(account.v), DB(tx->cx->now), DB(answer)), NULL);
}

static const struct db_column TROUBLE[] = {
    COL(struct mail_trouble, account.v), COL(struct mail_trouble, since), COL(struct mail_trouble, answer)};

fallible
mail_trouble_of(struct cx *cx, account_id account, struct mail_trouble *out, bool *found)
{
	return db_maybe(cx,
	    SQL("SELECT account, bounced_at, bounced_answer FROM mail_address"
		" WHERE account = $1 AND bounced_at IS NOT NULL"),
	    BIND(DB(account.v)), INTO(out, TROUBLE), found);
}

fallible
mail_troubles(struct cx *cx, facility_id facility, int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT m.account, m.bounced_at, m.bounced_answer FROM mail_address m JOIN account a ON a.id = "
		"m.account"
		" WHERE m.bounced_at IS NOT NULL AND a.facility = $1 ORDER BY m.bounced_at DESC LIMIT $2"),
	    BIND(DB(facility.v), DB(count_max)), ROWS(struct mail_trouble, TROUBLE), out);
}
