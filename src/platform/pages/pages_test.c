/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/pages/parts.h"
#include "platform/pages/test/hostile.h"
#include "unit.h"

static struct arena arena;

static int
begin(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct page_cx
page_of(enum lang lang)
{
	return (struct page_cx){
	    .arena = &arena, .lang = lang, .now = {INT64_C(1772565000000)}, .title = S("T"), .path = S("/x?a=\"b\"")};
}

static void
a_hostile_text_never_leaves_its_place(void **state)
{
	struct page_cx px = page_of(LANG_EN);
	struct buf out = BUF_INIT(&arena);

	(void)state;
	hostile(&out, &px, S("\"'><script>alert(1)</script>"), "' onclick='x", 1);
	assert_str_equal(buf_str(&out),
	    "<p title=\"&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\" class='&#39; onclick=&#39;x'>"
	    "\"'&gt;&lt;script&gt;alert(1)&lt;/script&gt;|' onclick='x|1</p>\n"
	    "<a href=\"&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\">whole</a>\n"
	    "<a href=\"/x/%22%27%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E?q=%27%20onclick%3D%27x&amp;n=1\">part</a>\n"
	    "<p title=\"Page &quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\">Page ' onclick='x</p>\n"
	    "<p>1 day</p>");
	buf_clear(&out);
	hostile(&out, &px, S("javascript:alert(1)"), "..", 2);
	assert_true(str_contains(buf_str(&out), S("<a href=\"#\">")));
	assert_false(str_contains(buf_str(&out), S("href=\"javascript")));
}

static void
the_language_changes_words_and_counts(void **state)
{
	struct page_cx page = page_of(LANG_ES);
	const struct page_cx *px = &page;
	struct buf out = BUF_INIT(&arena);

	(void)state;
	assert_str_equal(tr(LANG_ES, "yesterday"), "ayer");
	assert_str_equal(tr(LANG_EN, "yesterday"), "yesterday");
	assert_str_equal(tr(LANG_ES, "a text that nobody translated"), "a text that nobody translated");
	assert_str_equal(tr_in(LANG_ES, "no such context", "yesterday"), "yesterday");
	assert_str_equal(TN("%1 day", "%1 days", 1), "1 día");
	assert_str_equal(TN("%1 day", "%1 days", 12345), "12,345 días");
	assert_str_equal(TF_(S("%2 before %1, 100%%"), TR_ARG("a"), TR_ARG(S("b"))), "b before a, 100%");
	hostile(&out, px, S("1"), "2", 2);
	assert_true(str_contains(buf_str(&out), S("Página 2")) && str_contains(buf_str(&out), S("2 días")));
}

static void
the_browsers_first_known_language_is_taken(void **state)
{
	(void)state;
	assert_int_equal(lang_from_accept(S("es-MX,es;q=0.9,en;q=0.8")), LANG_ES);
	assert_int_equal(lang_from_accept(S("en-US,es;q=0.9")), LANG_EN);
	assert_int_equal(lang_from_accept(S("fr, es;q=0.4, en;q=0.3")), LANG_ES);
	assert_int_equal(lang_from_accept(S("es;q=0")), LANG_EN);
	assert_int_equal(lang_from_accept(S(";;q=,,")), LANG_EN);
	assert_int_equal(lang_from_accept(STR_NONE), LANG_EN);
}

/* ---- dates ---- */

static const struct zone *
new_york(void)
{
	const struct zone *zone;

	assert_ok(zone_find(S("America/New_York"), &zone));
	return zone;
}

static const instant tuesday = {INT64_C(1772565000000)}; /* 3 March 2026, 14:10 in New York */

#define assert_words(call, literal)                         \
	do {                                                \
		struct buf words = BUF_INIT(&arena);        \
		call;                                       \
		assert_str_equal(buf_str(&words), literal); \
	} while (0)

static void
dates_are_said_as_people_say_them(void **state)
{
	const struct zone *zone = new_york();

	(void)state;
	assert_words(date_words_full(&words, LANG_EN, zone, tuesday), "Tuesday, 3 March 2026, 2:10 pm");
	assert_words(date_words_full(&words, LANG_ES, zone, tuesday), "martes, 3 de marzo de 2026, 14:10");
	assert_words(date_words(&words, LANG_EN, zone, tuesday, tuesday), "today, 2:10 pm");
	assert_words(date_words(&words, LANG_ES, zone, tuesday, instant_add_ms(tuesday, DAY_MS)), "ayer, 14:10");
	assert_words(date_words(&words, LANG_EN, zone, tuesday, instant_add_ms(tuesday, -DAY_MS)), "tomorrow, 2:10 pm");
	assert_words(date_words(&words, LANG_EN, zone, tuesday, instant_add_ms(tuesday, 2 * DAY_MS)),
	    "Tuesday, 3 March 2026, 2:10 pm");
	assert_words(day_words(&words, LANG_EN, zone, tuesday, (instant){0}), "Tuesday, 3 March 2026");
	assert_words(date_words_short(&words, LANG_EN, zone, tuesday, instant_add_ms(tuesday, 9 * DAY_MS)), "3 Mar");
	assert_words(
	    date_words_short(&words, LANG_ES, zone, tuesday, instant_add_ms(tuesday, 400 * DAY_MS)), "3 mar 2026");
	assert_words(date_words_short(&words, LANG_EN, zone, tuesday, tuesday), "2:10 pm");
	assert_words(date_words(&words, LANG_EN, zone, INSTANT_NONE, tuesday), "");
}

static void
yesterday_is_a_matter_of_the_calendar_not_of_24_hours(void **state)
{
	const struct zone *zone = new_york();
	instant just_after_midnight = zone_instant(zone, (struct civil_time){.date = {2026, 3, 4}, .minute = 5});

	(void)state;
	assert_words(date_words(&words, LANG_EN, zone, tuesday, just_after_midnight), "yesterday, 2:10 pm");
	assert_words(date_words(&words, LANG_EN, zone, just_after_midnight, just_after_midnight), "today, 12:05 am");
	assert_words(time_words(&words, LANG_EN, zone, instant_add_ms(just_after_midnight, 12 * HOUR_MS)), "12:05 pm");
}

static void
a_date_is_only_as_precise_as_it_is_known(void **state)
{
	(void)state;
	assert_words(date_only_words(&words, LANG_EN, (struct civil_date){2026, 3, 5}), "5 March 2026");
	assert_words(date_only_words(&words, LANG_EN, (struct civil_date){2026, 3, 0}), "March 2026");
	assert_words(date_only_words(&words, LANG_ES, (struct civil_date){2026, 3, 0}), "marzo de 2026");
	assert_words(date_only_words(&words, LANG_ES, (struct civil_date){1949, 0, 0}), "1949");
	assert_words(date_only_words_short(&words, LANG_ES, (struct civil_date){2026, 1, 5}), "5 ene 2026");
}

static void
lengths_of_time_and_numbers_are_rounded_for_reading(void **state)
{
	(void)state;
	assert_words(duration_words(&words, LANG_EN, 59 * SECOND_MS), "less than a minute");
	assert_words(duration_words(&words, LANG_EN, MINUTE_MS), "1 minute");
	assert_words(duration_words(&words, LANG_ES, 3 * HOUR_MS + 1), "3 horas");
	assert_words(duration_words(&words, LANG_EN, 2 * DAY_MS), "2 days");
	assert_words(number_words(&words, LANG_EN, 9999), "9999");
	assert_words(number_words(&words, LANG_EN, -1234567), "-1,234,567");
	assert_words(number_words(&words, LANG_EN, INT64_MIN), "-9,223,372,036,854,775,808");
}

/* ---- parts ---- */

static void
the_frame_shows_who_is_signed_in_and_where_they_are(void **state)
{
	static const struct nav_item nav[] = {{"/", "Home"}, {"/messages", "Messages", COUNT_UNREAD}, {0}};
	struct page_cx px = page_of(LANG_EN);
	struct buf out = BUF_INIT(&arena);

	(void)state;
	px.nav = nav;
	px.active = "/messages";
	px.person_name = S("Bo <Lee>");
	px.form_token = S("tok\"en");
	page_begin(&out, &px);
	page_end(&out, &px);
	assert_true(str_contains(buf_str(&out), S("<span class=\"account-name\">Bo &lt;Lee&gt;</span>")));
	assert_true(str_contains(buf_str(&out), S("href=\"/messages\" aria-current=\"page\"")));
	assert_false(str_contains(buf_str(&out), S("href=\"/\" aria-current")));
	assert_true(str_contains(buf_str(&out), S("data-live-count=\"unread\" hidden>0</span>")));
	assert_true(str_contains(buf_str(&out), S("name=\"s\" value=\"tok&quot;en\"")));
	assert_true(str_contains(buf_str(&out), S("name=\"path\" value=\"/x?a=&quot;b&quot;\"")));
	assert_true(str_ends(buf_str(&out), S("</html>")));
}

static void
nobody_signed_in_sees_no_menu_and_the_print_view_no_frame(void **state)
{
	struct page_cx px = page_of(LANG_EN);
	struct buf out = BUF_INIT(&arena);

	(void)state;
	page_begin(&out, &px);
	assert_false(str_contains(buf_str(&out), S("account-menu")));
	assert_false(str_contains(buf_str(&out), S("site-nav")));
	assert_true(str_contains(buf_str(&out), S("class=\"language\"")));
	buf_clear(&out);
	px.print = true;
	page_begin(&out, &px);
	assert_false(str_contains(buf_str(&out), S("site-header")));
}

static void
an_error_is_in_the_summary_and_beside_its_field(void **state)
{
	struct page_cx px = page_of(LANG_EN);
	struct form_errors errors = {0};
	struct buf out = BUF_INIT(&arena);

	(void)state;
	error_summary(&out, &px, &errors);
	error_summary(&out, &px, NULL);
	assert_str_equal(str_trim(buf_str(&out)), "");
	form_error_add(&arena, &errors, S("subject"), S("Write a subject"));
	error_summary(&out, &px, &errors);
	field_text(&out, &px,
	    FIELD(.name = S("subject"), .label = S("Subject"), .required = true,
		.error = form_error(&errors, S("subject")), .chars_max = 50));
	assert_true(str_contains(buf_str(&out), S("There is 1 thing to mend")));
	assert_true(str_contains(buf_str(&out), S("<a href=\"#field-subject\">Write a subject</a>")));
	assert_true(str_contains(buf_str(&out), S("id=\"field-subject\"")));
	assert_true(str_contains(
	    buf_str(&out), S("aria-describedby=\"error-subject count-subject\" aria-invalid=\"true\" required")));
	assert_true(str_is_empty(form_error(&errors, S("body"))));
}

static void
only_forms_that_post_carry_the_token(void **state)
{
	struct page_cx px = page_of(LANG_EN);
	struct buf out = BUF_INIT(&arena);

	(void)state;
	px.form_token = S("abc");
	form_begin(&out, &px, FORM(.action = S("/search"), .get = true));
	assert_false(str_contains(buf_str(&out), S("abc")));
	buf_clear(&out);
	form_begin(&out, &px, FORM(.action = S("/send")));
	assert_true(str_contains(buf_str(&out), S("value=\"abc\"")));
	buf_clear(&out);
	button_form(&out, &px, BUTTON(.label = S("Claim")), S("javascript:x"));
	assert_true(str_contains(buf_str(&out), S("value=\"abc\"")));
	assert_true(str_contains(buf_str(&out), S("action=\"#\"")));
}

static void
a_textarea_keeps_a_first_empty_line(void **state)
{
	struct page_cx px = page_of(LANG_EN);
	struct buf out = BUF_INIT(&arena);

	(void)state;
	field_textarea(&out, &px, FIELD(.name = S("b"), .label = S("B"), .value = S("\n  x</textarea>")));
	assert_true(str_contains(buf_str(&out), S(">\n\n  x&lt;/textarea&gt;</textarea>")));
}

static void
what_was_typed_as_a_date_comes_back_as_typed(void **state)
{
	(void)state;
	assert_str_equal(field_date_value(&arena, S("2026"), S(" 13"), S("x")), "2026-13-x");
	assert_true(field_date_value(&arena, S(""), STR_NONE, S("")).p == NULL);
	assert_str_equal(date_piece(S("2026-13-x"), 0), "2026");
	assert_str_equal(date_piece(S("2026-13-x"), 1), "13");
	assert_str_equal(date_piece(S("2026-13-x"), 2), "x");
	assert_true(str_is_empty(date_piece(S("2026"), 2)));
}

static void
pages_of_a_list_are_few_and_keep_the_filters(void **state)
{
	struct page_cx px = page_of(LANG_EN);
	struct buf out = BUF_INIT(&arena);

	(void)state;
	pagination(&out, &px, S("/l"), 1, 1);
	assert_str_equal(str_trim(buf_str(&out)), "");
	pagination(&out, &px, S("/l?sort=a"), 50, 1000);
	assert_true(str_contains(buf_str(&out), S("href=\"/l?sort=a&amp;page=49\"")));
	assert_true(str_contains(buf_str(&out), S("page=1000")));
	assert_true(out.n < 3000);
}

int
main(void)
{
	const struct CMUnitTest all[] = {
	    cmocka_unit_test_setup_teardown(a_hostile_text_never_leaves_its_place, begin, end),
	    cmocka_unit_test_setup_teardown(the_language_changes_words_and_counts, begin, end),
	    cmocka_unit_test_setup_teardown(the_browsers_first_known_language_is_taken, begin, end),
	    cmocka_unit_test_setup_teardown(dates_are_said_as_people_say_them, begin, end),
	    cmocka_unit_test_setup_teardown(yesterday_is_a_matter_of_the_calendar_not_of_24_hours, begin, end),
	    cmocka_unit_test_setup_teardown(a_date_is_only_as_precise_as_it_is_known, begin, end),
	    cmocka_unit_test_setup_teardown(lengths_of_time_and_numbers_are_rounded_for_reading, begin, end),
	    cmocka_unit_test_setup_teardown(the_frame_shows_who_is_signed_in_and_where_they_are, begin, end),
	    cmocka_unit_test_setup_teardown(nobody_signed_in_sees_no_menu_and_the_print_view_no_frame, begin, end),
	    cmocka_unit_test_setup_teardown(an_error_is_in_the_summary_and_beside_its_field, begin, end),
	    cmocka_unit_test_setup_teardown(only_forms_that_post_carry_the_token, begin, end),
	    cmocka_unit_test_setup_teardown(a_textarea_keeps_a_first_empty_line, begin, end),
	    cmocka_unit_test_setup_teardown(what_was_typed_as_a_date_comes_back_as_typed, begin, end),
	    cmocka_unit_test_setup_teardown(pages_of_a_list_are_few_and_keep_the_filters, begin, end),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
