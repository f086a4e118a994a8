/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the outbox and of leases. */
#include "platform/jobs/jobs_internal.h"

struct seal_place
outbox_place(struct uuid id)
{
	return (struct seal_place){.table = "outbox.payload", .row = id};
}

fallible
outbox_add(struct tx *tx, const struct outbox_new *in)
{
	struct uuid id = uuid_new(tx->cx->now);
	instant due = instant_is_none(in->not_before) || in->not_before.ms == 0 ? tx->cx->now : in->not_before;
	str sealed;

	TRY(vault_seal_tx(tx, in->patient, outbox_place(id), in->payload.p ? in->payload : S(""), &sealed));
	return db_run(tx,
	    SQL("INSERT INTO outbox (id, kind, key, patient, payload, state, attempts, next_at, lease_until, made)"
		" VALUES ($1, $2, $3, $4, $5, 0, 0, $6, 0, $7) ON CONFLICT (kind, key) DO NOTHING"),
	    BIND(DB(id), DB(str_from_z(in->kind)), DB(in->key), DB(in->patient.v), db_bytes(sealed), DB(due),
		DB(tx->cx->now)),
	    NULL);
}

static const struct db_column ITEM[] = {COL(struct outbox_item, id), COL(struct outbox_item, kind),
    COL(struct outbox_item, key), COL(struct outbox_item, patient.v), COL_BYTES(struct outbox_item, payload),
    COL(struct outbox_item, state), COL(struct outbox_item, attempts), COL(struct outbox_item, next_at),
    COL(struct outbox_item, made), COL(struct outbox_item, done), COL(struct outbox_item, trouble)};
#define ITEM_COLUMNS "id, kind, key, patient, payload, state, attempts, next_at, made, done, trouble"

static const struct err *
claim(struct tx *tx, void *arg)
{
	struct db_rows *out = arg;
	const struct outbox_item *item;

	TRY(db_all(tx->cx,
	    SQL("SELECT " ITEM_COLUMNS " FROM outbox WHERE state = 0 AND next_at <= $1 AND lease_until <= $1"
		" ORDER BY next_at, id LIMIT $2"),
	    BIND(DB(tx->cx->now), DB(OUTBOX_CLAIM_MAX)), ROWS(struct outbox_item, ITEM), out));
	item = out->items;
	for (size_t i = 0; i < out->count; i++)
		TRY(db_run(tx, SQL("UPDATE outbox SET lease_until = $2, attempts = attempts + 1 WHERE id = $1"),
		    BIND(DB(item[i].id), DB(instant_add_ms(tx->cx->now, OUTBOX_LEASE_MS))), NULL));
	return NULL;
}

fallible
outbox_claim(struct cx *cx, struct db_rows *out)
{
	int64_t due;

	*out = (struct db_rows){0};
	db_refresh(cx);
	/* Look before writing: an idle installation writes nothing. */
	TRY(db_one(cx,
	    SQL("SELECT count(*) FROM (SELECT 1 FROM outbox WHERE state = 0 AND next_at <= $1 AND lease_until <= $1"
		" LIMIT 1) x"),
	    BIND(DB(cx->now)), INTO(&due, ONE_INT)));
	return due ? db_write(cx, claim, out) : NULL;
}

fallible
outbox_settle(struct tx *tx, const struct outbox_result *result)
{
	return db_run(tx,
	    SQL("UPDATE outbox SET state = $2, next_at = $3, lease_until = 0, trouble = $4, done = $5 WHERE id = $1"),
	    BIND(DB(result->id), DB((int)result->state), DB(result->next_at), DB(result->trouble),
		DB(result->state == OUTBOX_WAITING ? INSTANT_NONE : tx->cx->now)),
	    NULL);
}

fallible
outbox_given_up(struct cx *cx, int64_t count_max, struct db_rows *out)
{
	struct outbox_item *item;

	TRY(db_all(cx, SQL("SELECT " ITEM_COLUMNS " FROM outbox WHERE state = 2 ORDER BY done DESC, id LIMIT $1"),
	    BIND(DB(count_max)), ROWS(struct outbox_item, ITEM), out));
	item = out->items;
	for (size_t i = 0; i < out->count; i++)
		item[i].payload = STR_NONE;
	return NULL;
}

fallible
outbox_of_patient(struct cx *cx, const char *kind, patient_id patient, instant since, instant until, int64_t count_max,
    struct db_rows *out)
{
	struct outbox_item *item;

	TRY(db_all(cx,
	    SQL("SELECT " ITEM_COLUMNS " FROM outbox WHERE patient = $1 AND kind = $2 AND made >= $3 AND made < $4"
		" ORDER BY made DESC, id LIMIT $5"),
	    BIND(DB(patient.v), DB(str_from_z(kind)), DB(since), DB(until), DB(count_max)),
	    ROWS(struct outbox_item, ITEM), out));
	item = out->items;
	for (size_t i = 0; i < out->count; i++)
		TRY(vault_open_text(cx, patient, outbox_place(item[i].id), item[i].payload, &item[i].payload));
	return NULL;
}

fallible
outbox_count(struct cx *cx, enum outbox_state state, int64_t *out)
{
	return db_one(
	    cx, SQL("SELECT count(*) FROM outbox WHERE state = $1"), BIND(DB((int)state)), INTO(out, ONE_INT));
}

fallible
outbox_retry(struct tx *tx, struct uuid id)
{
	int64_t changed;

	TRY(db_run(tx,
	    SQL("UPDATE outbox SET state = 0, next_at = $2, lease_until = 0, made = $2, done = NULL WHERE id = $1 AND "
		"state = 2"),
	    BIND(DB(id), DB(tx->cx->now)), &changed));
	return changed ? NULL : ERR(ERR_GONE, "This delivery is no longer in the list.", "no such given up item");
}

struct take {
	const char *name;
	struct uuid holder;
	int64_t ms;
	bool mine;
};

static const struct err *
take_lease(struct tx *tx, void *arg)
{
	struct take *take = arg;
	int64_t changed;

	TRY(db_run(tx,
	    SQL("INSERT INTO lease (name, holder, until) VALUES ($1, $2, $3)"
		" ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until"
		" WHERE lease.holder = excluded.holder OR lease.until <= $4"),
	    BIND(DB(str_from_z(take->name)), DB(take->holder), DB(instant_add_ms(tx->cx->now, take->ms)),
		DB(tx->cx->now)),
	    &changed));
	take->mine = changed > 0;
	return NULL;
}

fallible
lease_take(struct cx *cx, const char *name, struct uuid holder, int64_t ms, bool *mine)
{
	struct take take = {name, holder, ms, false};

	TRY(db_write(cx, take_lease, &take));
	*mine = take.mine;
	return NULL;
}
