/* SPDX-License-Identifier: Apache-2.0 */
/* Which part of a record somebody asks for: by class and by the entry's own date.  Every download and document takes one. */
#ifndef SALVE_RECORD_CHOICE_H
#define SALVE_RECORD_CHOICE_H

#include "care/record/record_view.h"

struct record_choice {
	unsigned classes;     /* bits 1 << enum record_class; 0: all */
	instant since, until; /* since <= the entry's beginning < until; INSTANT_NONE: open on that side */
};

/* What has no date is taken whatever the dates of the choice: nobody can tell that it is outside of them. */
bool record_choice_takes(const struct record_choice *choice, resource_type type, const struct json_value *json);

/* When it was, as lists sort it; none when the resource does not say. */
instant record_at(resource_type type, const struct json_value *json);

#endif
