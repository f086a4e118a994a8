/* SPDX-License-Identifier: Apache-2.0 */
/* What those who run teams look through from time to time: what is empty, over or forgotten; and what of blocks there ever was
 * for one patient.  Reads only; the caller has asked office_check. */
#ifndef SALVE_ORGANIZATION_REVIEW_H
#define SALVE_ORGANIZATION_REVIEW_H

#include "care/organization/organization.h"

/* An active team and what it lacks. */
struct team_health {
	team_id team;
	str name;
	bool takes_messages;
	int64_t open_days;
	instant made;
	int64_t members, patients; /* now; members whose account is on */
	bool led;                  /* the lead provider is one of them */
};
fallible teams_health(struct cx *cx, facility_id facility, struct db_rows *out); /* struct team_health, by name */

/* Members of active teams whose account is off, or who did not sign in since `since` (and had an account before); one row for
 * each of their teams, by account. */
struct idle_member {
	account_id account;
	team_id team;
	bool active;
	instant signed_in; /* none: never */
};
fallible members_idle(struct cx *cx, facility_id facility, instant since, int64_t count_max, struct db_rows *out);

/* Associations that ended since `since` and left the patient without any team of the facility; struct association without
 * reason, last ended first. */
fallible
associations_expired(struct cx *cx, facility_id facility, instant since, int64_t count_max, struct db_rows *out);
/* Those by hand that stand, though whoever made them is gone: their account is off. */
fallible associations_unvouched(struct cx *cx, facility_id facility, int64_t count_max, struct db_rows *out);

/* Those who stand in: over since `since`; or not over, but the account that stands in is off or the team that stands in is
 * closed (`broken`). struct surrogate without names. */
fallible surrogates_to_review(
    struct cx *cx, facility_id facility, instant since, bool broken, int64_t count_max, struct db_rows *out);

/* Distribution groups without anybody whose account is on; struct distribution_group. */
fallible distribution_groups_empty(struct cx *cx, facility_id facility, int64_t count_max, struct db_rows *out);

/* Blocks of a patient, also those that ended; struct block without note, newest first. */
fallible blocks_ever(struct cx *cx, patient_id patient, int64_t count_max, struct db_rows *out);

#endif
