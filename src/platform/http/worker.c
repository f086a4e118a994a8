/* SPDX-License-Identifier: Apache-2.0 */
/* The worker pool: a bounded queue, and what a worker does with a request.  4 workers per core (16 at least), because most
 * of a request's time is spent waiting for the database's disk, not computing. */
#include "platform/db/db.h"
#include "platform/http/http_internal.h"

#define URGENT_EXTRA 64 /* places that only health checks and assets may take */

bool
queue_reserve(struct http_server *server, bool is_urgent)
{
	struct queue *queue = &server->queue;
	bool has_room;

	pthread_mutex_lock(&queue->lock);
	has_room = !queue->is_closed && queue->count < server->limits.queue_max + (is_urgent ? URGENT_EXTRA : 0);
	queue->count += has_room;
	pthread_mutex_unlock(&queue->lock);
	return has_room;
}

void
queue_push(struct request *rq, bool is_urgent)
{
	struct queue *queue = &rq->server->queue;

	rq->queued_ms = monotonic_ms();
	rq->next = NULL;
	pthread_mutex_lock(&queue->lock);
	if (queue->first[is_urgent])
		queue->last[is_urgent]->next = rq;
	else
		queue->first[is_urgent] = rq;
	queue->last[is_urgent] = rq;
	pthread_cond_signal(&queue->filled);
	pthread_mutex_unlock(&queue->lock);
}

/* The next request; NULL when the queue is closed and empty. A reserved place always gets its request, so a closed queue
 * is empty when its count is 0. */
static struct request *
queue_pop(struct queue *queue)
{
	struct request *rq = NULL;

	pthread_mutex_lock(&queue->lock);
	while (!queue->first[0] && !queue->first[1] && !(queue->is_closed && queue->count == 0))
		pthread_cond_wait(&queue->filled, &queue->lock);
	for (int lane = 1; lane >= 0 && !rq; lane--)
		if (queue->first[lane]) {
			rq = queue->first[lane];
			queue->first[lane] = rq->next;
			queue->count--;
		}
	if (queue->is_closed && queue->count == 0)
		pthread_cond_broadcast(&queue->filled);
	pthread_mutex_unlock(&queue->lock);
	return rq;
}

void
request_hand_over(struct request *rq)
{
	MHD_resume_connection(rq->connection);
}

void
request_log(const struct request *rq, int status)
{
	LOG(LOG_INFO, "request", LOG_UUID("request", rq->cx.request), LOG_UUID("account", rq->cx.who.account.v),
	    LOG_Z("method", method_name(rq->method)),
	    LOG_Z("route", rq->match.found ? rq->match.found->route->pattern : "-"), LOG_INT("status", status),
	    LOG_INT("took_ms", monotonic_ms() - rq->began_ms));
}

/* The worker (or the journal) is done with the request. */
static void
let_go(struct request *rq)
{
	struct http_server *server = rq->server;

	request_drop(rq);
	pthread_mutex_lock(&server->lock);
	if (--server->in_flight == 0)
		pthread_cond_broadcast(&server->idle);
	pthread_mutex_unlock(&server->lock);
}

static void
send_answer(struct request *rq)
{
	request_log(rq, (int)rq->response_status);
	request_hand_over(rq);
	let_go(rq);
}

/* From the journal's thread: the entries are durable, or never will be. */
static void
journal_done(void *arg, const struct err *error)
{
	struct request *rq = arg;

	if (error) {
		if (rq->answer.kind == ANSWER_EVENTS)
			events_forget(rq->server->events, rq);
		if (rq->response)
			MHD_destroy_response(rq->response);
		rq->match.face = FACE_PLAIN; /* the plain line of text: pages are drawn by workers */
		rq->error_status = 503;
		respond_error(rq, error);
		response_build(rq);
	}
	send_answer(rq);
}

/* As journal_done, of an answer that is gone already. */
static void
journal_done_later(void *arg, const struct err *error)
{
	(void)arg;
	if (error)
		LOG(LOG_ERROR, "trail_lost", LOG_Z("why", error->log));
}

static void
finish(struct request *rq, const struct err *error)
{
	if (rq->answer.kind == ANSWER_STREAM) {
		pipe_end(&rq->pipe, error != NULL);
		atomic_fetch_sub(&rq->server->streams, 1);
		if (error)
			LOG(LOG_WARN, "stream_cut", LOG_UUID("request", rq->cx.request),
			    LOG_Z("why", error->log ? error->log : "-"));
		request_log(rq, rq->answer.status);
		if (rq->cx.db)
			db_release(&rq->cx);
		let_go(rq);
		return;
	}
	if (!error && rq->answer.is_unsound)
		error = ERR(
		    ERR_BROKEN, "Something went wrong on our side.", "a header or cookie that could split the answer");
	if (!error && rq->answer.kind == ANSWER_NONE)
		error = ERR(ERR_BROKEN, "Something went wrong on our side.", "the handler gave no answer");
	if (error) {
		events_forget(rq->server->events, rq);
		respond_error(rq, error);
	}
	if (rq->answer.kind == ANSWER_EVENTS) {
		rq->response = pipe_response(rq);
		rq->response_status = 200;
	} else {
		response_build(rq);
	}
	rq->zip = NULL;
	if (rq->cx.db) /* the snapshot is not kept while the journal is flushed */
		db_release(&rq->cx);
	if (!rq->cx.db || !rq->cx.journal || !rq->cx.journal->n) {
		send_answer(rq);
	} else if (rq->response_status == 304) {
		/* Nothing of anybody's record leaves: the entry follows the others, and the answer does not wait for it. */
		db_journal_flush_async(&rq->cx, journal_done_later, NULL);
		send_answer(rq);
	} else {
		db_journal_flush_async(&rq->cx, journal_done, rq);
	}
}

static void
run(struct request *rq, z_stream *zip)
{
	struct http_server *server = rq->server;
	const struct err *error;

	rq->cx = (struct cx){.arena = &rq->arena,
	    .db = server->options.db,
	    .vault = server->options.vault,
	    .events = server->events,
	    .who = {.is = WHO_ANYONE},
	    .now = instant_read_clock()};
	rq->cx.request = uuid_new(rq->cx.now);
	rq->zip = zip;
	if (atomic_load(&server->is_stopping) || monotonic_ms() - rq->queued_ms > HTTP_QUEUE_SECONDS_MAX * SECOND_MS) {
		rq->match.face = FACE_PLAIN;
		finish(rq, ERR(ERR_BUSY, "There is too much to do right now. Please try again in a moment.",
			       "waited too long"));
		return;
	}
	error = request_admit(rq);
	if (!error && rq->answer.kind == ANSWER_NONE)
		error = rq->match.found->route->handler(&rq->cx, rq);
	finish(rq, error);
}

void *
worker_run(void *cls)
{
	struct http_server *server = cls;
	z_stream zip = {0};
	bool has_zip = deflateInit2(&zip, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK;
	struct request *rq;

	while ((rq = queue_pop(&server->queue)))
		run(rq, has_zip ? &zip : NULL);
	if (has_zip)
		deflateEnd(&zip);
	return NULL;
}
