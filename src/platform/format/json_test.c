/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/format/json.h"
#include "platform/format/json_write.h"
#include "shared_data.h"

static const struct json_value *
parse(struct arena *arena, str text)
{
	const struct json_value *value = NULL;

	assert_ok(json_parse(arena, text, &value, NULL));
	return value;
}

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

/* What RFC 8259 leaves open, decided. Everything else that begins with i_ is refused. */
static const char *const accepted_where_open[] = {
    "i_number_double_huge_neg_exp.json",
    "i_number_huge_exp.json",
    "i_number_neg_int_huge_exp.json",
    "i_number_pos_double_huge_exp.json",
    "i_number_real_neg_overflow.json",
    "i_number_real_pos_overflow.json",
    "i_number_real_underflow.json",
    "i_number_too_big_neg_int.json",
    "i_number_too_big_pos_int.json",
    "i_number_very_big_negative_int.json",
};
/* Valid in RFC 8259's grammar and refused here on purpose: a name must be unique, U+0000 cannot be stored as text. */
static const char *const refused_though_valid[] = {
    "y_object_duplicated_key.json",
    "y_object_duplicated_key_and_value.json",
    "y_object_escaped_null_in_key.json",
    "y_string_null_escape.json",
};

static bool
listed(const char *name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, list[i]) == 0)
			return true;
	return false;
}

static void
the_json_test_suite_is_decided_as_listed(void **state)
{
	struct arena paths = ARENA_INIT;
	const char *folder = shared_data_folder(&paths, "JSONTestSuite/test_parsing");
	DIR *dir;
	struct dirent *entry;
	int files = 0, wrong = 0;

	(void)state;
	if (!folder)
		return;
	dir = opendir(folder);
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		struct arena arena = ARENA_INIT;
		const char *name = entry->d_name;
		const struct json_value *value;
		str text;
		bool wanted;

		if (!str_ends(str_from_z(name), S(".json")))
			continue;
		text = shared_data_file(&arena, arena_printf(&arena, "%s/%s", folder, name).p);
		assert_non_null(text.p);
		wanted = (name[0] == 'y' && !listed(name, refused_though_valid, 4)) ||
		         (name[0] == 'i' && listed(name, accepted_where_open, 10));
		if ((json_parse(&arena, text, &value, NULL) == NULL) != wanted) {
			print_error("%s is %s\n", name, wanted ? "refused" : "accepted");
			wrong++;
		}
		files++;
		arena_release(&arena);
	}
	closedir(dir);
	assert_int_equal(wrong, 0);
	assert_int_equal(files, 318);
	arena_release(&paths);
}

/* A random tree, written; `budget` bounds its size. */
static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static str
random_text(struct arena *arena, uint64_t *seed)
{
	static const char *const pieces[] = {"a", "Z", " ", "\"", "\\", "/", "\n", "\t", "\x01", "\x1f", "\x7f",
	    "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "{", "]", ",", "12345678"};
	struct buf buf = BUF_INIT(arena);

	for (uint64_t n = next_random(seed) % 20; n > 0; n--)
		buf_add_z(&buf, pieces[next_random(seed) % (sizeof(pieces) / sizeof(*pieces))]);
	return buf_str(&buf);
}

static void
write_random(struct json_writer *w, struct arena *arena, uint64_t *seed, int depth)
{
	static const char *const numbers[] = {"0", "-0", "1.50", "1e9", "-12.0E-3", "100000000000000000000000000"};
	uint64_t choice = next_random(seed) % (depth > 5 ? 6 : 9);

	switch (choice) {
	case 0: json_write_null(w); return;
	case 1: json_write_bool(w, next_random(seed) & 1); return;
	case 2: json_write_number(w, str_from_z(numbers[next_random(seed) % 6])); return;
	case 3: json_write_int64(w, (int64_t)next_random(seed)); return;
	case 4:
	case 5: json_write_text(w, random_text(arena, seed)); return;
	case 6:
		json_write_array(w);
		for (uint64_t n = next_random(seed) % 6; n > 0; n--)
			write_random(w, arena, seed, depth + 1);
		json_write_end(w);
		return;
	default:
		json_write_object(w);
		for (uint64_t n = next_random(seed) % 50; n > 0; n -= n > 10 && depth > 1 ? 10 : 1) {
			str text = random_text(arena, seed);

			json_write_name(w, arena_printf(arena, "%d.%.*s", (int)n, STR_ARG(text)));
			write_random(w, arena, seed, depth + 3);
		}
		json_write_end(w);
		return;
	}
}

static bool
same(const struct json_value *a, const struct json_value *b)
{
	const struct json_value *x, *y;

	if (json_kind(a) != json_kind(b) || json_count(a) != json_count(b) || json_bool(a) != json_bool(b) ||
	    !str_equal(json_text(a), json_text(b)) || !str_equal(json_name(a), json_name(b)) ||
	    !str_equal(json_number_text(a), json_number_text(b)))
		return false;
	x = json_kind(a) >= JSON_ARRAY ? a->first : NULL;
	y = json_kind(b) >= JSON_ARRAY ? b->first : NULL;
	for (; x && y; x = x->next, y = y->next)
		if (!same(x, y))
			return false;
	return !x && !y;
}

static void
what_is_written_is_read_back_the_same(void **state)
{
	uint64_t seed = 20260101;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct arena arena = ARENA_INIT;
		struct buf first = BUF_INIT(&arena), second = BUF_INIT(&arena), pretty = BUF_INIT(&arena);
		struct json_writer w = JSON_WRITER(&first), again = JSON_WRITER(&second);
		struct json_writer for_people = {.out = &pretty, .pretty = true};
		const struct json_value *a;

		write_random(&w, &arena, &seed, 0);
		json_write_done(&w);
		a = parse(&arena, buf_str(&first));
		json_write_value(&again, a);
		json_write_done(&again);
		json_write_value(&for_people, a);
		assert_true(str_equal(buf_str(&first), buf_str(&second)));
		assert_true(same(a, parse(&arena, buf_str(&pretty))));
		arena_release(&arena);
	}
}

/* A value's source parses to the same value again, and lies within its parent's. */
static void
check_sources(struct arena *arena, const struct json_value *value)
{
	const struct json_value *alone = parse(arena, json_source(value));

	assert_int_equal(json_kind(alone), json_kind(value));
	assert_int_equal(json_count(alone), json_count(value));
	for (const struct json_value *child = json_kind(value) >= JSON_ARRAY ? value->first : NULL; child;
	     child = child->next) {
		str whole = json_name(child).p ? json_member_source(child) : json_source(child);

		assert_true(whole.p > value->source_p);
		assert_true(whole.p + whole.n < value->source_p + value->source_n);
		check_sources(arena, child);
	}
}

static void
a_changed_byte_never_breaks_the_reader(void **state)
{
	const str text = S(
	    "{\"resourceType\":\"Observation\",\"id\":\"o\\u00e91\",\"valueQuantity\":{\"value\":1.250e+2,\"unit\":"
	    "\"mg/dL"
	    " \xC2\xB5\"},\"component\":[{\"a\":[true,false,null,-0.5]},{\"\\uD83D\\uDE00\":\"\\n\"}], \"x\" : [ ] }");
	static const unsigned char tries[] = {0, '"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', 'e', 'u', ' ', '\n',
	    0x7f, 0x80, 0xC3, 0xED, 0xF4, 0xFF};
	size_t accepted = 0;

	(void)state;
	for (size_t at = 0; at <= text.n; at++) {
		for (size_t t = 0; t < 3 * sizeof(tries); t++) {
			struct arena arena = ARENA_INIT;
			struct buf buf = BUF_INIT(&arena);
			const struct json_value *value;

			buf_add(&buf, str_take(text, at));
			if (t % 3 > 0) /* insert or replace; 0: cut off here and end with that byte */
				buf_add_char(&buf, (char)tries[t / 3]);
			if (t % 3 == 1)
				buf_add(&buf, str_drop(text, at));
			else if (t % 3 == 2)
				buf_add(&buf, str_drop(text, at + 1));
			if (json_parse(&arena, buf_str(&buf), &value, NULL) == NULL) {
				accepted++;
				check_sources(&arena, value);
			}
			arena_release(&arena);
		}
	}
	assert_true(accepted > 500);
}

static void
fhir_texts_survive_byte_for_byte(void **state)
{
	struct arena paths = ARENA_INIT;
	const char *folder = shared_data_folder(&paths, "fhir_r4_examples");
	DIR *dir;
	struct dirent *entry;
	int files = 0;

	(void)state;
	if (!folder)
		return;
	dir = opendir(folder);
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		struct arena arena = ARENA_INIT;
		struct buf printed = BUF_INIT(&arena);
		struct json_writer w = JSON_WRITER(&printed);
		const struct json_value *value;
		str text;

		if (str_ends(str_from_z(entry->d_name), S(".json"))) {
			text = shared_data_file(&arena, arena_printf(&arena, "%s/%s", folder, entry->d_name).p);
			value = parse(&arena, text);
			assert_true(str_equal(json_source(value), str_trim(text)));
			assert_non_null(json_text_at(value, "resourceType").p);
			json_write_value(&w, value);
			assert_true(same(value, parse(&arena, buf_str(&printed))));
			files++;
		}
		arena_release(&arena);
	}
	closedir(dir);
	assert_true(files > 100);
	arena_release(&paths);
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
	    cmocka_unit_test(the_json_test_suite_is_decided_as_listed),
	    cmocka_unit_test(what_is_written_is_read_back_the_same),
	    cmocka_unit_test(a_changed_byte_never_breaks_the_reader),
	    cmocka_unit_test(fhir_texts_survive_byte_for_byte),
	    cmocka_unit_test(the_writer_sets_commas_quotes_and_lines),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
