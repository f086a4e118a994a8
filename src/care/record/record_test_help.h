/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the store share: taking in the text of a resource. */
#ifndef SALVE_RECORD_TEST_HELP_H
#define SALVE_RECORD_TEST_HELP_H

#include "people.h"

#include "care/record/record.h"
#include "platform/format/json.h"

/* The clinic of people.h, and a record that is ready. */
void setup(struct world *world, struct people *people);
/* The text as a draft of the patient, checked; fails the test when it is refused. */
struct resource_draft *prepare(struct cx *cx, patient_id patient, str text);

struct put {
	struct resource_draft **drafts;
	size_t count;
	struct resource_put_result *results;
};

/* The act that puts drafts: a `struct put`. */
const struct err *put_act(struct tx *tx, void *arg);
/* Prepare and put one. */
struct resource_put_result put_text(struct world *world, patient_id patient, str text);

#endif
