/* SPDX-License-Identifier: Apache-2.0 */
#include "care/messaging/team_choice.h"

static const struct db_column CHOICE[] = {COL(struct team_choice_row, team.v), COL(struct team_choice_row, choice)};

fallible
team_choice_rows(struct cx *cx, account_id account, struct db_rows *out)
{
	return db_all(cx, SQL("SELECT team, choice FROM team_choice WHERE account = $1 LIMIT 500"), BIND(DB(account.v)),
	    ROWS(struct team_choice_row, CHOICE), out);
}

fallible
team_choice_row_put(struct tx *tx, account_id account, const struct team_choice_row *row)
{
	return db_run(tx,
	    SQL("INSERT INTO team_choice (account, team, choice) VALUES ($1, $2, $3)"
		" ON CONFLICT (account, team) DO UPDATE SET choice = excluded.choice"),
	    BIND(DB(account.v), DB(row->team.v), DB(row->choice)), NULL);
}
