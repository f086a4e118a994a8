/* SPDX-License-Identifier: Apache-2.0 */
/* The figures one after the other, each with its name, its unit and both periods: the page and the file tell the same list. */
#include "care/reports/reports_internal.h"

int64_t
share_tenths(int64_t value, int64_t out_of)
{
	return (value * 1000 + out_of / 2) / out_of;
}

static struct measured
count_of(int64_t value)
{
	return (struct measured){.known = true, .value = value};
}

static struct measured
share_of(int64_t value, int64_t out_of)
{
	return (struct measured){.known = out_of >= REPORT_CASES_LEAST, .value = value, .out_of = out_of};
}

static struct measured
patients_of(int64_t value)
{
	return (struct measured){.known = value == 0 || value >= REPORT_CASES_LEAST, .value = value};
}

struct adding {
	struct arena *arena;
	struct measures *out;
	struct tally *now, *before;
};

static struct measure *
add(struct adding *a, enum measure_group group, enum measure_unit unit, const char *code, const char *label)
{
	struct measure *m = LIST_ADD(a->arena, a->out);

	*m = (struct measure){.group = group, .unit = unit, .code = code, .label = label};
	return m;
}

#define ADD_COUNT(group, member, code, label) \
	add_both(add(a, group, UNIT_COUNT, code, label), count_of(a->now->member), count_of(a->before->member))
#define ADD_SHARE(group, member, base, code, label)                                              \
	add_both(add(a, group, UNIT_SHARE, code, label), share_of(a->now->member, a->now->base), \
	    share_of(a->before->member, a->before->base))

static void
add_both(struct measure *m, struct measured now, struct measured before)
{
	m->now = now;
	m->before = before;
}

static struct measured
time_of(struct tally *t, enum report_time which, int percent)
{
	size_t count = t->times[which].count, least = percent > 50 ? REPORT_TENTH_LEAST : REPORT_CASES_LEAST;

	if (count < least)
		return (struct measured){.out_of = (int64_t)count};
	return (struct measured){
	    .known = true, .value = percentile(t->times[which].items, count, percent), .out_of = (int64_t)count};
}

static void
add_time(struct adding *a, enum measure_group group, enum report_time which, int percent, const char *code,
    const char *label)
{
	add_both(
	    add(a, group, UNIT_TIME, code, label), time_of(a->now, which, percent), time_of(a->before, which, percent));
}

static int64_t
begun_singly(const struct tally *t)
{
	return t->begun_by_patients + t->begun_by_team;
}

static void
add_volume(struct adding *a)
{
	ADD_COUNT(GROUP_VOLUME, from_patients, "messages_from_patients", TR("Messages from patients"));
	ADD_COUNT(GROUP_VOLUME, from_team, "messages_from_team", TR("Messages from the team"));
	ADD_COUNT(GROUP_VOLUME, begun_by_patients, "conversations_by_patients", TR("Conversations begun by patients"));
	ADD_COUNT(GROUP_VOLUME, begun_by_team, "conversations_by_team", TR("Conversations begun by the team"));
	add_both(add(a, GROUP_VOLUME, UNIT_SHARE, "team_initiated", TR("Share begun by the team")),
	    share_of(a->now->begun_by_team, begun_singly(a->now)),
	    share_of(a->before->begun_by_team, begun_singly(a->before)));
	ADD_COUNT(GROUP_VOLUME, begun_to_many, "conversations_to_many", TR("Beside them, out of messages to many"));
}

static void
add_answers(struct adding *a)
{
	ADD_COUNT(GROUP_ANSWERS, questions, "questions", TR("Questions that came in"));
	ADD_COUNT(GROUP_ANSWERS, answered, "answered", TR("Answered so far"));
	ADD_COUNT(GROUP_ANSWERS, otherwise, "settled_otherwise", TR("Settled without an answer"));
	ADD_COUNT(GROUP_ANSWERS, waiting, "waiting", TR("Still waiting"));
	ADD_SHARE(GROUP_ANSWERS, kept, promised, "promise_kept", TR("Settled by the promised date"));
	ADD_SHARE(GROUP_ANSWERS, escalated, questions, "escalated", TR("Escalated"));
	add_time(a, GROUP_ANSWERS, TIME_ANSWER_BUSINESS, 50, "response_business_median",
	    TR("Time to the answer in business hours: half within"));
	add_time(a, GROUP_ANSWERS, TIME_ANSWER_BUSINESS, 90, "response_business_p90",
	    TR("Time to the answer in business hours: nine of ten within"));
	add_time(a, GROUP_ANSWERS, TIME_ANSWER, 50, "response_elapsed_median",
	    TR("Time to the answer by the clock: half within"));
	add_time(a, GROUP_ANSWERS, TIME_ANSWER, 90, "response_elapsed_p90",
	    TR("Time to the answer by the clock: nine of ten within"));
}

static void
add_completion(struct adding *a)
{
	ADD_COUNT(GROUP_COMPLETION, completed, "completed", TR("Questions completed"));
	add_time(a, GROUP_COMPLETION, TIME_DONE_BUSINESS, 50, "completion_business_median",
	    TR("Time to completion in business hours: half within"));
	add_time(a, GROUP_COMPLETION, TIME_DONE_BUSINESS, 90, "completion_business_p90",
	    TR("Time to completion in business hours: nine of ten within"));
	add_time(a, GROUP_COMPLETION, TIME_DONE, 50, "completion_elapsed_median",
	    TR("Time to completion by the clock: half within"));
	add_time(a, GROUP_COMPLETION, TIME_DONE, 90, "completion_elapsed_p90",
	    TR("Time to completion by the clock: nine of ten within"));
}

static str
role_words(enum lang lang, size_t role)
{
	return role ? str_from_z(staff_role_words((enum staff_role)role, lang)) : tr(lang, TR("unknown"));
}

static void
add_roles(struct adding *a, enum lang lang)
{
	for (size_t role = 0; role < REPORT_ROLES; role++)
		if (a->now->answered_by[role] || a->before->answered_by[role]) {
			ADD_SHARE(GROUP_ROLES, answered_by[role], answered, "answered_by_role", TR("Answered by: %1"));
			a->out->items[a->out->count - 1].of = role_words(lang, role);
		}
	for (size_t role = 0; role < REPORT_ROLES; role++)
		if (a->now->completed_by[role] || a->before->completed_by[role]) {
			ADD_SHARE(
			    GROUP_ROLES, completed_by[role], completed, "completed_by_role", TR("Completed by: %1"));
			a->out->items[a->out->count - 1].of = role_words(lang, role);
		}
}

static void
add_panel(struct adding *a)
{
	add_both(add(a, GROUP_PANEL, UNIT_PATIENTS, "panel", TR("Patients of the panel today")),
	    patients_of(a->now->panel), patients_of(a->before->panel));
	add_both(add(a, GROUP_PANEL, UNIT_SHARE, "with_account", TR("Of them, with an account")),
	    share_of(a->now->with_account, a->now->panel), share_of(a->before->with_account, a->before->panel));
	add_both(
	    add(a, GROUP_PANEL, UNIT_SHARE, "opted_in", TR("Of them, had accepted the terms of messages at the end")),
	    share_of(a->now->accepted, a->now->panel), share_of(a->before->accepted, a->before->panel));
}

static void
add_open(struct adding *a, const struct standing_open *open)
{
	const struct {
		const char *code, *label;
		int64_t value;
	} rows[] = {
	    {"open_now", TR("Not completed"), open->unfinished},
	    {"open_waiting_now", TR("Of them, the patient waits for an answer"), open->waiting},
	    {"open_unclaimed_now", TR("Of those, taken by nobody"), open->unclaimed},
	    {"open_overdue_now", TR("Of those, past the promised date"), open->overdue},
	    {"open_escalated_now", TR("Of those, escalated"), open->escalated},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct measure *m = add(a, GROUP_OPEN, UNIT_COUNT, rows[i].code, rows[i].label);

		m->now = count_of(rows[i].value);
		m->only_now = true;
	}
}

static void
add_all(struct cx *cx, struct adding *a, const struct standing_open *open)
{
	add_volume(a);
	add_answers(a);
	add_completion(a);
	add_roles(a, cx->lang);
	add_panel(a);
	add_open(a, open);
}

void
measures_of(struct cx *cx, const struct report *report, struct measures *out)
{
	struct tally tally[2] = {report->tally[0], report->tally[1]};

	add_all(cx, &(struct adding){cx->arena, out, &tally[0], &tally[1]}, &report->open);
}

void
measures_of_team(struct cx *cx, struct team_report *part, struct measures *out)
{
	add_all(cx, &(struct adding){cx->arena, out, &part->tally[0], &part->tally[1]}, &part->open);
}
