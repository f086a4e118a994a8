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

#define PANEL_REPORTS_MAX 20  /* newest reports of a kind that tell which tests belong to it */
#define PANEL_TESTS_MAX   300 /* results of them that are opened for their tests */

/* Keep the tests that reports with this key name. */
static fallible
keep_panel(
    struct cx *cx, const struct page_cx *px, const struct record_scope *scope, str key, struct record_items *items)
{
	struct resource_token_filter code = {.param = "code", .values = &key, .count = 1};
	struct record_items reports = {0};
	LIST(str) keys = {0};
	size_t kept = 0;

	TRY(record_load_search(cx, px,
	    &(struct resource_search){.patient = scope->patient,
		.type = RESOURCE_DIAGNOSTIC_REPORT,
		.tokens = &code,
		.token_count = 1,
		.sort = "date",
		.descending = true,
		.count = PANEL_REPORTS_MAX},
	    INSTANT_NONE, &reports));
	for (size_t i = 0; i < reports.count; i++)
		for (size_t j = 0; j < reports.items[i].member_count && keys.count < PANEL_TESTS_MAX; j++) {
			struct resource resource;
			const struct json_value *json;
			struct record_item item;
			bool found;

			TRY(resource_resolve(cx, reports.items[i].members[j], &resource, &found));
			if (!found)
				continue;
			TRY(json_parse(cx->arena, resource.body, &json, NULL));
			record_item_read(px, (resource_type)resource.type, json, &item);
			*LIST_ADD(px->arena, &keys) = item.key;
		}
	for (size_t i = 0; i < items->count; i++) {
		bool named = false;

		for (size_t j = 0; j < keys.count && !named; j++)
			named = str_equal(keys.items[j], items->items[i].key);
		if (named)
			items->items[kept++] = items->items[i];
	}
	items->count = kept;
	return NULL;
}

/* The kinds of report that name results, by their codes. */
static fallible
fill_panels(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, enum record_class class,
    struct record_list_page *view)
{
	struct record_newest reports;
	struct option *options;
	size_t count = 0;

	if (!record_class_has_type(class, RESOURCE_DIAGNOSTIC_REPORT))
		return NULL;
	TRY(record_load_newest(cx, px, scope->patient, class, RESOURCE_DIAGNOSTIC_REPORT, &RECORD_SPAN(), &reports));
	view->has_tabs = reports.all > 0;
	view->mistaken += reports.items.mistaken;
	options = ARENA_ARRAY(px->arena, struct option, reports.items.count + 1);
	for (size_t i = 0; i < reports.items.count; i++) {
		const struct record_item *report = &reports.items.items[i];
		bool known = !report->member_count || !report->key_is_code;

		for (size_t j = 0; j < count && !known; j++)
			known = str_equal(options[j].value, report->key);
		if (!known && count < RECORD_YEARS_MAX)
			options[count++] = (struct option){report->key, report->title, STR_NONE};
	}
	view->panels = options;
	view->panel_count = count;
	return NULL;
}

static void
fill_tabs(struct cx *cx, const struct page_cx *px, struct record_list_page *view)
{
	struct option *tabs = ARENA_ARRAY(cx->arena, struct option, 2);

	tabs[0] = (struct option){view->path, T("By test"), STR_NONE};
	tabs[1] = (struct option){
	    arena_printf(cx->arena, "%.*s?view=reports", STR_ARG(view->path)), T("By report"), STR_NONE};
	view->tabs = tabs;
}

/* The newest result of each test; the index tells which results to open. */
static fallible
load_tests(
    struct cx *cx, struct request *rq, const struct page_cx *px, enum record_class class, struct record_list_page *view)
{
	const struct record_scope *scope = view->scope;
	struct record_newest newest;
	struct record_items *items = &newest.items;
	size_t begin, kept = 0;

	TRY(record_load_newest(cx, px, scope->patient, class, RESOURCE_OBSERVATION, &view->filter.span, &newest));
	view->all = (int64_t)newest.all;
	view->years = newest.years;
	view->undated = newest.undated;
	view->mistaken += items->mistaken;
	if (view->filter.panel.n)
		TRY(keep_panel(cx, px, scope, view->filter.panel, items));
	for (size_t i = 0; i < items->count; i++)
		if (record_filter_takes(&view->filter, px, &items->items[i]))
			items->items[kept++] = items->items[i];
	items->count = kept;
	group_by_test(px, items);
	view->kind_count = 0; /* kinds are of reports */
	view->is_table = true;
	begin = record_page_begin(rq, px, items->count, view);
	return record_lines_of(cx, px, scope, items->items + begin, view->count, &view->lines);
}

fallible
get_record_labs(struct cx *cx, struct request *rq)
{
	enum record_class class = record_class_of_route(rq);
	struct record_scope scope;
	struct record_list_page view = {0};
	struct page_cx px;
	struct buf html = BUF_INIT(cx->arena);

	TRY(record_scope_open(cx, rq, tr(cx->lang, record_sections[class].title), &scope, &px));
	record_list_begin(cx, rq, &px, &scope, class, &view);
	TRY(fill_panels(cx, &px, &scope, class, &view));
	view.panels_shown = view.has_tabs && str_equal(request_query(rq, "view"), S("reports"));
	if (view.has_tabs)
		fill_tabs(cx, &px, &view);
	if (view.panels_shown) {
		view.mistaken = 0;
		TRY(record_list_load(cx, rq, &px, RESOURCE_DIAGNOSTIC_REPORT, class, &view));
	} else {
		TRY(load_tests(cx, rq, &px, class, &view));
	}
	TRY(record_waiting_count(cx, &scope, class, &view.waiting));
	record_audit(cx, &scope, AUDIT_VIEW, record_sections[class].subject, (struct uuid){{0}}, (int64_t)view.count);
	page_record_list(&html, &px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- the course of one test ---- */

#define COURSE_MAX 200 /* newest values of a test that are shown */

static struct plot_point
point_of(const struct page_cx *px, const struct record_item *item)
{
	return (struct plot_point){.at = item->at,
	    .value = item->measure.number,
	    .second = item->measure.second,
	    .label = item->own && !item->entry
	                 ? TF2("%1, %2, measured by the patient and taken into the record", item->value, item->when)
	                 : TF2("%1, %2", item->value, item->when)};
}

static void
draw(const struct page_cx *px, const struct record_items *course, struct record_detail_page *view)
{
	const struct record_measure *last = &view->item->measure;
	struct plot_point *clinic = ARENA_ARRAY(px->arena, struct plot_point, course->count + 1);
	struct plot_point *own = ARENA_ARRAY(px->arena, struct plot_point, course->count + 1);
	struct plot_series series[] = {
	    {.name = T("Clinic"), .points = clinic}, {.name = T("Own readings"), .points = own}};
	struct plot plot = {.title = view->item->title,
	    .unit = last->unit,
	    .range_low = last->low,
	    .range_high = last->high,
	    .series = series,
	    .zone = px->zone,
	    .lang = px->lang};

	for (size_t i = 0; i < course->count; i++) {
		const struct record_item *item = &course->items[i];

		if (!item->measure.has_number || instant_is_none(item->at))
			continue;
		if (!str_equal(item->measure.unit, last->unit))
			view->other_units++;
		else if (item->own)
			own[series[1].count++] = point_of(px, item);
		else
			clinic[series[0].count++] = point_of(px, item);
	}
	plot.series_count = series[1].count ? 2 : 1;
	if (isnan(plot.range_low) && isnan(plot.range_high))
		plot.range_low = plot.range_high = 0;
	plot.words = view->before.n ? TF3("%1 on %2. %3", view->item->value, view->item->when, view->before)
	                            : TF2("%1 on %2", view->item->value, view->item->when);
	view->plot = plot_svg(px->arena, &plot);
}

/* The newest results of the same test: those with its code, or of its name when it has none. */
static fallible
load_course(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, const struct record_item *item,
    struct record_items *out)
{
	struct resource_token_filter filters[CLASS_FILTERS_MAX + 1];
	size_t count = record_class_filters(item->class, RESOURCE_OBSERVATION, filters);

	if (item->key_is_code)
		filters[count++] = (struct resource_token_filter){.param = "code", .values = &item->key, .count = 1};
	return record_load_search(cx, px,
	    &(struct resource_search){.patient = scope->patient,
		.type = RESOURCE_OBSERVATION,
		.tokens = filters,
		.token_count = count,
		.sort = "date",
		.descending = true,
		.count = COURSE_MAX},
	    INSTANT_NONE, out);
}

static bool
same_number(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

/* What the patient wrote down and the care team took in is one reading: the copy stands for both. */
static bool
was_taken_in(const struct record_items *all, const struct record_item *item)
{
	for (size_t i = 0; item->entry && i < all->count; i++) {
		const struct record_item *copy = &all->items[i];

		if (copy->own && !copy->entry && copy->at.ms == item->at.ms && str_equal(copy->key, item->key) &&
		    same_number(copy->measure.number, item->measure.number) &&
		    same_number(copy->measure.second, item->measure.second))
			return true;
	}
	return false;
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
		if (!str_equal(all.items[i].key, view->item->key) || all.items[i].class != view->item->class ||
		    was_taken_in(&all, &all.items[i]))
			continue;
		*LIST_ADD(px->arena, &course) = all.items[i];
		view->own_count += all.items[i].own;
		if (!before && all.items[i].at.ms < view->item->at.ms && all.items[i].value.n)
			before = &all.items[i];
	}
	if (before)
		view->before = TF2("Before that: %1 on %2.", before->value, before->when);
	if (view->item->measure.has_number)
		draw(px, &course, view);
	view->later_count = course.count;
	view->later_all = all.found > COURSE_MAX ? all.found : (int64_t)course.count;
	return course.count > 1 ? record_lines_of(cx, px, scope, course.items, course.count, &view->later) : NULL;
}
