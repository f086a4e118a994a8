/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/fhir_import/import_source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct source_file {
	str path;
	int64_t bytes;
};

struct import_source {
	LIST(struct source_file) files;
	int64_t bytes;

	pthread_mutex_t mutex; /* guards what follows */
	size_t next;
	int64_t bytes_done;
	FILE *lines; /* an .ndjson file that is being read */
	str lines_path;
	int64_t line;
};

/* ---- finding the files ---- */

static bool
is_wanted(str name)
{
	return str_ends(name, S(".json")) || str_ends(name, S(".ndjson"));
}

static int
compare_files(const void *a, const void *b)
{
	return str_compare(((const struct source_file *)a)->path, ((const struct source_file *)b)->path);
}

static const struct err *
cannot_read(struct arena *arena, str path)
{
	return err_said(arena, ERR_INVALID, "%.*s cannot be read: %s.", STR_ARG(path), strerror(errno));
}

static fallible
add_path(struct arena *arena, struct import_source *source, str path, int depth)
{
	struct dirent *entry;
	struct stat stat_;
	const struct err *error = NULL;
	DIR *folder;

	if (stat(path.p, &stat_) != 0)
		return cannot_read(arena, path);
	if (!S_ISDIR(stat_.st_mode)) {
		*LIST_ADD(arena, &source->files) = (struct source_file){path, stat_.st_size};
		source->bytes += stat_.st_size;
		return NULL;
	}
	if (depth == FHIR_IMPORT_FOLDERS_DEEP)
		return err_said(arena, ERR_INVALID, "%.*s lies too deep in folders.", STR_ARG(path));
	folder = opendir(path.p);
	if (!folder)
		return cannot_read(arena, path);
	while (!error && (entry = readdir(folder))) {
		str inner = arena_printf(arena, "%s%s%s", path.p, str_ends(path, S("/")) ? "" : "/", entry->d_name);

		if (entry->d_name[0] == '.' || stat(inner.p, &stat_) != 0)
			continue;
		if (S_ISDIR(stat_.st_mode) || (S_ISREG(stat_.st_mode) && is_wanted(inner)))
			error = add_path(arena, source, inner, depth + 1);
	}
	closedir(folder);
	return error;
}

fallible
import_source_open(struct arena *arena, const char *const *paths, size_t count, struct import_source **out)
{
	struct import_source *source = ARENA_NEW(arena, struct import_source);

	for (size_t i = 0; i < count; i++)
		TRY(add_path(arena, source, str_from_z(arena_z(arena, str_from_z(paths[i]))), 0));
	if (source->files.count)
		qsort(source->files.items, source->files.count, sizeof(source->files.items[0]), compare_files);
	pthread_mutex_init(&source->mutex, NULL);
	*out = source;
	return NULL;
}

void
import_source_close(struct import_source *source)
{
	if (source->lines)
		fclose(source->lines);
	pthread_mutex_destroy(&source->mutex);
}

/* ---- reading ---- */

/* A byte order mark says nothing in UTF-8; JSON does not allow it, some programs write it. */
static str
without_mark(str text)
{
	return str_starts(text, S("\xef\xbb\xbf")) ? str_drop(text, 3) : text;
}

static str
read_whole(struct arena *arena, const struct source_file *file, str *why)
{
	int fd = open(file->path.p, O_RDONLY | O_CLOEXEC);
	size_t done = 0, room = (size_t)file->bytes;
	char *p;
	ssize_t n = 1;

	if (file->bytes > JSON_BYTES_MAX) {
		*why = S("The file is too large to read at once; large data comes as .ndjson.");
		if (fd >= 0)
			close(fd);
		return STR_NONE;
	}
	if (fd < 0) {
		*why = arena_str(arena, str_from_z(strerror(errno)));
		return STR_NONE;
	}
	p = arena_text(arena, room + 1);
	while (done < room && (n = read(fd, p + done, room - done)) > 0)
		done += (size_t)n;
	close(fd);
	if (n < 0) {
		*why = arena_str(arena, str_from_z(strerror(errno)));
		return STR_NONE;
	}
	return without_mark((str){p, done});
}

/* Some whole lines of the open .ndjson file, with the mutex held. */
static void
read_lines(struct import_source *source, struct arena *arena, struct import_unit *unit)
{
	struct buf text = BUF_INIT(arena);
	char *line = NULL;
	size_t room = 0;
	ssize_t n = 0;

	*unit = (struct import_unit){
	    .path = source->lines_path, .is_lines = true, .line = source->line, .begins_file = source->line == 1};
	while (text.n < FHIR_IMPORT_BLOCK_BYTES && (n = getline(&line, &room, source->lines)) > 0) {
		source->line++;
		source->bytes_done += n;
		if (n > FHIR_IMPORT_LINE_BYTES) {
			unit->unreadable = arena_printf(arena,
			    "Line %lld is too long; the lines behind it were not read.", (long long)source->line - 1);
			n = -1;
			break;
		}
		buf_add_bytes(&text, line, (size_t)n);
	}
	free(line);
	unit->text = unit->line == 1 ? without_mark(buf_str(&text)) : buf_str(&text);
	if (n <= 0) {
		fclose(source->lines);
		source->lines = NULL;
	}
}

bool
import_source_next(struct import_source *source, struct arena *arena, struct import_unit *out)
{
	struct source_file *file;

	pthread_mutex_lock(&source->mutex);
	if (!source->lines && source->next == source->files.count) {
		pthread_mutex_unlock(&source->mutex);
		return false;
	}
	if (!source->lines) {
		file = &source->files.items[source->next++];
		if (!str_ends(file->path, S(".ndjson"))) {
			pthread_mutex_unlock(&source->mutex);
			*out = (struct import_unit){.path = file->path, .line = 1, .begins_file = true};
			out->text = read_whole(arena, file, &out->unreadable);
			pthread_mutex_lock(&source->mutex);
			source->bytes_done += file->bytes;
			pthread_mutex_unlock(&source->mutex);
			return true;
		}
		source->lines = fopen(file->path.p, "re");
		source->lines_path = file->path;
		source->line = 1;
		if (!source->lines) {
			*out = (struct import_unit){.path = file->path, .begins_file = true};
			out->unreadable = arena_str(arena, str_from_z(strerror(errno)));
			pthread_mutex_unlock(&source->mutex);
			return true;
		}
	}
	read_lines(source, arena, out);
	pthread_mutex_unlock(&source->mutex);
	return true;
}

void
import_source_progress(struct import_source *source, struct fhir_import_progress *out)
{
	pthread_mutex_lock(&source->mutex);
	out->files = (int64_t)source->files.count;
	out->files_done = (int64_t)source->next;
	out->bytes = source->bytes;
	out->bytes_done = source->bytes_done;
	pthread_mutex_unlock(&source->mutex);
}
