/* SPDX-License-Identifier: Apache-2.0 */
/* Entries: who may read and write them, keeping, changing, taking away.  What was before stays as a version of the resource. */
#include "care/journal/journal_bring_internal.h"
#include "care/journal/journal_document.h"
#include "care/journal/journal_rule.h"
#include "platform/format/fhir_date.h"
#include "platform/pages/i18n.h"
#include "trust/audit/audit.h"

#define NOT_THERE                                                                                        \
	ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.", \
	    "no such entry of the journal, or not shared with the caller")

/* ---- who ---- */

fallible
journal_open_logs(struct cx *cx, patient_id patient, enum access_why *why, uint64_t *out)
{
	TRY(access_check(cx, patient, RIGHT_RECORD_READ, why));
	return journal_share_open_logs(cx, patient, *why, out);
}

fallible
journal_check(struct cx *cx, patient_id patient, const struct journal_log *log, struct journal_standing *out)
{
	struct journal_standing standing = {0};
	unsigned rights = 0;
	uint64_t open;

	TRY(journal_open_logs(cx, patient, &standing.why, &open));
	if (!log || !(open >> log->number & 1))
		return NOT_THERE;
	standing.owns = standing.why == ACCESS_SELF;
	if (standing.why == ACCESS_DELEGATE)
		TRY(access_rights_acting(cx, &rights));
	standing.writes = standing.owns || standing.why == ACCESS_SYSTEM || (rights & RIGHT_JOURNAL_WRITE);
	*out = standing;
	return NULL;
}

fallible
journal_check_writes(struct cx *cx, patient_id patient, const struct journal_log *log, struct journal_standing *out)
{
	TRY(journal_check(cx, patient, log, out));
	return out->writes
	           ? NULL
	           : ERR(ERR_DENIED,
			 TR("You may read this log, but not write in it. Only the patient, and whom they let, can."),
			 "a reader of a log who may not write");
}

/* ---- reading ---- */

/* The moment it is about: of the field that its date parameter finds. */
static void
find_time(const struct journal_log *log, const struct journal_values *values, struct journal_entry *out)
{
	struct fhir_date date;

	out->at = out->updated;
	if (!log->date)
		return;
	for (size_t i = 0; i < log->field_count; i++) {
		if (log->fields[i].kind != FIELD_TIME && log->fields[i].kind != FIELD_DAY)
			continue;
		if (fhir_date_parse(FHIR_DATETIME, values->text[i], &date)) {
			out->at = date.low;
			out->has_time = date.precision >= FHIR_PRECISION_MINUTE;
		}
		return;
	}
}

static fallible
read_entry(struct cx *cx, const struct journal_log *log, const struct resource *resource, struct journal_entry *out)
{
	const struct json_value *json;

	*out = (struct journal_entry){.log = log,
	    .id = resource->id,
	    .key = resource->key,
	    .version = resource->version,
	    .updated = resource->updated,
	    .at = resource->updated,
	    .removed = resource->deleted};
	if (resource->deleted)
		return NULL;
	TRY(json_parse(cx->arena, resource->body, &json, NULL));
	journal_from_fhir(cx->arena, log, json, &out->values);
	find_time(log, &out->values, out);
	return NULL;
}

fallible
journal_entries(struct cx *cx, const struct journal_query *query, struct db_rows *out, int64_t *total)
{
	str number = arena_printf(cx->arena, "%lld", (long long)query->log->number);
	const char *date = query->log->date ? query->log->date : "_lastUpdated";
	struct resource_date_filter dates[2];
	struct resource_search search = {.patient = query->patient,
	    .type = query->log->type,
	    .tokens = &(struct resource_token_filter){.param = "_log", .values = &number, .count = 1},
	    .token_count = 1,
	    .dates = dates,
	    .sort = date,
	    .descending = true,
	    .offset = query->offset,
	    .count = query->count};
	struct journal_standing standing;
	struct journal_entry *entries;
	const struct resource *rows;
	struct db_rows found;

	TRY(journal_check(cx, query->patient, query->log, &standing));
	if (!instant_is_none(query->since))
		dates[search.date_count++] = (struct resource_date_filter){date, query->since, query->since, DATE_GE};
	if (!instant_is_none(query->until))
		dates[search.date_count++] = (struct resource_date_filter){date, query->until, query->until, DATE_LT};
	TRY(resource_find(cx, &search, &found, total));
	rows = found.items;
	entries = ARENA_ARRAY(cx->arena, struct journal_entry, found.count + 1);
	for (size_t i = 0; i < found.count; i++)
		TRY(read_entry(cx, query->log, &rows[i], &entries[i]));
	*out = (struct db_rows){entries, found.count};
	return NULL;
}

/* Of this patient and this log: an address names both. */
static fallible
find_entry(struct cx *cx, patient_id patient, const struct journal_log *log, str id, struct resource *out)
{
	struct journal_standing standing;

	TRY(journal_check(cx, patient, log, &standing));
	TRY(resource_get(cx, log->type, id, out));
	return uuid_equal(out->patient.v, patient.v) && out->log == log->number ? NULL : NOT_THERE;
}

fallible
journal_entry_get(struct cx *cx, patient_id patient, const struct journal_log *log, str id, struct journal_entry *out)
{
	struct resource resource;

	TRY(find_entry(cx, patient, log, id, &resource));
	return read_entry(cx, log, &resource, out);
}

fallible
journal_entry_versions(struct cx *cx, patient_id patient, const struct journal_log *log, str id, struct db_rows *out)
{
	struct resource resource;
	const struct resource *rows;
	struct journal_entry *entries;
	struct db_rows found;

	TRY(find_entry(cx, patient, log, id, &resource));
	TRY(resource_history(cx, log->type, id, &found));
	rows = found.items;
	entries = ARENA_ARRAY(cx->arena, struct journal_entry, found.count + 1);
	for (size_t i = 0; i < found.count; i++)
		TRY(read_entry(cx, log, &rows[i], &entries[i]));
	*out = (struct db_rows){entries, found.count};
	return NULL;
}

/* ---- writing ---- */

fallible
journal_patient_reference(struct cx *cx, patient_id patient, str *out)
{
	struct db_rows rows;

	TRY(resource_find(
	    cx, &(struct resource_search){.patient = patient, .type = RESOURCE_PATIENT, .count = 1}, &rows, NULL));
	*out = rows.count ? ((const struct resource *)rows.items)->id : uuid_text(cx->arena, patient.v);
	return NULL;
}

static fallible
draft_of(struct cx *cx, patient_id patient, const struct journal_log *log, str id, instant updated,
    const struct journal_values *values, struct resource_draft **out)
{
	const struct json_value *json;
	str reference;

	TRY(journal_patient_reference(cx, patient, &reference));
	TRY(json_parse(cx->arena, journal_to_fhir(cx->arena, log, reference, values), &json, NULL));
	return resource_prepare(cx,
	    &(struct resource_new){.patient = patient, .json = json, .id = id, .updated = updated, .log = log->number},
	    out);
}

struct putting {
	const struct journal_put *in;
	struct resource_draft *draft;
	str id;
	enum access_why why;
	struct journal_standing standing;
	const struct journal_rules *rules;
};

static void
note(struct tx *tx, enum audit_action action, patient_id patient, struct uuid item, enum access_why why)
{
	audit_add(
	    tx, &(struct audit){
		    .action = action, .subject = AUDIT_JOURNAL, .patient = patient, .item = item, .why = (int)why});
}

/* An entry's files change with it. `sent_before`: the form of a new one was sent twice. */
static fallible
put_files(struct tx *tx, const struct putting *p, const struct resource *now, bool *sent_before)
{
	struct journal_entry before;
	struct resource resource;
	const struct err *error;

	*sent_before = false;
	if (!p->in->log->has_files)
		return NULL;
	if (p->in->id.n) {
		TRY(read_entry(tx->cx, p->in->log, now, &before));
		return journal_files_write(tx, p->in, &before.values);
	}
	error = find_entry(tx->cx, p->in->patient, p->in->log, p->id, &resource);
	*sent_before = !error;
	if (error && error->code != ERR_GONE)
		return error;
	return *sent_before ? NULL : journal_files_write(tx, p->in, NULL);
}

static const struct err *
put(struct tx *tx, void *arg)
{
	struct putting *p = arg;
	struct resource now;
	int64_t version;
	bool changed, sent_before;

	TRY(journal_check_writes(
	    tx->cx, p->in->patient, p->in->log, &p->standing)); /* withdrawn meanwhile is withdrawn */
	if (p->in->id.n)
		TRY(find_entry(tx->cx, p->in->patient, p->in->log, p->in->id, &now));
	if (p->in->id.n && p->in->version && now.version != p->in->version)
		return ERR(ERR_CONFLICT, TR("This entry was changed meanwhile. Look at it again before you change it."),
		    "another version of the entry stands");
	TRY(put_files(tx, p, &now, &sent_before));
	if (sent_before)
		return NULL;
	TRY(resource_put(tx, p->draft, &version, &changed));
	if (!changed)
		return NULL;
	if (p->in->id.n)
		TRY(journal_brought_row_change(tx, p->in->patient, p->in->log->type, now.key));
	note(tx, version == 1 ? AUDIT_CREATE : AUDIT_UPDATE, p->in->patient, resource_key(tx->cx->vault, p->id),
	    p->standing.why);
	return journal_rules_watch(tx, p->in->patient, p->in->log, p->rules, INSTANT_NONE);
}

/* "Ana Ruiz for Bo Lee" of the caller. */
static fallible
delegate_name(struct cx *cx, patient_id patient, str *out)
{
	struct account account;

	TRY(account_get(cx, cx->who.account, &account));
	return delegate_words(cx, patient, account.name, out);
}

fallible
journal_entry_put(struct cx *cx, const struct journal_put *in, str *id)
{
	struct putting p = {.in = in};
	struct journal_values values = in->values;
	struct journal_rules rules;

	TRY(journal_check_writes(cx, in->patient, in->log, &p.standing));
	p.id = in->id.n ? in->id : uuid_text(cx->arena, in->key);
	if (p.standing.why == ACCESS_DELEGATE)
		TRY(delegate_name(cx, in->patient, &values.by));
	TRY(draft_of(cx, in->patient, in->log, p.id, cx->now, &values, &p.draft));
	TRY(journal_rules_prepare(cx, in->patient, in->log, &rules));
	p.rules = &rules;
	TRY(db_write(cx, put, &p));
	*id = p.id;
	return NULL;
}

struct removing {
	patient_id patient;
	const struct journal_log *log;
	str id;
};

static const struct err *
take_away(struct tx *tx, void *arg)
{
	const struct removing *r = arg;
	struct journal_standing standing;
	struct journal_entry before;
	struct resource now;

	TRY(journal_check_writes(tx->cx, r->patient, r->log, &standing));
	TRY(find_entry(tx->cx, r->patient, r->log, r->id, &now));
	TRY(read_entry(tx->cx, r->log, &now, &before));
	TRY(journal_files_drop(tx, r->patient, r->log, &before.values));
	TRY(resource_delete_entry(tx, r->log->type, r->id, r->log->number));
	TRY(journal_brought_row_change(tx, r->patient, r->log->type, now.key));
	note(tx, AUDIT_DELETE, r->patient, now.key, standing.why);
	return NULL;
}

fallible
journal_entry_remove(struct cx *cx, patient_id patient, const struct journal_log *log, str id)
{
	struct removing r = {patient, log, id};
	struct journal_standing standing;

	TRY(journal_check_writes(cx, patient, log, &standing));
	return db_write(cx, take_away, &r);
}

/* ---- answers ---- */

struct keeping {
	patient_id patient;
	const struct journal_log *log;
	struct resource_draft *draft;
	bool half;
	str id;
};

static const struct err *
keep(struct tx *tx, void *arg)
{
	const struct keeping *k = arg;
	struct journal_standing standing;
	const struct err *error;
	struct resource before;
	int64_t version;
	bool changed;

	TRY(journal_check_writes(tx->cx, k->patient, k->log, &standing));
	if (!k->half) { /* the form sent twice */
		error = find_entry(tx->cx, k->patient, k->log, k->id, &before);
		if (!error || error->code != ERR_GONE)
			return error;
	}
	TRY(resource_put(tx, k->draft, &version, &changed));
	if (changed && !k->half)
		note(tx, AUDIT_CREATE, k->patient, resource_key(tx->cx->vault, k->id), standing.why);
	return NULL;
}

fallible
journal_answers_may(struct cx *cx, patient_id patient, str *by)
{
	struct journal_standing standing;

	*by = STR_NONE;
	TRY(journal_check_writes(cx, patient, journal_log_find(S(JOURNAL_ANSWERS)), &standing));
	return standing.why == ACCESS_DELEGATE ? delegate_name(cx, patient, by) : NULL;
}

fallible
journal_keep_answers(struct cx *cx, patient_id patient, struct uuid key, str json, bool half)
{
	struct keeping k = {.patient = patient,
	    .log = journal_log_find(S(JOURNAL_ANSWERS)),
	    .half = half,
	    .id = uuid_text(cx->arena, key)};
	const struct json_value *parsed;
	enum access_why why;

	if (half)
		TRY(access_check(cx, patient, RIGHT_OWN, &why));
	TRY(json_parse(cx->arena, json, &parsed, NULL));
	TRY(resource_prepare(cx,
	    &(struct resource_new){
		.patient = patient, .json = parsed, .id = k.id, .log = half ? JOURNAL_ANSWERS_HALF : k.log->number},
	    &k.draft));
	return db_write(cx, keep, &k);
}

static const struct err *
drop(struct tx *tx, void *arg)
{
	const struct keeping *k = arg;
	const struct err *error =
	    resource_delete_entry(tx, RESOURCE_QUESTIONNAIRE_RESPONSE, k->id, JOURNAL_ANSWERS_HALF);

	return error && error->code == ERR_GONE ? NULL : error;
}

fallible
journal_drop_half(struct cx *cx, patient_id patient, struct uuid key)
{
	enum access_why why;

	TRY(access_check(cx, patient, RIGHT_OWN, &why));
	return db_write(cx, drop, &(struct keeping){.patient = patient, .id = uuid_text(cx->arena, key)});
}

/* ---- brought in ---- */

fallible
journal_prepare(struct cx *cx, const struct journal_bring *in, struct resource_draft **out)
{
	const struct journal_log *log = journal_log_find(str_from_z(in->log));
	struct journal_values values = {.source = in->source, .origin = in->origin};

	assert(log);
	for (size_t i = 0; i < in->count; i++) {
		const struct journal_said *said = &in->said[i];
		const struct journal_field *field;
		size_t at = 0;
		int64_t nano;

		field = journal_field_find(log, str_from_z(said->field), &at);
		if (!field)
			return ERR(ERR_INVALID, TR("This log has no such field."), "an unknown field of a log");
		values.text[at] = said->text;
		if (field->kind != FIELD_NUMBER)
			continue;
		values.unit[at] = said->unit.n ? journal_unit_find(field->units, said->unit) : &field->units->items[0];
		if (!values.unit[at] || !journal_number_parse(said->text, &nano))
			return ERR(
			    ERR_INVALID, TR("This is not a number in a unit of this log."), "a bad number or unit");
	}
	return draft_of(cx, in->patient, log, uuid_text(cx->arena, in->id), in->updated, &values, out);
}
