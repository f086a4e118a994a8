/* SPDX-License-Identifier: Apache-2.0 */
/* `salve import apple-health`: what a patient's phone exported, into their health log. */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/commands.h"
#include "care/imports/imports.h"
#include "care/record/record.h"
#include "platform/format/json_write.h"

const char import_apple_usage[] =
    "usage: salve import apple-health --patient ID [--json] [--quiet] FILE\n"
    "\n"
    "  FILE          export.zip of the Health app, or the export.xml in it; a FHIR file does as well\n"
    "  --patient ID  whose log: the id of their Patient resource, or their login name\n"
    "\n"
    "Entries are private until the patient shares them. The same file again changes nothing; after an interruption it "
    "goes "
    "on\n"
    "where it was. Exit code 0: all was taken in; 3: some was not, and the report says what; 1: the import stopped.";

#define READ_BYTES ((size_t)4 * 1024 * 1024)

struct wish {
	const char *patient;
	bool json, quiet;
};
struct file {
	int fd;
	char *bytes;
	const char *step; /* told last */
};

static bool
read_wish(int argc, char **argv, struct wish *out)
{
	static const struct option options[] = {{"patient", required_argument, NULL, 'p'},
	    {"json", no_argument, NULL, 'j'}, {"quiet", no_argument, NULL, 'q'}, {0}};
	int c;

	*out = (struct wish){0};
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'p': out->patient = optarg; break;
		case 'j': out->json = true; break;
		case 'q': out->quiet = true; break;
		default: return false;
		}
	}
	return out->patient && optind == argc - 1;
}

static const struct err *
read_file(void *arg, int64_t offset, size_t bytes, str *out)
{
	struct file *file = arg;
	size_t have = 0;

	assert(bytes <= READ_BYTES);
	while (have < bytes) {
		ssize_t n = pread(file->fd, file->bytes + have, bytes - have, offset + (int64_t)have);

		if (n <= 0)
			return ERR(ERR_INVALID, "The file cannot be read to its end.", "pread");
		have += (size_t)n;
	}
	*out = (str){file->bytes, have};
	return NULL;
}

static void
show(void *arg, const char *step, int64_t done, int64_t total)
{
	struct file *file = arg;

	if (file->step && file->step != step)
		fputc('\n', stderr);
	file->step = step;
	fprintf(stderr, "\r%3d %% %s ", total ? (int)(done * 100 / total) : 100, step);
	fflush(stderr);
}

/* The same file for the same patient is the same import. */
static fallible
name_import(struct cx *cx, struct file *file, struct import_run *run)
{
	struct sha256_run sum;
	unsigned char digest[32];
	const struct err *error = NULL;

	sha256_begin(&sum);
	sha256_add(&sum, (str){(const char *)run->patient.v.bytes, sizeof(run->patient.v.bytes)});
	for (int64_t at = 0; at < run->bytes && !error;) {
		size_t n = run->bytes - at < (int64_t)READ_BYTES ? (size_t)(run->bytes - at) : READ_BYTES;
		str bytes;

		error = read_file(file, at, n, &bytes);
		if (!error)
			sha256_add(&sum, bytes);
		at += (int64_t)n;
	}
	sha256_end(&sum, digest);
	memcpy(run->id.bytes, digest, sizeof(run->id.bytes));
	(void)cx;
	return error;
}

static fallible
find_patient(struct cx *cx, str name, patient_id *out)
{
	struct account account;
	bool found;

	TRY(resource_owner(cx, RESOURCE_PATIENT, name, out, &found));
	if (found)
		return NULL;
	if (account_by_login(cx, name, &account) || uuid_is_none(account.patient.v))
		return ERR(ERR_GONE, "There is no patient with this id or login name.", "no such patient");
	*out = account.patient;
	return NULL;
}

static fallible
import(struct app *app, const struct wish *wish, const char *path, struct import_outcome *outcome)
{
	struct file file = {.fd = open(path, O_RDONLY | O_CLOEXEC), .bytes = arena_text(&app->arena, READ_BYTES)};
	struct import_run run = {
	    .name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path, .read = read_file, .arg = &file};
	const struct err *error;
	struct stat facts;
	struct cx cx;

	if (file.fd < 0 || fstat(file.fd, &facts) != 0 || !S_ISREG(facts.st_mode))
		return ERR(ERR_INVALID, "The file cannot be read. Look at its name and at who may read it.", "open");
	run.bytes = facts.st_size;
	if (!wish->quiet && isatty(STDERR_FILENO))
		run.progress = show;
	TRY(app_open(app, true));
	cx = app_cx(app);
	error = find_patient(&cx, str_from_z(wish->patient), &run.patient);
	if (!error)
		error = name_import(&cx, &file, &run);
	if (!error)
		error = imports_run(&cx, &run, outcome);
	if (file.step)
		fputc('\n', stderr);
	db_release(&cx);
	close(file.fd);
	return error;
}

static void
print_words(struct buf *out, const struct import_outcome *r)
{
	buf_printf(out,
	    "%lld things read: %lld entries kept, %lld here already, %lld joined into averages and sums, %lld left "
	    "aside, "
	    "%lld not readable, %lld unusual.\n",
	    (long long)r->read, (long long)r->kept, (long long)r->here, (long long)r->joined, (long long)r->aside,
	    (long long)r->refused, (long long)r->unusual);
	for (size_t i = 0; i < r->count; i++)
		buf_printf(out,
		    "%.*s: %lld read, %lld kept, %lld here already, %lld joined, %lld left aside, %lld not readable\n",
		    STR_ARG(r->lines[i].name), (long long)r->lines[i].read, (long long)r->lines[i].kept,
		    (long long)r->lines[i].here, (long long)r->lines[i].joined, (long long)r->lines[i].aside,
		    (long long)r->lines[i].refused);
}

static void
put_counts(struct json_writer *w, const struct import_line *line)
{
	json_put_int64(w, "read", line->read);
	json_put_int64(w, "kept", line->kept);
	json_put_int64(w, "here", line->here);
	json_put_int64(w, "joined", line->joined);
	json_put_int64(w, "aside", line->aside);
	json_put_int64(w, "refused", line->refused);
}

static void
print_json(struct buf *out, const struct import_outcome *r)
{
	struct json_writer w = JSON_WRITER(out);

	json_write_object(&w);
	put_counts(&w, &(struct import_line){S(""), r->read, r->kept, r->here, r->joined, r->aside, r->refused});
	json_put_int64(&w, "unusual", r->unusual);
	json_put_array(&w, "kinds");
	for (size_t i = 0; i < r->count; i++) {
		json_write_object(&w);
		json_put_text(&w, "name", r->lines[i].name);
		put_counts(&w, &r->lines[i]);
		json_write_end(&w);
	}
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	buf_add_char(out, '\n');
}

int
import_apple_run(struct app *app, int argc, char **argv)
{
	struct wish wish;
	struct import_outcome outcome = {0};
	struct buf text = BUF_INIT(&app->arena);
	const struct err *error;

	if (!read_wish(argc, argv, &wish))
		return usage_error(command_find("import apple-health"));
	error = import(app, &wish, argv[optind], &outcome);
	if (error)
		return complain(error);
	(wish.json ? print_json : print_words)(&text, &outcome);
	fwrite(text.p, 1, text.n, stdout);
	return outcome.refused ? EXIT_PARTLY : EXIT_OK;
}
