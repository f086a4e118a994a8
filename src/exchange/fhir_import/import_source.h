/* SPDX-License-Identifier: Apache-2.0 */
/* Where an import reads from: the files of its paths in order, a whole .json file or some lines of an .ndjson file at a time.
 * Many workers take from one source.  Private to this folder. */
#ifndef SALVE_IMPORT_SOURCE_H
#define SALVE_IMPORT_SOURCE_H

#include "exchange/fhir_import/fhir_import.h"

struct import_source;

/* What one worker takes at a time. */
struct import_unit {
	str path;
	str text;         /* in the arena given; absent when the file could not be read */
	bool is_lines;    /* .ndjson: a resource per line */
	int64_t line;     /* the number of the first line */
	str unreadable;   /* why the file (or the rest of it) cannot be read; absent when it can */
	bool begins_file; /* the first unit of its file */
};

/* ERR_INVALID names a path that is not there. */
fallible import_source_open(struct arena *arena, const char *const *paths, size_t count, struct import_source **out);
void import_source_close(struct import_source *source);
/* The next unit; false at the end. Safe from many threads. */
bool import_source_next(struct import_source *source, struct arena *arena, struct import_unit *out);
/* For the progress: safe from many threads. */
void import_source_progress(struct import_source *source, struct fhir_import_progress *out);

#endif
