/* SPDX-License-Identifier: Apache-2.0 */
/* Messaging, the office and charting as JSON, for apps: /api/... Every address calls the deed that the page of the same name
 * calls, so that who may do what, what is refused, and what stands in the trail are the same.  What FHIR has a place for is also
 * there as Communication and Task. */
#ifndef SALVE_API_H
#define SALVE_API_H

#include "platform/http/http.h"

extern const struct route api_routes[];        /* messaging */
extern const struct route api_office_routes[]; /* office, staff, charting */
extern const struct route api_appointments_routes[];
extern const struct route api_corrections_routes[];
extern const struct route api_prescriptions_routes[];
extern const struct route api_record_routes[];

/* An error as application/problem+json (RFC 9457): status, title (the words for the person). */
fallible api_show_error(struct cx *cx, struct request *rq, int status, const struct err *error);

#endif
