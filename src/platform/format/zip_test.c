/* SPDX-License-Identifier: Apache-2.0 */
/* What is written comes back; other programs read it; archives made to do harm are refused. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit.h"

#include "platform/format/zip.h"

static const struct err *
keep(void *arg, str bytes)
{
	buf_add(arg, bytes);
	return NULL;
}

static str
sample(struct arena *arena, size_t files)
{
	struct buf *out = ARENA_NEW(arena, struct buf);
	struct sink sink = {keep, out};
	struct zip_writer zip;

	*out = (struct buf)BUF_INIT(arena);
	assert_ok(zip_begin(&zip, arena, &sink, (instant){1772719200000}));
	assert_ok(zip_file(&zip, S("leer.txt")));
	for (size_t i = 0; i < files; i++) {
		assert_ok(zip_file(&zip, arena_printf(arena, "ordner/Größe-%zu.txt", i)));
		for (size_t j = 0; j < i % 7; j++)
			assert_ok(zip_write(&zip, arena_printf(arena, "piece %zu of %zu\n", j, i)));
	}
	assert_ok(zip_end(&zip));
	return buf_str(out);
}

static void
what_is_written_comes_back(void **state)
{
	struct arena arena = ARENA_INIT;
	struct zip_entries entries;
	str text;

	(void)state;
	assert_ok(zip_read(&arena, sample(&arena, 20), &entries));
	assert_int_equal(entries.count, 21);
	assert_ok(zip_extract(&arena, zip_find(&entries, S("leer.txt")), 10, &text));
	assert_int_equal(text.n, 0);
	assert_ok(zip_extract(&arena, zip_find(&entries, S("ordner/Größe-3.txt")), 1000, &text));
	assert_true(str_equal(text, S("piece 0 of 3\npiece 1 of 3\npiece 2 of 3\n")));
	assert_fails(zip_extract(&arena, zip_find(&entries, S("ordner/Größe-3.txt")), 38, &text), ERR_INVALID);
	assert_null(zip_find(&entries, S("nothing")));
	arena_release(&arena);
}

static void
an_archive_of_many_files_uses_zip64(void **state)
{
	struct arena arena = ARENA_INIT;
	struct zip_entries entries;
	str text;

	(void)state;
	assert_ok(zip_read(&arena, sample(&arena, 70000), &entries));
	assert_int_equal(entries.count, 70001);
	assert_ok(zip_extract(&arena, &entries.items[70000], 1000, &text));
	assert_true(str_starts(text, S("piece 0 of 69999")) || text.n == 0);
	arena_release(&arena);
}

static void
another_program_reads_it(void **state)
{
	struct arena arena = ARENA_INIT;
	char path[] = "/tmp/salve-zip-XXXXXX";
	int fd = mkstemp(path);
	str archive = sample(&arena, 30);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, archive.p, archive.n), archive.n);
	close(fd);
	assert_int_equal(system(arena_printf(&arena,
			     "python3 -c 'import sys, zipfile\n"
			     "z = zipfile.ZipFile(sys.argv[1])\n"
			     "assert z.testzip() is None\n"
			     "assert len(z.namelist()) == 31 and z.namelist()[2] == \"ordner/Größe-1.txt\"\n"
			     "assert z.read(\"ordner/Größe-2.txt\") == b\"piece 0 of 2\\npiece 1 of 2\\n\"\n"
			     "assert z.infolist()[0].date_time == (2026, 3, 5, 14, 0, 0)' %s",
			     path)
				    .p),
	    0);
	unlink(path);
	arena_release(&arena);
}

static void
names_that_lead_out_are_not_written(void **state)
{
	static const char *const bad[] = {"", "/etc/passwd", "../x", "a/../x", "a//b", "a\\b", "C:x", "./x"};
	struct arena arena = ARENA_INIT;
	struct buf out = BUF_INIT(&arena);
	struct sink sink = {keep, &out};
	struct zip_writer zip;

	(void)state;
	assert_ok(zip_begin(&zip, &arena, &sink, (instant){0}));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_fails(zip_file(&zip, str_from_z(bad[i])), ERR_INVALID);
	zip_abandon(&zip);
	arena_release(&arena);
}

static size_t
find_last(str in, str what)
{
	size_t at = in.n;

	for (size_t i = 0; i + what.n <= in.n; i++)
		if (memcmp(in.p + i, what.p, what.n) == 0)
			at = i;
	return at;
}

/* Everything cut short, and one byte of the directory changed after another: refused or read, never beyond the bytes there are. */
static void
damage_is_refused(void **state)
{
	struct arena arena = ARENA_INIT;
	str whole = sample(&arena, 3);
	size_t name = find_last(whole, S("ordner/Größe-2.txt"));
	struct zip_entries entries;
	char *copy;
	str text;

	(void)state;
	for (size_t n = 0; n < whole.n; n++) {
		char *cut = malloc(n + 1); /* of its own, so that the sanitizer sees its end */

		memcpy(cut, whole.p, n);
		assert_fails(zip_read(&arena, (str){cut, n}, &entries), ERR_INVALID);
		free(cut);
	}
	for (size_t i = 0; i < whole.n; i++)
		for (int bit = 0; bit < 8; bit++) {
			copy = malloc(whole.n);
			memcpy(copy, whole.p, whole.n);
			copy[i] = (char)(copy[i] ^ 1 << bit);
			if (!zip_read(&arena, (str){copy, whole.n}, &entries))
				for (size_t j = 0; j < entries.count; j++)
					if (zip_extract(&arena, &entries.items[j], 1000, &text))
						continue;
			free(copy);
			if (bit == 7)
				arena_clear(&arena), whole = sample(&arena, 3);
		}
	copy = arena_text(&arena, whole.n);
	memcpy(copy, whole.p, whole.n);
	memcpy(copy + name, "../../../../x", 13); /* only in the directory */
	assert_fails(zip_read(&arena, (str){copy, whole.n}, &entries), ERR_INVALID);
	memcpy(copy + name, S("ordner/Größe-1.txt").p, S("ordner/Größe-1.txt").n);
	assert_fails(zip_read(&arena, (str){copy, whole.n}, &entries), ERR_INVALID);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_written_comes_back),
	    cmocka_unit_test(an_archive_of_many_files_uses_zip64),
	    cmocka_unit_test(another_program_reads_it),
	    cmocka_unit_test(names_that_lead_out_are_not_written),
	    cmocka_unit_test(damage_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
