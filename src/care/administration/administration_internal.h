/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_ADMINISTRATION_INTERNAL_H
#define SALVE_ADMINISTRATION_INTERNAL_H

#include "care/administration/administration.h"
#include "care/messaging/messaging.h"
#include "platform/jobs/jobs.h"
#include "platform/pages/pages.h"
#include "trust/portal/portal.h"

struct system_page {
	int64_t waiting, given_up_count;
	const struct outbox_item *given_up;
	size_t given_up_shown;
	struct ownerless_row {
		str team;
		instant since, due;
	} * ownerless;
	int64_t ownerless_count;
	bool may_retry;
};
void page_system(struct buf *out, const struct page_cx *px, const struct system_page *v);

struct teams_page {
	struct team_row {
		struct team team;
		str id;
		const struct team_member *members;
		size_t member_count;
	} * teams;
	size_t count;
	str facility;
};
void page_teams(struct buf *out, const struct page_cx *px, const struct teams_page *v);

struct people_page {
	struct person_row {
		struct account account;
		str id, role, path;
	} * people;
	size_t count;
	str facility;
};
void page_people(struct buf *out, const struct page_cx *px, const struct people_page *v);

#define SETTINGS_SHOWN_MAX 32

struct settings_page {
	struct form_errors errors;
	struct facility facility; /* as typed */
	str reply_days;
	struct setting_field {
		const struct facility_setting_rule *rule;
		str value;
	} settings[SETTINGS_SHOWN_MAX];
	size_t setting_count;
	struct closure_row {
		str day, reason, path;
	} * closures;
	size_t closure_count;
	str closure_day, closure_reason;
};
void page_settings(struct buf *out, const struct page_cx *px, const struct settings_page *v);

struct tokens_page {
	struct form_errors errors;
	struct token_row {
		struct api_token token;
		str who, state, path;
		bool usable;
	} * tokens;
	size_t count;
	str fresh; /* a token just made, shown once; absent otherwise */
	str login, label, scope;
};
void page_tokens(struct buf *out, const struct page_cx *px, const struct tokens_page *v);

fallible get_settings(struct cx *cx, struct request *rq);
fallible post_settings(struct cx *cx, struct request *rq);
fallible post_closure(struct cx *cx, struct request *rq);
fallible post_closure_open(struct cx *cx, struct request *rq);
fallible get_tokens(struct cx *cx, struct request *rq);
fallible post_token(struct cx *cx, struct request *rq);
fallible post_revoke(struct cx *cx, struct request *rq);

/* ---- groups.c: teams and whom they care for; ERR_GONE for all but the facility's coordinators and administrators ---- */

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

/* A patient whom the caller's office looks after; opens nothing of the record. */
fallible office_patient(struct cx *cx, patient_id id, struct patient *out);
struct panel_addition {
	team_id team;
	const patient_id *patients;
	struct association_sealed **sealed;
	size_t count;
};
/* All of them or none, each as `like` says (its patient is not read). */
fallible panel_add(struct cx *cx, const struct association *like, const patient_id *patients, size_t count);
fallible panel_remove(struct cx *cx, team_id id, patient_id patient);

/* ---- settings.c: what the caller's facility decides for itself ---- */

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
