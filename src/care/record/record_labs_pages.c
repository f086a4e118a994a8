/* SPDX-License-Identifier: Apache-2.0 */
/* Measured values: lists grouped by test with the last value of each, reports with their results, and the course of one test
 * over time. */
#include <math.h>
#include <stdlib.h>

#include "care/record/record_pages_internal.h"

/* ---- by test ---- */

static int
by_key(const void *a_, const void *b_)
{
	const struct record_item *const *a = a_, *const *b = b_;
	int order = str_compare((*a)->key, (*b)->key);

	return order ? order : record_item_newer(*a, *b);
}

/* The newest item of each key stands for its test and for those that the others stood for. */
static void
group_by_test(const struct page_cx *px, struct record_items *items)
{
	const struct record_item **sorted = ARENA_ARRAY(px->arena, const struct record_item *, items->count + 1);
	struct record_items groups = {.mistaken = items->mistaken};

	for (size_t i = 0; i < items->count; i++)
		sorted[i] = &items->items[i];
	if (items->count)
		qsort(sorted, items->count, sizeof(sorted[0]), by_key);
	for (size_t i = 0; i < items->count; i++) {
		if (i == 0 || !str_equal(sorted[i]->key, sorted[i - 1]->key)) {
			struct record_item *group = LIST_ADD(px->arena, &groups);

			*group = *sorted[i];
			group->group_count = 0;
		}
		groups.items[groups.count - 1].group_count += sorted[i]->group_count ? sorted[i]->group_count : 1;
	}
	record_items_sort(&groups);
	*items = groups;
}

/* ---- reports ---- */

static void
split_reports(const struct page_cx *px, struct record_items *items, struct record_items *reports)
{
	size_t kept = 0;

	for (size_t i = 0; i < items->count; i++) {
		if (items->items[i].type == RESOURCE_DIAGNOSTIC_REPORT)
			*LIST_ADD(px->arena, reports) = items->items[i];
		else
			items->items[kept++] = items->items[i];
	}
	items->count = kept;
}

static int
compare_str(const void *a, const void *b)
{
	return str_compare(*(const str *)a, *(const str *)b);
}

static str
reference_id(str reference)
{
	str id = reference, head;

	while (str_contains(id, S("/")))
		id = str_cut(id, '/', &head);
	return id;
}

/* Keep the results that a report of this key names. */
static void
keep_panel(const struct page_cx *px, const struct record_items *reports, str key, struct record_items *items)
{
	LIST(str) ids = {0};
	size_t kept = 0;

	for (size_t i = 0; i < reports->count; i++)
		for (size_t j = 0; str_equal(reports->items[i].key, key) && j < reports->items[i].member_count; j++)
			*LIST_ADD(px->arena, &ids) = reference_id(reports->items[i].members[j]);
	if (ids.count)
		qsort(ids.items, ids.count, sizeof(ids.items[0]), compare_str);
	for (size_t i = 0; i < items->count; i++)
		if (ids.count && bsearch(&items->items[i].id, ids.items, ids.count, sizeof(ids.items[0]), compare_str))
			items->items[kept++] = items->items[i];
	items->count = kept;
}

static void
fill_panels(const struct page_cx *px, const struct record_items *reports, struct record_list_page *view)
{
	struct option *options = ARENA_ARRAY(px->arena, struct option, reports->count + 1);
	size_t count = 0;

	for (size_t i = 0; i < reports->count; i++) {
		bool known = false;

		for (size_t j = 0; j < count && !known; j++)
			known = str_equal(options[j].value, reports->items[i].key);
		if (!known && reports->items[i].member_count && count < RECORD_YEARS_MAX)
			options[count++] = (struct option){reports->items[i].key, reports->items[i].title, STR_NONE};
	}
	view->panels = options;
	view->panel_count = count;
}

static void
fill_tabs(struct cx *cx, const struct page_cx *px, struct record_list_page *view)
{
	struct option *tabs = ARENA_ARRAY(cx->arena, struct option, 2);

	tabs[0] = (struct option){view->path, T("By test"), STR_NONE};
	tabs[1] = (struct option){
	    arena_printf(cx->arena, "%.*s?view=reports", STR_ARG(view->path)), T("By report"), STR_NONE};
	view->tabs = tabs;
	view->has_tabs = true;
}

/* By test without words to find: the index tells which results to open. */
static fallible
load_tests(struct cx *cx, struct request *rq, const struct page_cx *px, const struct record_scope *scope,
    enum record_class class, struct record_items *items, struct record_list_page *view)
{
	struct record_newest newest, reports;

	record_list_begin(cx, rq, scope, class, view);
	TRY(record_load_newest(cx, px, scope->patient, class, RESOURCE_OBSERVATION, view->filter.year, &newest));
	*items = newest.items;
	view->all = (int64_t)newest.all;
	view->years = newest.years;
	if (record_class_has_type(class, RESOURCE_DIAGNOSTIC_REPORT)) {
		TRY(record_load_newest(cx, px, scope->patient, class, RESOURCE_DIAGNOSTIC_REPORT, 0, &reports));
		items->mistaken += reports.items.mistaken;
		fill_panels(px, &reports.items, view);
	}
	view->mistaken = items->mistaken;
	return NULL;
}

/* What a word or a panel asks for, and the reports themselves, want every entry opened. */
static fallible
load_entries(struct cx *cx, struct request *rq, const struct page_cx *px, const struct record_scope *scope,
    enum record_class class, struct record_items *items, struct record_list_page *view)
{
	struct record_items reports = {0};

	TRY(record_load(cx, px, scope->patient, class, items));
	split_reports(px, items, &reports);
	fill_panels(px, &reports, view);
	if (view->panels_shown) {
		reports.mistaken = items->mistaken;
		*items = reports;
	} else if (request_query(rq, "panel").n) {
		keep_panel(px, &reports, request_query(rq, "panel"), items);
	}
	record_list_fill(cx, rq, px, scope, class, items, view);
	return NULL;
}

fallible
get_record_labs(struct cx *cx, struct request *rq)
{
	enum record_class class = record_class_of_route(rq);
	struct record_scope scope;
	struct record_list_page view = {.panels_shown = str_equal(request_query(rq, "view"), S("reports"))};
	struct record_items items = {0};
	struct page_cx px;
	struct buf html = BUF_INIT(cx->arena);
	size_t begin;

	TRY(record_scope_open(cx, rq, tr(cx->lang, record_sections[class].title), &scope, &px));
	TRY((view.panels_shown || request_query(rq, "panel").n || str_trim(request_query(rq, "q")).n
		 ? load_entries
		 : load_tests)(cx, rq, &px, &scope, class, &items, &view));
	if (!view.panels_shown)
		group_by_test(&px, &items);
	if (view.panel_count)
		fill_tabs(cx, &px, &view);
	view.is_table = !view.panels_shown;
	begin = record_page_begin(rq, &px, items.count, &view);
	TRY(record_lines_of(cx, &px, &scope, items.items + begin, view.count, &view.lines));
	TRY(record_waiting_count(cx, &scope, class, &view.waiting));
	record_audit(cx, &scope, AUDIT_VIEW, record_sections[class].subject, (struct uuid){{0}}, (int64_t)view.count);
	page_record_list(&html, &px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- the course of one test ---- */

static struct plot_point
point_of(const struct page_cx *px, const struct record_item *item)
{
	return (struct plot_point){.at = item->at,
	    .value = item->measure.number,
	    .second = item->measure.second,
	    .label = TF2("%1, %2", item->value, item->when)};
}

static void
draw(const struct page_cx *px, const struct record_items *course, struct record_detail_page *view)
{
	const struct record_measure *last = &view->item->measure;
	struct plot_point *points = ARENA_ARRAY(px->arena, struct plot_point, course->count + 1);
	struct plot_series series = {.name = T("Clinic"), .points = points};
	struct plot plot = {.title = view->item->title,
	    .unit = last->unit,
	    .range_low = last->low,
	    .range_high = last->high,
	    .series = &series,
	    .series_count = 1,
	    .zone = px->zone,
	    .lang = px->lang};

	for (size_t i = 0; i < course->count; i++)
		if (course->items[i].measure.has_number && !instant_is_none(course->items[i].at) &&
		    str_equal(course->items[i].measure.unit, last->unit))
			points[series.count++] = point_of(px, &course->items[i]);
	if (isnan(plot.range_low) && isnan(plot.range_high))
		plot.range_low = plot.range_high = 0;
	plot.words = view->before.n ? TF3("%1 on %2. %3", view->item->value, view->item->when, view->before)
	                            : TF2("%1 on %2", view->item->value, view->item->when);
	view->plot = plot_svg(px->arena, &plot);
}

/* At least all results of the same test: those with its code, or every one when it has none. */
static fallible
load_course(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, const struct record_item *item,
    struct record_items *out)
{
	struct resource_token_filter code = {.param = "code", .values = &item->key, .count = 1};

	if (!item->key_is_code)
		return record_load_type(cx, px, scope->patient, item->class, RESOURCE_OBSERVATION, out);
	return record_load_search(cx, px,
	    &(struct resource_search){.patient = scope->patient,
		.type = RESOURCE_OBSERVATION,
		.tokens = &code,
		.token_count = 1,
		.count = -1},
	    INSTANT_NONE, out);
}

fallible
record_detail_measure(
    struct cx *cx, const struct page_cx *px, const struct record_scope *scope, struct record_detail_page *view)
{
	struct record_items all = {0}, course = {0};
	const struct record_item *before = NULL;

	TRY(load_course(cx, px, scope, view->item, &all));
	record_items_sort(&all);
	for (size_t i = 0; i < all.count; i++) {
		if (!str_equal(all.items[i].key, view->item->key) || all.items[i].class != view->item->class)
			continue;
		*LIST_ADD(px->arena, &course) = all.items[i];
		if (!before && all.items[i].at.ms < view->item->at.ms && all.items[i].value.n)
			before = &all.items[i];
	}
	if (before)
		view->before = TF2("Before that: %1 on %2.", before->value, before->when);
	if (view->item->measure.has_number)
		draw(px, &course, view);
	view->later_count = course.count;
	return course.count > 1 ? record_lines_of(cx, px, scope, course.items, course.count, &view->later) : NULL;
}
