/* SPDX-License-Identifier: Apache-2.0 */
/* The same figures as a file for a spreadsheet: one row for each figure and period, in words of its own that do not change with
 * the reader's language.  docs/coordinator.md lists them. */
#include "care/reports/reports_internal.h"
#include "platform/format/csv.h"
#include "platform/format/fhir_date.h"

static const char *const heads[] = {"facility", "team", "from", "to", "figure", "of", "unit", "value", "out_of"};
static const char *const units[] = {
    [UNIT_COUNT] = "count", [UNIT_PATIENTS] = "patients", [UNIT_SHARE] = "percent", [UNIT_TIME] = "minutes"};

struct writing {
	struct cx *cx;
	struct report *report;
	struct csv_writer csv;
	str team;
};

static void
write_place(struct writing *w, const struct period *period)
{
	csv_text(&w->csv, w->report->facility.name);
	csv_text(&w->csv, w->team);
	csv_text(&w->csv, fhir_date_text(w->cx->arena, civil_date_from_days(period->first)));
	csv_text(&w->csv, fhir_date_text(w->cx->arena, civil_date_from_days(period->last)));
}

static void
write_value(struct writing *w, enum measure_unit unit, const struct measured *m)
{
	int64_t tenths;

	if (!m->known) {
		csv_text(&w->csv, STR_NONE);
		return;
	}
	switch (unit) {
	case UNIT_COUNT:
	case UNIT_PATIENTS: csv_int64(&w->csv, m->value); return;
	case UNIT_TIME: csv_int64(&w->csv, m->value / MINUTE_MS); return;
	case UNIT_SHARE: break;
	}
	tenths = share_tenths(m->value, m->out_of);
	csv_text(&w->csv, arena_printf(w->cx->arena, "%lld.%lld", (long long)(tenths / 10), (long long)(tenths % 10)));
}

static void
write_row(struct writing *w, const struct period *period, const struct measure *m, const struct measured *value)
{
	write_place(w, period);
	csv_text(&w->csv, str_from_z(m->code));
	csv_text(&w->csv, m->of);
	csv_text(&w->csv, str_from_z(units[m->unit]));
	write_value(w, m->unit, value);
	/* Of a panel too small to be told even the size stays away. */
	if (m->unit == UNIT_COUNT || m->unit == UNIT_PATIENTS || (m->group == GROUP_PANEL && !value->known))
		csv_text(&w->csv, STR_NONE);
	else
		csv_int64(&w->csv, value->out_of);
	csv_row_end(&w->csv);
}

static void
write_measures(struct writing *w, const struct measures *all)
{
	for (size_t i = 0; i < all->count; i++) {
		write_row(w, &w->report->period[0], &all->items[i], &all->items[i].now);
		if (!all->items[i].only_now)
			write_row(w, &w->report->period[1], &all->items[i], &all->items[i].before);
	}
}

static void
write_person(struct writing *w, const struct person_load *p)
{
	const struct {
		const char *code;
		int64_t value;
	} rows[] = {{"person_open_now", p->open}, {"person_messages", p->messages}, {"person_answered", p->answered},
	    {"person_completed", p->completed}, {"person_notes", p->notes}, {"person_credits", p->credits}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct measure m = {.code = rows[i].code, .of = p->name, .unit = UNIT_COUNT};

		write_row(w, &w->report->period[0], &m, &(struct measured){.known = true, .value = rows[i].value});
	}
}

void
report_csv(struct cx *cx, struct report *report, struct buf *out)
{
	struct writing w = {.cx = cx, .report = report, .csv = {.out = out}};
	enum lang lang = cx->lang;

	cx->lang = LANG_EN;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		csv_text(&w.csv, str_from_z(heads[i]));
	csv_row_end(&w.csv);
	if (report->part_count != 1) {
		struct measures all = {0};

		measures_of(cx, report, &all);
		write_measures(&w, &all);
	}
	for (size_t i = 0; i < report->part_count; i++) {
		struct measures all = {0};

		w.team = report->parts[i].team.name;
		measures_of_team(cx, &report->parts[i], &all);
		write_measures(&w, &all);
	}
	w.team = report->part_count == 1 ? report->parts[0].team.name : STR_NONE;
	for (size_t i = 0; i < report->person_count; i++)
		write_person(&w, &report->people[i]);
	cx->lang = lang;
}
