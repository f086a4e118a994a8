/* SPDX-License-Identifier: Apache-2.0 */
/* Confirmations and reminders: when one leaves, and whether it still should.  What a mail says is notify's, and holds nothing of the
 * visit. */
#include "care/appointments/appointments_internal.h"
#include "care/notify/notify.h"

#define KIND       "visit_notice"
#define BATCH      100
#define REMINDER   "visit-reminder"
#define DAYS_VALID ((1 << (REMINDER_DAYS_MAX + 1)) - 2) /* bits 1 to REMINDER_DAYS_MAX */

/* ---- when ---- */

/* At REMINDER_HOUR of the day so many days before, by the facility's clocks of that day. */
instant
visit_reminder_next(const struct zone *zone, instant start, int64_t days, instant now)
{
	int32_t day;

	if (instant_is_none(start))
		return INSTANT_NONE;
	day = civil_date_to_days(zone_civil(zone, start).date);
	for (int before = REMINDER_DAYS_MAX; before >= 1; before--) {
		struct civil_time at = {.date = civil_date_from_days(day - before), .hour = REMINDER_HOUR};
		instant when = zone_instant(zone, at);

		if ((days & (1 << before)) && instant_before(now, when))
			return when;
	}
	return INSTANT_NONE;
}

static fallible
days_of_account(struct cx *cx, account_id account, facility_id facility, int64_t *days, bool *chosen)
{
	struct facility_settings settings;

	TRY(reminder_choice_row_get(cx, account, days, chosen));
	if (*chosen)
		return NULL;
	TRY(facility_settings_get(cx, facility, &settings));
	*days = settings.visit_reminder_days ? 1 << settings.visit_reminder_days : 0;
	return NULL;
}

fallible
visit_reminder_days(struct cx *cx, const struct appointment *a, int64_t *out)
{
	struct account account;
	bool found, chosen;

	*out = 0;
	TRY(account_of_patient(cx, a->patient, &account, &found));
	return found ? days_of_account(cx, account.id, a->facility, out, &chosen) : NULL;
}

fallible
visit_reminder_choice_get(struct cx *cx, int64_t *days, bool *chosen)
{
	return days_of_account(cx, cx->who.account, cx->who.facility, days, chosen);
}

struct choosing {
	account_id account;
	int64_t days;
	const struct appointment *visits;
	const instant *remind_at;
	size_t count;
};

static const struct err *
choose(struct tx *tx, void *arg)
{
	const struct choosing *in = arg;

	TRY(reminder_choice_row_put(tx, in->account, in->days));
	for (size_t i = 0; i < in->count; i++)
		TRY(appointment_row_remind(tx, in->visits[i].patient, in->visits[i].id, in->remind_at[i]));
	audit_add(tx, &(struct audit){.action = AUDIT_CHOOSE,
			  .subject = AUDIT_REMINDERS,
			  .patient = tx->cx->who.patient,
			  .why = ACCESS_SELF});
	return NULL;
}

fallible
visit_reminder_choice_set(struct cx *cx, int64_t days)
{
	struct choosing in = {.account = cx->who.account, .days = days};
	enum access_why why;
	struct db_rows rows;
	const struct appointment *a;
	instant *when;

	TRY(access_check(cx, cx->who.patient, RIGHT_OWN, &why));
	if (days & ~(int64_t)DAYS_VALID)
		return ERR(ERR_INVALID, TR("Choose days before the visit."), "reminder days");
	TRY(appointment_rows(cx, cx->who.patient, APPOINTMENTS_TO_COME, 0, APPOINTMENTS_OPEN_MAX * 5, &rows));
	a = in.visits = rows.items;
	when = ARENA_ARRAY(cx->arena, instant, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		struct facility facility;
		const struct zone *zone;

		TRY(facility_zone(cx, a[i].facility, &facility, &zone));
		when[i] = a[i].state == APPOINTMENT_BOOKED ? visit_reminder_next(zone, a[i].start, days, cx->now)
		                                           : INSTANT_NONE;
	}
	in.remind_at = when;
	in.count = rows.count;
	return db_write(cx, choose, &in);
}

/* ---- leaving ---- */

static fallible
tell(struct tx *tx, const struct appointment *a, account_id account, bool delegate, const char *reason, str key)
{
	struct arena *arena = tx->cx->arena;
	struct buf text = BUF_INIT(arena);
	struct json_writer w = JSON_WRITER(&text);
	str to = uuid_text(arena, account.v);

	json_write_object(&w);
	json_put_text(&w, "reason", str_from_z(reason));
	json_put_text(&w, "account", to);
	json_put_text(&w, "appointment", uuid_text(arena, a->id.v));
	if (!instant_is_none(a->start))
		json_put_int64(&w, "start", a->start.ms);
	if (delegate)
		json_put_bool(&w, "delegate", true);
	json_write_end(&w);
	json_write_done(&w);
	return outbox_add(tx, &(struct outbox_new){.kind = KIND,
				  .key = arena_printf(arena, "%s/%.*s%s%.*s", reason, STR_ARG(key), delegate ? "/" : "",
				      STR_ARG(delegate ? to : S(""))),
				  .patient = a->patient,
				  .payload = buf_str(&text),
				  .not_before = INSTANT_NONE});
}

/* Who did it is not told of it. */
static bool
is_doer(const struct cx *cx, account_id account)
{
	return uuid_equal(cx->who.account.v, account.v);
}

/* `and_message`: it also stands in a message, which has a notice of its own for who reads messages. */
fallible
visit_notice_delegates(struct tx *tx, const struct appointment *a, const char *reason, str key, bool and_message)
{
	struct db_rows rows;
	const account_id *account;

	TRY(delegates_told(tx->cx, a->patient, RIGHT_APPOINTMENTS, &rows));
	account = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		bool reads = false;

		if (and_message)
			TRY(delegate_is_told(tx->cx, a->patient, account[i], RIGHT_MESSAGES_READ, &reads));
		if (!reads && !is_doer(tx->cx, account[i]))
			TRY(tell(tx, a, account[i], true, reason, key));
	}
	return NULL;
}

fallible
visit_notice_add(struct tx *tx, const struct appointment *a, const char *reason, str key)
{
	struct account account;
	bool found;

	TRY(account_of_patient(tx->cx, a->patient, &account, &found));
	if (found)
		TRY(tell(tx, a, account.id, false, reason, key));
	return visit_notice_delegates(tx, a, reason, key, false);
}

/* Reminding and moving on to the next reminder are one transaction, and the key holds visit, time and moment: after a crash it is done
 * or not, never twice. */
static const struct err *
remind(struct tx *tx, void *arg)
{
	const struct appointment *due = arg;
	struct appointment a;
	struct facility facility;
	const struct zone *zone;
	int64_t days;
	bool found;

	TRY(appointment_row_get(tx->cx, due->patient, due->id, &a, &found));
	if (!found || instant_is_none(a.remind_at) || a.remind_at.ms != due->remind_at.ms)
		return NULL; /* another machine, or it was changed meanwhile */
	if (a.state == APPOINTMENT_BOOKED && instant_before(tx->cx->now, a.start))
		TRY(visit_notice_add(tx, &a, REMINDER,
		    arena_printf(tx->cx->arena, "%.*s/%lld/%lld", STR_ARG(uuid_text(tx->cx->arena, a.id.v)),
			(long long)a.start.ms, (long long)a.remind_at.ms)));
	TRY(facility_zone(tx->cx, a.facility, &facility, &zone));
	TRY(visit_reminder_days(tx->cx, &a, &days));
	return appointment_row_remind(tx, a.patient, a.id,
	    a.state == APPOINTMENT_BOOKED ? visit_reminder_next(zone, a.start, days, tx->cx->now) : INSTANT_NONE);
}

static fallible
remind_some(struct cx *cx, void *count)
{
	struct appointment *a;
	struct db_rows rows;

	TRY(appointment_rows_to_remind(cx, BATCH, &rows));
	a = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		TRY(db_write(cx, remind, &a[i]));
	*(size_t *)count = rows.count;
	return NULL;
}

fallible
visit_reminders_send(struct cx *cx)
{
	size_t count;

	do
		TRY(db_apart(cx, remind_some, &count));
	while (count == BATCH);
	return NULL;
}

/* What was called off, moved or has begun while the mail waited is not reminded of. */
static fallible
still_wanted(struct cx *cx, const struct outbox_item *item, const struct json_value *json, bool *out)
{
	struct appointment a;
	appointment_id id;
	int64_t start = 0;

	*out = true;
	if (!str_equal(json_text_at(json, "reason"), S(REMINDER)))
		return NULL;
	if (!uuid_parse(json_text_at(json, "appointment"), &id.v))
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a reminder without a visit");
	TRY(appointment_row_get(cx, item->patient, id, &a, out));
	json_to_int64(json_get(json, "start"), &start);
	*out = *out && a.state == APPOINTMENT_BOOKED && a.start.ms == start && instant_before(cx->now, a.start);
	return NULL;
}

fallible
visit_notice_deliver(struct cx *cx, const struct outbox_item *item)
{
	const struct json_value *json;
	bool wanted;

	TRY(json_parse(cx->arena, item->payload, &json, NULL));
	TRY(still_wanted(cx, item, json, &wanted));
	return wanted ? notice_deliver(cx, item) : NULL;
}
