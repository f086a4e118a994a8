/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the messaging tables.  All texts are sealed here; opening and sealing is the callers' business, because sealing
 * stands outside of acts. */
#ifndef SALVE_MESSAGING_STORE_H
#define SALVE_MESSAGING_STORE_H

#include "care/messaging/broadcast.h"
#include "care/messaging/message_template.h"
#include "care/messaging/messaging_internal.h"

/* ---- seals ---- */

struct seal_place thread_subject_place(thread_id id);
struct seal_place thread_about_place(thread_id id);
fallible thread_row_teams(struct cx *cx, patient_id patient, struct db_rows *out); /* team_id */
struct seal_place message_body_place(message_id id);
struct seal_place draft_place(struct uuid id, const char *what); /* "draft.subject", "draft.body" */
struct seal_place event_text_place(struct uuid id);

/* ---- threads and messages (messaging_store.c) ---- */

fallible thread_row_get(struct cx *cx, thread_id id, struct thread *out); /* subject sealed */
fallible thread_row_add(struct tx *tx, const struct thread *thread, str sealed_subject);
/* Before the thread's next round begins: what the one until now came to, for reports (messaging_figures.h). */
fallible round_row_keep(struct tx *tx, const struct thread *thread);
/* The thread's round was kept before, and goes on now: its question was joined with the thread, parted from it, and joined again. */
fallible round_row_goes_on(struct tx *tx, const struct thread *thread);
fallible thread_row_put(struct tx *tx, const struct thread *thread); /* all but subject, category, team */
fallible thread_open_subject(struct cx *cx, struct thread *thread);  /* sealed to plain, in place */
fallible thread_open_subjects(struct cx *cx, struct db_rows *threads);

fallible message_row_add(struct tx *tx, const struct thread *thread, const struct message *message, str sealed_body);
/* What this author sent under this key before. */
struct message_key {
	thread_id thread;
	int64_t n;
	str body; /* sealed */
};
fallible message_row_by_key(
    struct cx *cx, patient_id patient, account_id author, struct uuid key, struct message_key *out, bool *found);
/* struct message, bodies opened, with their files, but for the patient those that were recalled. */
fallible message_rows(struct cx *cx, const struct thread *thread, enum message_side side, struct db_rows *out);
fallible message_row_get(struct cx *cx, const struct thread *thread, int64_t n, struct message *out); /* body sealed */
/* Taken back now, and nothing new any more for anybody who had not read it. */
fallible message_row_recall(struct tx *tx, const struct thread *thread, const struct message *message);
/* 0: neither the patient nor a delegate has read message n yet, and neither wrote after it. */
fallible message_row_read(struct cx *cx, const struct thread *thread, int64_t n, int64_t *out);
/* Answers of the team in this round that stand. */
fallible message_row_answers(struct cx *cx, const struct thread *thread, int64_t *out);

/* ---- what else happened, and the marks of one person (handover_store.c) ---- */

fallible thread_row_move(struct tx *tx, const struct thread *thread); /* the team */
/* `event` gets its n; its text is sealed. */
fallible event_row_add(struct tx *tx, const struct thread *thread, struct thread_event *event);
/* struct thread_event, the last THREAD_EVENTS_MAX in order, texts opened; for the patient those a patient may read. */
fallible event_rows(struct cx *cx, const struct thread *thread, enum message_side side, struct db_rows *out);
struct thread_mark {
	instant copied_at, remind_at;
};
fallible mark_row_get(struct cx *cx, thread_id thread, account_id account, struct thread_mark *out); /* none: none */
fallible mark_row_copy(struct tx *tx, const struct thread *thread, account_id account);
fallible mark_row_remind(struct tx *tx, const struct thread *thread, account_id account, instant at);
/* Threads of a patient in the caller's teams, last written first, but one (none: all). */
fallible thread_rows_of_teams(
    struct cx *cx, patient_id patient, thread_id except, int64_t offset, int64_t count_max, struct db_rows *out);
fallible inbox_rows_marked(struct cx *cx, const struct inbox_query *query, struct db_rows *out); /* struct thread */
fallible inbox_row_counts_marked(struct cx *cx, int64_t counts[INBOX_FILTERS]);
fallible colleague_rows(struct cx *cx, patient_id patient, struct db_rows *out); /* account_id */

/* ---- who has read what (addressee_store.c) ---- */

/* The last message is new for everybody who was reached before, but its author; `reached`: their account_id. */
fallible addressee_rows_reach(struct tx *tx, const struct thread *thread, account_id author, struct db_rows *reached);
fallible addressee_rows_reached(struct cx *cx, const struct thread *thread, struct db_rows *reached);
/* Somebody who was not reached before: what others wrote is new. */
fallible addressee_row_add(struct tx *tx, const struct thread *thread, account_id account, enum message_side side);
/* How far the patient has read. */
struct reading {
	int64_t read_n;
	instant read_at;
};
fallible addressee_row_patient(struct cx *cx, const struct thread *thread, struct reading *out);
/* Everything of the thread is seen now. `changed`: something was new. */
fallible addressee_row_read(
    struct tx *tx, const struct thread *thread, account_id account, enum message_side side, bool *changed);
/* Messages of others the account has not seen; a member who is no addressee yet has seen none. */
fallible addressee_row_unread(struct cx *cx, const struct thread *thread, account_id account, int64_t *out);
fallible notice_row_get(struct cx *cx, account_id account, int64_t *choice, bool *found);
fallible notice_row_put(struct tx *tx, account_id account, int64_t choice);
/* The number beside the navigation. */
fallible page_count_of(struct cx *cx, account_id account, int64_t kind, int64_t *out);

/* ---- lists (inbox_store.c) ---- */

struct team_set {
	struct uuid ids[INBOX_TEAMS_MAX]; /* none beyond count */
	size_t count;
};
struct inbox_day {
	instant from, until; /* today in the zone of the caller's facility */
};
fallible inbox_rows(struct cx *cx, const struct inbox_query *query, const struct team_set *teams, struct inbox_day day,
    struct db_rows *out);
fallible
inbox_row_counts(struct cx *cx, const struct team_set *teams, struct inbox_day day, int64_t counts[INBOX_FILTERS]);
fallible thread_rows_of_patient(struct cx *cx, patient_id patient, account_id account, enum thread_filter filter,
    int64_t offset, int64_t count_max, struct db_rows *out);
fallible
thread_row_count(struct cx *cx, patient_id patient, account_id account, enum thread_filter filter, int64_t *out);
fallible thread_rows_after(struct cx *cx, patient_id patient, thread_id after, struct db_rows *out);
fallible messaging_row_summary(struct cx *cx, patient_id patient, account_id account, struct messaging_summary *out);

/* ---- the clock (escalation_store.c); struct thread, subject sealed, at most ESCALATIONS_PER_RUN ---- */

fallible thread_rows_to_escalate(struct cx *cx, struct db_rows *out);
/* Owed ones of a facility whose time comes before `until` and that nobody was warned of in this round. */
fallible thread_rows_to_warn(struct cx *cx, facility_id facility, instant until, struct db_rows *out);
fallible thread_row_warned(struct tx *tx, const struct thread *thread, bool *first);
fallible thread_rows_owed(struct cx *cx, facility_id facility, struct db_rows *out);
fallible thread_rows_left_behind(struct cx *cx, struct db_rows *out); /* claims of people who left the team */
fallible thread_rows_ownerless(struct cx *cx, facility_id facility, int64_t count_max, struct db_rows *out);

/* ---- to many (broadcast_store.c) ---- */

struct seal_place broadcast_place(broadcast_id id, const char *what); /* "broadcast.subject", "broadcast.body" */
fallible broadcast_row_add(struct tx *tx, const struct broadcast *broadcast); /* texts sealed */
fallible broadcast_row_get(struct cx *cx, broadcast_id id, struct broadcast *out, bool *found);
fallible broadcast_row_patient_add(struct tx *tx, broadcast_id id, patient_id patient);
fallible broadcast_row_patient_put(
    struct tx *tx, broadcast_id id, patient_id patient, enum broadcast_state state, thread_id thread);
/* struct broadcast_candidate without names: waiting ones, refused ones, patients of a team. */
fallible broadcast_rows_in_state(
    struct cx *cx, broadcast_id id, enum broadcast_state state, int64_t count_max, struct db_rows *out);
fallible candidate_rows(struct cx *cx, team_id team, struct db_rows *out);

/* ---- templates (template_store.c); texts sealed ---- */

struct seal_place template_place(struct uuid id, const char *what);
fallible template_row_put(struct tx *tx, const struct message_template *t);
fallible template_row_delete(struct tx *tx, struct uuid id);
fallible template_row_get(struct cx *cx, struct uuid id, struct message_template *out);
fallible template_rows(struct cx *cx, team_id team, struct db_rows *out);
fallible template_rows_of_caller(struct cx *cx, bool all_teams, struct db_rows *out);

/* ---- when people or teams go (leaving_store.c) ---- */

fallible thread_rows_claimed(struct cx *cx, account_id account, team_id team, struct db_rows *out);
fallible thread_rows_unfinished(struct cx *cx, team_id team, struct db_rows *out);
fallible thread_row_count_unfinished(struct cx *cx, team_id team, int64_t *out);
/* ---- the mailbox (mailbox_store.c) ---- */

struct terms_row {
	bool accepted;
	int64_t version;
	instant at;
};
fallible terms_row_get(struct cx *cx, patient_id patient, struct terms_row *out, bool *found); /* the last */
fallible terms_row_add(struct tx *tx, patient_id patient, account_id account, bool accepted);
/* To which version of the terms the delegate agreed; 0: to none. */
fallible delegate_terms_row_get(struct cx *cx, patient_id patient, account_id account, int64_t *version);
fallible delegate_terms_row_put(struct tx *tx, patient_id patient, account_id account);

/* ---- lists that a person keeps (inbox_view.c) ---- */

fallible view_row_put(struct tx *tx, const struct inbox_view *view); /* name sealed */
fallible view_row_drop(struct tx *tx, struct uuid id);
fallible view_row_clear_first(struct tx *tx);
fallible view_rows(struct cx *cx, struct db_rows *out);

/* ---- drafts (draft_store.c) ----
 * Of the patient whom the caller is or acts for; for staff of every patient. */

fallible draft_row_put(struct tx *tx, account_id account, const struct draft *draft); /* texts sealed */
fallible draft_row_get(struct cx *cx, account_id account, struct uuid id, struct draft *out, bool *found);
fallible draft_row_of_thread(
    struct cx *cx, patient_id patient, account_id account, thread_id thread, struct draft *out, bool *found);
/* ERR_GONE unless it waits to be sent. */
fallible draft_row_waits(struct cx *cx, account_id account, struct uuid id);
/* It does not leave any more; `trouble` may be absent. */
fallible draft_row_stay(struct tx *tx, account_id account, struct uuid id, str trouble, int64_t *changed);
struct draft_due {
	account_id account;
	patient_id patient;
	struct uuid id;
};
/* Those to be sent by now, of an account or of everybody (none). */
fallible draft_rows_due(struct cx *cx, account_id account, int64_t count_max, struct db_rows *out);
fallible draft_row_delete(struct tx *tx, account_id account, struct uuid id);
fallible draft_rows(struct cx *cx, account_id account, struct db_rows *out);
fallible draft_row_count(struct cx *cx, account_id account, int64_t *out);

#endif
