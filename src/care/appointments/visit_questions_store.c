/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of questionnaires before a visit. */
#include "care/appointments/visit_questions_internal.h"

#define TO_DO_MAX 50

static const struct db_column QUESTION[] = {COL(struct visit_question, patient.v),
    COL(struct visit_question, appointment.v), COL(struct visit_question, id.v), COL(struct visit_question, asked_at),
    COL(struct visit_question, asked_by.v), COL(struct visit_question, answered_at), COL(struct visit_question, entry),
    COL_BYTES(struct visit_question, what_sealed), COL_BYTES(struct visit_question, answers_sealed)};
#define QUESTION_COLUMNS \
	"q.patient, q.appointment, q.id, q.asked_at, q.asked_by, q.answered_at, q.entry, q.what, q.answers"

fallible
visit_question_rows(struct cx *cx, patient_id patient, appointment_id appointment, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " QUESTION_COLUMNS " FROM visit_question q WHERE q.patient = $1 AND q.appointment = $2"
		" ORDER BY q.asked_at, q.id LIMIT $3"),
	    BIND(DB(patient.v), DB(appointment.v), DB(2 * VISIT_QUESTIONS_MAX)), ROWS(struct visit_question, QUESTION),
	    out);
}

/* States 10 and 20 wait for a time, 30 and 40 have one. */
fallible
visit_question_rows_to_do(struct cx *cx, patient_id patient, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " QUESTION_COLUMNS " FROM visit_question q JOIN appointment a ON a.patient = q.patient"
		" AND a.id = q.appointment WHERE q.patient = $1 AND q.answered_at IS NULL"
		" AND (a.state IN (10, 20) OR (a.state IN (30, 40) AND a.end_at > $2))"
		" ORDER BY coalesce(a.start_at, 9223372036854775807), q.appointment, q.asked_at, q.id LIMIT $3"),
	    BIND(DB(patient.v), DB(cx->now), DB(TO_DO_MAX)), ROWS(struct visit_question, QUESTION), out);
}

fallible
visit_question_row_get(struct cx *cx, const struct visit_question *key, struct visit_question *out, bool *found)
{
	return db_maybe(cx,
	    SQL("SELECT " QUESTION_COLUMNS
		" FROM visit_question q WHERE q.patient = $1 AND q.appointment = $2 AND q.id = $3"),
	    BIND(DB(key->patient.v), DB(key->appointment.v), DB(key->id.v)), INTO(out, QUESTION), found);
}

fallible
visit_question_row_add(struct tx *tx, const struct visit_question *q, bool *added)
{
	int64_t count;

	TRY(db_run(tx,
	    SQL("INSERT INTO visit_question (patient, appointment, id, what, asked_at, asked_by)"
		" VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (patient, appointment, id) DO NOTHING"),
	    BIND(DB(q->patient.v), DB(q->appointment.v), DB(q->id.v), db_bytes(q->what_sealed), DB(q->asked_at),
		DB(q->asked_by.v)),
	    &count));
	*added = count > 0;
	return NULL;
}

fallible
visit_question_row_answer(struct tx *tx, const struct visit_question *q)
{
	return db_run(tx,
	    SQL("UPDATE visit_question SET answered_at = $4, entry = $5, answers = $6"
		" WHERE patient = $1 AND appointment = $2 AND id = $3"),
	    BIND(DB(q->patient.v), DB(q->appointment.v), DB(q->id.v), DB(q->answered_at), DB(q->entry),
		db_bytes(q->answers_sealed)),
	    NULL);
}

fallible
visit_question_row_drop(struct tx *tx, const struct visit_question *q, bool *dropped)
{
	int64_t count;

	TRY(db_run(tx,
	    SQL("DELETE FROM visit_question WHERE patient = $1 AND appointment = $2 AND id = $3 AND answered_at IS "
		"NULL"),
	    BIND(DB(q->patient.v), DB(q->appointment.v), DB(q->id.v)), &count));
	*dropped = count > 0;
	return NULL;
}

/* ---- of kinds ---- */

static const struct db_column KIND_QUESTION[] = {COL(struct visit_kind_question, questionnaire)};

fallible
visit_kind_question_rows(struct cx *cx, visit_kind_id kind, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT questionnaire FROM visit_kind_question WHERE kind = $1 ORDER BY questionnaire LIMIT $2"),
	    BIND(DB(kind.v), DB(VISIT_QUESTIONS_MAX)), ROWS(struct visit_kind_question, KIND_QUESTION), out);
}

fallible
visit_kind_question_rows_put(struct tx *tx, visit_kind_id kind, const str *questionnaires, size_t count)
{
	TRY(db_run(tx, SQL("DELETE FROM visit_kind_question WHERE kind = $1"), BIND(DB(kind.v)), NULL));
	for (size_t i = 0; i < count; i++)
		TRY(db_run(tx,
		    SQL("INSERT INTO visit_kind_question (kind, questionnaire) VALUES ($1, $2)"
			" ON CONFLICT (kind, questionnaire) DO NOTHING"),
		    BIND(DB(kind.v), DB(questionnaires[i])), NULL));
	return NULL;
}
