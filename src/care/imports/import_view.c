/* SPDX-License-Identifier: Apache-2.0 */
/* How an import stands, as its page shows it: progress, what would be kept, what was found and why not all of it. */
#include "care/imports/imports_pages.h"

#include "platform/format/csv_read.h"

str
import_size_words(const struct page_cx *px, int64_t bytes)
{
	if (bytes < 1000 * 1000)
		return TF1("%1 KB", px_number(px, (bytes + 999) / 1000));
	return arena_printf(px->arena, "%lld.%lld MB", (long long)(bytes / 1000000), (long long)(bytes / 100000 % 10));
}

/* ---- the state ---- */

static str
progress_of(const struct page_cx *px, const struct import *import)
{
	int64_t done = import->done * (import->state == IMPORT_KEEPING ? JOURNAL_BRING_MAX : 1);

	switch ((enum import_state)import->state) {
	case IMPORT_LOOKING:
		if (import->kind == IMPORT_APPLE || import->kind == IMPORT_CSV)
			return TF2("%1 of %2 read.", import_size_words(px, import->done),
			    import_size_words(px, import->total));
		return TF2("%1 of %2 entries read.", px_number(px, import->done), px_number(px, import->total));
	case IMPORT_KEEPING: {
		int64_t all = import_tally_sum(&import->facts.tallies).staged;

		return TF2("%1 of %2 entries kept.", px_number(px, done < all ? done : all), px_number(px, all));
	}
	case IMPORT_BACKING:
		return TF2("%1 of %2 entries taken away.", px_number(px, import->done), px_number(px, import->total));
	case IMPORT_RECEIVING:
		return TF2("%1 of %2 have arrived.", import_size_words(px, import->received),
		    import_size_words(px, import->bytes));
	default: return T("Waiting for its turn. It begins within a few seconds.");
	}
}

static void
fill_state(const struct page_cx *px, const struct import *import, struct import_page *out)
{
	static const struct {
		enum import_state state;
		const char *words;
		enum status_kind kind;
		bool works;
	} states[] = {
	    {IMPORT_RECEIVING, TR("The file is not whole yet"), STATUS_WARNING, false},
	    {IMPORT_COLUMNS, TR("One question first"), STATUS_NEW, false},
	    {IMPORT_LOOK_WAITS, TR("Waiting to be read"), STATUS_PLAIN, true},
	    {IMPORT_LOOKING, TR("Being read"), STATUS_PLAIN, true},
	    {IMPORT_ASKING, TR("Nothing is kept yet: please look"), STATUS_NEW, false},
	    {IMPORT_KEEP_WAITS, TR("Waiting to be kept"), STATUS_PLAIN, true},
	    {IMPORT_KEEPING, TR("Being kept"), STATUS_PLAIN, true},
	    {IMPORT_KEPT, TR("Kept"), STATUS_GOOD, false},
	    {IMPORT_BACK_WAITS, TR("Waiting to be taken back"), STATUS_PLAIN, true},
	    {IMPORT_BACKING, TR("Being taken back"), STATUS_PLAIN, true},
	    {IMPORT_BACK, TR("Taken back"), STATUS_PLAIN, false},
	    {IMPORT_FAILED, TR("It did not work"), STATUS_DANGER, false},
	};

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (states[i].state == (enum import_state)import->state) {
			out->state = tr(px->lang, states[i].words);
			out->kind = states[i].kind;
			out->is_working = states[i].works;
		}
	out->done = import->total ? import->done : 0;
	out->total = import->total ? import->total : 1;
	if (out->is_working) {
		out->progress_words = progress_of(px, import);
		out->detail = T("You can leave this page and come back. It goes on by itself.");
	}
	if (import->state == IMPORT_RECEIVING)
		out->detail = TF2("%1 of %2 have arrived. Choose the same file again, and it goes on where it stopped.",
		    import_size_words(px, import->received), import_size_words(px, import->bytes));
	if (import->state == IMPORT_FAILED)
		out->detail = import->facts.wrong;
	if (import->state == IMPORT_BACK)
		out->detail = T("All entries of this import are in no list any more.");
}

/* ---- the report ---- */

static str
count_words(const struct page_cx *px, int64_t n)
{
	return n ? px_number(px, n) : STR_NONE;
}

static str
aside_of(const struct page_cx *px, const struct import_tally *tally)
{
	struct buf out = BUF_INIT(px->arena);

	for (int i = 0; i < ASIDE_KINDS; i++)
		if (tally->aside[i])
			buf_printf(&out, "%s%.*s", out.n ? "; " : "",
			    STR_ARG(TF2("%1: %2", px_number(px, tally->aside[i]),
				import_aside_words(px, (enum import_aside)i))));
	return out.n ? buf_str(&out) : STR_NONE;
}

static void
fill_report(const struct page_cx *px, const struct import *import, struct import_page *out)
{
	const struct import_tallies *tallies = &import->facts.tallies;
	struct import_report_row *rows = ARENA_ARRAY(px->arena, struct import_report_row, tallies->count + 1);
	bool is_kept = import->state >= IMPORT_KEPT;

	for (size_t i = 0; i < tallies->count; i++) {
		const struct import_tally *t = &tallies->items[i];

		rows[i] = (struct import_report_row){.what = import_tally_words(px, t),
		    .read = count_words(px, t->read),
		    .kept = count_words(px, is_kept ? t->kept : t->staged),
		    .joined = count_words(px, t->joined),
		    .here = count_words(px, t->here + t->doubled),
		    .refused = count_words(px, t->refused),
		    .aside = aside_of(px, t)};
	}
	out->report = rows;
	out->report_count = tallies->count;
	out->keep_label = is_kept ? T("Kept") : T("To be kept");
}

static void
fill_sums(
    const struct page_cx *px, const struct import *import, const struct import_tally *sum, struct import_page *out)
{
	if (import->state == IMPORT_ASKING)
		out->summary = sum->staged ? TN("%1 entry would be kept.", "%1 entries would be kept.", sum->staged)
		                           : T("There is nothing new to keep in this file.");
	if (import->state == IMPORT_KEPT)
		out->summary = TN("%1 entry was kept.", "%1 entries were kept.", sum->kept);
	if (sum->unusual)
		out->unusual_words = TN("%1 value is unusual. It is kept as it stands in the file.",
		    "%1 values are unusual. They are kept as they stand in the file.", sum->unusual);
	if (sum->refused) {
		out->refused_words =
		    TN("%1 row or entry cannot be read.", "%1 rows or entries cannot be read.", sum->refused);
		if (import->refused)
			out->refused_path = arena_printf(px->arena, "%.*s/refused.csv", STR_ARG(out->path));
	}
	if (import->state == IMPORT_KEPT || import->state == IMPORT_ASKING)
		out->also =
		    T("Each log stays as private as it is now: change who sees it on its page. Readings that are more "
		      "than 3 days old raise no alert.");
}

/* ---- the preview ---- */

static struct import_preview
preview_of(const struct page_cx *px, const struct import_entry *staged)
{
	struct journal_entry entry = {.log = staged->log, .values = staged->values};
	struct import_preview out = {.log = tr(px->lang, staged->log->title),
	    .title = journal_title(px, &entry),
	    .details = journal_detail(px, &entry),
	    .source = staged->values.source};

	for (size_t i = 0; i < staged->log->field_count && !out.when.n; i++)
		if (staged->log->fields[i].kind == FIELD_TIME || staged->log->fields[i].kind == FIELD_DAY)
			out.when = journal_value_words(px, staged->log, &staged->values, i);
	return out;
}

static fallible
fill_preview(struct cx *cx, const struct page_cx *px, const struct import *import, struct import_page *out)
{
	struct import_preview *rows = ARENA_ARRAY(cx->arena, struct import_preview, IMPORT_PREVIEW_ROWS);
	str text, line;

	TRY(import_chunk_text(cx, import, PART_ENTRIES, 0, &text));
	while (text.n && out->preview_count < IMPORT_PREVIEW_ROWS && import->staged) {
		struct import_entry entry;

		text = str_cut(text, '\n', &line);
		TRY(import_entry_read(cx->arena, line, &entry));
		rows[out->preview_count++] = preview_of(px, &entry);
	}
	out->preview = rows;
	return NULL;
}

static fallible
fill_refused(struct cx *cx, const struct import *import, struct import_page *out)
{
	struct import_refused_row *rows = ARENA_ARRAY(cx->arena, struct import_refused_row, IMPORT_PREVIEW_ROWS);
	struct csv_reader reader;
	struct csv_row row;
	str text;

	if (!import->refused)
		return NULL;
	TRY(import_chunk_text(cx, import, PART_REFUSED, 0, &text));
	csv_reader_init(&reader, text, ',');
	while (out->refused_count < IMPORT_PREVIEW_ROWS && csv_next(cx->arena, &reader, &row))
		if (!row.trouble && row.count > 1)
			rows[out->refused_count++] = (struct import_refused_row){row.cells[0], row.cells[1]};
	out->refused = rows;
	return NULL;
}

static void
fill_logs(const struct page_cx *px, const struct import *import, struct import_page *out)
{
	str *names = ARENA_ARRAY(px->arena, str, SHARE_LOGS_MAX), *paths = ARENA_ARRAY(px->arena, str, SHARE_LOGS_MAX);
	const struct journal_log *log;

	for (size_t i = 0; (log = journal_log_at(i)); i++) {
		int64_t kept = 0;

		for (size_t j = 0; j < import->facts.tallies.count; j++)
			kept +=
			    import->facts.tallies.items[j].log == log->number ? import->facts.tallies.items[j].kept : 0;
		if (!kept)
			continue;
		names[out->log_count] = tr(px->lang, log->title);
		paths[out->log_count++] = arena_printf(px->arena, "/journal/%s", log->name);
	}
	out->logs = names;
	out->log_paths = paths;
}

/* ---- what may be done ---- */

static fallible
fill_deeds(struct cx *cx, const struct page_cx *px, const struct import *import, struct import_page *out)
{
	int64_t entries, changed;
	bool is_over = import->state == IMPORT_KEPT || import->state >= IMPORT_BACK_WAITS;

	TRY(journal_batch_count(cx, import->patient, import->id, &entries, &changed));
	out->may_keep = import->state == IMPORT_ASKING && import->staged > 0;
	out->may_again = import->state == IMPORT_FAILED && import->received == import->bytes;
	out->may_cancel = !is_over || import->state == IMPORT_FAILED;
	out->cancel_label = import->state == IMPORT_KEEPING || (import->state == IMPORT_FAILED && entries)
	                        ? T("Stop, and take back what was kept")
	                        : T("Stop and delete the file here");
	out->may_take_back = import->state == IMPORT_KEPT && entries && !changed;
	if (import->state == IMPORT_KEPT && changed)
		out->cannot_take_back =
		    TN("%1 entry of this import was corrected or taken away since, so it cannot be taken back "
		       "as a whole.",
			"%1 entries of this import were corrected or taken away since, so it cannot be taken back as a "
			"whole.",
			changed);
	return NULL;
}

fallible
import_fill(struct cx *cx, const struct page_cx *px, struct import *import, struct import_page *out)
{
	struct import_tally sum = import_tally_sum(&import->facts.tallies);

	*out = (struct import_page){.import = import,
	    .path = arena_printf(cx->arena, "/imports/%.*s", STR_ARG(uuid_text(cx->arena, import->id)))};
	fill_state(px, import, out);
	out->shows_report = import->state == IMPORT_ASKING || import->state == IMPORT_KEPT;
	fill_report(px, import, out);
	fill_sums(px, import, &sum, out);
	if (import->state == IMPORT_ASKING)
		TRY(fill_preview(cx, px, import, out));
	if (out->shows_report)
		TRY(fill_refused(cx, import, out));
	if (import->state == IMPORT_KEPT)
		fill_logs(px, import, out);
	return fill_deeds(cx, px, import, out);
}
