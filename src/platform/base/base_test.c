/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

static void
str_cut_visits_every_piece(void **state)
{
	str rest = S("a,,b"), item;
	int pieces = 0;

	(void)state;
	while (rest.p) {
		rest = str_cut(rest, ',', &item);
		pieces++;
	}
	assert_int_equal(pieces, 3);
	assert_true(str_equal(item, S("b")));
}

static void
numbers_are_read_to_the_last_bit_and_not_beyond(void **state)
{
	int64_t value = 7;

	(void)state;
	assert_true(str_to_int64(S("-9223372036854775808"), &value));
	assert_true(value == INT64_MIN);
	assert_true(str_to_int64(S("9223372036854775807"), &value));
	assert_true(value == INT64_MAX);
	value = 7;
	assert_false(str_to_int64(S("9223372036854775808"), &value));
	assert_false(str_to_int64(S(""), &value));
	assert_false(str_to_int64(S("-"), &value));
	assert_false(str_to_int64(S("1 "), &value));
	assert_false(str_to_int64(S("+1"), &value));
	assert_int_equal(value, 7);
}

static void
find_and_trim(void **state)
{
	size_t at;

	(void)state;
	assert_true(str_find(S("refill"), S("fill"), &at));
	assert_int_equal(at, 2);
	assert_false(str_find(S("fill"), S("refill"), &at));
	assert_true(str_equal(str_trim(S(" \t a b \n")), S("a b")));
	assert_true(str_starts(S("Patient/1"), S("Patient/")));
	assert_false(str_starts(S("Pat"), S("Patient/")));
	assert_true(str_ends(S("a.json"), S(".json")));
}

static void
a_buffer_grows_and_keeps_its_text(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf buf = BUF_INIT(&arena);

	(void)state;
	for (int i = 0; i < 10000; i++) {
		buf_add_int64(&buf, i);
		buf_add_char(&buf, ' ');
		if (i % 100 == 0)
			arena_alloc(&arena, 16); /* someone else allocates between: growth must copy */
	}
	assert_true(str_starts(buf_str(&buf), S("0 1 2 ")));
	assert_true(str_ends(buf_str(&buf), S("9998 9999 ")));
	buf_clear(&buf);
	buf_add_int64(&buf, INT64_MIN);
	assert_true(str_equal(buf_str(&buf), S("-9223372036854775808")));
	arena_clear(&arena);
	assert_non_null(arena_alloc(&arena, 1 << 22));
	arena_release(&arena);
}

static void
allocations_are_zeroed_and_aligned(void **state)
{
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t n = 1; n < 5000; n += 7) {
		unsigned char *p = arena_alloc(&arena, n);
		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, n);
		arena_text(&arena, 3);
	}
	arena_release(&arena);
}

static void
uuids_sort_by_time_and_survive_text(void **state)
{
	struct arena arena = ARENA_INIT;
	struct uuid a = uuid_new((instant){1000}), b = uuid_new((instant){2000}), back;

	(void)state;
	assert_true(memcmp(a.bytes, b.bytes, 16) < 0);
	assert_int_equal(a.bytes[6] >> 4, 7);
	assert_int_equal(a.bytes[8] >> 6, 2);
	assert_true(uuid_parse(uuid_text(&arena, a), &back));
	assert_true(uuid_equal(a, back));
	assert_false(uuid_parse(S("00000000-0000-7000-8000-00000000000g"), &back));
	assert_false(uuid_parse(S("00000000-0000-7000-8000-0000000000"), &back));
	arena_release(&arena);
}

static void
a_list_keeps_its_items_while_growing(void **state)
{
	struct arena arena = ARENA_INIT;
	LIST(int) list = {0};

	(void)state;
	for (int i = 0; i < 1000; i++)
		*LIST_ADD(&arena, &list) = i;
	assert_int_equal(list.count, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(list.items[i], i);
	arena_release(&arena);
}

static const struct err *
fails(void)
{
	TRY(NULL);
	TRY(ERR(ERR_GONE, "Not found.", "gone"));
	return NULL;
}

static void
the_first_error_is_returned(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct err *e = fails();

	(void)state;
	assert_non_null(e);
	assert_int_equal(e->code, ERR_GONE);
	e = err_said(&arena, ERR_INVALID, "Line %d is too long.", 3);
	assert_string_equal(err_copy(&arena, e)->say, "Line 3 is too long.");
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    cmocka_unit_test(str_cut_visits_every_piece),
	    cmocka_unit_test(numbers_are_read_to_the_last_bit_and_not_beyond),
	    cmocka_unit_test(find_and_trim),
	    cmocka_unit_test(a_buffer_grows_and_keeps_its_text),
	    cmocka_unit_test(allocations_are_zeroed_and_aligned),
	    cmocka_unit_test(uuids_sort_by_time_and_survive_text),
	    cmocka_unit_test(a_list_keeps_its_items_while_growing),
	    cmocka_unit_test(the_first_error_is_returned),
	};

	return cmocka_run_group_tests_name("base", list, NULL, NULL);
}
