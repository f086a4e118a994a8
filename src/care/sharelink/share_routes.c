/* SPDX-License-Identifier: Apache-2.0 */
/* The doors: the patient's pages, the viewer, and what programs ask that hold a link (SMART Health Links 1.0). */
#include "care/sharelink/sharelink_internal.h"
#include "platform/format/json_write.h"
#include "trust/portal/portal.h"

#define CONTENT_TYPE    S("application/fhir+json")
#define EMBEDDED_MAX    (16 * 1024 * 1024) /* when the receiver names no limit of its own */
#define KNOCK_BYTES_MAX 4096

/* ---- what holders ask ---- */

static fallible
respond_wrong_passcode(struct cx *cx, struct request *rq, int64_t tries_left)
{
	struct buf out = BUF_INIT(cx->arena);

	buf_printf(&out, "{\"remainingAttempts\":%lld}", (long long)tries_left);
	return respond(rq, 401, "application/json; charset=utf-8", buf_str(&out));
}

/* The file inside when it is short enough for the receiver, else the address where it is for some minutes. */
static fallible
respond_manifest(struct cx *cx, struct request *rq, str secret, str file, int64_t embedded_max)
{
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&out);

	json_write_object(&w);
	json_put_array(&w, "files");
	json_write_object(&w);
	json_put_text(&w, "contentType", CONTENT_TYPE);
	if ((int64_t)file.n <= embedded_max)
		json_put_text(&w, "embedded", file);
	else
		json_put_text(&w, "location",
		    arena_printf(cx->arena, "%.*s/shl/%.*s/file?ticket=%.*s", STR_ARG(request_origin(rq)),
			STR_ARG(secret), STR_ARG(share_ticket(cx, secret))));
	json_write_end(&w);
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	return respond(rq, 200, "application/json; charset=utf-8", buf_str(&out));
}

static fallible
post_manifest(struct cx *cx, struct request *rq)
{
	struct share_knock knock = {.secret = request_param(rq, "secret")};
	const struct json_value *json;
	struct share_answer answer;
	int64_t embedded_max = EMBEDDED_MAX;

	TRY(json_parse(cx->arena, request_body(rq), &json, NULL));
	knock.recipient = json_text_at(json, "recipient");
	knock.passcode = json_text_at(json, "passcode");
	if (json_get(json, "embeddedLengthMax") && !json_to_int64(json_get(json, "embeddedLengthMax"), &embedded_max))
		return ERR(ERR_INVALID, TR("embeddedLengthMax is a whole number."), "bad embeddedLengthMax");
	TRY(share_link_open(cx, &knock, &answer));
	if (answer.passcode_wrong)
		return respond_wrong_passcode(cx, rq, answer.tries_left);
	return respond_manifest(cx, rq, knock.secret, answer.file, embedded_max);
}

/* The flag U: the file itself, without a manifest; only for links without passcode. */
static fallible
get_direct(struct cx *cx, struct request *rq)
{
	struct share_knock knock = {.secret = request_param(rq, "secret"), .recipient = request_query(rq, "recipient")};
	struct share_answer answer;

	TRY(share_link_open(cx, &knock, &answer));
	if (answer.passcode_wrong)
		return respond_wrong_passcode(cx, rq, answer.tries_left);
	return respond(rq, 200, "application/jose", answer.file);
}

static fallible
get_file(struct cx *cx, struct request *rq)
{
	str file;

	TRY(share_link_file(cx, request_param(rq, "secret"), request_query(rq, "ticket"), &file));
	return respond(rq, 200, "application/jose", file);
}

/* ---- the viewer ---- */

static fallible
get_viewer(struct cx *cx, struct request *rq)
{
	struct page_cx px;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("A shared health summary")), NULL, &px));
	respond_header(rq, "Referrer-Policy", S("no-referrer")); /* nothing of the address goes anywhere */
	page_share_viewer(&html, &px);
	return respond_page(rq, 200, buf_str(&html));
}

const struct route sharelink_routes[] = {
    {GET, "/share-links", get_share_links, .who = WHO_PATIENT},
    {GET, "/share-links/new", get_share_new, .who = WHO_PATIENT},
    {POST, "/share-links/new", post_share_new, .who = WHO_PATIENT, .body_bytes_max = 8192, .rate = RATE_HEAVY,
	.writes = true},
    {POST, "/share-links/{link}/end", post_share_end, .who = WHO_PATIENT, .body_bytes_max = 4096, .writes = true},
    {GET, "/shl", get_viewer, .who = WHO_ANYONE},
    {POST, "/shl/{secret}", post_manifest, .who = WHO_ANYONE, .face = FACE_JSON, .rate = RATE_SIGN_IN,
	.body_bytes_max = KNOCK_BYTES_MAX, .writes = true, .any_site = true},
    {GET, "/shl/{secret}", get_direct, .who = WHO_ANYONE, .face = FACE_JSON, .rate = RATE_SIGN_IN, .any_site = true},
    {GET, "/shl/{secret}/file", get_file, .who = WHO_ANYONE, .face = FACE_JSON, .rate = RATE_SIGN_IN, .any_site = true},
    {0},
};
