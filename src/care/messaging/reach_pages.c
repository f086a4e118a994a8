/* SPDX-License-Identifier: Apache-2.0 */
/* The team writes first: find a patient of the team, choose the team that the patient can answer to, write. */
#include "care/messaging/messaging_pages.h"

#define PATIENTS_SHOWN 25

static fallible
fill_patients(struct cx *cx, struct request *rq, const struct page_cx *px, struct reach_page *view)
{
	struct db_rows rows;
	const struct patient *patient;

	view->query = str_trim(request_query(rq, "q"));
	view->searched = request_query(rq, "q").p != NULL;
	if (!view->searched)
		return NULL;
	TRY(patient_search(
	    cx, str_take(view->query, SEARCH_TEXT_CHARS_MAX), (patient_id){{{0}}}, PATIENTS_SHOWN, &rows));
	patient = rows.items;
	if (rows.count)
		audit_add_listed(
		    cx, AUDIT_DEMOGRAPHICS, ACCESS_CARE_TEAM, &patient[0].id, rows.count, sizeof(patient[0]));
	view->patients = ARENA_ARRAY(cx->arena, struct option, rows.count);
	view->patient_count = rows.count;
	for (size_t i = 0; i < rows.count; i++)
		view->patients[i] = (struct option){
		    arena_printf(cx->arena, "/inbox/new?patient=%.*s", STR_ARG(uuid_text(cx->arena, patient[i].id.v))),
		    patient[i].name,
		    instant_is_none(patient[i].born)
			? STR_NONE
			: TF1("born %1", px_date_only(px, zone_civil(zone_utc(), patient[i].born).date))};
	return NULL;
}

/* The caller's teams that the patient belongs to: elsewhere the patient could not answer. */
static fallible
fill_teams(struct cx *cx, patient_id id, struct reach_page *view)
{
	struct db_rows rows;
	const struct team *team;
	bool is_member;

	TRY(teams_of_patient(cx, id, true, &rows));
	team = rows.items;
	view->teams = ARENA_ARRAY(cx->arena, struct option, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		TRY(team_has_member(cx, team[i].id, cx->who.account, &is_member));
		if (is_member)
			view->teams[view->team_count++] =
			    (struct option){uuid_text(cx->arena, team[i].id.v), team[i].name, team[i].care};
	}
	if (view->team_count == 1)
		view->team = view->teams[0].value;
	return NULL;
}

/* Told at once, before anything is typed. */
static fallible
fill_obstacle(struct cx *cx, patient_id id, struct reach_page *view)
{
	const struct err *error = NULL;
	team_id team;

	if (view->team_count && uuid_parse(view->teams[0].value, &team.v))
		error = thread_new_may(cx, id, team);
	if (error && error->code != ERR_INVALID)
		return error;
	if (error)
		view->cannot = tr(cx->lang, error->say);
	return NULL;
}

/* What the caller began to write to this patient. */
static fallible
fill_from_draft(struct cx *cx, patient_id id, struct reach_page *view)
{
	struct db_rows rows;
	const struct draft *draft;

	TRY(draft_list(cx, &rows));
	draft = rows.items;
	for (size_t i = 0; i < rows.count && !view->key.p; i++) {
		if (!uuid_equal(draft[i].patient.v, id.v) || !uuid_is_none(draft[i].thread.v))
			continue;
		view->key = uuid_text(cx->arena, draft[i].id);
		view->category = str_from_z(message_category_code(draft[i].category));
		view->team = uuid_is_none(draft[i].team.v) ? STR_NONE : uuid_text(cx->arena, draft[i].team.v);
		view->subject = draft[i].subject;
		view->body = draft[i].body;
	}
	return NULL;
}

static fallible
show(struct cx *cx, struct request *rq, int status, patient_id id, struct reach_page *view)
{
	struct page_cx page, *px = &page;
	struct patient patient;
	enum access_why why;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Write to a patient")), "/inbox", px));
	if (uuid_is_none(id.v)) {
		TRY(fill_patients(cx, rq, px, view));
	} else {
		TRY(access_check(cx, id, RIGHT_MESSAGES_WRITE, &why));
		TRY(patient_get(cx, id, &patient));
		if (!view->key.p)
			TRY(fill_from_draft(cx, id, view));
		TRY(fill_teams(cx, id, view));
		TRY(fill_obstacle(cx, id, view));
		view->patient = patient.name;
		view->patient_id = uuid_text(cx->arena, id.v);
		view->categories = category_options(px);
		if (!view->key.p)
			view->key = uuid_text(cx->arena, uuid_new(cx->now));
		TRY(draft_file_rows(cx, px, id, view->key, &view->files));
	}
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	page_reach(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_reach(struct cx *cx, struct request *rq)
{
	patient_id id = {{{0}}};

	uuid_parse(request_query(rq, "patient"), &id.v);
	return show(cx, rq, 200, id, &(struct reach_page){0});
}

fallible
post_reach(struct cx *cx, struct request *rq)
{
	struct thread_new in = {
	    .key = request_key(cx, rq), .subject = request_form(rq, "subject"), .body = request_form(rq, "body")};
	struct reach_page view = {.key = uuid_text(cx->arena, in.key),
	    .category = request_form(rq, "category"),
	    .team = request_form(rq, "team"),
	    .subject = in.subject,
	    .body = in.body};
	const struct err *error;
	struct sent sent;
	bool again;

	if (!request_form_uuid(rq, "patient", &in.patient.v))
		return NOT_FOUND;
	TRY(form_files(cx, rq,
	    &(struct draft){.id = in.key, .patient = in.patient, .subject = in.subject, .body = in.body}, &view.errors,
	    &again));
	if (again)
		return show(cx, rq, view.errors.count ? 400 : 200, in.patient, &view);
	if (!message_category_parse(view.category, &in.category))
		form_error_add(cx->arena, &view.errors, S("category"), tr(cx->lang, TR("Choose what it is about.")));
	if (!uuid_parse(view.team, &in.team.v))
		form_error_add(cx->arena, &view.errors, S("team"), tr(cx->lang, TR("Choose a team.")));
	if (view.errors.count)
		return show(cx, rq, 400, in.patient, &view);
	TRY(form_sign(cx, rq, (team_id){{{0}}}, &view.errors, &in.body));
	error = thread_send_new(cx, &in, &sent);
	if (!error)
		return respond_see_other(
		    rq, arena_printf(cx->arena, "/inbox/%.*s?done=sent", STR_ARG(uuid_text(cx->arena, sent.thread.v))));
	if (!form_note_error(cx, &view.errors, "body", error))
		return error;
	if (error->code == ERR_CONFLICT)
		view.key = uuid_text(cx->arena, uuid_new(cx->now));
	return show(cx, rq, form_status(error), in.patient, &view);
}
