/* SPDX-License-Identifier: Apache-2.0 */
/* Text as pointer and length.  A `str` borrows its bytes: it never owns, never ends in NUL by promise, and is passed by
 * value.  `p == NULL` means "absent", which is different from empty (`p != NULL, n == 0`). */
#ifndef SALVE_STR_H
#define SALVE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
	const char *p;
	size_t n;
} str;

/* A literal as str; usable in static initialisers as S_INIT. */
#define S(literal) ((str){"" literal "", sizeof(literal) - 1})
#define S_INIT(literal)                            \
	{                                          \
		"" literal "", sizeof(literal) - 1 \
	}
#define STR_NONE ((str){NULL, 0})
/* printf("%.*s", STR_ARG(s)) */
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

str str_from_z(const char *z); /* NULL gives STR_NONE */
str str_slice(const char *begin, const char *end);
bool str_equal(str a, str b);      /* absent equals empty */
bool str_equal_fold(str a, str b); /* ASCII letters without case */
int str_compare(str a, str b);     /* bytewise, shorter first */
bool str_is_empty(str s);          /* absent or no bytes */
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
bool str_contains(str s, str needle);
bool str_find(str s, str needle, size_t *at); /* false and `at` untouched when missing */
str str_drop(str s, size_t n);                /* without the first n bytes (all, when shorter) */
str str_take(str s, size_t n);                /* the first n bytes at most */
str str_trim(str s);                          /* without ASCII white space at both ends */
/* Split at the first `separator`: `head` gets what stands before it, the result what follows; without one, `head` gets
 * all and the result is absent, so `while (rest.p) rest = str_cut(rest, ',', &item)` visits every piece. */
str str_cut(str s, char separator, str *head);
uint64_t str_hash(str s); /* FNV-1a, for tables in memory only: not for keys that an enemy chooses across requests */
/* Decimal digits with an optional '-', the whole text, within int64; false otherwise and `out` untouched. */
bool str_to_int64(str s, int64_t *out);

#endif
