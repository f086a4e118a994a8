/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_ADMINISTRATION_INTERNAL_H
#define SALVE_ADMINISTRATION_INTERNAL_H

#include "care/administration/administration.h"
#include "care/messaging/messaging.h"
#include "care/notify/notify.h"
#include "platform/jobs/jobs.h"
#include "platform/pages/pages.h"
#include "trust/consent/release.h"
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
	struct trouble_row {
		str name, since, answer;
	} * troubles;
	size_t trouble_count;
	bool may_retry;
};
void page_system(struct buf *out, const struct page_cx *px, const struct system_page *v);

/* When results reach patients. */
struct release_page {
	struct form_errors errors;
	struct release_row {
		int64_t class;
		str title, mode, hours, hours_name, mode_name;
	} rows[RELEASE_CLASSES];
	size_t count;
	struct release_code_row {
		str code, class, what, path;
	} * codes;
	size_t code_count;
	struct option classes[RELEASE_CLASSES];
	size_t class_count;
	str class, code, mode, hours; /* a new rule for a code, as typed */
};
/* Three: at once, after some hours, ask first. */
const struct option *release_mode_options(const struct page_cx *px);
void page_release(struct buf *out, const struct page_cx *px, const struct release_page *v);

struct teams_page {
	struct team_row {
		struct team team;
		str id, full_name;
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

/* A box that can be ticked. */
struct tick {
	str name, label;
	bool on;
};
#define TEAM_TICKS_MAX 8
struct team_page {
	struct form_errors errors;
	str path, title; /* where the forms post; none for a new team */
	bool is_new, is_active;
	str full_name;                                      /* as patients read it */
	str name, care, place, lead, open_from, open_until; /* as typed */
	bool takes_messages, needs_signature;
	struct tick topics[TEAM_TICKS_MAX], days[7];
	size_t topic_count;
	struct option *leads; /* "nobody" first */
	size_t lead_count;
	struct member_row {
		str name, role, away, path;
	} * members;
	size_t member_count;
	struct option *candidates;
	size_t candidate_count;
	int64_t panel, unfinished;
	struct option *successors; /* "none" first */
	size_t successor_count;
	str numbers, reason; /* patients to add, as typed */
};
void page_team(struct buf *out, const struct page_cx *px, const struct team_page *v);

struct office_patients_page {
	str query;
	struct office_patient_row {
		str name, born, path;
	} * rows;
	size_t count;
	bool searched;
};
void page_office_patients(struct buf *out, const struct page_cx *px, const struct office_patients_page *v);

struct office_patient_page {
	struct form_errors errors;
	str name, born, path;
	struct association_row {
		str team, why, since, until, path; /* path: to end it; absent when it ended */
		bool ended;
	} * associations;
	size_t association_count;
	struct block_row {
		str where, code, note, who, since, review, path;
		bool due;
	} * blocks;
	size_t block_count;
	struct option *teams;  /* to belong to */
	struct option *wheres; /* to be blocked at: "all teams" first */
	struct option *codes;
	size_t team_count, where_count, code_count;
	str team, relation, reason, until, where, code, note, review; /* as typed */
};
void page_office_patient(struct buf *out, const struct page_cx *px, const struct office_patient_page *v);

struct blocks_page {
	struct block_row *rows;
	str *patients, *paths;
	size_t count;
};
void page_blocks(struct buf *out, const struct page_cx *px, const struct blocks_page *v);

struct lists_page {
	struct form_errors errors;
	struct list_row {
		str name, people, edit, path;
	} * lists;
	size_t count;
	struct tick *staff;
	size_t staff_count;
	str id, name; /* as typed */
};
void page_lists(struct buf *out, const struct page_cx *px, const struct lists_page *v);
fallible get_lists(struct cx *cx, struct request *rq);
fallible post_list(struct cx *cx, struct request *rq);
fallible post_list_delete(struct cx *cx, struct request *rq);

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

/* What field_date's boxes sent, "2026-3-5": see day_parse. */
str form_day_typed(struct cx *cx, struct request *rq, const char *name);
fallible get_teams(struct cx *cx, struct request *rq);
fallible get_team_new(struct cx *cx, struct request *rq);
fallible post_team_new(struct cx *cx, struct request *rq);
fallible get_team(struct cx *cx, struct request *rq);
fallible post_team(struct cx *cx, struct request *rq);
fallible post_team_member(struct cx *cx, struct request *rq);
fallible post_team_member_remove(struct cx *cx, struct request *rq);
fallible post_team_close(struct cx *cx, struct request *rq);
fallible post_team_panel(struct cx *cx, struct request *rq);
fallible get_office_patients(struct cx *cx, struct request *rq);
fallible get_office_patient(struct cx *cx, struct request *rq);
fallible post_association(struct cx *cx, struct request *rq);
fallible post_association_end(struct cx *cx, struct request *rq);
fallible post_block(struct cx *cx, struct request *rq);
fallible post_block_end(struct cx *cx, struct request *rq);
fallible get_blocks(struct cx *cx, struct request *rq);
fallible get_release_rules(struct cx *cx, struct request *rq);
fallible post_release_rules(struct cx *cx, struct request *rq);
fallible post_release_code(struct cx *cx, struct request *rq);
fallible post_release_code_remove(struct cx *cx, struct request *rq);
fallible get_settings(struct cx *cx, struct request *rq);
fallible post_settings(struct cx *cx, struct request *rq);
fallible post_closure(struct cx *cx, struct request *rq);
fallible post_closure_open(struct cx *cx, struct request *rq);
fallible get_tokens(struct cx *cx, struct request *rq);
fallible post_token(struct cx *cx, struct request *rq);
fallible post_revoke(struct cx *cx, struct request *rq);

/* Those of one addition, sealed (groups.c). */
struct panel_addition {
	team_id team;
	const patient_id *patients;
	struct association_sealed **sealed;
	size_t count;
};

#endif
