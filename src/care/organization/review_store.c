/* SPDX-License-Identifier: Apache-2.0 */
/* What is empty, over or forgotten. */
#include "care/organization/organization_internal.h"
#include "care/organization/organization_review.h"

static const struct db_column HEALTH[] = {COL(struct team_health, team.v), COL(struct team_health, name),
    COL(struct team_health, takes_messages), COL(struct team_health, open_days), COL(struct team_health, made),
    COL(struct team_health, members), COL(struct team_health, patients), COL(struct team_health, led)};

fallible
teams_health(struct cx *cx, facility_id facility, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT t.id, t.name, t.takes_messages, t.open_days, t.made,"
		" (SELECT count(*) FROM team_member m JOIN account a ON a.id = m.account"
		"   WHERE m.team = t.id AND m.until > $2 AND a.active = 1),"
		" (SELECT count(*) FROM team_patient p WHERE p.team = t.id AND p.since <= $2 AND p.until > $2),"
		" (SELECT count(*) FROM team_member m JOIN account a ON a.id = m.account"
		"   WHERE m.team = t.id AND m.account = t.lead AND m.until > $2 AND a.active = 1)"
		" FROM team t WHERE t.facility = $1 AND t.active = 1 ORDER BY t.name, t.id LIMIT 5000"),
	    BIND(DB(facility.v), DB(cx->now)), ROWS(struct team_health, HEALTH), out);
}

static const struct db_column IDLE[] = {COL(struct idle_member, account.v), COL(struct idle_member, team.v),
    COL(struct idle_member, active), COL(struct idle_member, signed_in)};

fallible
members_idle(struct cx *cx, facility_id facility, instant since, int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT a.id, t.id, a.active, a.signed_in FROM team t JOIN team_member m ON m.team = t.id"
		" JOIN account a ON a.id = m.account"
		" WHERE t.facility = $1 AND t.active = 1 AND m.until > $2 AND (a.active = 0"
		"  OR (a.made < $3 AND (a.signed_in IS NULL OR a.signed_in < $3)))"
		" ORDER BY a.role, a.id, t.name, t.id LIMIT $4"),
	    BIND(DB(facility.v), DB(cx->now), DB(since), DB(count_max)), ROWS(struct idle_member, IDLE), out);
}

static const struct db_column ASSOCIATION[] = {COL(struct association, patient.v), COL(struct association, team.v),
    COL(struct association, relation), COL(struct association, since), COL(struct association, until),
    COL(struct association, made_by.v), COL(struct association, came_from.v)};

fallible
associations_expired(struct cx *cx, facility_id facility, instant since, int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT p.patient, p.team, p.relation, p.since, p.until, p.made_by, p.came_from"
		" FROM team t JOIN team_patient p ON p.team = t.id"
		" WHERE t.facility = $1 AND p.until <= $2 AND p.until > $3 AND NOT EXISTS (SELECT 1 FROM team_patient o"
		"  JOIN team g ON g.id = o.team WHERE o.patient = p.patient AND o.until > $2 AND g.facility = $1"
		"  AND g.active = 1) ORDER BY p.until DESC, p.patient, p.team LIMIT $4"),
	    BIND(DB(facility.v), DB(cx->now), DB(since), DB(count_max)), ROWS(struct association, ASSOCIATION), out);
}

fallible
associations_unvouched(struct cx *cx, facility_id facility, int64_t count_max, struct db_rows *out)
{
	struct association *item;

	TRY(db_all(cx,
	    SQL("SELECT p.patient, p.team, p.relation, p.since, p.until, p.made_by, p.came_from"
		" FROM account a JOIN team_patient p ON p.made_by = a.id JOIN team t ON t.id = p.team"
		" WHERE a.facility = $1 AND a.active = 0 AND t.facility = $1 AND t.active = 1 AND p.relation = 6"
		" AND p.until > $2 ORDER BY p.since, p.patient, p.team LIMIT $3"),
	    BIND(DB(facility.v), DB(cx->now), DB(count_max)), ROWS(struct association, ASSOCIATION), out));
	item = out->items;
	for (size_t i = 0; i < out->count; i++)
		if (item[i].until.ms == FOREVER)
			item[i].until = INSTANT_NONE;
	return NULL;
}

static const struct db_column SURROGATE[] = {COL(struct surrogate, id), COL(struct surrogate, facility.v),
    COL(struct surrogate, account.v), COL(struct surrogate, team.v), COL(struct surrogate, by_account.v),
    COL(struct surrogate, by_team.v), COL(struct surrogate, since), COL(struct surrogate, until),
    COL(struct surrogate, all_day), COL(struct surrogate, made_by.v)};
#define SURROGATE_COLUMNS \
	"s.id, s.facility, s.account, s.team, s.by_account, s.by_team, s.since, s.until, s.all_day, s.made_by"

fallible
surrogates_to_review(
    struct cx *cx, facility_id facility, instant since, bool broken, int64_t count_max, struct db_rows *out)
{
	if (broken)
		return db_all(cx,
		    SQL("SELECT " SURROGATE_COLUMNS " FROM surrogate s WHERE s.facility = $1 AND s.until > $2"
			" AND (EXISTS (SELECT 1 FROM account a WHERE a.id = s.by_account AND a.active = 0)"
			"  OR EXISTS (SELECT 1 FROM team t WHERE t.id = s.by_team AND t.active = 0))"
			" ORDER BY s.since, s.id LIMIT $3"),
		    BIND(DB(facility.v), DB(cx->now), DB(count_max)), ROWS(struct surrogate, SURROGATE), out);
	return db_all(cx,
	    SQL("SELECT " SURROGATE_COLUMNS " FROM surrogate s WHERE s.facility = $1 AND s.until <= $2 AND s.until > $3"
		" ORDER BY s.until DESC, s.id LIMIT $4"),
	    BIND(DB(facility.v), DB(cx->now), DB(since), DB(count_max)), ROWS(struct surrogate, SURROGATE), out);
}

static const struct db_column GROUP[] = {COL(struct distribution_group, id), COL(struct distribution_group, facility.v),
    COL(struct distribution_group, name)};

fallible
distribution_groups_empty(struct cx *cx, facility_id facility, int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT g.id, g.facility, g.name FROM distribution_group g WHERE g.facility = $1 AND NOT EXISTS"
		" (SELECT 1 FROM distribution_member m JOIN account a ON a.id = m.account"
		"  WHERE m.list = g.id AND a.active = 1) ORDER BY g.name, g.id LIMIT $2"),
	    BIND(DB(facility.v), DB(count_max)), ROWS(struct distribution_group, GROUP), out);
}

static const struct db_column BLOCK[] = {COL(struct block, id), COL(struct block, patient.v),
    COL(struct block, facility.v), COL(struct block, team.v), COL(struct block, code), COL(struct block, since),
    COL(struct block, review), COL(struct block, until), COL(struct block, made_by.v), COL(struct block, ended_by.v)};

fallible
blocks_ever(struct cx *cx, patient_id patient, int64_t count_max, struct db_rows *out)
{
	struct block *item;

	TRY(db_all(cx,
	    SQL("SELECT b.id, b.patient, b.facility, b.team, b.code, b.since, b.review, b.until, b.made_by, b.ended_by"
		" FROM team_block b WHERE b.patient = $1 ORDER BY b.since DESC, b.id LIMIT $2"),
	    BIND(DB(patient.v), DB(count_max)), ROWS(struct block, BLOCK), out));
	item = out->items;
	for (size_t i = 0; i < out->count; i++)
		if (item[i].until.ms == FOREVER)
			item[i].until = INSTANT_NONE;
	return NULL;
}
