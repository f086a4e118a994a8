/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of how long fills last. */
#include "care/prescriptions/prescriptions_internal.h"

static const struct db_column SUPPLY[] = {
    COL(struct supply, patient.v), COL(struct supply, fill), COL(struct supply, state), COL(struct supply, tell_at)};

/* State 10: told, for ever. */
fallible
supply_row_put(struct tx *tx, const struct supply *s)
{
	return db_run(tx,
	    SQL("INSERT INTO rx_supply (patient, fill, state, tell_at, made) VALUES ($1, $2, $3, $4, $5)"
		" ON CONFLICT (patient, fill) DO UPDATE SET state = excluded.state, tell_at = excluded.tell_at"
		" WHERE rx_supply.state <> 10"),
	    BIND(DB(s->patient.v), DB(s->fill), DB(s->state), DB(s->tell_at), DB(tx->cx->now)), NULL);
}

fallible
supply_row_move(struct tx *tx, const struct supply *from, const struct supply *to, bool *moved)
{
	int64_t count;

	TRY(db_run(tx,
	    SQL("UPDATE rx_supply SET state = $4, tell_at = $5 WHERE patient = $1 AND fill = $2 AND tell_at = $3"),
	    BIND(DB(from->patient.v), DB(from->fill), DB(from->tell_at), DB(to->state), DB(to->tell_at)), &count));
	*moved = count > 0;
	return NULL;
}

fallible
supply_rows_due(struct cx *cx, int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT patient, fill, state, tell_at FROM rx_supply WHERE tell_at IS NOT NULL AND tell_at <= $1"
		" ORDER BY tell_at, fill LIMIT $2"),
	    BIND(DB(cx->now), DB(count_max)), ROWS(struct supply, SUPPLY), out);
}
