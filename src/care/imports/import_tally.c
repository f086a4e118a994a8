/* SPDX-License-Identifier: Apache-2.0 */
/* What was found, counted by kind of thing; and the facts of an import as JSON, sealed beside its row. */
#include "care/imports/imports_internal.h"
#include "platform/format/json.h"
#include "platform/format/json_write.h"

/* ---- counting ---- */

struct import_tally *
import_tally(struct arena *arena, struct import_tallies *tallies, str name, int64_t log)
{
	struct import_tally *tally;

	if (tallies->count >= IMPORT_TALLIES_MAX) {
		name = S("...");
		log = 0;
	}
	for (size_t i = 0; i < tallies->count; i++)
		if (tallies->items[i].log == log && str_equal(tallies->items[i].name, name))
			return &tallies->items[i];
	if (!tallies->items) { /* all at once: pointers to them stay good */
		tallies->items = ARENA_ARRAY(arena, struct import_tally, IMPORT_TALLIES_MAX + 1);
		tallies->capacity = IMPORT_TALLIES_MAX + 1;
	}
	tally = &tallies->items[tallies->count++];
	tally->name = arena_str(arena, name);
	tally->log = log;
	return tally;
}

int64_t
import_tally_aside(const struct import_tally *tally)
{
	int64_t sum = 0;

	for (size_t i = 0; i < ASIDE_KINDS; i++)
		sum += tally->aside[i];
	return sum;
}

struct import_tally
import_tally_sum(const struct import_tallies *tallies)
{
	struct import_tally sum = {0};

	for (size_t i = 0; i < tallies->count; i++) {
		const struct import_tally *t = &tallies->items[i];

		sum.read += t->read;
		sum.staged += t->staged;
		sum.kept += t->kept;
		sum.here += t->here;
		sum.doubled += t->doubled;
		sum.joined += t->joined;
		sum.refused += t->refused;
		sum.unusual += t->unusual;
		for (size_t j = 0; j < ASIDE_KINDS; j++)
			sum.aside[j] += t->aside[j];
	}
	return sum;
}

/* ---- as JSON ---- */

static const struct {
	const char *name;
	size_t offset;
} counters[] = {
    {"read", offsetof(struct import_tally, read)},
    {"staged", offsetof(struct import_tally, staged)},
    {"kept", offsetof(struct import_tally, kept)},
    {"here", offsetof(struct import_tally, here)},
    {"doubled", offsetof(struct import_tally, doubled)},
    {"joined", offsetof(struct import_tally, joined)},
    {"refused", offsetof(struct import_tally, refused)},
    {"unusual", offsetof(struct import_tally, unusual)},
};
#define COUNTERS (sizeof(counters) / sizeof(counters[0]))

static int64_t *
counter(struct import_tally *tally, size_t i)
{
	return (int64_t *)(void *)((char *)tally + counters[i].offset);
}

static void
write_tallies(struct json_writer *w, const struct import_tallies *tallies)
{
	json_put_array(w, "tallies");
	for (size_t i = 0; i < tallies->count; i++) {
		struct import_tally t = tallies->items[i];

		json_write_object(w);
		json_put_text(w, "name", t.name);
		json_put_int64(w, "log", t.log);
		for (size_t j = 0; j < COUNTERS; j++)
			if (*counter(&t, j))
				json_put_int64(w, counters[j].name, *counter(&t, j));
		json_put_array(w, "aside");
		for (size_t j = 0; j < ASIDE_KINDS; j++)
			json_write_int64(w, t.aside[j]);
		json_write_end(w);
		json_write_end(w);
	}
	json_write_end(w);
}

static void
write_columns(struct json_writer *w, const struct import_columns *columns)
{
	if (!columns->log)
		return;
	json_put_object(w, "columns");
	json_put_int64(w, "log", columns->log->number);
	json_put_array(w, "fields");
	for (size_t i = 0; i < columns->log->field_count; i++) {
		if (columns->column[i] == IMPORT_NO_COLUMN)
			continue;
		json_write_object(w);
		json_put_text(w, "name", str_from_z(columns->log->fields[i].name));
		json_put_int64(w, "column", columns->column[i]);
		if (columns->unit[i])
			json_put_text(w, "unit", str_from_z(columns->unit[i]->code));
		json_write_end(w);
	}
	json_write_end(w);
	json_put_int64(w, "time", columns->time_column);
	json_put_int64(w, "dates", columns->dates);
	json_put_bool(w, "comma", columns->comma);
	json_put_bool(w, "heads", columns->has_heads);
	json_put_int64(w, "separator", columns->separator);
	json_put_text(w, "zone", columns->zone);
	json_put_text(w, "source", columns->source);
	json_write_end(w);
}

str
import_facts_write(struct arena *arena, const struct import_facts *facts)
{
	struct buf out = BUF_INIT(arena);
	struct json_writer w = JSON_WRITER(&out);

	json_write_object(&w);
	json_put_text(&w, "name", facts->name);
	json_put_text(&w, "wrong", facts->wrong);
	json_put_text(&w, "heads", facts->heads);
	write_columns(&w, &facts->columns);
	write_tallies(&w, &facts->tallies);
	json_write_end(&w);
	json_write_done(&w);
	return buf_str(&out);
}

static int64_t
number_at(const struct json_value *json, const char *name)
{
	int64_t value = 0;

	return json_to_int64(json_get(json, name), &value) ? value : 0;
}

static void
read_columns(const struct json_value *json, struct import_columns *out)
{
	for (size_t i = 0; i < JOURNAL_FIELDS_MAX; i++)
		out->column[i] = IMPORT_NO_COLUMN;
	out->time_column = IMPORT_NO_COLUMN;
	out->has_heads = true;
	if (!json)
		return;
	out->log = journal_log_of(number_at(json, "log"));
	json_each_item (json_get(json, "fields"), field) {
		size_t at;

		if (!out->log || !journal_field_find(out->log, json_text_at(field, "name"), &at))
			continue;
		out->column[at] = (int)number_at(field, "column");
		if (out->log->fields[at].units)
			out->unit[at] = journal_unit_find(out->log->fields[at].units, json_text_at(field, "unit"));
	}
	out->time_column = (int)number_at(json, "time");
	out->dates = (enum import_date_order)number_at(json, "dates");
	out->comma = json_bool(json_get(json, "comma"));
	out->has_heads = json_bool(json_get(json, "heads"));
	out->separator = (char)number_at(json, "separator");
	out->zone = json_text_at(json, "zone");
	out->source = json_text_at(json, "source");
}

fallible
import_facts_read(struct arena *arena, str text, struct import_facts *out)
{
	const struct json_value *json;

	*out = (struct import_facts){0};
	TRY(json_parse(arena, text, &json, NULL));
	out->name = json_text_at(json, "name");
	out->wrong = json_text_at(json, "wrong");
	out->heads = json_text_at(json, "heads");
	read_columns(json_get(json, "columns"), &out->columns);
	json_each_item (json_get(json, "tallies"), item) {
		struct import_tally *t =
		    import_tally(arena, &out->tallies, json_text_at(item, "name"), number_at(item, "log"));
		size_t i = 0;

		for (size_t j = 0; j < COUNTERS; j++)
			*counter(t, j) = number_at(item, counters[j].name);
		json_each_item (json_get(item, "aside"), count)
			if (i < ASIDE_KINDS && json_to_int64(count, &t->aside[i]))
				i++;
	}
	return NULL;
}
