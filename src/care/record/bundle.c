/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles: which resource will stand under which id, what references between entries become, and whose each resource is.
 * Names are looked up by binary search, so that no choice of names makes it slow. */
#include <stdlib.h>

#include "care/record/record.h"
#include "platform/crypto/crypto.h"
#include "platform/format/json_write.h"
#include "platform/format/uri.h"

/* A name that leads to an entry: its full URL, or "Type/id". */
struct bundle_name {
	str name;
	size_t entry;
};
struct bundle_names {
	struct bundle_name *items;
	size_t count, capacity;
};

/* ---- reading ---- */

static int
compare_names(const void *a, const void *b)
{
	return str_compare(((const struct bundle_name *)a)->name, ((const struct bundle_name *)b)->name);
}

static const struct bundle_entry *
find_name(const struct bundle *bundle, str name)
{
	struct bundle_name key = {.name = name}, *hit;

	if (!bundle->names->count || !name.n)
		return NULL;
	hit = bsearch(&key, bundle->names->items, bundle->names->count, sizeof(key), compare_names);
	return hit ? &bundle->entries[hit->entry] : NULL;
}

static str
own_name(struct arena *arena, const struct bundle_entry *entry)
{
	return arena_printf(arena, "%s/%.*s", resource_type_name(entry->type), STR_ARG(entry->id));
}

static enum bundle_method
method_of(str text)
{
	static const struct {
		const char *name;
		enum bundle_method method;
	} methods[] = {{"GET", BUNDLE_GET}, {"POST", BUNDLE_POST}, {"PUT", BUNDLE_PUT}, {"DELETE", BUNDLE_DELETE}};

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (str_equal(text, str_from_z(methods[i].name)))
			return methods[i].method;
	return BUNDLE_OTHER;
}

/* The id that an entry's resource has or gets. What comes without any gets one from its own content, so that the same file
 * read again means the same resource. */
static str
id_of(struct cx *cx, const struct bundle_entry *entry, enum bundle_ids ids)
{
	str id = json_text_at(entry->json, "id"), type_name;
	struct uuid uuid;

	if (ids == BUNDLE_GIVES_IDS) {
		if (entry->method == BUNDLE_POST)
			return uuid_text(cx->arena, uuid_new(cx->now));
		id = str_cut(entry->url, '/', &type_name);
		return id;
	}
	if (id.p)
		return id;
	if (str_starts(entry->full_url, S("urn:uuid:")) && uuid_parse(str_drop(entry->full_url, 9), &uuid))
		return uuid_text(cx->arena, uuid);
	return uuid_text(cx->arena, vault_blind(cx->vault, "import.id", json_source(entry->json)));
}

static void
read_entry(struct cx *cx, const struct json_value *value, enum bundle_ids ids, struct bundle_entry *out)
{
	const struct json_value *request = json_get(value, "request");

	out->json = json_get(value, "resource");
	out->full_url = json_text_at(value, "fullUrl");
	out->method = request ? method_of(json_text_at(request, "method")) : BUNDLE_PUT;
	out->url = json_text_at(request, "url");
	out->if_none_exist = json_text_at(request, "ifNoneExist");
	out->if_match = json_text_at(request, "ifMatch");
	out->type = resource_type_find(json_text_at(out->json, "resourceType"));
	out->id = id_of(cx, out, ids);
}

static void
index_names(struct cx *cx, struct bundle *bundle)
{
	bundle->names->count = 0;
	for (size_t i = 0; i < bundle->count; i++) {
		struct bundle_entry *entry = &bundle->entries[i];

		if (!entry->type || !entry->json)
			continue;
		if (entry->full_url.n)
			*LIST_ADD(cx->arena, bundle->names) = (struct bundle_name){entry->full_url, i};
		if (entry->id.n)
			*LIST_ADD(cx->arena, bundle->names) = (struct bundle_name){own_name(cx->arena, entry), i};
	}
	if (bundle->names->count)
		qsort(bundle->names->items, bundle->names->count, sizeof(bundle->names->items[0]), compare_names);
}

fallible
bundle_read(struct cx *cx, const struct json_value *json, enum bundle_ids ids, struct bundle *out)
{
	const struct json_value *entries = json_get(json, "entry");
	struct bundle bundle = {.type = S("collection"), .names = ARENA_NEW(cx->arena, struct bundle_names)};

	if (json_kind(json) != JSON_OBJECT || !json_text_at(json, "resourceType").p)
		return ERR(ERR_INVALID, "This is not FHIR: it has no resourceType.", "no resourceType");
	if (!str_equal(json_text_at(json, "resourceType"), S("Bundle"))) {
		bundle.entries = ARENA_NEW(cx->arena, struct bundle_entry);
		bundle.count = 1;
		bundle.entries[0].json = json;
		bundle.entries[0].method = BUNDLE_PUT;
		bundle.entries[0].type = resource_type_find(json_text_at(json, "resourceType"));
		bundle.entries[0].id = id_of(cx, &bundle.entries[0], BUNDLE_KEEPS_IDS);
	} else {
		size_t i = 0;

		if (entries && json_kind(entries) != JSON_ARRAY)
			return ERR(ERR_INVALID, "Bundle.entry must be an array.", "entry is no array");
		bundle.type = json_text_at(json, "type");
		bundle.count = json_count(entries);
		bundle.entries = ARENA_ARRAY(cx->arena, struct bundle_entry, bundle.count);
		json_each_item (entries, item)
			read_entry(cx, item, ids, &bundle.entries[i++]);
	}
	index_names(cx, &bundle);
	*out = bundle;
	return NULL;
}

void
bundle_rename(struct cx *cx, struct bundle *bundle, struct bundle_entry *entry, str id)
{
	entry->id = id;
	index_names(cx, bundle);
}

/* ---- references ---- */

struct edit {
	str old; /* the JSON string with its quotes */
	str text;
};
struct resolver {
	struct cx *cx;
	const struct bundle *bundle;
	LIST(struct edit) edits;
	size_t unresolved;
};

/* Members that FHIR R4 3.1.0.11.2 wants replaced. */
static bool
is_link(str name)
{
	static const char *const links[] = {"reference", "valueUri", "valueUrl", "valueUuid", "valueCanonical"};

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (str_equal(name, str_from_z(links[i])))
			return true;
	return false;
}

/* "Type?identifier=value": the one in the commons that has it. */
static fallible
find_conditional(struct cx *cx, str reference, str *out)
{
	struct resource_token_filter filter = {.param = "identifier", .count = 1};
	struct resource_search search = {.patient = RECORD_COMMONS, .tokens = &filter, .token_count = 1, .count = 2};
	struct http_pairs pairs;
	struct db_rows rows;
	str type_name, query, value;
	const struct err *error;

	query = str_cut(reference, '?', &type_name);
	search.type = resource_type_find(type_name);
	error = query_parse(cx->arena, query, &pairs);
	if (error || !resource_type_may_be_common(search.type) || pairs.count != 1 ||
	    !str_equal(pairs.items[0].name, S("identifier")))
		return NULL;
	value = pairs.items[0].value;
	filter.values = &value;
	error = resource_find(cx, &search, &rows, NULL);
	if (error && error->code == ERR_INVALID) /* a type without identifiers */
		return NULL;
	TRY(error);
	if (rows.count != 1)
		return NULL;
	*out = arena_printf(
	    cx->arena, "%s/%.*s", resource_type_name(search.type), STR_ARG(((struct resource *)rows.items)[0].id));
	return NULL;
}

static fallible
resolve_link(struct resolver *r, const struct json_value *member)
{
	str text = json_text(member), replacement = STR_NONE;
	const struct bundle_entry *target = find_name(r->bundle, text);
	struct buf quoted = BUF_INIT(r->cx->arena);

	if (target) {
		replacement = own_name(r->cx->arena, target);
		if (str_equal(replacement, text))
			return NULL;
	} else if (str_equal(json_name(member), S("reference")) && str_contains(text, S("?"))) {
		TRY(find_conditional(r->cx, text, &replacement));
	}
	if (!replacement.p) {
		r->unresolved += str_equal(json_name(member), S("reference")) &&
		                 (str_starts(text, S("urn:uuid:")) || str_contains(text, S("?")));
		return NULL;
	}
	buf_add_json_text(&quoted, replacement);
	*LIST_ADD(r->cx->arena, &r->edits) = (struct edit){json_source(member), buf_str(&quoted)};
	return NULL;
}

/* Recursion is as deep as the reader allows. */
static fallible
resolve_inside(struct resolver *r, const struct json_value *value)
{
	for (const struct json_value *part = json_kind(value) >= JSON_ARRAY ? value->first : NULL; part;
	     part = part->next) {
		if (json_kind(part) == JSON_STRING && is_link(json_name(part)))
			TRY(resolve_link(r, part));
		else
			TRY(resolve_inside(r, part));
	}
	return NULL;
}

fallible
bundle_resolve(struct cx *cx, const struct bundle *bundle, const struct bundle_entry *entry,
    const struct json_value **out, size_t *unresolved)
{
	struct resolver r = {.cx = cx, .bundle = bundle};
	struct buf text = BUF_INIT(cx->arena);
	str source = json_source(entry->json);
	const char *at = source.p;

	TRY(resolve_inside(&r, entry->json));
	*unresolved = r.unresolved;
	if (r.edits.count == 0) {
		*out = entry->json;
		return NULL;
	}
	buf_reserve(&text, source.n + r.edits.count * 64);
	for (size_t i = 0; i < r.edits.count; i++) { /* in the order of the text */
		buf_add(&text, str_slice(at, r.edits.items[i].old.p));
		buf_add(&text, r.edits.items[i].text);
		at = r.edits.items[i].old.p + r.edits.items[i].old.n;
	}
	buf_add(&text, str_slice(at, source.p + source.n));
	return json_parse(cx->arena, buf_str(&text), out, NULL);
}

/* ---- owners ---- */

#define OWNER_STEPS_MAX 4 /* a Provenance of a Media of a ... */

static const struct err *
no_owner(void)
{
	return ERR(ERR_INVALID, "It cannot be told whose this is: it names no patient that is known.",
	    "a resource whose patient cannot be determined");
}

fallible
bundle_owner(struct cx *cx, const struct bundle *bundle, const struct json_value *resolved, str id, patient_id *out)
{
	const struct json_value *json = resolved;
	resource_type type = resource_type_find(json_text_at(json, "resourceType")), target;
	bool found;

	if (type == RESOURCE_PATIENT) {
		*out = (patient_id){resource_key(cx->vault, id)};
		return NULL;
	}
	for (int step = 0; step < OWNER_STEPS_MAX; step++) {
		const struct bundle_entry *entry;
		str reference = resource_patient_reference(json);

		if (!reference.p) {
			if (!resource_type_may_be_common(type) || step > 0)
				return no_owner();
			*out = RECORD_COMMONS;
			return NULL;
		}
		entry = find_name(bundle, reference);
		if (entry && entry->type == RESOURCE_PATIENT) {
			*out = (patient_id){resource_key(cx->vault, entry->id)};
			return NULL;
		}
		if (!entry) {
			if (!reference_split(reference, &target, &id))
				return no_owner();
			if (target == RESOURCE_PATIENT) {
				*out = (patient_id){resource_key(cx->vault, id)};
				return NULL;
			}
			TRY(resource_owner(cx, target, id, out, &found));
			return found ? NULL : no_owner();
		}
		json = entry->json;
	}
	return no_owner();
}
