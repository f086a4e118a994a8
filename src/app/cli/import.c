/* SPDX-License-Identifier: Apache-2.0 */
/* `salve import fhir`: files into the record, with progress and a report. */
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

#include "app/commands.h"
#include "exchange/fhir_import/fhir_import.h"

const char import_usage[] =
    "usage: salve import fhir [--facility NAME] [--zone ZONE] [--workers N] [--json] [--quiet] PATH...\n"
    "\n"
    "  PATH             FHIR R4: a Bundle or resource (.json), one resource a line (.ndjson), or a folder of them\n"
    "  --facility NAME  where new patients belong; made when there is none of this name (then with --zone)\n"
    "\n"
    "Importing the same again changes nothing. Exit code 0: all was taken in; 3: some was not, and the report says "
    "what;\n"
    "1: the import stopped (doing it again goes on).";

struct wish {
	const char *facility, *zone;
	int64_t workers;
	bool json, quiet;
};

static bool
read_wish(int argc, char **argv, struct wish *out)
{
	static const struct option options[] = {{"facility", required_argument, NULL, 'f'},
	    {"zone", required_argument, NULL, 'z'}, {"workers", required_argument, NULL, 'w'},
	    {"json", no_argument, NULL, 'j'}, {"quiet", no_argument, NULL, 'q'}, {0}};
	int c;

	*out = (struct wish){0};
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'f': out->facility = optarg; break;
		case 'z': out->zone = optarg; break;
		case 'w':
			if (!str_to_int64(str_from_z(optarg), &out->workers) || out->workers < 1 ||
			    out->workers > FHIR_IMPORT_WORKERS_MAX)
				return false;
			break;
		case 'j': out->json = true; break;
		case 'q': out->quiet = true; break;
		default: return false;
		}
	}
	return optind < argc;
}

static void
show(void *arg, const struct fhir_import_progress *p)
{
	int percent = p->bytes ? (int)(p->bytes_done * 100 / p->bytes) : 100;

	(void)arg;
	fprintf(stderr, "\r%3d %%  %lld of %lld files  %lld resources  %lld/s ", percent, (long long)p->files_done,
	    (long long)p->files, (long long)p->resources, (long long)(p->ms ? p->resources * 1000 / p->ms : 0));
	fflush(stderr);
}

static fallible
import(struct app *app, const struct wish *wish, char **paths, int path_count, struct fhir_import_report *report)
{
	struct fhir_import_options options = {
	    .paths = (const char *const *)paths, .path_count = (size_t)path_count, .workers = (int)wish->workers};
	struct cx cx;
	const struct err *error;

	TRY(app_open(app, true));
	cx = app_cx(app);
	error = app_facility(&cx, wish->facility, wish->zone, &options.facility);
	if (!wish->quiet && isatty(STDERR_FILENO))
		options.progress = show;
	if (!error)
		error = fhir_import_run(&cx, &options, report);
	if (options.progress)
		fputc('\n', stderr);
	db_release(&cx);
	return error;
}

int
import_run(struct app *app, int argc, char **argv)
{
	struct wish wish;
	struct fhir_import_report report = {0};
	struct buf text = BUF_INIT(&app->arena);
	const struct err *error;

	if (!read_wish(argc, argv, &wish))
		return usage_error(command_find("import fhir"));
	error = import(app, &wish, argv + optind, argc - optind, &report);
	if (report.by_type) {
		fhir_import_report_print(&text, &report, wish.json);
		fwrite(text.p, 1, text.n, stdout);
	}
	if (error)
		return complain(error);
	return report.problems_all ? EXIT_PARTLY : EXIT_OK;
}
