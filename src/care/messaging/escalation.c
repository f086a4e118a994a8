/* SPDX-License-Identifier: Apache-2.0 */
/* The clock that sees that nobody waits unheard: a thread past its date escalates once per business day of its facility
 * until somebody answers.  Claims of people who left end here too, so that nothing waits for somebody who is gone. */
#include "care/messaging/messaging_store.h"

static const struct err *
escalate(struct tx *tx, void *arg)
{
	struct thread *thread = arg;
	struct thread now_is = {0};
	instant next;

	TRY(thread_row_get(tx->cx, thread->id, &now_is));
	/* Answered since it was found, or struck by another machine. */
	if (instant_is_none(now_is.escalate_at) || instant_before(tx->cx->now, now_is.escalate_at))
		return NULL;
	TRY(next_business_day(tx->cx, now_is.facility, &next));
	thread_note_escalation(&now_is, tx->cx->now, next);
	TRY(thread_row_put(tx, &now_is));
	audit_thread(tx, AUDIT_ESCALATE, &now_is, ACCESS_SYSTEM);
	TRY(notice_escalation(tx, &now_is));
	*thread = now_is;
	return NULL;
}

static const struct err *
end_claim(struct tx *tx, void *arg)
{
	struct thread *thread = arg;
	struct thread now_is = {0};

	TRY(thread_row_get(tx->cx, thread->id, &now_is));
	if (!uuid_equal(now_is.owner.v, thread->owner.v))
		return NULL;
	thread_let_go(&now_is);
	TRY(thread_row_put(tx, &now_is));
	audit_thread(tx, AUDIT_UPDATE, &now_is, ACCESS_SYSTEM);
	*thread = now_is;
	return NULL;
}

static fallible
apply_to_each(struct cx *cx, act_fn *act, const struct db_rows *threads)
{
	struct thread *thread = threads->items;

	for (size_t i = 0; i < threads->count; i++) {
		TRY(db_write(cx, act, &thread[i]));
		live_thread_changed(cx, &thread[i]);
	}
	return NULL;
}

static const struct err *
warn(struct tx *tx, void *arg)
{
	struct thread *thread = arg;
	struct thread now_is = {0};
	bool first;

	TRY(thread_row_get(tx->cx, thread->id, &now_is));
	TRY(thread_row_warned(tx, &now_is, &first));
	return first ? notice_due_soon(tx, &now_is) : NULL;
}

/* What will be late within the facility's hours of warning. */
static fallible
warn_ahead(struct cx *cx)
{
	struct db_rows facilities, threads;
	const struct facility *facility;
	struct facility_settings settings;
	struct business_calendar calendar;

	TRY(facility_list(cx, &facilities));
	facility = facilities.items;
	for (size_t i = 0; i < facilities.count; i++) {
		TRY(facility_settings_get(cx, facility[i].id, &settings));
		if (settings.warn_before_hours == 0)
			continue;
		TRY(facility_calendar(cx, facility[i].id, &calendar));
		TRY(thread_rows_to_warn(cx, facility[i].id,
		    business_hours_after(&calendar, cx->now, settings.warn_before_hours), &threads));
		for (size_t n = 0; n < threads.count; n++)
			TRY(db_write(cx, warn, &((struct thread *)threads.items)[n]));
	}
	return NULL;
}

fallible
messaging_escalate(struct cx *cx)
{
	struct db_rows threads;

	TRY(warn_ahead(cx));

	TRY(thread_rows_left_behind(cx, &threads));
	TRY(apply_to_each(cx, end_claim, &threads));
	TRY(thread_rows_to_escalate(cx, &threads));
	return apply_to_each(cx, escalate, &threads);
}

fallible
messaging_ownerless(struct cx *cx, facility_id facility, int64_t count_max, struct db_rows *out)
{
	struct thread *thread;

	if (!(cx->who.is & (WHO_COORDINATOR | WHO_ADMINISTRATOR | WHO_SYSTEM)))
		return NOT_FOUND;
	if (!(cx->who.is & WHO_SYSTEM) && !uuid_equal(cx->who.facility.v, facility.v))
		return NOT_FOUND;
	TRY(thread_rows_ownerless(cx, facility, count_max, out));
	thread = out->items;
	for (size_t i = 0; i < out->count; i++)
		thread[i].subject = STR_NONE; /* sees to it that somebody answers, not what is asked */
	return NULL;
}
