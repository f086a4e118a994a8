/* SPDX-License-Identifier: Apache-2.0 */
/* What runs on the event threads: a request comes in piece by piece until a worker can have it, and its answer goes out.
 * Nothing here waits for anything.  The surprises of libmicrohttpd that shape it: an answer queued in the handler's first
 * call closes the connection, so only what is refused before its body answers there; suspend and resume must be strictly
 * paired, so a place in the queue is reserved before suspending. */
#include "platform/http/intake.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#define EXCESS_BYTES_MAX ((uint64_t)1024 * 1024) /* dropped politely behind a too large body before the line is cut */

/* libmicrohttpd hands over the target before it touches it. */
void *
intake_target(void *cls, const char *target, struct MHD_Connection *connection)
{
	struct request *rq = request_new(cls, connection);
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	if (!rq)
		return NULL;
	rq->link = info ? info->socket_context : NULL;
	rq->target_z = target;
	rq->target = arena_str(&rq->arena, str_from_z(target));
	connection_enter(rq->link, PHASE_HEADER);
	return rq;
}

static enum http_method
method_of(const char *name)
{
	for (enum http_method method = GET; method <= HEAD; method++)
		if (strcmp(name, method_name(method)) == 0)
			return method;
	return 0;
}

static bool
is_known_elsewhere(const char *method)
{
	return strcmp(method, "PATCH") == 0 || strcmp(method, "OPTIONS") == 0 || strcmp(method, "TRACE") == 0 ||
	       strcmp(method, "CONNECT") == 0;
}

static str
remote_address(struct request *rq)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(rq->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	char text[INET6_ADDRSTRLEN] = "local";
	unsigned char bytes[sizeof(struct in6_addr)];

	if (rq->server->options.behind_proxy) { /* the last address is the one that the proxy itself saw */
		str rest = headers_first(rq->headers, "X-Forwarded-For"), last = STR_NONE;

		while (rest.p)
			rest = str_cut(rest, ',', &last);
		last = str_trim(last);
		if (last.n && last.n < sizeof(text) &&
		    (inet_pton(AF_INET, arena_z(&rq->arena, last), bytes) == 1 ||
			inet_pton(AF_INET6, arena_z(&rq->arena, last), bytes) == 1))
			return last;
	}
	if (info && info->client_addr && info->client_addr->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, info->client_addr, sizeof(in));
		inet_ntop(AF_INET, &in.sin_addr, text, sizeof(text));
	} else if (info && info->client_addr && info->client_addr->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, info->client_addr, sizeof(in6));
		inet_ntop(AF_INET6, &in6.sin6_addr, text, sizeof(text));
	}
	return arena_str(&rq->arena, str_from_z(text));
}

static enum MHD_Result
refuse_now(struct request *rq, int status)
{
	struct http_server *server = rq->server;
	struct MHD_Response *response = status == 431   ? server->refuse_431
	                                : status == 501 ? server->refuse_501
	                                : status == 503 ? server->refuse_503
	                                                : server->refuse_400;

	LOG(LOG_INFO, "refused", LOG_INT("status", status), LOG_INT("took_ms", monotonic_ms() - rq->began_ms));
	rq->stage = STAGE_SENT;
	return MHD_queue_response(rq->connection, (unsigned)status, response);
}

/* Suspend the connection and give the request to a worker; answer 503 here when the queue is full. */
static enum MHD_Result
submit(struct request *rq)
{
	struct http_server *server = rq->server;
	bool is_urgent = rq->match.found && rq->match.found->route->rate == RATE_NONE;

	connection_enter(rq->link, PHASE_BUSY);
	rq->stage = STAGE_WORKING;
	if (!queue_reserve(server, is_urgent))
		return refuse_now(rq, 503);
	request_keep(rq);
	pthread_mutex_lock(&server->lock);
	server->in_flight++;
	pthread_mutex_unlock(&server->lock);
	MHD_suspend_connection(rq->connection);
	queue_push(rq, is_urgent);
	return MHD_YES;
}

/* Room for `n` more bytes within the server's budget. */
static bool
charge(struct request *rq, size_t n)
{
	if (atomic_fetch_add(&rq->server->bodies_bytes, n) + n > HTTP_BODIES_BYTES_MAX) {
		atomic_fetch_sub(&rq->server->bodies_bytes, n);
		return false;
	}
	rq->body_charged += n;
	return true;
}

/* OPTIONS with the method that would follow: matched as that method. */
static void
judge_preflight(struct request *rq, const char *method)
{
	str wanted = headers_first(rq->headers, "Access-Control-Request-Method");

	if (strcmp(method, "OPTIONS") != 0 || !wanted.n)
		return;
	rq->method = method_of(arena_z(&rq->arena, wanted));
	rq->is_preflight = rq->method != 0;
}

/* What the head alone tells: which route, and is the body one that it takes? */
static void
judge_head(struct request *rq, const char *method, bool *has_body)
{
	str length = headers_first(rq->headers, "Content-Length");
	int64_t bytes = 0;
	size_t max;

	*has_body = headers_first(rq->headers, "Transfer-Encoding").p || (str_to_int64(length, &bytes) && bytes > 0);
	judge_preflight(rq, method);
	router_match(rq->server->router, &rq->arena, rq->method, rq->raw_path, &rq->match);
	if (rq->is_preflight && !(rq->match.found && rq->match.found->route->any_site)) {
		rq->is_preflight = false;
		rq->match.found = NULL;
	}
	if (!rq->match.path_is_sound)
		rq->refusal = 400;
	else if (!rq->method && !is_known_elsewhere(method))
		rq->refusal = 501;
	else if (!rq->match.found)
		rq->refusal = rq->match.allowed ? 405 : 404;
	if (rq->refusal || !*has_body)
		return;
	max = rq->match.found->route->body_bytes_max;
	if (max == 0 || (uint64_t)bytes > max)
		rq->refusal = 413;
	else if (!charge(rq, (size_t)bytes))
		rq->refusal = 503;
	else
		buf_reserve(&rq->body, (size_t)bytes + 1); /* what is not written to costs no memory */
}

static enum MHD_Result
take_head(struct request *rq, const char *method, const char *version)
{
	str held = {rq->server->library_folds ? rq->target_z : NULL, rq->target.n};
	bool sound = rq->target.p && guard_collect(rq->connection, &rq->arena, held, version, &rq->headers);
	int refusal = sound ? guard_check(rq->target, rq->headers) : 400;
	bool has_body;

	rq->target_z = NULL; /* dies with the request */
	if (refusal)
		return refuse_now(rq, refusal);
	rq->method = method_of(method);
	rq->query_text = str_cut(rq->target, '?', &rq->raw_path);
	rq->remote = remote_address(rq);
	connection_enter(rq->link, PHASE_BODY);
	rq->stage = STAGE_BODY;
	judge_head(rq, method, &has_body);
	if (rq->link)
		atomic_store(&rq->link->body_more_ms, (int64_t)rq->body_charged / HTTP_BODY_BYTES_PER_MS);
	return rq->refusal && has_body ? submit(rq)
	                               : MHD_YES; /* the answer to a body that nobody reads closes the line */
}

static enum MHD_Result
take_body(struct request *rq, const char *bytes, size_t n)
{
	size_t max = rq->match.found ? rq->match.found->route->body_bytes_max : 0;

	rq->body_bytes += n;
	if (rq->body_bytes > max && !rq->refusal)
		rq->refusal = 413;
	if (!rq->refusal && rq->body_bytes > rq->body_charged && !charge(rq, rq->body_bytes - rq->body_charged))
		rq->refusal = 503;
	if (!rq->refusal)
		buf_add_bytes(&rq->body, bytes, n);
	return rq->body_bytes > max + EXCESS_BYTES_MAX ? MHD_NO : MHD_YES;
}

static enum MHD_Result
send_response(struct request *rq)
{
	enum MHD_Result queued;

	if (!rq->response)
		return MHD_NO;
	rq->stage = STAGE_SENT;
	queued = MHD_queue_response(rq->connection, rq->response_status, rq->response);
	MHD_destroy_response(rq->response);
	rq->response = NULL;
	return queued;
}

enum MHD_Result
intake_handle(void *cls, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
    const char *upload, size_t *upload_n, void **request)
{
	struct request *rq = *request;
	size_t n = *upload_n;

	(void)cls, (void)connection, (void)url;
	if (!rq)
		return MHD_NO;
	switch (rq->stage) {
	case STAGE_HEAD: return take_head(rq, method, version);
	case STAGE_BODY: *upload_n = 0; return n ? take_body(rq, upload, n) : submit(rq);
	case STAGE_WORKING: return send_response(rq);
	case STAGE_SENT: break;
	}
	return MHD_NO;
}

void
intake_completed(
    void *cls, struct MHD_Connection *connection, void **request, enum MHD_RequestTerminationCode termination)
{
	struct request *rq = *request;

	(void)cls, (void)connection, (void)termination;
	if (!rq)
		return;
	*request = NULL;
	connection_enter(rq->link, PHASE_IDLE);
	if (rq->has_pipe) {
		events_forget(rq->server->events, rq);
		pipe_client_gone(&rq->pipe);
	}
	request_drop(rq);
}
