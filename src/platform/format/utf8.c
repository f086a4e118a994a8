/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8: walking and checking by hand, because it is on the path of every byte that comes in; everything that needs
 * Unicode's tables (normal forms, case folding, clusters, widths) by libutf8proc.  The surprise: libutf8proc allocates with
 * malloc; what it gives is copied into the arena and freed at once. */
#include <stdlib.h>

#include <utf8proc.h>

#include "platform/format/utf8.h"

#define REPLACEMENT 0xFFFD

/* RFC 3629 section 4: which second bytes a lead byte allows; the others are always 80..BF. */
size_t
utf8_char_bytes(str text)
{
	const unsigned char *p = (const unsigned char *)text.p;
	unsigned char low = 0x80, high = 0xBF;
	size_t n;

	if (text.n == 0)
		return 0;
	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xC2 || p[0] > 0xF4)
		return 0;
	n = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	if (text.n < n)
		return 0;
	switch (p[0]) {
	case 0xE0: low = 0xA0; break;  /* overlong */
	case 0xED: high = 0x9F; break; /* surrogates */
	case 0xF0: low = 0x90; break;  /* overlong */
	case 0xF4: high = 0x8F; break; /* above U+10FFFF */
	default: break;
	}
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	return n;
}

/* How many bytes at the beginning are ASCII; may stop up to seven bytes early near the first that is not. */
static size_t
ascii_prefix(const char *p, size_t n)
{
	size_t i = 0;

	for (; n - i >= 32; i += 32) {
		uint64_t w[4];

		memcpy(w, p + i, 32);
		if ((w[0] | w[1] | w[2] | w[3]) & 0x8080808080808080u)
			break;
	}
	while (i < n && (unsigned char)p[i] < 0x80)
		i++;
	return i;
}

bool
utf8_is_valid(str text)
{
	while (text.n) {
		size_t n;

		text = str_drop(text, ascii_prefix(text.p, text.n));
		while (text.n && (unsigned char)text.p[0] >= 0x80) {
			n = utf8_char_bytes(text);
			if (n == 0)
				return false;
			text = str_drop(text, n);
		}
	}
	return true;
}

str
utf8_repair(struct arena *arena, str text)
{
	struct buf out = BUF_INIT(arena);
	uint32_t character;

	if (utf8_is_valid(text))
		return text;
	while (utf8_next(&text, &character))
		buf_add_utf8(&out, character);
	return buf_str(&out);
}

bool
utf8_next(str *rest, uint32_t *character)
{
	const unsigned char *p = (const unsigned char *)rest->p;
	size_t n = utf8_char_bytes(*rest);

	if (rest->n == 0)
		return false;
	switch (n) {
	case 0: *character = REPLACEMENT; break;
	case 1: *character = p[0]; break;
	case 2: *character = (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu); break;
	case 3: *character = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu); break;
	default: *character = (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu); break;
	}
	*rest = str_drop(*rest, n ? n : 1);
	return true;
}

void
buf_add_utf8(struct buf *buf, uint32_t character)
{
	char *p = buf_reserve(buf, 4);

	assert(character <= 0x10FFFF && (character < 0xD800 || character > 0xDFFF));
	if (character < 0x80) {
		p[0] = (char)character;
		buf->n += 1;
	} else if (character < 0x800) {
		p[0] = (char)(0xC0 | character >> 6);
		p[1] = (char)(0x80 | (character & 0x3F));
		buf->n += 2;
	} else if (character < 0x10000) {
		p[0] = (char)(0xE0 | character >> 12);
		p[1] = (char)(0x80 | (character >> 6 & 0x3F));
		p[2] = (char)(0x80 | (character & 0x3F));
		buf->n += 3;
	} else {
		p[0] = (char)(0xF0 | character >> 18);
		p[1] = (char)(0x80 | (character >> 12 & 0x3F));
		p[2] = (char)(0x80 | (character >> 6 & 0x3F));
		p[3] = (char)(0x80 | (character & 0x3F));
		buf->n += 4;
	}
}

size_t
utf8_count(str text)
{
	size_t count = 0;
	uint32_t character;

	while (text.n) {
		size_t ascii = ascii_prefix(text.p, text.n);

		count += ascii;
		text = str_drop(text, ascii);
		if (utf8_next(&text, &character))
			count++;
	}
	return count;
}

/* The longest beginning within both limits that ends between clusters; between characters when the first is too long. */
static str
take(str text, size_t chars_max, size_t bytes_max)
{
	str rest = text;
	uint32_t character, before = 0;
	utf8proc_int32_t state = 0;
	size_t chars = 0, whole = 0, fitting = 0;

	while (utf8_next(&rest, &character)) {
		size_t begin = fitting, end = text.n - rest.n;

		if (begin > 0 && utf8proc_grapheme_break_stateful((int32_t)before, (int32_t)character, &state))
			whole = begin;
		if (++chars > chars_max || end > bytes_max)
			return str_take(text, whole ? whole : begin);
		fitting = end;
		before = character;
	}
	return text;
}

str
utf8_take_chars(str text, size_t chars_max)
{
	return text.n <= chars_max ? text : take(text, chars_max, SIZE_MAX);
}

str
utf8_take_bytes(str text, size_t bytes_max)
{
	return text.n <= bytes_max ? text : take(text, SIZE_MAX, bytes_max);
}

static str
map(struct arena *arena, str text, utf8proc_option_t options)
{
	utf8proc_uint8_t *mapped;
	utf8proc_ssize_t n;
	str out;

	text = utf8_repair(arena, text);
	n = utf8proc_map((const utf8proc_uint8_t *)text.p, (utf8proc_ssize_t)text.n, &mapped, options);
	assert(n >= 0); /* the text is valid; only memory could be missing */
	out = arena_str(arena, (str){(const char *)mapped, (size_t)n});
	free(mapped);
	return out;
}

str
utf8_nfc(struct arena *arena, str text)
{
	if (text.n == 0 || ascii_prefix(text.p, text.n) == text.n)
		return text;
	return map(arena, text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

/* ASCII white space and Unicode's (category Z) as one blank, none at the ends. */
static str
squeeze(struct arena *arena, str text)
{
	struct buf out = BUF_INIT(arena);
	uint32_t character;
	bool blank = false;

	buf_reserve(&out, text.n);
	while (utf8_next(&text, &character)) {
		utf8proc_category_t category = utf8proc_category((int32_t)character);

		if ((character >= '\t' && character <= '\r') || category == UTF8PROC_CATEGORY_ZS ||
		    category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP) {
			blank = out.n > 0;
			continue;
		}
		if (blank)
			buf_add_char(&out, ' ');
		blank = false;
		buf_add_utf8(&out, character);
	}
	return buf_str(&out);
}

str
utf8_fold(struct arena *arena, str text)
{
	if (text.n == 0)
		return S("");
	if (ascii_prefix(text.p, text.n) < text.n)
		text = map(arena, text,
		    UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK |
			UTF8PROC_IGNORE);
	else
		text = arena_str(arena, text);
	text = squeeze(arena, text);
	for (size_t i = 0; i < text.n; i++) {
		char *c = (char *)(uintptr_t)text.p + i; /* squeeze made it */

		if (*c >= 'A' && *c <= 'Z')
			*c |= 0x20;
	}
	return text;
}

static bool
hides_or_reorders(uint32_t c)
{
	return c == 0x00AD || c == 0x061C || c == 0x180E || c == 0x200B || c == 0x200E || c == 0x200F ||
	       (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
	       (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE ||
	       (c >= 0xE0000 && c <= 0xE007F);
}

static bool
is_clean(str text, bool lines)
{
	uint32_t c;

	while (text.n) {
		str before = text;

		if (utf8_char_bytes(text) == 0)
			return false;
		utf8_next(&text, &c);
		if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
			bool allowed = c == '\t' || c == '\n' || (c == '\r' && str_starts(before, S("\r\n")));

			if (!lines || !allowed)
				return false;
		} else if (hides_or_reorders(c)) {
			return false;
		}
	}
	return true;
}

bool
utf8_is_clean_line(str text)
{
	return is_clean(text, false);
}

bool
utf8_is_clean_text(str text)
{
	return is_clean(text, true);
}

int
utf8_char_width(uint32_t character)
{
	int width;

	if (character < 0x7F)
		return character >= 0x20;
	width = utf8proc_charwidth((int32_t)character);
	return width < 0 ? 0 : width;
}

size_t
utf8_width(str text)
{
	size_t width = 0;
	uint32_t character;

	while (utf8_next(&text, &character))
		width += (size_t)utf8_char_width(character);
	return width;
}
