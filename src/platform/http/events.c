/* SPDX-License-Identifier: Apache-2.0 */
/* Live events: open streams by topic.  A publisher never waits: what does not fit in a client's queue ends that client,
 * which then reconnects and reloads.  One lock for all; a publication holds it for microseconds.  Order of locks: hub,
 * then pipe. */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "platform/db/db.h"
#include "platform/http/http_internal.h"

#define BUCKETS      1024
#define TICK_MS      100
#define RECHECKS_MAX 64 /* per tick */

struct subscription {
	struct subscription *next, **link; /* in its bucket */
	struct uuid topic;
	struct event_stream *stream;
};

struct event_stream {
	struct event_stream *next, **link;
	struct request *rq;
	int64_t ping_at_ms, recheck_at_ms;
	size_t topic_count;
	struct subscription subscriptions[];
};

struct events {
	struct http_server *server;
	pthread_mutex_t lock;
	pthread_cond_t stop;
	pthread_t thread;
	bool is_stopped;
	int count;
	struct event_stream *streams;
	struct subscription *buckets[BUCKETS];
};

static size_t
bucket_of(struct uuid topic)
{
	return str_hash((str){(const char *)topic.bytes, sizeof(topic.bytes)}) % BUCKETS;
}

/* ---- opening and closing ---- */

static void
subscribe(struct events *events, struct event_stream *stream)
{
	for (size_t i = 0; i < stream->topic_count; i++) {
		struct subscription *subscription = &stream->subscriptions[i];
		struct subscription **bucket = &events->buckets[bucket_of(subscription->topic)];

		subscription->next = *bucket;
		subscription->link = bucket;
		if (*bucket)
			(*bucket)->link = &subscription->next;
		*bucket = subscription;
	}
	stream->next = events->streams;
	stream->link = &events->streams;
	if (events->streams)
		events->streams->link = &stream->next;
	events->streams = stream;
	events->count++;
}

static void
unsubscribe(struct events *events, struct event_stream *stream)
{
	for (size_t i = 0; i < stream->topic_count; i++) {
		struct subscription *subscription = &stream->subscriptions[i];

		*subscription->link = subscription->next;
		if (subscription->next)
			subscription->next->link = subscription->link;
	}
	*stream->link = stream->next;
	if (stream->next)
		stream->next->link = stream->link;
	events->count--;
}

void
events_forget(struct events *events, struct request *rq)
{
	pthread_mutex_lock(&events->lock);
	if (rq->event_stream)
		unsubscribe(events, rq->event_stream);
	rq->event_stream = NULL;
	pthread_mutex_unlock(&events->lock);
}

static struct event_stream *
stream_new(struct request *rq, const struct uuid *topics, size_t count)
{
	struct event_stream *stream =
	    arena_alloc(&rq->arena, sizeof(*stream) + count * sizeof(stream->subscriptions[0]));
	const struct http_limits *limits = &rq->server->limits;

	stream->rq = rq;
	stream->topic_count = count;
	stream->ping_at_ms = monotonic_ms() + limits->events_ping_ms;
	stream->recheck_at_ms = monotonic_ms() + limits->events_recheck_ms;
	for (size_t i = 0; i < count; i++)
		stream->subscriptions[i] = (struct subscription){.topic = topics[i], .stream = stream};
	return stream;
}

fallible
respond_events(struct request *rq, const struct uuid *topics, size_t count)
{
	struct events *events = rq->server->events;
	struct event_stream *stream;
	bool full;

	if (rq->method == HEAD)
		return respond(rq, 200, "text/event-stream", S(""));
	if (rq->answer.kind != ANSWER_NONE)
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a second answer to one request");
	if (count > HTTP_EVENT_TOPICS_MAX)
		return ERR(ERR_INVALID, "Too many things to watch at once.", "more than HTTP_EVENT_TOPICS_MAX topics");
	stream = stream_new(rq, topics, count);
	pipe_init(&rq->pipe, rq, rq->server->limits.events_queue_bytes);
	pipe_try_write(&rq->pipe, S("retry: 3000\n\n"));
	pthread_mutex_lock(&events->lock);
	full = events->is_stopped || events->count >= rq->server->limits.events_max;
	if (!full) {
		rq->event_stream = stream;
		subscribe(events, stream);
	}
	pthread_mutex_unlock(&events->lock);
	if (full)
		return ERR(
		    ERR_BUSY, "Live updates are busy. The page still works; reload it for news.", "HTTP_EVENTS_MAX");
	rq->answer.kind = ANSWER_EVENTS;
	rq->answer.status = 200;
	rq->answer.content_type = "text/event-stream";
	return NULL;
}

/* ---- telling ---- */

/* Under the hub's lock. */
static void
tell(struct event_stream *stream, str text)
{
	struct request *rq = stream->rq;

	if (pipe_try_write(&rq->pipe, text))
		return;
	pipe_end(&rq->pipe, true);
	connection_cut(rq->server, rq->link);
}

void
events_publish(struct events *events, struct uuid topic, const char *event, str data)
{
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT(&arena);

	assert(!memchr(data.p ? data.p : "", '\n', data.n) && !strchr(event, '\n'));
	buf_printf(&text, "event: %s\ndata: %.*s\n\n", event, STR_ARG(data));
	pthread_mutex_lock(&events->lock);
	for (struct subscription *at = events->buckets[bucket_of(topic)]; at; at = at->next)
		if (uuid_equal(at->topic, topic))
			tell(at->stream, buf_str(&text));
	pthread_mutex_unlock(&events->lock);
	arena_release(&arena);
}

/* ---- the helper thread: pings and rechecks ---- */

/* Does the session that opened the stream still stand, as the same caller? */
static bool
still_stands(struct request *rq)
{
	struct http_server *server = rq->server;
	struct arena arena = ARENA_INIT;
	struct cx cx = {.arena = &arena,
	    .db = server->options.db,
	    .vault = server->options.vault,
	    .now = instant_read_clock(),
	    .request = rq->cx.request,
	    .who = {.is = WHO_ANYONE}};
	const struct err *error = server->options.gate->identify(&cx, rq);
	bool same = !error && (cx.who.is & rq->match.found->route->who) &&
	            uuid_equal(cx.who.account.v, rq->cx.who.account.v) &&
	            uuid_equal(cx.who.session.v, rq->cx.who.session.v);

	if (cx.db)
		db_release(&cx);
	arena_release(&arena);
	return same || (error && error->code == ERR_BUSY); /* a database away for a moment signs nobody out */
}

/* Under the lock: ping who is due, collect who is to be rechecked. */
static size_t
tick(struct events *events, struct request **recheck)
{
	int64_t now_ms = monotonic_ms();
	const struct http_limits *limits = &events->server->limits;
	size_t n = 0;

	for (struct event_stream *stream = events->streams; stream; stream = stream->next) {
		if (now_ms >= stream->ping_at_ms) {
			stream->ping_at_ms = now_ms + limits->events_ping_ms;
			tell(stream, S(": ping\n\n"));
		}
		if (now_ms >= stream->recheck_at_ms && n < RECHECKS_MAX) {
			stream->recheck_at_ms = now_ms + limits->events_recheck_ms;
			request_keep(stream->rq);
			recheck[n++] = stream->rq;
		}
	}
	return n;
}

static void *
events_run(void *cls)
{
	struct events *events = cls;
	struct request *recheck[RECHECKS_MAX];

	pthread_mutex_lock(&events->lock);
	while (!events->is_stopped) {
		struct timespec until;
		size_t n = tick(events, recheck);

		pthread_mutex_unlock(&events->lock);
		for (size_t i = 0; i < n; i++) {
			if (!still_stands(recheck[i]))
				pipe_end(&recheck[i]->pipe, false);
			request_drop(recheck[i]);
		}
		pthread_mutex_lock(&events->lock);
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += TICK_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		if (!events->is_stopped)
			pthread_cond_timedwait(&events->stop, &events->lock, &until);
	}
	pthread_mutex_unlock(&events->lock);
	return NULL;
}

struct events *
events_new(struct http_server *server)
{
	struct events *events = ARENA_NEW(server->arena, struct events);
	pthread_condattr_t attributes;

	events->server = server;
	pthread_mutex_init(&events->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&events->stop, &attributes);
	pthread_condattr_destroy(&attributes);
	if (pthread_create(&events->thread, NULL, events_run, events) != 0)
		return NULL;
	return events;
}

void
events_stop(struct events *events)
{
	pthread_mutex_lock(&events->lock);
	events->is_stopped = true;
	for (struct event_stream *stream = events->streams; stream; stream = stream->next)
		pipe_end(&stream->rq->pipe, false);
	pthread_cond_broadcast(&events->stop);
	pthread_mutex_unlock(&events->lock);
	pthread_join(events->thread, NULL);
}

void
events_free(struct events *events)
{
	pthread_mutex_destroy(&events->lock);
	pthread_cond_destroy(&events->stop);
}
