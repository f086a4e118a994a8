/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/consent/consent_internal.h"

fallible
access_lookup(struct cx *cx, patient_id patient, enum access_why *why)
{
	int64_t best = ACCESS_NONE;
	bool found;

	TRY(db_maybe(cx,
	    SQL("SELECT v.why FROM visible_patient v"
		" WHERE v.account = $1 AND v.patient = $2 AND v.since <= $3 AND v.until > $3 ORDER BY v.why LIMIT 1"),
	    BIND(DB(cx->who.account.v), DB(patient.v), DB(cx->now)), INTO(&best, ONE_INT), &found));
	*why = (enum access_why)best;
	return NULL;
}
