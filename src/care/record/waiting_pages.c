/* SPDX-License-Identifier: Apache-2.0 */
/* What of the record the patient does not see yet, and why: for the patient, who can open what waits by their own choice, and
 * for the care team, which can end a hold.  Of an entry the patient is told nothing but its class and its day. */
#include "care/record/release_pages.h"

/* ---- why ---- */

/* "3 March 2026": for "on %1", where "today" does not fit. */
static str
on_day(const struct page_cx *px, instant at)
{
	return px_date_only(px, zone_civil(px->zone ? px->zone : zone_utc(), at).date);
}

static str
held_words(const struct page_cx *px, const struct release_waiting *waiting, bool own)
{
	str until = px_day(px, waiting->standing.until);

	return own ? TF1("Your clinic shows it from %1. Your care team can open it for you before.", until)
	           : TF1("The clinic shows it from %1.", until);
}

static str
why_words(const struct page_cx *px, const struct release_waiting *waiting, bool own)
{
	const struct release_standing *standing = &waiting->standing;

	if (standing->state == RELEASE_HELD)
		return held_words(px, waiting, own);
	if (!standing->own)
		return own ? T("It may be sensitive. Look when you are ready.")
		           : T("It may be sensitive: the patient chooses when to look.");
	switch (standing->mode) {
	case RELEASE_AFTER:
		return own ? TF1("You chose to wait some days. It shows by itself on %1.", on_day(px, standing->until))
		           : TF1("The patient chose to wait some days. It shows by itself on %1.",
				 on_day(px, standing->until));
	case RELEASE_DISCUSSED:
		return own ? T("You chose to talk with your care team first.")
		           : T("The patient chose to talk with the care team first.");
	case RELEASE_ASK:
	case RELEASE_AT_ONCE: break;
	}
	return own ? T("You chose to be asked each time.") : T("The patient chose to be asked each time.");
}

/* ---- the list ---- */

static fallible
path_of(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, resource_type type, str id,
    str *title, str *out)
{
	struct resource resource;
	const struct json_value *json;
	struct record_item item;

	TRY(resource_get(cx, type, id, &resource));
	TRY(json_parse(cx->arena, resource.body, &json, NULL));
	record_item_read(px, type, json, &item);
	*title = item.title;
	*out = record_item_path(cx->arena, scope->base, &item);
	return NULL;
}

static str
open_path(struct cx *cx, const struct record_scope *scope, const struct release_waiting *waiting)
{
	return arena_printf(cx->arena, "%.*s/waiting/%s/%.*s/open", STR_ARG(scope->base),
	    resource_type_name(waiting->type), STR_ARG(waiting->id));
}

static fallible
fill_card(struct cx *cx, const struct page_cx *px, const struct record_scope *scope,
    const struct release_waiting *waiting, struct waiting_card *out)
{
	str name;

	*out = (struct waiting_card){.title = tr(px->lang, release_class_words(waiting->class)),
	    .came = on_day(px, waiting->arrived),
	    .why = why_words(px, waiting, scope->own)};
	if (release_may_open(&waiting->standing, scope->why)) {
		out->open_path = open_path(cx, scope, waiting);
		out->open_label = scope->own ? T("Show it now") : T("Let the patient see it now");
	}
	if (scope->own)
		return NULL; /* what it is called would tell what it says */
	TRY(path_of(cx, px, scope, waiting->type, waiting->id, &name, &out->path));
	out->title = arena_printf(cx->arena, "%.*s: %.*s", STR_ARG(out->title), STR_ARG(name));
	return NULL;
}

fallible
get_waiting(struct cx *cx, struct request *rq)
{
	struct record_scope scope;
	struct waiting_page view = {.scope = &scope};
	struct waiting_card *cards;
	struct db_rows rows;
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);

	TRY(record_scope_open(cx, rq, tr(cx->lang, TR("What waits")), &scope, px));
	TRY(release_waiting(cx, scope.patient, &rows));
	view.count = rows.count > RECORD_PRINT_ROWS ? RECORD_PRINT_ROWS : rows.count;
	cards = ARENA_ARRAY(cx->arena, struct waiting_card, view.count + 1);
	for (size_t i = 0; i < view.count; i++)
		TRY(fill_card(cx, px, &scope, (const struct release_waiting *)rows.items + i, &cards[i]));
	view.cards = cards;
	view.pace = scope.why == ACCESS_SELF;
	if (str_equal(request_query(rq, "done"), S("opened")))
		px->flash = T("The patient sees it now.");
	px->flash_kind = NOTICE_GOOD;
	record_audit(cx, &scope, AUDIT_VIEW, AUDIT_RECORD, (struct uuid){{0}}, (int64_t)view.count);
	page_waiting(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

fallible
post_waiting_open(struct cx *cx, struct request *rq)
{
	resource_type type = resource_type_find(request_param(rq, "type"));
	str id = request_param(rq, "id"), title, path;
	struct record_scope scope;
	struct page_cx px;

	TRY(record_scope_open(cx, rq, S(""), &scope, &px));
	TRY(release_open(cx, scope.patient, type, id));
	if (!scope.own)
		return respond_see_other(rq, arena_printf(cx->arena, "%.*s/waiting?done=opened", STR_ARG(scope.base)));
	TRY(path_of(cx, &px, &scope, type, id, &title, &path));
	return respond_see_other(rq, path);
}

/* ---- for other pages ---- */

fallible
record_waiting_count(
    struct cx *cx, const struct record_scope *scope, enum record_class section, struct record_waiting_note *out)
{
	struct db_rows rows;
	const struct release_waiting *waiting;

	*out = (struct record_waiting_note){
	    .own = scope->own, .path = arena_printf(cx->arena, "%.*s/waiting", STR_ARG(scope->base))};
	TRY(release_waiting(cx, scope->patient, &rows));
	waiting = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		out->count += section == RECORD_CLASSES || waiting[i].section == section;
	return NULL;
}

fallible
record_hidden_words(struct cx *cx, const struct page_cx *px, const struct record_scope *scope,
    const struct resource *resource, str *why, str *path)
{
	struct db_rows rows;
	const struct release_waiting *waiting;

	if (scope->own)
		return NULL;
	TRY(release_waiting(cx, scope->patient, &rows));
	waiting = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (waiting[i].type == resource->type && waiting[i].n == resource->n) {
			*why = why_words(px, &waiting[i], false);
			*path = release_may_open(&waiting[i].standing, scope->why) ? open_path(cx, scope, &waiting[i])
			                                                           : STR_NONE;
		}
	return NULL;
}
