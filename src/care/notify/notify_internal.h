/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_NOTIFY_INTERNAL_H
#define SALVE_NOTIFY_INTERNAL_H

#include "care/notify/notify.h"

struct mail_row {
	str address; /* sealed */
	instant last_notice;
	instant bounced_at; /* none: it works as far as we know */
};
fallible mail_row_get(struct cx *cx, account_id account, struct mail_row *out, bool *found);
fallible mail_row_put(struct tx *tx, account_id account, str sealed);
fallible mail_row_delete(struct tx *tx, account_id account);
fallible mail_row_noticed(struct tx *tx, account_id account);
fallible mail_row_bounced(struct tx *tx, account_id account, int64_t answer);
fallible mail_settings_row_get(struct cx *cx, str *sealed, bool *found);
fallible mail_settings_row_put(struct tx *tx, str sealed);

/* One mail, complete with headers, to one address. ERR_BUSY: try again; ERR_INVALID: this address is refused for good, with
 * what the server answered. */
fallible mail_send(struct cx *cx, const struct mail_settings *settings, str to, str text, int64_t *answer);

#endif
