/* SPDX-License-Identifier: Apache-2.0 */
/* The ceiling of ./dev bench: a server on the same HTTP library, router and threads as Salve's that answers GET /{bytes} with
 * so many bytes of a constant, and nothing else: no caller, no database, no trail.  What Salve reaches is told as a share of
 * what this reaches in the same run. */
#include <signal.h>
#include <stdio.h>

#include "platform/http/http.h"

#define CONSTANT_BYTES_MAX (4 * 1024 * 1024)

static char constant[CONSTANT_BYTES_MAX];

static fallible
answer(struct cx *cx, struct request *rq)
{
	int64_t n;

	(void)cx;
	if (!str_to_int64(request_param(rq, "bytes"), &n) || n < 0 || n > CONSTANT_BYTES_MAX)
		return ERR(ERR_INVALID, "The path is a number of bytes.", "no size");
	return respond(rq, 200, "application/octet-stream", (str){constant, (size_t)n});
}

static fallible
answer_unchanged(struct cx *cx, struct request *rq)
{
	(void)cx;
	return respond_not_modified(rq);
}

static const struct err *
identify(struct cx *cx, struct request *rq)
{
	(void)rq;
	cx->who.is = WHO_ANYONE;
	return NULL;
}

static bool
form_token_ok(struct cx *cx, str token)
{
	(void)cx, (void)token;
	return false;
}

static const struct err *
show_error(struct cx *cx, struct request *rq, int status, const struct err *error)
{
	(void)cx, (void)rq, (void)status, (void)error;
	return NULL; /* the router's line of text */
}

static const struct route routes[] = {
    {GET, "/{bytes}", answer, .who = WHO_ANYONE, .face = FACE_PLAIN, .rate = RATE_NONE},
    {GET, "/unchanged/304", answer_unchanged, .who = WHO_ANYONE, .face = FACE_PLAIN, .rate = RATE_NONE},
    {0},
};

int
main(void)
{
	static const struct route *const tables[] = {routes, NULL};
	static const struct http_gate gate = {identify, form_token_ok, show_error, "/"};
	struct arena arena = ARENA_INIT;
	struct http_server *server;
	sigset_t signals;
	int signal_number;
	const struct err *error;

	memset(constant, 'x', sizeof(constant));
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	error = http_start(&arena,
	    &(struct http_options){.address = "127.0.0.1", .listen_fd = -1, .route_tables = tables, .gate = &gate},
	    &server);
	if (error) {
		fprintf(stderr, "bench_constant: %s\n", error->log);
		return 1;
	}
	printf("http://127.0.0.1:%d\n", http_port(server));
	fflush(stdout);
	sigwait(&signals, &signal_number);
	http_stop(server, 1000);
	arena_release(&arena);
	return 0;
}
