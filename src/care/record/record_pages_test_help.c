/* SPDX-License-Identifier: Apache-2.0 */
#include "care/record/record_pages_test_help.h"

#include "care/bluebutton/bluebutton.h"
#include "care/home/home.h"
#include "care/record/record_pages.h"
#include "trust/portal/portal.h"

str
cookie_for(struct world *world, account_id account)
{
	struct cx cx = people_as(world, account);
	str token;

	assert_ok(session_open(&cx, account, &token));
	db_release(&cx);
	return token;
}

void
open_clinic(struct world *world, struct clinic *c)
{
	static const struct route *const tables[] = {
	    record_pages_routes, bluebutton_routes, home_routes, portal_routes, asset_routes, NULL};
	static const struct http_gate gate = {.identify = portal_identify,
	    .form_token_ok = portal_form_token_ok,
	    .show_error = portal_show_error,
	    .sign_in_path = "/sign-in"};
	struct http_options options = {.address = "127.0.0.1",
	    .listen_fd = -1,
	    .route_tables = tables,
	    .gate = &gate,
	    .db = world->db,
	    .vault = world->vault,
	    .workers = 4};

	*c = (struct clinic){.world = world};
	assert_ok(record_init(world->vault));
	people_setup(world, &c->people);
	c->maria = cookie_for(world, c->people.maria_account);
	c->bo = cookie_for(world, c->people.bo_account);
	c->ana = cookie_for(world, c->people.ana);
	c->ben = cookie_for(world, c->people.ben);
	c->root = cookie_for(world, c->people.root);
	assert_ok(http_start(&c->trial.arena, &options, &c->trial.server));
}

void
close_clinic(struct clinic *c)
{
	http_stop(c->trial.server, 1000);
	arena_release(&c->trial.arena);
}

struct reply
get(struct clinic *c, str cookie, str path)
{
	return client_get(&c->trial, arena_z(&c->trial.arena, path),
	    cookie.n ? arena_printf(&c->trial.arena, "Cookie: salve=%.*s\r\n", STR_ARG(cookie)).p : "");
}
