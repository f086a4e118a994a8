/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that dies together.  One arena per request or job; nothing is freed singly.  What a request may take is bounded
 * by the limits on its input (limits.h); running out of the machine's memory ends the process with a log line. */
#ifndef SALVE_ARENA_H
#define SALVE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "platform/base/str.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *chunk; /* the newest, where allocation goes on */
	char *at, *end;            /* free part of the newest chunk */
	size_t held_bytes;         /* all chunks together */
};

#define ARENA_INIT \
	{          \
		0  \
	}

void arena_init(struct arena *arena);
void arena_release(struct arena *arena); /* gives all memory back */
void arena_clear(struct arena *arena);   /* forgets everything, keeps the first chunk for reuse */

/* Zeroed memory, aligned for any type; never NULL. */
void *arena_alloc(struct arena *arena, size_t bytes) __attribute__((malloc, alloc_size(2), returns_nonnull));
/* `bytes` not zeroed, aligned to 1: for text. */
char *arena_text(struct arena *arena, size_t bytes) __attribute__((returns_nonnull));
/* `p` of `old_bytes` grown to `new_bytes`: in place when it was the last allocation, a copy otherwise. */
char *arena_grow(struct arena *arena, char *p, size_t old_bytes, size_t new_bytes) __attribute__((returns_nonnull));

str arena_str(struct arena *arena, str s);       /* a copy; absent stays absent */
const char *arena_z(struct arena *arena, str s); /* a copy ended by NUL */
str arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
str arena_vprintf(struct arena *arena, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

#define ARENA_NEW(arena, type)          ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc_array((arena), sizeof(type), (count)))
void *arena_alloc_array(struct arena *arena, size_t item_bytes, size_t count) __attribute__((returns_nonnull));

#endif
