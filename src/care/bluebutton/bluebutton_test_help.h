/* SPDX-License-Identifier: Apache-2.0 */
/* A sample patient of /shared data in a small clinic, with everything that a download can hold. */
#ifndef SALVE_BLUEBUTTON_TEST_HELP_H
#define SALVE_BLUEBUTTON_TEST_HELP_H

#include "people.h"
#include "shared_data.h"

#include "care/bluebutton/bluebutton.h"
#include "care/messaging/messaging.h"
#include "platform/format/zip.h"

struct clinic {
	struct people people;
	patient_id patient; /* Liz Conn, of Team Maple */
	account_id account; /* hers, once clinic_lives was called */
	struct cx cx;       /* of whoever downloads: the program, then Liz */
	struct page_cx px;
	struct buf out;
	struct bluebutton_ask ask; /* everything */
	struct attachment file;
	thread_id thread;
};

/* False when there is no sample. The clock stands at 5 March 2026, 10:00 in New York. */
bool clinic_open(struct world *world, struct clinic *c);
/* Liz has an account, wrote a message with a file and was answered, a permission is offered, and an entry of her record has a
 * second version; the trail's index is up to date. From here on c->cx is hers. */
void clinic_lives(struct world *world, struct clinic *c);
const struct err *clinic_keep(void *arg, str bytes); /* into a buf */

#endif
