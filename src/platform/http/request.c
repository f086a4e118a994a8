/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a request, and its memory: requests are pooled with their arenas, so that a usual one costs no malloc. */
#include <stdlib.h>

#include "platform/http/http_internal.h"

#define POOL_MAX 256 /* idle requests kept, about 10 KiB each */

struct request *
request_new(struct http_server *server, struct MHD_Connection *connection)
{
	struct request *rq;

	pthread_mutex_lock(&server->lock);
	rq = server->pool;
	if (rq) {
		server->pool = rq->next;
		server->pool_count--;
	}
	pthread_mutex_unlock(&server->lock);
	if (!rq) {
		rq = calloc(1, sizeof(*rq));
		if (!rq)
			return NULL;
	}
	atomic_store(&rq->references, 1);
	atomic_fetch_add(&server->open_requests, 1);
	rq->server = server;
	rq->connection = connection;
	rq->began_ms = monotonic_ms();
	rq->body = (struct buf)BUF_INIT(&rq->arena);
	return rq;
}

void
request_keep(struct request *rq)
{
	atomic_fetch_add(&rq->references, 1);
}

void
request_drop(struct request *rq)
{
	struct http_server *server = rq->server;
	struct arena arena;
	bool keep;

	if (atomic_fetch_sub(&rq->references, 1) != 1)
		return;
	if (rq->response)
		MHD_destroy_response(rq->response);
	if (rq->has_pipe) {
		pthread_mutex_destroy(&rq->pipe.lock);
		pthread_cond_destroy(&rq->pipe.room);
	}
	atomic_fetch_sub(&server->bodies_bytes, rq->body_charged);
	arena = rq->arena;
	arena_clear(&arena);
	memset(rq, 0, sizeof(*rq));
	rq->arena = arena;
	pthread_mutex_lock(&server->lock);
	keep = server->pool_count < POOL_MAX;
	if (keep) {
		rq->next = server->pool;
		server->pool = rq;
		server->pool_count++;
	}
	if (atomic_fetch_sub(&server->open_requests, 1) == 1)
		pthread_cond_broadcast(&server->idle);
	pthread_mutex_unlock(&server->lock);
	if (!keep) {
		arena_release(&arena);
		free(rq);
	}
}

const struct route *
request_route(const struct request *rq)
{
	return rq->match.found ? rq->match.found->route : NULL;
}

enum face
request_face(const struct request *rq)
{
	return rq->match.face;
}

str
request_path(const struct request *rq)
{
	return rq->match.path;
}

str
request_query_text(const struct request *rq)
{
	return rq->query_text;
}

str
request_param(const struct request *rq, const char *name)
{
	return route_match_param(&rq->match, str_from_z(name));
}

bool
request_param_uuid(const struct request *rq, const char *name, struct uuid *out)
{
	return uuid_parse(request_param(rq, name), out);
}

str
request_query(const struct request *rq, const char *name)
{
	return pairs_first(rq->query, name);
}

str
request_form(const struct request *rq, const char *name)
{
	return pairs_first(rq->form, name);
}

bool
request_form_uuid(const struct request *rq, const char *name, struct uuid *out)
{
	return uuid_parse(request_form(rq, name), out);
}

str
request_header(const struct request *rq, const char *name)
{
	return headers_first(rq->headers, name);
}

bool
request_is_secure(const struct request *rq)
{
	if (rq->server->is_tls || rq->server->origin_is_https)
		return true;
	return rq->server->options.behind_proxy &&
	       str_equal_fold(headers_first(rq->headers, "X-Forwarded-Proto"), S("https"));
}

str
request_cookie(const struct request *rq, const char *name)
{
	str rest = headers_first(rq->headers, "Cookie"), piece, key;
	bool prefixed = request_is_secure(rq);

	while (rest.p) {
		str value;

		rest = str_cut(rest, ';', &piece);
		value = str_cut(str_trim(piece), '=', &key);
		if (!value.p)
			continue;
		if (prefixed) { /* only the prefixed one: no other host of the domain can have set it */
			if (!str_starts(key, S("__Host-")))
				continue;
			key = str_drop(key, 7);
		}
		if (str_equal(key, str_from_z(name)))
			return value;
	}
	return STR_NONE;
}

static str
weak_tag(str etag)
{
	etag = str_trim(etag);
	return str_starts(etag, S("W/")) ? str_drop(etag, 2) : etag;
}

bool
request_has_etag(const struct request *rq, str etag)
{
	str rest = headers_first(rq->headers, "If-None-Match"), one;

	while (rest.p) {
		rest = str_cut(rest, ',', &one);
		one = weak_tag(one);
		if (str_equal(one, S("*")) || str_equal(one, weak_tag(etag)))
			return true;
	}
	return false;
}

str
request_body(const struct request *rq)
{
	return buf_str(&rq->body);
}

str
request_remote(const struct request *rq)
{
	return rq->remote;
}

str
request_origin(struct request *rq)
{
	str host = request_header(rq, "Host");
	struct buf out = BUF_INIT(&rq->arena);

	if (rq->server->options.public_origin)
		return str_from_z(rq->server->options.public_origin);
	buf_add_z(&out, request_is_secure(rq) ? "https://" : "http://");
	for (size_t i = 0; i < host.n; i++)
		if ((unsigned char)host.p[i] > ' ' && !memchr("\"\\<>'`", host.p[i], 6))
			buf_add_char(&out, host.p[i]);
	return buf_str(&out);
}

enum http_method
request_method(const struct request *rq)
{
	return rq->method;
}

struct http_pairs
request_query_all(const struct request *rq)
{
	return rq->query;
}

struct http_pairs
request_form_all(const struct request *rq)
{
	return rq->form;
}
