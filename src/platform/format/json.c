/* SPDX-License-Identifier: Apache-2.0 */
/* Looking into a parsed JSON tree.  Nothing here allocates; everything takes NULL. */
#include "platform/format/json.h"
#include "platform/format/json_scan.h"

const char *
json_kind_name(enum json_kind kind)
{
	switch (kind) {
	case JSON_ABSENT: return "nothing";
	case JSON_NULL: return "null";
	case JSON_BOOL: return "true or false";
	case JSON_NUMBER: return "a number";
	case JSON_STRING: return "a string";
	case JSON_ARRAY: return "an array";
	case JSON_OBJECT: return "an object";
	}
	return "nothing";
}

bool
json_to_int64(const struct json_value *value, int64_t *out)
{
	return str_to_int64(json_number_text(value), out); /* refuses the '.' and 'e' that JSON allows */
}

const struct json_value *
json_get_str(const struct json_value *object, str name)
{
	json_each_member (object, member)
		if (member->name_n == name.n && str_equal(json_name(member), name))
			return member;
	return NULL;
}

const struct json_value *
json_get(const struct json_value *object, const char *name)
{
	return json_get_str(object, str_from_z(name));
}

const struct json_value *
json_at(const struct json_value *array, size_t index)
{
	json_each_item (array, item)
		if (index-- == 0)
			return item;
	return NULL;
}

const struct json_value *
json_path(const struct json_value *value, const char *path)
{
	str rest = str_from_z(path), step;
	int64_t index;

	while (rest.p && value) {
		rest = str_cut(rest, '.', &step);
		if (json_kind(value) == JSON_ARRAY)
			value = str_to_int64(step, &index) && index >= 0 ? json_at(value, (size_t)index) : NULL;
		else
			value = json_get_str(value, step);
	}
	return value;
}

static const char *
skip_digits(const char *at, const char *end)
{
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	return at;
}

static const char *
not_a_number(const char *at, const char *why, const char **wrong_at, const char **reason)
{
	*wrong_at = at;
	*reason = why;
	return NULL;
}

const char *
json_number_end(const char *at, const char *end, const char **wrong_at, const char **reason)
{
	const char *digits;

	at += at < end && *at == '-';
	digits = at;
	at = skip_digits(at, end);
	if (at == digits)
		return not_a_number(at, "a digit must follow the minus sign", wrong_at, reason);
	if (*digits == '0' && at - digits > 1)
		return not_a_number(digits, "a number must not begin with a superfluous 0", wrong_at, reason);
	if (at < end && *at == '.') {
		digits = ++at;
		at = skip_digits(at, end);
		if (at == digits)
			return not_a_number(at, "a digit must follow the decimal point", wrong_at, reason);
	}
	if (at < end && (*at == 'e' || *at == 'E')) {
		at++;
		at += at < end && (*at == '+' || *at == '-');
		digits = at;
		at = skip_digits(at, end);
		if (at == digits)
			return not_a_number(at, "a digit must follow the e of the exponent", wrong_at, reason);
	}
	return at;
}
