/* SPDX-License-Identifier: Apache-2.0 */
/* How the types of resources are shared out among the classes, for those who search the index by class.  Private to this
 * folder. */
#ifndef SALVE_RECORD_CLASS_H
#define SALVE_RECORD_CLASS_H

#include "care/record/record_view.h"

bool record_class_has_type(enum record_class class, resource_type type);

/* What a search needs to find the resources of a type that are in the class: none when all of them are. At most
 * CLASS_FILTERS_MAX; the texts are constants. */
#define CLASS_FILTERS_MAX 3
size_t record_class_filters(enum record_class class, resource_type type, struct resource_token_filter *out);

/* Finds what was entered in error, by the parameter that says it for this type. False when no parameter does. */
bool record_mistaken_filter(resource_type type, struct resource_token_filter *out);

/* The date parameters by which entries of a type are sorted: where the first one is absent in an entry, the next counts. */
#define CLASS_DATES_MAX 2
size_t record_class_dates(resource_type type, const char **out);

#endif
