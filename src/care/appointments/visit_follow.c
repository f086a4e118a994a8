/* SPDX-License-Identifier: Apache-2.0 */
/* What follows others.  Appointments that another system writes into the record become rows here, so that the same pages, reminders and day lists show them.
 * The record tells of each through the outbox; an item that comes twice, or late, changes nothing.  And a request goes along with the
 * conversation about it when that goes to another team. */
#include "care/appointments/appointments_internal.h"

struct following {
	struct appointment before, after;
	bool found;
};

static bool
is_to_come(const struct appointment *a, instant now)
{
	return (a->state == APPOINTMENT_BOOKED || a->state == APPOINTMENT_ARRIVED) && instant_before(now, a->start);
}

/* Is it something that the patient would miss or come in vain for? A visit to come that is new, at another time, or off; nothing of the
 * past. A first import tells nobody: who is not signed up yet is not told. */
static bool
is_news(const struct following *in, instant now)
{
	bool stood = in->found && is_to_come(&in->before, now), stands = is_to_come(&in->after, now);

	return stood != stands || (stood && in->before.start.ms != in->after.start.ms);
}

static const struct err *
follow(struct tx *tx, void *arg)
{
	struct following *in = arg;
	bool changed;

	if (is_news(in, tx->cx->now))
		TRY(visit_notice_add(tx, &in->after, "visit",
		    arena_printf(tx->cx->arena, "%.*s/followed/%lld", STR_ARG(uuid_text(tx->cx->arena, in->after.id.v)),
			(long long)in->after.version)));
	if (!in->found)
		return appointment_row_add(tx, &in->after, &changed);
	if (!uuid_is_none(in->before.slot.v) && uuid_is_none(in->after.slot.v))
		TRY(seat_row_free(tx, &in->before));
	TRY(appointment_row_put(tx, &in->after, in->before.changes, &changed));
	return changed ? NULL
	               : ERR(ERR_BUSY, "Somebody changed this meanwhile.", "the row moved on while it was followed");
}

/* The team by which the visit stands in a day list: one that is named there, or the patient's first. */
static fallible
find_team(struct cx *cx, struct appointment *a)
{
	struct db_rows rows;
	const struct team *team;

	TRY(teams_of_patient(cx, a->patient, false, &rows));
	team = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		if (i == 0 || (a->details.who.n && str_contains(a->details.who, team[i].name)))
			a->team = team[i].id;
	return NULL;
}

/* What was asked is answered by what the other system did. */
static void
settle_request(const struct following *in, struct appointment *a)
{
	if (!in->found || a->state != in->before.state || a->start.ms != in->before.start.ms) {
		a->asked = ASKED_NOTHING;
		a->asked_at = INSTANT_NONE;
	}
}

static fallible
project(struct cx *cx, const struct resource *resource, struct following *in)
{
	struct appointment *a = &in->after;
	const struct json_value *json = NULL;
	struct patient patient;
	struct facility facility;
	const struct zone *zone;
	int64_t days;

	if (in->found)
		TRY(appointment_open(cx, &in->before));
	*a = in->before;
	if (!in->found) {
		TRY(patient_get(cx, resource->patient, &patient));
		in->before.start = INSTANT_NONE;
		*a = (struct appointment){.patient = resource->patient,
		    .id = {resource->key},
		    .facility = patient.facility,
		    .changes = 1,
		    .made = resource->updated};
		a->start = a->end = a->asked_at = a->arrived_at = a->remind_at = INSTANT_NONE;
	}
	a->changed_at = cx->now;
	if (resource->deleted) {
		a->version = resource->version;
		a->state = APPOINTMENT_MISTAKEN;
	} else {
		TRY(json_parse(cx->arena, resource->body, &json, NULL));
		TRY(appointment_from_resource(cx, resource, json, a));
	}
	if (a->state == APPOINTMENT_CANCELLED || a->state == APPOINTMENT_MISTAKEN || a->start.ms != in->before.start.ms)
		a->slot = (slot_id){{{0}}}; /* it is somewhere else now, or nowhere */
	if (uuid_is_none(a->team.v))
		TRY(find_team(cx, a));
	settle_request(in, a);
	a->remind_at = INSTANT_NONE;
	TRY(facility_zone(cx, a->facility, &facility, &zone));
	TRY(visit_reminder_days(cx, a, &days));
	if (a->state == APPOINTMENT_BOOKED)
		a->remind_at = visit_reminder_next(zone, a->start, days, cx->now);
	return visit_details_seal(cx, a);
}

fallible
visit_follow_deliver(struct cx *cx, const struct outbox_item *item)
{
	struct following in = {0};
	struct resource resource = {0};
	const struct err *error = resource_get(cx, RESOURCE_APPOINTMENT, item->payload, &resource);

	if (error && !resource.deleted)
		return error->code == ERR_GONE ? NULL : error;
	TRY(appointment_row_get(cx, resource.patient, (appointment_id){resource.key}, &in.before, &in.found));
	if (in.found && in.before.version >= resource.version)
		return NULL;
	TRY(project(cx, &resource, &in));
	TRY(db_write(cx, follow, &in));
	live_waiting(cx, in.after.patient, in.after.team, COUNT_VISITS);
	return NULL;
}

/* ---- a conversation that goes to another team ---- */

struct going {
	const struct appointment *a;
	team_id team;
	bool moved;
};

static const struct err *
go_along(struct tx *tx, void *arg)
{
	struct going *in = arg;

	TRY(appointment_row_ask_of(tx, in->a, in->team, &in->moved));
	if (!in->moved)
		return ERR(
		    ERR_BUSY, "Somebody changed this meanwhile.", "the row moved on while its conversation moved");
	audit_add(tx, &(struct audit){.action = AUDIT_UPDATE,
			  .subject = AUDIT_VISITS,
			  .patient = in->a->patient,
			  .item = in->a->id.v,
			  .why = ACCESS_SYSTEM});
	return NULL;
}

fallible
visit_thread_moved(struct cx *cx, const struct outbox_item *item)
{
	struct db_rows rows;
	const struct appointment *a;
	struct going in = {0};
	thread_id thread;
	bool found;

	if (!uuid_parse(item->payload, &thread.v))
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a moved conversation without id");
	TRY(thread_team(cx, thread, &in.team, &found));
	TRY(appointment_rows_asked_in(cx, thread, &rows));
	a = rows.items;
	for (size_t i = 0; found && i < rows.count; i++) {
		if (uuid_equal(a[i].team.v, in.team.v))
			continue;
		in.a = &a[i];
		TRY(db_write(cx, go_along, &in));
		live_waiting(cx, a[i].patient, a[i].team, COUNT_VISITS);
		live_waiting(cx, a[i].patient, in.team, COUNT_VISITS);
	}
	return NULL;
}
