/* SPDX-License-Identifier: Apache-2.0 */
/* Who stands in while somebody is away.  Nothing changes hands: who stands in sees what the absent one sees and is told what
 * the absent one is told, for exactly that time. */
#include "care/organization/organization_internal.h"

/* ---- time ---- */

static instant
midnight(const struct zone *zone, int32_t day)
{
	return zone_instant(zone, (struct civil_time){.date = civil_date_from_days(day)});
}

void
surrogate_days(const struct zone *zone, int32_t first, int32_t last, instant *since, instant *until)
{
	*since = midnight(zone, first);
	*until = midnight(zone, last + 1);
}

/* ---- who may, and what may be ---- */

/* The facility of who is away; may the caller say that they are? */
static fallible
find_away(struct cx *cx, const struct surrogate *in, facility_id *out)
{
	struct account account;
	struct team team;
	bool own;

	if (!uuid_is_none(in->account.v)) {
		TRY(account_get(cx, in->account, &account));
		own = uuid_equal(in->account.v, cx->who.account.v);
		*out = account.facility;
		if (!(account.kind & WHO_CARE_TEAM))
			return NOT_HERE;
	} else {
		TRY(team_get(cx, in->team, &team));
		TRY(team_has_member(cx, in->team, cx->who.account, &own));
		*out = team.facility;
	}
	return own ? NULL : office_check(cx, *out);
}

static fallible
nobody_there(void)
{
	return ERR(ERR_INVALID,
	    TR("Choose somebody of your facility who works in care and is active, or a team with somebody in it."),
	    "the stand-in cannot stand in");
}

/* A member by right, not one who stands in. */
static fallible
find_member(struct cx *cx, team_id team, account_id account, bool *is_member, size_t *others)
{
	struct db_rows rows;
	const struct team_member *member;

	TRY(team_members(cx, team, &rows));
	member = rows.items;
	*is_member = false;
	*others = 0;
	for (size_t i = 0; i < rows.count; i++)
		if (uuid_equal(member[i].account.v, account.v))
			*is_member = true;
		else
			++*others;
	return NULL;
}

static fallible
check_by_account(struct cx *cx, const struct surrogate *in)
{
	struct account account;
	bool is_member;
	size_t others;

	TRY(account_get(cx, in->by_account, &account));
	if (!account.active || !(account.kind & WHO_CARE_TEAM) || !uuid_equal(account.facility.v, in->facility.v))
		return nobody_there();
	if (uuid_is_none(in->team.v))
		return NULL;
	TRY(find_member(cx, in->team, in->by_account, &is_member, &others));
	return is_member ? ERR(ERR_INVALID, TR("This person works in the team already. Choose somebody else."),
			       "a member cannot stand in for the team")
	                 : NULL;
}

static fallible
check_by_team(struct cx *cx, const struct surrogate *in)
{
	struct team team;
	bool is_member;
	size_t others;

	TRY(team_get(cx, in->by_team, &team));
	if (!team.active || !uuid_equal(team.facility.v, in->facility.v))
		return nobody_there();
	TRY(find_member(cx, in->by_team, in->account, &is_member, &others));
	return others ? NULL : nobody_there();
}

static fallible
check_times(struct cx *cx, const struct surrogate *in)
{
	if (!instant_before(in->since, in->until) || !instant_before(cx->now, in->until))
		return ERR(ERR_INVALID, TR("The end must come after the beginning, and after now."), "surrogate times");
	return NULL;
}

static fallible
check_persons(struct cx *cx, const struct surrogate *in)
{
	if (uuid_is_none(in->account.v) == uuid_is_none(in->team.v) ||
	    uuid_is_none(in->by_account.v) == uuid_is_none(in->by_team.v))
		return ERR(ERR_INVALID, TR("Say who is away and who stands in."), "surrogate without either side");
	if ((!uuid_is_none(in->account.v) && uuid_equal(in->account.v, in->by_account.v)) ||
	    (!uuid_is_none(in->team.v) && uuid_equal(in->team.v, in->by_team.v)))
		return ERR(ERR_INVALID, TR("Nobody can stand in for themselves. Choose somebody else."), "self");
	return uuid_is_none(in->by_account.v) ? check_by_team(cx, in) : check_by_account(cx, in);
}

static fallible
check_clash(struct cx *cx, const struct surrogate *in)
{
	struct surrogate_clash clash;

	TRY(surrogate_row_clash(cx, in, &clash));
	if (clash.covered)
		return ERR(ERR_INVALID,
		    TR("Somebody stands in at that time already. End that first, or choose other days."),
		    "covered already");
	if (clash.by_away)
		return ERR(ERR_INVALID, TR("Whoever you chose is away at that time too. Choose somebody else."),
		    "the stand-in is away");
	if (clash.stands)
		return ERR(ERR_INVALID,
		    TR("At that time they stand in for somebody else. Find another one for that first."),
		    "the absent one stands in for another");
	return NULL;
}

/* ---- deeds ---- */

struct making {
	struct surrogate *items;
	size_t count;
};

static const struct err *
make(struct tx *tx, void *arg)
{
	const struct making *in = arg;

	for (size_t i = 0; i < in->count; i++) {
		TRY(check_clash(tx->cx, &in->items[i]));
		TRY(surrogate_row_add(tx, &in->items[i]));
		audit_office(tx, AUDIT_CARE_TEAM, (patient_id){{{0}}}, in->items[i].id);
	}
	return NULL;
}

static fallible
check_one(struct cx *cx, struct surrogate *one)
{
	if (uuid_is_none(one->account.v) == uuid_is_none(one->team.v))
		return ERR(ERR_INVALID, TR("Say who is away and who stands in."), "surrogate without who is away");
	TRY(find_away(cx, one, &one->facility));
	TRY(check_persons(cx, one));
	TRY(check_times(cx, one));
	if (instant_before(one->since, cx->now))
		one->since = cx->now;
	one->made_by = cx->who.account;
	if (uuid_is_none(one->id))
		one->id = uuid_new(cx->now);
	return NULL;
}

fallible
surrogate_make_all(struct cx *cx, const struct surrogate *in, size_t count)
{
	struct making making = {.items = ARENA_ARRAY(cx->arena, struct surrogate, count), .count = count};

	for (size_t i = 0; i < count; i++) {
		making.items[i] = in[i];
		TRY(check_one(cx, &making.items[i]));
	}
	return db_write(cx, make, &making);
}

fallible
surrogate_make(struct cx *cx, const struct surrogate *in)
{
	return surrogate_make_all(cx, in, 1);
}

static const struct err *
end(struct tx *tx, void *arg)
{
	struct surrogate *in = arg;

	TRY(surrogate_row_end(tx, in->id));
	audit_office(tx, AUDIT_CARE_TEAM, (patient_id){{{0}}}, in->id);
	return NULL;
}

fallible
surrogate_end(struct cx *cx, struct uuid id)
{
	struct surrogate surrogate = {0};

	TRY(surrogate_row_get(cx, id, &surrogate));
	TRY(find_away(cx, &surrogate, &surrogate.facility));
	return db_write(cx, end, &surrogate);
}

/* ---- reading ---- */

static fallible
name_of(struct cx *cx, account_id account_, team_id team_, str *out)
{
	struct account account;
	struct team team;

	if (!uuid_is_none(account_.v)) {
		TRY(account_get(cx, account_, &account));
		*out = account.name;
		return NULL;
	}
	TRY(team_get(cx, team_, &team));
	*out = team.name;
	return NULL;
}

static fallible
fill_names(struct cx *cx, struct surrogate *surrogate)
{
	TRY(name_of(cx, surrogate->account, surrogate->team, &surrogate->away_name));
	return name_of(cx, surrogate->by_account, surrogate->by_team, &surrogate->by_name);
}

fallible
surrogate_list(struct cx *cx, facility_id facility, struct db_rows *out)
{
	struct surrogate *item;

	if (!(cx->who.is & (WHO_STAFF | WHO_SYSTEM)) ||
	    (!(cx->who.is & WHO_SYSTEM) && !uuid_equal(cx->who.facility.v, facility.v)))
		return NOT_HERE;
	TRY(surrogate_rows(cx, facility, out));
	item = out->items;
	for (size_t i = 0; i < out->count; i++)
		TRY(fill_names(cx, &item[i]));
	return NULL;
}

fallible
surrogate_of_account(struct cx *cx, account_id account, struct surrogate *out, bool *found)
{
	TRY(surrogate_row_of_account(cx, account, out, found));
	return *found ? fill_names(cx, out) : NULL;
}
