/* SPDX-License-Identifier: Apache-2.0 */
/* A patient and five years of their life with the clinic: illnesses bring medicines, medicines bring tests, tests bring visits.
 * What an illness shifts stays shifted, and comes slowly back where a medicine helps. */
#include "exchange/simulate/sim_internal.h"
#include "exchange/simulate/sim_record.h"

static void
choose_person(struct sim *sim, int64_t number, struct sim_patient *out)
{
	struct sim_random *r = &sim->random;
	struct civil_date today = civil_date_from_days((int32_t)(sim->until.ms / DAY_MS));

	out->female = sim_chance(r, 42);
	out->given = str_from_z((out->female ? sim_given_female : sim_given_male)[sim_between(r, 0, SIM_GIVEN - 1)]);
	out->family = str_from_z(sim_family[sim_between(r, 0, SIM_FAMILY - 1)]);
	out->spanish = sim_chance(r, 10);
	/* Two thirds are between 51 and 70, as My HealtheVet's users are. */
	out->age = sim_chance(r, 66) ? (int)sim_between(r, 51, 70) : (int)sim_between(r, 22, 92);
	out->born = (struct civil_date){
	    (int16_t)(today.year - out->age), (int8_t)sim_between(r, 1, 12), (int8_t)sim_between(r, 1, 28)};
	out->id = (patient_id){sim_uuid(r)};
	out->account = (account_id){sim_uuid(r)};
	out->login = number ? arena_printf(sim->cx->arena, "patient%lld", (long long)number + 1) : S("patient");
	out->team = &sim->teams[(size_t)(number / SIM_TEAM_PANEL) % sim->team_count];
	if (sim->team_count == 2) /* a small clinic shares its patients evenly */
		out->team = &sim->teams[number % 2];
	for (size_t i = 0; i < SIM_ILLNESSES; i++)
		out->ill[i] = sim_chance(r, sim_illnesses[i].percent * (out->age > 90 ? 90 : out->age) / 65);
	if (number == 0) { /* whoever tries the demonstration sees the commonest of it */
		out->age = 67;
		out->born.year = (int16_t)(today.year - 67);
		out->spanish = false;
		out->ill[0] = out->ill[1] = out->ill[2] = true;
	}
}

static void
patient_resource(struct sim *sim, const struct sim_patient *p, str number)
{
	struct buf json = BUF_INIT(sim->cx->arena);
	struct json_writer w;

	sim_begin(&w, &json, "Patient", p->id.v);
	json_put_array(&w, "identifier");
	json_write_object(&w);
	json_put_text(&w, "system", S("urn:oid:2.16.840.1.113883.19.5"));
	json_put_text(&w, "value", number);
	json_write_end(&w);
	json_write_end(&w);
	json_put_bool(&w, "active", true);
	json_put_array(&w, "name");
	json_write_object(&w);
	json_put_text(&w, "use", S("official"));
	json_put_text(&w, "family", p->family);
	json_put_array(&w, "given");
	json_write_text(&w, p->given);
	json_write_end(&w);
	json_write_end(&w);
	json_write_end(&w);
	json_put_text(&w, "gender", p->female ? S("female") : S("male"));
	json_put_text(&w, "birthDate", fhir_date_text(sim->cx->arena, p->born));
	json_put_array(&w, "communication");
	json_write_object(&w);
	sim_concept(
	    &w, "language", "urn:ietf:bcp:47", p->spanish ? "es" : "en", p->spanish ? "Spanish" : "English", NULL);
	json_write_end(&w);
	json_write_end(&w);
	json_put_array(&w, "generalPractitioner");
	sim_reference(&w, NULL, "Practitioner", p->team->members[0].practitioner, p->team->members[0].name);
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	sim_add(sim, p->id, p->id.v, &json);
}

struct joining {
	const struct sim_patient *patient;
	struct patient_sealed *person;
	struct account_sealed *account;
};

static const struct err *
join(struct tx *tx, void *arg)
{
	const struct joining *in = arg;

	TRY(patient_put(tx, in->person));
	TRY(account_put(tx, in->account));
	TRY(messaging_terms_record(tx, in->patient->id, in->patient->account, true));
	return team_add_patient(tx, in->patient->team->team.id, in->patient->id, RELATION_PANEL);
}

fallible
sim_person_make(struct sim *sim, int64_t number, struct sim_patient *out)
{
	struct cx *cx = sim->cx;
	struct joining joining = {.patient = out};
	str names[2], record_number, full;

	*out = (struct sim_patient){0};
	choose_person(sim, number, out);
	names[0] = out->given;
	names[1] = out->family;
	full = arena_printf(cx->arena, "%.*s %.*s", STR_ARG(out->given), STR_ARG(out->family));
	record_number = arena_printf(cx->arena, "MRN-%07lld", (long long)(sim_next(&sim->random) % 10000000));
	TRY(patient_seal(cx,
	    &(struct patient_new){.id = out->id,
		.facility = out->team->team.facility,
		.name = full,
		.born = fhir_date_text(cx->arena, out->born),
		.names = names,
		.name_count = 2,
		.identifiers = &record_number,
		.identifier_count = 1},
	    &joining.person));
	TRY(account_seal(cx,
	    &(struct account_new){.id = out->account,
		.role = ROLE_NONE,
		.facility = out->team->team.facility,
		.patient = out->id,
		.login = out->login,
		.name = full,
		.lang = out->spanish ? LANG_ES : LANG_EN},
	    &joining.account));
	TRY(db_write(cx, join, &joining));
	patient_resource(sim, out, record_number);
	sim_record(sim, out);
	sim_other(sim, out, number == 0);
	sim->report->patients++;
	return sim_store(sim, out->id);
}
