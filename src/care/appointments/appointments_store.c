/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of visits, of the times on offer for them, and of when people are reminded. */
#include "care/appointments/appointments_internal.h"

#define ROWS_MAX 500

#define APPOINTMENT_COLUMNS                                                                                  \
	"a.patient, a.id, a.facility, a.team, a.kind, a.account, a.slot, a.ours, a.state, a.asked, a.mode, " \
	"a.start_at, a.end_at, a.version, a.changes, a.details, a.wish, a.agenda, a.thread, a.made, "        \
	"a.changed_at, a.asked_at, a.arrived_at, a.remind_at"
static const struct db_column APPOINTMENT[] = {COL(struct appointment, patient.v), COL(struct appointment, id.v),
    COL(struct appointment, facility.v), COL(struct appointment, team.v), COL(struct appointment, kind.v),
    COL(struct appointment, account.v), COL(struct appointment, slot.v), COL(struct appointment, ours),
    COL(struct appointment, state), COL(struct appointment, asked), COL(struct appointment, mode),
    COL(struct appointment, start), COL(struct appointment, end), COL(struct appointment, version),
    COL(struct appointment, changes), COL_BYTES(struct appointment, details_sealed),
    COL_BYTES(struct appointment, wish_sealed), COL_BYTES(struct appointment, agenda_sealed),
    COL(struct appointment, thread.v), COL(struct appointment, made), COL(struct appointment, changed_at),
    COL(struct appointment, asked_at), COL(struct appointment, arrived_at), COL(struct appointment, remind_at)};

fallible
appointment_row_get(struct cx *cx, patient_id patient, appointment_id id, struct appointment *out, bool *found)
{
	*out = (struct appointment){0};
	return db_maybe(cx, SQL("SELECT " APPOINTMENT_COLUMNS " FROM appointment a WHERE a.patient = $1 AND a.id = $2"),
	    BIND(DB(patient.v), DB(id.v)), INTO(out, APPOINTMENT), found);
}

fallible
appointment_row_add(struct tx *tx, const struct appointment *a, bool *added)
{
	int64_t changed;

	TRY(db_run(tx,
	    SQL("INSERT INTO appointment (patient, id, facility, team, kind, account, slot, ours, state, asked, mode,"
		" start_at, end_at, version, changes, details, wish, agenda, thread, made, changed_at, asked_at,"
		" arrived_at, remind_at, ask_team) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,"
		" $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, CASE WHEN $10 = 0 THEN NULL ELSE $4 END) ON "
		"CONFLICT (patient, id) DO NOTHING"),
	    BIND(DB(a->patient.v), DB(a->id.v), DB(a->facility.v), DB(a->team.v), DB(a->kind.v), DB(a->account.v),
		DB(a->slot.v), DB(a->ours), DB(a->state), DB(a->asked), DB(a->mode), DB(a->start), DB(a->end),
		DB(a->version), DB(a->changes), db_bytes(a->details_sealed), db_bytes(a->wish_sealed),
		db_bytes(a->agenda_sealed), DB(a->thread.v), DB(a->made), DB(a->changed_at), DB(a->asked_at),
		DB(a->arrived_at), DB(a->remind_at)),
	    &changed));
	*added = changed > 0;
	return NULL;
}

fallible
appointment_row_put(struct tx *tx, const struct appointment *a, int64_t changes, bool *changed)
{
	int64_t count;

	TRY(db_run(tx,
	    SQL("UPDATE appointment SET team = $3, kind = $4, account = $5, slot = $6, state = $7, asked = $8, mode = "
		"$9,"
		" start_at = $10, end_at = $11, version = $12, changes = changes + 1, details = $13, wish = $14,"
		" thread = $15, changed_at = $16, asked_at = $17, arrived_at = $18, remind_at = $19,"
		" ask_team = CASE WHEN $8 = 0 THEN NULL ELSE coalesce(ask_team, $3) END"
		" WHERE patient = $1 AND id = $2 AND changes = $20"),
	    BIND(DB(a->patient.v), DB(a->id.v), DB(a->team.v), DB(a->kind.v), DB(a->account.v), DB(a->slot.v),
		DB(a->state), DB(a->asked), DB(a->mode), DB(a->start), DB(a->end), DB(a->version),
		db_bytes(a->details_sealed), db_bytes(a->wish_sealed), DB(a->thread.v), DB(a->changed_at),
		DB(a->asked_at), DB(a->arrived_at), DB(a->remind_at), DB(changes)),
	    &count));
	*changed = count > 0;
	return NULL;
}

fallible
appointment_row_agenda(struct tx *tx, const struct appointment *a, bool *changed)
{
	int64_t count;

	TRY(db_run(tx,
	    SQL("UPDATE appointment SET agenda = $3, version = $4 WHERE patient = $1 AND id = $2 AND changes = $5"),
	    BIND(DB(a->patient.v), DB(a->id.v), db_bytes(a->agenda_sealed), DB(a->version), DB(a->changes)), &count));
	*changed = count > 0;
	return NULL;
}

fallible
appointment_row_remind(struct tx *tx, patient_id patient, appointment_id id, instant remind_at)
{
	return db_run(tx, SQL("UPDATE appointment SET remind_at = $3 WHERE patient = $1 AND id = $2"),
	    BIND(DB(patient.v), DB(id.v), DB(remind_at)), NULL);
}

/* States: 10 and 20 wait for a time, 30 and 40 have one, 50 to 70 are over, 80 is a mistake. */
fallible
appointment_rows(struct cx *cx, patient_id patient, enum appointment_list list, int64_t offset, int64_t count_max,
    struct db_rows *out)
{
	switch (list) {
	case APPOINTMENTS_TO_COME:
		return db_all(cx,
		    SQL("SELECT " APPOINTMENT_COLUMNS " FROM appointment a WHERE a.patient = $1"
			" AND a.state IN (30, 40) AND a.end_at > $2 ORDER BY a.start_at, a.id LIMIT $3 OFFSET $4"),
		    BIND(DB(patient.v), DB(cx->now), DB(count_max), DB(offset)), ROWS(struct appointment, APPOINTMENT),
		    out);
	case APPOINTMENTS_ASKED:
		return db_all(cx,
		    SQL("SELECT " APPOINTMENT_COLUMNS " FROM appointment a WHERE a.patient = $1"
			" AND a.state IN (10, 20) ORDER BY a.asked_at DESC, a.id LIMIT $2 OFFSET $3"),
		    BIND(DB(patient.v), DB(count_max), DB(offset)), ROWS(struct appointment, APPOINTMENT), out);
	case APPOINTMENTS_PAST: break;
	}
	return db_all(cx,
	    SQL("SELECT " APPOINTMENT_COLUMNS " FROM appointment a WHERE a.patient = $1"
		" AND (a.state IN (50, 60, 70) OR (a.state IN (30, 40) AND a.end_at <= $2))"
		" ORDER BY coalesce(a.start_at, a.made) DESC, a.id LIMIT $3 OFFSET $4"),
	    BIND(DB(patient.v), DB(cx->now), DB(count_max), DB(offset)), ROWS(struct appointment, APPOINTMENT), out);
}

fallible
appointment_rows_of_day(struct cx *cx, const struct day_query *query, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " APPOINTMENT_COLUMNS " FROM appointment a"
		" WHERE a.team IN (SELECT w.team FROM team_worker w WHERE w.account = $1 AND w.since <= $2 AND w.until "
		"> $2)"
		" AND EXISTS (SELECT 1 FROM visible_patient v WHERE v.patient = a.patient AND v.account = $1"
		" AND v.since <= $2 AND v.until > $2)"
		" AND ($3 IS NULL OR a.team = $3) AND ($4 IS NULL OR a.account = $4)"
		" AND a.start_at >= $5 AND a.start_at < $6 AND a.state IN (30, 40, 50, 60, 70)"
		" ORDER BY a.start_at, a.id LIMIT $7"),
	    BIND(DB(cx->who.account.v), DB(cx->now), DB(query->team.v),
		DB(query->mine ? cx->who.account.v : (struct uuid){{0}}), DB(query->from), DB(query->until),
		DB(ROWS_MAX)),
	    ROWS(struct appointment, APPOINTMENT), out);
}

fallible
appointment_rows_waiting(struct cx *cx, team_id team, int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " APPOINTMENT_COLUMNS " FROM appointment a"
		" WHERE a.ask_team IN (SELECT w.team FROM team_worker w WHERE w.account = $1 AND w.since <= $2"
		" AND w.until > $2)"
		" AND EXISTS (SELECT 1 FROM visible_patient v WHERE v.patient = a.patient AND v.account = $1"
		" AND v.since <= $2 AND v.until > $2)"
		" AND ($3 IS NULL OR a.ask_team = $3) AND a.asked IN (1, 2, 3) AND a.asked_at IS NOT NULL"
		" ORDER BY a.asked_at, a.id LIMIT $4"),
	    BIND(DB(cx->who.account.v), DB(cx->now), DB(team.v), DB(count_max)), ROWS(struct appointment, APPOINTMENT),
	    out);
}

fallible
appointment_rows_waiting_count(struct cx *cx, int64_t *out)
{
	return db_one(cx,
	    SQL("SELECT count(*) FROM appointment a"
		" WHERE a.ask_team IN (SELECT w.team FROM team_worker w WHERE w.account = $1 AND w.since <= $2 AND "
		"w.until "
		"> $2)"
		" AND a.asked IN (1, 2, 3) AND a.asked_at IS NOT NULL AND EXISTS (SELECT 1 FROM visible_patient v"
		" WHERE v.patient = a.patient AND v.account = $1 AND v.since <= $2 AND v.until > $2)"),
	    BIND(DB(cx->who.account.v), DB(cx->now)), INTO(out, ONE_INT));
}

fallible
appointment_rows_open_count(struct cx *cx, patient_id patient, int64_t *out)
{
	return db_one(cx,
	    SQL("SELECT count(*) FROM appointment a WHERE a.patient = $1 AND a.ours = 1"
		" AND (a.state IN (10, 20) OR (a.state = 30 AND a.end_at > $2))"),
	    BIND(DB(patient.v), DB(cx->now)), INTO(out, ONE_INT));
}

fallible
appointment_row_overlaps(
    struct cx *cx, patient_id patient, appointment_id except, instant start, instant end, bool *out)
{
	int64_t count;

	TRY(db_one(cx,
	    SQL("SELECT count(*) FROM appointment a WHERE a.patient = $1 AND a.id <> $2 AND a.state IN (30, 40)"
		" AND a.start_at < $4 AND a.end_at > $3"),
	    BIND(DB(patient.v), DB(except.v), DB(start), DB(end)), INTO(&count, ONE_INT)));
	*out = count > 0;
	return NULL;
}

fallible
appointment_rows_open_of_team(struct cx *cx, team_id team, int64_t *out)
{
	return db_one(cx,
	    SQL("SELECT count(*) FROM appointment WHERE team = $1"
		" AND (asked <> 0 OR (state IN (30, 40) AND start_at > $2))"),
	    BIND(DB(team.v), DB(cx->now)), INTO(out, ONE_INT));
}

fallible
appointment_rows_move(struct tx *tx, team_id from, team_id to)
{
	TRY(db_run(tx,
	    SQL("UPDATE appointment SET ask_team = $2, changes = changes + 1 WHERE ask_team = $1 AND team <> $1"),
	    BIND(DB(from.v), DB(to.v)), NULL));
	return db_run(tx,
	    SQL("UPDATE appointment SET team = $2, changes = changes + 1,"
		" ask_team = CASE WHEN ask_team = $1 THEN $2 ELSE ask_team END WHERE team = $1"
		" AND (asked <> 0 OR (state IN (30, 40) AND start_at > $3))"),
	    BIND(DB(from.v), DB(to.v), DB(tx->cx->now)), NULL);
}

static const struct db_column MOVED[] = {COL(struct appointment, patient.v), COL(struct appointment, id.v),
    COL(struct appointment, team.v), COL(struct appointment, changes)};

/* What is asked in a conversation; `team`: who answers it. */
fallible
appointment_rows_asked_in(struct cx *cx, thread_id thread, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT patient, id, ask_team, changes FROM appointment WHERE thread = $1 AND ask_team IS NOT NULL"
		" ORDER BY id LIMIT $2"),
	    BIND(DB(thread.v), DB(APPOINTMENTS_OPEN_MAX)), ROWS(struct appointment, MOVED), out);
}

/* A request for a visit goes along whole; a visit that stands stays where it is, and only the question goes. */
fallible
appointment_row_ask_of(struct tx *tx, const struct appointment *a, team_id team, bool *moved)
{
	int64_t count;

	TRY(db_run(tx,
	    SQL("UPDATE appointment SET ask_team = $3, team = CASE WHEN state IN (10, 20) THEN $3 ELSE team END,"
		" changes = changes + 1 WHERE patient = $1 AND id = $2 AND changes = $4 AND ask_team IS NOT NULL"),
	    BIND(DB(a->patient.v), DB(a->id.v), DB(team.v), DB(a->changes)), &count));
	*moved = count > 0;
	return NULL;
}

fallible
appointment_rows_to_remind(struct cx *cx, int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " APPOINTMENT_COLUMNS " FROM appointment a WHERE a.remind_at IS NOT NULL AND a.remind_at <= $1"
		" ORDER BY a.remind_at, a.id LIMIT $2"),
	    BIND(DB(cx->now), DB(count_max)), ROWS(struct appointment, APPOINTMENT), out);
}

/* ---- times on offer ---- */

static const struct db_column SLOT_ID[] = {COL(slot_id, v)};

fallible
offer_rows(struct cx *cx, patient_id patient, appointment_id id, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT slot FROM appointment_offer WHERE patient = $1 AND appointment = $2 ORDER BY n LIMIT $3"),
	    BIND(DB(patient.v), DB(id.v), DB(APPOINTMENT_OFFERS_MAX)), ROWS(slot_id, SLOT_ID), out);
}

fallible
offer_rows_put(struct tx *tx, const struct appointment *a, const slot_id *slots, size_t count)
{
	TRY(db_run(tx, SQL("DELETE FROM appointment_offer WHERE patient = $1 AND appointment = $2"),
	    BIND(DB(a->patient.v), DB(a->id.v)), NULL));
	for (size_t i = 0; i < count; i++)
		TRY(db_run(tx,
		    SQL("INSERT INTO appointment_offer (patient, appointment, n, slot) VALUES ($1, $2, $3, $4)"),
		    BIND(DB(a->patient.v), DB(a->id.v), DB((int64_t)i), DB(slots[i].v)), NULL));
	return NULL;
}

/* ---- reminders ---- */

fallible
reminder_choice_row_get(struct cx *cx, account_id account, int64_t *days, bool *found)
{
	return db_maybe(cx, SQL("SELECT days FROM visit_reminder_choice WHERE account = $1"), BIND(DB(account.v)),
	    INTO(days, ONE_INT), found);
}

fallible
reminder_choice_row_put(struct tx *tx, account_id account, int64_t days)
{
	return db_run(tx,
	    SQL("INSERT INTO visit_reminder_choice (account, days) VALUES ($1, $2)"
		" ON CONFLICT (account) DO UPDATE SET days = excluded.days"),
	    BIND(DB(account.v), DB(days)), NULL);
}

/* ---- what must always be true ---- */

struct trouble {
	struct uuid id;
	int64_t what;
};
static const struct db_column TROUBLE[] = {COL(struct trouble, id), COL(struct trouble, what)};

fallible
appointments_check_invariants(struct cx *cx, struct buf *report)
{
	static const char *const words[] = {"", "a slot with more seats taken than it has",
	    "a seat whose visit is not there, is not on, or is somewhere else", "a visit with a slot and no seat in it",
	    "a request that nobody can see", "a reminder of a visit that is not booked",
	    "a visit of ours without its Appointment, or behind it"};
	struct db_rows rows;
	const struct trouble *trouble;

	TRY(db_all(cx,
	    SQL("SELECT s.id, 1 FROM slot s JOIN seat t ON t.slot = s.id GROUP BY s.id, s.seats HAVING count(*) > "
		"s.seats"
		" UNION ALL SELECT t.appointment, 2 FROM seat t LEFT JOIN appointment a ON a.patient = t.patient AND"
		" a.id = t.appointment WHERE a.id IS NULL OR a.slot IS NULL OR a.slot <> t.slot OR"
		" a.state IN (10, 20, 60, 80)"
		" UNION ALL SELECT a.id, 3 FROM appointment a LEFT JOIN seat t ON t.patient = a.patient AND"
		" t.appointment = a.id WHERE a.slot IS NOT NULL AND a.state IN (30, 40, 50, 70) AND t.slot IS NULL"
		" UNION ALL SELECT a.id, 4 FROM appointment a WHERE (a.state = 10 AND a.asked <> 1 AND a.ours = 1) OR"
		" (a.state = 20 AND a.asked <> 4 AND a.ours = 1) OR"
		" (a.state IN (40, 50, 60, 70, 80) AND a.asked <> 0) OR (a.asked <> 0 AND a.asked_at IS NULL) OR"
		" (a.asked IN (1, 2, 3) AND a.ask_team IS NULL) OR (a.asked = 0 AND a.ask_team IS NOT NULL)"
		" UNION ALL SELECT a.id, 5 FROM appointment a WHERE a.remind_at IS NOT NULL AND a.state <> 30"
		" UNION ALL SELECT a.id, 6 FROM appointment a LEFT JOIN resource r ON r.patient = a.patient AND"
		" r.type = 5 AND r.key = a.id WHERE a.ours = 1 AND (r.key IS NULL OR r.version < a.version) LIMIT 100"),
	    BIND_NONE, ROWS(struct trouble, TROUBLE), &rows));
	trouble = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		buf_printf(report, "%s: %.*s\n", words[trouble[i].what], STR_ARG(uuid_text(cx->arena, trouble[i].id)));
	return NULL;
}
