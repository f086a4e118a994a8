/* SPDX-License-Identifier: Apache-2.0 */
/* JSON text from values.  The state is a bit per open level (object or array) and three flags; every function that writes a
 * value goes through begin_value, which sets the comma and asserts that a value may stand there. */
#include "platform/format/json_write.h"
#include "platform/format/json_scan.h"
#include "platform/format/utf8.h"

static bool
in_object(const struct json_writer *w)
{
	return w->depth > 0 && (w->is_object[(w->depth - 1) / 8] >> ((w->depth - 1) % 8) & 1);
}

static void
break_line(struct json_writer *w)
{
	if (!w->pretty)
		return;
	buf_add_char(w->out, '\n');
	for (int i = 0; i < w->depth; i++)
		buf_add(w->out, S("  "));
}

static void
separate(struct json_writer *w)
{
	if (w->filled)
		buf_add_char(w->out, ',');
	break_line(w);
	w->filled = true;
}

static void
begin_value(struct json_writer *w)
{
	if (w->depth == 0) {
		assert(!w->whole);
		w->whole = true;
	} else if (in_object(w)) {
		assert(w->named);
		w->named = false;
	} else {
		separate(w);
	}
}

static void
open_level(struct json_writer *w, bool object)
{
	unsigned level = w->depth;

	begin_value(w);
	assert(level < JSON_WRITE_DEPTH_MAX);
	buf_add_char(w->out, object ? '{' : '[');
	w->is_object[level / 8] &= (uint8_t) ~(1u << level % 8);
	w->is_object[level / 8] |= (uint8_t)((unsigned)object << level % 8);
	w->depth++;
	w->filled = false;
}

void
json_write_object(struct json_writer *w)
{
	open_level(w, true);
}

void
json_write_array(struct json_writer *w)
{
	open_level(w, false);
}

void
json_write_end(struct json_writer *w)
{
	bool object = in_object(w), filled = w->filled;

	assert(w->depth > 0 && !w->named);
	w->depth--;
	if (filled)
		break_line(w);
	buf_add_char(w->out, object ? '}' : ']');
	w->filled = true;
}

/* A byte that cannot stand in a JSON string as it is. */
static void
add_escape(struct buf *buf, unsigned char c)
{
	switch (c) {
	case '"': buf_add(buf, S("\\\"")); return;
	case '\\': buf_add(buf, S("\\\\")); return;
	case '\b': buf_add(buf, S("\\b")); return;
	case '\f': buf_add(buf, S("\\f")); return;
	case '\n': buf_add(buf, S("\\n")); return;
	case '\r': buf_add(buf, S("\\r")); return;
	case '\t': buf_add(buf, S("\\t")); return;
	case '\0': buf_add_utf8(buf, 0xFFFD); return;
	default: break;
	}
	if (c < 0x20)
		buf_printf(buf, "\\u%04x", c);
	else
		buf_add_utf8(buf, 0xFFFD); /* not UTF-8 */
}

void
buf_add_json_text(struct buf *buf, str text)
{
	const char *from = text.p, *at = text.p, *end = text.p + text.n;

	buf_reserve(buf, text.n + 2);
	buf_add_char(buf, '"');
	while (at < end) {
		size_t n;

		at = json_skip_plain(at, end);
		n = at < end && (unsigned char)*at >= 0x80 ? utf8_char_bytes(str_slice(at, end)) : 0;
		if (n > 0) {
			at += n;
			continue;
		}
		buf_add(buf, str_slice(from, at));
		if (at < end)
			add_escape(buf, (unsigned char)*at++);
		from = at;
	}
	if (from < at)
		buf_add(buf, str_slice(from, at));
	buf_add_char(buf, '"');
}

void
json_write_text(struct json_writer *w, str text)
{
	begin_value(w);
	buf_add_json_text(w->out, text.p ? text : S(""));
}

void
json_write_int64(struct json_writer *w, int64_t number)
{
	begin_value(w);
	buf_add_int64(w->out, number);
}

void
json_write_number(struct json_writer *w, str digits)
{
	const char *wrong_at, *reason, *end = digits.p + digits.n;

	assert(digits.p && json_number_end(digits.p, end, &wrong_at, &reason) == end);
	begin_value(w);
	buf_add(w->out, digits);
}

void
json_write_bool(struct json_writer *w, bool value)
{
	begin_value(w);
	buf_add(w->out, value ? S("true") : S("false"));
}

void
json_write_null(struct json_writer *w)
{
	begin_value(w);
	buf_add(w->out, S("null"));
}

void
json_write_raw(struct json_writer *w, str json)
{
	assert(json.n > 0);
	begin_value(w);
	buf_add(w->out, json);
}

void
json_write_value(struct json_writer *w, const struct json_value *value)
{
	switch (json_kind(value)) {
	case JSON_STRING: json_write_text(w, json_text(value)); return;
	case JSON_NUMBER: json_write_number(w, json_number_text(value)); return;
	case JSON_BOOL: json_write_bool(w, json_bool(value)); return;
	case JSON_ABSENT:
	case JSON_NULL: json_write_null(w); return;
	case JSON_ARRAY:
		json_write_array(w);
		json_each_item (value, item)
			json_write_value(w, item); /* no deeper than JSON_DEPTH_MAX */
		json_write_end(w);
		return;
	case JSON_OBJECT:
		json_write_object(w);
		json_each_member (value, member) {
			json_write_name(w, json_name(member));
			json_write_value(w, member);
		}
		json_write_end(w);
		return;
	}
}

void
json_write_name(struct json_writer *w, str name)
{
	assert(in_object(w) && !w->named);
	separate(w);
	buf_add_json_text(w->out, name);
	buf_add(w->out, w->pretty ? S(": ") : S(":"));
	w->named = true;
}

void
json_put_object(struct json_writer *w, const char *name)
{
	json_write_name(w, str_from_z(name));
	json_write_object(w);
}

void
json_put_array(struct json_writer *w, const char *name)
{
	json_write_name(w, str_from_z(name));
	json_write_array(w);
}

void
json_put_text(struct json_writer *w, const char *name, str text)
{
	if (!text.p)
		return;
	json_write_name(w, str_from_z(name));
	json_write_text(w, text);
}

void
json_put_int64(struct json_writer *w, const char *name, int64_t number)
{
	json_write_name(w, str_from_z(name));
	json_write_int64(w, number);
}

void
json_put_number(struct json_writer *w, const char *name, str digits)
{
	if (!digits.p)
		return;
	json_write_name(w, str_from_z(name));
	json_write_number(w, digits);
}

void
json_put_bool(struct json_writer *w, const char *name, bool value)
{
	json_write_name(w, str_from_z(name));
	json_write_bool(w, value);
}

void
json_put_raw(struct json_writer *w, const char *name, str json)
{
	if (!json.p)
		return;
	json_write_name(w, str_from_z(name));
	json_write_raw(w, json);
}

void
json_write_done(struct json_writer *w)
{
	assert(w->depth == 0 && w->whole);
}
