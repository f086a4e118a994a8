/* SPDX-License-Identifier: Apache-2.0 */
/* Scheduling over FHIR R4: Schedule (12.3) and Slot (12.4) are views of the rows that pages use, not copies; creating an Appointment
 * with a slot takes the seat.  What other systems put into the commons is found where a facility has nothing of its own. */
#include "care/appointments/appointments_internal.h"
#include "care/record/record_api.h"

#define COUNT_DEFAULT 50
#define COUNT_MAX     200
#define READERS       (WHO_PATIENT | WHO_CARE_TEAM | WHO_DELEGATE | WHO_COORDINATOR)

static str
base_of(struct cx *cx, struct request *rq)
{
	return arena_printf(cx->arena, "%.*s/fhir", STR_ARG(request_origin(rq)));
}

static facility_id
facility_of(struct cx *cx)
{
	struct patient patient;

	/* a delegate's account may belong elsewhere: the offer is that of the patient's facility */
	if (!uuid_is_none(cx->who.patient.v) && !patient_get(cx, cx->who.patient, &patient))
		return patient.facility;
	return cx->who.facility;
}

/* ---- as resources ---- */

static void
put_reference(struct json_writer *w, const char *name, const char *type, struct uuid id, str display)
{
	json_put_object(w, name);
	json_put_text(
	    w, "reference", arena_printf(w->out->arena, "%s/%.*s", type, STR_ARG(uuid_text(w->out->arena, id))));
	json_put_text(w, "display", display);
	json_write_end(w);
}

static void
put_slot(struct json_writer *w, const struct slot *s, instant now)
{
	struct arena *arena = w->out->arena;
	bool over = !instant_before(now, s->start), full = s->taken >= s->seats;

	json_write_object(w);
	json_put_text(w, "resourceType", S("Slot"));
	json_put_text(w, "id", uuid_text(arena, s->id.v));
	put_reference(w, "schedule", "Schedule", s->schedule.v, STR_NONE);
	json_put_text(w, "status", s->closed || over ? S("busy-unavailable") : full ? S("busy") : S("free"));
	json_put_text(w, "start", fhir_instant_text(arena, s->start));
	json_put_text(w, "end", fhir_instant_text(arena, s->end));
	json_write_end(w);
}

static fallible
put_schedule(struct cx *cx, struct json_writer *w, const struct schedule *s)
{
	struct visit_kind kind;
	struct team team;

	TRY(visit_kind_get(cx, s->kind, &kind));
	TRY(team_get(cx, s->team, &team));
	json_write_object(w);
	json_put_text(w, "resourceType", S("Schedule"));
	json_put_text(w, "id", uuid_text(cx->arena, s->id.v));
	json_put_bool(w, "active", s->active);
	json_put_array(w, "serviceType");
	json_write_object(w);
	json_put_text(w, "text", kind.name);
	json_write_end(w);
	json_write_end(w);
	json_put_array(w, "actor");
	json_write_object(w);
	json_put_text(
	    w, "reference", arena_printf(cx->arena, "CareTeam/%.*s", STR_ARG(uuid_text(cx->arena, s->team.v))));
	json_put_text(w, "display", team.name);
	json_write_end(w);
	if (!uuid_is_none(s->account.v)) {
		struct account account;

		TRY(account_get(cx, s->account, &account));
		json_write_object(w);
		json_put_text(w, "reference",
		    arena_printf(cx->arena, "Practitioner/%.*s", STR_ARG(uuid_text(cx->arena, account.id.v))));
		json_put_text(w, "display", account.name);
		json_write_end(w);
	}
	json_write_end(w);
	json_put_text(w, "comment", s->place.n ? s->place : STR_NONE);
	json_write_end(w);
	return NULL;
}

/* ---- searching ---- */

struct span {
	instant from, until;
};

/* start=ge2026-03-05, start=lt2026-03-12 */
static fallible
read_span(struct cx *cx, struct http_pairs pairs, struct span *out)
{
	*out = (struct span){{0}, {INT64_MAX}};
	for (size_t i = 0; i < pairs.count; i++) {
		str value = pairs.items[i].value, prefix = str_take(value, 2);
		struct fhir_date date;
		bool named = prefix.n == 2 && prefix.p[0] >= 'a' && prefix.p[0] <= 'z';

		if (!str_equal(pairs.items[i].name, S("start")))
			continue;
		if (!fhir_date_parse(FHIR_SEARCH, named ? str_drop(value, 2) : value, &date))
			return ERR(ERR_INVALID, "start takes a date or time, such as ge2026-03-05.", "bad start");
		if (!named || str_equal(prefix, S("eq")))
			*out = (struct span){date.low, date.high};
		else if (str_equal(prefix, S("ge")) || str_equal(prefix, S("gt")))
			out->from = str_equal(prefix, S("ge")) ? date.low : date.high;
		else if (str_equal(prefix, S("le")) || str_equal(prefix, S("lt")))
			out->until = str_equal(prefix, S("lt")) ? date.low : date.high;
		else
			return ERR(ERR_INVALID, "start takes eq, ge, gt, le and lt.", "another prefix");
	}
	(void)cx;
	return NULL;
}

static int64_t
number_of(struct request *rq, const char *name, int64_t otherwise, int64_t most)
{
	int64_t number;

	if (!str_to_int64(request_query(rq, name), &number) || number < 0)
		return otherwise;
	return number > most ? most : number;
}

static void
bundle_begin(struct json_writer *w, str self, str next)
{
	json_write_object(w);
	json_put_text(w, "resourceType", S("Bundle"));
	json_put_text(w, "type", S("searchset"));
	json_put_array(w, "link");
	json_write_object(w);
	json_put_text(w, "relation", S("self"));
	json_put_text(w, "url", self);
	json_write_end(w);
	if (next.n) {
		json_write_object(w);
		json_put_text(w, "relation", S("next"));
		json_put_text(w, "url", next);
		json_write_end(w);
	}
	json_write_end(w);
	json_put_array(w, "entry");
}

static void
entry_begin(struct json_writer *w, str base, const char *type, struct uuid id)
{
	json_write_object(w);
	json_put_text(w, "fullUrl",
	    arena_printf(w->out->arena, "%.*s/%s/%.*s", STR_ARG(base), type, STR_ARG(uuid_text(w->out->arena, id))));
	json_write_name(w, S("resource"));
}

static void
entry_end(struct json_writer *w)
{
	json_put_object(w, "search");
	json_put_text(w, "mode", S("match"));
	json_write_end(w);
	json_write_end(w);
}

static bool
status_fits(struct request *rq, const struct slot *s, instant now)
{
	str status = request_query(rq, "status");
	bool free = !s->closed && s->taken < s->seats && instant_before(now, s->start);

	return !status.n || str_equal(status, S("free")) == free;
}

/* Query text without its offset, for the next page. */
static str
next_url(struct cx *cx, struct request *rq, str base, int64_t offset)
{
	struct http_pairs pairs = request_query_all(rq);
	struct buf out = BUF_INIT(cx->arena);

	buf_printf(&out, "%.*s/Slot?_offset=%lld", STR_ARG(base), (long long)offset);
	for (size_t i = 0; i < pairs.count; i++) {
		if (str_equal(pairs.items[i].name, S("_offset")))
			continue;
		buf_add_char(&out, '&');
		escape_url_part(&out, pairs.items[i].name);
		buf_add_char(&out, '=');
		escape_url_part(&out, pairs.items[i].value);
	}
	return buf_str(&out);
}

static fallible
search_slots(struct cx *cx, struct request *rq)
{
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&out);
	str base = base_of(cx, rq), schedule = request_query(rq, "schedule"), ignored;
	int64_t count = number_of(rq, "_count", COUNT_DEFAULT, COUNT_MAX),
		offset = number_of(rq, "_offset", 0, 1000000);
	schedule_id id = {{{0}}};
	const struct slot *slot;
	struct db_rows rows;
	struct span span;

	TRY(schedule_rows(cx, facility_of(cx), &rows));
	if (!rows.count)
		return fhir_search(cx, rq);
	if (schedule.n &&
	    !uuid_parse(str_contains(schedule, S("/")) ? str_cut(schedule, '/', &ignored) : schedule, &id.v))
		return ERR(ERR_INVALID, "schedule takes a reference such as Schedule/ID.", "bad schedule");
	TRY(read_span(cx, request_query_all(rq), &span));
	TRY(slot_rows_of_facility(cx, facility_of(cx), id, span.from, span.until, offset, count + 1, &rows));
	slot = rows.items;
	bundle_begin(&w, arena_printf(cx->arena, "%.*s/Slot?%.*s", STR_ARG(base), STR_ARG(request_query_text(rq))),
	    rows.count > (size_t)count ? next_url(cx, rq, base, offset + count) : STR_NONE);
	for (size_t i = 0; i < rows.count && i < (size_t)count; i++) {
		if (!status_fits(rq, &slot[i], cx->now))
			continue;
		entry_begin(&w, base, "Slot", slot[i].id.v);
		put_slot(&w, &slot[i], cx->now);
		entry_end(&w);
	}
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	return respond(rq, 200, FHIR_JSON, buf_str(&out));
}

static fallible
search_schedules(struct cx *cx, struct request *rq)
{
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&out);
	str base = base_of(cx, rq), active = request_query(rq, "active");
	const struct schedule *schedule;
	struct db_rows rows;

	TRY(schedule_rows(cx, facility_of(cx), &rows));
	if (!rows.count)
		return fhir_search(cx, rq);
	schedule = rows.items;
	bundle_begin(&w, arena_printf(cx->arena, "%.*s/Schedule?%.*s", STR_ARG(base), STR_ARG(request_query_text(rq))),
	    STR_NONE);
	for (size_t i = 0; i < rows.count; i++) {
		if (active.n && str_equal(active, S("true")) != schedule[i].active)
			continue;
		entry_begin(&w, base, "Schedule", schedule[i].id.v);
		TRY(put_schedule(cx, &w, &schedule[i]));
		entry_end(&w);
	}
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	return respond(rq, 200, FHIR_JSON, buf_str(&out));
}

/* ---- reading ---- */

static fallible
read_common(struct cx *cx, struct request *rq, resource_type type)
{
	struct resource resource;

	TRY(resource_get(cx, type, request_param(rq, "id"), &resource));
	return respond(rq, 200, FHIR_JSON, resource.body);
}

static fallible
read_slot(struct cx *cx, struct request *rq)
{
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&out);
	struct schedule schedule;
	struct slot slot;
	slot_id id;
	bool found = false;

	if (request_param_uuid(rq, "id", &id.v))
		TRY(slot_row_get(cx, id, &slot, &found));
	if (!found)
		return read_common(cx, rq, RESOURCE_SLOT);
	TRY(schedule_get(cx, slot.schedule, &schedule));
	if (!uuid_equal(schedule.facility.v, facility_of(cx).v))
		return appointment_not_there();
	put_slot(&w, &slot, cx->now);
	json_write_done(&w);
	return respond(rq, 200, FHIR_JSON, buf_str(&out));
}

static fallible
read_schedule(struct cx *cx, struct request *rq)
{
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&out);
	struct schedule schedule;
	schedule_id id;
	bool found = false;

	if (request_param_uuid(rq, "id", &id.v))
		TRY(schedule_row_get(cx, id, &schedule, &found));
	if (!found)
		return read_common(cx, rq, RESOURCE_SCHEDULE);
	if (!uuid_equal(schedule.facility.v, facility_of(cx).v))
		return appointment_not_there();
	TRY(put_schedule(cx, &w, &schedule));
	json_write_done(&w);
	return respond(rq, 200, FHIR_JSON, buf_str(&out));
}

/* ---- booking ---- */

static struct uuid
key_of(struct cx *cx, const struct json_value *json)
{
	struct uuid key;

	json_each_item (json_get(json, "identifier"), identifier)
		if (uuid_parse(json_text_at(identifier, "value"), &key))
			return key;
	return uuid_new(cx->now);
}

static fallible
create_appointment(struct cx *cx, struct request *rq)
{
	const struct json_value *json;
	struct appointment_booking in = {.patient = cx->who.patient};
	struct resource resource;
	struct appointment a;
	str reference, ignored;

	if (!(cx->who.is & WHO_PATIENT))
		return fhir_create(cx, rq);
	TRY(json_parse(cx->arena, request_body(rq), &json, NULL));
	if (!str_equal(json_text_at(json, "resourceType"), S("Appointment")))
		return ERR(ERR_INVALID, "The resource is not an Appointment, as the address says.", "another type");
	reference = json_text_at(json, "slot.0.reference");
	if (!str_starts(reference, S("Slot/")) || !uuid_parse(str_cut(reference, '/', &ignored), &in.slot.v))
		return ERR(ERR_INVALID, "Give slot[0].reference as Slot/ID of a free Slot.", "no slot");
	in.key = key_of(cx, json);
	in.reason = json_text_at(json, "reasonCode.0.text");
	TRY(appointment_book(cx, &in, &a));
	TRY(resource_get(cx, RESOURCE_APPOINTMENT, uuid_text(cx->arena, a.id.v), &resource));
	respond_header(rq, "ETag", arena_printf(cx->arena, "W/\"%lld\"", (long long)resource.version));
	respond_header(rq, "Location",
	    arena_printf(cx->arena, "%.*s/Appointment/%.*s/_history/%lld", STR_ARG(base_of(cx, rq)),
		STR_ARG(resource.id), (long long)resource.version));
	return respond(rq, 201, FHIR_JSON, resource.body);
}

#define BODY_BYTES_MAX (64 * 1024)

const struct route appointments_fhir_routes[] = {
    {GET, "/fhir/Slot", search_slots, .who = READERS, .scope = "Slot.s", .face = FACE_FHIR},
    {GET, "/fhir/Slot/{id}", read_slot, .who = READERS, .scope = "Slot.r", .face = FACE_FHIR},
    {GET, "/fhir/Schedule", search_schedules, .who = READERS, .scope = "Schedule.s", .face = FACE_FHIR},
    {GET, "/fhir/Schedule/{id}", read_schedule, .who = READERS, .scope = "Schedule.r", .face = FACE_FHIR},
    {POST, "/fhir/Appointment", create_appointment, .who = WHO_PATIENT | WHO_CARE_TEAM, .scope = "Appointment.c",
	.face = FACE_FHIR, .body_bytes_max = BODY_BYTES_MAX, .writes = true},
    {0},
};
