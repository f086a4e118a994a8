/* SPDX-License-Identifier: Apache-2.0 */
/* Files that people attach to what they write: what may be attached, kept sealed under the patient's key in chunks, scanned
 * for viruses before anybody gets them.  A holder (the id of a draft, which becomes that of its message) has attachments.
 *
 * Who may do what is the holder's business: callers ask the policy engine first. */
#ifndef SALVE_ATTACHMENTS_H
#define SALVE_ATTACHMENTS_H

#include "care/attachments/file_kind.h"
#include "care/attachments/scanner.h"
#include "platform/jobs/jobs.h"

#define ATTACHMENT_OUTBOX_KIND "scan"
#define ATTACHMENT_GIVE_UP_MS  (7 * DAY_MS) /* held so long without a verdict: a person must look */

/* Where an attachment stands with the scanner (stored as numbers). Only CLEAN and UNCHECKED ones are given out. */
enum scan_state {
	SCAN_WAITING = 0, /* held until the scanner is back */
	SCAN_CLEAN = 1,
	SCAN_INFECTED = 2, /* its bytes are deleted; the row says what was there */
	SCAN_UNCHECKED = 3 /* no scanner was set when it came */
};

struct attachment {
	struct uuid id, holder;
	patient_id patient;
	account_id account; /* who attached it */
	str name;           /* clean: one line, an ending that fits */
	int64_t kind;       /* enum file_kind */
	int64_t bytes;
	int64_t state; /* enum scan_state */
	str finding;   /* what the scanner found, in its own words; absent unless infected */
	instant made;
};
/* Whose they are together: what somebody writes about a patient, a draft or the message that it became. */
struct attachment_holder {
	patient_id patient;
	account_id account;
	struct uuid id;
};
bool attachment_is_given_out(const struct attachment *attachment);

/* How much one holder takes (My HealtheVet's figures; `large` by setting of the facility). */
struct attachment_limits {
	int64_t count_max, bytes_max, total_bytes_max;
	bool is_wide; /* also the second list of kinds */
};
struct attachment_limits attachment_limits(bool large);

/* ---- adding ---- */

struct attachment_new {
	struct attachment_holder holder;
	str name, content;
	struct attachment_limits limits;
	struct uuid id;        /* the id to have; all zero: a new one */
	const char *scan_kind; /* outbox kind that scans it later when it is held; NULL: ATTACHMENT_OUTBOX_KIND */
};
/* Check and scan a file. ERR_INVALID with words: empty, too large, of no kind that is taken, or infected. `state` is SCAN_WAITING
 * when the scanner is away. Counts and sums of the limits are not looked at here. */
struct attachment_look {
	enum file_kind kind;
	str name; /* clean */
	int64_t state;
};
fallible attachment_look(struct cx *cx, const struct attachment_new *in, struct attachment_look *out);
/* Seal what was looked at, outside of acts; prepare: look and seal in one. When the scanner is away it will be held. */
struct attachment_sealed;
fallible attachment_seal(
    struct cx *cx, const struct attachment_new *in, const struct attachment_look *look, struct attachment_sealed **out);
fallible attachment_prepare(struct cx *cx, const struct attachment_new *in, struct attachment_sealed **out);
/* What stands for this content of this patient: equal for equal files. */
struct uuid attachment_digest(struct cx *cx, patient_id patient, str content);
/* Keep it. ERR_INVALID with words: the same file is there, or too many or too much are. */
fallible attachment_add(struct tx *tx, const struct attachment_sealed *sealed, struct attachment *out);

/* ---- removing ---- */

fallible attachment_remove(struct tx *tx, const struct attachment *attachment);
fallible attachments_drop(struct tx *tx, const struct attachment_holder *holder);               /* all of them */
fallible attachments_move(struct tx *tx, const struct attachment_holder *from, struct uuid to); /* to another draft */

/* ---- reading ---- */

/* struct attachment, oldest first */
fallible attachments_of(struct cx *cx, const struct attachment_holder *holder, struct db_rows *out);
fallible attachments_count(struct cx *cx, const struct attachment_holder *holder, int64_t *out);
fallible attachment_get(struct cx *cx, struct uuid id, struct attachment *out); /* ERR_GONE when there is none */
/* Its bytes, chunk by chunk. ERR_CONFLICT with words when it is not given out. */
typedef fallible(attachment_chunk_fn)(void *arg, str bytes);
fallible attachment_read(struct cx *cx, const struct attachment *attachment, attachment_chunk_fn *each, void *arg);

/* ---- held ones ---- */

/* Scan what is held: it becomes clean or infected (and its bytes are deleted). `changed`: it was held until now. ERR_BUSY
 * while the scanner is away. */
fallible attachment_scan(struct cx *cx, struct uuid id, struct attachment *out, bool *changed);

struct attachment_figures {
	int64_t held, unchecked, infected;
};
fallible attachment_figures(struct cx *cx, struct attachment_figures *out); /* for `salve doctor` */

#endif
