/* SPDX-License-Identifier: Apache-2.0 */
/* What has no place of its own here: conversations become Communications, which every reader of the record sees; the lines
 * themselves, the permissions and the trail of the other installation are kept as documents, byte for byte, which the patient alone
 * sees, as they alone saw them there. */
#include "care/journal/journal.h"
#include "exchange/zip_import/zip_import_internal.h"
#include "platform/crypto/crypto.h"
#include "platform/format/base64.h"
#include "platform/format/json.h"
#include "platform/format/json_write.h"

#define MESSAGES S("messages/messages.ndjson")

static void
put_text_object(struct json_writer *w, const char *name, const char *member, str text)
{
	json_put_object(w, name);
	json_put_text(w, member, text);
	json_write_end(w);
}

static void
put_subject(struct zip_import *z, struct json_writer *w)
{
	put_text_object(w, "subject", "reference", arena_printf(z->act.arena, "Patient/%.*s", STR_ARG(z->patient_id)));
}

/* ---- conversations ---- */

static str
id_of(struct zip_import *z, const struct json_value *line, bool message)
{
	str conversation = json_text_at(line, "conversation");
	int64_t number = 0;

	(void)json_to_int64(json_get(line, "number"), &number);
	return message ? arena_printf(z->act.arena, "brought-%.*s-%lld", STR_ARG(conversation), (long long)number)
	               : arena_printf(z->act.arena, "brought-%.*s", STR_ARG(conversation));
}

static void
begin(struct json_writer *w, const char *type, str id)
{
	json_write_object(w);
	json_put_text(w, "resourceType", str_from_z(type));
	json_put_text(w, "id", id);
	json_put_text(w, "status", strcmp(type, "Communication") == 0 ? S("completed") : S("current"));
}

static fallible
add_conversation(struct zip_import *z, const struct json_value *line, int64_t number)
{
	struct buf text = BUF_INIT(z->act.arena);
	struct json_writer w = JSON_WRITER(&text);
	str id = id_of(z, line, false);

	begin(&w, "Communication", id);
	json_put_array(&w, "category");
	json_write_object(&w);
	json_put_text(&w, "text", json_text_at(line, "category"));
	json_write_end(&w);
	json_write_end(&w);
	put_subject(z, &w);
	put_text_object(&w, "topic", "text", json_text_at(line, "subject"));
	json_put_text(&w, "sent", json_text_at(line, "made"));
	json_put_array(&w, "recipient");
	json_write_object(&w);
	json_put_text(&w, "display", json_text_at(line, "team"));
	json_write_end(&w);
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	z->report->conversations++;
	return zip_import_made(
	    z, &(struct zip_import_problem){.file = MESSAGES, .line = number}, id, buf_str(&text), 0);
}

/* The file stands inside; one that the archive does not have is named. */
static fallible
put_file(struct zip_import *z, struct json_writer *w, const struct json_value *file)
{
	str bytes = STR_NONE;

	if (json_text_at(file, "path").n)
		TRY(zip_import_file(z, z->act.arena, json_text_at(file, "path"), &bytes));
	json_write_object(w);
	json_put_object(w, "contentAttachment");
	json_put_text(w, "title", json_text_at(file, "name"));
	if (bytes.p)
		json_put_text(w, "data", base64_encode(z->act.arena, bytes));
	json_write_end(w);
	json_write_end(w);
	return NULL;
}

static fallible
add_message(struct zip_import *z, const struct json_value *line, int64_t number)
{
	struct buf text = BUF_INIT(z->act.arena);
	struct json_writer w = JSON_WRITER(&text);
	str id = id_of(z, line, true);

	begin(&w, "Communication", id);
	json_put_array(&w, "partOf");
	json_write_object(&w);
	json_put_text(
	    &w, "reference", arena_printf(z->act.arena, "Communication/%.*s", STR_ARG(id_of(z, line, false))));
	json_write_end(&w);
	json_write_end(&w);
	put_subject(z, &w);
	put_text_object(&w, "topic", "text", json_text_at(line, "subject"));
	json_put_text(&w, "sent", json_text_at(line, "sent"));
	put_text_object(&w, "sender", "display", json_text_at(line, "from"));
	json_put_array(&w, "payload");
	json_write_object(&w);
	json_put_text(&w, "contentString", json_text_at(line, "body"));
	json_write_end(&w);
	json_each_item (json_get(line, "files"), file)
		TRY(put_file(z, &w, file));
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	z->report->messages++;
	return zip_import_made(
	    z, &(struct zip_import_problem){.file = MESSAGES, .line = number}, id, buf_str(&text), 0);
}

fallible
zip_import_messages(struct zip_import *z)
{
	struct arena arena = ARENA_INIT; /* of the file */
	str rest, text, conversation = STR_NONE;
	const struct err *error = zip_import_file(z, &arena, MESSAGES, &rest);

	for (int64_t number = 1; rest.n && !error; number++) {
		const struct json_value *line;

		rest = str_cut(rest, '\n', &text);
		error = json_parse(&arena, text, &line, NULL);
		if (!error && !str_equal(conversation, json_text_at(line, "conversation"))) {
			conversation = json_text_at(line, "conversation");
			error = add_conversation(z, line, number);
		}
		if (!error)
			error = add_message(z, line, number);
	}
	if (!error)
		error = zip_import_flush(z);
	error = error ? err_copy(z->cx->arena, error) : NULL;
	arena_release(&arena);
	return error;
}

/* ---- as it is ---- */

/* Known by its content: the same lines again are the same document. */
static fallible
keep_part(struct zip_import *z, str file, const char *title, int64_t part, str lines)
{
	struct buf text = BUF_INIT(z->act.arena);
	struct json_writer w = JSON_WRITER(&text);
	unsigned char sum[32];
	str id;

	sha256(lines, sum);
	id = arena_printf(z->act.arena, "brought-%.*s", STR_ARG(hex_text(z->act.arena, (str){(const char *)sum, 16})));
	begin(&w, "DocumentReference", id);
	json_put_raw(
	    &w, "meta", S("{\"tag\":[{\"system\":\"" JOURNAL_SYSTEM "\",\"code\":\"" JOURNAL_PAPERS_TAG "\"}]}"));
	put_text_object(&w, "type", "text", str_from_z(title));
	put_subject(z, &w);
	json_put_text(&w, "date", z->report->made);
	json_put_text(&w, "description",
	    arena_printf(z->act.arena, "%s, brought from %.*s (%lld)", title,
		STR_ARG(z->report->from.n ? z->report->from : S("another clinic")), (long long)part));
	json_put_array(&w, "content");
	json_write_object(&w);
	json_put_object(&w, "attachment");
	json_put_text(&w, "contentType", S("application/x-ndjson"));
	json_put_text(&w, "title", file);
	json_put_text(&w, "data", base64_encode(z->act.arena, lines));
	json_write_end(&w);
	json_write_end(&w);
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	z->report->kept++;
	return zip_import_made(z, &(struct zip_import_problem){.file = file}, id, buf_str(&text), JOURNAL_PAPERS);
}

/* In parts that end with a line. */
static fallible
keep_file(struct zip_import *z, str name, const char *title)
{
	struct arena arena = ARENA_INIT; /* of the file */
	str rest;
	const struct err *error = zip_import_file(z, &arena, name, &rest);

	for (int64_t part = 1; rest.n && !error; part++) {
		size_t n = rest.n < ZIP_IMPORT_KEPT_BYTES ? rest.n : ZIP_IMPORT_KEPT_BYTES;

		while (n < rest.n && rest.p[n - 1] != '\n')
			n++;
		error = keep_part(z, name, title, part, str_take(rest, n));
		if (!error)
			error = zip_import_flush(z);
		rest = str_drop(rest, n);
	}
	error = error ? err_copy(z->cx->arena, error) : NULL;
	arena_release(&arena);
	return error;
}

fallible
zip_import_kept(struct zip_import *z)
{
	TRY(keep_file(z, MESSAGES, "Messages"));
	TRY(keep_file(z, S("sharing/delegations.ndjson"), "Who could act for the patient"));
	TRY(keep_file(z, S("visits/visits.ndjson"), "Visits, and what the patient wanted to talk about"));
	TRY(keep_file(z, S("medicines/requests.ndjson"), "Refills, renewals and what the patient says they take"));
	return keep_file(z, S("trail/trail.ndjson"), "Who looked at the record");
}
