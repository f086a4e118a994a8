/* SPDX-License-Identifier: Apache-2.0 */
#include "visitor.h"

#include <stdio.h>

#include "trust/portal/portal.h"

void
visit_begin(struct visits *visits, struct world *world, const struct route *const *tables)
{
	static const struct http_gate gate = {portal_identify, portal_form_token_ok, portal_show_error, "/sign-in"};
	static const struct http_limits limits = {.rate_factor = 1000}; /* a test asks faster than people */
	struct http_options options = {.address = "127.0.0.1",
	    .listen_fd = -1,
	    .route_tables = tables,
	    .gate = &gate,
	    .db = world->db,
	    .vault = world->vault,
	    .workers = 4,
	    .behind_proxy = visits->usual_rates,
	    .limits = visits->usual_rates ? NULL : &limits};

	visits->world = world;
	visits->trial = (struct trial){0};
	if (!visits->people.facility.name.p)
		people_setup(world, &visits->people);
	assert_ok(http_start(&visits->trial.arena, &options, &visits->trial.server));
}

void
visit_end(struct visits *visits)
{
	http_stop(visits->trial.server, 1000);
	arena_release(&visits->trial.arena);
}

struct visitor
visitor_of(struct visits *visits, account_id account)
{
	struct cx cx = world_cx(visits->world);
	struct visitor visitor = {.account = account};

	cx.now = instant_read_clock();
	assert_ok(session_open(&cx, account, &visitor.cookie));
	assert_ok(session_find(&cx, visitor.cookie, true));
	visitor.form_token = session_form_token(&cx);
	db_release(&cx);
	return visitor;
}

struct visitor
visitor_acting(struct visits *visits, patient_id patient, struct visitor visitor)
{
	struct cx cx = world_cx(visits->world);

	cx.now = instant_read_clock();
	assert_ok(session_find(&cx, visitor.cookie, true));
	assert_ok(session_act_for(&cx, patient));
	db_refresh(&cx);
	assert_ok(session_find(&cx, visitor.cookie, true));
	visitor.form_token = arena_str(&visits->world->arena, session_form_token(&cx));
	db_release(&cx);
	return visitor;
}

struct reply
visit(struct visits *visits, const struct visitor *who, const char *path)
{
	return client_get(&visits->trial, path,
	    who ? arena_printf(&visits->trial.arena, "Cookie: salve=%.*s\r\n", STR_ARG(who->cookie)).p : "");
}

const char *
coded(struct visits *visits, str value)
{
	struct buf out = BUF_INIT(&visits->trial.arena);

	for (size_t i = 0; i < value.n; i++)
		buf_printf(&out, "%%%02X", (unsigned char)value.p[i]);
	return arena_z(&visits->trial.arena, buf_str(&out));
}

static struct reply
post_from(struct visits *visits, const struct visitor *who, const char *path, str fields, const char *site)
{
	struct arena *arena = &visits->trial.arena;
	const char *from = who ? who->address : NULL;
	str body = who ? arena_printf(arena, "s=%s&%.*s", coded(visits, who->form_token), STR_ARG(fields)) : fields;

	return client_ask(
	    &visits->trial, arena_printf(arena,
				"POST %s HTTP/1.1\r\nHost: here\r\nSec-Fetch-Site: %s\r\n%s%s%s%s%.*s%s"
				"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%.*s",
				path, site, from ? "X-Forwarded-For: " : "", from ? from : "", from ? "\r\n" : "",
				who ? "Cookie: salve=" : "", STR_ARG(who ? who->cookie : S("")), who ? "\r\n" : "",
				body.n, STR_ARG(body)));
}

struct reply
submit(struct visits *visits, const struct visitor *who, const char *path, const char *fields, ...)
{
	va_list args;
	str text;

	va_start(args, fields);
	text = arena_vprintf(&visits->trial.arena, fields, args);
	va_end(args);
	return post_from(visits, who, path, text, "same-origin");
}

struct reply
submit_files(struct visits *visits, const struct visitor *who, const char *path, const char *const *fields,
    const struct sent_file *files, size_t count)
{
	struct buf body = BUF_INIT(&visits->trial.arena), request = BUF_INIT(&visits->trial.arena);

	buf_printf(
	    &body, "--XyZ\r\nContent-Disposition: form-data; name=\"s\"\r\n\r\n%.*s\r\n", STR_ARG(who->form_token));
	for (size_t i = 0; fields[i]; i += 2)
		buf_printf(&body, "--XyZ\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", fields[i],
		    fields[i + 1]);
	for (size_t i = 0; i < count; i++) {
		buf_printf(&body, "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n",
		    files[i].name);
		buf_add(&body, files[i].content);
		buf_add(&body, S("\r\n"));
	}
	buf_add(&body, S("--XyZ--\r\n"));
	buf_printf(&request,
	    "POST %s HTTP/1.1\r\nHost: here\r\nSec-Fetch-Site: same-origin\r\nCookie: salve=%.*s\r\n"
	    "Content-Type: multipart/form-data; boundary=XyZ\r\nContent-Length: %zu\r\n\r\n",
	    path, STR_ARG(who->cookie), body.n);
	buf_add(&request, buf_str(&body));
	return client_ask(&visits->trial, buf_str(&request));
}

struct reply
submit_across(struct visits *visits, const struct visitor *who, const char *path, const char *fields)
{
	return post_from(visits, who, path, str_from_z(fields), "cross-site");
}

const char *
id_z(struct visits *visits, struct uuid id)
{
	return arena_z(&visits->trial.arena, uuid_text(&visits->trial.arena, id));
}

const char *
path_z(struct visits *visits, const char *format, ...)
{
	va_list args;
	str text;

	va_start(args, format);
	text = arena_vprintf(&visits->trial.arena, format, args);
	va_end(args);
	return arena_z(&visits->trial.arena, text);
}

void
assert_shows(struct reply reply, const char *text)
{
	if (reply.status != 200)
		fail_msg("%d: %.*s", reply.status, STR_ARG(str_take(reply.body, 3000)));
	if (!str_contains(reply.body, str_from_z(text)))
		fail_msg("not shown: %s in %.*s", text, STR_ARG(str_take(reply.body, 12000)));
}

void
assert_lacks(struct reply reply, const char *text)
{
	assert_int_equal(reply.status, 200);
	if (str_contains(reply.body, str_from_z(text)))
		fail_msg("shown: %s", text);
}

str
assert_moved(struct reply reply)
{
	if (reply.status != 303)
		fail_msg("%d: %.*s", reply.status, STR_ARG(str_take(reply.body, 4000)));
	return reply_header(reply, "Location");
}
