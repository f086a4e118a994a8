/* SPDX-License-Identifier: Apache-2.0 */
/* Teams, members, panels.  "For ever" as an end is the largest number, so that every query is one comparison. */
#include "care/organization/organization.h"

#define FOREVER ((int64_t)INT64_MAX)

static const struct db_column TEAM[] = {COL(struct team, id.v), COL(struct team, facility.v), COL(struct team, name),
    COL(struct team, care), COL(struct team, place), COL(struct team, lead.v), COL(struct team, takes_messages),
    COL(struct team, active)};
static const struct db_column TEAM_OF_PATIENT[] = {COL(struct team, id.v), COL(struct team, facility.v),
    COL(struct team, name), COL(struct team, care), COL(struct team, place), COL(struct team, lead.v),
    COL(struct team, takes_messages), COL(struct team, active), COL(struct team, relation)};
#define TEAM_COLUMNS "t.id, t.facility, t.name, t.care, t.place, t.lead, t.takes_messages, t.active"

fallible
team_create(struct tx *tx, const struct team *team)
{
	return db_run(tx,
	    SQL("INSERT INTO team (id, facility, name, care, place, lead, takes_messages, active, made)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"),
	    BIND(DB(team->id.v), DB(team->facility.v), DB(team->name), DB(team->care), DB(team->place),
		DB(team->lead.v), DB(team->takes_messages), DB(team->active), DB(tx->cx->now)),
	    NULL);
}

fallible
team_get(struct cx *cx, team_id id, struct team *out)
{
	return db_one(cx, SQL("SELECT " TEAM_COLUMNS " FROM team t WHERE t.id = $1"), BIND(DB(id.v)), INTO(out, TEAM));
}

fallible
team_list(struct cx *cx, facility_id facility, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " TEAM_COLUMNS " FROM team t WHERE t.facility = $1 ORDER BY t.name, t.id LIMIT 5000"),
	    BIND(DB(facility.v)), ROWS(struct team, TEAM), out);
}

fallible
team_add_member(struct tx *tx, team_id team, account_id account)
{
	return db_run(tx,
	    SQL("INSERT INTO team_member (team, account, since, until) VALUES ($1, $2, $3, $4)"
		" ON CONFLICT (account, team) DO UPDATE SET until = excluded.until, since ="
		" CASE WHEN team_member.until > excluded.since THEN team_member.since ELSE excluded.since END"),
	    BIND(DB(team.v), DB(account.v), DB(tx->cx->now), DB(FOREVER)), NULL);
}

fallible
team_remove_member(struct tx *tx, team_id team, account_id account)
{
	int64_t changed;

	TRY(db_run(tx,
	    SQL("UPDATE team_member SET until = $3 WHERE team = $1 AND account = $2 AND until > $3"
		" AND (EXISTS (SELECT 1 FROM team_member o JOIN account a ON a.id = o.account"
		"   WHERE o.team = $1 AND o.account <> $2 AND o.until > $3 AND a.active = 1)"
		" OR NOT EXISTS (SELECT 1 FROM team t WHERE t.id = $1 AND t.takes_messages = 1 AND t.active = 1))"),
	    BIND(DB(team.v), DB(account.v), DB(tx->cx->now)), &changed));
	return changed ? NULL
	               : ERR(ERR_CONFLICT,
			     "This is the last member of a team that takes messages. Add somebody else first, or close "
			     "the team.",
			     "last member, or no member");
}

fallible
team_add_patient(struct tx *tx, team_id team, patient_id patient, enum care_relation relation)
{
	return db_run(tx,
	    SQL("INSERT INTO team_patient (patient, team, relation, since, until) VALUES ($1, $2, $3, $4, $5)"
		" ON CONFLICT (patient, team) DO UPDATE SET relation = excluded.relation, until = excluded.until"),
	    BIND(DB(patient.v), DB(team.v), DB((int)relation), DB(tx->cx->now), DB(FOREVER)), NULL);
}

fallible
team_remove_patient(struct tx *tx, team_id team, patient_id patient)
{
	return db_run(tx, SQL("UPDATE team_patient SET until = $3 WHERE patient = $1 AND team = $2 AND until > $3"),
	    BIND(DB(patient.v), DB(team.v), DB(tx->cx->now)), NULL);
}

static const struct db_column ACCOUNT_ID[] = {COL(account_id, v)};

fallible
team_member_accounts(struct cx *cx, team_id team, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT m.account FROM team_member m JOIN account a ON a.id = m.account"
		" WHERE m.team = $1 AND m.until > $2 AND a.active = 1 ORDER BY a.role, a.id LIMIT 1000"),
	    BIND(DB(team.v), DB(cx->now)), ROWS(account_id, ACCOUNT_ID), out);
}

fallible
team_members(struct cx *cx, team_id team, struct db_rows *out)
{
	struct db_rows ids;
	const account_id *id;
	struct team_member *members;

	TRY(team_member_accounts(cx, team, &ids));
	id = ids.items;
	members = ARENA_ARRAY(cx->arena, struct team_member, ids.count);
	for (size_t i = 0; i < ids.count; i++) {
		struct account account;
		TRY(account_get(cx, id[i], &account));
		members[i] = (struct team_member){id[i], account.role, account.name, account.title};
	}
	*out = (struct db_rows){members, ids.count};
	return NULL;
}

fallible
teams_of_account(struct cx *cx, account_id account, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " TEAM_COLUMNS " FROM team_member m JOIN team t ON t.id = m.team"
		" WHERE m.account = $1 AND m.until > $2 AND t.active = 1 ORDER BY t.name, t.id LIMIT 1000"),
	    BIND(DB(account.v), DB(cx->now)), ROWS(struct team, TEAM), out);
}

fallible
teams_of_patient(struct cx *cx, patient_id patient, bool taking_messages, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " TEAM_COLUMNS ", p.relation FROM team_patient p JOIN team t ON t.id = p.team"
		" WHERE p.patient = $1 AND p.until > $2 AND t.active = 1"
		" AND ($3 = 0 OR (t.takes_messages = 1 AND EXISTS (SELECT 1 FROM team_member m"
		"   JOIN account a ON a.id = m.account WHERE m.team = t.id AND m.until > $2 AND a.active = 1)))"
		" ORDER BY p.relation, t.name, t.id LIMIT 200"),
	    BIND(DB(patient.v), DB(cx->now), DB(taking_messages)), ROWS(struct team, TEAM_OF_PATIENT), out);
}

fallible
team_has_member(struct cx *cx, team_id team, account_id account, bool *out)
{
	int64_t n;

	TRY(db_one(cx, SQL("SELECT count(*) FROM team_member WHERE account = $1 AND team = $2 AND until > $3"),
	    BIND(DB(account.v), DB(team.v), DB(cx->now)), INTO(&n, ONE_INT)));
	*out = n > 0;
	return NULL;
}
