/* SPDX-License-Identifier: Apache-2.0 */
/* A ZIP that is read where it lies: the same bytes in any pieces; damage and bombs are found. */
#include "unit.h"

#include "platform/format/zip.h"

static const struct err *
keep(void *arg, str bytes)
{
	buf_add(arg, bytes);
	return NULL;
}

static const struct err *
read_archive(void *arg, int64_t offset, size_t bytes, str *out)
{
	*out = str_take(str_drop(*(str *)arg, (size_t)offset), bytes);
	assert_int_equal(out->n, bytes);
	return NULL;
}

/* "notes.txt" and "export.xml" of `lines` lines. */
static str
sample(struct arena *arena, size_t lines, const char *line)
{
	struct buf *out = ARENA_NEW(arena, struct buf);
	struct sink sink = {keep, out};
	struct zip_writer zip;

	*out = (struct buf)BUF_INIT(arena);
	assert_ok(zip_begin(&zip, arena, &sink, (instant){1772719200000}));
	assert_ok(zip_file(&zip, S("folder/notes.txt")));
	assert_ok(zip_write(&zip, S("a note")));
	assert_ok(zip_file(&zip, S("folder/export.xml")));
	for (size_t i = 0; i < lines; i++)
		assert_ok(zip_write(&zip, str_from_z(line)));
	assert_ok(zip_end(&zip));
	return buf_str(out);
}

static const struct err *
unpack(struct arena *arena, str archive, size_t which, size_t piece, str *out)
{
	struct zip_source source = {read_archive, &archive, (int64_t)archive.n};
	struct zip_places places;
	struct zip_stream stream;
	struct buf text = BUF_INIT(arena);
	const struct err *error;
	char *bytes = arena_text(arena, piece);
	size_t n = 1;

	TRY(zip_source_read(arena, &source, &places));
	TRY(zip_stream_open(&source, &places.items[which], &stream));
	while (!(error = zip_stream_next(&stream, bytes, piece, &n)) && n)
		buf_add_bytes(&text, bytes, n);
	zip_stream_close(&stream);
	*out = buf_str(&text);
	return error;
}

static void
a_file_comes_out_the_same_in_any_pieces(void **state)
{
	struct arena arena = ARENA_INIT;
	str archive = sample(&arena, 40000, "<Record value=\"1\"/>\n"), out = STR_NONE;

	(void)state;
	for (size_t piece = 1000; piece < 200000; piece += 66666) {
		assert_ok(unpack(&arena, archive, 1, piece, &out));
		assert_int_equal(out.n, 40000 * 20);
		assert_true(str_ends(out, S("<Record value=\"1\"/>\n")));
	}
	assert_ok(unpack(&arena, archive, 0, 1, &out));
	assert_str_equal(out, "a note");
	arena_release(&arena);
}

static void
what_is_cut_off_or_damaged_is_refused(void **state)
{
	struct arena arena = ARENA_INIT;
	str archive = sample(&arena, 300, "<Record value=\"1\"/>\n"), out;
	char *bytes = arena_text(&arena, archive.n);

	(void)state;
	for (size_t cut = 0; cut < archive.n; cut += 7)
		assert_fails(unpack(&arena, str_take(archive, cut), 1, 4096, &out), ERR_INVALID);
	for (size_t i = 0; i < archive.n; i++) { /* each byte changed: an error, or the same text, or another name */
		const struct err *error;

		memcpy(bytes, archive.p, archive.n);
		bytes[i] ^= 0x55;
		error = unpack(&arena, (str){bytes, archive.n}, 1, 4096, &out);
		if (error)
			assert_true(error->code == ERR_INVALID);
		else
			assert_int_equal(out.n, 300 * 20);
	}
	arena_release(&arena);
}

static void
a_bomb_is_left_before_it_goes_off(void **state)
{
	struct arena arena = ARENA_INIT;
	char *zeros = arena_text(&arena, 1024 * 1024 + 1);
	str out, archive;

	(void)state;
	memset(zeros, '0', 1024 * 1024);
	zeros[1024 * 1024] = '\0';
	archive = sample(&arena, 64, zeros); /* 64 MiB out of 64 KB */
	assert_true(archive.n < 100 * 1024);
	assert_fails(unpack(&arena, archive, 1, 65536, &out), ERR_INVALID);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_file_comes_out_the_same_in_any_pieces),
	    cmocka_unit_test(what_is_cut_off_or_damaged_is_refused),
	    cmocka_unit_test(a_bomb_is_left_before_it_goes_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
