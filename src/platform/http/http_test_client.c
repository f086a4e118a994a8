/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/http/http_test_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SILENCE_MS 10000

_Atomic int trial_handler_runs, trial_blocked, trial_signed_out;
_Atomic bool trial_release_blocked;
const struct uuid trial_topic = {{7}};

/* ---- the gate: cookie "who" or a bearer token name the caller ---- */

static const struct err *
identify(struct cx *cx, struct request *rq)
{
	str cookie = request_cookie(rq, "who"), bearer = request_header(rq, "Authorization");

	cx->who.is = WHO_ANYONE;
	if (str_equal(cookie, S("database-away")))
		return ERR(ERR_BUSY, "The database is away.", "database away");
	if (str_starts(bearer, S("Bearer "))) {
		cx->who.is = WHO_PATIENT;
		cx->who.account.v = (struct uuid){{9}};
		cx->who.scope = str_drop(bearer, 7);
	} else if (str_equal(cookie, S("patient")) && !atomic_load(&trial_signed_out)) {
		cx->who.is = WHO_PATIENT;
		cx->who.account.v = (struct uuid){{1}};
		cx->who.session.v = (struct uuid){{2}};
	} else if (str_equal(cookie, S("nurse"))) {
		cx->who.is = WHO_CARE_TEAM;
		cx->who.account.v = (struct uuid){{3}};
		cx->who.session.v = (struct uuid){{4}};
	}
	return NULL;
}

static bool
form_token_ok(struct cx *cx, str token)
{
	return cx->who.session.v.bytes[0] == 2 ? str_equal(token, S("tok-2")) : str_equal(token, S("tok-4"));
}

static const struct err *
show_error(struct cx *cx, struct request *rq, int status, const struct err *error)
{
	if (str_equal(request_path(rq), S("/broken-error-page")))
		return ERR(ERR_BROKEN, "no", "the error page failed");
	if (request_face(rq) == FACE_FHIR)
		return respond(rq, status, "application/fhir+json",
		    arena_printf(cx->arena, "{\"resourceType\":\"OperationOutcome\",\"say\":\"%s\"}", error->say));
	return respond_page(rq, status, arena_printf(cx->arena, "<h1>%s</h1>", error->say));
}

/* ---- handlers ---- */

static fallible
echo(struct cx *cx, struct request *rq)
{
	str body = request_body(rq);

	atomic_fetch_add(&trial_handler_runs, 1);
	return respond(rq, 200, "text/plain",
	    arena_printf(cx->arena, "%s %.*s q=%.*s id=%.*s body=%zu:%.*s", request_method(rq) == POST ? "POST" : "GET",
		STR_ARG(request_path(rq)), STR_ARG(request_query(rq, "q")), STR_ARG(request_param(rq, "id")), body.n,
		STR_ARG(str_take(body, 100))));
}

static fallible
page(struct cx *cx, struct request *rq)
{
	struct buf html = BUF_INIT(cx->arena);

	if (request_has_etag(rq, S("\"v1\"")))
		return respond_not_modified(rq);
	for (int i = 0; i < 200; i++)
		buf_printf(&html, "<p>line %d of a page that is worth compressing</p>\n", i);
	respond_header(rq, "ETag", S("\"v1\""));
	respond_cookie(rq, "seen", S("yes"), (struct cookie_options){.max_age_seconds = 60});
	return respond_page(rq, 200, buf_str(&html));
}

static fallible
upload(struct cx *cx, struct request *rq)
{
	struct http_pairs pairs = request_form_all(rq);

	atomic_fetch_add(&trial_handler_runs, 1);
	for (size_t i = 0; i < pairs.count; i++)
		if (pairs.items[i].file_name.p)
			return respond(rq, 200, "text/plain",
			    arena_printf(cx->arena, "%.*s %.*s %zu", STR_ARG(pairs.items[i].file_name),
				STR_ARG(pairs.items[i].file_type), pairs.items[i].value.n));
	return respond_see_other(rq, S("/done"));
}

static fallible
fails(struct cx *cx, struct request *rq)
{
	str how = request_query(rq, "how");

	if (str_equal(how, S("invalid")))
		return ERR(ERR_INVALID, "The date is wrong.", "bad date");
	if (str_equal(how, S("denied")))
		return ERR(ERR_DENIED, "No.", "denied");
	if (str_equal(how, S("gone")))
		return ERR(ERR_GONE, "Not here.", "gone");
	if (str_equal(how, S("conflict")))
		return ERR(ERR_CONFLICT, "Someone was faster.", "conflict");
	if (str_equal(how, S("busy")))
		return ERR(ERR_BUSY, "Wait.", "busy");
	if (str_equal(how, S("nothing")))
		return NULL;
	if (str_equal(how, S("header")))
		respond_header(rq, "X-Bad", S("a\r\nSet-Cookie: b=c"));
	if (str_equal(how, S("redirect")))
		return respond_see_other(rq, S("//evil.example/"));
	TRY(respond(rq, 200, "text/plain", arena_str(cx->arena, S("secret"))));
	return str_equal(how, S("header")) ? NULL : ERR(ERR_BROKEN, "Ours.", "broken after the answer");
}

static fallible
block(struct cx *cx, struct request *rq)
{
	(void)cx;
	atomic_fetch_add(&trial_blocked, 1);
	while (!atomic_load(&trial_release_blocked))
		nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
	return respond(rq, 200, "text/plain", S("released"));
}

static fallible
stream(struct cx *cx, struct request *rq)
{
	int64_t lines = 0;
	bool is_endless = str_equal(request_query(rq, "lines"), S("endless"));

	if (!is_endless && !str_to_int64(request_query(rq, "lines"), &lines))
		return ERR(ERR_INVALID, "How many?", "no lines");
	TRY(respond_stream_begin(rq, 200, "text/plain"));
	for (int64_t i = 0; i < lines || is_endless; i++)
		TRY(respond_stream_write(rq, arena_printf(cx->arena, "%063lld\n", (long long)i % 1000000)));
	if (request_query(rq, "then").p)
		return ERR(ERR_BROKEN, "Cut.", "stream cut by the handler");
	return NULL;
}

/* Whom the request is taken for. */
static fallible
caller(struct cx *cx, struct request *rq)
{
	return respond(rq, 200, "text/plain", cx->who.is == WHO_ANYONE ? S("nobody") : S("somebody"));
}

static fallible
live(struct cx *cx, struct request *rq)
{
	(void)cx;
	return respond_events(rq, &trial_topic, 1);
}

static const struct route routes[] = {
    {GET, "/echo/{id}", echo, .who = WHO_ANYONE, .face = FACE_PLAIN, .rate = RATE_NONE},
    {POST, "/echo/{id}", echo, .who = WHO_ANYONE, .face = FACE_PLAIN, .rate = RATE_NONE, .body_bytes_max = 100000},
    {GET, "/page", page, .who = WHO_ANYONE},
    {GET, "/mine", echo, .who = WHO_PATIENT, .scope = "Patient.r"},
    {GET, "/session-only", echo, .who = WHO_PATIENT},
    {POST, "/change", echo, .who = WHO_SIGNED_IN, .face = FACE_FHIR, .scope = "Patient.u", .body_bytes_max = 1000,
	.writes = true},
    {PUT, "/site", echo, .who = WHO_ANYONE, .face = FACE_PLAIN, .rate = RATE_NONE, .body_bytes_max = 1000,
	.writes = true},
    {POST, "/site", echo, .who = WHO_ANYONE, .face = FACE_PLAIN, .rate = RATE_NONE, .body_bytes_max = 1000,
	.writes = true},
    {DELETE, "/site", echo, .who = WHO_ANYONE, .face = FACE_PLAIN, .rate = RATE_NONE, .writes = true},
    {GET, "/site", echo, .who = WHO_ANYONE, .face = FACE_PLAIN, .rate = RATE_NONE},
    {POST, "/open", caller, .who = WHO_ANYONE, .face = FACE_JSON, .body_bytes_max = 1000, .writes = true,
	.any_site = true},
    {POST, "/form", upload, .who = WHO_PATIENT, .body_bytes_max = 100000, .writes = true},
    {GET, "/fhir/{type}/{id}", echo, .who = WHO_SIGNED_IN, .scope = "{type}.r", .face = FACE_FHIR},
    {GET, "/fails", fails, .who = WHO_ANYONE},
    {GET, "/broken-error-page", fails, .who = WHO_ANYONE},
    {GET, "/limited", echo, .who = WHO_ANYONE, .rate = RATE_HEAVY},
    {GET, "/block", block, .who = WHO_ANYONE, .face = FACE_PLAIN},
    {GET, "/health", echo, .who = WHO_ANYONE, .face = FACE_PLAIN, .rate = RATE_NONE},
    {GET, "/stream", stream, .who = WHO_ANYONE, .face = FACE_PLAIN},
    {GET, "/live", live, .who = WHO_PATIENT, .face = FACE_EVENTS},
    {0},
};

struct trial *
trial_start(const struct http_limits *limits, int workers)
{
	static const struct route *const tables[] = {routes, asset_routes, NULL};
	static const struct http_gate gate = {identify, form_token_ok, show_error, "/sign-in"};
	static const struct http_limits quick = {.header_ms = 1000, .body_ms = 2000, .idle_ms = 5000};
	struct trial *trial = calloc(1, sizeof(*trial));
	struct http_options options = {.address = "127.0.0.1",
	    .listen_fd = -1,
	    .route_tables = tables,
	    .gate = &gate,
	    .limits = limits ? limits : &quick,
	    .workers = workers};

	assert_non_null(trial);
	atomic_store(&trial_handler_runs, 0);
	atomic_store(&trial_blocked, 0);
	atomic_store(&trial_signed_out, 0);
	atomic_store(&trial_release_blocked, false);
	assert_ok(http_start(&trial->arena, &options, &trial->server));
	return trial;
}

void
trial_stop(struct trial *trial, int64_t drain_ms)
{
	http_stop(trial->server, drain_ms);
	arena_release(&trial->arena);
	free(trial);
}

/* ---- the client ---- */

int
client_connect(const struct trial *trial)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)http_port(trial->server)),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

void
client_send(int fd, str bytes)
{
	while (bytes.n) {
		ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);

		if (n <= 0)
			return; /* the server closed early: the answer tells */
		bytes = str_drop(bytes, (size_t)n);
	}
}

/* More bytes into `in`; false at the end. */
static bool
read_more(int fd, struct buf *in, int64_t silence_ms)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
	ssize_t n;

	if (poll(&poll_fd, 1, (int)silence_ms) <= 0)
		return false;
	n = recv(fd, buf_reserve(in, 65536), 65536, 0);
	if (n <= 0)
		return false;
	in->n += (size_t)n;
	return true;
}

/* One byte at a time up to the end of the head, so that nothing of a following answer is taken. */
static bool
read_head(int fd, struct buf *head)
{
	char c;

	while (!str_ends(buf_str(head), S("\r\n\r\n"))) {
		struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
		int ready = poll(&poll_fd, 1, SILENCE_MS);

		if (ready == 0)
			fail_msg("no answer within %d ms", SILENCE_MS);
		if (ready < 0 || recv(fd, &c, 1, 0) != 1)
			return false;
		buf_add_char(head, c);
	}
	return true;
}

static bool
read_exactly(int fd, struct buf *to, size_t n)
{
	while (n) {
		struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
		ssize_t got = poll(&poll_fd, 1, SILENCE_MS) > 0 ? recv(fd, buf_reserve(to, n), n, 0) : -1;

		if (got <= 0)
			return false;
		to->n += (size_t)got;
		n -= (size_t)got;
	}
	return true;
}

static bool
read_line(int fd, struct buf *line)
{
	buf_clear(line);
	while (!str_ends(buf_str(line), S("\r\n")))
		if (!read_exactly(fd, line, 1))
			return false;
	return true;
}

static bool
read_chunked(int fd, struct arena *arena, struct buf *body)
{
	struct buf line = BUF_INIT(arena);
	size_t n;

	do {
		if (!read_line(fd, &line))
			return false;
		n = strtoul(arena_z(arena, buf_str(&line)), NULL, 16);
		if (n && (!read_exactly(fd, body, n) || !read_line(fd, &line)))
			return false;
	} while (n);
	return read_line(fd, &line);
}

struct reply
client_read(struct trial *trial, int fd, bool no_body)
{
	struct buf head = BUF_INIT(&trial->arena), body = BUF_INIT(&trial->arena);
	struct reply reply = {0};
	int64_t length = 0, status = 0;

	if (!read_head(fd, &head))
		return reply;
	reply.head = buf_str(&head);
	assert_true(str_starts(reply.head, S("HTTP/1.1 ")));
	assert_true(str_to_int64(str_take(str_drop(reply.head, 9), 3), &status));
	reply.status = (int)status;
	if (no_body || status == 304 || status == 204)
		reply.is_whole = true;
	else if (str_equal(reply_header(reply, "Transfer-Encoding"), S("chunked")))
		reply.is_whole = read_chunked(fd, &trial->arena, &body);
	else if (str_to_int64(reply_header(reply, "Content-Length"), &length))
		reply.is_whole = read_exactly(fd, &body, (size_t)length);
	reply.body = buf_str(&body);
	return reply;
}

struct reply
client_ask(struct trial *trial, str bytes)
{
	int fd = client_connect(trial);
	struct reply reply;

	client_send(fd, bytes);
	reply = client_read(trial, fd, str_starts(bytes, S("HEAD ")));
	close(fd);
	return reply;
}

struct reply
client_get(struct trial *trial, const char *path, const char *more_headers)
{
	return client_ask(
	    trial, arena_printf(&trial->arena, "GET %s HTTP/1.1\r\nHost: here\r\n%s\r\n", path, more_headers));
}

str
reply_header(struct reply reply, const char *name)
{
	str rest = reply.head, line, key;
	size_t at;

	while (str_find(rest, S("\r\n"), &at)) {
		str value;

		line = str_take(rest, at);
		rest = str_drop(rest, at + 2);
		value = str_cut(line, ':', &key);
		if (value.p && str_equal_fold(key, str_from_z(name)))
			return str_trim(value);
	}
	return STR_NONE;
}

bool
client_is_closed_within(int fd, int64_t ms)
{
	int64_t until_ms = monotonic_ms() + ms;
	char bytes[4096];

	for (;;) {
		struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
		int64_t left_ms = until_ms - monotonic_ms();

		if (left_ms <= 0 || poll(&poll_fd, 1, (int)left_ms) <= 0)
			return false;
		if (recv(fd, bytes, sizeof(bytes), 0) <= 0)
			return true;
	}
}

str
client_read_some(struct trial *trial, int fd, size_t max, int64_t ms)
{
	struct buf in = BUF_INIT(&trial->arena);

	while (in.n < max && read_more(fd, &in, ms))
		;
	return buf_str(&in);
}
