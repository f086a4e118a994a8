/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of administrators and coordinators: what needs a person's decision, teams, people, tokens for programs. */
#ifndef SALVE_ADMINISTRATION_H
#define SALVE_ADMINISTRATION_H

#include "platform/http/http.h"
#include "trust/identity/identity.h"

extern const struct route administration_routes[];

/* A patient whom the caller's office looks after; opens nothing of the record. ERR_GONE for everybody else. */
fallible office_patient(struct cx *cx, patient_id id, struct patient *out);

#endif
