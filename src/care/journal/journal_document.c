/* SPDX-License-Identifier: Apache-2.0 */
#include "care/journal/journal_document.h"

#include "platform/crypto/crypto.h"
#include "platform/format/base64.h"
#include "platform/format/json_write.h"
#include "platform/pages/i18n.h"
#include "trust/audit/audit.h"

/* ---- taking a file ---- */

/* The same content in the same document is the same file: sent twice, it is there once. */
static struct uuid
file_id(struct cx *cx, const struct journal_file_new *in)
{
	struct uuid parts[2] = {in->document, attachment_digest(cx, in->patient, in->content)};

	return vault_blind(cx->vault, "journal.file", (str){(const char *)parts, sizeof(parts)});
}

/* The file's bytes as a resource that says of which log it is, for whoever takes in an export. */
static fallible
binary_text(struct cx *cx, patient_id patient, const struct journal_log *log, str content_type, str content, str *out)
{
	struct buf text = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&text);
	str reference;

	TRY(journal_patient_reference(cx, patient, &reference));
	json_write_object(&w);
	json_put_text(&w, "resourceType", S("Binary"));
	json_put_object(&w, "meta");
	json_put_array(&w, "tag");
	json_write_object(&w);
	json_put_text(&w, "system", S(JOURNAL_SUPPLIED_SYSTEM));
	json_put_text(&w, "code", S(JOURNAL_SUPPLIED));
	json_write_end(&w);
	json_write_object(&w);
	json_put_text(&w, "system", S(JOURNAL_SYSTEM));
	json_put_text(&w, "code", str_from_z(log->name));
	json_write_end(&w);
	json_write_end(&w);
	json_write_end(&w);
	json_put_text(&w, "contentType", content_type);
	json_put_object(&w, "securityContext");
	json_put_text(&w, "reference", arena_printf(cx->arena, "Patient/%.*s", STR_ARG(reference)));
	json_write_end(&w);
	json_put_text(&w, "data", base64_encode(cx->arena, content));
	json_write_end(&w);
	json_write_done(&w);
	*out = buf_str(&text);
	return NULL;
}

static fallible
binary_draft(struct cx *cx, patient_id patient, const struct journal_log *log, const struct journal_file *file,
    str content, struct resource_draft **out)
{
	const struct json_value *json;
	str text;

	TRY(binary_text(cx, patient, log, file->content_type, content, &text));
	TRY(json_parse(cx->arena, text, &json, NULL));
	return resource_prepare(
	    cx, &(struct resource_new){.patient = patient, .json = json, .id = file->id, .log = log->number}, out);
}

fallible
journal_file_take(struct cx *cx, const struct journal_file_new *in, struct journal_incoming *out)
{
	struct attachment_new file = {.holder = {in->patient, cx->who.account, in->document},
	    .name = in->name,
	    .content = in->content,
	    .limits = in->limits,
	    .id = file_id(cx, in),
	    .scan_kind = JOURNAL_SCAN_KIND};
	struct attachment_look look;

	TRY(attachment_look(cx, &file, &look));
	*out = (struct journal_incoming){.file = {.id = uuid_text(cx->arena, file.id),
					     .name = look.name,
					     .title = look.name,
					     .content_type = str_from_z(file_type_of(look.kind)->content_type),
					     .bytes = (int64_t)in->content.n}};
	if (look.state == SCAN_WAITING)
		return attachment_seal(cx, &file, &look, &out->held);
	return binary_draft(cx, in->patient, in->log, &out->file, in->content, &out->binary);
}

fallible
journal_documents_room(struct cx *cx, patient_id patient, const struct journal_log *log, bool is_new)
{
	const struct journal_entry *entries;
	struct db_rows rows;
	int64_t bytes = 0;

	TRY(journal_entries(
	    cx, &JOURNAL_QUERY(.patient = patient, .log = log, .count = JOURNAL_DOCUMENTS_MAX), &rows, NULL));
	entries = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		for (size_t f = 0; f < entries[i].values.file_count; f++)
			bytes += entries[i].values.files[f].bytes;
	if (is_new && rows.count >= JOURNAL_DOCUMENTS_MAX)
		return ERR(ERR_INVALID,
		    TR("There are 500 documents already, and there is no room for more. Take one away first."),
		    "too many documents");
	return bytes < JOURNAL_DOCUMENTS_BYTES_MAX
	           ? NULL
	           : ERR(ERR_INVALID,
			 TR("Your documents fill the 500 MB that there are for them. Take one away first."),
			 "documents too large together");
}

/* ---- in the act of the entry ---- */

static bool
has_file(const struct journal_values *values, str id)
{
	for (size_t i = 0; values && i < values->file_count; i++)
		if (str_equal(values->files[i].id, id))
			return true;
	return false;
}

/* Held, or the verdict about it: of this patient. */
static fallible
held_file(struct cx *cx, patient_id patient, const struct journal_file *file, struct attachment *out, bool *found)
{
	const struct err *error;
	struct uuid id;

	*found = false;
	if (!uuid_parse(file->id, &id))
		return NULL;
	error = attachment_get(cx, id, out);
	if (error)
		return error->code == ERR_GONE ? NULL : error;
	*found = uuid_equal(out->patient.v, patient.v);
	return NULL;
}

static fallible
drop_file(struct tx *tx, patient_id patient, const struct journal_log *log, const struct journal_file *file)
{
	const struct err *error = resource_delete_entry(tx, RESOURCE_BINARY, file->id, log->number);
	struct attachment held;
	bool found;

	if (error && error->code != ERR_GONE) /* still held, or not kept */
		return error;
	TRY(held_file(tx->cx, patient, file, &held, &found));
	return found ? attachment_remove(tx, &held) : NULL;
}

fallible
journal_files_drop(
    struct tx *tx, patient_id patient, const struct journal_log *log, const struct journal_values *before)
{
	for (size_t i = 0; i < before->file_count; i++)
		TRY(drop_file(tx, patient, log, &before->files[i]));
	return NULL;
}

fallible
journal_files_write(struct tx *tx, const struct journal_put *in, const struct journal_values *before)
{
	struct attachment held;
	int64_t version;
	bool changed;

	for (size_t i = 0; i < in->incoming_count; i++) {
		const struct journal_incoming *file = &in->incoming[i];

		if (has_file(before, file->file.id))
			continue;
		if (file->binary)
			TRY(resource_put(tx, file->binary, &version, &changed));
		else
			TRY(attachment_add(tx, file->held, &held));
	}
	for (size_t i = 0; before && i < before->file_count; i++)
		if (!has_file(&in->values, before->files[i].id))
			TRY(drop_file(tx, in->patient, in->log, &before->files[i]));
	return NULL;
}

/* ---- reading ---- */

fallible
journal_file_state(
    struct cx *cx, patient_id patient, const struct journal_file *file, enum journal_file_state *out, str *finding)
{
	struct attachment held;
	bool found;

	*out = JOURNAL_FILE_THERE;
	TRY(held_file(cx, patient, file, &held, &found));
	if (!found)
		return NULL;
	*out = held.state == SCAN_INFECTED ? JOURNAL_FILE_INFECTED : JOURNAL_FILE_HELD;
	*finding = held.finding;
	return NULL;
}

fallible
journal_file_bytes(struct cx *cx, patient_id patient, const struct journal_file *file, str *out)
{
	enum journal_file_state state;
	const struct json_value *json;
	struct resource resource;
	str finding;

	TRY(journal_file_state(cx, patient, file, &state, &finding));
	if (state == JOURNAL_FILE_HELD)
		return ERR(ERR_CONFLICT,
		    TR("This file is still being checked for viruses. Please come back a little later."),
		    "a file of a document is held");
	if (state == JOURNAL_FILE_INFECTED)
		return ERR(ERR_CONFLICT, TR("This file was not kept, because the virus scanner found something in it."),
		    "a file of a document was infected");
	TRY(resource_get(cx, RESOURCE_BINARY, file->id, &resource));
	TRY(json_parse(cx->arena, resource.body, &json, NULL));
	return uuid_equal(resource.patient.v, patient.v) && base64_decode(cx->arena, json_text_at(json, "data"), out)
	           ? NULL
	           : ERR(ERR_BROKEN, "Something went wrong on our side.", "a file of a document cannot be read");
}

str
journal_file_path(struct arena *arena, str base, const struct journal_entry *entry, size_t n)
{
	return arena_printf(arena, "%.*s/files/%s/%.*s/%zu", STR_ARG(base), resource_type_name(entry->log->type),
	    STR_ARG(entry->id), n);
}

/* ---- what was held ---- */

struct settling {
	struct attachment *file;
	struct resource_draft *binary;
};

static const struct err *
let_in(struct tx *tx, void *arg)
{
	const struct settling *in = arg;
	struct attachment now;
	int64_t version;
	bool changed;

	TRY(attachment_get(tx->cx, in->file->id, &now)); /* gone with its document meanwhile */
	TRY(resource_put(tx, in->binary, &version, &changed));
	audit_add(tx, &(struct audit){.action = AUDIT_CREATE,
			  .subject = AUDIT_JOURNAL,
			  .patient = in->file->patient,
			  .item = in->file->id,
			  .why = ACCESS_SYSTEM});
	return attachment_remove(tx, &now);
}

static const struct err *
gather(void *arg, str bytes)
{
	buf_add(arg, bytes);
	return NULL;
}

static fallible
settle(struct cx *cx, struct attachment *held)
{
	struct settling in = {.file = held};
	struct buf content = BUF_INIT(cx->arena);
	struct journal_file file = {
	    .id = uuid_text(cx->arena, held->id), .content_type = str_from_z(file_type_of(held->kind)->content_type)};

	if (!attachment_is_given_out(held))
		return NULL; /* its document says what was found */
	TRY(attachment_read(cx, held, gather, &content));
	TRY(binary_draft(
	    cx, held->patient, journal_log_find(S(JOURNAL_DOCUMENTS)), &file, buf_str(&content), &in.binary));
	return db_write(cx, let_in, &in);
}

fallible
journal_scan_deliver(struct cx *cx, const struct outbox_item *item)
{
	struct attachment held;
	const struct err *error;
	struct uuid id;
	bool changed;

	if (!uuid_parse(item->key, &id))
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a scan without a file");
	error = attachment_scan(cx, id, &held, &changed);
	if (!error)
		error = settle(cx, &held);
	return error && error->code == ERR_GONE ? NULL : error; /* taken away meanwhile */
}
