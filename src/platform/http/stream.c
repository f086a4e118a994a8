/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes between a writer (a worker, or a publisher of events) and the event thread that sends them.  The reader never
 * blocks: when it finds nothing it suspends the connection under the pipe's lock, and whoever then changes something
 * resumes it, so that a connection is resumed exactly once for each time it was suspended. */
#include <errno.h>
#include <time.h>

#include "platform/db/db.h"
#include "platform/http/http_internal.h"

#define WAIT_SLICE_MS 200 /* how soon a blocked writer notices that the server stops */
#define BLOCK_BYTES   ((size_t)16 * 1024)

void
pipe_init(struct pipe *pipe, struct request *rq, size_t capacity)
{
	pthread_condattr_t attributes;

	*pipe = (struct pipe){
	    .connection = rq->connection, .capacity = capacity, .bytes = arena_text(&rq->arena, capacity)};
	pthread_mutex_init(&pipe->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&pipe->room, &attributes);
	pthread_condattr_destroy(&attributes);
	rq->has_pipe = true;
}

static void
wake_reader(struct pipe *pipe)
{
	if (!pipe->is_suspended)
		return;
	pipe->is_suspended = false;
	MHD_resume_connection(pipe->connection);
}

static void
put(struct pipe *pipe, const char *from, size_t n)
{
	size_t at = (pipe->begin + pipe->n) % pipe->capacity;
	size_t first = n < pipe->capacity - at ? n : pipe->capacity - at;

	memcpy(pipe->bytes + at, from, first);
	memcpy(pipe->bytes, from + first, n - first);
	pipe->n += n;
}

static size_t
take(struct pipe *pipe, char *to, size_t max)
{
	size_t n = pipe->n < max ? pipe->n : max;
	size_t first = n < pipe->capacity - pipe->begin ? n : pipe->capacity - pipe->begin;

	memcpy(to, pipe->bytes + pipe->begin, first);
	memcpy(to + first, pipe->bytes, n - first);
	pipe->begin = (pipe->begin + n) % pipe->capacity;
	pipe->n -= n;
	return n;
}

bool
pipe_try_write(struct pipe *pipe, str bytes)
{
	bool fits;

	pthread_mutex_lock(&pipe->lock);
	fits = !pipe->is_ended && !pipe->is_gone && bytes.n <= pipe->capacity - pipe->n;
	if (fits) {
		put(pipe, bytes.p, bytes.n);
		wake_reader(pipe);
	}
	pthread_mutex_unlock(&pipe->lock);
	return fits;
}

void
pipe_end(struct pipe *pipe, bool is_broken)
{
	pthread_mutex_lock(&pipe->lock);
	pipe->is_ended = true;
	pipe->is_broken |= is_broken;
	wake_reader(pipe);
	pthread_mutex_unlock(&pipe->lock);
}

void
pipe_client_gone(struct pipe *pipe)
{
	pthread_mutex_lock(&pipe->lock);
	pipe->is_gone = true;
	pthread_cond_broadcast(&pipe->room);
	pthread_mutex_unlock(&pipe->lock);
}

/* On the event thread. */
static ssize_t
pipe_read(void *cls, uint64_t position, char *to, size_t max)
{
	struct pipe *pipe = &((struct request *)cls)->pipe;
	ssize_t result = 0;

	(void)position;
	pthread_mutex_lock(&pipe->lock);
	if (pipe->is_broken) {
		result = MHD_CONTENT_READER_END_WITH_ERROR;
	} else if (pipe->n) {
		result = (ssize_t)take(pipe, to, max);
		pthread_cond_broadcast(&pipe->room);
	} else if (pipe->is_ended) {
		result = MHD_CONTENT_READER_END_OF_STREAM;
	} else {
		pipe->is_suspended = true;
		MHD_suspend_connection(pipe->connection);
	}
	pthread_mutex_unlock(&pipe->lock);
	return result;
}

static void
response_freed(void *cls)
{
	request_drop(cls);
}

struct MHD_Response *
pipe_response(struct request *rq)
{
	uint64_t size =
	    rq->answer.stream_bytes == STREAM_BYTES_UNKNOWN ? MHD_SIZE_UNKNOWN : (uint64_t)rq->answer.stream_bytes;
	struct MHD_Response *response =
	    MHD_create_response_from_callback(size, BLOCK_BYTES, pipe_read, rq, response_freed);

	if (response) {
		request_keep(rq);
		response_add_headers(rq, response);
	}
	return response;
}

/* ---- streamed answers ---- */

static fallible
flush_journal(struct request *rq)
{
	if (!rq->cx.db || !rq->cx.journal || !rq->cx.journal->n)
		return NULL;
	return db_journal_flush(&rq->cx);
}

fallible
respond_stream_begin(struct request *rq, int status, const char *content_type)
{
	return respond_stream_begin_sized(rq, status, content_type, STREAM_BYTES_UNKNOWN);
}

fallible
respond_stream_begin_sized(struct request *rq, int status, const char *content_type, int64_t bytes)
{
	if (rq->answer.kind != ANSWER_NONE || rq->answer.is_unsound)
		return ERR(
		    ERR_BROKEN, "Something went wrong on our side.", "a second or unsound answer to one request");
	TRY(flush_journal(rq));
	if (atomic_fetch_add(&rq->server->streams, 1) >= HTTP_STREAMS_MAX) {
		atomic_fetch_sub(&rq->server->streams, 1);
		return ERR(
		    ERR_BUSY, "Too many downloads run right now. Please try again in a minute.", "HTTP_STREAMS_MAX");
	}
	pipe_init(&rq->pipe, rq, HTTP_STREAM_BYTES_MAX);
	rq->pipe.drops = rq->method == HEAD;
	rq->answer.kind = ANSWER_STREAM;
	rq->answer.status = status;
	rq->answer.content_type = content_type;
	rq->answer.stream_bytes = bytes;
	rq->response_status = (unsigned)status;
	rq->response = pipe_response(rq);
	request_hand_over(rq);
	return NULL;
}

static struct timespec
after_ms(int64_t ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += (time_t)(ms / 1000);
	at.tv_nsec += (long)(ms % 1000) * 1000000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000;
	}
	return at;
}

/* Wait, under the lock, until there is room; false when there never will be. */
static bool
wait_for_room(struct request *rq)
{
	struct pipe *pipe = &rq->pipe;
	int64_t since_ms = monotonic_ms();

	while (!pipe->is_gone && pipe->n == pipe->capacity) {
		struct timespec until = after_ms(WAIT_SLICE_MS);

		if (atomic_load(&rq->server->is_stopping) || monotonic_ms() - since_ms > rq->server->limits.stall_ms)
			return false;
		pthread_cond_timedwait(&pipe->room, &pipe->lock, &until);
	}
	return !pipe->is_gone;
}

fallible
respond_stream_write(struct request *rq, str bytes)
{
	struct pipe *pipe = &rq->pipe;
	bool stalled = false;

	if (rq->answer.kind != ANSWER_STREAM)
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "stream write without a stream");
	TRY(flush_journal(rq));
	if (pipe->drops)
		return NULL;
	pthread_mutex_lock(&pipe->lock);
	while (bytes.n && !stalled) {
		size_t n;

		if (!wait_for_room(rq)) {
			stalled = true;
			break;
		}
		n = bytes.n < pipe->capacity - pipe->n ? bytes.n : pipe->capacity - pipe->n;
		put(pipe, bytes.p, n);
		bytes = str_drop(bytes, n);
		wake_reader(pipe);
	}
	if (stalled && !pipe->is_gone)
		connection_cut(rq->server, rq->link);
	pthread_mutex_unlock(&pipe->lock);
	if (stalled)
		return ERR(
		    ERR_BUSY, "The connection was too slow or was closed.", "stream's client left or stopped reading");
	return NULL;
}
