/* SPDX-License-Identifier: Apache-2.0 */
/* Patients write messages once they agreed to the terms, and until they switch messages off.  Every yes and no is kept. */
#include "care/messaging/messaging_store.h"

fallible
messaging_opted_in(struct cx *cx, patient_id patient, bool *yes)
{
	struct terms_row row;
	bool found;

	TRY(terms_row_get(cx, patient, &row, &found));
	*yes = found && row.accepted && row.version == MESSAGING_TERMS_VERSION;
	return NULL;
}

fallible
messaging_terms_check(struct cx *cx, patient_id patient)
{
	bool yes;

	TRY(messaging_opted_in(cx, patient, &yes));
	if (yes)
		return NULL;
	return ERR(ERR_INVALID, TR("To write messages, first read and accept the terms of messages."),
	    "the terms are not accepted");
}

fallible
messaging_terms_record(struct tx *tx, patient_id patient, account_id account, bool accepted)
{
	return terms_row_add(tx, patient, account, accepted);
}

struct choosing {
	bool accepted;
};

static const struct err *
choose(struct tx *tx, void *arg)
{
	const struct choosing *in = arg;
	patient_id patient = tx->cx->who.patient;

	TRY(messaging_terms_record(tx, patient, tx->cx->who.account, in->accepted));
	audit_add(tx, &(struct audit){.action = AUDIT_UPDATE,
			  .subject = AUDIT_MESSAGES,
			  .patient = patient,
			  .item = tx->cx->who.account.v,
			  .why = ACCESS_SELF});
	return NULL;
}

fallible
messaging_terms_choose(struct cx *cx, bool accepted)
{
	enum access_why why;

	if (uuid_is_none(cx->who.patient.v))
		return NOT_FOUND;
	TRY(access_check(cx, cx->who.patient, RIGHT_OWN, &why));
	return db_write(cx, choose, &(struct choosing){accepted});
}
