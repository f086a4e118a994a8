/* SPDX-License-Identifier: Apache-2.0 */
/* Visits that are there: one, a patient's lists, a team's day and what waits; and what the patient wants to talk about. */
#include "care/appointments/appointments_internal.h"

/* ---- reading ---- */

fallible
appointment_find(struct cx *cx, patient_id patient, appointment_id id, struct appointment *out, enum access_why *why)
{
	bool found;

	TRY(access_check(cx, patient, RIGHT_APPOINTMENTS, why));
	TRY(appointment_row_get(cx, patient, id, out, &found));
	if (!found || out->state == APPOINTMENT_MISTAKEN)
		return appointment_not_there();
	return appointment_open(cx, out);
}

fallible
appointment_get(struct cx *cx, patient_id patient, appointment_id id, struct appointment *out)
{
	enum access_why why;

	return appointment_find(cx, patient, id, out, &why);
}

fallible
appointment_list(struct cx *cx, patient_id patient, enum appointment_list list, int64_t offset, int64_t count_max,
    struct db_rows *out)
{
	enum access_why why;

	TRY(access_check(cx, patient, RIGHT_APPOINTMENTS, &why));
	TRY(appointment_rows(cx, patient, list, offset, count_max, out));
	return appointments_open(cx, out);
}

fallible
appointment_next(struct cx *cx, patient_id patient, struct appointment *out, bool *found)
{
	struct db_rows rows;

	TRY(appointment_list(cx, patient, APPOINTMENTS_TO_COME, 0, 1, &rows));
	*found = rows.count > 0;
	if (*found)
		*out = *(struct appointment *)rows.items;
	return NULL;
}

fallible
appointment_offers(struct cx *cx, const struct appointment *a, struct db_rows *out)
{
	struct db_rows rows;
	const slot_id *id;
	struct slot *slots;
	size_t count = 0;

	TRY(offer_rows(cx, a->patient, a->id, &rows));
	id = rows.items;
	slots = ARENA_ARRAY(cx->arena, struct slot, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		bool found;

		TRY(slot_row_get(cx, id[i], &slots[count], &found));
		count += found && !slots[count].closed && slots[count].taken < slots[count].seats &&
		         instant_before(cx->now, slots[count].start);
	}
	*out = (struct db_rows){slots, count};
	return NULL;
}

fallible
appointments_of_day(struct cx *cx, const struct day_query *query, struct db_rows *out)
{
	TRY(appointment_rows_of_day(cx, query, out));
	return appointments_open(cx, out);
}

fallible
appointments_waiting(struct cx *cx, team_id team, int64_t count_max, struct db_rows *out)
{
	TRY(appointment_rows_waiting(cx, team, count_max, out));
	return appointments_open(cx, out);
}

fallible
appointments_waiting_count(struct cx *cx, int64_t *out)
{
	return appointment_rows_waiting_count(cx, out);
}

/* ---- the agenda ---- */

#define AGENDA_TRIES 4 /* while others change the visit */

struct agenda_change {
	struct appointment *a;
	struct resource_draft *draft; /* of a visit of ours: its list is the comment of its Appointment */
	enum access_why why;
	bool changed;
};

static const struct err *
put_agenda(struct tx *tx, void *arg)
{
	struct agenda_change *in = arg;
	bool changed;

	if (in->draft)
		TRY(resource_put(tx, in->draft, &in->a->version, &changed));
	TRY(appointment_row_agenda(tx, in->a, &in->changed));
	if (!in->changed)
		return appointment_moved_on();
	audit_add(tx, &(struct audit){.action = AUDIT_UPDATE,
			  .subject = AUDIT_VISITS,
			  .patient = in->a->patient,
			  .item = in->a->id.v,
			  .why = (int)in->why});
	return NULL;
}

static fallible
prepare_agenda(struct cx *cx, patient_id patient, appointment_id id, str agenda, struct agenda_change *in)
{
	TRY(appointment_find(cx, patient, id, in->a, &in->why));
	if (!access_is_patient_side(in->why))
		return appointment_not_there();
	if (!appointment_is_to_come(in->a, cx->now) && in->a->state != APPOINTMENT_PROPOSED &&
	    in->a->state != APPOINTMENT_PENDING)
		return ERR(ERR_CONFLICT, TR("This visit is over. Write to your team instead."),
		    "an agenda of a visit that is over");
	TRY(visit_check_text(agenda, APPOINTMENT_AGENDA_CHARS_MAX, &in->a->agenda));
	TRY(visit_details_seal(cx, in->a));
	in->draft = NULL;
	return in->a->ours ? appointment_resource(cx, in->a, &in->draft) : NULL;
}

fallible
appointment_agenda_set(struct cx *cx, patient_id patient, appointment_id id, str agenda)
{
	struct appointment a;
	struct agenda_change in = {.a = &a};
	const struct err *error = NULL;

	for (int i = 0; i < AGENDA_TRIES; i++) {
		TRY(prepare_agenda(cx, patient, id, agenda, &in));
		error = db_write(cx, put_agenda, &in);
		if (!error || error->code != ERR_CONFLICT)
			return error;
		db_refresh(cx);
	}
	return error;
}
