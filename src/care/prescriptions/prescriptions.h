/* SPDX-License-Identifier: Apache-2.0 */
/* Prescriptions: what is prescribed and dispensed, asking for refills and renewals, what becomes of them, and what the patient says
 * they take.  Prescriptions are resources of the record (MedicationRequest, MedicationStatement, MedicationDispense); a refill
 * request is a row with a state machine (and a Task in the record); a renewal is a conversation with the team that carries the
 * prescription.  The pharmacy is another system: exchange/pharmacy takes requests there and brings back what it says.
 *
 * Seeing needs RIGHT_RECORD_READ, asking RIGHT_PRESCRIPTIONS; deeds of the team are its members' (ERR_GONE for others). */
#ifndef SALVE_PRESCRIPTIONS_H
#define SALVE_PRESCRIPTIONS_H

#include "care/messaging/messaging.h"
#include "care/record/record.h"
#include "platform/jobs/jobs.h"

extern const struct route prescriptions_routes[];

ID_TYPE(refill_id);

/* ---- a prescription ---- */

/* What is shown of it: My HealtheVet's words (status_rules in rx_status.c says which it is). */
enum rx_status {
	RX_ACTIVE = 1,
	RX_IN_PROCESS, /* active: the pharmacy fills it */
	RX_SUBMITTED,  /* active: a refill was asked for */
	RX_ON_HOLD,    /* active: the pharmacy holds it */
	RX_PARKED,     /* active: nothing is sent until it is asked for */
	RX_OUTSIDE,    /* active: non-VA, prescribed or bought elsewhere */
	RX_EXPIRED,
	RX_DISCONTINUED,
	RX_TRANSFERRED,
	RX_UNKNOWN,
	RX_STATUSES
};
const char *rx_status_code(enum rx_status status);  /* "active", "in-process", ...: for programs */
const char *rx_status_words(enum rx_status status); /* "Active: Submitted"; English, marked for translation */
const char *rx_status_means(enum rx_status status); /* a sentence, English, marked for translation */
bool rx_status_is_active(enum rx_status status);

/* Why a refill cannot be asked for; what comes first counts. */
enum rx_refusal {
	REFUSAL_NONE = 0,
	REFUSAL_OUTSIDE,
	REFUSAL_EXPIRED,
	REFUSAL_DISCONTINUED,
	REFUSAL_TRANSFERRED,
	REFUSAL_ON_HOLD,
	REFUSAL_ASKED,      /* one was asked for, and is on its way */
	REFUSAL_IN_PROCESS, /* the pharmacy fills it */
	REFUSAL_NO_REFILLS, /* none left: a renewal is needed */
	REFUSAL_UNKNOWN,    /* the record does not say enough */
	RX_REFUSALS
};
const char *rx_refusal_words(enum rx_refusal why); /* NULL for none; English, marked for translation */
const char *rx_refusal_code(enum rx_refusal why);

/* Why a renewal cannot be asked for here (VistA MHV renewal rules, my-healthevet 2.2); what comes first counts. */
enum renewal_refusal {
	RENEWAL_MAY = 0,
	RENEWAL_OUTSIDE,
	RENEWAL_STATUS,     /* of a status that is not renewed */
	RENEWAL_PENDING,    /* was asked for already */
	RENEWAL_IN_PROCESS, /* the pharmacy fills it: loading to the mail pharmacy */
	RENEWAL_REFILLS,    /* has refills left: no renewal is needed */
	RENEWAL_TOO_OLD,    /* expired or discontinued longer ago than RENEWAL_DAYS_MAX */
	RENEWAL_CONTROLLED, /* schedule I or II narcotic, or marked not renewable */
	RENEWAL_CLOZAPINE,  /* needs a blood count each time */
	RENEWAL_TITRATION,  /* the dose changes by a plan */
	RENEWAL_PAYER,      /* the payer refused it */
	RENEWAL_DRUG,       /* the drug is not stocked any more */
	RENEWAL_NO_SIG,     /* the directions are missing */
	RENEWAL_COUNT,      /* renewed RENEWALS_MAX times */
	RENEWAL_REFUSALS
};
#define RENEWAL_DAYS_MAX 120
#define RENEWALS_MAX     26
#define RX_VALID_DAYS    365 /* of a prescription whose end is not recorded: as the VA counts it */
#define RX_SOON_DAYS     10  /* "runs out soon" */
#define RX_RECENT_DAYS   15  /* "recently requested": in process, or shipped within these days */
const char *renewal_refusal_words(enum renewal_refusal why); /* NULL for none; English, marked for translation */
const char *renewal_refusal_code(enum renewal_refusal why);

#define RX_NOT_SAID (-1)

/* One time that it was handed over, or is being made ready. */
struct rx_fill {
	str id; /* of the MedicationDispense */
	bool done, coming;
	instant at;             /* handed over, or prepared; none: not said */
	int64_t quantity, days; /* 0: not said */
	str where;              /* the pharmacy, when said */
	str look;               /* "white, round, marked 10"; when said */
};

struct refill;
struct renewal;

struct prescription {
	patient_id patient;
	int64_t
	    type; /* RESOURCE_MEDICATION_REQUEST, or RESOURCE_MEDICATION_STATEMENT of what is taken from elsewhere */
	str id;
	struct uuid key;
	str title, detail, title_reference; /* "Lisinopril", "10 mg oral tablet" */
	str code_system, code;              /* of the medicine, when coded */
	str number, sig, reason, remark, unit, look;
	str who, who_reference;
	str replaces; /* id of the prescription that it renews; absent: none */
	instant ordered, ends, ended;
	int64_t quantity, days;          /* of one fill; 0: not said */
	int64_t allowed, left, renewals; /* refills; RX_NOT_SAID */
	struct rx_fill *fills;           /* newest first */
	size_t fill_count, done_count;
	bool coming, payer_refused;
	instant last_fill, runs_out; /* none: not known */

	/* what the rules look at */
	enum rx_order { ORDER_ACTIVE, ORDER_ON_HOLD, ORDER_STOPPED, ORDER_COMPLETED, ORDER_OTHER } order;
	bool outside, own; /* own: the patient told of it, nobody prescribed it here */
	bool parked, transferred, over, controlled, clozapine, titration, drug_gone, not_renewable;
	const struct refill *refill;   /* the newest request; NULL: none */
	const struct renewal *renewal; /* the newest; NULL: none */

	enum rx_status status;
	enum rx_refusal refusal;
	enum renewal_refusal renewal_refusal;
	bool renewed; /* a newer prescription takes its place */
};
bool rx_needs_renewal(const struct prescription *p); /* active or just over, in use, and no refill left */
bool rx_runs_out_soon(const struct prescription *p, instant now);
bool rx_is_recent(const struct prescription *p, instant now); /* "recently requested" */

/* All prescriptions of the patient, active ones first, then by name; struct prescription. Checks RIGHT_RECORD_READ; the caller
 * records the reading. */
fallible prescriptions_load(struct cx *cx, patient_id patient, struct db_rows *out);
/* One of them. ERR_GONE when there is none that the caller may see. */
fallible prescription_get(struct cx *cx, patient_id patient, str id, struct prescription *out);

/* ---- refills ---- */

enum refill_state { /* stored as numbers: append only; below REFILL_READY it is on its way, one of a prescription at a time */
	REFILL_SUBMITTED = 0,
	REFILL_TROUBLE = 5, /* could not be handed over: a person must look */
	REFILL_SENT = 10,
	REFILL_ACKNOWLEDGED = 20,
	REFILL_PARTLY_FILLED = 30,
	REFILL_FILLED = 40,
	REFILL_READY = 45, /* to be picked up */
	REFILL_SHIPPED = 50,
	REFILL_DONE = 60,
	REFILL_REJECTED = 70,
	REFILL_WITHDRAWN = 80, /* by the patient, before it was handed over */
	REFILL_CLOSED = 90,    /* by the care team, with a reason */
};
enum refill_event_kind { /* stored as numbers: append only */
	REFILL_EV_ASKED = 0,
	REFILL_EV_SENT = 1,
	REFILL_EV_REFUSED = 2, /* the other system did not take it, or was away too long */
	REFILL_EV_ACKNOWLEDGED = 3,
	REFILL_EV_PART = 4,
	REFILL_EV_FILLED = 5,
	REFILL_EV_READY = 6,
	REFILL_EV_SHIPPED = 7,
	REFILL_EV_ARRIVED = 8, /* delivered or picked up */
	REFILL_EV_REJECTED = 9,
	REFILL_EV_WITHDRAWN = 10,
	REFILL_EV_CLOSED = 11,
	REFILL_EV_AGAIN = 12,   /* handed over once more */
	REFILL_EV_CHASED = 13,  /* nothing happened for REFILL_MOVE_DAYS: changes no state */
	REFILL_EV_MISSING = 14, /* the patient says that it has not come: changes no state */
	REFILL_EV_TWICE = 15,   /* the pharmacy says that it filled it once more: changes no state */
	REFILL_EV_PASSED = 16,  /* nobody said anything since it was shipped: taken for arrived */
	REFILL_EV_SETTLED = 17, /* the care team settled a problem, with words: changes no state */
	REFILL_EVENTS
};
struct refill_move {
	enum refill_state from;
	enum refill_event_kind event;
	enum refill_state to;
};
extern const struct refill_move refill_moves[]; /* the state machine, row by row; ended by a row of REFILL_EV_ASKED */
/* What the event makes of the state; false: it cannot happen there. */
bool refill_next(enum refill_state from, enum refill_event_kind event, enum refill_state *to);
bool refill_is_open(enum refill_state state);            /* asked for, and not out of the pharmacy's hands */
bool refill_is_over(enum refill_state state);            /* nothing more will happen by itself */
const char *refill_state_words(enum refill_state state); /* English, marked for translation */
const char *refill_state_code(enum refill_state state);
const char *
refill_event_words(enum refill_event_kind event); /* "The pharmacy has it"; English, marked for translation */

enum refill_problem { /* stored as numbers: append only */
	PROBLEM_NONE = 0,
	PROBLEM_STUCK = 1,
	PROBLEM_REJECTED = 2,
	PROBLEM_NOT_SENT = 3,
	PROBLEM_MISSING = 4, /* the patient says that it has not come */
	PROBLEM_TWICE = 5,   /* the pharmacy says that it filled it twice */
};
const char *refill_problem_words(enum refill_problem problem); /* NULL for none; English, marked for translation */

#define REFILL_MOVE_DAYS        3  /* so long may a request stand still (My HealtheVet: then call the pharmacy) */
#define REFILL_SHIP_DAYS        15 /* after which what was shipped is taken for arrived */
#define REFILL_PICK_UP_DAYS     10 /* so long may it wait to be picked up */
#define REFILL_MANY_MAX         50 /* asked for in one go */
#define REFILL_REASON_CHARS_MAX 500

struct refill {
	patient_id patient;
	refill_id id;
	struct uuid prescription;
	str request, title;
	facility_id facility;
	team_id team; /* who owns it when it does not move */
	account_id account;
	int64_t state, problem, version, tries;
	instant made, changed, sent, acknowledged, filled_at, shipped, ended, move_by, chased;
	int64_t chases, asked, filled;
	str trouble, tracking; /* opened; tracking: "carrier\nnumber" */
};
struct refill_event {
	int64_t n;
	struct uuid key;
	instant at;
	int64_t event, state;
	account_id account; /* none: the pharmacy, or the clock */
	str words;
};

/* Ask for refills: one result for each, in the order asked. Asking again under the same key, or while one is on its way, is the
 * request that there is. ERR_INVALID for none or more than REFILL_MANY_MAX. */
enum refill_outcome { REFILL_ASKED, REFILL_ASKED_BEFORE, REFILL_NOT_POSSIBLE };
struct refill_wish {
	struct uuid key;
	str prescription; /* FHIR id */
};
struct refill_result {
	enum refill_outcome outcome;
	enum rx_refusal why; /* of REFILL_NOT_POSSIBLE */
	str title;
	struct refill refill;
};
fallible refills_ask(
    struct cx *cx, patient_id patient, const struct refill_wish *wishes, size_t count, struct refill_result *out);
fallible refill_get(struct cx *cx, refill_id id, struct refill *out); /* ERR_GONE unless the caller may see it */
fallible refill_events(struct cx *cx, const struct refill *refill, struct db_rows *out); /* struct refill_event */
fallible refills_of_patient(struct cx *cx, patient_id patient, struct db_rows *out);     /* newest first */
/* The patient's (RIGHT_PRESCRIPTIONS): take it back before it was handed over; it came; it has not come. ERR_CONFLICT when that
 * cannot be any more. */
fallible refill_withdraw(struct cx *cx, refill_id id);
fallible refill_arrived(struct cx *cx, refill_id id);
fallible refill_missing(struct cx *cx, refill_id id);

/* Problems of the patients whom the caller cares for, the oldest first; struct refill. */
fallible refill_problems(struct cx *cx, struct db_rows *out);
/* Deeds of the care team: hand it over once more; close it; or the problem is settled, with words that the patient reads. */
fallible refill_send_again(struct cx *cx, refill_id id);
fallible refill_close(struct cx *cx, refill_id id, str reason);
fallible refill_settle(struct cx *cx, refill_id id, str words);

/* The clock, run by the timer of this name: what has not moved in its time becomes a problem of its team, is asked for once more,
 * and everybody concerned is told, once a day. */
fallible refills_chase(struct cx *cx);

/* ---- running out ---- */

fallible rx_follow_deliver(struct cx *cx, const struct outbox_item *item); /* outbox kind RECORD_FOLLOW_DISPENSE */
#define RX_FOLLOW_GIVE_UP_MS (3 * DAY_MS)
/* The timer of this name: tells of medicines that run out, once for each fill. */
fallible supplies_tell(struct cx *cx);

/* ---- for the pharmacy's side (exchange/pharmacy) ---- */

#define REFILL_OUTBOX_KIND "refill" /* payload {"refill": UUID, "try": n} */
/* What is to be handed over now; found false: it is not (withdrawn, or a later try is on its way). */
fallible refill_to_send(struct cx *cx, const struct outbox_item *item, struct refill *out, bool *found);
/* Was this word noted before? */
fallible refill_was_noted(struct cx *cx, const struct refill *refill, struct uuid key, bool *yes);
/* Requests at the pharmacy, from which something is to be heard; struct refill, the longest unheard first. */
fallible refills_at_pharmacy(struct cx *cx, int64_t count_max, struct db_rows *out);
/* What the pharmacy says. The same key again changes nothing; what cannot be any more is kept as an event and changes nothing
 * else. A dispense is stored in the record in the same transaction. ERR_INVALID when the dispense is no such resource. */
struct refill_news {
	struct uuid key;
	refill_id refill;
	enum refill_event_kind event;
	instant at;
	str words;                         /* a reason, or why it is late; may be absent */
	str tracking;                      /* "carrier\nnumber" */
	int64_t filled;                    /* of EV_PART and EV_FILLED: quantity handed over; 0: not said */
	const struct json_value *dispense; /* MedicationDispense; NULL: none */
};
fallible refill_note(struct cx *cx, const struct refill_news *news);
/* The request as FHIR Task, as it stands in the record under the request's id. */
str refill_task_json(struct arena *arena, const struct refill *refill, str patient); /* patient: FHIR id */
/* The id by which other systems know the patient: their Patient resource's. */
fallible rx_patient_id(struct cx *cx, patient_id patient, str *out);

/* ---- renewals ---- */

enum renewal_state { /* stored as numbers: append only */
	RENEWAL_ASKED = 0,
	RENEWAL_APPROVED = 10,
	RENEWAL_CHANGED = 20, /* renewed with another dose, amount or directions */
	RENEWAL_DENIED = 30,
	RENEWAL_TAKEN_BACK = 40, /* by the patient */
};
const char *renewal_state_words(enum renewal_state state); /* English, marked for translation */
const char *renewal_state_code(enum renewal_state state);
struct renewal_move {
	enum renewal_state from, to;
	const char *who; /* for the table in README.md */
};
extern const struct renewal_move renewal_moves[]; /* ended by a row from and to RENEWAL_ASKED */

struct renewal {
	patient_id patient;
	thread_id id; /* the conversation */
	struct uuid prescription;
	str request, title;
	facility_id facility;
	team_id team;
	account_id account;
	int64_t state;
	instant made, answered;
	account_id answered_by;
	str answer, made_request;
};

/* The team that a renewal of this prescription goes to: the prescriber's, else who takes messages about medicines, primary care
 * first. found false: none takes messages. */
fallible renewal_team(struct cx *cx, const struct prescription *p, struct team *out, bool *found);
/* Ask for one, as a message of the caller with the prescription as what it is about; `key` becomes the conversation. The same key
 * again is the same renewal. ERR_INVALID with words when it cannot be asked for. */
struct renewal_new {
	struct uuid key;
	patient_id patient;
	str prescription, note; /* note: may be empty */
	team_id team;           /* none: renewal_team */
};
#define RENEWAL_NOTE_CHARS_MAX 1000
fallible renewal_ask(struct cx *cx, const struct renewal_new *in, struct renewal *out);
fallible renewal_get(struct cx *cx, thread_id id, struct renewal *out); /* ERR_GONE unless the caller may see it */
fallible renewals_of_patient(struct cx *cx, patient_id patient, struct db_rows *out);
fallible renewal_take_back(struct cx *cx, thread_id id); /* the patient's side; ERR_CONFLICT when answered */

fallible renewal_thread_moved(struct cx *cx, const struct outbox_item *item); /* of THREAD_MOVED_KIND */

/* Those that wait in the caller's teams, the oldest first; struct renewal. */
fallible renewals_waiting(struct cx *cx, struct db_rows *out);
/* Who may sign: physicians and pharmacists, and nurses where the facility lets them (setting nurses_renew). */
fallible renewal_may_decide(struct cx *cx, facility_id facility, bool *yes);
/* Decide: the answer goes out in the conversation, which is complete then; an approval makes a new prescription in the record with
 * its Provenance, and ends the old one. All in one transaction. ERR_DENIED for who may not sign; ERR_INVALID with words for a
 * refusal without reason, or impossible numbers; ERR_CONFLICT when it was decided meanwhile. */
struct renewal_decision {
	enum renewal_state state;        /* RENEWAL_APPROVED, _CHANGED, _DENIED */
	str sig;                         /* of _CHANGED; absent: as it was */
	int64_t quantity, days, refills; /* of _CHANGED; 0 (refills: RX_NOT_SAID): as it was */
	str words;                       /* to the patient; needed for _DENIED and _CHANGED */
};
#define RENEWAL_REFILLS_MAX 11 /* a year's supply in months */
fallible renewal_decide(struct cx *cx, thread_id id, const struct renewal_decision *decision);

/* What a person should see before deciding. `safe`: nothing speaks against approving it among others; otherwise `warnings` says
 * what does. */
struct renewal_facts {
	struct renewal renewal;
	struct prescription prescription;
	str patient_name;
	instant born;
	str allergies[8], labs[6], warnings[6];
	size_t allergy_count, lab_count, warning_count;
	instant last_visit;
	bool safe;
};
fallible renewal_facts(struct cx *cx, const struct renewal *renewal, struct renewal_facts *out);

/* ---- what the patient says they take ---- */

enum medicine_said { /* stored as numbers: append only */
	SAID_AS_WRITTEN = 1,
	SAID_DIFFERENTLY = 2,
	SAID_NOT_TAKEN = 3,
	SAID_ALSO = 4, /* one that the record does not have */
};
enum said_settled { SETTLED_NOT = 0, SETTLED_ACCEPTED = 1, SETTLED_RECORD_STANDS = 2, SETTLED_TAKEN_BACK = 3 };
struct medicine_word {
	patient_id patient;
	struct uuid id;
	str request; /* "MedicationRequest/7"; absent for SAID_ALSO */
	int64_t said;
	str name, strength, how, reason, comment; /* opened */
	str sealed;
	instant at;
	account_id account;
	instant settled;
	account_id settled_by;
	int64_t settled_how;
};
#define MEDICINE_WORDS_MAX      100 /* of one patient that wait */
#define MEDICINE_WORD_CHARS_MAX 300 /* of each text */
/* Say something of a medicine: replaces what was said of the same and not settled. By the patient's side (RIGHT_PRESCRIPTIONS).
 * ERR_INVALID with words: no name, nothing about how, too long, a medicine that is not in the record. */
fallible medicine_say(struct cx *cx, const struct medicine_word *in);
fallible medicine_take_back(struct cx *cx, patient_id patient, struct uuid id);
fallible medicine_words(struct cx *cx, patient_id patient, bool settled_too, struct db_rows *out); /* newest first */
/* The care team: accept it into the record (a MedicationStatement with its Provenance), or let the record stand. ERR_CONFLICT when
 * it was settled or said anew meanwhile. */
fallible medicine_settle(struct cx *cx, patient_id patient, struct uuid id, enum said_settled how);

/* ---- adherence ---- */

/* Proportion of days covered (PDC), as the Pharmacy Quality Alliance defines it: of the days from the first fill in the period to
 * its end, those with the medicine in hand; supply that overlaps is moved on; 0.8 and more counts as adherent. */
#define PDC_SOURCE \
	"Pharmacy Quality Alliance (PQA), Proportion of Days Covered; CMS Part C & D Star Ratings Technical Notes"
#define PDC_DAYS      180
#define PDC_FILLS_MIN 2
#define PDC_ADHERENT  80 /* percent */
/* Percent of the days covered; RX_NOT_SAID with fewer than PDC_FILLS_MIN fills of known supply in [since, until). */
int64_t rx_days_covered(const struct rx_fill *fills, size_t count, instant since, instant until);

struct adherence_row {
	patient_id patient;
	str patient_name, title;
	int64_t covered;  /* percent */
	instant runs_out; /* when the last fill was used up */
};
/* Patients of a team of the caller whose medicines are covered below PDC_ADHERENT, the lowest first: at most `count_max` rows of the
 * patients after `after` in the panel. `looked`: patients looked at; `next`: where to go on, none at the end. struct
 * adherence_row. */
fallible
adherence_gaps(struct cx *cx, team_id team, patient_id after, struct db_rows *out, int64_t *looked, patient_id *next);
#define ADHERENCE_PATIENTS 100 /* looked at in one page */

/* ---- for other features ---- */

/* For the patient's home page. */
struct prescriptions_summary {
	int64_t refillable, soon, renew, moving, problems;
};
fallible prescriptions_summary(struct cx *cx, patient_id patient, struct prescriptions_summary *out);
/* What waits for the caller's teams: for the navigation. */
fallible prescriptions_waiting(struct cx *cx, int64_t *renewals, int64_t *problems);

#endif
