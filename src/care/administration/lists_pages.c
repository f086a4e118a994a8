/* SPDX-License-Identifier: Apache-2.0 */
/* The page of distribution groups: each list with its people, and a form that makes or changes one. */
#include "care/administration/administration_internal.h"

static fallible
fill_staff(struct cx *cx, struct lists_page *view, const struct db_rows *chosen)
{
	struct db_rows rows;
	const struct account *one;
	const account_id *in = chosen->items;

	TRY(account_list(cx, cx->who.facility, &rows));
	one = rows.items;
	view->staff = ARENA_ARRAY(cx->arena, struct tick, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		struct tick *tick = &view->staff[view->staff_count];

		if (!one[i].active)
			continue;
		view->staff_count++;
		*tick =
		    (struct tick){.name = arena_printf(cx->arena, "a_%.*s", STR_ARG(uuid_text(cx->arena, one[i].id.v))),
			.label = arena_printf(
			    cx->arena, "%.*s, %s", STR_ARG(one[i].name), staff_role_words(one[i].role, cx->lang))};
		for (size_t n = 0; n < chosen->count; n++)
			tick->on = tick->on || uuid_equal(in[n].v, one[i].id.v);
	}
	return NULL;
}

static fallible
fill_lists(struct cx *cx, struct lists_page *view)
{
	struct db_rows groups, members;
	const struct distribution_group *group;
	const account_id *member;
	struct account account;

	TRY(distribution_groups(cx, &groups));
	group = groups.items;
	view->lists = ARENA_ARRAY(cx->arena, struct list_row, groups.count);
	for (view->count = 0; view->count < groups.count; view->count++) {
		struct buf names = BUF_INIT(cx->arena);
		str id = uuid_text(cx->arena, group[view->count].id);

		TRY(distribution_group_members(cx, group[view->count].id, &members));
		member = members.items;
		for (size_t i = 0; i < members.count; i++) {
			TRY(account_get(cx, member[i], &account));
			buf_printf(&names, "%s%.*s", i ? ", " : "", STR_ARG(account.name));
		}
		view->lists[view->count] = (struct list_row){group[view->count].name, buf_str(&names),
		    arena_printf(cx->arena, "/admin/lists?edit=%.*s", STR_ARG(id)),
		    arena_printf(cx->arena, "/admin/lists/%.*s/delete", STR_ARG(id))};
	}
	return NULL;
}

static fallible
show(struct cx *cx, struct request *rq, int status, struct lists_page *view, const struct db_rows *typed)
{
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);
	struct db_rows chosen = *typed, groups;
	struct uuid id;
	const struct distribution_group *group;

	db_refresh(cx);
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Lists of staff")), "/admin/people", px));
	if (!view->errors.count && uuid_parse(request_query(rq, "edit"), &id)) {
		TRY(distribution_group_members(cx, id, &chosen));
		TRY(distribution_groups(cx, &groups));
		group = groups.items;
		view->id = uuid_text(cx->arena, id);
		for (size_t i = 0; i < groups.count; i++)
			if (uuid_equal(group[i].id, id))
				view->name = group[i].name;
	}
	TRY(fill_staff(cx, view, &chosen));
	TRY(fill_lists(cx, view));
	page_lists(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_lists(struct cx *cx, struct request *rq)
{
	struct lists_page view = {0};
	struct db_rows none = {0};

	return show(cx, rq, 200, &view, &none);
}

fallible
post_list(struct cx *cx, struct request *rq)
{
	struct lists_page view = {.id = request_form(rq, "id"), .name = request_form(rq, "name")};
	struct distribution_group in = {.name = view.name};
	struct http_pairs fields = request_form_all(rq);
	account_id *members = ARENA_ARRAY(cx->arena, account_id, fields.count + 1);
	size_t count = 0;
	const struct err *error;

	uuid_parse(view.id, &in.id);
	for (size_t i = 0; i < fields.count; i++)
		if (str_starts(fields.items[i].name, S("a_")) &&
		    uuid_parse(str_drop(fields.items[i].name, 2), &members[count].v))
			count++;
	error = distribution_group_save(cx, &in, members, count);
	if (!error)
		return respond_see_other(rq, S("/admin/lists"));
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors, S("name"), tr(cx->lang, error->say));
	return show(cx, rq, 400, &view, &(struct db_rows){members, count});
}

fallible
post_list_delete(struct cx *cx, struct request *rq)
{
	struct uuid id;

	if (!request_param_uuid(rq, "list", &id))
		return ERR(ERR_GONE,
		    TR("We could not find that. It may have been removed, or it is not shared with you."), "no uuid");
	TRY(distribution_group_delete(cx, id));
	return respond_see_other(rq, S("/admin/lists"));
}
