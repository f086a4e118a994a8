/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the view share; not for other folders. */
#ifndef SALVE_RECORD_VIEW_INTERNAL_H
#define SALVE_RECORD_VIEW_INTERNAL_H

#include "care/record/record_view.h"

/* Value, range and flag of an Observation into `out`. */
void record_measure_read(const struct page_cx *px, const struct json_value *json, struct record_item *out);
/* value[x] of an Observation or a component in words; absent when it has none. */
str record_value_words(const struct page_cx *px, const struct json_value *json);
/* Does a coding of the concept have this code? */
bool record_concept_has(const struct json_value *concept, str code);
/* Status of a resource in words: fills state, state_kind, current, mistaken, planned. */
void
record_state_read(const struct page_cx *px, resource_type type, const struct json_value *json, struct record_item *out);
/* A FHIR code in words, when it is one that people meet; absent otherwise. */
str record_code_words(const struct page_cx *px, str code);

/* Status codes that may mean that an entry of this type is current, and the parameter that has them (NULL: none). */
size_t record_current_codes(resource_type type, str *out, size_t count_max);
const char *record_status_param(resource_type type);

/* Entered or measured by the patient, or someone close to them? */
bool record_is_own(const struct json_value *json);
bool record_is_entry(const struct json_value *json); /* of the journal: marked as supplied by the patient */

#endif
