/* SPDX-License-Identifier: Apache-2.0 */
/* The surprise: multipart is read strictly.  Every part must begin right behind a delimiter line, carry exactly one
 * Content-Disposition, and the closing delimiter must be there, so that a cut upload is an error and not a short file. */
#include "platform/format/form.h"
#include "platform/format/utf8.h"

#define BOUNDARY_BYTES_MAX  70 /* RFC 2046 5.1.1 */
#define PART_HEADER_MAX     10 /* header lines of one part */
#define PART_LINE_BYTES_MAX 2048
#define FILE_NAME_BYTES_MAX 255

static const struct err *
malformed(void)
{
	return ERR(ERR_INVALID, "The form did not arrive whole. Please send it again.", "malformed multipart body");
}

static str
media_type(str content_type)
{
	str type;

	str_cut(content_type, ';', &type);
	return str_trim(type);
}

static bool
is_urlencoded(str content_type)
{
	return str_equal_fold(media_type(content_type), S("application/x-www-form-urlencoded"));
}

static bool
is_multipart(str content_type)
{
	return str_equal_fold(media_type(content_type), S("multipart/form-data"));
}

bool
form_type_known(str content_type)
{
	return is_urlencoded(content_type) || is_multipart(content_type);
}

/* The quoted string that `rest` begins with (behind its first quote); `rest` moves behind the closing quote. */
static bool
take_quoted(struct arena *arena, str *rest, str *out)
{
	char *to = arena_text(arena, rest->n);
	size_t n = 0;

	for (size_t i = 0; i < rest->n; i++) {
		char c = rest->p[i];

		if (c == '"') {
			*out = (str){to, n};
			*rest = str_drop(*rest, i + 1);
			return true;
		}
		if (c == '\\' && i + 1 < rest->n && (rest->p[i + 1] == '"' || rest->p[i + 1] == '\\'))
			c = rest->p[++i]; /* only these two: old browsers send C:\names with plain backslashes */
		to[n++] = c;
	}
	return false;
}

str
header_parameter(struct arena *arena, str header, const char *name)
{
	str rest, head;

	rest = str_cut(header, ';', &head);
	while (rest.p) {
		str key, value;
		size_t at;

		if (!str_find(rest, S("="), &at))
			return STR_NONE;
		key = str_trim(str_take(rest, at));
		rest = str_drop(rest, at + 1);
		if (rest.n && rest.p[0] == '"') {
			rest = str_drop(rest, 1);
			if (!take_quoted(arena, &rest, &value))
				return STR_NONE;
			str_cut(rest, ';', &head);
			if (str_trim(head).n)
				return STR_NONE;
			rest = str_cut(rest, ';', &head);
		} else {
			rest = str_cut(rest, ';', &value);
			value = str_trim(value);
		}
		if (str_equal_fold(key, str_from_z(name)))
			return value;
	}
	return STR_NONE;
}

static bool
boundary_is_sound(str boundary)
{
	if (boundary.n == 0 || boundary.n > BOUNDARY_BYTES_MAX)
		return false;
	for (size_t i = 0; i < boundary.n; i++)
		if (boundary.p[i] <= ' ' || boundary.p[i] > '~')
			return false;
	return true;
}

/* The line that `rest` begins with, without its CR LF; `rest` moves behind it. */
static bool
take_line(str *rest, str *line)
{
	size_t at;

	if (!str_find(str_take(*rest, PART_LINE_BYTES_MAX), S("\r\n"), &at))
		return false;
	*line = str_take(*rest, at);
	*rest = str_drop(*rest, at + 2);
	return !memchr(line->p, '\0', line->n) && utf8_is_valid(*line);
}

/* "%22", "%0D" and "%0A" are how browsers write those three in a name (WHATWG HTML 4.10.22.8); nothing else is coded. */
static str
unescape_name(struct arena *arena, str coded)
{
	struct buf plain = BUF_INIT(arena);

	for (size_t i = 0; i < coded.n; i++) {
		str here = str_drop(coded, i);
		bool quote = str_starts(here, S("%22")), cr = str_starts(here, S("%0D")),
		     lf = str_starts(here, S("%0A"));

		buf_add_char(&plain, quote ? '"' : cr ? '\r' : lf ? '\n' : coded.p[i]);
		if (quote || cr || lf)
			i += 2;
	}
	return buf_str(&plain);
}

/* Without folders, and without what a file system or a page could trip over. */
static str
clean_file_name(struct arena *arena, str name)
{
	struct buf clean = BUF_INIT(arena);

	for (size_t i = name.n; i-- > 0;)
		if (name.p[i] == '/' || name.p[i] == '\\') {
			name = str_drop(name, i + 1);
			break;
		}
	for (size_t i = 0; i < name.n; i++)
		buf_add_char(&clean, (unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f ? '_' : name.p[i]);
	return utf8_take_bytes(buf_str(&clean), FILE_NAME_BYTES_MAX);
}

/* The header lines of one part; `rest` moves behind the empty line. */
static fallible
read_part_head(struct arena *arena, str *rest, struct http_pair *pair)
{
	bool named = false;
	str line;

	for (int lines = 0;; lines++) {
		str key, value;

		if (lines > PART_HEADER_MAX || !take_line(rest, &line))
			return malformed();
		if (line.n == 0)
			break;
		value = str_cut(line, ':', &key);
		if (!value.p)
			return malformed();
		value = str_trim(value);
		if (str_equal_fold(key, S("content-disposition"))) {
			str kind, name, file_name;

			str_cut(value, ';', &kind);
			name = header_parameter(arena, value, "name");
			file_name = header_parameter(arena, value, "filename");
			if (named || !name.p || !str_equal_fold(str_trim(kind), S("form-data")))
				return malformed();
			named = true;
			pair->name = unescape_name(arena, name);
			if (file_name.p)
				pair->file_name = clean_file_name(arena, unescape_name(arena, file_name));
		} else if (str_equal_fold(key, S("content-type"))) {
			pair->file_type = value;
		}
	}
	if (!named)
		return malformed();
	if (!pair->file_name.p)
		pair->file_type = STR_NONE;
	else if (!pair->file_type.p)
		pair->file_type = S("application/octet-stream");
	return NULL;
}

static fallible
parse_multipart(struct arena *arena, str boundary, str body, struct http_pairs *out)
{
	LIST(struct http_pair) pairs = {0};
	str delimiter = arena_printf(arena, "\r\n--%.*s", STR_ARG(boundary));
	str rest = body;

	if (!str_starts(rest, str_drop(delimiter, 2))) /* the first one needs no line break before it */
		return malformed();
	rest = str_drop(rest, delimiter.n - 2);
	while (!str_equal(rest, S("--")) && !str_starts(rest, S("--\r\n"))) {
		struct http_pair pair = {0};
		size_t at;

		if (!str_starts(rest, S("\r\n")))
			return malformed();
		if (pairs.count == HTTP_PARAMETERS_MAX)
			return ERR(ERR_INVALID, "There are too many fields.", "more than HTTP_PARAMETERS_MAX parts");
		rest = str_drop(rest, 2);
		TRY(read_part_head(arena, &rest, &pair));
		if (!str_find(rest, delimiter, &at))
			return malformed();
		pair.value = str_take(rest, at);
		rest = str_drop(rest, at + delimiter.n);
		if (!pair.file_name.p && (memchr(pair.value.p, '\0', pair.value.n) || !utf8_is_valid(pair.value)))
			return ERR(
			    ERR_INVALID, "A field holds characters that cannot be kept.", "form field is not UTF-8");
		*LIST_ADD(arena, &pairs) = pair;
	}
	*out = (struct http_pairs){pairs.items, pairs.count};
	return NULL;
}

fallible
form_parse(struct arena *arena, str content_type, str body, struct http_pairs *out)
{
	if (is_urlencoded(content_type))
		return query_parse(arena, body, out);
	if (is_multipart(content_type)) {
		str boundary = header_parameter(arena, content_type, "boundary");

		if (!boundary_is_sound(boundary))
			return malformed();
		return parse_multipart(arena, boundary, body, out);
	}
	return ERR(ERR_INVALID, "This address takes a form.", "media type is not a form's");
}
