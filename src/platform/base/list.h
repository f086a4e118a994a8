/* SPDX-License-Identifier: Apache-2.0 */
/* A growing array in an arena:
 *	LIST(struct thread) threads = {0};
 *	*LIST_ADD(arena, &threads) = (struct thread){...};      threads.items[i], threads.count */
#ifndef SALVE_LIST_H
#define SALVE_LIST_H

#include "platform/base/arena.h"

#define LIST(type)                      \
	struct {                        \
		type *items;            \
		size_t count, capacity; \
	}

/* A new zeroed item at the end; earlier pointers into the list may move. */
#define LIST_ADD(arena, list)                                                                                         \
	({                                                                                                            \
		if ((list)->count == (list)->capacity)                                                                \
			(list)->items = list_grow((arena), (list)->items, sizeof(*(list)->items), &(list)->capacity); \
		&(list)->items[(list)->count++];                                                                      \
	})

void *list_grow(struct arena *arena, void *items, size_t item_bytes, size_t *capacity) __attribute__((returns_nonnull));

#endif
