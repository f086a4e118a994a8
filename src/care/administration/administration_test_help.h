/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this folder share: the office at work, and who sees what. */
#ifndef SALVE_ADMINISTRATION_TEST_HELP_H
#define SALVE_ADMINISTRATION_TEST_HELP_H

#include "care/messaging/messaging_test_help.h"

#include "care/administration/administration_internal.h"

static const team_id no_team;

/* The administrator as the caller. */
struct cx office(struct world *world, const struct people *p);
/* Does the inbox list the thread at that time? Opening it and the counts must agree. */
bool sees(struct world *world, account_id who, thread_id thread, instant at);
/* Root blocks Maria, from a team or (none) from the whole facility. */
const struct err *block(struct world *world, const struct people *p, team_id team, instant at, struct uuid id);

#endif
