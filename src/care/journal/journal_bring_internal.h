/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of what was brought in, and what journal_entry.c shares for it.  Private to this folder. */
#ifndef SALVE_JOURNAL_BRING_INTERNAL_H
#define SALVE_JOURNAL_BRING_INTERNAL_H

#include "care/journal/journal_bring.h"
#include "care/journal/journal_internal.h"

/* As journal_check, and ERR_DENIED with words for whoever may only read. */
fallible
journal_check_writes(struct cx *cx, patient_id patient, const struct journal_log *log, struct journal_standing *out);

struct journal_brought {
	int64_t type, log;
	struct uuid key, batch;
};
fallible journal_brought_row(
    struct cx *cx, patient_id patient, resource_type type, struct uuid key, struct journal_brought *out, bool *found);
fallible journal_brought_row_add(struct tx *tx, patient_id patient, const struct journal_brought *row);
fallible journal_brought_row_change(struct tx *tx, patient_id patient, resource_type type, struct uuid key);
fallible journal_brought_row_delete(struct tx *tx, patient_id patient, const struct journal_brought *row);
/* struct journal_brought; those that nobody changed. */
fallible
journal_brought_rows(struct cx *cx, patient_id patient, struct uuid batch, int64_t count_max, struct db_rows *out);
fallible journal_brought_count(struct cx *cx, patient_id patient, struct uuid batch, bool changed, int64_t *out);

#endif
