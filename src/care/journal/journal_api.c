/* SPDX-License-Identifier: Apache-2.0 */
/* The journal as JSON, for apps: the table itself (logs, fields, units, codes), entries, keeping, correcting, taking away.  The same use
 * cases as the pages; FHIR reads the same entries as resources.
 *
 *	POST /api/journal/weight  {"values": {"value": "182.5", "at": "2026-03-05T08:00:00-05:00"}, "units": {"value": "[lb_av]"}}
 *
 * What is unusual is answered 409 with the questions; "sure": true keeps it. */
#include "care/journal/journal_internal.h"
#include "platform/format/fhir_date.h"
#include "platform/format/json_write.h"
#include "trust/audit/audit.h"
#include "trust/portal/portal.h"

#define COUNT_DEFAULT 50
#define COUNT_MAX     1000
#define GONE                                                                                             \
	ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.", \
	    "no such log for the caller")

/* ---- what is asked ---- */

struct asked {
	patient_id patient;
	const struct journal_log *log;
	struct journal_standing standing;
	struct page_cx px;
};

/* `letters`: of the SMART scope that a token needs for the log's type, "rs" or "cu". */
static fallible
open_asked(struct cx *cx, struct request *rq, const char *letters, struct asked *out)
{
	str log = request_param(rq, "log");

	*out = (struct asked){.patient = cx->who.patient, .log = journal_log_find(log)};
	if (request_param(rq, "patient").p && !request_param_uuid(rq, "patient", &out->patient.v))
		return GONE;
	TRY(page_cx_for(cx, rq, S("journal"), NULL, &out->px));
	if (!log.p)
		return NULL;
	TRY(journal_check(cx, out->patient, out->log, &out->standing));
	if (cx->who.scope.p &&
	    !scope_grants(cx->who.scope,
		arena_z(cx->arena, arena_printf(cx->arena, "%s.%s", resource_type_name(out->log->type), letters))))
		return ERR(ERR_DENIED, "The token's scope does not reach this log.", "scope of a journal token");
	return NULL;
}

/* ---- what is answered ---- */

static void
put_codes(struct json_writer *w, const struct page_cx *px, const struct journal_codes *codes)
{
	json_put_array(w, "codes");
	for (size_t i = 0; i < codes->count; i++) {
		json_write_object(w);
		json_put_text(w, "value", str_from_z(codes->items[i].value));
		json_put_text(w, "words", tr(px->lang, codes->items[i].words));
		json_write_end(w);
	}
	json_write_end(w);
}

static void
put_field(struct json_writer *w, const struct page_cx *px, const struct journal_field *field)
{
	static const char *const kinds[] = {[FIELD_NUMBER] = "number",
	    [FIELD_TEXT] = "text",
	    [FIELD_LONG] = "lines",
	    [FIELD_CODE] = "code",
	    [FIELD_CODES] = "codes",
	    [FIELD_YES] = "yes-no",
	    [FIELD_DAY] = "day",
	    [FIELD_TIME] = "time"};

	json_write_object(w);
	json_put_text(w, "name", str_from_z(field->name));
	json_put_text(w, "label", tr(px->lang, field->label));
	json_put_text(w, "kind", str_from_z(kinds[field->kind]));
	json_put_bool(w, "required", field->required);
	if (field->units) {
		json_put_array(w, "units");
		for (size_t i = 0; i < field->units->count; i++)
			json_write_text(w, str_from_z(field->units->items[i].code));
		json_write_end(w);
	}
	if (field->codes)
		put_codes(w, px, field->codes);
	json_write_end(w);
}

static void
put_entry(struct json_writer *w, const struct page_cx *px, const struct journal_entry *entry)
{
	const struct journal_log *log = entry->log;

	json_write_object(w);
	json_put_text(w, "id", entry->id);
	json_put_int64(w, "version", entry->version);
	json_put_text(w, "words", journal_title(px, entry));
	json_put_object(w, "values");
	for (size_t f = 0; f < log->field_count; f++)
		json_put_text(w, log->fields[f].name, entry->values.text[f]);
	json_write_end(w);
	json_put_object(w, "units");
	for (size_t f = 0; f < log->field_count; f++)
		if (entry->values.text[f].n && entry->values.unit[f])
			json_put_text(w, log->fields[f].name, str_from_z(entry->values.unit[f]->code));
	json_write_end(w);
	json_put_text(w, "writtenBy", entry->values.by);
	json_put_text(w, "source", entry->values.source);
	json_put_text(w, "updated", fhir_instant_text(px->arena, entry->updated));
	json_write_end(w);
}

static fallible
respond_json(struct request *rq, int status, const struct buf *out)
{
	return respond(rq, status, "application/json", buf_str(out));
}

/* ---- reading ---- */

static fallible
api_logs(struct cx *cx, struct request *rq)
{
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&out);
	const struct journal_log *log;
	struct asked asked;
	enum access_why why;
	uint64_t open;

	TRY(open_asked(cx, rq, "rs", &asked));
	TRY(journal_open_logs(cx, asked.patient, &why, &open));
	json_write_object(&w);
	json_put_array(&w, "logs");
	for (size_t i = 0; (log = journal_log_at(i)); i++) {
		if (!(open >> log->number & 1))
			continue;
		json_write_object(&w);
		json_put_text(&w, "name", str_from_z(log->name));
		json_put_text(&w, "title", tr(asked.px.lang, log->title));
		json_put_text(&w, "type", str_from_z(resource_type_name(log->type)));
		json_put_array(&w, "fields");
		for (size_t f = 0; f < log->field_count; f++)
			put_field(&w, &asked.px, &log->fields[f]);
		json_write_end(&w);
		json_write_end(&w);
	}
	json_write_end(&w);
	json_write_end(&w);
	return respond_json(rq, 200, &out);
}

static int64_t
number_of(struct request *rq, const char *name, int64_t absent, int64_t most)
{
	int64_t n;

	if (!str_to_int64(request_query(rq, name), &n) || n < 0)
		return absent;
	return n < most ? n : most;
}

static fallible
api_entries(struct cx *cx, struct request *rq)
{
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&out);
	struct fhir_date since;
	struct journal_query query;
	struct asked asked;
	struct db_rows rows;
	int64_t total;

	TRY(open_asked(cx, rq, "rs", &asked));
	query = JOURNAL_QUERY(.patient = asked.patient, .log = asked.log);
	query.offset = number_of(rq, "offset", 0, INT32_MAX);
	query.count = number_of(rq, "count", COUNT_DEFAULT, COUNT_MAX);
	if (fhir_date_parse(FHIR_SEARCH, request_query(rq, "since"), &since))
		query.since = since.low;
	TRY(journal_entries(cx, &query, &rows, &total));
	json_write_object(&w);
	json_put_int64(&w, "total", total);
	json_put_array(&w, "entries");
	for (size_t i = 0; i < rows.count; i++)
		put_entry(&w, &asked.px, (const struct journal_entry *)rows.items + i);
	json_write_end(&w);
	json_write_end(&w);
	audit_add_read(cx, &(struct audit){.action = AUDIT_VIEW,
			       .subject = AUDIT_JOURNAL,
			       .patient = asked.patient,
			       .count = (int64_t)rows.count,
			       .why = (int)asked.standing.why});
	return respond_json(rq, 200, &out);
}

/* ---- writing ---- */

static fallible
values_of(struct cx *cx, const struct journal_log *log, const struct json_value *body, struct journal_values *out)
{
	*out = (struct journal_values){.source = json_text_at(body, "source"), .origin = json_text_at(body, "origin")};
	json_each_member (json_get(body, "values"), member) {
		const struct journal_field *field;
		size_t at = 0;
		str unit;

		field = journal_field_find(log, json_name(member), &at);
		if (!field)
			return err_said(cx->arena, ERR_INVALID, "This log has no field \"%.*s\".",
			    STR_ARG(str_take(json_name(member), 40)));
		out->text[at] = json_text(member).p ? json_text(member) : json_number_text(member);
		unit = json_text(json_get(json_get(body, "units"), field->name));
		if (field->units)
			out->unit[at] = unit.n ? journal_unit_find(field->units, unit) : &field->units->items[0];
		if (field->units && !out->unit[at])
			return err_said(cx->arena, ERR_INVALID, "\"%s\" is not measured in that unit.", field->name);
	}
	return NULL;
}

static const struct err *
trouble_words(struct cx *cx, const struct journal_troubles *troubles, enum journal_trouble_kind kind)
{
	struct buf out = BUF_INIT(cx->arena);

	for (size_t i = 0; i < troubles->count; i++)
		if (troubles->items[i].kind == kind)
			buf_printf(&out, "%s%.*s", out.n ? " " : "", STR_ARG(troubles->items[i].words));
	return err_said(cx->arena, kind == TROUBLE_WRONG ? ERR_INVALID : ERR_CONFLICT, "%.*s", STR_ARG(buf_str(&out)));
}

static fallible
keep(struct cx *cx, struct request *rq, str id)
{
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&out);
	struct journal_troubles troubles = {0};
	struct journal_put in = {.id = id, .key = uuid_new(cx->now)};
	const struct json_value *body;
	struct journal_entry entry;
	struct asked asked;
	bool is_new = !id.n;

	TRY(open_asked(cx, rq, is_new ? "c" : "u", &asked));
	if (asked.log->made_at || asked.log->has_files)
		return ERR(ERR_INVALID, "Entries of this log are made elsewhere.", "answers through the journal's API");
	TRY(json_parse(cx->arena, request_body(rq), &body, NULL));
	TRY(values_of(cx, asked.log, body, &in.values));
	if (json_get(body, "key") && !uuid_parse(json_text_at(body, "key"), &in.key))
		return ERR(ERR_INVALID, "\"key\" must be a UUID.", "bad key");
	(void)json_to_int64(json_get(body, "version"), &in.version);
	journal_look_over(&asked.px, asked.log, &in.values, &troubles);
	if (troubles.wrong)
		return trouble_words(cx, &troubles, TROUBLE_WRONG);
	if (troubles.asked && !json_bool(json_get(body, "sure")))
		return trouble_words(cx, &troubles, TROUBLE_ASKED);
	in.patient = asked.patient;
	in.log = asked.log;
	TRY(journal_entry_put(cx, &in, &id));
	TRY(journal_entry_get(cx, asked.patient, asked.log, id, &entry));
	put_entry(&w, &asked.px, &entry);
	return respond_json(rq, is_new && entry.version == 1 ? 201 : 200, &out);
}

static fallible
api_create(struct cx *cx, struct request *rq)
{
	return keep(cx, rq, STR_NONE);
}

static fallible
api_update(struct cx *cx, struct request *rq)
{
	return keep(cx, rq, request_param(rq, "entry"));
}

static fallible
api_remove(struct cx *cx, struct request *rq)
{
	struct asked asked;

	TRY(open_asked(cx, rq, "d", &asked));
	TRY(journal_entry_remove(cx, asked.patient, asked.log, request_param(rq, "entry")));
	return respond(rq, 204, NULL, S(""));
}

#define OWN        (WHO_PATIENT | WHO_DELEGATE)
#define BODY_BYTES (64 * 1024)
const struct route journal_api_routes[] = {
    {GET, "/api/journal", api_logs, .who = OWN, .scope = "Observation.rs", .face = FACE_JSON},
    {GET, "/api/journal/{log}", api_entries, .who = OWN, .scope = "Observation.rs", .face = FACE_JSON},
    {POST, "/api/journal/{log}", api_create, .who = OWN, .scope = "Observation.c", .body_bytes_max = BODY_BYTES,
	.face = FACE_JSON, .writes = true},
    {PUT, "/api/journal/{log}/{entry}", api_update, .who = OWN, .scope = "Observation.u", .body_bytes_max = BODY_BYTES,
	.face = FACE_JSON, .writes = true},
    {DELETE, "/api/journal/{log}/{entry}", api_remove, .who = OWN, .scope = "Observation.d", .face = FACE_JSON,
	.writes = true},
    {GET, "/api/patients/{patient}/journal", api_logs, .who = WHO_CARE_TEAM, .scope = "Observation.rs",
	.face = FACE_JSON},
    {GET, "/api/patients/{patient}/journal/{log}", api_entries, .who = WHO_CARE_TEAM, .scope = "Observation.rs",
	.face = FACE_JSON},
    {0},
};
