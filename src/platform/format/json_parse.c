/* SPDX-License-Identifier: Apache-2.0 */
/* JSON text into a tree, in one pass and without recursion: a stack of the open objects and arrays, values linked into the
 * innermost one as they come.  Strings without escapes are not copied.  The surprise: names of an object with more than
 * NAMES_COMPARED_MAX members are checked for repetition at its end, by sorting, so that no choice of names makes the work
 * quadratic (a hash could be attacked, a sort cannot). */
#include "platform/format/json.h"
#include "platform/format/json_scan.h"
#include "platform/format/utf8.h"

#define NAMES_COMPARED_MAX 32
#define VALUES_FIRST       16 /* values in the first block taken from the arena; doubled up to VALUES_BLOCK_MAX */
#define VALUES_BLOCK_MAX   1024

_Static_assert(JSON_BYTES_MAX < 1 << 28, "lengths must fit json_value.source_n");
_Static_assert(sizeof(struct json_value) == 48, "a value is 48 bytes");

struct level {
	struct json_value *container, *last;
};

struct parser {
	struct arena *arena;
	const char *begin, *at, *end;
	struct json_value *free, *free_end;
	size_t block_values;
	unsigned depth;
	struct level levels[JSON_DEPTH_MAX];
	const char *reason; /* of the refusal, at `at` */
};

static bool
refuse(struct parser *p, const char *at, const char *reason)
{
	p->at = at;
	p->reason = reason;
	return false;
}

static inline void
skip_white_space(struct parser *p)
{
	const char *at = p->at;

	for (; at < p->end; at++) {
		if (*at == ' ') {
			uint64_t eight;

			while (p->end - at >= 8 && (memcpy(&eight, at, 8), eight == 0x2020202020202020u))
				at += 8; /* indentation */
			if (at == p->end)
				break;
		}
		if (*at != ' ' && *at != '\n' && *at != '\r' && *at != '\t')
			break;
	}
	p->at = at;
}

static bool
read_hex4(const char *at, const char *end, uint32_t *unit)
{
	uint32_t value = 0;

	if (end - at < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		char c = at[i];

		if (c >= '0' && c <= '9')
			value = value * 16 + (uint32_t)(c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			value = value * 16 + (uint32_t)((c | 32) - 'a' + 10);
		else
			return false;
	}
	*unit = value;
	return true;
}

/* The character of a "\uXXXX" at `at`, with the second half of a surrogate pair; `at` moves behind it. */
static bool
decode_unicode_escape(struct parser *p, const char **at, const char *end, uint32_t *character)
{
	uint32_t unit, low;

	if (!read_hex4(*at + 2, end, &unit))
		return refuse(p, *at, "four hexadecimal digits must follow \\u");
	if (unit == 0)
		return refuse(p, *at, "the character \\u0000 is not allowed");
	if (unit >= 0xD800 && unit <= 0xDFFF) {
		bool pair = unit < 0xDC00 && end - *at >= 12 && (*at)[6] == '\\' && (*at)[7] == 'u' &&
		            read_hex4(*at + 8, end, &low) && low >= 0xDC00 && low <= 0xDFFF;

		if (!pair)
			return refuse(p, *at, "half of a surrogate pair is not a character");
		unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
		*at += 6;
	}
	*at += 6;
	*character = unit;
	return true;
}

/* The text between the quotes at `from` and `end`, known to hold an escape, decoded into the arena. */
static bool
decode_string(struct parser *p, const char *from, const char *end, str *out)
{
	static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	struct buf text = BUF_INIT(p->arena);

	buf_reserve(&text, (size_t)(end - from)); /* no escape is shorter than what it means */
	while (from < end) {
		const char *backslash = memchr(from, '\\', (size_t)(end - from));
		const char *hit;
		uint32_t character;

		buf_add(&text, str_slice(from, backslash ? backslash : end));
		if (!backslash)
			break;
		from = backslash;
		if (from[1] == 'u') {
			if (!decode_unicode_escape(p, &from, end, &character))
				return false;
			buf_add_utf8(&text, character);
			continue;
		}
		hit = memchr(letters, from[1], sizeof(letters) - 1);
		if (!hit)
			return refuse(p, from, "there is no such escape after a backslash");
		buf_add_char(&text, meanings[hit - letters]);
		from += 2;
	}
	*out = buf_str(&text);
	return true;
}

/* The string at `at`, which is its opening quote. */
static bool
read_string(struct parser *p, str *out)
{
	const char *from = p->at + 1, *at = from;
	bool escaped = false;

	for (;;) {
		size_t n;

		at = json_skip_plain(at, p->end);
		if (at == p->end)
			return refuse(p, p->at, "this string has no closing quote");
		if (*at == '"')
			break;
		if (*at == '\\') {
			if (p->end - at < 2)
				return refuse(p, p->at, "this string has no closing quote");
			escaped = true;
			at += 2;
			continue;
		}
		if ((unsigned char)*at < 0x20)
			return refuse(p, at, "a line break or control character must be written as an escape");
		n = utf8_char_bytes(str_slice(at, p->end));
		if (n == 0)
			return refuse(p, at, "these bytes are not UTF-8");
		at += n;
	}
	if (!escaped)
		*out = str_slice(from, at);
	else if (!decode_string(p, from, at, out))
		return false;
	p->at = at + 1;
	return true;
}

static bool
read_number(struct parser *p)
{
	const char *wrong_at, *reason, *end = json_number_end(p->at, p->end, &wrong_at, &reason);

	if (!end)
		return refuse(p, wrong_at, reason);
	p->at = end;
	return true;
}

static bool
read_word(struct parser *p, str word)
{
	if (!str_starts(str_slice(p->at, p->end), word))
		return refuse(p, p->at, "a value was expected: an object, array, string, number, true, false or null");
	p->at += word.n;
	return true;
}

static struct json_value *
new_value(struct parser *p)
{
	if (p->free == p->free_end) {
		p->free = ARENA_ARRAY(p->arena, struct json_value, p->block_values);
		p->free_end = p->free + p->block_values;
		if (p->block_values < VALUES_BLOCK_MAX)
			p->block_values *= 2;
	}
	return p->free++;
}

static int
name_compare(const struct json_value *a, const struct json_value *b)
{
	if (a->name_n != b->name_n)
		return a->name_n < b->name_n ? -1 : 1;
	return memcmp(a->name_p, b->name_p, a->name_n);
}

/* A member whose name an earlier one has, or NULL: merge sort, then neighbours. */
static const struct json_value *
find_repeated_name(struct arena *arena, const struct json_value *object)
{
	size_t n = object->text_n_or_count, i = 0;
	const struct json_value **from = ARENA_ARRAY(arena, const struct json_value *, n);
	const struct json_value **to = ARENA_ARRAY(arena, const struct json_value *, n);

	json_each_member (object, member)
		from[i++] = member;
	for (size_t run = 1; run < n; run *= 2) {
		const struct json_value **swap = from;

		for (size_t begin = 0; begin < n; begin += 2 * run) {
			size_t middle = begin + run < n ? begin + run : n;
			size_t end = middle + run < n ? middle + run : n;
			size_t a = begin, b = middle;

			for (size_t k = begin; k < end; k++)
				to[k] = b == end || (a < middle && name_compare(from[a], from[b]) <= 0) ? from[a++]
				                                                                        : from[b++];
		}
		from = to;
		to = swap;
	}
	for (i = 1; i < n; i++)
		if (name_compare(from[i - 1], from[i]) == 0)
			return from[i];
	return NULL;
}

static bool
refuse_repeated_name(struct parser *p, const struct json_value *member)
{
	const char *name_at = member->source_p + member->source_n - member->member_bytes;

	return refuse(p, name_at, "this name stands twice in one object");
}

/* Reads `"name" :` into `member`, the newest of `object`. */
static bool
read_name(struct parser *p, const struct json_value *object, struct json_value *member)
{
	const char *name_at = p->at;
	str name;

	if (p->at == p->end || *p->at != '"')
		return refuse(p, p->at, "a name in quotes was expected");
	if (!read_string(p, &name))
		return false;
	member->name_p = name.p;
	member->name_n = (uint32_t)name.n;
	if (object->text_n_or_count <= NAMES_COMPARED_MAX)
		for (const struct json_value *other = object->first; other != member; other = other->next)
			if (name_compare(other, member) == 0)
				return refuse(p, name_at, "this name stands twice in one object");
	skip_white_space(p);
	if (p->at == p->end || *p->at != ':')
		return refuse(p, p->at, "a colon was expected after the name");
	p->at++;
	skip_white_space(p);
	member->member_bytes = (uint32_t)(p->at - name_at);
	return true;
}

/* A new value at the end of the innermost container (with its name when that is an object), or the root. */
static bool
begin_value(struct parser *p, struct json_value **out)
{
	struct json_value *value = new_value(p);
	struct level *level;

	skip_white_space(p);
	if (p->depth > 0) {
		level = &p->levels[p->depth - 1];
		if (level->last)
			level->last->next = value;
		else
			level->container->first = value;
		level->last = value;
		level->container->text_n_or_count++;
		if (level->container->kind == JSON_OBJECT && !read_name(p, level->container, value))
			return false;
	}
	value->source_p = p->at;
	*out = value;
	return true;
}

static inline void
end_value(struct parser *p, struct json_value *value)
{
	value->source_n = (uint32_t)(p->at - value->source_p) & 0xfffffff;
	if (value->name_p)
		value->member_bytes += value->source_n;
}

static bool
read_scalar(struct parser *p, struct json_value *value)
{
	str text;

	switch (*p->at) {
	case '"':
		value->kind = JSON_STRING;
		if (!read_string(p, &text))
			return false;
		value->text_p = text.p;
		value->text_n_or_count = (uint32_t)text.n;
		return true;
	case 't': value->kind = JSON_BOOL; return read_word(p, S("true"));
	case 'f': value->kind = JSON_BOOL; return read_word(p, S("false"));
	case '-':
	case '0' ... '9': value->kind = JSON_NUMBER; return read_number(p);
	default: value->kind = JSON_NULL; return read_word(p, S("null"));
	}
}

static bool
open_container(struct parser *p, struct json_value *value)
{
	if (p->depth == JSON_DEPTH_MAX)
		return refuse(p, p->at, "objects and arrays are nested too deep");
	value->kind = *p->at++ == '{' ? JSON_OBJECT : JSON_ARRAY;
	p->levels[p->depth++] = (struct level){.container = value};
	return true;
}

/* After a value, or just inside a new container: closes what ends here. `*more` when another value must follow. */
static bool
close_containers(struct parser *p, bool *more)
{
	while (p->depth > 0) {
		struct level *level = &p->levels[p->depth - 1];
		struct json_value *container = level->container;
		bool object = container->kind == JSON_OBJECT, end;

		skip_white_space(p);
		end = p->at < p->end && *p->at == (object ? '}' : ']');
		if (!end && !level->last)
			return *more = true; /* just opened, not empty */
		if (!end && p->at < p->end && *p->at == ',') {
			p->at++;
			return *more = true;
		}
		if (!end)
			return refuse(p, p->at, object ? "a comma or '}' was expected" : "a comma or ']' was expected");
		if (object && container->text_n_or_count > NAMES_COMPARED_MAX) {
			const struct json_value *repeated = find_repeated_name(p->arena, container);
			if (repeated)
				return refuse_repeated_name(p, repeated);
		}
		p->at++;
		end_value(p, container);
		p->depth--;
	}
	*more = false;
	return true;
}

static bool
parse_document(struct parser *p, const struct json_value **root)
{
	struct json_value *value;
	bool more = true;

	if (p->end - p->begin > JSON_BYTES_MAX)
		return refuse(p, p->begin, "this text is larger than 64 MiB");
	if (str_starts(str_slice(p->begin, p->end), S("\xEF\xBB\xBF")))
		return refuse(p, p->begin, "a byte order mark is not allowed: save the text as UTF-8 without one");
	*root = p->free;
	while (more) {
		if (!begin_value(p, &value))
			return false;
		if (p->at == p->end)
			return refuse(p, p->at, "the text ends where a value was expected");
		if (*p->at == '{' || *p->at == '[') {
			if (!open_container(p, value))
				return false;
		} else {
			if (!read_scalar(p, value))
				return false;
			end_value(p, value);
		}
		if (!close_containers(p, &more))
			return false;
	}
	skip_white_space(p);
	if (p->at != p->end)
		return refuse(p, p->at, "nothing may follow the end of the value");
	return true;
}

static struct json_error
locate(const struct parser *p)
{
	struct json_error error = {.line = 1, .column = 1, .at_bytes = (size_t)(p->at - p->begin), .reason = p->reason};

	for (const char *at = p->begin; at < p->at; at++) {
		if (*at == '\n') {
			error.line++;
			error.column = 1;
		} else if (((unsigned char)*at & 0xC0) != 0x80) {
			error.column++;
		}
	}
	return error;
}

fallible
json_parse(struct arena *arena, str text, const struct json_value **out, struct json_error *where)
{
	const char *begin = text.p ? text.p : "";
	struct parser p = {.arena = arena, .begin = begin, .at = begin, .end = begin + text.n};
	const struct json_value *root;
	struct json_error error;

	p.block_values = VALUES_FIRST;
	p.free = ARENA_ARRAY(arena, struct json_value, p.block_values);
	p.free_end = p.free + p.block_values;
	if (parse_document(&p, &root)) {
		*out = root;
		return NULL;
	}
	error = locate(&p);
	if (where)
		*where = error;
	return err_said(arena, ERR_INVALID, "Line %u, column %u: %s.", error.line, error.column, error.reason);
}
