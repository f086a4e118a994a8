/* SPDX-License-Identifier: Apache-2.0 */
/* Ranges of bytes: RFC 9110 14.1.2 with its examples, and what is not one. */
#include "unit.h"

#include "platform/http/http.h"

static void
assert_range(const char *header, int64_t size, enum range_kind kind, int64_t first, int64_t last)
{
	struct range range = range_parse(str_from_z(header), size);

	if (range.kind != kind || range.first != first || range.last != last)
		fail_msg("%s of %lld: kind %d, %lld to %lld", header, (long long)size, range.kind,
		    (long long)range.first, (long long)range.last);
}

static void
one_range_is_a_part(void **state)
{
	(void)state;
	assert_range("bytes=0-499", 10000, RANGE_PART, 0, 499);
	assert_range("bytes=500-999", 10000, RANGE_PART, 500, 999);
	assert_range("bytes=-500", 10000, RANGE_PART, 9500, 9999);
	assert_range("bytes=9500-", 10000, RANGE_PART, 9500, 9999);
	assert_range("bytes=0-0", 10000, RANGE_PART, 0, 0);
	assert_range("bytes=-1", 10000, RANGE_PART, 9999, 9999);
	assert_range("bytes=0-99999", 10000, RANGE_PART, 0, 9999);
	assert_range("bytes=-99999", 10000, RANGE_PART, 0, 9999);
	assert_range("bytes=0-", 1, RANGE_PART, 0, 0);
	assert_range("bytes=0-99999999999999999999999999", 10, RANGE_PART, 0, 9);
}

static void
what_lies_behind_the_end_is_outside(void **state)
{
	(void)state;
	assert_range("bytes=10000-", 10000, RANGE_OUTSIDE, 0, 0);
	assert_range("bytes=10000-10001", 10000, RANGE_OUTSIDE, 0, 0);
	assert_range("bytes=-0", 10000, RANGE_OUTSIDE, 0, 0);
	assert_range("bytes=99999999999999999999999-", 10000, RANGE_OUTSIDE, 0, 0);
}

static void
anything_else_is_all_of_it(void **state)
{
	static const char *const headers[] = {"", "bytes", "bytes=", "bytes=-", "bytes=5", "bytes=a-b", "bytes=1-x",
	    "bytes=0-1,5-6", "items=0-1", "bytes=9-3", "bytes=--3", "bytes=1-2-3", "bytes= 1 - 2", NULL};

	(void)state;
	for (size_t i = 0; headers[i]; i++)
		assert_range(headers[i], 10000, RANGE_WHOLE, 0, 9999);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_range_is_a_part),
	    cmocka_unit_test(what_lies_behind_the_end_is_outside),
	    cmocka_unit_test(anything_else_is_all_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
