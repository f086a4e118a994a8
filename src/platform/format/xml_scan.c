/* SPDX-License-Identifier: Apache-2.0 */
/* Characters of XML: names, references, where a text can be cut; and the document type, which is passed over byte by byte. */
#include "platform/format/xml_scan.h"

#include "platform/format/utf8.h"

#define REFERENCE_MAX 12 /* "&#x0010FFFF;" */

const struct err *
xml_wrong(const struct xml_reader *r, const char *what)
{
	return err_said(r->arena, ERR_INVALID, "Line %lld: %s", (long long)r->place.line, what);
}

/* ---- characters ---- */

bool
xml_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Names are letters, digits and ".-_:", and anything beyond ASCII. */
bool
xml_is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
	       c == '_' || c == ':' || (unsigned char)c >= 0x80;
}

bool
xml_is_name(str name)
{
	if (!name.n || name.n > XML_NAME_BYTES_MAX || name.p[0] == '-' || name.p[0] == '.' ||
	    (name.p[0] >= '0' && name.p[0] <= '9'))
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (!xml_is_name_char(name.p[i]))
			return false;
	return true;
}

bool
xml_is_clean(str text)
{
	bool good = true;

	for (size_t i = 0; i < text.n; i++)
		good &= (unsigned char)text.p[i] >= 0x20 || xml_is_space(text.p[i]);
	return good && utf8_is_valid(text);
}

static bool
number_of(str digits, uint32_t *out)
{
	uint32_t value = 0, base = 10;

	if (digits.n && digits.p[0] == 'x') {
		base = 16;
		digits = str_drop(digits, 1);
	}
	if (!digits.n)
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		char c = digits.p[i], folded = (char)(c | 32);
		uint32_t digit = c >= '0' && c <= '9'                           ? (uint32_t)(c - '0')
		                 : base == 16 && folded >= 'a' && folded <= 'f' ? (uint32_t)(folded - 'a' + 10)
		                                                                : 99;

		if (digit > base)
			return false;
		value = value * base + digit;
		if (value > 0x10FFFF)
			return false;
	}
	*out = value;
	return (value >= 0x20 || value == '\t' || value == '\n' || value == '\r') &&
	       (value < 0xD800 || value > 0xDFFF) && value != 0xFFFE && value != 0xFFFF;
}

/* One of the five, or a number; `name` without & and ;. */
static bool
reference_of(str name, uint32_t *out)
{
	static const struct {
		const char *name;
		char is;
	} known[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};

	if (name.n && name.p[0] == '#')
		return number_of(str_drop(name, 1), out);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_equal(name, str_from_z(known[i].name))) {
			*out = (uint32_t)known[i].is;
			return true;
		}
	return false;
}

static size_t
put_character(char *to, uint32_t c)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xC0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xE0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3F));
		to[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	to[0] = (char)(0xF0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3F));
	to[2] = (char)(0x80 | (c >> 6 & 0x3F));
	to[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

/* References become what they stand for; in an attribute, line ends and tabs become blanks. */
fallible
xml_decode(const struct xml_reader *r, char *p, size_t n, bool in_attribute, str *out)
{
	size_t to = 0;

	*out = (str){p, n};
	if (!memchr(p, '&', n) && !memchr(p, '\r', n) &&
	    (!in_attribute || (!memchr(p, '\n', n) && !memchr(p, '\t', n))))
		return NULL;
	for (size_t i = 0; i < n;) {
		const char *end;
		uint32_t c;

		if (p[i] == '\r') { /* line ends are one LF */
			i += i + 1 < n && p[i + 1] == '\n';
			p[to++] = in_attribute ? ' ' : '\n';
			i++;
			continue;
		}
		if (p[i] != '&') {
			p[to++] = in_attribute && xml_is_space(p[i]) ? ' ' : p[i];
			i++;
			continue;
		}
		end = memchr(p + i, ';', n - i > REFERENCE_MAX ? REFERENCE_MAX : n - i);
		if (!end || !reference_of(str_slice(p + i + 1, end), &c))
			return xml_wrong(r, "something that begins with \"&\" is not known here.");
		to += put_character(p + to, c);
		i = (size_t)(end - p) + 1;
	}
	*out = (str){p, to};
	return NULL;
}

/* How much of the text at hand is sure: no reference and no character is cut in two. */
size_t
xml_whole_text(str text)
{
	size_t n = text.n, back = 0;

	for (size_t i = 1; i <= REFERENCE_MAX && i <= n; i++) {
		if (text.p[n - i] == ';')
			break;
		if (text.p[n - i] == '&')
			return n - i;
	}
	if (n && text.p[n - 1] == '\r')
		return n - 1;
	while (back < 3 && back < n && ((unsigned char)text.p[n - 1 - back] & 0xC0) == 0x80)
		back++;
	if (back < n && (unsigned char)text.p[n - 1 - back] >= 0xC0 &&
	    utf8_char_bytes(str_drop(text, n - 1 - back)) == 0)
		return n - 1 - back;
	return n;
}

/* ---- the document type ---- */

/* The document type, byte by byte: quoted texts, comments and instructions may hold any bracket. */
fallible
xml_skip_doctype(struct xml_reader *r)
{
	while (r->at < r->end) {
		char c = r->bytes[r->at];
		bool in_comment = r->quote == '-', in_instruction = r->quote == '?';

		if (++r->doctype_bytes > XML_DOCTYPE_BYTES_MAX)
			return xml_wrong(r, "the document type is longer than is read here.");
		memmove(r->back, r->back + 1, 3);
		r->back[3] = c;
		if (c == '\n')
			r->place.line++;
		r->at++;
		r->place.offset++;
		if (in_comment || in_instruction) {
			if (in_comment ? memcmp(r->back + 1, "-->", 3) == 0 : memcmp(r->back + 2, "?>", 2) == 0)
				r->quote = 0;
		} else if (r->quote) {
			if (c == r->quote)
				r->quote = 0;
		} else if (memcmp(r->back, "<!--", 4) == 0) {
			r->quote = '-';
		} else if (memcmp(r->back + 2, "<?", 2) == 0) {
			r->quote = '?';
		} else if (c == '"' || c == '\'') {
			r->quote = c;
		} else if (c == '[' || c == ']') {
			if (r->in_subset == (c == '['))
				return xml_wrong(r, "the document type is not written correctly.");
			r->in_subset = c == '[';
		} else if (c == '>' && !r->in_subset) {
			r->mode = XML_MODE_CONTENT;
			return NULL;
		}
	}
	return NULL;
}
