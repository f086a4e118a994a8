/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages of messaging show, and what their handlers share. */
#ifndef SALVE_MESSAGING_PAGES_H
#define SALVE_MESSAGING_PAGES_H

#include "care/messaging/about.h"
#include "platform/pages/pages.h"
#include "trust/portal/portal.h"

#define THREADS_PER_PAGE 25
#define INBOX_PER_PAGE   50
#define CATEGORIES       4

/* ---- words (messaging_words.c) ---- */

struct status {
	enum status_kind kind;
	str word;
};
/* For the patient: where the thread stands; role names, never persons, while it is handled. */
struct status standing_words(const struct page_cx *px, const struct thread *thread);
/* The promise in a sentence: "Your team answers by Thursday, 5 March." Absent when nothing is promised. */
str promise_words(const struct page_cx *px, const struct thread *thread, const struct facility *facility);
/* For the team: what is owed and how urgent. */
struct status duty_words(const struct page_cx *px, const struct thread *thread);
str completed_words(const struct page_cx *px, int64_t how); /* "settled by telephone" */
str age_words(const struct page_cx *px, instant since);     /* "2 days" */
/* When a team answers: "Maple Team answers Monday to Friday, 8:00 am to 4:30 pm. Today is a holiday." Absent: it says no hours. */
str team_hours_words(const struct page_cx *px, const struct team *team, const struct business_calendar *calendar);
str role_words(const struct page_cx *px, int64_t role);
#define PROGRESS_STEPS 7
size_t progress_of(const struct page_cx *px, const struct thread *thread, struct step steps[PROGRESS_STEPS]);

/* ---- files (attach_pages.c) ---- */

#define ATTACH_FORM_BYTES_MAX (26 * 1000 * 1000) /* one file of 25 MB, or several that are smaller, and the text */

struct file_row {
	str id, name, words; /* words: "PDF, 1.2 MB" */
	struct status state; /* without a word: nothing to say */
	str path;            /* of the download; absent while it is held or was not kept */
	bool is_small;       /* a picture that is shown without asking */
	str picture, opens;  /* where it can be shown, or opened in a new tab */
};
void file_rows(const struct page_cx *px, const struct attachment *files, int64_t count, struct file_row **out);
/* The files of a message: names, sizes, state, previews. */
void file_list(struct buf *out, const struct page_cx *px, const struct file_row *rows, size_t count);

/* Files in a form (form_begin with .upload): those of the draft, each with "Remove", and a place to choose more. */
struct file_field {
	struct file_row *rows;
	size_t count;
	struct attachment_limits limits;
};
void
file_field(struct buf *out, const struct page_cx *px, const struct file_field *v, const struct form_errors *errors);
fallible draft_file_rows(struct cx *cx, const struct page_cx *px, patient_id patient, str key, struct file_field *out);
/* What a form asked for with files: attach those chosen, remove one. Saves the draft first; `errors` names what could not be
 * taken. `again`: "Attach" or "Remove" was pressed, so show the form again instead of sending. */
fallible
form_files(struct cx *cx, struct request *rq, const struct draft *draft, struct form_errors *errors, bool *again);

/* The form's text with the caller's signature under it, and signed electronically (fields "signed", "certified") where the
 * team needs it of the patient (none: no team asks). What is wrong lands in `errors`. */
fallible form_sign(struct cx *cx, struct request *rq, team_id team, struct form_errors *errors, str *body);

/* ---- the patient's pages ---- */

struct thread_row {
	str path, subject, team, category;
	struct status status;
	instant at;
	bool unread;
};
struct draft_row {
	str path, subject;
	instant at;
	struct status status;
	str trouble; /* why it could not be sent; absent otherwise */
};
/* A message that leaves soon, and can be taken back until then. */
struct departure {
	str key, edit; /* edit: where to go on with the draft */
	bool waits;
	int64_t seconds;
	str trouble, sent; /* sent: path of the conversation once it is there */
};
void fill_departure(struct cx *cx, const struct draft *draft, struct departure *out);
void departure_box(struct buf *out, const struct page_cx *px, const struct departure *v);
void page_sending(struct buf *out, const struct page_cx *px, const struct departure *v);
/* Send the form's draft by the facility's time to think again: `path` of the page that tells, absent when it is to be sent
 * at once. The same errors as sending. */
fallible form_departs(struct cx *cx, struct request *rq, const struct draft *draft, str *path);

/* What the page offers to somebody who acts for the patient. */
struct acting {
	bool for_other;  /* a delegate is there */
	bool reads_only; /* who was not given to write */
};
fallible fill_acting(struct cx *cx, struct acting *out);

struct terms_page {
	const struct facility *facility;
	bool accepted; /* by the caller: the patient, or who acts for them */
	bool opted_in; /* the patient did */
	struct acting acting;
};
void page_terms(struct buf *out, const struct page_cx *px, const struct terms_page *v);

struct inbox_filter_row {
	str path, label;
	int64_t count;
	bool current;
};
struct messages_page {
	str *blocked; /* why the patient cannot write to a team or the clinic, and whom to call */
	size_t blocked_count;
	struct thread_row *rows;
	size_t count;
	struct draft_row *drafts;
	size_t draft_count;
	enum thread_filter filter;
	struct inbox_filter_row *folders; /* Inbox, Sent, Drafts, Deleted, own ones */
	size_t folder_count;
	str place; /* which of them is shown */
	int64_t unread, page, pages;
	bool can_write, opted_in; /* opted_in: both the patient and who acts for them */
	struct acting acting;
	str clinic_phone;
};
void page_messages(struct buf *out, const struct page_cx *px, const struct messages_page *v);

/* A message, or what else happened between two of them. */
struct message_row {
	str who, role, text;
	instant at;
	bool mine;
	bool taken_back; /* shown to the team only */
	str recall;      /* where it can be taken back; absent: not any more */
	str seen;        /* "Read by the patient on ..."; absent: not known */
	str event;       /* "Ana Ruiz sent it to Team Birch": then `text` is the reason or note, which may be absent */
	str path, path_text; /* of another conversation that the event is about */
	struct file_row *files;
	size_t file_count;
};
void conversation_row(struct buf *out, const struct page_cx *px, const struct message_row *row);
struct thread_page {
	str id, subject, category;
	const struct team *team;
	const struct facility *facility;
	struct message_row *messages;
	size_t count;
	struct step steps[PROGRESS_STEPS];
	size_t step_count;
	str promise, late, hours;
	struct about_view about;
	bool asked; /* the patient wrote at least once */
	struct form_errors errors;
	struct file_field files;
	str key, draft, closed;              /* closed: why no answer can be written; absent: it can */
	str crisis, sign_teams, signed_name; /* as in struct compose_page */
	bool needs_terms;                    /* closed, because the terms are not accepted */
	struct option *moves;                /* folders to which it can be moved */
	size_t move_count;
	struct departure departure; /* an answer on its way, or one that could not be sent */
	struct acting acting;
};
void page_thread(struct buf *out, const struct page_cx *px, const struct thread_page *v);

/* Whom an entry of the record names, itself or by its order and its visit. */
struct origin {
	resource_type type;
	struct origin_name {
		str who, where;
	} names[3];
	size_t count;
};
/* The team proposed for a kind of question, and why. */
struct proposal {
	str category, why;
	team_id team;
};
struct compose_page {
	str about, about_title, about_hint; /* the entry of the record that it is about; absent: none */
	struct origin origin;               /* of that */
	str why;                            /* this team is proposed; absent: the person chose, or there is one only */
	struct proposal proposals[CATEGORIES];
	bool proposes;  /* changing the kind of question changes the proposed team */
	int64_t hidden; /* teams that the person does not want to see */
	str key, category, team, subject, body;
	const struct option *categories;
	struct option *teams;
	size_t team_count;
	const struct facility *facility;
	struct form_errors errors;
	str promise;
	struct file_field files;
	bool is_draft;
	str sign_teams, signed_name; /* teams that need an electronic signature; absent: none */
	str crisis;                  /* words of emergency that the person is asked about */
	str trouble;                 /* why it could not be sent before */
};
/* What a conversation is about, as a link or in words; nothing without. */
void about_line(struct buf *out, const struct page_cx *px, const struct about_view *v);
void page_compose(struct buf *out, const struct page_cx *px, const struct compose_page *v);

/* ---- the team's pages ---- */

struct inbox_row {
	str path, who, subject, category, team, owner;
	struct status status;
	str age;
	bool unread;
};
struct inbox_view_row {
	str path, name, drop;
	bool current;
};
struct inbox_page {
	struct inbox_view_row *views;
	size_t view_count;
	str keep; /* where this list is kept under a name */
	struct form_errors errors;
	struct inbox_row *rows;
	size_t count;
	struct inbox_filter_row filters[INBOX_FILTERS];
	struct inbox_filter_row *teams; /* "all my teams" first; fewer than two are not shown */
	size_t team_count;
	struct inbox_filter_row sorts[INBOX_SORTS];
	bool sorted; /* the order can be chosen */
	bool show_team;
	str path, base; /* of this list; without the page number */
	int64_t page, pages;
	str empty;
	str undo; /* where to take up again what was just completed; absent otherwise */
};
void page_inbox(struct buf *out, const struct page_cx *px, const struct inbox_page *v);

struct side_link {
	str path, text, hint;
};
#define QUICK_REPLIES_MAX 6   /* shown as buttons, */
#define QUICK_REPLY_CHARS 160 /* when they are no longer */
#define SIDE_ITEMS_MAX    8
#define SIDE_LINKS_MAX    6
/* What a member wants to know of the patient while answering. */
struct desk_side {
	str allergies[SIDE_ITEMS_MAX], medicines[SIDE_ITEMS_MAX];
	size_t allergy_count, medicine_count;
	int64_t allergies_more, medicines_more;
	struct side_link visits[2], news[SIDE_LINKS_MAX], threads[SIDE_LINKS_MAX];
	size_t visit_count, news_count, thread_count;
	str *speakers; /* who may act for the patient: name, relation, what, until when */
	size_t speaker_count;
};
/* The forms that hand a thread on, with what was typed into them. */
struct desk_hand {
	str open; /* the one that is unfolded: "assign", ...; absent: none */
	struct option *members, *teams, *colleagues, *twins, *lists; /* lists: of staff */
	size_t member_count, team_count, colleague_count, twin_count, list_count;
	str assign_to, reason, route_to, forward_note, note, reminder, merge_into;
};

struct desk_button {
	str label, action;
	struct http_pairs fields;
};
struct desk_page {
	struct desk_button buttons[THREAD_BUTTONS_MAX]; /* of other features: "Book Tuesday, 9:00 am" */
	size_t button_count;
	str id, path, back, subject, category, query;
	struct about_view about;
	const struct team *team;
	struct message_row *messages;
	size_t count;
	struct status duty;
	str away; /* "Ana Ruiz is away until 2 December. Joy Ruiz stands in.": who handles it; absent otherwise */
	str owner, held_by, promise, opened, escalated, completed, filed;
	str urgent;                      /* the words for which it is; absent when it is not */
	bool mine, complete, can_finish; /* can_finish: answered in this round */
	int64_t seen;
	/* the patient beside it */
	str patient, patient_path, timeline_path, age, born;
	struct desk_side side;
	struct desk_hand hand;
	struct option *templates; /* texts to begin an answer with */
	size_t template_count;
	struct option quick[QUICK_REPLIES_MAX]; /* the short ones, each a button */
	size_t quick_count;
	str me;           /* the caller's account, for the line that tells who else is writing */
	bool for_reading; /* sent to the caller for information: nothing to do */
	struct form_errors errors;
	struct file_field files;
	str key, draft;
};
void
desk_reminder(struct buf *out, const struct page_cx *px, const struct desk_page *v); /* of a copy: nothing to hand on */
void desk_handover(struct buf *out, const struct page_cx *px, const struct desk_page *v);
void desk_patient(struct buf *out, const struct page_cx *px, const struct desk_page *v);
/* What stands beside the conversation (desk_side.c). */
fallible
desk_fill_buttons(struct cx *cx, const struct page_cx *px, const struct thread *thread, struct desk_page *view);
fallible desk_fill_side(struct cx *cx, const struct page_cx *px, const struct conversation *c, struct desk_page *view);
/* "Ana Ruiz is away until 2 December. Joy Ruiz stands in and is told too."; absent while they are here. */
fallible desk_away_words(struct cx *cx, const struct page_cx *px, account_id account, str name, str *out);
fallible desk_put_template(struct cx *cx, thread_id id, struct uuid chosen, str before, str *out);
/* The thread's page again, with what `view` says was typed and went wrong. */
fallible desk_show(struct cx *cx, struct request *rq, int status, thread_id id, struct desk_page *view);
/* Address of the thread's page and its deeds, with the list that the member came from. */
str desk_path(struct cx *cx, struct request *rq, thread_id id, const char *what, str done);
str desk_list_path(struct cx *cx, struct request *rq, str done);
void page_desk(struct buf *out, const struct page_cx *px, const struct desk_page *v);

struct reach_page {
	str query;               /* what was searched */
	struct option *patients; /* value: path */
	size_t patient_count;
	bool searched;
	/* with a patient chosen: */
	str cannot; /* why they would not read or answer it; absent: they can */
	str patient, patient_id, key, category, team, subject, body;
	const struct option *categories;
	struct option *teams;
	size_t team_count;
	struct form_errors errors;
	struct file_field files;
};
void page_reach(struct buf *out, const struct page_cx *px, const struct reach_page *v);

struct broadcast_row {
	str id, name;
	bool chosen;
};
struct broadcast_page {
	str key, team, team_name, category, subject, body;
	struct option *teams; /* to choose from; fewer than two are not asked about */
	size_t team_count;
	const struct option *categories;
	struct broadcast_row *patients; /* who can be reached */
	size_t patient_count;
	str *unreachable;
	size_t unreachable_count, chosen_count;
	bool preview; /* everything is filled in: look at it, then send */
	struct form_errors errors;
};
void page_broadcast(struct buf *out, const struct page_cx *px, const struct broadcast_page *v);

struct broadcast_state_page {
	str path, team, body;
	int64_t waiting, sent, refused;
	str *names; /* who was not reached */
	size_t name_count;
};
void page_broadcast_state(struct buf *out, const struct page_cx *px, const struct broadcast_state_page *v);

struct templates_page {
	struct form_errors errors;
	struct template_row {
		str name, body, scope, path, edit; /* the last two absent where the caller may not change it */
	} * rows;
	size_t count;
	struct option *scopes;
	size_t scope_count;
	str id, name, body, scope; /* as typed */
};
void page_templates(struct buf *out, const struct page_cx *px, const struct templates_page *v);
fallible get_templates(struct cx *cx, struct request *rq);
fallible post_template(struct cx *cx, struct request *rq);
fallible post_template_delete(struct cx *cx, struct request *rq);

struct notice_choice_page {
	struct form_errors errors;
	str choice, address, since; /* since when the address does not work */
	bool does_not_work;
	struct option options[4];
	size_t option_count;
};
void page_notice_choice(struct buf *out, const struct page_cx *px, const struct notice_choice_page *v);

struct ownerless_row {
	str team, due;
	str who; /* the patient; absent for those who do not care for them */
	struct status status;
};
struct ownerless_page {
	struct ownerless_row *rows;
	size_t count;
};
void page_ownerless(struct buf *out, const struct page_cx *px, const struct ownerless_page *v);

/* ---- handlers ---- */

/* What the caller, a patient, is told of the blocks that stand, in their words. */
fallible blocks_in_words(struct cx *cx, str **words, size_t *count);
fallible get_messages(struct cx *cx, struct request *rq);
fallible get_compose(struct cx *cx, struct request *rq);
fallible post_compose(struct cx *cx, struct request *rq);
fallible post_draft(struct cx *cx, struct request *rq);
fallible post_draft_delete(struct cx *cx, struct request *rq);
fallible get_thread(struct cx *cx, struct request *rq);
fallible get_thread_text(struct cx *cx, struct request *rq);
fallible get_file(struct cx *cx, struct request *rq);
fallible get_terms(struct cx *cx, struct request *rq);
fallible post_terms(struct cx *cx, struct request *rq);
fallible get_sending(struct cx *cx, struct request *rq);
fallible post_draft_undo(struct cx *cx, struct request *rq);
fallible post_draft_send(struct cx *cx, struct request *rq);
fallible post_again(struct cx *cx, struct request *rq);
fallible get_folders(struct cx *cx, struct request *rq);
fallible post_folders(struct cx *cx, struct request *rq);
fallible post_folder(struct cx *cx, struct request *rq);
fallible post_move(struct cx *cx, struct request *rq);
fallible get_search(struct cx *cx, struct request *rq);
fallible get_signature(struct cx *cx, struct request *rq);
fallible post_signature(struct cx *cx, struct request *rq);
fallible get_crisis_words(struct cx *cx, struct request *rq);
fallible post_crisis_words(struct cx *cx, struct request *rq);
fallible post_reply(struct cx *cx, struct request *rq);
/* Orders of the inbox as they stand in its address. */
enum inbox_sort inbox_sort_of(str word);
const char *inbox_sort_word(enum inbox_sort sort);
fallible get_inbox(struct cx *cx, struct request *rq);
fallible post_view(struct cx *cx, struct request *rq);
fallible post_view_drop(struct cx *cx, struct request *rq);
fallible post_typing(struct cx *cx, struct request *rq);
fallible get_desk(struct cx *cx, struct request *rq);
fallible post_claim(struct cx *cx, struct request *rq);
fallible post_release(struct cx *cx, struct request *rq);
fallible post_complete(struct cx *cx, struct request *rq);
fallible post_reopen(struct cx *cx, struct request *rq);
fallible post_desk_reply(struct cx *cx, struct request *rq);
fallible post_assign(struct cx *cx, struct request *rq);
fallible post_reroute(struct cx *cx, struct request *rq);
fallible post_forward(struct cx *cx, struct request *rq);
fallible post_note(struct cx *cx, struct request *rq);
fallible post_remind(struct cx *cx, struct request *rq);
fallible post_merge(struct cx *cx, struct request *rq);
fallible post_recall(struct cx *cx, struct request *rq);
fallible get_reach(struct cx *cx, struct request *rq);
fallible post_reach(struct cx *cx, struct request *rq);
fallible get_broadcast(struct cx *cx, struct request *rq);
fallible post_broadcast(struct cx *cx, struct request *rq);
fallible get_broadcast_state(struct cx *cx, struct request *rq);
fallible get_notice_choice(struct cx *cx, struct request *rq);
fallible post_notice_choice(struct cx *cx, struct request *rq);
fallible get_ownerless(struct cx *cx, struct request *rq);

/* Shared by the handlers (messaging_forms.c). */
fallible request_thread(const struct request *rq, thread_id *out);
/* The form's key, or a new one. */
struct uuid request_key(const struct cx *cx, const struct request *rq);
const struct option *category_options(const struct page_cx *px); /* CATEGORIES of them */
/* An error of a use case beside the field it is about; false when it is no matter of the form. */
bool form_note_error(struct cx *cx, struct form_errors *errors, const char *field, const struct err *error);
int form_status(const struct err *error);
str flash_for(struct cx *cx, str done); /* what ?done= says was just done; absent for none */
/* Messages and events in the order of time. `base`: "/inbox" or "/messages", where other conversations are. */
size_t conversation_rows(const struct cx *cx, const struct page_cx *px, const struct conversation *c, const char *base,
    struct message_row **out);

#endif
