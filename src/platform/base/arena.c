/* SPDX-License-Identifier: Apache-2.0 */
/* Chunked bump allocation.  The surprise: arena_grow extends the last allocation in place, so a growing buffer that is
 * the only writer costs no copies. */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#include "platform/base/base.h"

struct arena_chunk {
	struct arena_chunk *older;
	size_t bytes; /* usable, behind the header */
	alignas(max_align_t) char data[];
};

#define CHUNK_BYTES_FIRST ((size_t)8 * 1024 - sizeof(struct arena_chunk))
#define CHUNK_BYTES_MAX   ((size_t)1024 * 1024)

void
arena_init(struct arena *arena)
{
	*arena = (struct arena)ARENA_INIT;
}

void
arena_release(struct arena *arena)
{
	struct arena_chunk *chunk = arena->chunk;

	while (chunk) {
		struct arena_chunk *older = chunk->older;
		free(chunk);
		chunk = older;
	}
	arena_init(arena);
}

void
arena_clear(struct arena *arena)
{
	struct arena_chunk *chunk = arena->chunk;

	if (!chunk)
		return;
	while (chunk->older) {
		struct arena_chunk *older = chunk->older;
		free(chunk);
		chunk = older;
	}
	arena->chunk = chunk;
	arena->at = chunk->data;
	arena->end = chunk->data + chunk->bytes;
	arena->held_bytes = chunk->bytes;
}

static void
add_chunk(struct arena *arena, size_t bytes)
{
	size_t next = arena->chunk ? arena->chunk->bytes * 2 : CHUNK_BYTES_FIRST;
	struct arena_chunk *chunk;

	if (next > CHUNK_BYTES_MAX)
		next = CHUNK_BYTES_MAX;
	if (bytes > next)
		next = bytes;
	chunk = malloc(sizeof(*chunk) + next);
	if (!chunk) {
		fprintf(stderr, "salve: out of memory: %zu bytes asked for, %zu held by this request\n", next,
		    arena->held_bytes);
		abort();
	}
	chunk->older = arena->chunk;
	chunk->bytes = next;
	arena->chunk = chunk;
	arena->at = chunk->data;
	arena->end = chunk->data + next;
	arena->held_bytes += next;
}

static char *
take(struct arena *arena, size_t bytes, size_t align)
{
	size_t skip = arena->at ? -(uintptr_t)arena->at & (align - 1) : 0;
	char *p;

	if (!arena->at || skip > (size_t)(arena->end - arena->at) || bytes > (size_t)(arena->end - arena->at) - skip) {
		assert(bytes < SIZE_MAX / 2);
		add_chunk(arena, bytes + align);
		skip = -(uintptr_t)arena->at & (align - 1);
	}
	p = arena->at + skip;
	arena->at = p + bytes;
	return p;
}

void *
arena_alloc(struct arena *arena, size_t bytes)
{
	return memset(take(arena, bytes, alignof(max_align_t)), 0, bytes);
}

void *
arena_alloc_array(struct arena *arena, size_t item_bytes, size_t count)
{
	size_t bytes;
	bool overflow = __builtin_mul_overflow(item_bytes, count, &bytes);

	assert(!overflow);
	return arena_alloc(arena, bytes);
}

char *
arena_text(struct arena *arena, size_t bytes)
{
	return take(arena, bytes, 1);
}

char *
arena_grow(struct arena *arena, char *p, size_t old_bytes, size_t new_bytes)
{
	char *copy;

	if (p && p + old_bytes == arena->at && new_bytes - old_bytes <= (size_t)(arena->end - arena->at)) {
		arena->at = p + new_bytes;
		return p;
	}
	copy = arena_text(arena, new_bytes);
	if (old_bytes)
		memcpy(copy, p, old_bytes);
	return copy;
}

str
arena_str(struct arena *arena, str s)
{
	char *p;

	if (!s.p)
		return s;
	p = arena_text(arena, s.n);
	if (s.n)
		memcpy(p, s.p, s.n);
	return (str){p, s.n};
}

const char *
arena_z(struct arena *arena, str s)
{
	char *p = arena_text(arena, s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

str
arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	int n;
	char *p;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	assert(n >= 0);
	p = arena_text(arena, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, format, again);
	va_end(again);
	return (str){p, (size_t)n};
}

str
arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	str out;

	va_start(args, format);
	out = arena_vprintf(arena, format, args);
	va_end(args);
	return out;
}
