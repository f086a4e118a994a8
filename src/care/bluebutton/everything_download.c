/* SPDX-License-Identifier: Apache-2.0 */
/* One ZIP with everything: pages to read without a connection, the record as text and as FHIR with every earlier version,
 * messages with their files, who may act for the patient, who looked; a manifest with check sums, and what is missing and why. */
#include "care/bluebutton/everything.h"
#include "care/organization/organization.h"
#include "care/summary/summary.h"
#include "platform/format/json_write.h"

#define EVERYTHING_PDFS "record/pdf/" /* folder of a long record's */

const struct page_cx *
everything_line(struct everything *e)
{
	arena_clear(&e->scratch);
	return &e->line;
}

/* ---- files of the archive ---- */

static fallible
end_file(struct everything *e)
{
	struct everything_file *file;

	if (!e->hash.state)
		return NULL;
	TRY(everything_flush(e));
	file = &e->manifest.items[e->manifest.count - 1];
	sha256_end(&e->hash, file->hash);
	return NULL;
}

fallible
everything_file(struct everything *e, str name, str what)
{
	TRY(end_file(e));
	TRY(zip_file(&e->zip, name));
	*LIST_ADD(e->cx->arena, &e->manifest) =
	    (struct everything_file){.name = arena_str(e->cx->arena, name), .what = arena_str(e->cx->arena, what)};
	sha256_begin(&e->hash);
	return NULL;
}

fallible
everything_write(struct everything *e, str bytes)
{
	e->manifest.items[e->manifest.count - 1].bytes += (int64_t)bytes.n;
	sha256_add(&e->hash, bytes);
	return zip_write(&e->zip, bytes);
}

fallible
everything_flush(struct everything *e)
{
	if (e->out.n)
		TRY(everything_write(e, buf_str(&e->out)));
	buf_clear(&e->out);
	return NULL;
}

fallible
everything_flush_some(struct everything *e)
{
	return e->out.n >= EVERYTHING_FLUSH_BYTES ? everything_flush(e) : NULL;
}

static const struct err *
into_file(void *arg, str bytes)
{
	return everything_write(arg, bytes);
}

/* Another download as a file of the archive. */
static fallible
put_download(struct everything *e, str name, str what, download_fn *write)
{
	struct sink sink = {into_file, e};

	TRY(everything_file(e, name, what));
	return write(e->cx, e->px, e->ask, &sink);
}

static const struct err *
begin_pdf(void *arg, str name, str what)
{
	struct everything *e = arg;

	return everything_file(e, arena_printf(e->cx->arena, EVERYTHING_PDFS "%.*s", STR_ARG(name)), what);
}

static fallible
put_pdf(struct everything *e)
{
	const struct page_cx *px = e->px;

	TRY(bluebutton_pdf_is_long(e->cx, e->ask, &e->is_long));
	return e->is_long ? bluebutton_pdf_files(
				e->cx, px, e->ask, &(struct pdf_files){begin_pdf, e, {into_file, e}, PDF_ENTRIES_MAX})
	                  : put_download(e, S("record/record.pdf"), T("The whole record to print"), bluebutton_pdf);
}

/* ---- the record to read ---- */

static const struct err *
write_entry(void *arg, const struct download_entry *entry)
{
	struct everything *e = arg;
	const struct page_cx *px = entry->px;
	struct record_facts facts = {0};
	struct record_file files[RECORD_FILES_MAX];
	struct offline_file shown[RECORD_FILES_MAX];
	struct offline_entry view = {
	    .item = entry->item, .facts = &facts, .narrative = record_narrative(px, entry->json), .files = shown};

	TRY(download_facts(entry, &facts));
	view.file_count = record_files_read(px, entry->type, entry->json, files);
	for (size_t i = 0; i < view.file_count; i++)
		shown[i] = (struct offline_file){.title = files[i].title, .text = files[i].text};
	offline_entry(&e->out, px, &view);
	return everything_flush_some(e);
}

static fallible
write_section(struct everything *e, const struct download_section *section)
{
	const struct page_cx *px = e->px;
	str title = tr(px->lang, section->title), file = arena_printf(e->cx->arena, "%s.html", section->file);
	int64_t shown = e->tally.shown;

	if (e->ask->choice.classes && !(e->ask->choice.classes & 1u << section->class))
		return NULL;
	TRY(everything_file(e, file, title));
	offline_begin(&e->out, px, title);
	TRY(download_walk(e->cx, px, e->ask, section, e->counts, &e->tally, write_entry, e));
	if (e->tally.shown == shown)
		offline_sentence(&e->out, px, T("Nothing is recorded here."), STR_NONE);
	offline_end(&e->out, px);
	*LIST_ADD(e->cx->arena, &e->pages) = (struct offline_link){file, title, px_number(px, e->tally.shown - shown)};
	return everything_flush(e);
}

void
everything_misses(struct everything *e, str sentence)
{
	*LIST_ADD(e->cx->arena, &e->failed) = arena_str(e->cx->arena, sentence);
}

/* ---- every earlier version ---- */

static const struct err *
write_version(void *arg, const struct resource *resource)
{
	struct everything *e = arg;

	buf_add(&e->out, resource->body);
	buf_add_char(&e->out, '\n');
	return everything_flush_some(e);
}

static fallible
write_history(struct everything *e)
{
	const struct page_cx *px = e->px;

	TRY(everything_file(e, S("record/history.ndjson"), T("Earlier versions of entries, one a line")));
	return resource_each_version(e->cx, e->ask->patient, write_version, e);
}

/* ---- what is missing; the manifest; the first page ---- */

static fallible
write_missing(struct everything *e)
{
	const struct page_cx *px = e->px;
	struct download_missing missing = {0};
	struct bluebutton_ask ask = *e->ask;

	ask.no_messages = ask.no_messages || !e->may_messages;
	TRY(everything_file(e, S("missing.html"), T("What is missing, and why")));
	offline_begin(&e->out, px, T("What is missing, and why"));
	TRY(download_missing_words(e->cx, px, &ask, e->counts, &e->tally, &missing));
	for (size_t i = 0; i < missing.count; i++)
		offline_sentence(&e->out, px, missing.items[i], STR_NONE);
	for (size_t i = 0; i < e->failed.count; i++)
		offline_sentence(&e->out, px, e->failed.items[i], STR_NONE);
	if (!e->is_patient)
		offline_sentence(&e->out, px,
		    T("Who looked at the record, and who may act for the patient: only the patient can take these "
		      "along."),
		    STR_NONE);
	offline_end(&e->out, px);
	*LIST_ADD(e->cx->arena, &e->pages) =
	    (struct offline_link){S("missing.html"), T("What is missing, and why"), STR_NONE};
	return everything_flush(e);
}

static fallible
write_index(struct everything *e)
{
	const struct page_cx *px = e->px;
	const struct offline_link files[] = {
	    {S("record/record.txt"), T("The whole record as text"), T("Opens on every computer.")},
	    {e->is_long ? S(EVERYTHING_PDFS "00-read-first.pdf") : S("record/record.pdf"),
		T("The whole record to print"), T("With contents and page numbers.")},
	    {S("record/record.json"), T("The record as a FHIR bundle"), T("For another clinic or an app.")},
	    {S(SUMMARY_CCD_NAME), T("C-CDA document"),
		T("A Continuity of Care Document, for clinics that do not read FHIR.")},
	    {S("record/history.ndjson"), T("Earlier versions of entries, one a line"), T("FHIR R4, for programs.")},
	    {S("messages/messages.ndjson"), T("Messages, one a line"), T("JSON, for programs.")}};
	struct offline_index view = {.made = px_date_full(px, e->cx->now),
	    .choice = download_choice_words(px, e->ask),
	    .pages = e->pages.items,
	    .page_count = e->pages.count,
	    .files = files,
	    .file_count = e->may_messages && !e->ask->no_messages ? 6 : 5};
	struct patient patient;
	struct facility facility;

	TRY(patient_get(e->cx, e->ask->patient, &patient));
	TRY(facility_get(e->cx, patient.facility, &facility));
	view.name = patient.name;
	view.facility = facility.name;
	if (!instant_is_none(patient.born))
		view.born = px_date_only(px, zone_civil(zone_utc(), patient.born).date);
	TRY(everything_file(e, S("index.html"), px->title));
	offline_index(&e->out, px, &view);
	return everything_flush(e);
}

static fallible
write_manifest(struct everything *e)
{
	struct buf text = BUF_INIT(e->cx->arena);
	struct json_writer w = JSON_WRITER(&text);
	struct patient patient;
	struct facility facility;

	TRY(end_file(e));
	TRY(patient_get(e->cx, e->ask->patient, &patient));
	TRY(facility_get(e->cx, patient.facility, &facility));
	json_write_object(&w);
	json_put_text(&w, "format", S("salve-record-1"));
	json_put_text(&w, "patient", uuid_text(e->cx->arena, e->ask->patient.v));
	json_put_text(&w, "facility", facility.name);
	json_put_text(&w, "made", fhir_instant_text(e->cx->arena, e->cx->now));
	json_put_array(&w, "files");
	for (size_t i = 0; i < e->manifest.count; i++) {
		json_write_object(&w);
		json_put_text(&w, "name", e->manifest.items[i].name);
		json_put_int64(&w, "bytes", e->manifest.items[i].bytes);
		json_put_text(&w, "sha256", hex_text(e->cx->arena, (str){(char *)e->manifest.items[i].hash, 32}));
		json_put_text(&w, "what", e->manifest.items[i].what);
		json_write_end(&w);
	}
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	TRY(zip_file(&e->zip, S("manifest.json")));
	return zip_write(&e->zip, buf_str(&text));
}

static fallible
write_style(struct everything *e)
{
	TRY(everything_file(e, S("style.css"), S("CSS")));
	for (size_t i = 0; i < asset_count; i++)
		if (strcmp(assets[i].name, "app.css") == 0)
			TRY(everything_write(e, (str){(const char *)assets[i].bytes, assets[i].n}));
	return NULL;
}

/* ---- all of it ---- */

static fallible
find_rights(struct everything *e)
{
	enum access_why why;
	unsigned rights = 0;

	TRY(access_check(e->cx, e->ask->patient, RIGHT_RECORD_READ, &why));
	TRY(access_rights_acting(e->cx, &rights));
	e->is_patient = why == ACCESS_SELF;
	e->may_messages = why != ACCESS_DELEGATE || (rights & RIGHT_MESSAGES_READ);
	return NULL;
}

static fallible
write_all(struct everything *e, const struct sink *sink)
{
	const struct page_cx *px = e->px;

	TRY(find_rights(e));
	e->counts = ARENA_ARRAY(e->cx->arena, int64_t, (size_t)resource_type_count() + 1);
	TRY(resource_counts(e->cx, e->ask->patient, e->counts));
	TRY(zip_begin(&e->zip, e->cx->arena, sink, e->cx->now));
	TRY(write_style(e));
	for (size_t i = 0; i < download_section_count; i++)
		TRY(write_section(e, &download_sections[i]));
	if (e->may_messages && !e->ask->no_messages) {
		TRY(everything_messages(e));
		TRY(everything_attachments(e));
	}
	if (!e->ask->choice.classes || e->ask->choice.classes & 1u << CLASS_VISITS)
		TRY(everything_visits(e));
	if (!e->ask->choice.classes || e->ask->choice.classes & 1u << CLASS_MEDICINES)
		TRY(everything_medicines(e));
	if (e->is_patient) {
		TRY(everything_sharing(e));
		TRY(everything_trail(e));
	}
	TRY(put_download(e, S("record/record.txt"), T("The whole record as text"), bluebutton_text));
	TRY(put_pdf(e));
	TRY(put_download(e, S("record/record.ndjson"), T("The record as FHIR lines"), bluebutton_ndjson));
	TRY(everything_files(e));
	TRY(put_download(e, S("record/record.json"), T("The record as a FHIR bundle"), bluebutton_bundle));
	TRY(put_download(e, S(SUMMARY_CCD_NAME), T("C-CDA document"), bluebutton_ccd));
	TRY(everything_file(e, S(SUMMARY_XSL_NAME), S("XSLT")));
	TRY(everything_write(e, summary_ccd_stylesheet()));
	TRY(write_history(e));
	TRY(write_missing(e));
	TRY(write_index(e));
	TRY(write_manifest(e));
	return zip_end(&e->zip);
}

fallible
bluebutton_everything(
    struct cx *cx, const struct page_cx *px_, const struct bluebutton_ask *ask, const struct sink *sink)
{
	struct arena arena = ARENA_INIT;
	struct page_cx page = *px_, *px = &page;
	struct everything e = {.cx = cx, .px = px, .ask = ask, .out = BUF_INIT(&arena)};
	unsigned char unused[32];
	const struct err *error;

	px->title = T("Health record");
	e.line = page;
	e.line.arena = &e.scratch;
	error = write_all(&e, sink);
	zip_abandon(&e.zip);
	if (e.hash.state)
		sha256_end(&e.hash, unused);
	arena_release(&e.scratch);
	arena_release(&arena);
	return error;
}
