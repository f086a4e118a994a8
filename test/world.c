/* SPDX-License-Identifier: Apache-2.0 */
/* Fresh databases for tests.  PostgreSQL tests share one cluster (SALVE_TEST_POSTGRES) and have a schema each. */
#include "world.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <unistd.h>

#include "schema.h"

/* What the font libraries keep for the whole process, once somebody made a PDF, is no leak of ours. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libpango\nleak:libglib\n";
}

static const unsigned char test_key[VAULT_KEY_BYTES] = "a key for tests, and tests only";

void
world_open(struct world *world)
{
	char path[128];
	struct db_options options = {.readers = 8, .postgres_url = world->postgres_url};

	assert_ok(vault_open(&world->arena, test_key, &world->vault));
	options.journal_key = vault_journal_key(world->vault);
	if (!world->postgres_url) {
		snprintf(path, sizeof(path), "%s/salve.db", world->folder);
		options.sqlite_path = arena_z(&world->arena, str_from_z(path));
	}
	assert_ok(db_open(&world->arena, &options, &world->db));
	world->cx = world_cx(world);
	assert_ok(db_migrate(&world->cx, schema_migrations, schema_migration_count));
	assert_ok(vault_bind(&world->cx));
	db_release(&world->cx);
}

struct cx
world_cx(struct world *world)
{
	instant now = instant_read_clock();

	return (struct cx){
	    .arena = &world->arena,
	    .db = world->db,
	    .vault = world->vault,
	    .who = {.is = WHO_SYSTEM},
	    .now = now,
	    .request = uuid_new(now),
	};
}

static struct world *
new_world(const char *product)
{
	struct world *world = calloc(1, sizeof(*world));

	assert_non_null(world);
	world->product = product;
	const char *temporary = getenv("TMPDIR");

	snprintf(world->folder, sizeof(world->folder), "%s/salve-test-XXXXXX", temporary ? temporary : "/tmp");
	assert_non_null(mkdtemp(world->folder));
	return world;
}

int
world_setup_sqlite(void **state)
{
	struct world *world = new_world("sqlite");

	*state = world;
	world_open(world);
	return 0;
}

static void
postgres_run(const char *url, const char *sql)
{
	PGconn *conn = PQconnectdb(url);
	PGresult *result;

	PQclear(PQexec(conn, "SET client_min_messages = warning"));
	result = PQexec(conn, sql);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(conn));
	PQclear(result);
	PQfinish(conn);
}

int
world_setup_postgres(void **state)
{
	const char *url = getenv("SALVE_TEST_POSTGRES");
	struct world *world;
	struct uuid id = uuid_new(instant_read_clock());
	char sql[160];

	if (!url) { /* never skipped: a suite that silently runs on one database proves nothing about the other */
		fprintf(stderr, "SALVE_TEST_POSTGRES is not set: run the tests with ./dev test\n");
		return -1;
	}
	world = new_world("postgres");
	*state = world;
	snprintf(world->schema, sizeof(world->schema), "t_%d_%02x%02x%02x%02x", getpid(), id.bytes[12], id.bytes[13],
	    id.bytes[14], id.bytes[15]);
	snprintf(sql, sizeof(sql), "CREATE SCHEMA %s", world->schema);
	postgres_run(url, sql);
	world->postgres_url = arena_printf(&world->arena, "%s options='-c search_path=%s'", url, world->schema).p;
	world_open(world);
	return 0;
}

void
world_reopen(struct world *world)
{
	db_release(&world->cx);
	db_close(world->db);
	vault_close(world->vault);
	world_open(world);
}

int
world_teardown(void **state)
{
	struct world *world = *state;
	char command[160];

	if (!world)
		return 0;
	db_release(&world->cx);
	db_close(world->db);
	vault_close(world->vault);
	if (world->postgres_url) {
		/* A test that failed in the middle may still hold a snapshot: fail rather than wait for it. */
		snprintf(command, sizeof(command), "SET lock_timeout = 5000; DROP SCHEMA %s CASCADE", world->schema);
		postgres_run(getenv("SALVE_TEST_POSTGRES"), command);
	}
	snprintf(command, sizeof(command), "rm -rf %s", world->folder);
	assert_int_equal(system(command), 0);
	arena_release(&world->arena);
	free(world);
	return 0;
}

int64_t
world_fingerprint(struct world *world, const struct sql *parts, size_t count)
{
	int64_t sum = 0, n;

	db_refresh(&world->cx);
	for (size_t i = 0; i < count; i++) {
		assert_ok(db_one(&world->cx, parts[i], BIND_NONE, INTO(&n, ONE_INT)));
		sum = sum * 1009 + n;
	}
	return sum;
}
