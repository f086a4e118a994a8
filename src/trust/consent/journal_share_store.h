/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of journal_share.  Private to this folder; no access is checked here. */
#ifndef SALVE_JOURNAL_SHARE_STORE_H
#define SALVE_JOURNAL_SHARE_STORE_H

#include "trust/consent/journal_share.h"

/* Bits of the logs that `reader` may read now. */
fallible journal_share_rows_open(struct cx *cx, patient_id patient, account_id reader, uint64_t *out);
fallible
journal_share_rows_now(struct cx *cx, patient_id patient, int64_t log, struct db_rows *out); /* struct journal_share */
fallible journal_share_rows_each(struct cx *cx, patient_id patient, db_row_fn *each, void *arg);
fallible journal_share_row_closed_at(struct cx *cx, patient_id patient, account_id reader, instant *out);
fallible journal_share_row_begin(struct tx *tx, patient_id patient, int64_t log, account_id reader);
fallible journal_share_row_end(struct tx *tx, patient_id patient, const struct journal_share *share);
/* Every log that is open to the reader. */
fallible journal_share_rows_end(struct tx *tx, patient_id patient, account_id reader);

#endif
