/* SPDX-License-Identifier: Apache-2.0 */
/* The ZIP with everything of one patient, made by another installation, into this one.  README.md says what becomes of what. */
#ifndef SALVE_ZIP_IMPORT_H
#define SALVE_ZIP_IMPORT_H

#include "care/record/record.h"
#include "trust/identity/identity.h"

#define ZIP_IMPORT_PROBLEMS_MAX 200                /* listed one by one; all are counted */
#define ZIP_IMPORT_FILE_BYTES   ((int64_t)1 << 31) /* one file of the archive, unpacked */
#define ZIP_IMPORT_ACT_MAX      400                /* resources of one act */
#define ZIP_IMPORT_KEPT_BYTES   ((size_t)4 << 20)  /* of what is kept as a document, in one of them */

struct zip_import_options {
	str archive;          /* its bytes */
	facility_id facility; /* of a patient who is new */
	bool add;             /* to a patient who is here already */
};
struct zip_import_problem {
	str file;
	int64_t line;
	str reason; /* words to show; nobody's data */
};
struct zip_import_report {
	patient_id patient;
	str from, made; /* the clinic that made the archive, and when */
	int64_t added, changed, unchanged, refused;
	int64_t conversations, messages, kept; /* kept: documents */
	struct zip_import_problem *problems;
	size_t problem_count;
};

/* ERR_INVALID with words for an archive that is damaged, changed or of another kind: then nothing was taken. ERR_DENIED with
 * words when the patient is here and options->add is not set. What the report counts is stored even when it ends with another
 * error, and doing it again completes it. */
fallible zip_import_run(struct cx *cx, const struct zip_import_options *options, struct zip_import_report *report);

#endif
