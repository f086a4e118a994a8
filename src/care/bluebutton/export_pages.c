/* SPDX-License-Identifier: Apache-2.0 */
/* Prepared downloads as pages: how far they are, the file in pieces, trying again, deleting. */
#include "care/bluebutton/export.h"
#include "trust/audit/audit.h"

/* ---- how one stands ---- */

static str
size_words(const struct page_cx *px, int64_t bytes)
{
	if (bytes < 1000 * 1000)
		return TF1("%1 KB", px_number(px, (bytes + 999) / 1000));
	return arena_printf(px->arena, "%lld.%lld MB", (long long)(bytes / 1000000), (long long)(bytes / 100000 % 10));
}

/* What to do, by why it failed. */
static str
failed_words(const struct page_cx *px, str trouble)
{
	if (str_equal(trouble, S("gone")))
		return T("The permission to read this record has ended.");
	if (str_equal(trouble, S("busy")))
		return T("There was too much to do. Your record is safe. Try again in some minutes.");
	return T(
	    "Something went wrong on our side. Your record is safe. Try again. If it fails again, tell your clinic.");
}

static void
fill_state(const struct page_cx *px, const struct export *export, struct export_view *out)
{
	switch ((enum export_state) export->state) {
	case EXPORT_READY:
		out->state = T("Ready");
		out->kind = STATUS_GOOD;
		out->detail = TF2(
		    "%1. You can fetch it until %2.", size_words(px, export->bytes), px_day(px, export->expires_at));
		out->sha256 = export->sha256;
		return;
	case EXPORT_FAILED:
		out->state = T("It could not be made");
		out->kind = STATUS_DANGER;
		out->failed = true;
		out->detail = failed_words(px, export->trouble);
		return;
	case EXPORT_RUNNING:
		out->state = T("Being made");
		out->progress_words =
		    TF2("%1 of %2 entries written.", px_number(px, export->done), px_number(px, export->total));
		out->done = export->done < export->total ? export->done : export->total;
		out->total = export->total;
		break;
	case EXPORT_WAITING:
		out->state = export->attempts ? T("Waiting for the next try") : T("Waiting for its turn");
		break;
	}
	out->kind = STATUS_PLAIN;
	out->detail = T("You can leave this page and come back. We tell you when it is ready.");
}

static void
fill_view(struct cx *cx, const struct page_cx *px, const struct export *export, struct export_view *out)
{
	const struct download_format *format = download_format_find(export->file);
	str path = arena_printf(cx->arena, "/download/prepared/%.*s", STR_ARG(uuid_text(cx->arena, export->id)));

	*out = (struct export_view){.title = format ? tr(px->lang, format->title) : export->file, .path = path};
	fill_state(px, export, out);
	if (export->state == EXPORT_READY)
		out->download = arena_printf(cx->arena, "%.*s/%.*s", STR_ARG(path), STR_ARG(export->file));
	out->delete_path = arena_printf(cx->arena, "%.*s/delete", STR_ARG(path));
	out->again_path = arena_printf(cx->arena, "%.*s/again", STR_ARG(path));
}

fallible
export_views_load(struct cx *cx, const struct page_cx *px, patient_id patient, struct export_views *out)
{
	struct export_view *views;
	const struct export *exports;
	struct db_rows rows;

	TRY(export_list(cx, patient, &rows));
	exports = rows.items;
	views = ARENA_ARRAY(cx->arena, struct export_view, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++)
		fill_view(cx, px, &exports[i], &views[i]);
	*out = (struct export_views){views, rows.count};
	return NULL;
}

static fallible
open_export(struct cx *cx, struct request *rq, struct export *out)
{
	struct uuid id;

	if (!request_param_uuid(rq, "export", &id))
		return DOWNLOAD_GONE("no export's id");
	return export_get(cx, cx->who.patient, id, out);
}

fallible
get_export(struct cx *cx, struct request *rq)
{
	struct page_cx px;
	struct export export;
	struct export_view view;
	struct buf html = BUF_INIT(cx->arena);

	TRY(open_export(cx, rq, &export));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Your download")), NULL, &px));
	fill_view(cx, &px, &export, &view);
	px.live = true;
	px.title = arena_printf(cx->arena, "%.*s: %.*s", STR_ARG(px.title), STR_ARG(view.state));
	page_export(&html, &px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- deeds ---- */

fallible
post_export(struct cx *cx, struct request *rq)
{
	struct export_new in = {.patient = cx->who.patient,
	    .format = download_format_find(request_form(rq, "file")),
	    .query = request_form(rq, "query"),
	    .base = download_fhir_base(cx, rq)};
	struct page_cx px;
	enum access_why why;
	struct bluebutton_ask ask = {0};
	struct download_typed typed;
	struct http_pairs pairs;

	TRY(access_check(cx, in.patient, RIGHT_RECORD_READ, &why));
	if (!request_form_uuid(rq, "key", &in.id) || !in.format)
		return ERR(
		    ERR_INVALID, TR("Go back to the download page and choose again."), "export without key or format");
	TRY(page_cx_for(cx, rq, S(""), NULL, &px));
	TRY(query_parse(cx->arena, in.query, &pairs));
	if (!download_ask_read(&px, pairs, &ask, &typed))
		return ERR(ERR_INVALID, TR("Go back to the download page and choose again."), "choice of an export");
	ask.patient = in.patient;
	TRY(download_format_fit(cx, &ask, &in.format));
	TRY(export_ask(cx, &in));
	return respond_see_other(
	    rq, arena_printf(cx->arena, "/download/prepared/%.*s", STR_ARG(uuid_text(cx->arena, in.id))));
}

fallible
post_export_delete(struct cx *cx, struct request *rq)
{
	struct export export;

	TRY(open_export(cx, rq, &export));
	TRY(export_delete(cx, &export));
	return respond_see_other(rq, S("/download"));
}

fallible
post_export_again(struct cx *cx, struct request *rq)
{
	struct export export;

	TRY(open_export(cx, rq, &export));
	TRY(export_again(cx, &export));
	return respond_see_other(
	    rq, arena_printf(cx->arena, "/download/prepared/%.*s", STR_ARG(uuid_text(cx->arena, export.id))));
}

/* ---- the file, whole or a piece of it ---- */

static const struct err *
to_client(void *arg, str bytes)
{
	return respond_stream_write(arg, bytes);
}

static fallible
send_range(
    struct cx *cx, struct request *rq, const struct export *export, const struct download_format *format, str etag)
{
	struct range range = request_range(rq, etag, export->bytes);
	int64_t size = range.last - range.first + 1;
	int status = range.kind == RANGE_PART ? 206 : 200;
	struct sink sink = {to_client, rq};

	respond_header(rq, "ETag", etag);
	respond_header(rq, "Accept-Ranges", S("bytes"));
	if (range.kind == RANGE_OUTSIDE) {
		respond_header(rq, "Content-Range", arena_printf(cx->arena, "bytes */%lld", (long long)export->bytes));
		return respond(rq, 416, "text/plain; charset=utf-8", S("This piece lies outside of the file.\n"));
	}
	if (range.kind == RANGE_PART)
		respond_header(rq, "Content-Range",
		    arena_printf(cx->arena, "bytes %lld-%lld/%lld", (long long)range.first, (long long)range.last,
			(long long)export->bytes));
	respond_header(rq, "Content-Disposition", arena_printf(cx->arena, "attachment; filename=\"%s\"", format->file));
	TRY(respond_stream_begin_sized(rq, status, format->content_type, size));
	return request_method(rq) == HEAD ? NULL : export_read(cx, export, range.first, range.last, &sink);
}

fallible
get_export_file(struct cx *cx, struct request *rq)
{
	struct export export;
	const struct download_format *format;
	enum access_why why;
	str etag;

	TRY(open_export(cx, rq, &export));
	format = download_format_find(export.file);
	if (export.state != EXPORT_READY || !format || !str_equal(request_param(rq, "name"), export.file))
		return DOWNLOAD_GONE("an export that is not ready, or another file");
	TRY(access_check(cx, export.patient, RIGHT_RECORD_READ, &why));
	etag = arena_printf(cx->arena, "\"%.*s\"", STR_ARG(export.sha256));
	if (request_has_etag(rq, etag)) {
		respond_header(rq, "ETag", etag);
		return respond_not_modified(rq);
	}
	audit_add_read(cx, &(struct audit){.action = AUDIT_DOWNLOAD,
			       .subject = AUDIT_RECORD,
			       .patient = export.patient,
			       .item = export.id,
			       .why = (int)why});
	return send_range(cx, rq, &export, format, etag);
}
