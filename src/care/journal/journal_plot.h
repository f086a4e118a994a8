/* SPDX-License-Identifier: Apache-2.0 */
/* The course of a log of measures: own readings, the clinic's beside them, the target.  Private to this folder. */
#ifndef SALVE_JOURNAL_PLOT_H
#define SALVE_JOURNAL_PLOT_H

#include "care/journal/journal_internal.h"

struct journal_course {
	const struct journal_entry *entries; /* newest first, as many as are drawn */
	size_t count, clinic_count;
	const struct journal_unit *unit; /* of what is drawn: the one that was used last */
	struct plot plot;
};
/* Patient, log and time of `asked`; the log is one that is drawn. */
fallible journal_course_load(struct cx *cx, const struct page_cx *px, const struct journal_query *asked,
    bool with_clinic, struct journal_course *out);

/* "128/82 mmHg" of numbers in the first unit; `second` only where two are drawn. */
str journal_pair_words(const struct page_cx *px, const struct journal_log *log, const struct journal_unit *unit,
    int64_t first, int64_t second);

#endif
