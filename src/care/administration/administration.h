/* SPDX-License-Identifier: Apache-2.0 */
/* What administrators and coordinators do: teams and their people, patients of the office, settings, days off.  Pages and the API
 * call the same deeds. */
#ifndef SALVE_ADMINISTRATION_H
#define SALVE_ADMINISTRATION_H

#include "care/organization/organization.h"
#include "platform/http/http.h"
#include "trust/identity/identity.h"

extern const struct route administration_routes[];

/* ---- patients, as the office knows them (office.c); nothing of the record, and every look is in the patient's trail ---- */

/* A patient whom the caller's office looks after; opens nothing of the record. ERR_GONE for everybody else. */
fallible office_patient(struct cx *cx, patient_id id, struct patient *out);
/* Of the caller's facility, by name or number; struct patient. */
fallible office_patients_find(struct cx *cx, str query, struct db_rows *out);
/* Why a patient belongs to the facility's teams, past ones too, and the blocks that stand: struct association, struct block. */
fallible office_patient_look(struct cx *cx, patient_id id, struct db_rows *associations, struct db_rows *blocks);
/* Blocks of the facility that stand, the next to be looked at first; struct block. */
fallible office_blocks(struct cx *cx, struct db_rows *out);
/* The last moment of a day "2026-12-24" in the facility's zone; none for an empty one. ERR_INVALID with words. */
fallible office_end_of_day(struct cx *cx, str day, instant *out);

/* "2026-3-5" as days since 1970, "8:30" as minutes of the day; false when it is none. */
bool day_parse(str typed, int32_t *out);
bool clock_parse(str typed, int64_t *minutes);
str clock_text(struct arena *arena, int64_t minutes);

/* ---- teams and whom they care for (groups.c); ERR_GONE for all but the facility's coordinators and administrators ---- */

#define GROUP_TOPICS_MAX 16
#define PANEL_ADD_MAX    500

struct group_change {
	struct team team; /* making one: id, facility and active are filled in */
	int64_t topics[GROUP_TOPICS_MAX];
	size_t topic_count; /* 0: all */
};
fallible group_find(struct cx *cx, team_id id, struct team *out);
fallible group_make(struct cx *cx, const struct group_change *in, team_id *out);
fallible group_save(struct cx *cx, const struct group_change *in);
/* For good: unfinished threads and the panel go to `successor`, which may be none when nothing is unfinished. */
fallible group_close(struct cx *cx, team_id id, team_id successor);
fallible group_add_member(struct cx *cx, team_id id, account_id account);
fallible group_remove_member(struct cx *cx, team_id id, account_id account); /* their claims are let go */
fallible staff_switch(struct cx *cx, account_id id, bool on); /* administrators; off: claims are let go too */

/* All of them or none, each as `like` says (its patient is not read). */
fallible panel_add(struct cx *cx, const struct association *like, const patient_id *patients, size_t count);
fallible panel_remove(struct cx *cx, team_id id, patient_id patient);

/* ---- what the caller's facility decides for itself (settings.c) ---- */

struct settings_change {
	struct facility facility; /* id: the caller's */
	struct facility_settings settings;
};
/* ERR_INVALID with words for what cannot be. One transaction with its entry in the trail. */
fallible settings_change(struct cx *cx, const struct settings_change *in);
struct closure_change {
	int32_t day;
	str reason; /* absent: the day is open again */
};
fallible closure_change(struct cx *cx, const struct closure_change *in);

#endif
