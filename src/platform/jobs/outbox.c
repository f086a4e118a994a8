/* SPDX-License-Identifier: Apache-2.0 */
/* Delivering: claim under a lease, deliver outside of any transaction, settle.  Waits grow from 5 seconds to an hour, with
 * a random part, so that a receiver that comes back is not met by everyone at once. */
#include "platform/jobs/jobs_internal.h"

#define WAIT_FIRST_MS   (5 * SECOND_MS)
#define WAIT_LONGEST_MS HOUR_MS

static int64_t
wait_after(int64_t attempts)
{
	int64_t wait = WAIT_FIRST_MS;
	uint16_t jitter;

	for (int64_t i = 1; i < attempts && wait < WAIT_LONGEST_MS; i++)
		wait *= 2;
	if (wait > WAIT_LONGEST_MS)
		wait = WAIT_LONGEST_MS;
	random_bytes(&jitter, sizeof(jitter));
	return wait + wait * jitter / 65536 / 4;
}

static const struct err *
settle(struct tx *tx, void *arg)
{
	return outbox_settle(tx, arg);
}

static const struct outbox_kind *
find_kind(const struct outbox_kind *kinds, str kind)
{
	for (; kinds->kind; kinds++)
		if (str_equal(str_from_z(kinds->kind), kind))
			return kinds;
	return NULL;
}

static struct outbox_result
result_of(struct cx *cx, const struct outbox_item *item, const struct outbox_kind *kind, const struct err *error)
{
	struct outbox_result result = {.id = item->id, .state = OUTBOX_DONE, .next_at = cx->now};

	if (!error)
		return result;
	result.trouble = str_from_z(error->log);
	if (error->code == ERR_BUSY && kind && cx->now.ms - item->made.ms < kind->give_up_ms) {
		result.state = OUTBOX_WAITING;
		result.next_at = instant_add_ms(cx->now, wait_after(item->attempts + 1));
	} else {
		result.state = OUTBOX_GIVEN_UP;
	}
	LOG(result.state == OUTBOX_GIVEN_UP ? LOG_ERROR : LOG_WARN, "outbox", LOG_TEXT("kind", item->kind),
	    LOG_UUID("item", item->id), LOG_INT("attempt", item->attempts + 1),
	    LOG_Z("code", err_code_name(error->code)));
	return result;
}

struct delivery {
	const struct outbox_kind *kinds;
	struct outbox_item *item;
	int64_t count; /* of a round */
};

static fallible
deliver_one(struct cx *cx, void *arg)
{
	struct delivery *delivery = arg;
	struct outbox_item *item = delivery->item;
	const struct outbox_kind *kind = find_kind(delivery->kinds, item->kind);
	const struct err *error =
	    vault_open_text(cx, item->patient, outbox_place(item->id), item->payload, &item->payload);
	struct outbox_result result;

	if (!error)
		error = kind ? kind->deliver(cx, item)
		             : ERR(ERR_BROKEN, "This program does not know how to deliver this.",
				   "unknown kind of outbox item");
	result = result_of(cx, item, kind, error);
	return db_write(cx, settle, &result);
}

/* As many as are claimed at once. */
static fallible
deliver_round(struct cx *cx, void *arg)
{
	struct delivery *delivery = arg;
	struct db_rows rows;

	TRY(outbox_claim(cx, &rows));
	delivery->item = rows.items;
	for (size_t i = 0; i < rows.count; i++, delivery->item++)
		TRY(db_apart(cx, deliver_one, delivery));
	delivery->count = (int64_t)rows.count;
	return NULL;
}

fallible
jobs_deliver_due(struct cx *cx, const struct outbox_kind *kinds, int64_t *delivered)
{
	struct delivery delivery = {.kinds = kinds};

	*delivered = 0;
	do {
		TRY(db_apart(cx, deliver_round, &delivery));
		*delivered += delivery.count;
	} while (delivery.count);
	return NULL;
}
