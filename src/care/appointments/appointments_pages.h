/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages of this folder show. */
#ifndef SALVE_APPOINTMENTS_PAGES_H
#define SALVE_APPOINTMENTS_PAGES_H

#include "care/appointments/appointments_internal.h"
#include "care/appointments/visit_questions.h"
#include "trust/portal/portal.h"

#define APPOINTMENTS_FORM_BYTES (32 * 1024)

/* ---- words (appointments_words.c) ---- */

struct visit_line {
	str path, title, when, who, where, state, hint;
	enum status_kind kind;
	instant at; /* for sorting */
};
str appointment_state_words(const struct page_cx *px, const struct appointment *a, enum status_kind *kind);
str appointment_ask_words(const struct page_cx *px, const struct appointment *a); /* what is open; absent: nothing */
str appointment_path(const struct page_cx *px, const struct appointment *a, bool own);
struct visit_line appointment_line(const struct page_cx *px, const struct appointment *a, bool own);
str visit_hour(const struct page_cx *px, instant at);    /* "9:00 am" */
str visit_deed_done(const struct page_cx *px, str done); /* flash words of ?done= */

/* A time to choose: "Tuesday, 3 March 2026, 9:00 am". */
struct slot_option {
	str id, when, hour, hint;
};
struct slot_day {
	str day;
	const struct slot_option *slots;
	size_t count;
};
/* How many times from the i-th on are with the same people at the same place. */
size_t same_place(const struct slot_day *day, size_t i);
fallible slot_options(
    struct cx *cx, const struct page_cx *px, const struct slot *slots, size_t count, const struct slot_option **out);
/* The same by days, at most `days_max`; `more`: where the next days begin, none: that is all. */
fallible slot_days(struct cx *cx, const struct page_cx *px, const struct slot *slots, size_t count, size_t days_max,
    struct slot_day **out, size_t *day_count, instant *more);
/* The times chosen in a form, field "slot", at most `max`; ERR_INVALID with words beyond. */
fallible form_slots(struct cx *cx, struct request *rq, slot_id *out, size_t max, size_t *count);
/* The zone in which a visit is told: of its facility. */
fallible px_at_facility(struct cx *cx, facility_id facility, struct page_cx *px);

/* ---- the patient's ---- */

struct appointments_page {
	const struct visit_line *asked, *coming, *past;
	size_t asked_count, coming_count, past_count;
	bool sees_record, own;
	str zone_note; /* "Times are those of Cedar Valley Clinic." */
};
void page_appointments(struct buf *out, const struct page_cx *px, const struct appointments_page *v);

/* A questionnaire before a visit (visit_question_pages.c). */
struct visit_question_line {
	str title, state, score, meaning, words;
	str path;      /* to fill it in; absent: not for this person, or not now */
	str drop_path; /* to ask no more; absent: cannot be */
	enum status_kind kind;
	bool answered;
};
fallible visit_question_lines(struct cx *cx, const struct page_cx *px, const struct appointment *a, bool own,
    const struct visit_question_line **out, size_t *count);
fallible visit_question_options(
    struct cx *cx, const struct page_cx *px, const struct appointment *a, const struct option **out, size_t *count);

struct kind_link {
	str path, name, hint;
	bool current;
};
struct visit_page {
	struct form_errors errors;
	const struct appointment *a;
	struct visit_line line;
	bool own; /* the patient's side */
	str patient, patient_path, path, back;
	str ask, mode, thread_path, after_path, arrived;
	str agenda; /* as typed */
	bool to_come, can_agenda, can_change, can_cancel, can_ask_cancel, can_check_in, can_choose, can_withdraw,
	    can_ask_again;
	bool can_accept, can_offer, can_settle, can_refuse, can_keep, can_call_off, can_finish, can_miss, can_reopen;
	const struct slot_option *offers, *slots;
	size_t offer_count, slot_count;
	str words, day, hour, minutes, seen; /* as typed */
	str offer_path, later_path;          /* where the chosen kind and day stay in the address */
	const struct kind_link *kinds;       /* whose times are shown */
	size_t kind_count;
	const struct visit_question_line *questions;
	size_t question_count, question_open; /* to fill in still */
	const struct option *question_options;
	size_t question_option_count;
	str question; /* as chosen */
};
void page_visit(struct buf *out, const struct page_cx *px, const struct visit_page *v);
void page_team_visit(struct buf *out, const struct page_cx *px, const struct visit_page *v);

struct cancel_page {
	struct form_errors errors;
	const struct appointment *a;
	str path, when, reason, words;
	bool asks; /* another system keeps it: the team is asked */
	struct option reasons[6];
	size_t reason_count;
};
void page_cancel(struct buf *out, const struct page_cx *px, const struct cancel_page *v);

struct booking_page {
	struct form_errors errors;
	const struct appointment *moved; /* the visit that gets another time; NULL: a new one */
	str path, when, key, reason, chosen, words, ask_path, more_path, seen;
	const struct kind_link *kinds;
	size_t kind_count;
	const struct slot_day *days;
	size_t day_count;
	bool open;                        /* the clinic lets patients take times */
	const struct slot_option *wishes; /* times to ask for */
	size_t wish_count;
	str phone;
};
void page_booking(struct buf *out, const struct page_cx *px, const struct booking_page *v);
void page_change(struct buf *out, const struct page_cx *px, const struct booking_page *v);

struct ask_visit_page {
	struct form_errors errors;
	str key, team, kind, reason, wish;
	const struct option *teams, *kinds;
	size_t team_count, kind_count;
	const struct slot_option *slots;
	size_t slot_count;
	bool terms; /* messages must be switched on first */
};
void page_ask_visit(struct buf *out, const struct page_cx *px, const struct ask_visit_page *v);

struct after_group {
	str heading;
	const struct record_item *items;
	const str *paths;
	size_t count;
};
struct after_note {
	str title, text, path;
};
#define AFTER_GROUPS_MAX 8
struct after_page {
	str when, who, where, reason, path;
	struct after_group groups[AFTER_GROUPS_MAX];
	size_t group_count;
	const struct after_note *notes;
	size_t note_count;
	struct visit_line next;
	bool has_next;
	str ask_path;
};
void page_after(struct buf *out, const struct page_cx *px, const struct after_page *v);

struct visit_reminders_page {
	struct form_errors errors;
	bool week, three, two, one;
	bool chosen;
	int64_t hour;
};
void page_visit_reminders(struct buf *out, const struct page_cx *px, const struct visit_reminders_page *v);

/* ---- the team's ---- */

struct day_row {
	struct visit_line line;
	str hour, patient, patient_path, agenda, arrived, mode, unanswered_path;
	int64_t unanswered;
	str path, seen;
	bool can_check_in, can_finish, can_miss, can_reopen;
	const struct visit_question_line *questions;
	size_t question_count;
};
struct schedule_page {
	str day, before, after, today, back;
	bool is_today, mine;
	const struct kind_link *filters;
	size_t filter_count;
	const struct day_row *rows;
	size_t count;
	int64_t waiting, arrived;
};
void page_schedule(struct buf *out, const struct page_cx *px, const struct schedule_page *v);

struct request_row {
	struct visit_line line;
	str patient, ask, wish, reason, age, path, thread_path, seen;
	const struct slot_option *offers;
	size_t offer_count;
	bool can_accept;
};
struct requests_page {
	const struct request_row *rows;
	size_t count;
};
void page_requests(struct buf *out, const struct page_cx *px, const struct requests_page *v);

/* ---- the office's ---- */

struct office_line {
	str path, title, detail, state;
	enum status_kind kind;
};
struct office_schedule_page {
	const struct office_line *kinds, *hours;
	size_t kind_count, hour_count;
	bool open;
};
void page_office_schedule(struct buf *out, const struct page_cx *px, const struct office_schedule_page *v);

struct kind_question_box {
	str id, name, title;
	bool on;
};
struct kind_page {
	struct form_errors errors;
	str action, name, prepare, minutes, mode;
	bool bookable, active, made;
	const struct kind_question_box *questions; /* brought along by every visit of the kind */
	size_t question_count;
};
void page_kind(struct buf *out, const struct page_cx *px, const struct kind_page *v);

struct hours_page {
	struct form_errors errors;
	str action, team, account, kind, from, until, seats, first, last, place, directions, link;
	bool day[7];
	str day_names[7], day_fields[7];
	bool active, made;
	const struct option *teams, *people, *kinds;
	size_t team_count, people_count, kind_count;
};
void page_hours(struct buf *out, const struct page_cx *px, const struct hours_page *v);

/* ---- handlers ---- */

handler_fn get_appointments, get_visit, post_agenda, get_cancel, post_cancel, post_choose, post_visit_withdraw,
    post_check_in, get_calendar;
handler_fn get_booking, post_book, get_ask_visit, post_ask_visit, get_change, post_change;
handler_fn get_after, get_visit_reminders, post_visit_reminders;
handler_fn get_schedule, get_requests, get_team_visit, post_team_visit;
handler_fn get_visit_questionnaire, post_visit_questionnaire, post_visit_ask_questionnaire,
    post_visit_drop_questionnaire;
handler_fn get_office_schedule, get_kind, post_kind, get_hours, post_hours;

fallible visit_of_route(struct cx *cx, struct request *rq, struct appointment *out);
void visit_audit(struct cx *cx, const struct appointment *a);
fallible show_team_visit(struct cx *cx, struct request *rq, int status, struct visit_page *view);
/* The boxes of a kind: `chosen` (struct visit_kind_question) or as sent. */
fallible kind_question_boxes(struct cx *cx, const struct db_rows *chosen, struct request *rq, struct kind_page *view);
fallible kind_questions_save(struct cx *cx, visit_kind_id kind, const struct kind_page *view);
fallible visit_page_fill(struct cx *cx, struct page_cx *px, const struct appointment *a, struct visit_page *view);

#endif
