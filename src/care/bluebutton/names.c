/* SPDX-License-Identifier: Apache-2.0 */
/* A table of names that were looked up. */
#include "care/bluebutton/names.h"

#define NAMES_MAX  2000 /* kept; more are looked up each time */
#define NAME_SLOTS (2 * NAMES_MAX)

struct known_name {
	str reference, name;
};

fallible
names_look_up(struct names *names, struct cx *cx, const struct page_cx *px, str reference, str *out)
{
	size_t at = str_hash(reference) % NAME_SLOTS;

	if (!names->slots)
		names->slots = ARENA_ARRAY(names->arena, struct known_name, NAME_SLOTS);
	while (names->slots[at].reference.p && !str_equal(names->slots[at].reference, reference))
		at = (at + 1) % NAME_SLOTS;
	if (names->slots[at].reference.p) {
		*out = names->slots[at].name;
		return NULL;
	}
	TRY(record_look_up(cx, px, reference, out));
	if (names->count < NAMES_MAX) {
		names->count++;
		names->slots[at] =
		    (struct known_name){arena_str(names->arena, reference), arena_str(names->arena, *out)};
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
