/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of share links.  "Open" is written out in each WHERE clause: not ended, not run out, tries left, the file there. */
#include "care/sharelink/sharelink_internal.h"

static const struct db_column LINK[] = {COL(struct share_link, id.v), COL(struct share_link, patient.v),
    COL_BYTES(struct share_link, label), COL(struct share_link, classes), COL(struct share_link, since),
    COL(struct share_link, until_day), COL(struct share_link, made), COL(struct share_link, ends),
    COL(struct share_link, ended), COL(struct share_link, has_passcode), COL(struct share_link, tries),
    COL(struct share_link, opened)};
static const struct db_column LOCK[] = {COL(struct share_lock, id.v), COL(struct share_lock, patient.v),
    COL(struct share_lock, ends), COL(struct share_lock, ended), COL(struct share_lock, passcode),
    COL(struct share_lock, tries), COL(struct share_lock, opened), COL_BYTES(struct share_lock, file)};

struct seal_place
share_place(share_link_id id, const char *what, int64_t version)
{
	return (struct seal_place){.table = what, .row = id.v, .version = version};
}

fallible
share_row_add(struct tx *tx, const struct share_row *row)
{
	const struct share_link *link = &row->link;

	return db_run(tx,
	    SQL("INSERT INTO share_link (patient, id, name, label, classes, since, until_day, made, ends, passcode, "
		"tries, file)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"),
	    BIND(DB(link->patient.v), DB(link->id.v), DB(row->name), db_bytes(link->label), DB(link->classes),
		DB(link->since), DB(link->until_day), DB(link->made), DB(link->ends), DB(row->passcode),
		DB(link->tries), db_bytes(row->file)),
	    NULL);
}

fallible
share_rows_of(struct cx *cx, patient_id patient, struct db_rows *out)
{
	struct share_link *links;

	TRY(db_all(cx,
	    SQL("SELECT id, patient, label, classes, since, until_day, made, ends, ended,"
		" CASE WHEN passcode IS NULL THEN 0 ELSE 1 END, tries, opened"
		" FROM share_link WHERE patient = $1 ORDER BY made DESC, id LIMIT 500"),
	    BIND(DB(patient.v)), ROWS(struct share_link, LINK), out));
	links = out->items;
	for (size_t i = 0; i < out->count; i++)
		TRY(vault_open_text(
		    cx, patient, share_place(links[i].id, "share_link.label", 0), links[i].label, &links[i].label));
	return NULL;
}

fallible
share_rows_open(struct cx *cx, patient_id patient, int64_t *out)
{
	return db_one(cx,
	    SQL("SELECT count(*) FROM share_link WHERE patient = $1 AND ends > $2 AND ended IS NULL AND tries > 0"),
	    BIND(DB(patient.v), DB(cx->now)), INTO(out, ONE_INT));
}

fallible
share_row_lock(struct cx *cx, struct uuid name, struct share_lock *out, bool *found)
{
	return db_maybe(cx,
	    SQL("SELECT id, patient, ends, ended, passcode, tries, opened, file FROM share_link"
		" WHERE name = $1 AND ends > $2 AND ended IS NULL AND tries > 0 AND file IS NOT NULL AND opened < $3"),
	    BIND(DB(name), DB(cx->now), DB(SHARE_OPENINGS_MAX)), INTO(out, LOCK), found);
}

fallible
share_row_try(struct tx *tx, const struct share_lock *lock, bool *taken)
{
	int64_t changed;

	TRY(db_run(tx,
	    SQL("UPDATE share_link SET tries = tries - 1 WHERE patient = $1 AND id = $2 AND tries > 0 AND ended IS "
		"NULL"),
	    BIND(DB(lock->patient.v), DB(lock->id.v)), &changed));
	*taken = changed == 1;
	return NULL;
}

fallible
share_row_untry(struct tx *tx, const struct share_lock *lock)
{
	return db_run(tx, SQL("UPDATE share_link SET tries = tries + 1 WHERE patient = $1 AND id = $2"),
	    BIND(DB(lock->patient.v), DB(lock->id.v)), NULL);
}

fallible
share_row_opened(struct tx *tx, const struct share_lock *lock, str recipient)
{
	int64_t n;

	TRY(db_one(tx->cx,
	    SQL("UPDATE share_link SET opened = opened + 1 WHERE patient = $1 AND id = $2 AND ended IS NULL"
		" RETURNING opened"),
	    BIND(DB(lock->patient.v), DB(lock->id.v)), INTO(&n, ONE_INT)));
	TRY(vault_seal_tx(tx, lock->patient, share_place(lock->id, "share_link.recipient", n), recipient, &recipient));
	return db_run(tx,
	    SQL("INSERT INTO share_link_opening (patient, link, n, at, recipient) VALUES ($1, $2, $3, $4, $5)"),
	    BIND(DB(lock->patient.v), DB(lock->id.v), DB(n), DB(tx->cx->now), db_bytes(recipient)), NULL);
}

fallible
share_row_end(struct tx *tx, patient_id patient, share_link_id id, bool *ended)
{
	int64_t changed;

	TRY(db_run(tx,
	    SQL("UPDATE share_link SET ended = $3, file = NULL WHERE patient = $1 AND id = $2 AND ended IS NULL"
		" AND ends > $3"),
	    BIND(DB(patient.v), DB(id.v), DB(tx->cx->now)), &changed));
	*ended = changed == 1;
	return NULL;
}

fallible
share_rows_erase(struct tx *tx)
{
	return db_run(tx, SQL("UPDATE share_link SET file = NULL WHERE ends <= $1 AND file IS NOT NULL"),
	    BIND(DB(tx->cx->now)), NULL);
}

struct opening_row {
	struct share_link_opening opening;
	int64_t n;
};
static const struct db_column OPENING_ROW[] = {COL(struct opening_row, opening.link.v),
    COL(struct opening_row, opening.at), COL_BYTES(struct opening_row, opening.recipient), COL(struct opening_row, n)};

fallible
share_openings_of(struct cx *cx, patient_id patient, struct db_rows *out)
{
	struct share_link_opening *openings;
	const struct opening_row *rows;
	struct db_rows found;

	TRY(db_all(cx,
	    SQL("SELECT link, at, recipient, n FROM share_link_opening WHERE patient = $1 ORDER BY at DESC, link, n "
		"DESC"
		" LIMIT 2000"),
	    BIND(DB(patient.v)), ROWS(struct opening_row, OPENING_ROW), &found));
	rows = found.items;
	openings = ARENA_ARRAY(cx->arena, struct share_link_opening, found.count + 1);
	for (size_t i = 0; i < found.count; i++) {
		openings[i] = rows[i].opening;
		TRY(vault_open_text(cx, patient, share_place(openings[i].link, "share_link.recipient", rows[i].n),
		    openings[i].recipient, &openings[i].recipient));
	}
	*out = (struct db_rows){openings, found.count};
	return NULL;
}
