/* SPDX-License-Identifier: Apache-2.0 */
#include "care/record/record_index.h"

#include <stdlib.h>

#include "care/record/record_list.h"
#include "care/record/record_path.h"
#include "platform/crypto/crypto.h"
#include "platform/format/fhir_date.h"
#include "platform/format/utf8.h"

struct indexer {
	struct cx *cx;
	patient_id owner;
	const struct param_row *row;
	int64_t param;
	struct index_entries *out;
};

/* The owner is part of the hash, so that nobody sees which two patients share a code. 0 is kept for times. */
int64_t
index_value(const struct vault *vault, patient_id owner, const struct param_row *row, str text)
{
	char bytes[16 + 256];
	size_t n = text.n < sizeof(bytes) - 16 ? text.n : sizeof(bytes) - 16;
	int64_t value;

	memcpy(bytes, owner.v.bytes, 16);
	if (n < text.n) { /* longer than any code: what stands behind counts too */
		struct uuid rest = vault_blind(vault, param_name(row), text);
		memcpy(bytes + 16, rest.bytes, n = sizeof(rest.bytes));
	} else if (n) {
		memcpy(bytes + 16, text.p, n);
	}
	value = vault_blind64(vault, param_name(row), (str){bytes, 16 + n});
	return value ? value : 1;
}

static void
add_value(struct indexer *ix, str text)
{
	if (text.n)
		*LIST_ADD(ix->cx->arena, ix->out) = (struct index_entry){
		    .param = ix->param, .value = index_value(ix->cx->vault, ix->owner, ix->row, text)};
}

/* A code under its system and alone. */
static void
add_code(struct indexer *ix, str system, str code)
{
	struct buf both = BUF_INIT(ix->cx->arena);

	if (!code.n)
		return;
	add_value(ix, code);
	buf_add(&both, system);
	buf_add_char(&both, '|');
	buf_add(&both, code);
	add_value(ix, buf_str(&both));
}

/* CodeableConcept, Coding, Identifier, code, boolean: told apart by their shape. */
static void
add_token(struct indexer *ix, const struct json_value *value)
{
	if (json_kind(value) == JSON_STRING) {
		add_value(ix, json_text(value));
	} else if (json_kind(value) == JSON_BOOL) {
		add_value(ix, json_bool(value) ? S("true") : S("false"));
	} else if (json_get(value, "coding")) {
		json_each_item (json_get(value, "coding"), coding)
			add_code(ix, json_text_at(coding, "system"), json_text_at(coding, "code"));
	} else {
		add_code(ix, json_text_at(value, "system"),
		    json_get(value, "code") ? json_text_at(value, "code") : json_text_at(value, "value"));
	}
}

static void
add_reference(struct indexer *ix, const struct json_value *value)
{
	str text = json_kind(value) == JSON_STRING ? json_text(value) : json_text_at(value, "reference");
	size_t version;

	if (str_find(text, S("/_history/"), &version))
		text = str_take(text, version);
	add_value(ix, text);
}

/* Every word in the value and in its members, and the words' beginnings. */
static void
add_words(struct indexer *ix, const struct json_value *value, int depth)
{
	str rest, word;

	for (const struct json_value *part = json_kind(value) >= JSON_ARRAY ? value->first : NULL; part && depth < 4;
	     part = part->next)
		add_words(ix, part, depth + 1);
	rest = json_text(value).p ? utf8_fold(ix->cx->arena, json_text(value)) : STR_NONE;
	while (rest.p) {
		rest = str_cut(rest, ' ', &word);
		for (size_t chars = INDEX_WORD_CHARS_MIN; chars <= INDEX_WORD_CHARS_MAX; chars++) {
			str beginning = utf8_take_chars(word, chars);
			if (beginning.n == word.n)
				break;
			add_value(ix, beginning);
		}
		add_value(ix, word);
	}
}

/* ---- times ---- */

static bool
text_span(const struct json_value *value, int64_t *low, int64_t *high)
{
	struct fhir_date date;

	if (json_kind(value) != JSON_STRING || !fhir_date_parse(FHIR_DATETIME, json_text(value), &date))
		return false;
	*low = date.low.ms;
	*high = date.high.ms;
	return true;
}

bool
index_span(const struct json_value *value, int64_t *low, int64_t *high)
{
	int64_t first = LIST_OPEN_LOW, last = LIST_OPEN_HIGH, unused;
	bool starts, ends, found = false;

	if (text_span(value, low, high))
		return true;
	if (json_get(value, "event") || json_path(value, "repeat.boundsPeriod")) { /* Timing */
		json_each_item (json_get(value, "event"), event) {
			if (!text_span(event, &first, &last))
				continue;
			*low = found && *low < first ? *low : first;
			*high = found && *high > last ? *high : last;
			found = true;
		}
		return found || index_span(json_path(value, "repeat.boundsPeriod"), low, high);
	}
	starts = text_span(json_get(value, "start"), &first, &unused);
	ends = text_span(json_get(value, "end"), &unused, &last);
	if (!starts && !ends)
		return false;
	*low = first;
	*high = last < first ? first : last;
	return true;
}

static void
add_time(struct indexer *ix, int64_t low, int64_t high)
{
	*LIST_ADD(ix->cx->arena, ix->out) = (struct index_entry){.param = ix->param, .low = low, .high = high};
}

static const struct err *
add_found(void *arg, const struct json_value *value)
{
	struct indexer *ix = arg;
	int64_t low, high;

	switch (ix->row->kind) {
	case PARAM_TOKEN: add_token(ix, value); break;
	case PARAM_REFERENCE: add_reference(ix, value); break;
	case PARAM_STRING: add_words(ix, value, 0); break;
	case PARAM_PERSON: break;
	case PARAM_DATE:
		if (index_span(value, &low, &high))
			add_time(ix, low, high);
	}
	return NULL;
}

/* ---- all of a resource ---- */

static int
compare_entries(const void *a, const void *b)
{
	const struct index_entry *left = a, *right = b;

	if (left->param != right->param)
		return left->param < right->param ? -1 : 1;
	if (left->value != right->value)
		return left->value < right->value ? -1 : 1;
	if (left->low != right->low)
		return left->low < right->low ? -1 : 1;
	return (left->high > right->high) - (left->high < right->high);
}

static void
sort_and_unite(struct index_entries *entries)
{
	size_t kept = 0;

	qsort(entries->items, entries->count, sizeof(entries->items[0]), compare_entries);
	for (size_t i = 0; i < entries->count; i++)
		if (kept == 0 || compare_entries(&entries->items[kept - 1], &entries->items[i]) != 0)
			entries->items[kept++] = entries->items[i];
	entries->count = kept;
}

fallible
index_entries_of(struct cx *cx, patient_id owner, resource_type type, const struct json_value *json, instant updated,
    struct index_entries *out)
{
	struct indexer ix = {.cx = cx, .owner = owner, .out = out};
	size_t count;
	const struct param_row *rows = param_rows(type, &count);

	ix.row = param_row_find(type, S("_lastUpdated"));
	ix.param = param_number(ix.row, type);
	add_time(&ix, updated.ms, updated.ms + 1);
	for (size_t i = 0; i < count; i++) {
		ix.row = &rows[i];
		ix.param = param_number(ix.row, type);
		TRY(path_each(json, rows[i].path, add_found, &ix));
	}
	sort_and_unite(out);
	return NULL;
}

/* Behind all others: no parameter has a higher number. */
void
index_entries_add_log(struct cx *cx, patient_id owner, resource_type type, int64_t log, struct index_entries *out)
{
	if (log)
		*LIST_ADD(cx->arena, out) = (struct index_entry){.param = param_number(&param_log, type),
		    .value =
			index_value(cx->vault, owner, &param_log, arena_printf(cx->arena, "%lld", (long long)log))};
}
