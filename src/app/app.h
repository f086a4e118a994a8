/* SPDX-License-Identifier: Apache-2.0 */
/* The program as a whole: where its data is, what it is wired from, and the commands it knows. */
#ifndef SALVE_APP_H
#define SALVE_APP_H

#include "platform/crypto/crypto.h"
#include "platform/db/db.h"
#include "platform/http/http.h"
#include "platform/jobs/jobs.h"

/* Exit codes that scripts can rely on. */
enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_PARTLY = 3 };

/* What stands before the command: `salve [--data DIR] [--db URL] [--config FILE] COMMAND`. */
struct app_flags {
	const char *data;   /* "./data" by default; holds the key, and the database when it is SQLite's */
	const char *db;     /* "postgres://…" or a libpq string; NULL: SQLite in the data directory */
	const char *config; /* lines of "name = value" with the names of serve's options */
};

struct app {
	struct app_flags flags;
	struct arena arena; /* as long as the program */
	struct db *db;
	struct vault *vault;
};

/* Open key and database and bring the schema up to date. `create`: make the data directory and the key when absent
 * (serve, import, simulate); other commands say that there is nothing yet. */
fallible app_open(struct app *app, bool create);
void app_close(struct app *app);
/* A cx of the system for a command; released with db_release before app_close. */
struct cx app_cx(struct app *app);

/* What a file holds that an operator keeps a token in, without blanks around it; at most APP_SECRET_BYTES_MAX. */
#define APP_SECRET_BYTES_MAX 8192
fallible app_secret_file(struct app *app, const char *path, str *out);
/* The facility of this name, or the only one; with a name and a zone a new one is made. */
fallible app_facility(struct cx *cx, const char *name, const char *zone, facility_id *out);

/* Tables of the wiring (wiring.c): every route, timer, kind of delivery, in one place. */
extern const struct route *const app_routes[];
extern const struct timer app_timers[];
/* What may run for minutes has a job thread of its own, so that nothing waits for it. */
extern const struct timer app_slow_timers[], app_import_timers[];
extern const struct outbox_kind app_no_outbox_kinds[];
extern const struct outbox_kind app_outbox_kinds[];
extern const struct http_gate app_gate;
extern const struct route health_routes[];

/* ---- commands ---- */

struct command {
	const char *name; /* "serve", "audit verify" */
	const char *summary;
	const char *usage;                                  /* the text of --help */
	int (*run)(struct app *app, int argc, char **argv); /* argv[0] is the command's last word */
};
extern const struct command commands[];

/* For commands: print an error to standard error and give EXIT_FAILED. */
int complain(const struct err *error);
/* The usage text with exit code EXIT_USAGE, after an unknown option. */
int usage_error(const struct command *command);
const struct command *command_find(const char *name);

#endif
