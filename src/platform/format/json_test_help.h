/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of JSON share. */
#ifndef SALVE_JSON_TEST_HELP_H
#define SALVE_JSON_TEST_HELP_H

#include "platform/format/json.h"
#include "unit.h"

/* The value of a text; fails the test when it is refused. */
const struct json_value *parse(struct arena *arena, str text);

#endif
