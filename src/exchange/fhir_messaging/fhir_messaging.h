/* SPDX-License-Identifier: Apache-2.0 */
/* Messages as FHIR R4: threads as Communication in two levels (a header, and its messages with partOf), what the team owes as
 * Task.  The same rules and the same policy as the pages; routes take the place of the record's for these two types, and what
 * an import recorded of them is still found here. */
#ifndef SALVE_FHIR_MESSAGING_H
#define SALVE_FHIR_MESSAGING_H

#include "platform/http/http.h"

extern const struct route fhir_messaging_routes[];

#endif
