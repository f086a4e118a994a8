/* SPDX-License-Identifier: Apache-2.0 */
/* Care teams (PACT teamlets and others): members, panels, and whether they take messages.  A team that takes messages is
 * what My HealtheVet calls a triage group. */
#ifndef SALVE_ORGANIZATION_H
#define SALVE_ORGANIZATION_H

#include "trust/identity/identity.h"

#define TEAM_NAME_CHARS_MAX 80

/* How a patient came to a team (stored as numbers). */
enum care_relation { RELATION_PANEL = 0, RELATION_CLINIC = 1, RELATION_TEAM_LIST = 2, RELATION_BY_HAND = 6 };

struct team {
	team_id id;
	facility_id facility;
	str name;        /* as patients read it: "Maple Team" */
	str care;        /* kind of care: "Primary care" */
	str place;       /* "Cedar Valley Clinic, 2nd floor" */
	account_id lead; /* may be none */
	bool takes_messages, active;
	int64_t relation; /* enum care_relation; filled by teams_of_patient only */
};

/* Refuses names that a patient cannot read: ERR_INVALID for bare codes such as "REN PAC 03 WH", empty or too long names. */
fallible team_check(struct cx *cx, const struct team *team);
fallible
team_create(struct tx *tx, const struct team *team); /* id given by the caller; checked before with team_check */
fallible team_get(struct cx *cx, team_id id, struct team *out);
fallible team_list(struct cx *cx, facility_id facility, struct db_rows *out); /* struct team, by name */

fallible team_add_member(struct tx *tx, team_id team, account_id account);
/* ERR_CONFLICT for the last member of a team that takes messages: somebody must answer. */
fallible team_remove_member(struct tx *tx, team_id team, account_id account);
fallible team_add_patient(struct tx *tx, team_id team, patient_id patient, enum care_relation relation);
fallible team_remove_patient(struct tx *tx, team_id team, patient_id patient);

struct team_member {
	account_id account;
	int64_t role; /* enum staff_role */
	str name, title;
};
fallible team_members(struct cx *cx, team_id team, struct db_rows *out);           /* active ones, by role */
fallible team_member_accounts(struct cx *cx, team_id team, struct db_rows *out);   /* account_id, active ones */
fallible teams_of_account(struct cx *cx, account_id account, struct db_rows *out); /* struct team, active ones */
/* Active teams caring for the patient; with `taking_messages` only those the patient may write to: active, taking messages,
 * with at least one active member. Primary care first, then by name. */
fallible teams_of_patient(struct cx *cx, patient_id patient, bool taking_messages, struct db_rows *out);
fallible team_has_member(struct cx *cx, team_id team, account_id account, bool *out);

#endif
