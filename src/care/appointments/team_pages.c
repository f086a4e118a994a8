/* SPDX-License-Identifier: Apache-2.0 */
/* The team's side: the day with what patients want to talk about, what waits for an answer, and one visit with all that can be done. */
#include "care/appointments/appointments_pages.h"

#define WAITING_ROWS   100
#define THREADS_LOOKED 20
#define TEAM_SLOTS_MAX 24

static const struct zone *
zone_or_utc(const struct page_cx *px)
{
	return px->zone ? px->zone : zone_utc();
}

/* ---- the day ---- */

static int32_t
day_of(const struct page_cx *px, str text)
{
	struct fhir_date date;

	if (fhir_date_parse(FHIR_DATE, text, &date) && date.precision == FHIR_PRECISION_DAY)
		return civil_date_to_days(date.civil.date);
	return civil_date_to_days(zone_civil(zone_or_utc(px), px->now).date);
}

static str
day_path(const struct page_cx *px, int32_t day, team_id team, bool mine)
{
	struct buf out = BUF_INIT(px->arena);

	buf_printf(&out, "/schedule?day=%.*s", STR_ARG(fhir_date_text(px->arena, civil_date_from_days(day))));
	if (!uuid_is_none(team.v)) {
		buf_add(&out, S("&team="));
		buf_add_uuid(&out, team.v);
	}
	if (mine)
		buf_add(&out, S("&mine=1"));
	return buf_str(&out);
}

/* Questions of this patient to the caller's teams that nobody answered yet. */
static fallible
count_unanswered(struct cx *cx, patient_id patient, struct day_row *row)
{
	struct db_rows rows;
	const struct thread *thread;

	TRY(thread_list_of_teams(cx, patient, 0, THREADS_LOOKED, &rows));
	thread = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		if (thread[i].status != THREAD_INCOMPLETE)
			continue;
		if (!row->unanswered++)
			row->unanswered_path =
			    arena_printf(cx->arena, "/inbox/%.*s", STR_ARG(uuid_text(cx->arena, thread[i].id.v)));
	}
	return NULL;
}

static fallible
fill_row(struct cx *cx, struct page_cx *px, const struct appointment *a, struct day_row *row)
{
	struct patient patient;

	TRY(px_at_facility(cx, a->facility, px));
	TRY(patient_get(cx, a->patient, &patient));
	*row = (struct day_row){.line = appointment_line(px, a, false),
	    .hour = visit_hour(px, a->start),
	    .patient = patient.name,
	    .patient_path =
		arena_printf(cx->arena, "/patients/%.*s/record", STR_ARG(uuid_text(cx->arena, a->patient.v))),
	    .agenda = a->agenda,
	    .arrived = instant_is_none(a->arrived_at) ? STR_NONE : visit_hour(px, a->arrived_at),
	    .mode = tr(px->lang, visit_mode_words(a->mode)),
	    .seen = arena_printf(cx->arena, "%lld", (long long)a->changes),
	    .can_check_in = appointment_may(a, DEED_CHECK_IN, BY_TEAM, px->zone, cx->now),
	    .can_finish = appointment_may(a, DEED_FINISH, BY_TEAM, px->zone, cx->now),
	    .can_miss = appointment_may(a, DEED_MISS, BY_TEAM, px->zone, cx->now),
	    .can_reopen = appointment_may(a, DEED_REOPEN, BY_TEAM, px->zone, cx->now)};
	row->path = row->line.path;
	TRY(visit_question_lines(cx, px, a, false, &row->questions, &row->question_count));
	return count_unanswered(cx, a->patient, row);
}

static fallible
fill_filters(
    struct cx *cx, const struct page_cx *px, const struct day_query *query, int32_t day, struct schedule_page *view)
{
	struct db_rows rows;
	const struct team *team;
	struct kind_link *links;
	size_t count = 0;
	team_id all = {{{0}}};

	TRY(teams_of_account(cx, cx->who.account, &rows));
	team = rows.items;
	links = ARENA_ARRAY(cx->arena, struct kind_link, rows.count + 2);
	links[count++] = (struct kind_link){.path = day_path(px, day, all, false),
	    .name = T("All my teams"),
	    .current = uuid_is_none(query->team.v) && !query->mine};
	links[count++] =
	    (struct kind_link){.path = day_path(px, day, all, true), .name = T("Only with me"), .current = query->mine};
	for (size_t i = 0; i < rows.count && rows.count > 1; i++)
		links[count++] = (struct kind_link){.path = day_path(px, day, team[i].id, false),
		    .name = team[i].name,
		    .current = uuid_equal(team[i].id.v, query->team.v)};
	view->filters = links;
	view->filter_count = count;
	return NULL;
}

fallible
get_schedule(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct schedule_page view = {0};
	struct day_query query = {.mine = request_query(rq, "mine").n > 0};
	const struct appointment *a;
	struct day_row *lines;
	struct db_rows rows;
	struct buf html = BUF_INIT(cx->arena);
	int32_t day, today;

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Schedule")), "/schedule", px));
	uuid_parse(request_query(rq, "team"), &query.team.v);
	day = day_of(px, request_query(rq, "day"));
	today = day_of(px, STR_NONE);
	surrogate_days(zone_or_utc(px), day, day, &query.from, &query.until);
	TRY(appointments_of_day(cx, &query, &rows));
	a = rows.items;
	lines = ARENA_ARRAY(cx->arena, struct day_row, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		TRY(fill_row(cx, px, &a[i], &lines[i]));
		view.arrived += a[i].state == APPOINTMENT_ARRIVED;
	}
	if (rows.count)
		audit_add_listed(cx, AUDIT_VISITS, ACCESS_CARE_TEAM, &a[0].patient, rows.count, sizeof(a[0]));
	view.rows = lines;
	view.count = rows.count;
	view.is_today = day == today;
	view.mine = query.mine;
	view.day =
	    TF2("%1, %2", weekday_name(px->lang, civil_weekday(day)), px_date_only(px, civil_date_from_days(day)));
	view.before = day_path(px, day - 1, query.team, query.mine);
	view.after = day_path(px, day + 1, query.team, query.mine);
	view.today = day_path(px, today, query.team, query.mine);
	view.back = day_path(px, day, query.team, query.mine);
	TRY(fill_filters(cx, px, &query, day, &view));
	TRY(appointments_waiting_count(cx, &view.waiting));
	px->title = TF1("Schedule: %1", view.day);
	px->flash = visit_deed_done(px, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	page_schedule(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- what waits ---- */

static fallible
fill_request(struct cx *cx, struct page_cx *px, const struct appointment *a, struct request_row *row)
{
	struct patient patient;
	struct db_rows offers;

	TRY(px_at_facility(cx, a->facility, px));
	TRY(patient_get(cx, a->patient, &patient));
	TRY(appointment_offers(cx, a, &offers));
	*row = (struct request_row){.line = appointment_line(px, a, false),
	    .patient = patient.name,
	    .ask = appointment_ask_words(px, a),
	    .wish = a->wish,
	    .reason = a->details.reason,
	    .age = px_day(px, a->asked_at),
	    .seen = arena_printf(cx->arena, "%lld", (long long)a->changes),
	    .offer_count = offers.count,
	    .can_accept = appointment_may(a, DEED_ACCEPT, BY_TEAM, px->zone, cx->now)};
	row->path = row->line.path;
	if (!uuid_is_none(a->thread.v))
		row->thread_path = arena_printf(cx->arena, "/inbox/%.*s", STR_ARG(uuid_text(cx->arena, a->thread.v)));
	return slot_options(cx, px, offers.items, offers.count, &row->offers);
}

fallible
get_requests(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct requests_page view = {0};
	const struct appointment *a;
	struct request_row *lines;
	struct db_rows rows;
	team_id team = {{{0}}};
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Requests for visits")), "/schedule", px));
	uuid_parse(request_query(rq, "team"), &team.v);
	TRY(appointments_waiting(cx, team, WAITING_ROWS, &rows));
	a = rows.items;
	lines = ARENA_ARRAY(cx->arena, struct request_row, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++)
		TRY(fill_request(cx, px, &a[i], &lines[i]));
	if (rows.count)
		audit_add_listed(cx, AUDIT_VISITS, ACCESS_CARE_TEAM, &a[0].patient, rows.count, sizeof(a[0]));
	view.rows = lines;
	view.count = rows.count;
	px->flash = visit_deed_done(px, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	page_requests(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- one visit ---- */

static str
times_path(const struct page_cx *px, const struct visit_page *view, visit_kind_id kind, str from)
{
	return arena_printf(px->arena, "%.*s?kind=%.*s&from=%.*s", STR_ARG(view->path),
	    STR_ARG(uuid_is_none(kind.v) ? S("") : uuid_text(px->arena, kind.v)), STR_ARG(from));
}

/* Free times of the team: of the kind that was asked for or chosen, from the chosen day on. */
static fallible
fill_times(
    struct cx *cx, struct request *rq, const struct page_cx *px, const struct appointment *a, struct visit_page *view)
{
	struct slot_query query = {.patient = a->patient,
	    .team = a->team,
	    .kind = a->kind,
	    .moved = a->id,
	    .from = INSTANT_NONE,
	    .until = INSTANT_NONE,
	    .count_max = TEAM_SLOTS_MAX};
	str from = request_query(rq, "from");
	struct kind_link *links;
	const struct visit_kind *kind;
	const struct slot *slot;
	struct db_rows rows;
	struct fhir_date date;

	if (fhir_date_parse(FHIR_DATE, from, &date) && date.precision == FHIR_PRECISION_DAY)
		query.from = zone_instant(zone_or_utc(px), (struct civil_time){.date = date.civil.date});
	else
		from = S("");
	uuid_parse(request_query(rq, "kind"), &query.kind.v);
	TRY(visit_kinds(cx, a->facility, &rows));
	kind = rows.items;
	links = ARENA_ARRAY(cx->arena, struct kind_link, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++)
		if (kind[i].active)
			links[view->kind_count++] = (struct kind_link){.path = times_path(px, view, kind[i].id, S("")),
			    .name = kind[i].name,
			    .current = uuid_equal(kind[i].id.v, query.kind.v)};
	view->kinds = links;
	view->offer_path = times_path(px, view, query.kind, from);
	TRY(slots_open(cx, &query, &rows));
	slot = rows.items;
	view->slot_count = rows.count;
	if (rows.count == TEAM_SLOTS_MAX) {
		int32_t day = civil_date_to_days(zone_civil(zone_or_utc(px), slot[rows.count - 1].start).date);

		view->later_path =
		    times_path(px, view, query.kind, fhir_date_text(cx->arena, civil_date_from_days(day + 1)));
	}
	return slot_options(cx, px, slot, rows.count, &view->slots);
}

fallible
show_team_visit(struct cx *cx, struct request *rq, int status, struct visit_page *view)
{
	struct page_cx page, *px = &page;
	struct appointment a;
	struct patient patient;
	struct buf html = BUF_INIT(cx->arena);

	TRY(visit_of_route(cx, rq, &a));
	TRY(patient_get(cx, a.patient, &patient));
	TRY(page_cx_for(cx, rq, S(""), "/schedule", px));
	TRY(visit_page_fill(cx, px, &a, view));
	view->patient = patient.name;
	view->patient_path =
	    arena_printf(cx->arena, "/patients/%.*s/record", STR_ARG(uuid_text(cx->arena, a.patient.v)));
	if (view->can_offer || view->can_settle)
		TRY(fill_times(cx, rq, px, &a, view));
	TRY(visit_question_options(cx, px, &a, &view->question_options, &view->question_option_count));
	if (!view->minutes.n)
		view->minutes = S("30");
	px->title = TF2("%1: %2", patient.name, view->line.title);
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	px->flash = visit_deed_done(px, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	visit_audit(cx, &a);
	page_team_visit(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_team_visit(struct cx *cx, struct request *rq)
{
	return show_team_visit(cx, rq, 200, &(struct visit_page){0});
}

/* "2026-3-5" and "14:30", in the facility's zone. */
static instant
time_typed(struct cx *cx, const struct appointment *a, str day, str hour)
{
	struct facility facility;
	const struct zone *zone;
	struct civil_time at = {0};
	int64_t year, month, date, hours, minutes;
	str rest, head;

	rest = str_cut(day, '-', &head);
	if (!str_to_int64(head, &year))
		return INSTANT_NONE;
	rest = str_cut(rest, '-', &head);
	if (!str_to_int64(head, &month) || !str_to_int64(rest, &date) || year < 1 || year > 9999 || month < 1 ||
	    month > 12 || date < 1 || date > 31 || !civil_date_is_valid((int)year, (int)month, (int)date))
		return INSTANT_NONE;
	rest = str_cut(str_trim(hour), ':', &head);
	if (!str_to_int64(head, &hours) || !str_to_int64(rest, &minutes) || hours < 0 || hours > 23 || minutes < 0 ||
	    minutes > 59 || facility_zone(cx, a->facility, &facility, &zone))
		return INSTANT_NONE;
	at.date = (struct civil_date){(int16_t)year, (int8_t)month, (int8_t)date};
	at.hour = (int8_t)hours;
	at.minute = (int8_t)minutes;
	return zone_instant(zone, at);
}

/* Only places of these pages: where the button was pressed. */
static str
back_path(struct cx *cx, struct request *rq, const struct appointment *a, enum appointment_deed deed)
{
	str back = request_form(rq, "back");
	const char *code = appointment_deed_code(deed);
	bool list = (str_starts(back, S("/schedule")) || str_starts(back, S("/inbox/"))) && utf8_is_clean_line(back) &&
	            !str_contains(back, S("\\"));

	if (list)
		return arena_printf(
		    cx->arena, "%.*s%cdone=team-%s", STR_ARG(back), str_contains(back, S("?")) ? '&' : '?', code);
	return arena_printf(cx->arena, "/patients/%.*s/appointments/%.*s?done=team-%s",
	    STR_ARG(uuid_text(cx->arena, a->patient.v)), STR_ARG(uuid_text(cx->arena, a->id.v)), code);
}

fallible
post_team_visit(struct cx *cx, struct request *rq)
{
	struct visit_page view = {.words = request_form(rq, "words"),
	    .day = field_date_value(
		cx->arena, request_form(rq, "day.year"), request_form(rq, "day.month"), request_form(rq, "day.day")),
	    .hour = request_form(rq, "hour"),
	    .minutes = request_form(rq, "minutes")};
	struct appointment_act act = {.words = view.words, .start = INSTANT_NONE};
	struct appointment a;
	const struct err *error;

	TRY(visit_of_route(cx, rq, &a));
	act.patient = a.patient;
	act.id = a.id;
	str_to_int64(request_form(rq, "seen"), &act.seen);
	str_to_int64(view.minutes, &act.minutes);
	if (!appointment_deed_parse(request_form(rq, "deed"), &act.deed))
		return ERR(ERR_INVALID, TR("Choose one."), "no such deed");
	error = form_slots(cx, rq, act.slots, APPOINTMENT_OFFERS_MAX, &act.slot_count);
	if (act.deed == DEED_SETTLE && !act.slot_count)
		act.start = time_typed(cx, &a, view.day, view.hour);
	if (!error)
		error = appointment_do(cx, &act, &a);
	if (!error)
		return respond_see_other(rq, back_path(cx, rq, &a, act.deed));
	if (error->code != ERR_INVALID && error->code != ERR_CONFLICT)
		return error;
	form_error_add(cx->arena, &view.errors,
	    act.deed == DEED_SETTLE && !act.slot_count ? S("day")
	    : act.deed == DEED_OFFER                   ? S("slot")
						       : S("words"),
	    tr(cx->lang, error->say));
	return show_team_visit(cx, rq, error->code == ERR_CONFLICT ? 409 : 400, &view);
}
