/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of renewals, and of what patients say they take. */
#include "care/prescriptions/prescriptions_internal.h"
#include "platform/format/json.h"

#define ROWS_MAX 500

#define RENEWAL_COLUMNS                                                                                        \
	"w.patient, w.id, w.prescription, w.request, w.title, w.facility, w.team, w.account, w.state, w.made," \
	" w.answered, w.answered_by, w.answer, w.made_request"
static const struct db_column RENEWAL[] = {COL(struct renewal, patient.v), COL(struct renewal, id.v),
    COL(struct renewal, prescription), COL(struct renewal, request), COL_BYTES(struct renewal, title),
    COL(struct renewal, facility.v), COL(struct renewal, team.v), COL(struct renewal, account.v),
    COL(struct renewal, state), COL(struct renewal, made), COL(struct renewal, answered),
    COL(struct renewal, answered_by.v), COL_BYTES(struct renewal, answer), COL(struct renewal, made_request)};

struct seal_place
renewal_place(thread_id id, const char *what)
{
	return (struct seal_place){.table = what, .row = id.v};
}

static fallible
open_renewals(struct cx *cx, struct renewal *w, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		TRY(vault_open_text(
		    cx, w[i].patient, renewal_place(w[i].id, "renewal.title"), w[i].title, &w[i].title));
		TRY(vault_open_text(
		    cx, w[i].patient, renewal_place(w[i].id, "renewal.answer"), w[i].answer, &w[i].answer));
	}
	return NULL;
}

fallible
renewal_row_add(struct tx *tx, const struct renewal *w)
{
	return db_run(tx,
	    SQL("INSERT INTO renewal (patient, id, prescription, request, title, facility, team, account, state, made)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"),
	    BIND(DB(w->patient.v), DB(w->id.v), DB(w->prescription), DB(w->request), db_bytes(w->title),
		DB(w->facility.v), DB(w->team.v), DB(w->account.v), DB(w->state), DB(w->made)),
	    NULL);
}

fallible
renewal_row_get(struct cx *cx, thread_id id, struct renewal *out, bool *found)
{
	TRY(db_maybe(cx, SQL("SELECT " RENEWAL_COLUMNS " FROM renewal w WHERE w.id = $1"), BIND(DB(id.v)),
	    INTO(out, RENEWAL), found));
	return *found ? open_renewals(cx, out, 1) : NULL;
}

fallible
renewal_rows_of_patient(struct cx *cx, patient_id patient, struct db_rows *out)
{
	TRY(db_all(cx,
	    SQL("SELECT " RENEWAL_COLUMNS
		" FROM renewal w WHERE w.patient = $1 ORDER BY w.made DESC, w.id DESC LIMIT $2"),
	    BIND(DB(patient.v), DB(ROWS_MAX)), ROWS(struct renewal, RENEWAL), out));
	return open_renewals(cx, out->items, out->count);
}

/* Of the teams that the caller works for, also as who stands in: the conversation's own team decides, wherever it went since. */
fallible
renewal_rows_waiting(struct cx *cx, struct db_rows *out)
{
	TRY(db_all(cx,
	    SQL("SELECT " RENEWAL_COLUMNS
		" FROM renewal w WHERE w.state = 0 AND EXISTS (SELECT 1 FROM visible_patient v"
		" WHERE v.patient = w.patient AND v.account = $1 AND v.why = 2 AND v.since <= $2 AND v.until > $2)"
		" ORDER BY w.made, w.id LIMIT $3"),
	    BIND(DB(cx->who.account.v), DB(cx->now), DB(ROWS_MAX)), ROWS(struct renewal, RENEWAL), out));
	return open_renewals(cx, out->items, out->count);
}

fallible
renewal_rows_waiting_count(struct cx *cx, int64_t *out)
{
	return db_one(cx,
	    SQL("SELECT count(*) FROM renewal w WHERE w.state = 0 AND EXISTS (SELECT 1 FROM visible_patient v"
		" WHERE v.patient = w.patient AND v.account = $1 AND v.why = 2 AND v.since <= $2 AND v.until > $2)"),
	    BIND(DB(cx->who.account.v), DB(cx->now)), INTO(out, ONE_INT));
}

fallible
renewal_row_move(struct tx *tx, const struct renewal *w, team_id team, bool *moved)
{
	int64_t count;

	TRY(db_run(tx, SQL("UPDATE renewal SET team = $3 WHERE patient = $1 AND id = $2 AND state = 0"),
	    BIND(DB(w->patient.v), DB(w->id.v), DB(team.v)), &count));
	*moved = count > 0;
	return NULL;
}

fallible
renewal_row_put(struct tx *tx, const struct renewal *w, bool *changed)
{
	int64_t count;

	TRY(db_run(tx,
	    SQL("UPDATE renewal SET state = $3, answered = $4, answered_by = $5, answer = $6, made_request = $7"
		" WHERE patient = $1 AND id = $2 AND state = 0"),
	    BIND(DB(w->patient.v), DB(w->id.v), DB(w->state), DB(w->answered), DB(w->answered_by.v),
		db_bytes(w->answer), DB(w->made_request)),
	    &count));
	*changed = count > 0;
	return NULL;
}

/* ---- what patients say they take ---- */

#define WORD_COLUMNS \
	"m.patient, m.id, m.request, m.said, m.words, m.at, m.account, m.settled, m.settled_by, m.settled_how"
static const struct db_column WORD[] = {COL(struct medicine_word, patient.v), COL(struct medicine_word, id),
    COL(struct medicine_word, request), COL(struct medicine_word, said), COL_BYTES(struct medicine_word, sealed),
    COL(struct medicine_word, at), COL(struct medicine_word, account.v), COL(struct medicine_word, settled),
    COL(struct medicine_word, settled_by.v), COL(struct medicine_word, settled_how)};

static fallible
open_word(struct cx *cx, struct medicine_word *m)
{
	const struct json_value *json;
	str text;

	TRY(vault_open_text(
	    cx, m->patient, (struct seal_place){.table = "medicine_said.words", .row = m->id}, m->sealed, &text));
	if (!text.p)
		return NULL;
	TRY(json_parse(cx->arena, text, &json, NULL));
	m->name = json_text_at(json, "name");
	m->strength = json_text_at(json, "strength");
	m->how = json_text_at(json, "how");
	m->reason = json_text_at(json, "reason");
	m->comment = json_text_at(json, "comment");
	return NULL;
}

fallible
medicine_word_rows(struct cx *cx, patient_id patient, bool settled_too, struct db_rows *out)
{
	if (settled_too)
		TRY(db_all(cx,
		    SQL("SELECT " WORD_COLUMNS
			" FROM medicine_said m WHERE m.patient = $1 ORDER BY m.at DESC, m.id DESC LIMIT $2"),
		    BIND(DB(patient.v), DB(ROWS_MAX)), ROWS(struct medicine_word, WORD), out));
	else
		TRY(db_all(cx,
		    SQL("SELECT " WORD_COLUMNS " FROM medicine_said m WHERE m.patient = $1 AND m.settled IS NULL"
			" ORDER BY m.at DESC, m.id DESC LIMIT $2"),
		    BIND(DB(patient.v), DB(ROWS_MAX)), ROWS(struct medicine_word, WORD), out));
	for (size_t i = 0; i < out->count; i++)
		TRY(open_word(cx, (struct medicine_word *)out->items + i));
	return NULL;
}

fallible
medicine_word_row_get(struct cx *cx, patient_id patient, struct uuid id, struct medicine_word *out, bool *found)
{
	TRY(db_maybe(cx, SQL("SELECT " WORD_COLUMNS " FROM medicine_said m WHERE m.patient = $1 AND m.id = $2"),
	    BIND(DB(patient.v), DB(id)), INTO(out, WORD), found));
	return *found ? open_word(cx, out) : NULL;
}

fallible
medicine_word_row_add(struct tx *tx, const struct medicine_word *m)
{
	return db_run(tx,
	    SQL("INSERT INTO medicine_said (patient, id, request, said, words, at, account, settled_how)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, 0) ON CONFLICT (patient, id) DO NOTHING"),
	    BIND(DB(m->patient.v), DB(m->id), DB(m->request), DB(m->said), db_bytes(m->sealed), DB(m->at),
		DB(m->account.v)),
	    NULL);
}

fallible
medicine_word_rows_replace(struct tx *tx, patient_id patient, str request)
{
	return db_run(tx,
	    SQL("UPDATE medicine_said SET settled = $3, settled_how = $4"
		" WHERE patient = $1 AND request = $2 AND settled IS NULL"),
	    BIND(DB(patient.v), DB(request), DB(tx->cx->now), DB(SETTLED_TAKEN_BACK)), NULL);
}

fallible
medicine_word_row_settle(struct tx *tx, const struct medicine_word *m, bool *changed)
{
	int64_t count;

	TRY(db_run(tx,
	    SQL("UPDATE medicine_said SET settled = $3, settled_by = $4, settled_how = $5"
		" WHERE patient = $1 AND id = $2 AND settled IS NULL"),
	    BIND(DB(m->patient.v), DB(m->id), DB(m->settled), DB(m->settled_by.v), DB(m->settled_how)), &count));
	*changed = count > 0;
	return NULL;
}
