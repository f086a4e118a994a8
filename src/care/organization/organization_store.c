/* SPDX-License-Identifier: Apache-2.0 */
/* Teams and who works in them. */
#include "care/organization/organization_internal.h"

#define TEAM_MAP                                                                                              \
	COL(struct team, id.v), COL(struct team, facility.v), COL(struct team, name), COL(struct team, care), \
	    COL(struct team, place), COL(struct team, lead.v), COL(struct team, takes_messages),              \
	    COL(struct team, active), COL(struct team, needs_signature), COL(struct team, open_days),         \
	    COL(struct team, open_from), COL(struct team, open_until)
static const struct db_column TEAM[] = {TEAM_MAP};
static const struct db_column TEAM_OF_PATIENT[] = {TEAM_MAP, COL(struct team, relation)};
#define TEAM_COLUMNS                                                                                        \
	"t.id, t.facility, t.name, t.care, t.place, t.lead, t.takes_messages, t.active, t.needs_signature," \
	" t.open_days, t.open_from, t.open_until"

fallible
team_create(struct tx *tx, const struct team *team)
{
	return db_run(tx,
	    SQL("INSERT INTO team (id, facility, name, care, place, lead, takes_messages, active, made, "
		"needs_signature,"
		" open_days, open_from, open_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"),
	    BIND(DB(team->id.v), DB(team->facility.v), DB(team->name), DB(team->care), DB(team->place),
		DB(team->lead.v), DB(team->takes_messages), DB(team->active), DB(tx->cx->now),
		DB(team->needs_signature), DB(team->open_days), DB(team->open_from), DB(team->open_until)),
	    NULL);
}

fallible
team_update(struct tx *tx, const struct team *team)
{
	return db_run(tx,
	    SQL("UPDATE team SET name = $2, care = $3, place = $4, lead = $5, takes_messages = $6, needs_signature = "
		"$7,"
		" open_days = $8, open_from = $9, open_until = $10 WHERE id = $1"),
	    BIND(DB(team->id.v), DB(team->name), DB(team->care), DB(team->place), DB(team->lead.v),
		DB(team->takes_messages), DB(team->needs_signature), DB(team->open_days), DB(team->open_from),
		DB(team->open_until)),
	    NULL);
}

fallible
team_close(struct tx *tx, team_id id)
{
	int64_t changed;

	TRY(db_run(tx, SQL("UPDATE team SET active = 0 WHERE id = $1 AND active = 1"), BIND(DB(id.v)), &changed));
	return changed ? NULL : ERR(ERR_CONFLICT, TR("This team is closed already."), "the team is closed");
}

fallible
team_topics(struct cx *cx, team_id id, struct db_rows *out)
{
	return db_all(cx, SQL("SELECT topic FROM team_topic WHERE team = $1 ORDER BY topic LIMIT 100"), BIND(DB(id.v)),
	    ROWS(int64_t, ONE_INT), out);
}

fallible
team_topics_set(struct tx *tx, team_id id, const int64_t *topics, size_t count)
{
	TRY(db_run(tx, SQL("DELETE FROM team_topic WHERE team = $1"), BIND(DB(id.v)), NULL));
	for (size_t i = 0; i < count; i++)
		TRY(db_run(tx, SQL("INSERT INTO team_topic (team, topic) VALUES ($1, $2)"),
		    BIND(DB(id.v), DB(topics[i])), NULL));
	return NULL;
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
	TRY(db_run(tx,
	    SQL("INSERT INTO team_member (team, account, since, until) VALUES ($1, $2, $3, $4)"
		" ON CONFLICT (account, team) DO UPDATE SET until = excluded.until, since ="
		" CASE WHEN team_member.until > excluded.since THEN team_member.since ELSE excluded.since END"),
	    BIND(DB(team.v), DB(account.v), DB(tx->cx->now), DB(FOREVER)), NULL));
	return worker_rows_of_member(tx, team, account);
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
	if (!changed)
		return ERR(ERR_CONFLICT,
		    TR("This is the last member of a team that takes messages. Add somebody else first, or close the "
		       "team."),
		    "last member, or no member");
	return worker_rows_of_member(tx, team, account);
}

static const struct db_column ACCOUNT_ID[] = {COL(account_id, v)};

fallible
team_member_accounts(struct cx *cx, team_id team, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT a.id FROM account a WHERE a.active = 1 AND a.id IN (SELECT w.account FROM team_worker w"
		" WHERE w.team = $1 AND w.since <= $2 AND w.until > $2) ORDER BY a.role, a.id LIMIT 1000"),
	    BIND(DB(team.v), DB(cx->now)), ROWS(account_id, ACCOUNT_ID), out);
}

fallible
team_members(struct cx *cx, team_id team, struct db_rows *out)
{
	struct db_rows ids;
	const account_id *id;
	struct team_member *members;

	TRY(db_all(cx,
	    SQL("SELECT m.account FROM team_member m JOIN account a ON a.id = m.account"
		" WHERE m.team = $1 AND m.until > $2 AND a.active = 1 ORDER BY a.role, a.id LIMIT 1000"),
	    BIND(DB(team.v), DB(cx->now)), ROWS(account_id, ACCOUNT_ID), &ids));
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
	    SQL("SELECT " TEAM_COLUMNS " FROM team t WHERE t.active = 1 AND t.id IN (SELECT w.team FROM team_worker w"
		" WHERE w.account = $1 AND w.since <= $2 AND w.until > $2) ORDER BY t.name, t.id LIMIT 1000"),
	    BIND(DB(account.v), DB(cx->now)), ROWS(struct team, TEAM), out);
}

fallible
teams_of_patient(struct cx *cx, patient_id patient, bool taking_messages, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " TEAM_COLUMNS ", p.relation FROM team_patient p JOIN team t ON t.id = p.team"
		" WHERE p.patient = $1 AND p.since <= $2 AND p.until > $2 AND t.active = 1"
		" AND ($3 = 0 OR (t.takes_messages = 1 AND EXISTS (SELECT 1 FROM team_worker w"
		"   JOIN account a ON a.id = w.account"
		"   WHERE w.team = t.id AND w.since <= $2 AND w.until > $2 AND a.active = 1)"
		"  AND NOT EXISTS (SELECT 1 FROM team_block b WHERE b.patient = p.patient AND b.since <= $2 AND "
		"b.until > $2"
		"   AND b.facility = t.facility AND (b.team IS NULL OR b.team = t.id))))"
		" ORDER BY p.relation, t.name, t.id LIMIT 200"),
	    BIND(DB(patient.v), DB(cx->now), DB(taking_messages)), ROWS(struct team, TEAM_OF_PATIENT), out);
}

fallible
team_has_member(struct cx *cx, team_id team, account_id account, bool *out)
{
	int64_t n;

	TRY(db_one(cx,
	    SQL("SELECT count(*) FROM team_worker WHERE account = $1 AND team = $2 AND since <= $3 AND until > $3"),
	    BIND(DB(account.v), DB(team.v), DB(cx->now)), INTO(&n, ONE_INT)));
	*out = n > 0;
	return NULL;
}
