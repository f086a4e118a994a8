/* SPDX-License-Identifier: Apache-2.0 */
/* The entries of one row of resource_index: which of 128 neighbours have a value, or when each of them was.  Private to
 * this folder. */
#ifndef SALVE_RECORD_LIST_H
#define SALVE_RECORD_LIST_H

#include "platform/base/base.h"

#define LIST_CHUNK_BITS 7
#define LIST_CHUNK      (1 << LIST_CHUNK_BITS)

/* A time nobody knows: the beginning or the end of an open period. */
#define LIST_OPEN_LOW  (-((int64_t)1 << 56))
#define LIST_OPEN_HIGH ((int64_t)1 << 56)

struct list_entry {
	int64_t n;         /* which resource */
	int64_t low, high; /* of a time: low <= t < high in ms, or open; 0 otherwise */
};
struct list_entries {
	struct list_entry *items;
	size_t count, capacity;
};

/* Append what a row holds. ERR_BROKEN when the bytes are not such a row. */
fallible list_read(struct arena *arena, bool is_date, int64_t chunk, str bytes, struct list_entries *out);
/* The bytes of entries of one chunk, ordered by n. */
str list_write(struct arena *arena, bool is_date, const struct list_entry *items, size_t count);

#endif
