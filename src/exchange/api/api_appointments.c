/* SPDX-License-Identifier: Apache-2.0 */
/* Appointments as JSON: visits, open times, the deeds of both sides, the team's day. */
#include "care/appointments/appointments.h"
#include "exchange/api/api_internal.h"
#include "platform/format/fhir_date.h"

#define PATIENT_SIDE (WHO_PATIENT | WHO_DELEGATE)
#define WHO_OFFICE   (WHO_COORDINATOR | WHO_ADMINISTRATOR)
#define DAY_ROWS_MAX 500

const char *const api_visit_modes[] = {"", "in-person", "video", "telephone", NULL};
static const char *const asks[] = {"nothing", "new", "change", "cancel", "choice"};

/* ---- what is answered ---- */

static void
put_slot(struct api_answer *a, const struct slot *slot)
{
	json_write_object(&a->w);
	put_id(a, "id", slot->id.v);
	put_id(a, "team", slot->team.v);
	put_id(a, "kind", slot->kind.v);
	put_instant(a, "start", slot->start);
	put_instant(a, "end", slot->end);
	json_put_int64(&a->w, "free", slot->seats > slot->taken ? slot->seats - slot->taken : 0);
	json_write_end(&a->w);
}

static fallible
put_offers(struct api_answer *a, const struct appointment *visit)
{
	struct db_rows rows;
	const struct slot *slot;

	TRY(appointment_offers(a->cx, visit, &rows));
	slot = rows.items;
	json_put_array(&a->w, "offers");
	for (size_t i = 0; i < rows.count; i++)
		put_slot(a, &slot[i]);
	json_write_end(&a->w);
	return NULL;
}

/* Members of the open object. */
static fallible
put_appointment(struct api_answer *a, const struct appointment *visit)
{
	struct json_writer *w = &a->w;
	const struct visit_details *d = &visit->details;

	put_id(a, "id", visit->id.v);
	put_id(a, "patient", visit->patient.v);
	json_put_text(w, "state", str_from_z(appointment_state_code(visit->state)));
	json_put_text(w, "asked", str_from_z(asks[visit->asked]));
	json_put_bool(w, "keptElsewhere", !visit->ours);
	json_put_text(w, "how", str_from_z(api_visit_modes[visit->mode]));
	put_instant(a, "start", visit->start);
	put_instant(a, "end", visit->end);
	put_id(a, "team", visit->team.v);
	put_id(a, "kind", visit->kind.v);
	put_id(a, "slot", visit->slot.v);
	put_id(a, "conversation", visit->thread.v);
	put_instant(a, "askedAt", visit->asked_at);
	put_instant(a, "arrived", visit->arrived_at);
	json_put_text(w, "title", d->title);
	json_put_text(w, "with", d->who);
	json_put_text(w, "place", d->place);
	json_put_text(w, "address", d->address);
	json_put_text(w, "directions", d->directions);
	json_put_text(w, "phone", d->phone);
	json_put_text(w, "link", d->link);
	json_put_text(w, "prepare", d->prepare);
	json_put_text(w, "reason", d->reason);
	json_put_text(w, "calledOffBecause", d->ended);
	json_put_text(w, "wish", visit->wish);
	json_put_text(w, "agenda", visit->agenda);
	json_put_int64(w, "changes", visit->changes);
	TRY(api_put_visit_questions(a, visit));
	return put_offers(a, visit);
}

static fallible
answer_one(struct cx *cx, struct request *rq, int status, const struct appointment *visit)
{
	struct api_answer a;

	api_begin(cx, &a);
	json_put_object(&a.w, "appointment");
	TRY(put_appointment(&a, visit));
	json_write_end(&a.w);
	return api_end(rq, status, &a);
}

static fallible
answer_list(struct cx *cx, struct request *rq, const struct db_rows *rows, int64_t count)
{
	const struct appointment *visit = rows->items;
	struct api_answer a;
	size_t shown = rows->count < (size_t)count ? rows->count : (size_t)count;

	api_begin(cx, &a);
	json_put_array(&a.w, "appointments");
	for (size_t i = 0; i < shown; i++) {
		json_write_object(&a.w);
		TRY(put_appointment(&a, &visit[i]));
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	json_put_bool(&a.w, "more", rows->count > shown);
	return api_end(rq, 200, &a);
}

static void
audit_visits(struct cx *cx, patient_id patient, struct uuid item, size_t count)
{
	enum access_why why;

	if (!access_check(cx, patient, RIGHT_APPOINTMENTS, &why))
		audit_add_read(cx, &(struct audit){.action = AUDIT_VIEW,
				       .subject = AUDIT_VISITS,
				       .patient = patient,
				       .item = item,
				       .count = (int64_t)count,
				       .why = (int)why});
}

/* ---- the patient's ---- */

static fallible
get_list(struct cx *cx, struct request *rq)
{
	static const char *const words[] = {"coming", "asked", "past", NULL};
	struct api_page page = api_page_of(rq);
	struct db_rows rows;
	int list;

	TRY(api_word(cx, request_query(rq, "list"), "list", words, &list));
	TRY(appointment_list(cx, cx->who.patient, (enum appointment_list)list, page.offset, page.count + 1, &rows));
	audit_visits(cx, cx->who.patient, (struct uuid){{0}}, rows.count);
	return answer_list(cx, rq, &rows, page.count);
}

static fallible
of_address(struct cx *cx, struct request *rq, patient_id *patient, appointment_id *id)
{
	*patient = cx->who.patient;
	if (request_param(rq, "patient").p)
		TRY(api_address_id(rq, "patient", &patient->v));
	return api_address_id(rq, "appointment", &id->v);
}

static fallible
get_one(struct cx *cx, struct request *rq)
{
	struct appointment visit;
	patient_id patient;
	appointment_id id;

	TRY(of_address(cx, rq, &patient, &id));
	TRY(appointment_get(cx, patient, id, &visit));
	audit_visits(cx, patient, id.v, 1);
	return answer_one(cx, rq, 200, &visit);
}

static fallible
read_slots(struct cx *cx, const struct json_value *body, slot_id *out, size_t *count)
{
	struct uuid *ids;

	*count = 0;
	if (json_kind(json_get(body, "slots")) == JSON_ABSENT)
		return NULL;
	TRY(api_ids(cx, body, "slots", APPOINTMENT_OFFERS_MAX, &ids, count));
	for (size_t i = 0; i < *count; i++)
		out[i].v = ids[i];
	return NULL;
}

/* With "slot": takes it; otherwise asks the team. */
static fallible
post_one(struct cx *cx, struct request *rq)
{
	struct appointment_booking booking = {.patient = cx->who.patient};
	struct appointment_request request = {.patient = cx->who.patient};
	const struct json_value *body;
	struct appointment visit;

	TRY(api_body(cx, rq, &body));
	TRY(api_id(cx, body, "key", &booking.key));
	TRY(api_maybe_id(cx, body, "slot", &booking.slot.v));
	TRY(api_text(cx, body, "reason", &booking.reason));
	if (!uuid_is_none(booking.slot.v)) {
		TRY(appointment_book(cx, &booking, &visit));
		return answer_one(cx, rq, 201, &visit);
	}
	request.key = booking.key;
	request.reason = booking.reason;
	TRY(api_id(cx, body, "team", &request.team.v));
	TRY(api_maybe_id(cx, body, "kind", &request.kind.v));
	TRY(api_text(cx, body, "wish", &request.wish));
	TRY(read_slots(cx, body, request.slots, &request.slot_count));
	TRY(appointment_ask_new(cx, &request, &visit));
	return answer_one(cx, rq, 201, &visit);
}

static fallible
put_agenda(struct cx *cx, struct request *rq)
{
	const struct json_value *body;
	appointment_id id;
	str agenda = STR_NONE;

	TRY(api_address_id(rq, "appointment", &id.v));
	TRY(api_body(cx, rq, &body));
	TRY(api_text(cx, body, "agenda", &agenda));
	TRY(appointment_agenda_set(cx, cx->who.patient, id, agenda));
	return api_done(rq);
}

/* Both sides' deeds, by the names of the table in care/appointments/README.md. */
static fallible
post_deed(struct cx *cx, struct request *rq)
{
	struct appointment_act act = {0};
	const struct json_value *body;
	struct appointment visit;

	TRY(of_address(cx, rq, &act.patient, &act.id));
	if (!appointment_deed_parse(request_param(rq, "deed"), &act.deed))
		return ERR(ERR_GONE, "There is no such deed.", "no such deed of an appointment");
	TRY(api_body(cx, rq, &body));
	TRY(api_number(cx, body, "seen", 0, &act.seen));
	TRY(api_text(cx, body, "words", &act.words));
	TRY(api_instant(cx, body, "start", &act.start));
	TRY(api_number(cx, body, "minutes", 30, &act.minutes));
	TRY(read_slots(cx, body, act.slots, &act.slot_count));
	TRY(appointment_do(cx, &act, &visit));
	return answer_one(cx, rq, 200, &visit);
}

/* ---- what is offered ---- */

static fallible
query_id(struct cx *cx, struct request *rq, const char *name, struct uuid *out)
{
	str text = request_query(rq, name);

	*out = (struct uuid){{0}};
	if (!text.n || uuid_parse(text, out))
		return NULL;
	return err_said(cx->arena, ERR_INVALID, "\"%s\" must be an id.", name);
}

static fallible
query_instant(struct cx *cx, struct request *rq, const char *name, instant *out)
{
	struct fhir_date date;

	*out = INSTANT_NONE;
	if (!request_query(rq, name).n)
		return NULL;
	if (!fhir_date_parse(FHIR_INSTANT, request_query(rq, name), &date))
		return err_said(cx->arena, ERR_INVALID, "\"%s\" must be a time such as 2026-11-25T15:00:00Z.", name);
	*out = date.low;
	return NULL;
}

static fallible
get_slots(struct cx *cx, struct request *rq)
{
	struct api_page page = api_page_of(rq);
	struct slot_query query = {.patient = cx->who.patient,
	    .bookable = !str_equal(request_query(rq, "bookable"), S("no")),
	    .count_max = page.count + 1};
	const struct slot *slot;
	struct db_rows rows;
	struct api_answer a;

	if (request_param(rq, "patient").p)
		TRY(api_address_id(rq, "patient", &query.patient.v));
	TRY(query_id(cx, rq, "kind", &query.kind.v));
	TRY(query_id(cx, rq, "team", &query.team.v));
	TRY(query_id(cx, rq, "moved", &query.moved.v));
	TRY(query_instant(cx, rq, "from", &query.from));
	TRY(query_instant(cx, rq, "until", &query.until));
	TRY(slots_open(cx, &query, &rows));
	slot = rows.items;
	api_begin(cx, &a);
	json_put_array(&a.w, "slots");
	for (size_t i = 0; i < rows.count && i < (size_t)page.count; i++)
		put_slot(&a, &slot[i]);
	json_write_end(&a.w);
	json_put_bool(&a.w, "more", rows.count > (size_t)page.count);
	return api_end(rq, 200, &a);
}

static fallible
own_facility(struct cx *cx, facility_id *out)
{
	struct patient patient;

	*out = cx->who.facility;
	if (uuid_is_none(cx->who.patient.v))
		return NULL;
	TRY(patient_get(cx, cx->who.patient, &patient));
	*out = patient.facility;
	return NULL;
}

static fallible
get_kinds(struct cx *cx, struct request *rq)
{
	const struct visit_kind *kind;
	facility_id facility;
	struct db_rows rows;
	struct api_answer a;

	TRY(own_facility(cx, &facility));
	TRY(visit_kinds(cx, facility, &rows));
	kind = rows.items;
	api_begin(cx, &a);
	json_put_array(&a.w, "kinds");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a.w);
		put_id(&a, "id", kind[i].id.v);
		json_put_text(&a.w, "name", kind[i].name);
		json_put_text(&a.w, "prepare", kind[i].prepare);
		json_put_int64(&a.w, "minutes", kind[i].minutes);
		json_put_text(&a.w, "how", str_from_z(api_visit_modes[kind[i].mode]));
		json_put_bool(&a.w, "bookable", kind[i].bookable);
		json_put_bool(&a.w, "active", kind[i].active);
		TRY(api_put_kind_questions(&a, kind[i].id));
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

/* ---- the team's ---- */

static fallible
get_day(struct cx *cx, struct request *rq)
{
	struct day_query query = {.mine = str_equal(request_query(rq, "mine"), S("yes"))};
	const struct appointment *visit;
	struct facility facility;
	const struct zone *zone;
	struct fhir_date date;
	struct db_rows rows;
	int32_t day;

	TRY(facility_get(cx, cx->who.facility, &facility));
	TRY(zone_find(facility.zone, &zone));
	day = civil_date_to_days(zone_civil(zone, cx->now).date);
	if (request_query(rq, "day").n) {
		if (!fhir_date_parse(FHIR_DATE, request_query(rq, "day"), &date) ||
		    date.precision != FHIR_PRECISION_DAY)
			return ERR(ERR_INVALID, "\"day\" must be a day such as 2026-12-24.", "bad day");
		day = civil_date_to_days(date.civil.date);
	}
	TRY(query_id(cx, rq, "team", &query.team.v));
	surrogate_days(zone, day, day, &query.from, &query.until);
	TRY(appointments_of_day(cx, &query, &rows));
	visit = rows.items;
	if (rows.count)
		audit_add_listed(cx, AUDIT_VISITS, ACCESS_CARE_TEAM, &visit[0].patient, rows.count, sizeof(visit[0]));
	return answer_list(cx, rq, &rows, DAY_ROWS_MAX);
}

static fallible
get_waiting(struct cx *cx, struct request *rq)
{
	struct api_page page = api_page_of(rq);
	const struct appointment *visit;
	struct db_rows rows;
	team_id team;

	TRY(query_id(cx, rq, "team", &team.v));
	TRY(appointments_waiting(cx, team, page.count + 1, &rows));
	visit = rows.items;
	if (rows.count)
		audit_add_listed(cx, AUDIT_VISITS, ACCESS_CARE_TEAM, &visit[0].patient, rows.count, sizeof(visit[0]));
	return answer_list(cx, rq, &rows, page.count);
}

/* ---- the doors ---- */

const struct route api_appointments_routes[] = {
    API_LOOK("/api/appointments", get_list, PATIENT_SIDE, "Appointment.rs"),
    API_DEED(POST, "/api/appointments", post_one, WHO_PATIENT, "Appointment.c", API_SMALL_BODY),
    API_LOOK("/api/appointments/{appointment}", get_one, PATIENT_SIDE, "Appointment.rs"),
    API_DEED(PUT, "/api/appointments/{appointment}/agenda", put_agenda, WHO_PATIENT, "Appointment.u", API_SMALL_BODY),
    API_DEED(
	POST, "/api/appointments/{appointment}/do/{deed}", post_deed, WHO_PATIENT, "Appointment.u", API_SMALL_BODY),
    API_LOOK("/api/slots", get_slots, PATIENT_SIDE, "Slot.s"),
    API_LOOK("/api/visit-kinds", get_kinds, WHO_SIGNED_IN, "HealthcareService.s"),
    API_LOOK("/api/schedule", get_day, WHO_CARE_TEAM, "Appointment.rs"),
    API_LOOK("/api/schedule/requests", get_waiting, WHO_CARE_TEAM, "Appointment.rs"),
    API_LOOK("/api/patients/{patient}/slots", get_slots, WHO_CARE_TEAM, "Slot.s"),
    API_LOOK("/api/patients/{patient}/appointments/{appointment}", get_one, WHO_CARE_TEAM, "Appointment.rs"),
    API_DEED(POST, "/api/patients/{patient}/appointments/{appointment}/do/{deed}", post_deed, WHO_CARE_TEAM,
	"Appointment.u", API_SMALL_BODY),
    API_DEED(PUT, "/api/patients/{patient}/appointments/{appointment}/questionnaires/{questionnaire}",
	api_ask_visit_question, WHO_CARE_TEAM, "Appointment.u", API_SMALL_BODY),
    API_DEED(DELETE, "/api/patients/{patient}/appointments/{appointment}/questionnaires/{question}",
	api_drop_visit_question, WHO_CARE_TEAM, "Appointment.u", API_SMALL_BODY),
    API_LOOK("/api/visit-questionnaires", api_get_visit_questionnaires, WHO_SIGNED_IN, "Questionnaire.s"),
    API_DEED(
	PUT, "/api/office/visit-kinds/{kind}", api_put_visit_kind, WHO_OFFICE, "HealthcareService.u", API_SMALL_BODY),
    API_LOOK("/api/office/hours", api_get_hours, WHO_OFFICE, "Schedule.s"),
    API_DEED(PUT, "/api/office/hours/{hours}", api_put_hours, WHO_OFFICE, "Schedule.u", API_SMALL_BODY),
    {0},
};
