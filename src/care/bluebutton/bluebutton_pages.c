/* SPDX-License-Identifier: Apache-2.0 */
/* The download page and its two files. */
#include "care/bluebutton/bluebutton_internal.h"
#include "trust/portal/portal.h"

static fallible
count_all(struct cx *cx, const struct page_cx *px, struct download_page *view)
{
	int64_t *counts = ARENA_ARRAY(cx->arena, int64_t, (size_t)resource_type_count() + 1);
	struct download_part *parts = ARENA_ARRAY(cx->arena, struct download_part, (size_t)resource_type_count() + 1);

	TRY(resource_counts(cx, cx->who.patient, counts));
	for (resource_type type = 1; type <= resource_type_count(); type++) {
		if (!counts[type])
			continue;
		view->total += counts[type];
		parts[view->part_count++] = (struct download_part){record_kind_words(px, type), counts[type]};
	}
	view->parts = parts;
	return NULL;
}

static fallible
get_download(struct cx *cx, struct request *rq)
{
	struct page_cx px;
	struct download_page view = {0};
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Download your record")), NULL, &px));
	TRY(count_all(cx, &px, &view));
	page_download(&html, &px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- the files ---- */

static const struct err *
to_client(void *arg, str bytes)
{
	return respond_stream_write(arg, bytes);
}

/* Written into the trail before the first byte leaves. */
static fallible
begin(struct cx *cx, struct request *rq, const char *content_type, const char *disposition)
{
	int64_t *counts = ARENA_ARRAY(cx->arena, int64_t, (size_t)resource_type_count() + 1), total = 0;
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_RECORD_READ, &why));
	TRY(resource_counts(cx, cx->who.patient, counts));
	for (resource_type type = 1; type <= resource_type_count(); type++)
		total += counts[type];
	audit_add_read(cx, &(struct audit){.action = AUDIT_DOWNLOAD,
			       .subject = AUDIT_RECORD,
			       .patient = cx->who.patient,
			       .count = total,
			       .why = (int)why});
	respond_header(rq, "Content-Disposition", str_from_z(disposition));
	respond_header(rq, "Cache-Control", S("no-store"));
	return respond_stream_begin(rq, 200, content_type);
}

static fallible
get_text(struct cx *cx, struct request *rq)
{
	struct sink sink = {to_client, rq};
	struct page_cx px;

	TRY(page_cx_for(cx, rq, S("Download"), NULL, &px));
	TRY(begin(cx, rq, "text/plain; charset=utf-8", "attachment; filename=\"salve-record.txt\""));
	return bluebutton_text(cx, &px, cx->who.patient, &sink);
}

static fallible
get_bundle(struct cx *cx, struct request *rq)
{
	struct sink sink = {to_client, rq};
	str base = arena_printf(
	    cx->arena, "%s://%.*s/fhir", request_is_secure(rq) ? "https" : "http", STR_ARG(request_header(rq, "Host")));
	struct buf checked = BUF_INIT(cx->arena);

	for (size_t i = 0; i < base.n; i++) /* what a client sent as its host goes into JSON text */
		if (base.p[i] != '"' && base.p[i] != '\\' && (unsigned char)base.p[i] > ' ')
			buf_add_char(&checked, base.p[i]);
	TRY(begin(cx, rq, "application/fhir+json; charset=utf-8", "attachment; filename=\"salve-record.json\""));
	return bluebutton_bundle(cx, cx->who.patient, buf_str(&checked), &sink);
}

const struct route bluebutton_routes[] = {
    {GET, "/download", get_download, .who = WHO_PATIENT | WHO_DELEGATE},
    {GET, "/download/salve-record.txt", get_text, .who = WHO_PATIENT | WHO_DELEGATE, .face = FACE_PLAIN,
	.rate = RATE_HEAVY},
    {GET, "/download/salve-record.json", get_bundle, .who = WHO_PATIENT | WHO_DELEGATE, .face = FACE_PLAIN,
	.rate = RATE_HEAVY},
    {0},
};
