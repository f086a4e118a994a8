/* SPDX-License-Identifier: Apache-2.0 */
/* What poppler, which shares no code with us, finds in our PDF: tags, language, title, text in order. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit.h"

#include "platform/pages/pdf.h"

/* As test/world.c, of which this test needs nothing else. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libpango\nleak:libglib\n";
}

static const struct err *
to_file(void *arg, str bytes)
{
	return fwrite(bytes.p, 1, bytes.n, arg) == bytes.n ? NULL : ERR(ERR_BUSY, "full", "full");
}

/* What a program says about the file. */
static str
ask(struct arena *arena, const char *command, const char *path)
{
	struct buf out = BUF_INIT(arena);
	FILE *pipe = popen(arena_printf(arena, command, path).p, "r");
	char piece[4096];
	size_t n;

	assert_non_null(pipe);
	while ((n = fread(piece, 1, sizeof(piece), pipe)) > 0)
		buf_add_bytes(&out, piece, n);
	assert_int_equal(pclose(pipe), 0);
	return buf_str(&out);
}

static const struct pdf_options usual = {.title = S_INIT("Health record of Zoë Müller"),
    .lang = S_INIT("es"),
    .page_words = S_INIT("Page"),
    .footer = S_INIT("Zoë Müller"),
    .made = {1772722800000}};

static const char *
make(struct arena *arena, void (*fill)(struct pdf *pdf))
{
	const char *path =
	    arena_printf(arena, "%s/salve-pdf-%d.pdf", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", getpid()).p;
	FILE *file = fopen(path, "wb");
	struct sink sink = {to_file, file};
	struct pdf_options options = usual;
	struct pdf *pdf;

	assert_non_null(file);
	options.sink = &sink;
	assert_ok(pdf_begin(&pdf, &options));
	fill(pdf);
	assert_ok(pdf_error(pdf));
	assert_ok(pdf_end(pdf));
	fclose(file);
	return path;
}

/* A line broken between words reads as two words; letters stay letters. */
static void
fill_wrapped(struct pdf *pdf)
{
	pdf_pair(pdf, S("Parts"),
	    S("Confidential findings, vital signs, medicines, health problems, allergies, vaccines, visits, "
	      "procedures, notes"));
	pdf_text(
	    pdf, S("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		   "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"));
}

static void
words_stay_words_where_a_line_ends(void **state)
{
	struct arena arena = ARENA_INIT;
	const char *path = make(&arena, fill_wrapped);
	str text = ask(&arena, "pdfinfo -struct-text '%s' 2>&1", path);

	(void)state;
	assert_true(str_contains(text, S("Confidential findings, vital signs, medicines, health problems, allergies, "
					 "vaccines, visits, procedures, notes")));
	assert_true(str_contains(text, S("aaabbb")));
	unlink(path);
	arena_release(&arena);
}

static void
fill_small(struct pdf *pdf)
{
	pdf_heading(pdf, 1, S("Health record"), S("top"));
	pdf_pair(pdf, S("Name"), S("Zoë Müller"));
	pdf_pair(pdf, S("Born"), S("5 March 1950"));
	pdf_link(pdf, S("Lab results"), S("labs"));
	pdf_link(pdf, S("Allergies"), S("allergies"));
	pdf_heading(pdf, 2, S("Lab results"), S("labs"));
	pdf_heading(pdf, 3, S("Hemoglobin A1c"), STR_NONE);
	pdf_pair(pdf, S("Result"), S("7.1 %"));
	pdf_text(pdf, S("First line.\nSecond line."));
	pdf_heading(pdf, 2, S("Allergies"), S("allergies"));
	pdf_list_item(pdf, S("Penicillin"));
	pdf_list_item(pdf, S("العربية"));
	pdf_list_item(pdf, S("Peanuts & <nuts>"));
}

static void
a_document_is_tagged_with_language_title_and_outline(void **state)
{
	struct arena arena = ARENA_INIT;
	const char *path = make(&arena, fill_small);
	str info = ask(&arena, "pdfinfo '%s' 2>&1", path);
	str raw = ask(&arena, "cat '%s'", path);
	str tags = ask(&arena, "pdfinfo -struct '%s' 2>&1", path);

	(void)state;
	assert_true(str_contains(info, S("Tagged:          yes")));
	assert_true(str_contains(info, S("Title:           Health record of Zoë Müller")));
	assert_false(str_contains(info, S("Error")));
	assert_true(str_contains(raw, S("/Lang (es)")));
	assert_true(str_contains(raw, S("/DisplayDocTitle true")));
	assert_true(str_contains(raw, S("/Outlines")));
	assert_true(str_contains(tags, S("H1")));
	assert_true(str_contains(tags, S("H3")));
	assert_true(str_contains(tags, S("Table")));
	assert_true(str_contains(tags, S("TH")));
	assert_true(str_contains(tags, S("LBody")));
	assert_true(str_contains(tags, S("Link")));
	assert_false(str_contains(tags, S("Error")));
	unlink(path);
	arena_release(&arena);
}

static void
assert_in_order(str text, const char *const *words)
{
	for (; *words; words++) {
		size_t at;

		if (!str_find(text, str_from_z(*words), &at))
			fail_msg("not there, or not in order: %s\n%.*s", *words, STR_ARG(text));
		text = str_drop(text, at + strlen(*words));
	}
}

static void
tags_and_pages_tell_the_same_in_the_same_order(void **state)
{
	static const char *const words[] = {"Health record", "Name", "Zoë Müller", "Born", "5 March 1950",
	    "Lab results", "Allergies", "Lab results", "Hemoglobin A1c", "Result", "7.1 %", "First line.",
	    "Second line.", "Allergies", "Penicillin", "Peanuts & <nuts>", NULL};
	static const char *const right_to_left[] = {"Penicillin", "العربية", "Peanuts & <nuts>", NULL};
	struct arena arena = ARENA_INIT;
	const char *path = make(&arena, fill_small);

	(void)state;
	assert_in_order(ask(&arena, "pdftotext -raw '%s' -", path), words);
	assert_in_order(ask(&arena, "pdfinfo -struct-text '%s' 2>&1", path), words);
	assert_in_order(ask(&arena, "pdfinfo -struct-text '%s' 2>&1", path), right_to_left);
	unlink(path);
	arena_release(&arena);
}

#define MANY 400

static void
fill_long(struct pdf *pdf)
{
	struct arena arena = ARENA_INIT;

	pdf_heading(pdf, 1, S("Long"), STR_NONE);
	for (int i = 0; i < MANY; i++)
		pdf_pair(pdf, arena_printf(&arena, "label %d.", i),
		    arena_printf(&arena, "value %d. %.*s", i, i % 50 == 7 ? 4000 : 30,
			"text text text text text text text text text text text text text text text text text text "
			"text"));
	for (int i = 0; i < MANY; i++)
		pdf_list_item(pdf, arena_printf(&arena, "item %d.", i));
	for (int i = 0; i < MANY; i++)
		pdf_text(pdf, arena_printf(&arena, "paragraph %d.\nof two lines %d.", i, i));
	arena_release(&arena);
}

static void
nothing_is_lost_over_many_pages(void **state)
{
	struct arena arena = ARENA_INIT;
	const char *path = make(&arena, fill_long);
	str text = ask(&arena, "pdfinfo -struct-text '%s' 2>&1", path), info = ask(&arena, "pdfinfo '%s' 2>&1", path);
	const char **words = ARENA_ARRAY(&arena, const char *, 5 * MANY + 1);
	size_t count = 0;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		words[count++] = arena_printf(&arena, "label %d.", i).p;
		words[count++] = arena_printf(&arena, "value %d.", i).p;
	}
	for (int i = 0; i < MANY; i++)
		words[count++] = arena_printf(&arena, "item %d.", i).p;
	for (int i = 0; i < MANY; i++) {
		words[count++] = arena_printf(&arena, "paragraph %d.", i).p;
		words[count++] = arena_printf(&arena, "of two lines %d.", i).p;
	}
	assert_in_order(text, words);
	assert_false(str_contains(text, S("Syntax Error")));
	assert_false(str_contains(info, S("Pages:           1\n")));
	unlink(path);
	arena_release(&arena);
}

static const struct err *
no_more(void *arg, str bytes)
{
	size_t *left = arg;

	if (bytes.n > *left)
		return ERR(ERR_BUSY, "gone", "the client is gone");
	*left -= bytes.n;
	return NULL;
}

static void
a_reader_that_leaves_ends_the_document(void **state)
{
	size_t left = 20000;
	struct sink sink = {no_more, &left};
	struct pdf_options options = usual;
	struct pdf *pdf;

	(void)state;
	options.sink = &sink;
	assert_ok(pdf_begin(&pdf, &options));
	fill_long(pdf);
	assert_fails(pdf_end(pdf), ERR_BUSY);
	left = 100;
	assert_ok(pdf_begin(&pdf, &options));
	pdf_pair(pdf, S("a"), S("b"));
	assert_fails(pdf_end(pdf), ERR_BUSY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_document_is_tagged_with_language_title_and_outline),
	    cmocka_unit_test(tags_and_pages_tell_the_same_in_the_same_order),
	    cmocka_unit_test(words_stay_words_where_a_line_ends),
	    cmocka_unit_test(nothing_is_lost_over_many_pages),
	    cmocka_unit_test(a_reader_that_leaves_ends_the_document),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
