/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of refill requests and of what happened to them. */
#include "care/prescriptions/prescriptions_internal.h"

#define ROWS_MAX 500

#define REFILL_COLUMNS                                                                                            \
	"r.patient, r.id, r.prescription, r.request, r.title, r.facility, r.team, r.account, r.state, r.problem," \
	" r.version, r.tries, r.made, r.changed, r.sent, r.acknowledged, r.filled_at, r.shipped, r.ended,"        \
	" r.move_by, r.chased, r.chases, r.asked, r.filled, r.trouble, r.tracking"
static const struct db_column REFILL[] = {COL(struct refill, patient.v), COL(struct refill, id.v),
    COL(struct refill, prescription), COL(struct refill, request), COL_BYTES(struct refill, title),
    COL(struct refill, facility.v), COL(struct refill, team.v), COL(struct refill, account.v),
    COL(struct refill, state), COL(struct refill, problem), COL(struct refill, version), COL(struct refill, tries),
    COL(struct refill, made), COL(struct refill, changed), COL(struct refill, sent), COL(struct refill, acknowledged),
    COL(struct refill, filled_at), COL(struct refill, shipped), COL(struct refill, ended), COL(struct refill, move_by),
    COL(struct refill, chased), COL(struct refill, chases), COL(struct refill, asked), COL(struct refill, filled),
    COL_BYTES(struct refill, trouble), COL_BYTES(struct refill, tracking)};

struct seal_place
refill_place(refill_id id, const char *what)
{
	return (struct seal_place){.table = what, .row = id.v};
}

/* The three texts and what they are bound to. */
static const struct {
	size_t offset;
	const char *place;
} texts[] = {{offsetof(struct refill, title), "refill.title"}, {offsetof(struct refill, trouble), "refill.trouble"},
    {offsetof(struct refill, tracking), "refill.tracking"}};
#define TEXT_COUNT (sizeof(texts) / sizeof(texts[0]))

static str *
text_at(struct refill *refill, size_t i)
{
	return (str *)(void *)((char *)refill + texts[i].offset);
}

fallible
refill_row_seal(struct cx *cx, const struct refill *in, struct refill *out)
{
	*out = *in;
	for (size_t i = 0; i < TEXT_COUNT; i++)
		if (text_at(out, i)->n)
			TRY(vault_seal(
			    cx, in->patient, refill_place(in->id, texts[i].place), *text_at(out, i), text_at(out, i)));
		else
			*text_at(out, i) = STR_NONE;
	return NULL;
}

static fallible
open_texts(struct cx *cx, struct refill *refill)
{
	for (size_t i = 0; i < TEXT_COUNT; i++)
		TRY(vault_open_text(cx, refill->patient, refill_place(refill->id, texts[i].place), *text_at(refill, i),
		    text_at(refill, i)));
	return NULL;
}

static fallible
open_rows(struct cx *cx, struct db_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		TRY(open_texts(cx, (struct refill *)rows->items + i));
	return NULL;
}

fallible
refill_row_add(struct tx *tx, const struct refill *r, bool *added)
{
	int64_t count;

	TRY(db_run(tx,
	    SQL("INSERT INTO refill (patient, id, prescription, request, title, facility, team, account, state, "
		"problem,"
		" version, tries, made, changed, move_by, chases, asked, filled)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $12, $12, $13, 0, $14, 0)"
		" ON CONFLICT DO NOTHING"),
	    BIND(DB(r->patient.v), DB(r->id.v), DB(r->prescription), DB(r->request), db_bytes(r->title),
		DB(r->facility.v), DB(r->team.v), DB(r->account.v), DB(r->state), DB(r->version), DB(r->tries),
		DB(r->made), DB(r->move_by), DB(r->asked)),
	    &count));
	*added = count > 0;
	return NULL;
}

fallible
refill_row_get(struct cx *cx, refill_id id, struct refill *out, bool *found)
{
	TRY(db_maybe(cx, SQL("SELECT " REFILL_COLUMNS " FROM refill r WHERE r.id = $1"), BIND(DB(id.v)),
	    INTO(out, REFILL), found));
	return *found ? open_texts(cx, out) : NULL;
}

fallible
refill_row_open_of(struct cx *cx, patient_id patient, struct uuid prescription, struct refill *out, bool *found)
{
	TRY(db_maybe(cx,
	    SQL("SELECT " REFILL_COLUMNS
		" FROM refill r WHERE r.patient = $1 AND r.prescription = $2 AND r.state < 45"),
	    BIND(DB(patient.v), DB(prescription)), INTO(out, REFILL), found));
	return *found ? open_texts(cx, out) : NULL;
}

fallible
refill_rows_of_patient(struct cx *cx, patient_id patient, struct db_rows *out)
{
	TRY(db_all(cx,
	    SQL("SELECT " REFILL_COLUMNS
		" FROM refill r WHERE r.patient = $1 ORDER BY r.made DESC, r.id DESC LIMIT $2"),
	    BIND(DB(patient.v), DB(ROWS_MAX)), ROWS(struct refill, REFILL), out));
	return open_rows(cx, out);
}

fallible
refill_rows_problem(struct cx *cx, struct db_rows *out)
{
	TRY(db_all(cx,
	    SQL("SELECT " REFILL_COLUMNS
		" FROM refill r WHERE r.problem > 0 AND EXISTS (SELECT 1 FROM visible_patient v"
		" WHERE v.patient = r.patient AND v.account = $1 AND v.why = 2 AND v.since <= $2 AND v.until > $2)"
		" ORDER BY r.made, r.id LIMIT $3"),
	    BIND(DB(cx->who.account.v), DB(cx->now), DB(ROWS_MAX)), ROWS(struct refill, REFILL), out));
	return open_rows(cx, out);
}

fallible
refill_rows_problem_count(struct cx *cx, int64_t *out)
{
	return db_one(cx,
	    SQL("SELECT count(*) FROM refill r WHERE r.problem > 0 AND EXISTS (SELECT 1 FROM visible_patient v"
		" WHERE v.patient = r.patient AND v.account = $1 AND v.why = 2 AND v.since <= $2 AND v.until > $2)"),
	    BIND(DB(cx->who.account.v), DB(cx->now)), INTO(out, ONE_INT));
}

fallible
refill_rows_due(struct cx *cx, int64_t count_max, struct db_rows *out)
{
	TRY(db_all(cx, SQL("SELECT " REFILL_COLUMNS " FROM refill r WHERE r.move_by <= $1 ORDER BY r.move_by LIMIT $2"),
	    BIND(DB(cx->now), DB(count_max)), ROWS(struct refill, REFILL), out));
	return open_rows(cx, out);
}

fallible
refill_rows_at_pharmacy(struct cx *cx, int64_t count_max, struct db_rows *out)
{
	TRY(db_all(cx,
	    SQL("SELECT " REFILL_COLUMNS " FROM refill r WHERE r.state >= 10 AND r.state < 60"
		" ORDER BY r.state, r.changed LIMIT $1"),
	    BIND(DB(count_max)), ROWS(struct refill, REFILL), out));
	return open_rows(cx, out);
}

fallible
refill_row_put(struct tx *tx, const struct refill *r, bool *changed)
{
	int64_t count;

	TRY(db_run(tx,
	    SQL("UPDATE refill SET state = $3, problem = $4, version = $5, tries = $6, changed = $7, sent = $8,"
		" acknowledged = $9, filled_at = $10, shipped = $11, ended = $12, move_by = $13, chased = $14,"
		" chases = $15, filled = $16, trouble = $17, tracking = $18"
		" WHERE patient = $1 AND id = $2 AND version = $5 - 1"),
	    BIND(DB(r->patient.v), DB(r->id.v), DB(r->state), DB(r->problem), DB(r->version), DB(r->tries),
		DB(r->changed), DB(r->sent), DB(r->acknowledged), DB(r->filled_at), DB(r->shipped), DB(r->ended),
		DB(r->move_by), DB(r->chased), DB(r->chases), DB(r->filled), db_bytes(r->trouble),
		db_bytes(r->tracking)),
	    &count));
	*changed = count > 0;
	return NULL;
}

/* ---- events ---- */

static const struct db_column EVENT[] = {COL(struct refill_event, n), COL(struct refill_event, key),
    COL(struct refill_event, at), COL(struct refill_event, event), COL(struct refill_event, state),
    COL(struct refill_event, account.v), COL_BYTES(struct refill_event, words)};

static struct seal_place
event_place(const struct refill *refill, struct uuid key)
{
	(void)refill;
	return (struct seal_place){.table = "refill_event.words", .row = key};
}

fallible
refill_event_row_add(struct tx *tx, const struct refill *refill, const struct refill_event *event, bool *added)
{
	int64_t count;
	str sealed = STR_NONE;

	if (event->words.n)
		TRY(vault_seal_tx(tx, refill->patient, event_place(refill, event->key), event->words, &sealed));
	TRY(db_run(tx,
	    SQL("INSERT INTO refill_event (patient, refill, n, key, at, event, state, account, words)"
		" SELECT $1, $2, COALESCE(MAX(e.n), 0) + 1, $3, $4, $5, $6, $7, $8 FROM refill_event e"
		" WHERE e.patient = $1 AND e.refill = $2 ON CONFLICT DO NOTHING"),
	    BIND(DB(refill->patient.v), DB(refill->id.v), DB(event->key), DB(event->at), DB(event->event),
		DB(event->state), DB(event->account.v), db_bytes(sealed)),
	    &count));
	*added = count > 0;
	return NULL;
}

fallible
refill_event_is_known(struct cx *cx, const struct refill *refill, struct uuid key, bool *out)
{
	int64_t n;

	return db_maybe(cx, SQL("SELECT e.n FROM refill_event e WHERE e.patient = $1 AND e.refill = $2 AND e.key = $3"),
	    BIND(DB(refill->patient.v), DB(refill->id.v), DB(key)), INTO(&n, ONE_INT), out);
}

fallible
refill_event_rows(struct cx *cx, const struct refill *refill, struct db_rows *out)
{
	struct refill_event *event;

	TRY(db_all(cx,
	    SQL("SELECT n, key, at, event, state, account, words FROM refill_event WHERE patient = $1 AND refill = $2"
		" ORDER BY n LIMIT $3"),
	    BIND(DB(refill->patient.v), DB(refill->id.v), DB(ROWS_MAX)), ROWS(struct refill_event, EVENT), out));
	event = out->items;
	for (size_t i = 0; i < out->count; i++)
		TRY(vault_open_text(
		    cx, refill->patient, event_place(refill, event[i].key), event[i].words, &event[i].words));
	return NULL;
}
