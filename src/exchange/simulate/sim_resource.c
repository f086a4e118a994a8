/* SPDX-License-Identifier: Apache-2.0 */
/* The pieces that simulated FHIR resources are put together from. */
#include "exchange/simulate/sim_internal.h"
#include "platform/format/fhir_date.h"
#include "trust/audit/audit.h"

void
sim_begin(struct json_writer *w, struct buf *json, const char *type, struct uuid id)
{
	*w = (struct json_writer)JSON_WRITER(json);
	json_write_object(w);
	json_put_text(w, "resourceType", str_from_z(type));
	json_put_text(w, "id", uuid_text(json->arena, id));
}

void
sim_reference(struct json_writer *w, const char *name, const char *type, struct uuid id, str display)
{
	struct buf text = BUF_INIT(w->out->arena);

	buf_printf(&text, "%s/", type);
	buf_add_uuid(&text, id);
	if (name)
		json_put_object(w, name);
	else
		json_write_object(w);
	json_put_text(w, "reference", buf_str(&text));
	json_put_text(w, "display", display);
	json_write_end(w);
}

void
sim_concept(struct json_writer *w, const char *name, const char *system, const char *code, const char *display,
    const char *text)
{
	if (name)
		json_put_object(w, name);
	else
		json_write_object(w);
	json_put_array(w, "coding");
	json_write_object(w);
	json_put_text(w, "system", str_from_z(system));
	json_put_text(w, "code", str_from_z(code));
	json_put_text(w, "display", str_from_z(display));
	json_write_end(w);
	json_write_end(w);
	json_put_text(w, "text", str_from_z(text ? text : display));
	json_write_end(w);
}

void
sim_category(struct json_writer *w, const char *system, const char *code)
{
	json_put_array(w, "category");
	json_write_object(w);
	json_put_array(w, "coding");
	json_write_object(w);
	json_put_text(w, "system", str_from_z(system));
	json_put_text(w, "code", str_from_z(code));
	json_write_end(w);
	json_write_end(w);
	json_write_end(w);
	json_write_end(w);
}

void
sim_time(struct json_writer *w, const char *name, instant at)
{
	json_put_text(w, name, fhir_instant_text(w->out->arena, at));
}

void
sim_day(struct json_writer *w, const char *name, instant at)
{
	json_put_text(w, name, fhir_date_text(w->out->arena, civil_date_from_days((int32_t)(at.ms / DAY_MS))));
}

void
sim_quantity(struct json_writer *w, const char *name, double value, int decimals, const char *unit, const char *ucum)
{
	json_put_object(w, name);
	json_put_number(w, "value", arena_printf(w->out->arena, "%.*f", decimals, value));
	json_put_text(w, "unit", str_from_z(unit));
	json_put_text(w, "system", S("http://unitsofmeasure.org"));
	json_put_text(w, "code", str_from_z(ucum));
	json_write_end(w);
}

void
sim_add(struct sim *sim, patient_id owner, struct uuid id, struct buf *json)
{
	struct arena *arena = sim->cx->arena;
	const struct json_value *value;
	struct resource_draft *draft = NULL;

	if (sim->error)
		return;
	sim->error = json_parse(arena, buf_str(json), &value, NULL);
	if (!sim->error)
		sim->error = resource_prepare(sim->cx,
		    &(struct resource_new){
			.patient = owner, .json = value, .id = uuid_text(arena, id), .updated = sim->until},
		    &draft);
	if (sim->error)
		return;
	if (sim->draft_count == sim->draft_capacity)
		sim->drafts = list_grow(arena, sim->drafts, sizeof(*sim->drafts), &sim->draft_capacity);
	sim->drafts[sim->draft_count++] = draft;
}

struct storing {
	struct sim *sim;
	patient_id owner;
	size_t from, count;
};

#define STORE_AT_ONCE 500 /* resources of one transaction */

static const struct err *
store(struct tx *tx, void *arg)
{
	const struct storing *storing = arg;
	struct resource_put_result *results = ARENA_ARRAY(tx->cx->arena, struct resource_put_result, storing->count);

	audit_add(
	    tx, &(struct audit){.action = AUDIT_IMPORT,
		    .subject = AUDIT_RECORD,
		    .patient = uuid_equal(storing->owner.v, RECORD_COMMONS.v) ? (patient_id){{{0}}} : storing->owner,
		    .count = (int64_t)storing->count,
		    .why = ACCESS_SYSTEM});
	return resource_put_all(tx, storing->sim->drafts + storing->from, storing->count, results);
}

fallible
sim_store(struct sim *sim, patient_id owner)
{
	struct storing storing = {.sim = sim, .owner = owner};

	TRY(sim->error);
	while (storing.from < sim->draft_count) {
		size_t left = sim->draft_count - storing.from;

		storing.count = left < STORE_AT_ONCE ? left : STORE_AT_ONCE;
		TRY(db_write(sim->cx, store, &storing));
		storing.from += storing.count;
	}
	sim->report->resources += (int64_t)sim->draft_count;
	sim->draft_count = sim->draft_capacity = 0;
	sim->drafts = NULL;
	return NULL;
}
