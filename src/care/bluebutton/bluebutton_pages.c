/* SPDX-License-Identifier: Apache-2.0 */
/* The download page, where parts and days are chosen, and the files. */
#include "care/bluebutton/bluebutton_internal.h"
#include "care/organization/organization.h"
#include "platform/crypto/crypto.h"
#include "platform/format/base64.h"

#define FORMATS_MAX         16
#define AT_ONCE_ENTRIES_MAX 5000 /* of the record: more is prepared first */
#define PDF_ZIP_NAME        "salve-record-pdf.zip"
#define WHOLE_BYTES_MAX     ((size_t)1024 * 1024) /* a file up to here is ready before it leaves */

const struct download_format download_formats[] = {
    {"salve-record.pdf", "application/pdf", TR("PDF"), TR("To read and print. It has contents and page numbers."),
	bluebutton_pdf, true, 1},
    {PDF_ZIP_NAME, "application/zip", TR("PDF files in a ZIP"),
	TR("To read and print. The record is long: a file for each part of it."), bluebutton_pdf_zip, true, 1},
    {"salve-record.txt", "text/plain; charset=utf-8", TR("Plain text"),
	TR("Opens on every computer and phone. Your messages are in it too."), bluebutton_text, true, 1},
    {"salve-everything.zip", "application/zip", TR("Everything in one ZIP"),
	TR("Pages to read without a connection, your messages with their files, and all of it for programs."),
	bluebutton_everything, true, 5},
    {"salve-record.json", "application/fhir+json; charset=utf-8", TR("FHIR bundle"),
	TR("For another clinic or an app. It holds every entry exactly as it was recorded."), bluebutton_bundle, false,
	1},
    {"salve-record.ndjson", "application/fhir+ndjson", TR("FHIR lines (NDJSON)"),
	TR("The same for programs that read one entry at a time."), bluebutton_ndjson, false, 1},
    {"salve-summary.json", "application/fhir+json; charset=utf-8", TR("International Patient Summary"),
	TR("The main things for a doctor anywhere, as a FHIR document. Measurements: the newest."), bluebutton_ips,
	false, 1},
    {"ccd.xml", "application/xml; charset=utf-8", TR("C-CDA document"),
	TR("A Continuity of Care Document, for clinics that do not read FHIR."), bluebutton_ccd, false, 1},
    {"salve-tables.zip", "application/zip", TR("Tables (CSV)"),
	TR("For a spreadsheet: one table for each part, in a ZIP."), bluebutton_tables, false, 1},
    {0},
};

const struct download_format *
download_format_find(str file)
{
	for (const struct download_format *format = download_formats; format->file; format++)
		if (str_equal(file, str_from_z(format->file)))
			return format;
	return NULL;
}

fallible
download_format_fit(struct cx *cx, const struct bluebutton_ask *ask, const struct download_format **format)
{
	bool is_long;

	if ((*format)->write != bluebutton_pdf)
		return NULL;
	TRY(bluebutton_pdf_is_long(cx, ask, &is_long));
	if (is_long)
		*format = download_format_find(S(PDF_ZIP_NAME));
	return NULL;
}

/* ---- whose ---- */

fallible
download_scope_open(struct cx *cx, struct request *rq, str title, struct download_scope *scope, struct page_cx *px)
{
	struct patient patient;

	*scope = (struct download_scope){.own = !request_param(rq, "patient").p, .base = S("/download")};
	if (scope->own)
		scope->patient = cx->who.patient;
	else if (!request_param_uuid(rq, "patient", &scope->patient.v))
		return DOWNLOAD_GONE("not a patient's id");
	TRY(access_check(cx, scope->patient, RIGHT_RECORD_READ, &scope->why));
	TRY(page_cx_for(cx, rq, title, scope->own ? NULL : "/patients", px));
	if (scope->own)
		return NULL;
	TRY(patient_get(cx, scope->patient, &patient));
	scope->name = patient.name;
	px->title = arena_printf(cx->arena, "%.*s: %.*s", STR_ARG(title), STR_ARG(patient.name));
	scope->base =
	    arena_printf(cx->arena, "/patients/%.*s/download", STR_ARG(uuid_text(cx->arena, scope->patient.v)));
	return NULL;
}

/* ---- what was chosen ---- */

/* The day in three boxes, `plus` days later, at midnight where the clinic stands. */
static bool
day_typed(
    const struct page_cx *px, struct http_pairs query, const char *const boxes[3], int plus, str *typed, instant *out)
{
	str year = pairs_first(query, boxes[0]), month = pairs_first(query, boxes[1]),
	    day = pairs_first(query, boxes[2]);
	int64_t y, m, d;

	*out = INSTANT_NONE;
	*typed = field_date_value(px->arena, year, month, day);
	if (!year.n && !month.n && !day.n)
		return true;
	if (!str_to_int64(year, &y) || !str_to_int64(month, &m) || !str_to_int64(day, &d) || y < 1800 || y > 9999 ||
	    m < 1 || m > 12 || d < 1 || d > 31 || !civil_date_is_valid((int)y, (int)m, (int)d))
		return false;
	*out = zone_instant(px->zone ? px->zone : zone_utc(),
	    (struct civil_time){.date = civil_date_from_days(
				    civil_date_to_days((struct civil_date){(int16_t)y, (int8_t)m, (int8_t)d}) + plus)});
	return true;
}

static unsigned
classes_typed(struct http_pairs query)
{
	unsigned classes = 0;

	for (size_t i = 0; i < query.count; i++)
		for (int class = 0; class < RECORD_CLASSES; class ++)
			if (str_equal(query.items[i].name, S("part")) &&
			    str_equal(query.items[i].value, str_from_z(record_class_path((enum record_class) class))))
				classes |= 1u << class;
	return classes == (1u << RECORD_CLASSES) - 1 ? 0 : classes;
}

bool
download_ask_read(
    const struct page_cx *px, struct http_pairs query, struct bluebutton_ask *ask, struct download_typed *typed)
{
	static const char *const from[] = {"from.year", "from.month", "from.day"};
	static const char *const until[] = {"until.year", "until.month", "until.day"};
	bool good;

	ask->choice.classes = classes_typed(query);
	ask->no_messages = str_equal(pairs_first(query, "messages"), S("no"));
	good = day_typed(px, query, from, 0, &typed->from, &ask->choice.since);
	return day_typed(px, query, until, 1, &typed->until, &ask->choice.until) && good;
}

str
download_fhir_base(struct cx *cx, struct request *rq)
{
	return arena_printf(cx->arena, "%.*s/fhir", STR_ARG(request_origin(rq)));
}

/* ---- the page ---- */

static fallible
count_parts(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, struct download_page *view)
{
	struct download_counts counts;
	struct download_part *parts = ARENA_ARRAY(cx->arena, struct download_part, RECORD_CLASSES);

	TRY(download_count(cx, ask, &counts));
	for (int i = 0; i < RECORD_CLASSES; i++) {
		parts[i] = (struct download_part){.title = tr(px->lang, record_class_title((enum record_class)i)),
		    .value = str_from_z(record_class_path((enum record_class)i)),
		    .count = counts.chosen[i],
		    .chosen = !ask->choice.classes || (ask->choice.classes & 1u << i)};
		view->chosen_total += counts.chosen[i];
		view->total += counts.all[i];
	}
	view->parts = parts;
	view->part_count = RECORD_CLASSES;
	return NULL;
}

/* What has many entries is made first and fetched then; the ZIP with everything can be, so that it may be fetched in pieces. */
static void
fill_formats(struct cx *cx, struct request *rq, struct download_page *view)
{
	struct download_choice_link *links = ARENA_ARRAY(cx->arena, struct download_choice_link, FORMATS_MAX);
	str query = request_query_text(rq);
	bool own = view->scope->own;

	view->is_long = own && view->total > AT_ONCE_ENTRIES_MAX;
	view->query = query;
	for (const struct download_format *format = download_formats; format->file; format++) {
		if (format->write == (view->chosen_total > PDF_ENTRIES_MAX ? bluebutton_pdf : bluebutton_pdf_zip))
			continue;
		links[view->format_count++] = (struct download_choice_link){.title = tr(cx->lang, format->title),
		    .words = tr(cx->lang, format->words),
		    .path = arena_printf(cx->arena, "%.*s/%s%s%.*s", STR_ARG(view->scope->base), format->file,
			query.n ? "?" : "", STR_ARG(query)),
		    .prepare = own && (view->is_long || format->write == bluebutton_everything)
		                   ? str_from_z(format->file)
		                   : STR_NONE,
		    .key = uuid_text(cx->arena, uuid_new(cx->now)),
		    .main = format->main};
	}
	view->formats = links;
}

/* What the page knows of the caller's prepared downloads and of what waits. */
static fallible
fill_own(struct cx *cx, const struct page_cx *px, struct download_page *view)
{
	struct db_rows waiting;

	if (!view->scope->own) {
		audit_add_read(cx, &(struct audit){.action = AUDIT_VIEW,
				       .subject = AUDIT_RECORD,
				       .patient = view->scope->patient,
				       .why = (int)view->scope->why});
		return NULL;
	}
	TRY(release_waiting(cx, view->scope->patient, &waiting));
	view->waiting = waiting.count;
	return export_views_load(cx, px, view->scope->patient, &view->exports);
}

static fallible
get_download(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct download_scope scope;
	struct download_page view = {.scope = &scope};
	struct bluebutton_ask ask = {0};
	struct buf html = BUF_INIT(cx->arena);
	bool good;

	TRY(download_scope_open(cx, rq, tr(cx->lang, TR("Download your record")), &scope, px));
	ask.patient = scope.patient;
	good = download_ask_read(px, request_query_all(rq), &ask, &view.typed);
	if (!good) {
		form_error_add(
		    cx->arena, &view.errors, S("from"), T("Give days such as 12 24 2026, or leave them empty."));
		px->title = TF1("Error: %1", px->title);
		ask.choice.since = ask.choice.until = INSTANT_NONE;
	}
	TRY(count_parts(cx, px, &ask, &view));
	TRY(fill_own(cx, px, &view));
	view.messages = !ask.no_messages;
	view.may_share = scope.own && !(cx->who.is & WHO_DELEGATE);
	px->live = scope.own;
	if (good)
		fill_formats(cx, rq, &view);
	if (ask.choice.classes || !instant_is_none(ask.choice.since) || !instant_is_none(ask.choice.until))
		view.choice = download_choice_words(px, &ask);
	page_download(&html, px, &view);
	return respond_page(rq, good ? 200 : 400, buf_str(&html));
}

/* ---- the files ---- */

/* A short file is gathered first, so that it leaves with its length and check sum and a failure is a page with words; a long
 * one streams. */
struct leaving {
	struct request *rq;
	const struct download_format *format;
	struct buf whole;
	bool streams;
};

static const struct err *
leave(void *arg, str bytes)
{
	struct leaving *l = arg;

	if (!l->streams && l->whole.n + bytes.n <= WHOLE_BYTES_MAX) {
		buf_add(&l->whole, bytes);
		return NULL;
	}
	if (!l->streams) {
		TRY(respond_stream_begin(l->rq, 200, l->format->content_type));
		l->streams = true;
		TRY(respond_stream_write(l->rq, buf_str(&l->whole)));
	}
	return respond_stream_write(l->rq, bytes);
}

static fallible
leave_whole(struct leaving *l)
{
	unsigned char sum[32];

	if (l->streams)
		return NULL;
	sha256(buf_str(&l->whole), sum);
	respond_header(l->rq, "Repr-Digest",
	    arena_printf(l->whole.arena,
		"sha-256=:%.*s:", STR_ARG(base64_encode(l->whole.arena, (str){(const char *)sum, sizeof(sum)}))));
	return respond(l->rq, 200, l->format->content_type, buf_str(&l->whole));
}

/* Written into the trail before the first byte leaves. */
static fallible
audit_download(struct cx *cx, const struct download_scope *scope)
{
	int64_t *counts = ARENA_ARRAY(cx->arena, int64_t, (size_t)resource_type_count() + 1), total = 0;

	TRY(resource_counts(cx, scope->patient, counts));
	for (resource_type type = 1; type <= resource_type_count(); type++)
		total += counts[type];
	audit_add_read(cx, &(struct audit){.action = AUDIT_DOWNLOAD,
			       .subject = AUDIT_RECORD,
			       .patient = scope->patient,
			       .count = total,
			       .why = (int)scope->why});
	return NULL;
}

/* The file that a route is about: the end of its pattern. */
static const struct download_format *
format_of_route(const struct request *rq)
{
	const struct download_format *format =
	    download_format_find(str_from_z(strrchr(request_route(rq)->pattern, '/') + 1));

	assert(format);
	return format;
}

static fallible
get_file(struct cx *cx, struct request *rq)
{
	const struct download_format *asked = format_of_route(rq);
	struct leaving leaving = {.rq = rq, .format = asked, .whole = BUF_INIT(cx->arena)};
	struct sink sink = {leave, &leaving};
	struct bluebutton_ask ask = {0};
	struct download_scope scope;
	struct download_typed typed;
	struct page_cx px;

	TRY(download_scope_open(cx, rq, S("Download"), &scope, &px));
	if (!download_ask_read(&px, request_query_all(rq), &ask, &typed))
		return ERR(ERR_INVALID, TR("Give days such as 12 24 2026, or leave them empty."), "download: bad day");
	ask.patient = scope.patient;
	ask.no_messages |= !scope.own; /* the care team reads conversations where they are answered */
	ask.base = download_fhir_base(cx, rq);
	TRY(download_format_fit(cx, &ask, &leaving.format));
	if (leaving.format != asked)
		return respond_see_other(rq, arena_printf(cx->arena, "%.*s/%s?%.*s", STR_ARG(scope.base),
						 leaving.format->file, STR_ARG(request_query_text(rq))));
	TRY(audit_download(cx, &scope));
	respond_header(
	    rq, "Content-Disposition", arena_printf(cx->arena, "attachment; filename=\"%s\"", leaving.format->file));
	TRY(leaving.format->write(cx, &px, &ask, &sink));
	return leave_whole(&leaving);
}

#define FILE_ROW(path_, callers_)                                                               \
	{                                                                                       \
		GET, path_, get_file, .who = (callers_), .face = FACE_PLAIN, .rate = RATE_HEAVY \
	}
#define FILE_ROWS(base, callers)                                                                           \
	FILE_ROW(base "/salve-record.pdf", callers), FILE_ROW(base "/" PDF_ZIP_NAME, callers),             \
	    FILE_ROW(base "/salve-record.txt", callers), FILE_ROW(base "/salve-record.json", callers),     \
	    FILE_ROW(base "/salve-record.ndjson", callers), FILE_ROW(base "/salve-summary.json", callers), \
	    FILE_ROW(base "/ccd.xml", callers), FILE_ROW(base "/salve-tables.zip", callers),               \
	    FILE_ROW(base "/salve-everything.zip", callers)
#define OWN (WHO_PATIENT | WHO_DELEGATE)

const struct route bluebutton_routes[] = {
    {GET, "/download", get_download, .who = OWN},
    FILE_ROWS("/download", OWN),
    {POST, "/download/prepared", post_export, .who = OWN, .body_bytes_max = 8 * 1024, .rate = RATE_HEAVY,
	.writes = true},
    {GET, "/download/prepared/{export}", get_export, .who = OWN},
    {GET, "/download/prepared/{export}/{name}", get_export_file, .who = OWN, .face = FACE_PLAIN},
    {POST, "/download/prepared/{export}/delete", post_export_delete, .who = OWN, .body_bytes_max = 1024,
	.writes = true},
    {POST, "/download/prepared/{export}/again", post_export_again, .who = OWN, .body_bytes_max = 1024,
	.rate = RATE_HEAVY, .writes = true},
    {GET, "/patients/{patient}/download", get_download, .who = WHO_CARE_TEAM},
    FILE_ROWS("/patients/{patient}/download", WHO_CARE_TEAM),
    {0},
};
