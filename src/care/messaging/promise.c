/* SPDX-License-Identifier: Apache-2.0 */
/* The facility's clock: by when the team promises to answer, in business days where the facility stands. */
#include "care/messaging/messaging_internal.h"

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

fallible
promise_from_now(struct cx *cx, facility_id id, instant *due)
{
	struct facility facility;
	struct business_calendar calendar;
	int32_t today;

	TRY(facility_get(cx, id, &facility));
	TRY(facility_calendar(cx, id, &calendar));
	today = civil_date_to_days(zone_civil(calendar.zone, cx->now).date);
	*due = business_day(&calendar, today) ? business_add_days(&calendar, cx->now, (int)facility.reply_days)
	                                      : end_of_promised_day(&calendar, today, facility.reply_days);
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
