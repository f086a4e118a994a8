/* SPDX-License-Identifier: Apache-2.0 */
#include "care/journal/journal_accept.h"

#include "care/journal/journal_document.h"
#include "care/journal/journal_rule.h"
#include "platform/crypto/crypto.h"
#include "platform/format/fhir_date.h"
#include "platform/format/json_write.h"
#include "trust/audit/audit.h"
#include "trust/identity/identity.h"

/* ---- seen ---- */

struct seeing {
	patient_id patient;
	const struct journal_log *log;
};

static fallible
check_team(struct cx *cx, patient_id patient, const struct journal_log *log)
{
	struct journal_standing standing;

	TRY(journal_check(cx, patient, log, &standing));
	return standing.why == ACCESS_CARE_TEAM
	           ? NULL
	           : ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.",
			 "a deed of the care team by somebody else");
}

static const struct err *
see(struct tx *tx, void *arg)
{
	const struct seeing *in = arg;

	TRY(check_team(tx->cx, in->patient, in->log));
	TRY(journal_seen_row_add(tx, in->patient, in->log->number));
	audit_add(tx,
	    &(struct audit){
		.action = AUDIT_COMPLETE, .subject = AUDIT_JOURNAL, .patient = in->patient, .why = ACCESS_CARE_TEAM});
	return NULL;
}

fallible
journal_seen(struct cx *cx, patient_id patient, const struct journal_log *log)
{
	TRY(check_team(cx, patient, log));
	return db_write(cx, see, &(struct seeing){patient, log});
}

/* ---- taken into the record ---- */

/* The same version gives the same ids. */
static str
copy_id(struct cx *cx, const struct journal_entry *entry, const char *what)
{
	return uuid_text(cx->arena,
	    vault_blind(cx->vault, "journal.accepted",
		arena_printf(cx->arena, "%s/%.*s/%lld", what, STR_ARG(entry->id), (long long)entry->version)));
}

fallible
journal_accepted(struct cx *cx, const struct journal_entry *entry, struct resource *out, bool *found)
{
	const struct err *error = resource_get(cx, entry->log->type, copy_id(cx, entry, "copy"), out);

	*found = !error;
	return error && error->code != ERR_GONE ? error : NULL;
}

/* All that the entry says, without the marks of the journal. */
static str
copy_of(struct cx *cx, const struct json_value *entry)
{
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&out);

	json_write_object(&w);
	json_each_member (entry, member) {
		str name = json_name(member);

		if (str_equal(name, S("id")) || str_equal(name, S("meta")) || str_equal(name, S("identifier")))
			continue;
		json_write_name(&w, name);
		json_write_value(&w, member);
	}
	json_write_end(&w);
	json_write_done(&w);
	return buf_str(&out);
}

static void
put_agent(struct json_writer *w, const char *type, str reference, str display)
{
	json_write_object(w);
	json_put_object(w, "type");
	json_put_array(w, "coding");
	json_write_object(w);
	json_put_text(w, "system", S("http://terminology.hl7.org/CodeSystem/provenance-participant-type"));
	json_put_text(w, "code", str_from_z(type));
	json_write_end(w);
	json_write_end(w);
	json_write_end(w);
	json_put_object(w, "who");
	json_put_text(w, "reference", reference);
	json_put_text(w, "display", display);
	json_write_end(w);
	json_write_end(w);
}

static str
provenance_of(struct cx *cx, const struct journal_entry *entry, str copy, str patient, str member)
{
	const char *type = resource_type_name(entry->log->type);
	struct buf out = BUF_INIT(cx->arena);
	struct json_writer w = JSON_WRITER(&out);

	json_write_object(&w);
	json_put_text(&w, "resourceType", S("Provenance"));
	json_put_array(&w, "target");
	json_write_object(&w);
	json_put_text(&w, "reference", arena_printf(cx->arena, "%s/%.*s", type, STR_ARG(copy)));
	json_write_end(&w);
	json_write_object(&w);
	json_put_text(&w, "reference", patient);
	json_write_end(&w);
	json_write_end(&w);
	json_put_text(&w, "recorded", fhir_instant_text(cx->arena, cx->now));
	json_put_array(&w, "agent");
	put_agent(&w, "author", patient, entry->values.by);
	put_agent(&w, "verifier", STR_NONE, member);
	json_write_end(&w);
	json_put_array(&w, "entity");
	json_write_object(&w);
	json_put_text(&w, "role", S("source"));
	json_put_object(&w, "what");
	json_put_text(&w, "reference",
	    arena_printf(cx->arena, "%s/%.*s/_history/%lld", type, STR_ARG(entry->id), (long long)entry->version));
	json_write_end(&w);
	json_write_end(&w);
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	return buf_str(&out);
}

#define ACCEPTED_MAX (2 + JOURNAL_FILES_MAX)
struct accepting {
	patient_id patient;
	const struct journal_log *log;
	struct resource_draft *drafts[ACCEPTED_MAX]; /* the copy, its Provenance, copies of its files */
	size_t count;
	struct uuid item;
};

static const struct err *
take_in(struct tx *tx, void *arg)
{
	const struct accepting *in = arg;
	struct resource_put_result results[ACCEPTED_MAX];
	enum access_why why;

	TRY(check_team(tx->cx, in->patient, in->log));
	TRY(access_check_write(tx->cx, in->patient, &why));
	TRY(resource_put_all(tx, in->drafts, in->count, results));
	if (results[0].changed)
		audit_add(tx, &(struct audit){.action = AUDIT_ACCEPT,
				  .subject = AUDIT_JOURNAL,
				  .patient = in->patient,
				  .item = in->item,
				  .why = (int)why});
	return NULL;
}

static str
replaced(struct arena *arena, str text, str from, str to)
{
	size_t at;

	if (!str_find(text, from, &at))
		return text;
	return arena_printf(
	    arena, "%.*s%.*s%.*s", STR_ARG(str_take(text, at)), STR_ARG(to), STR_ARG(str_drop(text, at + from.n)));
}

static fallible
draft(struct cx *cx, patient_id patient, str text, str id, struct resource_draft **out)
{
	const struct json_value *json;

	TRY(json_parse(cx->arena, text, &json, NULL));
	return resource_prepare(
	    cx, &(struct resource_new){.patient = patient, .json = json, .id = id, .once = true}, out);
}

/* Files go with the entry: copies that the clinic keeps. `text` comes back with its references to them. */
static fallible
copy_files(struct cx *cx, const struct journal_entry *entry, str *text, struct accepting *in)
{
	for (size_t i = 0; i < entry->values.file_count; i++) {
		const struct journal_file *file = &entry->values.files[i];
		str bytes, id = copy_id(cx, entry, arena_printf(cx->arena, "file/%.*s", STR_ARG(file->id)).p);
		const struct json_value *json;
		struct resource resource;

		TRY(journal_file_bytes(cx, in->patient, file, &bytes)); /* says why when it is held */
		TRY(resource_get(cx, RESOURCE_BINARY, file->id, &resource));
		TRY(json_parse(cx->arena, resource.body, &json, NULL));
		TRY(draft(cx, in->patient, copy_of(cx, json), id, &in->drafts[in->count++]));
		*text = replaced(cx->arena, *text, arena_printf(cx->arena, "\"Binary/%.*s\"", STR_ARG(file->id)),
		    arena_printf(cx->arena, "\"Binary/%.*s\"", STR_ARG(id)));
	}
	return NULL;
}

fallible
journal_accept(struct cx *cx, patient_id patient, const struct journal_log *log, str id)
{
	struct accepting in = {.patient = patient, .log = log};
	const struct json_value *json;
	struct journal_entry entry;
	struct resource resource;
	struct account account;
	bool found;
	str copy;

	TRY(check_team(cx, patient, log));
	TRY(journal_entry_get(cx, patient, log, id, &entry));
	TRY(journal_accepted(cx, &entry, &resource, &found));
	if (found)
		return NULL;
	TRY(resource_get(cx, log->type, id, &resource));
	TRY(json_parse(cx->arena, resource.body, &json, NULL));
	TRY(account_get(cx, cx->who.account, &account));
	in.count = 2;
	copy = copy_of(cx, json);
	TRY(copy_files(cx, &entry, &copy, &in));
	TRY(draft(cx, patient, copy, copy_id(cx, &entry, "copy"), &in.drafts[0]));
	TRY(draft(cx, patient,
	    provenance_of(cx, &entry, resource_draft_id(in.drafts[0]), resource_patient_reference(json), account.name),
	    copy_id(cx, &entry, "provenance"), &in.drafts[1]));
	in.item = entry.key;
	return db_write(cx, take_in, &in);
}
