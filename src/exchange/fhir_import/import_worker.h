/* SPDX-License-Identifier: Apache-2.0 */
/* One worker of an import: takes units, prepares their resources, writes them in acts of bounded size.  Private to this
 * folder. */
#ifndef SALVE_IMPORT_WORKER_H
#define SALVE_IMPORT_WORKER_H

#include <pthread.h>

#include "exchange/fhir_import/import_source.h"

/* A resource whose owner was not known yet when it was read (a Provenance before what it is about): tried again at the end. */
struct import_later {
	str path, id, text; /* references resolved */
	int64_t entry, line;
};
#define IMPORT_LATER_MAX       10000
#define IMPORT_LATER_BYTES_MAX (16 * 1024 * 1024)

/* What all workers share. */
struct import_run {
	const struct cx *cx; /* of the caller: database, vault, clock, who */
	facility_id facility;
	struct import_source *source;

	pthread_mutex_t
	    turn; /* of writing: acts of hundreds of rows at once would only undo each other on PostgreSQL */
	pthread_mutex_t mutex; /* guards everything below */
	pthread_cond_t ended;
	int working;
	const struct err *error; /* the first that stops the import; in `arena` */
	struct arena arena;      /* of error and problems */
	struct fhir_import_report report;
	LIST(struct fhir_import_problem) problems;
	LIST(struct import_later) later;
	size_t later_bytes;
};

void *import_worker_main(void *arg);
/* After the workers: what waits in run->later. */
fallible import_later_ones(struct import_run *run);

#endif
