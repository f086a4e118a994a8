/* SPDX-License-Identifier: Apache-2.0 */
/* A fresh database for a test, on SQLite and on PostgreSQL: the same test runs on both. */
#ifndef SALVE_WORLD_H
#define SALVE_WORLD_H

#include "unit.h"

#include "platform/crypto/crypto.h"
#include "platform/db/db.h"

struct world {
	struct arena arena; /* of the whole test */
	struct cx cx;       /* a request of the system, at world_now */
	struct db *db;
	struct vault *vault;
	const char *product; /* "sqlite" or "postgres" */
	char folder[64];
	char schema[64];
	const char *postgres_url;
};

/* Set up with the whole schema of the program. */
int world_setup_sqlite(void **state);
int world_setup_postgres(void **state); /* fails when SALVE_TEST_POSTGRES is not set */
int world_teardown(void **state);
/* Another cx of the same world, as another caller; released by world_teardown's arena. */
struct cx world_cx(struct world *world);
/* Open the database of world->folder or world->postgres_url: what the set-ups do last. */
void world_open(struct world *world);
/* Close and open the database again, as after a restart. */
void world_reopen(struct world *world);

/* What these statements (a number each) say of the database now, in one number: equal numbers, nothing changed. */
int64_t world_fingerprint(struct world *world, const struct sql *parts, size_t count);

/* Two entries of a test list. */
#define WORLD_TEST(fn)                                                            \
	{#fn " (sqlite)", fn, world_setup_sqlite, world_teardown, NULL},          \
	{                                                                         \
#fn " (postgres)", fn, world_setup_postgres, world_teardown, NULL \
	}

#endif
