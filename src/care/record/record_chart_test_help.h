/* SPDX-License-Identifier: Apache-2.0 */
/* Charts of chance, the same from the same seed, for tests of what the index finds. */
#ifndef SALVE_RECORD_CHART_TEST_HELP_H
#define SALVE_RECORD_CHART_TEST_HELP_H

#include "people.h"

#include "care/record/record_pages_internal.h"

struct chart {
	struct world *world;
	struct people people;
	struct cx cx; /* of Maria, whose chart it is */
	struct page_cx px;
	unsigned seed;
};

/* Of 0 to sides - 1. */
unsigned roll(struct chart *chart, unsigned sides);
#define ONE_OF(chart, list) (list)[roll((chart), sizeof(list) / sizeof((list)[0]))]

/* The clinic of people.h, and Maria's empty chart. */
void chart_open(struct world *world, struct chart *chart, unsigned seed);
/* Takes in the text of a resource under its own id. */
void chart_put(struct chart *chart, str text);

#endif
