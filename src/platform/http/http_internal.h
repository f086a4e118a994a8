/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share: the server, one request, and the calls between the stages of its life (README.md).
 * Nobody outside includes it. */
#ifndef SALVE_HTTP_INTERNAL_H
#define SALVE_HTTP_INTERNAL_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <zlib.h>

#include "platform/http/http.h"

#define ROUTE_PARAMS_MAX 8
#define METHODS          (HEAD + 1)

/* ---- router.c: from a path to a route row ---- */

struct compiled_route {
	const struct route *route;
	str names[ROUTE_PARAMS_MAX]; /* of its parameters, in order */
	size_t name_count;
};

struct router;
struct route_match {
	const struct compiled_route *found; /* NULL: 404, or 405 when `allowed` is not 0 */
	unsigned allowed;                   /* 1 << method, of the rows whose pattern fits */
	str params[ROUTE_PARAMS_MAX];
	bool path_is_sound; /* false: 400 */
	str path;           /* decoded */
	enum face face;     /* of the row, or of the nearest rows */
};
fallible router_compile(struct arena *arena, const struct route *const *tables, struct router **out);
void router_match(
    const struct router *router, struct arena *arena, enum http_method method, str raw_path, struct route_match *out);
const char *method_name(enum http_method method);
/* The value of a parameter; absent when the pattern has none of that name. */
str route_match_param(const struct route_match *match, str name);

/* ---- guard.c: what must not even be looked at ---- */

struct header {
	str name, value;
};
struct headers {
	const struct header *items;
	size_t count;
};
str headers_first(struct headers headers, const char *name);
size_t headers_count(struct headers headers, const char *name);
/* 0 when the head of the request can be trusted to mean the same to every program on the way; otherwise the status to
 * refuse it with. `target`: the request target as it came. */
int guard_check(str target, struct headers headers);
/* The headers of a connection, copied into the arena. False when they do not lie in memory as a well-formed head does
 * (NUL, folded line, bare LF: libmicrohttpd before 1.0 lets these pass). `target`: where the library holds it, with the length
 * it came with; absent when the layout does not matter. */
bool guard_collect(
    struct MHD_Connection *connection, struct arena *arena, str target, const char *version_z, struct headers *out);

/* ---- admit.c: may this request reach its handler ---- */

struct cross_site_facts {
	enum http_method method;
	str fetch_site, origin; /* headers; absent when missing */
	str own_origin;
	bool has_cookie, by_token;
};
bool cross_site_ok(const struct cross_site_facts *facts);
/* NULL and no answer: go on to the handler. NULL and an answer: a redirect. An error: refuse with it, and with
 * rq->error_status when that is not 0. */
fallible request_admit(struct request *rq);

/* ---- rate.c: token buckets ---- */

struct rate_table;
struct rate_table *rate_table_new(struct arena *arena, int factor); /* 1: the rates of http.h */
void rate_table_release(struct rate_table *table);
uint64_t rate_key(const struct rate_table *table, enum rate_class class, str who);
/* Take one token at `now_ms`. 0, or the milliseconds until there is one. */
int64_t rate_take(struct rate_table *table, enum rate_class class, uint64_t key, int64_t now_ms);

/* ---- stream.c: bytes between a writer and the event thread ---- */

struct pipe {
	pthread_mutex_t lock;
	pthread_cond_t room;
	struct MHD_Connection *connection;
	char *bytes;
	size_t capacity, begin, n;
	bool is_suspended; /* the reader found nothing; whoever changes that resumes the connection */
	bool is_ended, is_broken, is_gone;
	bool drops; /* HEAD: nobody reads */
};
void pipe_init(struct pipe *pipe, struct request *rq, size_t capacity);
/* Append all of `bytes` or nothing; false when there is no room or nobody to read. */
bool pipe_try_write(struct pipe *pipe, str bytes);
void pipe_end(struct pipe *pipe, bool is_broken);
void pipe_client_gone(struct pipe *pipe);
struct MHD_Response *pipe_response(struct request *rq);

/* ---- events.c ---- */

struct events *events_new(struct http_server *server);
void events_stop(struct events *events); /* ends every stream and the helper thread */
void events_free(struct events *events);
void events_forget(struct events *events, struct request *rq);

/* ---- connection.c: deadlines of a connection ---- */

enum phase { PHASE_FIRST, PHASE_IDLE, PHASE_HEADER, PHASE_BODY, PHASE_BUSY };
struct connection {
	struct connection *next, *previous;
	int fd;
	_Atomic int64_t since_ms; /* when the phase began */
	_Atomic int phase;
	_Atomic int64_t body_more_ms; /* for a large body, beyond the usual */
};
void connection_enter(struct connection *connection, enum phase phase);
/* Shut the socket; libmicrohttpd then ends the request. Safe at any time before the connection's own end. */
void connection_cut(struct http_server *server, struct connection *connection);
void connection_notify(
    void *cls, struct MHD_Connection *mhd, void **socket_context, enum MHD_ConnectionNotificationCode code);
void *reaper_run(void *cls);

/* ---- one request ---- */

enum stage { STAGE_HEAD, STAGE_BODY, STAGE_WORKING, STAGE_SENT };
enum answer_kind { ANSWER_NONE, ANSWER_BYTES, ANSWER_STREAM, ANSWER_EVENTS };

#define STREAM_BYTES_UNKNOWN ((int64_t)0) /* an empty one is no stream */

struct answer {
	enum answer_kind kind;
	int status;
	const char *content_type;
	str body;
	int64_t stream_bytes; /* of ANSWER_STREAM; STREAM_BYTES_UNKNOWN */
	LIST(struct header) headers;
	bool is_unsound; /* a header or cookie that could split the answer was asked for */
};

struct request {
	struct http_server *server;
	struct request *next;   /* in the pool or in the queue */
	_Atomic int references; /* libmicrohttpd, the worker, a stream's response, the recheck */
	struct arena arena;     /* everything of this request */
	struct cx cx;
	struct MHD_Connection *connection;
	struct connection *link;
	enum stage stage;
	int64_t began_ms, queued_ms;

	enum http_method method; /* 0: none of ours */
	const char *target_z;    /* where libmicrohttpd keeps it; the library cuts it at the '?' */
	str target;              /* as it came */
	str raw_path, query_text, remote;
	struct headers headers;
	struct route_match match;
	int refusal; /* decided before the worker: 404, 405, 413, ...; 0: none */

	struct buf body;
	uint64_t body_bytes; /* seen so far, also those that were dropped */
	size_t body_charged; /* taken from the server's budget */

	struct http_pairs query, form;
	struct answer answer;
	int error_status; /* overrides that of the error's code */
	int64_t retry_after_ms;
	z_stream *zip; /* of the worker; NULL outside of it */
	struct MHD_Response *response;
	unsigned response_status;
	struct pipe pipe;
	bool has_pipe;
	bool is_preflight; /* a browser asks for another site whether it may ask (OPTIONS of a row with any_site) */
	struct event_stream *event_stream; /* under the lock of the hub */
};

struct request *request_new(struct http_server *server, struct MHD_Connection *connection);
void request_keep(struct request *rq);
void request_drop(struct request *rq);

/* ---- response.c ---- */

/* Make rq->response of rq->answer (bytes, with gzip when worth it). */
void response_build(struct request *rq);
void response_add_headers(struct request *rq, struct MHD_Response *response);
/* Does Accept-Encoding list it, and not with q=0? */
bool request_accepts_coding(const struct request *rq, const char *coding);
/* An answer that needs no request: for what is refused before there is one. */
struct MHD_Response *response_fixed(const char *text, const char *retry_after);
int status_of(const struct err *error);
/* Replace whatever was answered by this error. */
void respond_error(struct request *rq, const struct err *error);

/* ---- worker.c ---- */

/* A place in the queue, to be followed by queue_push; false when full. */
bool queue_reserve(struct http_server *server, bool is_urgent);
void queue_push(struct request *rq, bool is_urgent);
void *worker_run(void *cls);
/* Let the event thread send rq->response. */
void request_hand_over(struct request *rq);
void request_log(const struct request *rq, int status);

/* ---- the server ---- */

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	struct request *first[2], *last[2]; /* [1]: urgent (health checks, assets) */
	int count;                          /* reserved places */
	bool is_closed;
};

struct http_server {
	struct http_options options;
	struct http_limits limits;
	struct arena *arena;
	struct MHD_Daemon *daemon;
	struct router *router;
	struct rate_table *rates;
	struct events *events;
	int port;
	bool is_tls, origin_is_https;
	bool library_folds; /* libmicrohttpd before 1.0: guard_collect must look at the layout */

	struct queue queue;
	pthread_t *workers, reaper;
	int worker_count;

	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t idle;  /* open_requests or in_flight fell to 0 */
	struct request *pool;
	int pool_count;
	int in_flight; /* with a worker or the journal: their connections are suspended */

	pthread_mutex_t connections_lock; /* innermost of all locks */
	struct connection connections;    /* ring of all */

	_Atomic int open_requests, streams;
	_Atomic size_t bodies_bytes;
	_Atomic bool is_draining, is_stopping, reaper_ends;
	struct MHD_Response *refuse_400, *refuse_431, *refuse_501, *refuse_503;
};

#endif
