/* SPDX-License-Identifier: Apache-2.0 */
/* One text to many patients: what is to be sent, and to whom it was. */
#include "care/messaging/messaging_store.h"

struct seal_place
broadcast_place(broadcast_id id, const char *what)
{
	return (struct seal_place){.table = what, .row = id.v};
}

static const struct db_column BROADCAST[] = {COL(struct broadcast, id.v), COL(struct broadcast, facility.v),
    COL(struct broadcast, team.v), COL(struct broadcast, author.v), COL(struct broadcast, category),
    COL_BYTES(struct broadcast, subject), COL_BYTES(struct broadcast, body), COL(struct broadcast, made),
    COL(struct broadcast, waiting), COL(struct broadcast, sent), COL(struct broadcast, refused)};

fallible
broadcast_row_add(struct tx *tx, const struct broadcast *b)
{
	return db_run(tx,
	    SQL("INSERT INTO broadcast (id, facility, team, author, category, subject, body, made)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
	    BIND(DB(b->id.v), DB(b->facility.v), DB(b->team.v), DB(b->author.v), DB(b->category), db_bytes(b->subject),
		db_bytes(b->body), DB(b->made)),
	    NULL);
}

fallible
broadcast_row_get(struct cx *cx, broadcast_id id, struct broadcast *out, bool *found)
{
	return db_maybe(cx,
	    SQL("SELECT b.id, b.facility, b.team, b.author, b.category, b.subject, b.body, b.made,"
		" (SELECT count(*) FROM broadcast_patient p WHERE p.broadcast = b.id AND p.state = 0),"
		" (SELECT count(*) FROM broadcast_patient p WHERE p.broadcast = b.id AND p.state = 1),"
		" (SELECT count(*) FROM broadcast_patient p WHERE p.broadcast = b.id AND p.state = 2)"
		" FROM broadcast b WHERE b.id = $1"),
	    BIND(DB(id.v)), INTO(out, BROADCAST), found);
}

fallible
broadcast_row_patient_add(struct tx *tx, broadcast_id id, patient_id patient)
{
	return db_run(tx,
	    SQL("INSERT INTO broadcast_patient (broadcast, patient, state) VALUES ($1, $2, 0)"
		" ON CONFLICT (broadcast, patient) DO NOTHING"),
	    BIND(DB(id.v), DB(patient.v)), NULL);
}

fallible
broadcast_row_patient_put(
    struct tx *tx, broadcast_id id, patient_id patient, enum broadcast_state state, thread_id thread)
{
	return db_run(tx,
	    SQL("UPDATE broadcast_patient SET state = $3, thread = $4 WHERE broadcast = $1 AND patient = $2"),
	    BIND(DB(id.v), DB(patient.v), DB((int)state), DB(thread.v)), NULL);
}

static const struct db_column CANDIDATE[] = {
    COL(struct broadcast_candidate, patient.v), COL(struct broadcast_candidate, reachable)};

fallible
broadcast_rows_in_state(
    struct cx *cx, broadcast_id id, enum broadcast_state state, int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT patient, 0 FROM broadcast_patient WHERE broadcast = $1 AND state = $2 ORDER BY patient LIMIT "
		"$3"),
	    BIND(DB(id.v), DB((int)state), DB(count_max)), ROWS(struct broadcast_candidate, CANDIDATE), out);
}

fallible
candidate_rows(struct cx *cx, team_id team, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT p.patient, CASE WHEN EXISTS (SELECT 1 FROM account a WHERE a.patient = p.patient AND a.active "
		"= 1)"
		" AND EXISTS (SELECT 1 FROM messaging_terms m WHERE m.patient = p.patient AND m.accepted = 1"
		"   AND m.version = $4 AND NOT EXISTS (SELECT 1 FROM messaging_terms l WHERE l.patient = m.patient"
		"     AND l.at > m.at))"
		" THEN 1 ELSE 0 END FROM team_patient p WHERE p.team = $1 AND p.since <= $2 AND p.until > $2"
		" ORDER BY p.patient LIMIT $3"),
	    BIND(DB(team.v), DB(cx->now), DB(BROADCAST_MAX), DB(MESSAGING_TERMS_VERSION)),
	    ROWS(struct broadcast_candidate, CANDIDATE), out);
}
