/* SPDX-License-Identifier: Apache-2.0 */
/* Growable text in an arena: doubling, extended in place where the arena allows. */
#include <stdio.h>

#include "platform/base/base.h"

char *
buf_reserve(struct buf *buf, size_t n)
{
	if (!buf->p || n > buf->capacity - buf->n) {
		size_t capacity = buf->capacity ? buf->capacity * 2 : 256;

		assert(n < SIZE_MAX / 4);
		while (capacity - buf->n < n)
			capacity *= 2;
		buf->p = arena_grow(buf->arena, buf->p, buf->capacity, capacity);
		buf->capacity = capacity;
	}
	return buf->p + buf->n;
}

void
buf_add_bytes(struct buf *buf, const void *bytes, size_t n)
{
	if (n == 0)
		return;
	memcpy(buf_reserve(buf, n), bytes, n);
	buf->n += n;
}

void
buf_add(struct buf *buf, str s)
{
	buf_add_bytes(buf, s.p, s.n);
}

void
buf_add_z(struct buf *buf, const char *z)
{
	buf_add_bytes(buf, z, strlen(z));
}

void
buf_add_char(struct buf *buf, char c)
{
	*buf_reserve(buf, 1) = c;
	buf->n++;
}

void
buf_add_int64(struct buf *buf, int64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

	do
		digits[--at] = (char)('0' + rest % 10);
	while ((rest /= 10) != 0);
	if (value < 0)
		digits[--at] = '-';
	buf_add_bytes(buf, digits + at, sizeof(digits) - at);
}

void
buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args, again;
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	assert(n >= 0);
	vsnprintf(buf_reserve(buf, (size_t)n + 1), (size_t)n + 1, format, again);
	va_end(again);
	buf->n += (size_t)n;
}

void
buf_clear(struct buf *buf)
{
	buf->n = 0;
}

str
buf_str(const struct buf *buf)
{
	return (str){buf->p ? buf->p : "", buf->n};
}
