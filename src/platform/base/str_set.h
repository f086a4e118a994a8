/* SPDX-License-Identifier: Apache-2.0 */
/* Strings, each once, in the order they came:
 *	struct str_set seen = {.arena = arena};
 *	if (str_set_add(&seen, text)) ...      the first time        seen.items[i], seen.count */
#ifndef SALVE_STR_SET_H
#define SALVE_STR_SET_H

#include "platform/base/arena.h"

struct str_set {
	struct arena *arena; /* of the set and of its texts */
	str *items;
	size_t count, capacity;
	str *slots; /* open addressing; absent: free */
	size_t slot_count;
};

/* True when it was not there before; the text is copied. */
bool str_set_add(struct str_set *set, str text);
bool str_set_has(const struct str_set *set, str text);

#endif
