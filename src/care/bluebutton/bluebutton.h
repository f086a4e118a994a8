/* SPDX-License-Identifier: Apache-2.0 */
/* Blue Button: the patient takes the whole record away, as plain text for people or as one FHIR bundle for programs.  Both
 * are streamed; memory stays flat however long the record is. */
#ifndef SALVE_BLUEBUTTON_H
#define SALVE_BLUEBUTTON_H

#include "platform/http/http.h"
#include "platform/pages/pages.h"

extern const struct route bluebutton_routes[]; /* /download and its files */

/* The patient's record in lines of 73 columns, in the language and zone of `px`. Checks access. */
fallible
bluebutton_text(struct cx *cx, const struct page_cx *px, patient_id patient, const struct sink *sink);

/* One FHIR R4 Bundle (collection): every resource of the patient as it is stored, then what they refer to in the commons.
 * `base` is the address of the FHIR server ("https://portal.example.org/fhir"). Checks access. */
fallible bluebutton_bundle(struct cx *cx, patient_id patient, str base, const struct sink *sink);

#endif
