/* SPDX-License-Identifier: Apache-2.0 */
/* Text under construction, in an arena.  Appending cannot fail. */
#ifndef SALVE_BUF_H
#define SALVE_BUF_H

#include "platform/base/arena.h"

struct buf {
	struct arena *arena;
	char *p;
	size_t n, capacity;
};

#define BUF_INIT(arena_)          \
	{                         \
		.arena = (arena_) \
	}

void buf_add(struct buf *buf, str s);
void buf_add_z(struct buf *buf, const char *z);
void buf_add_char(struct buf *buf, char c);
void buf_add_bytes(struct buf *buf, const void *bytes, size_t n);
void buf_add_int64(struct buf *buf, int64_t value);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Space for `n` more bytes; write there, then add what was written to buf->n. */
char *buf_reserve(struct buf *buf, size_t n) __attribute__((returns_nonnull));
void buf_clear(struct buf *buf); /* empty again, memory kept */
/* What was built so far; valid until the next append. Never absent. */
str buf_str(const struct buf *buf);

#endif
