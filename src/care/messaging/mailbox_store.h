/* SPDX-License-Identifier: Apache-2.0 */
/* The SQL of the mailbox.  Private to this folder; no access is checked here. */
#ifndef SALVE_MAILBOX_STORE_H
#define SALVE_MAILBOX_STORE_H

#include "care/messaging/mailbox.h"
#include "care/messaging/messaging_store.h"

extern const struct uuid folder_deleted;
struct seal_place folder_name_place(struct uuid id);
fallible folder_row_put(struct tx *tx, account_id account, const struct folder *folder, struct uuid key); /* sealed */
fallible folder_row_taken(struct cx *cx, account_id account, struct uuid id, struct uuid key, bool *out);
fallible folder_row_has(struct cx *cx, account_id account, struct uuid id, bool *out);
fallible folder_rows(struct cx *cx, account_id account, struct db_rows *out);
fallible folder_row_threads(struct cx *cx, account_id account, struct uuid id, int64_t *out);
fallible folder_row_delete(struct tx *tx, account_id account, struct uuid id);
fallible thread_row_file(
    struct tx *tx, const struct thread *thread, account_id account, enum message_side side, struct uuid folder);
fallible thread_row_place(struct cx *cx, const struct thread *thread, account_id account, struct uuid *folder);
fallible mailbox_rows(struct cx *cx, patient_id patient, const struct mailbox_query *query, struct db_rows *out);
fallible mailbox_row_count(struct cx *cx, patient_id patient, const struct mailbox_query *query, int64_t *out);
fallible
search_rows(struct cx *cx, patient_id patient, const struct message_query *query, struct db_rows *out); /* sealed */

#endif
