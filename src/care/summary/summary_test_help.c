/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "care/summary/summary_test_help.h"
#include "exchange/fhir_import/fhir_import.h"

const struct sample SAMPLE_SMALL = {"synthea_r4/Liz_Conn_27c911c6-f045-4ffa-af5d-6eba57ac94b2.json",
    "ee9f8dd8-72d2-4769-8020-89e504b1504b", "liz_conn"};
const struct sample SAMPLE_MUST_SUPPORT = {"inferno_reference/uscore_bundle_patient_85.json", "85", "patient_85"};
const struct sample SAMPLE_LARGE = {"synthea_r4/Don_Moore_d65926d8-f057-4869-a5ed-85856e8e1f8c.json",
    "63c5db14-f5b0-4405-9ff6-0b88601ddb22", "don_moore"};

static const struct err *
keep(void *arg, str bytes)
{
	buf_add(arg, bytes);
	return NULL;
}

static const struct err *
join_maple(struct tx *tx, void *arg)
{
	struct office *o = arg;

	return team_add_patient(tx, o->people.maple, o->patient, RELATION_PANEL);
}

bool
office_open(struct office *o, struct world *world, const struct sample *sample)
{
	const char *path = shared_data_folder(&world->arena, sample->path);
	struct fhir_import_report report;
	struct fhir_date now;

	*o = (struct office){.world = world, .sample = sample, .out = BUF_INIT(&world->arena)};
	if (!path)
		return false;
	assert_true(fhir_date_parse(FHIR_INSTANT, S("2026-03-05T15:00:00Z"), &now));
	world->cx.now = instant_add_ms(now.low, -DAY_MS); /* the clinic was there before the document */
	setup(world, &o->people);
	assert_ok(json_parse(&world->arena, shared_data_file(&world->arena, path), &o->bundle, NULL));
	assert_ok(fhir_import_run(&world->cx,
	    &(struct fhir_import_options){.paths = &path, .path_count = 1, .facility = o->people.facility.id},
	    &report));
	assert_int_equal(report.problems_all, 0);
	o->patient = (patient_id){resource_key(world->vault, str_from_z(sample->patient))};
	assert_ok(db_write(&world->cx, join_maple, o));
	db_release(&world->cx);
	o->cx = world_cx(world);
	o->cx.now = now.low;
	o->px = (struct page_cx){.arena = &world->arena, .lang = LANG_EN, .now = now.low};
	assert_ok(zone_find(S("America/New_York"), &o->px.zone));
	o->all = (struct record_choice){.since = INSTANT_NONE, .until = INSTANT_NONE};
	o->sink = (struct sink){keep, &o->out};
	return true;
}

static void
write_file(const char *path, str text)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text.p, 1, text.n, file), text.n);
	fclose(file);
}

/* The clinic's id is new in each run: a name of the same length in its place. */
static str
steady(const struct office *o, str text)
{
	struct arena *arena = &o->world->arena;
	str id = uuid_text(arena, o->people.facility.id.v), rest = text;
	struct buf out = BUF_INIT(arena);
	size_t at;

	while (str_find(rest, id, &at)) {
		buf_add(&out, str_take(rest, at));
		buf_add(&out, S("00000000-0000-4000-8000-00000000c11c"));
		rest = str_drop(rest, at + id.n);
	}
	buf_add(&out, rest);
	return buf_str(&out);
}

void
golden_check(const struct office *o, const char *name, str document)
{
	struct arena *arena = &o->world->arena;
	str text = steady(o, document);
	const char *path = arena_printf(arena, "%s/test/golden/summary/%s", getenv("SALVE_SOURCE"), name).p;

	if (getenv("SALVE_GOLDEN_WRITE"))
		write_file(path, text);
	if (!str_equal(text, shared_data_file(arena, path)))
		fail_msg("%s: not as agreed; SALVE_GOLDEN_WRITE=1 writes it anew", name);
}

void
document_keep(const struct office *o, const char *ending, str text)
{
	const char *folder = getenv("SALVE_DOCUMENTS");

	if (folder)
		write_file(arena_printf(&o->world->arena, "%s/%s.%s", folder, o->sample->name, ending).p, text);
}
