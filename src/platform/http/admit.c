/* SPDX-License-Identifier: Apache-2.0 */
/* May this request reach its handler?  The flags of the route row are enforced here, in this order, and nowhere else:
 * who, scope, cross-site, rate, form, form token. */
#include "platform/format/form.h"
#include "platform/http/http_internal.h"

bool
cross_site_ok(const struct cross_site_facts *facts)
{
	if (facts->method == GET || facts->method == HEAD || facts->by_token)
		return true;
	if (facts->fetch_site.p)
		return str_equal(facts->fetch_site, S("same-origin")) || str_equal(facts->fetch_site, S("none"));
	if (facts->origin.p)
		return facts->own_origin.n && str_equal_fold(facts->origin, facts->own_origin);
	return !facts->has_cookie;
}

static bool
is_signed_in(const struct cx *cx)
{
	return (cx->who.is & ~(unsigned)WHO_ANYONE) != 0;
}

/* Queries and forms are decoded before the handler, so that a broken one is refused in one place. */
static fallible
decode_fields(struct request *rq)
{
	str type = request_header(rq, "Content-Type");

	if (rq->query_text.n)
		TRY(query_parse(&rq->arena, rq->query_text, &rq->query));
	if (rq->body.n && form_type_known(type))
		TRY(form_parse(&rq->arena, type, buf_str(&rq->body), &rq->form));
	return NULL;
}

/* Nobody is signed in where somebody should be. */
static fallible
turn_away(struct request *rq)
{
	const struct http_gate *gate = rq->server->options.gate;
	const struct route *route = rq->match.found->route;

	if (route->face == FACE_PAGE && route->method == GET && gate->sign_in_path) {
		struct buf location = BUF_INIT(&rq->arena), next = BUF_INIT(&rq->arena);

		buf_add(&next, rq->raw_path);
		if (rq->query_text.n) {
			buf_add_char(&next, '?');
			buf_add(&next, rq->query_text);
		}
		buf_add_z(&location, gate->sign_in_path);
		buf_add(&location, S("?next="));
		uri_encode(&location, buf_str(&next));
		return respond_see_other(rq, buf_str(&location));
	}
	rq->error_status = 401;
	if (route->face == FACE_PAGE) {
		TRY(decode_fields(rq)); /* the gate shows them again, so that nothing typed is lost */
		return ERR(ERR_DENIED,
		    "You are signed out, so nothing was sent. Sign in again; nothing you typed is lost.",
		    "a form was sent without a session");
	}
	return ERR(ERR_DENIED, "Sign in first.", "no session and no token");
}

/* "{type}.r" with the parameter's value in its place. */
static const char *
needed_scope(struct request *rq, const char *scope)
{
	str text = str_from_z(scope), rest;

	if (scope[0] != '{')
		return scope;
	rest = str_cut(str_drop(text, 1), '}', &text);
	return arena_z(&rq->arena,
	    arena_printf(&rq->arena, "%.*s%.*s", STR_ARG(route_match_param(&rq->match, text)), STR_ARG(rest)));
}

static fallible
check_who(struct request *rq)
{
	const struct route *route = rq->match.found->route;
	const struct cx *cx = &rq->cx;

	if (route->who & WHO_ANYONE)
		return NULL;
	if (!is_signed_in(cx))
		return turn_away(rq);
	if (!(route->who & cx->who.is))
		return ERR(ERR_DENIED, "Your account cannot use this page.", "wrong kind of caller");
	if (!cx->who.scope.p)
		return NULL;
	if (!route->scope)
		return ERR(ERR_DENIED, "This is not open to apps.", "a token on a route without scope");
	if (!scope_grants(cx->who.scope, needed_scope(rq, route->scope)))
		return ERR(ERR_DENIED, "The app was not given access to this.", "scope not granted");
	return NULL;
}

static fallible
check_cross_site(struct request *rq)
{
	const struct cross_site_facts facts = {
	    .method = rq->method,
	    .fetch_site = request_header(rq, "Sec-Fetch-Site"),
	    .origin = request_header(rq, "Origin"),
	    .own_origin = request_origin(rq),
	    .has_cookie = request_header(rq, "Cookie").p != NULL,
	    .by_token = rq->cx.who.scope.p && uuid_is_none(rq->cx.who.session.v),
	};

	if (rq->match.found->route->any_site || cross_site_ok(&facts))
		return NULL;
	return ERR(ERR_DENIED, "This was sent from another website, so nothing was done.", "cross-site request");
}

/* Milliseconds to wait; 0: go on. */
static int64_t
take_of(struct request *rq, enum rate_class class, str caller)
{
	struct rate_table *rates = rq->server->rates;

	return rate_take(rates, class, rate_key(rates, class, caller), monotonic_ms());
}

static fallible
check_rate(struct request *rq)
{
	enum rate_class class = rq->match.found ? rq->match.found->route->rate : RATE_USUAL;
	const struct who *who = &rq->cx.who;
	str account = {(const char *)who->account.v.bytes, sizeof(who->account.v.bytes)};
	bool has_account = is_signed_in(&rq->cx) && !uuid_is_none(who->account.v);

	if (class == RATE_NONE)
		return NULL;
	if (class == RATE_SIGN_IN || class == RATE_CODE)
		rq->retry_after_ms = take_of(rq, RATE_SIGN_IN, rq->remote);
	else
		rq->retry_after_ms = take_of(rq, class, has_account ? account : rq->remote);
	if (class == RATE_CODE && has_account && rq->retry_after_ms == 0)
		rq->retry_after_ms = take_of(rq, RATE_CODE, account);
	if (rq->retry_after_ms == 0)
		return NULL;
	rq->error_status = 429;
	return ERR(ERR_BUSY, "That was too much at once. Please wait a moment and try again.", "rate limit");
}

static fallible
check_form_token(struct request *rq)
{
	const struct route *route = rq->match.found->route;
	const struct http_gate *gate = rq->server->options.gate;

	if (route->face != FACE_PAGE || route->method == GET || uuid_is_none(rq->cx.who.session.v))
		return NULL;
	if (gate->form_token_ok && gate->form_token_ok(&rq->cx, request_form(rq, FORM_TOKEN_FIELD)))
		return NULL;
	return ERR(ERR_DENIED,
	    "This page was too old to be sent, or was opened while you acted for somebody else, so nothing was done. "
	    "Go "
	    "back, reload the page and send it again.",
	    "form token missing or of another session");
}

static const struct err *
refusal_error(struct request *rq)
{
	rq->error_status = rq->refusal;
	switch (rq->refusal) {
	case 404: return ERR(ERR_GONE, "There is no such page.", "no route");
	case 405: return ERR(ERR_INVALID, "This address does not take that kind of request.", "no such method here");
	case 413: return ERR(ERR_INVALID, "That is too large to be sent here.", "body larger than the route takes");
	case 501: return ERR(ERR_INVALID, "That kind of request is not known here.", "unknown method");
	case 503:
		return ERR(ERR_BUSY, "There is too much to do right now. Please try again in a moment.", "body budget");
	default: return ERR(ERR_INVALID, "That address is not written correctly.", "malformed path");
	}
}

/* What the other site's page may send; the headers that let it are on every answer of such a row. */
static fallible
respond_preflight(struct request *rq)
{
	respond_header(rq, "Access-Control-Allow-Methods", S("GET, POST"));
	respond_header(rq, "Access-Control-Allow-Headers", S("Content-Type"));
	respond_header(rq, "Access-Control-Max-Age", S("600"));
	return respond(rq, 204, NULL, S(""));
}

fallible
request_admit(struct request *rq)
{
	const struct http_gate *gate = rq->server->options.gate;

	bool any_site = rq->match.found && rq->match.found->route->any_site;

	if (!any_site && (!rq->match.found || rq->match.found->route->rate != RATE_NONE))
		TRY(gate->identify(&rq->cx, rq));
	if (any_site)
		rq->cx.who = (struct who){.is = WHO_ANYONE};
	if (rq->refusal) {
		TRY(check_rate(rq));
		return refusal_error(rq);
	}
	TRY(check_who(rq));
	if (rq->answer.kind != ANSWER_NONE)
		return NULL;
	TRY(check_cross_site(rq));
	TRY(check_rate(rq));
	if (rq->is_preflight)
		return respond_preflight(rq);
	TRY(decode_fields(rq));
	return check_form_token(rq);
}
