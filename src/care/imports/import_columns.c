/* SPDX-License-Identifier: Apache-2.0 */
/* What the columns of a table are, guessed from headings in English and Spanish and from the first values. */
#include "care/imports/imports_internal.h"
#include "platform/format/csv_read.h"
#include "platform/format/utf8.h"

#define SAMPLE_ROWS 8

fallible
import_table_read(struct cx *cx, const struct import *import, struct import_table *out)
{
	struct csv_reader reader;
	struct csv_row row;
	str bytes;

	*out = (struct import_table){0};
	TRY(import_file_whole(cx, import, &bytes));
	TRY(import_unreadable(
	    cx, csv_decode(cx->arena, bytes, &out->text), TR("This file is no text. Save it as CSV first."), 0));
	out->separator = csv_separator_of(out->text);
	csv_reader_init(&reader, out->text, out->separator);
	while (!out->heads && csv_next(cx->arena, &reader, &row)) {
		if (row.trouble)
			continue;
		out->heads = row.cells;
		out->count = row.count;
	}
	if (!out->count)
		return ERR(ERR_INVALID,
		    TR("There is no table in this file. Choose another one, or save it as CSV first."),
		    "a CSV without rows");
	out->rows = arena_alloc_array(cx->arena, sizeof(out->rows[0]), out->count);
	while (out->row_count < SAMPLE_ROWS && csv_next(cx->arena, &reader, &row)) {
		if (row.trouble)
			continue;
		for (size_t i = 0; i < out->count && i < row.count; i++)
			out->rows[i][out->row_count] = row.cells[i];
		out->row_count++;
	}
	return NULL;
}

/* ---- headings ---- */

/* Beside the labels and names of the fields: what devices and people write. `log` NULL: any. */
static const struct {
	const char *log, *field, *words;
} headings[] = {
    {"blood-pressure", "systolic", "systolic|sys|upper|sistolica|sist|alta|maxima"},
    {"blood-pressure", "diastolic", "diastolic|dia|lower|diastolica|diast|baja|minima"},
    {"weight", "value", "weight|body weight|peso|peso corporal"},
    {"blood-sugar", "value",
	"glucose|blood glucose|blood sugar|sugar|glucosa|glucemia|azucar|bg|historic glucose|scan glucose"},
    {"blood-sugar", "meal", "meal|event|comida|tag"},
    {"heart-rate", "value", "heart rate|pulse|hr|bpm|pulso|frecuencia cardiaca|latidos"},
    {"oxygen", "value", "spo2|oxygen|oxygen saturation|saturation|saturacion|oxigeno|saturacion de oxigeno"},
    {"oxygen", "breaths", "respiratory rate|respiration|frecuencia respiratoria"},
    {"temperature", "value", "temperature|temp|body temperature|temperatura|fiebre"},
    {"pain", "value", "pain|pain level|dolor|nivel de dolor"},
    {"inr", "value", "inr"},
    {"cholesterol", "total", "cholesterol|total|total cholesterol|colesterol|colesterol total"},
    {"medicines", "name", "medicine|medication|drug|supplement|medicina|medicamento|suplemento"},
    {"medicines", "dose", "dose|dosage|dosis"},
    {"allergies", "name", "allergy|allergen|alergia|alergeno"},
    {"activity", "activity", "activity|exercise|workout|actividad|ejercicio"},
    {"activity", "amount", "amount|duration|distance|minutes|steps|duracion|distancia|minutos|pasos"},
    {"food", "item", "food|item|comida|alimento"},
    {"immunizations", "vaccine", "vaccine|vaccination|immunization|vacuna"},
    {"contacts", "phone", "phone|telephone|telefono|celular"},
    {NULL, "at",
	"date|datetime|date time|date/time|timestamp|when|measured|measurement date|fecha|fecha y "
	"hora|fecha/hora|momento"},
    {NULL, "day", "date|day|when|fecha|dia"},
    {NULL, "comments", "comments|comment|note|notes|nota|notas|comentario|comentarios|observaciones"},
    {NULL, "device", "device|meter|serial|dispositivo|aparato|equipo"},
};
static const char hour_words[] = "time|time of day|hora|hora del dia";

/* Without what stands in brackets: "Weight (lb)" is "weight". */
static str
folded_head(struct arena *arena, str head)
{
	struct buf plain = BUF_INIT(arena);
	int depth = 0;

	for (size_t i = 0; i < head.n; i++) {
		char c = head.p[i];

		depth += c == '(' || c == '[';
		if (!depth)
			buf_add_char(&plain, c == '_' ? ' ' : c);
		depth -= depth && (c == ')' || c == ']');
	}
	return utf8_fold(arena, buf_str(&plain));
}

/* 4: the heading itself; 2: a word of it; 0: not there. */
static int
fits(str head, str words)
{
	int best = 0;
	str one;

	while (words.p) {
		size_t at;

		words = str_cut(words, '|', &one);
		if (str_equal(head, one))
			return 4;
		if (one.n > 2 && str_find(head, one, &at) && (at == 0 || head.p[at - 1] == ' ') &&
		    (at + one.n == head.n || head.p[at + one.n] == ' '))
			best = 2;
	}
	return best;
}

static int
field_fits(struct arena *arena, const struct journal_log *log, const struct journal_field *field, str head)
{
	int best = 0, now;

	if (!head.n)
		return 0;
	if (str_equal(head, utf8_fold(arena, tr(LANG_EN, field->label))) ||
	    str_equal(head, utf8_fold(arena, tr(LANG_ES, field->label))) || str_equal(head, str_from_z(field->name)))
		return 4;
	for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]); i++) {
		if (strcmp(headings[i].field, field->name) != 0 ||
		    (headings[i].log && strcmp(headings[i].log, log->name) != 0))
			continue;
		now = fits(head, str_from_z(headings[i].words));
		best = now > best ? now : best;
	}
	return best;
}

/* Each column to one field at most, best fits first; how well the log fits as a whole. */
static int
match(const struct page_cx *px, const struct import_table *table, struct import_columns *columns)
{
	const struct journal_log *log = columns->log;
	bool taken[CSV_COLUMNS_MAX] = {0};
	int score = 0;

	for (size_t i = 0; i < JOURNAL_FIELDS_MAX; i++)
		columns->column[i] = IMPORT_NO_COLUMN;
	columns->time_column = IMPORT_NO_COLUMN;
	for (int wanted = 4; wanted >= 2; wanted -= 2)
		for (size_t i = 0; i < log->field_count; i++)
			for (size_t c = 0; c < table->count; c++) {
				if (taken[c] || columns->column[i] != IMPORT_NO_COLUMN ||
				    field_fits(px->arena, log, &log->fields[i],
					folded_head(px->arena, table->heads[c])) < wanted)
					continue;
				columns->column[i] = (int)c;
				taken[c] = true;
				score += wanted * (log->fields[i].required ? 3 : 1);
			}
	for (size_t i = 0; i < log->field_count; i++)
		if (log->fields[i].required && columns->column[i] == IMPORT_NO_COLUMN)
			score -= log->fields[i].preset ? 0 : 8;
	for (size_t c = 0; c < table->count; c++)
		if (!taken[c] && fits(folded_head(px->arena, table->heads[c]), str_from_z(hour_words)) == 4)
			columns->time_column = (int)c;
	return score;
}

/* ---- values ---- */

static bool
looks_like_number(str cell)
{
	int64_t nano;

	return import_number(cell, false, &nano) || import_number(cell, true, &nano);
}

/* "Weight (lb)", "Glucose mg/dL": the unit of the heading; otherwise the one in which the values are usual. */
static const struct journal_unit *
guess_unit(const struct import_table *table, const struct journal_field *field, int column, bool comma)
{
	const struct journal_unit *usual = journal_unit_for(field, STR_NONE), *best = usual, *unit;
	str head = table->heads[column];
	int most = -1, power;

	for (size_t from = 0; from < head.n; from++) {
		size_t to = from;

		if (from && !strchr(" ([_,", head.p[from - 1]))
			continue;
		while (to < head.n && !strchr(")]", head.p[to]))
			to++;
		unit = import_unit(field->units, str_trim(str_slice(head.p + from, head.p + to)), &power);
		if (unit && !power)
			return unit;
	}
	for (size_t i = 0; i < field->units->count; i++) {
		int count = 0;
		int64_t nano;

		unit = &field->units->items[i];
		for (size_t r = 0; r < table->row_count; r++)
			if (import_number(table->rows[column][r], comma, &nano)) {
				nano = journal_to_first(unit, nano);
				count += nano >= field->low * JOURNAL_NANO && nano <= field->high * JOURNAL_NANO;
			}
		if (count > most || (count == most && unit == usual)) {
			most = count;
			best = unit;
		}
	}
	return best;
}

static enum import_date_order
guess_dates(const struct page_cx *px, const struct import_table *table, int column)
{
	static const enum import_date_order orders[] = {DATES_MDY, DATES_DMY, DATES_YMD};
	enum import_date_order best = px->lang == LANG_ES ? DATES_DMY : DATES_MDY;
	int most = -1;

	if (table->row_count && table->rows[column][0].n > 4 && table->rows[column][0].p[4] == '-')
		return DATES_YMD;
	for (size_t i = 0; i < 3; i++) {
		enum import_date_order order = i == 0 ? best : orders[i] == best ? DATES_MDY : orders[i];
		int count = 0;

		for (size_t r = 0; r < table->row_count; r++) {
			struct civil_date date;
			str rest;

			count += import_date(table->rows[column][r], order, &date, &rest);
		}
		if (count > most) {
			most = count;
			best = order;
		}
	}
	return best;
}

static bool
guess_comma(const struct import_table *table, const struct import_columns *columns)
{
	int commas = 0, points = 0;

	for (size_t i = 0; i < columns->log->field_count; i++) {
		if (columns->log->fields[i].kind != FIELD_NUMBER || columns->column[i] == IMPORT_NO_COLUMN)
			continue;
		for (size_t r = 0; r < table->row_count; r++) {
			commas += str_contains(table->rows[columns->column[i]][r], S(","));
			points += str_contains(table->rows[columns->column[i]][r], S("."));
		}
	}
	return commas > points;
}

void
import_columns_guess(
    const struct page_cx *px, const struct import_table *table, uint64_t open, struct import_columns *columns)
{
	struct import_columns best = *columns, now = *columns;
	const struct journal_log *log;
	int most = INT32_MIN;

	now.separator = best.separator = table->separator;
	now.has_heads = true; /* nobody calls a column by a number */
	for (size_t c = 0; c < table->count; c++)
		now.has_heads = now.has_heads && !looks_like_number(table->heads[c]);
	for (size_t i = 0; (log = journal_log_at(i)); i++) {
		int score;

		if (!(open >> log->number & 1) || (columns->log && columns->log != log))
			continue;
		now.log = log;
		score = match(px, table, &now);
		if (score > most) {
			most = score;
			best = now;
		}
	}
	*columns = best;
	if (!best.log)
		return;
	columns->comma = guess_comma(table, columns);
	for (size_t i = 0; i < best.log->field_count; i++) {
		const struct journal_field *field = &best.log->fields[i];

		columns->unit[i] = NULL;
		if (columns->column[i] == IMPORT_NO_COLUMN)
			continue;
		if (field->kind == FIELD_NUMBER)
			columns->unit[i] = guess_unit(table, field, columns->column[i], columns->comma);
		if (field->kind == FIELD_TIME || field->kind == FIELD_DAY)
			columns->dates = guess_dates(px, table, columns->column[i]);
	}
}
