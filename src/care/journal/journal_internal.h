/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the journal share: entries, checks, statistics.  Not for other folders. */
#ifndef SALVE_JOURNAL_INTERNAL_H
#define SALVE_JOURNAL_INTERNAL_H

#include "care/journal/journal.h"
#include "care/journal/journal_fhir.h"
#include "trust/consent/journal_share.h"

/* ---- who ---- */

/* How the caller stands to a log. */
struct journal_standing {
	enum access_why why;
	bool writes; /* may add and change entries: the patient, and a delegate with that right who may read the log */
	bool owns;   /* decides about sharing: the patient */
};
/* ERR_GONE for whoever may not read it, in the words for what does not exist. */
fallible journal_check(struct cx *cx, patient_id patient, const struct journal_log *log, struct journal_standing *out);
/* Bits of the logs that the caller may read; `why` as journal_check gives it. */
fallible journal_open_logs(struct cx *cx, patient_id patient, enum access_why *why, uint64_t *out);

/* ---- entries ---- */

struct journal_entry {
	const struct journal_log *log;
	str id;
	struct uuid key;
	int64_t version;
	instant at;      /* when it was: the time of the reading, the day, or when it was written down */
	bool has_time;   /* at is a moment, not a day */
	instant updated; /* when this version was written */
	bool removed;    /* of a version: the entry was taken away */
	struct journal_values values;
};

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
fallible journal_patient_resource(struct cx *cx, patient_id patient, str *out);

/* ---- writing ---- */

enum journal_trouble_kind {
	TROUBLE_WRONG, /* cannot be kept like this */
	TROUBLE_ASKED, /* is it right? Kept when the person says so */
};
struct journal_trouble {
	size_t field;
	enum journal_trouble_kind kind;
	str words;
};
struct journal_troubles {
	struct journal_trouble *items;
	size_t count, capacity;
	bool wrong, asked;
};
/* What is wrong with values as typed, or unusual; cleans them (white space, "98,6"). Words in the language of `px`. */
void journal_look_over(const struct page_cx *px, const struct journal_log *log, struct journal_values *values,
    struct journal_troubles *out);

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

/* "128/82 mmHg", "182.5 lb", "Penicillin": what an entry is called in a list; numbers in the unit they were typed in. */
str journal_title(const struct page_cx *px, const struct journal_entry *entry);
/* What else it says, in a few words; absent when nothing. */
str journal_detail(const struct page_cx *px, const struct journal_entry *entry);
str journal_value_words(
    const struct page_cx *px, const struct journal_log *log, const struct journal_values *values, size_t field);
str journal_when(const struct page_cx *px, const struct journal_entry *entry);
str journal_number_in(struct arena *arena, int64_t first_nano, const struct journal_unit *unit);

/* ---- into a message ---- */

/* A draft with the entries of the log, for /messages/new?draft=. Needs the right to write messages. */
fallible journal_attach(
    struct cx *cx, const struct page_cx *px, patient_id patient, const struct journal_log *log, struct uuid *out);

/* ---- figures ---- */

/* A number of an entry in the first unit; false when the field is absent. */
bool journal_nano(const struct journal_entry *entry, size_t field, int64_t *nano);

enum journal_part { PART_MORNING, PART_MIDDAY, PART_EVENING, PART_NIGHT, JOURNAL_PARTS };
struct journal_mean {
	int64_t count, sum, low, high; /* thousand-millionths of the first unit */
};
void journal_mean_add(struct journal_mean *mean, int64_t nano);
int64_t journal_mean_of(const struct journal_mean *mean); /* rounded; count > 0 */
enum journal_part journal_part_of(const struct zone *zone, instant at);
const char *journal_part_words(enum journal_part part); /* "Morning (4 am to 11 am)" */

/* The unit that the person writes numbers of a field in: chosen, or last used, or usual in the United States. */
const struct journal_unit *journal_unit_for(const struct journal_field *field, str chosen);

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
