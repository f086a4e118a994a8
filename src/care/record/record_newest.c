/* SPDX-License-Identifier: Apache-2.0 */
/* The newest result of each test, found in the index: a chart of thousands of results opens one of each. */
#include <stdlib.h>

#include "care/record/record_pages_internal.h"

struct newest {
	const struct page_cx *px;
	const struct record_span *span;
	struct record_newest *out;
	LIST(struct resource_place) chosen;
	LIST(size_t) counts; /* of results that each of the chosen stands for */
};

static void
add_year(struct newest *newest, int year)
{
	struct record_newest *out = newest->out;

	for (size_t i = 0; i < out->year_count; i++)
		if (out->years[i] == year)
			return;
	if (year && out->year_count < RECORD_YEARS_MAX)
		out->years[out->year_count++] = year;
}

/* Group by group, newest first. What has no code or no time in the index stands alone, in front. */
static int
by_group(const void *a_, const void *b_)
{
	const struct resource_place *a = a_, *b = b_;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	if (a->at.ms != b->at.ms)
		return a->at.ms > b->at.ms ? -1 : 1;
	return (a->n > b->n) - (a->n < b->n);
}

static bool
is_alone(const struct resource_place *place)
{
	return place->group == 0 || instant_is_none(place->at);
}

/* The newest of each group, with those of the same instant: which of them stands first is told by their names. */
static void
choose(struct newest *newest, struct resource_place *places, size_t count)
{
	const struct page_cx *px = newest->px;
	const struct resource_place *first = NULL;
	size_t first_at = 0;

	if (count)
		qsort(places, count, sizeof(places[0]), by_group);
	for (size_t i = 0; i < count; i++) {
		bool alone = is_alone(&places[i]);

		if (!alone) {
			add_year(newest, record_year(px, places[i].at));
			if (!record_span_has(px, newest->span, places[i].at))
				continue;
		}
		if (!alone && first && first->group == places[i].group && places[i].at.ms < first->at.ms) {
			newest->counts.items[first_at]++;
			continue;
		}
		if (!alone && (!first || first->group != places[i].group)) {
			first = &places[i];
			first_at = newest->chosen.count;
		}
		*LIST_ADD(px->arena, &newest->chosen) = places[i];
		*LIST_ADD(px->arena, &newest->counts) = 1;
	}
}

static fallible
take(struct cx *cx, struct newest *newest, const struct resource_search *search)
{
	struct db_rows rows;
	const struct resource *resources;

	TRY(resource_places_open(cx, search, newest->chosen.items, newest->chosen.count, &rows));
	resources = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		const struct json_value *json;
		struct record_item item;

		TRY(json_parse(cx->arena, resources[i].body, &json, NULL));
		record_item_read(newest->px, search->type, json, &item);
		item.group_count = newest->counts.items[i];
		if (is_alone(&newest->chosen.items[i])) {
			add_year(newest, record_year(newest->px, item.at));
			if (!record_span_has(newest->px, newest->span, item.at)) {
				newest->out->undated += instant_is_none(item.at);
				continue;
			}
		}
		*LIST_ADD(newest->px->arena, &newest->out->items) = item;
	}
	return NULL;
}

static int
descending(const void *a, const void *b)
{
	return *(const int *)b - *(const int *)a;
}

fallible
record_load_newest(struct cx *cx, const struct page_cx *px, patient_id patient, enum record_class class,
    resource_type type, const struct record_span *span, struct record_newest *out)
{
	struct newest newest = {.px = px, .span = span, .out = out};
	struct resource_token_filter filters[CLASS_FILTERS_MAX + 1];
	struct resource_search search = {.patient = patient, .type = type, .tokens = filters};
	struct db_rows places;

	*out = (struct record_newest){.years = ARENA_ARRAY(px->arena, int, RECORD_YEARS_MAX + 1)};
	TRY(record_class_mistaken(cx, patient, class, type, &out->items.mistaken));
	search.token_count = record_class_filters(class, type, filters);
	if (record_mistaken_filter(type, &filters[search.token_count]))
		filters[search.token_count++].without = true;
	search.sort = "date";
	TRY(resource_places(cx, &search, "code", &places));
	out->all = places.count;
	choose(&newest, places.items, places.count);
	TRY(take(cx, &newest, &search));
	record_items_sort(&out->items);
	if (out->year_count)
		qsort(out->years, out->year_count, sizeof(out->years[0]), descending);
	return NULL;
}
