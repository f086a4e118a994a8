/* SPDX-License-Identifier: Apache-2.0 */
/* The record as a clinical document that other systems read: a C-CDA R2.1 Continuity of Care Document, and an International Patient
 * Summary.  Both are views of what is stored: nothing is invented, what is missing says so in the way of its standard.  Both check
 * access, leave out what was entered in error or is not asked for, and keep memory flat as far as their format allows. */
#ifndef SALVE_SUMMARY_H
#define SALVE_SUMMARY_H

#include "care/record/record_choice.h"
#include "platform/http/http.h"
#include "platform/pages/pages.h"

extern const struct route summary_routes[]; /* /download/show/ccd.xml, /fhir/Patient/{id}/$summary */

#define SUMMARY_CCD_NAME "ccd.xml" /* the document asks for its stylesheet beside it under the name SUMMARY_XSL_NAME */
#define SUMMARY_XSL_NAME "ccd.xsl"

/* A C-CDA R2.1 CCD as XML. Titles and tables are in the language of `px`, names of codes as they were recorded. The same record
 * at the same time gives the same bytes. */
fallible summary_ccd(struct cx *cx, const struct page_cx *px, patient_id patient, const struct record_choice *choice,
    const struct sink *sink);
/* An International Patient Summary: a FHIR R4 document (Bundle) of HL7's IPS guide.  It is a summary: of what is over, and of
 * measurements, the newest IPS_NEWEST_MAX of each section, with a sentence about the rest; of what is current, all.  `base` is the
 * address of the FHIR server ("https://portal.example.org/fhir"), under which its entries are named.  Lives in cx->arena. */
#define IPS_NEWEST_MAX 100
fallible summary_ips(struct cx *cx, const struct page_cx *px, patient_id patient, const struct record_choice *choice,
    str base, str *out);
/* The stylesheet that shows any such document in a browser. */
str summary_ccd_stylesheet(void);

#endif
