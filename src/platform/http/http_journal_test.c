/* SPDX-License-Identifier: Apache-2.0 */
/* With a real database: what a handler read is answered only once its audit entry is durable, and never otherwise. */
#include "platform/http/http_test_client.h"
#include "world.h"

static fallible
read_something(struct cx *cx, struct request *rq)
{
	int64_t one;

	TRY(db_one(cx, SQL("SELECT 1"), BIND_NONE, INTO(&one, ONE_INT)));
	journal_add_read(cx, S("someone read the secret"));
	return respond(rq, 200, "text/plain", S("secret"));
}

static fallible
stream_something(struct cx *cx, struct request *rq)
{
	journal_add_read(cx, S("someone streamed the secret"));
	TRY(respond_stream_begin(rq, 200, "text/plain"));
	journal_add_read(cx, S("and more of it"));
	return respond_stream_write(rq, S("secret"));
}

static const struct err *
nobody(struct cx *cx, struct request *rq)
{
	(void)rq;
	cx->who.is = WHO_ANYONE;
	return NULL;
}

static const struct route routes[] = {
    {GET, "/read", read_something, .who = WHO_ANYONE, .face = FACE_PLAIN},
    {GET, "/stream", stream_something, .who = WHO_ANYONE, .face = FACE_PLAIN},
    {0},
};

static struct trial
start(struct world *world)
{
	static const struct route *const tables[] = {routes, NULL};
	static const struct http_gate gate = {.identify = nobody};
	struct trial trial = {0};
	struct http_options options = {.address = "127.0.0.1",
	    .listen_fd = -1,
	    .route_tables = tables,
	    .gate = &gate,
	    .db = world->db,
	    .vault = world->vault,
	    .workers = 4};

	assert_ok(http_start(&trial.arena, &options, &trial.server));
	return trial;
}

static int64_t
entries(struct world *world)
{
	struct cx cx = world_cx(world);
	struct journal_report report;

	assert_ok(journal_verify(&cx, &report));
	assert_true(report.intact);
	db_release(&cx);
	return report.entries;
}

static void
an_answer_leaves_after_its_audit_entry_is_durable(void **state)
{
	struct world *world = *state;
	struct trial trial = start(world);
	int64_t before = entries(world);

	for (int i = 1; i <= 20; i++) {
		struct reply reply = client_get(&trial, "/read", "");

		assert_int_equal(reply.status, 200);
		assert_str_equal(reply.body, "secret");
		assert_int_equal(entries(world), before + i);
	}
	assert_str_equal(client_get(&trial, "/stream", "").body, "secret");
	assert_int_equal(entries(world), before + 22);
	http_stop(trial.server, 1000);
	arena_release(&trial.arena);
}

/* The same database, opened so that the journal refuses to write (db.h: no journal key). */
static void
reopen_without_journal_key(struct world *world)
{
	struct db_options options = {.readers = 4, .postgres_url = world->postgres_url};

	if (!world->postgres_url)
		options.sqlite_path = arena_z(&world->arena, arena_printf(&world->arena, "%s/salve.db", world->folder));
	db_release(&world->cx);
	db_close(world->db);
	assert_ok(db_open(&world->arena, &options, &world->db));
	world->cx = world_cx(world);
}

static void
without_its_audit_entry_an_answer_is_503_and_holds_no_data(void **state)
{
	struct world *world = *state;
	int64_t before = entries(world);
	struct trial trial;
	struct reply reply;

	reopen_without_journal_key(world);
	trial = start(world);
	reply = client_get(&trial, "/read", "");
	assert_int_equal(reply.status, 503);
	assert_false(str_contains(reply.body, S("secret")));
	assert_non_null(reply_header(reply, "Retry-After").p);
	reply = client_get(&trial, "/stream", "");
	assert_int_equal(reply.status, 500); /* before its first byte, as any error of the handler */
	assert_false(str_contains(reply.body, S("secret")));
	http_stop(trial.server, 1000);
	arena_release(&trial.arena);

	world_reopen(world);
	assert_int_equal(entries(world), before);
	trial = start(world);
	assert_int_equal(client_get(&trial, "/read", "").status, 200);
	assert_int_equal(entries(world), before + 1);
	http_stop(trial.server, 1000);
	arena_release(&trial.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(an_answer_leaves_after_its_audit_entry_is_durable),
	    WORLD_TEST(without_its_audit_entry_an_answer_is_503_and_holds_no_data),
	};

	log_set_level(LOG_ERROR);
	return cmocka_run_group_tests_name("http_journal", tests, NULL, NULL);
}
