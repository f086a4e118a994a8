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

instant
journal_reminder_after(const struct journal_reminder *reminder, const struct zone *zone, instant after)
{
	int32_t day = civil_date_to_days(zone_civil(zone, after).date);

	for (;; day++) { /* within eight days: one of the week is chosen */
		struct civil_time civil = {.date = civil_date_from_days(day),
		    .hour = (int8_t)(reminder->minute / 60),
		    .minute = (int8_t)(reminder->minute % 60)};
		instant at = zone_instant(zone, civil);

		if ((reminder->days >> civil_weekday(day) & 1) && instant_before(after, at))
			return at;
	}
}

/* Of the clinic that the patient belongs to. */
static fallible
zone_of(struct cx *cx, patient_id id, const struct zone **out)
{
	struct facility facility;
	struct patient patient;

	TRY(patient_get(cx, id, &patient));
	TRY(facility_get(cx, patient.facility, &facility));
	return zone_find(facility.zone, out);
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
	*out = found ? row
	             : (struct journal_reminder){.patient = cx->who.patient, .log = log->number, .next = INSTANT_NONE};
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
	    .next = INSTANT_NONE};
	const struct zone *zone;
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_OWN, &why));
	if (minute < 0 || minute >= 24 * 60 || days < 0 || days > ALL_DAYS)
		return ERR(ERR_INVALID, TR("Write a time, such as 8:30 or 4:30 pm."), "a reminder without sense");
	if (days) {
		TRY(zone_of(cx, in.patient, &zone));
		in.next = journal_reminder_after(&in, zone, cx->now);
	}
	return db_write(cx, put, &in);
}

/* ---- reminding ---- */

struct turn {
	struct journal_reminder reminder;
	instant next;
	bool is_said; /* otherwise only the next time is set */
};

static const struct err *
take_turn(struct tx *tx, void *arg)
{
	const struct turn *turn = arg;
	const struct journal_reminder *r = &turn->reminder;
	struct buf payload = BUF_INIT(tx->cx->arena), key = BUF_INIT(tx->cx->arena);
	bool moved;

	TRY(journal_reminder_row_move(tx, r, turn->next, &moved));
	if (!moved || !turn->is_said)
		return NULL;
	buf_add(&payload, S("{\"reason\":\"measure\",\"account\":\""));
	buf_add_uuid(&payload, r->account.v);
	buf_add(&payload, S("\"}"));
	buf_add_uuid(&key, r->patient.v);
	buf_printf(&key, "/%lld/%lld", (long long)r->log, (long long)(r->next.ms / MINUTE_MS));
	return outbox_add(
	    tx, &(struct outbox_new){
		    .kind = "notice", .key = buf_str(&key), .patient = r->patient, .payload = buf_str(&payload)});
}

/* An entry of today, whoever wrote it. */
static fallible
was_measured(struct cx *cx, const struct journal_reminder *r, const struct zone *zone, bool *out)
{
	const struct journal_log *log = journal_log_of(r->log);
	const struct journal_entry *last;
	struct db_rows rows;

	*out = true; /* of a log that there is no more */
	if (!log)
		return NULL;
	TRY(journal_entries(cx, &JOURNAL_QUERY(.patient = r->patient, .log = log, .count = 1), &rows, NULL));
	last = rows.items;
	*out = rows.count && civil_date_to_days(zone_civil(zone, last->at).date) ==
	                         civil_date_to_days(zone_civil(zone, cx->now).date);
	return NULL;
}

static fallible
remind(struct cx *cx, const struct journal_reminder *r)
{
	struct turn turn = {.reminder = *r};
	instant too_late = instant_add_ms(cx->now, -REMINDER_LATE_MINUTES * MINUTE_MS);
	const struct zone *zone;
	bool measured = true;

	TRY(zone_of(cx, r->patient, &zone));
	turn.next = journal_reminder_after(r, zone, cx->now);
	if (!instant_before(
		cx->now, journal_reminder_after(r, zone, too_late))) /* the program may have been away for days */
		TRY(was_measured(cx, r, zone, &measured));
	turn.is_said = !measured;
	return db_write(cx, take_turn, &turn);
}

static fallible
remind_some(struct cx *cx, void *count)
{
	const struct journal_reminder *due;
	struct db_rows rows;

	TRY(journal_reminder_rows_due(cx, LOOKED_AT_ONCE, &rows));
	due = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		TRY(remind(cx, &due[i]));
	*(size_t *)count = rows.count;
	return NULL;
}

fallible
journal_remind(struct cx *cx)
{
	size_t count;

	do
		TRY(db_apart(cx, remind_some, &count));
	while (count == LOOKED_AT_ONCE);
	return NULL;
}
