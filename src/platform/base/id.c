/* SPDX-License-Identifier: Apache-2.0 */
/* UUIDs and the one source of randomness. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "platform/base/base.h"

void
random_bytes(void *out, size_t n)
{
	unsigned char *at = out;

	while (n) {
		size_t want = n < 256 ? n : 256; /* getrandom never returns short up to 256 bytes */
		if (getrandom(at, want, 0) != (ssize_t)want) {
			fprintf(stderr, "salve: the system gives no random bytes\n");
			abort();
		}
		at += want;
		n -= want;
	}
}

struct uuid
uuid_new(instant now)
{
	struct uuid id;
	uint64_t ms = (uint64_t)now.ms;

	random_bytes(id.bytes + 6, 10);
	for (int i = 0; i < 6; i++)
		id.bytes[i] = (unsigned char)(ms >> (40 - 8 * i));
	id.bytes[6] = (unsigned char)(0x70 | (id.bytes[6] & 0x0f));
	id.bytes[8] = (unsigned char)(0x80 | (id.bytes[8] & 0x3f));
	return id;
}

bool
uuid_is_none(struct uuid id)
{
	return uuid_equal(id, (struct uuid){{0}});
}

bool
uuid_equal(struct uuid a, struct uuid b)
{
	return memcmp(a.bytes, b.bytes, sizeof(a.bytes)) == 0;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
uuid_parse(str text, struct uuid *out)
{
	struct uuid id;
	size_t n = 0;

	if (text.n != UUID_TEXT_CHARS)
		return false;
	for (size_t i = 0; i < UUID_TEXT_CHARS;) {
		int high, low;

		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (text.p[i++] != '-')
				return false;
			continue;
		}
		high = hex_value(text.p[i]);
		low = hex_value(text.p[i + 1]);
		if (high < 0 || low < 0)
			return false;
		id.bytes[n++] = (unsigned char)(high << 4 | low);
		i += 2;
	}
	*out = id;
	return true;
}

void
buf_add_uuid(struct buf *buf, struct uuid id)
{
	static const char digit[] = "0123456789abcdef";
	char *p = buf_reserve(buf, UUID_TEXT_CHARS);

	for (size_t i = 0; i < sizeof(id.bytes); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = digit[id.bytes[i] >> 4];
		*p++ = digit[id.bytes[i] & 15];
	}
	buf->n += UUID_TEXT_CHARS;
}

str
uuid_text(struct arena *arena, struct uuid id)
{
	struct buf buf = BUF_INIT(arena);

	buf_add_uuid(&buf, id);
	return buf_str(&buf);
}
