/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of what people said to reminders. */
#include "care/reminders/reminders_internal.h"

static const struct db_column MARK[] = {COL(struct reminder_mark, rule), COL(struct reminder_mark, by_team),
    COL(struct reminder_mark, kind), COL(struct reminder_mark, day), COL(struct reminder_mark, until),
    COL(struct reminder_mark, at)};

fallible
reminder_rows(struct cx *cx, patient_id patient, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT rule, by_team, kind, day, until, at FROM reminder_mark WHERE patient = $1 ORDER BY rule, "
		"by_team"),
	    BIND(DB(patient.v)), ROWS(struct reminder_mark, MARK), out);
}

fallible
reminder_row_put(struct tx *tx, patient_id patient, const struct reminder_mark *mark)
{
	return db_run(tx,
	    SQL("INSERT INTO reminder_mark (patient, rule, by_team, kind, day, until, at, account)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (patient, rule, by_team)"
		" DO UPDATE SET kind = $4, day = $5, until = $6, at = $7, account = $8"),
	    BIND(DB(patient.v), DB(mark->rule), DB(mark->by_team), DB(mark->kind), DB(mark->day), DB(mark->until),
		DB(mark->at), DB(tx->cx->who.account.v)),
	    NULL);
}
