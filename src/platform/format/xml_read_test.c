/* SPDX-License-Identifier: Apache-2.0 */
/* Events come out the same however the text is cut; what is not well-formed, or made to do harm, is refused with its line. */
#include "unit.h"

#include "platform/format/xml_read.h"

struct run {
	struct arena arena;
	struct buf told; /* one line an event; text of neighbours joined */
	const struct err *error;
	int depth_max;
	bool in_text;
};

static void
tell(struct run *run, const struct xml_reader *r, const struct xml_event *e)
{
	if (e->kind != XML_TEXT && run->in_text)
		buf_add(&run->told, S("|\n"));
	if (e->kind == XML_TEXT && !run->in_text)
		buf_add(&run->told, S("text |"));
	run->in_text = e->kind == XML_TEXT;
	if (e->kind == XML_TEXT)
		buf_add(&run->told, e->text);
	if (e->kind == XML_START) {
		buf_printf(&run->told, "start %.*s", STR_ARG(e->name));
		for (size_t i = 0; i < e->count; i++)
			buf_printf(
			    &run->told, " %.*s=%.*s", STR_ARG(e->attributes[i].name), STR_ARG(e->attributes[i].value));
		buf_add_char(&run->told, '\n');
	}
	if (e->kind == XML_END)
		buf_printf(&run->told, "end %.*s\n", STR_ARG(e->name));
	if (xml_depth(r) > run->depth_max)
		run->depth_max = xml_depth(r);
}

/* Pieces of `piece` bytes; the first of `first`. */
static void
read_all(struct run *run, str text, size_t first, size_t piece)
{
	struct xml_reader *r = ARENA_NEW(&run->arena, struct xml_reader);
	struct xml_event e = {0};

	run->told = (struct buf)BUF_INIT(&run->arena);
	run->in_text = false;
	xml_reader_init(r, &run->arena);
	while (!(run->error = xml_next(r, &e)) && e.kind != XML_DONE) {
		if (e.kind != XML_MORE) {
			tell(run, r, &e);
		} else if (text.n) {
			size_t n = first ? first : piece;

			xml_give(r, str_take(text, n));
			text = str_drop(text, n);
			first = 0;
		} else {
			xml_give_end(r);
		}
	}
}

static void
same_in_any_pieces(str text, const char *expected)
{
	struct run run = {.arena = ARENA_INIT};

	read_all(&run, text, 0, XML_PIECE_BYTES_MAX);
	assert_ok(run.error);
	assert_str_equal(buf_str(&run.told), expected);
	for (size_t piece = 1; piece < 8; piece++) {
		read_all(&run, text, 0, piece);
		assert_ok(run.error);
		assert_str_equal(buf_str(&run.told), expected);
	}
	for (size_t cut = 1; cut < text.n; cut++) {
		read_all(&run, text, cut, XML_PIECE_BYTES_MAX);
		assert_ok(run.error);
		assert_str_equal(buf_str(&run.told), expected);
	}
	arena_release(&run.arena);
}

static void
events_are_the_same_wherever_the_text_is_cut(void **state)
{
	(void)state;
	same_in_any_pieces(S("\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			     "<!DOCTYPE HealthData [\n<!-- it's > \"odd\" ]]> --><!ELEMENT HealthData (Record*)>\n"
			     "<!ATTLIST Record type CDATA #REQUIRED note CDATA \"a]>b\">\n<?odd ]>?>\n]>\n"
			     "<!-- a - comment -- > --><HealthData locale='es_US'>\n"
			     "<Record type=\"Weight\" unit='k>g' device=\"&lt;&lt;HKDevice: 0x1&gt;, name:Ana&#39;s "
			     "&#x1F60A;\"\n\t value = \"81.5\"/>"
			     "<a.b-c_d:e/>caf\xC3\xA9 &amp; <![CDATA[<x> & ]] ]>y]]>z<empty></empty >"
			     "</HealthData>\n<!-- end -->\n"),
	    "text |\n\n|\nstart HealthData locale=es_US\ntext |\n|\n"
	    "start Record type=Weight unit=k>g device=<<HKDevice: 0x1>, name:Ana's \xF0\x9F\x98\x8A value=81.5\nend "
	    "Record\n"
	    "start a.b-c_d:e\nend a.b-c_d:e\ntext |caf\xC3\xA9 & <x> & ]] ]>yz|\nstart empty\nend empty\nend "
	    "HealthData\n"
	    "text |\n\n");
	same_in_any_pieces(S("<a>\r\nx\ry\r\n</a>"), "start a\ntext |\nx\ny\n|\nend a\n");
}

static void
what_is_not_well_formed_is_refused_with_its_line(void **state)
{
	static const char *const bad[] = {"", " ", "x", "<a>", "<a", "<a></b>", "<a/><b/>", "<a/>x", "</a>", "<a b/>",
	    "<a b=c/>", "<a b=\"1\" b=\"2\"/>", "<a b=\"1\"c=\"2\"/>", "<a b='<'/>", "<a>&nope;</a>", "<a>&#0;</a>",
	    "<a>&#xD800;</a>", "<a>&#1114112;</a>", "<a>& b</a>", "<a>&lt</a>", "<a>\x01</a>", "<a>\xFF</a>", "<1a/>",
	    "<-a/>", "<a><!ELEMENT b></a>", "<a><!DOCTYPE b></a>", "<!DOCTYPE a><!DOCTYPE b><a/>", "<!DOCTYPE a [<a/>",
	    "<!-- never", "<a><![CDATA[x</a>", "<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "\xFF\xFE<\0a\0/\0>",
	    "<a/", "<a b=\"x>", "< a/>", "<a>\xC3</a>"};
	struct run run = {.arena = ARENA_INIT};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		for (size_t piece = 1; piece < 40; piece += 19) {
			read_all(&run, str_from_z(bad[i]), 0, piece);
			if (!run.error)
				fail_msg("taken: %s", bad[i]);
			assert_int_equal(run.error->code, ERR_INVALID);
		}
	read_all(&run, S("<a>\n\n<b>\n</a>"), 0, 3);
	assert_true(str_starts(str_from_z(run.error->say), S("Line 4: ")));
	arena_release(&run.arena);
}

/* The entity of an entity of an entity: nothing that is declared exists here. */
static void
bombs_do_nothing(void **state)
{
	struct run run = {.arena = ARENA_INIT};

	(void)state;
	read_all(&run,
	    S("<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">"
	      "<!ENTITY % p SYSTEM \"file:///etc/passwd\"> %p;<!ENTITY x SYSTEM \"http://example.org/\">]><a>&c;</a>"),
	    0, 7);
	assert_fails(run.error, ERR_INVALID);
	read_all(&run, S("<!DOCTYPE a SYSTEM \"http://example.org/a.dtd\"><a>&x;</a>"), 0, 7);
	assert_fails(run.error, ERR_INVALID);
	read_all(&run, S("<!DOCTYPE a SYSTEM \"http://example.org/a.dtd\"><a/>"), 0, 7);
	assert_ok(run.error);
	arena_release(&run.arena);
}

static void
limits_are_kept_in_bounded_memory(void **state)
{
	struct run run = {.arena = ARENA_INIT};
	struct buf text = BUF_INIT(&run.arena);

	(void)state;
	for (int i = 0; i < XML_READ_DEPTH_MAX; i++)
		buf_add(&text, S("<a>"));
	for (int i = 0; i < XML_READ_DEPTH_MAX; i++)
		buf_add(&text, S("</a>"));
	read_all(&run, buf_str(&text), 0, 1000);
	assert_ok(run.error);
	assert_int_equal(run.depth_max, XML_READ_DEPTH_MAX);
	buf_clear(&text);
	for (int i = 0; i <= XML_READ_DEPTH_MAX; i++)
		buf_add(&text, S("<a>"));
	read_all(&run, buf_str(&text), 0, 1000);
	assert_fails(run.error, ERR_INVALID);
	buf_clear(&text);
	buf_add(&text, S("<a "));
	for (int i = 0; i <= XML_ATTRIBUTES_MAX; i++)
		buf_printf(&text, " a%d='x'", i);
	buf_add(&text, S("/>"));
	read_all(&run, buf_str(&text), 0, 1000);
	assert_fails(run.error, ERR_INVALID);
	arena_release(&run.arena);
}

/* A tag, a text, a comment and a document type without end, of 8 MiB each, in pieces of 4 KiB. */
static void
what_has_no_end_is_refused_or_passes_through(void **state)
{
	static const struct {
		const char *begin;
		bool refused;
	} cases[] = {{"<a b=\"", true}, {"<a><", true}, {"<a>", false}, {"<a><!--", false}, {"<!DOCTYPE a [", true},
	    {"<?pi ", true}, {"<a><![CDATA[", false}};
	char filling[4096];

	(void)state;
	memset(filling, 'x', sizeof(filling));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena arena = ARENA_INIT;
		struct xml_reader *r = ARENA_NEW(&arena, struct xml_reader);
		struct xml_event e = {0};
		const struct err *error = NULL;

		xml_reader_init(r, &arena);
		xml_give(r, str_from_z(cases[i].begin));
		for (int pieces = 0; pieces < 2048 && !error;) {
			error = xml_next(r, &e);
			if (!error && e.kind == XML_MORE) {
				xml_give(r, (str){filling, sizeof(filling)});
				pieces++;
			}
		}
		assert_int_equal(error != NULL, cases[i].refused);
		assert_true(arena.held_bytes < 1024 * 1024);
		arena_release(&arena);
	}
}

/* Cut off behind any child of the root and gone on with: the events are those of the whole. */
static void
reading_goes_on_behind_any_child_of_the_root(void **state)
{
	str text = S("<!DOCTYPE h [<!ELEMENT h ANY>]><h>\n<r a='1'/>\n<c><r a='2'/>x</c><r a='3'></r>\n<r a='4'/></h>");
	struct arena arena = ARENA_INIT;
	int children = 0, seen_again;

	(void)state;
	for (int stop = 1; stop <= 4; stop++) {
		struct xml_reader *r = ARENA_NEW(&arena, struct xml_reader),
				  *again = ARENA_NEW(&arena, struct xml_reader);
		struct xml_event e = {0};
		struct xml_place place;

		xml_reader_init(r, &arena);
		xml_give(r, text);
		xml_give_end(r);
		for (children = 0; children < stop;) {
			assert_ok(xml_next(r, &e));
			children += e.kind == XML_END && xml_depth(r) == 1;
		}
		place = xml_place(r);
		assert_int_equal(text.p[place.offset - 1], '>');
		xml_reader_resume(again, &arena, S("h"), place);
		xml_give(again, str_drop(text, (size_t)place.offset));
		xml_give_end(again);
		for (seen_again = 0; e.kind != XML_DONE;) {
			assert_ok(xml_next(again, &e));
			seen_again += e.kind == XML_END && xml_depth(again) == 1;
		}
		assert_int_equal(seen_again, 4 - stop);
		assert_int_equal(xml_place(again).offset, text.n);
	}
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(events_are_the_same_wherever_the_text_is_cut),
	    cmocka_unit_test(what_is_not_well_formed_is_refused_with_its_line),
	    cmocka_unit_test(bombs_do_nothing),
	    cmocka_unit_test(limits_are_kept_in_bounded_memory),
	    cmocka_unit_test(what_has_no_end_is_refused_or_passes_through),
	    cmocka_unit_test(reading_goes_on_behind_any_child_of_the_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
