/* SPDX-License-Identifier: Apache-2.0 */
/* Files of drafts and messages: who may attach, remove and read them.  A draft's id becomes that of its message, so sending
 * moves nothing: the same rows are the message's from then on, and nobody changes them any more. */
#include "care/messaging/messaging_store.h"

static struct attachment_holder
holder_of(const struct draft *draft, account_id account)
{
	return (struct attachment_holder){draft->patient, account, draft->id};
}

/* ---- adding and removing ---- */

/* The caller's draft, not sent yet. */
static fallible
draft_to_change(struct cx *cx, struct uuid id, struct draft *out)
{
	struct message_key sent;
	bool was_sent;

	TRY(draft_get(cx, id, out));
	TRY(message_row_by_key(cx, out->patient, cx->who.account, id, &sent, &was_sent));
	return was_sent ? NOT_FOUND : NULL;
}

static void
audit_file(struct tx *tx, enum audit_action action, const struct attachment *file)
{
	enum access_why why = tx->cx->who.is & WHO_DELEGATE  ? ACCESS_DELEGATE
	                      : tx->cx->who.is & WHO_PATIENT ? ACCESS_SELF
	                                                     : ACCESS_CARE_TEAM;

	audit_add(tx,
	    &(struct audit){
		.action = action, .subject = AUDIT_MESSAGES, .patient = file->patient, .item = file->id, .why = why});
}

struct attaching {
	struct uuid draft;
	const struct attachment_sealed *sealed;
	struct attachment *file;
};

static const struct err *
attach(struct tx *tx, void *arg)
{
	struct attaching *in = arg;
	struct draft draft;

	TRY(draft_to_change(tx->cx, in->draft, &draft));
	TRY(attachment_add(tx, in->sealed, in->file));
	audit_file(tx, AUDIT_CREATE, in->file);
	return NULL;
}

fallible
draft_limits(struct cx *cx, patient_id id, struct attachment_limits *out)
{
	struct facility_settings settings;
	struct patient patient;

	TRY(patient_get(cx, id, &patient));
	TRY(facility_settings_get(cx, patient.facility, &settings));
	*out = attachment_limits(settings.attachments_large);
	return NULL;
}

fallible
message_attach(struct cx *cx, struct uuid id, str name, str content, struct attachment *out)
{
	struct attaching in = {.draft = id, .file = out};
	struct attachment_new file = {.name = name, .content = content};
	struct attachment_sealed *sealed;
	struct draft draft;

	TRY(draft_to_change(cx, id, &draft));
	file.holder = holder_of(&draft, cx->who.account);
	TRY(draft_limits(cx, draft.patient, &file.limits));
	TRY(attachment_prepare(cx, &file, &sealed));
	in.sealed = sealed;
	return db_write(cx, attach, &in);
}

static const struct err *
detach(struct tx *tx, void *arg)
{
	struct attachment *file = arg;
	struct draft draft;

	TRY(draft_to_change(tx->cx, file->holder, &draft));
	TRY(attachment_remove(tx, file));
	audit_file(tx, AUDIT_DELETE, file);
	return NULL;
}

fallible
message_detach(struct cx *cx, struct uuid id)
{
	struct attachment file;

	TRY(message_file_find(cx, id, &file));
	return db_write(cx, detach, &file);
}

/* ---- reading ---- */

fallible
draft_attachments(struct cx *cx, struct uuid id, struct db_rows *out)
{
	struct attachment_holder holder;
	struct draft draft;
	bool found;

	*out = (struct db_rows){0};
	TRY(draft_row_get(cx, cx->who.account, id, &draft, &found));
	if (!found)
		return NULL;
	TRY(draft_get(cx, id, &draft));
	holder = holder_of(&draft, cx->who.account);
	return attachments_of(cx, &holder, out);
}

fallible
message_attachments(struct cx *cx, const struct thread *thread, struct message *message)
{
	struct attachment_holder holder = {thread->patient, message->author, message->id.v};
	struct db_rows rows = {0};

	if (message->file_count == 0)
		return NULL;
	TRY(attachments_of(cx, &holder, &rows));
	message->files = rows.items;
	message->file_count = (int64_t)rows.count;
	return NULL;
}

fallible
message_file_find(struct cx *cx, struct uuid id, struct attachment *out)
{
	struct standing_of_caller caller;
	struct attachment file;
	struct message_key key;
	struct message message;
	struct thread thread;
	enum access_why why;
	bool was_sent;

	TRY(attachment_get(cx, id, &file));
	TRY(message_row_by_key(cx, file.patient, file.account, file.holder, &key, &was_sent));
	if (!was_sent) {
		if (!uuid_equal(file.account.v, cx->who.account.v))
			return NOT_FOUND;
		TRY(access_check(cx, file.patient, RIGHT_MESSAGES_WRITE, &why));
	} else {
		TRY(thread_find(cx, key.thread, RIGHT_MESSAGES_READ, &thread, &caller));
		TRY(message_row_get(cx, &thread, key.n, &message));
		if (caller.side == SIDE_PATIENT && !instant_is_none(message.recalled))
			return NOT_FOUND;
	}
	*out = file;
	return NULL;
}

fallible
message_file_read(struct cx *cx, const struct attachment *file, attachment_chunk_fn *each, void *arg)
{
	enum access_why why;

	TRY(access_check(cx, file->patient, RIGHT_MESSAGES_READ, &why));
	audit_add_read(cx, &(struct audit){.action = AUDIT_DOWNLOAD,
			       .subject = AUDIT_MESSAGES,
			       .patient = file->patient,
			       .item = file->id,
			       .why = why});
	return attachment_read(cx, file, each, arg);
}

/* ---- what was held ---- */

static fallible
tell_of_verdict(struct cx *cx, const struct attachment *file)
{
	struct message_key message;
	struct thread thread;
	bool was_sent;

	TRY(message_row_by_key(cx, file->patient, file->account, file->holder, &message, &was_sent));
	if (!was_sent) {
		if (cx->events)
			events_publish(cx->events, file->account.v, "draft", uuid_text(cx->arena, file->holder));
		return NULL;
	}
	TRY(thread_row_get(cx, message.thread, &thread));
	live_thread_changed(cx, &thread);
	return NULL;
}

fallible
message_scan_deliver(struct cx *cx, const struct outbox_item *item)
{
	struct attachment file;
	struct uuid id;
	const struct err *error;
	bool changed;

	if (!uuid_parse(item->key, &id))
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a scan without an attachment");
	error = attachment_scan(cx, id, &file, &changed);
	if (error && error->code == ERR_GONE) /* removed meanwhile */
		return NULL;
	TRY(error);
	return changed ? tell_of_verdict(cx, &file) : NULL;
}
