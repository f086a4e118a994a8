/* SPDX-License-Identifier: Apache-2.0 */
/* The staff of a facility: accounts, named lists of people, and who is away. */
#include "exchange/api/api_office.h"

/* ---- accounts ---- */

fallible
api_get_people(struct cx *cx, struct request *rq)
{
	struct db_rows rows;
	const struct account *account;
	struct api_answer a;

	TRY(account_list(cx, cx->who.facility, &rows));
	account = rows.items;
	api_begin(cx, &a);
	json_put_array(&a.w, "people");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a.w);
		put_id(&a, "id", account[i].id.v);
		json_put_text(&a.w, "name", account[i].name);
		json_put_text(&a.w, "title", account[i].title);
		json_put_text(&a.w, "role", str_from_z(staff_role_code(account[i].role)));
		json_put_bool(&a.w, "active", account[i].active);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

/* {"active"}: off ends every session at once, and lets go what the person had taken. */
fallible
api_put_person(struct cx *cx, struct request *rq)
{
	const struct json_value *body;
	account_id id;

	TRY(api_address_id(rq, "account", &id.v));
	TRY(api_body(cx, rq, &body));
	if (json_kind(json_get(body, "active")) != JSON_BOOL)
		return ERR(ERR_INVALID, "\"active\" must be true or false.", "neither on nor off");
	TRY(staff_switch(cx, id, json_bool(json_get(body, "active"))));
	return api_done(rq);
}

/* ---- lists of staff ---- */

fallible
api_get_staff_lists(struct cx *cx, struct request *rq)
{
	struct db_rows rows, members;
	const struct distribution_group *group;
	struct api_answer a;

	TRY(distribution_groups(cx, &rows));
	group = rows.items;
	api_begin(cx, &a);
	json_put_array(&a.w, "lists");
	for (size_t i = 0; i < rows.count; i++) {
		TRY(distribution_group_members(cx, group[i].id, &members));
		json_write_object(&a.w);
		put_id(&a, "id", group[i].id);
		json_put_text(&a.w, "name", group[i].name);
		json_put_array(&a.w, "people");
		for (size_t n = 0; n < members.count; n++)
			json_write_text(&a.w, uuid_text(cx->arena, ((const account_id *)members.items)[n].v));
		json_write_end(&a.w);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

/* {"name", "people": []}. */
static fallible
save_list(struct cx *cx, struct request *rq, struct uuid id)
{
	struct distribution_group in = {.id = id};
	const struct json_value *body;
	struct uuid *ids;
	account_id *members;
	size_t count;

	TRY(api_body(cx, rq, &body));
	TRY(api_text(cx, body, "name", &in.name));
	TRY(api_ids(cx, body, "people", DISTRIBUTION_MAX, &ids, &count));
	members = ARENA_ARRAY(cx->arena, account_id, count + 1);
	for (size_t i = 0; i < count; i++)
		members[i].v = ids[i];
	TRY(distribution_group_save(cx, &in, members, count));
	return api_done(rq);
}

fallible
api_post_staff_list(struct cx *cx, struct request *rq)
{
	return save_list(cx, rq, (struct uuid){{0}});
}

fallible
api_put_staff_list(struct cx *cx, struct request *rq)
{
	struct uuid id;

	TRY(api_address_id(rq, "list", &id));
	return save_list(cx, rq, id);
}

fallible
api_delete_staff_list(struct cx *cx, struct request *rq)
{
	struct uuid id;

	TRY(api_address_id(rq, "list", &id));
	TRY(distribution_group_delete(cx, id));
	return api_done(rq);
}

/* ---- who is away ---- */

fallible
api_get_covers(struct cx *cx, struct request *rq)
{
	struct db_rows rows;
	const struct surrogate *s;
	struct api_answer a;

	TRY(surrogate_list(cx, cx->who.facility, &rows));
	s = rows.items;
	api_begin(cx, &a);
	json_put_array(&a.w, "covers");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a.w);
		put_id(&a, "id", s[i].id);
		put_id(&a, "account", s[i].account.v);
		put_id(&a, "team", s[i].team.v);
		json_put_text(&a.w, "name", s[i].away_name);
		put_id(&a, "byAccount", s[i].by_account.v);
		put_id(&a, "byTeam", s[i].by_team.v);
		json_put_text(&a.w, "byName", s[i].by_name);
		put_instant(&a, "since", s[i].since);
		put_instant(&a, "until", s[i].until);
		json_put_bool(&a.w, "allDay", s[i].all_day);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

/* {"since", "until"}, times; or {"first", "last"}, whole days of the facility's zone. */
static fallible
read_time(struct cx *cx, const struct zone *zone, const struct json_value *time, struct surrogate *out)
{
	int32_t first, last;

	out->all_day = json_kind(json_get(time, "first")) != JSON_ABSENT;
	if (out->all_day) {
		if (!day_parse(json_text(json_get(time, "first")), &first) ||
		    !day_parse(json_text(json_get(time, "last")), &last))
			return ERR(
			    ERR_INVALID, "\"first\" and \"last\" must be days such as 2026-12-24.", "no such day");
		surrogate_days(zone, first, last, &out->since, &out->until);
		return NULL;
	}
	TRY(api_instant(cx, time, "since", &out->since));
	TRY(api_instant(cx, time, "until", &out->until));
	if (instant_is_none(out->since) || instant_is_none(out->until))
		return ERR(ERR_INVALID, "Give \"since\" and \"until\", or \"first\" and \"last\".", "no time");
	return NULL;
}

/* {"account" or "team", "byAccount" or "byTeam", "times": []}: all of the times or none. */
fallible
api_post_cover(struct cx *cx, struct request *rq)
{
	struct surrogate like = {0}, all[SURROGATE_WEEKS_MAX];
	const struct json_value *body, *times;
	struct facility facility;
	const struct zone *zone;
	size_t count = 0;

	TRY(api_body(cx, rq, &body));
	TRY(api_maybe_id(cx, body, "account", &like.account.v));
	TRY(api_maybe_id(cx, body, "team", &like.team.v));
	TRY(api_maybe_id(cx, body, "byAccount", &like.by_account.v));
	TRY(api_maybe_id(cx, body, "byTeam", &like.by_team.v));
	times = json_get(body, "times");
	if (json_count(times) < 1 || json_count(times) > SURROGATE_WEEKS_MAX)
		return ERR(ERR_INVALID, "\"times\" must be a list of 1 to 26 times.", "no or too many times");
	TRY(facility_get(cx, cx->who.facility, &facility));
	TRY(zone_find(facility.zone, &zone));
	json_each_item (times, time) {
		all[count] = like;
		TRY(read_time(cx, zone, time, &all[count++]));
	}
	TRY(surrogate_make_all(cx, all, count));
	return api_done(rq);
}

fallible
api_delete_cover(struct cx *cx, struct request *rq)
{
	struct uuid id;

	TRY(api_address_id(rq, "cover", &id));
	TRY(surrogate_end(cx, id));
	return api_done(rq);
}
