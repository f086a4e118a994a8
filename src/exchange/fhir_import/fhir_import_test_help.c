/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/fhir_import/fhir_import_test_help.h"

void
import(struct world *world, facility_id facility, const char *path, struct fhir_import_report *report)
{
	assert_ok(fhir_import_run(
	    &world->cx, &(struct fhir_import_options){.paths = &path, .path_count = 1, .facility = facility}, report));
}

facility_id
setup(struct world *world)
{
	struct people p;

	assert_ok(record_init(world->vault));
	people_setup(world, &p);
	return p.facility.id;
}
