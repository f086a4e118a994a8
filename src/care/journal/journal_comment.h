/* SPDX-License-Identifier: Apache-2.0 */
/* Comments of the care team: a conversation about an entry, and a mark on the entry that says where it is.  Private to this folder. */
#ifndef SALVE_JOURNAL_COMMENT_H
#define SALVE_JOURNAL_COMMENT_H

#include "care/journal/journal_internal.h"
#include "care/organization/organization.h"

struct journal_comment {
	patient_id patient;
	int64_t log;
	struct uuid entry, thread;
	instant at;
	account_id account; /* who wrote it */
};

/* Begins a conversation about the entry, in the name of a team of the caller; `key` as of a message: again changes nothing. ERR_GONE when
 * the entry is not shared with the team; ERR_INVALID with words as thread_send_new. */
struct journal_comment_new {
	struct uuid key;
	patient_id patient;
	const struct journal_log *log;
	str entry;   /* its id */
	str subject; /* longer ones are cut */
	str body;
	team_id team;
};
fallible journal_comment_add(struct cx *cx, const struct journal_comment_new *in);

/* Of an entry, or (entry all zero) of the whole log, newest first; struct journal_comment. For whoever may read the log. */
#define COMMENTS_MAX 200
fallible journal_comments_of(
    struct cx *cx, patient_id patient, const struct journal_log *log, struct uuid entry, struct db_rows *out);

/* rows (journal_store.c) */
fallible journal_comment_row_add(struct tx *tx, const struct journal_comment *comment);
fallible journal_comment_rows(struct cx *cx, patient_id patient, int64_t log, struct uuid entry, struct db_rows *out);

#endif
