/* SPDX-License-Identifier: Apache-2.0 */
/* Search within one owner: the answers of the index are lists of numbers, which are united and intersected in memory; only
 * the page that is shown is read and opened. */
#include <stdlib.h>

#include "care/record/record_numbers.h"
#include "care/record/record_store.h"
#include "care/record/resource_draft.h"
#include "care/record/resource_owner.h"
#include "care/record/resource_release.h"
#include "platform/format/utf8.h"

static int
compare_int64(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* ---- filters ---- */

static const struct err *
unknown_param(struct cx *cx, const char *name)
{
	return err_said(cx->arena, ERR_INVALID, "This search does not know the parameter \"%s\".", name);
}

/* A reference as the index has it: a bare id gets the type it is known to have. */
static fallible
full_reference(struct cx *cx, const struct param_row *row, str value, str *out)
{
	*out = value;
	if (str_contains(value, S("/")) || str_contains(value, S(":")))
		return NULL;
	if (!row->target)
		return err_said(cx->arena, ERR_INVALID, "\"%s\" needs the type: Type/id.", param_name(row));
	*out = arena_printf(cx->arena, "%s/%.*s", resource_type_name(row->target), STR_ARG(value));
	return NULL;
}

static fallible
match_ids(struct cx *cx, const struct resource_search *search, const struct resource_token_filter *filter,
    struct numbers *out)
{
	for (size_t i = 0; i < filter->count; i++) {
		struct resource row;
		bool found;

		TRY(resource_row_by_key(cx, search->type, resource_key(cx->vault, filter->values[i]), &row, &found));
		if (found && !row.deleted && uuid_equal(row.patient.v, search->patient.v))
			numbers_add(cx->arena, out, row.n);
	}
	numbers_settle(out);
	return NULL;
}

static fallible
match_value(
    struct cx *cx, const struct resource_search *search, const struct param_row *row, str value, struct numbers *out)
{
	struct list_entries entries = {0};

	if (row->kind == PARAM_REFERENCE)
		TRY(full_reference(cx, row, value, &value));
	if (row->kind == PARAM_STRING)
		value = utf8_fold(cx->arena, value);
	TRY(index_read(cx, search->patient, param_number(row, search->type),
	    index_value(cx->vault, search->patient, row, value), &entries));
	numbers_add_all(cx->arena, out, &entries);
	return NULL;
}

static fallible
match_tokens(struct cx *cx, const struct resource_search *search, const struct resource_token_filter *filter,
    struct numbers *out)
{
	const struct param_row *row = param_row_find(search->type, str_from_z(filter->param));

	if (str_equal(str_from_z(filter->param), S("_id")))
		return match_ids(cx, search, filter, out);
	if (!row || row->kind == PARAM_DATE || row->kind == PARAM_PERSON)
		return unknown_param(cx, filter->param);
	for (size_t i = 0; i < filter->count; i++)
		TRY(match_value(cx, search, row, filter->values[i], out));
	numbers_settle(out);
	return NULL;
}

/* FHIR R4 3.1.1.4.5: ranges against ranges. */
static bool
date_fits(const struct resource_date_filter *filter, const struct list_entry *entry)
{
	int64_t low = filter->low.ms, high = filter->high.ms;
	bool inside = entry->low >= low && entry->high <= high;

	switch (filter->prefix) {
	case DATE_EQ: return inside;
	case DATE_NE: return !inside;
	case DATE_GT: return entry->high > high;
	case DATE_LT: return entry->low < low;
	case DATE_GE: return entry->high > high || inside;
	case DATE_LE: return entry->low < low || inside;
	case DATE_SA: return entry->low >= high;
	case DATE_EB: return entry->high <= low;
	}
	return false;
}

static fallible
read_times(struct cx *cx, const struct resource_search *search, const char *param, struct list_entries *out)
{
	const struct param_row *row = param_row_find(search->type, str_from_z(param));

	if (!row || row->kind != PARAM_DATE)
		return unknown_param(cx, param);
	return index_read(cx, search->patient, param_number(row, search->type), 0, out);
}

static fallible
match_dates(
    struct cx *cx, const struct resource_search *search, const struct resource_date_filter *filter, struct numbers *out)
{
	struct list_entries times = {0};

	TRY(read_times(cx, search, filter->param, &times));
	for (size_t i = 0; i < times.count; i++)
		if (date_fits(filter, &times.items[i]))
			numbers_add(cx->arena, out, times.items[i].n);
	numbers_settle(out);
	return NULL;
}

static fallible
all_numbers(struct cx *cx, const struct resource_search *search, struct numbers *out)
{
	struct list_entries all = {0};

	TRY(read_times(cx, search, "_lastUpdated", &all));
	numbers_add_all(cx->arena, out, &all);
	numbers_settle(out);
	return NULL;
}

/* All that fit every filter, in order of arrival. */
static fallible
match(struct cx *cx, const struct resource_search *search, struct numbers *out)
{
	bool begun = false;

	for (size_t i = 0; i < search->token_count + search->date_count; i++) {
		bool without = i < search->token_count && search->tokens[i].without;
		struct numbers some = {0};

		TRY(i < search->token_count ? match_tokens(cx, search, &search->tokens[i], &some)
					    : match_dates(cx, search, &search->dates[i - search->token_count], &some));
		if (without && !begun)
			TRY(all_numbers(cx, search, out));
		if (without)
			numbers_keep_others(out, &some);
		else if (begun)
			numbers_keep_common(out, &some);
		else
			*out = some;
		begun = true;
		if (!out->count)
			return NULL;
	}
	return begun ? NULL : all_numbers(cx, search, out);
}

/* ---- order and page ---- */

struct ordered {
	int64_t order, n;
};

static int
compare_ordered(const void *a_, const void *b_)
{
	const struct ordered *a = a_, *b = b_;

	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	return compare_int64(a->n, b->n);
}

/* What has no time comes last, whichever the direction. Descending is done by turning the sign. */
static fallible
in_order(struct cx *cx, const struct resource_search *search, const struct numbers *set, struct ordered *out)
{
	struct list_entries times = {0};
	int64_t sign = search->descending ? -1 : 1;
	size_t at = 0;

	if (search->sort)
		TRY(read_times(cx, search, search->sort, &times));
	for (size_t i = 0; i < set->count; i++) {
		bool known = false;

		out[i] = (struct ordered){search->sort ? INT64_MAX : 0, sign * set->items[i]};
		while (at < times.count && times.items[at].n < set->items[i])
			at++;
		for (size_t j = at; j < times.count && times.items[j].n == set->items[i]; j++) {
			int64_t order = sign * times.items[j].low;

			out[i].order = known && out[i].order < order ? out[i].order : order;
			known = true;
		}
	}
	for (size_t i = 1; i < set->count; i++) /* by arrival it is in order already */
		if (compare_ordered(&out[i - 1], &out[i]) > 0) {
			qsort(out, set->count, sizeof(out[0]), compare_ordered);
			break;
		}
	return NULL;
}

static int
compare_n(const void *a, const void *b)
{
	return compare_int64(((const struct resource *)a)->n, ((const struct resource *)b)->n);
}

/* Read and open the rows of a page, in its order. */
static fallible
read_page(struct cx *cx, const struct resource_search *search, const struct ordered *page, size_t count,
    enum access_why why, struct resource *out)
{
	int64_t sign = search->descending ? -1 : 1, wanted[ROWS_AT_ONCE];

	for (size_t begin = 0; begin < count; begin += ROWS_AT_ONCE) {
		size_t some = count - begin < ROWS_AT_ONCE ? count - begin : ROWS_AT_ONCE;
		struct db_rows rows;

		for (size_t i = 0; i < some; i++)
			wanted[i] = sign * page[begin + i].n;
		TRY(resource_rows_by_n(cx, search->patient, search->type, wanted, some, &rows));
		for (size_t i = 0; i < some; i++) {
			struct resource *row = bsearch(&(struct resource){.n = wanted[i]}, rows.items, rows.count,
			    sizeof(struct resource), compare_n);

			if (!row)
				return ERR(ERR_BROKEN, "Something went wrong on our side.",
				    "the index names a resource that is not there");
			out[begin + i] = *row;
			TRY(resource_open(cx, &out[begin + i]));
			out[begin + i].why = why;
			out[begin + i].order = page[begin + i].order;
		}
	}
	return NULL;
}

/* All that fit and that the caller sees. */
static fallible
find_set(struct cx *cx, const struct resource_search *search, enum access_why *why, struct numbers *set)
{
	TRY(resource_owner_check(cx, search->type, search->patient, why));
	TRY(match(cx, search, set));
	return release_withhold(cx, search->patient, search->type, *why, set);
}

fallible
resource_find(struct cx *cx, const struct resource_search *search, struct db_rows *out, int64_t *total)
{
	struct numbers set = {0};
	struct ordered *all;
	struct resource *rows;
	enum access_why why;
	size_t begin = 0, count;

	TRY(find_set(cx, search, &why, &set));
	if (total)
		*total = (int64_t)set.count;
	*out = (struct db_rows){NULL, 0};
	if (search->count == 0)
		return NULL;
	all = ARENA_ARRAY(cx->arena, struct ordered, set.count);
	TRY(in_order(cx, search, &set, all));
	if (search->after) {
		struct ordered last = {search->after->order, search->descending ? -search->after->n : search->after->n};

		while (begin < set.count && compare_ordered(&all[begin], &last) <= 0)
			begin++;
	}
	begin += search->offset > 0 ? (size_t)search->offset : 0;
	count = begin < set.count ? set.count - begin : 0;
	count = search->count >= 0 && count > (size_t)search->count ? (size_t)search->count : count;
	rows = ARENA_ARRAY(cx->arena, struct resource, count);
	TRY(read_page(cx, search, all + begin, count, why, rows));
	*out = (struct db_rows){rows, count};
	return NULL;
}

/* ---- the whole answer, page by page ---- */

#define WALK_ROWS 120 /* opened at one time */

struct pages {
	const struct resource_search *search;
	resource_found_fn *visit;
	void *arg;
};

struct whole {
	struct ordered *all;
	size_t count;
	enum access_why why;
};

/* What the index is asked along the way is several times what is kept of it, and goes before the first page is opened: first the
 * numbers are found, then put in order. */
static fallible
find_whole(struct cx *cx, struct cx *part, const struct resource_search *search, struct whole *out)
{
	struct numbers found = {0}, set;

	TRY(find_set(part, search, &out->why, &found));
	out->count = set.count = found.count;
	set.items = ARENA_ARRAY(cx->arena, int64_t, found.count + 1);
	if (found.count)
		memcpy(set.items, found.items, found.count * sizeof(set.items[0]));
	arena_clear(part->arena);
	out->all = ARENA_ARRAY(cx->arena, struct ordered, set.count + 1);
	TRY(in_order(part, search, &set, out->all));
	arena_clear(part->arena);
	return NULL;
}

/* `cx` has the memory of what is kept all along, `part` that of one page. */
static fallible
each_page(struct cx *cx, struct cx *part, const struct pages *in)
{
	struct whole whole;

	TRY(find_whole(cx, part, in->search, &whole));
	for (size_t begin = 0; begin < whole.count; begin += WALK_ROWS) {
		size_t count = whole.count - begin < WALK_ROWS ? whole.count - begin : WALK_ROWS;
		struct resource *rows = ARENA_ARRAY(part->arena, struct resource, count);

		TRY(read_page(part, in->search, whole.all + begin, count, whole.why, rows));
		for (size_t i = 0; i < count; i++)
			TRY(in->visit(part, in->arg, &rows[i]));
		arena_clear(part->arena);
	}
	return NULL;
}

fallible
resource_walk(struct cx *cx, const struct resource_search *search, resource_found_fn *visit, void *arg)
{
	struct arena kept = ARENA_INIT, of_page = ARENA_INIT;
	struct cx inner = *cx, part = *cx;
	const struct err *error;

	inner.arena = &kept;
	part.arena = &of_page;
	error = each_page(&inner, &part, &(struct pages){search, visit, arg});
	error = error ? err_copy(cx->arena, error) : NULL;
	cx->conn = part.conn ? part.conn : inner.conn;
	arena_release(&of_page);
	arena_release(&kept);
	return error;
}

/* ---- places ---- */

bool
resource_has_param(resource_type type, const char *param)
{
	return param_row_find(type, str_from_z(param)) != NULL;
}

/* The first of places[low..high) at n or behind it. */
static size_t
place_from(const struct resource_place *places, size_t low, size_t high, int64_t n)
{
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (places[middle].n < n)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The same set of values adds up to the same number: they are keyed hashes of 64 bits.  Entries and places are in order, and no two
 * places have one number: the next is at most as many places on as its number is higher. */
static const struct err *
add_group(void *arg, int64_t value, const struct list_entries *entries)
{
	const struct db_rows *rows = arg;
	struct resource_place *places = rows->items;
	size_t at = 0;

	for (size_t i = 0; i < entries->count; i++) {
		int64_t n = entries->items[i].n;
		size_t end = rows->count;

		if (i && (int64_t)(end - at) > n - entries->items[i - 1].n)
			end = at + (size_t)(n - entries->items[i - 1].n) + 1;
		at = place_from(places, at, end < rows->count ? end : rows->count, n);
		if (at < rows->count && places[at].n == n)
			places[at].group = (int64_t)((uint64_t)places[at].group + (uint64_t)value);
	}
	return NULL;
}

fallible
resource_places(struct cx *cx, const struct resource_search *search, const char *by, struct db_rows *out)
{
	const struct param_row *row = by ? param_row_find(search->type, str_from_z(by)) : NULL;
	struct numbers set = {0};
	struct list_entries times = {0};
	struct resource_place *places;
	enum access_why why;
	size_t at = 0;

	if (by && (!row || row->kind != PARAM_TOKEN))
		return unknown_param(cx, by);
	TRY(resource_owner_check(cx, search->type, search->patient, &why));
	TRY(match(cx, search, &set));
	TRY(release_withhold(cx, search->patient, search->type, why, &set));
	if (search->sort)
		TRY(read_times(cx, search, search->sort, &times));
	places = ARENA_ARRAY(cx->arena, struct resource_place, set.count + 1);
	for (size_t i = 0; i < set.count; i++) {
		places[i] = (struct resource_place){.n = set.items[i], .at = INSTANT_NONE};
		while (at < times.count && times.items[at].n < set.items[i])
			at++;
		if (at < times.count && times.items[at].n == set.items[i] && times.items[at].low != LIST_OPEN_LOW)
			places[i].at.ms = times.items[at].low;
	}
	*out = (struct db_rows){places, set.count};
	return row ? index_each_value(cx, search->patient, param_number(row, search->type), add_group, out) : NULL;
}

fallible
resource_places_open(struct cx *cx, const struct resource_search *search, const struct resource_place *places,
    size_t count, struct db_rows *out)
{
	const struct resource_search arrival = {.patient = search->patient, .type = search->type};
	struct ordered *page = ARENA_ARRAY(cx->arena, struct ordered, count + 1);
	struct resource *rows = ARENA_ARRAY(cx->arena, struct resource, count + 1);
	enum access_why why;

	TRY(resource_owner_check(cx, search->type, search->patient, &why));
	for (size_t i = 0; i < count; i++)
		page[i].n = places[i].n;
	TRY(read_page(cx, &arrival, page, count, why, rows));
	*out = (struct db_rows){rows, count};
	return NULL;
}
