/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at text: no function here allocates or changes a byte. */
#include "platform/base/base.h"

str
str_from_z(const char *z)
{
	return z ? (str){z, strlen(z)} : STR_NONE;
}

str
str_slice(const char *begin, const char *end)
{
	return (str){begin, (size_t)(end - begin)};
}

bool
str_equal(str a, str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static unsigned char
fold(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

bool
str_equal_fold(str a, str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (fold(a.p[i]) != fold(b.p[i]))
			return false;
	return true;
}

int
str_compare(str a, str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

bool
str_is_empty(str s)
{
	return s.n == 0;
}

bool
str_starts(str s, str prefix)
{
	return s.n >= prefix.n && str_equal(str_take(s, prefix.n), prefix);
}

bool
str_ends(str s, str suffix)
{
	return s.n >= suffix.n && str_equal(str_drop(s, s.n - suffix.n), suffix);
}

bool
str_contains(str s, str needle)
{
	size_t at;

	return str_find(s, needle, &at);
}

bool
str_find(str s, str needle, size_t *at)
{
	const char *hit;

	if (needle.n == 0) {
		*at = 0;
		return true;
	}
	if (needle.n > s.n)
		return false;
	hit = memmem(s.p, s.n, needle.p, needle.n);
	if (!hit)
		return false;
	*at = (size_t)(hit - s.p);
	return true;
}

str
str_drop(str s, size_t n)
{
	if (n > s.n)
		n = s.n;
	return (str){s.p ? s.p + n : NULL, s.n - n};
}

str
str_take(str s, size_t n)
{
	return (str){s.p, n < s.n ? n : s.n};
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

str
str_trim(str s)
{
	while (s.n && is_space(s.p[0]))
		s = str_drop(s, 1);
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

str
str_cut(str s, char separator, str *head)
{
	const char *hit = s.n ? memchr(s.p, separator, s.n) : NULL;

	if (!hit) {
		*head = s;
		return STR_NONE;
	}
	*head = str_slice(s.p, hit);
	return str_slice(hit + 1, s.p + s.n);
}

uint64_t
str_hash(str s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	return h;
}

bool
str_to_int64(str s, int64_t *out)
{
	bool minus = s.n && s.p[0] == '-';
	int64_t value = 0;

	if (minus)
		s = str_drop(s, 1);
	if (s.n == 0 || s.n > 19)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, s.p[i] - '0', &value))
			return false; /* counted downwards, so that INT64_MIN is reached too */
	}
	if (!minus && value == INT64_MIN)
		return false;
	*out = minus ? value : -value;
	return true;
}
