/* SPDX-License-Identifier: Apache-2.0 */
/* The per-patient index of the trail.  It follows the journal block by block; how far it came is committed with what it
 * added, so that a crash repeats nothing and skips nothing. */
#include <stdlib.h>

#include "trust/audit/audit_internal.h"

#define READER          "audit_entry"
#define BLOCKS_PER_STEP 50

static const struct db_column ENTRY[] = {COL(struct audit_entry, at), COL(struct audit_entry, account.v),
    COL(struct audit_entry, action), COL(struct audit_entry, subject), COL(struct audit_entry, count),
    COL(struct audit_entry, why), COL(struct audit_entry, item)};

fallible
audit_list(struct cx *cx, patient_id patient, instant before, int64_t count_max, struct db_rows *out)
{
	instant until = instant_is_none(before) ? (instant){INT64_MAX} : before;

	return db_all(cx,
	    SQL("SELECT e.at, e.account, e.action, e.subject, e.count, e.why, e.item FROM (SELECT at, account, action,"
		" subject, count, why, item, lane, sequence, place FROM audit_entry WHERE patient = $1 AND at < $2"
		" ORDER BY at DESC, lane DESC, sequence DESC, place DESC LIMIT $3) AS e"
		" UNION ALL SELECT l.at, l.account, $5, l.subject, l.times, l.why, NULL FROM (SELECT at, account, "
		"subject,"
		" times, why FROM audit_listed WHERE patient = $1 AND hour <= $4 AND at < $2"
		" ORDER BY hour DESC, at DESC LIMIT $3) AS l ORDER BY 1 DESC LIMIT $3"),
	    BIND(DB(patient.v), DB(until), DB(count_max), DB(until.ms / HOUR_MS), DB((int)AUDIT_LISTED)),
	    ROWS(struct audit_entry, ENTRY), out);
}

struct follow {
	int64_t lane, sequence;
	int64_t added;
	bool more;
};

/* Who was listed in the blocks of one step, before it is counted. */
struct listed {
	LIST(struct audit_row) rows;
};

static fallible
index_block(struct tx *tx, const struct journal_block *block, struct listed *listed, int64_t *added)
{
	str rest = block->entries, entry, patients;

	for (int64_t place = 0; journal_next(&rest, &entry); place++) {
		struct audit_row row;

		if (audit_decode_listed(entry, &row, &patients)) {
			for (; patients.n >= 16; patients = str_drop(patients, 16)) {
				memcpy(row.patient.v.bytes, patients.p, 16);
				*LIST_ADD(tx->cx->arena, &listed->rows) = row;
			}
			continue;
		}
		if (!audit_decode(entry, &row) || uuid_is_none(row.patient.v))
			continue;
		TRY(db_run(tx,
		    SQL("INSERT INTO audit_entry (patient, at, lane, sequence, place, account, action, subject, item, "
			"count, why)"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING"),
		    BIND(DB(row.patient.v), DB(row.at), DB(block->lane), DB(block->sequence), DB(place),
			DB(row.account.v), DB(row.action), DB(row.subject), DB(row.item), DB(row.count), DB(row.why)),
		    NULL));
		++*added;
	}
	return NULL;
}

static int64_t
hour_of(const struct audit_row *row)
{
	return row->at.ms / HOUR_MS;
}

static int
compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* By what one line of audit_listed is told apart. */
static int
compare_listed(const void *a_, const void *b_)
{
	const struct audit_row *a = a_, *b = b_;
	int order = memcmp(&a->patient, &b->patient, sizeof(a->patient));

	order = order ? order : compare_numbers(hour_of(a), hour_of(b));
	order = order ? order : memcmp(&a->account, &b->account, sizeof(a->account));
	order = order ? order : compare_numbers(a->subject, b->subject);
	return order ? order : compare_numbers(a->why, b->why);
}

static fallible
index_listed(struct tx *tx, struct listed *listed, int64_t *added)
{
	struct audit_row *rows = listed->rows.items;
	size_t count = listed->rows.count, end;

	if (count)
		qsort(rows, count, sizeof(rows[0]), compare_listed);
	for (size_t i = 0; i < count; i = end) {
		instant at = rows[i].at;

		for (end = i; end < count && compare_listed(&rows[i], &rows[end]) == 0; end++)
			at = instant_before(at, rows[end].at) ? rows[end].at : at;
		TRY(db_run(tx,
		    SQL("INSERT INTO audit_listed (patient, hour, account, subject, why, at, times)"
			" VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (patient, hour, account, subject, why) DO "
			"UPDATE"
			" SET times = audit_listed.times + excluded.times,"
			" at = CASE WHEN excluded.at > audit_listed.at THEN excluded.at ELSE audit_listed.at END"),
		    BIND(DB(rows[i].patient.v), DB(hour_of(&rows[i])), DB(rows[i].account.v), DB(rows[i].subject),
			DB(rows[i].why), DB(at), DB((int64_t)(end - i))),
		    NULL));
		*added += (int64_t)(end - i);
	}
	return NULL;
}

static const struct err *
follow_lane(struct tx *tx, void *arg)
{
	struct follow *follow = arg;
	int64_t done = 0, added = 0;
	struct listed listed = {0};
	struct db_rows rows;
	const struct journal_block *blocks;
	bool found;

	TRY(db_maybe(tx->cx, SQL("SELECT sequence FROM journal_reader WHERE name = '" READER "' AND lane = $1"),
	    BIND(DB(follow->lane)), INTO(&done, ONE_INT), &found));
	TRY(journal_blocks_after(tx->cx, follow->lane, done, BLOCKS_PER_STEP, &rows));
	blocks = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		TRY(index_block(tx, &blocks[i], &listed, &added));
		done = blocks[i].sequence;
	}
	TRY(index_listed(tx, &listed, &added));
	follow->added = added;
	follow->more = rows.count == BLOCKS_PER_STEP;
	if (rows.count == 0)
		return NULL;
	return db_run(tx,
	    SQL("INSERT INTO journal_reader (name, lane, sequence) VALUES ('" READER "', $1, $2)"
		" ON CONFLICT (name, lane) DO UPDATE SET sequence = excluded.sequence"),
	    BIND(DB(follow->lane), DB(done)), NULL);
}

static fallible
follow_step(struct cx *cx, void *lane)
{
	return db_write(cx, follow_lane, lane);
}

static const struct db_column LANE[] = {COL(struct follow, lane), COL(struct follow, sequence)};

fallible
audit_index_follow(struct cx *cx, int64_t *added)
{
	struct db_rows lanes;
	struct follow *lane;

	*added = 0;
	db_refresh(cx);
	TRY(db_all(cx,
	    SQL("SELECT h.lane, h.sequence FROM journal_head h WHERE h.sequence >"
		" coalesce((SELECT r.sequence FROM journal_reader r WHERE r.name = '" READER
		"' AND r.lane = h.lane), 0)"),
	    BIND_NONE, ROWS(struct follow, LANE), &lanes));
	lane = lanes.items;
	for (size_t i = 0; i < lanes.count; i++) {
		do {
			TRY(db_apart(cx, follow_step, &lane[i]));
			*added += lane[i].added;
		} while (lane[i].more);
	}
	return NULL;
}
