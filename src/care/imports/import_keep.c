/* SPDX-License-Identifier: Apache-2.0 */
/* Keeping what was staged, chunk by chunk: entries, the count of chunks and the trail in one act, so that an interruption anywhere goes on
 * with the next chunk.  And taking a batch back, in acts as large. */
#include "care/imports/import_store.h"
#include "platform/format/json.h"
#include "platform/format/json_write.h"
#include "trust/audit/audit.h"

/* ---- staged entries ---- */

/* {"l":4,"t":0,"k":"…","v":[[0,"82.5","kg"],…],"s":"…","o":"…"} */
void
import_entry_write(struct buf *out, const struct import_entry *entry)
{
	struct json_writer w = JSON_WRITER(out);

	json_write_object(&w);
	json_put_int64(&w, "l", entry->log->number);
	json_put_int64(&w, "t", (int64_t)entry->tally);
	json_put_text(&w, "k", uuid_text(out->arena, entry->key));
	json_put_array(&w, "v");
	for (size_t i = 0; i < entry->log->field_count; i++) {
		if (!entry->values.text[i].n)
			continue;
		json_write_array(&w);
		json_write_int64(&w, (int64_t)i);
		json_write_text(&w, entry->values.text[i]);
		if (entry->values.unit[i])
			json_write_text(&w, str_from_z(entry->values.unit[i]->code));
		json_write_end(&w);
	}
	json_write_end(&w);
	json_put_text(&w, "s", entry->values.source);
	json_put_text(&w, "o", entry->values.origin);
	json_write_end(&w);
	json_write_done(&w);
	buf_add_char(out, '\n');
}

fallible
import_entry_read(struct arena *arena, str line, struct import_entry *out)
{
	const struct json_value *json;
	int64_t number = 0, tally = 0, at;

	TRY(json_parse(arena, line, &json, NULL));
	*out = (struct import_entry){0};
	if (json_to_int64(json_get(json, "l"), &number))
		out->log = journal_log_of(number);
	if (!out->log || !json_to_int64(json_get(json, "t"), &tally) || !uuid_parse(json_text_at(json, "k"), &out->key))
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a staged entry that cannot be read");
	out->tally = (size_t)tally;
	json_each_item (json_get(json, "v"), value) {
		const struct journal_field *field;

		if (!json_to_int64(json_at(value, 0), &at) || (size_t)at >= out->log->field_count)
			continue;
		field = &out->log->fields[at];
		out->values.text[at] = json_text(json_at(value, 1));
		if (field->units)
			out->values.unit[at] = journal_unit_find(field->units, json_text(json_at(value, 2)));
	}
	out->values.source = json_text_at(json, "s");
	out->values.origin = json_text_at(json, "o");
	return NULL;
}

/* ---- keeping ---- */

struct keeping {
	struct cx *cx;  /* of the step */
	struct cx part; /* of one chunk */
	struct arena arena;
	struct import *import;
	struct journal_bringing *entries;
	size_t *tallies; /* of each entry */
	size_t count;
	str by;
	instant recent; /* readings from here on are watched */
	int64_t begun_ms, taken;
	struct journal_watch *watch;
	bool mine, is_last;
};

static instant
now_of(const struct keeping *k)
{
	return instant_add_ms(k->cx->now, monotonic_ms() - k->begun_ms);
}

static fallible
seal_facts(struct keeping *k)
{
	return vault_seal(&k->part, k->import->patient, import_facts_place(k->import->id),
	    import_facts_write(k->part.arena, &k->import->facts), &k->import->sealed);
}

static void
note(struct tx *tx, const struct keeping *k, enum audit_action action, int64_t count)
{
	const struct import *import = k->import;

	audit_add(tx, &(struct audit){.action = action,
			  .subject = AUDIT_JOURNAL,
			  .patient = import->patient,
			  .item = import->id,
			  .count = count,
			  .why = uuid_is_none(import->account.v) ? ACCESS_SYSTEM
	                         : import->acting                ? ACCESS_DELEGATE
	                                                         : ACCESS_SELF});
}

static bool
is_recent(const struct keeping *k, const struct import_entry *entry)
{
	struct fhir_date date;

	for (size_t i = 0; i < entry->log->field_count; i++)
		if (entry->log->fields[i].kind == FIELD_TIME || entry->log->fields[i].kind == FIELD_DAY)
			return fhir_date_parse(FHIR_DATETIME, entry->values.text[i], &date) &&
			       !instant_before(date.low, k->recent);
	return false;
}

static fallible
read_chunk(struct keeping *k)
{
	str text, line;

	TRY(import_chunk_text(&k->part, k->import, PART_ENTRIES, k->import->kept, &text));
	if (!text.p)
		return ERR(ERR_BROKEN, "Something went wrong on our side.", "a staged chunk is missing");
	k->entries = ARENA_ARRAY(k->part.arena, struct journal_bringing, JOURNAL_BRING_MAX);
	k->tallies = ARENA_ARRAY(k->part.arena, size_t, JOURNAL_BRING_MAX);
	for (k->count = 0; text.n && k->count < JOURNAL_BRING_MAX; k->count++) {
		struct import_entry entry;

		text = str_cut(text, '\n', &line);
		TRY(import_entry_read(k->part.arena, line, &entry));
		if (entry.tally >= k->import->facts.tallies.count)
			return ERR(ERR_BROKEN, "Something went wrong on our side.", "a staged entry without its count");
		entry.values.by = k->by;
		k->tallies[k->count] = entry.tally;
		k->entries[k->count] =
		    (struct journal_bringing){.log = entry.log, .values = entry.values, .key = entry.key};
		if (is_recent(k, &entry))
			k->import->logs |= (int64_t)1 << entry.log->number;
	}
	return journal_bring_prepare(&k->part, k->import->patient, k->entries, k->count);
}

/* The counts that this chunk adds go into the row in the same act: they are worked out in it, from what it kept. */
static const struct err *
put_chunk(struct tx *tx, void *arg)
{
	struct keeping *k = arg;
	struct import row = *k->import;
	struct import_tallies *tallies = &row.facts.tallies;
	int64_t kept = 0;

	TRY(journal_bring_put(tx, row.patient, row.id, k->entries, k->count));
	tallies->items = ARENA_ARRAY(tx->cx->arena, struct import_tally, IMPORT_TALLIES_MAX + 1);
	memcpy(tallies->items, k->import->facts.tallies.items, tallies->count * sizeof(tallies->items[0]));
	for (size_t i = 0; i < k->count; i++) {
		tallies->items[k->tallies[i]].kept += k->entries[i].kept;
		tallies->items[k->tallies[i]].here += !k->entries[i].kept;
		kept += k->entries[i].kept;
	}
	row.kept++;
	row.done = row.kept;
	row.total = row.staged;
	TRY(vault_seal_tx(
	    tx, row.patient, import_facts_place(row.id), import_facts_write(tx->cx->arena, &row.facts), &row.sealed));
	TRY(import_row_progress(tx, &row, true, now_of(k), &k->mine));
	if (!k->mine)
		return ERR(ERR_CONFLICT, "This was stopped.", "an import was stopped, or another process keeps it");
	if (kept)
		note(tx, k, AUDIT_IMPORT, kept);
	return NULL;
}

static fallible
keep_chunk(struct keeping *k)
{
	struct import_tallies *tallies = &k->import->facts.tallies;

	TRY(read_chunk(k));
	TRY(db_write(&k->part, put_chunk, k));
	for (size_t i = 0; i < k->count; i++) {
		tallies->items[k->tallies[i]].kept += k->entries[i].kept;
		tallies->items[k->tallies[i]].here += !k->entries[i].kept;
	}
	k->import->kept++;
	k->import->done = k->import->kept;
	k->import->total = k->import->staged;
	k->import->attempts = 1;
	import_tell(k->cx, k->import);
	return k->cx->stopping && *k->cx->stopping
	           ? ERR(ERR_BUSY, "The program stops. It goes on when it is back.", "an import was interrupted")
	           : NULL;
}

#define CHUNKS_AT_ONCE 64

static const struct err *
drop_some(struct tx *tx, void *arg)
{
	struct keeping *k = arg;

	TRY(import_row_progress(tx, k->import, true, now_of(k), &k->mine));
	if (!k->mine)
		return ERR(ERR_CONFLICT, "This was stopped.", "an import was stopped, or another process keeps it");
	return import_chunks_delete_some(tx, k->import, PART_FILE, CHUNKS_AT_ONCE, &k->taken);
}

/* Every entry is kept, so nobody needs the file any more; all but its last chunks leave before the act that ends it. */
static fallible
drop_file(struct keeping *k)
{
	const struct err *error = NULL;

	k->taken = CHUNKS_AT_ONCE;
	while (!error && k->taken == CHUNKS_AT_ONCE) {
		error = seal_facts(k);
		if (!error)
			error = db_write(&k->part, drop_some, k);
		error = error ? err_copy(k->cx->arena, error) : NULL;
		if (!error)
			k->import->attempts = 1;
		db_refresh(&k->part);
		arena_clear(&k->arena);
	}
	return error;
}

/* Limits are watched in the act that ends it, once. What was refused stays for a while; the file goes. */
static const struct err *
settle_kept(struct tx *tx, void *arg)
{
	struct keeping *k = arg;

	TRY(import_row_settle(tx, k->import, now_of(k), &k->mine));
	if (!k->mine)
		return NULL;
	TRY(import_chunks_delete(tx, k->import, PART_FILE));
	TRY(import_chunks_delete(tx, k->import, PART_ENTRIES));
	return journal_watch_run(tx, k->watch);
}

static fallible
end_keeping(struct keeping *k)
{
	k->import->state = IMPORT_KEPT;
	k->import->expires_at =
	    k->import->refused ? instant_add_ms(k->cx->now, IMPORT_REFUSED_DAYS * DAY_MS) : INSTANT_NONE;
	TRY(journal_watch_prepare(&k->part, k->import->patient, (uint64_t)k->import->logs, &k->watch));
	TRY(seal_facts(k));
	return db_write(&k->part, settle_kept, k);
}

static void
begin_part(struct keeping *k, struct cx *cx, struct import *import)
{
	*k = (struct keeping){.cx = cx, .import = import, .begun_ms = monotonic_ms()};
	k->part = *cx;
	k->part.arena = &k->arena;
	k->recent = instant_add_ms(cx->now, -JOURNAL_BRING_ALERT_DAYS * DAY_MS);
}

static fallible
who_enters(struct keeping *k)
{
	struct account account;

	if (!k->import->acting)
		return NULL;
	TRY(account_get(k->cx, k->cx->who.account, &account));
	return delegate_words(k->cx, k->import->patient, account.name, &k->by);
}

fallible
import_keep_run(struct cx *cx, struct import *import)
{
	struct keeping k;
	const struct err *error;

	begin_part(&k, cx, import);
	error = who_enters(&k);
	k.part.conn = cx->conn; /* one snapshot for both; from here on only the part reads */
	while (!error && import->kept < import->staged) {
		error = keep_chunk(&k);
		error = error ? err_copy(cx->arena, error) : NULL;
		db_refresh(&k.part);
		arena_clear(&k.arena);
	}
	if (!error)
		error = drop_file(&k);
	if (!error)
		error = end_keeping(&k);
	error = error ? err_copy(cx->arena, error) : NULL;
	cx->conn = k.part.conn;
	arena_release(&k.arena);
	return error;
}

/* ---- taking back ---- */

static const struct err *
take_some(struct tx *tx, void *arg)
{
	struct keeping *k = arg;
	struct import row = *k->import;

	TRY(journal_batch_take_back(tx, row.patient, row.id, &k->taken));
	row.done += k->taken;
	TRY(import_row_progress(tx, &row, true, now_of(k), &k->mine));
	if (!k->mine)
		return ERR(ERR_CONFLICT, "This was stopped.", "an import is taken back elsewhere");
	if (k->taken)
		note(tx, k, AUDIT_DELETE, k->taken);
	return NULL;
}

static const struct err *
settle_back(struct tx *tx, void *arg)
{
	struct keeping *k = arg;

	TRY(import_row_settle(tx, k->import, now_of(k), &k->mine));
	for (enum import_part part = PART_FILE; part <= PART_POINT && k->mine; part++)
		TRY(import_chunks_delete(tx, k->import, part));
	return NULL;
}

fallible
import_back_run(struct cx *cx, struct import *import)
{
	struct keeping k;
	const struct err *error = NULL;

	begin_part(&k, cx, import);
	k.taken = 1;
	while (!error && k.taken) {
		error = db_write(&k.part, take_some, &k);
		error = error ? err_copy(cx->arena, error) : NULL;
		import->done += error ? 0 : k.taken;
		if (!error && k.taken)
			import->attempts = 1;
		db_refresh(&k.part);
		arena_clear(&k.arena);
		import_tell(cx, import);
		if (!error && k.taken && cx->stopping && *cx->stopping)
			error = ERR(
			    ERR_BUSY, "The program stops. It goes on when it is back.", "taking back was interrupted");
	}
	import->state = IMPORT_BACK;
	import->refused = 0;
	import->expires_at = INSTANT_NONE;
	if (!error)
		error = seal_facts(&k);
	if (!error)
		error = db_write(&k.part, settle_back, &k);
	error = error ? err_copy(cx->arena, error) : NULL;
	cx->conn = k.part.conn;
	arena_release(&k.arena);
	return error;
}
