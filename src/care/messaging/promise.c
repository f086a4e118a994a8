/* SPDX-License-Identifier: Apache-2.0 */
/* The facility's clock: by when the team promises to answer, in business days where the facility stands. */
#include "care/messaging/messaging_internal.h"

fallible
promise_from_now(struct cx *cx, facility_id id, instant *due)
{
	struct facility facility;
	struct business_calendar calendar;

	TRY(facility_get(cx, id, &facility));
	TRY(facility_calendar(cx, id, &calendar));
	*due = business_add_days(&calendar, cx->now, (int)facility.reply_days);
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
