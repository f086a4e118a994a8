/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of corrections. */
#include "care/corrections/corrections_internal.h"

#define CORRECTION_COLUMNS                                                                                \
	"c.patient, c.id, c.facility, c.kind, c.state, c.about, c.title, c.asked, c.paid, c.made, c.due," \
	" c.extended_at, c.extension, c.answered_at, c.answered_by, c.basis, c.answer, c.disagreed_at, "  \
	"c.disagreement,"                                                                                 \
	" c.document"
static const struct db_column CORRECTION[] = {COL(struct correction, patient.v), COL(struct correction, id.v),
    COL(struct correction, facility.v), COL(struct correction, kind), COL(struct correction, state),
    COL_BYTES(struct correction, about), COL_BYTES(struct correction, title), COL_BYTES(struct correction, asked),
    COL(struct correction, paid), COL(struct correction, made), COL(struct correction, due),
    COL(struct correction, extended_at), COL_BYTES(struct correction, extension), COL(struct correction, answered_at),
    COL(struct correction, answered_by.v), COL(struct correction, basis), COL_BYTES(struct correction, answer),
    COL(struct correction, disagreed_at), COL_BYTES(struct correction, disagreement), COL(struct correction, document)};

#define ROWS_MAX 200

struct seal_place
correction_place(correction_id id, const char *what)
{
	return (struct seal_place){.table = what, .row = id.v};
}

/* The five texts and what they are bound to. */
static const struct {
	size_t offset;
	const char *place;
} texts[] = {{offsetof(struct correction, about), "correction.about"},
    {offsetof(struct correction, title), "correction.title"}, {offsetof(struct correction, asked), "correction.asked"},
    {offsetof(struct correction, extension), "correction.extension"},
    {offsetof(struct correction, answer), "correction.answer"},
    {offsetof(struct correction, disagreement), "correction.disagreement"}};
#define TEXT_COUNT (sizeof(texts) / sizeof(texts[0]))

static str *
text_at(struct correction *c, size_t i)
{
	return (str *)(void *)((char *)c + texts[i].offset);
}

fallible
correction_seal(struct cx *cx, const struct correction *in, struct correction *out)
{
	*out = *in;
	for (size_t i = 0; i < TEXT_COUNT; i++)
		if (text_at(out, i)->n)
			TRY(vault_seal(cx, in->patient, correction_place(in->id, texts[i].place), *text_at(out, i),
			    text_at(out, i)));
		else
			*text_at(out, i) = STR_NONE;
	return NULL;
}

static fallible
open_texts(struct cx *cx, struct correction *c)
{
	for (size_t i = 0; i < TEXT_COUNT; i++)
		TRY(vault_open_text(
		    cx, c->patient, correction_place(c->id, texts[i].place), *text_at(c, i), text_at(c, i)));
	return NULL;
}

static fallible
open_rows(struct cx *cx, struct db_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		TRY(open_texts(cx, (struct correction *)rows->items + i));
	return NULL;
}

fallible
correction_row_add(struct tx *tx, const struct correction *c, bool *added)
{
	int64_t changed;

	TRY(db_run(tx,
	    SQL("INSERT INTO correction (patient, id, facility, kind, state, about, title, asked, paid, made, due)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (patient, id) DO NOTHING"),
	    BIND(DB(c->patient.v), DB(c->id.v), DB(c->facility.v), DB(c->kind), DB(c->state), db_bytes(c->about),
		db_bytes(c->title), db_bytes(c->asked), DB(c->paid), DB(c->made), DB(c->due)),
	    &changed));
	*added = changed > 0;
	return NULL;
}

fallible
correction_row_get(struct cx *cx, patient_id patient, correction_id id, struct correction *out, bool *found)
{
	TRY(db_maybe(cx, SQL("SELECT " CORRECTION_COLUMNS " FROM correction c WHERE c.patient = $1 AND c.id = $2"),
	    BIND(DB(patient.v), DB(id.v)), INTO(out, CORRECTION), found));
	return *found ? open_texts(cx, out) : NULL;
}

fallible
correction_rows_of_patient(struct cx *cx, patient_id patient, struct db_rows *out)
{
	TRY(db_all(cx,
	    SQL("SELECT " CORRECTION_COLUMNS
		" FROM correction c WHERE c.patient = $1 ORDER BY c.made DESC, c.id DESC LIMIT $2"),
	    BIND(DB(patient.v), DB(ROWS_MAX)), ROWS(struct correction, CORRECTION), out));
	return open_rows(cx, out);
}

fallible
correction_rows_of_facility(struct cx *cx, facility_id facility, bool waiting, struct db_rows *out)
{
	if (waiting)
		TRY(db_all(cx,
		    SQL("SELECT " CORRECTION_COLUMNS
			" FROM correction c WHERE c.facility = $1 AND c.state = 0 ORDER BY c.due, c.id"
			" LIMIT $2"),
		    BIND(DB(facility.v), DB(ROWS_MAX)), ROWS(struct correction, CORRECTION), out));
	else
		TRY(db_all(cx,
		    SQL("SELECT " CORRECTION_COLUMNS " FROM correction c WHERE c.facility = $1 AND c.state <> 0"
			" ORDER BY c.made DESC, c.id DESC LIMIT $2"),
		    BIND(DB(facility.v), DB(ROWS_MAX)), ROWS(struct correction, CORRECTION), out));
	return open_rows(cx, out);
}

fallible
correction_rows_waiting(struct cx *cx, facility_id facility, int64_t *out)
{
	return db_one(cx, SQL("SELECT count(*) FROM correction WHERE facility = $1 AND state = 0"),
	    BIND(DB(facility.v)), INTO(out, ONE_INT));
}

fallible
correction_row_put(struct tx *tx, const struct correction *before, const struct correction *c, bool *changed)
{
	int64_t count;

	TRY(db_run(tx,
	    SQL("UPDATE correction SET state = $3, due = $4, extended_at = $5, extension = $6, answered_at = $7,"
		" answered_by = $8, basis = $9, answer = $10, disagreed_at = $11, disagreement = $12, document = $13"
		" WHERE patient = $1 AND id = $2 AND state = $14 AND due = $15"
		" AND (disagreed_at IS NULL OR disagreed_at = $16)"),
	    BIND(DB(c->patient.v), DB(c->id.v), DB(c->state), DB(c->due), DB(c->extended_at), db_bytes(c->extension),
		DB(c->answered_at), DB(c->answered_by.v), DB(c->basis), db_bytes(c->answer), DB(c->disagreed_at),
		db_bytes(c->disagreement), DB(c->document), DB(before->state), DB(before->due),
		DB(before->disagreed_at)),
	    &count));
	*changed = count > 0;
	return NULL;
}
