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

int64_t
rows_of(struct world *world, struct sql sql)
{
	int64_t n;

	db_refresh(&world->cx);
	assert_ok(db_one(&world->cx, sql, BIND_NONE, INTO(&n, ONE_INT)));
	return n;
}

const struct err *
write_as_at(struct world *world, const struct people *p, account_id who, instant now, struct sent *sent)
{
	struct cx cx = people_as_at(world, who, now);
	const struct err *error = thread_send_new(&cx,
	    &(struct thread_new){.key = uuid_new(now), .patient = p->maria, .team = p->maple, .body = S("Hello")},
	    sent);

	db_release(&cx);
	return error;
}

int64_t
inbox_count(struct world *world, account_id who, enum inbox_filter filter, instant now)
{
	struct cx cx = people_as_at(world, who, now);
	struct db_rows rows;
	int64_t counts[INBOX_FILTERS];
	team_id all = {{{0}}};

	assert_ok(inbox_list(&cx, &(struct inbox_query){.filter = filter, .count_max = 100}, &rows));
	assert_ok(inbox_counts(&cx, all, counts));
	if (filter == INBOX_COMPLETED)
		assert_int_equal(counts[filter], INBOX_NOT_COUNTED);
	else
		assert_int_equal(counts[filter], rows.count);
	db_release(&cx);
	return (int64_t)rows.count;
}
