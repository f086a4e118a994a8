/* SPDX-License-Identifier: Apache-2.0 */
/* A real server and raw sockets: one request and its answer.  Who may ask for what is in http_doors_test.c; streams, events,
 * deadlines and stopping are in http_flow_test.c. */
#include "platform/http/http_test_help.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>
#include <zlib.h>

static void
a_get_reaches_its_handler_with_everything_decoded(void **state)
{
	struct reply reply = client_get(trial, "/echo/a%2Fb?q=x+%C3%B1&q=2", "");

	(void)state;
	assert_int_equal(reply.status, 200);
	assert_str_equal(reply.body, "GET /echo/a/b q=x \xc3\xb1 id=a/b body=0:");
	assert_str_equal(reply_header(reply, "Content-Type"), "text/plain");
	assert_int_equal(reply_header(reply, "X-Request-Id").n, UUID_TEXT_CHARS);
}

static void
every_answer_carries_the_security_headers(void **state)
{
	static const char *const paths[] = {"/page", "/echo/1", "/nowhere", "/fails?how=gone", "/robots.txt"};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct reply reply = client_get(trial, paths[i], "");

		assert_true(str_starts(
		    reply_header(reply, "Content-Security-Policy"), S("default-src 'none'; script-src 'self'")));
		assert_str_equal(reply_header(reply, "X-Content-Type-Options"), "nosniff");
		assert_str_equal(reply_header(reply, "Referrer-Policy"), "same-origin");
		assert_str_equal(reply_header(reply, "Cross-Origin-Opener-Policy"), "same-origin");
		assert_str_equal(reply_header(reply, "Cross-Origin-Resource-Policy"), "same-origin");
		if (!str_equal(str_from_z(paths[i]), S("/robots.txt")))
			assert_str_equal(reply_header(reply, "Cache-Control"), "no-store");
	}
	assert_non_null(reply_header(client_ask(trial, S("GET / HTTP/1.1\r\n\r\n")), "Content-Length").p);
}

/* Every vector of the field's table: refused, and the connection closed, so that nothing behind it is read as a request. */
static void
ambiguous_requests_are_refused_and_the_connection_closed(void **state)
{
#define BEHIND "GET /echo/smuggled HTTP/1.1\r\nHost: here\r\n\r\n"
#define SEND(text, status_)                    \
	{                                      \
#text, S_INIT(text), (status_) \
	}
	static const struct {
		const char *name;
		str bytes;
		int status;
	} vectors[] = {
	    SEND("POST /echo/1 HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\nTransfer-Encoding: "
		 "chunked\r\n\r\n0\r\n\r\n" BEHIND,
		400),
	    SEND("POST /echo/1 HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\nContent-Length: "
		 "5\r\n\r\n0\r\n\r\n" BEHIND,
		400),
	    SEND("POST /echo/1 HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\nabcde" BEHIND,
		400),
	    SEND("POST /echo/1 HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nabcde" BEHIND,
		400),
	    SEND("POST /echo/1 HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" BEHIND, 501),
	    SEND("POST /echo/1 HTTP/1.1\r\nHost: here\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" BEHIND, 400),
	    SEND("POST /echo/1 HTTP/1.1\r\nHost: here\r\nContent-Length : 5\r\n\r\nabcde" BEHIND, 400),
	    SEND("GET /echo/1 HTTP/1.1\r\n\r\n" BEHIND, 400),
	    SEND("GET /echo/1 HTTP/1.1\r\nHost: here\r\nHost: there\r\n\r\n" BEHIND, 400),
	    SEND("GET /echo/a%00b HTTP/1.1\r\nHost: here\r\n\r\n" BEHIND, 400),
	    SEND("GET /echo/1 HTTP/1.1\r\nHost: here\r\nX: a\0b\r\n\r\n" BEHIND, 400),
	    SEND("GET /echo/1 HTTP/1.1\r\nX: a\0b\r\nHost: here\r\n\r\n" BEHIND, 400),
	    SEND("GET /echo/a\0b HTTP/1.1\r\nHost: here\r\n\r\n" BEHIND, 400),
	    SEND("GET /echo/1 HTTP/1.1\r\nHost: here\r\nX: a\r\n b\r\n\r\n" BEHIND, 400),
	    SEND("GET /echo/1 HTTP/1.1\r\nHost: here\r\nX: a\r\n b\r\nY: c\r\n\r\n" BEHIND, 400),
	    SEND("POST /echo/1 HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n 5\r\n\r\nabcde" BEHIND, 400),
	    SEND("GET /echo/1 HTTP/1.1\r\nHost: here\nX: a\r\n\r\n" BEHIND, 400),
	    SEND("GET /echo/1 HTTP/1.1\nHost: here\r\n\r\n" BEHIND, 400),
	    SEND("GET /echo/1 HTTP/1.1\r\nHost: here\r\nX: a\x01\r\n\r\n" BEHIND, 400),
	    SEND("GET http://here/echo/1 HTTP/1.1\r\nHost: here\r\n\r\n" BEHIND, 400),
	    SEND("POST /echo/1 HTTP/1.1\r\nHost: here\r\nContent-Length: +5\r\n\r\nabcde" BEHIND, 400),
	    SEND("POST /echo/1 HTTP/1.1\r\nHost: here\r\nContent-Length: 5,5\r\n\r\nabcde" BEHIND, 400),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		int fd = client_connect(trial);
		struct reply reply;
		int runs = atomic_load(&trial_handler_runs);

		client_send(fd, vectors[i].bytes);
		reply = client_read(trial, fd, false);
		if (reply.status != vectors[i].status)
			fail_msg("%s: %d instead of %d", vectors[i].name, reply.status, vectors[i].status);
		if (!client_is_closed_within(fd, 1000))
			fail_msg("%s: left open", vectors[i].name);
		assert_int_equal(atomic_load(&trial_handler_runs), runs);
		close(fd);
	}
}

static void
a_large_head_in_many_pieces_is_still_sound(void **state)
{
	int fd = client_connect(trial);
	struct buf head = BUF_INIT(&trial->arena);
	struct reply reply;

	(void)state;
	buf_add(&head, S("GET /echo/1 HTTP/1.1\r\nHost: here\r\n"));
	for (int i = 0; i < 90; i++)
		buf_printf(&head, "X-Header-%d:   %0200d\r\n", i, i);
	buf_add(&head, S("\r\n"));
	for (size_t at = 0; at < head.n; at += 777) {
		client_send(fd, str_take(str_drop(buf_str(&head), at), 777));
		usleep(1000);
	}
	reply = client_read(trial, fd, false);
	assert_int_equal(reply.status, 200);
	close(fd);
	for (int i = 0; i < 300; i++)
		buf_printf(&head, "X-More-%d: y\r\n", i);
	reply = client_ask(trial,
	    arena_printf(&trial->arena, "%.*s%s", STR_ARG(str_take(buf_str(&head), 18000)), "\r\nHost: b\r\n\r\n"));
	assert_int_equal(reply.status, 400);
}

static void
unknown_paths_and_methods_have_their_own_answers(void **state)
{
	(void)state;
	assert_int_equal(status_of_get("/nowhere", ""), 404);
	assert_true(str_contains(client_get(trial, "/nowhere", "").body, S("<h1>")));
	assert_true(str_contains(client_get(trial, "/fhir/x/y/z", "").body, S("OperationOutcome")));
	assert_int_equal(status_of_get("/echo/%ff", ""), 400);
	assert_int_equal(status_of_get("/echo/..", ""), 400);
	assert_int_equal(client_ask(trial, S("BREW /echo/1 HTTP/1.1\r\nHost: here\r\n\r\n")).status, 501);
	assert_int_equal(client_ask(trial, S("get /echo/1 HTTP/1.1\r\nHost: here\r\n\r\n")).status, 501);
	struct reply reply = client_ask(trial, S("PATCH /echo/1 HTTP/1.1\r\nHost: here\r\n\r\n"));
	assert_int_equal(reply.status, 405);
	assert_str_equal(reply_header(reply, "Allow"), "GET, HEAD, POST");
	assert_int_equal(client_ask(trial, S("OPTIONS * HTTP/1.1\r\nHost: here\r\n\r\n")).status, 400);
}

static void
a_body_is_taken_up_to_the_routes_limit(void **state)
{
	struct buf big = BUF_INIT(&trial->arena);
	struct reply reply;
	int64_t began_ms = monotonic_ms();

	(void)state;
	reply = client_ask(trial, S("POST /echo/1 HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\nhello"));
	assert_str_equal(reply.body, "POST /echo/1 q= id=1 body=5:hello");
	reply = client_ask(trial, S("POST /echo/1 HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: "
				    "chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n"));
	assert_str_equal(reply.body, "POST /echo/1 q= id=1 body=6:hello!");
	/* Said to be too large: answered before a byte of it. */
	reply = client_ask(trial, S("POST /echo/1 HTTP/1.1\r\nHost: here\r\nContent-Length: 100001\r\n\r\n"));
	assert_int_equal(reply.status, 413);
	reply =
	    client_ask(trial, S("POST /echo/1 HTTP/1.1\r\nHost: here\r\nContent-Length: 999999999999999999\r\n\r\n"));
	assert_int_equal(reply.status, 413);
	reply = client_ask(trial, S("POST /nowhere HTTP/1.1\r\nHost: here\r\nContent-Length: 9999999999\r\n\r\n"));
	assert_int_equal(reply.status, 404);
	reply = client_ask(trial, S("GET /echo/1 HTTP/1.1\r\nHost: here\r\nContent-Length: 1\r\n\r\nx"));
	assert_int_equal(reply.status, 413);
	assert_true(monotonic_ms() - began_ms < 1500);
	/* Turns out too large. */
	buf_add(&big, S("POST /echo/1 HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"));
	for (int i = 0; i < 30; i++)
		buf_printf(&big, "1000\r\n%04096d\r\n", 7);
	buf_add(&big, S("0\r\n\r\n"));
	assert_int_equal(client_ask(trial, buf_str(&big)).status, 413);
}

static void
an_endless_chunked_body_is_cut(void **state)
{
	int fd = client_connect(trial);
	str chunk = arena_printf(&trial->arena, "8000\r\n%032768d\r\n", 1);

	(void)state;
	client_send(fd, S("POST /echo/1 HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"));
	for (int i = 0; i < 200; i++)
		client_send(fd, chunk);
	assert_true(client_is_closed_within(fd, 1000));
	close(fd);
}

static void
expect_100_gets_its_continue_only_when_the_body_is_wanted(void **state)
{
	int fd = client_connect(trial);

	(void)state;
	client_send(fd, S("POST /echo/1 HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
	assert_int_equal(client_read(trial, fd, true).status, 100);
	client_send(fd, S("ok"));
	assert_int_equal(client_read(trial, fd, false).status, 200);
	close(fd);
	assert_int_equal(
	    client_ask(trial,
		S("POST /echo/1 HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 200000\r\n\r\n"))
		.status,
	    413);
}

static void
head_answers_like_get_without_a_body(void **state)
{
	struct reply get = client_get(trial, "/page", ""), head;

	(void)state;
	head = client_ask(trial, S("HEAD /page HTTP/1.1\r\nHost: here\r\n\r\n"));
	assert_int_equal(head.status, 200);
	assert_str_equal(
	    reply_header(head, "Content-Length"), arena_z(&trial->arena, reply_header(get, "Content-Length")));
	assert_int_equal(client_ask(trial, S("HEAD /stream?lines=5 HTTP/1.1\r\nHost: here\r\n\r\n")).status, 200);
	assert_int_equal(
	    client_ask(trial, S("HEAD /live HTTP/1.1\r\nHost: here\r\nCookie: who=patient\r\n\r\n")).status, 200);
}

static void
requests_in_one_write_are_answered_in_order(void **state)
{
	int fd = client_connect(trial);

	(void)state;
	client_send(fd, S("GET /echo/1 HTTP/1.1\r\nHost: here\r\n\r\n"
			  "GET /nowhere HTTP/1.1\r\nHost: here\r\n\r\n"
			  "POST /echo/2 HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\n\r\nabc"
			  "HEAD /echo/3 HTTP/1.1\r\nHost: here\r\n\r\n"
			  "GET /echo/4 HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"));
	assert_str_equal(client_read(trial, fd, false).body, "GET /echo/1 q= id=1 body=0:");
	assert_int_equal(client_read(trial, fd, false).status, 404);
	assert_str_equal(client_read(trial, fd, false).body, "POST /echo/2 q= id=2 body=3:abc");
	assert_int_equal(client_read(trial, fd, true).status, 200);
	assert_str_equal(client_read(trial, fd, false).body, "GET /echo/4 q= id=4 body=0:");
	assert_true(client_is_closed_within(fd, 1000));
	close(fd);
}

static void
a_page_is_compressed_when_the_browser_can_read_it(void **state)
{
	struct reply plain = client_get(trial, "/page", ""),
		     zipped = client_get(trial, "/page", "Accept-Encoding: br, gzip\r\n");
	z_stream zip = {0};
	char *out = arena_text(&trial->arena, plain.body.n + 1);

	(void)state;
	assert_null(reply_header(plain, "Content-Encoding").p);
	assert_str_equal(reply_header(plain, "Vary"), "Accept-Encoding");
	assert_str_equal(reply_header(zipped, "Content-Encoding"), "gzip");
	assert_true(zipped.body.n < plain.body.n / 4);
	assert_int_equal(inflateInit2(&zip, 15 + 16), Z_OK);
	zip.next_in = (Bytef *)(uintptr_t)zipped.body.p;
	zip.avail_in = (uInt)zipped.body.n;
	zip.next_out = (Bytef *)out;
	zip.avail_out = (uInt)plain.body.n + 1;
	assert_int_equal(inflate(&zip, Z_FINISH), Z_STREAM_END);
	assert_int_equal(zip.total_out, plain.body.n);
	assert_memory_equal(out, plain.body.p, plain.body.n);
	inflateEnd(&zip);
	assert_null(reply_header(client_get(trial, "/page", "Accept-Encoding: gzip;q=0\r\n"), "Content-Encoding").p);
	assert_null(reply_header(client_get(trial, "/echo/1", "Accept-Encoding: gzip\r\n"), "Content-Encoding").p);
}

static void
what_the_caller_has_is_not_sent_again(void **state)
{
	struct reply reply = client_get(trial, "/page", "If-None-Match: \"v0\", W/\"v1\"\r\n");

	(void)state;
	assert_int_equal(reply.status, 304);
	assert_int_equal(status_of_get("/page", "If-None-Match: *\r\n"), 304);
	assert_int_equal(status_of_get("/page", "If-None-Match: \"v2\"\r\n"), 200);
}

static str
read_source_file(const char *name)
{
	const char *source = getenv("SALVE_SOURCE");
	str path = arena_printf(&trial->arena, "%s/assets/dist/%s", source ? source : ".", name);
	FILE *file = fopen(arena_z(&trial->arena, path), "rb");
	struct buf bytes = BUF_INIT(&trial->arena);

	assert_non_null(file);
	bytes.n = fread(buf_reserve(&bytes, 65536), 1, 65536, file);
	fclose(file);
	return buf_str(&bytes);
}

static void
assets_have_hashed_names_and_are_kept_for_a_year(void **state)
{
	str path = asset_path("favicon.svg"), bytes = read_source_file("favicon.svg");
	const char *path_z = arena_z(&trial->arena, path);
	struct reply reply = client_get(trial, path_z, "");

	(void)state;
	assert_int_equal(reply.status, 200);
	assert_true(str_equal(reply.body, bytes));
	assert_str_equal(reply_header(reply, "Content-Type"), "image/svg+xml");
	assert_str_equal(reply_header(reply, "Cache-Control"), "public, max-age=31536000, immutable");
	reply = client_get(trial, path_z, "Accept-Encoding: gzip\r\n");
	assert_str_equal(reply_header(reply, "Content-Encoding"), "gzip");
	assert_true(reply.body.n < bytes.n);
	reply = client_get(trial, path_z,
	    arena_z(&trial->arena,
		arena_printf(&trial->arena, "If-None-Match: %.*s\r\n", STR_ARG(reply_header(reply, "ETag")))));
	assert_int_equal(reply.status, 304);
	assert_str_equal(
	    reply_header(client_get(trial, "/assets/favicon.svg", ""), "Cache-Control"), "public, max-age=60");
	assert_int_equal(status_of_get("/assets/favicon.0000000000000000.svg", ""), 404);
	assert_int_equal(status_of_get("/assets/..%2Frobots.txt", ""), 404);
	assert_true(str_equal(client_get(trial, "/robots.txt", "").body, read_source_file("robots.txt")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_get_reaches_its_handler_with_everything_decoded),
	    cmocka_unit_test(every_answer_carries_the_security_headers),
	    cmocka_unit_test(ambiguous_requests_are_refused_and_the_connection_closed),
	    cmocka_unit_test(a_large_head_in_many_pieces_is_still_sound),
	    cmocka_unit_test(unknown_paths_and_methods_have_their_own_answers),
	    cmocka_unit_test(a_body_is_taken_up_to_the_routes_limit),
	    cmocka_unit_test(an_endless_chunked_body_is_cut),
	    cmocka_unit_test(expect_100_gets_its_continue_only_when_the_body_is_wanted),
	    cmocka_unit_test(head_answers_like_get_without_a_body),
	    cmocka_unit_test(requests_in_one_write_are_answered_in_order),
	    cmocka_unit_test(a_page_is_compressed_when_the_browser_can_read_it),
	    cmocka_unit_test(what_the_caller_has_is_not_sent_again),
	    cmocka_unit_test(assets_have_hashed_names_and_are_kept_for_a_year),
	};

	log_set_level(LOG_ERROR);
	return cmocka_run_group_tests_name("http", tests, start, stop);
}
