/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share; the pages: appointments_pages.h. */
#ifndef SALVE_APPOINTMENTS_INTERNAL_H
#define SALVE_APPOINTMENTS_INTERNAL_H

#include "care/appointments/appointments.h"
#include "care/record/record_pages.h"
#include "platform/crypto/crypto.h"
#include "platform/format/json_write.h"
#include "platform/format/utf8.h"
#include "platform/pages/pages.h"

const struct err *appointment_not_there(void);
const struct err *appointment_moved_on(void); /* ERR_CONFLICT: it was changed meanwhile */
const struct err *slot_taken(void);           /* ERR_CONFLICT: somebody was faster */

/* ---- rows (appointments_store.c); texts are sealed in what is written, opened by appointment_open ---- */

fallible
appointment_row_get(struct cx *cx, patient_id patient, appointment_id id, struct appointment *out, bool *found);
fallible appointment_row_add(struct tx *tx, const struct appointment *a, bool *added);
/* All that can change, of a row that is still at `changes`; it becomes one more. */
fallible appointment_row_put(struct tx *tx, const struct appointment *a, int64_t changes, bool *changed);
/* Of a row that is still at `a->changes`. */
fallible appointment_row_agenda(struct tx *tx, const struct appointment *a, bool *changed);
fallible appointment_row_remind(struct tx *tx, patient_id patient, appointment_id id, instant remind_at);
fallible appointment_rows(struct cx *cx, patient_id patient, enum appointment_list list, int64_t offset,
    int64_t count_max, struct db_rows *out);
fallible appointment_rows_of_day(struct cx *cx, const struct day_query *query, struct db_rows *out);
fallible appointment_rows_waiting(struct cx *cx, team_id team, int64_t count_max, struct db_rows *out);
fallible appointment_rows_waiting_count(struct cx *cx, int64_t *out);
fallible appointment_rows_asked_in(
    struct cx *cx, thread_id thread, struct db_rows *out); /* patient, id, changes; team: who answers */
fallible appointment_row_ask_of(struct tx *tx, const struct appointment *a, team_id team, bool *moved);
fallible appointment_rows_open_count(struct cx *cx, patient_id patient, int64_t *out);
/* Another visit of the patient that is on in [start, end), but for `except`. */
fallible appointment_row_overlaps(
    struct cx *cx, patient_id patient, appointment_id except, instant start, instant end, bool *out);
/* Visits of a team that are to come or asked for. */
fallible appointment_rows_open_of_team(struct cx *cx, team_id team, int64_t *out);
fallible appointment_rows_move(struct tx *tx, team_id from, team_id to);
fallible appointment_rows_to_remind(struct cx *cx, int64_t count_max, struct db_rows *out);
fallible appointment_open(struct cx *cx, struct appointment *a); /* the sealed texts */
fallible appointments_open(struct cx *cx, struct db_rows *rows);

fallible offer_rows(struct cx *cx, patient_id patient, appointment_id id, struct db_rows *out); /* slot_id */
fallible offer_rows_put(struct tx *tx, const struct appointment *a, const slot_id *slots, size_t count);

fallible reminder_choice_row_get(struct cx *cx, account_id account, int64_t *days, bool *found);
fallible reminder_choice_row_put(struct tx *tx, account_id account, int64_t days);

/* ---- rows of what is offered (schedule_store.c) ---- */

fallible visit_kind_row_put(struct tx *tx, const struct visit_kind *kind);
fallible visit_kind_row_get(struct cx *cx, visit_kind_id id, struct visit_kind *out, bool *found);
fallible visit_kind_rows(struct cx *cx, facility_id facility, struct db_rows *out);
fallible schedule_row_put(struct tx *tx, const struct schedule *schedule);
fallible schedule_row_get(struct cx *cx, schedule_id id, struct schedule *out, bool *found);
fallible schedule_rows_close(struct tx *tx, team_id team); /* with its slots */
fallible schedule_rows(struct cx *cx, facility_id facility, struct db_rows *out);
fallible slot_row_get(struct cx *cx, slot_id id, struct slot *out, bool *found);
fallible slot_row_add(struct tx *tx, const struct slot *slot);
fallible slot_row_seats(struct tx *tx, slot_id id, int64_t seats, bool closed);
fallible slot_row_delete(struct tx *tx, slot_id id);
fallible slot_rows_sweep(struct tx *tx, instant before); /* those that were never taken */
fallible slot_rows_of_schedule(struct cx *cx, schedule_id schedule, instant from, struct db_rows *out);
/* Open ones with a free seat of teams that care for the patient. */
fallible slot_rows_open(struct cx *cx, const struct slot_query *query, struct db_rows *out);
/* The same for whoever looks at the offer itself: of a facility, free or not. */
fallible slot_rows_of_facility(struct cx *cx, facility_id facility, schedule_id schedule, instant from, instant until,
    int64_t offset, int64_t count_max, struct db_rows *out);
fallible seat_rows(struct cx *cx, slot_id slot, struct db_rows *out); /* int64_t n, ascending */
fallible seat_row_add(struct tx *tx, slot_id slot, int64_t n, const struct appointment *a);
fallible seat_row_free(struct tx *tx, const struct appointment *a);

/* ---- rules between the files ---- */

/* With the right by which the caller sees it. */
fallible
appointment_find(struct cx *cx, patient_id patient, appointment_id id, struct appointment *out, enum access_why *why);

fallible facility_zone(struct cx *cx, facility_id facility, struct facility *out, const struct zone **zone);
/* Inside an act: the lowest free seat of a slot that is still open and to come, for `a`. */
fallible seat_take(struct tx *tx, slot_id slot, const struct appointment *a);
/* May patients take this one themselves now? ERR_CONFLICT with words otherwise. */
fallible slot_check_bookable(struct cx *cx, const struct slot *slot, facility_id facility);
/* ERR_INVALID with words for a text that is too long or not clean. */
fallible visit_check_text(str text, size_t chars_max, str *out);

/* ---- details and the Appointment of the record (visit_details.c) ---- */

struct seal_place appointment_place(appointment_id id, const char *what);
fallible
visit_details_seal(struct cx *cx, struct appointment *a); /* details, wish and agenda into their sealed members */
/* What a schedule and its kind say of a visit there. */
fallible visit_details_of_slot(struct cx *cx, const struct slot *slot, struct appointment *a);
/* The resource of a visit of ours. */
fallible appointment_resource(struct cx *cx, const struct appointment *a, struct resource_draft **out);
/* What an Appointment of another system says; keeps what is ours in `a` (thread, agenda). */
fallible appointment_from_resource(
    struct cx *cx, const struct resource *resource, const struct json_value *json, struct appointment *a);

/* ---- writing (appointment_put.c) ---- */

struct appointment_change {
	const struct appointment *before; /* NULL: it is new */
	struct appointment *after;        /* texts open; its sealed members are filled */
	enum appointment_deed deed;
	enum access_why why;
	bool takes_seat; /* of after->slot; the one before is let go */
	bool frees_seat;
	const slot_id *offers; /* NULL: none any more */
	size_t offer_count;
	str message;        /* goes into the conversation; absent: nothing is said */
	bool settles;       /* the team's message ends the question */
	const char *notice; /* reason of a notice to the patient; NULL: none */
	/* result */
	bool made_before; /* of a new one: the same key again */
	/* appointment_put's own */
	struct resource_draft *draft;
	struct uuid message_key;
	struct db_rows questions; /* struct visit_question: what the kind brings along */
};
/* One transaction: row, seat, offers, Appointment, trail, outbox; then the message is sent at once if it can be. */
fallible appointment_put(struct cx *cx, struct appointment_change *in);

/* ---- messages and notices ---- */

fallible visit_message_add(struct tx *tx, const struct appointment_change *in);
/* May the caller write to that team about it? ERR_INVALID with words otherwise. */
fallible visit_message_check(struct cx *cx, patient_id patient, team_id team);
/* The words of a deed: what is asked, offered or settled. */
fallible visit_message_words(struct cx *cx, const struct appointment_change *in, str words, str *out);
void visit_message_send_now(struct cx *cx, const struct appointment_change *in); /* what fails is the job loop's */
/* To the patient and to who acts for them and wants to be told of visits. */
fallible visit_notice_add(struct tx *tx, const struct appointment *a, const char *reason, str key);
fallible
visit_notice_delegates(struct tx *tx, const struct appointment *a, const char *reason, str key, bool and_message);
fallible visit_reminder_days(struct cx *cx, const struct appointment *a, int64_t *out);

#endif
