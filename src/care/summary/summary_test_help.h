/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of summaries share: a clinic into which one sample patient was imported. */
#ifndef SALVE_SUMMARY_TEST_HELP_H
#define SALVE_SUMMARY_TEST_HELP_H

#include "care/record/record_test_help.h"
#include "care/summary/summary.h"
#include "shared_data.h"

struct sample {
	const char *path;    /* in the shared data */
	const char *patient; /* the FHIR id */
	const char *name;    /* of its files, without ending */
};
extern const struct sample SAMPLE_SMALL, SAMPLE_MUST_SUPPORT, SAMPLE_LARGE;

struct office {
	struct world *world;
	struct people people;
	const struct sample *sample;
	patient_id patient;
	struct cx cx; /* as the system, so that everything may be in it */
	struct page_cx px;
	struct record_choice all;
	struct buf out;
	struct sink sink;                /* into `out` */
	const struct json_value *bundle; /* what was imported */
};
/* False, after a word, when there are no shared data. */
bool office_open(struct office *o, struct world *world, const struct sample *sample);
/* The text against test/golden/summary/NAME; SALVE_GOLDEN_WRITE=1 writes it anew. */
void golden_check(const struct office *o, const char *name, str document);

/* Left in the folder SALVE_DOCUMENTS, when it is set, for other programs to judge. */
void document_keep(const struct office *o, const char *ending, str text);

#endif
