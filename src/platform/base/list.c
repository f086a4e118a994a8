/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/base/base.h"

#define LIST_CAPACITY_FIRST 8

void *
list_grow(struct arena *arena, void *items, size_t item_bytes, size_t *capacity)
{
	size_t wider = *capacity ? *capacity * 2 : LIST_CAPACITY_FIRST;
	void *copy = arena_alloc_array(arena, item_bytes, wider);

	if (*capacity)
		memcpy(copy, items, *capacity * item_bytes);
	*capacity = wider;
	return copy;
}
