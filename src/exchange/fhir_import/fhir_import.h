/* SPDX-License-Identifier: Apache-2.0 */
/* FHIR R4 from files: Bundles (transaction, batch, collection, searchset), single resources, and .ndjson; files and folders.
 * Resources keep the ids they have, references between the entries of a bundle become "Type/id"; everything else is stored
 * as it came.  A Patient becomes a patient of the given facility.  Reading the same again changes nothing. */
#ifndef SALVE_FHIR_IMPORT_H
#define SALVE_FHIR_IMPORT_H

#include "care/record/record.h"
#include "trust/identity/identity.h"

#define FHIR_IMPORT_WORKERS_MAX  16
#define FHIR_IMPORT_PROBLEMS_MAX 200                /* listed one by one; all are counted */
#define FHIR_IMPORT_ACT_MAX      400                /* resources of one act: bounds the wait of other writers */
#define FHIR_IMPORT_BLOCK_BYTES  (1024 * 1024)      /* of an .ndjson file that one worker takes */
#define FHIR_IMPORT_LINE_BYTES   (16 * 1024 * 1024) /* one resource of an .ndjson file */
#define FHIR_IMPORT_FOLDERS_DEEP 32

struct fhir_import_progress {
	int64_t files, files_done, bytes, bytes_done, resources;
	int64_t ms; /* since the beginning */
};

struct fhir_import_options {
	const char *const *paths; /* files and folders (walked through; *.json and *.ndjson count) */
	size_t path_count;
	facility_id facility; /* of the patients that are new */
	int workers;          /* 0: one more than there are cores */
	/* Called a few times a second from the calling thread, and at the end; may be NULL. */
	void (*progress)(void *arg, const struct fhir_import_progress *progress);
	void *progress_arg;
};

struct fhir_import_count {
	int64_t added, changed, unchanged, refused;
};
/* Something that was not taken in. Places count from 1; 0 where there is none. */
struct fhir_import_problem {
	str path;
	int64_t line, column; /* in the file */
	int64_t entry;        /* of a bundle */
	str type;             /* of the resource; absent for a whole file */
	str reason;           /* words to show; nobody's data */
};
struct fhir_import_report {
	struct fhir_import_count *by_type; /* by resource_type; [0]: of no known type */
	struct fhir_import_count total;
	int64_t files, files_broken;
	int64_t patients;   /* made or brought up to date */
	int64_t unresolved; /* references that lead nowhere */
	int64_t bytes, ms;
	struct fhir_import_problem *problems; /* the first FHIR_IMPORT_PROBLEMS_MAX, in order of path, line, entry */
	size_t problem_count;
	int64_t problems_all;
};

/* Import all of `options->paths`. Broken files and refused resources are in the report, and the rest is imported. An error
 * means that the import stopped (a path that is not there, a database that is gone); what the report counts is stored, and
 * doing it again completes it. Each act is recorded in the trail as AUDIT_IMPORT. */
fallible fhir_import_run(struct cx *cx, const struct fhir_import_options *options, struct fhir_import_report *report);

/* The report for a person, or as one JSON object. */
void fhir_import_report_print(struct buf *out, const struct fhir_import_report *report, bool json);

#endif
