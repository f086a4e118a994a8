/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages of folders and search show. */
#ifndef SALVE_MAILBOX_PAGES_H
#define SALVE_MAILBOX_PAGES_H

#include "care/messaging/mailbox.h"
#include "care/messaging/messaging_pages.h"

struct place place_of(str text); /* "sent", "drafts", "deleted", the id of a folder; anything else: the inbox */
str place_text(struct arena *arena, struct place place);
/* Inbox, Sent, Drafts, Deleted and the caller's own. */
fallible fill_folders(struct cx *cx, const struct page_cx *px, struct place here, struct messages_page *view);
/* Where a thread can be moved to from `here`. */
fallible fill_moves(struct cx *cx, const struct page_cx *px, thread_id thread, struct thread_page *view);

struct folder_row {
	str id, name, path;
	int64_t threads;
};
struct folders_page {
	struct folder_row *rows;
	size_t count;
	struct form_errors errors;
	str name; /* of a new one, as typed */
};
void page_folders(struct buf *out, const struct page_cx *px, const struct folders_page *v);

struct found_row {
	str path, subject, who, team, extract;
	instant at;
	bool has_file;
};
struct search_page {
	bool searched;
	str words, sender, team, category, side, from, until;
	bool has_file;
	struct option *teams;
	size_t team_count;
	struct option categories[CATEGORIES + 1];
	struct form_errors errors;
	struct found_row *rows;
	size_t count;
	str older; /* where the search goes on; absent: everything was looked at */
};
void page_search(struct buf *out, const struct page_cx *px, const struct search_page *v);

/* Does a text of the form hold words of emergency that the person was not asked about yet (do=urgent)? */
fallible form_crisis(struct cx *cx, struct request *rq, facility_id facility, str subject, str body, str *hits);
/* The question, above the form; nothing without hits. */
void crisis_question(struct buf *out, const struct page_cx *px, str hits, const struct facility *facility);
struct crisis_page {
	str list;
	struct form_errors errors;
};
void page_crisis_words(struct buf *out, const struct page_cx *px, const struct crisis_page *v);

struct signature_page {
	str name, title;
	bool include;
	struct form_errors errors;
};
void page_signature(struct buf *out, const struct page_cx *px, const struct signature_page *v);
/* Where to sign electronically; `teams` that need it, nothing when absent. */
void sign_field(struct buf *out, const struct page_cx *px, str teams, str name, const struct form_errors *errors);

#endif
