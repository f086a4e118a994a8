/* SPDX-License-Identifier: Apache-2.0 */
/* Care teams (PACT teamlets and others): members, panels, and whether they take messages.  A team that takes messages is
 * what My HealtheVet calls a triage group. */
#ifndef SALVE_ORGANIZATION_H
#define SALVE_ORGANIZATION_H

#include "platform/http/http.h"
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
	bool needs_signature;          /* what patients send must carry an electronic signature */
	int64_t open_days;             /* bits 1 << weekday, Sunday first; 0: the team says no hours */
	int64_t open_from, open_until; /* minutes of the day */
	int64_t relation;              /* enum care_relation; filled by teams_of_patient only */
};

/* ---- teams ---- */

/* Refuses names that a patient cannot read: ERR_INVALID for bare codes such as "REN PAC 03 WH", empty or too long names, and
 * hours that end before they begin. */
fallible team_check(struct cx *cx, const struct team *team);
fallible
team_create(struct tx *tx, const struct team *team); /* id given by the caller; checked before with team_check */
fallible team_update(struct tx *tx, const struct team *team); /* all but id, facility and active; checked before */
fallible team_close(struct tx *tx, team_id id);               /* for good: nobody writes to it any more */
fallible team_get(struct cx *cx, team_id id, struct team *out);
fallible team_list(struct cx *cx, facility_id facility, struct db_rows *out); /* struct team, by name */
/* Which kinds of topics (enum message_category) go to the team; none: all. struct of one int64_t. */
fallible team_topics(struct cx *cx, team_id id, struct db_rows *out);
fallible team_topics_set(struct tx *tx, team_id id, const int64_t *topics, size_t count);
/* "Maple Team, primary care, Cedar Valley Clinic, with Ada Okafor": the one line by which a patient knows the team. */
fallible team_full_name(struct cx *cx, const struct team *team, str *out);

/* ---- who works in them ---- */

fallible team_add_member(struct tx *tx, team_id team, account_id account);
/* ERR_CONFLICT for the last member of a team that takes messages: somebody must answer. */
fallible team_remove_member(struct tx *tx, team_id team, account_id account);

struct team_member {
	account_id account;
	int64_t role; /* enum staff_role */
	str name, title;
};
fallible team_members(struct cx *cx, team_id team, struct db_rows *out); /* active ones, by role */
/* Who works for the team now: active members, and those who stand in for a member or for the team; account_id. */
fallible team_member_accounts(struct cx *cx, team_id team, struct db_rows *out);
fallible teams_of_account(struct cx *cx, account_id account, struct db_rows *out); /* struct team, active ones, now */
fallible team_has_member(struct cx *cx, team_id team, account_id account, bool *out); /* now, or standing in */

/* ---- whom they care for ---- */

fallible team_add_patient(struct tx *tx, team_id team, patient_id patient, enum care_relation relation);
fallible team_remove_patient(struct tx *tx, team_id team, patient_id patient);
/* Active teams caring for the patient; with `taking_messages` only those the patient may write to: active, taking messages,
 * with at least one active member or somebody who stands in, not blocked. Primary care first, then by name. */
fallible teams_of_patient(struct cx *cx, patient_id patient, bool taking_messages, struct db_rows *out);

/* Why a patient belongs to a team. */
struct association {
	patient_id patient;
	team_id team;
	int64_t relation; /* enum care_relation */
	instant since;
	instant until;      /* none: without end */
	account_id made_by; /* none: a feed */
	str reason;         /* may be absent */
	team_id came_from;  /* the closed team whose panel was taken over; may be none */
};
/* Make or change one; ends or begins anew what was there. ERR_INVALID for an end in the past or a reason too long. */
struct association_sealed;
fallible association_seal(struct cx *cx, const struct association *in, struct association_sealed **out);
fallible association_put(struct tx *tx, const struct association_sealed *in);
fallible
associations_of_patient(struct cx *cx, patient_id patient, struct db_rows *out); /* also past ones, newest first */
fallible team_panel_count(struct cx *cx, team_id team, int64_t *out);
/* Patients of the team now, after `after` in the order of ids; struct association without reason. */
fallible team_panel(struct cx *cx, team_id team, patient_id after, int64_t count_max, struct db_rows *out);
/* A team that closes hands its panel over, ends and all, or nobody belongs to it any more. */
fallible team_panel_move(struct tx *tx, team_id from, team_id to);
fallible team_panel_end(struct tx *tx, team_id team);

/* ---- who stands in (surrogates) ---- */

/* While somebody is away: they see what the absent one sees and are told what the absent one is told; what belongs to whom
 * does not change. Exactly one of account and team is away, exactly one of by_account and by_team stands in. */
struct surrogate {
	struct uuid id;
	facility_id facility;
	account_id account;
	team_id team;
	account_id by_account;
	team_id by_team;
	instant since, until;
	bool all_day; /* whole days of the facility's zone */
	account_id made_by;
	str away_name, by_name; /* filled by surrogate_list */
};
/* One's own absence, a team's by its members, anybody's by coordinators and administrators of the facility (ERR_GONE for
 * others). ERR_INVALID with words: nobody stands in for themselves; who stands in is not away then and who is away does not
 * stand in then, so that there are neither chains nor loops; one at a time stands in for somebody; the end is after the
 * beginning and to come. A beginning in the past becomes now. */
fallible surrogate_make(struct cx *cx, const struct surrogate *in);
/* Several, all or none: the same day in every week of a rota. */
fallible surrogate_make_all(struct cx *cx, const struct surrogate *in, size_t count);
#define SURROGATE_WEEKS_MAX 26
fallible surrogate_end(struct cx *cx, struct uuid id); /* at once; by whoever could make it */
/* Those of a facility that are not over, the next first; struct surrogate. */
fallible surrogate_list(struct cx *cx, facility_id facility, struct db_rows *out);
/* Who is away now and who stands in, for a page that shows members; found: there is one. */
fallible surrogate_of_account(struct cx *cx, account_id account, struct surrogate *out, bool *found);
/* [since, until) of whole days in a zone: from the first minute of the first to the last of the last, whatever the clocks do. */
void surrogate_days(const struct zone *zone, int32_t first, int32_t last, instant *since, instant *until);

/* ---- distribution groups: named lists of staff ---- */

#define DISTRIBUTION_MAX 200
struct distribution_group {
	struct uuid id;
	facility_id facility;
	str name;
};
/* Of the caller's facility, for all of its staff (ERR_GONE for others). */
fallible distribution_groups(struct cx *cx, struct db_rows *out); /* struct distribution_group, by name */
fallible distribution_group_members(struct cx *cx, struct uuid id, struct db_rows *out); /* account_id, active ones */
/* Make one (no id) or change it; by the facility's office. ERR_INVALID with words. */
fallible
distribution_group_save(struct cx *cx, const struct distribution_group *in, const account_id *members, size_t count);
fallible distribution_group_delete(struct cx *cx, struct uuid id);

/* ---- blocks ---- */

enum block_code { BLOCK_URGENT_USE = 1, BLOCK_THREATS, BLOCK_LANGUAGE, BLOCK_NOT_HEALTH, BLOCK_VOLUME, BLOCK_OTHER };
/* A patient who may not write to a team, or (team none) to any of the facility. Old messages stay readable. */
struct block {
	struct uuid id;
	patient_id patient;
	facility_id facility;
	team_id team;
	int64_t code; /* enum block_code */
	str note;     /* why, in words for colleagues; the patient does not see it */
	instant since, review;
	instant until; /* none: it stands */
	account_id made_by, ended_by;
};
/* Both for coordinators and administrators of the facility (ERR_GONE for others). ERR_INVALID with words for a code that is
 * none, a note too long, a review that is not to come within a year; ERR_CONFLICT when it is blocked already. */
fallible block_make(struct cx *cx, const struct block *in);
fallible block_end(struct cx *cx, patient_id patient, struct uuid id);
/* What keeps the patient from writing to the team now, with the note sealed; for everybody who asks on behalf of either. */
fallible block_find(struct cx *cx, patient_id patient, team_id team, struct block *out, bool *found);
/* The patient's own view and the coordinator's: those that stand; with the note opened for coordinators only. */
fallible blocks_of_patient(struct cx *cx, patient_id patient, struct db_rows *out);
/* Those of a facility that stand, the next to be reviewed first; struct block. */
fallible block_review_list(struct cx *cx, facility_id facility, struct db_rows *out);

extern const struct route organization_routes[]; /* who is away: /cover */

#endif
