/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/base/str_set.h"

#include "platform/base/list.h"

#define SLOTS_FIRST 256 /* a power of two */

static size_t
slot_of(const struct str_set *set, str text)
{
	size_t at = str_hash(text) & (set->slot_count - 1);

	while (set->slots[at].p && !str_equal(set->slots[at], text))
		at = (at + 1) & (set->slot_count - 1);
	return at;
}

static void
widen(struct str_set *set)
{
	set->slot_count = set->slot_count ? set->slot_count * 2 : SLOTS_FIRST;
	set->slots = ARENA_ARRAY(set->arena, str, set->slot_count);
	for (size_t i = 0; i < set->count; i++)
		set->slots[slot_of(set, set->items[i])] = set->items[i];
}

bool
str_set_add(struct str_set *set, str text)
{
	size_t at;

	if (set->count * 2 >= set->slot_count)
		widen(set);
	at = slot_of(set, text);
	if (set->slots[at].p)
		return false;
	set->slots[at] = arena_str(set->arena, text);
	*LIST_ADD(set->arena, set) = set->slots[at];
	return true;
}

bool
str_set_has(const struct str_set *set, str text)
{
	return set->slot_count && set->slots[slot_of(set, text)].p;
}
