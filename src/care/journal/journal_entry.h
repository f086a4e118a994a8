/* SPDX-License-Identifier: Apache-2.0 */
/* An entry of a log: who may read and write it, what it says, what is wrong with it, how it is called.  For this folder and for those
 * who bring in entries. */
#ifndef SALVE_JOURNAL_ENTRY_H
#define SALVE_JOURNAL_ENTRY_H

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

/* ---- what is wrong ---- */

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

/* ---- words ---- */

/* "128/82 mmHg", "182.5 lb", "Penicillin": what an entry is called in a list; numbers in the unit they were typed in. */
str journal_title(const struct page_cx *px, const struct journal_entry *entry);
/* What else it says, in a few words; absent when nothing. */
str journal_detail(const struct page_cx *px, const struct journal_entry *entry);
str journal_value_words(
    const struct page_cx *px, const struct journal_log *log, const struct journal_values *values, size_t field);
str journal_when(const struct page_cx *px, const struct journal_entry *entry);

/* ---- figures ---- */

struct journal_mean {
	int64_t count, sum, low, high; /* thousand-millionths of the first unit */
};
void journal_mean_add(struct journal_mean *mean, int64_t nano);
int64_t journal_mean_of(const struct journal_mean *mean); /* rounded; count > 0 */
/* The unit that the person writes numbers of a field in: chosen, or last used, or usual in the United States. */
const struct journal_unit *journal_unit_for(const struct journal_field *field, str chosen);

#endif
