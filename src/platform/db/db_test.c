/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

struct fact {
	str name, value;
};
static const struct db_column FACT[] = {COL(struct fact, name), COL_BYTES(struct fact, value)};

static const struct err *
add_fact(struct tx *tx, void *arg)
{
	const struct fact *fact = arg;

	TRY(db_run(tx, SQL("INSERT INTO installation (name, value) VALUES ($1, $2)"),
	    BIND(DB(fact->name), db_bytes(fact->value)), NULL));
	journal_add(tx, fact->name);
	return NULL;
}

static const struct err *
add_fact_then_fail(struct tx *tx, void *arg)
{
	TRY(add_fact(tx, arg));
	return ERR(ERR_CONFLICT, "no", "the act changed its mind");
}

static int64_t
count_facts(struct world *world, str like)
{
	int64_t n;

	assert_ok(db_one(&world->cx, SQL("SELECT count(*) FROM installation WHERE name LIKE $1"), BIND(DB(like)),
	    INTO(&n, ONE_INT)));
	db_refresh(&world->cx);
	return n;
}

static void
what_was_written_is_read_back_with_its_types(void **state)
{
	struct world *world = *state;
	struct fact fact = {S("ünï'code"), {"\0\1\377", 3}}, back = {STR_NONE, STR_NONE};

	assert_ok(db_write(&world->cx, add_fact, &fact));
	assert_ok(db_one(&world->cx, SQL("SELECT name, value FROM installation WHERE name = $1"), BIND(DB(fact.name)),
	    INTO(&back, FACT)));
	assert_true(str_equal(back.name, fact.name));
	assert_true(str_equal(back.value, fact.value));
}

struct all_types {
	int64_t number;
	int32_t small;
	bool yes;
	str text, absent;
	struct uuid id, none;
	instant at, never;
};
static const struct db_column ALL_TYPES[] = {COL(struct all_types, number), COL(struct all_types, small),
    COL(struct all_types, yes), COL(struct all_types, text), COL(struct all_types, absent), COL(struct all_types, id),
    COL(struct all_types, none), COL(struct all_types, at), COL(struct all_types, never)};

static const struct err *
types_round_trip(struct tx *tx, void *arg)
{
	struct all_types *in = arg, out;

	TRY(db_run(tx,
	    SQL("INSERT INTO all_types (number, small, yes, text, absent, id, none, at, never)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"),
	    BIND(DB(in->number), DB(in->small), DB(in->yes), DB(in->text), DB(in->absent), DB(in->id), DB(in->none),
		DB(in->at), DB(in->never)),
	    NULL));
	TRY(db_one(tx->cx, SQL("SELECT number, small, yes, text, absent, id, none, at, never FROM all_types"),
	    BIND_NONE, INTO(&out, ALL_TYPES)));
	assert_true(out.number == in->number && out.small == in->small && out.yes == in->yes);
	assert_true(str_equal(out.text, in->text) && out.absent.p == NULL);
	assert_true(uuid_equal(out.id, in->id) && uuid_is_none(out.none));
	assert_true(out.at.ms == in->at.ms && instant_is_none(out.never));
	return NULL;
}

static void
every_type_survives_and_none_is_null(void **state)
{
	struct world *world = *state;
	static const struct migration extra = {1000, "types",
	    "CREATE TABLE all_types (number BIGINT, small BIGINT, yes BIGINT, text TEXT, absent TEXT, id UUID, none "
	    "UUID,"
	    " at BIGINT, never BIGINT)"};
	struct all_types in = {.number = INT64_MIN,
	    .small = -7,
	    .yes = true,
	    .text = S(""),
	    .absent = STR_NONE,
	    .id = uuid_new(world->cx.now),
	    .at = {-1},
	    .never = INSTANT_NONE};

	assert_ok(db_migrate(&world->cx, &extra, 1));
	assert_ok(db_write(&world->cx, types_round_trip, &in));
}

static void
a_missing_row_is_gone_and_a_double_key_is_a_conflict(void **state)
{
	struct world *world = *state;
	struct fact fact = {S("x"), S("1")}, back;
	bool found = true;

	assert_fails(db_one(&world->cx, SQL("SELECT name, value FROM installation WHERE name = $1"), BIND(DB(S("no"))),
			 INTO(&back, FACT)),
	    ERR_GONE);
	assert_ok(db_maybe(&world->cx, SQL("SELECT name, value FROM installation WHERE name = $1"), BIND(DB(S("no"))),
	    INTO(&back, FACT), &found));
	assert_false(found);
	assert_ok(db_write(&world->cx, add_fact, &fact));
	assert_fails(db_write(&world->cx, add_fact, &fact), ERR_CONFLICT);
}

static void
an_act_that_fails_leaves_nothing(void **state)
{
	struct world *world = *state;
	struct fact fact = {S("half"), S("1")};
	struct journal_report report;

	assert_fails(db_write(&world->cx, add_fact_then_fail, &fact), ERR_CONFLICT);
	assert_int_equal(count_facts(world, S("half")), 0);
	assert_ok(journal_verify(&world->cx, &report));
	assert_int_equal(report.entries, 0);
}

static void
a_snapshot_does_not_see_later_writes_until_refreshed(void **state)
{
	struct world *world = *state;
	struct cx other = world_cx(world);
	struct fact fact = {S("later"), S("1")};
	int64_t n;

	assert_ok(db_one(
	    &other, SQL("SELECT count(*) FROM installation WHERE name = 'later'"), BIND_NONE, INTO(&n, ONE_INT)));
	assert_ok(db_write(&world->cx, add_fact, &fact));
	assert_ok(db_one(
	    &other, SQL("SELECT count(*) FROM installation WHERE name = 'later'"), BIND_NONE, INTO(&n, ONE_INT)));
	assert_int_equal(n, 0);
	db_refresh(&other);
	assert_ok(db_one(
	    &other, SQL("SELECT count(*) FROM installation WHERE name = 'later'"), BIND_NONE, INTO(&n, ONE_INT)));
	assert_int_equal(n, 1);
	db_release(&other);
}

#define WRITERS        8
#define WRITES_OF_EACH 50

struct crowd {
	struct world *world;
	int number, failed;
};

static void *
write_many(void *arg)
{
	struct crowd *one = arg;
	struct arena arena = ARENA_INIT;
	struct cx cx = world_cx(one->world);

	cx.arena = &arena;
	for (int i = 0; i < WRITES_OF_EACH; i++) {
		struct fact fact = {arena_printf(&arena, "c-%d-%d", one->number, i), S("1")};
		act_fn *act = i % 5 == 4 ? add_fact_then_fail : add_fact;

		if (!db_write(&cx, act, &fact) != (act == add_fact))
			one->failed++;
		journal_add_read(&cx, S("looked"));
		if (db_journal_flush(&cx))
			one->failed++;
	}
	db_release(&cx);
	arena_release(&arena);
	return NULL;
}

static void
many_writers_at_once_lose_and_double_nothing(void **state)
{
	struct world *world = *state;
	struct crowd crowd[WRITERS];
	pthread_t threads[WRITERS];
	struct journal_report report;

	for (int i = 0; i < WRITERS; i++) {
		crowd[i] = (struct crowd){.world = world, .number = i};
		assert_int_equal(pthread_create(&threads[i], NULL, write_many, &crowd[i]), 0);
	}
	for (int i = 0; i < WRITERS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(crowd[i].failed, 0);
	}
	assert_int_equal(count_facts(world, S("c-%")), WRITERS * WRITES_OF_EACH * 4 / 5);
	assert_ok(journal_verify(&world->cx, &report));
	assert_true(report.intact);
	assert_int_equal(report.entries, WRITERS * WRITES_OF_EACH * 4 / 5 + WRITERS * WRITES_OF_EACH);
}

struct readers {
	struct world *world;
	int flushed; /* said to be durable */
};

static void *
look_many_times(void *arg)
{
	struct readers *one = arg;
	struct arena arena = ARENA_INIT;
	struct cx cx = world_cx(one->world);

	cx.arena = &arena;
	for (int i = 0; i < WRITES_OF_EACH; i++) {
		journal_add_read(&cx, S("looked"));
		one->flushed += db_journal_flush(&cx) == NULL;
	}
	db_release(&cx);
	arena_release(&arena);
	return NULL;
}

static void
a_commit_of_many_that_fails_is_tried_for_each_alone(void **state)
{
	struct world *world = *state;
	struct readers crowd[WRITERS];
	pthread_t threads[WRITERS];
	struct journal_report report;
	int flushed = 0;

	for (int i = 0; i < WRITERS; i++) {
		crowd[i] = (struct readers){.world = world};
		assert_int_equal(pthread_create(&threads[i], NULL, look_many_times, &crowd[i]), 0);
	}
	for (int i = 0; i < 200; i++) { /* meanwhile statements fail here and there */
		db_fault_arm(world->db, DB_FAULT_ERROR, 1 + i % 4);
		usleep(500);
	}
	db_fault_arm(world->db, DB_FAULT_NONE, 0);
	for (int i = 0; i < WRITERS; i++) {
		pthread_join(threads[i], NULL);
		flushed += crowd[i].flushed;
	}
	assert_ok(journal_verify(&world->cx, &report));
	assert_true(report.intact);
	assert_true(flushed > 0);
	assert_int_equal(report.entries, flushed);
}

static const struct err *
damage(struct tx *tx, void *arg)
{
	(void)arg;
	return db_run(tx,
	    SQL("UPDATE journal_block SET entries = $1 WHERE lane = (SELECT min(lane) FROM journal_head) AND sequence "
		"= 2"),
	    BIND(db_bytes(S("\4\0\0\0evil"))), NULL);
}

static const struct err *
cut_newest(struct tx *tx, void *arg)
{
	(void)arg;
	return db_run(tx,
	    SQL("DELETE FROM journal_block WHERE sequence = (SELECT max(b.sequence) FROM journal_block b"
		" WHERE b.lane = journal_block.lane)"),
	    BIND_NONE, NULL);
}

static void
a_changed_or_cut_journal_is_found(void **state)
{
	struct world *world = *state;
	struct journal_report report;

	for (int i = 0; i < 30; i++) {
		struct fact fact = {arena_printf(&world->arena, "j-%d", i), S("1")};
		assert_ok(db_write(&world->cx, add_fact, &fact));
	}
	assert_ok(journal_verify(&world->cx, &report));
	assert_true(report.intact);
	assert_int_equal(report.entries, 30);
	assert_ok(db_write(&world->cx, cut_newest, NULL));
	assert_ok(journal_verify(&world->cx, &report));
	assert_false(report.intact);
	assert_ok(db_write(&world->cx, damage, NULL));
	assert_ok(journal_verify(&world->cx, &report));
	assert_false(report.intact);
	assert_int_equal(report.bad_sequence, 2);
}

static const struct err *
three_facts(struct tx *tx, void *arg)
{
	(void)arg;
	TRY(add_fact(tx, &(struct fact){S("f-1"), S("1")}));
	TRY(add_fact(tx, &(struct fact){S("f-2"), S("1")}));
	return add_fact(tx, &(struct fact){S("f-3"), S("1")});
}

static void
each_failing_statement_undoes_the_whole_act(void **state)
{
	struct world *world = *state;

	int64_t nth = 1;

	for (;; nth++) {
		db_fault_arm(world->db, DB_FAULT_ERROR, nth);
		const struct err *error = db_write(&world->cx, three_facts, NULL);
		if (!error)
			break;
		assert_int_equal(error->code, ERR_BROKEN);
		assert_int_equal(count_facts(world, S("f-%")), 0);
	}
	assert_int_equal(nth, 3 + 2 + 1); /* three rows, the journal's block and its head; then none failed */
	assert_int_equal(count_facts(world, S("f-%")), 3);
}

static void
dying_in_the_middle_leaves_all_or_nothing(void **state)
{
	struct world *world = *state;
	struct journal_report report;

	for (int64_t nth = 1; nth <= 5; nth++) {
		pid_t child;

		db_release(&world->cx);
		db_close(world->db); /* no thread and no connection crosses the fork */
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			struct world in_child = *world;
			world_open(&in_child);
			db_fault_arm(in_child.db, DB_FAULT_KILL, nth);
			const struct err *error = db_write(&in_child.cx, three_facts, NULL);
			_exit(error ? 1 : 0);
		}
		int status;
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		vault_close(world->vault);
		world_open(world);
		assert_int_equal(count_facts(world, S("f-%")), 0);
		assert_ok(journal_verify(&world->cx, &report));
		assert_true(report.intact);
	}
}

static const struct err *
stop_at_third(void *arg, const void *row)
{
	int *seen = arg;

	(void)row;
	return ++*seen == 3 ? ERR(ERR_CONFLICT, "enough", "enough") : NULL;
}

static void
rows_are_visited_or_gathered(void **state)
{
	struct world *world = *state;
	struct db_rows rows;
	const struct fact *facts;
	int seen = 0;

	for (int i = 0; i < 20; i++) {
		struct fact fact = {arena_printf(&world->arena, "r-%02d", i), S("v")};
		assert_ok(db_write(&world->cx, add_fact, &fact));
	}
	assert_ok(db_all(&world->cx, SQL("SELECT name, value FROM installation WHERE name LIKE 'r-%' ORDER BY name"),
	    BIND_NONE, ROWS(struct fact, FACT), &rows));
	facts = rows.items;
	assert_int_equal(rows.count, 20);
	assert_str_equal(facts[19].name, "r-19");
	assert_str_equal(facts[0].name, "r-00");
	assert_fails(db_each(&world->cx, SQL("SELECT name, value FROM installation WHERE name LIKE 'r-%'"), BIND_NONE,
			 ROWS(struct fact, FACT), stop_at_third, &seen),
	    ERR_CONFLICT);
	assert_int_equal(seen, 3);
}

static void
a_wrong_shape_or_type_is_our_bug_and_said_so(void **state)
{
	struct world *world = *state;
	int64_t n;
	struct fact fact;

	assert_fails(
	    db_one(&world->cx, SQL("SELECT name FROM installation"), BIND_NONE, INTO(&n, ONE_INT)), ERR_BROKEN);
	assert_fails(
	    db_one(&world->cx, SQL("SELECT name FROM installation"), BIND_NONE, INTO(&fact, FACT)), ERR_BROKEN);
	assert_fails(db_one(&world->cx, SQL("SELECT nonsense"), BIND_NONE, INTO(&n, ONE_INT)), ERR_BROKEN);
}

static void
a_newer_database_is_refused_with_words(void **state)
{
	struct world *world = *state;
	static const struct migration newer = {99, "from_the_future", "CREATE TABLE future (id BIGINT)"};
	static const struct migration older = {1, "journal", ""};

	assert_ok(db_migrate(&world->cx, &newer, 1));
	assert_fails(db_migrate(&world->cx, &older, 1), ERR_CONFLICT);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(what_was_written_is_read_back_with_its_types),
	    WORLD_TEST(every_type_survives_and_none_is_null),
	    WORLD_TEST(a_missing_row_is_gone_and_a_double_key_is_a_conflict),
	    WORLD_TEST(an_act_that_fails_leaves_nothing),
	    WORLD_TEST(a_snapshot_does_not_see_later_writes_until_refreshed),
	    WORLD_TEST(many_writers_at_once_lose_and_double_nothing),
	    WORLD_TEST(a_commit_of_many_that_fails_is_tried_for_each_alone),
	    WORLD_TEST(a_changed_or_cut_journal_is_found),
	    WORLD_TEST(each_failing_statement_undoes_the_whole_act),
	    WORLD_TEST(dying_in_the_middle_leaves_all_or_nothing),
	    WORLD_TEST(rows_are_visited_or_gathered),
	    WORLD_TEST(a_wrong_shape_or_type_is_our_bug_and_said_so),
	    WORLD_TEST(a_newer_database_is_refused_with_words),
	};

	return cmocka_run_group_tests_name("db", list, NULL, NULL);
}
