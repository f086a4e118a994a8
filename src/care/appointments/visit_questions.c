/* SPDX-License-Identifier: Apache-2.0 */
/* Questionnaires before a visit: who may ask for one, when answers are taken, and who reads them. */
#include "care/appointments/visit_questions_internal.h"
#include "care/questionnaires/questionnaires.h"

/* ---- sealed ---- */

static visit_question_id
id_of(struct cx *cx, appointment_id appointment, str questionnaire)
{
	return (visit_question_id){vault_blind(cx->vault, "visit.question",
	    arena_printf(
		cx->arena, "%.*s/%.*s", STR_ARG(uuid_text(cx->arena, appointment.v)), STR_ARG(questionnaire)))};
}

static struct seal_place
place_of(const struct visit_question *q, const char *what)
{
	return (struct seal_place){.table = what, .row = q->id.v};
}

static fallible
seal_what(struct cx *cx, struct visit_question *q)
{
	struct buf text = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&text);

	json_write_object(&w);
	json_put_text(&w, "questionnaire", q->questionnaire);
	json_put_text(&w, "title", q->title);
	json_write_end(&w);
	json_write_done(&w);
	return vault_seal(cx, q->patient, place_of(q, "visit_question.what"), buf_str(&text), &q->what_sealed);
}

static fallible
seal_answers(struct cx *cx, struct visit_question *q)
{
	struct buf text = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&text);

	json_write_object(&w);
	json_put_text(&w, "words", q->words);
	if (q->has_score)
		json_put_int64(&w, "score", q->score);
	json_put_text(&w, "meaning", q->meaning);
	json_write_end(&w);
	json_write_done(&w);
	return vault_seal(cx, q->patient, place_of(q, "visit_question.answers"), buf_str(&text), &q->answers_sealed);
}

/* The title as the questionnaire says it now in the reader's language; what was taken away since keeps the one it had. */
static fallible
open_what(struct cx *cx, struct visit_question *q)
{
	const struct json_value *json;
	const struct err *error;
	str text;

	TRY(vault_open_text(cx, q->patient, place_of(q, "visit_question.what"), q->what_sealed, &text));
	TRY(json_parse(cx->arena, text, &json, NULL));
	q->questionnaire = json_text_at(json, "questionnaire");
	q->title = json_text_at(json, "title");
	error = questionnaire_called(cx, q->questionnaire, &q->title);
	return error && error->code != ERR_GONE && error->code != ERR_INVALID ? error : NULL;
}

static fallible
open_answers(struct cx *cx, struct visit_question *q)
{
	const struct json_value *json;
	str text;

	if (!q->answers_sealed.n)
		return NULL;
	TRY(vault_open_text(cx, q->patient, place_of(q, "visit_question.answers"), q->answers_sealed, &text));
	TRY(json_parse(cx->arena, text, &json, NULL));
	q->words = json_text_at(json, "words");
	q->meaning = json_text_at(json, "meaning");
	q->has_score = json_to_int64(json_get(json, "score"), &q->score);
	return NULL;
}

/* ---- reading ---- */

fallible
visit_questions(struct cx *cx, const struct appointment *a, struct db_rows *out)
{
	struct visit_question *q;
	enum access_why why;

	TRY(access_check(cx, a->patient, RIGHT_APPOINTMENTS, &why));
	TRY(visit_question_rows(cx, a->patient, a->id, out));
	q = out->items;
	for (size_t i = 0; i < out->count; i++) {
		TRY(open_what(cx, &q[i]));
		if (why != ACCESS_DELEGATE)
			TRY(open_answers(cx, &q[i]));
	}
	return NULL;
}

fallible
visit_questions_to_do(struct cx *cx, patient_id patient, struct db_rows *out)
{
	struct visit_question_todo *all;
	struct visit_question *q;
	struct db_rows rows;
	enum access_why why;

	TRY(access_check(cx, patient, RIGHT_APPOINTMENTS, &why));
	TRY(visit_question_rows_to_do(cx, patient, &rows));
	q = rows.items;
	all = ARENA_ARRAY(cx->arena, struct visit_question_todo, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		TRY(open_what(cx, &q[i]));
		all[i].question = q[i];
		TRY(appointment_get(cx, patient, q[i].appointment, &all[i].visit));
	}
	*out = (struct db_rows){all, rows.count};
	return NULL;
}

bool
visit_questions_open(const struct appointment *a, instant now)
{
	switch (a->state) {
	case APPOINTMENT_PROPOSED:
	case APPOINTMENT_PENDING: return true;
	case APPOINTMENT_BOOKED:
	case APPOINTMENT_ARRIVED: return instant_is_none(a->end) || now.ms < a->end.ms + VISIT_QUESTIONS_LATE_MS;
	default: return false;
	}
}

/* ---- the team's ---- */

struct asking {
	struct visit_question question;
	const struct appointment *a;
	enum access_why why;
};

static void
audit_question(struct tx *tx, enum audit_action action, const struct asking *in)
{
	audit_add(tx, &(struct audit){.action = action,
			  .subject = AUDIT_VISITS,
			  .patient = in->a->patient,
			  .item = in->a->id.v,
			  .why = (int)in->why});
}

/* The number beside the patient's navigation. */
static void
tell_live(struct cx *cx, patient_id patient)
{
	live_waiting(cx, patient, (team_id){{{0}}}, COUNT_VISITS);
}

static const struct err *
ask(struct tx *tx, void *arg)
{
	const struct asking *in = arg;
	struct arena *arena = tx->cx->arena;
	struct db_rows rows;
	bool added;

	TRY(visit_question_row_add(tx, &in->question, &added));
	if (!added)
		return NULL;
	TRY(visit_question_rows(tx->cx, in->a->patient, in->a->id, &rows));
	if (rows.count > VISIT_QUESTIONS_MAX)
		return ERR(ERR_INVALID, TR("A visit takes up to 5 questionnaires. Take one away first."),
		    "too many questionnaires of a visit");
	audit_question(tx, AUDIT_ASK, in);
	return visit_notice_add(tx, in->a, "visit",
	    arena_printf(
		arena, "%.*s/%lld", STR_ARG(uuid_text(arena, in->question.id.v)), (long long)in->question.asked_at.ms));
}

/* The visit, for a member of the team. */
static fallible
find_as_team(struct cx *cx, patient_id patient, appointment_id id, struct appointment *a, enum access_why *why)
{
	TRY(appointment_find(cx, patient, id, a, why));
	return *why == ACCESS_CARE_TEAM ? NULL : appointment_not_there();
}

fallible
visit_question_ask(struct cx *cx, patient_id patient, appointment_id appointment, str questionnaire)
{
	struct appointment a;
	struct asking in = {.a = &a};
	const struct err *error;

	TRY(find_as_team(cx, patient, appointment, &a, &in.why));
	if (!visit_questions_open(&a, cx->now))
		return ERR(ERR_CONFLICT, TR("This visit is over or was called off. Nothing can be asked before it."),
		    "a question for a visit that is over");
	in.question = (struct visit_question){.patient = patient,
	    .appointment = appointment,
	    .id = id_of(cx, appointment, questionnaire),
	    .asked_at = cx->now,
	    .asked_by = cx->who.account,
	    .questionnaire = questionnaire};
	error = questionnaire_called(cx, questionnaire, &in.question.title);
	if (error && error->code == ERR_GONE)
		return ERR(ERR_INVALID, TR("Choose a questionnaire from the list."), "no such questionnaire");
	TRY(error);
	TRY(seal_what(cx, &in.question));
	TRY(db_write(cx, ask, &in));
	tell_live(cx, patient);
	return NULL;
}

static const struct err *
drop(struct tx *tx, void *arg)
{
	const struct asking *in = arg;
	struct visit_question there;
	bool dropped, found;

	TRY(visit_question_row_drop(tx, &in->question, &dropped));
	if (dropped) {
		audit_question(tx, AUDIT_WITHDRAW, in);
		return NULL;
	}
	TRY(visit_question_row_get(tx->cx, &in->question, &there, &found));
	return found ? ERR(ERR_CONFLICT, TR("The patient answered it meanwhile. Look at it again, please."),
			   "a question that was answered")
	             : NULL; /* pressed twice */
}

fallible
visit_question_drop(struct cx *cx, patient_id patient, appointment_id appointment, visit_question_id id)
{
	struct appointment a;
	struct asking in = {.a = &a, .question = {.patient = patient, .appointment = appointment, .id = id}};

	TRY(find_as_team(cx, patient, appointment, &a, &in.why));
	TRY(db_write(cx, drop, &in));
	tell_live(cx, patient);
	return NULL;
}

/* ---- the patient's ---- */

static const struct err *
answer(struct tx *tx, void *arg)
{
	const struct asking *in = arg;
	struct visit_question there;
	bool found;

	TRY(visit_question_row_get(tx->cx, &in->question, &there, &found));
	if (!found)
		return appointment_not_there();
	if (uuid_equal(there.entry, in->question.entry))
		return NULL; /* sent twice */
	audit_question(tx, AUDIT_ANSWER, in);
	return visit_question_row_answer(tx, &in->question);
}

fallible
visit_question_answer(struct cx *cx, const struct visit_answers *in)
{
	struct appointment a;
	struct asking asking = {.a = &a,
	    .question = {.patient = in->patient,
		.appointment = in->appointment,
		.id = id_of(cx, in->appointment, in->questionnaire),
		.answered_at = cx->now,
		.entry = in->entry,
		.has_score = in->has_score,
		.score = in->score,
		.meaning = in->meaning,
		.words = in->words}};

	TRY(appointment_find(cx, in->patient, in->appointment, &a, &asking.why));
	if (asking.why != ACCESS_SELF)
		return appointment_not_there();
	if (!visit_questions_open(&a, cx->now))
		return ERR(ERR_CONFLICT, TR("This visit is over. Your answers are kept in your health log."),
		    "answers for a visit that is over");
	TRY(seal_answers(cx, &asking.question));
	TRY(db_write(cx, answer, &asking));
	tell_live(cx, in->patient);
	return NULL;
}

/* ---- the rule of a kind ---- */

fallible
visit_kind_questions(struct cx *cx, visit_kind_id kind, struct db_rows *out)
{
	return visit_kind_question_rows(cx, kind, out);
}

struct ruling {
	visit_kind_id kind;
	const str *questionnaires;
	size_t count;
};

static const struct err *
rule(struct tx *tx, void *arg)
{
	const struct ruling *in = arg;

	audit_add(tx, &(struct audit){.action = AUDIT_ADMINISTER, .subject = AUDIT_FACILITY});
	return visit_kind_question_rows_put(tx, in->kind, in->questionnaires, in->count);
}

fallible
visit_kind_questions_set(struct cx *cx, visit_kind_id id, const str *questionnaires, size_t count)
{
	struct ruling in = {.kind = id, .questionnaires = questionnaires, .count = count};
	struct visit_kind kind;

	TRY(visit_kind_get(cx, id, &kind));
	TRY(office_check(cx, kind.facility));
	if (count > VISIT_QUESTIONS_MAX)
		return ERR(ERR_INVALID, TR("Choose up to 5 questionnaires."), "too many questionnaires of a kind");
	for (size_t i = 0; i < count; i++) {
		const struct err *error;
		str title;

		error = questionnaire_called(cx, questionnaires[i], &title);
		if (error && error->code == ERR_GONE)
			return ERR(ERR_INVALID, TR("Choose a questionnaire from the list."), "no such questionnaire");
		TRY(error);
	}
	return db_write(cx, rule, &in);
}

fallible
visit_questions_by_rule(struct cx *cx, const struct appointment *a, struct db_rows *out)
{
	const struct visit_kind_question *of;
	struct visit_question *q;
	struct db_rows rows;
	size_t count = 0;

	*out = (struct db_rows){0};
	if (a->state != APPOINTMENT_BOOKED || uuid_is_none(a->kind.v))
		return NULL;
	TRY(visit_kind_question_rows(cx, a->kind, &rows));
	of = rows.items;
	q = ARENA_ARRAY(cx->arena, struct visit_question, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		const struct err *error;

		q[count] = (struct visit_question){.patient = a->patient,
		    .appointment = a->id,
		    .id = id_of(cx, a->id, of[i].questionnaire),
		    .asked_at = cx->now,
		    .questionnaire = of[i].questionnaire};
		error = questionnaire_called(cx, q[count].questionnaire, &q[count].title);
		if (error && error->code == ERR_GONE)
			continue; /* the clinic took it away */
		TRY(error);
		TRY(seal_what(cx, &q[count++]));
	}
	*out = (struct db_rows){q, count};
	return NULL;
}
