/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of delegation share: Bo gives, and María acts for him. */
#ifndef SALVE_DELEGATION_TEST_HELP_H
#define SALVE_DELEGATION_TEST_HELP_H

#include "people.h"

#include "trust/consent/consent.h"

#define ALL_RIGHTS (RIGHT_MESSAGES_READ | RIGHT_MESSAGES_WRITE | RIGHT_RECORD_READ | RIGHT_PRESCRIPTIONS)

/* What Bo offers: to his neighbor, from now on and without an end. */
struct delegation_new permission(struct world *world, unsigned rights);
/* Bo gives it. */
str offer(struct world *world, const struct people *p, const struct delegation_new *in);
/* Bo gives it and María takes it. */
delegation_id give(struct world *world, const struct people *p, unsigned rights);
/* What a query that counts gives. */
int64_t count(struct world *world, struct sql sql);

#endif
