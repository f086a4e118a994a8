/* SPDX-License-Identifier: Apache-2.0 */
#include "people.h"

#include <unistd.h>

#include "platform/jobs/jobs.h"
#include "platform/jobs/jobs_internal.h"

/* What the deliverers of the tests do: the payload tells. */
static int delivered_count;
#define LARGE ((size_t)1 << 20)

static const struct err *
deliver(struct cx *cx, const struct outbox_item *item)
{
	if (str_equal(item->payload, S("busy")))
		return ERR(ERR_BUSY, "later", "receiver is away");
	if (str_equal(item->payload, S("refused")))
		return ERR(ERR_INVALID, "no", "receiver refused it");
	if (str_equal(item->payload, S("large"))) {
		assert_true(cx->arena->held_bytes < LARGE); /* nothing of those before */
		arena_alloc(cx->arena, LARGE);
	}
	delivered_count++;
	return NULL;
}

static const struct outbox_kind kinds[] = {{"test", deliver, HOUR_MS}, {0}};

static const struct err *
add(struct tx *tx, void *arg)
{
	return outbox_add(tx, arg);
}

static void
put(struct world *world, struct people *p, const char *kind, str key, str payload)
{
	assert_ok(db_write(
	    &world->cx, add, &(struct outbox_new){.kind = kind, .key = key, .patient = p->maria, .payload = payload}));
}

static int64_t
count_of(struct world *world, enum outbox_state state)
{
	int64_t n;

	db_refresh(&world->cx);
	assert_ok(outbox_count(&world->cx, state, &n));
	return n;
}

static void
an_item_is_delivered_once_and_the_same_key_is_one_item(void **state)
{
	struct world *world = *state;
	struct people p;
	int64_t n;

	delivered_count = 0;
	people_setup(world, &p);
	put(world, &p, "test", S("a"), S("x"));
	put(world, &p, "test", S("a"), S("x"));
	put(world, &p, "test", S("b"), S("x"));
	assert_ok(jobs_deliver_due(&world->cx, kinds, &n));
	assert_int_equal(n, 2);
	assert_int_equal(delivered_count, 2);
	assert_ok(jobs_deliver_due(&world->cx, kinds, &n));
	assert_int_equal(n, 0);
	assert_int_equal(count_of(world, OUTBOX_DONE), 2);
}

static void
what_one_delivery_needs_is_given_back_before_the_next(void **state)
{
	struct world *world = *state;
	struct people p;
	size_t held;
	int64_t n;

	people_setup(world, &p);
	for (int i = 0; i < 100; i++)
		put(world, &p, "test", arena_printf(&world->arena, "%d", i), S("large"));
	held = world->arena.held_bytes;
	assert_ok(jobs_deliver_due(&world->cx, kinds, &n));
	assert_int_equal(n, 100);
	assert_true(world->arena.held_bytes < held + LARGE);
}

static void
what_was_sent_about_a_patient_can_be_listed(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;
	const struct outbox_item *item;
	instant now = world->cx.now, until = instant_add_ms(now, 1);

	people_setup(world, &p);
	put(world, &p, "test", S("a"), S("first"));
	put(world, &p, "other", S("b"), S("another kind"));
	world->cx.now = instant_add_ms(now, 1000);
	put(world, &p, "test", S("c"), S("later"));
	db_refresh(&world->cx);
	assert_ok(outbox_of_patient(&world->cx, "test", p.maria, now, instant_add_ms(now, 2000), 10, &rows));
	item = rows.items;
	assert_int_equal(rows.count, 2);
	assert_str_equal(item[0].payload, "later");
	assert_str_equal(item[1].payload, "first");
	assert_ok(outbox_of_patient(&world->cx, "test", p.maria, now, until, 10, &rows));
	assert_int_equal(rows.count, 1);
	assert_ok(outbox_of_patient(&world->cx, "test", p.bo, now, instant_add_ms(now, 2000), 10, &rows));
	assert_int_equal(rows.count, 0);
}

static void
a_busy_receiver_is_tried_again_with_longer_waits_and_then_given_up(void **state)
{
	struct world *world = *state;
	struct people p;
	int64_t n, tries = 0;
	struct db_rows rows;
	instant start;

	people_setup(world, &p);
	put(world, &p, "test", S("a"), S("busy"));
	start = world->cx.now;
	assert_ok(jobs_deliver_due(&world->cx, kinds, &n));
	assert_int_equal(n, 1);
	assert_ok(jobs_deliver_due(&world->cx, kinds, &n));
	assert_int_equal(n, 0); /* not before its time */
	while (count_of(world, OUTBOX_WAITING) == 1) {
		world->cx.now = instant_add_ms(world->cx.now, 5 * SECOND_MS);
		assert_ok(jobs_deliver_due(&world->cx, kinds, &n));
		tries += n;
		assert_true(world->cx.now.ms - start.ms < 3 * HOUR_MS);
	}
	assert_in_range(tries, 6, 12); /* 5, 10, 20 s … within an hour: not 720 */
	assert_ok(outbox_given_up(&world->cx, 10, &rows));
	assert_int_equal(rows.count, 1);
	assert_str_equal(((struct outbox_item *)rows.items)[0].trouble, "receiver is away");
}

static const struct err *
retry(struct tx *tx, void *arg)
{
	return outbox_retry(tx, *(struct uuid *)arg);
}

static void
a_refused_or_unknown_item_waits_for_a_person_who_can_try_again(void **state)
{
	struct world *world = *state;
	struct people p;
	int64_t n;
	struct db_rows rows;

	people_setup(world, &p);
	put(world, &p, "test", S("a"), S("refused"));
	put(world, &p, "unheard of", S("b"), S("x"));
	assert_ok(jobs_deliver_due(&world->cx, kinds, &n));
	assert_int_equal(count_of(world, OUTBOX_GIVEN_UP), 2);
	assert_ok(outbox_given_up(&world->cx, 10, &rows));
	assert_null(((struct outbox_item *)rows.items)[0].payload.p);
	assert_ok(db_write(&world->cx, retry, &((struct outbox_item *)rows.items)[0].id));
	assert_int_equal(count_of(world, OUTBOX_WAITING), 1);
	assert_fails(db_write(&world->cx, retry, &((struct outbox_item *)rows.items)[0].id), ERR_GONE);
}

static void
a_claimed_item_comes_back_when_its_deliverer_died(void **state)
{
	struct world *world = *state;
	struct people p;
	struct db_rows rows;

	people_setup(world, &p);
	put(world, &p, "test", S("a"), S("x"));
	assert_ok(outbox_claim(&world->cx, &rows));
	assert_int_equal(rows.count, 1);
	assert_ok(outbox_claim(&world->cx, &rows));
	assert_int_equal(rows.count, 0);
	world->cx.now = instant_add_ms(world->cx.now, OUTBOX_LEASE_MS + 1);
	assert_ok(outbox_claim(&world->cx, &rows));
	assert_int_equal(rows.count, 1);
	assert_int_equal(((struct outbox_item *)rows.items)[0].attempts, 1);
}

static void
a_lease_has_one_holder_until_it_ends(void **state)
{
	struct world *world = *state;
	struct uuid a = uuid_new(world->cx.now), b = uuid_new(world->cx.now);
	bool mine;

	assert_ok(lease_take(&world->cx, "duty", a, MINUTE_MS, &mine));
	assert_true(mine);
	assert_ok(lease_take(&world->cx, "duty", b, MINUTE_MS, &mine));
	assert_false(mine);
	assert_ok(lease_take(&world->cx, "duty", a, MINUTE_MS, &mine));
	assert_true(mine);
	world->cx.now = instant_add_ms(world->cx.now, MINUTE_MS);
	assert_ok(lease_take(&world->cx, "duty", b, MINUTE_MS, &mine));
	assert_true(mine);
}

static int ticks;

static const struct err *
tick(struct cx *cx)
{
	(void)cx;
	__atomic_add_fetch(&ticks, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

static void
the_job_thread_runs_timers_and_delivers(void **state)
{
	struct world *world = *state;
	struct people p;
	struct jobs *jobs;
	static const struct timer timers[] = {{"tick", 1, tick}, {0}};

	ticks = delivered_count = 0;
	people_setup(world, &p);
	put(world, &p, "test", S("a"), S("x"));
	assert_ok(jobs_start(&world->arena,
	    &(struct jobs_options){.db = world->db, .vault = world->vault, .kinds = kinds, .timers = timers}, &jobs));
	for (int i = 0; i < 200 && (count_of(world, OUTBOX_DONE) == 0 || __atomic_load_n(&ticks, __ATOMIC_SEQ_CST) < 2);
	     i++)
		usleep(50000);
	jobs_stop(jobs);
	assert_int_equal(delivered_count, 1);
	assert_true(ticks >= 2);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(an_item_is_delivered_once_and_the_same_key_is_one_item),
	    WORLD_TEST(what_one_delivery_needs_is_given_back_before_the_next),
	    WORLD_TEST(what_was_sent_about_a_patient_can_be_listed),
	    WORLD_TEST(a_busy_receiver_is_tried_again_with_longer_waits_and_then_given_up),
	    WORLD_TEST(a_refused_or_unknown_item_waits_for_a_person_who_can_try_again),
	    WORLD_TEST(a_claimed_item_comes_back_when_its_deliverer_died),
	    WORLD_TEST(a_lease_has_one_holder_until_it_ends),
	    WORLD_TEST(the_job_thread_runs_timers_and_delivers),
	};

	return cmocka_run_group_tests_name("jobs", list, NULL, NULL);
}
