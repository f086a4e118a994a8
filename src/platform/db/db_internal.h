/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share: the driver table, connections, the pool and the write queue. */
#ifndef SALVE_DB_INTERNAL_H
#define SALVE_DB_INTERNAL_H

#include <pthread.h>

#include "platform/db/db.h"

/* A running statement of a driver. */
struct db_stmt;

/* One database product.  `start` prepares (cached per connection), binds and runs; `step` gives the next row; `column` reads
 * one value of it, text valid until the next step; `finish` ends it and is always called after a successful start. */
struct db_driver {
	const char *name;
	bool groups_commits; /* writes go through one thread that commits many acts at once */
	const char *begin_read, *begin_write;
	const char *word_uuid, *word_bytes, *word_clustered; /* the schema's words in this product's SQL */
	const struct err *(*connect)(struct db *db, struct arena *arena, bool writes, struct db_conn **out);
	void (*disconnect)(struct db_conn *conn);
	const struct err *(*start)(
	    struct db_conn *conn, struct arena *arena, struct sql sql, struct db_bind bind, struct db_stmt **out);
	const struct err *(*step)(struct db_stmt *stmt, struct arena *arena, bool *row);
	size_t (*column_count)(struct db_stmt *stmt);
	const struct err *(*column)(struct db_stmt *stmt, size_t at, enum db_type type, struct db_value *out);
	int64_t (*finish)(struct db_stmt *stmt); /* rows changed */
	const struct err *(*script)(
	    struct db_conn *conn, struct arena *arena, const char *sql); /* no values, no rows */
	/* Is a transaction open on the server's side?  A failed statement may have ended it. */
	bool (*in_transaction)(const struct db_conn *conn);
	/* Of a product that groups commits: copy the log back into the file, as far as no reader needs it. With `restart`
	 * wait a moment for readers, so that the next commit writes at the log's beginning. `*pages` is the log's length. */
	const struct err *(*checkpoint)(struct db_conn *conn, struct arena *arena, bool restart, int64_t *pages);
};

extern const struct db_driver sqlite_driver, postgres_driver;

struct db_conn {
	struct db *db;
	struct db_conn *next; /* in the pool's free list */
	bool writes;
	bool broken;  /* do not put back into the pool */
	bool retry;   /* the last error was a serialization failure or a deadlock: run the act again */
	int64_t lane; /* of the journal, for a writing connection */
};

/* Who waits for a connection. */
struct db_waiter {
	struct db_waiter *next;
	pthread_cond_t wake;
	bool served;
	struct db_conn *conn; /* NULL: there is room for one of their own */
};

/* The connections that read, or those that write. Who came first is served first. */
struct db_pool {
	struct db_conn *free;
	int count, most;
	struct db_waiter *waiting, **last;
};

/* One entry of the write queue. */
struct db_job {
	struct db_job *next;
	/* an act … */
	struct cx *cx;
	act_fn *act;
	void *arg;
	/* … or journal entries only, owned by the job */
	char *entries;
	size_t entries_bytes;
	journal_done_fn *done_fn;
	void *done_arg;

	const struct err *error;
	bool done;
	pthread_cond_t *wake;
};

struct db {
	const struct db_driver *driver;
	const char *sqlite_path, *postgres_url;
	unsigned char journal_key[32];
	bool has_journal_key;

	pthread_mutex_t mutex; /* guards everything below */
	struct db_pool readers, writers;
	int64_t lane_next;

	pthread_t writer_thread, checkpoint_thread;
	bool threads_run, stopping;
	bool log_is_long; /* the writer is to restart it */
	pthread_cond_t queue_filled, checkpoint_wake;
	struct db_job *queue_head, **queue_tail;
	size_t queue_count;

	enum db_fault_kind fault_kind;
	int64_t fault_at, fault_seen;
};

/* Connections. A reader's snapshot is begun here; a returned connection has none open. */
fallible conn_take_reader(struct cx *cx, struct db_conn **out);
fallible conn_take_writer(struct db *db, struct arena *arena, struct db_conn **out);
void conn_give_back(struct db_conn *conn);

/* Run a statement and read rows as `into` says. `each` NULL: the first row only. */
fallible conn_query(struct db_conn *conn, struct arena *arena, struct sql sql, struct db_bind bind, struct db_into into,
    db_row_fn *each, void *arg, size_t *rows);
fallible conn_exec(struct db_conn *conn, struct arena *arena, struct sql sql, struct db_bind bind, int64_t *changed);

/* The write queue (writer.c). */

fallible writer_enqueue(struct db *db, struct db_job *job);
void writer_stop(struct db *db);

/* Append the block of `entries` to the lane of `conn`, inside its open transaction (journal.c). */
fallible journal_append(struct db_conn *conn, struct arena *arena, instant now, str entries);

/* Counts a writing statement and fails or dies there when a test asked for it (fault.c). */
fallible fault_check(struct db *db);

#endif
