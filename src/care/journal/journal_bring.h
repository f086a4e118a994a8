/* SPDX-License-Identifier: Apache-2.0 */
/* Entries that come in together: a batch, such as a file that a person brings.  What was brought once is known by its log, its moment,
 * its values and where it came from, and is not kept a second time; what its person has taken away since does not come back.  A batch
 * can be taken back whole as long as none of its entries was changed. */
#ifndef SALVE_JOURNAL_BRING_H
#define SALVE_JOURNAL_BRING_H

#include "care/journal/journal_entry.h"

#define JOURNAL_BRING_MAX 200 /* entries of one act */
/* Limits look at readings of so many days before the import: what lies further back raises no alert. */
#define JOURNAL_BRING_ALERT_DAYS 3

struct journal_bringing {
	const struct journal_log *log;
	struct journal_values values; /* passed journal_look_over */
	struct uuid key;              /* journal_bring_key */
	struct resource_draft *draft; /* of journal_bring_prepare */
	bool kept;                    /* of journal_bring_put: false, it was here already */
};
/* What makes it the same entry again: everything it says but comments and device, and `values.source`. */
struct uuid journal_bring_key(
    struct cx *cx, patient_id patient, const struct journal_log *log, const struct journal_values *values);
/* Was it brought before? */
fallible
journal_bring_is_here(struct cx *cx, patient_id patient, const struct journal_log *log, struct uuid key, bool *out);
/* Outside of the act: makes the drafts. */
fallible journal_bring_prepare(struct cx *cx, patient_id patient, struct journal_bringing *entries, size_t count);
/* In the act: keeps those that are new, as part of `batch`, if the caller may write in their logs. ERR_GONE and ERR_DENIED as when
 * writing an entry. The caller records it. */
fallible
journal_bring_put(struct tx *tx, patient_id patient, struct uuid batch, struct journal_bringing *entries, size_t count);

/* After a batch, in the act that ends it: the limits of these logs (bits of their numbers) look at what is new. */
struct journal_watch;
fallible journal_watch_prepare(struct cx *cx, patient_id patient, uint64_t logs, struct journal_watch **out);
fallible journal_watch_run(struct tx *tx, struct journal_watch *watch);

/* How many entries of the batch are there, and how many of them were corrected or taken away since. */
fallible journal_batch_count(struct cx *cx, patient_id patient, struct uuid batch, int64_t *entries, int64_t *changed);
/* In an act: takes away at most JOURNAL_BRING_MAX entries that nobody changed; their versions stay. `taken` 0: none is left. */
fallible journal_batch_take_back(struct tx *tx, patient_id patient, struct uuid batch, int64_t *taken);
/* Of which batch is an entry? `found` false: of none. */
fallible journal_batch_of(
    struct cx *cx, patient_id patient, const struct journal_log *log, struct uuid key, struct uuid *out, bool *found);

#endif
