/* SPDX-License-Identifier: Apache-2.0 */
/* What a clinic offers: kinds of visits, opening hours, and the slots that come of them.  Hours are wall-clock times of the facility's
 * zone: a slot is at 9 in the morning on the day before the clocks change and on the day after. */
#include "care/appointments/appointments_internal.h"

#define NAME_CHARS_MAX    80
#define TEXT_CHARS_MAX    1000
#define LINK_CHARS_MAX    500
#define MINUTES_OF_DAY    1440
#define SLOTS_KEPT_DAYS   7    /* what was free and is over is forgotten after that */
#define SLOTS_AT_ONCE_MAX 5000 /* a year of quarter hours of one clinician is less */

fallible
facility_zone(struct cx *cx, facility_id id, struct facility *out, const struct zone **zone)
{
	TRY(facility_get(cx, id, out));
	return zone_find(out->zone, zone);
}

fallible
visit_check_text(str text, size_t chars_max, str *out)
{
	*out = str_trim(text);
	if (utf8_count(*out) > chars_max)
		return ERR(ERR_INVALID, TR("This text is too long. Please shorten it."), "a text too long");
	return utf8_is_clean_text(*out) ? NULL
	                                : ERR(ERR_INVALID, TR("There are signs in this text that cannot be shown."),
					      "a text that is not clean");
}

/* ---- kinds ---- */

static fallible
check_kind(const struct visit_kind *in, struct visit_kind *out)
{
	*out = *in;
	TRY(visit_check_text(in->name, NAME_CHARS_MAX, &out->name));
	TRY(visit_check_text(in->prepare, TEXT_CHARS_MAX, &out->prepare));
	if (!out->name.n || !utf8_is_clean_line(out->name))
		return ERR(
		    ERR_INVALID, TR("Give the kind of visit a name that patients understand."), "no name of a kind");
	if (out->minutes < VISIT_MINUTES_MIN || out->minutes > VISIT_MINUTES_MAX)
		return ERR(ERR_INVALID, TR("A visit takes from 5 to 480 minutes."), "minutes of a kind");
	if (out->mode < MODE_IN_PERSON || out->mode > MODE_TELEPHONE)
		return ERR(ERR_INVALID, TR("Choose one."), "no mode of a kind");
	return NULL;
}

static void
audit_office(struct tx *tx)
{
	audit_add(tx, &(struct audit){.action = AUDIT_ADMINISTER, .subject = AUDIT_FACILITY});
}

static const struct err *
put_kind(struct tx *tx, void *arg)
{
	const struct visit_kind *kind = arg;
	struct db_rows rows;

	TRY(visit_kind_rows(tx->cx, kind->facility, &rows));
	if (rows.count >= VISIT_KINDS_MAX)
		return ERR(ERR_INVALID, TR("There are very many kinds already. Change one of them instead."),
		    "too many kinds");
	audit_office(tx);
	return visit_kind_row_put(tx, kind);
}

fallible
visit_kind_save(struct cx *cx, const struct visit_kind *in)
{
	struct visit_kind kind, before;
	bool found;

	TRY(office_check(cx, in->facility));
	TRY(check_kind(in, &kind));
	TRY(visit_kind_row_get(cx, kind.id, &before, &found));
	if (found && !uuid_equal(before.facility.v, kind.facility.v))
		return appointment_not_there();
	if (found && before.minutes != kind.minutes)
		return ERR(ERR_INVALID,
		    TR("How long it takes cannot be changed any more, because times were made from it. Make a new kind "
		       "instead."),
		    "minutes of a kind that is in use");
	return db_write(cx, put_kind, &kind);
}

fallible
visit_kinds(struct cx *cx, facility_id facility, struct db_rows *out)
{
	return visit_kind_rows(cx, facility, out);
}

fallible
visit_kind_get(struct cx *cx, visit_kind_id id, struct visit_kind *out)
{
	bool found;

	TRY(visit_kind_row_get(cx, id, out, &found));
	return found ? NULL : appointment_not_there();
}

/* ---- opening hours ---- */

static bool
share_a_time(const struct schedule *a, const struct schedule *b)
{
	return (a->weekdays & b->weekdays) && a->from_minute < b->until_minute && b->from_minute < a->until_minute &&
	       a->first_day <= b->last_day && b->first_day <= a->last_day;
}

/* Nobody can be in two visits at once: hours of one clinician do not overlap. */
static fallible
check_alone(struct cx *cx, const struct schedule *s)
{
	struct db_rows rows;
	const struct schedule *other;

	if (uuid_is_none(s->account.v) || !s->active)
		return NULL;
	TRY(schedule_rows(cx, s->facility, &rows));
	other = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (other[i].active && !uuid_equal(other[i].id.v, s->id.v) &&
		    uuid_equal(other[i].account.v, s->account.v) && share_a_time(s, &other[i]))
			return ERR(ERR_INVALID,
			    TR("This clinician has other opening hours at that time. One person cannot be in two "
			       "visits at once."),
			    "hours of a clinician overlap");
	return NULL;
}

static fallible
check_hours(const struct schedule *s, const struct visit_kind *kind)
{
	if (s->weekdays <= 0 || s->weekdays >= 1 << 7)
		return ERR(ERR_INVALID, TR("Choose at least one day of the week."), "no weekday");
	if (s->from_minute < 0 || s->until_minute > MINUTES_OF_DAY || s->until_minute - s->from_minute < kind->minutes)
		return ERR(ERR_INVALID, TR("The hours must be long enough for one visit."), "hours too short");
	if (s->seats < 1 || s->seats > SCHEDULE_SEATS_MAX)
		return ERR(ERR_INVALID, TR("From 1 to 50 patients can come at one time."), "seats");
	if (!uuid_is_none(s->account.v) && s->seats > 1 && kind->mode != MODE_IN_PERSON)
		return ERR(
		    ERR_INVALID, TR("One clinician sees one patient at a time by video or telephone."), "seats of one");
	if (s->last_day < s->first_day)
		return ERR(ERR_INVALID, TR("The last day must not be before the first."), "days in the wrong order");
	return NULL;
}

static fallible
check_schedule(struct cx *cx, const struct schedule *in, struct schedule *out)
{
	struct visit_kind kind;
	struct team team;
	bool member = true;

	*out = *in;
	TRY(visit_kind_get(cx, in->kind, &kind));
	TRY(team_get(cx, in->team, &team));
	if (!uuid_equal(kind.facility.v, in->facility.v) || !uuid_equal(team.facility.v, in->facility.v))
		return appointment_not_there();
	TRY(visit_check_text(in->place, NAME_CHARS_MAX, &out->place));
	TRY(visit_check_text(in->directions, TEXT_CHARS_MAX, &out->directions));
	TRY(visit_check_text(in->link, LINK_CHARS_MAX, &out->link));
	if (out->link.n && !str_starts(out->link, S("https://")))
		return ERR(ERR_INVALID, TR("The address of the video visit must begin with https://"), "no https");
	if (kind.mode == MODE_VIDEO && !out->link.n)
		return ERR(ERR_INVALID, TR("Give the address of the video visit."), "a video visit without address");
	TRY(check_hours(out, &kind));
	if (!uuid_is_none(in->account.v))
		TRY(team_has_member(cx, in->team, in->account, &member));
	if (!member)
		return ERR(ERR_INVALID, TR("This person does not work for that team."), "hours of no member");
	return check_alone(cx, out);
}

/* The start of a slot, or none where the clocks leave it out. */
static instant
wall_clock(const struct zone *zone, int32_t day, int64_t minute)
{
	struct civil_time wanted = {.date = civil_date_from_days(day)}, got;
	instant at;

	wanted.hour = (int8_t)(minute / 60);
	wanted.minute = (int8_t)(minute % 60);
	at = zone_instant(zone, wanted);
	got = zone_civil(zone, at);
	return got.hour == wanted.hour && got.minute == wanted.minute ? at : INSTANT_NONE;
}

struct slots_wanted {
	const struct schedule *schedule;
	instant now;
	LIST(struct slot) slots;
};

static void
want_day(struct cx *cx, struct slots_wanted *w, const struct zone *zone, const struct visit_kind *kind, int32_t day)
{
	const struct schedule *s = w->schedule;

	for (int64_t minute = s->from_minute; minute + kind->minutes <= s->until_minute; minute += kind->minutes) {
		instant start = wall_clock(zone, day, minute);

		if (instant_is_none(start) || !instant_before(w->now, start) || w->slots.count >= SLOTS_AT_ONCE_MAX)
			continue;
		*LIST_ADD(cx->arena, &w->slots) = (struct slot){.id = {uuid_new(cx->now)},
		    .schedule = s->id,
		    .team = s->team,
		    .kind = s->kind,
		    .start = start,
		    .end = instant_add_ms(start, kind->minutes * MINUTE_MS),
		    .seats = s->seats};
	}
}

/* The slots that a schedule should have from now on: its weekdays, without days off. */
static fallible
want_slots(struct cx *cx, const struct schedule *s, struct slots_wanted *out)
{
	struct business_calendar calendar;
	struct facility_settings settings;
	struct visit_kind kind;
	int32_t today;

	*out = (struct slots_wanted){.schedule = s, .now = cx->now};
	TRY(visit_kind_get(cx, s->kind, &kind));
	TRY(facility_calendar(cx, s->facility, &calendar));
	TRY(facility_settings_get(cx, s->facility, &settings));
	today = civil_date_to_days(zone_civil(calendar.zone, cx->now).date);
	if (!s->active || !kind.active)
		return NULL;
	for (int32_t day = today; day <= today + settings.booking_days_ahead; day++) {
		bool off = day_is_federal_holiday(day);

		for (size_t i = 0; i < calendar.closure_count && !off; i++)
			off = calendar.closures[i] == day;
		/* who opens on a Saturday says so; a holiday or a closure is a day off whatever the weekday */
		if (off || !(s->weekdays & (1 << civil_weekday(day))) || day < s->first_day || day > s->last_day)
			continue;
		want_day(cx, out, calendar.zone, &kind, day);
	}
	return NULL;
}

/* What is there and wanted gets its seats; what is there and not wanted goes, or shuts when somebody is in it. */
static fallible
settle_slots(struct tx *tx, struct slots_wanted *w)
{
	struct db_rows rows;
	const struct slot *there;
	size_t at = 0;

	TRY(slot_rows_of_schedule(tx->cx, w->schedule->id, tx->cx->now, &rows));
	there = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		bool wanted;
		int64_t seats = w->schedule->seats > there[i].taken ? w->schedule->seats : there[i].taken;

		while (at < w->slots.count && w->slots.items[at].start.ms < there[i].start.ms)
			at++;
		wanted = at < w->slots.count && w->slots.items[at].start.ms == there[i].start.ms &&
		         w->slots.items[at].end.ms == there[i].end.ms &&
		         uuid_equal(there[i].kind.v, w->schedule->kind.v) &&
		         uuid_equal(there[i].team.v, w->schedule->team.v);
		if (!wanted && there[i].taken == 0)
			TRY(slot_row_delete(tx, there[i].id));
		else if (there[i].closed != !wanted || (wanted && there[i].seats != seats))
			TRY(slot_row_seats(tx, there[i].id, seats, !wanted));
	}
	for (size_t i = 0; i < w->slots.count; i++)
		TRY(slot_row_add(tx, &w->slots.items[i]));
	return NULL;
}

struct schedule_saving {
	const struct schedule *schedule;
	struct slots_wanted wanted;
};

static const struct err *
put_schedule(struct tx *tx, void *arg)
{
	struct schedule_saving *in = arg;
	struct db_rows rows;

	TRY(schedule_rows(tx->cx, in->schedule->facility, &rows));
	if (rows.count >= SCHEDULES_MAX)
		return ERR(ERR_INVALID, TR("There are very many opening hours already. Change one of them instead."),
		    "too many schedules");
	TRY(check_alone(tx->cx, in->schedule));
	audit_office(tx);
	TRY(schedule_row_put(tx, in->schedule));
	return settle_slots(tx, &in->wanted);
}

fallible
schedule_save(struct cx *cx, const struct schedule *in)
{
	struct schedule schedule, before;
	struct schedule_saving saving = {.schedule = &schedule};
	bool found;

	TRY(office_check(cx, in->facility));
	TRY(check_schedule(cx, in, &schedule));
	TRY(schedule_row_get(cx, schedule.id, &before, &found));
	if (found && !uuid_equal(before.facility.v, schedule.facility.v))
		return appointment_not_there();
	TRY(want_slots(cx, &schedule, &saving.wanted));
	return db_write(cx, put_schedule, &saving);
}

fallible
schedules_of_facility(struct cx *cx, facility_id facility, struct db_rows *out)
{
	return schedule_rows(cx, facility, out);
}

fallible
schedule_get(struct cx *cx, schedule_id id, struct schedule *out)
{
	bool found;

	TRY(schedule_row_get(cx, id, out, &found));
	return found ? NULL : appointment_not_there();
}

static const struct err *
extend(struct tx *tx, void *arg)
{
	return settle_slots(tx, arg);
}

static const struct err *
sweep(struct tx *tx, void *arg)
{
	(void)arg;
	return slot_rows_sweep(tx, instant_add_ms(tx->cx->now, -SLOTS_KEPT_DAYS * DAY_MS));
}

fallible
slots_extend(struct cx *cx)
{
	struct db_rows facilities, schedules;
	const struct facility *facility;

	TRY(db_write(cx, sweep, NULL));
	TRY(facility_list(cx, &facilities));
	facility = facilities.items;
	for (size_t i = 0; i < facilities.count; i++) {
		const struct schedule *schedule;

		TRY(schedule_rows(cx, facility[i].id, &schedules));
		schedule = schedules.items;
		for (size_t k = 0; k < schedules.count; k++) {
			struct slots_wanted wanted;

			TRY(want_slots(cx, &schedule[k], &wanted));
			TRY(db_write(cx, extend, &wanted));
		}
	}
	return NULL;
}

fallible
appointments_hand_over(struct tx *tx, team_id from, team_id to)
{
	int64_t count;

	TRY(appointment_rows_open_of_team(tx->cx, from, &count));
	if (count && uuid_is_none(to.v))
		return ERR(ERR_INVALID,
		    TR("This team has visits to come or requests for visits. Choose the team that goes on with them."),
		    "open appointments and no successor");
	TRY(schedule_rows_close(tx, from));
	return count ? appointment_rows_move(tx, from, to) : NULL;
}

/* ---- open times ---- */

fallible
slot_get(struct cx *cx, slot_id id, struct slot *out)
{
	bool found;

	TRY(slot_row_get(cx, id, out, &found));
	return found ? NULL : appointment_not_there();
}

fallible
slots_open(struct cx *cx, const struct slot_query *query, struct db_rows *out)
{
	struct slot_query q = *query;
	struct facility_settings settings;
	struct patient patient;
	enum access_why why;

	*out = (struct db_rows){0};
	TRY(access_check(cx, q.patient, RIGHT_APPOINTMENTS, &why));
	TRY(patient_get(cx, q.patient, &patient));
	TRY(facility_settings_get(cx, patient.facility, &settings));
	if (q.bookable && !settings.booking_open)
		return NULL;
	if (instant_is_none(q.from) || q.from.ms < cx->now.ms + 1)
		q.from = instant_add_ms(cx->now, 1);
	if (q.bookable && q.from.ms < cx->now.ms + settings.booking_hours_before * HOUR_MS)
		q.from = instant_add_ms(cx->now, settings.booking_hours_before * HOUR_MS);
	if (instant_is_none(q.until))
		q.until = instant_add_ms(cx->now, (settings.booking_days_ahead + 1) * DAY_MS);
	return slot_rows_open(cx, &q, out);
}

fallible
slot_check_bookable(struct cx *cx, const struct slot *slot, facility_id facility)
{
	struct facility_settings settings;
	struct visit_kind kind;

	TRY(facility_settings_get(cx, facility, &settings));
	TRY(visit_kind_get(cx, slot->kind, &kind));
	if (!settings.booking_open || !kind.bookable || !kind.active)
		return ERR(ERR_CONFLICT,
		    TR("This clinic does not let patients take this time themselves. Ask for it instead."),
		    "not bookable");
	if (slot->start.ms < cx->now.ms + settings.booking_hours_before * HOUR_MS)
		return ERR(
		    ERR_CONFLICT, TR("This time is too soon to be booked here. Please call the clinic."), "too soon");
	return NULL;
}
