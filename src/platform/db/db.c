/* SPDX-License-Identifier: Apache-2.0 */
/* Opening, the pool of connections, and reading.  A request's first read takes a connection and begins its snapshot; the
 * same snapshot serves the whole request, so a page never shows two states of the world. */
#include <stdlib.h>
#include <unistd.h>

#include "platform/db/db_internal.h"

#define WRITERS_MAX     8    /* of PostgreSQL: more connections per 2 cores add waiting only (measured) */
#define POOL_WAIT_MS    5000 /* for a connection; then ERR_BUSY */
#define NOT_FOUND_WORDS "We could not find that. It may have been removed, or it is not shared with you."

fallible
db_open(struct arena *arena, const struct db_options *options, struct db **out)
{
	struct db *db = ARENA_NEW(arena, struct db);
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	struct db_conn *first;

	assert(!options->sqlite_path != !options->postgres_url);
	db->driver = options->sqlite_path ? &sqlite_driver : &postgres_driver;
	db->sqlite_path = options->sqlite_path;
	db->postgres_url = options->postgres_url;
	if (options->journal_key) {
		memcpy(db->journal_key, options->journal_key, sizeof(db->journal_key));
		db->has_journal_key = true;
	}
	/* A file's reader costs little, so that no worker waits for one; a server's is a process (8 per 2 cores: measured). */
	db->readers.most =
	    options->readers ? options->readers : (int)(cores < 1 ? 1 : cores) * (options->sqlite_path ? 8 : 4);
	db->readers.last = &db->readers.waiting;
	db->writers.most = db->driver->groups_commits ? 1 : WRITERS_MAX;
	db->writers.last = &db->writers.waiting;
	db->queue_tail = &db->queue_head;
	pthread_mutex_init(&db->mutex, NULL);
	pthread_cond_init(&db->queue_filled, NULL);
	pthread_cond_init(&db->checkpoint_wake, NULL);

	/* The first connection proves that the database is there; it writes, so that an absent file is made. */
	TRY(conn_take_writer(db, arena, &first));
	conn_give_back(first);
	*out = db;
	return NULL;
}

static void
pool_close(const struct db *db, struct db_pool *pool)
{
	struct db_conn *conn;

	while ((conn = pool->free)) {
		pool->free = conn->next;
		db->driver->disconnect(conn);
	}
}

void
db_close(struct db *db)
{
	writer_stop(db);
	pool_close(db, &db->readers);
	pool_close(db, &db->writers);
	explicit_bzero(db->journal_key, sizeof(db->journal_key));
	pthread_mutex_destroy(&db->mutex);
	pthread_cond_destroy(&db->queue_filled);
	pthread_cond_destroy(&db->checkpoint_wake);
}

/* ---- the pool ---- */

/* A connection (or, with NULL, room for one) for whoever waits longest. False when nobody does. With the mutex held. */
static bool
hand_over(struct db_pool *pool, struct db_conn *conn)
{
	struct db_waiter *first = pool->waiting;

	if (!first)
		return false;
	pool->waiting = first->next;
	if (!first->next)
		pool->last = &pool->waiting;
	first->served = true;
	first->conn = conn;
	pthread_cond_signal(&first->wake);
	return true;
}

/* A connection is gone. With the mutex held. */
static void
make_room(struct db_pool *pool)
{
	if (!hand_over(pool, NULL))
		pool->count--;
}

/* Wait until served, at most POOL_WAIT_MS. With the mutex held. */
static bool
wait_for_turn(struct db *db, struct db_pool *pool, struct db_conn **out)
{
	struct db_waiter self = {.wake = PTHREAD_COND_INITIALIZER};
	struct db_waiter **at = &pool->waiting;
	struct timespec until;
	int code = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += POOL_WAIT_MS / 1000;
	*pool->last = &self;
	pool->last = &self.next;
	while (!self.served && code == 0)
		code = pthread_cond_timedwait(&self.wake, &db->mutex, &until);
	if (!self.served) {
		while (*at != &self)
			at = &(*at)->next;
		*at = self.next;
		if (!self.next)
			pool->last = at;
	}
	pthread_cond_destroy(&self.wake);
	*out = self.conn;
	return self.served;
}

static fallible
take(struct db *db, struct arena *arena, bool writes, struct db_conn **out)
{
	struct db_pool *pool = writes ? &db->writers : &db->readers;
	struct db_conn *conn = NULL;
	const struct err *error;

	pthread_mutex_lock(&db->mutex);
	if (pool->free) {
		conn = pool->free;
		pool->free = conn->next;
	} else if (pool->count < pool->most) {
		pool->count++;
	} else if (!wait_for_turn(db, pool, &conn)) {
		pthread_mutex_unlock(&db->mutex);
		return ERR(ERR_BUSY, "The service is very busy. Please try again in a moment.",
		    "no database connection became free");
	}
	pthread_mutex_unlock(&db->mutex);
	*out = conn;
	if (conn)
		return NULL;

	error = db->driver->connect(db, arena, writes, out);
	pthread_mutex_lock(&db->mutex);
	if (error)
		make_room(pool);
	else
		(*out)->lane = writes ? db->lane_next++ : -1;
	pthread_mutex_unlock(&db->mutex);
	return error;
}

fallible
conn_take_writer(struct db *db, struct arena *arena, struct db_conn **out)
{
	return take(db, arena, true, out);
}

fallible
conn_take_reader(struct cx *cx, struct db_conn **out)
{
	struct db_conn *conn;
	const struct err *error;

	for (;;) {
		TRY(take(cx->db, cx->arena, false, &conn));
		error = cx->db->driver->script(conn, cx->arena, cx->db->driver->begin_read);
		if (!error) {
			*out = conn;
			return NULL;
		}
		if (!conn->broken) {
			conn_give_back(conn);
			return error;
		}
		conn_give_back(conn); /* a connection that died while idle: take another, the pool makes a fresh one */
	}
}

void
conn_give_back(struct db_conn *conn)
{
	struct db *db = conn->db;
	struct db_pool *pool = conn->writes ? &db->writers : &db->readers;
	bool broken = conn->broken;

	pthread_mutex_lock(&db->mutex);
	if (broken) {
		make_room(pool);
	} else if (!hand_over(pool, conn)) {
		conn->next = pool->free;
		pool->free = conn;
	}
	pthread_mutex_unlock(&db->mutex);
	if (broken)
		db->driver->disconnect(conn);
}

void
db_refresh(struct cx *cx)
{
	struct db_conn *conn = cx->conn;
	struct arena arena = ARENA_INIT;

	if (!conn || conn->writes) /* inside an act the writer's transaction is the snapshot */
		return;
	cx->conn = NULL;
	if (conn->db->driver->script(conn, &arena, "ROLLBACK"))
		conn->broken = true;
	arena_release(&arena);
	conn_give_back(conn);
}

void
db_release(struct cx *cx)
{
	db_refresh(cx);
}

fallible
db_apart(struct cx *cx, db_step_fn *step, void *arg)
{
	struct arena arena = ARENA_INIT;
	struct cx own;
	const struct err *error, *unwritten;

	assert(!db_in_act(cx));
	db_refresh(cx);
	own = *cx;
	own.arena = &arena;
	own.journal = NULL;
	error = step(&own, arg);
	db_release(&own);
	unwritten = db_journal_flush(&own); /* what was read was read, whatever came of it */
	error = err_copy(cx->arena, error ? error : unwritten);
	arena_release(&arena);
	return error;
}

/* ---- statements ---- */

static void
store(struct arena *arena, const struct db_value *value, enum db_type type, void *place)
{
	switch (type) {
	case DB_INT: *(int64_t *)place = value->is_null ? 0 : value->number; return;
	case DB_INT32: *(int32_t *)place = value->is_null ? 0 : (int32_t)value->number; return;
	case DB_BOOL: *(bool *)place = !value->is_null && value->number != 0; return;
	case DB_INSTANT: *(instant *)place = value->is_null ? INSTANT_NONE : (instant){value->number}; return;
	case DB_UUID: *(struct uuid *)place = value->is_null ? (struct uuid){{0}} : value->uuid; return;
	case DB_TEXT:
	case DB_BYTES: *(str *)place = value->is_null ? STR_NONE : arena_str(arena, value->text); return;
	}
}

/* The current row into the struct at `row`. */
static fallible
read_row(const struct db_driver *driver, struct db_stmt *stmt, struct arena *arena, struct db_into into, void *row)
{
	for (size_t i = 0; i < into.count; i++) {
		struct db_value value = {.is_null = true};

		TRY(driver->column(stmt, i, into.columns[i].type, &value));
		store(arena, &value, into.columns[i].type, (char *)row + into.columns[i].offset);
	}
	return NULL;
}

static fallible
read_rows(struct db_conn *conn, struct arena *arena, struct db_stmt *stmt, struct db_into into, db_row_fn *each,
    void *arg, size_t *rows)
{
	const struct db_driver *driver = conn->db->driver;
	void *row = into.row ? into.row : arena_alloc(arena, into.row_bytes ? into.row_bytes : 1);
	struct arena texts = ARENA_INIT; /* of one row, when rows are visited one by one */
	const struct err *error = NULL;
	bool more;

	if (driver->column_count(stmt) != into.count)
		return ERR(
		    ERR_BROKEN, "Something went wrong on our side.", "a statement's columns do not match its struct");
	*rows = 0;
	for (;;) {
		error = driver->step(stmt, arena, &more);
		if (error || !more)
			break;
		++*rows;
		error = read_row(driver, stmt, each ? &texts : arena, into, row);
		if (error || !each)
			break;
		error = each(arg, row);
		if (error)
			break;
		arena_clear(&texts);
	}
	error = error ? err_copy(arena, error) : NULL;
	arena_release(&texts);
	return error;
}

fallible
conn_query(struct db_conn *conn, struct arena *arena, struct sql sql, struct db_bind bind, struct db_into into,
    db_row_fn *each, void *arg, size_t *rows)
{
	const struct db_driver *driver = conn->db->driver;
	struct db_stmt *stmt;
	const struct err *error;

	assert(bind.count <= DB_BIND_MAX && into.count <= DB_COLUMNS_MAX);
	TRY(driver->start(conn, arena, sql, bind, &stmt));
	error = read_rows(conn, arena, stmt, into, each, arg, rows);
	driver->finish(stmt);
	return error;
}

fallible
conn_exec(struct db_conn *conn, struct arena *arena, struct sql sql, struct db_bind bind, int64_t *changed)
{
	const struct db_driver *driver = conn->db->driver;
	struct db_stmt *stmt;
	const struct err *error;
	bool more = true;
	int64_t rows;

	TRY(fault_check(conn->db));
	TRY(driver->start(conn, arena, sql, bind, &stmt));
	while (!(error = driver->step(stmt, arena, &more)) && more)
		; /* RETURNING nobody asked for */
	rows = driver->finish(stmt);
	if (!error && changed)
		*changed = rows;
	return error;
}

static fallible
query(struct cx *cx, struct sql sql, struct db_bind bind, struct db_into into, db_row_fn *each, void *arg, size_t *rows)
{
	if (!cx->conn)
		TRY(conn_take_reader(cx, &cx->conn));
	return conn_query(cx->conn, cx->arena, sql, bind, into, each, arg, rows);
}

fallible
db_maybe(struct cx *cx, struct sql sql, struct db_bind bind, struct db_into into, bool *found)
{
	size_t rows = 0;

	TRY(query(cx, sql, bind, into, NULL, NULL, &rows));
	*found = rows > 0;
	return NULL;
}

fallible
db_one(struct cx *cx, struct sql sql, struct db_bind bind, struct db_into into)
{
	bool found;

	TRY(db_maybe(cx, sql, bind, into, &found));
	return found ? NULL : ERR(ERR_GONE, NOT_FOUND_WORDS, "no such row, or not visible to the caller");
}

fallible
db_each(struct cx *cx, struct sql sql, struct db_bind bind, struct db_into shape, db_row_fn *each, void *arg)
{
	size_t rows;

	return query(cx, sql, bind, shape, each, arg, &rows);
}

struct gather {
	struct arena *arena;
	struct db_into shape;
	char *items;
	size_t count, capacity;
};

static const struct err *
gather_row(void *arg, const void *row)
{
	struct gather *all = arg;
	char *item;

	if (all->count == DB_ROWS_MAX)
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a SELECT gave more than DB_ROWS_MAX rows");
	if (all->count == all->capacity)
		all->items = list_grow(all->arena, all->items, all->shape.row_bytes, &all->capacity);
	item = all->items + all->count++ * all->shape.row_bytes;
	memcpy(item, row, all->shape.row_bytes);
	for (size_t i = 0; i < all->shape.count; i++) {
		if (all->shape.columns[i].type == DB_TEXT || all->shape.columns[i].type == DB_BYTES) {
			str *text = (str *)(void *)(item + all->shape.columns[i].offset);
			*text = arena_str(all->arena, *text);
		}
	}
	return NULL;
}

fallible
db_all(struct cx *cx, struct sql sql, struct db_bind bind, struct db_into shape, struct db_rows *out)
{
	struct gather all = {.arena = cx->arena, .shape = shape};
	size_t rows;

	TRY(query(cx, sql, bind, shape, gather_row, &all, &rows));
	*out = (struct db_rows){all.items, all.count};
	return NULL;
}

bool
db_in_act(const struct cx *cx)
{
	return cx->conn && cx->conn->writes;
}

fallible
db_run(struct tx *tx, struct sql sql, struct db_bind bind, int64_t *changed)
{
	return conn_exec(tx->conn, tx->cx->arena, sql, bind, changed);
}

fallible
db_ping(struct cx *cx)
{
	int64_t steps;

	return db_one(cx, SQL("SELECT count(*) FROM schema_version"), BIND_NONE, INTO(&steps, ONE_INT));
}
