/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of imports and their chunks.  Private to this folder; no access is checked here. */
#ifndef SALVE_IMPORT_STORE_H
#define SALVE_IMPORT_STORE_H

#include "care/imports/imports_internal.h"
#include "platform/crypto/crypto.h"

struct seal_place import_facts_place(struct uuid id);
struct seal_place import_chunk_place(struct uuid id, enum import_part part, int64_t n);

fallible import_row_add(struct tx *tx, const struct import *row);
fallible import_row_get(struct cx *cx, patient_id patient, struct uuid id, struct import *out, bool *found);
fallible import_rows_of(struct cx *cx, patient_id patient, struct db_rows *out);
fallible import_rows_open(struct cx *cx, patient_id patient, int64_t *count); /* not kept, not failed */
fallible import_row_delete(struct tx *tx, const struct import *row);          /* with its chunks */
fallible import_row_received(struct tx *tx, const struct import *row, int64_t before, instant now, bool *mine);
/* Into another state by a person: only from the one that was seen. */
fallible import_row_turn(struct tx *tx, const struct import *row, int64_t before, instant now, bool *mine);
/* The oldest that waits, or whose worker has been silent since before `silent`. */
fallible import_row_next(struct cx *cx, instant silent, struct import *out, bool *found);
fallible import_rows_expired(struct cx *cx, instant now, struct db_rows *out);
fallible import_row_claim(struct tx *tx, const struct import *row, instant now, bool *mine);
/* By its worker, while it is theirs; `moved`: it got further, so attempts begin anew. */
fallible import_row_progress(struct tx *tx, const struct import *row, bool moved, instant now, bool *mine);
fallible import_row_settle(struct tx *tx, const struct import *row, instant now, bool *mine);

fallible import_chunk_put(struct tx *tx, const struct import *row, enum import_part part, int64_t n, str sealed);
fallible
import_chunk_get(struct cx *cx, const struct import *row, enum import_part part, int64_t n, str *sealed, bool *found);
fallible import_chunks_delete(struct tx *tx, const struct import *row, enum import_part part);
/* The first of them, so many at most: a long file leaves in acts of bounded size. */
fallible import_chunks_delete_some(
    struct tx *tx, const struct import *row, enum import_part part, int64_t count_max, int64_t *deleted);

#endif
