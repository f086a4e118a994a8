/* SPDX-License-Identifier: Apache-2.0 */
/* `salve ehr`: the other system that keeps the chart. */
#include <stdio.h>

#include "app/commands.h"
#include "care/charting/charting.h"

const char ehr_usage[] =
    "usage: salve ehr set URL --token-file FILE\n"
    "       salve ehr off\n"
    "       salve ehr\n"
    "\n"
    "Sets the FHIR base address (https://ehr.example.org/fhir) that chart notes are sent to, and the token "
    "that Salve shows\n"
    "there; switches it off; or says what is set. Without one, notes are kept in Salve's own record only.";

static fallible
tell(struct cx *cx)
{
	struct ehr_settings settings;
	bool found;

	TRY(ehr_settings_get(cx, &settings, &found));
	if (found)
		printf("Chart notes go to %.*s\n", STR_ARG(settings.url));
	else
		puts("No other system is set: chart notes are kept in Salve's own record only.");
	return NULL;
}

static fallible
run(struct app *app, int argc, char **argv)
{
	struct ehr_settings settings = {0};
	const struct err *error;
	struct cx cx;

	TRY(app_open(app, false));
	cx = app_cx(app);
	if (argc == 5) {
		settings.url = str_from_z(argv[2]);
		error = app_secret_file(app, argv[4], &settings.token);
		if (error)
			return error;
	}
	error = argc > 1 ? ehr_settings_set(&cx, &settings) : tell(&cx);
	db_release(&cx);
	return error;
}

int
ehr_run(struct app *app, int argc, char **argv)
{
	bool is_set = argc == 5 && strcmp(argv[1], "set") == 0 && strcmp(argv[3], "--token-file") == 0;
	bool is_off = argc == 2 && strcmp(argv[1], "off") == 0;
	const struct err *error;

	if (!is_set && !is_off && argc != 1)
		return usage_error(command_find("ehr"));
	error = run(app, argc, argv);
	return error ? complain(error) : EXIT_OK;
}
