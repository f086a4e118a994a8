/* SPDX-License-Identifier: Apache-2.0 */
/* What is to be tidied up, kind by kind. */
#include "care/reports/cleanup.h"

#include "care/messaging/messaging_figures.h"
#include "care/organization/organization_review.h"
#include "trust/audit/audit.h"
#include "trust/consent/consent.h"

static const struct {
	const char *word, *title, *mend;
} kinds[CLEANUP_KINDS] = {
    [CLEANUP_NO_MEMBER] = {"no-member", TR("Teams without anybody in them"), TR("Add somebody, or close the team.")},
    [CLEANUP_NO_PATIENT] = {"no-patient", TR("Teams without patients"), TR("Add patients, or close the team.")},
    [CLEANUP_NO_LEAD] = {"no-lead", TR("Teams without a lead provider"),
	TR("Patients read who leads a team. Choose one of its members.")},
    [CLEANUP_NO_HOURS] = {"no-hours", TR("Teams that say no hours"), TR("Say when the team works.")},
    [CLEANUP_SILENT] = {"silent", TR("Teams that received nothing"),
	TR("Does anybody need this team? If not, close it.")},
    [CLEANUP_OFF] = {"account-off", TR("Members whose account is off"), TR("Take them out of the team.")},
    [CLEANUP_IDLE] = {"idle", TR("Members who do not sign in"),
	TR("Ask them; take out of the team who does not work there.")},
    [CLEANUP_EXPIRED] = {"ended", TR("Patients whose last team ended"),
	TR("They can write to nobody. Add them to a team, or let it be.")},
    [CLEANUP_UNVOUCHED] = {"unvouched", TR("Patients added by somebody who is gone"),
	TR("Is the reason still true? If not, end it.")},
    [CLEANUP_UNUSED] = {"unused", TR("Patients added by hand, without need now"),
	TR("End it if the team does not care for them any more.")},
    [CLEANUP_BLOCK] = {"block", TR("Blocks to be looked at"),
	TR("End the block, or end it and block anew with a later day.")},
    [CLEANUP_COVER_BROKEN] = {"cover-broken", TR("Nobody really stands in"),
	TR("End it and name somebody who is there.")},
    [CLEANUP_COVER_OVER] = {"cover-over", TR("Covers that are over"),
	TR("Still away? Say so anew. These lines leave by themselves.")},
    [CLEANUP_LIST] = {"empty-list", TR("Lists of staff without anybody"), TR("Add somebody, or delete the list.")},
};

struct sweep {
	struct cx *cx;
	const struct page_cx *px;
	struct cleanup *out;
	instant since;
	int64_t days;
};
#define PX const struct page_cx *px = s->px

/* NULL when the part is full. */
static struct cleanup_line *
add(struct sweep *s, enum cleanup_kind kind)
{
	struct cleanup_part *part = &s->out->parts[kind];

	if (part->count == CLEANUP_LINES_MAX) {
		part->more = true;
		return NULL;
	}
	s->out->count++;
	return LIST_ADD(s->cx->arena, part);
}

static void
add_line(struct sweep *s, enum cleanup_kind kind, str what, str why, str path)
{
	struct cleanup_line *line = add(s, kind);

	if (line)
		*line = (struct cleanup_line){what, why, path};
}

static str
team_path(struct sweep *s, team_id id)
{
	return arena_printf(s->cx->arena, "/admin/teams/%.*s", STR_ARG(uuid_text(s->cx->arena, id.v)));
}

/* ---- teams ---- */

static fallible
sweep_team(struct sweep *s, const struct team_health *team)
{
	PX;
	str path = team_path(s, team->team);
	bool heard = true;

	if (team->members == 0)
		add_line(s, CLEANUP_NO_MEMBER, team->name,
		    team->takes_messages ? T("It takes messages, and nobody can answer.") : T("Nobody works for it."),
		    path);
	if (!team->takes_messages)
		return NULL;
	if (team->patients == 0)
		add_line(s, CLEANUP_NO_PATIENT, team->name, T("It takes messages, and nobody can write to it."), path);
	if (!team->led)
		add_line(
		    s, CLEANUP_NO_LEAD, team->name, T("Nobody is named, or who is named is not in the team."), path);
	if (team->open_days == 0)
		add_line(s, CLEANUP_NO_HOURS, team->name, T("No day is chosen."), path);
	if (instant_before(team->made, s->since))
		TRY(messaging_received_since(s->cx, team->team, s->since, &heard));
	if (!heard)
		add_line(s, CLEANUP_SILENT, team->name,
		    TN("No patient wrote for %1 day.", "No patient wrote for %1 days.", s->days), path);
	return NULL;
}

static fallible
sweep_teams(struct sweep *s)
{
	struct db_rows rows;
	const struct team_health *team;

	TRY(teams_health(s->cx, s->cx->who.facility, &rows));
	team = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		TRY(sweep_team(s, &team[i]));
	return NULL;
}

/* ---- people ---- */

static fallible
sweep_member(struct sweep *s, const struct idle_member *idle)
{
	PX;
	struct account account;
	struct team team;
	str what;

	TRY(account_get(s->cx, idle->account, &account));
	TRY(team_get(s->cx, idle->team, &team));
	what = TF2("%1 in %2", account.name, team.name);
	if (!idle->active)
		add_line(s, CLEANUP_OFF, what, T("The account is off."), team_path(s, idle->team));
	else
		add_line(s, CLEANUP_IDLE, what,
		    instant_is_none(idle->signed_in) ? T("Never signed in.")
						     : TF1("Signed in last: %1.", px_day(px, idle->signed_in)),
		    team_path(s, idle->team));
	return NULL;
}

static fallible
sweep_people(struct sweep *s)
{
	struct db_rows rows;
	const struct idle_member *idle;
	const struct distribution_group *group;
	PX;

	TRY(members_idle(s->cx, s->cx->who.facility, s->since, 2 * CLEANUP_LINES_MAX + 1, &rows));
	idle = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		TRY(sweep_member(s, &idle[i]));
	TRY(distribution_groups_empty(s->cx, s->cx->who.facility, CLEANUP_LINES_MAX + 1, &rows));
	group = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		add_line(s, CLEANUP_LIST, group[i].name, T("Nobody in it has an account that is on."),
		    arena_printf(
			s->cx->arena, "/admin/lists?edit=%.*s", STR_ARG(uuid_text(s->cx->arena, group[i].id))));
	return NULL;
}

/* ---- patients ---- */

static fallible
name_patient(struct sweep *s, patient_id id, str *name, str *path)
{
	struct patient patient;

	TRY(patient_get(s->cx, id, &patient));
	*name = patient.name;
	*path = arena_printf(s->cx->arena, "/admin/patients/%.*s", STR_ARG(uuid_text(s->cx->arena, id.v)));
	return NULL;
}

static str
association_why(struct sweep *s, enum cleanup_kind kind, const struct association *a)
{
	PX;

	switch (kind) {
	case CLEANUP_EXPIRED: return TF1("It ended: %1. No other team is left.", px_day(px, a->until));
	case CLEANUP_UNVOUCHED: return T("The account of who added them is off.");
	default: break;
	}
	return TN("Nothing is open with this team, and nothing was written for %1 day.",
	    "Nothing is open with this team, and nothing was written for %1 days.", s->days);
}

static fallible
sweep_associations(struct sweep *s, enum cleanup_kind kind, const struct db_rows *rows)
{
	PX;
	const struct association *a = rows->items;
	size_t shown = rows->count < CLEANUP_LINES_MAX ? rows->count : CLEANUP_LINES_MAX;

	for (size_t i = 0; i < rows->count; i++) {
		struct cleanup_line *line = add(s, kind);
		struct team team;
		str name;

		if (!line)
			break;
		TRY(team_get(s->cx, a[i].team, &team));
		TRY(name_patient(s, a[i].patient, &name, &line->path));
		line->what = TF2("%1 and %2", name, team.name);
		line->why = association_why(s, kind, &a[i]);
	}
	if (shown)
		audit_add_listed(s->cx, AUDIT_DEMOGRAPHICS, 0, &a->patient, shown, sizeof(*a));
	return NULL;
}

static fallible
sweep_patients(struct sweep *s)
{
	facility_id facility = s->cx->who.facility;
	struct db_rows rows;

	TRY(associations_expired(s->cx, facility, s->since, CLEANUP_LINES_MAX + 1, &rows));
	TRY(sweep_associations(s, CLEANUP_EXPIRED, &rows));
	TRY(associations_unvouched(s->cx, facility, CLEANUP_LINES_MAX + 1, &rows));
	TRY(sweep_associations(s, CLEANUP_UNVOUCHED, &rows));
	TRY(messaging_associations_unused(s->cx, facility, s->since, CLEANUP_LINES_MAX + 1, &rows));
	return sweep_associations(s, CLEANUP_UNUSED, &rows);
}

static fallible
sweep_blocks(struct sweep *s)
{
	struct db_rows rows;
	const struct block *block;

	TRY(block_review_list(s->cx, s->cx->who.facility, &rows));
	block = rows.items;
	for (size_t i = 0; i < rows.count && !instant_before(s->cx->now, block[i].review); i++) {
		struct cleanup_line *line = add(s, CLEANUP_BLOCK);
		PX;

		if (!line)
			break;
		TRY(name_patient(s, block[i].patient, &line->what, &line->path));
		line->why = TF1("To be looked at: %1.", px_day(px, block[i].review));
		audit_add_listed(s->cx, AUDIT_DEMOGRAPHICS, 0, &block[i].patient, 1, sizeof(block[i]));
	}
	return NULL;
}

/* ---- who stands in ---- */

static fallible
who_words(struct sweep *s, account_id account, team_id team, str *out)
{
	struct account a;
	struct team t;

	if (uuid_is_none(account.v)) {
		TRY(team_get(s->cx, team, &t));
		*out = t.name;
		return NULL;
	}
	TRY(account_get(s->cx, account, &a));
	*out = a.name;
	return NULL;
}

static fallible
sweep_covers(struct sweep *s, enum cleanup_kind kind)
{
	struct db_rows rows;
	const struct surrogate *cover;

	TRY(surrogates_to_review(
	    s->cx, s->cx->who.facility, s->since, kind == CLEANUP_COVER_BROKEN, CLEANUP_LINES_MAX + 1, &rows));
	cover = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		PX;
		str away, by;

		TRY(who_words(s, cover[i].account, cover[i].team, &away));
		TRY(who_words(s, cover[i].by_account, cover[i].by_team, &by));
		add_line(s, kind, TF2("%1 for %2", by, away),
		    kind == CLEANUP_COVER_OVER ? TF1("It was over %1.", px_day(px, cover[i].until))
					       : T("The account is off, or the team is closed."),
		    S("/cover"));
	}
	return NULL;
}

bool
cleanup_days_parse(str typed, int64_t *out)
{
	static const int64_t choices[] = {30, CLEANUP_DAYS, 180, 365};
	int64_t days;

	*out = CLEANUP_DAYS;
	if (!typed.n)
		return true;
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++)
		if (str_to_int64(typed, &days) && days == choices[i]) {
			*out = days;
			return true;
		}
	return false;
}

fallible
cleanup_make(struct cx *cx, const struct page_cx *px, int64_t days, struct cleanup *out)
{
	struct sweep s = {
	    .cx = cx, .px = px, .out = out, .days = days, .since = instant_add_ms(cx->now, -days * DAY_MS)};

	TRY(office_check(cx, cx->who.facility));
	*out = (struct cleanup){0};
	for (size_t i = 0; i < CLEANUP_KINDS; i++) {
		out->parts[i].word = kinds[i].word;
		out->parts[i].title = kinds[i].title;
		out->parts[i].mend = kinds[i].mend;
	}
	TRY(sweep_teams(&s));
	TRY(sweep_people(&s));
	TRY(sweep_patients(&s));
	TRY(sweep_blocks(&s));
	TRY(sweep_covers(&s, CLEANUP_COVER_BROKEN));
	return sweep_covers(&s, CLEANUP_COVER_OVER);
}
