/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/format/utf8.h"
#include "shared_data.h"

static void
every_character_and_no_surrogate_is_valid(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf buf = BUF_INIT(&arena);
	uint32_t back;

	(void)state;
	for (uint32_t c = 0; c <= 0x10FFFF; c++) {
		char three[3] = {(char)(0xE0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3F)), (char)(0x80 | (c & 0x3F))};
		str rest;

		if (c >= 0xD800 && c <= 0xDFFF) {
			assert_false(utf8_is_valid((str){three, 3}));
			continue;
		}
		buf_clear(&buf);
		buf_add_utf8(&buf, c);
		rest = buf_str(&buf);
		assert_true(utf8_is_valid(rest));
		assert_int_equal(utf8_char_bytes(rest), rest.n);
		assert_int_equal(utf8_count(rest), 1);
		for (size_t n = 1; n < rest.n; n++)
			assert_int_equal(utf8_char_bytes(str_take(rest, n)), 0);
		assert_true(utf8_next(&rest, &back));
		assert_int_equal(back, c);
		assert_int_equal(rest.n, 0);
	}
	arena_release(&arena);
}

static void
what_is_not_utf8_is_found_wherever_it_stands(void **state)
{
	static const char *const bad[] = {"\x80", "\xC0\xAF", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x80\xAF",
	    "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE2\x82", "\xE2\x28\xA1", "\xF0\x8F\xBF\xBF", "\xF0\x9F\x98",
	    "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xF8\x88\x80\x80\x80", "\xFE", "\xFF"};
	char text[200];

	(void)state;
	for (size_t b = 0; b < sizeof(bad) / sizeof(*bad); b++) {
		size_t n = strlen(bad[b]);

		for (size_t at = 0; at + n <= 100; at++) {
			memset(text, 'a', sizeof(text));
			assert_true(utf8_is_valid((str){text, 100}));
			memcpy(text + at, bad[b], n);
			assert_false(utf8_is_valid((str){text, 100}));
		}
	}
	assert_true(utf8_is_valid(STR_NONE));
	assert_true(utf8_is_valid(S("a\0b")));
}

static void
repair_puts_a_mark_for_each_lost_byte(void **state)
{
	struct arena arena = ARENA_INIT;
	str good = S("caf\xC3\xA9");

	(void)state;
	assert_ptr_equal(utf8_repair(&arena, good).p, good.p);
	assert_str_equal(
	    utf8_repair(&arena, S("a\xFF\xC3z\xE2\x82")), "a\xEF\xBF\xBD\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD");
	arena_release(&arena);
}

static void
characters_are_counted_and_cut_without_tearing(void **state)
{
	str text = S("Mej\xC3\xAD"
		     "a e\xCC\x81x \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x94\xAC!");

	(void)state;
	assert_int_equal(utf8_count(text), 14); /* e + acute are two, the scientist is three */
	assert_str_equal(utf8_take_chars(text, 4), "Mej\xC3\xAD");
	assert_str_equal(utf8_take_bytes(text, 4), "Mej");
	assert_str_equal(utf8_take_bytes(text, 5), "Mej\xC3\xAD");
	assert_str_equal(utf8_take_chars(text, 7), "Mej\xC3\xAD"
						   "a "); /* not e without its accent */
	assert_str_equal(utf8_take_chars(text, 8), "Mej\xC3\xAD"
						   "a e\xCC\x81");
	assert_str_equal(utf8_take_chars(text, 12), "Mej\xC3\xAD"
						    "a e\xCC\x81x "); /* not half a scientist */
	assert_true(str_equal(utf8_take_chars(text, 14), text));
	assert_true(str_equal(utf8_take_bytes(text, text.n), text));
	assert_str_equal(utf8_take_chars(text, 0), "");
	assert_str_equal(
	    utf8_take_chars(S("e\xCC\x81\xCC\x81\xCC\x81"), 2), "e\xCC\x81"); /* a cluster longer than the limit */
	assert_str_equal(utf8_take_bytes(S("\xF0\x9F\x98\x80"), 3), "");
}

static void
every_cut_is_a_beginning_within_its_limit(void **state)
{
	static const char *const pieces[] = {"a", " ", "\xCC\x81", "\xE2\x80\x8D", "\xF0\x9F\x91\xA9", "\xC3\xA9",
	    "\xFF", "\xF0\x9F\x87\xBA", "\r", "\n"};
	uint64_t seed = 5;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		struct arena arena = ARENA_INIT;
		struct buf buf = BUF_INIT(&arena);
		size_t limit;
		str cut;

		for (int n = 0; n < 12; n++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			buf_add_z(&buf, pieces[(seed >> 33) % 10]);
		}
		limit = (seed >> 40) % 14;
		cut = utf8_take_chars(buf_str(&buf), limit);
		assert_true(str_starts(buf_str(&buf), cut) && utf8_count(cut) <= limit);
		assert_int_equal(cut.n == 0, limit == 0);
		cut = utf8_take_bytes(buf_str(&buf), limit);
		assert_true(str_starts(buf_str(&buf), cut) && cut.n <= limit);
		assert_int_equal(
		    utf8_count(cut) + utf8_count(str_drop(buf_str(&buf), cut.n)), utf8_count(buf_str(&buf)));
		arena_release(&arena);
	}
}

static void
names_are_found_without_case_and_accents(void **state)
{
	struct arena arena = ARENA_INIT;

	(void)state;
	assert_str_equal(utf8_fold(&arena, S("Mej\xC3\xAD"
					     "a")),
	    "mejia");
	assert_str_equal(utf8_fold(&arena, S("MEJI\xCC\x81"
					     "A")),
	    "mejia");
	assert_str_equal(utf8_fold(&arena, S("Stra\xC3\x9F"
					     "e")),
	    "strasse");
	assert_str_equal(utf8_fold(&arena, S("\xEF\xBC\xA1\xEF\xAC\x81")), "afi"); /* full-width A, fi ligature */
	assert_str_equal(
	    utf8_fold(&arena, S("\xCE\xA3\xCE\x91\xCF\x82")), "\xCF\x83\xCE\xB1\xCF\x83"); /* final sigma */
	assert_str_equal(utf8_fold(&arena, S("  O'Brien\t\n Jr. ")), "o'brien jr.");
	assert_str_equal(utf8_fold(&arena, S("a\xC2\xA0\xE3\x80\x80z")), "a z");
	assert_str_equal(utf8_fold(&arena, S("Nu\xC3\xB1"
					     "ez\xFF")),
	    "nunez\xEF\xBF\xBD");
	assert_str_equal(utf8_fold(&arena, STR_NONE), "");
	arena_release(&arena);
}

static void
folding_twice_is_folding_once(void **state)
{
	struct arena arena = ARENA_INIT;

	(void)state;
	for (uint32_t c = 0; c <= 0x10FFFF; c++) {
		struct buf buf = BUF_INIT(&arena);
		str once, nfc;

		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		buf_add_char(&buf, 'x');
		buf_add_utf8(&buf, c);
		once = utf8_fold(&arena, buf_str(&buf));
		if (!str_equal(utf8_fold(&arena, once), once))
			fail_msg("U+%04X", c);
		nfc = utf8_nfc(&arena, buf_str(&buf));
		assert_true(str_equal(utf8_nfc(&arena, nfc), nfc));
		arena_clear(&arena);
	}
	arena_release(&arena);
}

static void
normal_form_c_joins_letter_and_accent(void **state)
{
	struct arena arena = ARENA_INIT;
	str ascii = S("plain");

	(void)state;
	assert_str_equal(utf8_nfc(&arena, S("e\xCC\x81")), "\xC3\xA9");
	assert_str_equal(utf8_nfc(&arena, S("e\xFF")), "e\xEF\xBF\xBD");
	assert_ptr_equal(utf8_nfc(&arena, ascii).p, ascii.p);
	arena_release(&arena);
}

static void
a_name_cannot_hide_or_reorder_text(void **state)
{
	(void)state;
	assert_true(utf8_is_clean_line(S("Mar\xC3\xAD"
					 "a \xD9\x85\xD8\xAD\xD9\x85\xD8\xAF \xE7\x94\xB0")));
	assert_true(utf8_is_clean_line(S("\xD9\x85\xE2\x80\x8C\xD8\xAD"))); /* Persian with a joiner */
	assert_true(utf8_is_clean_line(S("")));
	assert_false(utf8_is_clean_line(S("a\nb")));
	assert_false(utf8_is_clean_line(S("a\tb")));
	assert_false(utf8_is_clean_line(S("a\0b")));
	assert_false(utf8_is_clean_line(S("a\x7F")));
	assert_false(utf8_is_clean_line(S("a\xC2\x85"))); /* next line */
	assert_false(utf8_is_clean_line(S("a\xE2\x80\xAE"
					  "b")));                 /* right-to-left override */
	assert_false(utf8_is_clean_line(S("a\xE2\x81\xA6")));     /* isolate */
	assert_false(utf8_is_clean_line(S("a\xE2\x80\xA8")));     /* line separator */
	assert_false(utf8_is_clean_line(S("a\xEF\xBB\xBF")));     /* byte order mark */
	assert_false(utf8_is_clean_line(S("a\xF3\xA0\x81\x81"))); /* tag */
	assert_false(utf8_is_clean_line(S("a\xEF\xBF\xBF")));     /* noncharacter */
	assert_false(utf8_is_clean_line(S("a\xFF")));
	assert_true(utf8_is_clean_text(S("a\tb\r\nc\nd")));
	assert_false(utf8_is_clean_text(S("a\rb")));
	assert_false(utf8_is_clean_text(S("a\x08")));
	assert_false(utf8_is_clean_text(S("a\xE2\x80\xAE")));
}

static void
width_is_in_columns(void **state)
{
	(void)state;
	assert_int_equal(utf8_width(S("abc")), 3);
	assert_int_equal(utf8_width(S("e\xCC\x81")), 1);
	assert_int_equal(utf8_width(S("\xE7\x94\xB0\xE4\xB8\xAD")), 4);
	assert_int_equal(utf8_width(S("a\tb\x7F")), 2);
}

static void
naughty_strings_are_walked_without_harm(void **state)
{
	struct arena arena = ARENA_INIT;
	const char *path = shared_data_folder(&arena, "blns/blns.txt");
	str rest, line;
	int lines = 0;

	(void)state;
	if (!path)
		return;
	rest = shared_data_file(&arena, path);
	assert_non_null(rest.p);
	while (rest.p) {
		str folded;

		rest = str_cut(rest, '\n', &line);
		folded = utf8_fold(&arena, line);
		assert_true(utf8_is_valid(folded));
		assert_true(str_equal(utf8_fold(&arena, folded), folded));
		assert_true(utf8_count(utf8_take_chars(line, 10)) <= 10);
		lines++;
	}
	assert_true(lines > 500);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_character_and_no_surrogate_is_valid),
	    cmocka_unit_test(what_is_not_utf8_is_found_wherever_it_stands),
	    cmocka_unit_test(repair_puts_a_mark_for_each_lost_byte),
	    cmocka_unit_test(characters_are_counted_and_cut_without_tearing),
	    cmocka_unit_test(every_cut_is_a_beginning_within_its_limit),
	    cmocka_unit_test(names_are_found_without_case_and_accents),
	    cmocka_unit_test(folding_twice_is_folding_once),
	    cmocka_unit_test(normal_form_c_joins_letter_and_accent),
	    cmocka_unit_test(a_name_cannot_hide_or_reorder_text),
	    cmocka_unit_test(width_is_in_columns),
	    cmocka_unit_test(naughty_strings_are_walked_without_harm),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
