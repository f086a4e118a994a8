/* SPDX-License-Identifier: Apache-2.0 */
/* Whole numbers in as few bytes as they need: seven bits a byte, the lowest first.  Private to this folder. */
#ifndef SALVE_RECORD_VARINT_H
#define SALVE_RECORD_VARINT_H

#include "platform/base/base.h"

static inline void
buf_add_varint(struct buf *out, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		buf_add_char(out, (char)(unsigned char)(value | 0x80));
	buf_add_char(out, (char)value);
}

/* False, and nothing taken, when `rest` does not begin with one. */
static inline bool
take_varint(str *rest, uint64_t *out)
{
	uint64_t value = 0;

	for (size_t i = 0; i < rest->n && i < 10; i++) {
		unsigned char byte = (unsigned char)rest->p[i];

		value |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			*out = value;
			*rest = str_drop(*rest, i + 1);
			return true;
		}
	}
	return false;
}

/* Small numbers of either sign become small ones without. */
static inline uint64_t
zigzag(int64_t value)
{
	return (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
}
static inline int64_t
unzigzag(uint64_t value)
{
	return (int64_t)(value >> 1 ^ (~(value & 1) + 1));
}

#endif
