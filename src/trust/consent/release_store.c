/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of release: rules of facilities, choices of patients, single entries let through. */
#include "trust/consent/release_internal.h"

static const struct db_column RULE[] = {COL(struct release_rule, class), COL(struct release_rule, mode),
    COL(struct release_rule, hours), COL(struct release_rule, code), COL(struct release_rule, since),
    COL(struct release_rule, own)};

fallible
release_rows_between(struct cx *cx, patient_id patient, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT r.class, r.mode, r.hours, r.code, r.made, 0 AS own FROM release_rule r JOIN patient p"
		" ON p.facility = r.facility WHERE p.id = $1"
		" UNION ALL SELECT c.class, c.mode, c.hours, '', c.since, 1 FROM release_pacing c WHERE c.patient = $1"
		" ORDER BY 6, 1, 4"),
	    BIND(DB(patient.v)), ROWS(struct release_rule, RULE), out);
}

fallible
release_rows_of_facility(struct cx *cx, facility_id facility, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT r.class, r.mode, r.hours, r.code, r.made, 0 AS own FROM release_rule r WHERE r.facility = $1"
		" ORDER BY r.class, r.code"),
	    BIND(DB(facility.v)), ROWS(struct release_rule, RULE), out);
}

fallible
release_row_put(struct tx *tx, facility_id facility, const struct release_rule *rule)
{
	return db_run(tx,
	    SQL("INSERT INTO release_rule (facility, class, code, mode, hours, made, made_by)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (facility, class, code)"
		" DO UPDATE SET mode = $4, hours = $5, made = $6, made_by = $7"
		" WHERE release_rule.mode <> $4 OR release_rule.hours <> $5"),
	    BIND(DB(facility.v), DB(rule->class), DB(rule->code), DB(rule->mode), DB(rule->hours), DB(tx->cx->now),
		DB(tx->cx->who.account.v)),
	    NULL);
}

fallible
release_row_remove(struct tx *tx, facility_id facility, enum release_class class, str code)
{
	return db_run(tx, SQL("DELETE FROM release_rule WHERE facility = $1 AND class = $2 AND code = $3"),
	    BIND(DB(facility.v), DB((int)class), DB(code)), NULL);
}

fallible
release_rows_pacing(struct cx *cx, patient_id patient, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT c.class, c.mode, c.hours, '', c.since, 1 FROM release_pacing c WHERE c.patient = $1"
		" ORDER BY c.class"),
	    BIND(DB(patient.v)), ROWS(struct release_rule, RULE), out);
}

fallible
release_row_choose(struct tx *tx, patient_id patient, const struct release_rule *choice)
{
	if (!choice->own)
		return db_run(tx, SQL("DELETE FROM release_pacing WHERE patient = $1 AND class = $2"),
		    BIND(DB(patient.v), DB(choice->class)), NULL);
	return db_run(tx,
	    SQL("INSERT INTO release_pacing (patient, class, mode, hours, since) VALUES ($1, $2, $3, $4, $5)"
		" ON CONFLICT (patient, class) DO UPDATE SET mode = $3, hours = $4, since = $5"
		" WHERE release_pacing.mode <> $3 OR release_pacing.hours <> $4"),
	    BIND(DB(patient.v), DB(choice->class), DB(choice->mode), DB(choice->hours), DB(tx->cx->now)), NULL);
}

static const struct db_column PASS[] = {COL(struct release_pass, n), COL(struct release_pass, by_team)};

fallible
release_rows_passes(struct cx *cx, patient_id patient, int64_t type, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT i.n, i.by_team FROM release_item i WHERE i.patient = $1 AND i.type = $2 ORDER BY i.n, "
		"i.by_team"),
	    BIND(DB(patient.v), DB(type)), ROWS(struct release_pass, PASS), out);
}

fallible
release_row_pass(struct tx *tx, const struct release_let *let, bool by_team, bool *added)
{
	int64_t changed;

	TRY(db_run(tx,
	    SQL("INSERT INTO release_item (patient, type, n, by_team, at, account) VALUES ($1, $2, $3, $4, $5, $6)"
		" ON CONFLICT (patient, type, n, by_team) DO NOTHING"),
	    BIND(
		DB(let->patient.v), DB(let->type), DB(let->n), DB(by_team), DB(tx->cx->now), DB(tx->cx->who.account.v)),
	    &changed));
	*added = changed > 0;
	return NULL;
}
