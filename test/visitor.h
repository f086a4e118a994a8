/* SPDX-License-Identifier: Apache-2.0 */
/* Browsers of signed-in people against a running server: what the tests of pages share.
 *
 *	visit_begin(&v, world, (const struct route *const[]){my_routes, portal_routes, asset_routes, NULL});
 *	root = visitor_of(&v, v.people.root);
 *	reply = visit(&v, &root, "/admin/settings");
 *	reply = submit(&v, &root, "/admin/settings", "name=%s", "x"); */
#ifndef SALVE_VISITOR_H
#define SALVE_VISITOR_H

#include "people.h"

#include "platform/http/http_test_client.h"

struct visits {
	struct world *world;
	struct people people;
	struct trial trial;
	bool
	    usual_rates; /* set before visit_begin: the rates of the program, behind a proxy that says whence visitors come */
};
struct visitor {
	account_id account;
	str cookie, form_token;
	const char *address; /* said by the proxy; NULL: none */
};

/* people_setup, unless visits->people was set up before (its facility has a name), and a server of these routes. */
void visit_begin(struct visits *visits, struct world *world, const struct route *const *tables);
void visit_end(struct visits *visits);
struct visitor visitor_of(struct visits *visits, account_id account);
/* The same session, from now on acting for the patient. */
struct visitor visitor_acting(struct visits *visits, patient_id patient, struct visitor visitor);

/* NULL who: nobody is signed in. */
struct reply visit(struct visits *visits, const struct visitor *who, const char *path);
/* A form with the session's token; the fields as "a=1&b=2", percent-coded where needed (coded). */
struct reply submit(struct visits *visits, const struct visitor *who, const char *path, const char *fields, ...)
    __attribute__((format(printf, 4, 5)));
/* A form with files (multipart/form-data): `fields` in pairs of name and value, NULL at the end; the files as "file". */
struct sent_file {
	const char *name;
	str content;
};
struct reply submit_files(struct visits *visits, const struct visitor *who, const char *path, const char *const *fields,
    const struct sent_file *files, size_t count);
/* The same from another site. */
struct reply submit_across(struct visits *visits, const struct visitor *who, const char *path, const char *fields);
const char *coded(struct visits *visits, str value); /* percent-coded */
const char *id_z(struct visits *visits, struct uuid id);
const char *path_z(struct visits *visits, const char *format, ...) __attribute__((format(printf, 2, 3)));

void assert_shows(struct reply reply, const char *text); /* status 200, and the text is there */
void assert_lacks(struct reply reply, const char *text);
/* Status 303; gives back where to. */
str assert_moved(struct reply reply);

#endif
