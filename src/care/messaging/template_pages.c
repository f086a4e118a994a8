/* SPDX-License-Identifier: Apache-2.0 */
/* The page of templates: one's own, those of one's teams, those of the facility. */
#include "care/messaging/messaging_pages.h"

static str
scope_words(struct cx *cx, const struct page_cx *px, const struct message_template *t)
{
	struct team team;

	if (!uuid_is_none(t->account.v))
		return T("yours alone");
	if (uuid_is_none(t->team.v) || team_get(cx, t->team, &team))
		return T("the whole facility");
	return team.name;
}

static fallible
fill_scopes(struct cx *cx, const struct page_cx *px, struct templates_page *view)
{
	struct db_rows rows;
	const struct team *team;
	bool is_office = (cx->who.is & (WHO_COORDINATOR | WHO_ADMINISTRATOR)) != 0;

	TRY(is_office ? team_list(cx, cx->who.facility, &rows) : teams_of_account(cx, cx->who.account, &rows));
	team = rows.items;
	view->scopes = ARENA_ARRAY(cx->arena, struct option, rows.count + 2);
	view->scopes[view->scope_count++] = (struct option){S("mine"), T("me alone"), STR_NONE};
	for (size_t i = 0; i < rows.count; i++)
		if (team[i].active)
			view->scopes[view->scope_count++] =
			    (struct option){uuid_text(cx->arena, team[i].id.v), team[i].name, STR_NONE};
	if (is_office)
		view->scopes[view->scope_count++] = (struct option){S("facility"), T("the whole facility"), STR_NONE};
	return NULL;
}

static fallible
show(struct cx *cx, struct request *rq, int status, struct templates_page *view)
{
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);
	struct db_rows rows;
	const struct message_template *t;

	db_refresh(cx);
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Templates")), NULL, px));
	TRY(templates_of_caller(cx, &rows));
	t = rows.items;
	view->rows = ARENA_ARRAY(cx->arena, struct template_row, rows.count);
	for (view->count = 0; view->count < rows.count; view->count++) {
		struct template_row *row = &view->rows[view->count];
		str id = uuid_text(cx->arena, t[view->count].id);

		*row = (struct template_row){
		    t[view->count].name, t[view->count].body, scope_words(cx, px, &t[view->count]), STR_NONE, STR_NONE};
		if (t[view->count].may_change) {
			row->path = arena_printf(cx->arena, "/templates/%.*s/delete", STR_ARG(id));
			row->edit = arena_printf(cx->arena, "/templates?edit=%.*s", STR_ARG(id));
		}
		if (!view->errors.count && str_equal(request_query(rq, "edit"), id) && row->path.n) {
			view->id = id;
			view->name = row->name;
			view->body = row->body;
		}
	}
	TRY(fill_scopes(cx, px, view));
	px->flash = str_equal(request_query(rq, "done"), S("saved")) ? T("The template is kept.") : STR_NONE;
	px->flash_kind = NOTICE_GOOD;
	page_templates(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_templates(struct cx *cx, struct request *rq)
{
	struct templates_page view = {.scope = S("mine")};

	return show(cx, rq, 200, &view);
}

fallible
post_template(struct cx *cx, struct request *rq)
{
	struct templates_page view = {.id = request_form(rq, "id"),
	    .name = request_form(rq, "name"),
	    .body = request_form(rq, "body"),
	    .scope = request_form(rq, "scope")};
	struct message_template in = {.name = view.name, .body = view.body};
	const struct err *error = NULL;

	uuid_parse(view.id, &in.id);
	if (str_equal(view.scope, S("mine")))
		in.account = cx->who.account;
	else if (!str_equal(view.scope, S("facility")) && !uuid_parse(view.scope, &in.team.v) && !view.id.n)
		error = ERR(ERR_INVALID, TR("Say who may use it."), "no scope");
	if (!error)
		error = template_save(cx, &in);
	if (!error)
		return respond_see_other(rq, S("/templates?done=saved"));
	if (!form_note_error(cx, &view.errors, "name", error))
		return error;
	return show(cx, rq, 400, &view);
}

fallible
post_template_delete(struct cx *cx, struct request *rq)
{
	struct uuid id;

	if (!request_param_uuid(rq, "template", &id))
		return NOT_FOUND;
	TRY(template_delete(cx, id));
	return respond_see_other(rq, S("/templates"));
}
