/* SPDX-License-Identifier: Apache-2.0 */
/* The record's FHIR face: routes under /fhir, and how errors look there. */
#ifndef SALVE_RECORD_API_H
#define SALVE_RECORD_API_H

#include "platform/http/http.h"

#define FHIR_JSON "application/fhir+json; charset=utf-8"

extern const struct route record_api_routes[];

/* The record's own handlers, for routes that put something before them; the type is the segment of the path after /fhir. */
fallible fhir_search(struct cx *cx, struct request *rq);
fallible fhir_create(struct cx *cx, struct request *rq);
fallible fhir_update(struct cx *cx, struct request *rq);

/* An OperationOutcome with one issue: `code` is of FHIR's issue types ("not-found", "invalid", ...). */
void fhir_outcome(struct buf *out, const char *code, str text);
/* What another system's answer says: the status and the words of an OperationOutcome, when it is one; at most `chars_max`. */
str fhir_outcome_words(struct arena *arena, long status, str body, size_t chars_max);
/* For the gate: an error of a FACE_FHIR route. */
fallible fhir_show_error(struct cx *cx, struct request *rq, int status, const struct err *error);

#endif
