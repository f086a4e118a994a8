/* SPDX-License-Identifier: Apache-2.0 */
/* The clinical record: FHIR R4 resources of any type, stored as validated text and served as bytes, versions kept, searchable
 * through indexes of keyed hashes and times.  Kinds of resources and search parameters are rows of tables (record_model.h),
 * not code.  Everything here asks the policy engine; what the caller may not see is not there. */
#ifndef SALVE_RECORD_H
#define SALVE_RECORD_H

#include "care/record/record_types.h"
#include "platform/db/db.h"
#include "platform/format/fhir_date.h"
#include "platform/format/json.h"
#include "trust/audit/audit.h"
#include "trust/consent/consent.h"
#include "trust/identity/identity.h"

/* Who holds what belongs to no patient. Readable by everyone who is signed in; written by the system and imports. */
extern const patient_id RECORD_COMMONS;

/* A FHIR type's number (RESOURCE_OBSERVATION, ... in record_types.h; stored), 0 when this program does not know it. */
typedef int resource_type;
resource_type resource_type_find(str name); /* "Observation" */
const char *resource_type_name(resource_type type);
resource_type resource_type_count(void); /* types run from 1 to this */
bool resource_type_in_patient_compartment(resource_type type);
bool resource_type_may_be_common(resource_type type); /* may belong to no patient: Practitioner, Medication, ... */

/* The key of a FHIR id: a lower-case UUID's own bytes, otherwise a keyed hash of the text. */
struct uuid resource_key(const struct vault *vault, str id);
bool resource_id_is_valid(str id); /* [A-Za-z0-9.-]{1,64} */

bool resource_id_is_uuid(str id); /* lower case, as uuid_text writes it */

/* At start, before other threads: gives the vault the dictionary that resources are compressed with. */
fallible record_init(struct vault *vault);

/* Of every Appointment that is stored or deleted others are told by an outbox item of this kind, in the same transaction; its payload is
 * the id of the resource. */
#define RECORD_FOLLOW_KIND "record_appointment"
/* The same of a MedicationDispense that may not be used up yet: what was handed over is told of as long as its days' supply lasts, or for
 * RECORD_SUPPLY_DAYS when it does not say how long that is. Charts of the past tell nothing. */
#define RECORD_FOLLOW_DISPENSE "record_dispense"
#define RECORD_SUPPLY_DAYS     120

struct resource {
	patient_id patient;
	int64_t type, n;
	struct uuid key;
	int64_t version;
	instant updated;
	bool deleted;
	int64_t log; /* of the journal; 0: the clinic's own record */
	str id;      /* FHIR's; absent when deleted */
	str body; /* JSON text, with id and meta.versionId, meta.lastUpdated as they are served; absent when deleted */
	enum access_why why; /* by what right the caller reads it: for the trail */
	int64_t order;       /* in a search with `sort`: the time it was sorted by, in ms; 0 otherwise */
};
/* Which class of data is it, for the trail ("your lab results")? `json` may be NULL: then by type alone. */
enum audit_subject record_audit_subject(resource_type type, const struct json_value *json);

/* ---- writing ---- */

/* A resource checked and made ready outside of the act: indexed, compressed, sealed. What is stored is the source text
 * without the white space between its tokens, and without id, meta.versionId and meta.lastUpdated, which are put back where
 * they stood when it is read; order of members, escapes and digits stay as they came. */
struct resource_draft;
struct resource_new {
	patient_id patient;            /* RECORD_COMMONS for what belongs to none */
	const struct json_value *json; /* the parsed resource; its source text is stored */
	str id;                        /* the id to have; absent: a new UUID is made */
	instant updated;               /* meta.lastUpdated; none: now */
	bool once;                     /* content that any version had already changes nothing: for repeated imports */
	bool
	    only_new; /* what is there in any version stays as it is; what was deleted comes back: for imports of entries */
	int64_t log; /* an entry of this log of the journal; 0: of the clinic's own record */
};
/* ERR_INVALID says what in the resource is wrong (unknown type, no status, bad date, ...). */
fallible resource_prepare(struct cx *cx, const struct resource_new *in, struct resource_draft **out);
/* Store it: a new resource, or the next version of the one with this id. The same content again changes nothing
 * (*version stays, *changed false). Audited by the caller, who knows the purpose. ERR_CONFLICT when the id belongs to
 * another owner, or is an entry of another log (what a person entered themself is changed by the journal alone). */
fallible resource_put(struct tx *tx, struct resource_draft *draft, int64_t *version, bool *changed);
/* Many at once, in a fraction of the time: the index is brought up to date once for all. */
struct resource_put_result {
	int64_t version;
	bool changed;
};
fallible resource_put_all(
    struct tx *tx, struct resource_draft *const *drafts, size_t count, struct resource_put_result *results);
str resource_draft_id(const struct resource_draft *draft);
resource_type resource_draft_type(const struct resource_draft *draft);
patient_id resource_draft_patient(const struct resource_draft *draft);
enum audit_subject resource_draft_subject(const struct resource_draft *draft);
/* The next version of it is "deleted"; the versions before stay readable. No access check: as resource_put, the caller has
 * asked access_check_write. ERR_GONE when absent or deleted already, and for an entry of the journal: only the journal takes
 * those away (`log`: which one it is of). */
fallible resource_delete(struct tx *tx, resource_type type, str id);
fallible resource_delete_entry(struct tx *tx, resource_type type, str id, int64_t log);
/* Many entries of logs of the journal at once, by their keys; what is not there any more is passed over. */
struct resource_entry_name {
	resource_type type;
	struct uuid key;
	int64_t log;
};
fallible resource_delete_entries(
    struct tx *tx, patient_id patient, const struct resource_entry_name *names, size_t count, int64_t *deleted);

/* The patient a resource says it is about: the reference under the type's own member (subject, patient, beneficiary, ...),
 * or the id of a Patient. Absent when it names none. */
str resource_patient_reference(const struct json_value *json);

/* The patient's row in identity (name as shown, all names and numbers to be found by, birth date) from a Patient resource,
 * ready for patient_put beside resource_put. `facility` is for a patient that is new. */
fallible record_patient_seal(
    struct cx *cx, patient_id id, facility_id facility, const struct json_value *json, struct patient_sealed **out);

/* ---- reading (each checks access) ---- */

/* The current version. ERR_GONE when absent, deleted or not visible to the caller; `out` may be read for a deleted one that
 * the caller may see (deleted is true then). */
fallible resource_get(struct cx *cx, resource_type type, str id, struct resource *out);
fallible resource_get_version(struct cx *cx, resource_type type, str id, int64_t version, struct resource *out);
fallible
resource_history(struct cx *cx, resource_type type, str id, struct db_rows *out); /* newest first, struct resource */

/* A search within one owner. */
struct resource_token_filter {
	const char *param; /* "code", "category", "status", "encounter", ... as in the model; "_log": number of a log */
	const str *values; /* any of these: "code", "system|code", "|code"; references: "Type/id" */
	size_t count;
	bool without; /* none of these instead */
};
struct resource_date_filter {
	const char *param; /* "date", ... */
	instant low, high; /* the span asked for */
	enum { DATE_EQ, DATE_NE, DATE_GT, DATE_LT, DATE_GE, DATE_LE, DATE_SA, DATE_EB } prefix;
};
struct resource_search {
	patient_id patient;
	resource_type type;
	const struct resource_token_filter *tokens;
	size_t token_count;
	const struct resource_date_filter *dates;
	size_t date_count;
	const char *sort; /* a date parameter, or "_lastUpdated"; NULL: order of arrival */
	bool descending;
	const struct resource
	    *after;            /* the last one of the page before (its n and order count); NULL: from the start */
	int64_t offset, count; /* rows to leave out, rows wanted; a count of 0 wants the total only */
};
/* struct resource with bodies opened; `total` (may be NULL) counts all matches. */
fallible resource_find(struct cx *cx, const struct resource_search *search, struct db_rows *out, int64_t *total);
/* Every resource that fits the search, opened, in its order; the index is asked once, and of it a number and a time for each match
 * are kept; page and count of `search` do not count here. The arena of the visit's cx lives as long as a page: what the visit makes
 * there is gone with it. */
typedef fallible(resource_found_fn)(struct cx *cx, void *arg, const struct resource *resource);
fallible resource_walk(struct cx *cx, const struct resource_search *search, resource_found_fn *visit, void *arg);
/* Where the index has each resource that fits the search, unopened, in order of n: a list of thousands is grouped, counted and
 * cut by years at the cost of the index alone. `search` gives filters and sort; page and order do not count here. */
struct resource_place {
	int64_t n;
	int64_t
	    group; /* equal for those with the same set of values of the token parameter `by`; 0: no value, or no `by` */
	instant at; /* the beginning by search->sort; none when it has none or begins nobody knows when */
};
fallible resource_places(
    struct cx *cx, const struct resource_search *search, const char *by /* NULL: none */, struct db_rows *out);
bool resource_has_param(resource_type type, const char *param);
/* The resources at some of these places, opened, in their order. */
fallible resource_places_open(struct cx *cx, const struct resource_search *search, const struct resource_place *places,
    size_t count, struct db_rows *out);
/* How many current resources of each type the patient has: count[type]. */
fallible resource_counts(struct cx *cx, patient_id patient, int64_t *count_by_type);
/* Every current resource of the patient in order of type and arrival, page by page, memory flat. */
typedef fallible(resource_visit_fn)(void *arg, const struct resource *resource);
fallible
resource_each(struct cx *cx, patient_id patient, resource_type type /* 0: all */, resource_visit_fn *visit, void *arg);

/* Every version that was replaced, those of a resource together and oldest first; deletions are left out, and what the caller
 * does not see now. */
fallible resource_each_version(struct cx *cx, patient_id patient, resource_visit_fn *visit, void *arg);

/* Whose is it?  Without access check: for writers, who ask access_check_write of the answer. */
fallible resource_owner(struct cx *cx, resource_type type, str id, patient_id *out, bool *found);

/* The reference's target in plain terms ("Practitioner/abc" or "urn:uuid:..."), when visible. `found` false otherwise. */
fallible resource_resolve(struct cx *cx, str reference, struct resource *out, bool *found);

/* The last "Type/id" of a reference, relative or absolute, without its version. False when it is none. */
bool reference_split(str reference, resource_type *type, str *id);

/* ---- bundles ---- */

/* What a Bundle asks for, entry by entry. */
enum bundle_method { BUNDLE_OTHER, BUNDLE_GET, BUNDLE_POST, BUNDLE_PUT, BUNDLE_DELETE };
struct bundle_entry {
	const struct json_value *json; /* the resource as it stands in the bundle; NULL: none */
	resource_type type;            /* 0: none that FHIR R4 knows */
	str full_url;
	enum bundle_method method;        /* BUNDLE_PUT when there is no request */
	str url, if_none_exist, if_match; /* of the request */
	str id;                           /* what it is or will be */
};
struct bundle {
	str type; /* "transaction", "collection", ... */
	struct bundle_entry *entries;
	size_t count;
	struct bundle_names *names;
};
/* How ids come about: an import keeps those that the resources have, so that it can be repeated; a server gives new ones to
 * what is POSTed. */
enum bundle_ids { BUNDLE_KEEPS_IDS, BUNDLE_GIVES_IDS };
/* ERR_INVALID when it is no Bundle. A resource that is no Bundle becomes a bundle of one ("collection"). Borrows `json`. */
fallible bundle_read(struct cx *cx, const struct json_value *json, enum bundle_ids ids, struct bundle *out);
/* An entry is really this resource that exists already (If-None-Exist): references to it are to lead there. */
void bundle_rename(struct cx *cx, struct bundle *bundle, struct bundle_entry *entry, str id);
/* The resource with its references to other entries (urn:uuid:..., their full URLs) and conditional references
 * ("Practitioner?identifier=...", when exactly one is found) replaced by "Type/id"; nothing else changes. `unresolved`
 * counts the references that lead nowhere. Lives in cx->arena. */
fallible bundle_resolve(struct cx *cx, const struct bundle *bundle, const struct bundle_entry *entry,
    const struct json_value **out, size_t *unresolved);
/* Whose a resource is: the patient it names (directly, or through an entry of the bundle or a stored resource), or the
 * commons. ERR_INVALID when that cannot be told. */
fallible
bundle_owner(struct cx *cx, const struct bundle *bundle, const struct json_value *resolved, str id, patient_id *out);

#endif
