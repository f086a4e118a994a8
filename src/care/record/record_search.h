/* SPDX-License-Identifier: Apache-2.0 */
/* FHIR search parameters as text, read into what resource_find takes.  Private to this folder (and its fuzzer). */
#ifndef SALVE_RECORD_SEARCH_H
#define SALVE_RECORD_SEARCH_H

#include "care/record/record.h"
#include "platform/format/uri.h"

#define SEARCH_FILTERS_MAX 32 /* parameters of one search */
#define SEARCH_VALUES_MAX  64 /* alternatives of one parameter */

struct record_search {
	struct resource_search find; /* without the patient */
	struct resource_token_filter tokens[SEARCH_FILTERS_MAX];
	struct resource_date_filter dates[SEARCH_FILTERS_MAX];
	str patient; /* the id that patient= or subject= asks for; absent: none */
	str ids;     /* the value of _id; absent: none */
	str person;  /* words and numbers to find patients by (name=, family=, given=, identifier=); absent: none */
	bool only_count;
	struct resource after; /* from the next link */
	patient_id after_patient;
	str ignored; /* names of parameters that are not known, "a, b"; absent: none */
};

/* ERR_INVALID when a value makes no sense. Lives in cx->arena. */
fallible record_search_parse(struct cx *cx, resource_type type, struct http_pairs pairs, struct record_search *out);
/* The value of the parameter that continues behind `last`. */
str record_search_cursor(struct arena *arena, const struct resource *last);
#define SEARCH_CURSOR "_cursor"

#endif
