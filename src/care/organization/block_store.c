/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of blocks. */
#include "care/organization/organization_internal.h"

struct seal_place
block_place(struct uuid id)
{
	return (struct seal_place){.table = "team_block.note", .row = id};
}

static const struct db_column BLOCK[] = {COL(struct block, id), COL(struct block, patient.v),
    COL(struct block, facility.v), COL(struct block, team.v), COL(struct block, code), COL_BYTES(struct block, note),
    COL(struct block, since), COL(struct block, review), COL(struct block, until), COL(struct block, made_by.v),
    COL(struct block, ended_by.v)};
#define BLOCK_COLUMNS \
	"b.id, b.patient, b.facility, b.team, b.code, b.note, b.since, b.review, b.until, b.made_by, b.ended_by"

static void
end_to_none(struct block *block)
{
	if (block->until.ms == FOREVER)
		block->until = INSTANT_NONE;
}

static void
ends_to_none(struct db_rows *rows)
{
	struct block *item = rows->items;

	for (size_t i = 0; i < rows->count; i++)
		end_to_none(&item[i]);
}

fallible
block_row_add(struct tx *tx, const struct block *in)
{
	return db_run(tx,
	    SQL("INSERT INTO team_block (patient, id, facility, team, code, note, since, until, review, made_by)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"),
	    BIND(DB(in->patient.v), DB(in->id), DB(in->facility.v), DB(in->team.v), DB(in->code), db_bytes(in->note),
		DB(tx->cx->now), DB(FOREVER), DB(in->review), DB(tx->cx->who.account.v)),
	    NULL);
}

fallible
block_row_end(struct tx *tx, patient_id patient, struct uuid id)
{
	int64_t changed;

	TRY(db_run(tx,
	    SQL("UPDATE team_block SET until = $3, ended_by = $4 WHERE patient = $1 AND id = $2 AND until > $3"),
	    BIND(DB(patient.v), DB(id), DB(tx->cx->now), DB(tx->cx->who.account.v)), &changed));
	return changed ? NULL : ERR(ERR_CONFLICT, TR("This is over already."), "the block ended before");
}

fallible
block_row_get(struct cx *cx, patient_id patient, struct uuid id, struct block *out)
{
	TRY(db_one(cx, SQL("SELECT " BLOCK_COLUMNS " FROM team_block b WHERE b.patient = $1 AND b.id = $2"),
	    BIND(DB(patient.v), DB(id)), INTO(out, BLOCK)));
	end_to_none(out);
	return NULL;
}

fallible
block_find(struct cx *cx, patient_id patient, team_id team, struct block *out, bool *found)
{
	TRY(db_maybe(cx,
	    SQL("SELECT " BLOCK_COLUMNS " FROM team_block b JOIN team t ON t.id = $2 AND t.facility = b.facility"
		" WHERE b.patient = $1 AND b.since <= $3 AND b.until > $3 AND (b.team IS NULL OR b.team = $2)"
		" ORDER BY b.id LIMIT 1"),
	    BIND(DB(patient.v), DB(team.v), DB(cx->now)), INTO(out, BLOCK), found));
	if (*found)
		end_to_none(out);
	return NULL;
}

fallible
block_rows_of_patient(struct cx *cx, patient_id patient, struct db_rows *out)
{
	TRY(db_all(cx,
	    SQL("SELECT " BLOCK_COLUMNS " FROM team_block b"
		" WHERE b.patient = $1 AND b.since <= $2 AND b.until > $2 ORDER BY b.since, b.id LIMIT 200"),
	    BIND(DB(patient.v), DB(cx->now)), ROWS(struct block, BLOCK), out));
	ends_to_none(out);
	return NULL;
}

fallible
block_rows_to_review(struct cx *cx, facility_id facility, struct db_rows *out)
{
	TRY(db_all(cx,
	    SQL("SELECT " BLOCK_COLUMNS " FROM team_block b"
		" WHERE b.facility = $1 AND b.until > $2 ORDER BY b.review, b.id LIMIT 500"),
	    BIND(DB(facility.v), DB(cx->now)), ROWS(struct block, BLOCK), out));
	ends_to_none(out);
	return NULL;
}
