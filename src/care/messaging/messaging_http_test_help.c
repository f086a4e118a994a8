/* SPDX-License-Identifier: Apache-2.0 */
#include "care/messaging/messaging_http_test_help.h"

#include <stdio.h>

#include "trust/portal/portal.h"

struct person
sign_in_as(struct clinic *c, account_id account)
{
	struct cx cx = world_cx(c->world);
	struct person person = {.account = account};

	assert_ok(session_open(&cx, account, &person.cookie));
	assert_ok(session_find(&cx, person.cookie, true));
	person.form_token = session_form_token(&cx);
	db_release(&cx);
	return person;
}

/* What is sent is there: time to think again has tests of its own. */
static const struct err *
send_at_once(struct tx *tx, void *arg)
{
	return facility_setting_put(tx, ((struct people *)arg)->facility.id, S("undo_send_seconds"), 0);
}

void
open_clinic(struct world *world, struct clinic *c)
{
	static const struct route *const tables[] = {messaging_routes, portal_routes, asset_routes, NULL};
	static const struct http_gate gate = {portal_identify, portal_form_token_ok, portal_show_error, "/sign-in"};
	struct http_options options = {.address = "127.0.0.1",
	    .listen_fd = -1,
	    .route_tables = tables,
	    .gate = &gate,
	    .db = world->db,
	    .vault = world->vault,
	    .workers = 4};

	*c = (struct clinic){.world = world};
	people_setup(world, &c->p);
	assert_ok(db_write(&world->cx, send_at_once, &c->p));
	c->maria = sign_in_as(c, c->p.maria_account);
	c->bo = sign_in_as(c, c->p.bo_account);
	c->ana = sign_in_as(c, c->p.ana);
	c->okafor = sign_in_as(c, c->p.okafor);
	c->ben = sign_in_as(c, c->p.ben);
	c->root = sign_in_as(c, c->p.root);
	assert_ok(http_start(&c->trial.arena, &options, &c->trial.server));
}

void
close_clinic(struct clinic *c)
{
	http_stop(c->trial.server, 1000);
	arena_release(&c->trial.arena);
}

struct reply
get(struct clinic *c, const struct person *who, str path)
{
	return client_get(&c->trial, arena_z(&c->trial.arena, path),
	    who ? arena_printf(&c->trial.arena, "Cookie: salve=%.*s\r\n", STR_ARG(who->cookie)).p : "");
}

str
encode(struct arena *arena, str value)
{
	struct buf out = BUF_INIT(arena);

	for (size_t i = 0; i < value.n; i++)
		buf_printf(&out, "%%%02X", (unsigned char)value.p[i]);
	return buf_str(&out);
}

struct reply
post_from(struct clinic *c, const struct person *who, str path, str fields, const char *site)
{
	struct arena *arena = &c->trial.arena;
	str body =
	    who ? arena_printf(arena, "s=%.*s&%.*s", STR_ARG(encode(arena, who->form_token)), STR_ARG(fields)) : fields;

	return client_ask(
	    &c->trial, arena_printf(arena,
			   "POST %.*s HTTP/1.1\r\nHost: here\r\nSec-Fetch-Site: %s\r\n%s%.*s%s"
			   "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%.*s",
			   STR_ARG(path), site, who ? "Cookie: salve=" : "", STR_ARG(who ? who->cookie : S("")),
			   who ? "\r\n" : "", body.n, STR_ARG(body)));
}

str
id_text(struct clinic *c, struct uuid id)
{
	return uuid_text(&c->trial.arena, id);
}

str
maria_sends(struct clinic *c, str key, str body)
{
	struct reply reply =
	    SUBMIT(c, &c->maria, S("/messages/new"), "key=%.*s&category=medication&team=%.*s&body=%.*s", STR_ARG(key),
		STR_ARG(id_text(c, c->p.maple.v)), STR_ARG(encode(&c->trial.arena, body)));

	if (reply.status != 303)
		fail_msg("%d: %.*s", reply.status, STR_ARG(str_take(reply.body, 2000)));
	return reply_header(reply, "Location");
}

str
new_key(struct clinic *c)
{
	return id_text(c, uuid_new(instant_read_clock()));
}

void
assert_shows(struct reply reply, const char *text)
{
	assert_int_equal(reply.status, 200);
	if (!str_contains(reply.body, str_from_z(text)))
		fail_msg("not shown: %s", text);
}

struct reply
submit_upload(struct clinic *c, const struct person *who, str path, const struct upload *upload)
{
	struct arena *arena = &c->trial.arena;
	struct buf body = BUF_INIT(arena), head = BUF_INIT(arena);

	buf_printf(
	    &body, "--XyZ\r\nContent-Disposition: form-data; name=\"s\"\r\n\r\n%.*s\r\n", STR_ARG(who->form_token));
	for (size_t i = 0; upload->fields[i]; i += 2)
		buf_printf(&body, "--XyZ\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n",
		    upload->fields[i], upload->fields[i + 1]);
	if (upload->file.p) {
		buf_printf(&body,
		    "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%.*s\"\r\n"
		    "Content-Type: image/svg+xml\r\n\r\n",
		    STR_ARG(upload->file_name));
		buf_add(&body, upload->file);
		buf_add(&body, S("\r\n"));
	}
	buf_add(&body, S("--XyZ--\r\n"));
	buf_printf(&head,
	    "POST %.*s HTTP/1.1\r\nHost: here\r\nSec-Fetch-Site: same-origin\r\nCookie: salve=%.*s\r\n"
	    "Content-Type: multipart/form-data; boundary=XyZ\r\nContent-Length: %zu\r\n\r\n",
	    STR_ARG(path), STR_ARG(who->cookie), body.n);
	buf_add(&head, buf_str(&body));
	return client_ask(&c->trial, buf_str(&head));
}
