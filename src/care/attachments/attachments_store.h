/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of attachments and their chunks, and the scanner's setting.  Sealed here, opened by the callers. */
#ifndef SALVE_ATTACHMENTS_STORE_H
#define SALVE_ATTACHMENTS_STORE_H

#include "care/attachments/attachments.h"
#include "platform/crypto/crypto.h"

#define ATTACHMENT_CHUNK_BYTES (256 * 1024)
#define ATTACHMENTS_MAX        100 /* of one holder, and some */

struct seal_place attachment_name_place(struct uuid id);
struct seal_place attachment_chunk_place(struct uuid id, int64_t n);

/* Name sealed. `digest`: the same content of the same patient has the same. */
fallible attachment_row_add(struct tx *tx, const struct attachment *row, struct uuid digest);
fallible attachment_chunk_add(struct tx *tx, const struct attachment *row, int64_t n, str sealed);
fallible attachment_row_get(struct cx *cx, struct uuid id, struct attachment *out, bool *found);
fallible attachment_rows_of(struct cx *cx, const struct attachment_holder *holder, struct db_rows *out);
fallible attachment_rows_count(struct cx *cx, const struct attachment_holder *holder, int64_t *out);
/* What counts against the limits: infected ones are gone. */
struct attachment_sum {
	int64_t count, bytes, same; /* same: with this digest */
};
fallible attachment_rows_sum(
    struct cx *cx, const struct attachment_holder *holder, struct uuid digest, struct attachment_sum *out);
fallible attachment_chunk_get(struct cx *cx, const struct attachment *row, int64_t n, str *sealed);
fallible
attachment_row_settle(struct tx *tx, const struct attachment *row, bool *changed); /* held: state and finding */
fallible attachment_chunks_delete(struct tx *tx, const struct attachment *row);
fallible attachment_row_delete(struct tx *tx, const struct attachment *row); /* with its chunks */
fallible attachment_rows_drop(struct tx *tx, const struct attachment_holder *holder);
fallible attachment_rows_move(struct tx *tx, const struct attachment_holder *from, struct uuid to);
fallible attachment_row_figures(struct cx *cx, struct attachment_figures *out);

fallible scanner_row_get(struct cx *cx, str *address, bool *found);
fallible scanner_row_put(struct tx *tx, str address);

#endif
