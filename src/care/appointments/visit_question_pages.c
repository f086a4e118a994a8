/* SPDX-License-Identifier: Apache-2.0 */
/* Questionnaires before a visit on the pages: what stands beside the visit, the patient's form, the team's asking. */
#include "care/appointments/appointments_pages.h"
#include "care/questionnaires/questionnaires.h"

static str
form_path(struct arena *arena, const struct visit_question *q)
{
	return arena_printf(arena, "/appointments/%.*s/questionnaires/%.*s",
	    STR_ARG(uuid_text(arena, q->appointment.v)), STR_ARG(q->questionnaire));
}

static str
team_path(struct arena *arena, const struct appointment *a)
{
	return arena_printf(arena, "/patients/%.*s/appointments/%.*s/questionnaires",
	    STR_ARG(uuid_text(arena, a->patient.v)), STR_ARG(uuid_text(arena, a->id.v)));
}

static fallible
fill_line(struct cx *cx, const struct page_cx *px, const struct appointment *a, const struct visit_question *q,
    bool own, struct visit_question_line *line)
{
	bool answered = !instant_is_none(q->answered_at), open = visit_questions_open(a, cx->now), half = false;

	*line = (struct visit_question_line){
	    .title = q->title, .meaning = q->meaning, .words = q->words, .answered = answered};
	if (own && !answered && (cx->who.is & WHO_PATIENT))
		TRY(questionnaire_is_half(cx, q->questionnaire, &half));
	line->state = answered ? TF1("answered %1", px_day(px, q->answered_at))
	              : half   ? T("begun")
	                       : T("not answered yet");
	line->kind = answered ? STATUS_GOOD : STATUS_WARNING;
	if (q->has_score)
		line->score = px_number(px, q->score);
	if (own && open && (cx->who.is & WHO_PATIENT))
		line->path = form_path(cx->arena, q);
	if (!own && !answered)
		line->drop_path = arena_printf(cx->arena, "%.*s/%.*s/drop", STR_ARG(team_path(cx->arena, a)),
		    STR_ARG(uuid_text(cx->arena, q->id.v)));
	return NULL;
}

fallible
visit_question_lines(struct cx *cx, const struct page_cx *px, const struct appointment *a, bool own,
    const struct visit_question_line **out, size_t *count)
{
	struct visit_question_line *lines;
	const struct visit_question *q;
	struct db_rows rows;

	TRY(visit_questions(cx, a, &rows));
	q = rows.items;
	lines = ARENA_ARRAY(cx->arena, struct visit_question_line, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++)
		TRY(fill_line(cx, px, a, &q[i], own, &lines[i]));
	*out = lines;
	*count = rows.count;
	return NULL;
}

/* What the team can still ask for. */
fallible
visit_question_options(
    struct cx *cx, const struct page_cx *px, const struct appointment *a, const struct option **out, size_t *count)
{
	const struct questionnaire_choice *choices;
	struct option *options;
	const struct visit_question *q;
	struct db_rows rows;
	size_t choice_count;

	(void)px;
	*count = 0;
	if (!visit_questions_open(a, cx->now))
		return NULL;
	TRY(visit_questions(cx, a, &rows));
	q = rows.items;
	TRY(questionnaire_choices(cx, &choices, &choice_count));
	options = ARENA_ARRAY(cx->arena, struct option, choice_count + 1);
	for (size_t i = 0; i < choice_count; i++) {
		bool asked = false;

		for (size_t j = 0; j < rows.count && !asked; j++)
			asked = str_equal(q[j].questionnaire, choices[i].id);
		if (!asked)
			options[(*count)++] = (struct option){choices[i].id, choices[i].title, STR_NONE};
	}
	*out = options;
	return NULL;
}

/* ---- the patient's form ---- */

/* The visit of the address and what its form says; ERR_GONE for what is not asked before it. */
static fallible
use_of_route(struct cx *cx, struct request *rq, struct appointment *a, struct questionnaire_use *use)
{
	struct page_cx page, *px = &page;
	const struct visit_question *q;
	struct db_rows rows;
	str when, asked = request_param(rq, "questionnaire");

	TRY(visit_of_route(cx, rq, a));
	TRY(page_cx_for(cx, rq, S(""), "/appointments", px));
	TRY(px_at_facility(cx, a->facility, px));
	TRY(visit_questions(cx, a, &rows));
	q = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		if (!str_equal(q[i].questionnaire, asked))
			continue;
		when = appointment_line(px, a, true).when;
		*use = (struct questionnaire_use){.section = "/appointments",
		    .action = form_path(cx->arena, &q[i]),
		    .back = appointment_path(px, a, true),
		    .back_name = a->details.title,
		    .readers = instant_is_none(a->start)
		                   ? T("Your team asks for this before your visit. When you finish, they see your "
				       "answers beside the visit.")
		                   : TF1("Your team asks for this before your visit on %1. When you finish, they see "
					 "your answers beside the visit.",
					 when),
		    .readers_now = T("Your team sees them beside your visit. They also stand in your health log.")};
		return NULL;
	}
	return appointment_not_there();
}

fallible
get_visit_questionnaire(struct cx *cx, struct request *rq)
{
	struct questionnaire_use use;
	struct appointment a;

	TRY(use_of_route(cx, rq, &a, &use));
	if (!visit_questions_open(&a, cx->now))
		return respond_see_other(rq, use.back);
	visit_audit(cx, &a);
	return questionnaire_show(cx, rq, &use);
}

fallible
post_visit_questionnaire(struct cx *cx, struct request *rq)
{
	struct questionnaire_use use;
	struct questionnaire_taken taken;
	struct appointment a;
	const struct err *error;

	TRY(use_of_route(cx, rq, &a, &use));
	TRY(questionnaire_take(cx, rq, &use, &taken));
	if (!taken.finished)
		return NULL;
	error = visit_question_answer(cx, &(struct visit_answers){.patient = a.patient,
					      .appointment = a.id,
					      .questionnaire = request_param(rq, "questionnaire"),
					      .entry = taken.key,
					      .has_score = taken.has_score,
					      .score = taken.score,
					      .meaning = taken.meaning,
					      .words = taken.words});
	if (error && error->code != ERR_CONFLICT && error->code != ERR_GONE)
		return error;
	if (error) /* over, or not asked any more: the answers are kept, and whoever is in danger reads whom to call */
		use.readers_now =
		    tr(cx->lang, TR("They are kept in your health log. The visit does not need them any more."));
	return questionnaire_show_taken(cx, rq, &use, &taken);
}

/* ---- the team's ---- */

static fallible
back_to_visit(struct cx *cx, struct request *rq, const struct appointment *a, const char *done)
{
	return respond_see_other(
	    rq, arena_printf(cx->arena, "/patients/%.*s/appointments/%.*s?done=%s",
		    STR_ARG(uuid_text(cx->arena, a->patient.v)), STR_ARG(uuid_text(cx->arena, a->id.v)), done));
}

fallible
post_visit_ask_questionnaire(struct cx *cx, struct request *rq)
{
	struct visit_page view = {.question = request_form(rq, "questionnaire")};
	struct appointment a;
	const struct err *error;

	TRY(visit_of_route(cx, rq, &a));
	error = view.question.n ? visit_question_ask(cx, a.patient, a.id, view.question)
	                        : ERR(ERR_INVALID, TR("Choose a questionnaire from the list."), "none chosen");
	if (!error)
		return back_to_visit(cx, rq, &a, "team-questionnaire");
	if (error->code != ERR_INVALID && error->code != ERR_CONFLICT)
		return error;
	form_error_add(cx->arena, &view.errors, S("questionnaire"), tr(cx->lang, error->say));
	return show_team_visit(cx, rq, error->code == ERR_CONFLICT ? 409 : 400, &view);
}

fallible
post_visit_drop_questionnaire(struct cx *cx, struct request *rq)
{
	struct visit_page view = {0};
	struct appointment a;
	visit_question_id id;
	const struct err *error;

	TRY(visit_of_route(cx, rq, &a));
	if (!request_param_uuid(rq, "question", &id.v))
		return appointment_not_there();
	error = visit_question_drop(cx, a.patient, a.id, id);
	if (!error)
		return back_to_visit(cx, rq, &a, "team-no-questionnaire");
	if (error->code != ERR_CONFLICT)
		return error;
	form_error_add(cx->arena, &view.errors, S("questionnaire"), tr(cx->lang, error->say));
	return show_team_visit(cx, rq, 409, &view);
}

/* ---- the office's ---- */

fallible
kind_question_boxes(struct cx *cx, const struct db_rows *chosen, struct request *rq, struct kind_page *view)
{
	const struct visit_kind_question *now = chosen ? chosen->items : NULL;
	const struct questionnaire_choice *choices;
	struct kind_question_box *boxes;

	TRY(questionnaire_choices(cx, &choices, &view->question_count));
	boxes = ARENA_ARRAY(cx->arena, struct kind_question_box, view->question_count + 1);
	for (size_t i = 0; i < view->question_count; i++) {
		boxes[i] = (struct kind_question_box){.id = choices[i].id,
		    .name = arena_printf(cx->arena, "ask-%.*s", STR_ARG(choices[i].id)),
		    .title = choices[i].title};
		for (size_t j = 0; chosen && j < chosen->count; j++)
			boxes[i].on = boxes[i].on || str_equal(now[j].questionnaire, choices[i].id);
		if (rq)
			boxes[i].on = request_form(rq, arena_z(cx->arena, boxes[i].name)).n > 0;
	}
	view->questions = boxes;
	return NULL;
}

fallible
kind_questions_save(struct cx *cx, visit_kind_id kind, const struct kind_page *view)
{
	str *ids = ARENA_ARRAY(cx->arena, str, view->question_count + 1);
	size_t count = 0;

	for (size_t i = 0; i < view->question_count; i++)
		if (view->questions[i].on)
			ids[count++] = view->questions[i].id;
	return visit_kind_questions_set(cx, kind, ids, count);
}
