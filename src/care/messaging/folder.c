/* SPDX-License-Identifier: Apache-2.0 */
/* Folders: where a thread lies for one person.  Deleting is a folder too; nothing a person wrote is ever destroyed here. */
#include "care/messaging/mailbox_store.h"

#include <stdlib.h>

#include "platform/format/utf8.h"

struct filing {
	struct folder folder; /* name sealed */
	struct uuid key;
	bool is_new;
};

/* Letters of any script, digits, spaces between them (My HealtheVet's rule). */
static bool
name_is_sound(str name)
{
	str rest = name;
	uint32_t c;

	if (name.n == 0 || utf8_count(name) > FOLDER_NAME_CHARS_MAX || !utf8_is_clean_line(name))
		return false;
	while (utf8_next(&rest, &c))
		if (c < 0x80 && c != ' ' && !(c >= '0' && c <= '9') && !((c | 32) >= 'a' && (c | 32) <= 'z'))
			return false;
	return true;
}

static struct uuid
name_key(struct cx *cx, str name)
{
	str folded = utf8_fold(cx->arena, name);

	if (cx->who.is & WHO_DELEGATE) /* one person may keep a folder of one name for each patient */
		folded = arena_printf(
		    cx->arena, "%.*s %.*s", STR_ARG(uuid_text(cx->arena, cx->who.patient.v)), STR_ARG(folded));
	return vault_blind(cx->vault, "folder.name", folded);
}

static const struct err *
put(struct tx *tx, void *arg)
{
	const struct filing *in = arg;
	account_id account = tx->cx->who.account;
	struct db_rows rows;
	bool yes;

	TRY(folder_row_has(tx->cx, account, in->folder.id, &yes));
	if (!yes && !in->is_new)
		return NOT_FOUND;
	TRY(folder_row_taken(tx->cx, account, in->folder.id, in->key, &yes));
	if (yes)
		return ERR(ERR_INVALID, TR("You have a folder of this name already."), "folder name taken");
	TRY(folder_rows(tx->cx, account, &rows));
	if (in->is_new && rows.count >= FOLDERS_MAX)
		return ERR(
		    ERR_INVALID, TR("You have very many folders. Delete an empty one first."), "too many folders");
	return folder_row_put(tx, account, &in->folder, in->key);
}

static fallible
keep(struct cx *cx, struct uuid id, str name, bool is_new)
{
	struct filing in = {.folder = {.id = id, .patient = cx->who.patient}, .is_new = is_new};
	enum access_why why;

	name = utf8_nfc(cx->arena, str_trim(name));
	TRY(access_check(cx, cx->who.patient, RIGHT_MESSAGES_WRITE, &why));
	if (!name_is_sound(name))
		return ERR(ERR_INVALID, TR("A folder's name has letters, digits and spaces, 50 characters at most."),
		    "bad folder name");
	in.key = name_key(cx, name);
	TRY(vault_seal(cx, cx->who.patient, folder_name_place(id), name, &in.folder.name));
	return db_write(cx, put, &in);
}

fallible
folder_add(struct cx *cx, str name, struct uuid *out)
{
	struct uuid id = uuid_new(cx->now);

	TRY(keep(cx, id, name, true));
	*out = id;
	return NULL;
}

fallible
folder_rename(struct cx *cx, struct uuid id, str name)
{
	return keep(cx, id, name, false);
}

static const struct err *
drop(struct tx *tx, void *arg)
{
	struct uuid id = *(struct uuid *)arg;
	enum access_why why;
	int64_t threads;

	TRY(access_check(tx->cx, tx->cx->who.patient, RIGHT_MESSAGES_WRITE, &why));
	TRY(folder_row_threads(tx->cx, tx->cx->who.account, id, &threads));
	if (threads)
		return ERR(ERR_INVALID, TR("Only an empty folder can be deleted. Move its messages first."),
		    "folder is not empty");
	return folder_row_delete(tx, tx->cx->who.account, id);
}

fallible
folder_delete(struct cx *cx, struct uuid id)
{
	return db_write(cx, drop, &id);
}

static int
compare_names(const void *a, const void *b)
{
	return str_compare(((const struct folder *)a)->name, ((const struct folder *)b)->name);
}

fallible
folder_list(struct cx *cx, struct db_rows *out)
{
	struct folder *folder;
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_MESSAGES_READ, &why));
	TRY(folder_rows(cx, cx->who.account, out));
	folder = out->items;
	for (size_t i = 0; i < out->count; i++)
		TRY(vault_open_text(
		    cx, folder[i].patient, folder_name_place(folder[i].id), folder[i].name, &folder[i].name));
	if (out->count)
		qsort(folder, out->count, sizeof(*folder), compare_names);
	return NULL;
}

/* ---- where a thread lies ---- */

struct moving {
	thread_id id;
	struct uuid folder; /* none: the inbox */
};

static const struct err *
move(struct tx *tx, void *arg)
{
	const struct moving *in = arg;
	struct standing_of_caller caller;
	struct thread thread;
	bool has = true;

	TRY(thread_find(tx->cx, in->id, RIGHT_MESSAGES_WRITE, &thread, &caller));
	if (!access_is_patient_side(caller.why))
		return NOT_FOUND;
	if (!uuid_is_none(in->folder) && !uuid_equal(in->folder, folder_deleted))
		TRY(folder_row_has(tx->cx, tx->cx->who.account, in->folder, &has));
	return has ? thread_row_file(tx, &thread, tx->cx->who.account, addressee_side(&caller), in->folder) : NOT_FOUND;
}

fallible
thread_file_away(struct cx *cx, thread_id thread, struct place to)
{
	struct moving in = {.id = thread};

	if (to.kind == FOLDER_SENT || to.kind == FOLDER_DRAFTS)
		return ERR(ERR_INVALID, TR("Messages cannot be moved there."), "moving into sent or drafts");
	in.folder = to.kind == FOLDER_DELETED ? folder_deleted : to.kind == FOLDER_OWN ? to.id : (struct uuid){{0}};
	return db_write(cx, move, &in);
}

fallible
thread_place(struct cx *cx, thread_id id, struct place *out)
{
	struct standing_of_caller caller;
	struct thread thread;
	struct uuid folder;

	TRY(thread_find(cx, id, RIGHT_MESSAGES_READ, &thread, &caller));
	TRY(thread_row_place(cx, &thread, cx->who.account, &folder));
	*out = (struct place){.kind = uuid_is_none(folder)                 ? FOLDER_INBOX
	                              : uuid_equal(folder, folder_deleted) ? FOLDER_DELETED
	                                                                   : FOLDER_OWN,
	    .id = folder};
	return NULL;
}

/* ---- lists ---- */

fallible
mailbox_list(struct cx *cx, const struct mailbox_query *query, struct db_rows *out)
{
	patient_id patient = cx->who.patient;
	enum access_why why;

	TRY(access_check(cx, patient, RIGHT_MESSAGES_READ, &why));
	TRY(mailbox_rows(cx, patient, query, out));
	audit_add_read(cx, &(struct audit){.action = AUDIT_SEARCH,
			       .subject = AUDIT_MESSAGES,
			       .patient = patient,
			       .count = (int64_t)out->count,
			       .why = why});
	return thread_open_subjects(cx, out);
}

fallible
mailbox_count(struct cx *cx, const struct mailbox_query *query, int64_t *out)
{
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_MESSAGES_READ, &why));
	return mailbox_row_count(cx, cx->who.patient, query, out);
}
