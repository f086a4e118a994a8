/* SPDX-License-Identifier: Apache-2.0 */
/* `salve pharmacy`: where refill requests go. */
#include <stdio.h>

#include "app/commands.h"
#include "exchange/pharmacy/pharmacy.h"

const char pharmacy_usage[] = "usage: salve pharmacy fhir URL --token-file FILE [--every SECONDS]\n"
			      "       salve pharmacy simulated [--seed N] [--day SECONDS]\n"
			      "       salve pharmacy none\n"
			      "       salve pharmacy\n"
			      "\n"
			      "Sets the pharmacy that refill requests go to: a FHIR R4 system (base address, and the "
			      "token that Salve shows there), which is\n"
			      "asked after each request every SECONDS (300); or the simulated one, whose days last "
			      "SECONDS (86400); or none, and requests\n"
			      "become the care team's to see to. Without an option it says what is set.";

static bool
read_option(
    struct app *app, const char *name, const char *value, struct pharmacy_settings *out, const struct err **error)
{
	int64_t n = 0;

	if (strcmp(name, "--token-file") == 0) {
		*error = app_secret_file(app, value, &out->token);
		return true;
	}
	if (!str_to_int64(str_from_z(value), &n))
		return false;
	if (strcmp(name, "--every") == 0)
		out->every_ms = n * SECOND_MS;
	else if (strcmp(name, "--day") == 0)
		out->day_ms = n * SECOND_MS;
	else if (strcmp(name, "--seed") == 0)
		out->seed = n;
	else
		return false;
	return true;
}

static bool
read_wish(struct app *app, int argc, char **argv, struct pharmacy_settings *out, const struct err **error)
{
	int at = 2;

	*error = NULL;
	*out = (struct pharmacy_settings){.every_ms = PHARMACY_EVERY_MS, .seed = 1, .day_ms = DAY_MS};
	if (argc < 2)
		return true;
	out->form = str_from_z(argv[1]);
	if (str_equal(out->form, S("fhir"))) {
		if (argc < 3)
			return false;
		out->url = str_from_z(argv[at++]);
	}
	for (; at + 1 < argc; at += 2)
		if (!read_option(app, argv[at], argv[at + 1], out, error))
			return false;
	return at == argc;
}

static fallible
tell(struct cx *cx)
{
	struct pharmacy_settings settings;

	TRY(pharmacy_settings_get(cx, &settings));
	if (settings.url.n)
		printf("Refill requests go to %.*s\n", STR_ARG(settings.url));
	else if (str_equal(settings.form, S("simulated")))
		printf("Refill requests go to the simulated pharmacy (seed %lld, a day of %lld seconds)\n",
		    (long long)settings.seed, (long long)(settings.day_ms / SECOND_MS));
	else
		puts("No pharmacy is set: refill requests are the care team's to see to.");
	return NULL;
}

int
pharmacy_run(struct app *app, int argc, char **argv)
{
	struct pharmacy_settings settings;
	const struct err *error;
	struct cx cx;

	if (!read_wish(app, argc, argv, &settings, &error))
		return usage_error(command_find("pharmacy"));
	if (!error)
		error = app_open(app, false);
	if (error)
		return complain(error);
	cx = app_cx(app);
	error = argc > 1 ? pharmacy_settings_set(&cx, &settings) : tell(&cx);
	db_release(&cx);
	return error ? complain(error) : EXIT_OK;
}
