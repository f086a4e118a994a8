/* SPDX-License-Identifier: Apache-2.0 */
/* "Attach my readings": a draft of a message with the newest entries of a log as a table, their plot as a picture, and all of them as a
 * file.  Nothing is sent: the person sees it, changes it and chooses the team; what they send, that team reads, whatever the switch of the log says. */
#include "care/journal/journal_document.h"
#include "care/journal/journal_pages_internal.h"
#include "care/journal/journal_plot.h"
#include "care/messaging/messaging.h"
#include "platform/format/csv.h"
#include "platform/format/utf8.h"

#define IN_THE_TEXT 20
#define IN_THE_FILE 1000

/* Days and times as they stand in a calendar: "today" is another day when it is read. */
static struct page_cx
read_later(const struct page_cx *px)
{
	struct page_cx later = *px;

	later.now = (instant){0};
	return later;
}

static str
day_of(const struct page_cx *px, const struct journal_entry *entry)
{
	return px_date_only(px, zone_civil(entry->has_time && px->zone ? px->zone : zone_utc(), entry->at).date);
}

static str
table_text(const struct page_cx *px, const struct journal_log *log, const struct journal_entry *entries, size_t count,
    int64_t total)
{
	struct buf out = BUF_INIT(px->arena);

	buf_printf(&out, "%.*s\n\n", STR_ARG(TF1("From my health log: %1", tr(px->lang, log->title))));
	for (size_t i = 0; i < count && i < IN_THE_TEXT; i++) {
		str detail = journal_detail(px, &entries[i]);

		buf_printf(&out, "%.*s: %.*s%s%.*s", STR_ARG(journal_when(px, &entries[i])),
		    STR_ARG(journal_title(px, &entries[i])), detail.n ? ". " : "", STR_ARG(detail));
		if (entries[i].values.source.n)
			buf_printf(&out, " (%.*s)", STR_ARG(entries[i].values.source));
		buf_add_char(&out, '\n');
	}
	if (total > IN_THE_TEXT)
		buf_printf(&out, "\n%.*s\n", STR_ARG(TF1("All %1 entries are in the attached table.", total)));
	return buf_str(&out);
}

static str
table_file(const struct page_cx *px, const struct journal_log *log, const struct journal_entry *entries, size_t count)
{
	struct buf out = BUF_INIT(px->arena);
	struct csv_writer csv = {.out = &out};

	for (size_t f = 0; f < log->field_count; f++)
		csv_text(&csv, tr(px->lang, log->fields[f].label));
	csv_text(&csv, T("Comes from"));
	csv_row_end(&csv);
	for (size_t i = 0; i < count; i++) {
		for (size_t f = 0; f < log->field_count; f++)
			csv_text(&csv, journal_value_words(px, log, &entries[i].values, f));
		csv_text(&csv, entries[i].values.source);
		csv_row_end(&csv);
	}
	return buf_str(&out);
}

/* Drawn from the newest on: as many as stand in the table. Its name is what is read aloud in place of it. */
static fallible
attach_plot(
    struct cx *cx, const struct page_cx *px, patient_id patient, const struct journal_log *log, struct uuid draft)
{
	struct journal_course course;
	struct attachment file;
	str png;

	TRY(journal_course_load(cx, px, &JOURNAL_QUERY(.patient = patient, .log = log), false, &course));
	TRY(plot_png(cx->arena, &course.plot, &png));
	if (!png.n) /* one reading is no plot */
		return NULL;
	return message_attach(cx, draft,
	    arena_printf(cx->arena, "%.*s.png",
		STR_ARG(TF3("Plot of %1, %2 to %3", tr(px->lang, log->title),
		    day_of(px, &course.entries[course.count - 1]), day_of(px, &course.entries[0])))),
	    png, &file);
}

fallible
journal_attach(
    struct cx *cx, const struct page_cx *page, patient_id patient, const struct journal_log *log, struct uuid *out)
{
	struct page_cx later = read_later(page), *px = &later;
	struct draft draft = {.id = uuid_new(cx->now), .patient = patient, .category = CATEGORY_GENERAL};
	struct attachment file;
	struct db_rows rows;
	enum access_why why;
	int64_t total;

	TRY(access_check(cx, patient, RIGHT_MESSAGES_WRITE, &why));
	TRY(journal_entries(cx, &JOURNAL_QUERY(.patient = patient, .log = log, .count = IN_THE_FILE), &rows, &total));
	draft.subject = utf8_take_chars(TF1("My readings: %1", tr(px->lang, log->title)), MESSAGE_SUBJECT_CHARS_MAX);
	draft.body = table_text(px, log, rows.items, rows.count, total);
	TRY(draft_save(cx, &draft));
	if (total > IN_THE_TEXT)
		TRY(message_attach(cx, draft.id, arena_printf(cx->arena, "%s.csv", log->name),
		    table_file(px, log, rows.items, rows.count), &file));
	if (log->plotted)
		TRY(attach_plot(cx, px, patient, log, draft.id));
	*out = draft.id;
	return NULL;
}

/* ---- a document ---- */

/* As many of its files as one message takes; the others are named. */
static fallible
attach_files(struct cx *cx, const struct page_cx *px, patient_id patient, const struct journal_entry *entry,
    struct uuid draft, struct buf *left_out)
{
	for (size_t i = 0; i < entry->values.file_count; i++) {
		const struct journal_file *file = &entry->values.files[i];
		struct attachment attached;
		const struct err *error;
		str bytes;

		error = journal_file_bytes(cx, patient, file, &bytes);
		if (!error)
			error = message_attach(cx, draft, file->name, bytes, &attached);
		if (error && error->code != ERR_INVALID && error->code != ERR_CONFLICT)
			return error;
		if (error)
			buf_printf(left_out, "%.*s\n",
			    STR_ARG(TF2("Not attached: %1. %2", file->title, tr(px->lang, error->say))));
	}
	return NULL;
}

static str
document_text(const struct page_cx *px, const struct journal_entry *entry, str left_out)
{
	struct buf out = BUF_INIT(px->arena);
	str detail = journal_detail(px, entry);

	buf_printf(&out, "%.*s\n",
	    STR_ARG(TF2("From my health log: %1, %2", journal_title(px, entry), journal_when(px, entry))));
	if (detail.n)
		buf_printf(&out, "%.*s\n", STR_ARG(detail));
	for (size_t i = 0; i < entry->values.file_count; i++)
		if (!str_equal(entry->values.files[i].title, entry->values.files[i].name))
			buf_printf(&out, "%.*s: %.*s\n", STR_ARG(entry->values.files[i].name),
			    STR_ARG(entry->values.files[i].title));
	if (left_out.n)
		buf_printf(&out, "\n%.*s", STR_ARG(left_out));
	return buf_str(&out);
}

fallible
journal_attach_document(struct cx *cx, const struct page_cx *page, const struct journal_scope *scope,
    const struct journal_entry *entry, struct uuid *out)
{
	struct page_cx later = read_later(page), *px = &later;
	struct draft draft = {.id = uuid_new(cx->now), .patient = scope->patient, .category = CATEGORY_GENERAL};
	struct buf left_out = BUF_INIT(cx->arena);
	enum access_why why;

	TRY(access_check(cx, scope->patient, RIGHT_MESSAGES_WRITE, &why));
	draft.subject = utf8_take_chars(journal_title(px, entry), MESSAGE_SUBJECT_CHARS_MAX);
	draft.body = document_text(px, entry, STR_NONE);
	TRY(draft_save(cx, &draft));
	TRY(attach_files(cx, px, scope->patient, entry, draft.id, &left_out));
	if (left_out.n) {
		draft.body = document_text(px, entry, buf_str(&left_out));
		TRY(draft_save(cx, &draft));
	}
	*out = draft.id;
	return NULL;
}
