/* SPDX-License-Identifier: Apache-2.0 */
/* The record as a PDF to read and print: the sections of the text, with contents that lead to them.  A PDF keeps its tree of tags in
 * memory until its end, so a long record is several: a file for each section, and another one when it is full; memory is that of one. */
#include "care/bluebutton/bluebutton_internal.h"
#include "care/organization/organization.h"
#include "platform/format/zip.h"
#include "platform/pages/pdf.h"

/* A file of a long record. */
struct paper_file {
	str name, title;
	int64_t entries;
};
struct paper {
	struct cx *cx;
	const struct page_cx *px;
	const struct bluebutton_ask *ask;
	const struct sink *sink;
	const struct pdf_files *files; /* NULL: all in one */
	struct pdf *pdf;               /* the one in hand; NULL: none */
	struct download_tally tally;
	int64_t *counts;
	thread_id thread;
	bool thread_open, may_messages;
	struct {
		struct paper_file *items;
		size_t count, capacity;
	} made;
	/* of the file in hand */
	size_t number;   /* of its section, from 1 */
	str title, stem; /* "Lab results", "lab-results" */
	int parts;       /* files of this section so far */
	struct patient patient;
};

static bool
is_chosen(const struct paper *p, const struct download_section *section)
{
	return !p->ask->choice.classes || (p->ask->choice.classes & 1u << section->class);
}

/* ---- files ---- */

static fallible
begin_pdf(struct paper *p, str title)
{
	const struct page_cx *px = p->px;

	return pdf_begin(
	    &p->pdf, &(struct pdf_options){.sink = p->sink,
			 .title = title,
			 .lang = str_from_z(lang_code(px->lang)),
			 .footer = TF1("Health record, %1. Confidential.",
			     px_date_only(px, zone_civil(px->zone ? px->zone : zone_utc(), p->cx->now).date)),
			 .page_words = T("Page"),
			 .made = p->cx->now});
}

static fallible
end_pdf(struct paper *p)
{
	struct pdf *pdf = p->pdf;

	p->pdf = NULL;
	return pdf ? pdf_end(pdf) : NULL;
}

static void
write_whose(struct paper *p)
{
	const struct page_cx *px = p->px;

	pdf_pair(p->pdf, T("Name"), p->patient.name);
	if (!instant_is_none(p->patient.born))
		pdf_pair(p->pdf, T("Date of birth"), px_date_only(px, zone_civil(zone_utc(), p->patient.born).date));
}

static fallible
begin_file(struct paper *p, str name, str title)
{
	TRY(end_pdf(p));
	TRY(p->files->begin(p->files->arg, name, title));
	TRY(begin_pdf(p, title));
	pdf_heading(p->pdf, 1, title, S("record"));
	write_whose(p);
	return NULL;
}

/* The beginning of a section: a heading, or later, with its first entry, a file. */
static void
begin_section(struct paper *p, str title, str stem)
{
	p->title = title;
	p->stem = stem;
	p->number++;
	p->parts = 0;
	if (!p->files)
		pdf_heading(p->pdf, 2, title, stem);
}

/* One more entry: into this file, or the next one. */
static fallible
make_room(struct paper *p)
{
	struct arena *arena = p->cx->arena;
	const struct page_cx *px = p->px;
	struct paper_file *file = p->made.count ? &p->made.items[p->made.count - 1] : NULL;
	str part;

	if (!p->files)
		return NULL;
	if (!p->parts || file->entries >= p->files->entries_max) {
		part = p->parts ? arena_printf(arena, "-%d", p->parts + 1) : S("");
		file = LIST_ADD(arena, &p->made);
		*file = (struct paper_file){
		    .name = arena_printf(arena, "%02zu-%.*s%.*s.pdf", p->number, STR_ARG(p->stem), STR_ARG(part)),
		    .title = p->parts ? TF2("%1, part %2", p->title, px_number(px, p->parts + 1)) : p->title};
		p->parts++;
		TRY(begin_file(p, file->name, file->title));
	}
	file->entries++;
	return NULL;
}

/* ---- the record ---- */

static void
write_files(struct paper *p, const struct download_entry *entry)
{
	const struct page_cx *px = entry->px;
	struct record_file files[RECORD_FILES_MAX];
	size_t count = record_files_read(px, entry->type, entry->json, files);

	for (size_t i = 0; i < count; i++) {
		pdf_pair(p->pdf, T("File"), files[i].title);
		pdf_text(
		    p->pdf, files[i].text.n ? files[i].text : T("This file is no text. Download it from its page."));
	}
}

static const struct err *
write_entry(void *arg, const struct download_entry *entry)
{
	struct paper *p = arg;
	const struct page_cx *px = entry->px;
	const struct record_item *item = entry->item;
	struct record_facts facts = {0};

	TRY(download_facts(entry, &facts));
	TRY(make_room(p));
	pdf_heading(p->pdf, 3, item->title, STR_NONE);
	pdf_pair(p->pdf, T("Date"), item->when);
	pdf_pair(p->pdf, T("Result"), item->value);
	pdf_pair(p->pdf, T("Usual range"), item->measure.range);
	if (entry->type == RESOURCE_OBSERVATION)
		pdf_pair(p->pdf, T("In words"), item->state);
	for (size_t i = 0; i < facts.count; i++)
		pdf_pair(p->pdf, facts.items[i].label, facts.items[i].value);
	pdf_text(p->pdf, record_narrative(px, entry->json));
	write_files(p, entry);
	return pdf_error(p->pdf);
}

static fallible
write_section(struct paper *p, const struct download_section *section)
{
	const struct page_cx *px = p->px;
	int64_t shown = p->tally.shown;

	if (!is_chosen(p, section))
		return NULL;
	begin_section(p, tr(px->lang, section->title), str_from_z(section->file));
	TRY(download_walk(p->cx, px, p->ask, section, p->counts, &p->tally, write_entry, p));
	if (p->files)
		return NULL;
	if (p->tally.shown == shown)
		pdf_text(p->pdf, T("Nothing is recorded here."));
	return pdf_error(p->pdf);
}

/* ---- messages ---- */

static const struct err *
write_message(void *arg, const struct thread *thread, const struct team *team, const struct message *message)
{
	struct paper *p = arg;
	struct arena arena = ARENA_INIT;
	struct page_cx line = *p->px;
	const struct page_cx *px = &line;

	line.arena = &arena;
	TRY(make_room(p));
	if (!p->thread_open || !uuid_equal(p->thread.v, thread->id.v))
		pdf_heading(p->pdf, 3, TF2("%1 (with %2)", thread->subject, team->name), STR_NONE);
	p->thread = thread->id;
	p->thread_open = true;
	pdf_pair(p->pdf, message->author_name, px_date_full(px, message->sent));
	pdf_text(p->pdf, message->body);
	for (int64_t i = 0; i < message->file_count; i++)
		pdf_list_item(
		    p->pdf, TF2("%1 (%2 bytes)", message->files[i].name, px_number(px, message->files[i].bytes)));
	arena_release(&arena);
	return pdf_error(p->pdf);
}

static fallible
write_messages(struct paper *p)
{
	const struct page_cx *px = p->px;

	if (p->ask->no_messages || !p->may_messages)
		return NULL;
	begin_section(p, T("Messages"), S("messages"));
	TRY(messages_export(p->cx, p->ask->patient, write_message, p));
	if (p->files)
		return NULL;
	if (!p->thread_open)
		pdf_text(p->pdf, T("Nothing is recorded here."));
	return pdf_error(p->pdf);
}

/* ---- beginning and end ---- */

/* Whose it is, of when, and what was asked for. */
static fallible
write_title(struct paper *p)
{
	const struct page_cx *px = p->px;
	struct facility facility;

	TRY(facility_get(p->cx, p->patient.facility, &facility));
	pdf_pair(p->pdf, T("Clinic"), facility.name);
	pdf_pair(p->pdf, T("Phone"), facility.phone);
	pdf_pair(p->pdf, T("Made on"), px_date_full(px, p->cx->now));
	pdf_pair(p->pdf, T("Asked for"), download_choice_words(px, p->ask));
	pdf_text(p->pdf, T("A result outside of the usual range does not always mean a problem."));
	pdf_heading(p->pdf, 2, T("Contents"), S("contents"));
	return pdf_error(p->pdf);
}

static fallible
write_first_page(struct paper *p)
{
	const struct page_cx *px = p->px;

	pdf_heading(p->pdf, 1, T("Health record"), S("record"));
	write_whose(p);
	TRY(write_title(p));
	for (size_t i = 0; i < download_section_count; i++)
		if (is_chosen(p, &download_sections[i]))
			pdf_link(
			    p->pdf, tr(px->lang, download_sections[i].title), str_from_z(download_sections[i].file));
	if (!p->ask->no_messages && p->may_messages)
		pdf_link(p->pdf, T("Messages"), S("messages"));
	pdf_link(p->pdf, T("What is missing, and why"), S("missing"));
	pdf_page_break(p->pdf);
	return pdf_error(p->pdf);
}

static fallible
write_end(struct paper *p)
{
	const struct page_cx *px = p->px;
	struct bluebutton_ask ask = *p->ask;
	struct download_missing missing = {0};

	ask.no_messages = ask.no_messages || !p->may_messages;
	pdf_heading(p->pdf, 2, T("What is missing, and why"), S("missing"));
	TRY(download_missing_words(p->cx, px, &ask, p->counts, &p->tally, &missing));
	for (size_t i = 0; i < missing.count; i++)
		pdf_list_item(p->pdf, missing.items[i]);
	pdf_list_item(p->pdf, T("Pictures and other files that are no text can be downloaded from their pages."));
	return NULL;
}

/* What both ways begin with. Checks access. */
static fallible
open_paper(struct paper *p)
{
	unsigned rights;

	p->counts = ARENA_ARRAY(p->cx->arena, int64_t, (size_t)resource_type_count() + 1);
	TRY(resource_counts(p->cx, p->ask->patient, p->counts));
	TRY(access_rights_acting(p->cx, &rights));
	p->may_messages = !(p->cx->who.is & WHO_DELEGATE) || (rights & RIGHT_MESSAGES_READ);
	return patient_get(p->cx, p->ask->patient, &p->patient);
}

static fallible
write_sections(struct paper *p)
{
	for (size_t i = 0; i < download_section_count; i++)
		TRY(write_section(p, &download_sections[i]));
	return write_messages(p);
}

static fallible
write_one(struct paper *p)
{
	const struct page_cx *px = p->px;

	TRY(open_paper(p));
	TRY(begin_pdf(p, T("Health record")));
	TRY(write_first_page(p));
	TRY(write_sections(p));
	return write_end(p);
}

/* The first file is made last, when it is known which there are and what is missing. */
static fallible
write_several(struct paper *p)
{
	const struct page_cx *px = p->px;

	TRY(open_paper(p));
	TRY(write_sections(p));
	TRY(begin_file(p, S("00-read-first.pdf"), T("Health record")));
	TRY(write_title(p));
	for (size_t i = 0; i < p->made.count; i++)
		pdf_list_item(p->pdf, TF3("%1 (%2): %3", p->made.items[i].title,
					  px_number(px, p->made.items[i].entries), p->made.items[i].name));
	return write_end(p);
}

static fallible
end_paper(struct paper *p, const struct err *error)
{
	const struct err *at_end = end_pdf(p);

	return error ? error : at_end;
}

fallible
bluebutton_pdf(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink)
{
	struct paper p = {.cx = cx, .px = px, .ask = ask, .sink = sink};

	return end_paper(&p, write_one(&p));
}

fallible
bluebutton_pdf_files(
    struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct pdf_files *files)
{
	struct paper p = {.cx = cx, .px = px, .ask = ask, .sink = &files->sink, .files = files};

	return end_paper(&p, write_several(&p));
}

/* ---- how long it would be ---- */

static fallible
count_asked(struct cx *cx, const struct bluebutton_ask *ask, int64_t *out)
{
	struct download_counts counts;

	*out = 0;
	TRY(download_count(cx, ask, &counts));
	for (int i = 0; i < RECORD_CLASSES; i++)
		*out += counts.chosen[i];
	return NULL;
}

/* The index alone tells of most that it is short, whatever the days. */
fallible
bluebutton_pdf_is_long(struct cx *cx, const struct bluebutton_ask *ask, bool *out)
{
	struct bluebutton_ask of_any_day = *ask;
	int64_t count;

	of_any_day.choice.since = of_any_day.choice.until = INSTANT_NONE;
	TRY(count_asked(cx, &of_any_day, &count));
	if (count > PDF_ENTRIES_MAX)
		TRY(count_asked(cx, ask, &count));
	*out = count > PDF_ENTRIES_MAX;
	return NULL;
}

/* ---- as a ZIP ---- */

static const struct err *
begin_in_zip(void *zip, str name, str title)
{
	(void)title;
	return zip_file(zip, name);
}

static const struct err *
into_zip(void *zip, str bytes)
{
	return zip_write(zip, bytes);
}

fallible
bluebutton_pdf_zip(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink)
{
	struct zip_writer zip = {0};
	const struct err *error = zip_begin(&zip, cx->arena, sink, cx->now);

	if (!error)
		error = bluebutton_pdf_files(
		    cx, px, ask, &(struct pdf_files){begin_in_zip, &zip, {into_zip, &zip}, PDF_ENTRIES_MAX});
	if (!error)
		error = zip_end(&zip);
	zip_abandon(&zip);
	return error;
}
