/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of access: by what right may what be done. */
#include "platform/pages/i18n.h"
#include "trust/consent/consent_internal.h"

#define NOT_YOURS                                                                                        \
	ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.", \
	    "no access to this patient")

const char *
access_right_words(enum access_right right)
{
	switch (right) {
	case RIGHT_MESSAGES_READ: return TR("Read messages");
	case RIGHT_MESSAGES_WRITE: return TR("Write messages");
	case RIGHT_RECORD_READ: return TR("See the health record");
	case RIGHT_PRESCRIPTIONS: return TR("Refill medicines");
	case RIGHT_APPOINTMENTS: return TR("Make and change appointments");
	case RIGHT_JOURNAL_WRITE: return TR("Write in the health log");
	case RIGHT_OWN: break;
	}
	return NULL;
}

fallible
access_rights_acting(struct cx *cx, unsigned *out)
{
	*out = 0;
	if (!(cx->who.is & WHO_DELEGATE) || uuid_is_none(cx->who.patient.v))
		return NULL;
	return delegation_row_rights(cx, cx->who.patient, cx->who.account, out);
}

/* A delegate acts for one patient at a time; what they hold for others, and their own record, is out of reach meanwhile. */
static fallible
check_delegate(struct cx *cx, patient_id patient, enum access_right right, enum access_why *why)
{
	unsigned given;

	if (!uuid_equal(patient.v, cx->who.patient.v))
		return NOT_YOURS;
	TRY(access_rights_acting(cx, &given));
	if ((given & (unsigned)right) == (unsigned)right) {
		*why = ACCESS_DELEGATE;
		return NULL;
	}
	if (right == RIGHT_MESSAGES_WRITE && (given & RIGHT_MESSAGES_READ))
		return ERR(ERR_DENIED,
		    TR("You may read these messages, but not write. The person you act for can change that."),
		    "a delegate who may only read messages");
	if (right == RIGHT_PRESCRIPTIONS && (given & RIGHT_RECORD_READ))
		return ERR(ERR_DENIED,
		    TR("You may see these medicines, but not ask for refills. The person you act for can change that."),
		    "a delegate who may only see the record");
	return NOT_YOURS;
}

static fallible
find_right(struct cx *cx, patient_id patient, enum access_why *why)
{
	if (cx->who.is & WHO_SYSTEM) {
		*why = ACCESS_SYSTEM;
		return NULL;
	}
	return access_lookup(cx, patient, why);
}

fallible
access_check(struct cx *cx, patient_id patient, enum access_right right, enum access_why *why)
{
	enum access_why found;

	if (cx->who.is & WHO_DELEGATE)
		return check_delegate(cx, patient, right, why);
	TRY(find_right(cx, patient, &found));
	if (found == ACCESS_NONE || (right == RIGHT_OWN && found != ACCESS_SELF))
		return NOT_YOURS;
	*why = found;
	return NULL;
}

fallible
access_check_write(struct cx *cx, patient_id patient, enum access_why *why)
{
	enum access_why found;

	TRY(access_check(cx, patient, RIGHT_RECORD_READ, &found));
	if (access_is_patient_side(found))
		return ERR(ERR_DENIED,
		    "The clinical record is written by your care team. Send them a message if something in it is "
		    "wrong.",
		    "the caller may read but not write this record");
	*why = found;
	return NULL;
}

fallible
office_check(struct cx *cx, facility_id facility)
{
	if (cx->who.is & WHO_SYSTEM)
		return NULL;
	if ((cx->who.is & (WHO_COORDINATOR | WHO_ADMINISTRATOR)) && uuid_equal(cx->who.facility.v, facility.v))
		return NULL;
	return NOT_YOURS;
}
