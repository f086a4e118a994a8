/* SPDX-License-Identifier: Apache-2.0 */
/* A small clinic for tests: two teams that care for one patient each, so that every test can ask as the right and as the
 * wrong person. */
#ifndef SALVE_PEOPLE_H
#define SALVE_PEOPLE_H

#include "world.h"

#include "care/organization/organization.h"
#include "trust/consent/consent.h"

struct people {
	struct facility facility; /* "Cedar Valley Clinic", America/New_York, answers in 3 business days */
	/* Team Maple cares for Maria */
	team_id maple;
	patient_id maria;
	account_id maria_account; /* login "maria" */
	account_id ana;           /* nurse, login "ana" */
	account_id okafor;        /* physician, login "okafor" */
	/* Team Birch cares for Bo */
	team_id birch;
	patient_id bo;
	account_id bo_account;
	account_id ben;  /* nurse of Birch */
	account_id root; /* administrator, member of no team */
};

/* Make them all. No one has a password (use people_as). */
void people_setup(struct world *world, struct people *out);
/* A cx as that account sees the world, at world->cx.now; release with db_release. */
struct cx people_as(struct world *world, account_id account);
/* The same person acting for a patient. */
struct cx people_acting(struct world *world, account_id account, patient_id patient);
/* María takes from Bo, at world->cx.now, the permission to do this for him; what she had before is replaced. */
delegation_id people_delegate(struct world *world, const struct people *people, unsigned rights);
/* The same as people_as at another time. */
struct cx people_as_at(struct world *world, account_id account, instant now);

#endif
