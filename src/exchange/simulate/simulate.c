/* SPDX-License-Identifier: Apache-2.0 */
/* The run: the clinic, then patient after patient, each with memory of its own, so that a million need no more than one. */
#include "exchange/pharmacy/pharmacy.h"
#include "exchange/simulate/sim_internal.h"

static fallible
one_patient(struct sim *sim, uint64_t seed, int64_t number)
{
	struct cx *cx = sim->cx;
	struct arena arena = ARENA_INIT, *outer = cx->arena;
	struct sim_patient patient;
	const struct err *error;

	cx->arena = &arena;
	sim->random = sim_branch(seed, (uint64_t)number + 1);
	error = sim_person_make(sim, number, &patient);
	if (!error)
		error = sim_journal(sim, &patient);
	if (!error)
		error = sim_messages(sim, &patient);
	if (!error)
		error = sim_medicines(sim, &patient);
	if (!error)
		error = sim_visits(sim, number, &patient);
	if (!error && number == 0)
		sim->report->patient_login = arena_str(outer, patient.login);
	error = err_copy(outer, error);
	db_release(cx);
	sim->drafts = NULL;
	sim->draft_count = sim->draft_capacity = 0;
	cx->arena = outer;
	arena_release(&arena);
	return error;
}

/* What the pharmacy said of the requests by now, and what the clock found standing still. */
static fallible
catch_up(struct sim *sim)
{
	struct cx *cx = sim->cx;
	instant before = cx->now;
	const struct err *error = NULL;

	for (int64_t hours = 36; hours >= 0 && !error; hours -= 12) { /* it is away at times */
		cx->now = instant_add_ms(sim->until, -hours * HOUR_MS);
		error = pharmacy_ask_all(cx);
		db_refresh(cx);
	}
	if (!error)
		error = refills_chase(cx);
	db_release(cx);
	cx->now = before;
	return error;
}

fallible
simulate_run(struct cx *cx, const struct simulate_options *options, struct simulate_report *out)
{
	struct sim sim = {.cx = cx, .random = sim_branch(options->seed, 0), .report = out};
	int64_t begun = monotonic_ms();
	const struct err *error;

	if (options->patients < 1 || options->patients > SIMULATE_PATIENTS_MAX)
		return err_said(
		    cx->arena, ERR_INVALID, "The number of patients must be from 1 to %d.", SIMULATE_PATIENTS_MAX);
	*out = (struct simulate_report){0};
	sim.until = instant_is_none(options->until) ? cx->now : options->until;
	sim.opened = instant_add_ms(sim.until, -(SIM_YEARS + 1) * (int64_t)365 * DAY_MS);
	cx->now = sim.opened;
	error = sim_clinic(&sim, options->patients);
	if (error && error->code == ERR_CONFLICT)
		return ERR(ERR_CONFLICT, "This database holds a clinic already. Give another --data, or another --db.",
		    "simulated twice");
	TRY(error);
	TRY(sim_offer(&sim));
	for (int64_t i = 0; i < options->patients; i++) {
		TRY(one_patient(&sim, options->seed, i));
		if (options->progress)
			options->progress(options->progress_arg,
			    &(struct simulate_progress){i + 1, options->patients, out->resources, out->messages});
	}
	TRY(catch_up(&sim));
	out->milliseconds = monotonic_ms() - begun;
	return NULL;
}
