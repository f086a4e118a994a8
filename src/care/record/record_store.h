/* SPDX-License-Identifier: Apache-2.0 */
/* The SQL of the record.  Private to this folder; no access is checked here. */
#ifndef SALVE_RECORD_STORE_H
#define SALVE_RECORD_STORE_H

#include "care/record/record_list.h"
#include "care/record/record_model.h"

/* `body` is sealed in what comes from here and goes here. */
fallible resource_row_by_key(struct cx *cx, resource_type type, struct uuid key, struct resource *out, bool *found);
fallible
resource_row_version(struct cx *cx, const struct resource *current, int64_t version, struct resource *out, bool *found);
fallible resource_rows_history(struct cx *cx, const struct resource *current, struct db_rows *out);
#define ROWS_AT_ONCE 30
/* Current ones by their n, at most ROWS_AT_ONCE, in order of n. */
fallible resource_rows_by_n(
    struct cx *cx, patient_id patient, resource_type type, const int64_t *n, size_t count, struct db_rows *out);
/* Current ones behind (type, n), in that order; `type_last` bounds the type. */
fallible resource_rows_after(struct cx *cx, patient_id patient, resource_type type, int64_t n, resource_type type_last,
    int64_t count_max, struct db_rows *out);

/* Replaced versions behind (type, n, version), in that order, with the key of their resource. Those of resources that were
 * deleted at or after `deleted_before` are left out. */
struct version_place {
	int64_t type, n, version;
};
fallible resource_rows_versions_after(struct cx *cx, patient_id patient, const struct version_place *last,
    int64_t deleted_before, int64_t count_max, struct db_rows *out);

fallible resource_row_next_n(struct cx *cx, patient_id patient, resource_type type, int64_t *out);
/* `added` false: a resource of this key and type exists. */
fallible resource_row_add(struct tx *tx, const struct resource *row, bool *added);
/* The current version goes to the history and `row` takes its place. */
fallible resource_row_replace(struct tx *tx, const struct resource *row);

/* Index rows. */
struct index_place {
	patient_id patient;
	int64_t param, value, chunk;
};
fallible index_row_get(struct cx *cx, const struct index_place *place, str *entries); /* absent: no such row */
fallible index_row_put(struct tx *tx, const struct index_place *place, str entries);  /* empty: removes the row */
/* The same for as many rows of different places, none empty, in one statement. */
#define INDEX_ROWS_AT_ONCE 6
fallible index_rows_put(
    struct tx *tx, const struct index_place places[INDEX_ROWS_AT_ONCE], const str entries[INDEX_ROWS_AT_ONCE]);
/* All entries of a value (0: of a time parameter) in order of n. */
fallible index_read(struct cx *cx, patient_id patient, int64_t param, int64_t value, struct list_entries *out);
/* Visit the entries of every value of a token parameter, a row of one chunk at a time, in no order. */
typedef fallible(index_visit_fn)(void *arg, int64_t value, const struct list_entries *entries);
fallible index_each_value(struct cx *cx, patient_id patient, int64_t param, index_visit_fn *visit, void *arg);
/* Visit the entries of every log, whatever their type; `value`: index_value of the log's number. */
typedef fallible(index_log_fn)(void *arg, resource_type type, int64_t value, const struct list_entries *entries);
fallible index_each_log(struct cx *cx, patient_id patient, index_log_fn *visit, void *arg);
/* How many current resources of each type: counts[type]. */
fallible index_counts(struct cx *cx, patient_id patient, int64_t *counts);

#endif
