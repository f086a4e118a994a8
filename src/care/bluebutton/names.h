/* SPDX-License-Identifier: Apache-2.0 */
/* Names of people, places and medicines that stand in other resources: each is looked up once for a whole download. */
#ifndef SALVE_BLUEBUTTON_NAMES_H
#define SALVE_BLUEBUTTON_NAMES_H

#include "care/record/record_pages.h"

struct names {
	struct arena *arena;      /* keeps them */
	struct known_name *slots; /* open addressing */
	size_t slot_count, count;
};
fallible names_look_up(struct names *names, struct cx *cx, const struct page_cx *px, str reference, str *out);
/* Puts all names into an item. */
fallible names_fill(struct names *names, struct cx *cx, const struct page_cx *px, struct record_item *item);

#endif
