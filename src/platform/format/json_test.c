/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of reading and writing JSON, each on both sides. */
#include "platform/format/json_test_help.h"
#include "platform/format/json_write.h"

static void
assert_refused(str text, const char *say)
{
	struct arena arena = ARENA_INIT;
	const struct json_value *value = NULL;
	const struct err *e = json_parse(&arena, text, &value, NULL);

	assert_non_null(e);
	assert_int_equal(e->code, ERR_INVALID);
	assert_string_equal(e->say, say);
	assert_null(value);
	arena_release(&arena);
}

static void
a_chain_of_names_needs_no_checks(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct json_value *v = parse(&arena, S("{\"code\":{\"coding\":[{\"code\":\"4548-4\"},{\"code\":\"17856-"
						     "6\"}]},\"status\":\"final\",\"n\":null}"));
	size_t codes = 0;

	(void)state;
	assert_str_equal(json_text_at(v, "code.coding.1.code"), "17856-6");
	assert_str_equal(json_text_at(v, "status"), "final");
	assert_null(json_path(v, "code.coding.2.code"));
	assert_null(json_path(v, "code.coding.x"));
	assert_null(json_path(v, "code.coding.-1"));
	assert_null(json_path(v, "status.length"));
	assert_null(json_text_at(v, "code").p);
	assert_null(json_text(NULL).p);
	assert_null(json_source(NULL).p);
	assert_null(json_name(NULL).p);
	assert_null(json_get(NULL, "x"));
	assert_null(json_at(v, 0));
	assert_int_equal(json_count(NULL), 0);
	assert_int_equal(json_count(v), 3);
	assert_int_equal(json_kind(json_get(v, "n")), JSON_NULL);
	assert_int_equal(json_kind(json_get(v, "m")), JSON_ABSENT);
	json_each_item (json_path(v, "code.coding"), coding)
		codes += json_text(json_get(coding, "code")).n;
	assert_int_equal(codes, 13);
	json_each_item (v, item)
		fail_msg("an object has no items: %d", item->kind);
	json_each_member (json_path(v, "code.coding"), member)
		fail_msg("an array has no members: %d", member->kind);
	arena_release(&arena);
}

static void
numbers_keep_every_digit(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct json_value *v = parse(&arena, S("[1.00, 0.010, -0, 1E+400, 9223372036854775808, 42, \"7\"]"));
	int64_t n = -1;

	(void)state;
	assert_str_equal(json_number_text(json_at(v, 0)), "1.00");
	assert_str_equal(json_number_text(json_at(v, 1)), "0.010");
	assert_str_equal(json_number_text(json_at(v, 3)), "1E+400");
	assert_false(json_to_int64(json_at(v, 0), &n));
	assert_false(json_to_int64(json_at(v, 3), &n));
	assert_false(json_to_int64(json_at(v, 4), &n));
	assert_false(json_to_int64(json_at(v, 6), &n));
	assert_false(json_to_int64(NULL, &n));
	assert_true(n == -1);
	assert_true(json_to_int64(json_at(v, 2), &n) && n == 0);
	assert_true(json_to_int64(json_at(v, 5), &n) && n == 42);
	assert_null(json_number_text(json_at(v, 6)).p);
	arena_release(&arena);
}

static void
every_value_knows_the_bytes_it_was_read_from(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct json_value *v =
	    parse(&arena, S(" {\"i\\u0064\" : \"x\\ny\" , \"meta\":{ \"a\" : [1 , 2 ] } ,\"e\":\"\"}\n"));

	(void)state;
	assert_str_equal(json_name(json_at(v, 0)), "");
	assert_str_equal(json_text_at(v, "id"), "x\ny");
	assert_str_equal(json_source(json_get(v, "id")), "\"x\\ny\"");
	assert_str_equal(json_member_source(json_get(v, "id")), "\"i\\u0064\" : \"x\\ny\"");
	assert_str_equal(json_member_source(json_get(v, "meta")), "\"meta\":{ \"a\" : [1 , 2 ] }");
	assert_str_equal(json_source(json_path(v, "meta.a")), "[1 , 2 ]");
	assert_null(json_member_source(json_path(v, "meta.a.0")).p);
	assert_null(json_member_source(v).p);
	assert_non_null(json_text_at(v, "e").p); /* empty is not absent */
	assert_int_equal(
	    json_source(v).n, sizeof(" {\"i\\u0064\" : \"x\\ny\" , \"meta\":{ \"a\" : [1 , 2 ] } ,\"e\":\"\"}\n") - 3);
	arena_release(&arena);
}

static void
escapes_become_characters(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct json_value *v =
	    parse(&arena, S("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\", \"\\u00e9\\uD83D\\ude00x\", \"a\\u000Ab\"]"));

	(void)state;
	assert_str_equal(json_text(json_at(v, 0)), "\"\\/\b\f\n\r\t");
	assert_str_equal(json_text(json_at(v, 1)), "\xC3\xA9\xF0\x9F\x98\x80x");
	assert_str_equal(json_text(json_at(v, 2)), "a\nb");
	arena_release(&arena);
}

static void
a_refusal_says_where_and_why(void **state)
{
	(void)state;
	assert_refused(S(""), "Line 1, column 1: the text ends where a value was expected.");
	assert_refused(S("{\"a\":1\n \"b\":2}"), "Line 2, column 2: a comma or '}' was expected.");
	assert_refused(S("[1 2]"), "Line 1, column 4: a comma or ']' was expected.");
	assert_refused(S("[1,]"),
	    "Line 1, column 4: a value was expected: an object, array, string, number, true, false or null.");
	assert_refused(S("{\"a\":1,}"), "Line 1, column 8: a name in quotes was expected.");
	assert_refused(S("{\"a\" 1}"), "Line 1, column 6: a colon was expected after the name.");
	assert_refused(S("\n\n[\"\xC3\xA9\xC3\xA9\", x]"),
	    "Line 3, column 8: a value was expected: an object, array, string, number, true, false or null.");
	assert_refused(S("[01]"), "Line 1, column 2: a number must not begin with a superfluous 0.");
	assert_refused(S("[-]"), "Line 1, column 3: a digit must follow the minus sign.");
	assert_refused(S("[1.]"), "Line 1, column 4: a digit must follow the decimal point.");
	assert_refused(S("[1e]"), "Line 1, column 4: a digit must follow the e of the exponent.");
	assert_refused(S("{\"a\":1,\"b\":2,\"a\":3}"), "Line 1, column 14: this name stands twice in one object.");
	assert_refused(S("{\"a\":1,\"\\u0061\":3}"), "Line 1, column 8: this name stands twice in one object.");
	assert_refused(S("[\"\\u0000\"]"), "Line 1, column 3: the character \\u0000 is not allowed.");
	assert_refused(S("[\"\\ud800\"]"), "Line 1, column 3: half of a surrogate pair is not a character.");
	assert_refused(S("[\"\\ud800\\ud800\"]"), "Line 1, column 3: half of a surrogate pair is not a character.");
	assert_refused(S("[\"\\udc00\"]"), "Line 1, column 3: half of a surrogate pair is not a character.");
	assert_refused(S("[\"\\u12g4\"]"), "Line 1, column 3: four hexadecimal digits must follow \\u.");
	assert_refused(S("[\"\\x\"]"), "Line 1, column 3: there is no such escape after a backslash.");
	assert_refused(
	    S("[\"a\tb\"]"), "Line 1, column 4: a line break or control character must be written as an escape.");
	assert_refused(
	    S("[\"\0\"]"), "Line 1, column 3: a line break or control character must be written as an escape.");
	assert_refused(S("[\"\xED\xA0\x80\"]"), "Line 1, column 3: these bytes are not UTF-8.");
	assert_refused(S("[\"abc"), "Line 1, column 2: this string has no closing quote.");
	assert_refused(S("[\"abc\\\""), "Line 1, column 2: this string has no closing quote.");
	assert_refused(S("{} x"), "Line 1, column 4: nothing may follow the end of the value.");
	assert_refused(S("\xEF\xBB\xBF{}"),
	    "Line 1, column 1: a byte order mark is not allowed: save the text as UTF-8 without one.");
}

static void
nesting_ends_at_the_limit(void **state)
{
	char text[2 * JSON_DEPTH_MAX + 2];
	struct arena arena = ARENA_INIT;
	const struct json_value *value;
	struct json_error where;

	(void)state;
	memset(text, '[', JSON_DEPTH_MAX);
	memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	parse(&arena, (str){text, 2 * JSON_DEPTH_MAX});
	memset(text, '[', JSON_DEPTH_MAX + 1);
	memset(text + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
	assert_fails(json_parse(&arena, (str){text, sizeof(text)}, &value, &where), ERR_INVALID);
	assert_int_equal(where.column, JSON_DEPTH_MAX + 1);
	assert_int_equal(where.at_bytes, JSON_DEPTH_MAX);
	arena_release(&arena);
}

/* {"k0":0, ... } with `count` names; the last one repeats name `repeat` when that is not negative. */
static str
object_of(struct arena *arena, int count, int repeat)
{
	struct buf buf = BUF_INIT(arena);

	buf_add_char(&buf, '{');
	for (int i = 0; i < count; i++)
		buf_printf(&buf, "%s\"k%d\":%d", i ? "," : "", i == count - 1 && repeat >= 0 ? repeat : i, i);
	buf_add_char(&buf, '}');
	return buf_str(&buf);
}

static void
a_repeated_name_is_found_in_objects_of_every_size(void **state)
{
	static const int sizes[] = {2, 3, 31, 32, 33, 34, 35, 63, 64, 65, 100, 1000};
	const struct json_value *value;
	struct json_error where;

	(void)state;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++) {
		int count = sizes[s];

		for (int repeat = -1; repeat < count - 1; repeat += 1 + count / 40) {
			struct arena arena = ARENA_INIT;
			str text = object_of(&arena, count, repeat);
			str last = arena_printf(&arena, "\"k%d\":%d}", repeat, count - 1);

			if (repeat < 0) {
				assert_int_equal(json_count(parse(&arena, text)), count);
			} else {
				assert_fails(json_parse(&arena, text, &value, &where), ERR_INVALID);
				assert_int_equal(where.at_bytes, text.n - last.n);
			}
			arena_release(&arena);
		}
	}
}

static void
a_hostile_object_of_a_hundred_thousand_names_takes_no_quadratic_time(void **state)
{
	struct arena arena = ARENA_INIT;
	int64_t before;

	(void)state;
	str text = object_of(&arena, 100000, -1);
	before = monotonic_ms();
	assert_int_equal(json_count(parse(&arena, text)), 100000);
	assert_true(monotonic_ms() - before < 2000); /* about 20 ms; quadratic would be minutes */
	arena_release(&arena);
}

static void
the_writer_sets_commas_quotes_and_lines(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf buf = BUF_INIT(&arena);
	struct json_writer w = JSON_WRITER(&buf);

	(void)state;
	for (int pretty = 0; pretty < 2; pretty++) {
		w = (struct json_writer){.out = &buf, .pretty = pretty};
		json_write_object(&w);
		json_put_text(&w, "a", S("x\"\\\n\x01\xFF\0\xC3\xA9"));
		json_put_text(&w, "left out", STR_NONE);
		json_put_raw(&w, "left out", STR_NONE);
		json_put_number(&w, "left out", STR_NONE);
		json_put_number(&w, "n", S("1.00"));
		json_put_array(&w, "l");
		json_write_int64(&w, -5);
		json_write_raw(&w, S("{ }"));
		json_write_end(&w);
		json_put_object(&w, "o");
		json_write_end(&w);
		json_put_bool(&w, "b", true);
		json_write_end(&w);
		json_write_done(&w);
		if (!pretty)
			buf_add_char(&buf, '\n');
	}
	assert_str_equal(buf_str(&buf), "{\"a\":\"x\\\"\\\\\\n\\u0001\xEF\xBF\xBD\xEF\xBF\xBD\xC3\xA9\",\"n\":1.00,"
					"\"l\":[-5,{ }],\"o\":{},\"b\":true}\n"
					"{\n  \"a\": \"x\\\"\\\\\\n\\u0001\xEF\xBF\xBD\xEF\xBF\xBD\xC3\xA9\",\n  "
					"\"n\": 1.00,\n  \"l\": [\n    -5,\n    { }\n  ],\n"
					"  \"o\": {},\n  \"b\": true\n}");
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_chain_of_names_needs_no_checks),
	    cmocka_unit_test(numbers_keep_every_digit),
	    cmocka_unit_test(every_value_knows_the_bytes_it_was_read_from),
	    cmocka_unit_test(escapes_become_characters),
	    cmocka_unit_test(a_refusal_says_where_and_why),
	    cmocka_unit_test(nesting_ends_at_the_limit),
	    cmocka_unit_test(a_repeated_name_is_found_in_objects_of_every_size),
	    cmocka_unit_test(a_hostile_object_of_a_hundred_thousand_names_takes_no_quadratic_time),
	    cmocka_unit_test(the_writer_sets_commas_quotes_and_lines),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
