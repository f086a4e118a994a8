/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages of the journal show; not for other folders. */
#ifndef SALVE_JOURNAL_PAGES_INTERNAL_H
#define SALVE_JOURNAL_PAGES_INTERNAL_H

#include "care/journal/journal_rule.h"
#include "trust/identity/identity.h"
#include "trust/portal/portal.h"

/* Whose journal does the address mean, and which log of it? */
struct journal_scope {
	patient_id patient;
	const struct journal_log *log; /* NULL: none is named */
	struct journal_standing standing;
	bool own;        /* the patient, or who acts for them; otherwise the care team */
	str base, path;  /* "/journal"; "/journal/weight" */
	str name, about; /* of the patient, for the team */
};
/* Fills the frame too. ERR_GONE for what is not shared with the caller. */
fallible
journal_scope_open(struct cx *cx, struct request *rq, str title, struct journal_scope *out, struct page_cx *px);
/* The same for a page of one log whose address does not hold its name as a parameter. */
fallible journal_scope_of(struct cx *cx, struct request *rq, const struct journal_log *log, str title,
    struct journal_scope *out, struct page_cx *px);
void journal_audit_read(struct cx *cx, const struct journal_scope *scope, enum audit_action action, size_t count);

/* What was just done, of ?done=. */
void journal_flash(struct request *rq, struct page_cx *px);

/* ---- overview ---- */

#define FRESH_MAX 20
struct journal_card {
	str title, value, when, path, new_path;
	bool is_shared;       /* with anybody; of the patient's own pages */
	int64_t count, fresh; /* fresh: for the team, since somebody looked */
};
struct journal_section {
	str title;
	const struct journal_card *cards;
	size_t count;
};
struct journal_alert_line {
	str title, words, when, thread_path, settle_path;
	bool failed;
};
struct journal_page {
	const struct journal_scope *scope;
	const struct journal_section *sections;
	size_t section_count;
	const struct journal_alert_line *alerts;
	size_t alert_count;
	bool is_empty;
};
void page_journal(struct buf *out, const struct page_cx *px, const struct journal_page *v);

/* ---- a log ---- */

struct journal_line {
	str title, detail, when, path, source;
	bool is_new; /* for the team: nobody has looked yet */
	bool has_comment;
	enum status_kind file_state; /* of a document: the first file that cannot be read */
	str file_words;
};
struct journal_mean_row {
	str title, mean, low, high, count;
};
struct journal_rule_line {
	str words, state, end_path, agree_path;
	bool waits;
};
struct journal_sharing_note {
	str words; /* "Shared with your care team and Ana Ruiz." */
	bool is_private;
};
struct journal_log_page {
	const struct journal_scope *scope;
	struct journal_sharing_note sharing;
	str last_title, last_when, again_path;
	struct html plot;
	str plot_words;
	const struct option *spans; /* label and address; value "now" for the chosen one */
	size_t span_count;
	const struct journal_mean_row *by_part, *by_time;
	size_t part_count, time_count;
	bool averages_open;
	str time_caption;
	const struct option *groups;
	size_t group_count;
	const struct journal_line *lines;
	size_t count, clinic_count;
	int64_t total, page, pages;
	str lines_path;
	const struct journal_rule_line *rules;
	size_t rule_count;
	str seen_words;
	bool may_see;    /* the team can say that it has seen them */
	bool may_attach; /* to a message, by who may write them */
	struct form_errors errors;
};
/* Which of these lines, of these entries, the team commented on. */
fallible journal_comment_marks(struct cx *cx, const struct journal_scope *scope, const struct journal_entry *entries,
    struct journal_line *lines, size_t count);
/* Which of these documents have files that are held, or were not kept. */
fallible journal_files_marks(struct cx *cx, const struct page_cx *px, const struct journal_scope *scope,
    const struct journal_entry *entries, struct journal_line *lines, size_t count);
void page_journal_log(struct buf *out, const struct page_cx *px, const struct journal_log_page *v);
fallible journal_sharing_words(
    struct cx *cx, const struct page_cx *px, const struct journal_scope *scope, struct journal_sharing_note *out);

/* ---- files of a document (journal_document_pages.c) ---- */

struct journal_file_row {
	str n;             /* of names in forms */
	str title, words;  /* what it shows; "JPEG picture, 1.2 MB" */
	bool is_described; /* somebody said what it shows */
	enum status_kind state;
	str state_words;          /* absent: it can be read */
	str path, picture, opens; /* of the download; where it is shown, or opened in a new tab */
};
struct journal_files {
	const struct journal_file_row *rows;
	size_t count, room; /* room: for so many more */
	int64_t megabytes;  /* that one may have */
};
void journal_files_list(struct buf *out, const struct page_cx *px, const struct journal_files *v);
fallible journal_files_rows(struct cx *cx, const struct page_cx *px, const struct journal_scope *scope,
    const struct journal_entry *entry, struct journal_files *out);
/* The same for a form, with what may be added; `entry` NULL: a new document. */
fallible journal_files_field(struct cx *cx, const struct page_cx *px, const struct journal_scope *scope,
    const struct journal_entry *entry, struct journal_files *out);

/* ---- the form ---- */

struct journal_box {
	str name, label, group;
	bool checked;
};
struct journal_input {
	enum journal_kind kind;
	bool detail;
	struct field field;
	const struct option *options;
	size_t option_count;
	str unit_name, unit; /* a number that can be written in several units */
	struct field time;   /* of FIELD_TIME */
	const struct journal_box *boxes;
	size_t box_count;
};
struct journal_form_page {
	const struct journal_scope *scope;
	struct form_errors errors;
	str heading, action, key, version, back;
	const struct journal_input *inputs;
	size_t count, detail_count;
	const str *questions; /* what is unusual */
	size_t question_count;
	bool is_new, details_open;
	struct journal_sharing_note sharing;
	const struct journal_entry *entry; /* of a document: what stands now; NULL: a new one */
	struct journal_files files;        /* of a document */
	bool files_are_safe;               /* they were kept, though something else is to be mended */
};
/* Says "Error:" in the title by itself. */
fallible journal_form_show(struct cx *cx, struct request *rq, int status, struct page_cx *px,
    struct journal_form_page *view, const struct journal_values *values);
/* What is wrong becomes errors at the fields; what is unusual, questions. True when it can be kept. */
bool journal_form_look_over(
    const struct page_cx *px, struct request *rq, struct journal_form_page *view, struct journal_values *values);
fallible journal_check_may_write(const struct journal_scope *scope);
void journal_now_as_time(const struct page_cx *px, const struct journal_log *log, struct journal_values *values);
void page_journal_form(struct buf *out, const struct page_cx *px, const struct journal_form_page *v);
/* Fields of the table as fields of a form, and what was sent back as values. */
void journal_inputs(const struct page_cx *px, const struct journal_log *log, const struct journal_values *values,
    const struct form_errors *errors, struct journal_form_page *out);
void journal_values_read(
    const struct page_cx *px, struct request *rq, const struct journal_log *log, struct journal_values *out);

/* "8:30", "16:30", "4:30 pm", "4 pm", "0830": as My HealtheVet took it. False for what is no time. */
bool journal_time_parse(str text, int *hour, int *minute);

/* ---- reminders ---- */

struct journal_reminder_page {
	const struct journal_scope *scope;
	struct form_errors errors;
	str time;
	const struct option *days; /* value: name of the box; hint present: chosen */
	bool has_address;          /* there is an e-mail address to remind at */
};
void page_journal_reminder(struct buf *out, const struct page_cx *px, const struct journal_reminder_page *v);

/* ---- one entry ---- */

struct journal_fact {
	str label, value;
};
struct journal_comment_line {
	str words, path; /* path: of the conversation; absent for who may not read messages */
};
struct journal_version {
	str when, words;
};
struct journal_entry_page {
	const struct journal_scope *scope;
	str title, when, by, source, changed;
	str import_path; /* of the file that it came with; absent: of none */
	const struct journal_fact *facts;
	size_t fact_count;
	const struct journal_version *versions; /* what was before, newest first */
	size_t version_count;
	str edit_path, remove_path, accept_path, accepted, send_path, comment_path;
	str seen; /* who of the care team has seen it, and when */
	const struct journal_comment_line *comments;
	size_t comment_count;
	struct journal_sharing_note sharing;
	struct journal_files files;
};
/* What the team did with it: seen, commented on. */
fallible journal_team_words(
    struct cx *cx, const struct page_cx *px, const struct journal_entry *entry, struct journal_entry_page *view);
/* For the team: take it into the record, or who did. */
fallible journal_accepted_words(struct cx *cx, const struct page_cx *px, const struct journal_scope *scope,
    const struct journal_entry *entry, struct journal_entry_page *view);
/* A draft of a message with the files of a document. */
fallible journal_attach_document(struct cx *cx, const struct page_cx *px, const struct journal_scope *scope,
    const struct journal_entry *entry, struct uuid *out);
void page_journal_entry(struct buf *out, const struct page_cx *px, const struct journal_entry_page *v);

/* ---- a comment ---- */

struct journal_comment_page {
	const struct journal_scope *scope;
	struct form_errors errors;
	str title, when, back, key, team, body;
	const struct option *teams;
	size_t team_count;
};
void page_journal_comment(struct buf *out, const struct page_cx *px, const struct journal_comment_page *v);

/* ---- sharing ---- */

struct journal_reader_row {
	str name, label, hint;
	bool chosen;
};
struct journal_turn {
	str when, words;
};
struct journal_share_page {
	const struct journal_scope *scope;
	struct form_errors errors;
	const struct journal_reader_row *readers;
	size_t reader_count;
	const struct journal_turn *turns;
	size_t turn_count;
};
void page_journal_share(struct buf *out, const struct page_cx *px, const struct journal_share_page *v);

/* ---- targets and limits ---- */

struct journal_rule_page {
	const struct journal_scope *scope;
	struct form_errors errors;
	const struct option *fields, *kinds, *units, *teams;
	size_t field_count, kind_count, unit_count, team_count;
	str key, field, kind, unit, low, high, times, days, team;
	const struct journal_rule_line *rules;
	size_t rule_count;
};
/* The rules of the scope's log as lines. */
fallible journal_rule_lines(struct cx *cx, const struct page_cx *px, const struct journal_scope *scope,
    const struct journal_rule_line **out, size_t *count);
void page_journal_rules(struct buf *out, const struct page_cx *px, const struct journal_rule_page *v);

/* ---- the wallet card ---- */

struct journal_wallet_row {
	str label, text;
};
struct journal_wallet_page {
	str name, born;
	const struct journal_wallet_row *rows;
	size_t count;
};
void page_journal_wallet(struct buf *out, const struct page_cx *px, const struct journal_wallet_page *v);

/* ---- pieces of several pages ---- */

void journal_head(struct buf *out, const struct page_cx *px, const struct journal_scope *scope);
void journal_sharing_line(
    struct buf *out, const struct page_cx *px, const struct journal_scope *scope, const struct journal_sharing_note *v);
void journal_rules_list(struct buf *out, const struct page_cx *px, const struct journal_rule_line *rules, size_t count);

/* ---- handlers ---- */

fallible get_journal(struct cx *cx, struct request *rq);
fallible get_journal_log(struct cx *cx, struct request *rq);
fallible post_journal_attach(struct cx *cx, struct request *rq);
fallible get_journal_new(struct cx *cx, struct request *rq);
fallible post_journal_new(struct cx *cx, struct request *rq);
fallible get_journal_entry(struct cx *cx, struct request *rq);
fallible get_journal_edit(struct cx *cx, struct request *rq);
fallible post_journal_edit(struct cx *cx, struct request *rq);
fallible post_journal_remove(struct cx *cx, struct request *rq);
fallible get_journal_document_new(struct cx *cx, struct request *rq);
fallible post_journal_document_new(struct cx *cx, struct request *rq);
fallible get_journal_document_edit(struct cx *cx, struct request *rq);
fallible post_journal_document_edit(struct cx *cx, struct request *rq);
fallible post_journal_document_send(struct cx *cx, struct request *rq);
fallible get_journal_comment(struct cx *cx, struct request *rq);
fallible post_journal_comment(struct cx *cx, struct request *rq);
fallible get_journal_share(struct cx *cx, struct request *rq);
fallible post_journal_share(struct cx *cx, struct request *rq);
fallible get_journal_rules(struct cx *cx, struct request *rq);
fallible post_journal_rules(struct cx *cx, struct request *rq);
fallible post_journal_rule_agree(struct cx *cx, struct request *rq);
fallible post_journal_rule_end(struct cx *cx, struct request *rq);
fallible post_journal_settle(struct cx *cx, struct request *rq);
fallible post_journal_seen(struct cx *cx, struct request *rq);
fallible post_journal_accept(struct cx *cx, struct request *rq);
fallible get_journal_reminder(struct cx *cx, struct request *rq);
fallible post_journal_reminder(struct cx *cx, struct request *rq);
fallible get_journal_wallet(struct cx *cx, struct request *rq);

#endif
