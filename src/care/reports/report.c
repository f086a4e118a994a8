/* SPDX-License-Identifier: Apache-2.0 */
/* A report: who may have which, and gathering what it counts, team by team, each row read once. */
#include "care/charting/charting.h"
#include <stdlib.h>

#include "care/reports/reports_internal.h"
#include "trust/consent/consent.h"

#define NOT_THEIRS                                                                                           \
	ERR(ERR_GONE, TR("We could not find that. It may have been removed, or it is not shared with you."), \
	    "no team of the caller")

/* ---- who may have which ---- */

static fallible
choose_team(struct report *r, str wanted)
{
	team_id id;

	if (!wanted.n)
		return NULL;
	if (!uuid_parse(wanted, &id.v))
		return NOT_THEIRS;
	for (size_t i = 0; i < r->team_count; i++)
		if (uuid_equal(r->teams[i].id.v, id.v)) {
			r->team = r->teams[i];
			return NULL;
		}
	return NOT_THEIRS;
}

static bool
is_chosen(const struct report *r, const struct team *team)
{
	return uuid_is_none(r->team.id.v) || uuid_equal(r->team.id.v, team->id.v);
}

fallible
report_scope(struct cx *cx, str team, struct report *out)
{
	struct report r = {0};
	struct db_rows rows;
	const struct err *refused = office_check(cx, cx->who.facility);

	if (refused && refused->code != ERR_GONE)
		return refused;
	r.office = !refused;
	if (r.office)
		TRY(team_list(cx, cx->who.facility, &rows));
	else
		TRY(teams_of_account(cx, cx->who.account, &rows));
	r.teams = rows.items;
	r.team_count = rows.count;
	TRY(choose_team(&r, team));
	TRY(facility_get(cx, cx->who.facility, &r.facility));
	TRY(zone_find(r.facility.zone, &r.zone));
	TRY(facility_calendar(cx, cx->who.facility, &r.calendar));
	r.all_people = true;
	for (size_t i = 0; i < r.team_count; i++)
		if (is_chosen(&r, &r.teams[i]) && !r.office && !uuid_equal(r.teams[i].lead.v, cx->who.account.v))
			r.all_people = false;
	*out = r;
	return NULL;
}

/* ---- gathering ---- */

struct seen_patient {
	patient_id patient;
	bool has_account, accepted_then, accepted;
};

struct gathering {
	struct cx *cx;
	struct report *report;
	struct team_report *part;
	LIST(struct person_load) people;
	size_t last; /* of people: found last */
	LIST(struct seen_patient) panel;
};

static struct person_load *
person(struct gathering *g, account_id account)
{
	for (size_t n = 0; n < g->people.count; n++) {
		size_t i = (g->last + n) % g->people.count;

		if (uuid_equal(g->people.items[i].account.v, account.v)) {
			g->last = i;
			return &g->people.items[i];
		}
	}
	g->last = g->people.count;
	*LIST_ADD(g->cx->arena, &g->people) = (struct person_load){.account = account};
	return &g->people.items[g->last];
}

static bool
is_now(const struct gathering *g, instant at)
{
	return !instant_before(at, g->report->period[0].since);
}

static struct tally *
tally_at(struct gathering *g, instant at)
{
	return &g->part->tally[is_now(g, at) ? 0 : 1];
}

static fallible
see_message(void *arg, const void *row)
{
	struct gathering *g = arg;
	const struct message_figure *m = row;
	struct report *r = g->report;

	tally_message(tally_at(g, m->sent), m);
	if (!is_now(g, m->sent))
		return NULL;
	r->pieces[period_piece_of(&r->period[0], civil_date_to_days(zone_civil(r->zone, m->sent).date))]
		 [m->side == SIDE_PATIENT ? 0 : 1]++;
	if (m->side == SIDE_TEAM)
		person(g, m->author)->messages++;
	return NULL;
}

static fallible
see_begun(void *arg, const void *row)
{
	const struct begun_figure *begun = row;

	tally_begun(tally_at(arg, begun->made), begun);
	return NULL;
}

static fallible
see_round(void *arg, const void *row)
{
	struct gathering *g = arg;
	const struct round_figure *round = row;

	tally_round(g->cx->arena, tally_at(g, round->begun), round, &g->report->calendar, g->cx->now);
	if (!is_now(g, round->begun))
		return NULL;
	if (!instant_is_none(round->answered_at) && !uuid_is_none(round->answered_by.v))
		person(g, round->answered_by)->answered++;
	if (!instant_is_none(round->completed_at) && round->completed_how != COMPLETED_MERGED &&
	    !uuid_is_none(round->closed_by.v))
		person(g, round->closed_by)->completed++;
	return NULL;
}

static fallible
see_open(void *arg, const void *row)
{
	struct gathering *g = arg;
	const struct open_figure *open = row;

	standing_add(&g->part->open, open, g->cx->now);
	if (!uuid_is_none(open->owner.v))
		person(g, open->owner)->open++;
	return NULL;
}

static fallible
see_note(void *arg, const void *row)
{
	const struct chart_figure *note = row;
	struct person_load *who = person(arg, note->author);

	who->notes++;
	who->credits += note->credit;
	return NULL;
}

static void
count_patient(struct tally tally[2], const struct seen_patient *p)
{
	for (size_t i = 0; i < 2; i++) {
		tally[i].panel++;
		tally[i].with_account += p->has_account;
	}
	tally[0].accepted += p->accepted;
	tally[1].accepted += p->accepted_then;
}

static fallible
see_patient(void *arg, const void *row)
{
	struct gathering *g = arg;
	const struct panel_figure *p = row;
	struct seen_patient seen = {p->patient, p->has_account, p->accepted_then, p->accepted};

	count_patient(g->part->tally, &seen);
	*LIST_ADD(g->cx->arena, &g->panel) = seen;
	return NULL;
}

static fallible
gather_team(struct gathering *g, team_id team)
{
	struct cx *cx = g->cx;
	const struct period *now = &g->report->period[0];
	instant since = g->report->period[1].since;
	struct db_rows members;
	const struct team_member *member;

	TRY(team_members(cx, team, &members)); /* also those who had nothing to do */
	member = members.items;
	for (size_t i = 0; i < members.count; i++)
		person(g, member[i].account);
	TRY(messaging_each_message(cx, team, since, now->until, see_message, g));
	TRY(messaging_each_begun(cx, team, since, now->until, see_begun, g));
	TRY(messaging_each_round(cx, team, since, now->until, see_round, g));
	TRY(messaging_each_open(cx, team, see_open, g));
	TRY(charting_each(cx, team, now->since, now->until, see_note, g));
	return messaging_each_of_panel(cx, team, now->since, now->until, see_patient, g);
}

/* ---- putting together ---- */

static int
by_patient(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(patient_id));
}

/* Who belongs to two teams is one patient of the facility. */
static void
count_panel(struct gathering *g)
{
	struct seen_patient *all = g->panel.items;

	if (g->panel.count)
		qsort(all, g->panel.count, sizeof(*all), by_patient);
	for (size_t i = 0; i < g->panel.count; i++)
		if (i == 0 || !uuid_equal(all[i - 1].patient.v, all[i].patient.v))
			count_patient(g->report->tally, &all[i]);
}

static void
sum_up(struct gathering *g)
{
	struct report *r = g->report;

	for (size_t i = 0; i < r->part_count; i++) {
		const struct standing_open *open = &r->parts[i].open;

		for (size_t n = 0; n < 2; n++)
			tally_add(g->cx->arena, &r->tally[n], &r->parts[i].tally[n]);
		r->open.unfinished += open->unfinished;
		r->open.waiting += open->waiting;
		r->open.unclaimed += open->unclaimed;
		r->open.overdue += open->overdue;
		r->open.escalated += open->escalated;
		if (!instant_is_none(open->oldest) &&
		    (instant_is_none(r->open.oldest) || instant_before(open->oldest, r->open.oldest)))
			r->open.oldest = open->oldest;
	}
	count_panel(g);
}

static int
by_role_and_name(const void *a, const void *b)
{
	const struct person_load *x = a, *y = b;

	if (x->role != y->role)
		return (x->role > y->role) - (x->role < y->role);
	return str_compare(x->name, y->name);
}

static fallible
name_people(struct gathering *g)
{
	struct report *r = g->report;
	struct account account;

	r->people = ARENA_ARRAY(g->cx->arena, struct person_load, g->people.count + 1);
	for (size_t i = 0; i < g->people.count; i++) {
		struct person_load *one = &g->people.items[i];

		if (!r->all_people && !uuid_equal(one->account.v, g->cx->who.account.v))
			continue;
		TRY(account_get(g->cx, one->account, &account));
		one->name = account.name;
		one->role = account.role;
		r->people[r->person_count++] = *one;
	}
	if (r->person_count)
		qsort(r->people, r->person_count, sizeof(*r->people), by_role_and_name);
	return NULL;
}

fallible
report_make(struct cx *cx, const struct report_wish *wish, struct report *out)
{
	struct report r;
	struct gathering g = {.cx = cx, .report = &r};

	TRY(report_scope(cx, wish->team, &r));
	TRY(period_of(cx, r.zone, &wish->period, &r.period[0]));
	r.period[1] = period_before(r.zone, &r.period[0]);
	r.pieces = arena_alloc_array(cx->arena, sizeof(*r.pieces), period_pieces(&r.period[0]));
	r.parts = ARENA_ARRAY(cx->arena, struct team_report, r.team_count + 1);
	r.open.oldest = INSTANT_NONE;
	for (size_t i = 0; i < r.team_count; i++) {
		if (!is_chosen(&r, &r.teams[i]))
			continue;
		g.part = &r.parts[r.part_count++];
		g.part->team = r.teams[i];
		g.part->open.oldest = INSTANT_NONE;
		TRY(gather_team(&g, r.teams[i].id));
	}
	sum_up(&g);
	TRY(name_people(&g));
	*out = r;
	return NULL;
}
