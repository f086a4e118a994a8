/* SPDX-License-Identifier: Apache-2.0 */
/* Deeds that hand a thread on: what handover.c and forward.c share. */
#ifndef SALVE_MESSAGING_HANDOVER_H
#define SALVE_MESSAGING_HANDOVER_H

#include "care/messaging/messaging_store.h"

/* A deed with what it leaves behind, made ready outside of the act. */
struct handover {
	thread_id id;
	struct thread thread; /* as it became */
	struct member who;
	struct thread_event event; /* text sealed; of kind 0: none is left */
	enum audit_action action;
	const struct err *(*step)(struct tx *tx, struct handover *h);
	enum access_why why;
	/* what single deeds need */
	struct member to;
	struct forwarding *forwarding;
	instant remind_at;
	struct thread other;
};

/* The caller as a member of the thread's team, and an event of theirs; `text` may be absent. */
fallible handover_prepare(struct cx *cx, struct handover *h, enum thread_event_kind kind, str text);
fallible handover_run(struct cx *cx, struct handover *h); /* the act, then the open pages */
fallible event_check_text(str text, bool required);       /* ERR_INVALID with words */

#endif
