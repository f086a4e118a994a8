/* SPDX-License-Identifier: Apache-2.0 */
/* What the clock looks for. */
#include "care/messaging/messaging_store.h"
#include "care/messaging/thread_columns.h"

/* No conversation leaves its facility. */
#define AT_FACILITY " t.team IN (SELECT h.id FROM team h WHERE h.facility = $1)"

fallible
thread_rows_to_escalate(struct cx *cx, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " THREAD_COLUMNS " FROM thread t WHERE t.escalate_at <= $1 ORDER BY t.escalate_at LIMIT $2"),
	    BIND(DB(cx->now), DB(ESCALATIONS_PER_RUN)), ROWS(struct thread, THREAD), out);
}

fallible
thread_rows_to_warn(struct cx *cx, facility_id facility, instant until, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " THREAD_COLUMNS " FROM thread t WHERE t.escalate_at > $1 AND t.escalate_at <= $2"
		" AND t.facility = $3 AND t.status = 0 AND t.escalation_tries = 0"
		" AND (t.warned_at IS NULL OR t.warned_at < t.round_at) ORDER BY t.escalate_at LIMIT $4"),
	    BIND(DB(cx->now), DB(until), DB(facility.v), DB(ESCALATIONS_PER_RUN)), ROWS(struct thread, THREAD), out);
}

fallible
thread_row_warned(struct tx *tx, const struct thread *thread, bool *first)
{
	int64_t changed;

	TRY(db_run(tx,
	    SQL("UPDATE thread SET warned_at = $3 WHERE patient = $1 AND id = $2 AND status = 0"
		" AND (warned_at IS NULL OR warned_at < round_at)"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB(tx->cx->now)), &changed));
	*first = changed > 0;
	return NULL;
}

fallible
thread_rows_owed(struct cx *cx, facility_id facility, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " THREAD_COLUMNS " FROM thread t WHERE" AT_FACILITY
		" AND t.status = 0 ORDER BY t.id LIMIT 20000"),
	    BIND(DB(facility.v)), ROWS(struct thread, THREAD), out);
}

fallible
thread_rows_left_behind(struct cx *cx, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " THREAD_COLUMNS " FROM thread t"
		" WHERE t.status < 20 AND t.owner IS NOT NULL AND NOT EXISTS (SELECT 1 FROM team_worker w"
		"     JOIN account a ON a.id = w.account"
		"   WHERE w.account = t.owner AND w.team = t.team AND w.since <= $2 AND w.until > $2 AND a.active = 1)"
		" LIMIT $1"),
	    BIND(DB(ESCALATIONS_PER_RUN), DB(cx->now)), ROWS(struct thread, THREAD), out);
}

fallible
thread_rows_ownerless(struct cx *cx, facility_id facility, int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " THREAD_COLUMNS " FROM thread t"
		" WHERE" AT_FACILITY " AND t.status < 20 AND NOT EXISTS (SELECT 1 FROM team g"
		"     JOIN team_worker m ON m.team = g.id JOIN account c ON c.id = m.account"
		"     JOIN team_worker k ON k.account = m.account"
		"     JOIN team_patient p ON p.team = k.team AND p.patient = t.patient"
		"   WHERE g.id = t.team AND g.active = 1 AND c.active = 1 AND m.since <= $3 AND m.until > $3"
		"     AND k.since <= $3 AND k.until > $3 AND p.since <= $3 AND p.until > $3)"
		" ORDER BY t.status, t.due, t.id LIMIT $2"),
	    BIND(DB(facility.v), DB(count_max), DB(cx->now)), ROWS(struct thread, THREAD), out);
}
