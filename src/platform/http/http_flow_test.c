/* SPDX-License-Identifier: Apache-2.0 */
/* A real server and raw sockets: what takes time. Deadlines, overload, streams, live events, stopping. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/http/http_test_client.h"

#define PATIENCE_MS 30000 /* for what will come, on a machine with much to do */

/* ---- deadlines ---- */

static void
a_dripped_head_is_cut_at_its_deadline(void **state)
{
	static const struct http_limits limits = {.header_ms = 600, .body_ms = 600, .idle_ms = 20000};
	struct trial *trial = trial_start(&limits, 2);
	int first = client_connect(trial), later = client_connect(trial), body = client_connect(trial);
	int64_t began_ms = monotonic_ms();
	bool first_closed = false, later_closed = false, body_closed = false;

	(void)state;
	client_send(later, S("GET /echo/1 HTTP/1.1\r\nHost: here\r\n\r\n"));
	assert_int_equal(client_read(trial, later, false).status, 200);
	client_send(later, S("GET /echo/1 HTTP/1.1\r\n"));
	client_send(body, S("POST /echo/1 HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\n\r\n"));
	while (monotonic_ms() - began_ms < PATIENCE_MS && !(first_closed && later_closed && body_closed)) {
		client_send(first, S("G")); /* one byte each time: never idle */
		client_send(later, S("X"));
		client_send(body, S("x"));
		first_closed = first_closed || client_is_closed_within(first, 20);
		later_closed = later_closed || client_is_closed_within(later, 20);
		body_closed = body_closed || client_is_closed_within(body, 20);
	}
	assert_true(first_closed && later_closed && body_closed);
	assert_true(monotonic_ms() - began_ms >= 500); /* not before */
	assert_int_equal(client_get(trial, "/health", "").status, 200);
	close(first);
	close(later);
	close(body);
	trial_stop(trial, 1000);
}

/* ---- overload ---- */

static void
wait_for(_Atomic int *figure, int wanted)
{
	for (int i = 0; i < 1000 && atomic_load(figure) < wanted; i++)
		usleep(5000);
	assert_true(atomic_load(figure) >= wanted);
}

static void
a_full_queue_answers_503_at_once_and_health_checks_still_pass(void **state)
{
	static const struct http_limits limits = {.queue_max = 2};
	struct trial *trial = trial_start(&limits, 2);
	int fds[10], refused = 0, released = 0;

	(void)state;
	for (int i = 0; i < 2; i++) {
		fds[i] = client_connect(trial);
		client_send(fds[i], S("GET /block HTTP/1.1\r\nHost: here\r\n\r\n"));
	}
	wait_for(&trial_blocked, 2);
	for (int i = 2; i < 10; i++) {
		fds[i] = client_connect(trial);
		client_send(fds[i], S("GET /block HTTP/1.1\r\nHost: here\r\n\r\n"));
	}
	usleep(300000);
	/* Urgent requests have places of their own; they wait for a worker, but are not turned away. */
	int health = client_connect(trial);
	client_send(health, S("GET /health HTTP/1.1\r\nHost: here\r\n\r\n"));
	usleep(100000);
	atomic_store(&trial_release_blocked, true);
	assert_int_equal(client_read(trial, health, false).status, 200);
	close(health);
	for (int i = 0; i < 10; i++) {
		struct reply reply = client_read(trial, fds[i], false);

		refused += reply.status == 503 && str_equal(reply_header(reply, "Retry-After"), S("1"));
		released += reply.status == 200;
		close(fds[i]);
	}
	assert_int_equal(released, 4); /* two running, two waiting */
	assert_int_equal(refused, 6);
	trial_stop(trial, 1000);
}

/* ---- streams ---- */

static void
a_stream_arrives_whole_through_a_slow_reader(void **state)
{
	struct trial *trial = trial_start(NULL, 2);
	int fd = client_connect(trial), small = 65536;
	struct reply reply;

	(void)state;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	client_send(fd, S("GET /stream?lines=40000 HTTP/1.1\r\nHost: here\r\n\r\n"));
	usleep(300000); /* the pipe and the sockets fill up meanwhile */
	reply = client_read(trial, fd, false);
	assert_int_equal(reply.status, 200);
	assert_true(reply.is_whole);
	assert_int_equal(reply.body.n, 40000 * 64);
	for (int i = 0; i < 40000; i++) {
		char expected[65];

		snprintf(expected, sizeof(expected), "%063d\n", i);
		assert_memory_equal(reply.body.p + (size_t)i * 64, expected, 64);
	}
	close(fd);
	trial_stop(trial, 1000);
}

static void
a_stream_that_fails_never_looks_whole(void **state)
{
	struct trial *trial = trial_start(NULL, 2);
	struct reply reply = client_get(trial, "/stream?lines=1000&then=fail", "");

	(void)state;
	assert_int_equal(reply.status, 200);
	assert_false(reply.is_whole);
	reply = client_get(trial, "/stream?lines=x", "");
	assert_int_equal(reply.status, 400);
	reply = client_get(trial, "/stream?lines=0", "");
	assert_int_equal(reply.status, 200);
	assert_true(reply.is_whole);
	trial_stop(trial, 1000);
}

static void
a_client_that_stops_reading_or_leaves_frees_its_worker(void **state)
{
	static const struct http_limits limits = {.stall_ms = 500};
	struct trial *trial = trial_start(&limits, 1);
	int stalled = client_connect(trial), gone = client_connect(trial);

	(void)state;
	client_send(stalled, S("GET /stream?lines=endless HTTP/1.1\r\nHost: here\r\n\r\n"));
	assert_int_equal(
	    client_get(trial, "/health", "").status, 200); /* only worker: waits until the stall is noticed */
	client_send(gone, S("GET /stream?lines=endless HTTP/1.1\r\nHost: here\r\n\r\n"));
	assert_true(client_read_some(trial, gone, 1000, PATIENCE_MS).n >= 1000);
	close(gone);
	assert_int_equal(client_get(trial, "/health", "").status, 200);
	close(stalled);
	trial_stop(trial, 1000);
}

static void
only_so_many_streams_run_at_a_time(void **state)
{
	struct trial *trial = trial_start(NULL, HTTP_STREAMS_MAX + 4);
	int fds[HTTP_STREAMS_MAX];

	(void)state;
	for (int i = 0; i < HTTP_STREAMS_MAX; i++) {
		fds[i] = client_connect(trial);
		client_send(fds[i], S("GET /stream?lines=endless HTTP/1.1\r\nHost: here\r\n\r\n"));
		assert_true(client_read_some(trial, fds[i], 10, PATIENCE_MS).n > 0);
	}
	assert_int_equal(client_get(trial, "/stream?lines=1", "").status, 503);
	for (int i = 0; i < HTTP_STREAMS_MAX; i++)
		close(fds[i]);
	usleep(300000);
	assert_int_equal(client_get(trial, "/stream?lines=1", "").status, 200);
	trial_stop(trial, 1000);
}

/* ---- live events ---- */

static int
open_events(struct trial *trial, const char *who)
{
	int fd = client_connect(trial);

	client_send(fd, arena_printf(&trial->arena, "GET /live HTTP/1.1\r\nHost: here\r\nCookie: who=%s\r\n\r\n", who));
	return fd;
}

static bool
arrives(struct trial *trial, int fd, const char *text, int64_t ms)
{
	int64_t until_ms = monotonic_ms() + ms;
	struct buf seen = BUF_INIT(&trial->arena);

	while (monotonic_ms() < until_ms) {
		buf_add(&seen, client_read_some(trial, fd, 1, 20));
		if (str_contains(buf_str(&seen), str_from_z(text)))
			return true;
	}
	return false;
}

static void
an_event_reaches_every_stream_of_its_topic_and_no_other(void **state)
{
	static const struct http_limits limits = {.events_ping_ms = 300};
	struct trial *trial = trial_start(&limits, 2);
	int one = open_events(trial, "patient"), two = open_events(trial, "patient");

	(void)state;
	assert_true(arrives(trial, one, "retry: 3000\n\n", PATIENCE_MS));
	assert_true(arrives(trial, two, "retry: 3000\n\n", PATIENCE_MS));
	events_publish(http_events(trial->server), (struct uuid){{8}}, "wrong", S("x"));
	events_publish(http_events(trial->server), trial_topic, "unread", S("{\"count\":3}"));
	assert_true(arrives(trial, one, "event: unread\ndata: {\"count\":3}\n\n", PATIENCE_MS));
	assert_false(str_contains(client_read_some(trial, two, 200, 100), S("wrong")));
	assert_true(arrives(trial, one, ": ping\n\n", PATIENCE_MS));
	/* Both streams are open, and workers are free. */
	for (int i = 0; i < 5; i++)
		assert_int_equal(client_get(trial, "/health", "").status, 200);
	close(one);
	for (int i = 0; i < 100; i++) /* into a closed one as well */
		events_publish(http_events(trial->server), trial_topic, "more", S("y"));
	assert_true(arrives(trial, two, "event: more\n", PATIENCE_MS));
	close(two);
	trial_stop(trial, 1000);
}

static void
a_stream_ends_when_its_session_does(void **state)
{
	static const struct http_limits limits = {.events_recheck_ms = 200};
	struct trial *trial = trial_start(&limits, 2);
	int fd = open_events(trial, "patient");

	(void)state;
	assert_true(arrives(trial, fd, "retry", PATIENCE_MS));
	assert_false(client_is_closed_within(fd, 600));
	atomic_store(&trial_signed_out, 1);
	/* Ended properly: the last chunk, then the connection may be used again. */
	assert_true(arrives(trial, fd, "0\r\n\r\n", PATIENCE_MS));
	close(fd);
	trial_stop(trial, 1000);
}

static void
a_client_that_does_not_read_its_events_is_cut_off(void **state)
{
	static const struct http_limits limits = {.events_queue_bytes = 8192};
	struct trial *trial = trial_start(&limits, 2);
	int slow = open_events(trial, "patient"), quick = open_events(trial, "patient");
	str data = arena_printf(&trial->arena, "%04000d", 1);

	(void)state;
	assert_true(arrives(trial, slow, "retry", PATIENCE_MS));
	assert_true(arrives(trial, quick, "retry", PATIENCE_MS));
	for (int i = 0; i < 3000; i++) {
		events_publish(http_events(trial->server), trial_topic, "many", data);
		client_read_some(trial, quick, 4000, PATIENCE_MS);
	}
	/* What the system's socket buffers held comes out, and then the end. */
	assert_true(client_is_closed_within(slow, PATIENCE_MS));
	events_publish(http_events(trial->server), trial_topic, "last", S("z"));
	assert_true(arrives(trial, quick, "event: last", PATIENCE_MS));
	close(slow);
	close(quick);
	trial_stop(trial, 1000);
}

static void *
publish_many(void *cls)
{
	for (int i = 0; i < 2000; i++)
		events_publish(cls, trial_topic, "n", S("1"));
	return NULL;
}

static void
publishers_and_subscribers_may_come_and_go_at_once(void **state)
{
	struct trial *trial = trial_start(NULL, 4);
	pthread_t publishers[4];

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&publishers[i], NULL, publish_many, http_events(trial->server)), 0);
	for (int i = 0; i < 50; i++) {
		int fd = open_events(trial, "patient");

		client_read_some(trial, fd, (size_t)i * 10 + 1, 200);
		close(fd);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(publishers[i], NULL);
	trial_stop(trial, 1000);
}

/* ---- stopping and starting ---- */

struct stopping {
	struct trial *trial;
	int64_t took_ms;
};

static void *
stop_in_background(void *cls)
{
	struct stopping *stopping = cls;
	int64_t began_ms = monotonic_ms();

	trial_stop(stopping->trial, 5000);
	stopping->took_ms = monotonic_ms() - began_ms;
	return NULL;
}

static void
stopping_finishes_what_runs_and_ends_event_streams(void **state)
{
	struct trial *trial = trial_start(NULL, 2), reading = {0};
	struct stopping stopping = {.trial = trial};
	int running = client_connect(trial), events = open_events(trial, "patient"), idle = client_connect(trial);
	struct reply reply;
	pthread_t thread;

	(void)state;
	client_send(running, S("GET /block HTTP/1.1\r\nHost: here\r\n\r\n"));
	wait_for(&trial_blocked, 1);
	assert_true(arrives(&reading, events, "retry", PATIENCE_MS));
	assert_int_equal(pthread_create(&thread, NULL, stop_in_background, &stopping), 0);
	assert_true(arrives(&reading, events, "0\r\n\r\n", PATIENCE_MS));
	usleep(200000);
	atomic_store(&trial_release_blocked, true);
	reply = client_read(&reading, running, false);
	assert_int_equal(reply.status, 200);
	assert_str_equal(reply.body, "released");
	assert_str_equal(reply_header(reply, "Connection"), "close");
	pthread_join(thread, NULL);
	assert_in_range(stopping.took_ms, 150, 4000);
	assert_true(client_is_closed_within(idle, 1000));
	close(running);
	close(events);
	close(idle);
	arena_release(&reading.arena);
}

static void
stopping_does_not_wait_for_ever_for_a_slow_reader(void **state)
{
	struct trial *trial = trial_start(NULL, 2);
	int fd = client_connect(trial);
	int64_t began_ms;

	(void)state;
	client_send(fd, S("GET /stream?lines=endless HTTP/1.1\r\nHost: here\r\n\r\n"));
	usleep(200000);
	began_ms = monotonic_ms();
	trial_stop(trial, 300);
	assert_true(monotonic_ms() - began_ms >= 250);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_dripped_head_is_cut_at_its_deadline),
	    cmocka_unit_test(a_full_queue_answers_503_at_once_and_health_checks_still_pass),
	    cmocka_unit_test(a_stream_arrives_whole_through_a_slow_reader),
	    cmocka_unit_test(a_stream_that_fails_never_looks_whole),
	    cmocka_unit_test(a_client_that_stops_reading_or_leaves_frees_its_worker),
	    cmocka_unit_test(only_so_many_streams_run_at_a_time),
	    cmocka_unit_test(an_event_reaches_every_stream_of_its_topic_and_no_other),
	    cmocka_unit_test(a_stream_ends_when_its_session_does),
	    cmocka_unit_test(a_client_that_does_not_read_its_events_is_cut_off),
	    cmocka_unit_test(publishers_and_subscribers_may_come_and_go_at_once),
	    cmocka_unit_test(stopping_finishes_what_runs_and_ends_event_streams),
	    cmocka_unit_test(stopping_does_not_wait_for_ever_for_a_slow_reader),
	};

	log_set_level(LOG_ERROR);
	return cmocka_run_group_tests_name("http_flow", tests, NULL, NULL);
}
