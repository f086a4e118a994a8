/* SPDX-License-Identifier: Apache-2.0 */
/* A medicine runs out: the patient and who acts for them are told some days before, once for each fill, whether it came through our
 * pharmacy or with an import.  The record tells of each MedicationDispense that may still last; what it means is asked again when the day
 * of telling has come, for by then another fill may be there, or the medicine is not taken any more. */
#include "care/prescriptions/prescriptions_internal.h"

#define DUE_PER_RUN 200

/* ---- who is told ---- */

/* Nothing of it is said outside of the program but that something waits inside. */
fallible
rx_tell(struct tx *tx, patient_id patient, account_id account, bool delegate, str key)
{
	struct arena *arena = tx->cx->arena;
	enum notice_choice choice;
	str to = uuid_text(arena, account.v);

	if (uuid_is_none(account.v))
		return NULL;
	TRY(notice_choice_get(tx->cx, account, &choice));
	if (choice == NOTICES_NONE && !delegate) /* who acts for a patient chooses by permission */
		return NULL;
	return outbox_add(tx, &(struct outbox_new){.kind = "notice",
				  .key = arena_printf(arena, "%.*s %.*s", STR_ARG(key), STR_ARG(to)),
				  .patient = patient,
				  .payload = arena_printf(arena, "{\"reason\":\"medicines\",\"account\":\"%.*s\"%s}",
				      STR_ARG(to), delegate ? ",\"delegate\":true" : ""),
				  .not_before = INSTANT_NONE});
}

fallible
rx_tell_patient_side(struct tx *tx, patient_id patient, str key)
{
	struct account account;
	struct db_rows rows;
	const account_id *delegate;
	bool found;

	TRY(account_of_patient(tx->cx, patient, &account, &found));
	if (found)
		TRY(rx_tell(tx, patient, account.id, false, key));
	TRY(delegates_told(tx->cx, patient, RIGHT_PRESCRIPTIONS, &rows));
	delegate = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		TRY(rx_tell(tx, patient, delegate[i], true, key));
	return NULL;
}

/* ---- when ---- */

/* At SUPPLY_HOUR of the day so many days before the last dose, by the clocks of that day. */
instant
rx_supply_tell_at(const struct zone *zone, instant runs_out)
{
	struct civil_time at = {.hour = SUPPLY_HOUR};

	at.date = civil_date_from_days(civil_date_to_days(zone_civil(zone, runs_out).date) - SUPPLY_TOLD_DAYS);
	return zone_instant(zone, at);
}

/* The prescription whose newest fill this is; found false: there is none, or a newer fill took its place. */
static fallible
find_prescription(struct cx *cx, patient_id patient, struct uuid fill, struct prescription *out, bool *found)
{
	const struct prescription *p;
	struct db_rows rows;

	*found = false;
	TRY(prescriptions_load(cx, patient, &rows));
	p = rows.items;
	for (size_t i = 0; i < rows.count && !*found; i++)
		for (size_t f = 0; f < p[i].fill_count; f++) {
			if (!p[i].fills[f].done)
				continue;
			*found = uuid_equal(resource_key(cx->vault, p[i].fills[f].id), fill);
			*out = p[i];
			break; /* the newest one that was handed over */
		}
	return NULL;
}

static int64_t
days_of_newest(const struct prescription *p)
{
	for (size_t f = 0; f < p->fill_count; f++)
		if (p->fills[f].done)
			return p->fills[f].days ? p->fills[f].days : p->days;
	return 0;
}

/* When it is told of a fill, as far as the record says now. */
static fallible
plan(struct cx *cx, patient_id patient, struct uuid fill, struct prescription *p, struct supply *out)
{
	struct patient who;
	struct facility facility;
	const struct zone *zone;
	bool found;

	*out = (struct supply){.patient = patient, .fill = fill, .state = SUPPLY_REPLACED, .tell_at = INSTANT_NONE};
	TRY(find_prescription(cx, patient, fill, p, &found));
	if (!found)
		return NULL;
	out->state = SUPPLY_UNKNOWN;
	if (instant_is_none(p->runs_out) || days_of_newest(p) <= SUPPLY_TOLD_DAYS)
		return NULL;
	TRY(patient_get(cx, patient, &who));
	TRY(facility_get(cx, who.facility, &facility));
	TRY(zone_find(facility.zone, &zone));
	out->state = SUPPLY_WAITS;
	out->tell_at = rx_supply_tell_at(zone, p->runs_out);
	return NULL;
}

/* ---- a fill came ---- */

/* Is the order there that it was filled from? What comes in one import comes in any order. */
static fallible
has_order(struct cx *cx, const struct resource *resource, bool *named, bool *there)
{
	const struct json_value *json;
	struct rx_fill fill;
	resource_type type;
	patient_id owner;
	str order, id;
	bool refused;

	TRY(json_parse(cx->arena, resource->body, &json, NULL));
	rx_fill_read(cx->arena, json, &fill, &order, &refused);
	*named = reference_split(order, &type, &id) && type == RESOURCE_MEDICATION_REQUEST;
	*there = false;
	return *named ? resource_owner(cx, type, id, &owner, there) : NULL;
}

static const struct err *
note(struct tx *tx, void *arg)
{
	return supply_row_put(tx, arg);
}

fallible
rx_follow_deliver(struct cx *cx, const struct outbox_item *item)
{
	struct resource resource = {0};
	const struct err *error = resource_get(cx, RESOURCE_MEDICATION_DISPENSE, item->payload, &resource);
	struct prescription p;
	struct supply supply;
	bool named, there;

	if (error)
		return error->code == ERR_GONE ? NULL : error;
	TRY(has_order(cx, &resource, &named, &there));
	if (named && !there && cx->now.ms - item->made.ms < HOUR_MS)
		return ERR(ERR_BUSY, "The prescription is on its way.", "a dispense before its prescription");
	TRY(plan(cx, resource.patient, resource.key, &p, &supply));
	if (supply.state == SUPPLY_WAITS && !instant_before(cx->now, supply.tell_at)) {
		supply.state = SUPPLY_PAST; /* the day of telling was over when it came here */
		supply.tell_at = INSTANT_NONE;
	}
	return db_write(cx, note, &supply);
}

/* ---- its day has come ---- */

struct telling {
	struct supply due, now;
};

static const struct err *
tell(struct tx *tx, void *arg)
{
	const struct telling *in = arg;
	struct arena *arena = tx->cx->arena;
	bool moved;

	TRY(supply_row_move(
	    tx, &in->due, &in->now, &moved)); /* another machine was faster, or it was changed meanwhile */
	if (!moved || in->now.state != SUPPLY_TOLD)
		return NULL;
	return rx_tell_patient_side(
	    tx, in->due.patient, arena_printf(arena, "supply %.*s", STR_ARG(uuid_text(arena, in->due.fill))));
}

/* What is needed no more is not told: another fill is there or on its way, or the medicine is not in use. */
static fallible
judge(struct cx *cx, struct telling *in)
{
	struct prescription p;

	TRY(plan(cx, in->due.patient, in->due.fill, &p, &in->now));
	if (in->now.state != SUPPLY_WAITS || instant_before(cx->now, in->now.tell_at))
		return NULL;
	in->now.tell_at = INSTANT_NONE;
	in->now.state = SUPPLY_TOLD;
	if (!rx_status_is_active(p.status) || p.renewed || p.coming ||
	    (p.refill && refill_is_open((enum refill_state)p.refill->state)))
		in->now.state = SUPPLY_NOT_NEEDED;
	return NULL;
}

static fallible
judge_and_tell(struct cx *cx, void *arg)
{
	struct telling *in = arg;

	TRY(judge(cx, in));
	return db_write(cx, tell, in);
}

fallible
supplies_tell(struct cx *cx)
{
	struct db_rows rows;
	const struct supply *due;

	TRY(supply_rows_due(cx, DUE_PER_RUN, &rows));
	due = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		struct telling in = {.due = due[i]};

		TRY(db_apart(cx, judge_and_tell, &in));
	}
	return NULL;
}
