/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_RELEASE_INTERNAL_H
#define SALVE_RELEASE_INTERNAL_H

#include "trust/consent/release.h"

/* What a facility decided and what the patient chose, the facility's first. */
fallible release_rows_between(struct cx *cx, patient_id patient, struct db_rows *out);
fallible release_rows_of_facility(struct cx *cx, facility_id facility, struct db_rows *out);
fallible release_row_put(struct tx *tx, facility_id facility, const struct release_rule *rule);
fallible release_row_remove(struct tx *tx, facility_id facility, enum release_class class, str code);
fallible release_rows_pacing(struct cx *cx, patient_id patient, struct db_rows *out);
fallible release_row_choose(struct tx *tx, patient_id patient, const struct release_rule *choice);
fallible release_rows_passes(struct cx *cx, patient_id patient, int64_t type, struct db_rows *out);
fallible release_row_pass(struct tx *tx, const struct release_let *let, bool by_team, bool *added);

#endif
