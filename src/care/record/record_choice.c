/* SPDX-License-Identifier: Apache-2.0 */
/* Is an entry in the part of the record that somebody asked for? */
#include "care/record/record_choice.h"

bool
record_choice_takes(const struct record_choice *choice, resource_type type, const struct json_value *json)
{
	instant at;

	if (choice->classes && !(choice->classes & 1u << record_class_of(type, json)))
		return false;
	if (instant_is_none(choice->since) && instant_is_none(choice->until))
		return true;
	at = record_at(type, json);
	if (instant_is_none(at))
		return true;
	return (instant_is_none(choice->since) || at.ms >= choice->since.ms) &&
	       (instant_is_none(choice->until) || at.ms < choice->until.ms);
}
