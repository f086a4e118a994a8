/* SPDX-License-Identifier: Apache-2.0 */
/* `salve import zip`: the record that a patient took along from another clinic. */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/commands.h"
#include "exchange/zip_import/zip_import.h"
#include "platform/format/json_write.h"

const char import_zip_usage[] =
    "usage: salve import zip [--facility NAME] [--zone ZONE] [--add] [--json] FILE\n"
    "\n"
    "  FILE             the ZIP with everything that a patient downloaded at another installation\n"
    "  --facility NAME  where a new patient belongs; made when there is none of this name (then with --zone)\n"
    "  --add            also when the patient is here already\n"
    "\n"
    "The record comes with all its versions and times, conversations can be read in it, and what has no place here is "
    "kept\n"
    "as documents. Importing the same again changes nothing. Exit code 0: all was taken in; 3: some was not, and the "
    "report\n"
    "says what; 1: nothing was, or the import stopped.";

struct wish {
	const char *facility, *zone;
	bool add, json;
};

static bool
read_wish(int argc, char **argv, struct wish *out)
{
	static const struct option options[] = {{"facility", required_argument, NULL, 'f'},
	    {"zone", required_argument, NULL, 'z'}, {"add", no_argument, NULL, 'a'}, {"json", no_argument, NULL, 'j'},
	    {0}};
	int c;

	*out = (struct wish){0};
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'f': out->facility = optarg; break;
		case 'z': out->zone = optarg; break;
		case 'a': out->add = true; break;
		case 'j': out->json = true; break;
		default: return false;
		}
	}
	return optind == argc - 1;
}

/* The file in memory, until the program ends. */
static fallible
map(const char *path, str *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat facts;
	void *p;

	if (fd < 0 || fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_size == 0) {
		if (fd >= 0)
			close(fd);
		return ERR(ERR_INVALID, "The file cannot be read. Look at its name and at who may read it.", "open");
	}
	p = mmap(NULL, (size_t)facts.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return ERR(ERR_BUSY, "There is not enough memory for this file.", "mmap");
	*out = (str){p, (size_t)facts.st_size};
	return NULL;
}

static void
print_words(struct buf *out, const struct zip_import_report *r)
{
	buf_printf(
	    out, "From %.*s, made %.*s.\n", STR_ARG(r->from.n ? r->from : S("another clinic")), STR_ARG(r->made));
	buf_printf(out,
	    "Entries: %lld new, %lld changed, %lld unchanged, %lld refused. %lld conversations with %lld messages, "
	    "%lld "
	    "documents kept.\n",
	    (long long)r->added, (long long)r->changed, (long long)r->unchanged, (long long)r->refused,
	    (long long)r->conversations, (long long)r->messages, (long long)r->kept);
	for (size_t i = 0; i < r->problem_count; i++)
		buf_printf(out, "%.*s:%lld: %.*s\n", STR_ARG(r->problems[i].file), (long long)r->problems[i].line,
		    STR_ARG(r->problems[i].reason));
}

static void
print_json(struct buf *out, const struct zip_import_report *r)
{
	struct json_writer w = JSON_WRITER(out);

	json_write_object(&w);
	json_put_text(&w, "patient", uuid_text(out->arena, r->patient.v));
	json_put_text(&w, "from", r->from);
	json_put_text(&w, "made", r->made);
	json_put_int64(&w, "added", r->added);
	json_put_int64(&w, "changed", r->changed);
	json_put_int64(&w, "unchanged", r->unchanged);
	json_put_int64(&w, "refused", r->refused);
	json_put_int64(&w, "conversations", r->conversations);
	json_put_int64(&w, "messages", r->messages);
	json_put_int64(&w, "kept", r->kept);
	json_put_array(&w, "problems");
	for (size_t i = 0; i < r->problem_count; i++) {
		json_write_object(&w);
		json_put_text(&w, "file", r->problems[i].file);
		json_put_int64(&w, "line", r->problems[i].line);
		json_put_text(&w, "reason", r->problems[i].reason);
		json_write_end(&w);
	}
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	buf_add_char(out, '\n');
}

static fallible
import(struct app *app, const struct wish *wish, const char *path, struct zip_import_report *report)
{
	struct zip_import_options options = {.add = wish->add};
	const struct err *error;
	struct cx cx;

	TRY(map(path, &options.archive));
	TRY(app_open(app, true));
	cx = app_cx(app);
	error = app_facility(&cx, wish->facility, wish->zone, &options.facility);
	if (!error)
		error = zip_import_run(&cx, &options, report);
	db_release(&cx);
	return error;
}

int
import_zip_run(struct app *app, int argc, char **argv)
{
	struct wish wish;
	struct zip_import_report report = {0};
	struct buf text = BUF_INIT(&app->arena);
	const struct err *error;

	if (!read_wish(argc, argv, &wish))
		return usage_error(command_find("import zip"));
	error = import(app, &wish, argv[optind], &report);
	if (!error || report.added + report.changed + report.unchanged) {
		(wish.json ? print_json : print_words)(&text, &report);
		fwrite(text.p, 1, text.n, stdout);
	}
	if (error)
		return complain(error);
	return report.refused ? EXIT_PARTLY : EXIT_OK;
}
