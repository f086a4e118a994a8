/* SPDX-License-Identifier: Apache-2.0 */
#include "care/record/record_numbers.h"

#include <stdlib.h>

void
numbers_add(struct arena *arena, struct numbers *set, int64_t n)
{
	*LIST_ADD(arena, set) = n;
}

void
numbers_add_all(struct arena *arena, struct numbers *set, const struct list_entries *entries)
{
	for (size_t i = 0; i < entries->count; i++)
		numbers_add(arena, set, entries->items[i].n);
}

static int
compare_numbers(const void *a_, const void *b_)
{
	int64_t a = *(const int64_t *)a_, b = *(const int64_t *)b_;

	return (a > b) - (a < b);
}

static bool
is_ascending(const struct numbers *set)
{
	for (size_t i = 1; i < set->count; i++)
		if (set->items[i - 1] >= set->items[i])
			return false;
	return true;
}

void
numbers_settle(struct numbers *set)
{
	size_t kept = 0;

	if (is_ascending(set)) /* the answer for one value always is */
		return;
	qsort(set->items, set->count, sizeof(set->items[0]), compare_numbers);
	for (size_t i = 0; i < set->count; i++)
		if (kept == 0 || set->items[kept - 1] != set->items[i])
			set->items[kept++] = set->items[i];
	set->count = kept;
}

bool
numbers_have(const struct numbers *set, int64_t n)
{
	return set->count && bsearch(&n, set->items, set->count, sizeof(n), compare_numbers) != NULL;
}

void
numbers_keep_common(struct numbers *set, const struct numbers *other)
{
	size_t kept = 0, j = 0;

	for (size_t i = 0; i < set->count; i++) {
		while (j < other->count && other->items[j] < set->items[i])
			j++;
		if (j < other->count && other->items[j] == set->items[i])
			set->items[kept++] = set->items[i];
	}
	set->count = kept;
}

void
numbers_keep_others(struct numbers *set, const struct numbers *other)
{
	size_t kept = 0, j = 0;

	for (size_t i = 0; i < set->count; i++) {
		while (j < other->count && other->items[j] < set->items[i])
			j++;
		if (j == other->count || other->items[j] != set->items[i])
			set->items[kept++] = set->items[i];
	}
	set->count = kept;
}
