/* SPDX-License-Identifier: Apache-2.0 */
/* Facilities and their days off. */
#include "platform/pages/i18n.h"
#include "trust/identity/identity_internal.h"

static const struct db_column FACILITY[] = {COL(struct facility, id.v), COL(struct facility, name),
    COL(struct facility, zone), COL(struct facility, phone), COL(struct facility, emergency_number),
    COL(struct facility, crisis_line), COL(struct facility, reply_days)};

fallible
facility_create(struct tx *tx, const struct facility *facility)
{
	const struct zone *zone;

	TRY(zone_find(facility->zone, &zone));
	return db_run(tx,
	    SQL("INSERT INTO facility (id, name, zone, phone, emergency_number, crisis_line, reply_days, made)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
	    BIND(DB(facility->id.v), DB(facility->name), DB(facility->zone), DB(facility->phone),
		DB(facility->emergency_number), DB(facility->crisis_line), DB(facility->reply_days), DB(tx->cx->now)),
	    NULL);
}

fallible
facility_get(struct cx *cx, facility_id id, struct facility *out)
{
	return db_one(cx,
	    SQL("SELECT id, name, zone, phone, emergency_number, crisis_line, reply_days FROM facility WHERE id = $1"),
	    BIND(DB(id.v)), INTO(out, FACILITY));
}

fallible
facility_list(struct cx *cx, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT id, name, zone, phone, emergency_number, crisis_line, reply_days FROM facility ORDER BY name, "
		"id"),
	    BIND_NONE, ROWS(struct facility, FACILITY), out);
}

static const struct db_column ONE_DAY[] = {{DB_INT32, 0}};

fallible
facility_calendar(struct cx *cx, facility_id id, struct business_calendar *out)
{
	struct facility facility;
	struct db_rows days;

	TRY(facility_get(cx, id, &facility));
	TRY(db_all(cx, SQL("SELECT day FROM facility_closure WHERE facility = $1 ORDER BY day"), BIND(DB(id.v)),
	    ROWS(int32_t, ONE_DAY), &days));
	*out = (struct business_calendar){.closures = days.items, .closure_count = days.count};
	return zone_find(facility.zone, &out->zone);
}

fallible
facility_close_day(struct tx *tx, facility_id id, int32_t day, str reason)
{
	return db_run(tx,
	    SQL("INSERT INTO facility_closure (facility, day, reason) VALUES ($1, $2, $3)"
		" ON CONFLICT (facility, day) DO UPDATE SET reason = excluded.reason"),
	    BIND(DB(id.v), DB(day), DB(reason)), NULL);
}

fallible
facility_open_day(struct tx *tx, facility_id id, int32_t day)
{
	int64_t changed;

	TRY(db_run(tx, SQL("DELETE FROM facility_closure WHERE facility = $1 AND day = $2"), BIND(DB(id.v), DB(day)),
	    &changed));
	return changed ? NULL : ERR(ERR_GONE, TR("This day is not closed."), "no such closure");
}

static const struct db_column CLOSURE[] = {COL(struct facility_closure, day), COL(struct facility_closure, reason)};

fallible
facility_closures(struct cx *cx, facility_id id, int32_t from_day, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT day, reason FROM facility_closure WHERE facility = $1 AND day >= $2 ORDER BY day LIMIT 1000"),
	    BIND(DB(id.v), DB(from_day)), ROWS(struct facility_closure, CLOSURE), out);
}

fallible
facility_update(struct tx *tx, const struct facility *facility)
{
	int64_t changed;

	TRY(db_run(tx,
	    SQL("UPDATE facility SET name = $2, zone = $3, phone = $4, emergency_number = $5, crisis_line = $6,"
		" reply_days = $7 WHERE id = $1"),
	    BIND(DB(facility->id.v), DB(facility->name), DB(facility->zone), DB(facility->phone),
		DB(facility->emergency_number), DB(facility->crisis_line), DB(facility->reply_days)),
	    &changed));
	return changed ? NULL : ERR(ERR_GONE, TR("There is no such facility."), "no such facility");
}

/* ---- settings ---- */

static const struct db_column SETTING[] = {COL(struct setting_row, name), COL(struct setting_row, value)};

fallible
facility_setting_rows(struct cx *cx, facility_id facility, struct db_rows *out)
{
	return db_all(cx, SQL("SELECT name, value FROM facility_setting WHERE facility = $1 LIMIT 100"),
	    BIND(DB(facility.v)), ROWS(struct setting_row, SETTING), out);
}

fallible
facility_setting_row_put(struct tx *tx, facility_id facility, str name, int64_t value)
{
	return db_run(tx,
	    SQL("INSERT INTO facility_setting (facility, name, value) VALUES ($1, $2, $3)"
		" ON CONFLICT (facility, name) DO UPDATE SET value = excluded.value"),
	    BIND(DB(facility.v), DB(name), DB(value)), NULL);
}
