/* SPDX-License-Identifier: Apache-2.0 */
/* References met while resources pass by, each once and in the order met: for bundles that bring along what they refer to. */
#ifndef SALVE_RECORD_REFERENCES_H
#define SALVE_RECORD_REFERENCES_H

#include "care/record/record.h"
#include "platform/base/str_set.h"

#define RECORD_REFERENCES_MAX 20000 /* different ones of one record: bounds the memory of the set */

/* Every reference inside of `value` that may lead into the commons ("Practitioner/abc"); beyond RECORD_REFERENCES_MAX none. */
void record_references_collect(struct str_set *set, const struct json_value *value);

#endif
