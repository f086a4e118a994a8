/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a file without keeping anything: what is found is looked over, and waits in sealed chunks; what cannot be read waits in others,
 * with its line and the reason.  Each chunk is durable before the next; a point says from where to go on. */
#include "care/imports/import_store.h"
#include "platform/format/csv.h"
#include "platform/format/csv_read.h"
#include "platform/format/utf8.h"

#define REFUSED_AT_ONCE 200 /* of one chunk */
#define WHAT_CHARS_MAX  2000

/* ---- durable parts ---- */

struct part {
	struct import_look *look;
	enum import_part part;
	int64_t n;
	str sealed;
	bool moved, has_chunk;
};

static const struct err *
store(struct tx *tx, void *arg)
{
	const struct part *p = arg;
	struct import_look *look = p->look;
	instant now = instant_add_ms(look->cx->now, monotonic_ms() - look->begun_ms);

	TRY(import_row_progress(tx, look->import, p->moved, now, &look->mine));
	return look->mine && p->has_chunk ? import_chunk_put(tx, look->import, p->part, p->n, p->sealed) : NULL;
}

static fallible
put_part(struct import_look *look, struct part *p)
{
	struct cx part = *look->cx;
	struct import *import = look->import;
	str facts;
	const struct err *error;

	part.arena = &look->point_arena;
	facts = import_facts_write(part.arena, &import->facts);
	error = vault_seal(&part, import->patient, import_facts_place(import->id), facts, &import->sealed);
	if (!error)
		error = db_write(&part, store, p);
	if (!error && look->mine && p->moved)
		import->attempts = 1;
	if (!error && !look->mine)
		error = ERR(ERR_CONFLICT, "This was stopped.", "an import was stopped, or another process reads it");
	if (!error && look->cx->stopping && *look->cx->stopping)
		error = ERR(ERR_BUSY, "The program stops. It goes on when it is back.", "an import was interrupted");
	look->cx->conn = part.conn;
	error = error ? err_copy(look->cx->arena, error) : NULL;
	arena_clear(&look->point_arena);
	look->signed_ms = monotonic_ms();
	import_tell(look->cx, import);
	return error;
}

fallible
import_sign(struct import_look *look, int64_t done, int64_t total)
{
	struct part p = {.look = look};

	look->import->done = done;
	look->import->total = total;
	return monotonic_ms() - look->signed_ms < IMPORT_SIGN_MS ? NULL : put_part(look, &p);
}

static fallible
put_chunk(struct import_look *look, enum import_part part, int64_t n, str text, bool moved)
{
	struct part p = {.look = look, .part = part, .n = n, .has_chunk = true, .moved = moved};
	struct cx cx = *look->cx;
	const struct err *error;

	cx.arena = &look->point_arena;
	error = vault_seal(&cx, look->import->patient, import_chunk_place(look->import->id, part, n), text, &p.sealed);
	look->cx->conn = cx.conn;
	return error ? err_copy(look->cx->arena, error) : put_part(look, &p);
}

/* ---- chunks of entries, and of what was refused ---- */

static fallible
flush_entries(struct import_look *look)
{
	if (!look->entry_count)
		return NULL;
	look->import->staged++;
	look->entry_count = 0;
	TRY(put_chunk(look, PART_ENTRIES, look->import->staged - 1, buf_str(&look->entries), false));
	arena_clear(&look->entries_arena);
	look->entries = (struct buf)BUF_INIT(&look->entries_arena);
	return NULL;
}

static fallible
flush_refused(struct import_look *look)
{
	if (!look->refused_count)
		return NULL;
	look->import->refused++;
	look->refused_count = 0;
	TRY(put_chunk(look, PART_REFUSED, look->import->refused - 1, buf_str(&look->refused), false));
	arena_clear(&look->refused_arena);
	look->refused = (struct buf)BUF_INIT(&look->refused_arena);
	return NULL;
}

bool
import_point_is_due(const struct import_look *look)
{
	return monotonic_ms() - look->pointed_ms >= IMPORT_POINT_MS;
}

fallible
import_flush(struct import_look *look)
{
	TRY(flush_entries(look));
	return flush_refused(look);
}

fallible
import_point(struct import_look *look, int64_t done, int64_t total, str point)
{
	look->import->done = done;
	look->import->total = total;
	look->pointed_ms = monotonic_ms();
	return put_chunk(look, PART_POINT, 0, point, true);
}

fallible
import_point_get(struct import_look *look, str *point)
{
	return import_chunk_text(look->cx, look->import, PART_POINT, 0, point);
}

/* ---- keys, each once ---- */

static bool
seen_add(struct arena *arena, struct import_seen *seen, struct uuid key)
{
	uint64_t at;

	if (seen->count * 2 >= seen->slot_count) {
		struct import_seen grown = {.slot_count = seen->slot_count ? seen->slot_count * 4 : 1024};

		grown.slots = ARENA_ARRAY(arena, struct uuid, grown.slot_count);
		for (size_t i = 0; i < seen->slot_count; i++)
			if (!uuid_is_none(seen->slots[i]))
				(void)seen_add(arena, &grown, seen->slots[i]);
		*seen = grown;
	}
	memcpy(&at, key.bytes, sizeof(at)); /* a keyed hash: nobody can choose its bits */
	for (at %= seen->slot_count; !uuid_is_none(seen->slots[at]); at = (at + 1) % seen->slot_count)
		if (uuid_equal(seen->slots[at], key))
			return false;
	seen->slots[at] = key;
	seen->count++;
	return true;
}

/* ---- one thing that was found ---- */

/* The row's own cells, so that it can be mended and loaded again. */
static void
add_cells(struct import_look *look, struct csv_writer *csv, str source)
{
	struct csv_reader reader;
	struct csv_row row;

	csv_reader_init(&reader, source, look->import->facts.columns.separator);
	if (!csv_next(&look->scratch, &reader, &row) || row.trouble) {
		csv_text(csv, utf8_take_chars(source, WHAT_CHARS_MAX));
		return;
	}
	for (size_t i = 0; i < row.count; i++)
		csv_text(csv, row.cells[i]);
}

/* As a row of the file that the person gets: line, reason, and what stood there. */
fallible
import_refuse(struct import_look *look, struct import_tally *tally, int64_t line, str what, str why)
{
	struct csv_writer csv = {.out = &look->refused};

	tally->refused++;
	if (look->refused_all >= IMPORT_REFUSED_MAX)
		return NULL;
	look->refused_all++;
	csv_int64(&csv, line);
	csv_text(&csv, why);
	if (look->import->kind == IMPORT_CSV)
		add_cells(look, &csv, what);
	else
		csv_text(&csv, utf8_take_chars(utf8_repair(&look->scratch, what), WHAT_CHARS_MAX));
	csv_row_end(&csv);
	return ++look->refused_count < REFUSED_AT_ONCE ? NULL : flush_refused(look);
}

static bool
is_wrong(
    const struct import_look *look, const struct import_found *found, const struct journal_troubles *troubles, str *why)
{
	for (size_t i = 0; i < troubles->count; i++)
		if (troubles->items[i].kind == TROUBLE_WRONG) {
			*why = troubles->items[i].words;
			return true;
		}
	if (found->values.source.n && !utf8_is_clean_line(found->values.source)) {
		*why = tr(look->px.lang, TR("The name of the app or device cannot be kept."));
		return true;
	}
	return false;
}

static fallible
stage(struct import_look *look, struct import_found *found)
{
	struct import_entry entry = {.log = found->log,
	    .values = found->values,
	    .tally = (size_t)(found->tally - look->import->facts.tallies.items)};
	struct cx cx = *look->cx;
	bool is_here;

	cx.arena = &look->scratch;
	entry.key = journal_bring_key(&cx, look->import->patient, found->log, &found->values);
	if (!seen_add(look->cx->arena, &look->seen, entry.key)) {
		found->tally->doubled++;
		return NULL;
	}
	TRY(journal_bring_is_here(&cx, look->import->patient, found->log, entry.key, &is_here));
	look->cx->conn = cx.conn;
	if (is_here) {
		found->tally->here++;
		return NULL;
	}
	found->tally->staged++;
	import_entry_write(&look->entries, &entry);
	return ++look->entry_count < JOURNAL_BRING_MAX ? NULL : flush_entries(look);
}

fallible
import_found(struct import_look *look, struct import_found *found)
{
	struct journal_troubles troubles = {0};
	struct page_cx px = look->px;
	str why = STR_NONE;

	px.arena = &look->scratch;
	if (!(look->open >> found->log->number & 1)) {
		found->tally->aside[ASIDE_CLOSED]++;
		return NULL;
	}
	if (look->seen.count >= IMPORT_ENTRIES_MAX) {
		found->tally->aside[ASIDE_MORE]++;
		return NULL;
	}
	journal_look_over(&px, found->log, &found->values, &troubles);
	if (is_wrong(look, found, &troubles, &why))
		return import_refuse(look, found->tally, found->line, found->what, why);
	found->tally->unusual += troubles.asked;
	return stage(look, found);
}

/* ---- the whole ---- */

struct ending {
	struct import_look *look;
	bool mine;
};

static const struct err *
settle(struct tx *tx, void *arg)
{
	struct ending *e = arg;
	struct import *import = e->look->import;
	instant now = instant_add_ms(tx->cx->now, monotonic_ms() - e->look->begun_ms);

	TRY(import_row_settle(tx, import, now, &e->mine));
	return e->mine ? import_chunks_delete(tx, import, PART_POINT) : NULL;
}

static fallible
end(struct import_look *look)
{
	struct ending e = {.look = look};
	struct import *import = look->import;

	TRY(import_flush(look));
	import->state = IMPORT_ASKING;
	import->done = import->total;
	import->expires_at = instant_add_ms(look->cx->now, IMPORT_DAYS * DAY_MS);
	TRY(vault_seal(look->cx, import->patient, import_facts_place(import->id),
	    import_facts_write(look->cx->arena, &import->facts), &import->sealed));
	return db_write(look->cx, settle, &e);
}

static fallible
prepare(struct import_look *look)
{
	struct patient patient;
	struct facility facility;

	TRY(import_open_logs(look->cx, look->import->patient, &look->open));
	TRY(patient_get(look->cx, look->import->patient, &patient));
	TRY(facility_get(look->cx, patient.facility, &facility));
	TRY(zone_find(facility.zone, &look->px.zone));
	if (look->import->kind == IMPORT_APPLE)
		return NULL; /* goes on where it stood */
	look->import->facts.tallies = (struct import_tallies){0};
	look->import->staged = look->import->refused = 0;
	return NULL;
}

fallible
import_look_run(struct cx *cx, struct import *import)
{
	struct import_look look = {.cx = cx,
	    .import = import,
	    .px = {.arena = cx->arena, .lang = cx->lang, .now = cx->now},
	    .begun_ms = monotonic_ms(),
	    .pointed_ms = monotonic_ms()};
	const struct err *error;

	look.entries = (struct buf)BUF_INIT(&look.entries_arena);
	look.refused = (struct buf)BUF_INIT(&look.refused_arena);
	error = prepare(&look);
	if (!error)
		error = import->kind == IMPORT_CSV    ? import_csv_look(&look)
		        : import->kind == IMPORT_FHIR ? import_fhir_look(&look)
		                                      : import_apple_look(&look);
	if (!error)
		error = end(&look);
	arena_release(&look.scratch);
	arena_release(&look.entries_arena);
	arena_release(&look.refused_arena);
	arena_release(&look.point_arena);
	return error;
}
