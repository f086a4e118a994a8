/* SPDX-License-Identifier: Apache-2.0 */
/* Taking an open time, asking a team for a visit, and another time for one that is booked. */
#include "care/appointments/appointments_pages.h"

#define DAYS_SHOWN 3
#define SLOTS_READ 200
#define WISHES_MAX 12

/* ---- what is open ---- */

/* Kinds that the patient could take a time of, the chosen one marked; none chosen: the first. */
static fallible
fill_kinds(struct cx *cx, const struct page_cx *px, const char *base, visit_kind_id *chosen, struct booking_page *view)
{
	struct slot_query query = {
	    .patient = cx->who.patient, .bookable = true, .from = INSTANT_NONE, .until = INSTANT_NONE, .count_max = 1};
	struct kind_link *links;
	const struct visit_kind *kind;
	struct patient patient;
	struct db_rows rows, slots;

	TRY(patient_get(cx, cx->who.patient, &patient));
	TRY(visit_kinds(cx, patient.facility, &rows));
	kind = rows.items;
	links = ARENA_ARRAY(cx->arena, struct kind_link, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		if (!kind[i].active || !kind[i].bookable)
			continue;
		query.kind = kind[i].id;
		TRY(slots_open(cx, &query, &slots));
		if (!slots.count)
			continue;
		if (uuid_is_none(chosen->v))
			*chosen = kind[i].id;
		links[view->kind_count++] = (struct kind_link){
		    .path = arena_printf(cx->arena, "%s?kind=%.*s", base, STR_ARG(uuid_text(cx->arena, kind[i].id.v))),
		    .name = kind[i].name,
		    .hint = TF2("%1, %2", tr(px->lang, visit_mode_words(kind[i].mode)),
			TN("%1 minute", "%1 minutes", kind[i].minutes)),
		    .current = uuid_equal(kind[i].id.v, chosen->v)};
	}
	view->kinds = links;
	view->open = view->kind_count > 0;
	return NULL;
}

static instant
from_of(const struct page_cx *px, str day)
{
	struct fhir_date date;

	if (!fhir_date_parse(FHIR_DATE, day, &date) || date.precision != FHIR_PRECISION_DAY)
		return INSTANT_NONE;
	return zone_instant(px->zone ? px->zone : zone_utc(), (struct civil_time){.date = date.civil.date});
}

static fallible
fill_days(
    struct cx *cx, const struct page_cx *px, const char *base, visit_kind_id kind, str from, struct booking_page *view)
{
	struct slot_query query = {.patient = cx->who.patient,
	    .kind = kind,
	    .moved = view->moved ? view->moved->id : (appointment_id){0},
	    .bookable = true,
	    .from = from_of(px, from),
	    .until = INSTANT_NONE,
	    .count_max = SLOTS_READ};
	struct slot_day *days;
	struct db_rows rows;
	instant more;

	if (!view->open)
		return NULL;
	TRY(slots_open(cx, &query, &rows));
	TRY(slot_days(cx, px, rows.items, rows.count, DAYS_SHOWN, &days, &view->day_count, &more));
	view->days = days;
	if (!instant_is_none(more))
		view->more_path =
		    arena_printf(cx->arena, "%s?kind=%.*s&from=%.*s", base, STR_ARG(uuid_text(cx->arena, kind.v)),
			STR_ARG(fhir_date_text(cx->arena, zone_civil(px->zone ? px->zone : zone_utc(), more).date)));
	return NULL;
}

static fallible
fill_phone(struct cx *cx, struct page_cx *px, struct booking_page *view)
{
	struct patient patient;
	struct facility facility;

	TRY(patient_get(cx, cx->who.patient, &patient));
	TRY(facility_zone(cx, patient.facility, &facility, &px->zone));
	view->phone = facility.phone;
	return NULL;
}

static fallible
show_booking(struct cx *cx, struct request *rq, int status, struct booking_page *view, visit_kind_id kind, str from)
{
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_APPOINTMENTS, &why));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Make an appointment")), "/appointments", px));
	TRY(fill_phone(cx, px, view));
	TRY(fill_kinds(cx, px, "/appointments/new", &kind, view));
	TRY(fill_days(cx, px, "/appointments/new", kind, from, view));
	if (!view->open && status == 200)
		return respond_see_other(rq, S("/appointments/ask"));
	view->ask_path = arena_printf(cx->arena, "/appointments/ask?kind=%.*s", STR_ARG(uuid_text(cx->arena, kind.v)));
	view->path = arena_printf(cx->arena, "/appointments/book?kind=%.*s&from=%.*s",
	    STR_ARG(uuid_text(cx->arena, kind.v)), STR_ARG(from_of(px, from).ms == INSTANT_NONE.ms ? S("") : from));
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	page_booking(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_booking(struct cx *cx, struct request *rq)
{
	struct booking_page view = {.key = uuid_text(cx->arena, uuid_new(cx->now))};
	visit_kind_id kind = {{{0}}};

	uuid_parse(request_query(rq, "kind"), &kind.v);
	return show_booking(cx, rq, 200, &view, kind, request_query(rq, "from"));
}

fallible
post_book(struct cx *cx, struct request *rq)
{
	struct booking_page view = {
	    .key = request_form(rq, "key"), .reason = request_form(rq, "reason"), .chosen = request_form(rq, "slot")};
	struct appointment_booking in = {.patient = cx->who.patient, .reason = view.reason};
	visit_kind_id kind = {{{0}}};
	struct appointment a;
	const struct err *error;

	if (!request_form_uuid(rq, "key", &in.key))
		in.key = uuid_new(cx->now);
	uuid_parse(request_query(rq, "kind"), &kind.v);
	if (!uuid_parse(view.chosen, &in.slot.v))
		error = ERR(ERR_INVALID, TR("Choose a time."), "no slot chosen");
	else
		error = appointment_book(cx, &in, &a);
	if (!error)
		return respond_see_other(
		    rq, arena_printf(cx->arena, "/appointments/%.*s?done=book", STR_ARG(uuid_text(cx->arena, a.id.v))));
	if (error->code != ERR_INVALID && error->code != ERR_CONFLICT)
		return error;
	view.key = uuid_text(cx->arena, uuid_new(cx->now));
	form_error_add(cx->arena, &view.errors, S("slot"), tr(cx->lang, error->say));
	return show_booking(cx, rq, error->code == ERR_CONFLICT ? 409 : 400, &view, kind, request_query(rq, "from"));
}

/* ---- asking ---- */

/* Teams that care for the patient and take messages; those that take questions about appointments first. */
static fallible
fill_teams(struct cx *cx, struct ask_visit_page *view)
{
	struct option *options;
	struct db_rows rows, topics;
	const struct team *team;
	size_t count = 0;

	TRY(teams_of_patient(cx, cx->who.patient, true, &rows));
	team = rows.items;
	options = ARENA_ARRAY(cx->arena, struct option, rows.count + 1);
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < rows.count; i++) {
			const int64_t *topic;
			bool takes;

			TRY(team_topics(cx, team[i].id, &topics));
			topic = topics.items;
			takes = topics.count == 0;
			for (size_t k = 0; k < topics.count; k++)
				takes |= topic[k] == CATEGORY_APPOINTMENT;
			if (takes == (pass == 0))
				options[count++] = (struct option){uuid_text(cx->arena, team[i].id.v), team[i].name,
				    team[i].care.n ? team[i].care : STR_NONE};
		}
	view->teams = options;
	view->team_count = count;
	if (!view->team.n && count)
		view->team = options[0].value;
	return NULL;
}

static fallible
fill_kind_options(struct cx *cx, const struct page_cx *px, struct ask_visit_page *view)
{
	struct option *options;
	const struct visit_kind *kind;
	struct patient patient;
	struct db_rows rows;

	TRY(patient_get(cx, cx->who.patient, &patient));
	TRY(visit_kinds(cx, patient.facility, &rows));
	kind = rows.items;
	options = ARENA_ARRAY(cx->arena, struct option, rows.count + 2);
	for (size_t i = 0; i < rows.count; i++)
		if (kind[i].active)
			options[view->kind_count++] = (struct option){uuid_text(cx->arena, kind[i].id.v),
			    TF2("%1 (%2)", kind[i].name, tr(px->lang, visit_mode_words(kind[i].mode))), STR_NONE};
	if (view->kind_count)
		options[view->kind_count++] =
		    (struct option){S("any"), T("Something else, or I do not know"), STR_NONE};
	view->kinds = options;
	return NULL;
}

/* Some open times of the team and kind `of` names, spread over days: not more than two of a day. */
static fallible
fill_wishes(struct cx *cx, const struct page_cx *px, const struct slot_query *of, const struct slot_option **out,
    size_t *out_count)
{
	struct slot_query query = {.patient = cx->who.patient,
	    .team = of->team,
	    .kind = of->kind,
	    .moved = of->moved,
	    .from = INSTANT_NONE,
	    .until = INSTANT_NONE,
	    .count_max = SLOTS_READ};
	struct slot *chosen;
	const struct slot *slot;
	struct db_rows rows;
	size_t count = 0;
	int32_t last = 0;
	int of_day = 0;

	TRY(slots_open(cx, &query, &rows));
	slot = rows.items;
	chosen = ARENA_ARRAY(cx->arena, struct slot, WISHES_MAX);
	for (size_t i = 0; i < rows.count && count < WISHES_MAX; i++) {
		struct civil_time t = zone_civil(px->zone ? px->zone : zone_utc(), slot[i].start);
		int32_t day = civil_date_to_days(t.date);

		if (day != last)
			of_day = 0;
		else if (of_day == 2 ||
			 (of_day == 1 &&
			     (t.hour < 12) ==
				 (zone_civil(px->zone ? px->zone : zone_utc(), chosen[count - 1].start).hour < 12)))
			continue; /* a morning and an afternoon */
		last = day;
		of_day++;
		chosen[count++] = slot[i];
	}
	*out_count = count;
	return slot_options(cx, px, chosen, count, out);
}

static fallible
show_ask(struct cx *cx, struct request *rq, int status, struct ask_visit_page *view)
{
	struct page_cx page, *px = &page;
	struct booking_page place = {0};
	struct buf html = BUF_INIT(cx->arena);
	visit_kind_id kind = {{{0}}};
	team_id team = {{{0}}};
	enum access_why why;
	const struct err *error;

	TRY(access_check(cx, cx->who.patient, RIGHT_APPOINTMENTS, &why));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Ask your team for a visit")), "/appointments", px));
	TRY(fill_phone(cx, px, &place));
	TRY(fill_teams(cx, view));
	TRY(fill_kind_options(cx, px, view));
	uuid_parse(view->kind, &kind.v);
	uuid_parse(view->team, &team.v);
	if (view->team_count) {
		error = visit_message_check(cx, cx->who.patient, team);
		if (error && error->code != ERR_INVALID && error->code != ERR_DENIED && error->code != ERR_GONE)
			return error;
		view->terms = error && !(cx->who.is & WHO_DELEGATE);
		if (error && !view->errors.count)
			form_error_add(cx->arena, &view->errors, S(""), tr(cx->lang, error->say));
		else if (!error && !uuid_is_none(kind.v)) /* of any kind they would say nothing */
			TRY(fill_wishes(
			    cx, px, &(struct slot_query){.team = team, .kind = kind}, &view->slots, &view->slot_count));
	}
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	page_ask_visit(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_ask_visit(struct cx *cx, struct request *rq)
{
	struct ask_visit_page view = {.key = uuid_text(cx->arena, uuid_new(cx->now)),
	    .kind = request_query(rq, "kind"),
	    .team = request_query(rq, "team")};

	return show_ask(cx, rq, 200, &view);
}

fallible
post_ask_visit(struct cx *cx, struct request *rq)
{
	struct ask_visit_page view = {.key = request_form(rq, "key"),
	    .team = request_form(rq, "team"),
	    .kind = request_form(rq, "kind"),
	    .reason = request_form(rq, "reason"),
	    .wish = request_form(rq, "wish")};
	struct appointment_request in = {.patient = cx->who.patient, .reason = view.reason, .wish = view.wish};
	struct appointment a;
	const struct err *error;
	const char *field = "reason";

	if (!request_form_uuid(rq, "key", &in.key))
		in.key = uuid_new(cx->now);
	uuid_parse(view.kind, &in.kind.v);
	if (!uuid_parse(view.team, &in.team.v)) {
		field = "team";
		error = ERR(ERR_INVALID, TR("Choose a team."), "no team");
	} else {
		error = form_slots(cx, rq, in.slots, APPOINTMENT_OFFERS_MAX, &in.slot_count);
		field = error || str_trim(in.reason).n ? "slot" : "reason";
		if (!error)
			error = appointment_ask_new(cx, &in, &a);
	}
	if (!error)
		return respond_see_other(
		    rq, arena_printf(cx->arena, "/appointments/%.*s?done=ask", STR_ARG(uuid_text(cx->arena, a.id.v))));
	if (error->code != ERR_INVALID && error->code != ERR_CONFLICT)
		return error;
	form_error_add(cx->arena, &view.errors, str_from_z(field), tr(cx->lang, error->say));
	return show_ask(cx, rq, error->code == ERR_CONFLICT ? 409 : 400, &view);
}

/* ---- another time ---- */

static fallible
show_change(struct cx *cx, struct request *rq, int status, struct booking_page *view)
{
	struct page_cx page, *px = &page;
	struct appointment a;
	struct visit_line line;
	struct buf html = BUF_INIT(cx->arena);
	const char *base;

	TRY(visit_of_route(cx, rq, &a));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Another time for this visit")), "/appointments", px));
	TRY(px_at_facility(cx, a.facility, px));
	line = appointment_line(px, &a, true);
	view->moved = &a;
	view->when = line.when;
	view->seen = arena_printf(cx->arena, "%lld", (long long)a.changes);
	view->path = arena_printf(cx->arena, "%.*s/change", STR_ARG(line.path));
	base = arena_z(cx->arena, view->path);
	view->open = a.ours && !uuid_is_none(a.kind.v) && appointment_may(&a, DEED_MOVE, BY_PATIENT, px->zone, cx->now);
	TRY(fill_days(cx, px, base, a.kind, request_query(rq, "from"), view));
	if (!view->day_count && !uuid_is_none(a.team.v))
		TRY(fill_wishes(cx, px, &(struct slot_query){.team = a.team, .kind = a.kind, .moved = a.id},
		    &view->wishes, &view->wish_count));
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	visit_audit(cx, &a);
	page_change(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_change(struct cx *cx, struct request *rq)
{
	return show_change(cx, rq, 200, &(struct booking_page){0});
}

/* "take" moves it to an open time; "ask" asks the team. */
fallible
post_change(struct cx *cx, struct request *rq)
{
	struct booking_page view = {.words = request_form(rq, "words"), .chosen = request_form(rq, "slot")};
	struct appointment_act act = {.words = view.words};
	bool takes = str_equal(request_form(rq, "deed"), S("take"));
	struct appointment a;
	const struct err *error;

	TRY(visit_of_route(cx, rq, &a));
	act.patient = a.patient;
	act.id = a.id;
	act.deed = takes ? DEED_MOVE : a.state == APPOINTMENT_PENDING ? DEED_ASK_AGAIN : DEED_ASK_CHANGE;
	error = form_slots(cx, rq, act.slots, APPOINTMENT_OFFERS_MAX, &act.slot_count);
	if (!error)
		error = appointment_do(cx, &act, &a);
	if (!error)
		return respond_see_other(
		    rq, arena_printf(cx->arena, "/appointments/%.*s?done=%s", STR_ARG(uuid_text(cx->arena, a.id.v)),
			    appointment_deed_code(act.deed)));
	if (error->code != ERR_INVALID && error->code != ERR_CONFLICT)
		return error;
	form_error_add(
	    cx->arena, &view.errors, takes || act.slot_count ? S("slot") : S("words"), tr(cx->lang, error->say));
	return show_change(cx, rq, error->code == ERR_CONFLICT ? 409 : 400, &view);
}
