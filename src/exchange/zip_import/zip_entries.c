/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of FHIR into the record, in acts of ZIP_IMPORT_ACT_MAX.  A resource stands in an act once: its versions are acts that
 * follow each other. */
#include "care/journal/journal.h"
#include "exchange/zip_import/zip_import_internal.h"
#include "platform/format/fhir_date.h"
#include "platform/format/json.h"
#include "trust/audit/audit.h"

void
zip_import_note(struct zip_import *z, str file, int64_t line, str reason)
{
	struct zip_import_report *report = z->report;

	report->refused++;
	if (report->problem_count == ZIP_IMPORT_PROBLEMS_MAX)
		return;
	if (!report->problems)
		report->problems = ARENA_ARRAY(z->cx->arena, struct zip_import_problem, ZIP_IMPORT_PROBLEMS_MAX);
	report->problems[report->problem_count++] =
	    (struct zip_import_problem){arena_str(z->cx->arena, file), line, arena_str(z->cx->arena, reason)};
}

static bool
is_one_resources_fault(const struct err *error)
{
	return error->code == ERR_CONFLICT || error->code == ERR_INVALID || error->code == ERR_GONE;
}

/* ---- acts ---- */

struct storing {
	struct zip_import *z;
	size_t from, count;
	struct resource_put_result results[ZIP_IMPORT_ACT_MAX];
};

static const struct err *
store(struct tx *tx, void *arg)
{
	struct storing *s = arg;
	int64_t own = 0;

	TRY(resource_put_all(tx, s->z->drafts + s->from, s->count, s->results));
	if (s->z->person)
		TRY(patient_put(tx, s->z->person));
	for (size_t i = 0; i < s->count; i++)
		own += s->results[i].changed &&
		       uuid_equal(resource_draft_patient(s->z->drafts[s->from + i]).v, s->z->report->patient.v);
	audit_add(tx, &(struct audit){.action = AUDIT_IMPORT,
			  .subject = AUDIT_RECORD,
			  .patient = s->z->report->patient,
			  .count = own,
			  .why = ACCESS_SYSTEM});
	return NULL;
}

static fallible
store_some(struct zip_import *z, size_t from, size_t count)
{
	struct storing *s = ARENA_NEW(z->act.arena, struct storing);

	s->z = z;
	s->from = from;
	s->count = count;
	TRY(db_write(&z->act, store, s));
	for (size_t i = 0; i < count; i++) {
		if (!s->results[i].changed)
			z->report->unchanged++;
		else if (s->results[i].version == 1)
			z->report->added++;
		else
			z->report->changed++;
	}
	return NULL;
}

fallible
zip_import_flush(struct zip_import *z)
{
	const struct err *error = z->count ? store_some(z, 0, z->count) : NULL;

	if (error && is_one_resources_fault(error)) { /* so that only the one at fault is refused */
		error = NULL;
		for (size_t i = 0; i < z->count && !error; i++) {
			error = store_some(z, i, 1);
			if (error && is_one_resources_fault(error)) {
				zip_import_note(z, z->places[i].file, z->places[i].line, str_from_z(error->say));
				error = NULL;
			}
		}
	}
	error = error ? err_copy(z->cx->arena, error) : NULL;
	z->count = 0;
	z->person = NULL;
	db_refresh(&z->act);
	arena_clear(z->act.arena);
	return error;
}

static fallible
keep(struct zip_import *z, struct resource_draft *draft, str file, int64_t line)
{
	z->places[z->count] = (struct zip_import_problem){.file = file, .line = line};
	z->drafts[z->count++] = draft;
	return z->count == ZIP_IMPORT_ACT_MAX ? zip_import_flush(z) : NULL;
}

fallible
zip_import_made(struct zip_import *z, const struct zip_import_problem *place, str id, str text, int64_t log)
{
	const struct json_value *json;
	struct resource_draft *draft;
	const struct err *error;

	TRY(json_parse(z->act.arena, text, &json, NULL));
	error = resource_prepare(&z->act,
	    &(struct resource_new){
		.patient = z->report->patient, .json = json, .id = id, .updated = z->made, .once = true, .log = log},
	    &draft);
	if (error && is_one_resources_fault(error)) {
		zip_import_note(z, place->file, place->line, str_from_z(error->say));
		return NULL;
	}
	TRY(error);
	return keep(z, draft, place->file, place->line);
}

/* ---- lines ---- */

static const struct err *
not_theirs(void)
{
	return ERR(ERR_INVALID, "It is of another patient.", "an entry of another patient in the archive");
}

/* The entry is the patient of the archive: from now on everything must be theirs. */
static fallible
take_patient(struct zip_import *z, const struct bundle_entry *entry, const struct json_value *json, patient_id owner)
{
	patient_id here;
	bool found;

	if (z->patient_id.p && !uuid_equal(owner.v, z->report->patient.v))
		return not_theirs();
	TRY(resource_owner(&z->act, RESOURCE_PATIENT, entry->id, &here, &found));
	if (!z->patient_id.p && found && !z->options->add)
		return ERR(ERR_DENIED,
		    "This patient is here already. To add to that record what the archive has, say --add.",
		    "the patient is here");
	z->patient_id = arena_str(z->cx->arena, entry->id);
	z->report->patient = owner;
	return record_patient_seal(&z->act, owner, z->options->facility, json, &z->person);
}

/* What is there for all is added when it is new, and never changed by what a patient brings. */
static bool
is_kept_out(const struct zip_import *z, patient_id owner, bool known)
{
	return uuid_equal(owner.v, RECORD_COMMONS.v) && known && z->patient_id.p;
}

static fallible
take_entry(struct zip_import *z, const struct bundle *bundle, struct resource_draft **out)
{
	const struct bundle_entry *entry = &bundle->entries[0];
	const struct json_value *json;
	struct fhir_date updated;
	patient_id owner, here;
	int64_t log;
	size_t unresolved;
	bool known;
	str name;

	TRY(bundle_resolve(&z->act, bundle, entry, &json, &unresolved));
	TRY(bundle_owner(&z->act, bundle, json, entry->id, &owner));
	if (entry->type == RESOURCE_PATIENT)
		TRY(take_patient(z, entry, json, owner));
	if (!uuid_equal(owner.v, RECORD_COMMONS.v) && !uuid_equal(owner.v, z->report->patient.v))
		return not_theirs();
	log = journal_log_said(json); /* stays the patient's own, and closed to everybody else until they open it */
	if (log < 0)
		return ERR(ERR_INVALID, "It is of a health log that this program does not have.", "an unknown log");
	name = arena_printf(z->cx->arena, "%s/%.*s", resource_type_name(entry->type), STR_ARG(entry->id));
	TRY(resource_owner(&z->act, entry->type, entry->id, &here, &known));
	known = known && !str_set_has(&z->fresh, name);
	if (is_kept_out(z, owner, known)) {
		z->report->unchanged++;
		return NULL;
	}
	if (!known)
		str_set_add(&z->fresh, name);
	z->last = name;
	return resource_prepare(&z->act,
	    &(struct resource_new){.patient = owner,
		.json = json,
		.id = entry->id,
		.updated = fhir_date_parse(FHIR_INSTANT, json_text_at(json, "meta.lastUpdated"), &updated) ? updated.low
	                                                                                                   : z->made,
		.once = known,
		.log = log},
	    out);
}

static bool
is_the_last(const struct zip_import *z, const struct bundle_entry *entry)
{
	str type, id = str_cut(z->last, '/', &type);

	return str_equal(type, str_from_z(resource_type_name(entry->type))) && str_equal(id, entry->id);
}

static fallible
take_line(struct zip_import *z, str file, int64_t number, str line, bool patient_only)
{
	const struct json_value *json;
	struct bundle bundle;
	struct resource_draft *draft = NULL;
	const struct err *error = json_parse(z->act.arena, line, &json, NULL);

	if (error ? patient_only : str_equal(json_text_at(json, "resourceType"), S("Patient")) != patient_only)
		return NULL; /* of the other time through the file */
	if (!error)
		error = bundle_read(&z->act, json, BUNDLE_KEEPS_IDS, &bundle);
	if (!error && z->count && is_the_last(z, &bundle.entries[0])) { /* its version before is to be stored first */
		TRY(zip_import_flush(z));
		return take_line(z, file, number, line, patient_only);
	}
	if (!error)
		error = take_entry(z, &bundle, &draft);
	if (error && is_one_resources_fault(error)) {
		zip_import_note(z, file, number, str_from_z(error->say));
		return NULL;
	}
	TRY(error);
	return draft ? keep(z, draft, file, number) : NULL;
}

fallible
zip_import_lines(struct zip_import *z, str name, bool patient_only)
{
	struct arena arena = ARENA_INIT; /* of the file */
	str rest, line;
	const struct err *error = zip_import_file(z, &arena, name, &rest);

	for (int64_t number = 1; rest.n && !error; number++) {
		rest = str_cut(rest, '\n', &line);
		if (str_trim(line).n)
			error = take_line(z, name, number, line, patient_only);
	}
	if (!error)
		error = zip_import_flush(z);
	error = error ? err_copy(z->cx->arena, error) : NULL;
	arena_release(&arena);
	return error;
}
