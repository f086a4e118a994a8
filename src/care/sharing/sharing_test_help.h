/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of sharing share: Bo has messages and a record, and María acts for him, over HTTP. */
#ifndef SALVE_SHARING_TEST_HELP_H
#define SALVE_SHARING_TEST_HELP_H

#include "visitor.h"

#include "care/messaging/messaging.h"
#include "care/record/record.h"
#include "care/sharing/sharing.h"
#include "trust/consent/consent.h"
#include "trust/portal/portal.h"

#define MESSAGE_WORDS "Zanzibar" /* in Bo's messages and nowhere else */
#define RECORD_WORDS  "Quinoa"   /* in his record and nowhere else */
#define ALL_RIGHTS    (RIGHT_MESSAGES_READ | RIGHT_MESSAGES_WRITE | RIGHT_RECORD_READ | RIGHT_PRESCRIPTIONS)

struct scene {
	struct visits v;
	thread_id thread;
	struct uuid file, draft, folder;
	delegation_id given;
	struct visitor bo, maria; /* maria's session acts for Bo */
};

/* Every table of routes that a delegate could come through. */
extern const struct route *const sharing_doors[];

void scene_open(struct scene *s, struct world *world);
struct cx scene_as(struct scene *s, account_id account, bool acting);
/* Bo gives María exactly this; what she had before is replaced. */
void scene_give(struct scene *s, unsigned rights);
/* The visitor's session acts for the patient, or (none) for nobody. */
struct visitor scene_acting(struct scene *s, struct visitor visitor, patient_id patient);

#endif
