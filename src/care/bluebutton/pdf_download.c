/* SPDX-License-Identifier: Apache-2.0 */
/* The record as a PDF to read and print: the sections of the text, with contents that lead to them. */
#include "care/bluebutton/bluebutton_internal.h"
#include "care/organization/organization.h"
#include "platform/pages/pdf.h"

struct paper {
	struct cx *cx;
	const struct page_cx *px;
	const struct bluebutton_ask *ask;
	struct pdf *pdf;
	struct download_tally tally;
	int64_t *counts;
	thread_id thread;
	bool thread_open, may_messages;
};

static bool
is_chosen(const struct paper *p, const struct download_section *section)
{
	return !p->ask->choice.classes || (p->ask->choice.classes & 1u << section->class);
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
	pdf_heading(p->pdf, 2, tr(px->lang, section->title), str_from_z(section->file));
	TRY(download_walk(p->cx, px, p->ask, section, p->counts, &p->tally, write_entry, p));
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
	pdf_heading(p->pdf, 2, T("Messages"), S("messages"));
	TRY(messages_export(p->cx, p->ask->patient, write_message, p));
	if (!p->thread_open)
		pdf_text(p->pdf, T("Nothing is recorded here."));
	return pdf_error(p->pdf);
}

/* ---- beginning and end ---- */

static fallible
write_first_page(struct paper *p)
{
	const struct page_cx *px = p->px;
	struct patient patient;
	struct facility facility;

	TRY(patient_get(p->cx, p->ask->patient, &patient));
	TRY(facility_get(p->cx, patient.facility, &facility));
	pdf_heading(p->pdf, 1, T("Health record"), S("record"));
	pdf_pair(p->pdf, T("Name"), patient.name);
	if (!instant_is_none(patient.born))
		pdf_pair(p->pdf, T("Date of birth"), px_date_only(px, zone_civil(zone_utc(), patient.born).date));
	pdf_pair(p->pdf, T("Clinic"), facility.name);
	pdf_pair(p->pdf, T("Phone"), facility.phone);
	pdf_pair(p->pdf, T("Made on"), px_date_full(px, p->cx->now));
	pdf_pair(p->pdf, T("Asked for"), download_choice_words(px, p->ask));
	pdf_text(p->pdf, T("A result outside of the usual range does not always mean a problem."));
	pdf_heading(p->pdf, 2, T("Contents"), S("contents"));
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

static fallible
write_all(struct paper *p)
{
	unsigned rights;

	p->counts = ARENA_ARRAY(p->cx->arena, int64_t, (size_t)resource_type_count() + 1);
	TRY(resource_counts(p->cx, p->ask->patient, p->counts)); /* checks access */
	TRY(access_rights_acting(p->cx, &rights));
	p->may_messages = !(p->cx->who.is & WHO_DELEGATE) || (rights & RIGHT_MESSAGES_READ);
	TRY(write_first_page(p));
	for (size_t i = 0; i < download_section_count; i++)
		TRY(write_section(p, &download_sections[i]));
	TRY(write_messages(p));
	return write_end(p);
}

fallible
bluebutton_pdf(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink)
{
	struct paper p = {.cx = cx, .px = px, .ask = ask};
	const struct err *error, *at_end;

	TRY(pdf_begin(&p.pdf, &(struct pdf_options){.sink = sink,
				  .title = T("Health record"),
				  .lang = str_from_z(lang_code(px->lang)),
				  .footer = TF1("Health record, %1. Confidential.",
				      px_date_only(px, zone_civil(px->zone ? px->zone : zone_utc(), cx->now).date)),
				  .page_words = T("Page"),
				  .made = cx->now}));
	error = write_all(&p);
	at_end = pdf_end(p.pdf);
	return error ? error : at_end;
}
