/* SPDX-License-Identifier: Apache-2.0 */
/* `salve audit verify`: recompute the chains of the trail. */
#include <getopt.h>
#include <stdio.h>

#include "app/commands.h"
#include "trust/audit/audit.h"

const char audit_verify_usage[] =
    "usage: salve audit verify [--json]\n\n"
    "Recomputes every chain of the trail. Exit code 0: nothing was changed; 1: something was,\n"
    "and the first block that does not fit is named.";

int
audit_verify_run(struct app *app, int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	struct journal_report report;
	struct cx cx;
	const struct err *error;
	bool json = false;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == '?')
			return usage_error(command_find("audit verify"));
		json = true;
	}
	error = app_open(app, false);
	if (error)
		return complain(error);
	cx = app_cx(app);
	error = audit_verify(&cx, &report);
	db_release(&cx);
	if (error)
		return complain(error);
	if (json)
		printf("{\"intact\":%s,\"blocks\":%lld,\"entries\":%lld,\"lane\":%lld,\"sequence\":%lld}\n",
		    report.intact ? "true" : "false", (long long)report.blocks, (long long)report.entries,
		    (long long)report.bad_lane, (long long)report.bad_sequence);
	else if (report.intact)
		printf("The trail is whole: %lld entries in %lld blocks.\n", (long long)report.entries,
		    (long long)report.blocks);
	else
		printf("THE TRAIL WAS CHANGED: %.*s (chain %lld, block %lld).\n", STR_ARG(report.reason),
		    (long long)report.bad_lane, (long long)report.bad_sequence);
	return report.intact ? EXIT_OK : EXIT_FAILED;
}
