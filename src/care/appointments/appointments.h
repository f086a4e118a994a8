/* SPDX-License-Identifier: Apache-2.0 */
/* Appointments: visits of a patient, over and to come; asking for one, taking an open time, changing it, calling it off; what a
 * clinic offers and when it is open; the team's day.
 *
 * A visit is a row of its own (workflow, routing, the seat) and a FHIR Appointment of the record, written in one transaction.  What
 * another system writes as Appointment becomes such a row a moment later (visit_follow_deliver), and the same pages show it; it is
 * changed there, so patients ask for that instead of doing it.
 *
 * What may happen to a visit is a table (appointment_rules), printed in README.md.  Whoever speaks for the patient needs
 * RIGHT_APPOINTMENTS; members of the care team need to see the patient. */
#ifndef SALVE_APPOINTMENTS_H
#define SALVE_APPOINTMENTS_H

#include "care/messaging/messaging.h"
#include "care/record/record.h"

ID_TYPE(appointment_id);
ID_TYPE(visit_kind_id);
ID_TYPE(schedule_id);
ID_TYPE(slot_id);

extern const struct route
    appointments_routes[]; /* /appointments, /schedule, /patients/{patient}/appointments, /admin/schedule */
extern const struct route appointments_fhir_routes[]; /* /fhir/Slot, /fhir/Schedule, POST /fhir/Appointment */

/* ---- what may happen (numbers are stored: append only) ---- */

/* FHIR AppointmentStatus (R4 12.1): what it stands for is appointment_state_code. */
enum appointment_state {
	APPOINTMENT_PROPOSED = 10, /* the patient asked; no time yet */
	APPOINTMENT_PENDING = 20,  /* the team offers times */
	APPOINTMENT_BOOKED = 30,
	APPOINTMENT_ARRIVED = 40, /* checked in */
	APPOINTMENT_FULFILLED = 50,
	APPOINTMENT_CANCELLED = 60,
	APPOINTMENT_NOSHOW = 70,
	APPOINTMENT_MISTAKEN = 80, /* another system's, entered in error or deleted: shown nowhere */
};
/* What is open about it, and whose turn it is. */
enum appointment_ask {
	ASKED_NOTHING = 0,
	ASKED_NEW = 1,    /* the team answers a request for a visit, */
	ASKED_CHANGE = 2, /* for another time, */
	ASKED_CANCEL = 3, /* to call off a visit that another system keeps */
	ASKED_CHOICE = 4, /* the patient chooses among the times that the team offers */
};
enum appointment_deed {
	DEED_ASK = 1,
	DEED_BOOK,
	DEED_OFFER,
	DEED_ACCEPT,
	DEED_SETTLE,
	DEED_CHOOSE,
	DEED_ASK_AGAIN,
	DEED_MOVE,
	DEED_ASK_CHANGE,
	DEED_ASK_CANCEL,
	DEED_WITHDRAW,
	DEED_CANCEL,
	DEED_REFUSE,
	DEED_KEEP,
	DEED_CALL_OFF,
	DEED_CHECK_IN,
	DEED_FINISH,
	DEED_MISS,
	DEED_REOPEN,
};
enum appointment_side { BY_PATIENT = 1, BY_TEAM = 2, BY_EITHER = 3 };
struct appointment_rule {
	enum appointment_deed deed;
	enum appointment_side by;
	int64_t from;  /* enum appointment_state; 0: there is no visit yet */
	int64_t asked; /* bits 1 << enum appointment_ask before it */
	int64_t to, asked_after;
};
extern const struct appointment_rule appointment_rules[]; /* ended by {0} */
/* The rule for a deed in this state; NULL: it may not be done now. */
const struct appointment_rule *
appointment_rule_find(enum appointment_deed deed, enum appointment_side by, int64_t state, int64_t asked);
/* The table as Markdown, as it stands in README.md. */
void appointment_rules_print(struct buf *out);
const char *appointment_state_code(int64_t state); /* "booked", as FHIR has it */
bool appointment_state_parse(str code, int64_t *out);
const char *appointment_deed_code(enum appointment_deed deed); /* "check-in" */
bool appointment_deed_parse(str code, enum appointment_deed *out);

/* ---- a visit ---- */

enum visit_mode { MODE_IN_PERSON = 1, MODE_VIDEO = 2, MODE_TELEPHONE = 3 };
const char *visit_mode_words(int64_t mode); /* English, marked for translation */

/* What is said about a visit, as it was when it was booked. All may be absent but the title. */
struct visit_details {
	str title; /* "Follow-up" */
	str who, place, address, directions, phone;
	str link;    /* https, of a video visit */
	str prepare; /* what to bring and do before */
	str reason;  /* the patient's words: what it is about */
	str ended;   /* why it was called off */
};
struct appointment {
	patient_id patient;
	appointment_id id;
	facility_id facility;
	team_id team;       /* none: another system's, whose team is not known */
	visit_kind_id kind; /* none: another system's */
	account_id account; /* the clinician; none: the team */
	slot_id slot;       /* whose seat it has; none: no slot of ours */
	bool ours;
	int64_t state, asked; /* enum appointment_state, enum appointment_ask */
	int64_t mode;         /* enum visit_mode */
	instant start, end;   /* none before it has a time */
	int64_t version, changes;
	thread_id thread; /* none: nothing was said about it */
	instant made, changed_at, asked_at, arrived_at, remind_at;
	struct visit_details details;
	str wish;   /* what the patient asked for, in their words */
	str agenda; /* what the patient wants to talk about */
	str details_sealed, wish_sealed, agenda_sealed;
};
#define APPOINTMENT_WISH_CHARS_MAX   1000
#define APPOINTMENT_AGENDA_CHARS_MAX 2000
#define APPOINTMENT_OFFERS_MAX       3
#define APPOINTMENTS_OPEN_MAX        20 /* to come or asked for, of one patient */

/* Has a time that is not over. */
static inline bool
appointment_is_to_come(const struct appointment *a, instant now)
{
	return (a->state == APPOINTMENT_BOOKED || a->state == APPOINTMENT_ARRIVED) && !instant_is_none(a->end) &&
	       instant_before(now, a->end);
}
/* Whether a deed may be done now by that side: the rule and the clock. For buttons; the deed itself asks again. `zone`: of the
 * facility. */
bool appointment_may(const struct appointment *a, enum appointment_deed deed, enum appointment_side by,
    const struct zone *zone, instant now);

/* ---- what a clinic offers ---- */

struct visit_kind {
	visit_kind_id id;
	facility_id facility;
	str name, prepare;
	int64_t minutes, mode;
	bool bookable, active;
};
#define VISIT_MINUTES_MIN 5
#define VISIT_MINUTES_MAX 480
#define VISIT_KINDS_MAX   100 /* of a facility */
struct schedule {
	schedule_id id;
	facility_id facility;
	team_id team;
	account_id account; /* none: whoever of the team is there */
	visit_kind_id kind;
	int64_t weekdays, from_minute, until_minute, seats;
	int64_t first_day, last_day; /* days since 1970; SCHEDULE_NO_END: without end */
	str place, directions, link;
	bool active;
};
#define SCHEDULE_NO_END    INT64_MAX
#define SCHEDULE_SEATS_MAX 50
#define SCHEDULES_MAX      300 /* of a facility */
struct slot {
	slot_id id;
	schedule_id schedule;
	team_id team;
	visit_kind_id kind;
	instant start, end;
	int64_t seats, taken;
	bool closed;
};

/* The office's (ERR_GONE for others). An id that is not there is made. ERR_INVALID with words. Saving opening hours makes their slots
 * and takes away those that fit no more and are empty; slots with somebody in them stay. */
fallible visit_kind_save(struct cx *cx, const struct visit_kind *kind);
fallible schedule_save(struct cx *cx, const struct schedule *schedule);
/* Of a facility; for everybody who is signed in there. struct visit_kind by name; struct schedule. */
fallible visit_kinds(struct cx *cx, facility_id facility, struct db_rows *out);
fallible schedules_of_facility(struct cx *cx, facility_id facility, struct db_rows *out);
fallible visit_kind_get(struct cx *cx, visit_kind_id id, struct visit_kind *out);
fallible schedule_get(struct cx *cx, schedule_id id, struct schedule *out);
/* Make the slots of the days ahead (facility setting booking_days_ahead), of every facility; the timer's. */
fallible slots_extend(struct cx *cx);

/* Times with a free seat that the patient could come at, not being at another visit then, earliest first; struct slot. `kind` none: all kinds; `team` none: the
 * patient's teams. `bookable`: only those that patients may take themselves (facility setting booking_open, the kind, not too
 * soon: booking_hours_before). */
struct slot_query {
	patient_id patient;
	team_id team;
	visit_kind_id kind;
	appointment_id moved; /* the visit that is to have another time; none: a new visit */
	bool bookable;
	instant from, until; /* none: now; the end of the days ahead */
	int64_t count_max;
};
fallible slots_open(struct cx *cx, const struct slot_query *query, struct db_rows *out);
fallible slot_get(struct cx *cx, slot_id id, struct slot *out);

/* ---- the patient's deeds ---- */

/* Take an open time. `key` becomes the id: the same again finds what was booked. ERR_CONFLICT with words when somebody was faster, the
 * patient is somewhere else then, or too many are open. */
struct appointment_booking {
	struct uuid key;
	patient_id patient;
	slot_id slot;
	str reason;
};
fallible appointment_book(struct cx *cx, const struct appointment_booking *in, struct appointment *out);
/* Ask a team for a visit: a structured message in a conversation of its own. ERR_INVALID with words, also when the patient cannot write
 * to the team. */
struct appointment_request {
	struct uuid key;
	patient_id patient;
	team_id team;
	visit_kind_id kind; /* none: whatever fits */
	str reason, wish;   /* wish: days and times that suit */
	slot_id slots[APPOINTMENT_OFFERS_MAX];
	size_t slot_count; /* times that would suit, for the team to accept */
};
fallible appointment_ask_new(struct cx *cx, const struct appointment_request *in, struct appointment *out);
/* Another of the deeds of either side. Members left empty where the deed needs none. */
struct appointment_act {
	patient_id patient;
	appointment_id id;
	enum appointment_deed deed;
	int64_t seen;                          /* appointment.changes on the caller's screen; 0: do not ask */
	str words;                             /* the reason, or the wish */
	slot_id slots[APPOINTMENT_OFFERS_MAX]; /* to offer, to move to, to accept, to choose */
	size_t slot_count;
	instant start; /* of DEED_SETTLE without a slot */
	int64_t minutes;
};
fallible appointment_do(struct cx *cx, const struct appointment_act *in, struct appointment *out);
fallible appointment_agenda_set(struct cx *cx, patient_id patient, appointment_id id, str agenda);

/* ---- reading (checks RIGHT_APPOINTMENTS; the caller tells the trail) ---- */

fallible appointment_get(struct cx *cx, patient_id patient, appointment_id id, struct appointment *out);
enum appointment_list { APPOINTMENTS_TO_COME, APPOINTMENTS_ASKED, APPOINTMENTS_PAST };
fallible appointment_list(struct cx *cx, patient_id patient, enum appointment_list list, int64_t offset,
    int64_t count_max, struct db_rows *out); /* struct appointment; to come: the next first; the others newest first */
fallible appointment_next(struct cx *cx, patient_id patient, struct appointment *out, bool *found);
/* Times that are on offer for it and still free; struct slot. */
fallible appointment_offers(struct cx *cx, const struct appointment *a, struct db_rows *out);

/* The team's: visits of a day [from, until) of the caller's teams (one of them, or all), and what waits for an answer, the oldest
 * first. Patients whom the caller may not see are left out. */
struct day_query {
	team_id team;
	bool mine; /* only where the caller is the clinician */
	instant from, until;
};
fallible appointments_of_day(struct cx *cx, const struct day_query *query, struct db_rows *out);
fallible appointments_waiting(struct cx *cx, team_id team, int64_t count_max, struct db_rows *out);
fallible appointments_waiting_count(struct cx *cx, int64_t *out); /* of all teams of the caller */

/* When a team closes, inside the act that closes it: visits to come and requests go to its successor, nobody is seated in its hours any
 * more. ERR_INVALID with words when there are some and `to` is none. */
fallible appointments_hand_over(struct tx *tx, team_id from, team_id to);

/* ---- reminders ---- */

#define REMINDER_DAYS_MAX 14
#define REMINDER_HOUR     9 /* of the day, in the facility's zone */
/* bits 1 << days before; the caller's own. `chosen` false: the facility's default. */
fallible visit_reminder_choice_get(struct cx *cx, int64_t *days, bool *chosen);
fallible visit_reminder_choice_set(struct cx *cx, int64_t days);
/* The next reminder after `now` of a visit at `start`; none: no more. */
instant visit_reminder_next(const struct zone *zone, instant start, int64_t days, instant now);
/* The timer's: sends what is due. */
fallible visit_reminders_send(struct cx *cx);

/* ---- a calendar file (RFC 5545) ---- */

/* One VEVENT in the facility's zone, with the VTIMEZONE that it needs. */
void calendar_file(struct buf *out, const struct appointment *a, str zone_name, const struct zone *zone, str url);

/* ---- the outbox ---- */

fallible
visit_follow_deliver(struct cx *cx, const struct outbox_item *item); /* kind RECORD_FOLLOW_KIND of care/record */
fallible visit_message_deliver(struct cx *cx, const struct outbox_item *item); /* kind "visit_message" */
fallible visit_notice_deliver(struct cx *cx, const struct outbox_item *item);  /* kind "visit_notice" */
fallible visit_thread_moved(struct cx *cx, const struct outbox_item *item);    /* of THREAD_MOVED_KIND */
#define VISIT_GIVE_UP_MS (3 * DAY_MS)

/* Compare what is derived with what it is derived from, for tests: each trouble is a line. */
fallible appointments_check_invariants(struct cx *cx, struct buf *report);

#endif
