/* SPDX-License-Identifier: Apache-2.0 */
/* The form that says what the columns of a table are, and what it sent. */
#include "care/imports/imports_pages.h"

static const char *const zones[] = {"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix",
    "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "America/Mexico_City",
    "America/Bogota", "Europe/London", "Europe/Madrid", "Europe/Berlin", "Asia/Manila", "Asia/Tokyo", "UTC"};
#define ZONES (sizeof(zones) / sizeof(zones[0]))

static str
number_z(struct arena *arena, int n)
{
	return n == IMPORT_NO_COLUMN ? S("") : arena_printf(arena, "%d", n);
}

/* ---- the form ---- */

static void
fill_choices(const struct page_cx *px, const struct import_table *table, uint64_t open, struct import_columns_form *out)
{
	struct option *columns = ARENA_ARRAY(px->arena, struct option, table->count + 1);
	struct option *logs = ARENA_ARRAY(px->arena, struct option, SHARE_LOGS_MAX);
	struct option *choices = ARENA_ARRAY(px->arena, struct option, ZONES + 1);
	struct option *orders = ARENA_ARRAY(px->arena, struct option, 3),
		      *marks = ARENA_ARRAY(px->arena, struct option, 2);
	const struct journal_log *log;

	columns[0] = (struct option){S(""), T("Not in the file"), STR_NONE};
	for (size_t i = 0; i < table->count; i++)
		columns[i + 1] = (struct option){number_z(px->arena, (int)i),
		    TF2("Column %1: %2", (int64_t)i + 1, table->heads[i].n ? table->heads[i] : T("without a name")),
		    STR_NONE};
	out->columns = columns;
	out->column_count = table->count + 1;
	for (size_t i = 0; (log = journal_log_at(i)); i++)
		if (open >> log->number & 1)
			logs[out->log_count++] =
			    (struct option){str_from_z(log->name), tr(px->lang, log->title), STR_NONE};
	out->logs = logs;
	orders[0] = (struct option){S("0"), T("Year first: 2026-03-04"), STR_NONE};
	orders[1] = (struct option){S("1"), T("Month first: 3/4/2026 is 4 March"), STR_NONE};
	orders[2] = (struct option){S("2"), T("Day first: 3/4/2026 is 3 April"), STR_NONE};
	out->date_orders = orders;
	marks[0] = (struct option){S("point"), T("With a point: 98.6"), STR_NONE};
	marks[1] = (struct option){S("comma"), T("With a comma: 98,6"), STR_NONE};
	out->decimal_marks = marks;
	for (size_t i = 0; i < ZONES; i++)
		choices[out->zone_count++] = (struct option){str_from_z(zones[i]), str_from_z(zones[i]), STR_NONE};
	out->zones = choices;
}

static void
fill_zone(const struct page_cx *px, str zone, struct import_columns_form *out)
{
	struct option *choices = ARENA_ARRAY(px->arena, struct option, out->zone_count + 1);

	out->zone = zone;
	for (size_t i = 0; i < out->zone_count; i++) {
		choices[i] = out->zones[i];
		if (str_equal(out->zones[i].value, zone))
			return;
	}
	choices[out->zone_count++] = (struct option){zone, zone, STR_NONE};
	out->zones = choices;
}

static void
fill_fields(const struct page_cx *px, const struct import_columns *columns, const struct form_errors *errors,
    struct import_columns_form *out)
{
	const struct journal_log *log = columns->log;
	struct import_field *fields = ARENA_ARRAY(px->arena, struct import_field, log->field_count);

	for (size_t i = 0; i < log->field_count; i++) {
		const struct journal_field *field = &log->fields[i];
		struct option *units;
		str name = arena_printf(px->arena, "column_%s", field->name);

		fields[i].column = (struct field){.name = name,
		    .label = tr(px->lang, field->label),
		    .value = number_z(px->arena, columns->column[i]),
		    .required = field->required && !field->preset,
		    .error = form_error(errors, name)};
		if (!field->units || field->units->count < 2)
			continue;
		units = ARENA_ARRAY(px->arena, struct option, field->units->count);
		for (size_t u = 0; u < field->units->count; u++)
			units[u] = (struct option){str_from_z(field->units->items[u].code),
			    tr(px->lang, field->units->items[u].words), STR_NONE};
		fields[i].units = units;
		fields[i].unit_count = field->units->count;
		fields[i].unit = (struct field){.name = arena_printf(px->arena, "unit_%s", field->name),
		    .label = TF1("%1: unit, where the file says none", tr(px->lang, field->label)),
		    .value =
			str_from_z((columns->unit[i] ? columns->unit[i] : journal_unit_for(field, STR_NONE))->code),
		    .required = true};
	}
	out->fields = fields;
	out->field_count = log->field_count;
}

static void
fill_sample(const struct page_cx *px, const struct import_table *table, struct import_columns_form *out)
{
	struct column *heads = ARENA_ARRAY(px->arena, struct column, table->count + 1);
	str *names = ARENA_ARRAY(px->arena, str, table->count + 1);

	for (size_t i = 0; i < table->count; i++) {
		names[i] = table->heads[i].n ? table->heads[i] : T("without a name");
		heads[i].label = names[i];
	}
	heads[table->count].label = STR_NONE;
	out->sample_heads = names;
	out->sample_columns_heads = heads;
	out->sample = table->rows;
	out->sample_columns = table->count;
	out->sample_rows = table->row_count < 3 ? table->row_count : 3;
}

fallible
import_columns_form(struct cx *cx, const struct page_cx *px, struct import *import,
    const struct import_columns *columns, struct import_columns_form *out)
{
	struct import_table table;
	uint64_t open;
	str path = arena_printf(cx->arena, "/imports/%.*s", STR_ARG(uuid_text(cx->arena, import->id)));

	TRY(import_open_logs(cx, import->patient, &open));
	TRY(import_table_read(cx, import, &table));
	fill_choices(px, &table, open, out);
	fill_zone(px, columns->zone, out);
	fill_sample(px, &table, out);
	out->action = arena_printf(cx->arena, "%.*s/columns", STR_ARG(path));
	out->log_action = path;
	out->log = columns->log ? str_from_z(columns->log->name) : STR_NONE;
	out->dates = arena_printf(cx->arena, "%d", (int)columns->dates);
	out->decimals = columns->comma ? S("comma") : S("point");
	out->source = columns->source.n ? columns->source : import->facts.name;
	out->time = number_z(cx->arena, columns->time_column);
	out->heads = columns->has_heads;
	if (columns->log)
		fill_fields(px, columns, &out->errors, out);
	return NULL;
}

/* ---- what was sent ---- */

static int
column_sent(const struct import_columns_form *form, str typed)
{
	int64_t n;

	return str_to_int64(typed, &n) && n >= 0 && (size_t)n + 1 < form->column_count ? (int)n : IMPORT_NO_COLUMN;
}

bool
import_columns_sent(const struct page_cx *px, struct request *rq, const struct import_columns_form *form,
    struct import_columns *out, struct form_errors *errors)
{
	const struct zone *zone;
	int64_t order;

	for (size_t i = 0; i < out->log->field_count; i++) {
		const struct journal_field *field = &out->log->fields[i];
		const char *name = arena_z(px->arena, arena_printf(px->arena, "column_%s", field->name));

		out->column[i] = column_sent(form, request_form(rq, name));
		if (field->units)
			out->unit[i] = journal_unit_find(field->units,
			    request_form(rq, arena_z(px->arena, arena_printf(px->arena, "unit_%s", field->name))));
		if (field->required && !field->preset && out->column[i] == IMPORT_NO_COLUMN)
			form_error_add(px->arena, errors, str_from_z(name),
			    TF1("%1: choose the column where it stands.", tr(px->lang, field->label)));
	}
	out->time_column = column_sent(form, request_form(rq, "time"));
	if (str_to_int64(request_form(rq, "dates"), &order) && order >= DATES_YMD && order <= DATES_DMY)
		out->dates = (enum import_date_order)order;
	out->comma = str_equal(request_form(rq, "decimals"), S("comma"));
	out->has_heads = request_form(rq, "heads").n > 0;
	out->source = str_trim(request_form(rq, "source"));
	if (request_form(rq, "zone").n && !zone_find(request_form(rq, "zone"), &zone))
		out->zone = request_form(rq, "zone");
	return errors->count == 0;
}
