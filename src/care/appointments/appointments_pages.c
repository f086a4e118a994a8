/* SPDX-License-Identifier: Apache-2.0 */
/* The patient's side: the list, one visit, what they want to talk about, calling off, checking in, the calendar file. */
#include <stdlib.h>

#include "care/appointments/appointments_pages.h"

#define PAST_ROWS     10
#define COMING_ROWS   50
#define SAME_VISIT_MS (2 * HOUR_MS) /* an Encounter so near to an appointment is that visit */

/* ---- the list ---- */

static fallible
lines_of(struct cx *cx, struct page_cx *px, enum appointment_list list, int64_t count_max, struct db_rows *rows,
    struct visit_line **out)
{
	const struct appointment *a;

	TRY(appointment_list(cx, cx->who.patient, list, 0, count_max, rows));
	a = rows->items;
	*out = ARENA_ARRAY(cx->arena, struct visit_line, rows->count + PAST_ROWS + 1);
	for (size_t i = 0; i < rows->count; i++) {
		TRY(px_at_facility(cx, a[i].facility, px));
		(*out)[i] = appointment_line(px, &a[i], true);
	}
	return NULL;
}

static bool
is_shown(const struct appointment *a, const struct visit_line *visits, size_t count)
{
	if (a->state == APPOINTMENT_CANCELLED || a->state == APPOINTMENT_NOSHOW)
		return true;
	for (size_t i = 0; i < count; i++)
		if (visits[i].at.ms > a->start.ms - SAME_VISIT_MS && visits[i].at.ms < a->start.ms + SAME_VISIT_MS)
			return false;
	return true;
}

static int
compare_lines(const void *a, const void *b)
{
	int64_t left = ((const struct visit_line *)a)->at.ms, right = ((const struct visit_line *)b)->at.ms;

	return (left < right) - (left > right);
}

/* Visits that took place, as the record has them. */
static fallible
add_encounters(struct cx *cx, const struct page_cx *px, struct visit_line *lines, size_t *count)
{
	struct resource_search search = {.patient = cx->who.patient,
	    .type = RESOURCE_ENCOUNTER,
	    .sort = "date",
	    .descending = true,
	    .count = PAST_ROWS};
	const struct resource *resources;
	struct db_rows rows;

	TRY(resource_find(cx, &search, &rows, NULL));
	resources = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		const struct json_value *json;
		struct record_item item;

		TRY(json_parse(cx->arena, resources[i].body, &json, NULL));
		record_item_read(px, RESOURCE_ENCOUNTER, json, &item);
		if (item.mistaken || item.planned || instant_is_none(item.at))
			continue;
		TRY(record_item_look_up(cx, px, &item));
		lines[(*count)++] = (struct visit_line){
		    .path = arena_printf(cx->arena, "/appointments/after/%.*s", STR_ARG(resources[i].id)),
		    .title = item.title,
		    .when = item.when,
		    .who = item.who,
		    .where = item.where,
		    .state = T("took place"),
		    .hint = T("Summary of this visit"),
		    .at = item.at};
	}
	return NULL;
}

static fallible
fill_past(struct cx *cx, struct page_cx *px, struct appointments_page *view)
{
	struct visit_line *visits = ARENA_ARRAY(cx->arena, struct visit_line, 2 * PAST_ROWS), *planned;
	const struct appointment *a;
	struct db_rows rows;
	size_t count = 0, recorded;

	TRY(lines_of(cx, px, APPOINTMENTS_PAST, PAST_ROWS, &rows, &planned));
	a = rows.items;
	if (view->sees_record)
		TRY(add_encounters(cx, px, visits, &count));
	recorded = count;
	for (size_t i = 0; i < rows.count; i++)
		if (is_shown(&a[i], visits, recorded))
			visits[count++] = planned[i];
	if (count)
		qsort(visits, count, sizeof(visits[0]), compare_lines);
	view->past = visits;
	view->past_count = count < PAST_ROWS ? count : PAST_ROWS;
	return NULL;
}

fallible
get_appointments(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct appointments_page view = {.own = (cx->who.is & WHO_PATIENT) != 0};
	struct db_rows asked, coming;
	struct visit_line *lines;
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why, record_why;

	TRY(access_check(cx, cx->who.patient, RIGHT_APPOINTMENTS, &why));
	view.sees_record = !access_check(cx, cx->who.patient, RIGHT_RECORD_READ, &record_why);
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Appointments")), "/appointments", px));
	TRY(lines_of(cx, px, APPOINTMENTS_ASKED, COMING_ROWS, &asked, &lines));
	view.asked = lines;
	view.asked_count = asked.count;
	TRY(lines_of(cx, px, APPOINTMENTS_TO_COME, COMING_ROWS, &coming, &lines));
	view.coming = lines;
	view.coming_count = coming.count;
	TRY(fill_past(cx, px, &view));
	px->flash = visit_deed_done(px, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	audit_add_read(cx, &(struct audit){.action = AUDIT_VIEW,
			       .subject = AUDIT_VISITS,
			       .patient = cx->who.patient,
			       .count = (int64_t)(view.asked_count + view.coming_count + view.past_count),
			       .why = (int)why});
	page_appointments(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- one visit ---- */

fallible
visit_of_route(struct cx *cx, struct request *rq, struct appointment *out)
{
	patient_id patient = cx->who.patient;
	appointment_id id;

	if (!request_param_uuid(rq, "appointment", &id.v) ||
	    (request_param(rq, "patient").p && !request_param_uuid(rq, "patient", &patient.v)))
		return appointment_not_there();
	return appointment_get(cx, patient, id, out);
}

void
visit_audit(struct cx *cx, const struct appointment *a)
{
	enum access_why why = ACCESS_NONE;

	if (access_check(cx, a->patient, RIGHT_APPOINTMENTS, &why))
		return;
	audit_add_read(cx, &(struct audit){.action = AUDIT_VIEW,
			       .subject = AUDIT_VISITS,
			       .patient = a->patient,
			       .item = a->id.v,
			       .why = (int)why});
}

static void
fill_buttons(const struct page_cx *px, const struct appointment *a, struct visit_page *v)
{
	enum appointment_side by = v->own ? BY_PATIENT : BY_TEAM;
	const struct {
		enum appointment_deed deed;
		bool *out;
	} all[] = {{DEED_CANCEL, &v->can_cancel}, {DEED_ASK_CANCEL, &v->can_ask_cancel},
	    {DEED_CHECK_IN, &v->can_check_in}, {DEED_CHOOSE, &v->can_choose}, {DEED_WITHDRAW, &v->can_withdraw},
	    {DEED_ASK_AGAIN, &v->can_ask_again}, {DEED_ACCEPT, &v->can_accept}, {DEED_OFFER, &v->can_offer},
	    {DEED_SETTLE, &v->can_settle}, {DEED_REFUSE, &v->can_refuse}, {DEED_KEEP, &v->can_keep},
	    {DEED_CALL_OFF, &v->can_call_off}, {DEED_FINISH, &v->can_finish}, {DEED_MISS, &v->can_miss},
	    {DEED_REOPEN, &v->can_reopen}};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		*all[i].out = appointment_may(a, all[i].deed, by, px->zone, px->now);
	v->can_change = v->own && (appointment_may(a, DEED_MOVE, by, px->zone, px->now) ||
				      appointment_may(a, DEED_ASK_CHANGE, by, px->zone, px->now));
	v->can_agenda = v->own && (v->to_come || a->state == APPOINTMENT_PROPOSED || a->state == APPOINTMENT_PENDING);
}

fallible
visit_page_fill(struct cx *cx, struct page_cx *px, const struct appointment *a, struct visit_page *v)
{
	struct db_rows rows;

	TRY(px_at_facility(cx, a->facility, px));
	v->a = a;
	v->line = appointment_line(px, a, v->own);
	v->path = v->line.path;
	v->ask = appointment_ask_words(px, a);
	v->mode = tr(px->lang, visit_mode_words(a->mode));
	v->to_come = appointment_is_to_come(a, cx->now);
	v->arrived = instant_is_none(a->arrived_at) ? STR_NONE : visit_hour(px, a->arrived_at);
	v->seen = arena_printf(cx->arena, "%lld", (long long)a->changes);
	if (!uuid_is_none(a->thread.v))
		v->thread_path = arena_printf(
		    cx->arena, v->own ? "/messages/%.*s" : "/inbox/%.*s", STR_ARG(uuid_text(cx->arena, a->thread.v)));
	TRY(appointment_offers(cx, a, &rows));
	v->offer_count = rows.count;
	TRY(slot_options(cx, px, rows.items, rows.count, &v->offers));
	fill_buttons(px, a, v);
	TRY(visit_question_lines(cx, px, a, v->own, &v->questions, &v->question_count));
	for (size_t i = 0; i < v->question_count; i++)
		v->question_open += !v->questions[i].answered;
	return NULL;
}

static fallible
show_visit(struct cx *cx, struct request *rq, int status, struct visit_page *view)
{
	struct page_cx page, *px = &page;
	struct appointment a;
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;

	TRY(visit_of_route(cx, rq, &a));
	TRY(page_cx_for(cx, rq, S(""), "/appointments", px));
	view->own = true;
	TRY(visit_page_fill(cx, px, &a, view));
	if (!view->agenda.p)
		view->agenda = a.agenda;
	if (access_check(cx, a.patient, RIGHT_MESSAGES_READ, &why))
		view->thread_path = STR_NONE;
	px->title = view->errors.count ? TF1("Error: %1", view->line.title) : view->line.title;
	px->flash = visit_deed_done(px, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	visit_audit(cx, &a);
	page_visit(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_visit(struct cx *cx, struct request *rq)
{
	return show_visit(cx, rq, 200, &(struct visit_page){0});
}

static fallible
back_to(struct cx *cx, struct request *rq, const struct appointment *a, const char *done)
{
	return respond_see_other(
	    rq, arena_printf(cx->arena, "/appointments/%.*s?done=%s", STR_ARG(uuid_text(cx->arena, a->id.v)), done));
}

fallible
post_agenda(struct cx *cx, struct request *rq)
{
	struct visit_page view = {.agenda = request_form(rq, "agenda")};
	struct appointment a;
	const struct err *error;

	TRY(visit_of_route(cx, rq, &a));
	error = appointment_agenda_set(cx, a.patient, a.id, view.agenda);
	if (!error)
		return back_to(cx, rq, &a, "agenda");
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors, S("agenda"), tr(cx->lang, error->say));
	return show_visit(cx, rq, 400, &view);
}

/* A deed of a button; what is wrong is said on the visit's page. */
static fallible
press(struct cx *cx, struct request *rq, struct appointment_act *act, const char *field)
{
	struct visit_page view = {0};
	struct appointment a;
	const struct err *error;

	TRY(visit_of_route(cx, rq, &a));
	act->patient = a.patient;
	act->id = a.id;
	str_to_int64(request_form(rq, "seen"), &act->seen);
	error = appointment_do(cx, act, &a);
	if (!error)
		return back_to(cx, rq, &a, appointment_deed_code(act->deed));
	if (error->code != ERR_INVALID && error->code != ERR_CONFLICT)
		return error;
	form_error_add(cx->arena, &view.errors, str_from_z(field), tr(cx->lang, error->say));
	return show_visit(cx, rq, error->code == ERR_CONFLICT ? 409 : 400, &view);
}

fallible
post_choose(struct cx *cx, struct request *rq)
{
	struct appointment_act act = {.deed = DEED_CHOOSE};

	TRY(form_slots(cx, rq, act.slots, 1, &act.slot_count));
	return press(cx, rq, &act, "slot");
}

fallible
post_visit_withdraw(struct cx *cx, struct request *rq)
{
	return press(cx, rq, &(struct appointment_act){.deed = DEED_WITHDRAW}, "");
}

fallible
post_check_in(struct cx *cx, struct request *rq)
{
	return press(cx, rq, &(struct appointment_act){.deed = DEED_CHECK_IN}, "");
}

/* ---- calling off ---- */

static const struct {
	const char *code, *words;
} reasons[] = {
    {"time", TR("The time does not suit me any more")},
    {"better", TR("I feel better and do not need it")},
    {"ill", TR("I am too ill to come")},
    {"ride", TR("I have no way to get there")},
    {"elsewhere", TR("I was seen somewhere else")},
    {"other", TR("Another reason")},
};
#define REASONS (sizeof(reasons) / sizeof(reasons[0]))

static fallible
show_cancel(struct cx *cx, struct request *rq, int status, struct cancel_page *view)
{
	struct page_cx page, *px = &page;
	struct appointment a;
	struct visit_line line;
	struct buf html = BUF_INIT(cx->arena);

	TRY(visit_of_route(cx, rq, &a));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Call off this visit")), "/appointments", px));
	TRY(px_at_facility(cx, a.facility, px));
	line = appointment_line(px, &a, true);
	view->a = &a;
	view->path = line.path;
	view->when = line.when;
	view->asks = !a.ours;
	for (size_t i = 0; i < REASONS; i++)
		view->reasons[view->reason_count++] =
		    (struct option){str_from_z(reasons[i].code), tr(px->lang, reasons[i].words), STR_NONE};
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	visit_audit(cx, &a);
	page_cancel(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_cancel(struct cx *cx, struct request *rq)
{
	return show_cancel(cx, rq, 200, &(struct cancel_page){0});
}

/* The chosen reason and the person's own words, as one sentence each. */
static str
reason_words(struct cx *cx, str code, str words)
{
	words = str_trim(words);
	for (size_t i = 0; i < REASONS; i++)
		if (str_equal(code, str_from_z(reasons[i].code))) {
			str chosen = tr(cx->lang, reasons[i].words);

			return words.n ? arena_printf(cx->arena, "%.*s. %.*s", STR_ARG(chosen), STR_ARG(words))
			               : chosen;
		}
	return words;
}

fallible
post_cancel(struct cx *cx, struct request *rq)
{
	struct cancel_page view = {.reason = request_form(rq, "reason"), .words = request_form(rq, "words")};
	struct appointment_act act = {.words = reason_words(cx, view.reason, view.words)};
	struct appointment a;
	const struct err *error;

	TRY(visit_of_route(cx, rq, &a));
	act.patient = a.patient;
	act.id = a.id;
	act.deed = a.ours ? DEED_CANCEL : DEED_ASK_CANCEL;
	error = act.words.n ? appointment_do(cx, &act, &a)
	                    : ERR(ERR_INVALID, TR("Choose a reason. It helps the clinic."), "no reason chosen");
	if (!error)
		return back_to(cx, rq, &a, appointment_deed_code(act.deed));
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors, act.words.n ? S("words") : S("reason"), tr(cx->lang, error->say));
	return show_cancel(cx, rq, 400, &view);
}

/* ---- the calendar ---- */

fallible
get_calendar(struct cx *cx, struct request *rq)
{
	struct appointment a;
	struct facility facility;
	const struct zone *zone;
	struct buf out = BUF_INIT(cx->arena);
	str url;

	TRY(visit_of_route(cx, rq, &a));
	if (instant_is_none(a.start))
		return ERR(ERR_INVALID, TR("This visit has no time yet."), "a calendar file without a time");
	TRY(facility_zone(cx, a.facility, &facility, &zone));
	url = arena_printf(
	    cx->arena, "%.*s/appointments/%.*s", STR_ARG(request_origin(rq)), STR_ARG(uuid_text(cx->arena, a.id.v)));
	calendar_file(&out, &a, facility.zone, zone, url);
	visit_audit(cx, &a);
	respond_header(rq, "Content-Disposition", S("attachment; filename=\"visit.ics\""));
	return respond(rq, 200, "text/calendar; charset=utf-8", buf_str(&out));
}
