/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share: the rules as tables, and rows. */
#ifndef SALVE_PRESCRIPTIONS_INTERNAL_H
#define SALVE_PRESCRIPTIONS_INTERNAL_H

#include "care/prescriptions/prescriptions.h"
#include "platform/pages/pages.h"
#include "trust/audit/audit.h"

#define GONE                                                                                             \
	ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.", \
	    "no such prescription, request or renewal, or not the caller's")

/* ---- rx_status.c: rules, pure ---- */

enum rule_fits { FITS_ANY, FITS_NO, FITS_YES };
/* The first row that fits says the status. orders: bits 1 << enum rx_order; 0: any. */
struct status_rule {
	unsigned orders;
	enum rule_fits outside, transferred, parked, coming, asked, over;
	enum rx_status status;
};
extern const struct status_rule status_rules[]; /* the last one fits everything */
struct renewal_rule {
	enum renewal_refusal why;
	bool (*refuses)(const struct prescription *p, instant now);
};
extern const struct renewal_rule renewal_rules[]; /* in the order asked; ended by RENEWAL_MAY */

/* Fills status, refusal and renewal_refusal from what is known. */
void prescription_judge(struct prescription *p, instant now);
/* Schedule I or II by the name of what is in it (21 CFR 1308.11 and 1308.12). */
bool rx_is_controlled(str name);
/* When what was handed over is used up: a fill that comes early is used after the one before. */
instant rx_used_up(const struct rx_fill *fills, size_t count, int64_t days);

/* The tables as they stand in README.md. */
void rx_print_tables(struct buf *out);

/* ---- rx_read.c: what resources say ---- */

void prescription_read(struct cx *cx, const struct resource *resource, const struct json_value *json,
    struct prescription *out, bool *take);
void rx_fill_read(
    struct arena *arena, const struct json_value *json, struct rx_fill *out, str *prescription, bool *payer_refused);

/* ---- rows (prescriptions_store.c, renewals_store.c) ---- */

struct seal_place refill_place(refill_id id, const char *what); /* "refill.title", ".trouble", ".tracking" */
fallible refill_row_add(struct tx *tx, const struct refill *sealed, bool *added);
fallible refill_row_get(struct cx *cx, refill_id id, struct refill *out, bool *found);
/* Open only: state below REFILL_READY. */
fallible
refill_row_open_of(struct cx *cx, patient_id patient, struct uuid prescription, struct refill *out, bool *found);
fallible refill_rows_of_patient(struct cx *cx, patient_id patient, struct db_rows *out);
fallible refill_rows_problem(struct cx *cx, struct db_rows *out); /* of patients the caller cares for */
fallible refill_rows_problem_count(struct cx *cx, int64_t *out);
fallible refill_rows_due(struct cx *cx, int64_t count_max, struct db_rows *out);
fallible refill_rows_at_pharmacy(struct cx *cx, int64_t count_max, struct db_rows *out);
/* All that changes, of the row whose version is still one less. */
fallible refill_row_put(struct tx *tx, const struct refill *sealed, bool *changed);
/* Kept under its number, unless its key is there already. */
fallible
refill_event_row_add(struct tx *tx, const struct refill *refill, const struct refill_event *event, bool *added);
fallible refill_event_rows(struct cx *cx, const struct refill *refill, struct db_rows *out);
fallible refill_event_is_known(struct cx *cx, const struct refill *refill, struct uuid key, bool *out);
fallible refill_row_seal(struct cx *cx, const struct refill *in, struct refill *out); /* title, trouble, tracking */

struct seal_place renewal_place(thread_id id, const char *what);
fallible renewal_row_add(struct tx *tx, const struct renewal *sealed);
fallible renewal_row_get(struct cx *cx, thread_id id, struct renewal *out, bool *found);
fallible renewal_rows_of_patient(struct cx *cx, patient_id patient, struct db_rows *out);
fallible renewal_rows_waiting(struct cx *cx, struct db_rows *out);
fallible renewal_rows_waiting_count(struct cx *cx, int64_t *out);
fallible renewal_row_put(struct tx *tx, const struct renewal *sealed, bool *changed); /* of one that is still asked */

fallible
renewal_row_move(struct tx *tx, const struct renewal *w, team_id team, bool *moved); /* of one that is still asked */

fallible medicine_word_rows(struct cx *cx, patient_id patient, bool settled_too, struct db_rows *out);
fallible
medicine_word_row_get(struct cx *cx, patient_id patient, struct uuid id, struct medicine_word *out, bool *found);
fallible medicine_word_row_add(struct tx *tx, const struct medicine_word *sealed);
/* What was said of the same medicine and is not settled gives way. */
fallible medicine_word_rows_replace(struct tx *tx, patient_id patient, str request);
fallible medicine_word_row_settle(struct tx *tx, const struct medicine_word *word, bool *changed);

/* ---- refill_move.c, refill.c ---- */

const struct err *refill_moved_on(void); /* ERR_CONFLICT with words */

/* Who decides of the pharmacy's and the clock's deeds. */
struct refill_deed {
	refill_id refill;
	struct uuid key; /* none: a new one */
	enum refill_event_kind event;
	instant at;
	str words, tracking;
	int64_t filled;
	const struct json_value *dispense;
	enum access_why why;
	bool hand_over; /* to the outbox again */
	bool settles;   /* the problem is over */
	bool *kept;     /* the state machine took it; may be NULL */
};
fallible refill_do(struct cx *cx, const struct refill_deed *deed);
fallible refill_hand_over(struct tx *tx, const struct refill *refill);
/* A new request, made ready outside of the act: sealed, with its Task. */
struct refill_start {
	struct refill refill, sealed;
	struct resource_draft *task;
	enum access_why why;
	bool added; /* result: false when there was one */
};
fallible refill_prepare(struct cx *cx, const struct prescription *p, struct uuid key, struct refill_start *out);
fallible refill_start(struct tx *tx, struct refill_start *in);

/* ---- rx_supply.c ---- */

enum supply_state { /* stored as numbers: append only */
	SUPPLY_WAITS = 0,
	SUPPLY_TOLD = 10,
	SUPPLY_REPLACED = 20,   /* another fill is newer, or it stands in the record no more */
	SUPPLY_PAST = 30,       /* its day of telling was over when it came here: charts of the past tell nobody */
	SUPPLY_NOT_NEEDED = 40, /* another was on its way, or the medicine was not in use any more */
	SUPPLY_UNKNOWN = 50,    /* how long it lasts is not said, or so short that telling makes no sense */
};
struct supply {
	patient_id patient;
	struct uuid fill; /* key of the MedicationDispense */
	int64_t state;
	instant tell_at;
};
#define SUPPLY_TOLD_DAYS 7 /* before the last dose */
#define SUPPLY_HOUR      9 /* in the facility's zone */
instant rx_supply_tell_at(const struct zone *zone, instant runs_out);
/* One notice to one person, under a key; `delegate`: who acts for the patient, asked again when it leaves. */
fallible rx_tell(struct tx *tx, patient_id patient, account_id account, bool delegate, str key);
/* The patient, and who acts for them and wants to be told of medicines. */
fallible rx_tell_patient_side(struct tx *tx, patient_id patient, str key);

fallible supply_row_put(struct tx *tx, const struct supply *supply); /* what was told stays told */
/* From what is due to what it becomes; `moved` false when it is not as `from` any more. */
fallible supply_row_move(struct tx *tx, const struct supply *from, const struct supply *to, bool *moved);
fallible supply_rows_due(struct cx *cx, int64_t count_max, struct db_rows *out);

/* ---- renewal_decide.c ---- */

/* Provenance of a resource that a member of the team wrote. source: reference to what it was made from; may be absent. */
str rx_provenance_json(struct cx *cx, str id, const char *type, str target, str source, str signer);
fallible rx_draft(struct cx *cx, patient_id patient, str text, str id, struct resource_draft **out);
fallible rx_signer(struct cx *cx, str *out); /* "Ana Ruiz, RN": the caller */

/* ---- prescriptions.c ---- */

fallible
rx_may_ask(struct cx *cx, patient_id patient, enum access_why *why); /* RIGHT_PRESCRIPTIONS, of the patient's side */
str rx_short_title(struct arena *arena, str title);                  /* of a subject or a notice on a page */

#endif
