/* SPDX-License-Identifier: Apache-2.0 */
/* One pass over the bytes with a 256-entry table: runs of harmless bytes are copied whole. */
#include "platform/format/escape.h"

enum { IN_TEXT = 1, IN_ATTRIBUTE = 2 };

/* Which bytes must change, by place. */
static const unsigned char special[256] = {
    ['&'] = IN_TEXT | IN_ATTRIBUTE,
    ['<'] = IN_TEXT | IN_ATTRIBUTE,
    ['>'] = IN_TEXT | IN_ATTRIBUTE,
    ['"'] = IN_ATTRIBUTE,
    ['\''] = IN_ATTRIBUTE,
};

static str
entity(char c)
{
	switch (c) {
	case '&': return S("&amp;");
	case '<': return S("&lt;");
	case '>': return S("&gt;");
	case '"': return S("&quot;");
	default: return S("&#39;");
	}
}

static void
escape(struct buf *out, str text, unsigned place)
{
	size_t from = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (!(special[(unsigned char)text.p[i]] & place))
			continue;
		buf_add_bytes(out, text.p + from, i - from);
		buf_add(out, entity(text.p[i]));
		from = i + 1;
	}
	if (text.n > from)
		buf_add_bytes(out, text.p + from, text.n - from);
}

void
escape_text(struct buf *out, str text)
{
	escape(out, text, IN_TEXT);
}

void
escape_attribute(struct buf *out, str text)
{
	escape(out, text, IN_ATTRIBUTE);
}

static bool
has_odd_byte(str url)
{
	for (size_t i = 0; i < url.n; i++) {
		unsigned char c = (unsigned char)url.p[i];

		if (c <= ' ' || c == 0x7f || c == '\\')
			return true; /* browsers drop some of these and read others as '/' */
	}
	return false;
}

bool
url_is_safe(str url)
{
	static const str schemes[] = {S_INIT("https"), S_INIT("http"), S_INIT("mailto"), S_INIT("tel")};

	if (url.n == 0 || has_odd_byte(url) || str_starts(url, S("//")))
		return false;
	for (size_t i = 0; i < url.n; i++) {
		if (strchr("/?#", url.p[i]))
			return true; /* relative: no scheme can follow */
		if (url.p[i] != ':')
			continue;
		for (size_t k = 0; k < sizeof(schemes) / sizeof(*schemes); k++)
			if (str_equal_fold(str_take(url, i), schemes[k]))
				return true;
		return false;
	}
	return true;
}

bool
url_is_local(str url)
{
	return str_starts(url, S("/")) && !str_starts(url, S("//")) && !has_odd_byte(url);
}

void
escape_url(struct buf *out, str url)
{
	escape_attribute(out, url_is_safe(url) ? url : S("#"));
}

static bool
is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
	       c == '_' || c == '~';
}

void
escape_url_part(struct buf *out, str part)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < part.n; i++) {
		unsigned char c = (unsigned char)part.p[i];

		if (is_unreserved((char)c)) {
			buf_add_char(out, (char)c);
		} else {
			buf_add_char(out, '%');
			buf_add_char(out, digits[c >> 4]);
			buf_add_char(out, digits[c & 15]);
		}
	}
}
