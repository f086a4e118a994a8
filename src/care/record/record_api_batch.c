/* SPDX-License-Identifier: Apache-2.0 */
/* POST /fhir: a transaction is written whole or not at all, the entries of a batch each for itself. */
#include "care/record/record_api_internal.h"

#include "platform/format/json_write.h"

struct batch {
	struct bundle bundle;
	struct fhir_write *writes; /* of the entries that write, in their order */
	size_t *entry_of;          /* writes[i] is of this entry */
	size_t count;
	int64_t *version;         /* by entry: what it has afterwards; 0: gone */
	const char **status;      /* by entry */
	const struct err **error; /* by entry, of a batch */
};

static fallible
check_entry(struct cx *cx, const struct bundle_entry *entry, size_t at)
{
	str type_name;

	if (entry->method != BUNDLE_POST && entry->method != BUNDLE_PUT && entry->method != BUNDLE_DELETE)
		return err_said(cx->arena, ERR_INVALID, "Entry %zu: only POST, PUT and DELETE are taken here.", at + 1);
	str_cut(entry->url, '/', &type_name);
	str_cut(type_name, '?', &type_name);
	if (!resource_type_find(type_name) ||
	    (entry->method != BUNDLE_DELETE && resource_type_find(type_name) != entry->type))
		return err_said(cx->arena, ERR_INVALID, "Entry %zu: request.url does not fit the resource.", at + 1);
	if (entry->method == BUNDLE_PUT && !str_equal(json_text_at(entry->json, "id"), entry->id))
		return err_said(cx->arena, ERR_INVALID, "Entry %zu: the id is not the one of request.url.", at + 1);
	return NULL;
}

/* What If-None-Exist finds takes the entry's place; references then lead to it. */
static fallible
use_existing(struct cx *cx, struct batch *batch, size_t at)
{
	struct bundle_entry *entry = &batch->bundle.entries[at];
	const struct json_value *json;
	struct resource resource;
	patient_id owner;
	size_t unresolved;
	bool found;

	if (entry->method != BUNDLE_POST || !entry->if_none_exist.n)
		return NULL;
	TRY(bundle_resolve(cx, &batch->bundle, entry, &json, &unresolved));
	TRY(bundle_owner(cx, &batch->bundle, json, entry->id, &owner));
	TRY(fhir_find_existing(cx, owner, entry->type, entry->if_none_exist, &resource, &found));
	if (!found)
		return NULL;
	bundle_rename(cx, &batch->bundle, entry, resource.id);
	batch->status[at] = "200 OK";
	batch->version[at] = resource.version;
	return NULL;
}

static fallible
prepare_entry(struct cx *cx, struct batch *batch, size_t at)
{
	struct bundle_entry *entry = &batch->bundle.entries[at];
	struct fhir_write *write = &batch->writes[batch->count];
	const struct json_value *json = NULL;
	size_t unresolved;
	str type_name;

	if (batch->status[at])
		return NULL;
	str_cut(entry->url, '/', &type_name);
	*write = (struct fhir_write){.method = entry->method, .type = resource_type_find(type_name), .id = entry->id};
	TRY(fhir_if_match(entry->if_match, &write->if_match));
	if (entry->method != BUNDLE_DELETE)
		TRY(bundle_resolve(cx, &batch->bundle, entry, &json, &unresolved));
	TRY(fhir_write_prepare(cx, &batch->bundle, json, write));
	batch->entry_of[batch->count++] = at;
	return NULL;
}

static void
note_written(struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		const struct fhir_write *write = &batch->writes[i];
		size_t at = batch->entry_of[i];
		bool deleted = write->method == BUNDLE_DELETE;

		batch->version[at] = deleted ? 0 : write->result.version;
		batch->status[at] = deleted                                               ? "204 No Content"
		                    : write->result.version == 1 && write->result.changed ? "201 Created"
		                                                                          : "200 OK";
	}
}

static const struct err *
batch_act(struct tx *tx, void *arg)
{
	struct batch *batch = arg;

	return fhir_write_all(tx, batch->writes, batch->count);
}

static fallible
run_transaction(struct cx *cx, struct batch *batch)
{
	for (size_t i = 0; i < batch->bundle.count; i++)
		TRY(check_entry(cx, &batch->bundle.entries[i], i));
	for (size_t i = 0; i < batch->bundle.count; i++)
		TRY(use_existing(cx, batch, i));
	for (size_t i = 0; i < batch->bundle.count; i++)
		TRY(prepare_entry(cx, batch, i));
	TRY(db_write(cx, batch_act, batch));
	note_written(batch);
	return NULL;
}

static fallible
run_one(struct cx *cx, struct batch *batch, size_t at)
{
	batch->count = 0;
	TRY(check_entry(cx, &batch->bundle.entries[at], at));
	TRY(use_existing(cx, batch, at));
	TRY(prepare_entry(cx, batch, at));
	TRY(db_write(cx, batch_act, batch));
	note_written(batch);
	return NULL;
}

/* ---- the answer ---- */

static const char *
status_words(const struct err *error)
{
	switch (error->code) {
	case ERR_INVALID: return "400 Bad Request";
	case ERR_DENIED: return "403 Forbidden";
	case ERR_GONE: return "404 Not Found";
	case ERR_CONFLICT: return "409 Conflict";
	case ERR_BUSY: return "503 Service Unavailable";
	case ERR_BROKEN: break;
	}
	return "500 Internal Server Error";
}

static void
write_entry(struct json_writer *w, struct cx *cx, str base, const struct batch *batch, size_t at)
{
	const struct bundle_entry *entry = &batch->bundle.entries[at];
	const struct err *error = batch->error[at];
	struct buf outcome = BUF_INIT(cx->arena);

	json_write_object(w);
	json_put_object(w, "response");
	json_put_text(w, "status", str_from_z(error ? status_words(error) : batch->status[at]));
	if (!error && batch->version[at]) {
		json_put_text(w, "location",
		    arena_printf(cx->arena, "%.*s/%s/%.*s/_history/%lld", STR_ARG(base),
			resource_type_name(entry->type), STR_ARG(entry->id), (long long)batch->version[at]));
		json_put_text(w, "etag", arena_printf(cx->arena, "W/\"%lld\"", (long long)batch->version[at]));
		json_put_text(w, "lastModified", fhir_instant_text(cx->arena, cx->now));
	}
	if (error) {
		fhir_outcome(&outcome, "processing", str_from_z(error->say));
		json_put_raw(w, "outcome", buf_str(&outcome));
	}
	json_write_end(w);
	json_write_end(w);
}

fallible
fhir_batch(struct cx *cx, struct request *rq)
{
	struct batch batch = {0};
	const struct json_value *json;
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&out);
	bool whole;
	size_t count;

	TRY(fhir_body(cx, rq, &json));
	if (!str_equal(json_text_at(json, "resourceType"), S("Bundle")))
		return ERR(ERR_INVALID, "Send a Bundle here.", "no bundle");
	TRY(bundle_read(cx, json, BUNDLE_GIVES_IDS, &batch.bundle));
	whole = str_equal(batch.bundle.type, S("transaction"));
	if (!whole && !str_equal(batch.bundle.type, S("batch")))
		return ERR(ERR_INVALID, "The Bundle must be a transaction or a batch.", "another type of bundle");
	count = batch.bundle.count;
	batch.writes = ARENA_ARRAY(cx->arena, struct fhir_write, count);
	batch.entry_of = ARENA_ARRAY(cx->arena, size_t, count);
	batch.version = ARENA_ARRAY(cx->arena, int64_t, count);
	batch.status = ARENA_ARRAY(cx->arena, const char *, count);
	batch.error = ARENA_ARRAY(cx->arena, const struct err *, count);
	if (whole)
		TRY(run_transaction(cx, &batch));
	for (size_t i = 0; i < count && !whole; i++)
		batch.error[i] = run_one(cx, &batch, i);

	json_write_object(&w);
	json_put_text(&w, "resourceType", S("Bundle"));
	json_put_text(&w, "type", whole ? S("transaction-response") : S("batch-response"));
	json_put_array(&w, "entry");
	for (size_t i = 0; i < count; i++)
		write_entry(&w, cx, fhir_base(cx, rq), &batch, i);
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	return respond(rq, 200, FHIR_JSON, buf_str(&out));
}
