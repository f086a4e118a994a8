/* SPDX-License-Identifier: Apache-2.0 */
/* A table of names that were looked up. */
#include "care/bluebutton/names.h"

#define NAMES_MAX   2000 /* kept; more are looked up each time */
#define SLOTS_FIRST 64

struct known_name {
	str reference, name;
};

static struct known_name *
slot_of(const struct names *names, str reference)
{
	size_t at = str_hash(reference) % names->slot_count;

	while (names->slots[at].reference.p && !str_equal(names->slots[at].reference, reference))
		at = (at + 1) % names->slot_count;
	return &names->slots[at];
}

static void
widen(struct names *names)
{
	struct names wider = {.slot_count = names->slot_count ? names->slot_count * 2 : SLOTS_FIRST};

	wider.slots = ARENA_ARRAY(names->arena, struct known_name, wider.slot_count);
	for (size_t i = 0; i < names->slot_count; i++)
		if (names->slots[i].reference.p)
			*slot_of(&wider, names->slots[i].reference) = names->slots[i];
	names->slots = wider.slots;
	names->slot_count = wider.slot_count;
}

fallible
names_look_up(struct names *names, struct cx *cx, const struct page_cx *px, str reference, str *out)
{
	struct known_name *slot;

	if (names->count * 2 >= names->slot_count)
		widen(names);
	slot = slot_of(names, reference);
	if (slot->reference.p) {
		*out = slot->name;
		return NULL;
	}
	TRY(record_look_up(cx, px, reference, out));
	if (names->count < NAMES_MAX) {
		names->count++;
		*slot = (struct known_name){arena_str(names->arena, reference), arena_str(names->arena, *out)};
	}
	return NULL;
}

fallible
names_fill(struct names *names, struct cx *cx, const struct page_cx *px, struct record_item *item)
{
	if (item->title_reference.n) {
		str title;

		TRY(names_look_up(names, cx, px, item->title_reference, &title));
		item->title = title.n ? title : item->title;
	}
	if (item->who_reference.n)
		TRY(names_look_up(names, cx, px, item->who_reference, &item->who));
	if (item->where_reference.n)
		TRY(names_look_up(names, cx, px, item->where_reference, &item->where));
	item->title_reference = item->who_reference = item->where_reference = STR_NONE;
	return NULL;
}
