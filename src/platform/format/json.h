/* SPDX-License-Identifier: Apache-2.0 */
/* JSON text read into a tree (RFC 8259, strict), for FHIR: decimals keep every digit, and each value knows the bytes it
 * was read from, so that a resource can be stored, spliced and served byte for byte.
 *
 * Every reader below takes NULL and values of another kind and answers "absent", so that chains need no checks:
 *	str code = json_text_at(observation, "code.coding.0.code");
 *	json_each_item (json_get(patient, "name"), name)
 *		show(json_text_at(name, "family")); */
#ifndef SALVE_JSON_H
#define SALVE_JSON_H

#include "platform/base/base.h"

enum json_kind { JSON_ABSENT, JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* 48 bytes a value; read it through the functions below, not through its fields. */
struct json_value {
	const struct json_value *next; /* the next item or member beside this one */
	const char *source_p;          /* in the text given to json_parse */
	const char *name_p;            /* of a member, decoded; NULL for items and the root */
	union {
		const char *text_p;             /* string: decoded */
		const struct json_value *first; /* array, object */
	};
	uint32_t name_n, member_bytes; /* member_bytes: from the name's opening quote to the value's end */
	uint32_t text_n_or_count;
	uint32_t source_n : 28, kind : 4;
};

/* Where and why a text was refused. */
struct json_error {
	uint32_t line, column; /* from 1; columns count characters */
	size_t at_bytes;       /* from the beginning of the text */
	const char *reason;    /* "a comma or '}' was expected": never a piece of the text */
};

/* Reads `text` as one JSON value with nothing but white space around it.  `out` and everything under it live in `arena`
 * and borrow from `text`, which must live as long.  One pass, time and memory linear in the text (n log n for the names
 * of one object of more than 32 members); about 1 byte of arena per byte of text, more for dense text.
 * ERR_INVALID, with "Line 12, column 7: ..." to show, for: anything outside the grammar, bytes that are not UTF-8, lone
 * surrogates, the character U+0000, a member name that stands twice in one object, nesting deeper than JSON_DEPTH_MAX, a
 * byte order mark, more than JSON_BYTES_MAX.  `where` may be NULL; it is filled on refusal only. */
fallible json_parse(struct arena *arena, str text, const struct json_value **out, struct json_error *where);

static inline enum json_kind
json_kind(const struct json_value *value)
{
	return value ? (enum json_kind)value->kind : JSON_ABSENT;
}
const char *json_kind_name(enum json_kind kind); /* "an object", "a string", ...: for error texts */

/* The value's bytes as they stood in the text, without white space around; absent for NULL. */
static inline str
json_source(const struct json_value *value)
{
	return value ? (str){value->source_p, value->source_n} : STR_NONE;
}
/* The same for a member with its name and colon: from the name's opening quote to the end of the value. Absent for what is
 * not a member. */
static inline str
json_member_source(const struct json_value *member)
{
	return member && member->name_p
	           ? (str){member->source_p + member->source_n - member->member_bytes, member->member_bytes}
	           : STR_NONE;
}
/* A member's decoded name; absent for what is not a member. */
static inline str
json_name(const struct json_value *member)
{
	return member && member->name_p ? (str){member->name_p, member->name_n} : STR_NONE;
}
/* A string's decoded text, valid UTF-8 without U+0000; absent unless it is a string (an empty string is not absent). */
static inline str
json_text(const struct json_value *value)
{
	return json_kind(value) == JSON_STRING ? (str){value->text_p, value->text_n_or_count} : STR_NONE;
}
/* A number exactly as written ("1.00"); absent unless it is a number. */
static inline str
json_number_text(const struct json_value *value)
{
	return json_kind(value) == JSON_NUMBER ? json_source(value) : STR_NONE;
}
/* True for `true`; false for `false` and for everything else. */
static inline bool
json_bool(const struct json_value *value)
{
	return json_kind(value) == JSON_BOOL && value->source_n == 4;
}
/* A number written without fraction and exponent that fits; false otherwise and `out` untouched. */
bool json_to_int64(const struct json_value *value, int64_t *out);

/* Items of an array or members of an object; 0 for everything else. */
static inline size_t
json_count(const struct json_value *value)
{
	return json_kind(value) >= JSON_ARRAY ? value->text_n_or_count : 0;
}
/* The first item or member of `value` when it is of that kind, otherwise NULL; the others follow over `next`. */
static inline const struct json_value *
json_first(const struct json_value *value, enum json_kind kind)
{
	return json_kind(value) == kind ? value->first : NULL;
}
/* Visit the items of an array, the members of an object (json_name); in the order of the text. */
#define json_each_item(array, item) \
	for (const struct json_value *item = json_first((array), JSON_ARRAY); item; item = item->next)
#define json_each_member(object, member) \
	for (const struct json_value *member = json_first((object), JSON_OBJECT); member; member = member->next)

const struct json_value *json_get(const struct json_value *object, const char *name); /* NULL when missing */
const struct json_value *json_get_str(const struct json_value *object, str name);
const struct json_value *
json_at(const struct json_value *array, size_t index); /* walks: use json_each_item to visit all */
/* Names and array indexes joined by dots, "code.coding.0.code". NULL when a step is missing. */
const struct json_value *json_path(const struct json_value *value, const char *path);
static inline str
json_text_at(const struct json_value *value, const char *path)
{
	return json_text(json_path(value, path));
}

#endif
