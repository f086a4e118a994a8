/* SPDX-License-Identifier: Apache-2.0 */
/* Both alphabets by the same two loops; they differ in two letters and in the padding.  Not for secrets that must be read in
 * constant time: the table look-up depends on the text. */
#include "platform/format/base64.h"

struct alphabet {
	const char *letters;
	bool padded;
};

static const struct alphabet plain = {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", true};
static const struct alphabet url = {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", false};

static str
encode(struct arena *arena, str bytes, const struct alphabet *a)
{
	char *text = arena_text(arena, bytes.n / 3 * 4 + 4), *at = text;

	for (size_t i = 0; i < bytes.n; i += 3) {
		size_t have = bytes.n - i < 3 ? bytes.n - i : 3;
		uint32_t group = 0;

		for (size_t k = 0; k < 3; k++)
			group = group << 8 | (k < have ? (unsigned char)bytes.p[i + k] : 0);
		for (size_t k = 0; k < 4; k++) {
			if (k <= have)
				*at++ = a->letters[group >> (18 - 6 * k) & 63];
			else if (a->padded)
				*at++ = '=';
		}
	}
	return str_slice(text, at);
}

/* 0 to 63, or -1. */
static int
value_of(char c, const struct alphabet *a)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == a->letters[62] ? 62 : c == a->letters[63] ? 63 : -1;
}

static bool
decode(struct arena *arena, str text, const struct alphabet *a, str *out)
{
	char *bytes, *at;
	uint32_t bits = 0;

	if (a->padded) {
		if (text.n % 4 != 0)
			return false;
		for (int pads = 0; pads < 2 && str_ends(text, S("=")); pads++)
			text.n--;
	}
	if (text.n % 4 == 1)
		return false; /* six bits are no byte */
	at = bytes = arena_text(arena, text.n / 4 * 3 + 3);
	for (size_t i = 0; i < text.n; i++) {
		int value = value_of(text.p[i], a);

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		if (i % 4 != 3)
			continue;
		*at++ = (char)(bits >> 16);
		*at++ = (char)(bits >> 8);
		*at++ = (char)bits;
	}
	if (text.n % 4 == 2) {
		if (bits & 0xF)
			return false;
		*at++ = (char)(bits >> 4);
	} else if (text.n % 4 == 3) {
		if (bits & 0x3)
			return false;
		*at++ = (char)(bits >> 10);
		*at++ = (char)(bits >> 2);
	}
	*out = str_slice(bytes, at);
	return true;
}

str
base64_encode(struct arena *arena, str bytes)
{
	return encode(arena, bytes, &plain);
}

str
base64url_encode(struct arena *arena, str bytes)
{
	return encode(arena, bytes, &url);
}

bool
base64_decode(struct arena *arena, str text, str *out)
{
	return decode(arena, text, &plain, out);
}

bool
base64url_decode(struct arena *arena, str text, str *out)
{
	return decode(arena, text, &url, out);
}
