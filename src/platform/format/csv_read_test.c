/* SPDX-License-Identifier: Apache-2.0 */
/* CSV as spreadsheets and devices write it, and as nobody should. */
#include "unit.h"

#include "platform/format/csv.h"
#include "platform/format/csv_read.h"

/* Rows as "line: cell|cell" or "line! why". */
static str
told(struct arena *arena, str bytes)
{
	struct buf out = BUF_INIT(arena);
	struct csv_reader reader;
	struct csv_row row;
	str text;

	assert_ok(csv_decode(arena, bytes, &text));
	csv_reader_init(&reader, text, csv_separator_of(text));
	while (csv_next(arena, &reader, &row)) {
		buf_printf(&out, "%lld%s", (long long)row.line, row.trouble ? "!" : ":");
		for (size_t i = 0; i < row.count && !row.trouble; i++)
			buf_printf(&out, "%s%.*s", i ? "|" : " ", STR_ARG(row.cells[i]));
		buf_add_char(&out, '\n');
	}
	return buf_str(&out);
}

static void
any_separator_line_end_and_quote(void **state)
{
	struct arena arena = ARENA_INIT;

	(void)state;
	assert_str_equal(told(&arena, S("a,b\r\n1,2\r\n")), "1: a|b\n2: 1|2\n");
	assert_str_equal(told(&arena, S("a;b\n1,5;2\n")), "1: a|b\n2: 1,5|2\n");
	assert_str_equal(told(&arena, S("a\tb\r1\t2")), "1: a|b\n2: 1|2\n");
	assert_str_equal(told(&arena, S("a|b\n1|2")), "1: a|b\n2: 1|2\n");
	assert_str_equal(told(&arena, S("a,\"x \"\"y\"\"\r\nz\",c\n1,2,3\n")), "1: a|x \"y\"\r\nz|c\n3: 1|2|3\n");
	assert_str_equal(told(&arena, S("\n\n,,\na , \" b \" \n")), "4: a|b\n");
	assert_str_equal(told(&arena, S("")), "");
	arena_release(&arena);
}

static void
any_code(void **state)
{
	struct arena arena = ARENA_INIT;
	str text;

	(void)state;
	assert_str_equal(told(&arena, S("\xEF\xBB\xBFpresi\xC3\xB3n,a\n")), "1: presi\xC3\xB3n|a\n");
	assert_str_equal(told(&arena, S("presi\xF3n \x80,a\n")), "1: presi\xC3\xB3n \xE2\x82\xAC|a\n");
	assert_str_equal(told(&arena, S("\xFF\xFE"
					"a\0,\0\xF3\0\n\0"
					"\x3D\xD8\x0A\xDE"
					",\0"
					"b\0")),
	    "1: a|\xC3\xB3\n2: \xF0\x9F\x98\x8A|b\n");
	assert_str_equal(told(&arena, S("\xFE\xFF\0a\0,\0b")), "1: a|b\n");
	assert_str_equal(told(&arena, S("a\0,\0b\0")), "1: a|b\n");
	assert_fails(csv_decode(&arena, S("PK\3\4\0\0"), &text), ERR_INVALID);
	arena_release(&arena);
}

static void
a_row_that_cannot_be_read_costs_its_line_only(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT(&arena);

	(void)state;
	assert_str_equal(told(&arena, S("a,b\n1,\"2\n3,4\n5,\"6\"7\n8,9\n")), "1: a|b\n2!\n3: 3|4\n4!\n5: 8|9\n");
	buf_add(&text, S("a,b\n"));
	for (size_t i = 0; i < CSV_ROW_BYTES_MAX * 2; i++)
		buf_add_char(&text, 'x');
	buf_add(&text, S("\n1,2\n"));
	for (size_t i = 0; i < CSV_COLUMNS_MAX; i++)
		buf_add_char(&text, ',');
	buf_add(&text, S("\n3,4"));
	assert_str_equal(told(&arena, buf_str(&text)), "1: a|b\n2!\n3: 1|2\n4!\n5: 3|4\n");
	arena_release(&arena);
}

/* What is written safe for a spreadsheet comes back as it was. */
static void
what_csv_writes_comes_back(void **state)
{
	static const char *const cells[] = {
	    "=1+1", "+49 30", "-5", "@x", "a,b", "say \"x\"", "two\nlines", "plain", "'quoted"};
	struct arena arena = ARENA_INIT;
	struct buf out = BUF_INIT(&arena);
	struct csv_writer w = {.out = &out};
	struct csv_reader reader;
	struct csv_row row;

	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		csv_text(&w, str_from_z(cells[i]));
	csv_row_end(&w);
	csv_reader_init(&reader, buf_str(&out), ',');
	assert_true(csv_next(&arena, &reader, &row));
	assert_null(row.trouble);
	assert_int_equal(row.count, sizeof(cells) / sizeof(cells[0]));
	for (size_t i = 0; i < row.count; i++)
		assert_str_equal(row.cells[i], cells[i]);
	assert_false(csv_next(&arena, &reader, &row));
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(any_separator_line_end_and_quote),
	    cmocka_unit_test(any_code),
	    cmocka_unit_test(a_row_that_cannot_be_read_costs_its_line_only),
	    cmocka_unit_test(what_csv_writes_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
