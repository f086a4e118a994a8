/* SPDX-License-Identifier: Apache-2.0 */
/* Create, update and delete of one resource, and what a batch shares with them. */
#include "care/record/record_api_internal.h"

#include "platform/format/uri.h"

fallible
fhir_body(struct cx *cx, struct request *rq, const struct json_value **out)
{
	str type;

	str_cut(request_header(rq, "Content-Type"), ';', &type);
	type = str_trim(type);
	if (!str_equal_fold(type, S("application/fhir+json")) && !str_equal_fold(type, S("application/json")))
		return ERR(ERR_INVALID, "Send the resource as application/fhir+json.", "another content type");
	return json_parse(cx->arena, request_body(rq), out, NULL);
}

fallible
fhir_if_match(str text, int64_t *out)
{
	int64_t version = 0;

	text = str_trim(text);
	if (text.n) {
		if (str_starts(text, S("W/")))
			text = str_drop(text, 2);
		if (text.n < 3 || text.p[0] != '"' || text.p[text.n - 1] != '"' ||
		    !str_to_int64(str_slice(text.p + 1, text.p + text.n - 1), &version) || version < 1)
			return ERR(
			    ERR_INVALID, "If-Match must be a version as the ETag gave it: W/\"3\".", "bad If-Match");
	}
	*out = version;
	return NULL;
}

/* The commons are kept by imports and the system. */
static fallible
check_may_write(struct cx *cx, patient_id owner, enum access_why *why)
{
	if (!uuid_equal(owner.v, RECORD_COMMONS.v))
		return access_check_write(cx, owner, why);
	if (!(cx->who.is & WHO_SYSTEM))
		return ERR(ERR_DENIED, "What belongs to no patient is kept by the organisation's imports.",
		    "a write to the commons");
	*why = ACCESS_SYSTEM;
	return NULL;
}

fallible
fhir_write_prepare(struct cx *cx, const struct bundle *bundle, const struct json_value *json, struct fhir_write *write)
{
	struct patient patient;
	bool found = true;

	if (!resource_id_is_valid(write->id))
		return ERR(ERR_INVALID, "The id must be 1 to 64 letters, digits, '-' or '.'.", "bad id");
	if (write->method == BUNDLE_DELETE) {
		TRY(resource_owner(cx, write->type, write->id, &write->owner, &found));
		write->subject = record_audit_subject(write->type, NULL);
		if (!found)
			return ERR(ERR_GONE,
			    "We could not find that. It may have been removed, or it is not shared with you.",
			    "a delete of nothing");
		return check_may_write(cx, write->owner, &write->why);
	}
	TRY(bundle_owner(cx, bundle, json, write->id, &write->owner));
	TRY(check_may_write(cx, write->owner, &write->why));
	TRY(resource_prepare(
	    cx, &(struct resource_new){.patient = write->owner, .json = json, .id = write->id}, &write->draft));
	write->subject = resource_draft_subject(write->draft);
	if (write->type == RESOURCE_PATIENT) {
		TRY(patient_get(cx, write->owner, &patient));
		TRY(record_patient_seal(cx, write->owner, patient.facility, json, &write->patient));
	}
	return NULL;
}

static fallible
check_version(struct tx *tx, struct fhir_write *write)
{
	struct resource current = {0};
	const struct err *error;

	write->is_outdated = false;
	if (!write->if_match)
		return NULL;
	error = resource_get(tx->cx, write->type, write->id, &current);
	if (error && error->code != ERR_GONE)
		return error;
	write->is_outdated = !!error || current.version != write->if_match;
	return write->is_outdated ? ERR(ERR_CONFLICT, "Someone changed this in the meantime. Read it again.",
					"If-Match names another version")
	                          : NULL;
}

static void
record_in_trail(struct tx *tx, const struct fhir_write *write)
{
	bool is_new = write->method != BUNDLE_DELETE && write->result.version == 1;

	if (write->method != BUNDLE_DELETE && !write->result.changed)
		return;
	audit_add(tx, &(struct audit){
			  .action = write->method == BUNDLE_DELETE ? AUDIT_DELETE
	                            : is_new                       ? AUDIT_CREATE
	                                                           : AUDIT_UPDATE,
			  .subject = write->subject,
			  .patient = uuid_equal(write->owner.v, RECORD_COMMONS.v) ? (patient_id){{{0}}} : write->owner,
			  .item = resource_key(tx->cx->vault, write->id),
			  .why = write->why,
		      });
}

fallible
fhir_write_all(struct tx *tx, struct fhir_write *writes, size_t count)
{
	struct resource_draft **drafts = ARENA_ARRAY(tx->cx->arena, struct resource_draft *, count);
	struct resource_put_result *results = ARENA_ARRAY(tx->cx->arena, struct resource_put_result, count);
	size_t puts = 0, at = 0;

	/* FHIR R4 3.1.0.11.2: first what is deleted, then what is created and updated. */
	for (size_t i = 0; i < count; i++) {
		TRY(check_version(tx, &writes[i]));
		if (writes[i].method == BUNDLE_DELETE)
			TRY(resource_delete(tx, writes[i].type, writes[i].id));
		else
			drafts[puts++] = writes[i].draft;
	}
	TRY(resource_put_all(tx, drafts, puts, results));
	for (size_t i = 0; i < count; i++) {
		if (writes[i].method != BUNDLE_DELETE)
			writes[i].result = results[at++];
		if (writes[i].patient && writes[i].result.changed)
			TRY(patient_put(tx, writes[i].patient));
		record_in_trail(tx, &writes[i]);
	}
	return NULL;
}

/* ---- single requests ---- */

static const struct err *
write_act(struct tx *tx, void *arg)
{
	return fhir_write_all(tx, arg, 1);
}

static fallible
respond_outdated(struct cx *cx, struct request *rq, const struct err *error)
{
	return fhir_show_error(cx, rq, 412, error);
}

/* Answer with what is stored now. */
static fallible
respond_written(struct cx *cx, struct request *rq, int status, resource_type type, str id)
{
	struct resource resource;

	TRY(resource_get(cx, type, id, &resource));
	fhir_version_headers(cx, rq, &resource);
	respond_header(rq, "Location",
	    arena_printf(cx->arena, "%.*s/%s/%.*s/_history/%lld", STR_ARG(fhir_base(cx, rq)), resource_type_name(type),
		STR_ARG(id), (long long)resource.version));
	if (str_contains(request_header(rq, "Prefer"), S("return=minimal")))
		return respond(rq, status, NULL, S(""));
	return respond(rq, status, FHIR_JSON, resource.body);
}

static fallible
check_type(struct cx *cx, const struct json_value *json, resource_type type)
{
	if (resource_type_find(json_text_at(json, "resourceType")) != type)
		return err_said(
		    cx->arena, ERR_INVALID, "The resource is not a %s, as the address says.", resource_type_name(type));
	return NULL;
}

fallible
fhir_find_existing(struct cx *cx, patient_id owner, resource_type type, str query, struct resource *out, bool *found)
{
	struct resource_token_filter filter = {.param = "identifier", .count = 1};
	struct resource_search search = {
	    .patient = owner, .type = type, .tokens = &filter, .token_count = 1, .count = 2};
	struct http_pairs pairs;
	struct db_rows rows;

	TRY(query_parse(cx->arena, str_starts(query, S("?")) ? str_drop(query, 1) : query, &pairs));
	if (pairs.count != 1 || !str_equal(pairs.items[0].name, S("identifier")))
		return ERR(ERR_INVALID, "If-None-Exist takes identifier=system|value.", "another If-None-Exist");
	filter.values = &pairs.items[0].value;
	TRY(resource_find(cx, &search, &rows, NULL));
	if (rows.count > 1)
		return ERR(ERR_CONFLICT, "Several resources have this identifier.", "If-None-Exist finds several");
	*found = rows.count == 1;
	if (*found)
		*out = *(struct resource *)rows.items;
	return NULL;
}

struct creation {
	struct fhir_write write;
	str if_none_exist;
	struct resource existing;
	bool exists;
};

/* Looked for inside of the act, so that two who ask at once make one. */
static const struct err *
create_act(struct tx *tx, void *arg)
{
	struct creation *creation = arg;
	struct fhir_write *write = &creation->write;

	creation->exists = false;
	if (creation->if_none_exist.n)
		TRY(fhir_find_existing(tx->cx, write->owner, write->type, creation->if_none_exist, &creation->existing,
		    &creation->exists));
	return creation->exists ? NULL : fhir_write_all(tx, write, 1);
}

fallible
fhir_create(struct cx *cx, struct request *rq)
{
	struct creation creation = {.if_none_exist = request_header(rq, "If-None-Exist")};
	struct fhir_write *write = &creation.write;
	const struct json_value *json;
	struct bundle bundle;

	TRY(fhir_type_of(rq, &write->type));
	TRY(fhir_body(cx, rq, &json));
	TRY(check_type(cx, json, write->type));
	TRY(bundle_read(cx, json, BUNDLE_KEEPS_IDS, &bundle));
	write->method = BUNDLE_POST;
	write->id = uuid_text(cx->arena, uuid_new(cx->now));
	TRY(fhir_write_prepare(cx, &bundle, json, write));
	TRY(db_write(cx, create_act, &creation));
	if (creation.exists)
		return respond_written(cx, rq, 200, write->type, creation.existing.id);
	return respond_written(cx, rq, 201, write->type, write->id);
}

fallible
fhir_update(struct cx *cx, struct request *rq)
{
	struct fhir_write write = {.method = BUNDLE_PUT, .id = request_param(rq, "id")};
	const struct json_value *json;
	const struct err *error;
	struct bundle bundle;

	TRY(fhir_type_of(rq, &write.type));
	TRY(fhir_body(cx, rq, &json));
	TRY(check_type(cx, json, write.type));
	if (!str_equal(json_text_at(json, "id"), write.id))
		return ERR(ERR_INVALID, "The resource's id is not the one of the address.", "ids differ");
	TRY(fhir_if_match(request_header(rq, "If-Match"), &write.if_match));
	TRY(bundle_read(cx, json, BUNDLE_KEEPS_IDS, &bundle));
	TRY(fhir_write_prepare(cx, &bundle, json, &write));
	error = db_write(cx, write_act, &write);
	if (error && write.is_outdated)
		return respond_outdated(cx, rq, error);
	TRY(error);
	return respond_written(
	    cx, rq, write.result.version == 1 && write.result.changed ? 201 : 200, write.type, write.id);
}

fallible
fhir_delete(struct cx *cx, struct request *rq)
{
	struct fhir_write write = {.method = BUNDLE_DELETE, .id = request_param(rq, "id")};
	const struct err *error;

	TRY(fhir_type_of(rq, &write.type));
	TRY(fhir_if_match(request_header(rq, "If-Match"), &write.if_match));
	TRY(fhir_write_prepare(cx, NULL, NULL, &write));
	error = db_write(cx, write_act, &write);
	if (error && write.is_outdated)
		return respond_outdated(cx, rq, error);
	TRY(error);
	return respond(rq, 204, NULL, S(""));
}
