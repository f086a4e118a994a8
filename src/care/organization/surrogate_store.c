/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of surrogates, and of who works for a team because of them. */
#include "care/organization/organization_internal.h"

/* ---- who works for a team ---- */

#define LATER(a, b)   "CASE WHEN " a " > " b " THEN " a " ELSE " b " END"
#define EARLIER(a, b) "CASE WHEN " a " < " b " THEN " a " ELSE " b " END"

/* The four ways to stand in: a person or a team, for a person (in each of their teams) or for a team. */
static fallible
spread(struct tx *tx, struct uuid id)
{
	TRY(db_run(tx, SQL("DELETE FROM team_worker WHERE via = $1"), BIND(DB(id)), NULL));
	return db_run(tx,
	    SQL("INSERT INTO team_worker (account, team, via, since, until)"
		" SELECT x.account, x.team, x.via, x.since, x.until FROM ("
		"SELECT s.by_account AS account, m.team AS team, s.id AS via, " LATER(
		    "s.since", "m.since") " AS since, " EARLIER("s.until",
		    "m.until") " AS until"
			       "  FROM surrogate s JOIN team_member m ON m.account = s.account WHERE s.id = $1 AND "
			       "s.by_account IS NOT NULL"
			       " UNION ALL SELECT s.by_account, s.team, s.id, s.since, s.until FROM surrogate s"
			       "  WHERE s.id = $1 AND s.team IS NOT NULL AND s.by_account IS NOT NULL"
			       " UNION ALL SELECT b.account, s.team, s.id, " LATER("s.since", "b.since") ", " EARLIER(
				   "s.until",
				   "b.until") "  FROM surrogate s JOIN team_member b ON b.team = s.by_team WHERE s.id "
					      "= $1 AND s.team IS NOT NULL"
					      " UNION ALL SELECT b.account, m.team, s.id, " LATER(
						  "s.since", LATER("m.since", "b.since")) ", " EARLIER("s.until",
						  EARLIER("m.until",
						      "b.until")) "  FROM surrogate s JOIN team_member m ON m.account "
								  "= s.account JOIN team_member b ON b.team = s.by_team"
								  "  WHERE s.id = $1 AND b.account <> s.account"
								  ") x WHERE x.since < x.until"),
	    BIND(DB(id)), NULL);
}

fallible
worker_rows_of_member(struct tx *tx, team_id team, account_id account)
{
	struct db_rows rows;
	const struct uuid *id;
	static const struct db_column ID[] = {{DB_UUID, 0}};

	TRY(db_run(tx,
	    SQL("INSERT INTO team_worker (account, team, via, since, until)"
		" SELECT account, team, team, since, until FROM team_member WHERE account = $1 AND team = $2"
		" ON CONFLICT (account, team, via) DO UPDATE SET since = excluded.since, until = excluded.until"),
	    BIND(DB(account.v), DB(team.v)), NULL));
	TRY(db_all(tx->cx,
	    SQL("SELECT id FROM surrogate WHERE until > $3 AND account = $1"
		" UNION SELECT id FROM surrogate WHERE until > $3 AND by_team = $2"),
	    BIND(DB(account.v), DB(team.v), DB(tx->cx->now)), ROWS(struct uuid, ID), &rows));
	id = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		TRY(spread(tx, id[i]));
	return NULL;
}

/* ---- surrogates ---- */

static const struct db_column SURROGATE[] = {COL(struct surrogate, id), COL(struct surrogate, facility.v),
    COL(struct surrogate, account.v), COL(struct surrogate, team.v), COL(struct surrogate, by_account.v),
    COL(struct surrogate, by_team.v), COL(struct surrogate, since), COL(struct surrogate, until),
    COL(struct surrogate, all_day), COL(struct surrogate, made_by.v)};
#define SURROGATE_COLUMNS "id, facility, account, team, by_account, by_team, since, until, all_day, made_by"

fallible
surrogate_row_add(struct tx *tx, const struct surrogate *in)
{
	TRY(db_run(tx,
	    SQL("INSERT INTO surrogate (" SURROGATE_COLUMNS ", made)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"),
	    BIND(DB(in->id), DB(in->facility.v), DB(in->account.v), DB(in->team.v), DB(in->by_account.v),
		DB(in->by_team.v), DB(in->since), DB(in->until), DB(in->all_day), DB(in->made_by.v), DB(tx->cx->now)),
	    NULL));
	return spread(tx, in->id);
}

fallible
surrogate_row_end(struct tx *tx, struct uuid id)
{
	int64_t changed;

	TRY(db_run(tx, SQL("UPDATE surrogate SET until = $2 WHERE id = $1 AND until > $2"),
	    BIND(DB(id), DB(tx->cx->now)), &changed));
	if (!changed)
		return ERR(ERR_CONFLICT, TR("This is over already."), "the surrogate's time is over");
	return spread(tx, id);
}

fallible
surrogate_row_get(struct cx *cx, struct uuid id, struct surrogate *out)
{
	return db_one(
	    cx, SQL("SELECT " SURROGATE_COLUMNS " FROM surrogate WHERE id = $1"), BIND(DB(id)), INTO(out, SURROGATE));
}

fallible
surrogate_rows(struct cx *cx, facility_id facility, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " SURROGATE_COLUMNS
		" FROM surrogate WHERE facility = $1 AND until > $2 ORDER BY since, id LIMIT 1000"),
	    BIND(DB(facility.v), DB(cx->now)), ROWS(struct surrogate, SURROGATE), out);
}

fallible
surrogate_row_of_account(struct cx *cx, account_id account, struct surrogate *out, bool *found)
{
	return db_maybe(cx,
	    SQL("SELECT " SURROGATE_COLUMNS " FROM surrogate WHERE account = $1 AND since <= $2 AND until > $2"),
	    BIND(DB(account.v), DB(cx->now)), INTO(out, SURROGATE), found);
}

static const struct db_column CLASH[] = {
    COL(struct surrogate_clash, covered), COL(struct surrogate_clash, by_away), COL(struct surrogate_clash, stands)};

fallible
surrogate_row_clash(struct cx *cx, const struct surrogate *in, struct surrogate_clash *out)
{
	return db_one(cx,
	    SQL("SELECT (SELECT count(*) FROM surrogate WHERE (account = $1 OR team = $2) AND since < $6 AND until > "
		"$5),"
		" (SELECT count(*) FROM surrogate WHERE (account = $3 OR team = $4) AND since < $6 AND until > $5),"
		" (SELECT count(*) FROM surrogate WHERE (by_account = $1 OR by_team = $2) AND since < $6 AND until > "
		"$5)"),
	    BIND(DB(in->account.v), DB(in->team.v), DB(in->by_account.v), DB(in->by_team.v), DB(in->since),
		DB(in->until)),
	    INTO(out, CLASH));
}
