/* SPDX-License-Identifier: Apache-2.0 */
/* The record as tables for spreadsheets: one CSV for each part and one of messages, in a ZIP with a page that explains them.
 * Texts that a spreadsheet would run as a formula are made harmless (csv.h). */
#include "care/bluebutton/bluebutton_internal.h"
#include "platform/format/csv.h"
#include "platform/format/fhir_date.h"
#include "platform/format/zip.h"

#define FLUSH_BYTES (32 * 1024)
#define UTF8_MARK   S("\xEF\xBB\xBF") /* without it spreadsheets take the bytes for another code */

struct tables {
	struct cx *cx;
	const struct page_cx *px;
	const struct bluebutton_ask *ask;
	struct zip_writer zip;
	struct buf out; /* in an arena of its own */
	struct csv_writer csv;
	struct download_tally tally;
};

static fallible
flush(struct tables *t)
{
	if (t->out.n)
		TRY(zip_write(&t->zip, buf_str(&t->out)));
	buf_clear(&t->out);
	return NULL;
}

static fallible
begin_table(struct tables *t, const char *name, const str *heads, size_t count)
{
	TRY(flush(t));
	TRY(zip_file(&t->zip, arena_printf(t->cx->arena, "%s.csv", name)));
	buf_add(&t->out, UTF8_MARK);
	for (size_t i = 0; i < count; i++)
		csv_text(&t->csv, heads[i]);
	csv_row_end(&t->csv);
	return NULL;
}

/* "2026-03-05 14:20" where the clinic stands, so that it can be sorted. */
static str
when_text(const struct page_cx *px, instant at)
{
	struct civil_time t;

	if (instant_is_none(at))
		return STR_NONE;
	t = zone_civil(px->zone ? px->zone : zone_utc(), at);
	return arena_printf(
	    px->arena, "%04d-%02d-%02d %02d:%02d", t.date.year, t.date.month, t.date.day, t.hour, t.minute);
}

/* ---- the record ---- */

/* As it was written where it stands as one number. */
static str
number_text(const struct download_entry *entry)
{
	str exact = json_number_text(json_path(entry->json, "valueQuantity.value"));

	return exact.n ? exact : arena_printf(entry->px->arena, "%.10g", entry->item->measure.number);
}

/* All that has no column of its own: "Conclusion: no change; Status: final". */
static str
more_words(const struct download_entry *entry, const struct record_facts *facts)
{
	const struct page_cx *px = entry->px;
	struct buf out = BUF_INIT(px->arena);
	str narrative = record_narrative(px, entry->json);

	for (size_t i = 0; i < facts->count; i++)
		buf_printf(&out, "%s%.*s: %.*s", i ? "; " : "", STR_ARG(facts->items[i].label),
		    STR_ARG(facts->items[i].value));
	if (narrative.n)
		buf_printf(&out, "%s%.*s", out.n ? "\n" : "", STR_ARG(narrative));
	return buf_str(&out);
}

static const struct err *
write_row(void *arg, const struct download_entry *entry)
{
	struct tables *t = arg;
	const struct record_item *item = entry->item;
	const struct record_measure *measure = &item->measure;
	const struct page_cx *px = entry->px;
	struct record_facts facts = {0};

	TRY(download_facts(entry, &facts));
	csv_text(&t->csv, when_text(px, item->at));
	csv_text(&t->csv, item->title);
	csv_text(&t->csv, item->detail);
	csv_text(&t->csv, item->value);
	csv_text(&t->csv, measure->has_number ? number_text(entry) : STR_NONE);
	csv_text(&t->csv, measure->has_number ? measure->unit : STR_NONE);
	csv_text(&t->csv, measure->range);
	csv_text(&t->csv, item->state);
	csv_text(&t->csv, item->own ? T("Entered by the patient") : item->who);
	csv_text(&t->csv, item->where);
	csv_text(&t->csv, item->reason);
	csv_text(&t->csv, more_words(entry, &facts));
	csv_text(&t->csv, item->key_is_code ? item->key : STR_NONE);
	csv_text(&t->csv, arena_printf(px->arena, "%s/%.*s", resource_type_name(entry->type), STR_ARG(item->id)));
	csv_row_end(&t->csv);
	return t->out.n >= FLUSH_BYTES ? flush(t) : NULL;
}

static fallible
write_section(struct tables *t, const struct download_section *section, const int64_t *counts)
{
	const struct page_cx *px = t->px;
	const str heads[] = {T("Date"), T("Name"), T("Detail"), T("Result"), T("Number"), T("Unit"), T("Usual range"),
	    T("State"), T("Who"), T("Where"), T("Why"), T("Details"), T("Code"), T("Number of the entry")};

	if (t->ask->choice.classes && !(t->ask->choice.classes & 1u << section->class))
		return NULL;
	TRY(begin_table(t, section->file, heads, sizeof(heads) / sizeof(heads[0])));
	return download_walk(t->cx, px, t->ask, section, counts, &t->tally, write_row, t);
}

/* ---- messages ---- */

static const struct err *
write_message(void *arg, const struct thread *thread, const struct team *team, const struct message *message)
{
	struct tables *t = arg;

	csv_text(&t->csv, when_text(t->px, message->sent));
	csv_text(&t->csv, thread->subject);
	csv_text(&t->csv, team->name);
	csv_text(&t->csv, message->author_name);
	csv_text(&t->csv, message->body);
	csv_int64(&t->csv, message->file_count);
	csv_row_end(&t->csv);
	return t->out.n >= FLUSH_BYTES ? flush(t) : NULL;
}

static fallible
write_messages(struct tables *t, bool *left_out)
{
	const struct page_cx *px = t->px;
	const str heads[] = {T("Date"), T("Subject"), T("Team"), T("From"), T("Message"), T("Files")};
	unsigned rights = 0;

	*left_out = true;
	if (t->cx->who.is & WHO_DELEGATE)
		TRY(access_rights_acting(t->cx, &rights));
	if (t->ask->no_messages || ((t->cx->who.is & WHO_DELEGATE) && !(rights & RIGHT_MESSAGES_READ)))
		return NULL;
	*left_out = false;
	TRY(begin_table(t, "messages", heads, sizeof(heads) / sizeof(heads[0])));
	return messages_export(t->cx, t->ask->patient, write_message, t);
}

/* ---- the page that explains them ---- */

static fallible
write_read_me(struct tables *t, const int64_t *counts, bool messages_left_out)
{
	const struct page_cx *px = t->px;
	struct bluebutton_ask ask = *t->ask;
	struct download_missing missing = {0};

	ask.no_messages = messages_left_out;
	TRY(flush(t));
	TRY(zip_file(&t->zip, S("README.txt")));
	buf_printf(
	    &t->out, "%.*s\r\n\r\n", STR_ARG(T("Your health record as tables. Each file opens in a spreadsheet.")));
	buf_printf(&t->out, "%.*s: %.*s\r\n", STR_ARG(T("Asked for")), STR_ARG(download_choice_words(px, t->ask)));
	buf_printf(&t->out, "%.*s\r\n\r\n%.*s\r\n", STR_ARG(px_date_full(px, t->cx->now)),
	    STR_ARG(T("What is missing, and why:")));
	TRY(download_missing_words(t->cx, px, &ask, counts, &t->tally, &missing));
	for (size_t i = 0; i < missing.count; i++)
		buf_printf(&t->out, "- %.*s\r\n", STR_ARG(missing.items[i]));
	return flush(t);
}

static fallible
write_all(struct tables *t, const struct sink *sink)
{
	int64_t *counts = ARENA_ARRAY(t->cx->arena, int64_t, (size_t)resource_type_count() + 1);
	bool messages_left_out;

	TRY(resource_counts(t->cx, t->ask->patient, counts)); /* checks access */
	TRY(zip_begin(&t->zip, t->cx->arena, sink, t->cx->now));
	for (size_t i = 0; i < download_section_count; i++)
		TRY(write_section(t, &download_sections[i], counts));
	TRY(write_messages(t, &messages_left_out));
	TRY(write_read_me(t, counts, messages_left_out));
	return zip_end(&t->zip);
}

fallible
bluebutton_tables(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink)
{
	struct arena arena = ARENA_INIT;
	struct tables t = {.cx = cx, .px = px, .ask = ask, .out = BUF_INIT(&arena)};
	const struct err *error;

	t.csv.out = &t.out;
	error = write_all(&t, sink);
	zip_abandon(&t.zip);
	arena_release(&arena);
	return error;
}
