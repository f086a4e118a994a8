/* SPDX-License-Identifier: Apache-2.0 */
/* Panels: which patients a team cares for, since when, until when, and why. */
#include "care/organization/organization_internal.h"

struct seal_place
association_place(team_id team)
{
	return (struct seal_place){.table = "team_patient.reason", .row = team.v};
}

static instant
end_of(instant until)
{
	return instant_is_none(until) ? (instant){FOREVER} : until;
}

fallible
team_add_patient(struct tx *tx, team_id team, patient_id patient, enum care_relation relation)
{
	return db_run(tx,
	    SQL("INSERT INTO team_patient (patient, team, relation, since, until) VALUES ($1, $2, $3, $4, $5)"
		" ON CONFLICT (patient, team) DO UPDATE SET relation = excluded.relation, until = excluded.until,"
		" made_by = NULL, reason = NULL, came_from = NULL, since ="
		" CASE WHEN team_patient.until > excluded.since THEN team_patient.since ELSE excluded.since END"),
	    BIND(DB(patient.v), DB(team.v), DB((int)relation), DB(tx->cx->now), DB(FOREVER)), NULL);
}

fallible
team_remove_patient(struct tx *tx, team_id team, patient_id patient)
{
	return db_run(tx, SQL("UPDATE team_patient SET until = $3 WHERE patient = $1 AND team = $2 AND until > $3"),
	    BIND(DB(patient.v), DB(team.v), DB(tx->cx->now)), NULL);
}

fallible
association_put(struct tx *tx, const struct association_sealed *in)
{
	const struct association *a = &in->plain;

	return db_run(tx,
	    SQL("INSERT INTO team_patient (patient, team, relation, since, until, made_by, reason)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (patient, team) DO UPDATE SET"
		" relation = excluded.relation, until = excluded.until, made_by = excluded.made_by,"
		" reason = excluded.reason, came_from = NULL, since ="
		" CASE WHEN team_patient.until > excluded.since THEN team_patient.since ELSE excluded.since END"),
	    BIND(DB(a->patient.v), DB(a->team.v), DB(a->relation), DB(tx->cx->now), DB(end_of(a->until)),
		DB(tx->cx->who.account.v), db_bytes(a->reason)),
	    NULL);
}

static const struct db_column ASSOCIATION[] = {COL(struct association, patient.v), COL(struct association, team.v),
    COL(struct association, relation), COL(struct association, since), COL(struct association, until),
    COL(struct association, made_by.v), COL_BYTES(struct association, reason), COL(struct association, came_from.v)};
#define ASSOCIATION_COLUMNS "p.patient, p.team, p.relation, p.since, p.until, p.made_by, p.reason, p.came_from"

static void
ends_to_none(struct db_rows *rows)
{
	struct association *item = rows->items;

	for (size_t i = 0; i < rows->count; i++)
		if (item[i].until.ms == FOREVER)
			item[i].until = INSTANT_NONE;
}

fallible
association_rows(struct cx *cx, patient_id patient, struct db_rows *out)
{
	TRY(db_all(cx,
	    SQL("SELECT " ASSOCIATION_COLUMNS
		" FROM team_patient p WHERE p.patient = $1 ORDER BY p.until DESC, p.since DESC LIMIT 500"),
	    BIND(DB(patient.v)), ROWS(struct association, ASSOCIATION), out));
	ends_to_none(out);
	return NULL;
}

fallible
team_panel_count(struct cx *cx, team_id team, int64_t *out)
{
	return db_one(cx, SQL("SELECT count(*) FROM team_patient WHERE team = $1 AND since <= $2 AND until > $2"),
	    BIND(DB(team.v), DB(cx->now)), INTO(out, ONE_INT));
}

fallible
team_panel(struct cx *cx, team_id team, patient_id after, int64_t count_max, struct db_rows *out)
{
	struct uuid from = uuid_is_none(after.v) ? (struct uuid){{[15] = 1}} : after.v; /* all zeros would be NULL */
	struct association *item;

	TRY(db_all(cx,
	    SQL("SELECT " ASSOCIATION_COLUMNS " FROM team_patient p"
		" WHERE p.team = $1 AND p.patient > $3 AND p.since <= $2 AND p.until > $2 ORDER BY p.patient LIMIT $4"),
	    BIND(DB(team.v), DB(cx->now), DB(from), DB(count_max)), ROWS(struct association, ASSOCIATION), out));
	item = out->items;
	for (size_t i = 0; i < out->count; i++)
		item[i].reason = STR_NONE;
	ends_to_none(out);
	return NULL;
}

fallible
team_panel_end(struct tx *tx, team_id team)
{
	return db_run(tx, SQL("UPDATE team_patient SET until = $2 WHERE team = $1 AND until > $2"),
	    BIND(DB(team.v), DB(tx->cx->now)), NULL);
}

fallible
team_panel_move(struct tx *tx, team_id from, team_id to)
{
	TRY(db_run(tx,
	    SQL("INSERT INTO team_patient (patient, team, relation, since, until, made_by, came_from)"
		" SELECT patient, $2, relation, $3, until, $4, $1 FROM team_patient WHERE team = $1 AND until > $3"
		" ON CONFLICT (patient, team) DO UPDATE SET"
		" since = CASE WHEN team_patient.until > excluded.since THEN team_patient.since ELSE excluded.since "
		"END,"
		" until = CASE WHEN team_patient.until > excluded.until THEN team_patient.until ELSE excluded.until "
		"END"),
	    BIND(DB(from.v), DB(to.v), DB(tx->cx->now), DB(tx->cx->who.account.v)), NULL));
	return team_panel_end(tx, from);
}
