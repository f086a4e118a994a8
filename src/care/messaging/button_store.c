/* SPDX-License-Identifier: Apache-2.0 */
/* Buttons that other features put on the team's page of a conversation, and the team that it is with. */
#include "care/messaging/messaging_store.h"

static const struct db_column BUTTON[] = {COL(struct thread_button, label), COL(struct thread_button, at),
    COL(struct thread_button, action), COL(struct thread_button, fields)};

fallible
thread_buttons_put(
    struct tx *tx, patient_id patient, thread_id thread, const struct thread_button *buttons, size_t count)
{
	assert(count <= THREAD_BUTTONS_MAX);
	TRY(db_run(tx, SQL("DELETE FROM thread_button WHERE patient = $1 AND thread = $2"),
	    BIND(DB(patient.v), DB(thread.v)), NULL));
	for (size_t i = 0; i < count; i++)
		TRY(db_run(tx,
		    SQL("INSERT INTO thread_button (patient, thread, n, label, at, action, fields)"
			" VALUES ($1, $2, $3, $4, $5, $6, $7)"),
		    BIND(DB(patient.v), DB(thread.v), DB((int64_t)i), DB(buttons[i].label), DB(buttons[i].at),
			DB(buttons[i].action), DB(buttons[i].fields.p ? buttons[i].fields : S(""))),
		    NULL));
	return NULL;
}

fallible
thread_buttons(struct cx *cx, const struct thread *thread, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT label, at, action, fields FROM thread_button WHERE patient = $1 AND thread = $2 ORDER BY n "
		"LIMIT $3"),
	    BIND(DB(thread->patient.v), DB(thread->id.v), DB(THREAD_BUTTONS_MAX)), ROWS(struct thread_button, BUTTON),
	    out);
}

static const struct db_column TEAM[] = {COL(team_id, v)};

fallible
thread_team(struct cx *cx, thread_id id, team_id *team, bool *found)
{
	return db_maybe(
	    cx, SQL("SELECT team FROM thread WHERE id = $1 AND made > 0"), BIND(DB(id.v)), INTO(team, TEAM), found);
}
