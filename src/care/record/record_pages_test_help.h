/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of the record over a real server and the portal's gate: what their tests share. */
#ifndef SALVE_RECORD_PAGES_TEST_HELP_H
#define SALVE_RECORD_PAGES_TEST_HELP_H

#include "people.h"
#include "platform/http/http_test_client.h"

struct clinic {
	struct world *world;
	struct people people;
	struct trial trial;
	str maria, bo, ana, ben, root; /* cookies */
};

/* A session of the account. */
str cookie_for(struct world *world, account_id account);
void open_clinic(struct world *world, struct clinic *c);
void close_clinic(struct clinic *c);
/* A page as the person of the cookie sees it; empty: nobody. */
struct reply get(struct clinic *c, str cookie, str path);

#endif
