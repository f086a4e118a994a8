/* SPDX-License-Identifier: Apache-2.0 */
/* Apps with real tokens against a running server: what the tests of this folder share. */
#ifndef SALVE_API_TEST_HELP_H
#define SALVE_API_TEST_HELP_H

#include "people.h"
#include "platform/http/http_test_client.h"

#include "care/record/record_api.h"
#include "exchange/api/api_office.h"
#include "platform/format/json.h"
#include "trust/portal/portal.h"

struct clinic {
	struct world *world;
	struct people people;
	struct trial trial;
	str maria, bo, ana, okafor, ben, weak; /* tokens; weak may only read messages */
	str root;                              /* the administrator; far: that of another facility */
	str far;
	const char *maria_id, *maple_id, *okafor_id;
};

str token_for(struct clinic *c, account_id account, str scope);
void open_clinic(struct world *world, struct clinic *c);
void close_clinic(struct clinic *c);

#define PATH(c, ...) arena_printf(&(c)->trial.arena, __VA_ARGS__)
#define KEY(n)       "00000000-0000-7000-8000-00000000000" n

struct reply ask_as(struct clinic *c, str token, const char *method, str path, const char *type, str body);
/* The answer's body when it has this status. */
const struct json_value *must(struct clinic *c, int status, struct reply reply);
const struct json_value *look(struct clinic *c, str token, int status, str path);
const struct json_value *deed(struct clinic *c, str token, int status, const char *method, str path, str body);
/* Maria's app begins a conversation; gives back its id. */
str maria_writes(struct clinic *c, const char *key);

#endif
