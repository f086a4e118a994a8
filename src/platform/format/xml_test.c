/* SPDX-License-Identifier: Apache-2.0 */
/* What the XML writer makes of names, attributes, texts and of bytes that XML has no place for. */
#include "unit.h"

#include "platform/format/xml.h"

static str
text_as_written(struct arena *arena, str text)
{
	struct buf out = BUF_INIT(arena);
	struct xml_writer w = XML_WRITER(&out);

	xml_begin(&w, "t");
	xml_text(&w, text);
	xml_end(&w);
	return str_take(str_drop(buf_str(&out), 3), out.n - 7);
}

static str
attribute_as_written(struct arena *arena, str value)
{
	struct buf out = BUF_INIT(arena);
	struct xml_writer w = XML_WRITER(&out);

	xml_begin(&w, "t");
	xml_attribute(&w, "a", value);
	xml_end(&w);
	return str_take(str_drop(buf_str(&out), 6), out.n - 9);
}

static void
elements_close_in_their_order_and_empty_ones_are_short(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf out = BUF_INIT(&arena);
	struct xml_writer w = XML_WRITER(&out);

	(void)state;
	xml_declaration(&w);
	xml_instruction(&w, "xml-stylesheet", "type=\"text/xsl\" href=\"ccd.xsl\"");
	xml_begin(&w, "a");
	xml_attribute(&w, "x", S("1"));
	xml_attribute(&w, "y", STR_NONE);
	xml_attribute(&w, "z", S(""));
	xml_empty(&w, "b", "root", S("2.16"), "extension", STR_NONE, NULL);
	xml_leaf(&w, "c", S("text"));
	xml_leaf(&w, "d", STR_NONE);
	xml_leaf(&w, "e", S(""));
	xml_end(&w);
	xml_done(&w);
	assert_str_equal(buf_str(&out), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
					"<?xml-stylesheet type=\"text/xsl\" href=\"ccd.xsl\"?>\n"
					"<a x=\"1\" z=\"\"><b root=\"2.16\"/><c>text</c><e/></a>\n");
	arena_release(&arena);
}

static void
markup_in_texts_and_attributes_stays_text(void **state)
{
	struct arena arena = ARENA_INIT;

	(void)state;
	assert_str_equal(
	    text_as_written(&arena, S("a < b & c > d \"q\" ]]> 'x'")), "a &lt; b &amp; c &gt; d \"q\" ]]&gt; 'x'");
	assert_str_equal(attribute_as_written(&arena, S("\"><script>")), "&quot;&gt;&lt;script&gt;");
	assert_str_equal(attribute_as_written(&arena, S("a\tb\nc\rd")), "a&#9;b&#10;c&#13;d");
	assert_str_equal(text_as_written(&arena, S("a\tb\nc\rd")), "a\tb\nc&#13;d");
	arena_release(&arena);
}

static void
what_xml_has_no_place_for_becomes_a_replacement_character(void **state)
{
	struct arena arena = ARENA_INIT;

	(void)state;
	assert_str_equal(text_as_written(&arena, S("a\0b\x01"
						   "c\x1f"
						   "d")),
	    "a\xef\xbf\xbd"
	    "b\xef\xbf\xbd"
	    "c\xef\xbf\xbd"
	    "d");
	assert_str_equal(text_as_written(&arena, S("\xff\xc3")), "\xef\xbf\xbd\xef\xbf\xbd"); /* no UTF-8 */
	assert_str_equal(text_as_written(&arena, S("\xef\xbf\xbe")), "\xef\xbf\xbd");         /* U+FFFE */
	assert_str_equal(
	    text_as_written(&arena, S("\xed\xa0\x80")), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); /* a surrogate */
	assert_str_equal(text_as_written(&arena, S("Mej\xc3\xad"
						   "a \xf0\x9f\x99\x82")),
	    "Mej\xc3\xad"
	    "a \xf0\x9f\x99\x82");
	arena_release(&arena);
}

static void
what_was_written_can_be_sent_between_any_two_pieces(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf out = BUF_INIT(&arena), whole = BUF_INIT(&arena);
	struct xml_writer w = XML_WRITER(&out);

	(void)state;
	xml_begin(&w, "a");
	xml_attribute(&w, "x", S("1"));
	for (int i = 0; i < 3; i++) {
		xml_leaf(&w, "b", S("c"));
		xml_settle(&w);
		buf_add(&whole, buf_str(&out));
		buf_clear(&out);
	}
	xml_end(&w);
	xml_done(&w);
	buf_add(&whole, buf_str(&out));
	assert_str_equal(buf_str(&whole), "<a x=\"1\"><b>c</b><b>c</b><b>c</b></a>\n");
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(elements_close_in_their_order_and_empty_ones_are_short),
	    cmocka_unit_test(markup_in_texts_and_attributes_stays_text),
	    cmocka_unit_test(what_xml_has_no_place_for_becomes_a_replacement_character),
	    cmocka_unit_test(what_was_written_can_be_sent_between_any_two_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
