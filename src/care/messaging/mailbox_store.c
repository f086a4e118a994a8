/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the patient's mailbox: terms. */
#include "care/messaging/messaging_store.h"

static const struct db_column TERMS[] = {
    COL(struct terms_row, accepted), COL(struct terms_row, version), COL(struct terms_row, at)};

fallible
terms_row_get(struct cx *cx, patient_id patient, struct terms_row *out, bool *found)
{
	return db_maybe(cx,
	    SQL("SELECT accepted, version, at FROM messaging_terms WHERE patient = $1 ORDER BY at DESC LIMIT 1"),
	    BIND(DB(patient.v)), INTO(out, TERMS), found);
}

fallible
terms_row_add(struct tx *tx, patient_id patient, account_id account, bool accepted)
{
	return db_run(tx,
	    SQL("INSERT INTO messaging_terms (patient, at, account, accepted, version) VALUES ($1, $2, $3, $4, $5)"
		" ON CONFLICT (patient, at) DO UPDATE SET account = excluded.account, accepted = excluded.accepted,"
		" version = excluded.version"),
	    BIND(DB(patient.v), DB(tx->cx->now), DB(account.v), DB(accepted), DB(MESSAGING_TERMS_VERSION)), NULL);
}
