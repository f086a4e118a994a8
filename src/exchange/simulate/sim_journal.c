/* SPDX-License-Identifier: Apache-2.0 */
/* What a patient writes down at home: some weeks of blood pressures and weights, an allergy, an emergency contact, a goal.  Most share
 * the measures with their care team, some share nothing. */
#include "care/journal/journal.h"
#include "exchange/simulate/sim_internal.h"
#include "platform/format/fhir_date.h"
#include "trust/consent/journal_share.h"

#define WRITING_PERCENT 60 /* of patients who write anything down */
#define SHARING_PERCENT 75 /* of those, who share the measures */
#define DAYS            60
#define PRESSURE_LOG    1 /* numbers of journal_logs.c */
#define WEIGHT_LOG      4

struct pen {
	struct sim *sim;
	const struct sim_patient *p;
	struct sim_random random;
};

static void
write_down(struct pen *pen, const char *log, const struct journal_said *said, size_t count)
{
	struct sim *sim = pen->sim;
	struct resource_draft *draft = NULL;

	if (sim->error)
		return;
	sim->error = journal_prepare(sim->cx,
	    &(struct journal_bring){.patient = pen->p->id,
		.log = log,
		.id = sim_uuid(&pen->random),
		.said = said,
		.count = count,
		.updated = sim->until},
	    &draft);
	if (sim->error)
		return;
	if (sim->draft_count == sim->draft_capacity)
		sim->drafts = list_grow(sim->cx->arena, sim->drafts, sizeof(*sim->drafts), &sim->draft_capacity);
	sim->drafts[sim->draft_count++] = draft;
}
#define WRITE(pen, log, ...)                                                 \
	write_down((pen), (log), (const struct journal_said[]){__VA_ARGS__}, \
	    sizeof((const struct journal_said[]){__VA_ARGS__}) / sizeof(struct journal_said))

static str
number(struct pen *pen, int64_t value)
{
	return arena_printf(pen->sim->cx->arena, "%lld", (long long)value);
}

static void
write_measures(struct pen *pen)
{
	struct arena *arena = pen->sim->cx->arena;
	int64_t upper = sim_between(&pen->random, 116, 148), tenths = sim_between(&pen->random, 1400, 2400);

	for (int64_t day = DAYS; day > 0; day -= sim_between(&pen->random, 1, 3)) {
		instant at =
		    instant_add_ms(pen->sim->until, -day * DAY_MS + sim_between(&pen->random, 11, 14) * HOUR_MS);
		str when = fhir_instant_text(arena, at);
		int64_t high = upper + sim_between(&pen->random, -9, 9);

		tenths += sim_between(&pen->random, -8, 7);
		WRITE(pen, "blood-pressure", {"systolic", number(pen, high), S("mm[Hg]")},
		    {"diastolic", number(pen, high - sim_between(&pen->random, 42, 56)), S("mm[Hg]")},
		    {"at", when, STR_NONE}, {"device", S("Upper arm monitor"), STR_NONE});
		if (sim_chance(&pen->random, 60))
			WRITE(pen, "weight",
			    {"value",
				arena_printf(arena, "%lld.%lld", (long long)(tenths / 10), (long long)(tenths % 10)),
				S("[lb_av]")},
			    {"at", when, STR_NONE});
	}
}

static void
write_the_rest(struct pen *pen)
{
	static const char *const allergies[][2] = {
	    {"Penicillin", "Rash"}, {"Peanuts", "Swelling"}, {"Latex", "Itching"}};
	size_t which = (size_t)sim_between(&pen->random, 0, 2);

	WRITE(pen, "allergies", {"name", str_from_z(allergies[which][0]), STR_NONE},
	    {"reaction", str_from_z(allergies[which][1]), STR_NONE}, {"severity", S("moderate"), STR_NONE});
	WRITE(pen, "contacts",
	    {"name", arena_printf(pen->sim->cx->arena, "Alex %.*s", STR_ARG(pen->p->family)), STR_NONE},
	    {"relation", S("child"), STR_NONE}, {"phone", S("555-0142"), STR_NONE});
	WRITE(pen, "goals", {"goal", S("Walk for 30 minutes, five days a week"), STR_NONE},
	    {"area", S("activity"), STR_NONE}, {"state", S("active"), STR_NONE},
	    {"progress", number(pen, sim_between(&pen->random, 1, 9) * 10), S("%")},
	    {"steps", S("Walk to the park\nTake the stairs\nWalk with a friend on Sundays"), STR_NONE});
}

static fallible
share_measures(struct pen *pen)
{
	static const int64_t shared[] = {PRESSURE_LOG, WEIGHT_LOG};
	struct cx as = *pen->sim->cx;
	const struct err *error = NULL;

	as.conn = NULL;
	as.now = instant_add_ms(pen->sim->until, -DAYS * DAY_MS);
	as.who = (struct who){.is = WHO_PATIENT,
	    .account = pen->p->account,
	    .patient = pen->p->id,
	    .facility = pen->p->team->team.facility};
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]) && !error; i++)
		error = journal_share_set(&as, pen->p->id, shared[i], &SHARE_CARE_TEAM, 1);
	db_release(&as);
	return error;
}

fallible
sim_journal(struct sim *sim, const struct sim_patient *patient)
{
	struct pen pen = {sim, patient, {0}};

	memcpy(&pen.random.state, patient->id.v.bytes, sizeof(pen.random.state)); /* its own stream */
	if (!sim_chance(&pen.random, WRITING_PERCENT) && !str_equal(patient->login, S("patient")))
		return NULL;
	write_measures(&pen);
	write_the_rest(&pen);
	TRY(sim_store(sim, patient->id));
	return sim_chance(&pen.random, SHARING_PERCENT) ? share_measures(&pen) : NULL;
}
