/* SPDX-License-Identifier: Apache-2.0 */
/* Base 64, CSV and word wrapping. */
#include "platform/format/base64.h"
#include "platform/format/csv.h"
#include "platform/format/utf8.h"
#include "platform/format/wrap.h"
#include "unit.h"

static void
base64_gives_the_vectors_of_the_rfc(void **state)
{
	static const char *const vectors[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
	    {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < 7; i++) {
		str out;

		assert_string_equal(arena_z(&arena, base64_encode(&arena, str_from_z(vectors[i][0]))), vectors[i][1]);
		assert_true(base64_decode(&arena, str_from_z(vectors[i][1]), &out));
		assert_string_equal(arena_z(&arena, out), vectors[i][0]);
	}
	assert_str_equal(base64_encode(&arena, S("\xFB\xFF\xFE")), "+//+");
	assert_str_equal(base64url_encode(&arena, S("\xFB\xFF\xFE")), "-__-");
	assert_str_equal(base64url_encode(&arena, S("f")), "Zg");
	arena_release(&arena);
}

static void
base64_reads_only_what_it_writes(void **state)
{
	static const char *const refused[] = {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8", "=",
	    "==", "====", "Z===", "Zg==Zg==", "Zm 9v", "Zm9v\n", "Zm9-", "Zm9_", "Zm\xC3\xA9v", "Zm9v=", "Zm9v=="};
	static const char *const refused_url[] = {"Z", "Zg==", "Zh", "Zm9", "Zm8=", "Zm9+", "Zm9/", "Zm9vZ"};
	struct arena arena = ARENA_INIT;
	str out = STR_NONE;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		if (base64_decode(&arena, str_from_z(refused[i]), &out))
			fail_msg("%s", refused[i]);
	for (size_t i = 0; i < sizeof(refused_url) / sizeof(*refused_url); i++)
		if (base64url_decode(&arena, str_from_z(refused_url[i]), &out))
			fail_msg("%s", refused_url[i]);
	assert_false(base64_decode(&arena, S("Zm\0v"), &out));
	assert_null(out.p);
	arena_release(&arena);
}

static void
any_bytes_survive_base64(void **state)
{
	unsigned char bytes[100];
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct arena arena = ARENA_INIT;
		str in = {(char *)bytes, (size_t)i % 100}, out;

		for (size_t k = 0; k < in.n; k++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			bytes[k] = (unsigned char)(seed >> 56);
		}
		assert_true(base64_decode(&arena, base64_encode(&arena, in), &out) && str_equal(in, out));
		assert_true(base64url_decode(&arena, base64url_encode(&arena, in), &out) && str_equal(in, out));
		arena_release(&arena);
	}
}

static void
a_cell_is_quoted_when_it_must_and_never_a_formula(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf buf = BUF_INIT(&arena);
	struct csv_writer csv = {.out = &buf};
	static const char *const cells[] = {
	    "plain", "a,b", "say \"hi\"", "\"", "two\nlines", "=1+1", "+1", "-1", "@x", "\tx", "\rx", "x=1", " x", ""};

	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++) {
		csv_text(&csv, str_from_z(cells[i]));
		csv_row_end(&csv);
	}
	csv_text(&csv, S("n"));
	csv_int64(&csv, -5);
	csv_text(&csv, STR_NONE);
	csv_row_end(&csv);
	assert_str_equal(buf_str(&buf), "plain\r\n\"a,b\"\r\n\"say "
					"\"\"hi\"\"\"\r\n\"\"\"\"\r\n\"two\nlines\"\r\n'=1+1\r\n'+1\r\n'-1\r\n'@"
					"x\r\n\"'\tx\"\r\n\"'\rx\"\r\nx=1\r\n"
					"\" x\"\r\n\"\"\r\nn,-5,\"\"\r\n");
	arena_release(&arena);
}

static const char *
wrapped(struct arena *arena, const char *text, struct wrap how)
{
	struct buf buf = BUF_INIT(arena);

	wrap_text(&buf, str_from_z(text), &how);
	return arena_z(arena, buf_str(&buf));
}

static void
words_move_to_the_next_line_whole(void **state)
{
	struct arena arena = ARENA_INIT;
	struct wrap label = {20, S_INIT("Note:  "), S_INIT("       ")};

	(void)state;
	assert_string_equal(
	    wrapped(&arena, "one two three four", (struct wrap){.columns = 9}), "one two\nthree\nfour\n");
	assert_string_equal(wrapped(&arena, "one two", (struct wrap){.columns = 7}), "one two\n");
	assert_string_equal(wrapped(&arena, "  one \t two  ", (struct wrap){.columns = 80}), "one two\n");
	assert_string_equal(wrapped(&arena, "a\r\n\r\nb\n", (struct wrap){.columns = 80}), "a\n\nb\n\n");
	assert_string_equal(wrapped(&arena, "abcdefgh ij", (struct wrap){.columns = 3}), "abc\ndef\ngh\nij\n");
	assert_string_equal(
	    wrapped(&arena, "takes one tablet at night", label), "Note:  takes one\n       tablet at\n       night\n");
	assert_string_equal(wrapped(&arena, "", label), "Note:\n");
	assert_string_equal(wrapped(&arena, NULL, label), "Note:\n");
	assert_string_equal(wrapped(&arena, "\xE7\x94\xB0\xE4\xB8\xAD\xE7\x94\xB0", (struct wrap){.columns = 5}),
	    "\xE7\x94\xB0\xE4\xB8\xAD\n\xE7\x94\xB0\n"); /* two columns each */
	assert_string_equal(wrapped(&arena,
				"e\xCC\x81"
				"e\xCC\x81",
				(struct wrap){.columns = 1}),
	    "e\xCC\x81\ne\xCC\x81\n");
	assert_string_equal(wrapped(&arena, "x yy", (struct wrap){2, S_INIT("<<<"), S_INIT(">")}), "<<<x\n>y\n>y\n");
	arena_release(&arena);
}

static void
no_line_is_too_wide_and_no_letter_is_lost(void **state)
{
	static const char *const pieces[] = {
	    "a", "bc", " ", "  ", "\xC3\xA9", "\xE7\x94\xB0", "o\xCC\x81", "word", "\n", "\t"};
	uint64_t seed = 11;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		struct arena arena = ARENA_INIT;
		struct buf text = BUF_INIT(&arena), out = BUF_INIT(&arena), in_letters = BUF_INIT(&arena),
			   out_letters = BUF_INIT(&arena);
		struct wrap how = {.columns = 2 + i % 20};
		str rest, line;

		for (int n = 0; n < 40; n++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			buf_add_z(&text, pieces[(seed >> 33) % 10]);
		}
		wrap_text(&out, buf_str(&text), &how);
		for (rest = buf_str(&out); rest.p;) {
			rest = str_cut(rest, '\n', &line);
			assert_true(utf8_width(line) <= (size_t)how.columns);
			assert_false(str_ends(line, S(" ")));
		}
		for (size_t k = 0; k < text.n; k++)
			if (!strchr(" \t\n", text.p[k]))
				buf_add_char(&in_letters, text.p[k]);
		for (size_t k = 0; k < out.n; k++)
			if (!strchr(" \t\n", out.p[k]))
				buf_add_char(&out_letters, out.p[k]);
		assert_true(str_equal(buf_str(&in_letters), buf_str(&out_letters)));
		arena_release(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(base64_gives_the_vectors_of_the_rfc),
	    cmocka_unit_test(base64_reads_only_what_it_writes),
	    cmocka_unit_test(any_bytes_survive_base64),
	    cmocka_unit_test(a_cell_is_quoted_when_it_must_and_never_a_formula),
	    cmocka_unit_test(words_move_to_the_next_line_whole),
	    cmocka_unit_test(no_line_is_too_wide_and_no_letter_is_lost),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
