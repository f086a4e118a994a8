/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of entries, switches and limits share: Bo with his weight, Ben who cares for him, María who acts for him. */
#ifndef SALVE_JOURNAL_TEST_HELP_H
#define SALVE_JOURNAL_TEST_HELP_H

#include "people.h"

#include "care/journal/journal_rule.h"
#include "care/record/record_test_help.h"

struct room {
	struct world *world;
	struct people p;
	struct cx bo, ben, maria;
	const struct journal_log *weight;
	int64_t minutes;
};

void room_open(struct room *r, void **state);
void room_close(struct room *r);
void look_anew(struct room *r); /* each deed is a request of its own, with a snapshot of its own */
/* A reading, a minute after the one before. */
struct journal_put weighs(struct room *r, const char *value, const char *unit);
/* Who may read the log from now on, beside Bo. */
void share(struct room *r, bool team, bool maria);
/* How many entries of the log the caller sees; 0 when the log is not there for them. */
size_t count_for(struct cx *cx, struct room *r);

/* The same numbers in every run. */
extern unsigned test_seed;
unsigned random_below(unsigned n);

#endif
