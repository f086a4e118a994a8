/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/format/escape.h"
#include "unit.h"

static void
assert_escaped(void (*escape)(struct buf *, str), const char *in, const char *expected)
{
	struct arena arena = ARENA_INIT;
	struct buf out = BUF_INIT(&arena);

	escape(&out, str_from_z(in));
	assert_str_equal(buf_str(&out), expected);
	arena_release(&arena);
}

static void
text_keeps_quotes_and_loses_brackets(void **state)
{
	(void)state;
	assert_escaped(escape_text, "a < b && \"c\" > 'd'", "a &lt; b &amp;&amp; \"c\" &gt; 'd'");
	assert_escaped(escape_text, "", "");
	assert_escaped(escape_text, NULL, "");
	assert_escaped(escape_text, "Añejo 7 µg", "Añejo 7 µg");
}

static void
an_attribute_cannot_be_left(void **state)
{
	(void)state;
	assert_escaped(escape_attribute, "\" onclick='x' <&>", "&quot; onclick=&#39;x&#39; &lt;&amp;&gt;");
}

static void
only_known_schemes_and_paths_of_this_site_are_followed(void **state)
{
	static const char *const safe[] = {"/messages/1?x=a:b", "messages", "?page=2", "#top", "https://a.example/x",
	    "HTTP://a.example", "mailto:a@b.example", "tel:988", "a/b:c", "./x:y"};
	static const char *const unsafe[] = {"", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
	    " javascript:alert(1)", "\x01javascript:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example",
	    "/\\evil.example", "\\\\evil.example", "https:\\\\evil.example", "blob:x", "x:y/z", ":x",
	    "file:///etc/passwd", "/a b"};

	(void)state;
	for (size_t i = 0; i < sizeof(safe) / sizeof(*safe); i++)
		if (!url_is_safe(str_from_z(safe[i])))
			fail_msg("refused: %s", safe[i]);
	for (size_t i = 0; i < sizeof(unsafe) / sizeof(*unsafe); i++)
		if (url_is_safe(str_from_z(unsafe[i])))
			fail_msg("let through: %s", unsafe[i]);
	assert_escaped(escape_url, "javascript:alert(1)", "#");
	assert_escaped(escape_url, "/a?b=1&c='", "/a?b=1&amp;c=&#39;");
	assert_true(url_is_local(S("/messages")));
	assert_false(url_is_local(S("//messages")));
	assert_false(url_is_local(S("https://a.example")));
	assert_false(url_is_local(S("")));
}

static void
a_part_of_an_address_stays_one_part(void **state)
{
	(void)state;
	assert_escaped(escape_url_part, "a/b?c=d&e#f:\"'", "a%2Fb%3Fc%3Dd%26e%23f%3A%22%27");
	assert_escaped(escape_url_part, "\xc3\xb1 -._~", "%C3%B1%20-._~");
}

int
main(void)
{
	const struct CMUnitTest all[] = {
	    cmocka_unit_test(text_keeps_quotes_and_loses_brackets),
	    cmocka_unit_test(an_attribute_cannot_be_left),
	    cmocka_unit_test(only_known_schemes_and_paths_of_this_site_are_followed),
	    cmocka_unit_test(a_part_of_an_address_stays_one_part),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
