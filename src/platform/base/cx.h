/* SPDX-License-Identifier: Apache-2.0 */
/* What one request, job or command carries with it: memory, database, caller, time, language.  Made once, passed down,
 * never global. */
#ifndef SALVE_CX_H
#define SALVE_CX_H

#include "platform/base/id.h"

struct db;
struct db_conn;
struct vault;
struct events;

/* The kinds of caller a route row can name.  One account may be several (a nurse who is also a patient has two accounts). */
enum who_kind {
	WHO_ANYONE = 1 << 0,        /* nobody signed in: public pages, health checks */
	WHO_PATIENT = 1 << 1,       /* a patient, for their own record */
	WHO_CARE_TEAM = 1 << 2,     /* staff who treat or answer: physician, nurse, pharmacist, clerk, social worker */
	WHO_COORDINATOR = 1 << 3,   /* the facility's coordinator */
	WHO_ADMINISTRATOR = 1 << 4, /* runs the installation; sees no record by office */
	WHO_SYSTEM = 1 << 5,        /* the program itself: jobs and the command line */
	WHO_DELEGATE = 1 << 6,      /* acts for a patient who let them, as themself; or has chosen nobody yet */
};
#define WHO_STAFF     (WHO_CARE_TEAM | WHO_COORDINATOR | WHO_ADMINISTRATOR)
#define WHO_SIGNED_IN (WHO_PATIENT | WHO_DELEGATE | WHO_STAFF)

struct who {
	unsigned is; /* who_kind bits */
	account_id account;
	patient_id patient;   /* of a WHO_PATIENT; for whom a WHO_DELEGATE acts (none: nobody chosen) */
	staff_id staff;       /* of WHO_STAFF */
	facility_id facility; /* home facility */
	session_id session;   /* none for tokens, jobs and the command line */
	str scope;            /* of a token: SMART scopes; absent for a session */
};

enum lang { LANG_EN, LANG_ES };

struct cx {
	struct arena *arena;
	struct db *db;
	struct db_conn *conn; /* the read snapshot, taken at the first read; db.c's business */
	struct vault *vault;
	struct events *events; /* live updates; NULL on the command line */
	struct buf *journal;   /* audit entries of reads, made durable before the answer leaves; db.c's business */
	struct who who;
	instant now; /* the one reading of the clock */
	enum lang lang;
	struct uuid request;
	const _Atomic bool *stopping; /* of a job: it should end soon, and may be begun again; NULL: nobody asks */
};

#endif
