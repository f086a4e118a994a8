/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of what a clinic offers: kinds of visits, opening hours, slots and the seats in them. */
#include "care/appointments/appointments_internal.h"

#define SLOTS_MAX 5000 /* of one schedule, in the days ahead */

static const struct db_column KIND[] = {COL(struct visit_kind, id.v), COL(struct visit_kind, facility.v),
    COL(struct visit_kind, name), COL(struct visit_kind, prepare), COL(struct visit_kind, minutes),
    COL(struct visit_kind, mode), COL(struct visit_kind, bookable), COL(struct visit_kind, active)};

fallible
visit_kind_row_put(struct tx *tx, const struct visit_kind *k)
{
	return db_run(tx,
	    SQL("INSERT INTO visit_kind (id, facility, name, prepare, minutes, mode, bookable, active, made)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
		" prepare = excluded.prepare, minutes = excluded.minutes, mode = excluded.mode,"
		" bookable = excluded.bookable, active = excluded.active"
		" WHERE visit_kind.facility = excluded.facility"),
	    BIND(DB(k->id.v), DB(k->facility.v), DB(k->name), DB(k->prepare), DB(k->minutes), DB(k->mode),
		DB(k->bookable), DB(k->active), DB(tx->cx->now)),
	    NULL);
}

fallible
visit_kind_row_get(struct cx *cx, visit_kind_id id, struct visit_kind *out, bool *found)
{
	return db_maybe(cx,
	    SQL("SELECT id, facility, name, prepare, minutes, mode, bookable, active FROM visit_kind WHERE id = $1"),
	    BIND(DB(id.v)), INTO(out, KIND), found);
}

fallible
visit_kind_rows(struct cx *cx, facility_id facility, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT id, facility, name, prepare, minutes, mode, bookable, active FROM visit_kind"
		" WHERE facility = $1 ORDER BY active DESC, name, id LIMIT $2"),
	    BIND(DB(facility.v), DB(VISIT_KINDS_MAX)), ROWS(struct visit_kind, KIND), out);
}

#define SCHEDULE_COLUMNS                                                                             \
	"id, facility, team, account, kind, weekdays, from_minute, until_minute, seats, first_day, " \
	"last_day, place, directions, link, active"
static const struct db_column SCHEDULE[] = {COL(struct schedule, id.v), COL(struct schedule, facility.v),
    COL(struct schedule, team.v), COL(struct schedule, account.v), COL(struct schedule, kind.v),
    COL(struct schedule, weekdays), COL(struct schedule, from_minute), COL(struct schedule, until_minute),
    COL(struct schedule, seats), COL(struct schedule, first_day), COL(struct schedule, last_day),
    COL(struct schedule, place), COL(struct schedule, directions), COL(struct schedule, link),
    COL(struct schedule, active)};

fallible
schedule_row_put(struct tx *tx, const struct schedule *s)
{
	return db_run(tx,
	    SQL("INSERT INTO schedule (id, facility, team, account, kind, weekdays, from_minute, until_minute, seats,"
		" first_day, last_day, place, directions, link, active, made) VALUES ($1, $2, $3, $4, $5, $6, $7, $8,"
		" $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (id) DO UPDATE SET team = excluded.team,"
		" account = excluded.account, kind = excluded.kind, weekdays = excluded.weekdays,"
		" from_minute = excluded.from_minute, until_minute = excluded.until_minute, seats = excluded.seats,"
		" first_day = excluded.first_day, last_day = excluded.last_day, place = excluded.place,"
		" directions = excluded.directions, link = excluded.link, active = excluded.active"
		" WHERE schedule.facility = excluded.facility"),
	    BIND(DB(s->id.v), DB(s->facility.v), DB(s->team.v), DB(s->account.v), DB(s->kind.v), DB(s->weekdays),
		DB(s->from_minute), DB(s->until_minute), DB(s->seats), DB(s->first_day), DB(s->last_day), DB(s->place),
		DB(s->directions), DB(s->link), DB(s->active), DB(tx->cx->now)),
	    NULL);
}

fallible
schedule_rows_close(struct tx *tx, team_id team)
{
	TRY(db_run(tx, SQL("UPDATE schedule SET active = 0 WHERE team = $1"), BIND(DB(team.v)), NULL));
	return db_run(tx, SQL("UPDATE slot SET closed = 1 WHERE team = $1 AND start_at > $2"),
	    BIND(DB(team.v), DB(tx->cx->now)), NULL);
}

fallible
schedule_row_get(struct cx *cx, schedule_id id, struct schedule *out, bool *found)
{
	return db_maybe(cx, SQL("SELECT " SCHEDULE_COLUMNS " FROM schedule WHERE id = $1"), BIND(DB(id.v)),
	    INTO(out, SCHEDULE), found);
}

fallible
schedule_rows(struct cx *cx, facility_id facility, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " SCHEDULE_COLUMNS " FROM schedule WHERE facility = $1"
		" ORDER BY active DESC, team, made, id LIMIT $2"),
	    BIND(DB(facility.v), DB(SCHEDULES_MAX)), ROWS(struct schedule, SCHEDULE), out);
}

/* ---- slots ---- */

#define SLOT_COLUMNS                                                                 \
	"s.id, s.schedule, s.team, s.kind, s.start_at, s.end_at, s.seats, s.closed," \
	" (SELECT count(*) FROM seat t WHERE t.slot = s.id)"
static const struct db_column SLOT[] = {COL(struct slot, id.v), COL(struct slot, schedule.v), COL(struct slot, team.v),
    COL(struct slot, kind.v), COL(struct slot, start), COL(struct slot, end), COL(struct slot, seats),
    COL(struct slot, closed), COL(struct slot, taken)};

fallible
slot_row_get(struct cx *cx, slot_id id, struct slot *out, bool *found)
{
	return db_maybe(
	    cx, SQL("SELECT " SLOT_COLUMNS " FROM slot s WHERE s.id = $1"), BIND(DB(id.v)), INTO(out, SLOT), found);
}

fallible
slot_row_add(struct tx *tx, const struct slot *s)
{
	return db_run(tx,
	    SQL("INSERT INTO slot (id, schedule, team, kind, start_at, end_at, seats, closed)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, 0) ON CONFLICT (schedule, start_at) DO NOTHING"),
	    BIND(DB(s->id.v), DB(s->schedule.v), DB(s->team.v), DB(s->kind.v), DB(s->start), DB(s->end), DB(s->seats)),
	    NULL);
}

fallible
slot_row_seats(struct tx *tx, slot_id id, int64_t seats, bool closed)
{
	return db_run(tx, SQL("UPDATE slot SET seats = $2, closed = $3 WHERE id = $1"),
	    BIND(DB(id.v), DB(seats), DB(closed)), NULL);
}

fallible
slot_row_delete(struct tx *tx, slot_id id)
{
	return db_run(tx, SQL("DELETE FROM slot WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM seat t WHERE t.slot = $1)"),
	    BIND(DB(id.v)), NULL);
}

fallible
slot_rows_sweep(struct tx *tx, instant before)
{
	return db_run(tx,
	    SQL("DELETE FROM slot WHERE start_at < $1 AND NOT EXISTS (SELECT 1 FROM seat t WHERE t.slot = slot.id)"),
	    BIND(DB(before)), NULL);
}

fallible
slot_rows_of_schedule(struct cx *cx, schedule_id schedule, instant from, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " SLOT_COLUMNS " FROM slot s WHERE s.schedule = $1 AND s.start_at >= $2"
		" ORDER BY s.start_at LIMIT $3"),
	    BIND(DB(schedule.v), DB(from), DB(SLOTS_MAX)), ROWS(struct slot, SLOT), out);
}

fallible
slot_rows_open(struct cx *cx, const struct slot_query *q, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " SLOT_COLUMNS " FROM slot s JOIN visit_kind k ON k.id = s.kind AND k.active = 1"
		" JOIN team m ON m.id = s.team AND m.active = 1"
		" WHERE s.team IN (SELECT p.team FROM team_patient p WHERE p.patient = $1 AND p.since <= $2 AND "
		"p.until > $2)"
		" AND s.closed = 0 AND ($3 IS NULL OR s.team = $3) AND ($4 IS NULL OR s.kind = $4)"
		" AND s.start_at >= $5 AND s.start_at < $6 AND ($7 = 0 OR k.bookable = 1)"
		" AND (SELECT count(*) FROM seat t WHERE t.slot = s.id) < s.seats"
		" AND NOT EXISTS (SELECT 1 FROM appointment a WHERE a.patient = $1 AND a.state IN (30, 40)"
		" AND a.start_at < s.end_at AND a.end_at > s.start_at AND ($9 IS NULL OR a.id <> $9))"
		" ORDER BY s.start_at, s.id LIMIT $8"),
	    BIND(DB(q->patient.v), DB(cx->now), DB(q->team.v), DB(q->kind.v), DB(q->from), DB(q->until),
		DB(q->bookable), DB(q->count_max), DB(q->moved.v)),
	    ROWS(struct slot, SLOT), out);
}

fallible
slot_rows_of_facility(struct cx *cx, facility_id facility, schedule_id schedule, instant from, instant until,
    int64_t offset, int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " SLOT_COLUMNS " FROM slot s JOIN schedule c ON c.id = s.schedule WHERE c.facility = $1"
		" AND ($2 IS NULL OR s.schedule = $2) AND s.start_at >= $3 AND s.start_at < $4"
		" ORDER BY s.start_at, s.id LIMIT $5 OFFSET $6"),
	    BIND(DB(facility.v), DB(schedule.v), DB(from), DB(until), DB(count_max), DB(offset)),
	    ROWS(struct slot, SLOT), out);
}

/* ---- seats ---- */

fallible
seat_rows(struct cx *cx, slot_id slot, struct db_rows *out)
{
	static const struct db_column N[] = {{DB_INT, 0}};

	return db_all(cx, SQL("SELECT n FROM seat WHERE slot = $1 ORDER BY n LIMIT $2"),
	    BIND(DB(slot.v), DB(SCHEDULE_SEATS_MAX)), ROWS(int64_t, N), out);
}

fallible
seat_row_add(struct tx *tx, slot_id slot, int64_t n, const struct appointment *a)
{
	return db_run(tx, SQL("INSERT INTO seat (slot, n, patient, appointment) VALUES ($1, $2, $3, $4)"),
	    BIND(DB(slot.v), DB(n), DB(a->patient.v), DB(a->id.v)), NULL);
}

fallible
seat_row_free(struct tx *tx, const struct appointment *a)
{
	return db_run(tx, SQL("DELETE FROM seat WHERE patient = $1 AND appointment = $2"),
	    BIND(DB(a->patient.v), DB(a->id.v)), NULL);
}
