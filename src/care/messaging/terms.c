/* SPDX-License-Identifier: Apache-2.0 */
/* Patients write messages once they agreed to the terms, and until they switch messages off; every yes and no is kept.  Who
 * acts for a patient writes when both have agreed: the patient, and they themself for this patient. */
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

/* The patient's yes is for the patient; who acts for them says their own beside it. */
fallible
messaging_terms_mine(struct cx *cx, bool *yes)
{
	int64_t version;

	if (!(cx->who.is & WHO_DELEGATE))
		return messaging_opted_in(cx, cx->who.patient, yes);
	TRY(delegate_terms_row_get(cx, cx->who.patient, cx->who.account, &version));
	*yes = version == MESSAGING_TERMS_VERSION;
	return NULL;
}

fallible
messaging_terms_check(struct cx *cx, patient_id patient)
{
	bool yes;

	TRY(messaging_opted_in(cx, patient, &yes));
	if (!yes && (cx->who.is & WHO_DELEGATE))
		return ERR(ERR_INVALID,
		    TR("Messages are switched off here. Only the person you act for can switch them on."),
		    "the patient has not accepted the terms");
	if (yes)
		TRY(messaging_terms_mine(cx, &yes));
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

	enum access_why why;

	/* A delegate says yes for themself only; switching off is the patient's. */
	TRY(access_check(
	    tx->cx, patient, in->accepted && (tx->cx->who.is & WHO_DELEGATE) ? RIGHT_MESSAGES_WRITE : RIGHT_OWN, &why));
	audit_add(tx, &(struct audit){.action = AUDIT_UPDATE,
			  .subject = AUDIT_MESSAGES,
			  .patient = patient,
			  .item = tx->cx->who.account.v,
			  .why = why});
	return why == ACCESS_DELEGATE ? delegate_terms_row_put(tx, patient, tx->cx->who.account)
	                              : messaging_terms_record(tx, patient, tx->cx->who.account, in->accepted);
}

fallible
messaging_terms_choose(struct cx *cx, bool accepted)
{
	if (uuid_is_none(cx->who.patient.v))
		return NOT_FOUND;
	return db_write(cx, choose, &(struct choosing){accepted});
}
