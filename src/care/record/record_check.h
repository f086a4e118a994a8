/* SPDX-License-Identifier: Apache-2.0 */
/* Is this JSON a resource that may be stored?  What is checked: known type, a sound id, required members, choices given once,
 * dates that exist, sound ids of contained resources.  Profiles and terminology are not checked here.  Private to this
 * folder. */
#ifndef SALVE_RECORD_CHECK_H
#define SALVE_RECORD_CHECK_H

#include "care/record/record_model.h"

/* ERR_INVALID names the member that is wrong. */
fallible record_check(struct arena *arena, const struct json_value *json, resource_type *type);

#endif
