/* SPDX-License-Identifier: Apache-2.0 */
/* Storing prepared resources inside an act.  The rows go in one by one; what they change in the index is gathered and written
 * once per index row at the end. */
#include <stdlib.h>

#include "care/record/record_store.h"
#include "care/record/resource_draft.h"
#include "platform/jobs/jobs.h"

/* One entry that comes or goes. */
struct index_change {
	struct index_place place;
	struct list_entry entry;
	bool adds;
	size_t order; /* changes of one place happen in this order */
};

/* Where the numbers of one owner and type stand. */
struct numbering {
	patient_id patient;
	resource_type type;
	int64_t base, next; /* at the beginning of this act; now */
};

struct putting {
	struct tx *tx;
	LIST(struct index_change) changes;
	LIST(struct numbering) numberings;
};

/* ---- changes of the index ---- */

static void
note_changes(struct putting *p, patient_id patient, int64_t n, const struct index_entries *entries, bool adds)
{
	for (size_t i = 0; i < entries->count; i++) {
		const struct index_entry *e = &entries->items[i];
		size_t order = p->changes.count;

		*LIST_ADD(p->tx->cx->arena, &p->changes) = (struct index_change){
		    .place = {patient, e->param, e->value, n >> LIST_CHUNK_BITS},
		    .entry = {n, e->low, e->high},
		    .adds = adds,
		    .order = order,
		};
	}
}

static int
compare_places(const struct index_place *a, const struct index_place *b)
{
	int order = memcmp(&a->patient, &b->patient, sizeof(a->patient));

	if (order)
		return order;
	if (a->param != b->param)
		return a->param < b->param ? -1 : 1;
	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	return (a->chunk > b->chunk) - (a->chunk < b->chunk);
}

static int
compare_changes(const void *a, const void *b)
{
	const struct index_change *left = a, *right = b;
	int order = compare_places(&left->place, &right->place);

	return order ? order : (left->order > right->order) - (left->order < right->order);
}

static bool
same_entry(const struct list_entry *a, const struct list_entry *b)
{
	return a->n == b->n && a->low == b->low && a->high == b->high;
}

static void
apply(struct arena *arena, struct list_entries *list, const struct index_change *change)
{
	size_t at = 0;

	while (
	    at < list->count && !same_entry(&list->items[at], &change->entry) && list->items[at].n <= change->entry.n)
		at++;
	if (at < list->count && same_entry(&list->items[at], &change->entry)) {
		if (!change->adds) {
			list->count--;
			memmove(&list->items[at], &list->items[at + 1], (list->count - at) * sizeof(list->items[0]));
		}
		return;
	}
	if (!change->adds)
		return;
	LIST_ADD(arena, list);
	memmove(&list->items[at + 1], &list->items[at], (list->count - 1 - at) * sizeof(list->items[0]));
	list->items[at] = change->entry;
}

/* Nothing of this chunk was there before the act, so there is no row to read. */
static bool
is_new_chunk(const struct putting *p, const struct index_place *place)
{
	resource_type type = (resource_type)(place->param & (PARAM_TYPES_END - 1));

	for (size_t i = 0; i < p->numberings.count; i++) {
		const struct numbering *numbering = &p->numberings.items[i];

		if (numbering->type == type && uuid_equal(numbering->patient.v, place->patient.v))
			return place->chunk << LIST_CHUNK_BITS >= numbering->base;
	}
	return false;
}

/* Rows that wait to be written together. */
struct index_rows {
	struct index_place places[INDEX_ROWS_AT_ONCE];
	str entries[INDEX_ROWS_AT_ONCE];
	size_t count;
};

static fallible
write_row(struct putting *p, struct index_rows *rows, const struct index_place *place, str entries)
{
	if (entries.n == 0)
		return index_row_put(p->tx, place, entries);
	rows->places[rows->count] = *place;
	rows->entries[rows->count++] = entries;
	if (rows->count < INDEX_ROWS_AT_ONCE)
		return NULL;
	rows->count = 0;
	return index_rows_put(p->tx, rows->places, rows->entries);
}

static fallible
write_index(struct putting *p)
{
	struct arena *arena = p->tx->cx->arena;
	struct index_rows rows = {0};
	struct index_change *changes = p->changes.items;
	size_t count = p->changes.count;

	if (count)
		qsort(changes, count, sizeof(changes[0]), compare_changes);
	for (size_t i = 0, next; i < count; i = next) {
		const struct index_place *place = &changes[i].place;
		bool is_date = place->value == 0;
		struct list_entries list = {0};
		str row = STR_NONE;

		if (!is_new_chunk(p, place))
			TRY(index_row_get(p->tx->cx, place, &row));
		TRY(list_read(arena, is_date, place->chunk, row, &list));
		for (next = i; next < count && compare_places(&changes[next].place, place) == 0; next++)
			apply(arena, &list, &changes[next]);
		TRY(write_row(p, &rows, place, list_write(arena, is_date, list.items, list.count)));
	}
	for (size_t i = 0; i < rows.count; i++)
		TRY(index_row_put(p->tx, &rows.places[i], rows.entries[i]));
	return NULL;
}

/* ---- rows ---- */

static fallible
find_numbering(struct putting *p, patient_id patient, resource_type type, struct numbering **out)
{
	struct numbering *numbering;
	int64_t next;

	for (size_t i = 0; i < p->numberings.count; i++) {
		numbering = &p->numberings.items[i];
		if (numbering->type == type && uuid_equal(numbering->patient.v, patient.v)) {
			*out = numbering;
			return NULL;
		}
	}
	TRY(resource_row_next_n(p->tx->cx, patient, type, &next));
	numbering = LIST_ADD(p->tx->cx->arena, &p->numberings);
	*numbering = (struct numbering){patient, type, next, next};
	*out = numbering;
	return NULL;
}

static const struct err *
taken(void)
{
	return ERR(ERR_CONFLICT, "This id is already in use elsewhere.", "a resource id belongs to another owner");
}

/* Did an earlier version have this content? */
static fallible
was_there(struct cx *cx, const struct resource *row, str packed, bool *out)
{
	struct resource *older;
	struct db_rows rows;
	str old;

	*out = false;
	TRY(resource_rows_history(cx, row, &rows));
	older = rows.items;
	for (size_t i = 0; i < rows.count && !*out; i++) {
		TRY(resource_open_packed(cx, &older[i], &old));
		*out = str_equal(old, packed);
	}
	return NULL;
}

static fallible
put_next_version(struct putting *p, const struct resource_draft *draft, struct resource_put_result *result)
{
	struct cx *cx = p->tx->cx;
	struct index_entries before = {0};
	struct resource row, next;
	bool found, known = false;
	str packed;

	TRY(resource_row_by_key(cx, draft->type, draft->key, &row, &found));
	if (!found || !uuid_equal(row.patient.v, draft->patient.v) || row.log != draft->log)
		return taken();
	if (!row.deleted && draft->only_new) {
		known = true;
	} else if (!row.deleted) {
		TRY(resource_open_packed(cx, &row, &packed));
		known = str_equal(packed, draft->packed);
	}
	if (!known && draft->once)
		TRY(was_there(cx, &row, draft->packed, &known));
	if (known) {
		*result = (struct resource_put_result){row.version, false};
		return NULL;
	}
	TRY(resource_entries_of_row(cx, &row, &before));
	next = row;
	next.version = row.version + 1;
	next.updated = draft->updated;
	next.deleted = false;
	TRY(vault_seal_tx(
	    p->tx, next.patient, resource_place(draft->type, draft->key, next.version), draft->packed, &next.body));
	TRY(resource_row_replace(p->tx, &next));
	note_changes(p, row.patient, row.n, &before, false);
	note_changes(p, row.patient, row.n, &draft->entries, true);
	*result = (struct resource_put_result){next.version, true};
	return NULL;
}

static fallible
put_one(struct putting *p, const struct resource_draft *draft, struct resource_put_result *result)
{
	struct numbering *numbering;
	struct resource row;
	bool added;

	TRY(find_numbering(p, draft->patient, draft->type, &numbering));
	row = (struct resource){
	    .patient = draft->patient,
	    .type = draft->type,
	    .n = numbering->next,
	    .key = draft->key,
	    .version = 1,
	    .updated = draft->updated,
	    .body = draft->sealed,
	    .log = draft->log,
	};
	TRY(resource_row_add(p->tx, &row, &added));
	if (!added)
		return put_next_version(p, draft, result);
	numbering->next++;
	note_changes(p, row.patient, row.n, &draft->entries, true);
	*result = (struct resource_put_result){1, true};
	return NULL;
}

static fallible
tell_followers(struct tx *tx, const char *kind, patient_id patient, struct uuid key, str id, int64_t version)
{
	struct arena *arena = tx->cx->arena;

	if (!kind)
		return NULL;
	return outbox_add(
	    tx, &(struct outbox_new){.kind = kind,
		    .key = arena_printf(arena, "%.*s/%lld", STR_ARG(uuid_text(arena, key)), (long long)version),
		    .patient = patient,
		    .payload = id,
		    .not_before = INSTANT_NONE});
}

fallible
resource_put_all(struct tx *tx, struct resource_draft *const *drafts, size_t count, struct resource_put_result *results)
{
	struct putting p = {.tx = tx};

	for (size_t i = 0; i < count; i++) {
		TRY(put_one(&p, drafts[i], &results[i]));
		if (results[i].changed)
			TRY(tell_followers(tx, drafts[i]->follow, drafts[i]->patient, drafts[i]->key, drafts[i]->id,
			    results[i].version));
	}
	return write_index(&p);
}

fallible
resource_put(struct tx *tx, struct resource_draft *draft, int64_t *version, bool *changed)
{
	struct resource_put_result result;

	TRY(resource_put_all(tx, &draft, 1, &result));
	*version = result.version;
	*changed = result.changed;
	return NULL;
}

fallible
resource_delete(struct tx *tx, resource_type type, str id)
{
	return resource_delete_entry(tx, type, id, 0);
}

/* The next version of a row that is there: "deleted". What changes in the index is noted. */
static fallible
delete_row(struct putting *p, const struct resource *row)
{
	struct tx *tx = p->tx;
	struct index_entries before = {0};
	struct resource next = *row;

	TRY(resource_entries_of_row(tx->cx, row, &before));
	next.version = row->version + 1;
	next.updated = tx->cx->now;
	next.deleted = true;
	TRY(vault_seal_tx(
	    tx, row->patient, resource_place((resource_type)row->type, row->key, next.version), S(""), &next.body));
	TRY(resource_row_replace(tx, &next));
	note_changes(p, row->patient, row->n, &before, false);
	return NULL;
}

fallible
resource_delete_entry(struct tx *tx, resource_type type, str id, int64_t log)
{
	struct putting p = {.tx = tx};
	struct resource row;
	bool found;

	TRY(resource_row_by_key(tx->cx, type, resource_key(tx->cx->vault, id), &row, &found));
	if (!found || row.deleted || row.log != log)
		return ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.",
		    "a resource to delete is not there");
	TRY(delete_row(&p, &row));
	TRY(tell_followers(tx, record_follow_kind(type, NULL, tx->cx->now), row.patient, row.key, id, row.version + 1));
	return write_index(&p);
}

fallible
resource_delete_entries(
    struct tx *tx, patient_id patient, const struct resource_entry_name *names, size_t count, int64_t *deleted)
{
	struct putting p = {.tx = tx};
	struct resource row;
	bool found;

	*deleted = 0;
	for (size_t i = 0; i < count; i++) {
		assert(names[i].log);
		TRY(resource_row_by_key(tx->cx, names[i].type, names[i].key, &row, &found));
		if (!found || row.deleted || row.log != names[i].log || !uuid_equal(row.patient.v, patient.v))
			continue;
		TRY(delete_row(&p, &row));
		++*deleted;
	}
	return write_index(&p);
}
