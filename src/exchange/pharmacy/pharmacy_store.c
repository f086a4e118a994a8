/* SPDX-License-Identifier: Apache-2.0 */
/* Where the pharmacy is. */
#include "exchange/pharmacy/pharmacy_internal.h"

fallible
pharmacy_row_get(struct cx *cx, str *sealed, bool *found)
{
	return db_maybe(cx, SQL("SELECT value FROM installation WHERE name = 'pharmacy'"), BIND_NONE,
	    INTO(sealed, ONE_BYTES), found);
}

fallible
pharmacy_row_put(struct tx *tx, str sealed)
{
	return db_run(tx,
	    SQL("INSERT INTO installation (name, value) VALUES ('pharmacy', $1)"
		" ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
	    BIND(db_bytes(sealed)), NULL);
}
