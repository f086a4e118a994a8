/* SPDX-License-Identifier: Apache-2.0 */
/* What a file is, what it is called, and what a scanner's answer says. */
#include "unit.h"

#include "care/attachments/attachments_store.h"

#define PNG  "\x89PNG\r\n\x1a\n\0\0\0\rIHDR and so on"
#define JPEG "\xff\xd8\xff\xe0 and so on"

static void
add_number(struct buf *out, uint32_t number, int bytes)
{
	for (int i = 0; i < bytes; i++, number >>= 8)
		buf_add_char(out, (char)(number & 0xff));
}

static void
add_zeros(struct buf *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_add_char(out, '\0');
}

/* A ZIP of stored entries without content, but for the first one. */
static str
zip_of(struct arena *arena, str content, const char *const *names)
{
	struct buf out = BUF_INIT(arena), directory = BUF_INIT(arena);
	uint32_t count = 0, at;

	for (; names[count]; count++) {
		str name = str_from_z(names[count]), body = count ? S("") : content;
		uint32_t begin = (uint32_t)out.n;

		buf_add(&out, S("PK\3\4"));
		add_zeros(&out, 14);
		add_number(&out, (uint32_t)body.n, 4);
		add_number(&out, (uint32_t)body.n, 4);
		add_number(&out, (uint32_t)name.n, 2);
		add_zeros(&out, 2);
		buf_add(&out, name);
		buf_add(&out, body);
		buf_add(&directory, S("PK\1\2"));
		add_zeros(&directory, 24);
		add_number(&directory, (uint32_t)name.n, 2);
		add_zeros(&directory, 12);
		add_number(&directory, begin, 4);
		buf_add(&directory, name);
	}
	at = (uint32_t)out.n;
	buf_add(&out, buf_str(&directory));
	buf_add(&out, S("PK\5\6"));
	add_zeros(&out, 4);
	add_number(&out, count, 2);
	add_number(&out, count, 2);
	add_number(&out, (uint32_t)directory.n, 4);
	add_number(&out, at, 4);
	add_zeros(&out, 2);
	return buf_str(&out);
}

/* A compound file of 512-byte sectors: 0 the allocation table, 1 an empty piece of the directory, 2 the one with `stream`. */
static str
compound_of(struct arena *arena, const char *stream)
{
	struct buf out = BUF_INIT(arena);
	size_t n = strlen(stream);

	buf_add(&out, S("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"));
	add_zeros(&out, 22);
	add_number(&out, 9, 2);
	add_zeros(&out, 16);
	add_number(&out, 1, 4); /* the directory begins in sector 1 */
	add_zeros(&out, 24);    /* to byte 76 */
	add_number(&out, 0, 4); /* the table is sector 0 */
	for (int i = 1; i < 109; i++)
		add_number(&out, 0xFFFFFFFFu, 4);
	add_number(&out, 0xFFFFFFFDu, 4);
	add_number(&out, 2, 4); /* after 1 comes 2 */
	add_number(&out, 0xFFFFFFFEu, 4);
	for (int i = 3; i < 128; i++)
		add_number(&out, 0xFFFFFFFFu, 4);
	add_zeros(&out, 512);
	for (size_t i = 0; i < n; i++)
		add_number(&out, (unsigned char)stream[i], 2);
	add_zeros(&out, 64 - 2 * n);
	add_number(&out, (uint32_t)(2 * n + 2), 2);
	add_zeros(&out, 512 - 66);
	return buf_str(&out);
}

static void
files_are_known_by_what_is_in_them(void **state)
{
	struct arena arena = ARENA_INIT;
	static const char *const docx[] = {"[Content_Types].xml", "word/document.xml", NULL};
	static const char *const xlsx[] = {"[Content_Types].xml", "xl/workbook.xml", NULL};
	static const char *const odt[] = {"mimetype", "content.xml", NULL};
	const struct {
		str content;
		enum file_kind kind;
	} cases[] = {
	    {S(PNG), FILE_PNG},
	    {S(JPEG), FILE_JPEG},
	    {S("GIF89a......"), FILE_GIF},
	    {S("%PDF-1.7\n..."), FILE_PDF},
	    {S("{\\rtf1 hello}"), FILE_RTF},
	    {S("pressure 120/80\nMar\xc3\xad"
	       "a\n"),
		FILE_TEXT},
	    {S("MM\0*\0\0\0\x08"), FILE_TIFF},
	    {S("\0\0\0\x18"
	       "ftypmp42...."),
		FILE_MP4},
	    {S("BM\x20\0\0\0\0\0\0\0\x1a\0\0\0\x0c\0\0\0aaaaaaaaaaaaaa"), FILE_BMP},
	    {zip_of(&arena, S(""), docx), FILE_DOCX},
	    {zip_of(&arena, S(""), xlsx), FILE_XLSX},
	    {zip_of(&arena, S("application/vnd.oasis.opendocument.text"), odt), FILE_ODT},
	    {compound_of(&arena, "WordDocument"), FILE_DOC},
	    {compound_of(&arena, "Workbook"), FILE_XLS},
	    {compound_of(&arena, "Book"), FILE_XLS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (file_kind_of(cases[i].content) != cases[i].kind)
			fail_msg("case %zu is %d", i, file_kind_of(cases[i].content));
	arena_release(&arena);
}

static void
what_only_looks_like_a_file_of_a_kind_is_none(void **state)
{
	struct arena arena = ARENA_INIT;
	static const char *const macros[] = {"word/document.xml", "word/vbaProject.bin", NULL};
	static const char *const plain[] = {"notes.txt", NULL};
	static const char *const odt[] = {"mimetype", "content.xml", NULL};
	str cut = zip_of(&arena, S(""), macros);
	const str cases[] = {S(""),
	    S("\x7f"
	      "ELF\2\1\1"),
	    S("MZ\x90\0\3"), S(" %PDF-1.7 \1"), S("PK\3\4 and nothing"), str_take(cut, cut.n - 10), cut,
	    zip_of(&arena, S(""), plain), zip_of(&arena, S("application/vnd.oasis.opendocument.presentation"), odt),
	    compound_of(&arena, "PowerPoint Document"), S("text with \0 in it"), S("latin \xe9 text"),
	    S("\0\0\0\x18"
	      "ftypheic...."),
	    S("BM and more than that")};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (file_kind_of(cases[i]) != (i == sizeof(cases) / sizeof(cases[0]) - 1 ? FILE_TEXT : FILE_OTHER))
			fail_msg("case %zu is %d", i, file_kind_of(cases[i]));
	arena_release(&arena);
}

static void
names_are_made_safe_and_end_as_the_kind_does(void **state)
{
	struct arena arena = ARENA_INIT;
	static const struct {
		const char *name;
		enum file_kind kind;
		const char *clean;
	} cases[] = {
	    {"rash.png", FILE_PNG, "rash.png"},
	    {"rash.PNG", FILE_PNG, "rash.PNG"},
	    {"rash.png", FILE_JPEG, "rash.png.jpg"},
	    {"photo.jpeg", FILE_JPEG, "photo.jpeg"},
	    {"run.bat", FILE_TEXT, "run.bat.txt"},
	    {"C:\\Users\\maria\\list.txt", FILE_TEXT, "list.txt"},
	    {"../../etc/passwd", FILE_TEXT, "passwd.txt"},
	    {"..hidden", FILE_PDF, "hidden.pdf"},
	    {"a<b>:c.pdf", FILE_PDF, "a_b__c.pdf"},
	    {"", FILE_PDF, "attachment.pdf"},
	    {"\xe2\x80\xae"
	     "gpj.exe",
		FILE_TEXT, "attachment.txt"},
	    {"Mar\xc3\xad"
	     "a.pdf",
		FILE_PDF,
		"Mar\xc3\xad"
		"a.pdf"},
	};
	str name, endless;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_str_equal(file_name_clean(&arena, str_from_z(cases[i].name), cases[i].kind), cases[i].clean);
	endless = arena_printf(&arena, "%0300d.pdf", 1);
	name = file_name_clean(&arena, endless, FILE_PDF);
	assert_int_equal(name.n, FILE_NAME_CHARS_MAX);
	assert_true(str_ends(name, S(".pdf")));
	arena_release(&arena);
}

static void
only_a_verdict_of_the_scanner_is_a_verdict(void **state)
{
	static const char *const none[] = {"", "OK", "stream:", "stream: ", "stream: FOUND", "stream:  FOUND but",
	    "PONG", "INSTREAM size limit exceeded. ERROR", "stream: Heuristics.Limits ERROR", "stream: OK\n",
	    "stream: a\1b FOUND"};
	enum scan_verdict verdict = VERDICT_CLEAN;
	str finding = S("before");

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (scan_answer_read(str_from_z(none[i]), &verdict, &finding))
			fail_msg("taken for a verdict: %s", none[i]);
	assert_str_equal(finding, "before");
	assert_true(scan_answer_read(S("stream: Win.Test.EICAR_HDB-1 FOUND"), &verdict, &finding));
	assert_int_equal(verdict, VERDICT_INFECTED);
	assert_str_equal(finding, "Win.Test.EICAR_HDB-1");
	assert_true(scan_answer_read(S("stream: OK"), &verdict, &finding));
	assert_int_equal(verdict, VERDICT_CLEAN);
	assert_null(finding.p);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    cmocka_unit_test(files_are_known_by_what_is_in_them),
	    cmocka_unit_test(what_only_looks_like_a_file_of_a_kind_is_none),
	    cmocka_unit_test(names_are_made_safe_and_end_as_the_kind_does),
	    cmocka_unit_test(only_a_verdict_of_the_scanner_is_a_verdict),
	};

	return cmocka_run_group_tests_name("attachments rules", list, NULL, NULL);
}
