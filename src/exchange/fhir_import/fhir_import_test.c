/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files of others, in and out again: nothing lost, nothing changed, nothing twice. */
#include "people.h"
#include "shared_data.h"

#include <unistd.h>

#include "exchange/fhir_import/fhir_import.h"
#include "platform/format/json.h"

static void
import(struct world *world, const struct people *p, const char *path, struct fhir_import_report *report)
{
	assert_ok(fhir_import_run(&world->cx,
	    &(struct fhir_import_options){.paths = &path, .path_count = 1, .facility = p->facility.id}, report));
}

static void
setup(struct world *world, struct people *p)
{
	assert_ok(record_init(world->vault));
	people_setup(world, p);
}

static void
all_synthea_bundles_come_in_and_out_again(void **state)
{
	struct world *world = *state;
	const char *folder = shared_data_folder(&world->arena, "synthea_r4");
	struct people p;
	struct fhir_import_report report;
	struct buf text = BUF_INIT(&world->arena);

	if (!folder)
		return;
	setup(world, &p);
	import(world, &p, folder, &report);
	fhir_import_report_print(&text, &report, false);
	printf("%.*s", STR_ARG(buf_str(&text)));
	import(world, &p, folder, &report);
	buf_clear(&text);
	fhir_import_report_print(&text, &report, false);
	printf("%.*s", STR_ARG(buf_str(&text)));
	if (getenv("KEEP"))
		assert_int_equal(system(arena_printf(&world->arena,
				     "mkdir -p /tmp/record_keep; cp %s/salve.db* /tmp/record_keep/", world->folder)
					    .p),
		    0);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    WORLD_TEST(all_synthea_bundles_come_in_and_out_again),
	};

	return cmocka_run_group_tests_name("fhir_import", list, NULL, NULL);
}
