/* SPDX-License-Identifier: Apache-2.0 */
/* A FHIR Patient as somebody whom identity knows.  Private to this folder. */
#ifndef SALVE_IMPORT_PATIENT_H
#define SALVE_IMPORT_PATIENT_H

#include "platform/format/json.h"
#include "trust/identity/identity.h"

/* Name as shown, all names and numbers to be found by, birth date; ready for patient_put. */
fallible import_patient_seal(
    struct cx *cx, patient_id id, facility_id facility, const struct json_value *json, struct patient_sealed **out);

#endif
