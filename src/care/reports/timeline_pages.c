/* SPDX-License-Identifier: Apache-2.0 */
#include "care/reports/timeline.h"

#include "trust/portal/portal.h"

/* ---- rows ---- */

static fallible
fill_row(struct cx *cx, const struct timeline_entry *entry, bool caring, struct timeline_row *row)
{
	struct team team;
	struct thread thread;
	bool may;

	*row = (struct timeline_row){
	    .at = entry->at, .what = entry->what, .hint = entry->hint, .kind = timeline_kind_label(entry->kind)};
	if (!uuid_is_none(entry->team.v)) {
		TRY(team_get(cx, entry->team, &team));
		row->team = team.name;
	}
	TRY(timeline_conversation(cx, entry, caring, &thread, &may));
	if (!may)
		return NULL;
	row->subject = thread.subject;
	row->path = arena_printf(cx->arena, "/inbox/%.*s", STR_ARG(uuid_text(cx->arena, thread.id.v)));
	return NULL;
}

static fallible
fill_rows(struct cx *cx, const struct timeline *all, struct timeline_page *view)
{
	size_t first = (size_t)(view->page - 1) * TIMELINE_PAGE;

	view->rows = ARENA_ARRAY(cx->arena, struct timeline_row, TIMELINE_PAGE);
	for (size_t i = first; i < all->count && view->count < TIMELINE_PAGE; i++)
		TRY(fill_row(cx, &all->items[i], view->caring, &view->rows[view->count++]));
	return NULL;
}

static void
fill_pages(struct cx *cx, struct request *rq, const struct timeline *all, struct timeline_page *view)
{
	view->total = (int64_t)all->count;
	view->cut = all->cut;
	view->pages = (view->total + TIMELINE_PAGE - 1) / TIMELINE_PAGE;
	if (!str_to_int64(request_query(rq, "page"), &view->page) || view->page < 1)
		view->page = 1;
	if (view->page > view->pages)
		view->page = view->pages ? view->pages : 1;
	view->pages_path = arena_printf(cx->arena, "%.*s?kind=%.*s&from=%.*s&to=%.*s", STR_ARG(view->path),
	    STR_ARG(view->kind), STR_ARG(view->from), STR_ARG(view->to));
}

/* ---- the page ---- */

static fallible
show(struct cx *cx, struct request *rq, struct page_cx *px, struct timeline_wish *wish, struct timeline_page *view)
{
	struct timeline all = {0};
	struct buf html = BUF_INIT(cx->arena);
	const struct err *error = timeline_days(px->zone, cx->now, view->from, view->to, wish);

	if (error) {
		form_error_add(cx->arena, &view->errors, S("from"), tr(cx->lang, error->say));
		view->from = view->to = S("");
	} else {
		TRY(timeline_make(cx, px, wish, &all));
	}
	fill_pages(cx, rq, &all, view);
	TRY(fill_rows(cx, &all, view));
	page_timeline(&html, px, view);
	return respond_page(rq, error ? 400 : 200, buf_str(&html));
}

fallible
get_timeline(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct timeline_wish wish = {0};
	struct timeline_page view = {.from = request_query(rq, "from"), .to = request_query(rq, "to")};
	struct patient patient;
	bool office = (cx->who.is & (WHO_COORDINATOR | WHO_ADMINISTRATOR)) != 0;

	if (!request_param_uuid(rq, "patient", &wish.patient.v))
		return ERR(ERR_GONE,
		    TR("We could not find that. It may have been removed, or it is not shared with you."), "no uuid");
	timeline_kind_parse(request_query(rq, "kind"), &wish.kind); /* anything else: everything */
	TRY(timeline_enter(cx, wish.patient, &patient, &view.caring));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Messages to and fro")), office ? "/admin/people" : "/patients", px));
	px->title = arena_printf(cx->arena, "%.*s: %.*s", STR_ARG(px->title), STR_ARG(patient.name));
	view.name = patient.name;
	view.kind = str_from_z(timeline_kind_word(wish.kind));
	view.born = instant_is_none(patient.born)
	                ? STR_NONE
	                : px_date_only(px, civil_date_from_days((int32_t)(patient.born.ms / DAY_MS)));
	view.path = request_path(rq);
	return show(cx, rq, px, &wish, &view);
}
