/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "platform/format/uri.h"

static int
arena_setup(void **state)
{
	*state = calloc(1, sizeof(struct arena));
	return *state ? 0 : -1;
}

static int
arena_teardown(void **state)
{
	arena_release(*state);
	free(*state);
	return 0;
}

static void
escapes_are_decoded_in_either_case(void **state)
{
	str out = STR_NONE;

	assert_true(uri_decode(*state, S("a%2fb%2Fc%20d+e"), URI_PLUS_IS_PLUS, &out));
	assert_str_equal(out, "a/b/c d+e");
	assert_true(uri_decode(*state, S("a+b%2B"), URI_PLUS_IS_SPACE, &out));
	assert_str_equal(out, "a b+");
	assert_true(uri_decode(*state, S("%C3%B1"), URI_PLUS_IS_PLUS, &out));
	assert_str_equal(out, "\xc3\xb1");
	assert_true(uri_decode(*state, S(""), URI_PLUS_IS_PLUS, &out));
	assert_int_equal(out.n, 0);
}

static void
a_text_without_escapes_is_borrowed(void **state)
{
	str in = S("Observation"), out;

	assert_true(uri_decode(*state, in, URI_PLUS_IS_SPACE, &out));
	assert_ptr_equal(out.p, in.p);
}

static void
broken_escapes_nul_and_bad_utf8_are_refused_whole(void **state)
{
	static const char *const bad[] = {"%", "%4", "a%", "%zz", "%4g", "%g4", "%00", "a%00b", "%ff", "%c3", "%c3%28",
	    "%ed%a0%80", "%c0%af", "%f4%90%80%80", "%%41", "% 41", "\xff", "%u0041"};
	str out = S("untouched");

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(uri_decode(*state, str_from_z(bad[i]), URI_PLUS_IS_SPACE, &out));
	assert_str_equal(out, "untouched");
}

static void
every_byte_that_is_a_character_survives_the_round_trip(void **state)
{
	for (int c = 1; c < 128; c++) {
		struct buf coded = BUF_INIT(*state);
		char text[3] = {'a', (char)c, 'z'};
		str out;

		uri_encode(&coded, (str){text, 3});
		assert_true(uri_decode(*state, buf_str(&coded), URI_PLUS_IS_SPACE, &out));
		assert_true(str_equal(out, (str){text, 3}));
	}
}

static void
only_unreserved_characters_stay_plain(void **state)
{
	struct buf coded = BUF_INIT(*state), path = BUF_INIT(*state);

	uri_encode(&coded, S("aZ09-._~ /?&=+\"<\xc3\xb1"));
	assert_str_equal(buf_str(&coded), "aZ09-._~%20%2F%3F%26%3D%2B%22%3C%C3%B1");
	uri_encode_path(&path, S("/a b/c?"));
	assert_str_equal(buf_str(&path), "/a%20b/c%3F");
}

static void
a_query_keeps_order_and_repeated_names(void **state)
{
	struct http_pairs pairs;

	assert_ok(query_parse(*state, S("code=a&&code=b&empty=&bare&x=1=2&%6E=%20+"), &pairs));
	assert_int_equal(pairs.count, 6);
	assert_str_equal(pairs.items[0].value, "a");
	assert_str_equal(pairs.items[1].value, "b");
	assert_str_equal(pairs.items[2].value, "");
	assert_str_equal(pairs.items[3].name, "bare");
	assert_str_equal(pairs.items[3].value, "");
	assert_str_equal(pairs.items[4].value, "1=2");
	assert_str_equal(pairs.items[5].name, "n");
	assert_str_equal(pairs.items[5].value, "  ");
	assert_str_equal(pairs_first(pairs, "code"), "a");
	assert_null(pairs_first(pairs, "missing").p);
	assert_non_null(pairs_first(pairs, "bare").p);
	assert_ok(query_parse(*state, S(""), &pairs));
	assert_int_equal(pairs.count, 0);
	assert_ok(query_parse(*state, STR_NONE, &pairs));
	assert_int_equal(pairs.count, 0);
	assert_fails(query_parse(*state, S("a=%"), &pairs), ERR_INVALID);
	assert_fails(query_parse(*state, S("%00=a"), &pairs), ERR_INVALID);
}

static void
a_query_of_too_many_pairs_is_refused(void **state)
{
	struct buf text = BUF_INIT(*state);
	struct http_pairs pairs;

	for (int i = 0; i < HTTP_PARAMETERS_MAX; i++)
		buf_add(&text, S("a=b&"));
	assert_ok(query_parse(*state, buf_str(&text), &pairs));
	assert_int_equal(pairs.count, HTTP_PARAMETERS_MAX);
	buf_add(&text, S("a=b"));
	assert_fails(query_parse(*state, buf_str(&text), &pairs), ERR_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(escapes_are_decoded_in_either_case, arena_setup, arena_teardown),
	    cmocka_unit_test_setup_teardown(a_text_without_escapes_is_borrowed, arena_setup, arena_teardown),
	    cmocka_unit_test_setup_teardown(
		broken_escapes_nul_and_bad_utf8_are_refused_whole, arena_setup, arena_teardown),
	    cmocka_unit_test_setup_teardown(
		every_byte_that_is_a_character_survives_the_round_trip, arena_setup, arena_teardown),
	    cmocka_unit_test_setup_teardown(only_unreserved_characters_stay_plain, arena_setup, arena_teardown),
	    cmocka_unit_test_setup_teardown(a_query_keeps_order_and_repeated_names, arena_setup, arena_teardown),
	    cmocka_unit_test_setup_teardown(a_query_of_too_many_pairs_is_refused, arena_setup, arena_teardown),
	};

	return cmocka_run_group_tests_name("uri", tests, NULL, NULL);
}
