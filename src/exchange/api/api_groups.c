/* SPDX-License-Identifier: Apache-2.0 */
/* Teams as their office runs them: made, changed, filled, closed. */
#include "exchange/api/api_office.h"

fallible
put_group(struct cx *cx, struct api_answer *a, const struct team *team)
{
	struct db_rows rows;
	const struct team_member *member;
	const int64_t *topic;
	str full_name;

	TRY(team_full_name(cx, team, &full_name));
	TRY(team_topics(cx, team->id, &rows));
	topic = rows.items;
	json_write_object(&a->w);
	put_team_members(a, team);
	json_put_text(&a->w, "fullName", full_name);
	json_put_bool(&a->w, "active", team->active);
	put_id(a, "lead", team->lead.v);
	json_put_array(&a->w, "topics");
	for (size_t i = 0; i < rows.count; i++)
		json_write_text(&a->w, str_from_z(message_category_code(topic[i])));
	json_write_end(&a->w);
	TRY(team_members(cx, team->id, &rows));
	member = rows.items;
	json_put_array(&a->w, "members");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a->w);
		put_id(a, "id", member[i].account.v);
		json_put_text(&a->w, "name", member[i].name);
		json_put_text(&a->w, "title", member[i].title);
		json_put_text(&a->w, "role", str_from_z(staff_role_code((enum staff_role)member[i].role)));
		json_write_end(&a->w);
	}
	json_write_end(&a->w);
	json_write_end(&a->w);
	return NULL;
}

fallible
api_get_groups(struct cx *cx, struct request *rq)
{
	struct db_rows rows;
	const struct team *team;
	struct api_answer a;

	TRY(team_list(cx, cx->who.facility, &rows));
	team = rows.items;
	api_begin(cx, &a);
	json_put_array(&a.w, "teams");
	for (size_t i = 0; i < rows.count; i++)
		TRY(put_group(cx, &a, &team[i]));
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

static fallible
answer_group(struct cx *cx, struct request *rq, int status, team_id id)
{
	struct api_answer a;
	struct team team;
	int64_t panel, unfinished;

	db_refresh(cx);
	TRY(group_find(cx, id, &team));
	TRY(team_panel_count(cx, id, &panel));
	TRY(messaging_unfinished(cx, id, &unfinished));
	api_begin(cx, &a);
	json_write_name(&a.w, S("team"));
	TRY(put_group(cx, &a, &team));
	json_put_int64(&a.w, "patients", panel);
	json_put_int64(&a.w, "unfinished", unfinished);
	return api_end(rq, status, &a);
}

fallible
api_get_group(struct cx *cx, struct request *rq)
{
	team_id id;

	TRY(api_address_id(rq, "team", &id.v));
	return answer_group(cx, rq, 200, id);
}

/* ---- making and changing ---- */

/* {"days": ["mon"], "from": "8:00", "until": "16:30"}; without days the team says no hours. */
static fallible
read_hours(struct cx *cx, const struct json_value *hours, struct team *out)
{
	int day;

	out->open_days = 0;
	json_each_item (json_get(hours, "days"), item) {
		if (!json_text(item).n)
			return ERR(ERR_INVALID, "\"days\" must be a list of words.", "a day that is no word");
		TRY(api_word(cx, json_text(item), "days", api_weekdays, &day));
		out->open_days |= 1 << day;
	}
	if (out->open_days && (!clock_parse(json_text(json_get(hours, "from")), &out->open_from) ||
				  !clock_parse(json_text(json_get(hours, "until")), &out->open_until)))
		return ERR(ERR_INVALID, "\"from\" and \"until\" must be times such as 8:30.", "no such time");
	return NULL;
}

static fallible
read_topics(const struct json_value *topics, struct group_change *out)
{
	enum message_category category;

	out->topic_count = 0;
	if (json_kind(topics) != JSON_ARRAY || json_count(topics) > GROUP_TOPICS_MAX)
		return ERR(ERR_INVALID, "\"topics\" must be a list of categories.", "topics are no list");
	json_each_item (topics, item) {
		if (!message_category_parse(json_text(item), &category))
			return ERR(ERR_INVALID, "There is no such category.", "an unknown category");
		out->topics[out->topic_count++] = category;
	}
	return NULL;
}

/* What the body says; what it leaves out stays as it is in `out`. */
static fallible
read_group(struct cx *cx, const struct json_value *body, struct group_change *out)
{
	TRY(api_text(cx, body, "name", &out->team.name));
	TRY(api_text(cx, body, "care", &out->team.care));
	TRY(api_text(cx, body, "place", &out->team.place));
	if (json_kind(json_get(body, "lead")) != JSON_ABSENT)
		TRY(api_maybe_id(cx, body, "lead", &out->team.lead.v));
	TRY(api_flag(cx, body, "takesMessages", &out->team.takes_messages));
	TRY(api_flag(cx, body, "needsSignature", &out->team.needs_signature));
	if (json_kind(json_get(body, "hours")) != JSON_ABSENT)
		TRY(read_hours(cx, json_get(body, "hours"), &out->team));
	return json_kind(json_get(body, "topics")) == JSON_ABSENT ? NULL : read_topics(json_get(body, "topics"), out);
}

fallible
api_post_group(struct cx *cx, struct request *rq)
{
	struct group_change in = {.team.takes_messages = true};
	const struct json_value *body;
	team_id id;

	TRY(api_body(cx, rq, &body));
	TRY(read_group(cx, body, &in));
	TRY(group_make(cx, &in, &id));
	return answer_group(cx, rq, 201, id);
}

fallible
api_put_group(struct cx *cx, struct request *rq)
{
	struct group_change in = {0};
	const struct json_value *body;
	struct db_rows topics;
	team_id id;

	TRY(api_address_id(rq, "team", &id.v));
	TRY(api_body(cx, rq, &body));
	TRY(group_find(cx, id, &in.team));
	TRY(team_topics(cx, id, &topics));
	for (; in.topic_count < topics.count && in.topic_count < GROUP_TOPICS_MAX; in.topic_count++)
		in.topics[in.topic_count] = ((const int64_t *)topics.items)[in.topic_count];
	TRY(read_group(cx, body, &in));
	TRY(group_save(cx, &in));
	return answer_group(cx, rq, 200, id);
}

/* {"successor"}: who goes on with what is unfinished and with the panel; left out only where nothing is unfinished. */
fallible
api_close_group(struct cx *cx, struct request *rq)
{
	const struct json_value *body;
	team_id id, successor;

	TRY(api_address_id(rq, "team", &id.v));
	TRY(api_body(cx, rq, &body));
	TRY(api_maybe_id(cx, body, "successor", &successor.v));
	TRY(group_close(cx, id, successor));
	return answer_group(cx, rq, 200, id);
}

/* ---- who works in it, whom it cares for ---- */

fallible
api_put_member(struct cx *cx, struct request *rq)
{
	account_id account;
	team_id id;

	TRY(api_address_id(rq, "team", &id.v));
	TRY(api_address_id(rq, "account", &account.v));
	TRY(group_add_member(cx, id, account));
	return answer_group(cx, rq, 200, id);
}

fallible
api_delete_member(struct cx *cx, struct request *rq)
{
	account_id account;
	team_id id;

	TRY(api_address_id(rq, "team", &id.v));
	TRY(api_address_id(rq, "account", &account.v));
	TRY(group_remove_member(cx, id, account));
	return answer_group(cx, rq, 200, id);
}

const char *const api_relations[] = {"panel", "clinic", "list", "hand", NULL};

/* {"patients": [], "relation", "reason", "until": "2026-12-24"}: all of them or none. */
fallible
api_post_panel(struct cx *cx, struct request *rq)
{
	static const enum care_relation relations[] = {
	    RELATION_PANEL, RELATION_CLINIC, RELATION_TEAM_LIST, RELATION_BY_HAND};
	struct association like = {0};
	const struct json_value *body;
	struct uuid *ids;
	patient_id *patients;
	size_t count;
	int relation;

	TRY(api_address_id(rq, "team", &like.team.v));
	TRY(api_body(cx, rq, &body));
	TRY(api_ids(cx, body, "patients", PANEL_ADD_MAX, &ids, &count));
	if (!json_text(json_get(body, "relation")).n)
		return ERR(ERR_INVALID, "\"relation\" is missing: panel, clinic, list or hand.", "no relation");
	TRY(api_word(cx, json_text(json_get(body, "relation")), "relation", api_relations, &relation));
	like.relation = relations[relation];
	TRY(api_text(cx, body, "reason", &like.reason));
	TRY(office_end_of_day(cx, json_text(json_get(body, "until")), &like.until));
	patients = ARENA_ARRAY(cx->arena, patient_id, count + 1);
	for (size_t i = 0; i < count; i++)
		patients[i].v = ids[i];
	TRY(panel_add(cx, &like, patients, count));
	return api_done(rq);
}
