/* SPDX-License-Identifier: Apache-2.0 */
/* The clinic over a real server with real sessions: what the tests of the pages share. */
#ifndef SALVE_MESSAGING_HTTP_TEST_HELP_H
#define SALVE_MESSAGING_HTTP_TEST_HELP_H

#include "care/messaging/messaging_test_help.h"
#include "platform/http/http_test_client.h"

struct person {
	account_id account;
	str cookie, form_token;
};

struct clinic {
	struct world *world;
	struct people p;
	struct trial trial;
	struct person maria, bo, ana, okafor, ben, root;
};

void open_clinic(struct world *world, struct clinic *c);
void close_clinic(struct clinic *c);
struct person sign_in_as(struct clinic *c, account_id account);
struct reply get(struct clinic *c, const struct person *who, str path);
/* A form as a browser of `site` sends it, with the form's own value. */
struct reply post_from(struct clinic *c, const struct person *who, str path, str fields, const char *site);
#define SUBMIT(c, who, path, ...) \
	post_from((c), (who), (path), arena_printf(&(c)->trial.arena, __VA_ARGS__), "same-origin")
/* The same as multipart/form-data; `fields` in pairs of name and value, `file` may be absent. */
struct upload {
	const char *fields[16];
	str file_name, file;
};
struct reply submit_upload(struct clinic *c, const struct person *who, str path, const struct upload *upload);
#define PATH(c, ...) arena_printf(&(c)->trial.arena, __VA_ARGS__)
str encode(struct arena *arena, str value); /* percent-coded */
str id_text(struct clinic *c, struct uuid id);
str new_key(struct clinic *c);
/* Maria sends a message by the form; gives back the path of its thread. */
str maria_sends(struct clinic *c, str key, str body);
void assert_shows(struct reply reply, const char *text);

#endif
