/* SPDX-License-Identifier: Apache-2.0 */
#include "care/record/record_chart_test_help.h"

unsigned
roll(struct chart *chart, unsigned sides)
{
	chart->seed = chart->seed * 1664525 + 1013904223;
	return (chart->seed >> 16) % sides;
}

void
chart_open(struct world *world, struct chart *chart, unsigned seed)
{
	*chart = (struct chart){.world = world, .seed = seed};
	assert_ok(record_init(world->vault));
	people_setup(world, &chart->people);
	chart->cx = people_as(world, chart->people.maria_account);
	chart->px = (struct page_cx){.arena = &world->arena, .lang = LANG_EN, .now = chart->cx.now};
	assert_ok(zone_find(S("America/New_York"), &chart->px.zone));
}

static const struct err *
put_act(struct tx *tx, void *draft)
{
	int64_t version;
	bool changed;

	return resource_put(tx, draft, &version, &changed);
}

void
chart_put(struct chart *chart, str text)
{
	struct cx cx = world_cx(chart->world);
	const struct json_value *json;
	struct resource_draft *draft;

	assert_ok(json_parse(cx.arena, text, &json, NULL));
	assert_ok(resource_prepare(&cx,
	    &(struct resource_new){.patient = chart->people.maria, .json = json, .id = json_text_at(json, "id")},
	    &draft));
	assert_ok(db_write(&cx, put_act, draft));
	db_release(&cx);
}
