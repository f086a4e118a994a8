/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a table as entries of the log that was chosen. */
#include "care/imports/imports_internal.h"
#include "platform/format/csv.h"
#include "platform/format/csv_read.h"

static str
cell_at(const struct csv_row *row, int column)
{
	return column >= 0 && (size_t)column < row->count ? row->cells[column] : STR_NONE;
}

static fallible
take_row(struct import_look *look, struct import_tally *tally, const struct csv_row *row)
{
	const struct import_columns *columns = &look->import->facts.columns;
	struct import_found found = {.tally = tally, .log = columns->log, .line = row->line, .what = row->source};
	struct page_cx px = look->px;
	str why = STR_NONE;

	px.arena = &look->scratch;
	tally->read++;
	if (row->trouble)
		return import_refuse(look, tally, row->line, row->source, tr(px.lang, row->trouble));
	for (size_t i = 0; i < columns->log->field_count; i++) {
		const struct journal_field *field = &columns->log->fields[i];
		str cell = cell_at(row, columns->column[i]), time = cell_at(row, columns->time_column);

		if (!import_cell(&px, columns, i, cell, time, &found.values, &why))
			return import_refuse(look, tally, row->line, row->source, why);
		if (!found.values.text[i].n && field->preset)
			found.values.text[i] = str_from_z(field->preset);
	}
	found.values.source = columns->source.n ? columns->source : look->import->facts.name;
	return import_found(look, &found);
}

/* For the table of what was refused. */
static void
keep_heads(struct import_look *look, const struct csv_row *row)
{
	struct buf out = BUF_INIT(look->cx->arena);
	struct csv_writer csv = {.out = &out};

	for (size_t i = 0; i < row->count; i++)
		csv_text(&csv, row->cells[i]);
	look->import->facts.heads = buf_str(&out);
}

fallible
import_csv_look(struct import_look *look)
{
	const struct import_columns *columns = &look->import->facts.columns;
	struct import_tally *tally;
	struct csv_reader reader;
	struct csv_row row;
	str bytes, text;
	bool is_first = true;

	if (!columns->log)
		return ERR(
		    ERR_INVALID, TR("Say first what the columns of this table are."), "a table without its columns");
	TRY(import_file_whole(look->cx, look->import, &bytes));
	TRY(import_unreadable(
	    look->cx, csv_decode(look->cx->arena, bytes, &text), TR("This file is no text. Save it as CSV first."), 0));
	tally = import_tally(
	    look->cx->arena, &look->import->facts.tallies, str_from_z(columns->log->name), columns->log->number);
	csv_reader_init(&reader, text, columns->separator ? columns->separator : ',');
	while (csv_next(&look->scratch, &reader, &row)) {
		if (is_first && columns->has_heads && !row.trouble)
			keep_heads(look, &row);
		else
			TRY(take_row(look, tally, &row));
		is_first = is_first && row.trouble;
		arena_clear(&look->scratch);
		TRY(import_sign(look, (int64_t)(text.n - reader.rest.n), (int64_t)text.n));
	}
	look->import->total = (int64_t)text.n;
	return NULL;
}
