/* SPDX-License-Identifier: Apache-2.0 */
/* Release of the record to the patient: which class a resource is of, how the rules stand for it, and what waits.  That hidden
 * is hidden everywhere is done where resources are read (resource_find, resource_get, resource_each, resource_counts); this is
 * for pages and downloads that say what is missing, and why. */
#ifndef SALVE_RECORD_RELEASE_H
#define SALVE_RECORD_RELEASE_H

#include "care/record/record_view.h"
#include "trust/consent/release.h"

/* 0 for what is never held back. `json` may not be NULL. */
enum release_class release_class_of(resource_type type, const struct json_value *json);

/* How an entry stands towards the patient. */
enum release_state {
	RELEASE_OPEN,
	RELEASE_HELD,  /* the facility's rule: only time, or the care team, opens it */
	RELEASE_WAITS, /* the patient can open it: their own choice, or something sensitive */
};
struct release_standing {
	enum release_state state;
	enum release_mode mode;
	bool own;      /* by the patient's own choice */
	instant until; /* INSTANT_NONE: until somebody opens it */
};
/* `arrived`: when this version came into the record. `passed_team`, `passed_patient`: it was let through. */
struct release_case {
	resource_type type;
	const struct json_value *json;
	instant arrived;
	bool passed_team, passed_patient;
};
/* Rules as release_rules gives them. What is held is said before what waits. */
struct release_standing
release_judge(const struct release_rule *rules, size_t count, const struct release_case *subject, instant now);

/* An entry that the patient does not see yet. */
struct release_waiting {
	resource_type type;
	enum release_class class;
	enum record_class section; /* of the record's pages, where it would stand */
	int64_t n;
	struct uuid key;
	str id;
	instant arrived;
	struct release_standing standing;
};
/* Newest first: for the patient and who acts for them, what they do not see; for the care team, what the patient does not see.
 * What is only part of such an entry (results of a report, its files) is not listed by itself. Checks access. */
fallible release_waiting(struct cx *cx, patient_id patient, struct db_rows *out);

/* May somebody who reads by right `why` open it? The care team ends a hold and says that they talked; what the patient wants to be
 * asked about stays theirs. */
bool release_may_open(const struct release_standing *standing, enum access_why why);
/* Open one: the patient what waits, the care team what is held or waits for a talk. ERR_GONE when nothing of this id waits;
 * ERR_DENIED with words when it is not theirs to open. */
fallible release_open(struct cx *cx, patient_id patient, resource_type type, str id);

#endif
