/* SPDX-License-Identifier: Apache-2.0 */
/* The facility's clock: by when the team promises to answer, in business days where the facility stands. */
#include "care/messaging/messaging_store.h"

/* What comes in on a day off is answered by the end of the last of the promised days: "by Wednesday" is then true until
 * midnight, where counting from the first minute of Monday would end with the first minute of Thursday. */
static instant
end_of_promised_day(const struct business_calendar *calendar, int32_t received_day, int64_t count)
{
	int32_t day = received_day;

	while (count > 0)
		count -= business_day(calendar, ++day);
	return zone_instant(
	    calendar->zone, (struct civil_time){.date = civil_date_from_days(day), .hour = 23, .minute = 59});
}

static instant
promised(const struct business_calendar *calendar, instant from, int64_t days)
{
	int32_t day = civil_date_to_days(zone_civil(calendar->zone, from).date);

	return business_day(calendar, day) ? business_add_days(calendar, from, (int)days)
	                                   : end_of_promised_day(calendar, day, days);
}

fallible
promise_from_now(struct cx *cx, facility_id id, instant *due)
{
	struct facility facility;
	struct business_calendar calendar;

	TRY(facility_get(cx, id, &facility));
	TRY(facility_calendar(cx, id, &calendar));
	*due = promised(&calendar, cx->now, facility.reply_days);
	return NULL;
}

fallible
promise_urgent_from_now(struct cx *cx, facility_id id, instant *due)
{
	struct facility facility;
	struct facility_settings settings;
	struct business_calendar calendar;
	int64_t days;

	TRY(facility_get(cx, id, &facility));
	TRY(facility_settings_get(cx, id, &settings));
	TRY(facility_calendar(cx, id, &calendar));
	days = settings.urgent_reply_days && settings.urgent_reply_days < facility.reply_days
	           ? settings.urgent_reply_days
	           : facility.reply_days;
	*due = promised(&calendar, cx->now, days);
	return NULL;
}

static instant
hour_of(const struct business_calendar *calendar, int32_t day, int hour)
{
	return zone_instant(
	    calendar->zone, (struct civil_time){.date = civil_date_from_days(day), .hour = (int8_t)hour});
}

instant
business_hours_after(const struct business_calendar *calendar, instant from, int64_t hours)
{
	int32_t day = civil_date_to_days(zone_civil(calendar->zone, from).date);
	int64_t left = hours * HOUR_MS;

	for (;; day++) {
		instant begin = hour_of(calendar, day, BUSINESS_HOUR_FIRST),
			end = hour_of(calendar, day, BUSINESS_HOUR_LAST);

		if (!business_day(calendar, day) || !instant_before(from, end))
			continue;
		if (instant_before(begin, from))
			begin = from;
		if (end.ms - begin.ms >= left)
			return instant_add_ms(begin, left);
		left -= end.ms - begin.ms;
	}
}

/* ---- another calendar ---- */

fallible
messaging_calendar_changed(struct tx *tx, facility_id id)
{
	struct facility facility;
	struct business_calendar calendar;
	struct db_rows rows;
	struct thread *thread;

	TRY(facility_get(tx->cx, id, &facility));
	TRY(facility_calendar(tx->cx, id, &calendar));
	TRY(thread_rows_owed(tx->cx, id, &rows));
	thread = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		struct thread *t = &thread[i];
		instant due = promised(&calendar, t->round_at, facility.reply_days);

		if (!instant_before(due, t->due))
			continue; /* never later than it was promised */
		t->due = due;
		if (t->escalation_tries == 0)
			t->escalate_at = due;
		TRY(thread_row_put(tx, t));
	}
	return NULL;
}

fallible
next_business_day(struct cx *cx, facility_id id, instant *next)
{
	struct business_calendar calendar;

	TRY(facility_calendar(cx, id, &calendar));
	*next = business_add_days(&calendar, cx->now, 1);
	return NULL;
}
