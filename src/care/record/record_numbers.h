/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of resource numbers: sorted, none twice.  What the index answers, united and intersected.  Private to this folder. */
#ifndef SALVE_RECORD_NUMBERS_H
#define SALVE_RECORD_NUMBERS_H

#include "care/record/record_list.h"

struct numbers {
	int64_t *items;
	size_t count, capacity;
};

/* Append; numbers_settle makes a set of it again. */
void numbers_add(struct arena *arena, struct numbers *set, int64_t n);
void numbers_add_all(struct arena *arena, struct numbers *set, const struct list_entries *entries);
void numbers_settle(struct numbers *set);

bool numbers_have(const struct numbers *set, int64_t n);
void numbers_keep_common(struct numbers *set, const struct numbers *other); /* those of `other` only */
void numbers_keep_others(struct numbers *set, const struct numbers *other); /* those not of `other` */

#endif
