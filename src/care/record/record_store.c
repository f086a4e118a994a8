/* SPDX-License-Identifier: Apache-2.0 */
#include "care/record/record_store.h"

static const struct db_column RESOURCE[] = {COL(struct resource, patient.v), COL(struct resource, type),
    COL(struct resource, n), COL(struct resource, key), COL(struct resource, version), COL(struct resource, updated),
    COL(struct resource, deleted), COL_BYTES(struct resource, body), COL(struct resource, log)};
#define COLUMNS "patient, type, n, key, version, updated, deleted, body, log"
/* Of a version that was replaced: key and log stand in the current row. */
static const struct db_column OLDER[] = {COL(struct resource, patient.v), COL(struct resource, type),
    COL(struct resource, n), COL(struct resource, version), COL(struct resource, updated),
    COL(struct resource, deleted), COL_BYTES(struct resource, body)};
#define OLDER_COLUMNS "patient, type, n, version, updated, deleted, body"

/* ---- resources ---- */

fallible
resource_row_by_key(struct cx *cx, resource_type type, struct uuid key, struct resource *out, bool *found)
{
	return db_maybe(cx, SQL("SELECT " COLUMNS " FROM resource WHERE key = $1 AND type = $2"),
	    BIND(DB(key), DB(type)), INTO(out, RESOURCE), found);
}

fallible
resource_row_version(struct cx *cx, const struct resource *current, int64_t version, struct resource *out, bool *found)
{
	struct resource row;

	TRY(db_maybe(cx,
	    SQL("SELECT " OLDER_COLUMNS
		" FROM resource_history WHERE patient = $1 AND type = $2 AND n = $3 AND version = $4"),
	    BIND(DB(current->patient.v), DB(current->type), DB(current->n), DB(version)), INTO(&row, OLDER), found));
	if (*found) {
		*out = row;
		out->key = current->key;
		out->log = current->log;
	}
	return NULL;
}

fallible
resource_rows_history(struct cx *cx, const struct resource *current, struct db_rows *out)
{
	struct resource *rows;

	TRY(db_all(cx,
	    SQL("SELECT " OLDER_COLUMNS " FROM resource_history WHERE patient = $1 AND type = $2 AND n = $3"
		" ORDER BY version DESC LIMIT 1000"),
	    BIND(DB(current->patient.v), DB(current->type), DB(current->n)), ROWS(struct resource, OLDER), out));
	rows = out->items;
	for (size_t i = 0; i < out->count; i++) {
		rows[i].key = current->key;
		rows[i].log = current->log;
	}
	return NULL;
}

fallible
resource_rows_versions_after(struct cx *cx, patient_id patient, const struct version_place *last,
    int64_t deleted_before, int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT h.patient, h.type, h.n, r.key, h.version, h.updated, h.deleted, h.body, r.log"
		" FROM resource_history h"
		" JOIN resource r ON r.patient = h.patient AND r.type = h.type AND r.n = h.n WHERE h.patient = $1"
		" AND (h.type > $2 OR (h.type = $2 AND (h.n > $3 OR (h.n = $3 AND h.version > $4))))"
		" AND (r.deleted = 0 OR r.updated < $5) ORDER BY h.type, h.n, h.version LIMIT $6"),
	    BIND(DB(patient.v), DB(last->type), DB(last->n), DB(last->version), DB(deleted_before), DB(count_max)),
	    ROWS(struct resource, RESOURCE), out);
}

fallible
resource_rows_by_n(
    struct cx *cx, patient_id patient, resource_type type, const int64_t *n, size_t count, struct db_rows *out)
{
	struct db_value values[2 + ROWS_AT_ONCE] = {DB(patient.v), DB(type)};

	assert(count >= 1 && count <= ROWS_AT_ONCE);
	for (size_t i = 0; i < ROWS_AT_ONCE; i++) /* places not needed repeat the first */
		values[2 + i] = db_int(n[i < count ? i : 0]);
	return db_all(cx,
	    SQL("SELECT " COLUMNS " FROM resource WHERE patient = $1 AND type = $2 AND n IN ($3,$4,$5,$6,$7,$8,$9,$10,"
		"$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$30,$31,$32) ORDER BY n"),
	    ((struct db_bind){values, sizeof(values) / sizeof(values[0])}), ROWS(struct resource, RESOURCE), out);
}

fallible
resource_rows_after(struct cx *cx, patient_id patient, resource_type type, int64_t n, resource_type type_last,
    int64_t count_max, struct db_rows *out)
{
	return db_all(cx,
	    SQL("SELECT " COLUMNS " FROM resource WHERE patient = $1 AND (type, n) > ($2, $3) AND type <= $4"
		" AND deleted = 0 ORDER BY type, n LIMIT $5"),
	    BIND(DB(patient.v), DB(type), DB(n), DB(type_last), DB(count_max)), ROWS(struct resource, RESOURCE), out);
}

fallible
resource_row_next_n(struct cx *cx, patient_id patient, resource_type type, int64_t *out)
{
	return db_one(cx, SQL("SELECT coalesce(max(n) + 1, 0) FROM resource WHERE patient = $1 AND type = $2"),
	    BIND(DB(patient.v), DB(type)), INTO(out, ONE_INT));
}

fallible
resource_row_add(struct tx *tx, const struct resource *row, bool *added)
{
	int64_t changed;

	TRY(db_run(tx,
	    SQL("INSERT INTO resource (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
		" ON CONFLICT (key, type) DO NOTHING"),
	    BIND(DB(row->patient.v), DB(row->type), DB(row->n), DB(row->key), DB(row->version), DB(row->updated),
		DB(row->deleted), db_bytes(row->body), DB(row->log)),
	    &changed));
	*added = changed > 0;
	return NULL;
}

fallible
resource_row_replace(struct tx *tx, const struct resource *row)
{
	TRY(db_run(tx,
	    SQL("INSERT INTO resource_history (patient, type, n, version, updated, deleted, body)"
		" SELECT patient, type, n, version, updated, deleted, body FROM resource"
		" WHERE patient = $1 AND type = $2 AND n = $3"),
	    BIND(DB(row->patient.v), DB(row->type), DB(row->n)), NULL));
	return db_run(tx,
	    SQL("UPDATE resource SET version = $4, updated = $5, deleted = $6, body = $7"
		" WHERE patient = $1 AND type = $2 AND n = $3"),
	    BIND(DB(row->patient.v), DB(row->type), DB(row->n), DB(row->version), DB(row->updated), DB(row->deleted),
		db_bytes(row->body)),
	    NULL);
}

/* ---- the index ---- */

fallible
index_row_get(struct cx *cx, const struct index_place *place, str *entries)
{
	bool found;

	TRY(db_maybe(cx,
	    SQL("SELECT entries FROM resource_index WHERE patient = $1 AND param = $2 AND value = $3 AND chunk = $4"),
	    BIND(DB(place->patient.v), DB(place->param), DB(place->value), DB(place->chunk)), INTO(entries, ONE_BYTES),
	    &found));
	if (!found)
		*entries = STR_NONE;
	return NULL;
}

fallible
index_row_put(struct tx *tx, const struct index_place *place, str entries)
{
	if (entries.n == 0)
		return db_run(tx,
		    SQL("DELETE FROM resource_index WHERE patient = $1 AND param = $2 AND value = $3 AND chunk = $4"),
		    BIND(DB(place->patient.v), DB(place->param), DB(place->value), DB(place->chunk)), NULL);
	return db_run(tx,
	    SQL("INSERT INTO resource_index (patient, param, value, chunk, entries) VALUES ($1, $2, $3, $4, $5)"
		" ON CONFLICT (patient, param, value, chunk) DO UPDATE SET entries = excluded.entries"),
	    BIND(DB(place->patient.v), DB(place->param), DB(place->value), DB(place->chunk), db_bytes(entries)), NULL);
}

fallible
index_rows_put(
    struct tx *tx, const struct index_place places[INDEX_ROWS_AT_ONCE], const str entries[INDEX_ROWS_AT_ONCE])
{
	struct db_value values[5 * INDEX_ROWS_AT_ONCE];

	for (size_t i = 0; i < INDEX_ROWS_AT_ONCE; i++) {
		values[5 * i] = DB(places[i].patient.v);
		values[5 * i + 1] = DB(places[i].param);
		values[5 * i + 2] = DB(places[i].value);
		values[5 * i + 3] = DB(places[i].chunk);
		values[5 * i + 4] = db_bytes(entries[i]);
	}
	return db_run(tx,
	    SQL("INSERT INTO resource_index (patient, param, value, chunk, entries) VALUES"
		" ($1, $2, $3, $4, $5), ($6, $7, $8, $9, $10), ($11, $12, $13, $14, $15), ($16, $17, $18, $19, $20),"
		" ($21, $22, $23, $24, $25), ($26, $27, $28, $29, $30)"
		" ON CONFLICT (patient, param, value, chunk) DO UPDATE SET entries = excluded.entries"),
	    ((struct db_bind){values, sizeof(values) / sizeof(values[0])}), NULL);
}

struct index_row {
	int64_t param, value, chunk;
	str entries;
};
static const struct db_column INDEX_ROW[] = {COL(struct index_row, param), COL(struct index_row, value),
    COL(struct index_row, chunk), COL_BYTES(struct index_row, entries)};

struct reading {
	struct arena *arena;
	bool is_date;
	struct list_entries *out;
	int64_t *counts;
};

static const struct err *
read_entries(void *arg, const void *row_)
{
	const struct index_row *row = row_;
	struct reading *reading = arg;

	return list_read(reading->arena, reading->is_date, row->chunk, row->entries, reading->out);
}

fallible
index_read(struct cx *cx, patient_id patient, int64_t param, int64_t value, struct list_entries *out)
{
	struct reading reading = {.arena = cx->arena, .is_date = value == 0, .out = out};

	return db_each(cx,
	    SQL("SELECT param, value, chunk, entries FROM resource_index WHERE patient = $1 AND param = $2 AND value = "
		"$3"
		" ORDER BY chunk"),
	    BIND(DB(patient.v), DB(param), DB(value)), ROWS(struct index_row, INDEX_ROW), read_entries, &reading);
}

struct visiting {
	struct arena *arena;
	struct list_entries entries;
	index_visit_fn *visit;
	void *arg;
};

static const struct err *
visit_entries(void *arg, const void *row_)
{
	const struct index_row *row = row_;
	struct visiting *visiting = arg;

	visiting->entries.count = 0;
	TRY(list_read(visiting->arena, false, row->chunk, row->entries, &visiting->entries));
	return visiting->visit(visiting->arg, row->value, &visiting->entries);
}

fallible
index_each_value(struct cx *cx, patient_id patient, int64_t param, index_visit_fn *visit, void *arg)
{
	struct visiting visiting = {.arena = cx->arena, .visit = visit, .arg = arg};

	return db_each(cx,
	    SQL("SELECT param, value, chunk, entries FROM resource_index WHERE patient = $1 AND param = $2"),
	    BIND(DB(patient.v), DB(param)), ROWS(struct index_row, INDEX_ROW), visit_entries, &visiting);
}

struct log_visiting {
	struct arena *arena;
	struct list_entries entries;
	index_log_fn *visit;
	void *arg;
};

static const struct err *
visit_log(void *arg, const void *row_)
{
	const struct index_row *row = row_;
	struct log_visiting *visiting = arg;

	visiting->entries.count = 0;
	TRY(list_read(visiting->arena, false, row->chunk, row->entries, &visiting->entries));
	return visiting->visit(
	    visiting->arg, (resource_type)(row->param & (PARAM_TYPES_END - 1)), row->value, &visiting->entries);
}

fallible
index_each_log(struct cx *cx, patient_id patient, index_log_fn *visit, void *arg)
{
	struct log_visiting visiting = {.arena = cx->arena, .visit = visit, .arg = arg};

	return db_each(cx,
	    SQL("SELECT param, value, chunk, entries FROM resource_index"
		" WHERE patient = $1 AND param >= $2 AND param < $3"),
	    BIND(DB(patient.v), DB(param_number(&param_log, 0)), DB(param_number(&param_log, 0) + PARAM_TYPES_END)),
	    ROWS(struct index_row, INDEX_ROW), visit_log, &visiting);
}

static const struct err *
count_entries(void *arg, const void *row_)
{
	const struct index_row *row = row_;
	struct reading *reading = arg;

	reading->out->count = 0; /* one row's room serves them all */
	TRY(list_read(reading->arena, true, row->chunk, row->entries, reading->out));
	reading->counts[row->param] += (int64_t)reading->out->count;
	return NULL;
}

fallible
index_counts(struct cx *cx, patient_id patient, int64_t *counts)
{
	struct list_entries row = {0};
	struct reading reading = {.arena = cx->arena, .out = &row, .counts = counts};

	memset(counts, 0, sizeof(*counts) * (size_t)(resource_type_count() + 1));
	return db_each(cx,
	    SQL("SELECT param, value, chunk, entries FROM resource_index WHERE patient = $1 AND param <= $2"),
	    BIND(DB(patient.v), DB(resource_type_count())), ROWS(struct index_row, INDEX_ROW), count_entries, &reading);
}
