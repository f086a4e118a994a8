/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_JOBS_INTERNAL_H
#define SALVE_JOBS_INTERNAL_H

#include "platform/crypto/crypto.h"
#include "platform/jobs/jobs.h"

#define OUTBOX_CLAIM_MAX 20              /* items taken at one time */
#define OUTBOX_LEASE_MS  (2 * MINUTE_MS) /* a deliverer that died holds its items no longer than this */

struct seal_place outbox_place(struct uuid id);
/* Take due items for delivery: nobody else gets them before the lease ends. */
fallible outbox_claim(struct cx *cx, struct db_rows *out);
struct outbox_result {
	struct uuid id;
	enum outbox_state state;
	instant next_at;
	str trouble;
};
fallible outbox_settle(struct tx *tx, const struct outbox_result *result);

/* Hold the lease `name` until now + ms? `mine` false when somebody else does. */
fallible lease_take(struct cx *cx, const char *name, struct uuid holder, int64_t ms, bool *mine);

#endif
