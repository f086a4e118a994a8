/* SPDX-License-Identifier: Apache-2.0 */
/* Reminders to measure: a notice outside of the program that says nothing but "sign in", at the time and on the days that the patient
 * chose.  Who has measured today already is left in peace. */
#include "care/journal/journal.h"
#include "care/journal/journal_internal.h"
#include "platform/jobs/jobs.h"
#include "platform/pages/i18n.h"
#include "trust/audit/audit.h"
#include "trust/identity/identity.h"

#define LOOKED_AT_ONCE 200 /* reminders */
#define ALL_DAYS       0x7f

bool
journal_reminder_is_due(const struct journal_reminder *reminder, const struct zone *zone, instant now)
{
	struct civil_time civil = zone_civil(zone, now);
	int32_t day = civil_date_to_days(civil.date);
	int64_t minute = civil.hour * 60 + civil.minute;

	if (!(reminder->days >> civil_weekday(day) & 1) || minute < reminder->minute ||
	    minute >= reminder->minute + REMINDER_LATE_MINUTES)
		return false;
	return instant_is_none(reminder->reminded) ||
	       civil_date_to_days(zone_civil(zone, reminder->reminded).date) != day;
}

/* ---- choosing ---- */

fallible
journal_reminder_get(struct cx *cx, const struct journal_log *log, struct journal_reminder *out)
{
	struct journal_reminder row;
	enum access_why why;
	bool found;

	TRY(access_check(cx, cx->who.patient, RIGHT_OWN, &why));
	TRY(journal_reminder_row(cx, cx->who.patient, log->number, &row, &found));
	*out =
	    found ? row
		  : (struct journal_reminder){.patient = cx->who.patient, .log = log->number, .reminded = INSTANT_NONE};
	return NULL;
}

static const struct err *
put(struct tx *tx, void *arg)
{
	const struct journal_reminder *in = arg;

	audit_add(
	    tx, &(struct audit){
		    .action = AUDIT_CHOOSE, .subject = AUDIT_JOURNAL, .patient = in->patient, .why = ACCESS_SELF});
	return in->days ? journal_reminder_row_put(tx, in) : journal_reminder_row_delete(tx, in->patient, in->log);
}

fallible
journal_reminder_set(struct cx *cx, const struct journal_log *log, int64_t minute, int64_t days)
{
	struct journal_reminder in = {.patient = cx->who.patient,
	    .log = log->number,
	    .account = cx->who.account,
	    .minute = minute,
	    .days = days,
	    .reminded = INSTANT_NONE};
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_OWN, &why));
	if (minute < 0 || minute >= 24 * 60 || days < 0 || days > ALL_DAYS)
		return ERR(ERR_INVALID, TR("Write a time, such as 8:30 or 4:30 pm."), "a reminder without sense");
	return db_write(cx, put, &in);
}

/* ---- reminding ---- */

static const struct err *
remind(struct tx *tx, void *arg)
{
	const struct journal_reminder *r = arg;
	struct journal_reminder next = *r;
	struct buf payload = BUF_INIT(tx->cx->arena), key = BUF_INIT(tx->cx->arena);

	next.reminded = tx->cx->now;
	buf_add(&payload, S("{\"reason\":\"measure\",\"account\":\""));
	buf_add_uuid(&payload, r->account.v);
	buf_add(&payload, S("\"}"));
	buf_add_uuid(&key, r->patient.v);
	buf_printf(&key, "/%lld/%lld", (long long)r->log, (long long)(tx->cx->now.ms / MINUTE_MS));
	TRY(journal_reminder_row_put(tx, &next));
	return outbox_add(
	    tx, &(struct outbox_new){
		    .kind = "notice", .key = buf_str(&key), .patient = r->patient, .payload = buf_str(&payload)});
}

/* An entry of today, whoever wrote it. */
static fallible
was_measured(struct cx *cx, const struct journal_reminder *r, const struct zone *zone, bool *out)
{
	const struct journal_entry *last;
	struct db_rows rows;

	TRY(journal_entries(
	    cx, &JOURNAL_QUERY(.patient = r->patient, .log = journal_log_of(r->log), .count = 1), &rows, NULL));
	last = rows.items;
	*out = rows.count && civil_date_to_days(zone_civil(zone, last->at).date) ==
	                         civil_date_to_days(zone_civil(zone, cx->now).date);
	return NULL;
}

static fallible
look_at(struct cx *cx, struct journal_reminder *r)
{
	struct facility facility;
	struct patient patient;
	const struct zone *zone;
	bool measured;

	if (!journal_log_of(r->log))
		return NULL;
	TRY(patient_get(cx, r->patient, &patient));
	TRY(facility_get(cx, patient.facility, &facility));
	TRY(zone_find(facility.zone, &zone));
	if (!journal_reminder_is_due(r, zone, cx->now))
		return NULL;
	TRY(was_measured(cx, r, zone, &measured));
	return measured ? NULL : db_write(cx, remind, r);
}

fallible
journal_remind(struct cx *cx)
{
	struct journal_reminder *reminders,
	    last = {.patient = {{{[15] = 1}}}}; /* none is NULL, which nothing is greater than */
	struct db_rows rows;

	do {
		TRY(journal_reminder_rows_after(cx, last.patient, last.log, LOOKED_AT_ONCE, &rows));
		reminders = rows.items;
		for (size_t i = 0; i < rows.count; i++)
			TRY(look_at(cx, &reminders[i]));
		if (rows.count)
			last = reminders[rows.count - 1];
	} while (rows.count == LOOKED_AT_ONCE);
	return NULL;
}
