/* SPDX-License-Identifier: Apache-2.0 */
/* Running one deed over and over on several threads, and what it cost. */
#ifndef SALVE_BENCH_LOAD_H
#define SALVE_BENCH_LOAD_H

#include "platform/db/db.h"

#define BENCH_THREADS_MAX 64

/* Do it once, as thread `number` for the `turn`th time. `cx` is the system's, with an arena that is cleared afterwards. */
typedef fallible(bench_deed)(struct cx *cx, void *arg, int number, int64_t turn);

struct bench_load {
	struct cx base; /* what each thread's cx begins as */
	bench_deed *deed;
	void *arg;
	int threads;
	int64_t run_ms;
	int64_t turns; /* of each thread, however long it takes; 0: until run_ms are over */
};
struct bench_result {
	int64_t count, busy;       /* busy: refused with ERR_BUSY, so tried again */
	double per_second, cpu_us; /* of the whole process (user and system), per deed */
	int64_t p50_us, p99_us;
};
/* ERR_* of the first deed that failed otherwise; the others stop then. */
fallible bench_run(const struct bench_load *load, struct bench_result *out);

/* The floor W: an act that inserts so many rows with so many bytes together, into a table without an index, one statement a
 * row. */
struct bench_plain {
	int64_t rows, bytes;
};
fallible bench_plain_make(struct cx *cx); /* nothing when it is there */
bench_deed bench_plain_write;             /* arg: struct bench_plain */

/* Measure a deed by so many threads at once, each time beside W on the same database, and print one line of JSON for each;
 * before them what the deed writes when done once alone. W's table must have been made. */
struct bench_figure {
	const char *what;
	struct cx *cx; /* the system's */
	bool is_postgres;
	bench_deed *deed;
	void *arg;
	int64_t run_ms, size; /* size: how many of what is counted one deed does */
	int threads[4];       /* 0 ends them */
};
fallible bench_measure(const struct bench_figure *figure);

#endif
