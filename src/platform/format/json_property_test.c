/* SPDX-License-Identifier: Apache-2.0 */
/* The reader and the writer against much text: the JSON test suite, FHIR files, random values and changed bytes. */
#include "platform/format/json_test_help.h"
#include "platform/format/json_write.h"
#include "shared_data.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_json_test_suite_is_decided_as_listed),
	    cmocka_unit_test(what_is_written_is_read_back_the_same),
	    cmocka_unit_test(a_changed_byte_never_breaks_the_reader),
	    cmocka_unit_test(fhir_texts_survive_byte_for_byte),
	};

	return cmocka_run_group_tests_name("json property", tests, NULL, NULL);
}
