/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the journal share: entries, checks, statistics.  Not for other folders. */
#ifndef SALVE_JOURNAL_INTERNAL_H
#define SALVE_JOURNAL_INTERNAL_H

#include "care/journal/journal.h"
#include "care/journal/journal_entry.h"
#include "trust/consent/journal_share.h"

/* ---- entries ---- */

struct journal_query {
	patient_id patient;
	const struct journal_log *log;
	instant since, until; /* by `at`; INSTANT_NONE: open */
	int64_t offset, count;
};
#define JOURNAL_QUERY(...) ((struct journal_query){.since = INSTANT_NONE, .until = INSTANT_NONE, __VA_ARGS__})
/* struct journal_entry, newest first; `total` (may be NULL) of those that fit. Checks access; recorded by the caller. */
fallible journal_entries(struct cx *cx, const struct journal_query *query, struct db_rows *out, int64_t *total);
fallible
journal_entry_get(struct cx *cx, patient_id patient, const struct journal_log *log, str id, struct journal_entry *out);
/* Every version, newest first; struct journal_entry. */
fallible
journal_entry_versions(struct cx *cx, patient_id patient, const struct journal_log *log, str id, struct db_rows *out);

/* The id of the patient's Patient, to refer to. */
fallible journal_patient_reference(struct cx *cx, patient_id patient, str *out);

/* ---- writing ---- */

/* A new entry, or the next version of one: what was before stays. `id` absent: new, with the id that `key` gives, so that sending a form
 * twice makes one entry. The values passed journal_look_over without anything wrong. ERR_CONFLICT when `version` is not the one that
 * stands now. */
struct journal_put {
	patient_id patient;
	const struct journal_log *log;
	struct uuid key;
	str id;
	int64_t version; /* seen on the page; 0: do not ask */
	struct journal_values values;
	const struct journal_incoming *incoming; /* files of `values` that were sent with it (journal_document.h) */
	size_t incoming_count;
};
fallible journal_entry_put(struct cx *cx, const struct journal_put *in, str *id);
fallible journal_entry_remove(struct cx *cx, patient_id patient, const struct journal_log *log, str id);

/* ---- words ---- */

str journal_number_in(struct arena *arena, int64_t first_nano, const struct journal_unit *unit);

/* ---- into a message ---- */

/* A draft with the entries of the log, for /messages/new?draft=. Needs the right to write messages. */
fallible journal_attach(
    struct cx *cx, const struct page_cx *px, patient_id patient, const struct journal_log *log, struct uuid *out);

/* ---- figures ---- */

/* A number of an entry in the first unit; false when the field is absent. */
bool journal_nano(const struct journal_entry *entry, size_t field, int64_t *nano);

enum journal_part { PART_MORNING, PART_MIDDAY, PART_EVENING, PART_NIGHT, JOURNAL_PARTS };
enum journal_part journal_part_of(const struct zone *zone, instant at);
const char *journal_part_words(enum journal_part part); /* "Morning (4 am to 11 am)" */

/* ---- reminders to measure ---- */

#define REMINDER_LATE_MINUTES 60 /* the program was away: so long is late better than never */

struct journal_reminder {
	patient_id patient;
	int64_t log;
	account_id account;
	int64_t minute; /* after midnight, in the facility's zone */
	int64_t days;   /* bits, Sunday first; 0: none */
	instant next;   /* time that it is said */
};
/* `out->days` 0: there is none. The patient alone asks and sets. */
fallible journal_reminder_get(struct cx *cx, const struct journal_log *log, struct journal_reminder *out);
fallible journal_reminder_set(struct cx *cx, const struct journal_log *log, int64_t minute, int64_t days);
/* The first time after `after`, by the clock on the wall; `days` has one at least. Pure. */
instant journal_reminder_after(const struct journal_reminder *reminder, const struct zone *zone, instant after);

/* rows (journal_store.c) */
fallible
journal_reminder_row(struct cx *cx, patient_id patient, int64_t log, struct journal_reminder *out, bool *found);
fallible journal_reminder_row_put(struct tx *tx, const struct journal_reminder *reminder);
fallible journal_reminder_row_delete(struct tx *tx, patient_id patient, int64_t log);
fallible journal_reminder_rows_due(struct cx *cx, int64_t count_max, struct db_rows *out); /* oldest first */
/* From `reminder->next` to `next`; `moved` false when somebody else was faster. */
fallible journal_reminder_row_move(struct tx *tx, const struct journal_reminder *reminder, instant next, bool *moved);

#endif
