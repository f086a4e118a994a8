/* SPDX-License-Identifier: Apache-2.0 */
/* What a person does with an import: begin, send the file in pieces, say how it is read, keep it, stop it, take it back.  The steps that
 * the program makes by itself are in import_work.c. */
#include "care/imports/import_store.h"
#include "platform/format/utf8.h"
#include "trust/audit/audit.h"

#define GONE(log_) \
	ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.", log_)
#define MOVED_ON(log_) ERR(ERR_CONFLICT, TR("This import has moved on meanwhile. Look at it again."), log_)

/* ---- who ---- */

fallible
import_check(struct cx *cx, patient_id patient, enum access_why *why)
{
	unsigned rights = 0;

	TRY(access_check(cx, patient, RIGHT_RECORD_READ, why));
	if (*why == ACCESS_SELF || *why == ACCESS_SYSTEM)
		return NULL;
	if (*why != ACCESS_DELEGATE)
		return GONE("an import by whom the patient gave no right");
	TRY(access_rights_acting(cx, &rights));
	return rights & RIGHT_JOURNAL_WRITE ? NULL
	                                    : ERR(ERR_DENIED,
						  TR("You may read here, but not write. Only the patient, and whom "
						     "they let, can bring in a file."),
						  "a delegate without the journal's right");
}

bool
import_log_takes(const struct journal_log *log)
{
	return !log->made_at;
}

fallible
import_open_logs(struct cx *cx, patient_id patient, uint64_t *out)
{
	const struct journal_log *log;
	enum access_why why;
	uint64_t open;

	TRY(import_check(cx, patient, &why));
	TRY(journal_open_logs(cx, patient, &why, &open));
	*out = 0;
	for (size_t i = 0; (log = journal_log_at(i)); i++)
		if (import_log_takes(log))
			*out |= open & (uint64_t)1 << log->number;
	return NULL;
}

/* ---- finding ---- */

static fallible
open_facts(struct cx *cx, struct import *import)
{
	str text;

	TRY(vault_open_text(cx, import->patient, import_facts_place(import->id), import->sealed, &text));
	return import_facts_read(cx->arena, text, &import->facts);
}

/* The patient sees all that was brought into their log; who acts for them, what they brought themself. */
static bool
is_theirs(const struct cx *cx, enum access_why why, const struct import *import)
{
	return why != ACCESS_DELEGATE || uuid_equal(import->account.v, cx->who.account.v);
}

fallible
import_get(struct cx *cx, patient_id patient, struct uuid id, struct import *out)
{
	enum access_why why;
	bool found;

	TRY(import_check(cx, patient, &why));
	TRY(import_row_get(cx, patient, id, out, &found));
	if (!found || !is_theirs(cx, why, out))
		return GONE("no such import of the caller");
	return open_facts(cx, out);
}

fallible
import_list(struct cx *cx, patient_id patient, struct db_rows *out)
{
	struct import *imports;
	enum access_why why;
	size_t count = 0;

	TRY(import_check(cx, patient, &why));
	TRY(import_rows_of(cx, patient, out));
	imports = out->items;
	for (size_t i = 0; i < out->count; i++) {
		if (!is_theirs(cx, why, &imports[i]))
			continue;
		imports[count] = imports[i];
		TRY(open_facts(cx, &imports[count]));
		count++;
	}
	out->count = count;
	return NULL;
}

fallible
import_chunk_text(struct cx *cx, const struct import *import, enum import_part part, int64_t n, str *out)
{
	str sealed;
	bool found;

	*out = STR_NONE;
	TRY(import_chunk_get(cx, import, part, n, &sealed, &found));
	return found ? vault_open_text(cx, import->patient, import_chunk_place(import->id, part, n), sealed, out)
	             : NULL;
}

/* ---- from one state to the next ---- */

static fallible
seal_facts(struct cx *cx, struct import *import)
{
	return vault_seal(cx, import->patient, import_facts_place(import->id),
	    import_facts_write(cx->arena, &import->facts), &import->sealed);
}

static void
note(struct tx *tx, const struct import *import, enum audit_action action, enum access_why why)
{
	audit_add(tx, &(struct audit){.action = action,
			  .subject = AUDIT_JOURNAL,
			  .patient = import->patient,
			  .item = import->id,
			  .why = (int)why});
}

struct turning {
	struct import *import;
	int64_t before; /* the state that was seen */
	enum audit_action action;
	enum access_why why;
	bool reads_anew; /* what was staged is gone */
	bool mine;
};

static const struct err *
turn(struct tx *tx, void *arg)
{
	struct turning *t = arg;

	TRY(import_row_turn(tx, t->import, t->before, tx->cx->now, &t->mine));
	if (!t->mine)
		return NULL;
	for (enum import_part part = PART_ENTRIES; t->reads_anew && part <= PART_POINT; part++)
		TRY(import_chunks_delete(tx, t->import, part));
	note(tx, t->import, t->action, t->why);
	return NULL;
}

static fallible
turn_into(struct cx *cx, struct import *import, enum import_state state, struct turning in)
{
	struct turning t = in;

	TRY(import_check(cx, import->patient, &t.why));
	t.import = import;
	t.before = import->state;
	import->state = state;
	import->touched = cx->now;
	if (t.reads_anew) {
		import->facts.tallies = (struct import_tallies){0};
		import->staged = import->kept = import->refused = import->done = import->total = 0;
	}
	TRY(seal_facts(cx, import));
	TRY(db_write(cx, turn, &t));
	return t.mine ? NULL : MOVED_ON("an import in another state than was seen");
}

/* ---- the file comes in ---- */

struct beginning {
	struct import row;
	enum access_why why;
};

static const struct err *
begin(struct tx *tx, void *arg)
{
	const struct beginning *in = arg;
	struct import before;
	int64_t open;
	bool found;

	TRY(import_row_get(tx->cx, in->row.patient, in->row.id, &before, &found));
	if (found)
		return NULL; /* sent twice */
	TRY(import_rows_open(tx->cx, in->row.patient, &open));
	if (open >= IMPORTS_OPEN_MAX)
		return ERR(ERR_INVALID,
		    TR("There are several imports that are not finished. Finish or delete one of them first."),
		    "IMPORTS_OPEN_MAX");
	note(tx, &in->row, AUDIT_CREATE, in->why);
	return import_row_add(tx, &in->row);
}

fallible
import_begin(struct cx *cx, const struct import_new *in)
{
	struct beginning b = {.row = {.id = in->id,
				  .patient = in->patient,
				  .account = cx->who.account,
				  .acting = (cx->who.is & WHO_DELEGATE) != 0,
				  .lang = cx->lang,
				  .bytes = in->bytes,
				  .made = cx->now,
				  .touched = cx->now,
				  .expires_at = instant_add_ms(cx->now, IMPORT_DAYS * DAY_MS)}};

	TRY(import_check(cx, in->patient, &b.why));
	if (in->bytes < 1)
		return ERR(ERR_INVALID, TR("This file is empty. Choose another one."), "an empty import");
	if (in->bytes > IMPORT_FILE_BYTES_MAX)
		return ERR(ERR_INVALID, TR("This file is larger than is taken here."), "IMPORT_FILE_BYTES_MAX");
	b.row.facts.name = utf8_take_chars(utf8_repair(cx->arena, in->name), IMPORT_SOURCE_CHARS_MAX);
	TRY(seal_facts(cx, &b.row));
	return db_write(cx, begin, &b);
}

#define CHUNKS_AT_ONCE (IMPORT_PIECE_BYTES / IMPORT_CHUNK_BYTES)

struct piece {
	struct import *import;
	int64_t before, first; /* chunk */
	str sealed[CHUNKS_AT_ONCE];
	size_t count;
	bool mine;
};

static const struct err *
store_piece(struct tx *tx, void *arg)
{
	struct piece *p = arg;

	TRY(import_row_received(tx, p->import, p->before, tx->cx->now, &p->mine));
	for (size_t i = 0; i < p->count && p->mine; i++)
		TRY(import_chunk_put(tx, p->import, PART_FILE, p->first + (int64_t)i, p->sealed[i]));
	return NULL;
}

fallible
import_piece(struct cx *cx, struct import *import, int64_t at, str bytes)
{
	struct piece p = {.import = import, .before = import->received, .first = at / (int64_t)IMPORT_CHUNK_BYTES};
	enum access_why why;

	TRY(import_check(cx, import->patient, &why));
	if (at < import->received || import->state != IMPORT_RECEIVING)
		return NULL; /* told twice */
	if (at != import->received || bytes.n > IMPORT_PIECE_BYTES || !bytes.n ||
	    (int64_t)bytes.n > import->bytes - at ||
	    (bytes.n % IMPORT_CHUNK_BYTES && at + (int64_t)bytes.n != import->bytes))
		return ERR(ERR_INVALID,
		    TR("A piece of the file did not fit. Choose the file again; it goes on where it stopped."),
		    "a piece at the wrong place or of a wrong size");
	import->received += (int64_t)bytes.n;
	import->expires_at = instant_add_ms(cx->now, IMPORT_DAYS * DAY_MS);
	for (; bytes.n; p.count++) {
		TRY(vault_seal(cx, import->patient,
		    import_chunk_place(import->id, PART_FILE, p.first + (int64_t)p.count),
		    str_take(bytes, IMPORT_CHUNK_BYTES), &p.sealed[p.count]));
		bytes = str_drop(bytes, IMPORT_CHUNK_BYTES);
	}
	TRY(db_write(cx, store_piece, &p));
	return p.mine ? NULL : MOVED_ON("two senders of one import");
}

/* By its first bytes; what looks like nothing else is a table. */
static enum import_kind
kind_of(str head)
{
	if (str_starts(head, S("PK\3\4")))
		return IMPORT_APPLE;
	if (str_starts(head, S("\xEF\xBB\xBF")))
		head = str_drop(head, 3);
	head = str_trim(head);
	if (head.n && head.p[0] == '<')
		return IMPORT_APPLE;
	return head.n && (head.p[0] == '{' || head.p[0] == '[') ? IMPORT_FHIR : IMPORT_CSV;
}

static fallible
guess_columns(struct cx *cx, struct import *import)
{
	struct page_cx px = {.arena = cx->arena, .lang = cx->lang, .now = cx->now};
	struct import_table table;
	struct facility facility;
	struct patient patient;
	uint64_t open;

	TRY(import_open_logs(cx, import->patient, &open));
	TRY(patient_get(cx, import->patient, &patient));
	TRY(facility_get(cx, patient.facility, &facility));
	import->facts.columns.zone = facility.zone;
	TRY(zone_find(facility.zone, &px.zone));
	TRY(import_table_read(cx, import, &table));
	import_columns_guess(&px, &table, open, &import->facts.columns);
	return NULL;
}

fallible
import_received(struct cx *cx, struct import *import)
{
	const struct err *error = NULL;
	str head;

	if (import->state != IMPORT_RECEIVING || import->received != import->bytes)
		return NULL;
	TRY(import_chunk_text(cx, import, PART_FILE, 0, &head));
	import->kind = kind_of(head);
	if (import->kind == IMPORT_CSV)
		error = guess_columns(cx, import);
	if (error && error->code != ERR_INVALID)
		return error;
	if (error)
		import->facts.wrong = arena_str(cx->arena, tr(cx->lang, error->say));
	return turn_into(cx, import,
	    error                        ? IMPORT_FAILED
	    : import->kind == IMPORT_CSV ? IMPORT_COLUMNS
					 : IMPORT_LOOK_WAITS,
	    (struct turning){.action = AUDIT_UPDATE});
}

fallible
import_set_columns(struct cx *cx, struct import *import, const struct import_columns *columns)
{
	if (import->kind != IMPORT_CSV || (import->state != IMPORT_COLUMNS && import->state != IMPORT_ASKING))
		return MOVED_ON("columns of an import that is not asked for them");
	import->facts.columns = *columns;
	return turn_into(cx, import, IMPORT_LOOK_WAITS, (struct turning){.action = AUDIT_UPDATE, .reads_anew = true});
}

/* ---- keeping, stopping, again, back ---- */

fallible
import_keep(struct cx *cx, struct import *import)
{
	if (import->state != IMPORT_ASKING)
		return MOVED_ON("an import to keep that is not shown");
	import->done = 0;
	import->total = import->staged;
	return turn_into(cx, import, IMPORT_KEEP_WAITS, (struct turning){.action = AUDIT_IMPORT});
}

struct dropping {
	const struct import *import;
	enum access_why why;
};

static const struct err *
drop(struct tx *tx, void *arg)
{
	const struct dropping *d = arg;
	struct import now;
	bool found;

	TRY(import_row_get(tx->cx, d->import->patient, d->import->id, &now, &found));
	if (!found)
		return NULL;
	if (now.state != d->import->state)
		return MOVED_ON("an import to delete that moved on");
	note(tx, d->import, AUDIT_DELETE, d->why);
	return import_row_delete(tx, d->import);
}

fallible
import_cancel(struct cx *cx, struct import *import, bool *gone)
{
	struct dropping d = {.import = import};
	int64_t entries, changed;

	TRY(import_check(cx, import->patient, &d.why));
	TRY(journal_batch_count(cx, import->patient, import->id, &entries, &changed));
	*gone = false;
	if (import->state == IMPORT_KEEPING || (import->state == IMPORT_KEEP_WAITS && entries) ||
	    (import->state == IMPORT_FAILED && entries))
		return turn_into(cx, import, IMPORT_BACK_WAITS, (struct turning){.action = AUDIT_DELETE});
	if (import->state == IMPORT_KEPT || import->state == IMPORT_BACK_WAITS || import->state == IMPORT_BACKING ||
	    import->state == IMPORT_BACK)
		return MOVED_ON("an import to stop that is over");
	*gone = true;
	return db_write(cx, drop, &d);
}

/* It goes on with the step that failed: what was staged or kept counts. */
fallible
import_again(struct cx *cx, struct import *import)
{
	bool was_staged = import->total > 0 && import->total == import->staged;

	if (import->state != IMPORT_FAILED || import->received != import->bytes)
		return MOVED_ON("an import to try again that did not fail");
	import->facts.wrong = STR_NONE;
	if (import->kind == IMPORT_CSV && !import->facts.columns.log)
		return turn_into(cx, import, IMPORT_COLUMNS, (struct turning){.action = AUDIT_UPDATE});
	if (was_staged)
		return turn_into(cx, import, IMPORT_KEEP_WAITS, (struct turning){.action = AUDIT_UPDATE});
	return turn_into(cx, import, IMPORT_LOOK_WAITS, (struct turning){.action = AUDIT_UPDATE, .reads_anew = true});
}

fallible
import_take_back(struct cx *cx, struct import *import)
{
	int64_t entries, changed;

	if (import->state != IMPORT_KEPT)
		return MOVED_ON("an import to take back that is not kept");
	TRY(journal_batch_count(cx, import->patient, import->id, &entries, &changed));
	if (changed)
		return ERR(ERR_CONFLICT,
		    TR("Entries of this import were corrected or taken away since, so it cannot be taken back as a "
		       "whole. "
		       "You can still take away single entries."),
		    "a changed batch to take back");
	import->done = 0;
	import->total = entries;
	return turn_into(cx, import, IMPORT_BACK_WAITS, (struct turning){.action = AUDIT_DELETE});
}

fallible
import_at_once(struct cx *cx, const struct import *import)
{
	return import->bytes <= IMPORT_AT_ONCE_BYTES ? import_step(cx, import) : NULL;
}
