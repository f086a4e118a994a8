/* SPDX-License-Identifier: Apache-2.0 */
/* The newest of each test by the index, against opening every entry. */
#include "care/record/record_chart_test_help.h"

static const struct err *
delete_act(struct tx *tx, void *id)
{
	return resource_delete(tx, RESOURCE_OBSERVATION, *(const str *)id);
}

/* Codes alone, together, in either order, without system, in words only; dates of every kind, none, only issued. */
static str
random_result(struct chart *chart, const char *type, unsigned id)
{
	static const char *const codes[] = {"\"coding\":[{\"system\":\"s\",\"code\":\"a\"}]",
	    "\"coding\":[{\"system\":\"s\",\"code\":\"a\"},{\"system\":\"t\",\"code\":\"b\"}],\"text\":\"A and B\"",
	    "\"coding\":[{\"system\":\"t\",\"code\":\"b\"}]", "\"coding\":[{\"code\":\"c\"}],\"text\":\"C\"",
	    "\"text\":\"In words\"", "\"text\":\"in  words too\""};
	static const char *const categories[] = {"laboratory", "laboratory", "laboratory", "LAB", "vital-signs",
	    "vital-sign", "survey", "laboratory\"},{\"code\":\"vital-signs"};
	static const char *const dates[] = {",\"effectiveDateTime\":\"2020-01-02\"",
	    ",\"effectiveDateTime\":\"2020-01-02T03:04:05-05:00\"", ",\"effectiveDateTime\":\"2021\"",
	    ",\"effectiveDateTime\":\"2022-07\"",
	    ",\"effectivePeriod\":{\"start\":\"2019-05-01\",\"end\":\"2023-01-01\"}",
	    ",\"effectivePeriod\":{\"end\":\"2018-01-01\"}", ",\"issued\":\"2024-02-03T00:00:00Z\"", "",
	    ",\"effectiveDateTime\":\"2022-12-31T23:59:59Z\""};
	static const char *const states[] = {"final", "final", "final", "amended", "entered-in-error"};

	return arena_printf(&chart->world->arena,
	    "{\"resourceType\":\"%s\",\"id\":\"r%u\",\"status\":\"%s\",\"category\":[{\"coding\":[{\"code\":\"%s\"}]}],"
	    "\"code\":{%s},\"subject\":{\"reference\":\"Patient/x\"}%s}",
	    type, id, ONE_OF(chart, states), ONE_OF(chart, categories), ONE_OF(chart, codes), ONE_OF(chart, dates));
}

static void
write_results(struct chart *chart, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		unsigned id = roll(chart, 150); /* so that some are replaced */
		bool report = id % 5 == 0;

		chart_put(chart, random_result(chart, report ? "DiagnosticReport" : "Observation", id));
		if (!report && roll(chart, 20) == 0) {
			struct cx cx = world_cx(chart->world);
			str id_text = arena_printf(cx.arena, "r%u", id);

			assert_ok(db_write(&cx, delete_act, &id_text));
			db_release(&cx);
		}
	}
}

/* Of one key: how many entries, and the newest. */
static struct record_item
straightforward(const struct record_items *all, str key)
{
	struct record_item newest = {0};

	for (size_t i = 0; i < all->count; i++) {
		if (!str_equal(all->items[i].key, key))
			continue;
		if (!newest.group_count || record_item_newer(&all->items[i], &newest) < 0) {
			size_t count = newest.group_count;

			newest = all->items[i];
			newest.group_count = count;
		}
		newest.group_count++;
	}
	return newest;
}

/* The same from what the index found: one key may stand in several items. */
static void
compare(const struct record_items *all, const struct record_items *found)
{
	size_t stands_for = 0;

	assert_int_equal(found->mistaken, all->mistaken);
	for (size_t i = 0; i < found->count; i++) {
		struct record_item want = straightforward(all, found->items[i].key), got = {0};
		size_t count = 0;

		for (size_t j = 0; j < found->count; j++)
			if (str_equal(found->items[j].key, found->items[i].key)) {
				if (!count || record_item_newer(&found->items[j], &got) < 0)
					got = found->items[j];
				count += found->items[j].group_count;
			}
		assert_int_equal(count, want.group_count);
		assert_true(str_equal(got.id, want.id));
		stands_for += found->items[i].group_count;
	}
	assert_int_equal(stands_for, all->count);
}

static void
compare_class(struct chart *chart, enum record_class class, resource_type type)
{
	struct record_items all = {0};
	struct record_newest newest;
	const int *years;

	assert_ok(record_load_type(&chart->cx, &chart->px, chart->people.maria, class, type, &all));
	record_items_sort(&all);
	years = record_years(&chart->px, &all);
	assert_true(all.count > 0);
	assert_ok(
	    record_load_newest(&chart->cx, &chart->px, chart->people.maria, class, type, &RECORD_SPAN(), &newest));
	assert_int_equal(newest.all, all.count);
	compare(&all, &newest.items);
	for (size_t i = 0; years[i] || newest.years[i]; i++) {
		struct record_items of_year = {.mistaken = all.mistaken};
		struct record_span year = RECORD_SPAN(.year = years[i]);

		assert_int_equal(newest.years[i], years[i]);
		for (size_t j = 0; j < all.count; j++)
			if (record_item_year(&chart->px, &all.items[j]) == years[i])
				*LIST_ADD(chart->px.arena, &of_year) = all.items[j];
		assert_ok(record_load_newest(&chart->cx, &chart->px, chart->people.maria, class, type, &year, &newest));
		compare(&of_year, &newest.items);
	}
}

static void
the_index_finds_what_opening_every_entry_finds(void **state)
{
	struct chart chart;

	chart_open(*state, &chart, 7);
	for (int round = 0; round < 3; round++) {
		write_results(&chart, 150);
		db_release(&chart.cx); /* what it read before is a snapshot */
		compare_class(&chart, CLASS_LABS, RESOURCE_OBSERVATION);
		compare_class(&chart, CLASS_VITALS, RESOURCE_OBSERVATION);
		compare_class(&chart, CLASS_LABS, RESOURCE_DIAGNOSTIC_REPORT);
	}
	db_release(&chart.cx);
}

static void
nothing_is_found_for_somebody_else(void **state)
{
	struct chart chart;
	struct cx bo;
	struct record_newest newest;

	chart_open(*state, &chart, 7);
	write_results(&chart, 20);
	bo = people_as(chart.world, chart.people.bo_account);
	assert_fails(record_load_newest(
			 &bo, &chart.px, chart.people.maria, CLASS_LABS, RESOURCE_OBSERVATION, &RECORD_SPAN(), &newest),
	    ERR_GONE);
	db_release(&bo);
	db_release(&chart.cx);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(the_index_finds_what_opening_every_entry_finds),
	    WORLD_TEST(nothing_is_found_for_somebody_else),
	};

	return cmocka_run_group_tests_name("record_newest", list, NULL, NULL);
}
