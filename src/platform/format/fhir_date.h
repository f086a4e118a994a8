/* SPDX-License-Identifier: Apache-2.0 */
/* FHIR date, dateTime and instant (R4 datatypes): text to value, the span of time it stands for, and back. */
#ifndef SALVE_FHIR_DATE_H
#define SALVE_FHIR_DATE_H

#include "platform/base/base.h"

enum fhir_date_kind {
	FHIR_DATE,     /* "2019", "2019-03", "2019-03-05" */
	FHIR_DATETIME, /* those, or a date with time to the second or finer and a zone */
	FHIR_INSTANT,  /* only with time to the second or finer and a zone */
	FHIR_SEARCH, /* a search parameter's value without its prefix: dateTime where seconds and zone may be missing */
};

enum fhir_precision {
	FHIR_PRECISION_YEAR = 1,
	FHIR_PRECISION_MONTH,
	FHIR_PRECISION_DAY,
	FHIR_PRECISION_MINUTE, /* FHIR_SEARCH only */
	FHIR_PRECISION_SECOND,
	FHIR_PRECISION_FRACTION, /* finer than a second */
};

struct fhir_date {
	enum fhir_precision precision;
	struct civil_time
	    civil;         /* as written, in its own offset; fields finer than the precision are at their lowest */
	bool has_zone;     /* "Z" or an offset was written; without one the time counts as UTC */
	instant low, high; /* every moment it may mean: low <= t < high. "2019-03" is all of March */
};

/* Strict: the regular expressions of R4 2.24.0.1 plus days that exist (no 30 February). A second of 60 is the following
 * second. Digits beyond milliseconds are cut off. False otherwise and `out` untouched. */
bool fhir_date_parse(enum fhir_date_kind kind, str text, struct fhir_date *out);

/* "2019-03-05T09:00:00.123Z": always UTC, always three digits, so that texts sort like times. `at` lies in the years 1 to
 * 9999. */
str fhir_instant_text(struct arena *arena, instant at);
void buf_add_fhir_instant(struct buf *buf, instant at);
/* "2019-03-05" */
str fhir_date_text(struct arena *arena, struct civil_date date);

#endif
