/* SPDX-License-Identifier: Apache-2.0 */
/* Paths into a resource: "code", "context.period", "effectiveDateTime|effectivePeriod", "participant.actor:Location".
 * Members joined by dots; arrays are walked through; '|' separates alternatives, all of which count; ":Type" keeps references
 * to that type.  Private to this folder. */
#ifndef SALVE_RECORD_PATH_H
#define SALVE_RECORD_PATH_H

#include "platform/format/json.h"

typedef fallible(path_visit_fn)(void *arg, const struct json_value *value);
/* Visit every value at `path`, in the order of the text. An error stops the walk. */
fallible path_each(const struct json_value *root, const char *path, path_visit_fn *visit, void *arg);

#endif
