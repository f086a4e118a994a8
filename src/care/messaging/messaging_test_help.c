/* SPDX-License-Identifier: Apache-2.0 */
#include "care/messaging/messaging_test_help.h"

instant
wednesday(void)
{
	const struct zone *zone;

	assert_ok(zone_find(S("America/New_York"), &zone));
	return zone_instant(zone, (struct civil_time){.date = {2026, 3, 4}, .hour = 10});
}

void
clinic_setup(struct world *world, struct people *out)
{
	world->cx.now = instant_add_ms(wednesday(), -30 * DAY_MS);
	people_setup(world, out);
	world->cx.now = wednesday();
}

struct sent
maria_writes_at(struct world *world, const struct people *p, str body, instant now)
{
	struct cx cx = people_as_at(world, p->maria_account, now);
	struct sent sent;

	assert_ok(thread_send_new(&cx,
	    &(struct thread_new){.key = uuid_new(now),
		.patient = p->maria,
		.team = p->maple,
		.category = CATEGORY_MEDICATION,
		.body = body},
	    &sent));
	db_release(&cx);
	return sent;
}

struct sent
maria_writes(struct world *world, const struct people *p, str body)
{
	return maria_writes_at(world, p, body, world->cx.now);
}

const struct err *
reply_as(struct world *world, account_id who, thread_id thread, str body, instant now)
{
	struct cx cx = people_as_at(world, who, now);
	struct sent sent;
	const struct err *error =
	    thread_reply(&cx, &(struct thread_reply){.key = uuid_new(now), .thread = thread, .body = body}, &sent);

	db_release(&cx);
	return error;
}

struct thread
thread_now(struct world *world, thread_id id)
{
	struct thread thread = {0};

	db_refresh(&world->cx);
	assert_ok(thread_row_get(&world->cx, id, &thread));
	assert_ok(thread_open_subject(&world->cx, &thread));
	return thread;
}

void
assert_sound(struct world *world)
{
	struct buf report = BUF_INIT(&world->arena);

	assert_ok(messaging_check_invariants(&world->cx, &report));
	assert_str_equal(buf_str(&report), "");
}

int64_t
count_of(struct world *world, account_id account, int64_t kind)
{
	int64_t n;

	db_refresh(&world->cx);
	assert_ok(page_count_of(&world->cx, account, kind, &n));
	return n;
}

int64_t
notices_waiting(struct world *world)
{
	int64_t n;

	db_refresh(&world->cx);
	assert_ok(outbox_count(&world->cx, OUTBOX_WAITING, &n));
	return n;
}
