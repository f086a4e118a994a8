/* SPDX-License-Identifier: Apache-2.0 */
/* JSON: what is accepted has sources that parse alone, and prints to a text that parses to the same print. */
#include "platform/format/json.h"
#include "platform/format/json_write.h"
#include "platform/format/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct json_value *value, int depth)
{
	str source = json_source(value);

	assert(depth <= JSON_DEPTH_MAX + 1 && source.n > 0);
	assert(utf8_is_valid(json_text(value)) && utf8_is_valid(json_name(value)));
	for (const struct json_value *child = json_kind(value) >= JSON_ARRAY ? value->first : NULL; child;
	     child = child->next) {
		str whole = json_name(child).p ? json_member_source(child) : json_source(child);

		assert(whole.p > source.p && whole.p + whole.n < source.p + source.n);
		check(child, depth + 1);
	}
}

static str
print(struct arena *arena, const struct json_value *value, bool pretty)
{
	struct buf buf = BUF_INIT(arena);
	struct json_writer w = {.out = &buf, .pretty = pretty};

	json_write_value(&w, value);
	json_write_done(&w);
	return buf_str(&buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	const struct json_value *value, *again;
	struct json_error where;
	str text = {(const char *)data, size}, printed;
	const struct err *e = json_parse(&arena, text, &value, &where);

	if (e) {
		assert(where.line >= 1 && where.column >= 1 && where.at_bytes <= size && where.reason);
	} else {
		check(value, 1);
		json_path(value, "a.0.b");
		printed = print(&arena, value, false);
		e = json_parse(&arena, printed, &again, NULL);
		assert(!e && str_equal(print(&arena, again, false), printed));
		e = json_parse(&arena, print(&arena, value, true), &again, NULL);
		assert(!e && str_equal(print(&arena, again, false), printed));
	}
	arena_release(&arena);
	return 0;
}
