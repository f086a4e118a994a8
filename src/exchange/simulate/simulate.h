/* SPDX-License-Identifier: Apache-2.0 */
/* A believable clinic out of a seed: facilities, PACT teamlets, patients with coherent records of several years, and the
 * messages they write.  Everything is written through the functions of real use.  The same seed, size and day give the same
 * clinic. */
#ifndef SALVE_SIMULATE_H
#define SALVE_SIMULATE_H

#include "care/organization/organization.h"
#include "care/record/record.h"

#define SIMULATE_PATIENTS_MAX 1000000

struct simulate_progress {
	int64_t patients_done, patients, resources, messages;
};
struct simulate_options {
	int64_t patients;
	uint64_t seed;
	instant until; /* the day the clinic is simulated up to; none: today */
	void (*progress)(void *arg, const struct simulate_progress *progress); /* may be NULL */
	void *progress_arg;
};
struct simulate_report {
	int64_t facilities, teams, staff, patients, resources, threads, messages;
	int64_t milliseconds; /* all together */
	/* One of each to show the clinic with. */
	str patient_login, nurse_login, physician_login, administrator_login;
};
/* ERR_CONFLICT when this database holds a simulated clinic of that seed already. */
fallible simulate_run(struct cx *cx, const struct simulate_options *options, struct simulate_report *out);

#endif
