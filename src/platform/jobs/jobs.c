/* SPDX-License-Identifier: Apache-2.0 */
/* The job thread: a round every quarter of a second.  Duties are guarded by leases, so that of several processes on one
 * database one at a time does them; it never holds anything that another could not take over. */
#include <pthread.h>
#include <stdlib.h>

#include "platform/jobs/jobs_internal.h"

#define ROUND_MS        250
#define DUTY_LEASE_MS   (30 * SECOND_MS) /* another process takes over when the holder is silent for so long */
#define DUTY_RENEW_MS   (10 * SECOND_MS)
#define DUTY_LEASE_NAME "jobs"

struct jobs {
	struct jobs_options options;
	struct uuid holder;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	_Atomic bool stopping;
	int64_t renewed_ms; /* monotonic; when the lease was last taken */
	bool mine;
	int64_t *next_ms; /* of each timer, monotonic */
};

static void
complain(const char *what, const struct err *error)
{
	LOG(LOG_ERROR, "job_failed", LOG_Z("job", what), LOG_Z("code", err_code_name(error->code)),
	    LOG_Z("why", error->log));
}

static void
round_of_duties(struct jobs *jobs, struct cx *cx)
{
	const struct timer *timer = jobs->options.timers;
	const struct err *error;
	int64_t now = monotonic_ms(), delivered;

	if (!jobs->mine || now - jobs->renewed_ms >= DUTY_RENEW_MS) {
		error = lease_take(cx, jobs->options.lease, jobs->holder, DUTY_LEASE_MS, &jobs->mine);
		jobs->renewed_ms = now;
		if (error) {
			jobs->mine = false;
			complain(jobs->options.lease, error);
		}
	}
	if (!jobs->mine)
		return;
	for (size_t i = 0; timer[i].name; i++) {
		if (now < jobs->next_ms[i])
			continue;
		jobs->next_ms[i] = now + timer[i].every_ms;
		error = timer[i].run(cx);
		if (error)
			complain(timer[i].name, error);
		db_refresh(cx);
	}
	if (!jobs->options.kinds[0].kind)
		return; /* another thread delivers */
	error = jobs_deliver_due(cx, jobs->options.kinds, &delivered);
	if (error)
		complain("outbox", error);
}

static void *
jobs_main(void *arg)
{
	struct jobs *jobs = arg;
	struct arena arena = ARENA_INIT;

	pthread_mutex_lock(&jobs->mutex);
	while (!jobs->stopping) {
		struct timespec until;
		struct cx cx = {.arena = &arena,
		    .db = jobs->options.db,
		    .vault = jobs->options.vault,
		    .events = jobs->options.events,
		    .who = {.is = WHO_SYSTEM},
		    .now = instant_read_clock(),
		    .stopping = &jobs->stopping};

		pthread_mutex_unlock(&jobs->mutex);
		cx.request = uuid_new(cx.now);
		round_of_duties(jobs, &cx);
		db_release(&cx);
		arena_clear(&arena);
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += ROUND_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000L;
		until.tv_nsec %= 1000000000L;
		pthread_mutex_lock(&jobs->mutex);
		if (!jobs->stopping)
			pthread_cond_timedwait(&jobs->wake, &jobs->mutex, &until);
	}
	pthread_mutex_unlock(&jobs->mutex);
	arena_release(&arena);
	return NULL;
}

fallible
jobs_start(struct arena *arena, const struct jobs_options *options, struct jobs **out)
{
	struct jobs *jobs = ARENA_NEW(arena, struct jobs);
	size_t count = 0;

	while (options->timers[count].name)
		count++;
	jobs->options = *options;
	jobs->options.lease = options->lease ? options->lease : DUTY_LEASE_NAME;
	jobs->holder = uuid_new(instant_read_clock());
	jobs->next_ms = ARENA_ARRAY(arena, int64_t, count + 1);
	pthread_mutex_init(&jobs->mutex, NULL);
	pthread_cond_init(&jobs->wake, NULL);
	if (pthread_create(&jobs->thread, NULL, jobs_main, jobs) != 0)
		return ERR(
		    ERR_BUSY, "The program cannot start: the system gives no more threads.", "no thread for jobs");
	*out = jobs;
	return NULL;
}

void
jobs_stop(struct jobs *jobs)
{
	pthread_mutex_lock(&jobs->mutex);
	jobs->stopping = true;
	pthread_cond_signal(&jobs->wake);
	pthread_mutex_unlock(&jobs->mutex);
	pthread_join(jobs->thread, NULL);
	pthread_mutex_destroy(&jobs->mutex);
	pthread_cond_destroy(&jobs->wake);
}
