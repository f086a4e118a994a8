/* SPDX-License-Identifier: Apache-2.0 */
/* The figures one row at a time, as a file and a program have them. */
#include "care/reports/reports_internal.h"

static const char *const units[] = {
    [UNIT_COUNT] = "count", [UNIT_PATIENTS] = "patients", [UNIT_SHARE] = "percent", [UNIT_TIME] = "minutes"};

struct telling {
	struct cx *cx;
	struct report *report;
	str team;
	report_row_fn *each;
	void *arg;
};

static str
digits(struct cx *cx, int64_t number)
{
	return arena_printf(cx->arena, "%lld", (long long)number);
}

static str
value_digits(struct cx *cx, enum measure_unit unit, const struct measured *m)
{
	int64_t tenths;

	if (!m->known)
		return STR_NONE;
	switch (unit) {
	case UNIT_COUNT:
	case UNIT_PATIENTS: return digits(cx, m->value);
	case UNIT_TIME: return digits(cx, m->value / MINUTE_MS);
	case UNIT_SHARE: break;
	}
	tenths = share_tenths(m->value, m->out_of);
	return arena_printf(cx->arena, "%lld.%lld", (long long)(tenths / 10), (long long)(tenths % 10));
}

static void
tell(struct telling *t, const struct period *period, const struct measure *m, const struct measured *value)
{
	/* Of a panel too small to be told even the size stays away. */
	bool has_size = m->unit != UNIT_COUNT && m->unit != UNIT_PATIENTS && (m->group != GROUP_PANEL || value->known);

	t->each(t->arg, &(struct report_row){.team = t->team,
			    .period = period,
			    .code = m->code,
			    .unit = units[m->unit],
			    .of = m->of,
			    .value = value_digits(t->cx, m->unit, value),
			    .out_of = has_size ? digits(t->cx, value->out_of) : STR_NONE});
}

static void
tell_all(struct telling *t, const struct measures *all)
{
	for (size_t i = 0; i < all->count; i++) {
		tell(t, &t->report->period[0], &all->items[i], &all->items[i].now);
		if (!all->items[i].only_now)
			tell(t, &t->report->period[1], &all->items[i], &all->items[i].before);
	}
}

static void
tell_person(struct telling *t, const struct person_load *p)
{
	const struct {
		const char *code;
		int64_t value;
	} rows[] = {{"person_open_now", p->open}, {"person_messages", p->messages}, {"person_answered", p->answered},
	    {"person_completed", p->completed}, {"person_notes", p->notes}, {"person_credits", p->credits}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct measure m = {.code = rows[i].code, .of = p->name, .unit = UNIT_COUNT};

		tell(t, &t->report->period[0], &m, &(struct measured){.known = true, .value = rows[i].value});
	}
}

void
report_each_row(struct cx *cx, struct report *report, report_row_fn *each, void *arg)
{
	struct telling t = {.cx = cx, .report = report, .each = each, .arg = arg};
	enum lang lang = cx->lang;

	cx->lang = LANG_EN;
	if (report->part_count != 1) {
		struct measures all = {0};

		measures_of(cx, report, &all);
		tell_all(&t, &all);
	}
	for (size_t i = 0; i < report->part_count; i++) {
		struct measures all = {0};

		t.team = report->parts[i].team.name;
		measures_of_team(cx, &report->parts[i], &all);
		tell_all(&t, &all);
	}
	t.team = report->part_count == 1 ? report->parts[0].team.name : STR_NONE;
	for (size_t i = 0; i < report->person_count; i++)
		tell_person(&t, &report->people[i]);
	cx->lang = lang;
}
