/* SPDX-License-Identifier: Apache-2.0 */
/* Corrections: the patient asks to have an entry of the record corrected (an amendment, 45 CFR 164.526), or to keep something from
 * being shared (a restriction, 45 CFR 164.522(a)); the office of the facility answers by a day that both see.  What was asked and
 * answered is appended to the record; nothing that stands there is changed by it. */
#ifndef SALVE_CORRECTIONS_H
#define SALVE_CORRECTIONS_H

#include "care/record/record.h"
#include "platform/http/http.h"

extern const struct route corrections_routes[]; /* /corrections, /admin/corrections */

ID_TYPE(correction_id);

enum correction_kind { /* stored as numbers: append only */
	CORRECTION_AMENDMENT = 1,
	CORRECTION_RESTRICTION = 2,
};
enum correction_state { /* stored as numbers: append only */
	CORRECTION_ASKED = 0,
	CORRECTION_ACCEPTED = 10,
	CORRECTION_DENIED = 20,
	CORRECTION_WITHDRAWN = 30,
};
/* Why an office may refuse: 45 CFR 164.526(a)(2) for amendments. Stored as numbers: append only. */
enum correction_basis {
	BASIS_NONE = 0,
	BASIS_NOT_OURS = 1,    /* not created here, and who created it can still be asked */
	BASIS_NOT_KEPT = 2,    /* not part of the records that decisions are made from */
	BASIS_NOT_OPEN = 3,    /* not open to inspection by the patient */
	BASIS_ACCURATE = 4,    /* accurate and complete */
	BASIS_CANNOT_KEEP = 5, /* a restriction that the clinic could not keep */
	CORRECTION_BASES
};
const char *correction_basis_words(enum correction_basis basis); /* English, marked for translation; NULL for none */

#define CORRECTION_DAYS           60 /* to answer an amendment: 45 CFR 164.526(b)(2) */
#define CORRECTION_EXTENSION_DAYS 30 /* once, with a written reason */
#define RESTRICTION_DAYS          30 /* no law gives a term */
#define CORRECTION_CHARS_MAX      5000
#define CORRECTIONS_OPEN_MAX      50 /* of one patient */

struct correction {
	patient_id patient;
	correction_id id;
	facility_id facility;
	int64_t kind, state, basis;
	str about, title; /* absent: the record as a whole */
	str asked;
	bool paid;
	instant made, due;
	instant extended_at, answered_at, disagreed_at; /* none: not yet */
	account_id answered_by;
	str extension, answer, disagreement; /* absent: not yet */
	struct uuid document;
};
/* Waits for an answer, and its day is over. */
bool correction_is_late(const struct correction *c, instant now);

/* ---- the patient (RIGHT_OWN) ---- */

/* `key` becomes its id: the same again changes nothing. ERR_INVALID with words for no text or too much, an entry that the patient
 * does not see, too many open ones. */
struct correction_new {
	struct uuid key;
	enum correction_kind kind;
	str about; /* "Observation/7"; absent: none */
	str title; /* what the entry is called; with `about` */
	str asked;
	bool paid;
};
fallible correction_ask(struct cx *cx, const struct correction_new *in);
fallible corrections_own(struct cx *cx, struct db_rows *out); /* struct correction, newest first */
fallible correction_own(struct cx *cx, correction_id id, struct correction *out);
fallible correction_withdraw(struct cx *cx, correction_id id);            /* ERR_CONFLICT when it is answered */
fallible correction_disagree(struct cx *cx, correction_id id, str words); /* once, with a refusal */

/* ---- the office ---- */

/* Those that wait in the caller's facility, the earliest due first, or those that are over, newest first; struct correction. */
fallible corrections_of_office(struct cx *cx, bool waiting, struct db_rows *out);
fallible corrections_waiting_count(struct cx *cx, facility_id facility, int64_t *out); /* no check: a number only */
fallible correction_of_office(struct cx *cx, patient_id patient, correction_id id, struct correction *out);
/* More time, once, with a reason that the patient reads. */
fallible correction_extend(struct cx *cx, const struct correction *c, str reason);
/* Answer it; what was asked and answered is appended to the record in the same act. ERR_INVALID without words, or for a refusal
 * without a basis; ERR_CONFLICT when it was answered or withdrawn meanwhile. */
struct correction_answer {
	bool accept;
	enum correction_basis basis;
	str words;
};
fallible correction_settle(struct cx *cx, const struct correction *c, const struct correction_answer *answer);

#endif
