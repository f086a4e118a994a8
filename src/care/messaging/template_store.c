/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of templates; texts sealed. */
#include "care/messaging/messaging_store.h"

struct seal_place
template_place(struct uuid id, const char *what)
{
	return (struct seal_place){.table = what, .row = id};
}

static const struct db_column TEMPLATE[] = {COL(struct message_template, id), COL(struct message_template, facility.v),
    COL(struct message_template, team.v), COL(struct message_template, account.v),
    COL_BYTES(struct message_template, name), COL_BYTES(struct message_template, body)};
#define TEMPLATE_COLUMNS "m.id, m.facility, m.team, m.account, m.name, m.body"

fallible
template_row_put(struct tx *tx, const struct message_template *t)
{
	return db_run(tx,
	    SQL("INSERT INTO message_template (id, facility, team, account, name, body, made)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
		" body = excluded.body"),
	    BIND(DB(t->id), DB(t->facility.v), DB(t->team.v), DB(t->account.v), db_bytes(t->name), db_bytes(t->body),
		DB(tx->cx->now)),
	    NULL);
}

fallible
template_row_delete(struct tx *tx, struct uuid id)
{
	return db_run(tx, SQL("DELETE FROM message_template WHERE id = $1"), BIND(DB(id)), NULL);
}

fallible
template_row_get(struct cx *cx, struct uuid id, struct message_template *out)
{
	return db_one(cx, SQL("SELECT " TEMPLATE_COLUMNS " FROM message_template m WHERE m.id = $1"), BIND(DB(id)),
	    INTO(out, TEMPLATE));
}

fallible
template_rows(struct cx *cx, team_id team, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " TEMPLATE_COLUMNS " FROM message_template m WHERE m.facility = $1"
		" AND (m.account = $2 OR (m.account IS NULL AND (m.team IS NULL OR m.team = $3)))"
		" ORDER BY m.id LIMIT 500"),
	    BIND(DB(cx->who.facility.v), DB(cx->who.account.v), DB(team.v)), ROWS(struct message_template, TEMPLATE),
	    out);
}

fallible
template_rows_of_caller(struct cx *cx, bool all_teams, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " TEMPLATE_COLUMNS " FROM message_template m WHERE m.facility = $1 AND (m.account = $2 OR"
		" (m.account IS NULL AND (m.team IS NULL OR $3 = 1 OR m.team IN (SELECT w.team FROM team_worker w"
		"   WHERE w.account = $2 AND w.since <= $4 AND w.until > $4)))) ORDER BY m.id LIMIT 500"),
	    BIND(DB(cx->who.facility.v), DB(cx->who.account.v), DB(all_teams), DB(cx->now)),
	    ROWS(struct message_template, TEMPLATE), out);
}
