/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "platform/format/form.h"

#define MULTIPART S("multipart/form-data; boundary=XyZ")

static int
arena_setup(void **state)
{
	*state = calloc(1, sizeof(struct arena));
	return *state ? 0 : -1;
}

static int
arena_teardown(void **state)
{
	arena_release(*state);
	free(*state);
	return 0;
}

static void
a_urlencoded_form_is_read(void **state)
{
	struct http_pairs pairs;

	assert_ok(form_parse(
	    *state, S("application/x-www-form-urlencoded; charset=UTF-8"), S("s=tok&body=a%0D%0Ab"), &pairs));
	assert_int_equal(pairs.count, 2);
	assert_str_equal(pairs_first(pairs, "body"), "a\r\nb");
	assert_null(pairs.items[0].file_name.p);
}

static void
fields_and_files_of_a_multipart_form_are_told_apart(void **state)
{
	str body = S("--XyZ\r\n"
		     "Content-Disposition: form-data; name=\"s\"\r\n"
		     "\r\n"
		     "token\r\n"
		     "--XyZ\r\n"
		     "content-disposition: form-data; name=\"photo\"; filename=\"C:\\dir\\a \\\"b%22.png\"\r\n"
		     "Content-Type: image/png\r\n"
		     "\r\n"
		     "\x89PNG\0\r\n--Xy\r\n"
		     "--XyZ\r\n"
		     "Content-Disposition: form-data; name=empty\r\n"
		     "\r\n"
		     "\r\n"
		     "--XyZ--\r\n");
	struct http_pairs pairs;

	assert_ok(form_parse(*state, MULTIPART, body, &pairs));
	assert_int_equal(pairs.count, 3);
	assert_str_equal(pairs_first(pairs, "s"), "token");
	assert_null(pairs.items[0].file_name.p);
	assert_null(pairs.items[0].file_type.p);
	assert_str_equal(pairs.items[1].file_name, "a \"b\".png");
	assert_str_equal(pairs.items[1].file_type, "image/png");
	assert_true(str_equal(pairs.items[1].value, S("\x89PNG\0\r\n--Xy")));
	assert_str_equal(pairs.items[2].name, "empty");
	assert_int_equal(pairs.items[2].value.n, 0);
	assert_non_null(pairs.items[2].value.p);
}

static void
a_file_without_a_type_is_bytes_and_its_name_has_no_path(void **state)
{
	static const struct {
		const char *sent, *kept;
	} names[] = {
	    {"../../etc/passwd", "passwd"}, {"a\\b", "b"}, {"", ""}, {"a\tb", "a_b"}, {"a%0Db", "a_b"}, {"/", ""}};
	struct http_pairs pairs;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		str body = arena_printf(*state,
		    "--XyZ\r\nContent-Disposition: form-data; name=f; filename=\"%s\"\r\n\r\nx\r\n--XyZ--",
		    names[i].sent);

		assert_ok(form_parse(*state, MULTIPART, body, &pairs));
		assert_str_equal(pairs.items[0].file_name, names[i].kept);
		assert_str_equal(pairs.items[0].file_type, "application/octet-stream");
	}
}

static void
malformed_multipart_bodies_are_refused(void **state)
{
#define HEAD "Content-Disposition: form-data; name=a\r\n"
	static const char *const bad[] = {
	    "", "--XyZ", "--Xy", "preamble\r\n--XyZ--", "--XyZ\r\n" HEAD "\r\nvalue",         /* cut off */
	    "--XyZ\r\n" HEAD "\r\nvalue\r\n--XyZ",                                            /* no closing delimiter */
	    "--XyZ\r\n" HEAD "\r\nvalue\r\n--XyZ\r\n", "--XyZ\r\n" HEAD "\r\nvalue\n--XyZ--", /* bare LF */
	    "--XyZ\n" HEAD "\r\nvalue\r\n--XyZ--", "--XyZgarbage\r\n" HEAD "\r\nvalue\r\n--XyZ--",
	    "--XyZ\r\n\r\nvalue\r\n--XyZ--",              /* no name */
	    "--XyZ\r\n" HEAD HEAD "\r\nvalue\r\n--XyZ--", /* two names */
	    "--XyZ\r\nContent-Disposition: attachment; name=a\r\n\r\nvalue\r\n--XyZ--",
	    "--XyZ\r\nContent-Disposition: form-data; name=\"a\r\n\r\nvalue\r\n--XyZ--",
	    "--XyZ\r\nContent-Disposition: form-data; name=\"a\"b\r\n\r\nvalue\r\n--XyZ--",
	    "--XyZ\r\nno colon\r\n\r\nvalue\r\n--XyZ--",
	    "--XyZ\r\n" HEAD "\r\n\xff\r\n--XyZ--", /* a text that is not UTF-8 */
	    "--XyZ\r\n" HEAD "\r\n--XyZ--",         /* the delimiter's line break is missing */
	};
	struct http_pairs pairs;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct err *error = form_parse(*state, MULTIPART, str_from_z(bad[i]), &pairs);

		if (!error)
			fail_msg("accepted: %s", bad[i]);
		assert_int_equal(error->code, ERR_INVALID);
	}
	assert_fails(form_parse(*state, MULTIPART, S("--XyZ\r\n" HEAD "\r\na\0b\r\n--XyZ--"), &pairs), ERR_INVALID);
}

static void
every_cut_of_a_good_body_is_refused(void **state)
{
	str body = S("--XyZ\r\n" HEAD "\r\nvalue\r\n--XyZ\r\n" HEAD "X: y\r\n\r\n\r\n--XyZ--");
	struct http_pairs pairs;

	assert_ok(form_parse(*state, MULTIPART, body, &pairs));
	for (size_t n = 0; n < body.n; n++)
		assert_fails(form_parse(*state, MULTIPART, str_take(body, n), &pairs), ERR_INVALID);
}

static void
a_boundary_must_be_there_and_sound(void **state)
{
	struct http_pairs pairs;
	struct buf longer = BUF_INIT(*state);

	buf_add(&longer, S("multipart/form-data; boundary="));
	for (int i = 0; i < 71; i++)
		buf_add_char(&longer, 'b');
	assert_fails(form_parse(*state, S("multipart/form-data"), S("----"), &pairs), ERR_INVALID);
	assert_fails(form_parse(*state, S("multipart/form-data; boundary="), S("----"), &pairs), ERR_INVALID);
	assert_fails(form_parse(*state, S("multipart/form-data; boundary=\"a b\""), S("--a b--"), &pairs), ERR_INVALID);
	assert_fails(form_parse(*state, buf_str(&longer), S("--"), &pairs), ERR_INVALID);
	assert_ok(form_parse(*state, S("Multipart/Form-Data; charset=x; boundary=\"a;b\""), S("--a;b--"), &pairs));
	assert_int_equal(pairs.count, 0);
}

static void
other_media_types_are_refused(void **state)
{
	struct http_pairs pairs;

	assert_fails(form_parse(*state, S("application/json"), S("{}"), &pairs), ERR_INVALID);
	assert_fails(form_parse(*state, S("text/plain"), S("a=b"), &pairs), ERR_INVALID);
	assert_fails(form_parse(*state, STR_NONE, S("a=b"), &pairs), ERR_INVALID);
	assert_false(form_type_known(S("multipart/mixed; boundary=a")));
	assert_true(form_type_known(S("MULTIPART/form-data; boundary=a")));
}

static void
a_form_of_too_many_parts_is_refused(void **state)
{
	struct buf body = BUF_INIT(*state);
	struct http_pairs pairs;

	for (int i = 0; i <= HTTP_PARAMETERS_MAX; i++)
		buf_add(&body, S("--XyZ\r\n" HEAD "\r\nv\r\n"));
	buf_add(&body, S("--XyZ--"));
	assert_fails(form_parse(*state, MULTIPART, buf_str(&body), &pairs), ERR_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_urlencoded_form_is_read, arena_setup, arena_teardown),
	    cmocka_unit_test_setup_teardown(
		fields_and_files_of_a_multipart_form_are_told_apart, arena_setup, arena_teardown),
	    cmocka_unit_test_setup_teardown(
		a_file_without_a_type_is_bytes_and_its_name_has_no_path, arena_setup, arena_teardown),
	    cmocka_unit_test_setup_teardown(malformed_multipart_bodies_are_refused, arena_setup, arena_teardown),
	    cmocka_unit_test_setup_teardown(every_cut_of_a_good_body_is_refused, arena_setup, arena_teardown),
	    cmocka_unit_test_setup_teardown(a_boundary_must_be_there_and_sound, arena_setup, arena_teardown),
	    cmocka_unit_test_setup_teardown(other_media_types_are_refused, arena_setup, arena_teardown),
	    cmocka_unit_test_setup_teardown(a_form_of_too_many_parts_is_refused, arena_setup, arena_teardown),
	};

	return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
