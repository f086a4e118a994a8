/* SPDX-License-Identifier: Apache-2.0 */
/* Counting.  Pure: rows in, numbers out; what each number means stands in docs/coordinator.md. */
#include <stdlib.h>

#include "care/reports/reports_internal.h"

void
tally_message(struct tally *t, const struct message_figure *message)
{
	if (message->side == SIDE_PATIENT)
		t->from_patients++;
	else
		t->from_team++;
}

void
tally_begun(struct tally *t, const struct begun_figure *begun)
{
	if (begun->to_many)
		t->begun_to_many++;
	else if (begun->begun_by == SIDE_TEAM)
		t->begun_by_team++;
	else
		t->begun_by_patients++;
}

static size_t
role_of(int64_t role)
{
	return role > 0 && role < REPORT_ROLES ? (size_t)role : 0;
}

/* Within how many business days: 0 for one, the last for longer than all. */
static size_t
soon_of(const struct round_figure *round, const struct business_calendar *calendar)
{
	size_t days = 0;

	while (days < REPORT_SOON - 1 &&
	       instant_before(business_add_days(calendar, round->begun, (int)days + 1), round->answered_at))
		days++;
	return days;
}

static void
note_times(struct arena *arena, struct tally *t, enum report_time which, const struct business_calendar *calendar,
    instant from, instant to)
{
	*LIST_ADD(arena, &t->times[which]) = to.ms - from.ms;
	*LIST_ADD(arena, &t->times[which + 1]) = business_ms_between(calendar, from, to);
}

/* When it was off the table: answered, or settled in another way. None: it still waits. */
static instant
settled_at(const struct round_figure *round)
{
	return instant_is_none(round->answered_at) ? round->completed_at : round->answered_at;
}

static bool
is_completed(const struct round_figure *round)
{
	return !instant_is_none(round->completed_at) && round->completed_how != COMPLETED_MERGED;
}

void
tally_round(struct arena *arena, struct tally *t, const struct round_figure *round,
    const struct business_calendar *calendar, instant now)
{
	bool answered = !instant_is_none(round->answered_at);
	instant settled = settled_at(round);

	if (!answered && round->completed_how == COMPLETED_MERGED)
		return;
	t->questions++;
	t->escalated += !instant_is_none(round->escalated_at);
	if (answered) {
		t->answered++;
		t->answered_by[role_of(round->answered_role)]++;
		t->soon[soon_of(round, calendar)]++;
		note_times(arena, t, TIME_ANSWER, calendar, round->begun, round->answered_at);
	} else if (instant_is_none(settled)) {
		t->waiting++;
	} else {
		t->otherwise++;
	}
	if (!instant_is_none(settled) || instant_before(round->due, now)) {
		t->promised++;
		t->kept += !instant_is_none(settled) && !instant_before(round->due, settled);
	}
	if (is_completed(round)) {
		t->completed++;
		t->completed_by[role_of(round->closed_role)]++;
		note_times(arena, t, TIME_DONE, calendar, round->begun, round->completed_at);
	}
}

void
tally_add(struct arena *arena, struct tally *sum, const struct tally *part)
{
	sum->from_patients += part->from_patients;
	sum->from_team += part->from_team;
	sum->begun_by_patients += part->begun_by_patients;
	sum->begun_by_team += part->begun_by_team;
	sum->begun_to_many += part->begun_to_many;
	sum->questions += part->questions;
	sum->answered += part->answered;
	sum->otherwise += part->otherwise;
	sum->waiting += part->waiting;
	sum->completed += part->completed;
	sum->escalated += part->escalated;
	sum->promised += part->promised;
	sum->kept += part->kept;
	for (size_t i = 0; i < REPORT_SOON; i++)
		sum->soon[i] += part->soon[i];
	for (size_t i = 0; i < REPORT_ROLES; i++) {
		sum->answered_by[i] += part->answered_by[i];
		sum->completed_by[i] += part->completed_by[i];
	}
	for (size_t i = 0; i < REPORT_TIMES; i++)
		for (size_t n = 0; n < part->times[i].count; n++)
			*LIST_ADD(arena, &sum->times[i]) = part->times[i].items[n];
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int64_t
percentile(int64_t *values, size_t count, int percent)
{
	size_t rank = (count * (size_t)percent + 99) / 100;

	assert(count > 0 && percent > 0 && percent <= 100);
	qsort(values, count, sizeof(*values), by_size);
	return values[rank - 1];
}

void
standing_add(struct standing_open *sum, const struct open_figure *open, instant now)
{
	sum->unfinished++;
	if (open->status != THREAD_INCOMPLETE)
		return;
	sum->waiting++;
	sum->unclaimed += uuid_is_none(open->owner.v);
	sum->overdue += instant_before(open->due, now);
	sum->escalated += !instant_is_none(open->escalated_at);
	if (instant_is_none(sum->oldest) || instant_before(open->round_at, sum->oldest))
		sum->oldest = open->round_at;
}
