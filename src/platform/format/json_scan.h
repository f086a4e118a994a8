/* SPDX-License-Identifier: Apache-2.0 */
/* What the JSON reader and the JSON writer both do to text: pass quickly over what needs no attention.  Private to them. */
#ifndef SALVE_JSON_SCAN_H
#define SALVE_JSON_SCAN_H

#include "platform/base/base.h"

/* The first byte from `at` on that is a quote, a backslash, a control character or not ASCII; `end` when there is none. */
static inline const char *
json_skip_plain(const char *at, const char *end)
{
	const uint64_t ones = 0x0101010101010101u, tops = 0x80 * ones;

	for (; end - at >= 8; at += 8) {
		uint64_t eight, quote, backslash, stop;

		memcpy(&eight, at, 8);
		quote = eight ^ '"' * ones;
		backslash = eight ^ '\\' * ones;
		/* A top bit is set for each byte that stops us; a borrow sets others too, but only above the first such byte. */
		stop = (eight | (eight - 0x20 * ones) | (quote - ones) | (backslash - ones)) & tops;
		if (stop) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
			return at + __builtin_ctzll(stop) / 8;
#else
			break;
#endif
		}
	}
	for (; at < end; at++) {
		unsigned char c = (unsigned char)*at;

		if (c == '"' || c == '\\' || c < 0x20 || c >= 0x80)
			break;
	}
	return at;
}

/* The end of the JSON number that begins at `at`; NULL and `*wrong_at`, `*reason` when it is none. */
const char *json_number_end(const char *at, const char *end, const char **wrong_at, const char **reason);

#endif
