/* SPDX-License-Identifier: Apache-2.0 */
/* What a resource is found by: derived from its JSON by the rows of the model.  Private to this folder. */
#ifndef SALVE_RECORD_INDEX_H
#define SALVE_RECORD_INDEX_H

#include "care/record/record_model.h"

struct index_entry {
	int64_t param, value; /* value 0: a time, low and high are set */
	int64_t low, high;
};
struct index_entries {
	struct index_entry *items;
	size_t count, capacity;
};

/* Sorted by param and value, none twice. */
fallible index_entries_of(struct cx *cx, patient_id owner, resource_type type, const struct json_value *json,
    instant updated, struct index_entries *out);
/* Adds that it is an entry of this log; nothing for 0. */
void index_entries_add_log(struct cx *cx, patient_id owner, resource_type type, int64_t log, struct index_entries *out);
/* The stored value of what somebody searches for ("code", "system|code", "Type/id", a word's beginning). */
int64_t index_value(const struct vault *vault, patient_id owner, const struct param_row *row, str text);
/* The span of a FHIR date, Period or Timing; false when there is none in it. */
bool index_span(const struct json_value *value, int64_t *low, int64_t *high);

#define INDEX_WORD_CHARS_MIN 2 /* of a beginning that is found */
#define INDEX_WORD_CHARS_MAX 8

#endif
