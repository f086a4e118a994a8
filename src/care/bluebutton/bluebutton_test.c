/* SPDX-License-Identifier: Apache-2.0 */
/* Downloads of one sample patient: the text against a golden file, the bundle against what is stored.
 * SALVE_GOLDEN_WRITE=1 writes the golden file anew. */
#include "people.h"
#include "shared_data.h"

#include "care/bluebutton/bluebutton.h"
#include "care/messaging/messaging.h"
#include "care/record/record_pages.h"
#include "exchange/fhir_import/fhir_import.h"
#include "platform/format/utf8.h"

#define SAMPLE  "synthea_r4/Liz_Conn_27c911c6-f045-4ffa-af5d-6eba57ac94b2.json"
#define PATIENT S("ee9f8dd8-72d2-4769-8020-89e504b1504b")

struct clinic {
	struct people people;
	patient_id patient;
	struct cx cx;
	struct page_cx px;
	struct bluebutton_ask ask;
	struct buf out;
};

static const struct err *
keep(void *arg, str bytes)
{
	buf_add(arg, bytes);
	return NULL;
}

static const struct err *
join_maple(struct tx *tx, void *arg)
{
	struct clinic *c = arg;

	return team_add_patient(tx, c->people.maple, c->patient, RELATION_PANEL);
}

/* False when there is no sample. */
static bool
open_clinic(struct world *world, struct clinic *c)
{
	const char *path = shared_data_folder(&world->arena, SAMPLE);
	struct fhir_import_report report;
	struct fhir_date now;
	struct cx cx;

	if (!path)
		return false;
	assert_true(fhir_date_parse(FHIR_INSTANT, S("2026-03-05T15:00:00Z"), &now));
	world->cx.now = instant_add_ms(now.low, -DAY_MS); /* the clinic was there before the download */
	cx = world_cx(world);
	cx.now = world->cx.now;
	*c = (struct clinic){.out = BUF_INIT(&world->arena)};
	assert_ok(record_init(world->vault));
	people_setup(world, &c->people);
	assert_ok(fhir_import_run(&cx,
	    &(struct fhir_import_options){.paths = &path, .path_count = 1, .facility = c->people.facility.id},
	    &report));
	assert_true(uuid_parse(PATIENT, &c->patient.v));
	assert_ok(db_write(&cx, join_maple, c));
	db_release(&cx);
	c->ask = (struct bluebutton_ask){.patient = c->patient,
	    .choice = {.since = INSTANT_NONE, .until = INSTANT_NONE},
	    .base = S("https://portal.example.org/fhir")};
	c->cx = world_cx(world);
	c->cx.now = now.low;
	c->px = (struct page_cx){.arena = &world->arena, .lang = LANG_EN, .now = now.low};
	assert_ok(zone_find(S("America/New_York"), &c->px.zone));
	return true;
}

static void
the_text_of_a_sample_patient_is_as_agreed(void **state)
{
	struct clinic c;
	struct world *world = *state;
	const char *golden =
	    arena_printf(&world->arena, "%s/test/golden/bluebutton/liz_conn.txt", getenv("SALVE_SOURCE")).p;
	str expected;

	if (!open_clinic(world, &c))
		return;
	assert_ok(bluebutton_text(&c.cx, &c.px, &c.ask, &(struct sink){keep, &c.out}));
	db_release(&c.cx);
	if (getenv("SALVE_GOLDEN_WRITE")) {
		FILE *file = fopen(golden, "wb");

		assert_non_null(file);
		assert_int_equal(fwrite(c.out.p, 1, c.out.n, file), c.out.n);
		fclose(file);
	}
	expected = shared_data_file(&world->arena, golden);
	assert_string_equal(arena_z(&world->arena, buf_str(&c.out)), arena_z(&world->arena, expected));
}

static void
no_line_is_wider_than_73_columns(void **state)
{
	struct clinic c;
	str rest, line;

	if (!open_clinic(*state, &c))
		return;
	assert_ok(bluebutton_text(&c.cx, &c.px, &c.ask, &(struct sink){keep, &c.out}));
	db_release(&c.cx);
	rest = buf_str(&c.out);
	assert_true(utf8_is_valid(rest));
	while (rest.p) {
		rest = str_cut(rest, '\n', &line);
		if (utf8_width(line) > 73)
			fail_msg("%zu columns: %.*s", utf8_width(line), STR_ARG(line));
	}
}

struct stored {
	LIST(str) bodies;
	struct arena *arena;
};

static const struct err *
keep_body(void *arg, const struct resource *resource)
{
	struct stored *stored = arg;

	*LIST_ADD(stored->arena, &stored->bodies) = arena_str(stored->arena, resource->body);
	return NULL;
}

static void
the_bundle_holds_every_stored_text_byte_for_byte(void **state)
{
	struct clinic c;
	struct world *world = *state;
	struct stored stored = {.arena = &world->arena};
	const struct json_value *bundle, *entry;
	size_t commons = 0;

	if (!open_clinic(world, &c))
		return;
	assert_ok(bluebutton_bundle(&c.cx, &c.px, &c.ask, &(struct sink){keep, &c.out}));
	assert_ok(resource_each(&c.cx, c.patient, 0, keep_body, &stored));
	assert_true(stored.bodies.count > 60);
	assert_ok(json_parse(&world->arena, buf_str(&c.out), &bundle, NULL));
	assert_str_equal(json_text_at(bundle, "resourceType"), "Bundle");
	assert_str_equal(json_text_at(bundle, "type"), "collection");
	entry = json_first(json_get(bundle, "entry"), JSON_ARRAY);
	for (size_t i = 0; i < stored.bodies.count; i++, entry = entry->next) {
		assert_non_null(entry);
		assert_true(str_equal(json_source(json_get(entry, "resource")), stored.bodies.items[i]));
	}
	for (; entry; entry = entry->next, commons++) {
		struct resource common;
		bool found;
		str address = json_text_at(entry, "fullUrl");

		assert_true(str_starts(address, S("https://portal.example.org/fhir/")));
		assert_ok(resource_resolve(&c.cx, str_drop(address, 32), &common, &found));
		assert_true(found);
		assert_true(uuid_equal(common.patient.v, RECORD_COMMONS.v));
		assert_true(str_equal(json_source(json_get(entry, "resource")), common.body));
	}
	assert_true(commons >= 2); /* a practitioner and a hospital at least */
	db_release(&c.cx);
}

static void
nobody_else_gets_a_download(void **state)
{
	struct clinic c;
	struct world *world = *state;
	struct cx bo;

	if (!open_clinic(world, &c))
		return;
	db_release(&c.cx);
	bo = people_as(world, c.people.bo_account);
	assert_fails(bluebutton_text(&bo, &c.px, &c.ask, &(struct sink){keep, &c.out}), ERR_GONE);
	assert_fails(bluebutton_bundle(&bo, &c.px, &c.ask, &(struct sink){keep, &c.out}), ERR_GONE);
	assert_false(str_contains(buf_str(&c.out), S("Liz")));
	db_release(&bo);
}

static const struct err *
broken_pipe(void *arg, str bytes)
{
	size_t *left = arg;

	if (bytes.n > *left)
		return ERR(ERR_BUSY, "gone", "the client is gone");
	*left -= bytes.n;
	return NULL;
}

static void
a_client_that_leaves_ends_the_download(void **state)
{
	struct clinic c;
	size_t left = 2000;

	if (!open_clinic(*state, &c))
		return;
	assert_fails(bluebutton_text(&c.cx, &c.px, &c.ask, &(struct sink){broken_pipe, &left}), ERR_BUSY);
	left = 2000;
	assert_fails(bluebutton_bundle(&c.cx, &c.px, &c.ask, &(struct sink){broken_pipe, &left}), ERR_BUSY);
	db_release(&c.cx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(the_text_of_a_sample_patient_is_as_agreed),
	    WORLD_TEST(no_line_is_wider_than_73_columns),
	    WORLD_TEST(the_bundle_holds_every_stored_text_byte_for_byte),
	    WORLD_TEST(nobody_else_gets_a_download),
	    WORLD_TEST(a_client_that_leaves_ends_the_download),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
