/* SPDX-License-Identifier: Apache-2.0 */
/* `salve`: options that stand before the command, then the command. */
#include <getopt.h>
#include <malloc.h>
#include <stdio.h>
#include <sys/stat.h>

#include "app/app.h"

/* Each thread keeps so much of what a request gave back, for the next one: fetching it anew from the kernel was a seventh of the
 * CPU of a page (measured; 8 MiB save little more, and double the memory under load). */
#define MEMORY_KEPT_BYTES (4 * 1024 * 1024)

static const char usage[] =
    "usage: salve [--data DIR] [--db URL] [--config FILE] COMMAND [OPTIONS]\n"
    "\n"
    "  --data DIR     where key and database are (default ./data)\n"
    "  --db URL       a PostgreSQL database (postgres://… or \"host=… dbname=…\") instead of the SQLite file in DIR\n"
    "  --config FILE  lines of \"name = value\" for serve; options on the command line win\n"
    "  --version      which Salve this is\n"
    "\n"
    "commands (each has --help):\n";

static void
print_usage(FILE *to)
{
	fputs(usage, to);
	for (const struct command *c = commands; c->name; c++)
		fprintf(to, "  %-16s %s\n", c->name, c->summary);
}

/* The command named by the first one or two words; `words` tells how many. */
static const struct command *
find_command(int argc, char **argv, int *words)
{
	struct arena arena = ARENA_INIT;
	const struct command *found = NULL;

	*words = 1;
	if (argc > 1) {
		found = command_find(arena_printf(&arena, "%s %s", argv[0], argv[1]).p);
		if (found)
			*words = 2;
	}
	if (!found)
		found = command_find(argv[0]);
	arena_release(&arena);
	return found;
}

static bool
asks_for_help(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0)
			return true;
	return false;
}

static int
run(struct app *app, int argc, char **argv)
{
	int words, code;
	const struct command *command = find_command(argc, argv, &words);

	if (!command) {
		fprintf(stderr, "salve: there is no command \"%s\". The commands are:\n", argv[0]);
		for (const struct command *c = commands; c->name; c++)
			fprintf(stderr, "  %-16s %s\n", c->name, c->summary);
		return EXIT_USAGE;
	}
	if (asks_for_help(argc, argv)) {
		puts(command->usage);
		return EXIT_OK;
	}
	optind = 0; /* getopt starts anew with the command's own options */
	code = command->run(app, argc - words + 1, argv + words - 1);
	app_close(app);
	arena_release(&app->arena);
	return code;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {{"data", required_argument, NULL, 'd'},
	    {"db", required_argument, NULL, 'b'}, {"config", required_argument, NULL, 'c'},
	    {"help", no_argument, NULL, 'h'}, {"version", no_argument, NULL, 'v'}, {0}};
	struct app app = {.flags = {.data = "data"}};
	int c;

	umask(077); /* what is made here is its owner's alone */
	mallopt(M_MMAP_THRESHOLD, MEMORY_KEPT_BYTES);
	mallopt(M_TRIM_THRESHOLD, MEMORY_KEPT_BYTES);
	while ((c = getopt_long(argc, argv, "+h", options, NULL)) != -1) {
		switch (c) {
		case 'd': app.flags.data = optarg; break;
		case 'b': app.flags.db = optarg; break;
		case 'c': app.flags.config = optarg; break;
		case 'v': puts("salve " SALVE_VERSION); return EXIT_OK;
		case 'h': print_usage(stdout); return EXIT_OK;
		default: print_usage(stderr); return EXIT_USAGE;
		}
	}
	if (optind == argc) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	return run(&app, argc - optind, argv + optind);
}
