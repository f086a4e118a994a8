/* SPDX-License-Identifier: Apache-2.0 */
#include "care/charting/charting_internal.h"

#define COLUMNS                                                                                        \
	"c.patient, c.thread, c.n, c.id, c.encounter, c.provenance, c.team, c.author, c.at, c.title, " \
	"c.last_n, c.state, c.tries, c.ids, c.asked, c.trouble, c.credit_gone, c.credit_why"
static const struct db_column NOTE[] = {COL(struct chart_note, patient.v), COL(struct chart_note, thread.v),
    COL(struct chart_note, n), COL(struct chart_note, id), COL(struct chart_note, encounter),
    COL(struct chart_note, provenance), COL(struct chart_note, team.v), COL(struct chart_note, author.v),
    COL(struct chart_note, at), COL(struct chart_note, title), COL(struct chart_note, last_n),
    COL(struct chart_note, state), COL(struct chart_note, tries), COL(struct chart_note, ids),
    COL_BYTES(struct chart_note, asked), COL_BYTES(struct chart_note, trouble), COL(struct chart_note, credit_gone),
    COL_BYTES(struct chart_note, credit_why)};

struct seal_place
chart_place(struct uuid id, const char *what)
{
	return (struct seal_place){.table = what, .row = id};
}

fallible
chart_rows(struct cx *cx, patient_id patient, thread_id thread, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " COLUMNS " FROM chart_note c WHERE c.patient = $1 AND c.thread = $2 ORDER BY c.n LIMIT 500"),
	    BIND(DB(patient.v), DB(thread.v)), ROWS(struct chart_note, NOTE), out);
}

fallible
chart_row_by_id(struct cx *cx, struct uuid id, struct chart_note *out, bool *found)
{
	return db_maybe(
	    cx, SQL("SELECT " COLUMNS " FROM chart_note c WHERE c.id = $1"), BIND(DB(id)), INTO(out, NOTE), found);
}

fallible
chart_row_add(struct tx *tx, const struct chart_note *note)
{
	return db_run(tx,
	    SQL("INSERT INTO chart_note (patient, thread, n, id, encounter, provenance, team, author, at, title, "
		"last_n,"
		" asked, state, tries) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"),
	    BIND(DB(note->patient.v), DB(note->thread.v), DB(note->n), DB(note->id), DB(note->encounter),
		DB(note->provenance), DB(note->team.v), DB(note->author.v), DB(note->at), DB(note->title),
		DB(note->last_n), db_bytes(note->asked), DB(note->state), DB(note->tries)),
	    NULL);
}

fallible
chart_row_mend(struct tx *tx, const struct chart_note *note)
{
	return db_run(tx,
	    SQL("UPDATE chart_note SET encounter = $2, provenance = $3, title = $4, last_n = $5, asked = $6, state = "
		"$7,"
		" tries = $8, trouble = NULL, credit_gone = $9, credit_why = $10 WHERE id = $1"),
	    BIND(DB(note->id), DB(note->encounter), DB(note->provenance), DB(note->title), DB(note->last_n),
		db_bytes(note->asked), DB(note->state), DB(note->tries), DB(note->credit_gone),
		db_bytes(note->credit_why)),
	    NULL);
}

fallible
chart_row_settle(struct tx *tx, const struct chart_note *note, bool *changed)
{
	int64_t rows;

	TRY(db_run(tx, SQL("UPDATE chart_note SET state = $3, ids = $4, trouble = $5 WHERE id = $1 AND tries = $2"),
	    BIND(DB(note->id), DB(note->tries), DB(note->state), DB(note->ids), db_bytes(note->trouble)), &rows));
	*changed = rows > 0;
	return NULL;
}

fallible
chart_rows_troubled(struct cx *cx, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " COLUMNS " FROM chart_note c WHERE c.state = 3 AND EXISTS (SELECT 1 FROM visible_patient v"
		" WHERE v.patient = c.patient AND v.account = $1 AND v.why = 2 AND v.since <= $2 AND v.until > $2)"
		" ORDER BY c.at, c.id LIMIT 200"),
	    BIND(DB(cx->who.account.v), DB(cx->now)), ROWS(struct chart_note, NOTE), out);
}

static const struct db_column FIGURE[] = {COL(struct chart_figure, author.v), COL(struct chart_figure, credit)};

fallible
charting_each(struct cx *cx, team_id team, instant since, instant until, db_row_fn *each, void *arg)
{
	return db_each(cx,
	    SQL("SELECT c.author, CAST(CASE WHEN c.encounter IS NULL THEN 0 ELSE 1 END AS BIGINT) FROM chart_note c"
		" WHERE c.team = $1 AND c.at >= $2 AND c.at < $3"),
	    BIND(DB(team.v), DB(since), DB(until)), ROWS(struct chart_figure, FIGURE), each, arg);
}

fallible
charting_of_patient(
    struct cx *cx, patient_id patient, instant since, instant until, int64_t count_max, struct db_rows *out)
{
	struct chart_note *note;

	TRY(db_all(cx,
	    SQL("SELECT " COLUMNS " FROM chart_note c WHERE c.patient = $1 AND c.at >= $2 AND c.at < $3"
		" ORDER BY c.at DESC, c.n DESC LIMIT $4"),
	    BIND(DB(patient.v), DB(since), DB(until), DB(count_max)), ROWS(struct chart_note, NOTE), out));
	note = out->items;
	for (size_t i = 0; i < out->count; i++)
		note[i].asked = note[i].trouble = STR_NONE;
	return NULL;
}

fallible
ehr_row_get(struct cx *cx, str *sealed, bool *found)
{
	return db_maybe(
	    cx, SQL("SELECT value FROM installation WHERE name = 'ehr'"), BIND_NONE, INTO(sealed, ONE_BYTES), found);
}

fallible
ehr_row_put(struct tx *tx, str sealed)
{
	return db_run(tx,
	    SQL("INSERT INTO installation (name, value) VALUES ('ehr', $1)"
		" ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
	    BIND(db_bytes(sealed)), NULL);
}

/* ---- what may be chosen ---- */

static const struct db_column CHOICE[] = {COL(struct chart_choice, kind), COL(struct chart_choice, n),
    COL(struct chart_choice, words), COL(struct chart_choice, place), COL(struct chart_choice, active)};

fallible
chart_choice_rows(struct cx *cx, facility_id facility, enum chart_choice_kind kind, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT kind, n, words, place, active FROM chart_choice WHERE facility = $1 AND kind = $2"
		" ORDER BY place, n LIMIT 2000"),
	    BIND(DB(facility.v), DB((int)kind)), ROWS(struct chart_choice, CHOICE), out);
}

fallible
chart_choice_rows_retire(struct tx *tx, facility_id facility)
{
	return db_run(tx, SQL("UPDATE chart_choice SET active = 0 WHERE facility = $1"), BIND(DB(facility.v)), NULL);
}

fallible
chart_choice_row_put(struct tx *tx, facility_id facility, const struct chart_choice *choice)
{
	return db_run(tx,
	    SQL("INSERT INTO chart_choice (facility, kind, n, words, place, active) VALUES ($1, $2, $3, $4, $5, 1)"
		" ON CONFLICT (facility, kind, n) DO UPDATE SET words = excluded.words, place = excluded.place, active "
		"= 1"),
	    BIND(DB(facility.v), DB(choice->kind), DB(choice->n), DB(choice->words), DB(choice->place)), NULL);
}
