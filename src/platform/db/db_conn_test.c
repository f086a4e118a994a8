/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the database layer: who gets a connection, steps apart, and SQLite's log. */
#include "world.h"

#include <pthread.h>
#include <unistd.h>

#include "platform/db/db_internal.h"

/* ---- connections ---- */

struct queued {
	struct world *world;
	int *order, seen; /* the how manieth to be served; -1: refused */
};

static void
give_back(struct world *world, struct arena *arena, struct db_conn *conn)
{
	assert_ok(world->db->driver->script(conn, arena, "ROLLBACK"));
	conn_give_back(conn);
}

static void *
take_a_reader(void *arg)
{
	struct queued *one = arg;
	struct arena arena = ARENA_INIT;
	struct cx cx = world_cx(one->world);
	struct db_conn *conn;

	cx.arena = &arena;
	if (conn_take_reader(&cx, &conn)) {
		one->seen = -1;
	} else {
		one->seen = ++*one->order; /* one after the other: each has the only connection */
		give_back(one->world, &arena, conn);
	}
	arena_release(&arena);
	return NULL;
}

static size_t
count_waiting(struct db *db)
{
	size_t n = 0;

	pthread_mutex_lock(&db->mutex);
	for (const struct db_waiter *at = db->readers.waiting; at; at = at->next)
		n++;
	pthread_mutex_unlock(&db->mutex);
	return n;
}

static void
who_waits_longest_gets_the_next_connection(void **state)
{
	enum { QUEUE = 4 };
	struct world *world = *state;
	struct db *db = world->db;
	struct db_conn *taken[64];
	struct queued queue[QUEUE];
	pthread_t threads[QUEUE];
	int order = 0, most = db->readers.most;

	assert_true(most <= 64);
	for (int i = 0; i < most; i++)
		assert_ok(conn_take_reader(&world->cx, &taken[i]));
	for (size_t i = 0; i < QUEUE; i++) {
		queue[i] = (struct queued){.world = world, .order = &order};
		if (i == 1) { /* the first is refused meanwhile, and leaves the queue */
			pthread_join(threads[0], NULL);
			assert_int_equal(queue[0].seen, -1);
		}
		assert_int_equal(pthread_create(&threads[i], NULL, take_a_reader, &queue[i]), 0);
		while (count_waiting(db) != (i ? i : 1))
			usleep(1000);
	}
	give_back(world, world->cx.arena, taken[0]);
	for (size_t i = 1; i < QUEUE; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(queue[i].seen, i);
	}
	for (int i = 1; i < most; i++)
		give_back(world, world->cx.arena, taken[i]);
}

/* ---- steps ---- */

static fallible
look_and_fail(struct cx *cx, void *arg)
{
	*(struct arena **)arg = cx->arena;
	arena_alloc(cx->arena, 1 << 20);
	journal_add_read(cx, S("looked"));
	return err_logged(cx->arena, ERR_CONFLICT, "no", "kept %s", "words");
}

static void
a_step_gives_its_memory_back_and_leaves_its_trail(void **state)
{
	struct world *world = *state;
	struct journal_report before, after;
	struct arena *used = NULL;
	size_t held;
	const struct err *error;

	assert_ok(journal_verify(&world->cx, &before));
	held = world->cx.arena->held_bytes;
	error = db_apart(&world->cx, look_and_fail, &used);
	assert_true(used && used != world->cx.arena);
	assert_true(world->cx.arena->held_bytes < held + (1 << 20));
	assert_string_equal(error->log, "kept words");
	assert_ok(journal_verify(&world->cx, &after));
	assert_int_equal(after.entries, before.entries + 1);
}

/* ---- the log ---- */

struct fact {
	str name, value;
};

static const struct err *
add_fact(struct tx *tx, void *arg)
{
	const struct fact *fact = arg;

	return db_run(tx, SQL("INSERT INTO installation (name, value) VALUES ($1, $2)"),
	    BIND(DB(fact->name), db_bytes(fact->value)), NULL);
}

static int64_t
count_facts(struct cx *cx)
{
	int64_t n;

	assert_ok(db_one(cx, SQL("SELECT count(*) FROM installation"), BIND_NONE, INTO(&n, ONE_INT)));
	return n;
}

/* How long the log is after one more act. */
static int64_t
log_pages(struct world *world, struct db_conn *conn, const char *name)
{
	struct fact fact = {str_from_z(name), S("one more")};
	int64_t pages;

	assert_ok(db_write(&world->cx, add_fact, &fact));
	assert_ok(conn->db->driver->checkpoint(conn, world->cx.arena, false, &pages));
	return pages;
}

static void
a_long_log_is_begun_anew_when_no_reader_needs_it(void **state)
{
	struct world *world = *state;
	struct db *db = world->cx.db;
	struct cx reader = world->cx;
	struct db_conn *conn;
	struct fact fact = {.name = S("long")};
	char *filling = arena_alloc(world->cx.arena, 1 << 20);
	int64_t pages, n;

	if (!db->driver->checkpoint)
		return; /* PostgreSQL keeps its log itself */
	memset(filling, 'x', 1 << 20);
	fact.value = (str){filling, 1 << 20};
	assert_ok(db_write(&world->cx, add_fact, &fact));
	reader.conn = NULL;
	n = count_facts(&reader); /* and looks on */
	assert_ok(db->driver->connect(db, world->cx.arena, true, &conn));
	fact.name = S("longer");
	assert_ok(db_write(&world->cx, add_fact, &fact));

	assert_ok(db->driver->checkpoint(conn, world->cx.arena, true, &pages));
	assert_true(log_pages(world, conn, "while somebody reads") > 256);
	assert_int_equal(count_facts(&reader), n);

	db_release(&reader);
	assert_ok(db->driver->checkpoint(conn, world->cx.arena, true, &pages));
	assert_true(log_pages(world, conn, "when nobody reads") < 64);
	assert_int_equal(count_facts(&world->cx), n + 3);
	db->driver->disconnect(conn);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(who_waits_longest_gets_the_next_connection),
	    WORLD_TEST(a_step_gives_its_memory_back_and_leaves_its_trail),
	    WORLD_TEST(a_long_log_is_begun_anew_when_no_reader_needs_it),
	};

	return cmocka_run_group_tests_name("db_conn", list, NULL, NULL);
}
