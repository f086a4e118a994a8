/* SPDX-License-Identifier: Apache-2.0 */
/* The trail: who did what to whose data, when, and by what right.  Entries hold ids only, go into the hash-chained journal
 * in the transaction of the deed (reads: before the answer leaves), and are read back per patient from an index that
 * follows within a second. */
#ifndef SALVE_AUDIT_H
#define SALVE_AUDIT_H

#include "platform/db/db.h"

/* Stored as numbers: append only, never renumber. */
enum audit_action {
	AUDIT_VIEW = 1, /* opened a page or read through the API */
	AUDIT_SEARCH,   /* a list or a search */
	AUDIT_CREATE,
	AUDIT_UPDATE,
	AUDIT_DELETE,
	AUDIT_DOWNLOAD, /* Blue Button and exports */
	AUDIT_SEND,     /* a message */
	AUDIT_SIGN_IN,
	AUDIT_SIGN_IN_FAILED,
	AUDIT_SIGN_OUT,
	AUDIT_DENIED, /* asked for, and refused */
	AUDIT_IMPORT,
	AUDIT_CLAIM, /* took a thread */
	AUDIT_COMPLETE,
	AUDIT_ESCALATE,
	AUDIT_ADMINISTER, /* accounts, teams, tokens */
	AUDIT_LISTED,     /* stood in a list of patients that somebody saw: audit_add_listed */
	AUDIT_ACT,        /* began to act for the patient */
	AUDIT_ACT_END,    /* went back to their own pages */
	AUDIT_OFFER,      /* a delegation */
	AUDIT_ACCEPT,
	AUDIT_DECLINE,
	AUDIT_WITHDRAW,     /* ended a delegation: the patient, or the delegate */
	AUDIT_CHOOSE,       /* how something is to be done */
	AUDIT_RELEASE_ITEM, /* let one entry through to the patient before its time */
	AUDIT_ASK,          /* for something that the office decides */
	AUDIT_ANSWER,
	AUDIT_HAND_OVER, /* to the pharmacy */
};

enum audit_subject {
	AUDIT_SUMMARY = 1,
	AUDIT_LABS,
	AUDIT_VITALS,
	AUDIT_MEDICINES,
	AUDIT_PROBLEMS,
	AUDIT_ALLERGIES,
	AUDIT_IMMUNIZATIONS,
	AUDIT_VISITS,
	AUDIT_NOTES,
	AUDIT_DOCUMENTS,
	AUDIT_CARE_TEAM,
	AUDIT_MESSAGES,
	AUDIT_RECORD, /* the whole, or several classes at once */
	AUDIT_DEMOGRAPHICS,
	AUDIT_TRAIL, /* "Who looked" itself */
	AUDIT_ACCOUNT,
	AUDIT_OTHER, /* a class without a page of its own */
	AUDIT_PROCEDURES,
	AUDIT_REPORTS,
	AUDIT_FACILITY,   /* its settings, promise and days off */
	AUDIT_SHARING,    /* who may act for the patient */
	AUDIT_RELEASE,    /* when results reach the patient */
	AUDIT_CORRECTION, /* a request to correct the record, or not to share it */
	AUDIT_REMINDERS,  /* vaccines and checks that are due */
	AUDIT_SHARE_LINK, /* a link by which anybody who holds it reads a summary */
	AUDIT_DEVICES,
	AUDIT_PLANS, /* care plans and goals */
	AUDIT_INSURANCE,
	AUDIT_EXPORT,  /* downloads that the program prepares */
	AUDIT_REFILL,  /* requests for refills and renewals */
	AUDIT_JOURNAL, /* what the patient entered themself */
};

struct audit {
	enum audit_action action;
	enum audit_subject subject;
	patient_id patient; /* whose data; none for deeds about no patient */
	struct uuid item;   /* the thing: thread, resource key, account; may be none */
	int64_t count;      /* how many things were seen or changed; 0 means one */
	int why;            /* enum access_why of the policy engine; 0: no record was touched */
};

/* Record a deed with the open transaction: both are durable, or neither. Who and when come from the cx. */
void audit_add(struct tx *tx, const struct audit *audit);
/* Record a read; the router makes it durable before the answer leaves. */
void audit_add_read(struct cx *cx, const struct audit *audit);

/* Record that a list of patients was seen (a page of names, an inbox): one entry for the page that names them all, each once.
 * Each of them finds it in their trail: one line per hour, person and subject, with how often. `patients` are `count` ids,
 * `stride` bytes apart. */
void audit_add_listed(
    struct cx *cx, enum audit_subject subject, int why, const patient_id *patients, size_t count, size_t stride);

/* An entry as the trail gives it back. */
struct audit_entry {
	instant at;         /* of AUDIT_LISTED: the last time in that hour */
	account_id account; /* none: the program itself */
	int64_t action, subject, why;
	int64_t count; /* of AUDIT_LISTED: how often; else how many things */
	struct uuid item;
};
/* The newest entries about a patient, before `before` (INSTANT_NONE: from now back), at most `count_max`. The caller checks
 * first that the trail may be seen (the patient's own). */
fallible audit_list(struct cx *cx, patient_id patient, instant before, int64_t count_max, struct db_rows *out);
/* One sentence in words: "Ana Ruiz, nurse, opened your labs." is composed by the page from these two. */
const char *audit_action_words(enum audit_action action, enum lang lang);    /* "opened", "downloaded" */
const char *audit_subject_words(enum audit_subject subject, enum lang lang); /* "your lab results" */

/* Bring the per-patient index up to the journal's end; returns how many entries were added. Called by the job loop under a
 * lease, and by commands that print the trail. */
fallible audit_index_follow(struct cx *cx, int64_t *added);

/* Check the journal: `salve audit verify`. */
fallible audit_verify(struct cx *cx, struct journal_report *out);

#endif
