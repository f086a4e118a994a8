/* SPDX-License-Identifier: Apache-2.0 */
/* What is said about a visit: sealed with its row, written as a FHIR Appointment (R4 12.1), and read from one of another system. */
#include "care/appointments/appointments_internal.h"

/* A video address, as HL7's extension for R5 elements in R4 has it. */
#define VIRTUAL_SERVICE "http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment.virtualService"

/* What the patient wants to talk about is the comment of the Appointment; the tag tells it from what another system comments. */
#define AGENDA_SYSTEM "urn:salve:visit"
#define AGENDA_TAG    "patients-list"

static const struct {
	size_t offset;
	const char *name;
} members[] = {{offsetof(struct visit_details, title), "title"}, {offsetof(struct visit_details, who), "who"},
    {offsetof(struct visit_details, place), "place"}, {offsetof(struct visit_details, address), "address"},
    {offsetof(struct visit_details, directions), "directions"}, {offsetof(struct visit_details, phone), "phone"},
    {offsetof(struct visit_details, link), "link"}, {offsetof(struct visit_details, prepare), "prepare"},
    {offsetof(struct visit_details, reason), "reason"}, {offsetof(struct visit_details, ended), "ended"}};
#define MEMBERS (sizeof(members) / sizeof(members[0]))

static str *
member_at(struct visit_details *details, size_t i)
{
	return (str *)(void *)((char *)details + members[i].offset);
}

struct seal_place
appointment_place(appointment_id id, const char *what)
{
	return (struct seal_place){.table = what, .row = id.v};
}

static fallible
seal_text(struct cx *cx, const struct appointment *a, const char *what, str plain, str *sealed)
{
	*sealed = STR_NONE;
	return plain.n ? vault_seal(cx, a->patient, appointment_place(a->id, what), plain, sealed) : NULL;
}

fallible
visit_details_seal(struct cx *cx, struct appointment *a)
{
	struct buf text = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&text);

	json_write_object(&w);
	for (size_t i = 0; i < MEMBERS; i++)
		json_put_text(&w, members[i].name, *member_at(&a->details, i));
	json_write_end(&w);
	json_write_done(&w);
	TRY(seal_text(cx, a, "appointment.details", buf_str(&text), &a->details_sealed));
	TRY(seal_text(cx, a, "appointment.wish", a->wish, &a->wish_sealed));
	return seal_text(cx, a, "appointment.agenda", a->agenda, &a->agenda_sealed);
}

fallible
appointment_open(struct cx *cx, struct appointment *a)
{
	const struct json_value *json;
	str text;

	TRY(vault_open_text(cx, a->patient, appointment_place(a->id, "appointment.details"), a->details_sealed, &text));
	TRY(json_parse(cx->arena, text, &json, NULL));
	for (size_t i = 0; i < MEMBERS; i++)
		*member_at(&a->details, i) = json_text(json_get(json, members[i].name));
	TRY(vault_open_text(cx, a->patient, appointment_place(a->id, "appointment.wish"), a->wish_sealed, &a->wish));
	return vault_open_text(
	    cx, a->patient, appointment_place(a->id, "appointment.agenda"), a->agenda_sealed, &a->agenda);
}

fallible
appointments_open(struct cx *cx, struct db_rows *rows)
{
	struct appointment *a = rows->items;

	for (size_t i = 0; i < rows->count; i++)
		TRY(appointment_open(cx, &a[i]));
	return NULL;
}

/* ---- of what a clinic offers ---- */

fallible
visit_details_of_slot(struct cx *cx, const struct slot *slot, struct appointment *a)
{
	str reason = a->details.reason;
	struct visit_kind kind;
	struct schedule schedule;
	struct facility facility;
	struct account account;
	struct team team;

	TRY(schedule_get(cx, slot->schedule, &schedule));
	TRY(visit_kind_get(cx, slot->kind, &kind));
	TRY(team_get(cx, slot->team, &team));
	TRY(facility_get(cx, team.facility, &facility));
	a->facility = team.facility;
	a->team = slot->team;
	a->kind = slot->kind;
	a->account = schedule.account;
	a->slot = slot->id;
	a->start = slot->start;
	a->end = slot->end;
	a->mode = kind.mode;
	a->details = (struct visit_details){.title = kind.name,
	    .who = team.name,
	    .place = kind.mode != MODE_IN_PERSON ? STR_NONE
	             : schedule.place.n          ? schedule.place
	                                         : team.place,
	    .address = kind.mode == MODE_IN_PERSON ? facility.name : STR_NONE,
	    .directions = kind.mode == MODE_IN_PERSON ? schedule.directions : STR_NONE,
	    .phone = facility.phone,
	    .link = kind.mode == MODE_VIDEO ? schedule.link : STR_NONE,
	    .prepare = kind.prepare,
	    .reason = reason};
	if (uuid_is_none(schedule.account.v))
		return NULL;
	TRY(account_get(cx, schedule.account, &account));
	a->details.who = account.title.n
	                     ? arena_printf(cx->arena, "%.*s, %.*s, %.*s", STR_ARG(account.name),
				   STR_ARG(account.title), STR_ARG(team.name))
	                     : arena_printf(cx->arena, "%.*s, %.*s", STR_ARG(account.name), STR_ARG(team.name));
	return NULL;
}

/* ---- as a resource ---- */

static void
put_text_concept(struct json_writer *w, const char *name, str text)
{
	if (!text.n)
		return;
	json_put_array(w, name);
	json_write_object(w);
	json_put_text(w, "text", text);
	json_write_end(w);
	json_write_end(w);
}

static void
put_participant(struct json_writer *w, str reference, str display, const char *status)
{
	json_write_object(w);
	json_put_object(w, "actor");
	json_put_text(w, "reference", reference);
	json_put_text(w, "display", display);
	json_write_end(w);
	json_put_text(w, "status", str_from_z(status));
	json_write_end(w);
}

static void
put_participants(struct json_writer *w, struct arena *arena, const struct appointment *a)
{
	bool patient_owes = a->asked == ASKED_CHOICE, team_owes = a->asked == ASKED_NEW;

	json_put_array(w, "participant");
	put_participant(w, arena_printf(arena, "Patient/%.*s", STR_ARG(uuid_text(arena, a->patient.v))), STR_NONE,
	    a->state == APPOINTMENT_CANCELLED ? "declined"
	    : patient_owes                    ? "needs-action"
					      : "accepted");
	put_participant(w, STR_NONE, a->details.who, team_owes ? "needs-action" : "accepted");
	if (a->details.place.n)
		put_participant(w, STR_NONE,
		    a->details.address.n
			? arena_printf(arena, "%.*s, %.*s", STR_ARG(a->details.address), STR_ARG(a->details.place))
			: a->details.place,
		    "accepted");
	json_write_end(w);
}

static void
put_link(struct json_writer *w, str link)
{
	if (!link.n)
		return;
	json_put_array(w, "extension");
	json_write_object(w);
	json_put_array(w, "extension");
	json_write_object(w);
	json_put_text(w, "url", S("address"));
	json_put_text(w, "valueUrl", link);
	json_write_end(w);
	json_write_end(w);
	json_put_text(w, "url", S(VIRTUAL_SERVICE));
	json_write_end(w);
	json_write_end(w);
}

static void
put_times(struct json_writer *w, struct arena *arena, const struct appointment *a)
{
	if (instant_is_none(a->start))
		return;
	json_put_text(w, "start", fhir_instant_text(arena, a->start));
	json_put_text(w, "end", fhir_instant_text(arena, a->end));
	json_put_int64(w, "minutesDuration", (a->end.ms - a->start.ms) / MINUTE_MS);
	if (uuid_is_none(a->slot.v))
		return;
	json_put_array(w, "slot");
	json_write_object(w);
	json_put_text(w, "reference", arena_printf(arena, "Slot/%.*s", STR_ARG(uuid_text(arena, a->slot.v))));
	json_write_end(w);
	json_write_end(w);
}

static str
instruction(struct arena *arena, const struct visit_details *d)
{
	if (d->prepare.n && d->directions.n)
		return arena_printf(arena, "%.*s\n%.*s", STR_ARG(d->prepare), STR_ARG(d->directions));
	return d->prepare.n ? d->prepare : d->directions.n ? d->directions : STR_NONE;
}

fallible
appointment_resource(struct cx *cx, const struct appointment *a, struct resource_draft **out)
{
	struct arena *arena = cx->arena;
	struct buf text = BUF_INIT(arena);
	struct json_writer w_ = JSON_WRITER(&text), *w = &w_;
	const struct json_value *json;

	json_write_object(w);
	json_put_text(w, "resourceType", S("Appointment"));
	json_put_text(w, "id", uuid_text(arena, a->id.v));
	if (a->agenda.n)
		json_put_raw(
		    w, "meta", S("{\"tag\":[{\"system\":\"" AGENDA_SYSTEM "\",\"code\":\"" AGENDA_TAG "\"}]}"));
	put_link(w, a->details.link);
	json_put_text(w, "status", str_from_z(appointment_state_code(a->state)));
	if (a->state == APPOINTMENT_CANCELLED && a->details.ended.n) {
		json_put_object(w, "cancelationReason");
		json_put_text(w, "text", a->details.ended);
		json_write_end(w);
	}
	put_text_concept(w, "serviceType", a->details.title);
	json_put_object(w, "appointmentType");
	json_put_text(w, "text", str_from_z(visit_mode_words(a->mode)));
	json_write_end(w);
	put_text_concept(w, "reasonCode", a->details.reason);
	put_times(w, arena, a);
	json_put_text(w, "created", fhir_instant_text(arena, a->made));
	json_put_text(w, "comment", a->agenda);
	if (a->details.prepare.n || a->details.directions.n)
		json_put_text(w, "patientInstruction", instruction(arena, &a->details));
	put_participants(w, arena, a);
	json_write_end(w);
	json_write_done(w);
	TRY(json_parse(arena, buf_str(&text), &json, NULL));
	return resource_prepare(
	    cx, &(struct resource_new){.patient = a->patient, .json = json, .id = uuid_text(arena, a->id.v)}, out);
}

/* ---- from another system's resource ---- */

static str
first_of(str a, str b)
{
	return a.n ? a : b;
}

/* Names of those who take part, by what they refer to; looked up in the commons where the reference has no name of its own. */
static fallible
read_participants(struct cx *cx, const struct page_cx *px, const struct json_value *json, struct visit_details *d)
{
	json_each_item (json_get(json, "participant"), item) {
		str reference = json_text_at(item, "actor.reference"), name = json_text_at(item, "actor.display");

		if (str_contains(reference, S("Patient/")))
			continue;
		if (!name.n && reference.n)
			TRY(record_look_up(cx, px, reference, &name));
		if (str_contains(reference, S("Location/")))
			d->place = first_of(d->place, name);
		else
			d->who = first_of(d->who, name);
	}
	return NULL;
}

static int64_t
mode_of(const struct json_value *json, str link)
{
	str words = record_concept(json_get(json, "appointmentType"));

	if (link.n)
		return MODE_VIDEO;
	for (int64_t mode = MODE_IN_PERSON; mode <= MODE_TELEPHONE; mode++)
		if (str_equal(words, str_from_z(visit_mode_words(mode))))
			return mode;
	return MODE_IN_PERSON;
}

static str
link_of(const struct json_value *json)
{
	json_each_item (json_get(json, "extension"), extension) {
		if (!str_equal(json_text_at(extension, "url"), S(VIRTUAL_SERVICE)))
			continue;
		json_each_item (json_get(extension, "extension"), part) {
			str url = json_text_at(part, "valueUrl");

			if (str_starts(url, S("https://")))
				return url;
		}
	}
	return STR_NONE;
}

static instant
time_of(const struct json_value *json, const char *name)
{
	struct fhir_date date;

	return fhir_date_parse(FHIR_INSTANT, json_text(json_get(json, name)), &date) ? date.low : INSTANT_NONE;
}

/* Brought from another Salve: the comment is the patient's own list. */
static bool
has_agenda(const struct json_value *json)
{
	json_each_item (json_path(json, "meta.tag"), tag)
		if (str_equal(json_text_at(tag, "system"), S(AGENDA_SYSTEM)) &&
		    str_equal(json_text_at(tag, "code"), S(AGENDA_TAG)))
			return true;
	return false;
}

#define MINUTES_UNSAID 30 /* of a visit whose end nobody said */

fallible
appointment_from_resource(
    struct cx *cx, const struct resource *resource, const struct json_value *json, struct appointment *a)
{
	struct page_cx px = {.arena = cx->arena, .lang = LANG_EN, .now = cx->now};
	struct visit_details *d = &a->details;
	struct facility facility;
	int64_t minutes = MINUTES_UNSAID;

	*d = (struct visit_details){
	    .title = first_of(record_concept(json_at(json_get(json, "serviceType"), 0)),
		first_of(json_text_at(json, "description"), record_concept(json_get(json, "appointmentType")))),
	    .prepare = json_text_at(json, "patientInstruction"),
	    .reason = record_concept(json_at(json_get(json, "reasonCode"), 0)),
	    .ended = record_concept(json_get(json, "cancelationReason")),
	    .link = link_of(json)};
	d->title = first_of(d->title, S("Visit"));
	if (!a->agenda.n && has_agenda(json))
		a->agenda = json_text_at(json, "comment");
	TRY(read_participants(cx, &px, json, d));
	TRY(facility_get(cx, a->facility, &facility));
	d->phone = facility.phone;
	a->version = resource->version;
	a->mode = mode_of(json, d->link);
	a->start = time_of(json, "start");
	a->end = time_of(json, "end");
	json_to_int64(json_get(json, "minutesDuration"), &minutes);
	if (!instant_is_none(a->start) && (instant_is_none(a->end) || instant_before(a->end, a->start)))
		a->end = instant_add_ms(a->start, minutes * MINUTE_MS);
	if (resource->deleted || !appointment_state_parse(json_text_at(json, "status"), &a->state))
		a->state = APPOINTMENT_MISTAKEN;
	return NULL;
}
