/* SPDX-License-Identifier: Apache-2.0 */
#include "care/journal/journal_comment.h"

#include "care/messaging/messaging.h"
#include "platform/format/utf8.h"

struct marking {
	struct journal_comment comment;
	const struct journal_log *log;
};

/* Beside the message, in its transaction. Closed meanwhile is closed. */
static const struct err *
mark(struct tx *tx, void *arg)
{
	struct marking *in = arg;
	struct journal_standing standing;

	TRY(journal_check(tx->cx, in->comment.patient, in->log, &standing));
	in->comment.at = tx->cx->now;
	return journal_comment_row_add(tx, &in->comment);
}

fallible
journal_comment_add(struct cx *cx, const struct journal_comment_new *in)
{
	struct marking marking = {.log = in->log};
	struct journal_standing standing;
	struct journal_entry entry;
	struct sent sent;

	TRY(journal_check(cx, in->patient, in->log, &standing));
	if (standing.why != ACCESS_CARE_TEAM)
		return ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.",
		    "a comment by somebody who is not of the care team");
	TRY(journal_entry_get(cx, in->patient, in->log, in->entry, &entry));
	marking.comment = (struct journal_comment){.patient = in->patient,
	    .log = in->log->number,
	    .entry = entry.key,
	    .thread = in->key,
	    .account = cx->who.account};
	return thread_send_new(cx,
	    &(struct thread_new){.key = in->key,
		.patient = in->patient,
		.team = in->team,
		.category = CATEGORY_GENERAL,
		.subject = utf8_take_chars(in->subject, MESSAGE_SUBJECT_CHARS_MAX),
		.body = in->body,
		.about = arena_printf(cx->arena, "%s/%.*s", resource_type_name(in->log->type), STR_ARG(entry.id)),
		.with = mark,
		.with_arg = &marking},
	    &sent);
}

fallible
journal_comments_of(
    struct cx *cx, patient_id patient, const struct journal_log *log, struct uuid entry, struct db_rows *out)
{
	struct journal_standing standing;

	TRY(journal_check(cx, patient, log, &standing));
	return journal_comment_rows(cx, patient, log->number, entry, out);
}
