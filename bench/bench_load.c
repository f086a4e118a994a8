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
	int64_t count, end_us;
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

struct column {
	str name;
};
static const struct db_column COLUMN[] = {COL(struct column, name)};

static fallible
footprint_of(struct cx *cx, str table, struct bench_footprint *sum)
{
	static const struct db_column FOOTPRINT[] = {
	    COL(struct bench_footprint, rows), COL(struct bench_footprint, bytes)};
	struct buf sql = BUF_INIT(cx->arena);
	struct bench_footprint found;
	struct db_rows columns;
	const struct column *column;

	TRY(db_all(
	    cx, SQL("SELECT name FROM pragma_table_info($1)"), BIND(DB(table)), ROWS(struct column, COLUMN), &columns));
	column = columns.items;
	buf_add(&sql, S("SELECT count(*), coalesce(sum(0"));
	for (size_t i = 0; i < columns.count; i++)
		buf_printf(&sql,
		    " + CASE typeof(\"%.*s\") WHEN 'integer' THEN 8 WHEN 'null' THEN 0 ELSE length(CAST(\"%.*s\" AS "
		    "BLOB)) END",
		    STR_ARG(column[i].name), STR_ARG(column[i].name));
	buf_printf(&sql, "), 0) FROM \"%.*s\"", STR_ARG(table));
	/* The names are those of our own schema, as the database itself gives them. */
	TRY(db_one(cx, (struct sql){arena_z(cx->arena, buf_str(&sql))}, BIND_NONE, INTO(&found, FOOTPRINT)));
	sum->rows += found.rows;
	sum->bytes += found.bytes;
	return NULL;
}

fallible
bench_footprint(struct cx *cx, struct bench_footprint *out)
{
	struct db_rows tables;
	const struct column *table;

	*out = (struct bench_footprint){0};
	db_refresh(cx);
	TRY(db_all(cx, SQL("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'bench_plain'"), BIND_NONE,
	    ROWS(struct column, COLUMN), &tables));
	table = tables.items;
	for (size_t i = 0; i < tables.count; i++)
		TRY(footprint_of(cx, table[i].name, out));
	return NULL;
}

/* ---- the floor ---- */

static fallible
make(struct tx *tx, void *arg)
{
	(void)arg;
	return db_run(
	    tx, SQL("CREATE TABLE bench_plain (n INTEGER PRIMARY KEY, bytes BLOB NOT NULL)"), BIND_NONE, NULL);
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
	printf("{\"what\":\"%s\",\"threads\":%d,\"size\":%lld,\"per_second\":%.1f,\"p50_us\":%lld,\"p99_us\":%lld,"
	       "\"cpu_us\":%.1f,"
	       "\"plain_per_second\":%.1f,\"plain_p99_us\":%lld,\"plain_cpu_us\":%.1f,\"ratio\":%.3f}\n",
	    figure->what, threads, (long long)figure->size, deed->per_second, (long long)deed->p50_us,
	    (long long)deed->p99_us, deed->cpu_us, plain->per_second, (long long)plain->p99_us, plain->cpu_us,
	    deed->per_second / plain->per_second);
	fflush(stdout);
}

/* What the deed adds to the database when done once alone. */
static fallible
weigh(const struct bench_figure *figure, struct bench_plain *out)
{
	struct bench_footprint before, after;
	struct cx cx = *figure->cx;

	TRY(figure->deed(&cx, figure->arg, 0, 0)); /* the first one may make keys and the like */
	TRY(bench_footprint(figure->cx, &before));
	db_fault_arm(figure->cx->db, DB_FAULT_NONE, 0);
	cx = *figure->cx;
	cx.conn = NULL;
	cx.now = instant_read_clock();
	TRY(figure->deed(&cx, figure->arg, 0, 0));
	*out = (struct bench_plain){0};
	printf("{\"what\":\"%s weighs\",\"statements\":%lld,", figure->what, (long long)db_fault_count(figure->cx->db));
	TRY(bench_footprint(figure->cx, &after));
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
