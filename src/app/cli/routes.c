/* SPDX-License-Identifier: Apache-2.0 */
/* `salve routes`: the whole surface of the program, for review. */
#include <stdio.h>

#include "app/commands.h"

const char routes_usage[] =
    "usage: salve routes\n\nPrints every address the program answers: method, pattern, who may call it, "
    "scope, body limit,\nrate class and whether it writes.";

int
routes_run(struct app *app, int argc, char **argv)
{
	struct buf out = BUF_INIT(&app->arena);

	(void)argv;
	if (argc > 1)
		return usage_error(command_find("routes"));
	routes_print(&out, app_routes);
	fwrite(out.p, 1, out.n, stdout);
	return EXIT_OK;
}
