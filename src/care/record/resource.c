/* SPDX-License-Identifier: Apache-2.0 */
/* Resources as values: ids and keys, preparing one for the store, opening one that comes from it. */
#include "care/record/record_check.h"
#include "care/record/record_path.h"
#include "care/record/record_text.h"
#include "care/record/resource_draft.h"

const patient_id RECORD_COMMONS = {{{[15] = 2}}};

/* ---- ids ---- */

bool
resource_id_is_valid(str id)
{
	if (id.n < 1 || id.n > 64)
		return false;
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
			c == '.'))
			return false;
	}
	return true;
}

bool
resource_id_is_uuid(str id)
{
	struct uuid uuid;

	if (!uuid_parse(id, &uuid) || uuid_is_none(uuid))
		return false;
	for (size_t i = 0; i < id.n; i++)
		if (id.p[i] >= 'A' && id.p[i] <= 'F')
			return false;
	return true;
}

struct uuid
resource_key(const struct vault *vault, str id)
{
	struct uuid uuid;

	if (resource_id_is_uuid(id) && uuid_parse(id, &uuid))
		return uuid;
	return vault_blind(vault, "resource.id", id);
}

/* ---- whose is it ---- */

static const struct err *
take_first_reference(void *arg, const struct json_value *value)
{
	str *out = arg;
	str text = json_text_at(value, "reference");

	if (!out->p || (!str_contains(*out, S("Patient/")) && str_contains(text, S("Patient/"))))
		*out = text.p ? text : *out;
	return NULL;
}

str
resource_patient_reference(const struct json_value *json)
{
	resource_type type = resource_type_find(json_text_at(json, "resourceType"));
	const struct type_row *row = type_row(type);
	str found = STR_NONE;

	if (type == RESOURCE_PATIENT)
		return json_text_at(json, "id");
	if (!row || !row->patient || path_each(json, row->patient, take_first_reference, &found))
		return STR_NONE;
	return found;
}

/* ---- sealing ---- */

/* The type is part of the place, as two resources of different types may have one key. */
struct seal_place
resource_place(resource_type type, struct uuid key, int64_t version)
{
	return (struct seal_place){.table = "resource",
	    .row = key,
	    .version = version << PARAM_TYPE_BITS | type,
	    .dictionary = RECORD_DICTIONARY};
}

fallible
resource_open_packed(struct cx *cx, const struct resource *row, str *packed)
{
	return vault_open_text(
	    cx, row->patient, resource_place((resource_type)row->type, row->key, row->version), row->body, packed);
}

fallible
resource_open(struct cx *cx, struct resource *row)
{
	str packed;

	if (row->deleted) {
		row->body = STR_NONE;
		return NULL;
	}
	TRY(resource_open_packed(cx, row, &packed));
	return record_text_unpack(cx->arena, packed, row, &row->id, &row->body);
}

fallible
resource_entries_of_row(struct cx *cx, const struct resource *row, struct index_entries *out)
{
	struct resource opened = *row;
	const struct json_value *json;

	if (row->deleted)
		return NULL;
	TRY(resource_open(cx, &opened));
	TRY(json_parse(cx->arena, opened.body, &json, NULL));
	TRY(index_entries_of(cx, row->patient, (resource_type)row->type, json, row->updated, out));
	index_entries_add_log(cx, row->patient, (resource_type)row->type, row->log, out);
	return NULL;
}

/* ---- drafts ---- */

fallible
resource_prepare(struct cx *cx, const struct resource_new *in, struct resource_draft **out)
{
	struct resource_draft *draft = ARENA_NEW(cx->arena, struct resource_draft);
	const struct json_value *json = in->json;

	TRY(record_check(cx->arena, json, &draft->type));
	draft->patient = in->patient;
	draft->once = in->once;
	draft->only_new = in->only_new;
	draft->log = in->log;
	draft->updated = instant_is_none(in->updated) || in->updated.ms == 0 ? cx->now : in->updated;
	draft->id = in->id.p ? in->id : uuid_text(cx->arena, uuid_new(cx->now));
	if (!resource_id_is_valid(draft->id))
		return ERR(ERR_INVALID, "The id must be 1 to 64 letters, digits, '-' or '.'.", "bad id");
	draft->id = arena_str(cx->arena, draft->id);
	draft->key = resource_key(cx->vault, draft->id);
	draft->subject = record_audit_subject(draft->type, json);
	draft->follow = record_follow_kind(draft->type, json, cx->now);
	draft->packed = record_text_pack(cx->arena, json, in->patient, draft->id);
	TRY(index_entries_of(cx, in->patient, draft->type, json, draft->updated, &draft->entries));
	index_entries_add_log(cx, in->patient, draft->type, in->log, &draft->entries);
	TRY(vault_seal(cx, in->patient, resource_place(draft->type, draft->key, 1), draft->packed, &draft->sealed));
	*out = draft;
	return NULL;
}

str
resource_draft_id(const struct resource_draft *draft)
{
	return draft->id;
}

resource_type
resource_draft_type(const struct resource_draft *draft)
{
	return draft->type;
}

patient_id
resource_draft_patient(const struct resource_draft *draft)
{
	return draft->patient;
}

enum audit_subject
resource_draft_subject(const struct resource_draft *draft)
{
	return draft->subject;
}
