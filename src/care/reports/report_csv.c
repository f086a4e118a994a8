/* SPDX-License-Identifier: Apache-2.0 */
/* The same figures as a file for a spreadsheet and as JSON for a program: one row for each figure and period. */
#include "care/reports/reports_internal.h"
#include "platform/format/csv.h"
#include "platform/format/fhir_date.h"

static const char *const heads[] = {"facility", "team", "from", "to", "figure", "of", "unit", "value", "out_of"};

struct writing {
	struct cx *cx;
	const struct report *report;
	struct csv_writer csv;
	struct json_writer *json;
};

static str
day_text(struct writing *w, int32_t day)
{
	return fhir_date_text(w->cx->arena, civil_date_from_days(day));
}

static void
write_csv(void *arg, const struct report_row *row)
{
	struct writing *w = arg;

	csv_text(&w->csv, w->report->facility.name);
	csv_text(&w->csv, row->team);
	csv_text(&w->csv, day_text(w, row->period->first));
	csv_text(&w->csv, day_text(w, row->period->last));
	csv_text(&w->csv, str_from_z(row->code));
	csv_text(&w->csv, row->of);
	csv_text(&w->csv, str_from_z(row->unit));
	csv_text(&w->csv, row->value);
	csv_text(&w->csv, row->out_of);
	csv_row_end(&w->csv);
}

void
report_csv(struct cx *cx, struct report *report, struct buf *out)
{
	struct writing w = {.cx = cx, .report = report, .csv = {.out = out}};

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		csv_text(&w.csv, str_from_z(heads[i]));
	csv_row_end(&w.csv);
	report_each_row(cx, report, write_csv, &w);
}

static void
write_json(void *arg, const struct report_row *row)
{
	struct writing *w = arg;

	json_write_object(w->json);
	json_put_text(w->json, "team", row->team);
	json_put_text(w->json, "from", day_text(w, row->period->first));
	json_put_text(w->json, "to", day_text(w, row->period->last));
	json_put_text(w->json, "figure", str_from_z(row->code));
	json_put_text(w->json, "of", row->of);
	json_put_text(w->json, "unit", str_from_z(row->unit));
	if (row->value.n)
		json_put_number(w->json, "value", row->value);
	if (row->out_of.n)
		json_put_number(w->json, "outOf", row->out_of);
	json_write_end(w->json);
}

fallible
report_json(struct cx *cx, const struct report_wish *wish, struct json_writer *json)
{
	struct report report = {0};
	struct writing w = {.cx = cx, .report = &report, .json = json};

	TRY(report_make(cx, wish, &report));
	report_note_look(cx, &report, AUDIT_DOWNLOAD);
	json_put_text(json, "facility", report.facility.name);
	json_put_array(json, "figures");
	report_each_row(cx, &report, write_json, &w);
	json_write_end(json);
	return NULL;
}

void
report_note_look(struct cx *cx, const struct report *report, enum audit_action action)
{
	audit_add_read(cx, &(struct audit){.action = action,
			       .subject = AUDIT_FACILITY,
			       .item = uuid_is_none(report->team.id.v) ? report->facility.id.v : report->team.id.v});
}
