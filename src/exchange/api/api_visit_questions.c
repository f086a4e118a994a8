/* SPDX-License-Identifier: Apache-2.0 */
/* Questionnaires before a visit as JSON: what is asked and handed in stands with the visit; the team asks here. */
#include "care/appointments/visit_questions.h"
#include "care/questionnaires/questionnaires.h"
#include "exchange/api/api_internal.h"

fallible
api_put_visit_questions(struct api_answer *a, const struct appointment *visit)
{
	const struct visit_question *q;
	struct db_rows rows;

	TRY(visit_questions(a->cx, visit, &rows));
	q = rows.items;
	json_put_array(&a->w, "questionnaires");
	for (size_t i = 0; i < rows.count; i++) {
		json_write_object(&a->w);
		put_id(a, "id", q[i].id.v);
		json_put_text(&a->w, "questionnaire", q[i].questionnaire);
		json_put_text(&a->w, "title", q[i].title);
		put_instant(a, "askedAt", q[i].asked_at);
		put_id(a, "askedBy", q[i].asked_by.v);
		put_instant(a, "answeredAt", q[i].answered_at);
		if (q[i].has_score)
			json_put_int64(&a->w, "score", q[i].score);
		json_put_text(&a->w, "meaning", q[i].meaning);
		json_put_text(&a->w, "answers", q[i].words);
		json_write_end(&a->w);
	}
	json_write_end(&a->w);
	return NULL;
}

static fallible
visit_of_address(struct request *rq, patient_id *patient, appointment_id *appointment)
{
	TRY(api_address_id(rq, "patient", &patient->v));
	return api_address_id(rq, "appointment", &appointment->v);
}

fallible
api_ask_visit_question(struct cx *cx, struct request *rq)
{
	patient_id patient;
	appointment_id appointment;

	TRY(visit_of_address(rq, &patient, &appointment));
	TRY(visit_question_ask(cx, patient, appointment, request_param(rq, "questionnaire")));
	return api_done(rq);
}

fallible
api_drop_visit_question(struct cx *cx, struct request *rq)
{
	patient_id patient;
	appointment_id appointment;
	visit_question_id id;

	TRY(visit_of_address(rq, &patient, &appointment));
	TRY(api_address_id(rq, "question", &id.v));
	TRY(visit_question_drop(cx, patient, appointment, id));
	return api_done(rq);
}

fallible
api_get_visit_questionnaires(struct cx *cx, struct request *rq)
{
	const struct questionnaire_choice *choices;
	struct api_answer a;
	size_t count;

	TRY(questionnaire_choices(cx, &choices, &count));
	api_begin(cx, &a);
	json_put_array(&a.w, "questionnaires");
	for (size_t i = 0; i < count; i++) {
		json_write_object(&a.w);
		json_put_text(&a.w, "id", choices[i].id);
		json_put_text(&a.w, "title", choices[i].title);
		json_put_text(&a.w, "description", choices[i].description);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	return api_end(rq, 200, &a);
}

/* ---- of a kind of visit ---- */

fallible
api_put_kind_questions(struct api_answer *a, visit_kind_id kind)
{
	const struct visit_kind_question *of;
	struct db_rows rows;

	TRY(visit_kind_questions(a->cx, kind, &rows));
	of = rows.items;
	json_put_array(&a->w, "questionnaires");
	for (size_t i = 0; i < rows.count; i++)
		json_write_text(&a->w, of[i].questionnaire);
	json_write_end(&a->w);
	return NULL;
}

/* {"questionnaires": ["phq-9"]}; absent: they stay as they are. */
fallible
api_set_kind_questions(struct cx *cx, visit_kind_id kind, const struct json_value *body)
{
	const struct json_value *list = json_get(body, "questionnaires");
	str ids[VISIT_QUESTIONS_MAX + 1];
	size_t count = 0;

	if (json_kind(list) == JSON_ABSENT)
		return NULL;
	if (json_kind(list) != JSON_ARRAY)
		return ERR(ERR_INVALID, "\"questionnaires\" must be a list of ids.", "no list");
	json_each_item (list, item)
		if (count <= VISIT_QUESTIONS_MAX)
			ids[count++] = json_text(item);
	return visit_kind_questions_set(cx, kind, ids, count);
}
