/* SPDX-License-Identifier: Apache-2.0 */
/* The office's side: what patients can come for, and when the teams are open. */
#include "care/appointments/appointments_pages.h"

static str
minute_words(struct arena *arena, int64_t minute)
{
	return arena_printf(arena, "%lld:%02lld", (long long)(minute / 60), (long long)(minute % 60));
}

static bool
minute_parse(str text, int64_t *out)
{
	str head, rest = str_cut(str_trim(text), ':', &head);
	int64_t hours, minutes = 0;

	if (!str_to_int64(head, &hours) || (rest.n && !str_to_int64(rest, &minutes)) || hours < 0 || hours > 24 ||
	    minutes < 0 || minutes > 59)
		return false;
	*out = hours * 60 + minutes;
	return true;
}

/* ---- the list ---- */

static str
weekdays_words(const struct page_cx *px, int64_t bits)
{
	struct buf out = BUF_INIT(px->arena);

	for (int day = 0; day < 7; day++)
		if (bits & (1 << day)) {
			if (out.n)
				buf_add(&out, S(", "));
			buf_add(&out, weekday_name(px->lang, day));
		}
	return buf_str(&out);
}

static const struct visit_kind *
kind_of(const struct db_rows *kinds, visit_kind_id id)
{
	const struct visit_kind *kind = kinds->items;

	for (size_t i = 0; i < kinds->count; i++)
		if (uuid_equal(kind[i].id.v, id.v))
			return &kind[i];
	return NULL;
}

static fallible
hours_line(struct cx *cx, const struct page_cx *px, const struct schedule *s, const struct db_rows *kinds,
    struct office_line *out)
{
	const struct visit_kind *kind = kind_of(kinds, s->kind);
	struct account account = {0};
	struct team team;

	TRY(team_get(cx, s->team, &team));
	if (!uuid_is_none(s->account.v))
		TRY(account_get(cx, s->account, &account));
	*out = (struct office_line){
	    .path = arena_printf(cx->arena, "/admin/schedule/hours/%.*s", STR_ARG(uuid_text(cx->arena, s->id.v))),
	    .title = TF2("%1: %2", account.name.n ? TF2("%1, %2", account.name, team.name) : team.name,
		kind ? kind->name : STR_NONE),
	    .detail = TF3("%1, %2 to %3", weekdays_words(px, s->weekdays), minute_words(cx->arena, s->from_minute),
		minute_words(cx->arena, s->until_minute)),
	    .state = s->active ? T("open") : T("closed"),
	    .kind = s->active ? STATUS_GOOD : STATUS_PLAIN};
	return NULL;
}

fallible
get_office_schedule(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct office_schedule_page view = {0};
	struct facility_settings settings;
	struct office_line *lines;
	const struct visit_kind *kind;
	const struct schedule *schedule;
	struct db_rows kinds, hours;
	struct buf html = BUF_INIT(cx->arena);

	TRY(office_check(cx, cx->who.facility));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Visits and opening hours")), "/admin/settings", px));
	TRY(facility_settings_get(cx, cx->who.facility, &settings));
	TRY(visit_kinds(cx, cx->who.facility, &kinds));
	TRY(schedules_of_facility(cx, cx->who.facility, &hours));
	kind = kinds.items;
	lines = ARENA_ARRAY(cx->arena, struct office_line, kinds.count + 1);
	for (size_t i = 0; i < kinds.count; i++)
		lines[i] = (struct office_line){.path = arena_printf(cx->arena, "/admin/schedule/kinds/%.*s",
						    STR_ARG(uuid_text(cx->arena, kind[i].id.v))),
		    .title = kind[i].name,
		    .detail = TF2("%1, %2", tr(px->lang, visit_mode_words(kind[i].mode)),
			TN("%1 minute", "%1 minutes", kind[i].minutes)),
		    .state = !kind[i].active    ? T("not offered")
		             : kind[i].bookable ? T("patients book")
		                                : T("patients ask"),
		    .kind = kind[i].active ? STATUS_GOOD : STATUS_PLAIN};
	view.kinds = lines;
	view.kind_count = kinds.count;
	schedule = hours.items;
	lines = ARENA_ARRAY(cx->arena, struct office_line, hours.count + 1);
	for (size_t i = 0; i < hours.count; i++)
		TRY(hours_line(cx, px, &schedule[i], &kinds, &lines[i]));
	view.hours = lines;
	view.hour_count = hours.count;
	view.open = settings.booking_open;
	px->flash = visit_deed_done(px, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	page_office_schedule(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- a kind ---- */

static const char *const modes[] = {
    [MODE_IN_PERSON] = "in-person", [MODE_VIDEO] = "video", [MODE_TELEPHONE] = "telephone"};

/* The kind of the address; "new": none yet. */
static fallible
kind_of_route(struct cx *cx, struct request *rq, struct visit_kind *out, bool *made)
{
	*made = request_param(rq, "kind").p != NULL;
	*out = (struct visit_kind){.id = {uuid_new(cx->now)}, .facility = cx->who.facility, .active = true};
	TRY(office_check(cx, cx->who.facility));
	if (!*made)
		return NULL;
	if (!request_param_uuid(rq, "kind", &out->id.v))
		return appointment_not_there();
	TRY(visit_kind_get(cx, out->id, out));
	return uuid_equal(out->facility.v, cx->who.facility.v) ? NULL : appointment_not_there();
}

static fallible
show_kind(struct cx *cx, struct request *rq, int status, struct kind_page *view)
{
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq,
	    view->made ? tr(cx->lang, TR("Change a kind of visit")) : tr(cx->lang, TR("A new kind of visit")),
	    "/admin/settings", px));
	view->action = request_path(rq);
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	page_kind(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_kind(struct cx *cx, struct request *rq)
{
	struct kind_page view = {.minutes = S("30"), .mode = S("in-person"), .active = true};
	struct visit_kind kind;
	struct db_rows questions;

	TRY(kind_of_route(cx, rq, &kind, &view.made));
	TRY(visit_kind_questions(cx, kind.id, &questions));
	TRY(kind_question_boxes(cx, &questions, NULL, &view));
	if (view.made) {
		view.name = kind.name;
		view.prepare = kind.prepare;
		view.minutes = arena_printf(cx->arena, "%lld", (long long)kind.minutes);
		view.mode = str_from_z(modes[kind.mode]);
		view.bookable = kind.bookable;
		view.active = kind.active;
	}
	return show_kind(cx, rq, 200, &view);
}

fallible
post_kind(struct cx *cx, struct request *rq)
{
	struct kind_page view = {.name = request_form(rq, "name"),
	    .prepare = request_form(rq, "prepare"),
	    .minutes = request_form(rq, "minutes"),
	    .mode = request_form(rq, "mode"),
	    .bookable = request_form(rq, "bookable").n > 0,
	    .active = request_form(rq, "active").n > 0};
	struct visit_kind kind;
	const struct err *error;
	str field = S("name");

	TRY(kind_of_route(cx, rq, &kind, &view.made));
	TRY(kind_question_boxes(cx, NULL, rq, &view));
	kind.name = view.name;
	kind.prepare = view.prepare;
	kind.mode = 0;
	for (int i = MODE_IN_PERSON; i <= MODE_TELEPHONE; i++)
		if (str_equal(view.mode, str_from_z(modes[i])))
			kind.mode = i;
	if (!str_to_int64(str_trim(view.minutes), &kind.minutes))
		kind.minutes = 0;
	if (kind.minutes < VISIT_MINUTES_MIN || kind.minutes > VISIT_MINUTES_MAX)
		field = S("minutes");
	kind.bookable = view.bookable;
	kind.active = view.active;
	error = visit_kind_save(cx, &kind);
	if (!error) {
		error = kind_questions_save(cx, kind.id, &view);
		field = S("questions");
	}
	if (!error)
		return respond_see_other(rq, S("/admin/schedule?done=kind"));
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors, field, tr(cx->lang, error->say));
	return show_kind(cx, rq, 400, &view);
}

/* ---- opening hours ---- */

static fallible
hours_of_route(struct cx *cx, struct request *rq, struct schedule *out, bool *made)
{
	*made = request_param(rq, "hours").p != NULL;
	*out = (struct schedule){.id = {uuid_new(cx->now)},
	    .facility = cx->who.facility,
	    .last_day = SCHEDULE_NO_END,
	    .seats = 1,
	    .active = true};
	TRY(office_check(cx, cx->who.facility));
	if (!*made)
		return NULL;
	if (!request_param_uuid(rq, "hours", &out->id.v))
		return appointment_not_there();
	TRY(schedule_get(cx, out->id, out));
	return uuid_equal(out->facility.v, cx->who.facility.v) ? NULL : appointment_not_there();
}

static fallible
fill_hours_options(struct cx *cx, const struct page_cx *px, struct hours_page *view)
{
	struct option *teams, *people, *kinds;
	struct db_rows team_rows, kind_rows, members;
	const struct team *team;
	const struct visit_kind *kind;
	LIST(struct option) list = {0};

	TRY(team_list(cx, cx->who.facility, &team_rows));
	TRY(visit_kinds(cx, cx->who.facility, &kind_rows));
	team = team_rows.items;
	kind = kind_rows.items;
	teams = ARENA_ARRAY(cx->arena, struct option, team_rows.count + 1);
	kinds = ARENA_ARRAY(cx->arena, struct option, kind_rows.count + 1);
	*LIST_ADD(cx->arena, &list) = (struct option){S("none"), T("Whoever of the team is there"), STR_NONE};
	for (size_t i = 0; i < team_rows.count; i++) {
		const struct team_member *member;

		if (!team[i].active)
			continue;
		teams[view->team_count++] = (struct option){uuid_text(cx->arena, team[i].id.v), team[i].name, STR_NONE};
		TRY(team_members(cx, team[i].id, &members));
		member = members.items;
		for (size_t k = 0; k < members.count; k++)
			*LIST_ADD(cx->arena, &list) = (struct option){
			    arena_printf(cx->arena, "%.*s", STR_ARG(uuid_text(cx->arena, member[k].account.v))),
			    TF2("%1, %2", member[k].name, team[i].name), STR_NONE};
	}
	for (size_t i = 0; i < kind_rows.count; i++)
		if (kind[i].active)
			kinds[view->kind_count++] =
			    (struct option){uuid_text(cx->arena, kind[i].id.v), kind[i].name, STR_NONE};
	people = list.items;
	view->teams = teams;
	view->people = people;
	view->people_count = list.count;
	view->kinds = kinds;
	return NULL;
}

static fallible
show_hours(struct cx *cx, struct request *rq, int status, struct hours_page *view)
{
	static const char *const fields[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq,
	    view->made ? tr(cx->lang, TR("Change opening hours")) : tr(cx->lang, TR("New opening hours")),
	    "/admin/settings", px));
	TRY(fill_hours_options(cx, px, view));
	for (int i = 0; i < 7; i++) {
		view->day_fields[i] = str_from_z(fields[i]);
		view->day_names[i] = weekday_name(px->lang, i);
	}
	view->action = request_path(rq);
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	page_hours(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_hours(struct cx *cx, struct request *rq)
{
	struct hours_page view = {
	    .from = S("9:00"), .until = S("12:00"), .seats = S("1"), .account = S("none"), .active = true};
	struct schedule s;

	TRY(hours_of_route(cx, rq, &s, &view.made));
	if (view.made) {
		view.team = uuid_text(cx->arena, s.team.v);
		view.account = uuid_is_none(s.account.v) ? S("none") : uuid_text(cx->arena, s.account.v);
		view.kind = uuid_text(cx->arena, s.kind.v);
		view.from = minute_words(cx->arena, s.from_minute);
		view.until = minute_words(cx->arena, s.until_minute);
		view.seats = arena_printf(cx->arena, "%lld", (long long)s.seats);
		view.first =
		    s.first_day ? fhir_date_text(cx->arena, civil_date_from_days((int32_t)s.first_day)) : STR_NONE;
		view.last = s.last_day == SCHEDULE_NO_END
		                ? STR_NONE
		                : fhir_date_text(cx->arena, civil_date_from_days((int32_t)s.last_day));
		view.place = s.place;
		view.directions = s.directions;
		view.link = s.link;
		view.active = s.active;
	}
	for (int i = 0; i < 7; i++)
		view.day[i] = view.made ? (s.weekdays & (1 << i)) != 0 : i > 0 && i < 6;
	return show_hours(cx, rq, 200, &view);
}

static bool
day_parse(str text, int64_t otherwise, int64_t *out)
{
	struct fhir_date date;

	*out = otherwise;
	text = str_trim(text);
	if (!text.n)
		return true;
	if (!fhir_date_parse(FHIR_DATE, text, &date) || date.precision != FHIR_PRECISION_DAY)
		return false;
	*out = civil_date_to_days(date.civil.date);
	return true;
}

static fallible
read_hours(struct request *rq, const struct hours_page *view, struct schedule *s, str *field)
{
	static const char *const fields[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

	*field = S("from");
	if (!minute_parse(view->from, &s->from_minute) || !minute_parse(view->until, &s->until_minute))
		return ERR(ERR_INVALID, TR("Give the hours like 9:00 and 16:30."), "hours typed");
	*field = S("seats");
	if (!str_to_int64(str_trim(view->seats), &s->seats))
		return ERR(ERR_INVALID, TR("From 1 to 50 patients can come at one time."), "seats typed");
	*field = S("first");
	if (!day_parse(view->first, 0, &s->first_day) || !day_parse(view->last, SCHEDULE_NO_END, &s->last_day))
		return ERR(ERR_INVALID, TR("Give days like 2026-03-05."), "days typed");
	*field = S("kind");
	if (!uuid_parse(view->kind, &s->kind.v))
		return ERR(ERR_INVALID, TR("Choose the kind of visit."), "no kind");
	*field = S("team");
	if (!uuid_parse(view->team, &s->team.v))
		return ERR(ERR_INVALID, TR("Choose a team."), "no team");
	s->account = (account_id){{{0}}};
	uuid_parse(view->account, &s->account.v);
	s->weekdays = 0;
	for (int i = 0; i < 7; i++)
		s->weekdays |= request_form(rq, fields[i]).n ? 1 << i : 0;
	s->place = view->place;
	s->directions = view->directions;
	s->link = view->link;
	s->active = view->active;
	return NULL;
}

fallible
post_hours(struct cx *cx, struct request *rq)
{
	struct hours_page view = {.team = request_form(rq, "team"),
	    .account = request_form(rq, "account"),
	    .kind = request_form(rq, "kind"),
	    .from = request_form(rq, "from"),
	    .until = request_form(rq, "until"),
	    .seats = request_form(rq, "seats"),
	    .first = request_form(rq, "first"),
	    .last = request_form(rq, "last"),
	    .place = request_form(rq, "place"),
	    .directions = request_form(rq, "directions"),
	    .link = request_form(rq, "link"),
	    .active = request_form(rq, "active").n > 0};
	struct schedule s;
	const struct err *error;
	str field;

	TRY(hours_of_route(cx, rq, &s, &view.made));
	error = read_hours(rq, &view, &s, &field);
	for (int i = 0; i < 7; i++)
		view.day[i] = (s.weekdays & (1 << i)) != 0;
	if (!error) {
		error = schedule_save(cx, &s);
		field = S("from");
	}
	if (!error)
		return respond_see_other(rq, S("/admin/schedule?done=hours"));
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors, field, tr(cx->lang, error->say));
	return show_hours(cx, rq, 400, &view);
}
