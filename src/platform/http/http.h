/* SPDX-License-Identifier: Apache-2.0 */
/* The web server: listener, router, request, response, live events.  A route row declares who may call it and what it may
 * cost; the router enforces that before the handler runs.  Knows no patient and no page. */
#ifndef SALVE_HTTP_H
#define SALVE_HTTP_H

#include "platform/base/base.h"
#include "platform/format/uri.h" /* struct http_pair, struct http_pairs */

enum http_method { GET = 1, POST, PUT, DELETE, HEAD };

/* What an answer looks like; decides how errors are shown. */
enum face {
	FACE_PAGE,   /* HTML for people; errors are pages */
	FACE_FHIR,   /* application/fhir+json; errors are OperationOutcomes */
	FACE_JSON,   /* application/json; errors are problem details (RFC 9457) */
	FACE_EVENTS, /* server-sent events */
	FACE_PLAIN,  /* health checks, assets, downloads: errors are a line of text */
};

enum rate_class {
	RATE_USUAL,   /* per account or address: 50/s, burst 200 */
	RATE_SIGN_IN, /* per address: 30 a minute; the account's own throttle is identity's business */
	RATE_CODE, /* what opens for a code: as RATE_SIGN_IN, and HTTP_RATE_CODES_PER_HOUR of one account from anywhere */
	RATE_HEAVY, /* exports and imports: 10 a minute */
	RATE_NONE,  /* health checks and assets: first in the queue, and the gate is not asked who calls */
};

struct request;
typedef fallible(handler_fn)(struct cx *cx, struct request *rq);

struct route {
	enum http_method method; /* a GET row answers HEAD too */
	const char *pattern;     /* "/threads/{thread}/messages"; a last "{path...}" takes the rest */
	handler_fn *handler;
	unsigned who; /* who_kind bits; a row without it stops start-up; with WHO_ANYONE nobody is turned away */
	const char
	    *scope; /* SMART scope a token needs ("Patient.rs", "{type}.r": see scope_grants); NULL: a session only */
	size_t body_bytes_max; /* 0: no body is taken */
	enum face face;
	enum rate_class rate;
	bool writes; /* may change data: cross-site check; a GET row never writes */
	/* For programs of other sites, by a secret in the address: no cross-site check, browsers are told that it is open to
	 * them (CORS), and nobody is taken for signed in. Only for what anyone may call. */
	bool any_site;
};

/* ---- reading a request (all texts live as long as the request) ---- */

const struct route *request_route(const struct request *rq); /* NULL in show_error when no row fits (404, 405) */
enum face request_face(const struct request *rq); /* the route's; without one, that of the routes beside it */
str request_path(const struct request *rq);
str request_query_text(const struct request *rq);              /* undecoded, without '?' */
str request_param(const struct request *rq, const char *name); /* from the pattern; decoded, valid UTF-8 */
bool request_param_uuid(const struct request *rq, const char *name, struct uuid *out);
str request_query(const struct request *rq, const char *name); /* first value; absent when missing */
str request_form(const struct request *rq, const char *name);  /* first value of a form field; absent when missing */
bool request_form_uuid(const struct request *rq, const char *name, struct uuid *out);
str request_header(const struct request *rq, const char *name); /* any case */
str request_cookie(const struct request *rq, const char *name); /* the one respond_cookie set under that name */
bool request_is_secure(const struct request *rq);               /* over TLS, here or at the proxy */
/* Where the caller finds us: "https://portal.example.org"; the configured public origin, or from Host, of which only what may stand
 * in an address is kept. */
str request_origin(struct request *rq);
/* Does the caller already hold `etag` (If-None-Match, weak comparison, "*" too)? Then respond_not_modified. `etag` with its
 * quotes: "\"abc\"" or "W/\"3\"". */
bool request_has_etag(const struct request *rq, str etag);
str request_body(const struct request *rq);
str request_remote(const struct request *rq); /* the caller's address as text */
enum http_method request_method(const struct request *rq);
struct http_pairs request_query_all(const struct request *rq); /* in the order given, repeated names kept */
struct http_pairs request_form_all(const struct request *rq);  /* urlencoded or multipart */

/* ---- answering: exactly one respond_* per request, or an error returned ---- */

/* Before the respond_* call. Takes the place of a default header of the same name (Cache-Control, …); Set-Cookie and Vary
 * add up. A name or value with control characters could split the answer: the request then ends as ERR_BROKEN. */
void respond_header(struct request *rq, const char *name, str value);
/* What is answered is a file that people made: by its name (RFC 6266), to be saved, or `shown` by the browser. Nothing in it runs or
 * fetches, no other page frames it, it belongs to no origin; that holds for a PDF too: Chromium's viewer draws it all the same, and a
 * browser that does not shows nothing. */
void respond_as_file(struct request *rq, str name, bool shown);
struct cookie_options {
	int64_t max_age_seconds; /* 0: until the browser closes; -1: delete */
	bool script_may_read;
};
void respond_cookie(
    struct request *rq, const char *name, str value, struct cookie_options options);  /* __Host- added on TLS */
fallible respond(struct request *rq, int status, const char *content_type, str body); /* body may live in the arena */
fallible
respond_page(struct request *rq, int status, str html); /* text/html, no-store, security headers, gzip when worth it */
fallible respond_see_other(struct request *rq, str location); /* 303, only to a path of this site */
fallible respond_not_modified(struct request *rq);
/* Stream: begin, then any number of writes (each blocks while the client is slow), then return NULL. An error after begin
 * breaks the connection, so that a cut file never looks whole. ERR_BUSY when HTTP_STREAMS_MAX are open. */
fallible respond_stream_begin(struct request *rq, int status, const char *content_type);
fallible respond_stream_write(struct request *rq, str bytes);

/* The same for an answer whose length is known, which the client can then check and go on with. Exactly so many bytes follow. */
fallible respond_stream_begin_sized(struct request *rq, int status, const char *content_type, int64_t bytes);

/* ---- pieces of something that does not change (RFC 9110 14) ---- */

enum range_kind { RANGE_WHOLE, RANGE_PART, RANGE_OUTSIDE };
struct range {
	enum range_kind kind;
	int64_t first, last; /* of RANGE_PART and RANGE_WHOLE: bytes to send */
};
/* What a Range header asks of `size` bytes (at least 1). One range of bytes is a part; anything else that is not outside is
 * all. */
struct range range_parse(str header, int64_t size);
/* The same of a request, with If-Range: a client that has another version gets all. `etag` with its quotes. */
struct range request_range(const struct request *rq, str etag, int64_t size);

/* ---- live events ---- */

struct events;
/* Turn the answer into a stream of server-sent events of these topics (ids of accounts, teams, threads; at most
 * HTTP_EVENT_TOPICS_MAX). The handler returns and its worker is free. Every HTTP_EVENTS_RECHECK_SECONDS the gate is asked
 * whether the session still stands; if not, the stream ends. A client that does not read is cut off. ERR_BUSY when
 * HTTP_EVENTS_MAX are open. */
fallible respond_events(struct request *rq, const struct uuid *topics, size_t count);
/* Tell every open stream of `topic`. Call after the write is durable, never inside an act; any thread may. `event` and
 * `data` are one line each. */
void events_publish(struct events *events, struct uuid topic, const char *event, str data);

/* ---- what the router asks of the layers above: one table, given at start ---- */

struct http_gate {
	/* Who is this? Fills cx->who (is = WHO_ANYONE when nobody is signed in), cx->lang. Reads cookie or bearer token. Is
	 * also called for unknown addresses, and again and again for open event streams: a request whose face is
	 * FACE_EVENTS is no sign of a person and must not put off the session's idle end. */
	const struct err *(*identify)(struct cx *cx, struct request *rq);
	/* Does the form value belong to the caller's session? Called for FACE_PAGE writes with a session. */
	bool (*form_token_ok)(struct cx *cx, str token);
	/* Draw an error for a person (FACE_PAGE) or a program (FACE_FHIR, FACE_JSON) with respond_*; NULL, an error or no answer: a
	 * line of text. */
	const struct err *(*show_error)(struct cx *cx, struct request *rq, int status, const struct err *error);
	/* A page route was asked by nobody: where to sign in ("/sign-in"). */
	const char *sign_in_path;
};

#define FORM_TOKEN_FIELD "s" /* the form field that carries the session-bound value (NIST 800-63B-4 5.1) */

/* What tests and small machines may change; 0 leaves the figure of limits.h. */
struct http_limits {
	int queue_max, events_max;
	int rate_factor;                     /* so many times the rates and bursts of enum rate_class: for load tests */
	int64_t header_ms, body_ms, idle_ms; /* deadlines of a connection */
	int64_t stall_ms;                    /* a stream's client that reads nothing */
	int64_t events_ping_ms, events_recheck_ms;
	size_t events_queue_bytes; /* waiting for one client */
};

struct http_options {
	const char *address;                           /* "127.0.0.1" */
	int port;                                      /* 0: any free one */
	int listen_fd;                                 /* from systemd or the old process; -1: open one */
	const char *tls_certificate_pem, *tls_key_pem; /* file names; NULL: plain, loopback only */
	const char *public_origin;               /* "https://portal.example.org" behind a proxy; NULL: from Host */
	bool behind_proxy;                       /* trust X-Forwarded-For of the peer */
	int workers;                             /* 0: 4 per core, at least 16 */
	const struct http_limits *limits;        /* NULL: those of limits.h */
	const struct route *const *route_tables; /* each ended by {0}; the list ended by NULL */
	const struct http_gate *gate;
	struct db *db;
	struct vault *vault;
};

struct http_server;
/* Start listening. ERR_INVALID names a route without `who` or with a clash, plain text on an address that others can
 * reach, or a certificate that cannot be read; ERR_BUSY a port in use. `arena` and the options' tables live until
 * http_stop; `listen_fd` belongs to the server from here on. */
fallible http_start(struct arena *arena, const struct http_options *options, struct http_server **out);
int http_port(const struct http_server *server);
struct events *http_events(struct http_server *server);
/* Stop accepting, end event streams, let running requests finish (at most `drain_ms`), close the rest. A handler that
 * still runs then is waited for. */
void http_stop(struct http_server *server, int64_t drain_ms);

/* Do the SMART scopes `granted` (space-separated, v1 or v2) grant `needed`?  `needed` is "Type.letters" (letters of "cruds",
 * each must be granted), with a context ("system/Type.letters") when only that context will do, or any other scope word,
 * which must be granted as it is.  A scope with a query part grants nothing here: who enforces the query asks for it. */
bool scope_grants(str granted, const char *needed);

/* Every route as one line of text, sorted: for `salve routes` and its golden file. */
void routes_print(struct buf *out, const struct route *const *route_tables);

/* An outgoing-asset table: built into the binary by tools/mkassets; served with a hashed name and a year of caching. */
struct asset {
	const char *path; /* "/assets/app.3f2a….css" */
	const char *name; /* "app.css" */
	const char *content_type;
	const unsigned char *bytes, *bytes_gzip, *bytes_brotli; /* NULL where it did not get smaller */
	size_t n, n_gzip, n_brotli;
};
extern const struct asset assets[];
extern const size_t asset_count;
/* The hashed path of an asset by its plain name; ends the process for an unknown name (a page names it as a literal). */
str asset_path(const char *name);
extern const struct route asset_routes[]; /* "/assets/{name}", and robots.txt where programs look for it */

#endif
