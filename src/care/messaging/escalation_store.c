/* SPDX-License-Identifier: Apache-2.0 */
/* What the clock looks for. */
#include "care/messaging/messaging_store.h"
#include "care/messaging/thread_columns.h"

fallible
thread_rows_to_escalate(struct cx *cx, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " THREAD_COLUMNS " FROM thread t WHERE t.escalate_at <= $1 ORDER BY t.escalate_at LIMIT $2"),
	    BIND(DB(cx->now), DB(ESCALATIONS_PER_RUN)), ROWS(struct thread, THREAD), out);
}

fallible
thread_rows_left_behind(struct cx *cx, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " THREAD_COLUMNS
		" FROM thread_left_behind l JOIN thread t ON t.patient = l.patient AND t.id = l.id"
		" LIMIT $1"),
	    BIND(DB(ESCALATIONS_PER_RUN)), ROWS(struct thread, THREAD), out);
}

fallible
thread_rows_ownerless(struct cx *cx, facility_id facility, int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " THREAD_COLUMNS
		" FROM thread_ownerless o JOIN thread t ON t.patient = o.patient AND t.id = o.id"
		" WHERE o.facility = $1 ORDER BY t.status, t.due, t.id LIMIT $2"),
	    BIND(DB(facility.v), DB(count_max)), ROWS(struct thread, THREAD), out);
}
