/* SPDX-License-Identifier: Apache-2.0 */
/* The download page, where parts and days are chosen, and the files. */
#include "care/bluebutton/bluebutton_internal.h"
#include "care/organization/organization.h"
#include "trust/portal/portal.h"

const struct download_format download_formats[] = {
    {"/download/salve-record.pdf", "application/pdf", TR("PDF"),
	TR("To read and print. It has contents and page numbers."), bluebutton_pdf, true},
    {"/download/salve-record.txt", "text/plain; charset=utf-8", TR("Plain text"),
	TR("Opens on every computer and phone. Your messages are in it too."), bluebutton_text, true},
    {"/download/salve-everything.zip", "application/zip", TR("Everything in one ZIP"),
	TR("Pages to read without a connection, your messages with their files, and all of it for programs."),
	bluebutton_everything, true},
    {"/download/salve-record.json", "application/fhir+json; charset=utf-8", TR("FHIR bundle"),
	TR("For another clinic or an app. It holds every entry exactly as it was recorded."), bluebutton_bundle},
    {"/download/salve-record.ndjson", "application/fhir+ndjson", TR("FHIR lines (NDJSON)"),
	TR("The same for programs that read one entry at a time."), bluebutton_ndjson},
    {"/download/salve-summary.json", "application/fhir+json; charset=utf-8", TR("International Patient Summary"),
	TR("The main things for a doctor anywhere, as a FHIR document. Measurements: the newest."), bluebutton_ips},
    {"/download/ccd.xml", "application/xml; charset=utf-8", TR("C-CDA document"),
	TR("A Continuity of Care Document, for clinics that do not read FHIR."), bluebutton_ccd},
    {"/download/salve-tables.zip", "application/zip", TR("Tables (CSV)"),
	TR("For a spreadsheet: one table for each part, in a ZIP."), bluebutton_tables},
    {0},
};

/* ---- what was chosen ---- */

/* The day in three boxes, `plus` days later, at midnight where the clinic stands. */
static bool
day_typed(struct request *rq, const struct zone *zone, const char *const boxes[3], int plus, str *typed, instant *out,
    struct arena *arena)
{
	str year = request_query(rq, boxes[0]), month = request_query(rq, boxes[1]), day = request_query(rq, boxes[2]);
	int64_t y, m, d;

	*out = INSTANT_NONE;
	*typed = field_date_value(arena, year, month, day);
	if (!year.n && !month.n && !day.n)
		return true;
	if (!str_to_int64(year, &y) || !str_to_int64(month, &m) || !str_to_int64(day, &d) || y < 1800 || y > 9999 ||
	    m < 1 || m > 12 || d < 1 || d > 31 || !civil_date_is_valid((int)y, (int)m, (int)d))
		return false;
	*out = zone_instant(zone,
	    (struct civil_time){.date = civil_date_from_days(
				    civil_date_to_days((struct civil_date){(int16_t)y, (int8_t)m, (int8_t)d}) + plus)});
	return true;
}

static unsigned
classes_typed(struct request *rq)
{
	struct http_pairs all = request_query_all(rq);
	unsigned classes = 0;

	for (size_t i = 0; i < all.count; i++)
		for (int class = 0; class < RECORD_CLASSES; class ++)
			if (str_equal(all.items[i].name, S("part")) &&
			    str_equal(all.items[i].value, str_from_z(record_class_path((enum record_class) class))))
				classes |= 1u << class;
	return classes == (1u << RECORD_CLASSES) - 1 ? 0 : classes;
}

/* `view` may be NULL. False when a day is none. */
static bool
read_ask(
    struct cx *cx, struct request *rq, const struct page_cx *px, struct bluebutton_ask *ask, struct download_page *view)
{
	static const char *const from[] = {"from.year", "from.month", "from.day"};
	static const char *const until[] = {"until.year", "until.month", "until.day"};
	const struct zone *zone = px->zone ? px->zone : zone_utc();
	str from_typed, until_typed;
	bool good;

	*ask = (struct bluebutton_ask){.patient = cx->who.patient,
	    .choice.classes = classes_typed(rq),
	    .no_messages = str_equal(request_query(rq, "messages"), S("no")),
	    .base = arena_printf(cx->arena, "%.*s/fhir", STR_ARG(request_origin(rq)))};
	good = day_typed(rq, zone, from, 0, &from_typed, &ask->choice.since, cx->arena);
	good = day_typed(rq, zone, until, 1, &until_typed, &ask->choice.until, cx->arena) && good;
	if (view) {
		view->from = from_typed;
		view->until = until_typed;
	}
	return good;
}

/* ---- the page ---- */

struct counting {
	const struct record_choice *choice;
	struct arena scratch;
	int64_t all[RECORD_CLASSES], chosen[RECORD_CLASSES];
};

static const struct err *
count_one(void *arg, const struct resource *resource)
{
	struct counting *counting = arg;
	const struct json_value *json;
	enum record_class class;

	arena_clear(&counting->scratch);
	TRY(json_parse(&counting->scratch, resource->body, &json, NULL));
	class = record_class_of((resource_type)resource->type, json);
	counting->all[class]++;
	counting->chosen[class] += record_choice_takes(counting->choice, (resource_type)resource->type, json);
	return NULL;
}

/* The preview opens every entry: it is asked for by pressing a button, and costs what the download will. */
static fallible
count_parts(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, struct download_page *view)
{
	struct counting counting = {.choice = &ask->choice};
	struct download_part *parts = ARENA_ARRAY(cx->arena, struct download_part, RECORD_CLASSES);
	const struct err *error = resource_each(cx, ask->patient, 0, count_one, &counting);

	arena_release(&counting.scratch);
	TRY(error);
	for (int i = 0; i < RECORD_CLASSES; i++) {
		parts[i] = (struct download_part){.title = tr(px->lang, record_class_title((enum record_class)i)),
		    .value = str_from_z(record_class_path((enum record_class)i)),
		    .count = counting.chosen[i],
		    .chosen = !ask->choice.classes || (ask->choice.classes & 1u << i)};
		view->chosen_total += counting.chosen[i];
		view->total += counting.all[i];
	}
	view->parts = parts;
	view->part_count = RECORD_CLASSES;
	return NULL;
}

static void
fill_formats(struct cx *cx, struct request *rq, struct download_page *view)
{
	struct download_choice_link *links = ARENA_ARRAY(cx->arena, struct download_choice_link, 16);
	str query = request_query_text(rq);

	for (const struct download_format *format = download_formats; format->path; format++)
		links[view->format_count++] = (struct download_choice_link){.title = tr(cx->lang, format->title),
		    .words = tr(cx->lang, format->words),
		    .path = query.n ? arena_printf(cx->arena, "%s?%.*s", format->path, STR_ARG(query))
		                    : str_from_z(format->path),
		    .main = format->main};
	view->formats = links;
}

static fallible
get_download(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct download_page view = {0};
	struct bluebutton_ask ask;
	struct db_rows waiting;
	struct buf html = BUF_INIT(cx->arena);
	bool good;

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Download your record")), NULL, px));
	good = read_ask(cx, rq, px, &ask, &view);
	if (!good) {
		form_error_add(
		    cx->arena, &view.errors, S("from"), T("Give days such as 12 24 2026, or leave them empty."));
		px->title = TF1("Error: %1", px->title);
		ask.choice.since = ask.choice.until = INSTANT_NONE;
	}
	TRY(count_parts(cx, px, &ask, &view));
	TRY(release_waiting(cx, ask.patient, &waiting));
	view.waiting = waiting.count;
	view.messages = !ask.no_messages;
	view.may_share = !(cx->who.is & WHO_DELEGATE);
	if (good)
		fill_formats(cx, rq, &view);
	if (ask.choice.classes || !instant_is_none(ask.choice.since) || !instant_is_none(ask.choice.until))
		view.choice = download_choice_words(px, &ask);
	page_download(&html, px, &view);
	return respond_page(rq, good ? 200 : 400, buf_str(&html));
}

/* ---- the files ---- */

static const struct err *
to_client(void *arg, str bytes)
{
	return respond_stream_write(arg, bytes);
}

/* Written into the trail before the first byte leaves. */
static fallible
audit_download(struct cx *cx, const struct bluebutton_ask *ask)
{
	int64_t *counts = ARENA_ARRAY(cx->arena, int64_t, (size_t)resource_type_count() + 1), total = 0;
	enum access_why why;

	TRY(access_check(cx, ask->patient, RIGHT_RECORD_READ, &why));
	TRY(resource_counts(cx, ask->patient, counts));
	for (resource_type type = 1; type <= resource_type_count(); type++)
		total += counts[type];
	audit_add_read(cx, &(struct audit){.action = AUDIT_DOWNLOAD,
			       .subject = AUDIT_RECORD,
			       .patient = ask->patient,
			       .count = total,
			       .why = (int)why});
	return NULL;
}

static fallible
get_file(struct cx *cx, struct request *rq)
{
	const struct download_format *format = download_formats;
	struct sink sink = {to_client, rq};
	struct bluebutton_ask ask;
	struct page_cx px;

	while (!str_equal(str_from_z(format->path), str_from_z(request_route(rq)->pattern)))
		format++;
	TRY(page_cx_for(cx, rq, S("Download"), NULL, &px));
	if (!read_ask(cx, rq, &px, &ask, NULL))
		return ERR(ERR_INVALID, TR("Give days such as 12 24 2026, or leave them empty."), "download: bad day");
	TRY(audit_download(cx, &ask));
	respond_header(rq, "Content-Disposition",
	    arena_printf(cx->arena, "attachment; filename=\"%s\"", strrchr(format->path, '/') + 1));
	respond_header(rq, "Cache-Control", S("no-store"));
	TRY(respond_stream_begin(rq, 200, format->content_type));
	return format->write(cx, &px, &ask, &sink);
}

#define FILE_ROW(path_)                                                                                         \
	{                                                                                                       \
		GET, path_, get_file, .who = WHO_PATIENT | WHO_DELEGATE, .face = FACE_PLAIN, .rate = RATE_HEAVY \
	}

const struct route bluebutton_routes[] = {
    {GET, "/download", get_download, .who = WHO_PATIENT | WHO_DELEGATE},
    FILE_ROW("/download/salve-record.pdf"),
    FILE_ROW("/download/salve-record.txt"),
    FILE_ROW("/download/salve-record.json"),
    FILE_ROW("/download/salve-record.ndjson"),
    FILE_ROW("/download/ccd.xml"),
    FILE_ROW("/download/salve-summary.json"),
    FILE_ROW("/download/salve-tables.zip"),
    FILE_ROW("/download/salve-everything.zip"),
    {0},
};
