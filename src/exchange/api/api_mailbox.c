/* SPDX-License-Identifier: Apache-2.0 */
/* What people keep and choose for themselves: folders, search, terms, notices, templates, lists of the inbox. */
#include "care/messaging/broadcast.h"
#include "care/messaging/message_template.h"
#include "exchange/api/api_office.h"

/* ---- folders ---- */

fallible
api_get_folders(struct cx *cx, struct request *rq)
{
	struct db_rows rows;
	const struct folder *folder;
	struct api_answer a;

	TRY(folder_list(cx, &rows));
	folder = rows.items;
	api_begin(cx, &a);
	json_put_array(&a.w, "folders");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a.w);
		put_id(&a, "id", folder[i].id);
		json_put_text(&a.w, "name", folder[i].name);
		json_put_int64(&a.w, "conversations", folder[i].threads);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

fallible
api_post_folder(struct cx *cx, struct request *rq)
{
	const struct json_value *body;
	struct api_answer a;
	struct uuid id;

	TRY(api_body(cx, rq, &body));
	TRY(folder_add(cx, json_text(json_get(body, "name")), &id));
	api_begin(cx, &a);
	put_id(&a, "id", id);
	return api_end(rq, 201, &a);
}

fallible
api_put_folder(struct cx *cx, struct request *rq)
{
	const struct json_value *body;
	struct uuid id;

	TRY(api_address_id(rq, "folder", &id));
	TRY(api_body(cx, rq, &body));
	TRY(folder_rename(cx, id, json_text(json_get(body, "name"))));
	return api_done(rq);
}

fallible
api_delete_folder(struct cx *cx, struct request *rq)
{
	struct uuid id;

	TRY(api_address_id(rq, "folder", &id));
	TRY(folder_delete(cx, id));
	return api_done(rq);
}

/* ---- search ---- */

/* From the first moment of the day "from" to the last of "until", in the facility's zone. */
static fallible
read_days(struct cx *cx, struct request *rq, struct message_query *out)
{
	str from = request_query(rq, "from"), until = request_query(rq, "until");
	struct page_cx px;
	int32_t first, last;
	instant unused;

	if ((from.n && !day_parse(from, &first)) || (until.n && !day_parse(until, &last)))
		return ERR(ERR_INVALID, "\"from\" and \"until\" must be days such as 2026-03-05.", "no such day");
	TRY(api_words_for(cx, &px));
	if (from.n)
		surrogate_days(px.zone, first, first, &out->from, &unused);
	if (until.n)
		surrogate_days(px.zone, last, last, &unused, &out->until);
	return NULL;
}

/* ?words=, sender=, team=, category=, side=, from=, until=, files=yes. "older" of an answer goes back as ?older= to look further. */
static fallible
query_of(struct cx *cx, struct request *rq, struct message_query *out)
{
	str at, id = str_cut(request_query(rq, "older"), '.', &at);
	static const char *const sides[] = {"any", "me", "team", NULL};
	enum message_category category;
	int side;

	*out = (struct message_query){.words = request_query(rq, "words"),
	    .sender = request_query(rq, "sender"),
	    .category = -1,
	    .from = INSTANT_NONE,
	    .until = INSTANT_NONE,
	    .before = INSTANT_NONE,
	    .has_file = str_equal(request_query(rq, "files"), S("yes"))};
	if (request_query(rq, "team").n && !uuid_parse(request_query(rq, "team"), &out->team.v))
		return ERR(ERR_INVALID, "\"team\" must be an id.", "a team that is no id");
	if (request_query(rq, "category").n) {
		if (!message_category_parse(request_query(rq, "category"), &category))
			return ERR(ERR_INVALID, "There is no such category.", "an unknown category");
		out->category = category;
	}
	if (at.n && (!str_to_int64(at, &out->before.ms) || !uuid_parse(id, &out->before_id)))
		return ERR(ERR_INVALID, "\"older\" must be what an answer gave.", "a cursor that is none");
	TRY(api_word(cx, request_query(rq, "side"), "side", sides, &side));
	out->side = side == 0 ? 0 : side == 1 ? SIDE_PATIENT : SIDE_TEAM;
	return read_days(cx, rq, out);
}

fallible
api_search(struct cx *cx, struct request *rq)
{
	struct message_query query;
	struct search_result result = {0};
	struct api_answer a;

	TRY(query_of(cx, rq, &query));
	TRY(messages_search(cx, &query, &result));
	api_begin(cx, &a);
	json_put_array(&a.w, "found");
	for (size_t i = 0; i < result.count; i++) {
		const struct found *found = &result.items[i];

		json_write_object(&a.w);
		put_id(&a, "conversation", found->thread.v);
		json_put_int64(&a.w, "number", found->n);
		json_put_text(&a.w, "subject", found->subject);
		json_put_text(&a.w, "authorName", found->author_name);
		put_instant(&a, "sent", found->sent);
		json_put_text(&a.w, "extract", found->extract);
		json_put_int64(&a.w, "files", found->file_count);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	if (result.more)
		json_put_text(&a.w, "older",
		    arena_printf(cx->arena, "%lld.%.*s", (long long)result.last.ms,
			STR_ARG(uuid_text(cx->arena, result.last_id))));
	return api_end(rq, 200, &a);
}

/* ---- terms and notices ---- */

fallible
api_get_terms(struct cx *cx, struct request *rq)
{
	struct api_answer a;
	bool yes;

	TRY(messaging_terms_mine(cx, &yes));
	api_begin(cx, &a);
	json_put_int64(&a.w, "version", MESSAGING_TERMS_VERSION);
	json_put_bool(&a.w, "accepted", yes);
	return api_end(rq, 200, &a);
}

fallible
api_put_terms(struct cx *cx, struct request *rq)
{
	const struct json_value *body, *accepted;

	TRY(api_body(cx, rq, &body));
	accepted = json_get(body, "accepted");
	if (json_kind(accepted) != JSON_BOOL)
		return ERR(ERR_INVALID, "\"accepted\" must be true or false.", "no answer to the terms");
	TRY(messaging_terms_choose(cx, json_bool(accepted)));
	return api_done(rq);
}

static const char *const notice_words[] = {[NOTICES_NONE] = "none",
    [NOTICES_EACH] = "each",
    [NOTICES_ESCALATED] = "escalated",
    [NOTICES_DAILY] = "daily",
    NULL};

fallible
api_get_notices(struct cx *cx, struct request *rq)
{
	enum notice_choice choice;
	struct api_answer a;

	TRY(notice_choice_get(cx, cx->who.account, &choice));
	api_begin(cx, &a);
	json_put_text(&a.w, "notices", str_from_z(notice_words[choice]));
	return api_end(rq, 200, &a);
}

fallible
api_put_notices(struct cx *cx, struct request *rq)
{
	const struct json_value *body;
	int choice;

	TRY(api_body(cx, rq, &body));
	TRY(api_word(cx, json_text(json_get(body, "notices")), "notices", notice_words, &choice));
	TRY(notice_choice_set(cx, (enum notice_choice)choice));
	return api_done(rq);
}

/* ---- what stands under one's messages ---- */

fallible
api_get_signature(struct cx *cx, struct request *rq)
{
	struct signature signature;
	struct api_answer a;

	TRY(signature_get(cx, &signature));
	api_begin(cx, &a);
	json_put_text(&a.w, "name", signature.name);
	json_put_text(&a.w, "title", signature.title);
	json_put_bool(&a.w, "include", signature.include);
	return api_end(rq, 200, &a);
}

/* {"name", "title", "include"}: empty lines take it away. */
fallible
api_put_signature(struct cx *cx, struct request *rq)
{
	struct signature signature = {.include = true};
	const struct json_value *body;

	TRY(api_body(cx, rq, &body));
	TRY(api_text(cx, body, "name", &signature.name));
	TRY(api_text(cx, body, "title", &signature.title));
	TRY(api_flag(cx, body, "include", &signature.include));
	TRY(signature_set(cx, &signature));
	return api_done(rq);
}

/* ---- templates ---- */

fallible
api_get_templates(struct cx *cx, struct request *rq)
{
	struct db_rows rows;
	const struct message_template *one;
	struct api_answer a;

	TRY(templates_of_caller(cx, &rows));
	one = rows.items;
	api_begin(cx, &a);
	json_put_array(&a.w, "templates");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a.w);
		put_id(&a, "id", one[i].id);
		put_id(&a, "team", one[i].team.v);
		json_put_bool(&a.w, "own", !uuid_is_none(one[i].account.v));
		json_put_text(&a.w, "name", one[i].name);
		json_put_text(&a.w, "body", one[i].body);
		json_put_bool(&a.w, "mayChange", one[i].may_change);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

/* {"name", "body"}, and "team" or "facility": true; one's own otherwise. With an id in the address: that one. */
fallible
api_put_template(struct cx *cx, struct request *rq)
{
	struct message_template one = {.facility = cx->who.facility};
	const struct json_value *body;

	if (request_param(rq, "template").n)
		TRY(api_address_id(rq, "template", &one.id));
	TRY(api_body(cx, rq, &body));
	TRY(api_maybe_id(cx, body, "team", &one.team.v));
	if (uuid_is_none(one.team.v) && !json_bool(json_get(body, "facility")))
		one.account = cx->who.account;
	one.name = json_text(json_get(body, "name"));
	one.body = json_text(json_get(body, "body"));
	TRY(template_save(cx, &one));
	return api_done(rq);
}

fallible
api_delete_template(struct cx *cx, struct request *rq)
{
	struct uuid id;

	TRY(api_address_id(rq, "template", &id));
	TRY(template_delete(cx, id));
	return api_done(rq);
}

/* ---- lists of the inbox ---- */

fallible
api_get_views(struct cx *cx, struct request *rq)
{
	struct db_rows rows;
	const struct inbox_view *view;
	struct api_answer a;

	TRY(inbox_view_list(cx, &rows));
	view = rows.items;
	api_begin(cx, &a);
	json_put_array(&a.w, "lists");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a.w);
		put_id(&a, "id", view[i].id);
		json_put_text(&a.w, "name", view[i].name);
		json_put_text(&a.w, "query", view[i].query);
		json_put_bool(&a.w, "first", view[i].first);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

fallible
api_put_view(struct cx *cx, struct request *rq)
{
	const struct json_value *body;

	TRY(api_body(cx, rq, &body));
	TRY(inbox_view_keep(cx, json_text(json_get(body, "name")), json_text(json_get(body, "query")),
	    json_bool(json_get(body, "first"))));
	return api_done(rq);
}

fallible
api_delete_view(struct cx *cx, struct request *rq)
{
	struct uuid id;

	TRY(api_address_id(rq, "view", &id));
	TRY(inbox_view_drop(cx, id));
	return api_done(rq);
}

/* ---- to many ---- */

static void
put_candidates(struct api_answer *a, const char *name, const struct db_rows *rows)
{
	const struct broadcast_candidate *one = rows->items;

	json_put_array(&a->w, name);
	for (size_t i = 0; i < rows->count; i++) {
		json_write_object(&a->w);
		put_id(a, "patient", one[i].patient.v);
		json_put_text(&a->w, "name", one[i].name);
		json_put_bool(&a->w, "reachable", one[i].reachable);
		json_write_end(&a->w);
	}
	json_write_end(&a->w);
}

fallible
api_get_candidates(struct cx *cx, struct request *rq)
{
	struct db_rows rows;
	struct api_answer a;
	team_id team;

	TRY(api_address_id(rq, "team", &team.v));
	TRY(broadcast_candidates(cx, team, &rows));
	api_begin(cx, &a);
	put_candidates(&a, "patients", &rows);
	return api_end(rq, 200, &a);
}

static fallible
answer_broadcast(struct cx *cx, struct request *rq, int status, broadcast_id id)
{
	struct broadcast b;
	struct db_rows refused;
	struct api_answer a;

	db_refresh(cx);
	TRY(broadcast_get(cx, id, &b));
	TRY(broadcast_refused(cx, id, &refused));
	api_begin(cx, &a);
	put_id(&a, "id", b.id.v);
	json_put_int64(&a.w, "waiting", b.waiting);
	json_put_int64(&a.w, "sent", b.sent);
	put_candidates(&a, "refused", &refused);
	return api_end(rq, status, &a);
}

/* {"key", "team", "category", "subject", "body", "patients": [...]}. */
fallible
api_post_broadcast(struct cx *cx, struct request *rq)
{
	struct broadcast_new new = {0};
	const struct json_value *body;
	struct uuid *ids;
	patient_id *patients;
	broadcast_id id;

	TRY(api_body(cx, rq, &body));
	TRY(api_id(cx, body, "key", &new.key));
	TRY(api_id(cx, body, "team", &new.team.v));
	TRY(api_category(cx, body, &new.category));
	TRY(api_ids(cx, body, "patients", BROADCAST_MAX, &ids, &new.count));
	patients = ARENA_ARRAY(cx->arena, patient_id, new.count + 1);
	for (size_t i = 0; i < new.count; i++)
		patients[i].v = ids[i];
	new.patients = patients;
	new.subject = json_text(json_get(body, "subject"));
	new.body = json_text(json_get(body, "body"));
	TRY(broadcast_send(cx, &new, &id));
	return answer_broadcast(cx, rq, 202, id);
}

fallible
api_get_broadcast(struct cx *cx, struct request *rq)
{
	broadcast_id id;

	TRY(api_address_id(rq, "broadcast", &id.v));
	return answer_broadcast(cx, rq, 200, id);
}
