/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of distribution groups. */
#include "care/organization/organization_internal.h"

static const struct db_column GROUP[] = {COL(struct distribution_group, id), COL(struct distribution_group, facility.v),
    COL(struct distribution_group, name)};
static const struct db_column ACCOUNT_ID[] = {COL(account_id, v)};

fallible
distribution_row_put(struct tx *tx, const struct distribution_group *in)
{
	return db_run(tx,
	    SQL("INSERT INTO distribution_group (id, facility, name, made) VALUES ($1, $2, $3, $4)"
		" ON CONFLICT (id) DO UPDATE SET name = excluded.name"),
	    BIND(DB(in->id), DB(in->facility.v), DB(in->name), DB(tx->cx->now)), NULL);
}

fallible
distribution_row_add(struct tx *tx, struct uuid id, account_id account)
{
	return db_run(tx, SQL("INSERT INTO distribution_member (list, account) VALUES ($1, $2) ON CONFLICT DO NOTHING"),
	    BIND(DB(id), DB(account.v)), NULL);
}

fallible
distribution_rows_clear(struct tx *tx, struct uuid id)
{
	return db_run(tx, SQL("DELETE FROM distribution_member WHERE list = $1"), BIND(DB(id)), NULL);
}

fallible
distribution_row_delete(struct tx *tx, struct uuid id)
{
	return db_run(tx, SQL("DELETE FROM distribution_group WHERE id = $1"), BIND(DB(id)), NULL);
}

fallible
distribution_row_get(struct cx *cx, struct uuid id, facility_id facility, struct distribution_group *out)
{
	return db_one(cx, SQL("SELECT id, facility, name FROM distribution_group WHERE id = $1 AND facility = $2"),
	    BIND(DB(id), DB(facility.v)), INTO(out, GROUP));
}

fallible
distribution_rows(struct cx *cx, facility_id facility, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT id, facility, name FROM distribution_group WHERE facility = $1 ORDER BY name, id LIMIT 500"),
	    BIND(DB(facility.v)), ROWS(struct distribution_group, GROUP), out);
}

fallible
distribution_member_rows(struct cx *cx, struct uuid id, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT a.id FROM distribution_member m JOIN account a ON a.id = m.account"
		" WHERE m.list = $1 AND a.active = 1 ORDER BY a.role, a.id LIMIT 200"),
	    BIND(DB(id)), ROWS(account_id, ACCOUNT_ID), out);
}
