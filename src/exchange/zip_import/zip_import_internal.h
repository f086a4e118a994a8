/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_ZIP_IMPORT_INTERNAL_H
#define SALVE_ZIP_IMPORT_INTERNAL_H

#include "exchange/zip_import/zip_import.h"
#include "platform/base/str_set.h"
#include "platform/format/zip.h"

struct zip_import {
	struct cx *cx; /* memory of the whole run */
	const struct zip_import_options *options;
	struct zip_import_report *report;
	struct zip_entries entries;
	instant made;
	/* the act in hand */
	struct cx act; /* its memory is that of one act */
	struct arena arena;
	struct resource_draft *drafts[ZIP_IMPORT_ACT_MAX];
	struct zip_import_problem places[ZIP_IMPORT_ACT_MAX]; /* where each stood */
	size_t count;
	struct patient_sealed *person; /* of the Patient among them */
	str patient_id;                /* FHIR id of the patient, once their own entry was taken; absent before */
	str last;                      /* "Type/id" of the entry before, in the run's memory */
	struct str_set fresh;          /* entries that this run made: their versions are taken as they come */
};

/* The archive is what its manifest says, file by file: names, sizes, check sums. Fills report->from, report->made. */
fallible zip_manifest_check(struct zip_import *z);
/* An unpacked file of the archive; absent when there is none of that name. */
fallible zip_import_file(struct zip_import *z, struct arena *arena, str name, str *out);

/* All lines of a file of FHIR resources; `patient_only`: those of type Patient, else the others. */
fallible zip_import_lines(struct zip_import *z, str name, bool patient_only);
/* A resource made here of what stands at this place of the archive; `log`: of the journal, 0: of the record. */
fallible zip_import_made(struct zip_import *z, const struct zip_import_problem *place, str id, str json, int64_t log);
fallible zip_import_flush(struct zip_import *z);
void zip_import_note(struct zip_import *z, str file, int64_t line, str reason);

/* Messages as Communications; the files that are kept as they are. */
fallible zip_import_messages(struct zip_import *z);
fallible zip_import_kept(struct zip_import *z);

#endif
