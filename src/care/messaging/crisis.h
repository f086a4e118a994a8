/* SPDX-License-Identifier: Apache-2.0 */
/* Words of emergency and of self-harm in what patients write: a list that everybody can read and each facility can change.
 * A hit asks the person once and marks the thread for the team with the words as the reason; it never keeps a message back. */
#ifndef SALVE_CRISIS_H
#define SALVE_CRISIS_H

#include "care/messaging/mailbox.h"
#include "care/messaging/messaging_internal.h"

#define CRISIS_LIST_BYTES_MAX (32 * 1024)
#define CRISIS_LINES_MAX      1000
#define CRISIS_HITS_MAX       10 /* more say nothing more */

/* What of `list` stands in `text`, joined as "chest pain, can't breathe"; absent for nothing. Whole words, in any language of
 * the list, without case and accents. Pure. */
str crisis_hits(struct arena *arena, str list, str text);
/* What is wrong with a list, with the line's number; NULL when it is sound. */
fallible crisis_list_check(struct cx *cx, str list);

/* rows (mailbox_store.c) */
fallible crisis_row_get(struct cx *cx, facility_id facility, str *out, bool *found);
fallible crisis_row_put(struct tx *tx, facility_id facility, str list);
fallible crisis_row_delete(struct tx *tx, facility_id facility);
struct seal_place thread_reason_place(thread_id id);
/* The words for which it is urgent, sealed; the flag itself is thread_row_put's. */
fallible thread_row_reason(struct tx *tx, const struct thread *thread, str sealed);

#endif
