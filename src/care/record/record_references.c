/* SPDX-License-Identifier: Apache-2.0 */
#include "care/record/record_references.h"

/* "Practitioner/abc": could it lead into the commons? */
static bool
may_be_common(str reference)
{
	str id, type = STR_NONE;

	id = str_cut(reference, '/', &type);
	return id.n && !str_contains(id, S("/")) && resource_type_may_be_common(resource_type_find(type));
}

void
record_references_collect(struct str_set *set, const struct json_value *value)
{
	json_each_item (value, item)
		record_references_collect(set, item);
	json_each_member (value, member) {
		str text = json_text(member);

		if (!str_equal(json_name(member), S("reference")))
			record_references_collect(set, member);
		else if (text.n && set->count < RECORD_REFERENCES_MAX && may_be_common(text))
			str_set_add(set, text);
	}
}
