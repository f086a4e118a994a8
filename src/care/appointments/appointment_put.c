/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a visit: everything that a deed changes, in one transaction. */
#include "care/appointments/appointments_internal.h"
#include "care/appointments/visit_questions_internal.h"

const struct err *
appointment_not_there(void)
{
	return ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.",
	    "no such appointment");
}

const struct err *
appointment_moved_on(void)
{
	return ERR(ERR_CONFLICT, TR("This visit was changed meanwhile. Look at it again, please."),
	    "the appointment moved on");
}

const struct err *
slot_taken(void)
{
	return ERR(ERR_CONFLICT,
	    TR("Somebody took this time just before. Please choose another one. Nothing was booked."),
	    "the slot is full, closed or over");
}

/* The lowest free seat. Two who ask at once: the primary key lets one of them in, the other one looks again or is refused. */
fallible
seat_take(struct tx *tx, slot_id id, const struct appointment *a)
{
	struct slot slot;
	struct db_rows rows;
	const int64_t *taken;
	int64_t n = 0;
	bool found;

	TRY(slot_row_get(tx->cx, id, &slot, &found));
	if (!found || slot.closed || !instant_before(tx->cx->now, slot.start))
		return slot_taken();
	TRY(seat_rows(tx->cx, id, &rows));
	taken = rows.items;
	for (size_t i = 0; i < rows.count && taken[i] == n; i++)
		n++;
	if (n >= slot.seats || (int64_t)rows.count >= slot.seats)
		return slot_taken();
	return seat_row_add(tx, id, n, a);
}

/* Asked only where the deed gives the visit a time: what stands already, stands. */
static fallible
check_elsewhere(struct tx *tx, const struct appointment_change *in)
{
	const struct appointment *a = in->after;
	bool overlaps;

	if (!in->takes_seat && in->deed != DEED_SETTLE)
		return NULL;
	TRY(appointment_row_overlaps(tx->cx, a->patient, a->id, a->start, a->end, &overlaps));
	return overlaps
	           ? ERR(ERR_CONFLICT,
			 TR("There is another visit at that time. Please choose another time. Nothing was changed."),
			 "the patient is elsewhere then")
	           : NULL;
}

static fallible
put_seat(struct tx *tx, const struct appointment_change *in)
{
	if (in->takes_seat || in->frees_seat)
		TRY(seat_row_free(tx, in->after));
	return in->takes_seat ? seat_take(tx, in->after->slot, in->after) : NULL;
}

static enum audit_action
audit_action_of(enum appointment_deed deed)
{
	switch (deed) {
	case DEED_ASK:
	case DEED_ASK_CHANGE:
	case DEED_ASK_CANCEL:
	case DEED_ASK_AGAIN: return AUDIT_ASK;
	case DEED_BOOK: return AUDIT_CREATE;
	case DEED_OFFER:
	case DEED_ACCEPT:
	case DEED_REFUSE:
	case DEED_KEEP: return AUDIT_ANSWER;
	case DEED_WITHDRAW: return AUDIT_WITHDRAW;
	default: return AUDIT_UPDATE;
	}
}

/* The patient's list stands in the Appointment too, and is saved without counting as a change. */
static fallible
check_agenda(struct tx *tx, const struct appointment *before)
{
	struct appointment now;
	bool found;

	TRY(appointment_row_get(tx->cx, before->patient, before->id, &now, &found));
	return found && str_equal(now.agenda_sealed, before->agenda_sealed) ? NULL : appointment_moved_on();
}

static fallible
put_row(struct tx *tx, struct appointment_change *in)
{
	bool changed;

	if (!in->before) {
		TRY(appointment_row_add(tx, in->after, &changed));
		in->made_before = !changed;
		return NULL;
	}
	TRY(check_agenda(tx, in->before));
	TRY(appointment_row_put(tx, in->after, in->before->changes, &changed));
	return changed ? NULL : appointment_moved_on();
}

/* In the team's inbox the times that the patient proposes are buttons of the conversation, and the whole answer a link beside it. */
static fallible
put_buttons(struct tx *tx, const struct appointment_change *in)
{
	const struct appointment *a = in->after;
	struct arena *arena = tx->cx->arena;
	struct thread_button buttons[APPOINTMENT_OFFERS_MAX + 1];
	bool proposed = a->asked == ASKED_NEW || a->asked == ASKED_CHANGE;
	bool waits = proposed || a->asked == ASKED_CANCEL;
	size_t count = 0;

	if (uuid_is_none(a->thread.v))
		return NULL;
	for (size_t i = 0; proposed && i < in->offer_count; i++) {
		struct slot slot;

		TRY(slot_get(tx->cx, in->offers[i], &slot));
		buttons[count++] = (struct thread_button){.label = S(TR("Book %1")),
		    .at = slot.start,
		    .action = arena_printf(arena, "/patients/%.*s/appointments/%.*s",
			STR_ARG(uuid_text(arena, a->patient.v)), STR_ARG(uuid_text(arena, a->id.v))),
		    .fields = arena_printf(arena, "deed=accept&slot=%.*s&back=/inbox/%.*s",
			STR_ARG(uuid_text(arena, slot.id.v)), STR_ARG(uuid_text(arena, a->thread.v)))};
	}
	if (waits) /* all that can be done, with times and reasons */
		buttons[count++] = (struct thread_button){.label = S(TR("Answer this request")),
		    .at = INSTANT_NONE,
		    .action = arena_printf(arena, "/patients/%.*s/appointments/%.*s",
			STR_ARG(uuid_text(arena, a->patient.v)), STR_ARG(uuid_text(arena, a->id.v)))};
	return thread_buttons_put(tx, a->patient, a->thread, buttons, count);
}

/* Which of them are there already, answered or not, is left alone; what the team took away of a visit that is only moved stays away. */
static fallible
put_questions(struct tx *tx, const struct appointment_change *in)
{
	const struct visit_question *q = in->questions.items;
	bool added;

	if (in->before && in->before->state == APPOINTMENT_BOOKED && uuid_equal(in->before->kind.v, in->after->kind.v))
		return NULL;
	for (size_t i = 0; i < in->questions.count; i++)
		TRY(visit_question_row_add(tx, &q[i], &added));
	return NULL;
}

/* Does it change when or whether they meet, or what is open about it? Checking in and what was do not. */
static bool
is_news(enum appointment_deed deed)
{
	switch (deed) {
	case DEED_ASK:
	case DEED_CHECK_IN:
	case DEED_FINISH:
	case DEED_MISS:
	case DEED_REOPEN: return false;
	default: return true;
	}
}

/* The patient is told of what the team did and of what who acts for them did; those who act for them of what anybody else did. */
static fallible
tell(struct tx *tx, const struct appointment_change *in)
{
	const struct appointment *a = in->after;
	str key =
	    arena_printf(tx->cx->arena, "%.*s/%lld", STR_ARG(uuid_text(tx->cx->arena, a->id.v)), (long long)a->changes);

	if (!is_news(in->deed))
		return NULL;
	if (in->notice || in->why == ACCESS_DELEGATE)
		return visit_notice_add(tx, a, in->notice ? in->notice : "visit", key);
	return visit_notice_delegates(tx, a, "visit", key, in->message.p && in->why == ACCESS_CARE_TEAM);
}

static const struct err *
put(struct tx *tx, void *arg)
{
	struct appointment_change *in = arg;
	struct appointment *a = in->after;
	bool changed;

	in->made_before = false;
	a->version = in->before ? in->before->version : 0;
	a->changes = in->before ? in->before->changes : 1;
	if (in->draft) /* first, for its version stands in the row */
		TRY(resource_put(tx, in->draft, &a->version, &changed));
	TRY(put_row(tx, in));
	if (in->made_before)
		return NULL;
	TRY(check_elsewhere(tx, in));
	TRY(put_seat(tx, in));
	TRY(offer_rows_put(tx, a, in->offers, in->offer_count));
	TRY(put_buttons(tx, in));
	TRY(put_questions(tx, in));
	audit_add(tx, &(struct audit){.action = audit_action_of(in->deed),
			  .subject = AUDIT_VISITS,
			  .patient = a->patient,
			  .item = a->id.v,
			  .why = (int)in->why});
	if (in->message.p)
		TRY(visit_message_add(tx, in));
	return tell(tx, in);
}

static fallible
fill_reminder(struct cx *cx, struct appointment *a)
{
	struct facility facility;
	const struct zone *zone;
	int64_t days;

	a->remind_at = INSTANT_NONE;
	if (a->state != APPOINTMENT_BOOKED || instant_is_none(a->start))
		return NULL;
	TRY(facility_zone(cx, a->facility, &facility, &zone));
	TRY(visit_reminder_days(cx, a, &days));
	a->remind_at = visit_reminder_next(zone, a->start, days, cx->now);
	return NULL;
}

/* A row that was there before an act of the same key: whether it was the same deed is for the caller to see. */
static fallible
find_made(struct cx *cx, struct appointment *a)
{
	bool found;

	TRY(appointment_row_get(cx, a->patient, a->id, a, &found));
	return found ? appointment_open(cx, a) : appointment_not_there();
}

fallible
appointment_put(struct cx *cx, struct appointment_change *in)
{
	struct appointment *a = in->after;

	a->changed_at = cx->now;
	if (in->message.p) {
		in->message_key = uuid_new(cx->now);
		if (uuid_is_none(a->thread.v))
			a->thread.v = in->message_key;
	}
	TRY(fill_reminder(cx, a));
	TRY(visit_details_seal(cx, a));
	TRY(visit_questions_by_rule(cx, a, &in->questions));
	if (a->ours)
		TRY(appointment_resource(cx, a, &in->draft));
	TRY(db_write(cx, put, in));
	if (in->made_before)
		return find_made(cx, a);
	a->changes = in->before ? in->before->changes + 1 : 1;
	if (in->message.p)
		visit_message_send_now(cx, in);
	live_waiting(cx, a->patient, a->team, COUNT_VISITS);
	if (in->before && !uuid_equal(in->before->team.v, a->team.v))
		live_waiting(cx, a->patient, in->before->team, COUNT_VISITS);
	return NULL;
}
