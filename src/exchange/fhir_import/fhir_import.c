/* SPDX-License-Identifier: Apache-2.0 */
/* An import from its options to its report. */
#include "exchange/fhir_import/fhir_import.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "exchange/fhir_import/import_worker.h"

#define PROGRESS_MS 200

static int64_t
count_resources(const struct fhir_import_report *report)
{
	int64_t all = 0;

	for (resource_type type = 0; type <= resource_type_count(); type++)
		all += report->by_type[type].added + report->by_type[type].changed + report->by_type[type].unchanged;
	return all;
}

static void
tell_progress(const struct fhir_import_options *options, struct import_run *run, int64_t began_ms)
{
	struct fhir_import_progress progress = {.ms = monotonic_ms() - began_ms};

	if (!options->progress)
		return;
	progress.resources = count_resources(&run->report);
	import_source_progress(run->source, &progress);
	options->progress(options->progress_arg, &progress);
}

/* Wait for all workers, telling the progress meanwhile. */
static void
wait_for_workers(const struct fhir_import_options *options, struct import_run *run, int64_t began_ms)
{
	pthread_mutex_lock(&run->mutex);
	while (run->working > 0) {
		struct timespec until;

		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += PROGRESS_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000L;
		until.tv_nsec %= 1000000000L;
		pthread_cond_timedwait(&run->ended, &run->mutex, &until);
		tell_progress(options, run, began_ms);
	}
	pthread_mutex_unlock(&run->mutex);
}

static int
compare_problems(const void *a_, const void *b_)
{
	const struct fhir_import_problem *a = a_, *b = b_;
	int order = str_compare(a->path, b->path);

	if (order)
		return order;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (a->entry > b->entry) - (a->entry < b->entry);
}

/* Move the report out of the run's memory into the caller's. */
static void
finish_report(struct arena *arena, struct import_run *run, struct fhir_import_report *report)
{
	size_t count = run->problems.count;
	struct fhir_import_problem *problems = ARENA_ARRAY(arena, struct fhir_import_problem, count);

	*report = run->report;
	if (count)
		qsort(run->problems.items, count, sizeof(run->problems.items[0]), compare_problems);
	for (size_t i = 0; i < count; i++) {
		problems[i] = run->problems.items[i];
		problems[i].path = arena_str(arena, problems[i].path);
		problems[i].type = arena_str(arena, problems[i].type);
		problems[i].reason = arena_str(arena, problems[i].reason);
	}
	report->problems = problems;
	report->problem_count = count < FHIR_IMPORT_PROBLEMS_MAX ? count : FHIR_IMPORT_PROBLEMS_MAX;
	for (resource_type type = 0; type <= resource_type_count(); type++) {
		report->total.added += report->by_type[type].added;
		report->total.changed += report->by_type[type].changed;
		report->total.unchanged += report->by_type[type].unchanged;
		report->total.refused += report->by_type[type].refused;
	}
}

fallible
fhir_import_run(struct cx *cx, const struct fhir_import_options *options, struct fhir_import_report *report)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	int wanted = options->workers ? options->workers : (int)(cores < 1 ? 2 : cores + 1), started = 0;
	int64_t began_ms = monotonic_ms();
	pthread_t threads[FHIR_IMPORT_WORKERS_MAX];
	struct import_run run = {.cx = cx, .facility = options->facility};
	struct fhir_import_progress progress;
	const struct err *error;

	wanted = wanted < 1 ? 1 : wanted > FHIR_IMPORT_WORKERS_MAX ? FHIR_IMPORT_WORKERS_MAX : wanted;
	TRY(import_source_open(cx->arena, options->paths, options->path_count, &run.source));
	db_release(cx);
	pthread_mutex_init(&run.turn, NULL);
	pthread_mutex_init(&run.mutex, NULL);
	pthread_cond_init(&run.ended, NULL);
	run.report.by_type = ARENA_ARRAY(cx->arena, struct fhir_import_count, (size_t)resource_type_count() + 1);
	pthread_mutex_lock(&run.mutex);
	while (started < wanted && pthread_create(&threads[started], NULL, import_worker_main, &run) == 0)
		started++;
	run.working += started;
	if (!started)
		run.error = ERR(ERR_BUSY, "The machine has no thread left for the import. Please try again.",
		    "no thread for an import");
	pthread_mutex_unlock(&run.mutex);
	wait_for_workers(options, &run, began_ms);
	for (int i = 0; i < started; i++)
		pthread_join(threads[i], NULL);

	error = run.error ? err_copy(cx->arena, run.error) : import_later_ones(&run);
	import_source_progress(run.source, &progress);
	finish_report(cx->arena, &run, report);
	report->bytes = progress.bytes_done;
	report->ms = monotonic_ms() - began_ms;
	import_source_close(run.source);
	arena_release(&run.arena);
	pthread_mutex_destroy(&run.turn);
	pthread_mutex_destroy(&run.mutex);
	pthread_cond_destroy(&run.ended);
	return error;
}
