/* SPDX-License-Identifier: Apache-2.0 */
/* The health summary: what is new, what counts now, and the way to everything else. */
#include "care/record/record_pages_internal.h"

#define CARD_LINES  5
#define NEWS_LINES  8
#define LAB_LINES   8
#define CARDS_MAX   6
#define LABS_PARSED 40 /* newest results, of which each test is shown once */

/* ---- cards ---- */

static fallible
add_card(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, enum record_class class, str title,
    const struct record_items *items, size_t lines_max, struct record_card *out)
{
	size_t count = items->count < lines_max ? items->count : lines_max;

	*out = (struct record_card){.title = title,
	    .path = arena_printf(cx->arena, "%.*s/%s", STR_ARG(scope->base), record_sections[class].path),
	    .count = count,
	    .more = (int64_t)(items->count - count),
	    .is_table = class == CLASS_LABS,
	    .empty = scope->own ? tr(px->lang, record_sections[class].empty) : T("Nothing is recorded here.")};
	return record_lines_of(cx, px, scope, items->items, count, &out->lines);
}

static fallible
add_current(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, enum record_class class,
    str title, str none, struct record_card *out)
{
	struct record_items items = {0};
	int64_t all;

	TRY(record_load_current(cx, px, scope->patient, class, &items, &all));
	TRY(add_card(cx, px, scope, class, title, &items, CARD_LINES, out));
	if (all)
		out->empty = none;
	return NULL;
}

static fallible
add_labs(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, struct record_card *out)
{
	struct resource_token_filter filters[CLASS_FILTERS_MAX];
	size_t filter_count = record_class_filters(CLASS_LABS, RESOURCE_OBSERVATION, filters);
	struct record_items newest = {0}, tests = {0};

	TRY(record_load_search(cx, px,
	    &(struct resource_search){.patient = scope->patient,
		.type = RESOURCE_OBSERVATION,
		.tokens = filters,
		.token_count = filter_count,
		.sort = "date",
		.descending = true,
		.count = LABS_PARSED},
	    INSTANT_NONE, &newest));
	for (size_t i = 0; i < newest.count && tests.count < LAB_LINES; i++) {
		bool shown = false;

		for (size_t j = 0; j < tests.count && !shown; j++)
			shown = str_equal(tests.items[j].key, newest.items[i].key);
		if (!shown)
			*LIST_ADD(px->arena, &tests) = newest.items[i];
	}
	return add_card(cx, px, scope, CLASS_LABS, T("Last lab results"), &tests, LAB_LINES, out);
}

static fallible
add_visits(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, struct record_card *out)
{
	struct record_visits near;
	struct record_items items = {0};

	TRY(record_visits_near(cx, px, scope->patient, &near));
	if (near.next.title.p)
		*LIST_ADD(px->arena, &items) = near.next;
	if (near.last.title.p)
		*LIST_ADD(px->arena, &items) = near.last;
	return add_card(cx, px, scope, CLASS_VISITS, near.next.title.p ? T("Next and last visit") : T("Last visit"),
	    &items, 2, out);
}

/* ---- parts of the record ---- */

static fallible
count_parts(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, const struct record_part **out)
{
	int64_t of[RECORD_CLASSES];
	struct record_part *parts = ARENA_ARRAY(cx->arena, struct record_part, RECORD_CLASSES);

	TRY(record_class_totals(cx, scope->patient, of));
	for (int i = 0; i < RECORD_CLASSES; i++)
		parts[i] = (struct record_part){.title = tr(px->lang, record_sections[i].title),
		    .path = arena_printf(cx->arena, "%.*s/%s", STR_ARG(scope->base), record_sections[i].path),
		    .count = of[i]};
	*out = parts;
	return NULL;
}

static fallible
fill_news(struct cx *cx, const struct page_cx *px, struct record_summary_page *view)
{
	struct record_items news = {0};
	instant since;

	if (!view->scope->own)
		return NULL;
	TRY(record_last_visit_here(cx, view->scope->patient, &since));
	TRY(record_news(cx, px, view->scope->patient, since, NEWS_LINES, &news));
	view->news_count = news.count;
	return record_lines_of(cx, px, view->scope, news.items, news.count, &view->news);
}

fallible
get_record_summary(struct cx *cx, struct request *rq)
{
	struct record_scope scope;
	struct record_card cards[CARDS_MAX];
	struct record_summary_page view = {
	    .scope = &scope, .cards = cards, .card_count = 5, .part_count = RECORD_CLASSES};
	struct page_cx px_, *px = &px_;
	struct buf html = BUF_INIT(cx->arena);

	TRY(record_scope_open(cx, rq, tr(cx->lang, TR("Health summary")), &scope, px));
	TRY(record_waiting_count(cx, &scope, RECORD_CLASSES, &view.waiting));
	TRY(record_joins_load(cx, px, &scope, &view.joins));
	TRY(fill_news(cx, px, &view));
	TRY(add_current(
	    cx, px, &scope, CLASS_PROBLEMS, T("Current health problems"), T("Nothing is current now."), &cards[0]));
	TRY(add_current(
	    cx, px, &scope, CLASS_MEDICINES, T("Medicines in use"), T("No medicine is in use now."), &cards[1]));
	TRY(add_current(cx, px, &scope, CLASS_ALLERGIES, T("Allergies"), T("Nothing is current now."), &cards[2]));
	TRY(add_visits(cx, px, &scope, &cards[3]));
	TRY(add_labs(cx, px, &scope, &cards[4]));
	TRY(count_parts(cx, px, &scope, &view.parts));
	view.print_path = record_print_path(cx, rq);
	record_audit(cx, &scope, AUDIT_VIEW, AUDIT_SUMMARY, (struct uuid){{0}}, 0);
	page_record_summary(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}
