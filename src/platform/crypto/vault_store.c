/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of wrapped keys, and which key this database was made with. */
#include "platform/crypto/vault_internal.h"

fallible
key_check_get(struct cx *cx, str *out, bool *found)
{
	return db_maybe(
	    cx, SQL("SELECT value FROM installation WHERE name = 'key_check'"), BIND_NONE, INTO(out, ONE_BYTES), found);
}

const struct err *
key_check_put(struct tx *tx, void *arg)
{
	return db_run(tx,
	    SQL("INSERT INTO installation (name, value) VALUES ('key_check', $1) ON CONFLICT (name) DO NOTHING"),
	    BIND(db_bytes(*(str *)arg)), NULL);
}

fallible
wrapped_key_get(struct cx *cx, struct uuid owner, str *out, bool *found)
{
	return db_maybe(
	    cx, SQL("SELECT wrapped FROM vault_key WHERE owner = $1"), BIND(DB(owner)), INTO(out, ONE_BYTES), found);
}

fallible
wrapped_key_add(struct tx *tx, struct uuid owner, str wrapped)
{
	return db_run(tx,
	    SQL("INSERT INTO vault_key (owner, wrapped, made) VALUES ($1, $2, $3) ON CONFLICT (owner) DO NOTHING"),
	    BIND(DB(owner), db_bytes(wrapped), DB(tx->cx->now)), NULL);
}

fallible
wrapped_key_delete(struct tx *tx, struct uuid owner)
{
	return db_run(tx, SQL("DELETE FROM vault_key WHERE owner = $1"), BIND(DB(owner)), NULL);
}
