/* SPDX-License-Identifier: Apache-2.0 */
/* "Attach my readings": a draft of a message with the newest entries of a log as a table, and all of them as a file.  Nothing is sent: the
 * person sees it, changes it and chooses the team; what they send, that team reads, whatever the switch of the log says. */
#include "care/journal/journal_internal.h"
#include "care/messaging/messaging.h"
#include "platform/format/csv.h"
#include "platform/format/utf8.h"

#define IN_THE_TEXT 20
#define IN_THE_FILE 1000

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

fallible
journal_attach(
    struct cx *cx, const struct page_cx *px, patient_id patient, const struct journal_log *log, struct uuid *out)
{
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
	*out = draft.id;
	return NULL;
}
