/* SPDX-License-Identifier: Apache-2.0 */
/* The policy engine: may this person do this to this patient's data now?  One answer for pages, API, export, search and
 * notices.  Whoever asks names the right that they need: there is no default that could leak.
 *
 * Lists over several patients (staff: inbox, panels) filter by joining visible_patient inside the query:
 *
 *	JOIN visible_patient v ON v.patient = t.patient
 *	WHERE v.account = $1 AND v.since <= $2 AND v.until > $2          -- $2: cx->now
 *
 * and anything about one patient starts with access_check.  What is not allowed answers as if it were not there.  A delegate
 * (WHO_DELEGATE) is in no row of visible_patient: they act for one patient at a time, and only access_check lets them. */
#ifndef SALVE_CONSENT_H
#define SALVE_CONSENT_H

#include "platform/db/db.h"

/* By what right; stored in the trail as a number. */
enum access_why {
	ACCESS_NONE = 0,
	ACCESS_SELF = 1,      /* the patient */
	ACCESS_CARE_TEAM = 2, /* staff of a team that cares for the patient */
	ACCESS_SYSTEM = 3,    /* the program: import, jobs, the command line */
	ACCESS_DELEGATE = 4,  /* whom the patient lets act for them */
	ACCESS_LINK = 5,      /* whoever holds a link that the patient made; only for what the link gives */
};

/* What is to be done: a class of data and an action. Stored as bits: append only. Several together: all of them are needed. */
enum access_right {
	RIGHT_MESSAGES_READ = 1 << 0,
	RIGHT_MESSAGES_WRITE = 1 << 1, /* also moving and drafts; is given with reading only */
	RIGHT_RECORD_READ = 1 << 2,
	RIGHT_PRESCRIPTIONS = 1 << 3, /* ask for refills, say what is taken; brings seeing the record along */
	RIGHT_APPOINTMENTS =
	    1 << 4, /* see visits, take, change and call off; asking the team needs writing messages too */
	RIGHT_JOURNAL_WRITE = 1 << 5, /* in logs that the patient shares with them; is given with reading the record */
	RIGHT_OWN =
	    1 << 30, /* what the patient alone decides and sees: terms, sharing, who looked; nobody can be given it */
};
/* "Read messages"; NULL for what cannot be given. English, marked for translation. */
const char *access_right_words(enum access_right right);
#define RIGHTS_TO_GIVE                                                                                               \
	(RIGHT_MESSAGES_READ | RIGHT_MESSAGES_WRITE | RIGHT_RECORD_READ | RIGHT_PRESCRIPTIONS | RIGHT_APPOINTMENTS | \
	    RIGHT_JOURNAL_WRITE)

/* May the caller do this with the data of `patient`? `why` says by what right, for the trail. ERR_GONE otherwise (the same
 * words as for a patient that does not exist); ERR_DENIED for a delegate who may read messages but not write them.
 * Administrators see no record by office. */
fallible access_check(struct cx *cx, patient_id patient, enum access_right right, enum access_why *why);

/* May the caller change the record itself (create resources)? The care team and the system may; the patient and those who
 * act for them may not. */
fallible access_check_write(struct cx *cx, patient_id patient, enum access_why *why);

/* All rights that the caller has been given for the patient they act for, as bits of enum access_right; 0 when they act for
 * nobody, or may no more. For what a page offers; never instead of access_check. */
fallible access_rights_acting(struct cx *cx, unsigned *out);

/* Does the caller speak for the patient: the patient, or a delegate? */
static inline bool
access_is_patient_side(enum access_why why)
{
	return why == ACCESS_SELF || why == ACCESS_DELEGATE;
}

/* May the caller run the office of this facility: its teams, associations, blocks, settings, reports? Its coordinators and
 * administrators may, and the system; ERR_GONE for everybody else. It opens nobody's record. */
fallible office_check(struct cx *cx, facility_id facility);

/* ---- delegation ---- */

ID_TYPE(delegation_id);

enum delegation_state { /* stored as numbers: append only */
	DELEGATION_OFFERED = 0,
	DELEGATION_ACCEPTED = 10,
	DELEGATION_DECLINED = 20,
	DELEGATION_WITHDRAWN = 30, /* by the patient */
	DELEGATION_RESIGNED = 40,  /* by the delegate */
	DELEGATION_REPLACED = 50,  /* by a newer permission of the same patient for the same person */
};
/* How it stands now, its times counted in. */
enum delegation_standing {
	DELEGATION_WAITING, /* the code waits to be used */
	DELEGATION_EXPIRED, /* nobody used the code in time */
	DELEGATION_COMING,  /* accepted, begins later */
	DELEGATION_IN_FORCE,
	DELEGATION_OVER, /* ran out, declined, withdrawn, resigned, replaced */
};

struct delegation {
	delegation_id id;
	patient_id patient;
	int64_t rights;             /* bits of enum access_right */
	int64_t state;              /* enum delegation_state */
	str called;                 /* how the patient calls the person: "Ana" */
	str relation;               /* "my daughter"; absent when not said */
	instant made, since, until; /* until: DELEGATION_OPEN: until it is withdrawn */
	instant code_ends;
	account_id delegate; /* none until accepted */
	instant answered_at, ended_at;
	int64_t notices;                 /* of what the delegate wants to be told: bits of RIGHTS_TOLD */
	str patient_name, delegate_name; /* filled by the lists; delegate_name absent until accepted */
};
#define DELEGATION_OPEN      ((instant){INT64_MAX})
#define DELEGATION_CODE_DAYS 7
#define DELEGATIONS_MAX      20 /* of one patient, offered or in force */

enum delegation_standing delegation_standing(const struct delegation *d, instant now);

/* The patient offers a permission. `code` is shown once and stored as a keyed hash only; it ends after DELEGATION_CODE_DAYS.
 * Writing messages brings reading them along. ERR_INVALID with words for a missing name, no right, or times that make no
 * sense; ERR_CONFLICT when the same key was given before; ERR_GONE for who is not the patient (nobody passes a permission
 * on). */
struct delegation_new {
	struct uuid key; /* becomes its id */
	str called, relation;
	unsigned rights;
	instant since, until; /* INSTANT_NONE: from now; until it is withdrawn */
};
fallible delegation_offer(struct cx *cx, const struct delegation_new *in, str *code);

/* What a code offers, with the patient's name. ERR_GONE in the same words for a wrong, used, ended or withdrawn code. Anyone may
 * ask: whoever holds the code is whom it was given to; routes limit how often. */
fallible delegation_by_code(struct cx *cx, str code, struct delegation *out);
/* The caller takes it with their own account. ERR_DENIED for a staff account; ERR_INVALID for the patient themself. An earlier
 * permission of the same patient for the same person ends where the new one begins. */
fallible delegation_accept(struct cx *cx, str code, struct delegation *out);
/* The same for an account that is made in the same act, for somebody who has none here: `account` from account_seal with
 * for_others. ERR_CONFLICT when its sign-in name is taken. */
struct account_sealed;
fallible delegation_accept_as_new(
    struct cx *cx, str code, account_id id, const struct account_sealed *account, struct delegation *out);
fallible delegation_decline(struct cx *cx, str code);

/* The patient ends it, at once; also an offer. ERR_GONE when it is not theirs or over already. */
fallible delegation_withdraw(struct cx *cx, delegation_id id);
/* The delegate ends it. */
fallible delegation_resign(struct cx *cx, delegation_id id);
/* Of what the delegate wants to be told from now on: bits of the rights that the permission gives; others are left out. ERR_GONE when it
 * gives nothing that one is told of. */
#define RIGHTS_TOLD (RIGHT_MESSAGES_READ | RIGHT_PRESCRIPTIONS | RIGHT_APPOINTMENTS)
fallible delegation_set_notices(struct cx *cx, delegation_id id, unsigned wanted);

/* struct delegation, newest first: all that the caller ever gave; those in force or coming that the caller holds; those in
 * force over a patient whose messages the caller may read (for the care team). */
fallible delegations_given(struct cx *cx, struct db_rows *out);
fallible delegations_held(struct cx *cx, struct db_rows *out);
fallible delegations_over(struct cx *cx, patient_id patient, struct db_rows *out);

/* May this account do this for the patient now? No caller is asked. */
fallible delegate_has(struct cx *cx, patient_id patient, account_id account, enum access_right right, bool *out);
/* Who may read the patient's messages for them now; struct delegate_reader. */
struct delegate_reader {
	account_id account;
	bool notices;
};
fallible delegate_readers(struct cx *cx, patient_id patient, struct db_rows *out);
/* Who may do this for the patient now and wants to be told of it (`right`: one of RIGHTS_TOLD); account_id, each once. */
fallible delegates_told(struct cx *cx, patient_id patient, enum access_right right, struct db_rows *out);
/* Is this account one of them? */
fallible delegate_is_told(struct cx *cx, patient_id patient, account_id account, enum access_right right, bool *out);

/* ERR_GONE unless the caller may act for the patient in some way now; for choosing whom to act for. */
fallible delegate_check(struct cx *cx, patient_id patient);

/* "Ana Ruiz for Bo Lee", in the caller's language. */
fallible delegate_words(struct cx *cx, patient_id patient, str delegate_name, str *out);

#endif
