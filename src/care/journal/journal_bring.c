/* SPDX-License-Identifier: Apache-2.0 */
/* Keeping what comes in together, once; watching limits at its end; taking it back. */
#include "care/journal/journal_bring.h"

#include "care/journal/journal_bring_internal.h"
#include "care/journal/journal_rule.h"
#include "platform/crypto/crypto.h"

/* ---- the same entry again ---- */

/* What may be told in other words another time. */
static bool
is_told_aside(const struct journal_field *field)
{
	return strcmp(field->name, "comments") == 0 || strcmp(field->name, "device") == 0;
}

struct uuid
journal_bring_key(struct cx *cx, patient_id patient, const struct journal_log *log, const struct journal_values *values)
{
	struct buf text = BUF_INIT(cx->arena);

	buf_add_uuid(&text, patient.v);
	buf_printf(&text, " %lld %.*s", (long long)log->number, STR_ARG(values->source));
	for (size_t i = 0; i < log->field_count; i++)
		if (values->text[i].n && !is_told_aside(&log->fields[i]))
			buf_printf(&text, "\n%s %s %.*s", log->fields[i].name,
			    values->unit[i] ? values->unit[i]->code : "", STR_ARG(values->text[i]));
	return vault_blind(cx->vault, "journal.brought", buf_str(&text));
}

fallible
journal_bring_is_here(struct cx *cx, patient_id patient, const struct journal_log *log, struct uuid key, bool *out)
{
	struct journal_brought row;

	return journal_brought_row(cx, patient, log->type, key, &row, out);
}

/* ---- keeping ---- */

static fallible
prepare_one(struct cx *cx, patient_id patient, str reference, struct journal_bringing *entry)
{
	const struct json_value *json;

	TRY(json_parse(cx->arena, journal_to_fhir(cx->arena, entry->log, reference, &entry->values), &json, NULL));
	return resource_prepare(cx,
	    &(struct resource_new){.patient = patient,
		.json = json,
		.id = uuid_text(cx->arena, entry->key),
		.updated = cx->now,
		.only_new = true,
		.log = entry->log->number},
	    &entry->draft);
}

fallible
journal_bring_prepare(struct cx *cx, patient_id patient, struct journal_bringing *entries, size_t count)
{
	str reference;

	TRY(journal_patient_reference(cx, patient, &reference));
	for (size_t i = 0; i < count; i++)
		TRY(prepare_one(cx, patient, reference, &entries[i]));
	return NULL;
}

static fallible
check_logs(struct cx *cx, patient_id patient, const struct journal_bringing *entries, size_t count)
{
	struct journal_standing standing;
	uint64_t checked = 0;

	for (size_t i = 0; i < count; i++) {
		if (checked >> entries[i].log->number & 1)
			continue;
		TRY(journal_check_writes(cx, patient, entries[i].log, &standing));
		checked |= (uint64_t)1 << entries[i].log->number;
	}
	return NULL;
}

fallible
journal_bring_put(struct tx *tx, patient_id patient, struct uuid batch, struct journal_bringing *entries, size_t count)
{
	struct resource_draft *drafts[JOURNAL_BRING_MAX];
	struct resource_put_result results[JOURNAL_BRING_MAX];
	size_t place[JOURNAL_BRING_MAX], fresh = 0;

	assert(count <= JOURNAL_BRING_MAX);
	TRY(check_logs(tx->cx, patient, entries, count)); /* withdrawn meanwhile is withdrawn */
	for (size_t i = 0; i < count; i++) {
		struct journal_brought row = {entries[i].log->type, entries[i].log->number, entries[i].key, batch};
		struct journal_brought before;
		bool found;

		entries[i].kept = false;
		TRY(journal_brought_row(tx->cx, patient, entries[i].log->type, entries[i].key, &before, &found));
		if (found)
			continue;
		TRY(journal_brought_row_add(tx, patient, &row));
		place[fresh] = i;
		drafts[fresh++] = entries[i].draft;
	}
	if (fresh)
		TRY(resource_put_all(tx, drafts, fresh, results));
	for (size_t i = 0; i < fresh; i++)
		entries[place[i]].kept = results[i].changed;
	return NULL;
}

/* ---- limits ---- */

struct journal_watch {
	patient_id patient;
	instant since;
	size_t count;
	struct {
		const struct journal_log *log;
		struct journal_rules rules;
	} logs[SHARE_LOGS_MAX];
};

fallible
journal_watch_prepare(struct cx *cx, patient_id patient, uint64_t logs, struct journal_watch **out)
{
	struct journal_watch *watch = ARENA_NEW(cx->arena, struct journal_watch);
	const struct journal_log *log;

	watch->patient = patient;
	watch->since = instant_add_ms(cx->now, -JOURNAL_BRING_ALERT_DAYS * DAY_MS);
	for (size_t i = 0; (log = journal_log_at(i)); i++) {
		if (!(logs >> log->number & 1))
			continue;
		watch->logs[watch->count].log = log;
		TRY(journal_rules_prepare(cx, patient, log, &watch->logs[watch->count].rules));
		watch->count++;
	}
	*out = watch;
	return NULL;
}

fallible
journal_watch_run(struct tx *tx, struct journal_watch *watch)
{
	for (size_t i = 0; i < watch->count; i++)
		TRY(journal_rules_watch(tx, watch->patient, watch->logs[i].log, &watch->logs[i].rules, watch->since));
	return NULL;
}

/* ---- batches ---- */

fallible
journal_batch_count(struct cx *cx, patient_id patient, struct uuid batch, int64_t *entries, int64_t *changed)
{
	TRY(journal_brought_count(cx, patient, batch, false, entries));
	TRY(journal_brought_count(cx, patient, batch, true, changed));
	*entries += *changed;
	return NULL;
}

fallible
journal_batch_take_back(struct tx *tx, patient_id patient, struct uuid batch, int64_t *taken)
{
	struct resource_entry_name names[JOURNAL_BRING_MAX];
	const struct journal_brought *brought;
	struct journal_standing standing;
	uint64_t checked = 0;
	struct db_rows rows;
	int64_t deleted;

	TRY(journal_brought_rows(tx->cx, patient, batch, JOURNAL_BRING_MAX, &rows));
	brought = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		if (!(checked >> brought[i].log & 1))
			TRY(journal_check_writes(tx->cx, patient, journal_log_of(brought[i].log), &standing));
		checked |= (uint64_t)1 << brought[i].log;
		names[i] = (struct resource_entry_name){(resource_type)brought[i].type, brought[i].key, brought[i].log};
		TRY(journal_brought_row_delete(tx, patient, &brought[i]));
	}
	TRY(resource_delete_entries(tx, patient, names, rows.count, &deleted));
	*taken = (int64_t)rows.count;
	return NULL;
}

fallible
journal_batch_of(
    struct cx *cx, patient_id patient, const struct journal_log *log, struct uuid key, struct uuid *out, bool *found)
{
	struct journal_brought row;

	TRY(journal_brought_row(cx, patient, log->type, key, &row, found));
	if (*found)
		*out = row.batch;
	return NULL;
}
