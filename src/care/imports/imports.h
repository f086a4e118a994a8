/* SPDX-License-Identifier: Apache-2.0 */
/* Files that people bring into their health log: tables (CSV), FHIR, what Apple Health exports.  README.md has the rules. */
#ifndef SALVE_IMPORTS_H
#define SALVE_IMPORTS_H

#include "platform/db/db.h"
#include "platform/http/http.h"

extern const struct route imports_routes[];

/* Reads, keeps and takes back what waits: the timer of that name, in a job thread of its own. One import at a time. */
fallible imports_work(struct cx *cx);

/* For the command line: the file into the patient's log, as the program itself. Called again with the same file it goes on where it was
 * interrupted. */
struct import_run {
	patient_id patient;
	int64_t bytes;
	struct uuid id; /* of the file for this patient: the same again is the same import */
	const char *name;
	const struct err *(*read)(void *arg, int64_t offset, size_t bytes, str *out);
	void (*progress)(void *arg, const char *step, int64_t done, int64_t total); /* may be NULL */
	void *arg;
};
struct import_line {
	str name; /* what it is, in English */
	int64_t read, kept, here, joined, aside, refused;
};
struct import_outcome {
	int64_t read, kept, here, joined, aside, refused, unusual;
	const struct import_line *lines;
	size_t count;
};
fallible imports_run(struct cx *cx, const struct import_run *run, struct import_outcome *out);

#endif
