/* SPDX-License-Identifier: Apache-2.0 */
/* What happens later: the outbox (written in the transaction that causes it, delivered at least once, retried with growing
 * waits, given up into a list that a person works off) and timers (duties that run every so often, on one machine at a
 * time). */
#ifndef SALVE_JOBS_H
#define SALVE_JOBS_H

#include "platform/db/db.h"

/* ---- the outbox ---- */

struct outbox_new {
	const char *kind; /* a row of the table given to jobs_start: "notice" */
	str key;          /* what makes it the same thing again: a second add with this kind and key changes nothing */
	patient_id patient; /* under whose key the payload is sealed; may be none */
	str payload;        /* what the deliverer needs; ids where ids do */
	instant not_before; /* none: at once */
};
fallible outbox_add(struct tx *tx, const struct outbox_new *in);

struct outbox_item {
	struct uuid id;
	str kind, key;
	patient_id patient;
	str payload; /* opened */
	int64_t state, attempts;
	instant next_at, made, done;
	str trouble; /* why the last try failed: codes and plain words, nobody's data */
};
enum outbox_state { OUTBOX_WAITING = 0, OUTBOX_DONE = 1, OUTBOX_GIVEN_UP = 2 }; /* stored as numbers */

/* Deliver one item. NULL: done. ERR_BUSY: try again later. Any other error: no use trying again, a person must look.
 * It may run again after a crash, so the receiver must know the item by its key. */
typedef fallible(outbox_deliver_fn)(struct cx *cx, const struct outbox_item *item);
struct outbox_kind {
	const char *kind;
	outbox_deliver_fn *deliver;
	int64_t give_up_ms; /* tried in vain for so long: given up */
};

/* The list that a person works off: given up items, newest first; and how many wait. */
fallible
outbox_given_up(struct cx *cx, int64_t count_max, struct db_rows *out); /* struct outbox_item, payload absent */
/* Items of one kind about a patient, made in [since, until), the newest first; struct outbox_item, payload opened. */
fallible outbox_of_patient(struct cx *cx, const char *kind, patient_id patient, instant since, instant until,
    int64_t count_max, struct db_rows *out);
fallible outbox_count(struct cx *cx, enum outbox_state state, int64_t *out);
fallible outbox_retry(struct tx *tx, struct uuid id); /* a given up item goes back into the queue; ERR_GONE otherwise */

/* ---- timers ---- */

typedef fallible(timer_fn)(struct cx *cx);
struct timer {
	const char *name; /* also the name of its lease */
	int64_t every_ms;
	timer_fn *run;
};

/* ---- running ---- */

struct jobs_options {
	struct db *db;
	struct vault *vault;
	struct events *events;
	const struct outbox_kind *kinds; /* ended by {0} */
	const struct timer *timers;      /* ended by {0} */
	const char *lease;               /* its name when several job threads run side by side; NULL: "jobs" */
};
struct jobs;
fallible jobs_start(struct arena *arena, const struct jobs_options *options, struct jobs **out);
void jobs_stop(struct jobs *jobs); /* finishes the item at hand */

/* Deliver everything that is due now, once, in the caller's thread: for tests and commands. */
fallible jobs_deliver_due(struct cx *cx, const struct outbox_kind *kinds, int64_t *delivered);

#endif
