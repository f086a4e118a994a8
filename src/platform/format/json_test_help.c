/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/format/json_test_help.h"

const struct json_value *
parse(struct arena *arena, str text)
{
	const struct json_value *value = NULL;

	assert_ok(json_parse(arena, text, &value, NULL));
	return value;
}
