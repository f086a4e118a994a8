/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the data directory: key, database, schema.  Every way this can go wrong has words for the operator. */
#include "app/app.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "care/record/record.h"
#include "schema.h"
#include "trust/identity/identity.h"

static fallible
make_directory(struct arena *arena, const char *path, bool create)
{
	struct stat st;

	if (stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return NULL;
		return err_said(arena, ERR_INVALID, "%s is not a directory. Give another one with --data.", path);
	}
	if (!create)
		return err_said(arena, ERR_INVALID,
		    "There is no data directory %s yet. Start with: salve --data %s serve (or simulate, or import).",
		    path, path);
	if (mkdir(path, 0700) != 0)
		return err_said(arena, ERR_INVALID, "The data directory %s cannot be made: %s.", path, strerror(errno));
	return NULL;
}

fallible
app_open(struct app *app, bool create)
{
	struct arena *arena = &app->arena;
	unsigned char key[VAULT_KEY_BYTES];
	struct db_options options = {.postgres_url = app->flags.db};
	struct cx cx;
	const struct err *error;

	TRY(make_directory(arena, app->flags.data, create));
	TRY(installation_key_load(arena, arena_printf(arena, "%s/installation.key", app->flags.data).p, create, key));
	error = vault_open(arena, key, &app->vault);
	secret_wipe(key, sizeof(key));
	TRY(error);
	TRY(record_init(app->vault));
	options.journal_key = vault_journal_key(app->vault);
	if (!options.postgres_url)
		options.sqlite_path = arena_printf(arena, "%s/salve.db", app->flags.data).p;
	TRY(db_open(arena, &options, &app->db));
	cx = app_cx(app);
	error = db_migrate(&cx, schema_migrations, schema_migration_count);
	if (!error)
		error = vault_bind(&cx);
	db_release(&cx);
	return error;
}

void
app_close(struct app *app)
{
	if (app->db)
		db_close(app->db);
	if (app->vault)
		vault_close(app->vault);
	app->db = NULL;
	app->vault = NULL;
}

struct cx
app_cx(struct app *app)
{
	instant now = instant_read_clock();

	return (struct cx){
	    .arena = &app->arena,
	    .db = app->db,
	    .vault = app->vault,
	    .who = {.is = WHO_SYSTEM},
	    .now = now,
	    .request = uuid_new(now),
	};
}

static const struct err *
make_facility(struct tx *tx, void *arg)
{
	return facility_create(tx, arg);
}

fallible
app_secret_file(struct app *app, const char *path, str *out)
{
	FILE *file = fopen(path, "re");
	char *text = arena_text(&app->arena, APP_SECRET_BYTES_MAX);
	size_t n;

	if (!file)
		return err_said(&app->arena, ERR_INVALID, "%s cannot be read.", path);
	n = fread(text, 1, APP_SECRET_BYTES_MAX, file);
	fclose(file);
	*out = str_trim((str){text, n});
	return NULL;
}

fallible
app_facility(struct cx *cx, const char *name, const char *zone, facility_id *out)
{
	struct facility made = {.id = {uuid_new(cx->now)},
	    .name = str_from_z(name),
	    .zone = str_from_z(zone),
	    .emergency_number = S("911"),
	    .crisis_line = S("988"),
	    .reply_days = 3};
	struct db_rows rows;
	const struct facility *facility;

	TRY(facility_list(cx, &rows));
	facility = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		if (name ? str_equal(facility[i].name, made.name) : rows.count == 1) {
			*out = facility[i].id;
			return NULL;
		}
	}
	if (!name || !zone)
		return ERR(ERR_INVALID,
		    "Say which facility with --facility; for a new one give its time zone with --zone too.",
		    "no facility");
	TRY(db_write(cx, make_facility, &made));
	*out = made.id;
	return NULL;
}

int
complain(const struct err *error)
{
	fprintf(stderr, "salve: %s\n", error->say ? error->say : error->log);
	if (error->code == ERR_BROKEN || error->code == ERR_BUSY)
		fprintf(stderr, "salve: (%s)\n", error->log ? error->log : "no details");
	return EXIT_FAILED;
}

int
usage_error(const struct command *command)
{
	fprintf(stderr, "%s\n", command->usage);
	return EXIT_USAGE;
}
