/* SPDX-License-Identifier: Apache-2.0 */
/* Answering.  respond_* only note the answer; it is built once the handler returned, so an error after respond() replaces
 * it whole.
 *
 * gzip and secrets (the BREACH attack): an answer that holds a secret beside text that an attacker can choose leaks the
 * secret through its compressed length.  The one secret in our pages is the form token; identity masks it with a fresh
 * random pad for each answer, so it never repeats and has nothing to be compared with.  A page that puts another secret
 * beside input must be answered as an uncompressed type or without gzip. */
#include <microhttpd.h>

#include "platform/http/http_internal.h"

#define CSP                                                                                                            \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src " \
	"'self'; "                                                                                                     \
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/* On every answer, unless the handler gave its own. Not no-referrer: browsers then send "Origin: null" with forms, which
 * the cross-site check must refuse. */
static const struct {
	const char *name, *value;
} DEFAULT_HEADERS[] = {
    {"Content-Security-Policy", CSP},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
    {"Cache-Control", "no-store"},
};

int
status_of(const struct err *error)
{
	switch (error->code) {
	case ERR_INVALID: return 400;
	case ERR_DENIED: return 403;
	case ERR_GONE: return 404;
	case ERR_CONFLICT: return 409;
	case ERR_BUSY: return 503;
	case ERR_BROKEN: break;
	}
	return 500;
}

static bool
is_header_text(str text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f)
			return false;
	return true;
}

static void
add_header(struct request *rq, str name, str value)
{
	if (!is_header_text(name) || !is_header_text(value) || name.n == 0 || value.n == 0)
		rq->answer.is_unsound = true;
	else
		*LIST_ADD(&rq->arena, &rq->answer.headers) =
		    (struct header){arena_str(&rq->arena, name), arena_str(&rq->arena, value)};
}

void
respond_header(struct request *rq, const char *name, str value)
{
	add_header(rq, str_from_z(name), value);
}

/* RFC 6265 cookie-octet */
static bool
is_cookie_value(str value)
{
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] <= ' ' || value.p[i] >= 0x7f || memchr("\",;\\", value.p[i], 4))
			return false;
	return true;
}

void
respond_cookie(struct request *rq, const char *name, str value, struct cookie_options options)
{
	struct buf text = BUF_INIT(&rq->arena);
	bool secure = request_is_secure(rq);

	buf_printf(&text, "%s%s=%.*s; Path=/; SameSite=Lax", secure ? "__Host-" : "", name, STR_ARG(value));
	if (secure)
		buf_add(&text, S("; Secure"));
	if (!options.script_may_read)
		buf_add(&text, S("; HttpOnly"));
	if (options.max_age_seconds)
		buf_printf(
		    &text, "; Max-Age=%lld", options.max_age_seconds < 0 ? 0LL : (long long)options.max_age_seconds);
	if (!is_cookie_value(value))
		rq->answer.is_unsound = true;
	add_header(rq, S("Set-Cookie"), buf_str(&text));
}

fallible
respond(struct request *rq, int status, const char *content_type, str body)
{
	if (rq->answer.kind != ANSWER_NONE)
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a second answer to one request");
	rq->answer.kind = ANSWER_BYTES;
	rq->answer.status = status;
	rq->answer.content_type = content_type;
	rq->answer.body = body;
	return NULL;
}

fallible
respond_page(struct request *rq, int status, str html)
{
	return respond(rq, status, "text/html; charset=utf-8", html);
}

fallible
respond_see_other(struct request *rq, str location)
{
	if (!str_starts(location, S("/")) || str_starts(location, S("//")) || str_starts(location, S("/\\")))
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "redirect to another site");
	respond_header(rq, "Location", location);
	return respond(rq, 303, NULL, S(""));
}

fallible
respond_not_modified(struct request *rq)
{
	return respond(rq, 304, NULL, S(""));
}

/* ---- building ---- */

static bool
has_header(const struct request *rq, const char *name)
{
	for (size_t i = 0; i < rq->answer.headers.count; i++)
		if (str_equal_fold(rq->answer.headers.items[i].name, str_from_z(name)))
			return true;
	return false;
}

void
response_add_headers(struct request *rq, struct MHD_Response *response)
{
	bool any_site = rq->match.found && rq->match.found->route->any_site;

	if (any_site) { /* errors too: the other site's page must be able to read them */
		MHD_add_response_header(response, "Access-Control-Allow-Origin", "*");
		respond_header(rq, "Cross-Origin-Resource-Policy", S("cross-origin"));
	}
	for (size_t i = 0; i < sizeof(DEFAULT_HEADERS) / sizeof(DEFAULT_HEADERS[0]); i++)
		if (!has_header(rq, DEFAULT_HEADERS[i].name))
			MHD_add_response_header(response, DEFAULT_HEADERS[i].name, DEFAULT_HEADERS[i].value);
	if (request_is_secure(rq))
		MHD_add_response_header(response, "Strict-Transport-Security", "max-age=63072000; includeSubDomains");
	if (rq->answer.content_type)
		MHD_add_response_header(response, "Content-Type", rq->answer.content_type);
	for (size_t i = 0; i < rq->answer.headers.count; i++)
		MHD_add_response_header(response, arena_z(&rq->arena, rq->answer.headers.items[i].name),
		    arena_z(&rq->arena, rq->answer.headers.items[i].value));
	MHD_add_response_header(response, "X-Request-Id", arena_z(&rq->arena, uuid_text(&rq->arena, rq->cx.request)));
	if (atomic_load(&rq->server->is_draining))
		MHD_add_response_header(response, "Connection", "close");
}

/* Does the header list `word`, and not with q=0? */
static bool
accepts_coding(str header, str word)
{
	str rest = header, one, name;

	while (rest.p) {
		str quality;

		rest = str_cut(rest, ',', &one);
		quality = str_trim(str_cut(one, ';', &name));
		if (str_equal_fold(str_trim(name), word))
			return !(str_equal(quality, S("q=0")) || str_starts(quality, S("q=0.0")));
	}
	return false;
}

bool
request_accepts_coding(const struct request *rq, const char *coding)
{
	return accepts_coding(request_header(rq, "Accept-Encoding"), str_from_z(coding));
}

static bool
is_compressible(const char *content_type)
{
	str type = str_from_z(content_type);

	return str_starts(type, S("text/html")) || str_starts(type, S("application/json")) ||
	       str_starts(type, S("application/fhir+json")) || str_starts(type, S("text/plain")) ||
	       str_starts(type, S("image/svg+xml"));
}

static void
gzip_when_worth_it(struct request *rq)
{
	struct answer *answer = &rq->answer;
	z_stream *zip = rq->zip;
	size_t bound;
	char *out;

	if (answer->body.n < HTTP_GZIP_BYTES_MIN || answer->body.n > UINT32_MAX / 2 || !answer->content_type ||
	    !is_compressible(answer->content_type) || has_header(rq, "Content-Encoding") ||
	    has_header(rq, "Repr-Digest")) /* RFC 9530: of the bytes as they are sent */
		return;
	add_header(rq, S("Vary"), S("Accept-Encoding"));
	if (!zip || !request_accepts_coding(rq, "gzip") || deflateReset(zip) != Z_OK)
		return;
	bound = deflateBound(zip, answer->body.n);
	out = arena_text(&rq->arena, bound);
	zip->next_in = (Bytef *)(uintptr_t)answer->body.p;
	zip->avail_in = (uInt)answer->body.n;
	zip->next_out = (Bytef *)out;
	zip->avail_out = (uInt)bound;
	if (deflate(zip, Z_FINISH) != Z_STREAM_END)
		return;
	answer->body = (str){out, bound - zip->avail_out};
	add_header(rq, S("Content-Encoding"), S("gzip"));
}

void
response_build(struct request *rq)
{
	gzip_when_worth_it(rq);
	rq->response = MHD_create_response_from_buffer(
	    rq->answer.body.n, (void *)(uintptr_t)(rq->answer.body.p ? rq->answer.body.p : ""), MHD_RESPMEM_PERSISTENT);
	rq->response_status = (unsigned)rq->answer.status;
	if (rq->response)
		response_add_headers(rq, rq->response);
}

/* ---- errors ---- */

static void
reset_answer(struct request *rq)
{
	rq->answer = (struct answer){0};
}

static void
add_error_headers(struct request *rq, int status)
{
	if (status == 401)
		respond_header(rq, "WWW-Authenticate", S("Bearer realm=\"Salve\""));
	if (status == 503 || status == 429) {
		int64_t seconds = (rq->retry_after_ms + SECOND_MS - 1) / SECOND_MS;

		respond_header(
		    rq, "Retry-After", arena_printf(&rq->arena, "%lld", seconds > 1 ? (long long)seconds : 1LL));
	}
	if (status == 405) {
		struct buf allow = BUF_INIT(&rq->arena);

		for (enum http_method method = GET; method <= DELETE; method++)
			if (rq->match.allowed & 1u << method)
				buf_printf(&allow, "%s%s", allow.n ? ", " : "",
				    method == GET ? "GET, HEAD" : method_name(method));
		respond_header(rq, "Allow", buf_str(&allow));
	}
}

static void
respond_plain_error(struct request *rq, int status, const struct err *error)
{
	const struct err *failed;

	reset_answer(rq);
	add_error_headers(rq, status);
	failed = respond(rq, status, "text/plain; charset=utf-8",
	    arena_printf(&rq->arena, "%s\n", error->say ? error->say : "Something went wrong on our side."));
	assert(!failed);
}

void
respond_error(struct request *rq, const struct err *error)
{
	const struct http_gate *gate = rq->server->options.gate;
	int status = rq->error_status ? rq->error_status : status_of(error);

	LOG(status >= 500 ? LOG_ERROR : LOG_INFO, "request_error", LOG_UUID("request", rq->cx.request),
	    LOG_Z("code", err_code_name(error->code)), LOG_Z("why", error->log ? error->log : "-"));
	reset_answer(rq);
	add_error_headers(rq, status);
	if (gate->show_error && rq->match.face <= FACE_JSON) {
		const struct err *failed = gate->show_error(&rq->cx, rq, status, error);

		if (!failed && rq->answer.kind == ANSWER_BYTES && !rq->answer.is_unsound)
			return;
		LOG(LOG_ERROR, "error_page_failed", LOG_UUID("request", rq->cx.request),
		    LOG_Z("why", failed && failed->log ? failed->log : "no answer"));
	}
	respond_plain_error(rq, status, error);
}

struct MHD_Response *
response_fixed(const char *text, const char *retry_after)
{
	struct MHD_Response *response =
	    MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);

	if (!response)
		return NULL;
	MHD_add_response_header(response, "Content-Type", "text/plain; charset=utf-8");
	for (size_t i = 0; i < sizeof(DEFAULT_HEADERS) / sizeof(DEFAULT_HEADERS[0]); i++)
		MHD_add_response_header(response, DEFAULT_HEADERS[i].name, DEFAULT_HEADERS[i].value);
	if (retry_after)
		MHD_add_response_header(response, "Retry-After", retry_after);
	return response;
}
