/* SPDX-License-Identifier: Apache-2.0 */
/* Lists from the index, against opening every entry: all classes, years, days and kinds, with entries that have no date, several
 * categories, or are mistakes; and looking through a list piece by piece. */
#include "care/record/record_chart_test_help.h"

/* %1: a code of a category or type, %2: a date. */
static const struct shape {
	const char *type, *subject, *rest, *date;
} shapes[] = {
    {"Observation", "subject", "\"status\":\"%s\",\"code\":{\"text\":\"Sodium\"}", "effectiveDateTime"},
    {"DiagnosticReport", "subject", "\"status\":\"%s\",\"code\":{\"text\":\"Report\"}", "effectiveDateTime"},
    {"DiagnosticReport", "subject", "\"status\":\"%s\",\"code\":{\"text\":\"Late report\"}", "issued"},
    {"DocumentReference", "subject",
	"\"status\":\"%s\",\"type\":{\"coding\":[{\"code\":\"18842-5\"}],\"text\":\"Paper\"},\"content\":[{"
	"\"attachment\":{"
	"\"title\":\"x\"}}]",
	"date"},
    {"Procedure", "subject", "\"status\":\"%s\",\"code\":{\"text\":\"Suture\"}", "performedDateTime"},
    {"CarePlan", "subject", "\"status\":\"%s\",\"intent\":\"plan\",\"title\":\"Walk\"", NULL},
    {"Goal", "subject", "\"lifecycleStatus\":\"%s\",\"description\":{\"text\":\"Walk far\"}", "startDate"},
    {"Device", "patient", "\"status\":\"%s\",\"type\":{\"text\":\"Hearing aid\"}", "manufactureDate"},
    {"Coverage", "beneficiary", "\"status\":\"%s\",\"payor\":[{\"display\":\"Payer\"}]", NULL},
};

static void
write_entry(struct chart *chart, unsigned id)
{
	static const char *const categories[] = {"laboratory", "LAB", "vital-signs", "MB", "SP", "RAD", "EC",
	    "clinical-note", "survey", "laboratory\"},{\"code\":\"vital-signs"};
	static const char *const states[] = {"active", "active", "completed", "entered-in-error"};
	static const char *const dates[] = {
	    "2020-01-02", "2020-12-31", "2021-06-05", "2021-06-05", "2022-03-04", "2019-07-08"};
	const struct shape *shape = &ONE_OF(chart, shapes);
	struct buf text = BUF_INIT(&chart->world->arena);

	buf_printf(&text, "{\"resourceType\":\"%s\",\"id\":\"p%u\",\"%s\":{\"reference\":\"Patient/x\"},", shape->type,
	    id, shape->subject);
	if (strcmp(shape->type, "Device") != 0 && strcmp(shape->type, "Coverage") != 0)
		buf_printf(&text, "\"category\":[{\"coding\":[{\"code\":\"%s\"}]}],", ONE_OF(chart, categories));
	if (shape->date && roll(chart, 5))
		buf_printf(&text, "\"%s\":\"%s%s\",", shape->date, ONE_OF(chart, dates),
		    strcmp(shape->date, "issued") == 0 ? "T12:00:00Z" : "");
	buf_printf(&text, shape->rest, ONE_OF(chart, states));
	buf_add_char(&text, '}');
	chart_put(chart, buf_str(&text));
}

static void
open_chart(struct world *world, struct chart *chart, unsigned entries)
{
	chart_open(world, chart, 11);
	for (unsigned i = 0; i < entries; i++)
		write_entry(chart, i);
	db_refresh(&chart->cx);
}

static bool
has_id(const struct record_items *items, str id)
{
	for (size_t i = 0; i < items->count; i++)
		if (str_equal(items->items[i].id, id))
			return true;
	return false;
}

/* Does the entry have a time that lists go by? A device's year of making is none. */
static instant
time_of(const struct record_item *item)
{
	return item->type == RESOURCE_DEVICE ? INSTANT_NONE : item->at;
}

static void
compare(struct chart *chart, const struct record_query *query, const struct record_items *all)
{
	struct record_places places;
	struct record_items found = {0};
	size_t wanted = 0;

	assert_ok(record_places_find(&chart->cx, &chart->px, chart->people.maria, query, &places));
	assert_ok(record_places_open(&chart->cx, &chart->px, chart->people.maria, places.items, places.count, &found));
	assert_int_equal(places.all, all->count);
	assert_int_equal(places.mistaken, all->mistaken);
	assert_int_equal(found.count, places.count);
	assert_int_equal(found.mistaken, 0);
	for (size_t i = 0; i < all->count; i++) {
		const struct record_item *item = &all->items[i];
		bool fits = (!query->type || item->type == query->type) &&
		            record_span_has(&chart->px, &query->span, time_of(item));

		wanted += fits;
		assert_int_equal(has_id(&found, item->id), fits);
	}
	assert_int_equal(found.count, wanted);
	for (size_t i = 1; i < found.count; i++)
		assert_true(time_of(&found.items[i - 1]).ms >= time_of(&found.items[i]).ms);
}

static void
a_list_from_the_index_is_what_opening_every_entry_gives(void **state)
{
	struct chart chart;
	size_t seen = 0;

	open_chart(*state, &chart, 260);
	for (int i = 0; i < RECORD_CLASSES; i++) {
		struct record_query query = {.class = (enum record_class)i, .span = RECORD_SPAN()};
		struct record_items all = {0};

		assert_ok(record_load(&chart.cx, &chart.px, chart.people.maria, query.class, &all));
		seen += all.count;
		compare(&chart, &query, &all);
		query.span = RECORD_SPAN(.year = 2021);
		compare(&chart, &query, &all);
		query.span.year = 0;
		query.span.since.ms = 1577923200000; /* 2 January 2020 */
		query.span.until.ms = 1622851200001; /* 5 June 2021 */
		compare(&chart, &query, &all);
	}
	assert_true(seen > 150);
	db_release(&chart.cx);
}

static void
kinds_part_a_class_and_current_things_are_found(void **state)
{
	struct chart chart;
	struct record_query query = {.class = CLASS_REPORTS, .span = RECORD_SPAN()};
	struct record_places places;
	struct record_items items = {0};
	int64_t all;

	open_chart(*state, &chart, 260);
	query.kind = record_kind_find(CLASS_REPORTS, S("heart"));
	assert_non_null(query.kind);
	assert_null(record_kind_find(CLASS_REPORTS, S("cultures")));
	assert_ok(record_places_find(&chart.cx, &chart.px, chart.people.maria, &query, &places));
	assert_true(places.count > 0 && (int64_t)places.count < places.all);
	query = (struct record_query){.class = CLASS_NOTES, .span = RECORD_SPAN()};
	query.kind = record_kind_find(CLASS_NOTES, S("discharge"));
	assert_ok(record_places_find(&chart.cx, &chart.px, chart.people.maria, &query, &places));
	assert_int_equal(places.count, places.all); /* every note here is one */
	query.kind = record_kind_find(CLASS_NOTES, S("visit"));
	assert_ok(record_places_find(&chart.cx, &chart.px, chart.people.maria, &query, &places));
	assert_int_equal(places.count, 0);
	assert_ok(record_load_current(&chart.cx, &chart.px, chart.people.maria, CLASS_PLANS, &items, &all));
	assert_true(items.count > 0 && (int64_t)items.count < all);
	for (size_t i = 0; i < items.count; i++)
		assert_true(items.items[i].current);
	db_release(&chart.cx);
}

static bool
is_walk(const void *word, const struct page_cx *px, const struct record_item *item)
{
	return record_item_matches(px->arena, item, *(const str *)word);
}

static void
a_list_is_looked_through_piece_by_piece_and_nothing_twice(void **state)
{
	struct chart chart;
	const struct record_query query = {.class = CLASS_PLANS, .span = RECORD_SPAN()};
	const str word = S("walk far");
	struct record_places places;
	struct record_scan scan = {.places = &places, .wanted = 3, .looked_max = 7, .fits = is_walk, .arg = &word};
	struct record_items whole = {0}, pieces = {0};
	size_t at = 0, rounds = 0;

	open_chart(*state, &chart, 260);
	assert_ok(record_places_find(&chart.cx, &chart.px, chart.people.maria, &query, &places));
	while (at < places.count) {
		struct record_items some = {0};
		size_t begun = at;

		assert_ok(record_places_scan(&chart.cx, &chart.px, chart.people.maria, &scan, &at, &some));
		assert_true(at > begun && at - begun <= 7);
		for (size_t i = 0; i < some.count; i++) {
			assert_false(has_id(&pieces, some.items[i].id));
			*LIST_ADD(chart.px.arena, &pieces) = some.items[i];
		}
		rounds++;
	}
	assert_true(rounds > 2);
	assert_ok(record_load(&chart.cx, &chart.px, chart.people.maria, CLASS_PLANS, &whole));
	for (size_t i = 0; i < whole.count; i++)
		assert_int_equal(has_id(&pieces, whole.items[i].id), whole.items[i].type == RESOURCE_GOAL);
	db_release(&chart.cx);
}

static void
nothing_is_listed_for_somebody_else(void **state)
{
	struct chart chart;
	const struct record_query query = {.class = CLASS_PLANS, .span = RECORD_SPAN()};
	struct record_places places;
	struct cx bo;

	open_chart(*state, &chart, 20);
	bo = people_as(chart.world, chart.people.bo_account);
	assert_fails(record_places_find(&bo, &chart.px, chart.people.maria, &query, &places), ERR_GONE);
	db_release(&bo);
	db_release(&chart.cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(a_list_from_the_index_is_what_opening_every_entry_gives),
	    WORLD_TEST(kinds_part_a_class_and_current_things_are_found),
	    WORLD_TEST(a_list_is_looked_through_piece_by_piece_and_nothing_twice),
	    WORLD_TEST(nothing_is_listed_for_somebody_else),
	};

	return cmocka_run_group_tests_name("record_places", tests, NULL, NULL);
}
