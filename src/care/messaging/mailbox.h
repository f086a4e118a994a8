/* SPDX-License-Identifier: Apache-2.0 */
/* The patient's mailbox: folders and search, private to each person, without changing what the team sees; the words before
 * which a person is asked whether it is an emergency, signatures, preferred teams. */
#ifndef SALVE_MAILBOX_H
#define SALVE_MAILBOX_H

#include "care/messaging/messaging.h"

/* ---- folders (folder.c, mailbox_store.c) ---- */

#define FOLDERS_MAX           50
#define FOLDER_NAME_CHARS_MAX 50

enum folder_kind { FOLDER_INBOX, FOLDER_SENT, FOLDER_DRAFTS, FOLDER_DELETED, FOLDER_OWN };
struct place { /* where to look */
	enum folder_kind kind;
	struct uuid id; /* of FOLDER_OWN */
};
struct folder {
	struct uuid id;
	patient_id patient;
	str name;
	int64_t threads; /* how many lie in it */
};

/* Letters, digits and single spaces, not taken by another folder of the caller. ERR_INVALID with words otherwise. */
fallible folder_add(struct cx *cx, str name, struct uuid *out);
fallible folder_rename(struct cx *cx, struct uuid id, str name);
fallible folder_delete(struct cx *cx, struct uuid id); /* ERR_INVALID while something lies in it */
/* struct folder of the caller, by name; those that a delegate made belong to the patient they act for. */
fallible folder_list(struct cx *cx, struct db_rows *out);
/* Move a whole thread, what was sent included, for the caller alone: to the inbox, the deleted ones or an own folder.
 * Nothing is ever destroyed; what is written into a deleted thread brings it back to the inbox. */
fallible thread_file_away(struct cx *cx, thread_id thread, struct place to);
fallible thread_place(struct cx *cx, thread_id thread, struct place *out);

struct mailbox_query {
	struct place place;
	enum thread_filter filter;
	int64_t offset, count_max;
};
fallible mailbox_list(struct cx *cx, const struct mailbox_query *query, struct db_rows *out); /* struct thread */
fallible mailbox_count(struct cx *cx, const struct mailbox_query *query, int64_t *out);

/* ---- search (search.c) ---- */

#define SEARCH_OPENED_MAX 500 /* sealed texts opened for one page; older ones by "search older" */
#define SEARCH_FOUND_MAX  50  /* shown on one page */

/* All that is given must fit. */
struct message_query {
	str words, sender; /* words: all of them in subject or text; sender: in the name of who wrote */
	team_id team;
	int64_t category; /* enum message_category; -1: any */
	int64_t side;     /* enum message_side; 0: any */
	instant from, until;
	bool has_file;
	instant before; /* go on after this message; none: from the newest */
	struct uuid before_id;
};
struct found {
	thread_id thread;
	struct uuid id;
	int64_t n, side;
	account_id author;
	instant sent;
	str body, subject;
	team_id team;
	int64_t category, file_count;
	bool by_delegate;
	str author_name, extract;
};
struct search_result {
	struct found *items;
	size_t count;
	bool more; /* there are older ones that were not looked at */
	instant last;
	struct uuid last_id;
};
fallible messages_search(struct cx *cx, const struct message_query *query, struct search_result *out);

/* ---- words of emergency (crisis.c) ---- */

/* The facility's list, or the program's. */
fallible crisis_list_get(struct cx *cx, facility_id facility, str *out);
/* By a coordinator or administrator of the facility; an empty one brings back the program's. */
fallible crisis_list_set(struct cx *cx, str list);
/* Hits of a text with the list of the facility. */
fallible crisis_check(struct cx *cx, facility_id facility, str subject, str body, str *hits);

/* ---- signatures (signature.c) ---- */

#define SIGNATURE_CHARS_MAX 100

struct signature {
	str name, title;
	bool include;
};
fallible signature_get(struct cx *cx, struct signature *out); /* the caller's; empty without one */
/* ERR_INVALID for texts that are too long or no clean lines. Both lines filled: included unless the caller says no. */
fallible signature_set(struct cx *cx, const struct signature *signature);
/* `body` signed now with that name; a block that stands there already is replaced. ERR_INVALID with words unless the name has
 * letters only and the person certified. */
fallible body_sign(struct cx *cx, facility_id facility, str name, bool certified, str body, str *out);

/* ---- which teams one wants to see when one writes (team_choice.c) ---- */

/* The team that is proposed to the patient for a message, and why, in the language of `cx`: what the message is about says it first,
 * then the kind of question, then what the person prefers, then who looks after their everyday care. `about`: "Observation/ID" of
 * their record, may be absent; `category`: "medication", may be absent: then the one that `about` has. */
struct team_proposal {
	team_id team; /* none: nothing to propose */
	str why;      /* absent when there is one team only */
	str category, about, about_title, subject;
};
fallible team_propose(struct cx *cx, str about, str category, struct team_proposal *out);

enum team_choice { TEAM_SHOWN = 0, TEAM_FIRST = 1, TEAM_HIDDEN = 2 }; /* stored as numbers */
struct team_choice_row {
	team_id team;
	int64_t choice; /* enum team_choice */
};
fallible team_choices(struct cx *cx, struct db_rows *out); /* the caller's; struct team_choice_row */
/* ERR_GONE for a team that does not care for the calling patient. */
fallible team_choices_set(struct cx *cx, const struct team_choice_row *rows, size_t count);
enum team_choice team_choice_of(const struct db_rows *choices, team_id team);

/* ---- a conversation as plain text (thread_text.c) ---- */

struct page_cx;
fallible conversation_text(struct cx *cx, const struct page_cx *px, const struct conversation *c, struct buf *out);

#endif
