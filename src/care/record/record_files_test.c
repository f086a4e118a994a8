/* SPDX-License-Identifier: Apache-2.0 */
/* Texts and files inside of resources: markup becomes text, files are told by their content. */
#include "unit.h"

#include "care/record/record_view.h"

static void
markup_becomes_text_and_scripts_vanish(void **state)
{
	struct arena arena = ARENA_INIT;
	static const char *const pairs[][2] = {
	    {"<div><p>Hello &amp; <b>good</b> day</p><p>Bye</p></div>", "Hello & good day\nBye"},
	    {"<div>a<script>alert(1)</script>b<style>p{}</style>c<!-- no -->d</div>", "abcd"},
	    {"<ul><li>one</li><li>two</li></ul>", "• one\n• two"},
	    {"<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 | 2\n3"},
	    {"x &lt;b&gt; &#233;&#x20AC; &nosuch; &", "x <b> é€ &nosuch; &"},
	    {"<p>cut <b", "cut"},
	    {"<script>never ends", ""},
	    {"&#0;&#x110000;&#xD800;", "&#0;&#x110000;&#xD800;"},
	    {"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_str_equal(record_text_from_xhtml(&arena, str_from_z(pairs[i][0])), pairs[i][1]);
	arena_release(&arena);
}

static void
files_are_shown_as_text_or_labelled_from_the_list(void **state)
{
	struct arena arena = ARENA_INIT;
	struct page_cx px = {.arena = &arena};
	struct record_file files[RECORD_FILES_MAX];
	const struct json_value *json;

	(void)state;
	assert_ok(json_parse(&arena,
	    S("{\"resourceType\":\"DocumentReference\","
	      "\"content\":[{\"attachment\":{\"contentType\":\"text/plain; charset=UTF-8\",\"data\":\"SGk=\"}},"
	      "{\"attachment\":{\"contentType\":\"text/html\",\"data\":\"PGI+SGk8L2I+\",\"title\":\"Letter\"}},"
	      "{\"attachment\":{\"url\":\"Binary/5\"}},{\"attachment\":{\"url\":\"https://elsewhere.example/x\"}}]"
	      "}"),
	    &json, NULL));
	assert_int_equal(record_files_read(&px, RESOURCE_DOCUMENT_REFERENCE, json, files), 4);
	assert_str_equal(files[0].title, "File 1");
	assert_str_equal(files[0].text, "Hi");
	assert_str_equal(files[1].text, "Hi");
	assert_str_equal(files[1].title, "Letter");
	assert_str_equal(files[2].reference, "Binary/5");
	assert_str_equal(files[3].elsewhere, "https://elsewhere.example/x");
	arena_release(&arena);
}

static void
a_file_leaves_as_what_it_is_and_not_as_what_it_says(void **state)
{
	static const struct {
		const char *claimed, *bytes, *type, *ending;
		bool is_picture, is_pdf, is_another;
	} rows[] = {
	    {"application/pdf", "%PDF-1.4\n%%EOF", "application/pdf", "pdf", false, true, false},
	    {"", "%PDF-1.4\n%%EOF", "application/pdf", "pdf", false, true, false},
	    {"image/jpg", "\xff\xd8\xff\xe0 JFIF", "image/jpeg", "jpg", true, false, false},
	    {"image/png", "\xff\xd8\xff\xe0 JFIF", "image/jpeg", "jpg", true, false, true},
	    {"application/pdf", "<html><script>", "application/octet-stream", "bin", false, false, true},
	    {"image/png", "MZ\x90", "application/octet-stream", "bin", false, false, true},
	    {"text/html", "<html><script>", "application/octet-stream", "bin", false, false, false},
	    {"image/svg+xml", "<svg>", "application/octet-stream", "bin", false, false, false},
	    {"text/html", "%PDF-1.4\n%%EOF", "application/pdf", "pdf", false, true, true},
	    {"text/csv", "a,b", "text/csv", "csv", false, false, false},
	    {"application/dicom", "\1\2", "application/dicom", "dcm", false, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct record_file_look look = record_file_look(str_from_z(rows[i].claimed), str_from_z(rows[i].bytes));

		if (strcmp(look.content_type, rows[i].type) != 0 || strcmp(look.ending, rows[i].ending) != 0 ||
		    look.is_picture != rows[i].is_picture || look.is_pdf != rows[i].is_pdf ||
		    look.is_another != rows[i].is_another)
			fail_msg("row %zu: %s .%s %d %d %d", i, look.content_type, look.ending, look.is_picture,
			    look.is_pdf, look.is_another);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(markup_becomes_text_and_scripts_vanish),
	    cmocka_unit_test(files_are_shown_as_text_or_labelled_from_the_list),
	    cmocka_unit_test(a_file_leaves_as_what_it_is_and_not_as_what_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
