/* SPDX-License-Identifier: Apache-2.0 */
/* What stands under a message: a person's signature (name and title, added to new texts), and the electronic signature that some
 * teams ask of patients. */
#ifndef SALVE_SIGNATURE_H
#define SALVE_SIGNATURE_H

#include "care/messaging/mailbox.h"
#include "care/messaging/messaging_internal.h"

/* The two lines as they are added; absent when nothing is. */
str signature_text(struct arena *arena, const struct signature *signature);
/* `body` with the caller's signature under it, once: what ends with it already is left alone. An empty body stays empty. */
fallible signature_add(struct cx *cx, str body, str *out);

/* The electronic signature: a rule, the typed name, "Signed electronically on 2026-03-05.", at the end of the body. */
bool body_is_signed(str body);

/* rows (mailbox_store.c) */
fallible signature_row_get(struct cx *cx, account_id account, struct signature *out, bool *found); /* sealed */
fallible signature_row_put(struct tx *tx, account_id account, const struct signature *sealed);

#endif
