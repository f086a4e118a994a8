/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of access, in one table: by what right may what be done. */
#include "trust/consent/consent_internal.h"

#define NOT_YOURS                                                                                        \
	ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.", \
	    "no access to this patient")

/* What each right allows. */
static const struct {
	bool read, write;
} rights[] = {
    [ACCESS_NONE] = {false, false},
    [ACCESS_SELF] = {true, false},
    [ACCESS_CARE_TEAM] = {true, true},
    [ACCESS_SYSTEM] = {true, true},
};

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
access_check(struct cx *cx, patient_id patient, enum access_why *why)
{
	enum access_why found;

	TRY(find_right(cx, patient, &found));
	if (!rights[found].read)
		return NOT_YOURS;
	*why = found;
	return NULL;
}

fallible
access_check_write(struct cx *cx, patient_id patient, enum access_why *why)
{
	enum access_why found;

	TRY(find_right(cx, patient, &found));
	if (!rights[found].read)
		return NOT_YOURS;
	if (!rights[found].write)
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
