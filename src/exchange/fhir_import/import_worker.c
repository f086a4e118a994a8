/* SPDX-License-Identifier: Apache-2.0 */
/* The surprise: there is no writing thread here.  While one worker waits for its act to be durable the others prepare. */
#include "exchange/fhir_import/import_worker.h"

/* A resource ready to be stored. */
struct ready {
	struct resource_draft *draft;
	struct patient_sealed *patient; /* of a Patient */
	int64_t entry, line;
};

struct worker {
	struct import_run *run;
	struct cx cx;            /* its arena is of one act */
	struct arena arena;      /* of one act */
	struct arena unit_arena; /* of one unit */
	struct import_unit unit;

	struct ready ready[FHIR_IMPORT_ACT_MAX];
	struct resource_draft *drafts[FHIR_IMPORT_ACT_MAX];
	struct resource_put_result results[FHIR_IMPORT_ACT_MAX];
	size_t count;
	int64_t patients; /* of the act that ran last */
	bool is_last_try; /* nothing is put off any more */
};

/* ---- the report ---- */

static void
note_problem(
    struct worker *w, int64_t line, int64_t column, int64_t entry, resource_type type, str type_name, str reason)
{
	struct import_run *run = w->run;

	pthread_mutex_lock(&run->mutex);
	run->report.problems_all++;
	if (entry || type_name.p)
		run->report.by_type[type].refused++;
	else
		run->report.files_broken++;
	/* The one that comes first in a list that is sorted later is not known yet: keep twice as many. */
	if (run->problems.count < 2 * FHIR_IMPORT_PROBLEMS_MAX)
		*LIST_ADD(&run->arena, &run->problems) = (struct fhir_import_problem){
		    .path = w->unit.path,
		    .line = line,
		    .column = column,
		    .entry = entry,
		    .type = arena_str(&run->arena, str_take(type_name, 64)),
		    .reason = arena_str(&run->arena, reason),
		};
	pthread_mutex_unlock(&run->mutex);
}

static void
note_results(struct worker *w)
{
	struct fhir_import_report *report = &w->run->report;

	pthread_mutex_lock(&w->run->mutex);
	for (size_t i = 0; i < w->count; i++) {
		struct fhir_import_count *count = &report->by_type[resource_draft_type(w->drafts[i])];

		if (!w->results[i].changed)
			count->unchanged++;
		else if (w->results[i].version == 1)
			count->added++;
		else
			count->changed++;
	}
	report->patients += w->patients;
	pthread_mutex_unlock(&w->run->mutex);
}

/* ---- the act ---- */

static bool
is_first_of_its_patient(const struct worker *w, size_t at)
{
	patient_id patient = resource_draft_patient(w->drafts[at]);

	for (size_t i = 0; i < at; i++)
		if (w->results[i].changed && uuid_equal(resource_draft_patient(w->drafts[i]).v, patient.v))
			return false;
	return true;
}

/* One entry per patient whose record changed. Resources of one patient stand together, so this is short. */
static void
record_in_trail(struct tx *tx, const struct worker *w)
{
	for (size_t i = 0; i < w->count; i++) {
		patient_id patient = resource_draft_patient(w->drafts[i]);
		struct audit audit = {.action = AUDIT_IMPORT, .subject = AUDIT_RECORD, .why = ACCESS_SYSTEM};

		if (!w->results[i].changed || !is_first_of_its_patient(w, i))
			continue;
		for (size_t j = i; j < w->count; j++)
			audit.count +=
			    w->results[j].changed && uuid_equal(resource_draft_patient(w->drafts[j]).v, patient.v);
		if (!uuid_equal(patient.v, RECORD_COMMONS.v))
			audit.patient = patient;
		audit_add(tx, &audit);
	}
}

static const struct err *
import_act(struct tx *tx, void *arg)
{
	struct worker *w = arg;

	w->patients = 0;
	TRY(resource_put_all(tx, w->drafts, w->count, w->results));
	for (size_t i = 0; i < w->count; i++) {
		if (!w->ready[i].patient || !w->results[i].changed)
			continue;
		TRY(patient_put(tx, w->ready[i].patient));
		w->patients++;
	}
	record_in_trail(tx, w);
	return NULL;
}

static bool
is_one_resources_fault(const struct err *error)
{
	return error->code == ERR_CONFLICT || error->code == ERR_INVALID || error->code == ERR_GONE;
}

static fallible
write_in_turn(struct worker *w)
{
	const struct err *error;

	pthread_mutex_lock(&w->run->turn);
	error = db_write(&w->cx, import_act, w);
	pthread_mutex_unlock(&w->run->turn);
	return error;
}

/* The act failed because of one of its resources: write each alone, so that only that one is refused. */
static fallible
write_singly(struct worker *w)
{
	struct ready all[FHIR_IMPORT_ACT_MAX];
	size_t count = w->count;

	memcpy(all, w->ready, count * sizeof(all[0]));
	for (size_t i = 0; i < count; i++) {
		const struct err *error;
		resource_type type = resource_draft_type(all[i].draft);

		w->ready[0] = all[i];
		w->drafts[0] = all[i].draft;
		w->count = 1;
		error = write_in_turn(w);
		if (error && !is_one_resources_fault(error))
			return error;
		if (error)
			note_problem(w, all[i].line, 0, all[i].entry, type, str_from_z(resource_type_name(type)),
			    str_from_z(error->say));
		else
			note_results(w);
	}
	return NULL;
}

static fallible
write_ready(struct worker *w)
{
	const struct err *error = NULL;

	if (w->count) {
		for (size_t i = 0; i < w->count; i++)
			w->drafts[i] = w->ready[i].draft;
		error = write_in_turn(w);
		if (!error)
			note_results(w);
		else if (is_one_resources_fault(error))
			error = write_singly(w);
	}
	if (error) {
		pthread_mutex_lock(&w->run->mutex);
		if (!w->run->error)
			w->run->error = err_copy(&w->run->arena, error);
		error = w->run->error;
		pthread_mutex_unlock(&w->run->mutex);
	}
	w->count = 0;
	db_refresh(&w->cx);
	arena_clear(&w->arena);
	return error;
}

/* ---- resources ---- */

/* Keep it for the end, when it names something that may still come. */
static bool
put_off(struct worker *w, const struct json_value *json, const struct ready *ready, str id)
{
	struct import_run *run = w->run;
	str text = json_source(json);
	bool fits;

	if (w->is_last_try || !resource_patient_reference(json).p)
		return false;
	pthread_mutex_lock(&run->mutex);
	fits = run->later.count < IMPORT_LATER_MAX && run->later_bytes + text.n <= IMPORT_LATER_BYTES_MAX;
	if (fits) {
		*LIST_ADD(&run->arena, &run->later) = (struct import_later){
		    .path = w->unit.path,
		    .id = arena_str(&run->arena, id),
		    .text = arena_str(&run->arena, text),
		    .entry = ready->entry,
		    .line = ready->line,
		};
		run->later_bytes += text.n;
	}
	pthread_mutex_unlock(&run->mutex);
	return fits;
}

/* `out->draft` stays NULL for what is put off. */
static fallible
make_ready(struct worker *w, const struct bundle *bundle, const struct bundle_entry *entry, struct ready *out)
{
	const struct json_value *json;
	const struct err *error;
	patient_id owner;
	size_t unresolved;

	if (!entry->json)
		return ERR(ERR_INVALID, "The entry has no resource.", "an entry without a resource");
	if (entry->method != BUNDLE_PUT && entry->method != BUNDLE_POST)
		return ERR(ERR_INVALID, "An import takes entries that create or update (POST, PUT).", "another method");
	if (entry->type == RESOURCE_BUNDLE)
		return ERR(ERR_INVALID, "A Bundle inside of a Bundle is not taken apart.", "a bundle in a bundle");
	TRY(bundle_resolve(&w->cx, bundle, entry, &json, &unresolved));
	error = bundle_owner(&w->cx, bundle, json, entry->id, &owner);
	if (error && error->code == ERR_INVALID && put_off(w, json, out, entry->id))
		return NULL;
	TRY(error);
	TRY(resource_prepare(&w->cx,
	    &(struct resource_new){.patient = owner, .json = json, .id = entry->id, .once = true}, &out->draft));
	if (entry->type == RESOURCE_PATIENT)
		TRY(record_patient_seal(&w->cx, owner, w->run->facility, json, &out->patient));
	if (unresolved) {
		pthread_mutex_lock(&w->run->mutex);
		w->run->report.unresolved += (int64_t)unresolved;
		pthread_mutex_unlock(&w->run->mutex);
	}
	return NULL;
}

static bool
type_is_taken(str type)
{
	static const char *const taken[] = {"transaction", "batch", "collection", "searchset"};

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (str_equal(type, str_from_z(taken[i])))
			return true;
	return false;
}

/* All resources of one JSON text. `line` is where it begins in a file of lines. */
static fallible
import_text(struct worker *w, str text, int64_t line)
{
	struct cx unit_cx = w->cx; /* what lives as long as the unit */
	const struct json_value *json;
	struct json_error where = {0};
	struct bundle bundle;
	const struct err *error;
	bool is_bundle;

	unit_cx.arena = &w->unit_arena;
	error = json_parse(&w->unit_arena, text, &json, &where);
	if (error) {
		note_problem(w, where.line + line - 1, where.column, w->unit.is_lines ? line : 0, 0,
		    w->unit.is_lines ? S("") : STR_NONE, str_from_z(error->say));
		return NULL;
	}
	error = bundle_read(&unit_cx, json, BUNDLE_KEEPS_IDS, &bundle);
	if (!error && !type_is_taken(bundle.type))
		error = ERR(ERR_INVALID,
		    "Of Bundles, an import takes those of type transaction, batch, collection and searchset.",
		    "another type of bundle");
	if (error) {
		note_problem(w, line, 1, w->unit.is_lines ? line : 0, 0, w->unit.is_lines ? S("") : STR_NONE,
		    str_from_z(error->say));
		return NULL;
	}
	is_bundle = str_equal(json_text_at(json, "resourceType"), S("Bundle"));
	for (size_t i = 0; i < bundle.count; i++) {
		struct bundle_entry *entry = &bundle.entries[i];
		struct ready ready = {.entry = is_bundle ? (int64_t)i + 1 : 0, .line = w->unit.is_lines ? line : 0};

		error = make_ready(w, &bundle, entry, &ready);
		if (error && !is_one_resources_fault(error))
			return error;
		if (error)
			note_problem(w, ready.line, 0, ready.entry, entry->type,
			    json_text_at(entry->json, "resourceType"), str_from_z(error->say));
		else if (ready.draft)
			w->ready[w->count++] = ready;
		if (w->count == FHIR_IMPORT_ACT_MAX)
			TRY(write_ready(w));
	}
	return NULL;
}

static fallible
import_unit(struct worker *w)
{
	str rest = w->unit.text, line;
	int64_t number = w->unit.line;

	if (w->unit.begins_file) {
		pthread_mutex_lock(&w->run->mutex);
		w->run->report.files++;
		pthread_mutex_unlock(&w->run->mutex);
	}
	if (w->unit.unreadable.p)
		note_problem(w, 0, 0, 0, 0, STR_NONE, w->unit.unreadable);
	if (!w->unit.text.p)
		return NULL;
	if (!w->unit.is_lines) {
		TRY(import_text(w, rest, 1));
		return write_ready(w);
	}
	while (rest.n) {
		rest = str_cut(rest, '\n', &line);
		if (str_trim(line).n)
			TRY(import_text(w, line, number));
		number++;
	}
	return write_ready(w);
}

static struct worker *
worker_new(struct arena *arena, struct import_run *run)
{
	struct worker *w = ARENA_NEW(arena, struct worker);

	w->run = run;
	w->cx = *run->cx;
	w->cx.arena = &w->arena;
	w->cx.conn = NULL;
	w->cx.journal = NULL;
	return w;
}

static void
worker_release(struct worker *w)
{
	db_release(&w->cx);
	arena_release(&w->arena);
	arena_release(&w->unit_arena);
}

void *
import_worker_main(void *arg)
{
	struct import_run *run = arg;
	struct arena arena = ARENA_INIT; /* of the worker */
	struct worker *w = worker_new(&arena, run);
	bool stops = false;

	while (!stops && import_source_next(run->source, &w->unit_arena, &w->unit)) {
		const struct err *error = import_unit(w);

		pthread_mutex_lock(&run->mutex);
		if (error && !run->error)
			run->error = err_copy(&run->arena, error);
		stops = run->error;
		pthread_mutex_unlock(&run->mutex);
		arena_clear(&w->unit_arena);
	}
	worker_release(w);
	arena_release(&arena);
	pthread_mutex_lock(&run->mutex);
	run->working--;
	pthread_cond_signal(&run->ended);
	pthread_mutex_unlock(&run->mutex);
	return NULL;
}

static fallible
import_later_one(struct worker *w, const struct import_later *later)
{
	struct ready ready = {.entry = later->entry, .line = later->line};
	const struct json_value *json;
	const struct err *error;
	struct bundle bundle;

	w->unit.path = later->path;
	TRY(json_parse(&w->arena, later->text, &json, NULL));
	TRY(bundle_read(&w->cx, json, BUNDLE_KEEPS_IDS, &bundle));
	bundle_rename(&w->cx, &bundle, &bundle.entries[0], later->id);
	error = make_ready(w, &bundle, &bundle.entries[0], &ready);
	if (error && !is_one_resources_fault(error))
		return error;
	if (error)
		note_problem(w, ready.line, 0, ready.entry, bundle.entries[0].type, json_text_at(json, "resourceType"),
		    str_from_z(error->say));
	else
		w->ready[w->count++] = ready;
	return write_ready(w);
}

fallible
import_later_ones(struct import_run *run)
{
	struct arena arena = ARENA_INIT;
	struct worker *w = worker_new(&arena, run);
	const struct err *error = NULL;

	w->is_last_try = true;
	for (size_t i = 0; i < run->later.count && !error; i++)
		error = import_later_one(w, &run->later.items[i]);
	error = error ? err_copy(run->cx->arena, error) : NULL;
	worker_release(w);
	arena_release(&arena);
	return error;
}
