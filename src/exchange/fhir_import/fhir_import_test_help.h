/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this folder share: a facility to import into. */
#ifndef SALVE_FHIR_IMPORT_TEST_HELP_H
#define SALVE_FHIR_IMPORT_TEST_HELP_H

#include "people.h"

#include "exchange/fhir_import/fhir_import.h"
#include "platform/format/json.h"

/* Take in the files at a path; fails the test when that fails. */
void import(struct world *world, facility_id facility, const char *path, struct fhir_import_report *report);
/* A record that is ready, and the facility of people.h. */
facility_id setup(struct world *world);

#endif
