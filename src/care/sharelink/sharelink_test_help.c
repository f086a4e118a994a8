/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "care/record/record_test_help.h"
#include "care/sharelink/sharelink_test_help.h"
#include "platform/format/base64.h"

void
open_scene(struct scene *s, struct world *world)
{
	*s = (struct scene){.world = world, .px = {.arena = &world->arena}};
	setup(world, &s->people);
	put_text(world, s->people.bo,
	    S("{\"resourceType\":\"AllergyIntolerance\",\"id\":\"q\",\"code\":{\"text\":\"" WORDS "\"},\"patient\":"
	      "{\"reference\":\"Patient/bo\"}}"));
	db_release(&world->cx);
	s->px.now = world->cx.now;
}

struct cx
bo_at(struct scene *s, int64_t later_ms)
{
	return people_as_at(s->world, s->people.bo_account, instant_add_ms(s->world->cx.now, later_ms));
}

struct cx
anyone_at(struct scene *s, int64_t later_ms)
{
	struct cx cx = world_cx(s->world);

	cx.who = (struct who){.is = WHO_ANYONE};
	cx.now = instant_add_ms(s->world->cx.now, later_ms);
	return cx;
}

void
read_link(struct scene *s, str link, struct made *out)
{
	struct arena *arena = &s->world->arena;
	size_t at;
	str json, key, url;

	assert_true(str_starts(link, S(ORIGIN "/shl#shlink:/")));
	assert_true(str_find(link, S("shlink:/"), &at));
	assert_true(base64url_decode(arena, str_drop(link, at + 8), &json));
	assert_ok(json_parse(arena, json, &out->payload, NULL));
	url = json_text_at(out->payload, "url");
	assert_true(str_starts(url, S(ORIGIN "/shl/")) && url.n <= 128); /* the length that the standard allows */
	out->secret = str_drop(url, sizeof(ORIGIN "/shl/") - 1);
	assert_true(base64url_decode(arena, json_text_at(out->payload, "key"), &key));
	assert_int_equal(key.n, JWE_KEY_BYTES);
	memcpy(out->key, key.p, JWE_KEY_BYTES);
	out->link = link;
}

struct share_link_new
wish(str passcode)
{
	return (struct share_link_new){.key = uuid_new(instant_read_clock()),
	    .choice = {.since = INSTANT_NONE, .until = INSTANT_NONE},
	    .lasts_ms = DAY_MS,
	    .label = S("for Dr. Lee"),
	    .passcode = passcode,
	    .origin = S(ORIGIN)};
}

void
make(struct scene *s, str passcode, struct made *out)
{
	struct share_link_new in = wish(passcode);
	struct cx cx = bo_at(s, 0);
	str link;

	assert_ok(share_link_make(&cx, &s->px, &in, &link));
	db_release(&cx);
	*out = (struct made){.id = {in.key}};
	read_link(s, link, out);
}

const struct err *
knock(struct scene *s, const struct made *made, str passcode, int64_t later_ms, struct share_answer *out)
{
	struct cx cx = anyone_at(s, later_ms);
	const struct err *error =
	    share_link_open(&cx, &(struct share_knock){made->secret, S("Dr. Lee"), passcode}, out);

	db_release(&cx);
	return error;
}

struct share_link
the_link(struct scene *s, int64_t later_ms)
{
	struct cx cx = bo_at(s, later_ms);
	struct db_rows rows;
	struct share_link link;

	assert_ok(share_links(&cx, &rows));
	assert_int_equal(rows.count, 1);
	link = *(const struct share_link *)rows.items;
	db_release(&cx);
	return link;
}
