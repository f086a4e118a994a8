/* SPDX-License-Identifier: Apache-2.0 */
/* What people and teams that go leave behind. */
#include "care/messaging/messaging_store.h"
#include "care/messaging/thread_columns.h"

#define LEFT_MAX 20000 /* unfinished threads of one team or person: more would be handled in vain */

fallible
thread_rows_claimed(struct cx *cx, account_id account, team_id team, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " THREAD_COLUMNS " FROM thread t WHERE t.owner = $1 AND t.status < 20 AND t.owner IS NOT NULL"
		" AND (t.team = $2 OR $3 = 1) ORDER BY t.id LIMIT $4"),
	    BIND(DB(account.v), DB(team.v), DB(uuid_is_none(team.v)), DB(LEFT_MAX)), ROWS(struct thread, THREAD), out);
}

fallible
thread_rows_unfinished(struct cx *cx, team_id team, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " THREAD_COLUMNS " FROM thread t WHERE t.team = $1 AND t.status < 20 ORDER BY t.id LIMIT $2"),
	    BIND(DB(team.v), DB(LEFT_MAX)), ROWS(struct thread, THREAD), out);
}

fallible
thread_row_count_unfinished(struct cx *cx, team_id team, int64_t *out)
{
	return db_one(cx, SQL("SELECT count(*) FROM thread WHERE team = $1 AND status < 20"), BIND(DB(team.v)),
	    INTO(out, ONE_INT));
}
