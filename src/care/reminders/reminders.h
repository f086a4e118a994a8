/* SPDX-License-Identifier: Apache-2.0 */
/* Wellness reminders: vaccines and checks that a published schedule recommends at somebody's age, and whether the record says that
 * they were done.  A reminder is no order: it says its rule and its source, and the patient or the care team can answer it. */
#ifndef SALVE_REMINDERS_H
#define SALVE_REMINDERS_H

#include "care/record/record.h"
#include "platform/http/http.h"

extern const struct route reminders_routes[]; /* /reminders, /patients/{patient}/reminders */

enum reminder_sex { SEX_ANY, SEX_FEMALE };

#define EVIDENCE_MAX       4
#define EVIDENCE_CODES_MAX 16

/* What in the record says that it was done, and for how long that lasts. */
struct reminder_evidence {
	resource_type type;
	const char *param;                         /* "code", "vaccine-code" */
	int months;                                /* 0: for ever */
	const char *codes[EVIDENCE_CODES_MAX + 1]; /* "system|code"; NULL ends them */
};
struct reminder_rule {
	int number;                              /* stored with marks: never another meaning */
	const char *code;                        /* "influenza" */
	const char *title, *what, *why, *source; /* marked for translation, the source is a name */
	int years_min, years_max;                /* of age; 0: no end */
	enum reminder_sex sex;
	double bmi_min; /* only with a body mass index of at least this; 0: any */
	int doses;      /* so many are needed; 1 for most */
	struct reminder_evidence evidence[EVIDENCE_MAX];
};
extern const struct reminder_rule reminder_rules[];          /* ended by {0} */
const struct reminder_rule *reminder_rule_by_code(str code); /* NULL: none */

enum reminder_state {
	REMINDER_DUE,
	REMINDER_DONE,   /* until `due` */
	REMINDER_LATER,  /* somebody answered it; shown again at `due` */
	REMINDER_NOT_FOR /* the care team said so */
};
enum reminder_mark_kind { /* stored as numbers: append only */
	MARK_DONE_ELSEWHERE = 1,
	MARK_LATER = 2,
	MARK_NOT_NEEDED = 3, /* the care team only */
};
#define REMINDER_LATER_DAYS 90

struct reminder_mark {
	int64_t rule, kind;
	bool by_team;
	instant day, until, at;
};
struct reminder {
	const struct reminder_rule *rule;
	enum reminder_state state;
	int64_t doses;     /* that the record has */
	instant done;      /* last time, by the record or by somebody's word; none: never */
	bool by_word;      /* nobody recorded it: somebody said so */
	bool said_by_team; /* the answer that counts is the care team's */
	instant due;       /* when it is due again; none: not again, or now */
};

/* Those that apply to the patient, what is due first; struct reminder. Checks RIGHT_RECORD_READ. */
fallible reminders_for(struct cx *cx, patient_id patient, struct db_rows *out);

/* Answer one: the patient (RIGHT_OWN), or a member of the care team. ERR_INVALID with words for a day to come or long past, and
 * for a patient who says "not needed", which is the team's to say. */
fallible reminder_answer(struct cx *cx, patient_id patient, const struct reminder_rule *rule,
    enum reminder_mark_kind kind, instant day /* of MARK_DONE_ELSEWHERE */);

#endif
