/* SPDX-License-Identifier: Apache-2.0 */
/* The codes of categories by which types that stand in several parts of the record are told apart: one table for whoever reads a
 * resource and whoever asks the index.  Private to this folder. */
#ifndef SALVE_RECORD_KINDS_H
#define SALVE_RECORD_KINDS_H

#include "care/record/record.h"

struct record_codes {
	const str *items;
	size_t count;
};
extern const struct record_codes RECORD_LAB_RESULTS; /* Observation */
extern const struct record_codes RECORD_VITAL_SIGNS; /* Observation; counts before the others */
extern const struct record_codes RECORD_LAB_REPORTS; /* DiagnosticReport: laboratory and microbiology */
extern const struct record_codes RECORD_NOTES;       /* DocumentReference */

/* Has the resource a category with one of these codes? */
bool record_has_category(const struct json_value *json, const struct record_codes *codes);

#endif
