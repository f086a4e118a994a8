/* SPDX-License-Identifier: Apache-2.0 */
/* `salve scanner`: which virus scanner looks at attached files. */
#include <stdio.h>

#include "app/commands.h"
#include "care/attachments/attachments.h"

const char scanner_usage[] =
    "usage: salve scanner set unix:/run/clamav/clamd.ctl | HOST:PORT\n"
    "       salve scanner off\n"
    "       salve scanner\n"
    "\n"
    "Sets the clamd that looks at attached files before anybody gets them, switches it off, or asks "
    "it whether it is there.\n"
    "While it is away, new files are held and not lost.";

static fallible
ask(struct cx *cx)
{
	str address, version;

	TRY(scanner_get(cx, &address));
	if (!address.p) {
		puts("No scanner is set: files are given out unchecked.");
		return NULL;
	}
	TRY(scanner_ping(cx, address, &version));
	printf("%.*s answers: %.*s\n", STR_ARG(address), STR_ARG(version));
	return NULL;
}

static fallible
run(struct app *app, bool set, str address)
{
	const struct err *error;
	struct cx cx;

	TRY(app_open(app, false));
	cx = app_cx(app);
	error = set ? scanner_set(&cx, address) : ask(&cx);
	db_release(&cx);
	return error;
}

int
scanner_run(struct app *app, int argc, char **argv)
{
	bool off = argc == 2 && strcmp(argv[1], "off") == 0, set = argc == 3 && strcmp(argv[1], "set") == 0;
	const struct err *error;

	if (argc != 1 && !off && !set)
		return usage_error(command_find("scanner"));
	error = run(app, off || set, set ? str_from_z(argv[2]) : S(""));
	return error ? complain(error) : EXIT_OK;
}
