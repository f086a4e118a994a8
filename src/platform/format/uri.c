/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/format/uri.h"
#include "platform/format/utf8.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
uri_decode(struct arena *arena, str coded, enum uri_plus plus, str *out)
{
	str plain = coded;

	if (coded.n &&
	    (memchr(coded.p, '%', coded.n) || (plus == URI_PLUS_IS_SPACE && memchr(coded.p, '+', coded.n)))) {
		char *to = arena_text(arena, coded.n);

		plain = (str){to, 0};
		for (size_t i = 0; i < coded.n; i++) {
			char c = coded.p[i];

			if (c == '%') {
				int high = i + 2 < coded.n ? hex_digit(coded.p[i + 1]) : -1;
				int low = i + 2 < coded.n ? hex_digit(coded.p[i + 2]) : -1;

				if (high < 0 || low < 0)
					return false;
				c = (char)(high << 4 | low);
				i += 2;
			} else if (c == '+' && plus == URI_PLUS_IS_SPACE) {
				c = ' ';
			}
			to[plain.n++] = c;
		}
	}
	if (plain.n && (memchr(plain.p, '\0', plain.n) || !utf8_is_valid(plain)))
		return false;
	*out = plain;
	return true;
}

static bool
is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
	       c == '_' || c == '~';
}

static void
encode(struct buf *out, str text, char also_kept)
{
	static const char digit[] = "0123456789ABCDEF";

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (is_unreserved(text.p[i]) || (also_kept && text.p[i] == also_kept)) {
			buf_add_char(out, text.p[i]);
			continue;
		}
		buf_add_char(out, '%');
		buf_add_char(out, digit[c >> 4]);
		buf_add_char(out, digit[c & 15]);
	}
}

void
uri_encode(struct buf *out, str text)
{
	encode(out, text, '\0');
}

void
uri_encode_path(struct buf *out, str path)
{
	encode(out, path, '/');
}

fallible
query_parse(struct arena *arena, str text, struct http_pairs *out)
{
	LIST(struct http_pair) pairs = {0};

	while (text.p) {
		struct http_pair pair = {.value = S("")};
		str piece, value;

		text = str_cut(text, '&', &piece);
		if (piece.n == 0)
			continue;
		if (pairs.count == HTTP_PARAMETERS_MAX)
			return ERR(ERR_INVALID, "There are too many fields.", "more than HTTP_PARAMETERS_MAX fields");
		value = str_cut(piece, '=', &piece);
		if (!uri_decode(arena, piece, URI_PLUS_IS_SPACE, &pair.name) ||
		    (value.p && !uri_decode(arena, value, URI_PLUS_IS_SPACE, &pair.value)))
			return ERR(ERR_INVALID, "A field is not coded as a web form should be.",
			    "broken percent-coding or UTF-8 in a query or form");
		*LIST_ADD(arena, &pairs) = pair;
	}
	*out = (struct http_pairs){pairs.items, pairs.count};
	return NULL;
}

str
pairs_first(struct http_pairs pairs, const char *name)
{
	for (size_t i = 0; i < pairs.count; i++)
		if (str_equal(pairs.items[i].name, str_from_z(name)))
			return pairs.items[i].value;
	return STR_NONE;
}
