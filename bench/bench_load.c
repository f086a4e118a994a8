/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that do one deed until the time is over; counting rows and bytes; the plain writes that others are compared with. */
#include "bench_load.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#define SAMPLES_MAX 1000000 /* of one thread; more deeds are counted and not timed */

struct lane {
	const struct bench_load *load;
	pthread_t thread;
	int number;
	int64_t count, busy, end_us;
	uint32_t *took_us;
	const struct err *error;
	atomic_bool *stop;
};

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t
cpu_us(void)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	return ((int64_t)used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000 + used.ru_utime.tv_usec +
	       used.ru_stime.tv_usec;
}

static void *
lane_run(void *arg)
{
	struct lane *lane = arg;
	struct arena arena = ARENA_INIT;

	arena_init(&arena);
	while (!atomic_load(lane->stop) &&
	       (lane->load->turns ? lane->count < lane->load->turns : now_us() < lane->end_us)) {
		struct cx cx = lane->load->base;
		int64_t began = now_us();

		cx.arena = &arena;
		cx.now = instant_read_clock();
		cx.request = uuid_new(cx.now);
		lane->error = lane->load->deed(&cx, lane->load->arg, lane->number, lane->count);
		db_release(&cx);
		if (lane->error && lane->error->code == ERR_BUSY) {
			lane->error = NULL;
			lane->busy++;
			arena_clear(&arena);
			continue;
		}
		if (lane->error) { /* its words live in this arena, which stays until the process ends */
			atomic_store(lane->stop, true);
			return NULL;
		}
		if (lane->count < SAMPLES_MAX)
			lane->took_us[lane->count] = (uint32_t)(now_us() - began);
		lane->count++;
		arena_clear(&arena);
	}
	arena_release(&arena);
	return NULL;
}

static int
by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void
sum_up(const struct lane *lanes, int threads, struct bench_result *out)
{
	size_t count = 0, at = 0;
	uint32_t *all;

	for (int i = 0; i < threads; i++) {
		out->count += lanes[i].count;
		out->busy += lanes[i].busy;
		count += (size_t)(lanes[i].count < SAMPLES_MAX ? lanes[i].count : SAMPLES_MAX);
	}
	all = calloc(count + 1, sizeof(*all));
	for (int i = 0; all && i < threads; i++) {
		size_t n = (size_t)(lanes[i].count < SAMPLES_MAX ? lanes[i].count : SAMPLES_MAX);

		memcpy(all + at, lanes[i].took_us, n * sizeof(*all));
		at += n;
	}
	if (all && count) {
		qsort(all, count, sizeof(*all), by_size);
		out->p50_us = all[count / 2];
		out->p99_us = all[count - 1 - count / 100];
	}
	free(all);
}

fallible
bench_run(const struct bench_load *load, struct bench_result *out)
{
	struct lane lanes[BENCH_THREADS_MAX] = {0};
	atomic_bool stop = false;
	int64_t began = now_us(), cpu = cpu_us(), took;
	const struct err *error = NULL;

	assert(load->threads >= 1 && load->threads <= BENCH_THREADS_MAX);
	for (int i = 0; i < load->threads; i++) {
		lanes[i] = (struct lane){.load = load,
		    .number = i,
		    .end_us = began + load->run_ms * 1000,
		    .took_us = calloc(SAMPLES_MAX, sizeof(uint32_t)),
		    .stop = &stop};
		assert(lanes[i].took_us);
		if (pthread_create(&lanes[i].thread, NULL, lane_run, &lanes[i]) != 0)
			abort();
	}
	for (int i = 0; i < load->threads; i++) {
		pthread_join(lanes[i].thread, NULL);
		if (lanes[i].error)
			error = lanes[i].error;
	}
	took = now_us() - began;
	*out = (struct bench_result){0};
	sum_up(lanes, load->threads, out);
	for (int i = 0; i < load->threads; i++)
		free(lanes[i].took_us);
	if (out->count) {
		out->per_second = (double)out->count * 1e6 / (double)took;
		out->cpu_us = (double)(cpu_us() - cpu) / (double)out->count;
	}
	return error;
}

/* ---- rows and bytes ---- */

/* What a database holds: rows, and bytes of their values (a number counts 8). */
struct footprint {
	int64_t rows, bytes;
};

/* A SELECT for each table but W's, made by the database from its own catalogue. */
static fallible
footprint_selects(const struct bench_figure *figure, struct db_rows *out)
{
	if (figure->is_postgres)
		return db_all(figure->cx,
		    SQL("SELECT format('SELECT count(*), coalesce(sum(%s), 0) FROM %I', "
			"string_agg(format('coalesce(%s(%I), 0)',"
			" CASE WHEN c.data_type IN ('text', 'bytea') THEN 'octet_length' ELSE 'pg_column_size' END,"
			" c.column_name), ' + '), t.table_name) FROM information_schema.tables t"
			" JOIN information_schema.columns c USING (table_schema, table_name)"
			" WHERE t.table_schema = current_schema() AND t.table_type = 'BASE TABLE'"
			" AND t.table_name <> 'bench_plain' GROUP BY t.table_name"),
		    BIND_NONE, ROWS(str, ONE_TEXT), out);
	return db_all(figure->cx,
	    SQL("SELECT printf('SELECT count(*), coalesce(sum(%s), 0) FROM \"%w\"', group_concat(printf('coalesce(CASE"
		" typeof(\"%w\") WHEN ''integer'' THEN 8 ELSE length(CAST(\"%w\" AS BLOB)) END, 0)', c.name, c.name),"
		" ' + '), t.name) FROM sqlite_master t JOIN pragma_table_info(t.name) c"
		" WHERE t.type = 'table' AND t.name <> 'bench_plain' GROUP BY t.name"),
	    BIND_NONE, ROWS(str, ONE_TEXT), out);
}

static fallible
footprint_take(const struct bench_figure *figure, struct footprint *out)
{
	static const struct db_column FOOTPRINT[] = {COL(struct footprint, rows), COL(struct footprint, bytes)};
	struct cx *cx = figure->cx;
	struct db_rows selects;
	const str *select;

	*out = (struct footprint){0};
	db_refresh(cx);
	TRY(footprint_selects(figure, &selects));
	select = selects.items;
	for (size_t i = 0; i < selects.count; i++) {
		struct footprint table;

		TRY(db_one(cx, (struct sql){arena_z(cx->arena, select[i])}, BIND_NONE, INTO(&table, FOOTPRINT)));
		out->rows += table.rows;
		out->bytes += table.bytes;
	}
	return NULL;
}

/* ---- the floor ---- */

/* SQLite keeps bytes as they are in a column of any type. */
static fallible
make(struct tx *tx, void *arg)
{
	(void)arg;
	return db_run(tx, SQL("CREATE TABLE IF NOT EXISTS bench_plain (bytes BYTEA NOT NULL)"), BIND_NONE, NULL);
}

fallible
bench_plain_make(struct cx *cx)
{
	return db_write(cx, make, NULL);
}

static fallible
insert(struct tx *tx, void *arg)
{
	static const char bytes[64 * 1024];
	const struct bench_plain *plain = arg;
	int64_t each = plain->bytes / plain->rows;

	for (int64_t i = 0; i < plain->rows; i++)
		TRY(db_run(tx, SQL("INSERT INTO bench_plain (bytes) VALUES ($1)"),
		    BIND(db_bytes(
			(str){bytes, (size_t)(each < (int64_t)sizeof(bytes) ? each : (int64_t)sizeof(bytes))})),
		    NULL));
	return NULL;
}

fallible
bench_plain_write(struct cx *cx, void *arg, int number, int64_t turn)
{
	(void)number, (void)turn;
	return db_write(cx, insert, arg);
}

/* ---- figures ---- */

static void
print(const struct bench_figure *figure, int threads, const struct bench_result *deed, const struct bench_result *plain)
{
	printf("{\"what\":\"%s\",\"threads\":%d,\"size\":%lld,\"busy\":%lld,\"per_second\":%.1f,\"p50_us\":%lld,\"p99_"
	       "us\":%lld,"
	       "\"cpu_us\":%.1f,"
	       "\"plain_per_second\":%.1f,\"plain_p99_us\":%lld,\"plain_cpu_us\":%.1f,\"ratio\":%.3f}\n",
	    figure->what, threads, (long long)figure->size, (long long)deed->busy, deed->per_second,
	    (long long)deed->p50_us, (long long)deed->p99_us, deed->cpu_us, plain->per_second, (long long)plain->p99_us,
	    plain->cpu_us, deed->per_second / plain->per_second);
	fflush(stdout);
}

/* What the deed adds to the database when done once alone. */
static fallible
weigh(const struct bench_figure *figure, struct bench_plain *out)
{
	struct footprint before, after;
	struct cx cx = *figure->cx;

	TRY(figure->deed(&cx, figure->arg, 0, 0)); /* the first one may make keys and the like */
	TRY(footprint_take(figure, &before));
	db_fault_arm(figure->cx->db, DB_FAULT_NONE, 0);
	cx = *figure->cx;
	cx.conn = NULL;
	cx.now = instant_read_clock();
	TRY(figure->deed(&cx, figure->arg, 0, 0));
	*out = (struct bench_plain){0};
	printf("{\"what\":\"%s weighs\",\"statements\":%lld,", figure->what, (long long)db_fault_count(figure->cx->db));
	TRY(footprint_take(figure, &after));
	*out = (struct bench_plain){after.rows - before.rows, after.bytes - before.bytes};
	printf("\"rows\":%lld,\"bytes\":%lld}\n", (long long)out->rows, (long long)out->bytes);
	db_release(&cx);
	db_release(figure->cx);
	return NULL;
}

fallible
bench_measure(const struct bench_figure *figure)
{
	struct bench_plain plain;

	TRY(weigh(figure, &plain));
	for (const int *threads = figure->threads; *threads; threads++) {
		struct bench_load load = {.base = *figure->cx,
		    .deed = figure->deed,
		    .arg = figure->arg,
		    .threads = *threads,
		    .run_ms = figure->run_ms};
		struct bench_result result, floor;

		load.base.conn = NULL;
		TRY(bench_run(&load, &result));
		load.deed = bench_plain_write;
		load.arg = &plain;
		TRY(bench_run(&load, &floor));
		print(figure, *threads, &result, &floor);
	}
	return NULL;
}
