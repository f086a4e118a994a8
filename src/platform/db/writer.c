/* SPDX-License-Identifier: Apache-2.0 */
/* Writing.  On SQLite one thread takes all waiting acts, runs each in a savepoint and commits them with one fsync; on
 * PostgreSQL an act runs on a connection of its own, serializable, and is run again when it lost a race.  The journal
 * entries of reads go through the thread on both.  The surprise: no artificial wait forms the batch; it forms by itself
 * while the previous commit is being flushed. */
#include <stdlib.h>
#include <unistd.h>

#include "platform/db/db_internal.h"

#define CHECKPOINT_EVERY_MS 500
#define LOG_PAGES_MAX       8192 /* 32 MiB: the longer the log, the longer each reader looks for a page in it (measured) */

static const struct err busy = {
    ERR_BUSY, "The service is very busy. Please try again in a moment; nothing was lost.", "the write queue is full"};

static const struct err *
script(struct db_conn *conn, struct arena *arena, const char *sql)
{
	return conn->db->driver->script(conn, arena, sql);
}

/* PostgreSQL: did the transaction lose a race, and is to be run again? Then wait by chance: at most 2 ms the first time, twice as long
 * each time, at most 130 ms. The connection is kept meanwhile, so that fewer run at once. */
static bool
wait_to_run_again(const struct db_conn *conn, int attempt)
{
	unsigned char chance;

	if (!conn->retry || conn->broken || attempt >= DB_RETRIES_MAX)
		return false;
	random_bytes(&chance, 1);
	usleep(chance * (unsigned)(8 << (attempt < 6 ? attempt : 6)));
	return true;
}

/* ---- one batch (the writer thread) ---- */

struct batch {
	struct db *db;
	struct db_conn *conn;
	struct arena arena; /* of the batch; acts use the arenas of their own requests */
	struct buf journal;
	instant now;
};

static const struct err *
run_act(struct batch *batch, struct db_job *job, bool savepoint)
{
	struct cx cx = *job->cx;
	struct tx tx = {.cx = &cx, .conn = batch->conn, .journal = &batch->journal};
	size_t journal_before = batch->journal.n;
	const struct err *error;

	cx.conn = batch->conn;
	if (savepoint)
		TRY(script(batch->conn, &batch->arena, "SAVEPOINT act"));
	error = job->act(&tx, job->arg);
	if (error) {
		batch->journal.n = journal_before;
		error = err_copy(job->cx->arena, error);
	}
	if (!savepoint || !batch->db->driver->in_transaction(batch->conn))
		return error;
	if (error) {
		TRY(script(batch->conn, &batch->arena, "ROLLBACK TO act"));
		TRY(script(batch->conn, &batch->arena, "RELEASE act"));
		return error;
	}
	return script(batch->conn, &batch->arena, "RELEASE act");
}

static bool
run_batch_once(struct batch *batch, struct db_job *jobs, const struct err **why)
{
	const struct err *error;

	batch->conn->retry = false;
	batch->journal = (struct buf)BUF_INIT(&batch->arena);
	*why = script(batch->conn, &batch->arena, batch->db->driver->begin_write);
	if (*why)
		return false;
	for (struct db_job *job = jobs; job; job = job->next) {
		if (job->entries) {
			buf_add_bytes(&batch->journal, job->entries, job->entries_bytes);
			job->error = NULL;
			continue;
		}
		job->error = run_act(batch, job, true);
		if (!batch->db->driver->in_transaction(batch->conn)) {
			*why = job->error; /* the database gave up the whole transaction: disk full, I/O error */
			return false;
		}
	}
	error =
	    batch->journal.n ? journal_append(batch->conn, &batch->arena, batch->now, buf_str(&batch->journal)) : NULL;
	if (!error)
		error = script(batch->conn, &batch->arena, "COMMIT");
	if (error && batch->db->driver->in_transaction(batch->conn)) {
		const struct err *second = script(batch->conn, &batch->arena, "ROLLBACK");
		if (second)
			batch->conn->broken = true;
	}
	*why = error;
	return !error;
}

/* Run `jobs` in one transaction. False when the transaction as a whole failed: then no job of it took effect, and `*why`
 * says what happened. */
static bool
run_batch(struct batch *batch, struct db_job *jobs, const struct err **why)
{
	bool committed = run_batch_once(batch, jobs, why);

	for (int attempt = 0; !committed && wait_to_run_again(batch->conn, attempt); attempt++)
		committed = run_batch_once(batch, jobs, why);
	return committed;
}

static void
finish_job(struct db *db, struct db_job *job, const struct err *error)
{
	if (job->done_fn) {
		job->done_fn(job->done_arg, error);
		free(job);
		return;
	}
	pthread_mutex_lock(&db->mutex);
	job->error = err_copy(job->cx->arena, error);
	job->done = true;
	pthread_cond_signal(job->wake);
	pthread_mutex_unlock(&db->mutex);
}

/* Commit all of `jobs`; when the batch as a whole fails, each gets a transaction of its own, so that one job that cannot be
 * committed does not take the others with it. */
static void
commit_jobs(struct batch *batch, struct db_job *jobs)
{
	const struct err *why = NULL;
	bool committed, several = jobs->next != NULL; /* asked now: a finished job may be gone */

	batch->now = instant_read_clock();
	committed = run_batch(batch, jobs, &why);
	for (struct db_job *job = jobs, *next; job; job = next) {
		next = job->next;
		if (!committed && several) {
			job->next = NULL;
			finish_job(batch->db, job, run_batch(batch, job, &why) ? job->error : why);
			continue;
		}
		finish_job(batch->db, job, committed ? job->error : why);
	}
}

/* Cut at most DB_BATCH_ACTS_MAX acts (journal-only jobs are free) off the queue. Called with the mutex held. */
static struct db_job *
cut_batch(struct db *db)
{
	struct db_job *head = db->queue_head, **end = &db->queue_head;

	for (size_t acts = 0; *end && acts < DB_BATCH_ACTS_MAX; end = &(*end)->next) {
		acts += (*end)->act != NULL;
		db->queue_count--;
	}
	db->queue_head = *end;
	if (!db->queue_head)
		db->queue_tail = &db->queue_head;
	*end = NULL;
	return head;
}

/* What the checkpoint left since its last look is little: the log is empty then, and the next commit starts it anew. */
static void
restart_log(struct batch *batch)
{
	int64_t pages;
	const struct err *error = batch->db->driver->checkpoint(batch->conn, &batch->arena, true, &pages);

	if (error)
		LOG(LOG_WARN, "checkpoint", LOG_Z("why", error->log));
}

static void *
writer_main(void *arg)
{
	struct db *db = arg;
	struct batch batch = {.db = db, .arena = ARENA_INIT};

	pthread_mutex_lock(&db->mutex);
	for (;;) {
		struct db_job *jobs;
		const struct err *error = NULL;
		bool restart;

		while (!db->queue_head && !db->stopping)
			pthread_cond_wait(&db->queue_filled, &db->mutex);
		if (!db->queue_head)
			break;
		jobs = cut_batch(db);
		restart = db->log_is_long;
		db->log_is_long = false;
		pthread_mutex_unlock(&db->mutex);

		if (!batch.conn)
			error = conn_take_writer(db, &batch.arena, &batch.conn);
		if (error) {
			for (struct db_job *job = jobs, *next; job; job = next) {
				next = job->next;
				finish_job(db, job, error);
			}
		} else {
			commit_jobs(&batch, jobs);
		}
		if (batch.conn && batch.conn->broken) {
			conn_give_back(batch.conn);
			batch.conn = NULL;
		}
		if (batch.conn && restart)
			restart_log(&batch);
		arena_clear(&batch.arena);
		pthread_mutex_lock(&db->mutex);
	}
	pthread_mutex_unlock(&db->mutex);
	if (batch.conn)
		conn_give_back(batch.conn);
	arena_release(&batch.arena);
	return NULL;
}

/* SQLite's log is copied back into the file by a thread of its own, so that no write waits for it (p99 halves: measured). While
 * commits follow each other the log would grow without end: each LOG_PAGES_MAX the writer is asked to start it anew, right after
 * a second look, which leaves it almost nothing to copy. */
static void *
checkpoint_main(void *arg)
{
	struct db *db = arg;
	struct arena arena = ARENA_INIT;
	struct db_conn *conn = NULL;
	int64_t asked = 0; /* how long the log was when the writer was asked */

	pthread_mutex_lock(&db->mutex);
	while (!db->stopping) {
		struct timespec until;
		const struct err *error;
		int64_t pages = 0;
		bool is_long;

		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += CHECKPOINT_EVERY_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000L;
		until.tv_nsec %= 1000000000L;
		pthread_cond_timedwait(&db->checkpoint_wake, &db->mutex, &until);
		pthread_mutex_unlock(&db->mutex);
		error = conn ? NULL : db->driver->connect(db, &arena, true, &conn);
		if (!error)
			error = db->driver->checkpoint(conn, &arena, false, &pages);
		asked = pages < asked ? 0 : asked;
		is_long = pages > asked + LOG_PAGES_MAX;
		if (is_long) {
			asked = pages;
			error = db->driver->checkpoint(conn, &arena, false, &pages);
		}
		if (error)
			LOG(LOG_WARN, "checkpoint", LOG_Z("why", error->log));
		arena_clear(&arena);
		pthread_mutex_lock(&db->mutex);
		db->log_is_long = is_long;
	}
	pthread_mutex_unlock(&db->mutex);
	if (conn)
		db->driver->disconnect(conn);
	arena_release(&arena);
	return NULL;
}

/* ---- the queue ---- */

/* With the mutex held. */
static bool
start_threads(struct db *db)
{
	if (db->threads_run)
		return true;
	if (pthread_create(&db->writer_thread, NULL, writer_main, db) != 0)
		return false;
	if (db->driver->groups_commits && pthread_create(&db->checkpoint_thread, NULL, checkpoint_main, db) != 0)
		abort(); /* no thread at start-up: the machine is unusable */
	db->threads_run = true;
	return true;
}

fallible
writer_enqueue(struct db *db, struct db_job *job)
{
	const struct err *error = NULL;

	pthread_mutex_lock(&db->mutex);
	if (db->queue_count >= DB_WRITE_QUEUE_MAX || db->stopping || !start_threads(db)) {
		error = &busy;
	} else {
		job->next = NULL;
		*db->queue_tail = job;
		db->queue_tail = &job->next;
		db->queue_count++;
		pthread_cond_signal(&db->queue_filled);
	}
	pthread_mutex_unlock(&db->mutex);
	return error;
}

static fallible
write_through_queue(struct cx *cx, act_fn *act, void *arg)
{
	pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
	struct db_job job = {.cx = cx, .act = act, .arg = arg, .wake = &wake};

	TRY(writer_enqueue(cx->db, &job));
	pthread_mutex_lock(&cx->db->mutex);
	while (!job.done)
		pthread_cond_wait(&wake, &cx->db->mutex);
	pthread_mutex_unlock(&cx->db->mutex);
	pthread_cond_destroy(&wake);
	return job.error;
}

/* ---- PostgreSQL: a connection per act ---- */

static fallible
try_act(struct cx *cx, struct db_conn *conn, act_fn *act, void *arg)
{
	struct cx inner = *cx;
	struct buf journal = BUF_INIT(cx->arena);
	struct tx tx = {.cx = &inner, .conn = conn, .journal = &journal};
	const struct err *error;

	inner.conn = conn;
	conn->retry = false;
	TRY(script(conn, cx->arena, conn->db->driver->begin_write));
	error = act(&tx, arg);
	if (!error && journal.n)
		error = journal_append(conn, cx->arena, cx->now, buf_str(&journal));
	if (!error)
		error = script(conn, cx->arena, "COMMIT");
	if (error && !conn->broken) {
		bool retry = conn->retry;
		const struct err *second = script(conn, cx->arena, "ROLLBACK");
		if (second)
			conn->broken = true;
		conn->retry = retry;
	}
	return error;
}

static fallible
write_on_own_connection(struct cx *cx, act_fn *act, void *arg)
{
	struct db_conn *conn;
	const struct err *error;

	TRY(conn_take_writer(cx->db, cx->arena, &conn));
	error = try_act(cx, conn, act, arg);
	for (int attempt = 0; error && wait_to_run_again(conn, attempt); attempt++)
		error = try_act(cx, conn, act, arg);
	conn_give_back(conn);
	return error;
}

fallible
db_write(struct cx *cx, act_fn *act, void *arg)
{
	assert(!cx->conn || !cx->conn->writes); /* an act that writes through db_write would wait for itself */
	db_refresh(cx);
	return cx->db->driver->groups_commits ? write_through_queue(cx, act, arg)
	                                      : write_on_own_connection(cx, act, arg);
}

void
writer_stop(struct db *db)
{
	pthread_mutex_lock(&db->mutex);
	db->stopping = true;
	pthread_cond_broadcast(&db->queue_filled);
	pthread_cond_broadcast(&db->checkpoint_wake);
	pthread_mutex_unlock(&db->mutex);
	if (!db->threads_run)
		return;
	pthread_join(db->writer_thread, NULL);
	if (db->driver->groups_commits)
		pthread_join(db->checkpoint_thread, NULL);
	db->threads_run = false;
}
