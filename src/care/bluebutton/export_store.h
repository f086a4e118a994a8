/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of exports and their chunks.  Private to this folder; no access is checked here. */
#ifndef SALVE_EXPORT_STORE_H
#define SALVE_EXPORT_STORE_H

#include "care/bluebutton/export.h"
#include "platform/crypto/crypto.h"

struct seal_place export_asked_place(struct uuid id);
struct seal_place export_chunk_place(struct uuid id, int64_t n);

fallible export_row_add(struct tx *tx, const struct export *row);
fallible export_row_get(struct cx *cx, patient_id patient, struct uuid id, struct export *out, bool *found);
fallible export_rows_of(struct cx *cx, patient_id patient, account_id account, struct db_rows *out);
fallible export_row_delete(struct tx *tx, const struct export *row); /* with its chunks */
/* The oldest that waits since before `waited`, or has given no sign of life since before `silent`. */
fallible export_row_next(struct cx *cx, instant waited, instant silent, struct export *out, bool *found);
fallible export_rows_expired(struct cx *cx, instant now, struct db_rows *out);
/* It is mine from here on: nobody claimed it since it was read. Chunks of an earlier attempt are gone. */
fallible export_row_claim(struct tx *tx, const struct export *row, instant now, bool *mine);
fallible export_row_progress(struct tx *tx, const struct export *row, instant now, bool *mine); /* done, total, bytes */
fallible export_row_settle(struct tx *tx, const struct export *row); /* state, times, sha256, trouble */

fallible export_chunk_add(struct tx *tx, const struct export *row, int64_t n, str sealed);
fallible export_chunk_get(struct cx *cx, const struct export *row, int64_t n, str *sealed);

#endif
