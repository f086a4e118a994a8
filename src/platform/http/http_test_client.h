/* SPDX-License-Identifier: Apache-2.0 */
/* A client of raw sockets and a server with a table of routes to try: what the tests over sockets share. */
#ifndef SALVE_HTTP_TEST_CLIENT_H
#define SALVE_HTTP_TEST_CLIENT_H

#include "unit.h"

#include "platform/http/http.h"

struct trial {
	struct arena arena;
	struct http_server *server;
};

/* Start a server on a free loopback port. NULL limits: usual ones, with short deadlines. */
struct trial *trial_start(const struct http_limits *limits, int workers);
void trial_stop(struct trial *trial, int64_t drain_ms);

struct reply {
	int status; /* 0: the server closed without an answer */
	str head, body;
	bool is_whole; /* the body ended as its framing promised */
};

int client_connect(const struct trial *trial);
void client_send(int fd, str bytes);
/* Read one answer; `no_body` for the answer to a HEAD. Fails the test after 10 s of silence. */
struct reply client_read(struct trial *trial, int fd, bool no_body);
/* Connect, send, read, close. */
struct reply client_ask(struct trial *trial, str bytes);
/* A GET of `path` with more header lines (each ended by CR LF). */
struct reply client_get(struct trial *trial, const char *path, const char *more_headers);
/* The value of a header; absent when missing. */
str reply_header(struct reply reply, const char *name);
/* True when the server closes within `ms`. */
bool client_is_closed_within(int fd, int64_t ms);
/* Bytes that are there within `ms`, at most `max`; stops at silence. */
str client_read_some(struct trial *trial, int fd, size_t max, int64_t ms);

/* Figures that the trial's handlers and gate keep. */
extern _Atomic int trial_handler_runs, trial_blocked, trial_signed_out;
extern _Atomic bool trial_release_blocked;
extern const struct uuid trial_topic;

#endif
