/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/portal/portal_internal.h"

struct count {
	int64_t kind, n;
};
static const struct db_column COUNT[] = {COL(struct count, kind), COL(struct count, n)};

static void
keep_counts(const struct db_rows *rows, int64_t counts[COUNT_KINDS])
{
	const struct count *count = rows->items;

	for (size_t i = 0; i < rows->count; i++)
		if (count[i].kind > COUNT_NONE && count[i].kind < COUNT_KINDS)
			counts[count[i].kind] = count[i].n;
}

fallible
portal_counts(struct cx *cx, int64_t counts[COUNT_KINDS])
{
	struct db_rows rows;

	TRY(db_all(cx,
	    SQL("SELECT kind, count(DISTINCT item) FROM page_item WHERE account = $1"
		" AND since <= $2 AND until > $2 AND care_since <= $2 AND care_until > $2 GROUP BY kind"),
	    BIND(DB(cx->who.account.v), DB(cx->now)), ROWS(struct count, COUNT), &rows));
	keep_counts(&rows, counts);
	return NULL;
}

fallible
portal_counts_acting(struct cx *cx, int64_t counts[COUNT_KINDS])
{
	struct db_rows rows;

	TRY(db_all(cx,
	    SQL("SELECT kind, count(DISTINCT item) FROM page_item_acting WHERE account = $1 AND patient = $2 GROUP BY "
		"kind"),
	    BIND(DB(cx->who.account.v), DB(cx->who.patient.v)), ROWS(struct count, COUNT), &rows));
	keep_counts(&rows, counts);
	return NULL;
}
