/* SPDX-License-Identifier: Apache-2.0 */
/* The routes of the FHIR face, and reading by id. */
#include "care/record/record_api_internal.h"

#include "platform/format/json_write.h"

str
fhir_base(struct cx *cx, struct request *rq)
{
	return arena_printf(cx->arena, "%.*s/fhir", STR_ARG(request_origin(rq)));
}

static const struct err *
not_there(void)
{
	return ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.",
	    "no such type or version");
}

fallible
fhir_type_of(struct request *rq, resource_type *out)
{
	str name = request_param(rq, "type"), path = request_path(rq), ignored;
	resource_type type;

	if (!name.p) /* a row that names its type */
		str_cut(str_cut(str_drop(path, 1), '/', &ignored), '/', &name);
	type = resource_type_find(name);
	if (!type)
		return not_there();
	*out = type;
	return NULL;
}

/* RFC 9110 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT" */
static str
http_date(struct arena *arena, instant at)
{
	static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int64_t seconds = at.ms / SECOND_MS;
	int32_t day = (int32_t)(seconds / 86400);
	struct civil_date date = civil_date_from_days(day);
	int rest = (int)(seconds % 86400);

	return arena_printf(arena, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * civil_weekday(day), date.day,
	    months + 3 * (date.month - 1), date.year, rest / 3600, rest / 60 % 60, rest % 60);
}

void
fhir_version_headers(struct cx *cx, struct request *rq, const struct resource *resource)
{
	respond_header(rq, "ETag", arena_printf(cx->arena, "W/\"%lld\"", (long long)resource->version));
	respond_header(rq, "Last-Modified", http_date(cx->arena, resource->updated));
}

void
fhir_audit_read(struct cx *cx, enum audit_action action, const struct resource *resource, int64_t count)
{
	const struct json_value *json = NULL;

	if (uuid_equal(resource->patient.v, RECORD_COMMONS.v))
		return;
	if (resource->body.p && json_parse(cx->arena, resource->body, &json, NULL))
		json = NULL;
	audit_add_read(cx, &(struct audit){
			       .action = action,
			       .subject = record_audit_subject((resource_type)resource->type, json),
			       .patient = resource->patient,
			       .item = resource->key,
			       .count = count,
			       .why = resource->why,
			   });
}

static fallible
respond_deleted(struct cx *cx, struct request *rq)
{
	struct buf out = BUF_INIT(cx->arena);

	fhir_outcome(&out, "deleted", S("This was removed."));
	return respond(rq, 410, FHIR_JSON, buf_str(&out));
}

static fallible
answer(struct cx *cx, struct request *rq, const struct resource *resource)
{
	fhir_audit_read(cx, AUDIT_VIEW, resource, 1);
	if (resource->deleted)
		return respond_deleted(cx, rq);
	fhir_version_headers(cx, rq, resource);
	if (request_has_etag(rq, arena_printf(cx->arena, "W/\"%lld\"", (long long)resource->version)))
		return respond_not_modified(rq);
	return respond(rq, 200, FHIR_JSON, resource->body);
}

static fallible
fhir_read(struct cx *cx, struct request *rq)
{
	struct resource resource = {0};
	const struct err *error;
	resource_type type;

	TRY(fhir_type_of(rq, &type));
	error = resource_get(cx, type, request_param(rq, "id"), &resource);
	if (error && !resource.deleted)
		return error;
	return answer(cx, rq, &resource);
}

static fallible
fhir_vread(struct cx *cx, struct request *rq)
{
	struct resource resource;
	resource_type type;
	int64_t version;

	TRY(fhir_type_of(rq, &type));
	if (!str_to_int64(request_param(rq, "version"), &version))
		return not_there();
	TRY(resource_get_version(cx, type, request_param(rq, "id"), version, &resource));
	return answer(cx, rq, &resource);
}

void
fhir_entry(struct buf *out, str base, const struct resource *resource, const char *mode)
{
	struct json_writer w = JSON_WRITER(out);
	const char *type = resource_type_name((resource_type)resource->type);

	json_write_object(&w);
	json_put_text(
	    &w, "fullUrl", arena_printf(out->arena, "%.*s/%s/%.*s", STR_ARG(base), type, STR_ARG(resource->id)));
	json_put_raw(&w, "resource", resource->body);
	if (mode) {
		json_put_object(&w, "search");
		json_put_text(&w, "mode", str_from_z(mode));
		json_write_end(&w);
	}
	json_write_end(&w);
	json_write_done(&w);
}

static void
history_entry(struct buf *out, str base, str id, const struct resource *resource)
{
	struct json_writer w = JSON_WRITER(out);
	const char *type = resource_type_name((resource_type)resource->type);

	json_write_object(&w);
	json_put_text(&w, "fullUrl", arena_printf(out->arena, "%.*s/%s/%.*s", STR_ARG(base), type, STR_ARG(id)));
	json_put_raw(&w, "resource", resource->body);
	json_put_object(&w, "request");
	json_put_text(&w, "method", resource->deleted ? S("DELETE") : resource->version == 1 ? S("POST") : S("PUT"));
	json_put_text(&w, "url", arena_printf(out->arena, "%s/%.*s", type, STR_ARG(id)));
	json_write_end(&w);
	json_put_object(&w, "response");
	json_put_text(&w, "status", resource->deleted ? S("204") : resource->version == 1 ? S("201") : S("200"));
	json_put_text(&w, "etag", arena_printf(out->arena, "W/\"%lld\"", (long long)resource->version));
	json_put_text(&w, "lastModified", fhir_instant_text(out->arena, resource->updated));
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
}

static fallible
fhir_history(struct cx *cx, struct request *rq)
{
	struct buf out = BUF_INIT(cx->arena);
	str base = fhir_base(cx, rq), id = request_param(rq, "id");
	struct resource *versions;
	struct db_rows rows;
	resource_type type;

	TRY(fhir_type_of(rq, &type));
	TRY(resource_history(cx, type, id, &rows));
	versions = rows.items;
	fhir_audit_read(cx, AUDIT_VIEW, &versions[0], (int64_t)rows.count);
	buf_printf(&out, "{\"resourceType\":\"Bundle\",\"type\":\"history\",\"total\":%zu,\"entry\":[", rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		if (i)
			buf_add_char(&out, ',');
		history_entry(&out, base, id, &versions[i]);
	}
	buf_add(&out, S("]}"));
	return respond(rq, 200, FHIR_JSON, buf_str(&out));
}

#define WRITERS (WHO_PATIENT | WHO_CARE_TEAM)
#define READERS (WRITERS | WHO_DELEGATE) /* acting for the patient: for looking only */

const struct route record_api_routes[] = {
    {GET, "/fhir/metadata", fhir_metadata, .who = WHO_ANYONE, .face = FACE_FHIR},
    {GET, "/fhir/{type}", fhir_search, .who = READERS, .scope = "{type}.s", .face = FACE_FHIR},
    {POST, "/fhir/{type}/_search", fhir_search, .who = READERS, .scope = "{type}.s", .face = FACE_FHIR,
	.body_bytes_max = HTTP_FORM_BYTES_MAX},
    {GET, "/fhir/{type}/{id}", fhir_read, .who = READERS, .scope = "{type}.r", .face = FACE_FHIR},
    {GET, "/fhir/{type}/{id}/_history", fhir_history, .who = READERS, .scope = "{type}.r", .face = FACE_FHIR},
    {GET, "/fhir/{type}/{id}/_history/{version}", fhir_vread, .who = READERS, .scope = "{type}.r", .face = FACE_FHIR},
    {POST, "/fhir/{type}", fhir_create, .who = WRITERS, .scope = "{type}.c", .face = FACE_FHIR,
	.body_bytes_max = FHIR_BODY_BYTES_MAX, .writes = true},
    {PUT, "/fhir/{type}/{id}", fhir_update, .who = WRITERS, .scope = "{type}.u", .face = FACE_FHIR,
	.body_bytes_max = FHIR_BODY_BYTES_MAX, .writes = true},
    {DELETE, "/fhir/{type}/{id}", fhir_delete, .who = WRITERS, .scope = "{type}.d", .face = FACE_FHIR, .writes = true},
    {POST, "/fhir", fhir_batch, .who = WRITERS, .scope = "*.cud", .face = FACE_FHIR,
	.body_bytes_max = FHIR_BODY_BYTES_MAX, .writes = true},
    {0},
};
