/* SPDX-License-Identifier: Apache-2.0 */
/* Questionnaires before a visit: the team asks for one, or the kind of visit always brings it along; the patient fills it in from the
 * visit's page and hands the answers in for that visit.  What is handed in is a copy that the team of the visit sees, whatever the switch
 * of the health log says: the form says so beforehand.  Who acts for the patient sees what is asked, not what was answered. */
#ifndef SALVE_VISIT_QUESTIONS_H
#define SALVE_VISIT_QUESTIONS_H

#include "care/appointments/appointments.h"

ID_TYPE(visit_question_id);

#define VISIT_QUESTIONS_MAX 5 /* of one visit, of one kind */
#define VISIT_QUESTIONS_LATE_MS \
	DAY_MS /* after the visit's end answers are still taken, while nobody said that it is over */

struct visit_question {
	patient_id patient;
	appointment_id appointment;
	visit_question_id id;
	instant asked_at, answered_at; /* answered_at none: not yet */
	account_id asked_by;           /* none: the rule of the kind of visit */
	struct uuid entry;             /* of the answers in the health log */
	str questionnaire, title;      /* title in the caller's language where the questionnaire has one */
	/* handed in; absent for who acts for the patient */
	bool has_score;
	int64_t score;
	str meaning, words;
	str what_sealed, answers_sealed;
};

/* Of one visit, as asked; struct visit_question. The caller read the visit by appointment_get or a list. */
fallible visit_questions(struct cx *cx, const struct appointment *a, struct db_rows *out);
/* What the patient has still to fill in, by when the visit begins; struct visit_question_todo. */
struct visit_question_todo {
	struct visit_question question;
	struct appointment visit;
};
fallible visit_questions_to_do(struct cx *cx, patient_id patient, struct db_rows *out);
/* May answers be handed in now? */
bool visit_questions_open(const struct appointment *a, instant now);

/* The team's: ask for one. Asked for already is no error. ERR_INVALID with words for a questionnaire that is not there or too many;
 * ERR_CONFLICT when the visit is over. */
fallible visit_question_ask(struct cx *cx, patient_id patient, appointment_id appointment, str questionnaire);
/* ... and do not ask any more; ERR_CONFLICT when it was answered. */
fallible visit_question_drop(struct cx *cx, patient_id patient, appointment_id appointment, visit_question_id id);

/* The patient's: hand in. Again takes the place of what was handed in before. */
struct visit_answers {
	patient_id patient;
	appointment_id appointment;
	str questionnaire;
	struct uuid entry;
	bool has_score;
	int64_t score;
	str meaning, words;
};
fallible visit_question_answer(struct cx *cx, const struct visit_answers *in);

/* The office's: what a kind of visit always brings along, from the next booking on. struct visit_kind_question. */
struct visit_kind_question {
	str questionnaire;
};
fallible visit_kind_questions(struct cx *cx, visit_kind_id kind, struct db_rows *out);
fallible visit_kind_questions_set(struct cx *cx, visit_kind_id kind, const str *questionnaires, size_t count);

#endif
