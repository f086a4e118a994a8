/* SPDX-License-Identifier: Apache-2.0 */
#include "care/record/record_references.h"

#define SLOTS_FIRST 256

static size_t
slot_of(const struct record_references *set, str reference)
{
	size_t at = str_hash(reference) & (set->slot_count - 1);

	while (set->slots[at].p && !str_equal(set->slots[at], reference))
		at = (at + 1) & (set->slot_count - 1);
	return at;
}

static void
widen(struct record_references *set)
{
	set->slot_count = set->slot_count ? set->slot_count * 2 : SLOTS_FIRST;
	set->slots = ARENA_ARRAY(set->arena, str, set->slot_count);
	for (size_t i = 0; i < set->count; i++)
		set->slots[slot_of(set, set->items[i])] = set->items[i];
}

bool
record_references_add(struct record_references *set, str reference)
{
	size_t at;

	if (set->count * 2 >= set->slot_count)
		widen(set);
	at = slot_of(set, reference);
	if (set->slots[at].p)
		return false;
	set->slots[at] = arena_str(set->arena, reference);
	*LIST_ADD(set->arena, set) = set->slots[at];
	return true;
}

/* "Practitioner/abc": could it lead into the commons? */
static bool
may_be_common(str reference)
{
	str id, type = STR_NONE;

	id = str_cut(reference, '/', &type);
	return id.n && !str_contains(id, S("/")) && resource_type_may_be_common(resource_type_find(type));
}

void
record_references_collect(struct record_references *set, const struct json_value *value)
{
	json_each_item (value, item)
		record_references_collect(set, item);
	json_each_member (value, member) {
		str text = json_text(member);

		if (!str_equal(json_name(member), S("reference")))
			record_references_collect(set, member);
		else if (text.n && set->count < RECORD_REFERENCES_MAX && may_be_common(text))
			record_references_add(set, text);
	}
}
