/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of questionnaires before a visit (visit_questions_store.c), and what else only this folder asks of them. */
#ifndef SALVE_VISIT_QUESTIONS_INTERNAL_H
#define SALVE_VISIT_QUESTIONS_INTERNAL_H

#include "care/appointments/appointments_internal.h"
#include "care/appointments/visit_questions.h"

fallible visit_question_rows(struct cx *cx, patient_id patient, appointment_id appointment, struct db_rows *out);
fallible visit_question_rows_to_do(struct cx *cx, patient_id patient, struct db_rows *out);
/* `key`: patient, appointment, id. */
fallible
visit_question_row_get(struct cx *cx, const struct visit_question *key, struct visit_question *out, bool *found);
fallible visit_question_row_add(struct tx *tx, const struct visit_question *q, bool *added);
fallible visit_question_row_answer(struct tx *tx, const struct visit_question *q);
fallible visit_question_row_drop(struct tx *tx, const struct visit_question *q, bool *dropped); /* unanswered only */
fallible visit_kind_question_rows(struct cx *cx, visit_kind_id kind, struct db_rows *out);
fallible visit_kind_question_rows_put(struct tx *tx, visit_kind_id kind, const str *questionnaires, size_t count);

/* What the kind of a visit that is being booked brings along, sealed and ready to be written. */
fallible visit_questions_by_rule(struct cx *cx, const struct appointment *a, struct db_rows *out);

#endif
