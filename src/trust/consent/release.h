/* SPDX-License-Identifier: Apache-2.0 */
/* Release: when does what stands in the record reach the patient?  At once, unless a facility holds a class back for a time (a
 * published rule, such as pathology for 14 days), asks before it shows something sensitive, or the patient chose a pace of their
 * own.  The care team and the program are not held back by any of it.
 *
 * This is the table of rules; the record turns them into sets of entries (care/record/resource_release.h), so that pages, API,
 * counts, downloads and notices leave out the same.  Nothing is held by default, as 45 CFR 171 (information blocking) asks; the
 * older practice that a facility may need is My HealtheVet's: results, notes and problems 3 days, pathology 14. */
#ifndef SALVE_RELEASE_H
#define SALVE_RELEASE_H

#include "trust/audit/audit.h"
#include "trust/consent/consent.h"

enum release_class { /* stored as numbers: append only */
	RELEASE_LABS = 1,
	RELEASE_MICROBIOLOGY = 2,
	RELEASE_PATHOLOGY = 3,
	RELEASE_IMAGING = 4,
	RELEASE_HEART = 5,   /* tracings and pictures of the heart */
	RELEASE_REPORTS = 6, /* of other examinations */
	RELEASE_NOTES = 7,
	RELEASE_DISCHARGE = 8,
	RELEASE_DOCUMENTS = 9,
	RELEASE_PROBLEMS = 10,
	RELEASE_MESSAGE_NOTES = 11, /* what the team kept of messages in the chart */
	RELEASE_CLASSES
};
/* "Lab results"; English, marked for translation. */
const char *release_class_words(enum release_class class);

enum release_mode { /* stored as numbers: append only */
	RELEASE_AT_ONCE = 0,
	RELEASE_AFTER = 10,     /* so many hours after it was issued, or arrived here if that is not known */
	RELEASE_DISCUSSED = 20, /* when a member of the care team says so; a patient's choice only */
	RELEASE_ASK = 30,       /* when the patient opens it: the list shows that something is there */
};
#define RELEASE_HOURS_MAX      (24 * 90)
#define RELEASE_CODE_CHARS_MAX 200
#define RELEASE_CODES_MAX      200 /* rules for single codes, of one facility */

struct release_rule {
	int64_t class, mode, hours;
	str code;      /* "": all of the class */
	instant since; /* of modes that wait: what came before stays visible */
	bool own;      /* the patient's own choice */
};

/* The rules between the record of `patient` and whoever reads it by right `why`; struct release_rule. Empty for the care team
 * and the program. A facility's rule for a whole class comes before its rules for codes. */
fallible release_rules(struct cx *cx, patient_id patient, enum access_why why, struct db_rows *out);

/* Entries of a type that were let through; struct release_pass, in order of n. */
struct release_pass {
	int64_t n;
	bool by_team;
};
fallible release_passes(struct cx *cx, patient_id patient, int64_t type, struct db_rows *out);

/* ---- changing ---- */

/* What the caller's facility decided: struct release_rule. The caller runs its office. */
fallible release_rules_of_office(struct cx *cx, struct db_rows *out);
/* Rules of the caller's facility, all of them or none; RELEASE_AT_ONCE for a whole class takes the rule away, and a rule that is
 * the same already keeps its time. ERR_INVALID with words for hours or a code that make no sense, and for a mode that a facility
 * cannot choose. */
fallible release_rules_set(struct cx *cx, const struct release_rule *rules, size_t count);
fallible release_rule_remove(struct cx *cx, enum release_class class, str code);

/* What the patient chose, a row for every class: struct release_rule (mode RELEASE_AT_ONCE with `own` true when they chose that
 * themself). The patient alone may ask and change (RIGHT_OWN). */
fallible release_pacing(struct cx *cx, patient_id patient, struct release_rule out[RELEASE_CLASSES]);
/* `own` false: the patient gives up their choice, and their facility's rule alone counts. The same again changes nothing. */
fallible release_pacing_set(struct cx *cx, patient_id patient, const struct release_rule *choice);

/* Let one entry through. The patient opens what waits by their own choice or is asked about; a member of the care team ends a
 * hold. Doing it again changes nothing. The caller has made sure that there is such an entry. Both run as an act of their own,
 * with `item` (the resource's key) and `subject` for the trail. */
struct release_let {
	patient_id patient;
	int64_t type, n;
	struct uuid item;
	enum audit_subject subject;
};
fallible release_let_through(struct cx *cx, const struct release_let *in);

#endif
