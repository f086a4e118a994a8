/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of the record from the index.  A list of a hundred thousand entries is counted, cut by time and put in order from the
 * index; only those that a page shows are opened. */
#include <stdlib.h>

#include "care/record/record_class.h"
#include "care/record/record_pages_internal.h"
#include "care/record/record_places.h"
#include "care/record/record_view_internal.h"

#define OPENED_AT_ONCE 30
#define CODES_MAX      12 /* of what is current */

/* ---- time ---- */

bool
record_span_is_open(const struct record_span *span)
{
	return !span->year && instant_is_none(span->since) && instant_is_none(span->until);
}

bool
record_span_has(const struct page_cx *px, const struct record_span *span, instant at)
{
	if (instant_is_none(at))
		return record_span_is_open(span);
	return (!span->year || record_year(px, at) == span->year) &&
	       (instant_is_none(span->since) || at.ms >= span->since.ms) &&
	       (instant_is_none(span->until) || at.ms < span->until.ms);
}

/* ---- finding ---- */

struct finding {
	const struct page_cx *px;
	patient_id patient;
	const struct record_query *query;
	struct record_places *out;
};

/* The entries of a type by its first date parameter, and by the next one where an entry has none of the first. */
static fallible
find_dated(struct cx *cx, struct resource_search *search, struct db_rows *out)
{
	const char *params[CLASS_DATES_MAX];
	size_t param_count = record_class_dates(search->type, params);
	struct resource_place *places;

	search->sort = param_count ? params[0] : NULL;
	TRY(resource_places(cx, search, NULL, out));
	places = out->items;
	for (size_t i = 1; i < param_count; i++) {
		struct db_rows more;
		bool missing = false;

		for (size_t j = 0; j < out->count && !missing; j++)
			missing = instant_is_none(places[j].at);
		if (!missing)
			return NULL;
		search->sort = params[i];
		TRY(resource_places(cx, search, NULL, &more));
		for (size_t j = 0; j < out->count && j < more.count; j++) /* the same set, in the same order */
			if (instant_is_none(places[j].at))
				places[j].at = ((const struct resource_place *)more.items)[j].at;
	}
	return NULL;
}

static void
add_year(struct record_places *out, int year)
{
	for (size_t i = out->year_count; i > 0; i--)
		if (out->years[i - 1] == year)
			return;
	if (year && out->year_count < RECORD_YEARS_MAX)
		out->years[out->year_count++] = year;
}

static void
take_places(const struct finding *finding, resource_type type, const struct db_rows *rows)
{
	const struct resource_place *places = rows->items;
	const struct record_span *span = &finding->query->span;

	for (size_t i = 0; i < rows->count; i++) {
		if (!instant_is_none(places[i].at))
			add_year(finding->out, record_year(finding->px, places[i].at));
		else if (!record_span_is_open(span))
			finding->out->undated++;
		if (record_span_has(finding->px, span, places[i].at))
			*LIST_ADD(finding->px->arena, finding->out) = (struct record_place){type, places[i]};
	}
}

/* In an arena of its own: what the index says of a large chart is only counted. */
static fallible
count_only(struct cx *cx, struct resource_search *search, int64_t *out)
{
	struct arena arena = ARENA_INIT;
	struct cx inner = *cx;
	const struct err *error;
	struct db_rows none;
	int64_t count = 0;

	inner.arena = &arena;
	search->sort = NULL;
	error = resource_find(&inner, search, &none, &count);
	error = error ? err_copy(cx->arena, error) : NULL;
	cx->conn = inner.conn;
	arena_release(&arena);
	*out += count;
	return error;
}

fallible
record_class_mistaken(struct cx *cx, patient_id patient, enum record_class class, resource_type type, int64_t *out)
{
	struct resource_token_filter filters[CLASS_FILTERS_MAX + 1];
	struct resource_search search = {.patient = patient, .type = type, .tokens = filters};

	if (!record_mistaken_filter(type, &filters[0]))
		return NULL;
	search.token_count =
	    1 + record_class_filters(class, type, filters + 1); /* mistakes are seldom: they stand first */
	return count_only(cx, &search, out);
}

/* What the person asked for beside the class: at most two filters. */
static size_t
add_wishes(const struct record_query *query, resource_type type, str *current, struct resource_token_filter *out)
{
	const struct record_kind *kind = query->kind;
	size_t count = 0;

	if (kind && kind->param && resource_has_param(type, kind->param))
		out[count++] = (struct resource_token_filter){
		    .param = kind->param, .values = kind->codes, .count = kind->code_count, .without = kind->without};
	if (query->current && record_status_param(type)) {
		out[count] = (struct resource_token_filter){.param = record_status_param(type), .values = current};
		out[count++].count = record_current_codes(type, current, CODES_MAX);
	}
	return count;
}

static fallible
find_type(struct cx *cx, const struct finding *finding, resource_type type)
{
	const struct record_query *query = finding->query;
	struct resource_token_filter filters[CLASS_FILTERS_MAX + 3];
	struct resource_search search = {.patient = finding->patient, .type = type, .tokens = filters};
	bool narrowed = query->kind || query->current;
	str current[CODES_MAX];
	struct db_rows rows;

	TRY(record_class_mistaken(cx, finding->patient, query->class, type, &finding->out->mistaken));
	search.token_count = record_class_filters(query->class, type, filters);
	if (record_mistaken_filter(type, &filters[search.token_count]))
		filters[search.token_count++].without = true;
	if (narrowed)
		TRY(count_only(cx, &search, &finding->out->all));
	if (query->kind && query->kind->type && query->kind->type != type)
		return NULL;
	search.token_count += add_wishes(query, type, current, &filters[search.token_count]);
	TRY(find_dated(cx, &search, &rows));
	if (!narrowed)
		finding->out->all += (int64_t)rows.count;
	take_places(finding, type, &rows);
	return NULL;
}

/* Of a type: those that the index tells by their category, and what is left, which is one class too. */
static fallible
count_type(struct cx *cx, patient_id patient, resource_type type, int64_t total, int64_t *of)
{
	enum record_class rest = CLASS_OTHER;
	int64_t left = total;

	for (int i = 0; i < RECORD_CLASSES; i++) {
		enum record_class class = (enum record_class)i;
		struct resource_token_filter filters[CLASS_FILTERS_MAX];
		struct resource_search search = {.patient = patient, .type = type, .tokens = filters};
		int64_t count = 0;

		if (!record_class_has_type(class, type))
			continue;
		search.token_count = record_class_filters(class, type, filters);
		if (!search.token_count || filters[0].without) {
			rest = class;
			continue;
		}
		TRY(count_only(cx, &search, &count));
		of[class] += count;
		left -= count;
	}
	of[rest] += left;
	return NULL;
}

fallible
record_class_counts(
    struct cx *cx, patient_id patient, const int64_t *count_by_type, resource_type only_type, int64_t *of)
{
	for (resource_type type = 1; type <= resource_type_count(); type++)
		if (count_by_type[type] && (!only_type || only_type == type))
			TRY(count_type(cx, patient, type, count_by_type[type], of));
	return NULL;
}

fallible
record_class_totals(struct cx *cx, patient_id patient, int64_t of[RECORD_CLASSES])
{
	int64_t *counts = ARENA_ARRAY(cx->arena, int64_t, (size_t)resource_type_count() + 1);

	memset(of, 0, sizeof(*of) * RECORD_CLASSES);
	TRY(resource_counts(cx, patient, counts));
	return record_class_counts(cx, patient, counts, 0, of);
}

/* Newest first; of the same instant, what came in later. */
static int
newer(const void *a_, const void *b_)
{
	const struct record_place *a = a_, *b = b_;

	if (a->place.at.ms != b->place.at.ms)
		return a->place.at.ms < b->place.at.ms ? 1 : -1;
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	return (a->place.n < b->place.n) - (a->place.n > b->place.n);
}

static int
descending(const void *a, const void *b)
{
	return *(const int *)b - *(const int *)a;
}

fallible
record_places_find(struct cx *cx, const struct page_cx *px, patient_id patient, const struct record_query *query,
    struct record_places *out)
{
	struct finding finding = {px, patient, query, out};

	*out = (struct record_places){.years = ARENA_ARRAY(px->arena, int, RECORD_YEARS_MAX + 1)};
	for (resource_type type = 1; type <= resource_type_count(); type++)
		if ((!query->type || query->type == type) && record_class_has_type(query->class, type))
			TRY(find_type(cx, &finding, type));
	if (out->count)
		qsort(out->items, out->count, sizeof(out->items[0]), newer);
	if (out->year_count)
		qsort(out->years, out->year_count, sizeof(out->years[0]), descending);
	return NULL;
}

/* ---- opening ---- */

/* The next ones of one type: they are read together. */
static size_t
run_of(const struct record_place *places, size_t count)
{
	size_t n = 1;

	while (n < count && n < OPENED_AT_ONCE && places[n].type == places[0].type)
		n++;
	return n;
}

/* `cx` and its arena are those of one batch; what is kept lives in px->arena. */
static fallible
open_batch(struct cx *cx, const struct page_cx *px, patient_id patient, const struct record_place *places, size_t count,
    struct record_items *out)
{
	const struct resource_search search = {.patient = patient, .type = places[0].type};
	struct resource_place wanted[OPENED_AT_ONCE];
	struct page_cx batch = *px;
	struct db_rows rows;
	const struct resource *resources;

	batch.arena = cx->arena;
	for (size_t i = 0; i < count; i++)
		wanted[i] = places[i].place;
	TRY(resource_places_open(cx, &search, wanted, count, &rows));
	resources = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		const struct json_value *json;
		struct record_item item;

		TRY(json_parse(cx->arena, resources[i].body, &json, NULL));
		record_item_read(&batch, places[0].type, json, &item);
		if (item.mistaken)
			out->mistaken++;
		else
			*LIST_ADD(px->arena, out) = record_item_keep(px, &item);
	}
	return NULL;
}

fallible
record_places_open(struct cx *cx, const struct page_cx *px, patient_id patient, const struct record_place *places,
    size_t count, struct record_items *out)
{
	struct arena arena = ARENA_INIT; /* of one batch: files may stand in the entries */
	struct cx inner = *cx;
	const struct err *error = NULL;

	inner.arena = &arena;
	for (size_t i = 0; i < count && !error;) {
		size_t run = run_of(places + i, count - i);

		error = open_batch(&inner, px, patient, places + i, run, out);
		error = error ? err_copy(cx->arena, error) : NULL;
		arena_clear(&arena);
		i += run;
	}
	cx->conn = inner.conn;
	arena_release(&arena);
	return error;
}

fallible
record_places_scan(struct cx *cx, const struct page_cx *px, patient_id patient, const struct record_scan *scan,
    size_t *at, struct record_items *out)
{
	const struct record_places *places = scan->places;
	size_t end =
	    places->count > *at && places->count - *at > scan->looked_max ? *at + scan->looked_max : places->count;

	while (*at < end && out->count < scan->wanted) {
		struct record_items some = {0};
		size_t run = run_of(places->items + *at, end - *at);

		TRY(record_places_open(cx, px, patient, places->items + *at, run, &some));
		out->mistaken += some.mistaken;
		for (size_t i = 0; i < some.count; i++) {
			if (some.items[i].title_reference.n) /* before searching by name */
				TRY(record_item_look_up(cx, px, &some.items[i]));
			if (scan->fits(scan->arg, px, &some.items[i]))
				*LIST_ADD(px->arena, out) = some.items[i];
		}
		*at += run;
	}
	return NULL;
}
