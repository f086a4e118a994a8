/* SPDX-License-Identifier: Apache-2.0 */
/* Facilities and their days off. */
#include "trust/identity/identity.h"

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
