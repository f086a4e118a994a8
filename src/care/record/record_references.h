/* SPDX-License-Identifier: Apache-2.0 */
/* References met while resources pass by, each once and in the order met: for bundles that bring along what they refer to. */
#ifndef SALVE_RECORD_REFERENCES_H
#define SALVE_RECORD_REFERENCES_H

#include "care/record/record.h"

#define RECORD_REFERENCES_MAX 20000 /* different ones of one record: bounds the memory of the set */

struct record_references {
	struct arena *arena; /* of the set and of its texts */
	str *items;
	size_t count, capacity;
	str *slots; /* open addressing; absent: free */
	size_t slot_count;
};

/* True when it was not there before. */
bool record_references_add(struct record_references *set, str reference);
/* Every reference inside of `value` that may lead into the commons ("Practitioner/abc"); beyond RECORD_REFERENCES_MAX none. */
void record_references_collect(struct record_references *set, const struct json_value *value);

#endif
