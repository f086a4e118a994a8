/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts: kept on the server while somebody writes, so that nothing typed is lost and another device can go on.  A draft is
 * its author's own; its text may be anything, because it is checked when it is sent. */
#include "care/messaging/about.h"
#include "platform/format/utf8.h"

struct saving {
	struct draft draft; /* texts sealed */
	account_id account;
	struct uuid from; /* a draft that it takes the place of; none: none */
};

static const struct err *
save(struct tx *tx, void *arg)
{
	struct saving *in = arg;
	struct message_key sent;
	bool was_sent, is_known;
	struct draft before;
	int64_t count;

	/* A late autosave of what was just sent would bring the draft back. */
	TRY(message_row_by_key(tx->cx, in->draft.patient, in->account, in->draft.id, &sent, &was_sent));
	if (was_sent)
		return NULL;
	TRY(draft_row_get(tx->cx, in->account, in->draft.id, &before, &is_known));
	if (is_known && !instant_is_none(before.send_at)) /* nor change what is on its way */
		return NULL;
	if (!is_known && instant_is_none(in->draft.send_at)) {
		TRY(draft_row_count(tx->cx, in->account, &count));
		if (count >= DRAFTS_MAX)
			return ERR(ERR_INVALID, TR("You have very many drafts. Delete some of them first."),
			    "too many drafts");
	}
	return draft_row_put(tx, in->account, &in->draft);
}

/* Nothing is taken from a draft that was sent meanwhile: its files are the message's. */
static const struct err *
move(struct tx *tx, void *arg)
{
	struct saving *in = arg;
	struct message_key sent;
	struct draft from;
	bool found, was_sent;

	TRY(draft_row_get(tx->cx, in->account, in->from, &from, &found));
	if (found && uuid_equal(from.patient.v, in->draft.patient.v)) {
		TRY(message_row_by_key(tx->cx, from.patient, in->account, in->from, &sent, &was_sent));
		if (!was_sent)
			TRY(attachments_move(
			    tx, &(struct attachment_holder){from.patient, in->account, in->from}, in->draft.id));
		TRY(draft_row_delete(tx, in->account, in->from));
	}
	return save(tx, in);
}

static fallible
keep(struct cx *cx, act_fn *act, const struct draft *draft, struct uuid from)
{
	struct saving in = {.draft = *draft, .account = cx->who.account, .from = from};
	struct standing_of_caller caller;
	struct thread thread;
	enum access_why why;
	struct about about;
	str subject = utf8_repair(cx->arena, draft->subject), body = utf8_repair(cx->arena, draft->body);

	if (!uuid_is_none(draft->thread.v)) {
		TRY(thread_find(cx, draft->thread, RIGHT_MESSAGES_WRITE, &thread, &caller));
		in.draft.patient = thread.patient;
	}
	TRY(access_check(cx, in.draft.patient, RIGHT_MESSAGES_WRITE, &why));
	TRY(vault_seal(cx, in.draft.patient, draft_place(draft->id, "draft.subject"), subject, &in.draft.subject));
	TRY(vault_seal(cx, in.draft.patient, draft_place(draft->id, "draft.body"), body, &in.draft.body));
	TRY(about_of_draft(cx, in.draft.patient, draft->id, draft->about.reference, &about));
	TRY(about_seal(cx, in.draft.patient, draft_place(draft->id, "draft.about"), &about, &in.draft.about.sealed));
	return db_write(cx, act, &in);
}

fallible
draft_save(struct cx *cx, const struct draft *draft)
{
	return draft_save_for(cx, draft, INSTANT_NONE);
}

fallible
draft_save_for(struct cx *cx, const struct draft *draft, instant send_at)
{
	struct draft leaving = *draft;

	leaving.send_at = send_at;
	return keep(cx, save, &leaving, (struct uuid){{0}});
}

fallible
draft_move(struct cx *cx, struct uuid from, const struct draft *to)
{
	struct draft staying = *to;

	staying.send_at = INSTANT_NONE;
	return keep(cx, move, &staying, from);
}

fallible
draft_get(struct cx *cx, struct uuid id, struct draft *out)
{
	struct draft draft;
	enum access_why why;
	bool found;

	TRY(draft_row_get(cx, cx->who.account, id, &draft, &found));
	if (!found)
		return NOT_FOUND;
	TRY(access_check(cx, draft.patient, RIGHT_MESSAGES_WRITE, &why));
	*out = draft;
	return NULL;
}

fallible
draft_of_thread(struct cx *cx, thread_id id, struct draft *out, bool *found)
{
	struct standing_of_caller caller;
	struct thread thread;

	TRY(thread_find(cx, id, RIGHT_MESSAGES_READ, &thread, &caller));
	return draft_row_of_thread(cx, thread.patient, cx->who.account, id, out, found);
}

/* Of the patient's side who may write at all; staff drop their drafts also when they left the team. */
static fallible
check_own_write(struct cx *cx)
{
	enum access_why why;

	return cx->who.is & WHO_DELEGATE ? access_check(cx, cx->who.patient, RIGHT_MESSAGES_WRITE, &why) : NULL;
}

struct dropping {
	struct uuid id;
	account_id account;
};

static const struct err *
drop(struct tx *tx, void *arg)
{
	struct dropping *in = arg;
	struct message_key sent;
	struct draft draft;
	bool found;

	TRY(draft_row_get(tx->cx, in->account, in->id, &draft, &found));
	if (!found)
		return NULL;
	TRY(message_row_by_key(tx->cx, draft.patient, in->account, in->id, &sent, &found));
	if (!found) /* what was sent keeps its files */
		TRY(attachments_drop(tx, &(struct attachment_holder){draft.patient, in->account, in->id}));
	return draft_row_delete(tx, in->account, in->id);
}

fallible
draft_delete(struct cx *cx, struct uuid id)
{
	TRY(check_own_write(cx));
	return db_write(cx, drop, &(struct dropping){id, cx->who.account});
}

fallible
draft_list(struct cx *cx, struct db_rows *out)
{
	const struct err *error = check_own_write(cx);

	if (error &&
	    (error->code == ERR_GONE || error->code == ERR_DENIED)) { /* no drafts without the right to write */
		*out = (struct db_rows){0};
		return NULL;
	}
	TRY(error);
	return draft_rows(cx, cx->who.account, out);
}
