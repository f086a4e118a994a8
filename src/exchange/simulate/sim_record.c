/* SPDX-License-Identifier: Apache-2.0 */
/* The record of one patient, visit by visit. */
#include "exchange/simulate/sim_record.h"
#include "platform/format/base64.h"
#include "platform/format/fhir_date.h"

#define CATEGORY_SYSTEM "http://terminology.hl7.org/CodeSystem/observation-category"

struct life {
	struct sim *sim;
	struct sim_patient *p;
	double weight_kg, height_cm, systolic;
	struct uuid visit; /* the encounter at hand */
	instant at;
	int visit_number, visit_count;
};

static struct uuid
fresh(struct life *life)
{
	return sim_uuid(&life->sim->random);
}

static void
begin(struct life *life, struct json_writer *w, struct buf *json, const char *type, struct uuid id)
{
	*json = (struct buf)BUF_INIT(life->sim->cx->arena);
	sim_begin(w, json, type, id);
}

static void
finish(struct life *life, struct json_writer *w, struct buf *json, struct uuid id)
{
	json_write_end(w);
	json_write_done(w);
	sim_add(life->sim, life->p->id, id, json);
}

static void
subject(struct life *life, struct json_writer *w, const char *name)
{
	sim_reference(w, name, "Patient", life->p->id.v, STR_NONE);
}

static const struct sim_person *
doctor(const struct life *life)
{
	return &life->p->team->members[0];
}

/* ---- what stays: conditions, allergies, team ---- */

static void
condition(struct life *life, const struct sim_illness *illness, instant onset)
{
	struct uuid id = fresh(life);
	struct json_writer w;
	struct buf json;

	begin(life, &w, &json, "Condition", id);
	sim_concept(
	    &w, "clinicalStatus", "http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "Active", NULL);
	sim_concept(&w, "verificationStatus", "http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed",
	    "Confirmed", NULL);
	sim_category(&w, "http://terminology.hl7.org/CodeSystem/condition-category", "problem-list-item");
	sim_concept(&w, "code", SIM_SNOMED, illness->snomed.code, illness->snomed.display, NULL);
	subject(life, &w, "subject");
	sim_time(&w, "onsetDateTime", onset);
	sim_time(&w, "recordedDate", onset);
	sim_reference(&w, "recorder", "Practitioner", doctor(life)->practitioner, doctor(life)->name);
	finish(life, &w, &json, id);
}

static void
allergy(struct life *life, size_t i)
{
	struct uuid id = fresh(life);
	struct json_writer w;
	struct buf json;

	begin(life, &w, &json, "AllergyIntolerance", id);
	sim_concept(&w, "clinicalStatus", "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active",
	    "Active", NULL);
	sim_concept(&w, "verificationStatus", "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
	    "confirmed", "Confirmed", NULL);
	json_put_text(&w, "criticality", str_from_z(sim_allergies[i].criticality));
	sim_concept(&w, "code", SIM_SNOMED, sim_allergies[i].snomed.code, sim_allergies[i].snomed.display, NULL);
	subject(life, &w, "patient");
	sim_day(&w, "recordedDate", life->at);
	json_put_array(&w, "reaction");
	json_write_object(&w);
	json_put_array(&w, "manifestation");
	sim_concept(&w, NULL, SIM_SNOMED, sim_allergies[i].reaction_code, sim_allergies[i].reaction, NULL);
	json_write_end(&w);
	json_write_end(&w);
	json_write_end(&w);
	finish(life, &w, &json, id);
}

static void
care_team(struct life *life)
{
	struct uuid id = fresh(life);
	struct json_writer w;
	struct buf json;

	begin(life, &w, &json, "CareTeam", id);
	json_put_text(&w, "status", S("active"));
	json_put_text(&w, "name", life->p->team->team.name);
	subject(life, &w, "subject");
	json_put_array(&w, "participant");
	for (size_t i = 0; i < SIM_TEAMLET; i++) {
		const struct sim_person *person = &life->p->team->members[i];

		json_write_object(&w);
		json_put_array(&w, "role");
		json_write_object(&w);
		json_put_text(&w, "text", str_from_z(staff_role_words(person->role, LANG_EN)));
		json_write_end(&w);
		json_write_end(&w);
		sim_reference(&w, "member", "Practitioner", person->practitioner, person->name);
		json_write_end(&w);
	}
	json_write_end(&w);
	finish(life, &w, &json, id);
}

/* ---- a visit ---- */

static void
encounter(struct life *life, const char *reason)
{
	struct json_writer w;
	struct buf json;

	life->visit = fresh(life);
	begin(life, &w, &json, "Encounter", life->visit);
	json_put_text(&w, "status", S("finished"));
	json_put_object(&w, "class");
	json_put_text(&w, "system", S("http://terminology.hl7.org/CodeSystem/v3-ActCode"));
	json_put_text(&w, "code", S("AMB"));
	json_put_text(&w, "display", S("ambulatory"));
	json_write_end(&w);
	json_put_array(&w, "type");
	sim_concept(&w, NULL, SIM_SNOMED, "185349003", "Encounter for check up", "Visit with your primary care team");
	json_write_end(&w);
	subject(life, &w, "subject");
	json_put_array(&w, "participant");
	json_write_object(&w);
	sim_reference(&w, "individual", "Practitioner", doctor(life)->practitioner, doctor(life)->name);
	json_write_end(&w);
	json_write_end(&w);
	json_put_object(&w, "period");
	sim_time(&w, "start", life->at);
	sim_time(&w, "end", instant_add_ms(life->at, 30 * MINUTE_MS));
	json_write_end(&w);
	json_put_array(&w, "reasonCode");
	json_write_object(&w);
	json_put_text(&w, "text", str_from_z(reason));
	json_write_end(&w);
	json_write_end(&w);
	json_put_array(&w, "location");
	json_write_object(&w);
	sim_reference(&w, "location", "Location", life->p->team->location, life->p->team->team.place);
	json_write_end(&w);
	json_write_end(&w);
	sim_reference(&w, "serviceProvider", "Organization", life->p->team->organization, STR_NONE);
	finish(life, &w, &json, life->visit);
}

static void
observation_head(struct life *life, struct json_writer *w, const char *category, const char *code, const char *display,
    const char *text)
{
	json_put_text(w, "status", S("final"));
	sim_category(w, CATEGORY_SYSTEM, category);
	sim_concept(w, "code", SIM_LOINC, code, display, text);
	subject(life, w, "subject");
	sim_reference(w, "encounter", "Encounter", life->visit, STR_NONE);
	sim_time(w, "effectiveDateTime", life->at);
	sim_time(w, "issued", instant_add_ms(life->at, 4 * HOUR_MS));
}

static void
vital(struct life *life, const char *code, const char *display, double value, int decimals, const char *unit,
    const char *ucum)
{
	struct uuid id = fresh(life);
	struct json_writer w;
	struct buf json;

	begin(life, &w, &json, "Observation", id);
	observation_head(life, &w, "vital-signs", code, display, NULL);
	sim_quantity(&w, "valueQuantity", value, decimals, unit, ucum);
	finish(life, &w, &json, id);
}

static void
pressure_part(struct json_writer *w, const char *code, const char *display, double value)
{
	json_write_object(w);
	sim_concept(w, "code", SIM_LOINC, code, display, NULL);
	sim_quantity(w, "valueQuantity", value, 0, "mmHg", "mm[Hg]");
	json_write_end(w);
}

static void
blood_pressure(struct life *life)
{
	struct sim_random *r = &life->sim->random;
	struct uuid id = fresh(life);
	struct json_writer w;
	struct buf json;
	double systolic = sim_normal(r, life->systolic, 7);

	begin(life, &w, &json, "Observation", id);
	observation_head(
	    life, &w, "vital-signs", "85354-9", "Blood pressure panel with all children optional", "Blood pressure");
	json_put_array(&w, "component");
	pressure_part(&w, "8480-6", "Systolic blood pressure", systolic);
	pressure_part(&w, "8462-4", "Diastolic blood pressure", systolic * 0.58 + sim_normal(r, 2, 4));
	json_write_end(&w);
	finish(life, &w, &json, id);
}

static void
vitals(struct life *life)
{
	struct sim_random *r = &life->sim->random;

	blood_pressure(life);
	vital(life, "8867-4", "Heart rate", sim_normal(r, 74, 8), 0, "/min", "/min");
	life->weight_kg += sim_normal(r, 0, 0.9);
	vital(life, "29463-7", "Body weight", life->weight_kg, 1, "kg", "kg");
	vital(life, "8310-5", "Body temperature", sim_normal(r, 36.8, 0.2), 1, "Cel", "Cel");
	vital(life, "59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry", sim_normal(r, 97, 0.8), 0, "%",
	    "%");
	if (life->visit_number == 0)
		vital(life, "8302-2", "Body height", life->height_cm, 0, "cm", "cm");
}

/* Where this patient's values lie, now: illness shifts them, time and treatment bring a third of that back. */
static double
test_mean(const struct life *life, enum sim_test test)
{
	double mean = sim_tests[test].mean;

	for (size_t i = 0; i < SIM_ILLNESSES; i++)
		for (size_t s = 0; life->p->ill[i] && s < sim_illnesses[i].shift_count; s++)
			if (sim_illnesses[i].shifts[s].test == test)
				mean = sim_illnesses[i].shifts[s].mean;
	if (life->visit_count > 1)
		mean += (sim_tests[test].mean - mean) / 3 * life->visit_number / (life->visit_count - 1);
	return mean;
}

static struct uuid
lab(struct life *life, enum sim_test test)
{
	const struct sim_test_kind *kind = &sim_tests[test];
	double value = sim_normal(&life->sim->random, test_mean(life, test), kind->deviation);
	struct uuid id = fresh(life);
	struct json_writer w;
	struct buf json;

	if (value < kind->low / 2)
		value = kind->low / 2;
	begin(life, &w, &json, "Observation", id);
	observation_head(life, &w, "laboratory", kind->loinc, kind->display, NULL);
	sim_quantity(&w, "valueQuantity", value, kind->decimals, kind->unit, kind->ucum);
	if (value < kind->low || value > kind->high) {
		json_put_array(&w, "interpretation");
		sim_concept(&w, NULL, "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
		    value < kind->low ? "L" : "H", value < kind->low ? "Low" : "High", NULL);
		json_write_end(&w);
	}
	json_put_array(&w, "referenceRange");
	json_write_object(&w);
	sim_quantity(&w, "low", kind->low, kind->decimals, kind->unit, kind->ucum);
	sim_quantity(&w, "high", kind->high, kind->decimals, kind->unit, kind->ucum);
	json_write_end(&w);
	json_write_end(&w);
	finish(life, &w, &json, id);
	return id;
}

static void
panel(struct life *life, const struct sim_panel *panel)
{
	struct uuid id = fresh(life), results[6];
	struct json_writer w;
	struct buf json;

	for (size_t i = 0; i < panel->count; i++)
		results[i] = lab(life, panel->tests[i]);
	begin(life, &w, &json, "DiagnosticReport", id);
	json_put_text(&w, "status", S("final"));
	sim_category(&w, "http://terminology.hl7.org/CodeSystem/v2-0074", "LAB");
	sim_concept(&w, "code", SIM_LOINC, panel->loinc.code, panel->loinc.display, panel->words);
	subject(life, &w, "subject");
	sim_reference(&w, "encounter", "Encounter", life->visit, STR_NONE);
	sim_time(&w, "effectiveDateTime", life->at);
	sim_time(&w, "issued", instant_add_ms(life->at, 4 * HOUR_MS));
	json_put_array(&w, "result");
	for (size_t i = 0; i < panel->count; i++)
		sim_reference(&w, NULL, "Observation", results[i], STR_NONE);
	json_write_end(&w);
	finish(life, &w, &json, id);
}

static void
prescribe(struct life *life, struct sim_random *r, const struct sim_illness *illness, size_t k, bool current)
{
	sim_prescribe(life->sim, life->p, r,
	    &(struct sim_order){.medicine = &illness->medicines[k],
		.for_what = illness->words,
		.visit = life->visit,
		.at = life->at,
		.current = current});
}

static void
vaccine(struct life *life, size_t i)
{
	struct uuid id = fresh(life);
	struct json_writer w;
	struct buf json;

	begin(life, &w, &json, "Immunization", id);
	json_put_text(&w, "status", S("completed"));
	sim_concept(&w, "vaccineCode", SIM_CVX, sim_vaccines[i].cvx, sim_vaccines[i].display, NULL);
	subject(life, &w, "patient");
	sim_reference(&w, "encounter", "Encounter", life->visit, STR_NONE);
	sim_time(&w, "occurrenceDateTime", life->at);
	json_put_bool(&w, "primarySource", true);
	finish(life, &w, &json, id);
}

static void
note(struct life *life, const char *reason)
{
	struct arena *arena = life->sim->cx->arena;
	struct uuid id = fresh(life);
	struct json_writer w;
	struct buf json, text = BUF_INIT(arena);

	buf_printf(&text, "Visit note\n\n%.*s %.*s, %d years, came for: %s.\n\nWhat was said\n",
	    STR_ARG(life->p->given), STR_ARG(life->p->family), life->p->age, reason);
	for (size_t i = 0; i < SIM_ILLNESSES; i++)
		if (life->p->ill[i])
			buf_printf(&text, "- %s: stable, goes on with treatment.\n", sim_illnesses[i].snomed.display);
	buf_printf(&text,
	    "\nBlood pressure usually about %.0f at the clinic. Weight %.1f kg.\n\nPlan\n"
	    "Continue medicines as listed. Blood tests before the next visit. Walk 30 minutes on most days.\n"
	    "Write to the team with any question.\n\n%.*s\n",
	    life->systolic, life->weight_kg, STR_ARG(doctor(life)->name));
	begin(life, &w, &json, "DocumentReference", id);
	json_put_text(&w, "status", S("current"));
	sim_concept(&w, "type", SIM_LOINC, "11506-3", "Progress note", NULL);
	sim_category(&w, "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category", "clinical-note");
	subject(life, &w, "subject");
	sim_time(&w, "date", instant_add_ms(life->at, HOUR_MS));
	json_put_array(&w, "author");
	sim_reference(&w, NULL, "Practitioner", doctor(life)->practitioner, doctor(life)->name);
	json_write_end(&w);
	json_put_array(&w, "content");
	json_write_object(&w);
	json_put_object(&w, "attachment");
	json_put_text(&w, "contentType", S("text/plain; charset=utf-8"));
	json_put_text(&w, "data", base64_encode(arena, buf_str(&text)));
	json_put_text(&w, "title", S("Visit note"));
	json_write_end(&w);
	json_write_end(&w);
	json_write_end(&w);
	json_put_object(&w, "context");
	json_put_array(&w, "encounter");
	sim_reference(&w, NULL, "Encounter", life->visit, STR_NONE);
	json_write_end(&w);
	json_write_end(&w);
	finish(life, &w, &json, id);
}

/* ---- all of it ---- */

static const char *const reasons[] = {"Yearly check", "Follow-up", "Follow-up of blood pressure and medicines",
    "Blood test results", "Cough for two weeks", "Pain in the knee", "New prescription", "Tired for some weeks"};

static void
one_visit(struct life *life)
{
	struct sim_random *r = &life->sim->random;
	const char *reason = reasons[life->visit_number == 0 ? 0 : sim_between(r, 1, 7)];
	bool wanted[PANEL_COUNT] = {[PANEL_METABOLIC] = sim_chance(r, 30), [PANEL_LIPIDS] = sim_chance(r, 20)};
	bool last = life->visit_number == life->visit_count - 1;

	encounter(life, reason);
	vitals(life);
	for (size_t i = 0; i < SIM_ILLNESSES; i++) {
		const struct sim_illness *illness = &sim_illnesses[i];

		if (!life->p->ill[i])
			continue;
		for (size_t k = 0; k < illness->panel_count; k++)
			wanted[illness->panels[k]] = true;
		for (size_t k = 0; k < illness->medicine_count; k++) /* the second one only from the middle on */
			if ((k == 0 && life->visit_number % 3 == 0) ||
			    (k == 1 && life->visit_number == life->visit_count / 2) || (last && k == 0))
				prescribe(life, r, illness, k, last);
		if (last && illness->medicine_count > 1) { /* a stream of its own: what follows stays as it was */
			struct sim_random own = sim_branch((uint64_t)illness->medicines[1].days, r->state);

			prescribe(life, &own, illness, 1, true);
		}
	}
	for (size_t i = 0; i < PANEL_COUNT; i++)
		if (wanted[i])
			panel(life, &sim_panels[i]);
	for (size_t i = 0; i < SIM_VACCINES; i++)
		if (sim_vaccines[i].every_years == 1 ? life->visit_number % 3 == 2 : sim_chance(r, 5))
			vaccine(life, i);
	note(life, reason);
}

/* What their messages can be about. */
static void
remember_topics(struct life *life)
{
	for (size_t i = 0; i < SIM_ILLNESSES && !life->p->medicine; i++)
		if (life->p->ill[i] && sim_illnesses[i].medicine_count)
			life->p->medicine = sim_illnesses[i].medicines[0].display;
	life->p->test = life->p->ill[1] ? "hemoglobin A1c" : life->p->ill[2] ? "cholesterol" : "blood test";
}

void
sim_record(struct sim *sim, struct sim_patient *patient)
{
	struct sim_random *r = &sim->random;
	struct life life = {.sim = sim, .p = patient};
	int64_t span_ms = (int64_t)SIM_YEARS * 365 * DAY_MS, step_ms;

	life.height_cm = sim_normal(r, patient->female ? 163 : 177, 6);
	life.weight_kg = sim_normal(r, patient->female ? 74 : 87, 12);
	life.systolic = sim_normal(r, 122, 5);
	for (size_t i = 0; i < SIM_ILLNESSES; i++)
		if (patient->ill[i] && sim_illnesses[i].raises_pressure)
			life.systolic = sim_normal(r, 139, 6);
	life.visit_count = (int)sim_between(r, 9, 16);
	step_ms = span_ms / life.visit_count;
	life.at = instant_add_ms(sim->until, -span_ms);
	care_team(&life);
	for (size_t i = 0; i < SIM_ILLNESSES; i++)
		if (patient->ill[i])
			condition(
			    &life, &sim_illnesses[i], instant_add_ms(life.at, -sim_between(r, 30, 3000) * DAY_MS));
	if (sim_chance(r, 35))
		allergy(&life, (size_t)sim_between(r, 0, SIM_ALLERGIES - 1));
	for (; life.visit_number < life.visit_count; life.visit_number++) {
		int64_t day = (sim->until.ms - span_ms + step_ms * life.visit_number) / DAY_MS + sim_between(r, 0, 20);

		life.at = (instant){day * DAY_MS + 14 * HOUR_MS + sim_between(r, 0, 16) * 30 * MINUTE_MS};
		if (life.at.ms > sim->until.ms)
			break;
		one_visit(&life);
	}
	remember_topics(&life);
}
