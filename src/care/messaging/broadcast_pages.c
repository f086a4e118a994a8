/* SPDX-License-Identifier: Apache-2.0 */
/* Writing to many: choose the team, write, look at it and at how many it reaches, send, see how far it is. */
#include "care/messaging/messaging_pages.h"

static bool
is_chosen(const struct http_pairs *pairs, str id)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (str_equal(pairs->items[i].name, S("to")) && str_equal(pairs->items[i].value, id))
			return true;
	return false;
}

/* `pairs`: the form that names who was chosen; NULL: everybody is. */
static fallible
fill_patients(struct cx *cx, team_id team, const struct http_pairs *pairs, struct broadcast_page *view)
{
	struct db_rows rows;
	const struct broadcast_candidate *one;

	TRY(broadcast_candidates(cx, team, &rows));
	one = rows.items;
	view->patients = ARENA_ARRAY(cx->arena, struct broadcast_row, rows.count);
	view->unreachable = ARENA_ARRAY(cx->arena, str, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		str id = uuid_text(cx->arena, one[i].patient.v);
		bool chosen = !pairs || is_chosen(pairs, id);

		if (!one[i].reachable) {
			view->unreachable[view->unreachable_count++] = one[i].name;
			continue;
		}
		view->patients[view->patient_count++] = (struct broadcast_row){id, one[i].name, chosen};
		view->chosen_count += chosen;
	}
	return NULL;
}

static fallible
fill_teams(struct cx *cx, struct broadcast_page *view)
{
	struct db_rows rows;
	const struct team *team;

	TRY(teams_of_account(cx, cx->who.account, &rows));
	team = rows.items;
	view->teams = ARENA_ARRAY(cx->arena, struct option, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		str id = uuid_text(cx->arena, team[i].id.v);

		if (!team[i].takes_messages)
			continue;
		view->teams[view->team_count++] = (struct option){id, team[i].name, team[i].care};
		if (str_equal(view->team, id))
			view->team_name = team[i].name;
	}
	if (!view->team.n && view->team_count == 1) {
		view->team = view->teams[0].value;
		view->team_name = view->teams[0].label;
	}
	return NULL;
}

static fallible
show(struct cx *cx, struct request *rq, int status, const struct http_pairs *pairs, struct broadcast_page *view)
{
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);
	team_id team;

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Write to many patients")), "/inbox", px));
	TRY(fill_teams(cx, view));
	if (view->team.n) {
		if (!uuid_parse(view->team, &team.v))
			return NOT_FOUND;
		TRY(fill_patients(cx, team, pairs, view));
	}
	view->categories = category_options(px);
	if (!view->category.n)
		view->category = str_from_z(message_category_code(CATEGORY_GENERAL));
	if (!view->key.p)
		view->key = uuid_text(cx->arena, uuid_new(cx->now));
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	page_broadcast(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_broadcast(struct cx *cx, struct request *rq)
{
	return show(cx, rq, 200, NULL, &(struct broadcast_page){.team = request_query(rq, "team")});
}

/* The texts are looked at before the preview shows them, so that nothing is wrong with them when they are sent. */
static void
check_texts(struct cx *cx, const struct broadcast_new *in, size_t chosen, struct form_errors *errors)
{
	const struct err *subject = message_check_subject(cx, str_trim(in->subject));
	const struct err *body = message_check_body(cx, in->body);

	if (subject)
		form_error_add(cx->arena, errors, S("subject"), tr(cx->lang, subject->say));
	if (body)
		form_error_add(cx->arena, errors, S("body"), tr(cx->lang, body->say));
	if (!chosen)
		form_error_add(cx->arena, errors, S("to"), tr(cx->lang, TR("Choose at least one patient.")));
}

static size_t
read_chosen(const struct http_pairs *pairs, patient_id *out)
{
	size_t count = 0;

	for (size_t i = 0; i < pairs->count; i++)
		if (str_equal(pairs->items[i].name, S("to")) && uuid_parse(pairs->items[i].value, &out[count].v))
			count++;
	return count;
}

fallible
post_broadcast(struct cx *cx, struct request *rq)
{
	struct http_pairs pairs = request_form_all(rq);
	patient_id *patients = ARENA_ARRAY(cx->arena, patient_id, pairs.count);
	struct broadcast_new in = {.key = request_key(cx, rq),
	    .subject = request_form(rq, "subject"),
	    .body = request_form(rq, "body"),
	    .patients = patients,
	    .count = read_chosen(&pairs, patients)};
	struct broadcast_page view = {.key = uuid_text(cx->arena, in.key),
	    .team = request_form(rq, "team"),
	    .category = request_form(rq, "category"),
	    .subject = in.subject,
	    .body = in.body};
	str what = request_form(rq, "do");
	const struct err *error;
	broadcast_id id;

	if (!uuid_parse(view.team, &in.team.v))
		return NOT_FOUND;
	if (str_equal(what, S("change")))
		return show(cx, rq, 200, &pairs, &view);
	if (!message_category_parse(view.category, &in.category))
		form_error_add(cx->arena, &view.errors, S("category"), tr(cx->lang, TR("Choose what it is about.")));
	check_texts(cx, &in, in.count, &view.errors);
	if (view.errors.count)
		return show(cx, rq, 400, &pairs, &view);
	if (!str_equal(what, S("send"))) {
		view.preview = true;
		if (!str_trim(view.subject).n)
			view.subject = message_default_subject(cx, in.category);
		return show(cx, rq, 200, &pairs, &view);
	}
	error = broadcast_send(cx, &in, &id);
	if (!error)
		return respond_see_other(
		    rq, arena_printf(cx->arena, "/inbox/broadcast/%.*s", STR_ARG(uuid_text(cx->arena, id.v))));
	if (!form_note_error(cx, &view.errors, "to", error))
		return error;
	return show(cx, rq, form_status(error), &pairs, &view);
}

fallible
get_broadcast_state(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct broadcast_state_page view = {0};
	struct broadcast b;
	struct db_rows rows;
	const struct broadcast_candidate *one;
	struct buf html = BUF_INIT(cx->arena);
	broadcast_id id;

	if (!request_param_uuid(rq, "broadcast", &id.v))
		return NOT_FOUND;
	TRY(broadcast_get(cx, id, &b));
	TRY(broadcast_refused(cx, id, &rows));
	one = rows.items;
	view = (struct broadcast_state_page){
	    .path = arena_printf(cx->arena, "/inbox/broadcast/%.*s", STR_ARG(uuid_text(cx->arena, id.v))),
	    .body = b.body,
	    .waiting = b.waiting,
	    .sent = b.sent,
	    .refused = b.refused,
	    .names = ARENA_ARRAY(cx->arena, str, rows.count),
	    .name_count = rows.count};
	for (size_t i = 0; i < rows.count; i++)
		view.names[i] = one[i].name;
	TRY(page_cx_for(cx, rq, b.subject, "/inbox", px));
	page_broadcast_state(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}
