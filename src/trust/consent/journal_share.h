/* SPDX-License-Identifier: Apache-2.0 */
/* Sharing of the journal: who may read a log of what the patient entered themself.  Private until the patient says otherwise; each
 * log by itself, with the care team or with people who act for the patient; changed at once, with its history.
 *
 * This is the table of switches; the record leaves out what is closed wherever it is read (care/record/resource_withhold.c), so that
 * pages, API, counts, downloads and search give the same answer. */
#ifndef SALVE_JOURNAL_SHARE_H
#define SALVE_JOURNAL_SHARE_H

#include "trust/consent/consent.h"

#define SHARE_LOGS_MAX 64 /* numbers of logs: 1 to 63 */

/* The reader who stands for everybody of the care team. */
extern const account_id SHARE_CARE_TEAM;

/* Does whoever reads by this right see only what is shared with them? The patient and the program see all; whoever holds a link
 * nothing. */
static inline bool
journal_share_limits(enum access_why why)
{
	return why == ACCESS_CARE_TEAM || why == ACCESS_DELEGATE || why == ACCESS_LINK;
}
/* Bits of the logs that are open to the caller, who reads by right `why`, now. */
fallible journal_share_open_logs(struct cx *cx, patient_id patient, enum access_why why, uint64_t *out);

/* One turn of a switch. */
struct journal_share {
	int64_t log;
	account_id reader;
	instant since, until; /* SHARE_OPEN: still */
	account_id begun_by, ended_by;
};
#define SHARE_OPEN ((instant){INT64_MAX})

/* Every turn, newest first; struct journal_share. The patient alone asks. */
fallible journal_share_history(struct cx *cx, patient_id patient, db_row_fn *each, void *arg);
/* Who reads a log now; struct journal_share. For whoever may read it themself. */
fallible journal_share_readers(struct cx *cx, patient_id patient, int64_t log, struct db_rows *out);

/* Is the log open to this reader now? Nobody is asked who wants to know: for what the program does by itself. */
fallible journal_share_has(struct cx *cx, patient_id patient, int64_t log, account_id reader, bool *out);

/* From now on these read the log, and nobody else. The patient alone chooses. ERR_INVALID with words for somebody who does not act for
 * the patient. The same again changes nothing. */
#define SHARE_READERS_MAX (DELEGATIONS_MAX + 1)
fallible journal_share_set(struct cx *cx, patient_id patient, int64_t log, const account_id *readers, size_t count);

/* When something was last closed to the caller (none: never): what was prepared for them before may hold what they may not see any more. */
fallible journal_share_closed_at(struct cx *cx, patient_id patient, instant *out);

#endif
