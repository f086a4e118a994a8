/* SPDX-License-Identifier: Apache-2.0 */
/* Finishing a conversation: the team keeps it (or a part of it) as a note in the patient's chart and counts the work.  Note and
 * credit are FHIR resources of the record (DocumentReference, Encounter, Provenance); where another system keeps the chart (the
 * EHR), the outbox takes them there (kind "ehr") until it acknowledged them, and what it does not take is listed for a person.
 * Deeds of members of the thread's team; ERR_GONE for everybody else. */
#ifndef SALVE_CHARTING_H
#define SALVE_CHARTING_H

#include "care/messaging/messaging.h"

extern const struct route charting_routes[];

#define CHART_COMMENT_CHARS_MAX 4000
#define CHART_REASON_CHARS_MAX  500
#define CHART_MINUTES_MAX       480

/* What the teams of a facility choose from; stored as numbers. n: the stop code of a clinic, the number of a title. */
enum chart_choice_kind { CHOICE_CLINIC = 1, CHOICE_TITLE = 2 };
struct chart_choice {
	int64_t kind; /* enum chart_choice_kind */
	int64_t n;
	str words;
	int64_t place;
	bool active; /* may be chosen; otherwise it stays for what has it */
};
/* Those that may be chosen, in their order: the facility's own, or those that come with the program. */
fallible chart_choices(struct cx *cx, facility_id facility, enum chart_choice_kind kind, struct db_rows *out);
/* What n is called, also when it is not offered any more; absent when there never was one. */
fallible chart_choice_words(struct cx *cx, facility_id facility, enum chart_choice_kind kind, int64_t n, str *out);
fallible
chart_choice_is_offered(struct cx *cx, facility_id facility, enum chart_choice_kind kind, int64_t n, bool *yes);
/* The lists of the caller's facility as text, one entry in a line ("323 Primary care"; "Secure messaging note"), and changing
 * them: by coordinators and administrators (ERR_GONE for others). ERR_INVALID names the line; `wrong`: "clinics" or "titles". */
fallible chart_choices_text(struct cx *cx, enum chart_choice_kind kind, str *out);
fallible chart_choices_save(struct cx *cx, str clinic_lines, str title_lines, const char **wrong);
#define TITLE_GENERAL 1 /* of the program's list: what a note is called unless somebody chooses */

enum chart_state {
	CHART_KEPT = 0,    /* in this record; no other system is set up */
	CHART_WAITING = 1, /* on its way to the EHR */
	CHART_TAKEN = 2,   /* the EHR has it */
	CHART_TROUBLE = 3, /* the EHR did not take it: somebody must look */
	CHART_ENDED = 4,   /* somebody decided that it stays here, and why */
};

/* Workload credit: codes only, as the clinic's list has them. */
struct chart_credit {
	str clinic;    /* stop code: "323"; absent: no credit is taken */
	str procedure; /* "98970"; may be absent */
	str condition; /* id of a Condition of the patient; may be absent */
	int64_t minutes;
};
extern const char *const chart_procedures[]; /* codes, ended by NULL */

struct chart_wish {
	struct uuid key; /* becomes the note's id: the same key again is the same note */
	thread_id thread;
	int64_t title;           /* of the facility's titles */
	const int64_t *messages; /* numbers of those that go in */
	size_t count;
	str comment; /* may be absent */
	struct chart_credit credit;
	int64_t mends; /* number of the note that this one puts right; 0: a new note */
	const char
	    *wrong; /* result of a refusal: the field it is about ("title", "message", "minutes", ...), or NULL */
};

struct chart_note {
	patient_id patient;
	thread_id thread;
	int64_t n;
	struct uuid id, encounter, provenance;
	team_id team;
	account_id author;
	instant at;
	int64_t title, last_n, state, tries;
	str ids;             /* "DocumentReference/1, Encounter/2": the EHR's names; absent before it took them */
	str asked;           /* sealed */
	str trouble;         /* opened by chart_troubles and chart_notes */
	instant credit_gone; /* when its credit was taken back; none: it stands, or there is none */
	str credit_why;      /* opened like trouble */
};

/* The note as it would stand in the chart. ERR_INVALID with words for what is wrong with the wish. */
fallible chart_preview(struct cx *cx, struct chart_wish *wish, str *text);
/* Keep it: resources, the thread's mark "filed", trail and outbox in one transaction. A later note of the same thread is an
 * addendum. ERR_CONFLICT: the patient waits for an answer, or somebody else filed in the meantime. */
fallible chart_save(struct cx *cx, struct chart_wish *wish, struct chart_note *out);
/* The notes of a thread, first to last; struct chart_note. */
fallible chart_notes(struct cx *cx, thread_id thread, struct db_rows *out);
/* What its author chose. */
fallible chart_wish_of(struct cx *cx, const struct chart_note *note, struct chart_wish *out);
/* Is anything of the conversation in the chart? */
fallible charting_is_filed(struct cx *cx, thread_id thread, bool *yes);

/* Notes of the caller's teams that the EHR did not take, oldest first; struct chart_note. */
fallible chart_troubles(struct cx *cx, struct db_rows *out);
fallible
chart_note_get(struct cx *cx, struct uuid id, struct chart_note *out); /* ERR_GONE unless the caller may work on it */
fallible chart_retry(struct cx *cx, struct uuid id);                   /* ERR_CONFLICT unless it is in trouble */
/* It stays in this record only. ERR_INVALID without a reason. */
fallible chart_end(struct cx *cx, struct uuid id, str reason);

/* Take back credit that was recorded by mistake: the Encounter becomes "entered-in-error" here and, through the outbox, in the other
 * system; the note stays. ERR_INVALID without a reason, ERR_CONFLICT when the note has no credit that stands. */
fallible chart_credit_take_back(struct cx *cx, struct uuid note, str reason);

/* ---- to be counted and listed; the caller has asked the policy engine ---- */

/* Notes of the team of [since, until), row by row. */
struct chart_figure {
	account_id author;
	bool credit; /* work was counted with it */
};
fallible charting_each(struct cx *cx, team_id team, instant since, instant until, db_row_fn *each, void *arg);
/* Notes about a patient of [since, until), the newest first, without what is in them; struct chart_note. */
fallible charting_of_patient(
    struct cx *cx, patient_id patient, instant since, instant until, int64_t count_max, struct db_rows *out);

/* ---- the other system ---- */

/* Its FHIR base address ("https://ehr.example.org/fhir") and the token to show there; an absent url switches it off. Plain http
 * only on this machine. ERR_INVALID says what is wrong. */
struct ehr_settings {
	str url, token;
};
fallible ehr_settings_set(struct cx *cx, const struct ehr_settings *settings);
fallible ehr_settings_get(struct cx *cx, struct ehr_settings *out, bool *found);

#define EHR_GIVE_UP_MS (3 * DAY_MS) /* unreachable so long: a person is asked */
/* Deliverer of the outbox kind "ehr". Every resource is PUT under its id in one transaction, so that sending again changes
 * nothing. */
fallible ehr_deliver(struct cx *cx, const struct outbox_item *item);

#endif
