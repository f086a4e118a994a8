/* SPDX-License-Identifier: Apache-2.0 */
/* Blue Button: the patient takes the record away, whole or in part, in the form that serves them: text or PDF for people, tables for
 * spreadsheets, FHIR for programs, one ZIP with everything.  All are streamed: memory does not grow with the record. */
#ifndef SALVE_BLUEBUTTON_H
#define SALVE_BLUEBUTTON_H

#include "care/record/record_choice.h"
#include "platform/http/http.h"
#include "platform/pages/pages.h"

extern const struct route bluebutton_routes[]; /* /download and its files */

/* What is asked for. */
struct bluebutton_ask {
	patient_id patient;
	struct record_choice choice;
	bool no_messages; /* leave conversations out */
	int64_t *done;    /* counts entries as they are written; NULL: nobody asks */
	str base;         /* the address of the FHIR server, "https://portal.example.org/fhir" */
};

/* Each checks access, and writes in the language and zone of `px`. */

/* Lines of 73 columns, in the order of the VA's Blue Button as far as this program has the classes. */
fallible
bluebutton_text(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink);
/* One FHIR R4 Bundle (collection): every resource that is asked for as it is stored, then what they refer to in the commons. */
fallible
bluebutton_bundle(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink);
/* The same resources, one a line, those of a type together. */
fallible
bluebutton_ndjson(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink);
/* A ZIP of CSV tables, one for each part of the record and one of messages. */
fallible
bluebutton_tables(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink);
/* A C-CDA R2.1 Continuity of Care Document (care/summary). */
fallible
bluebutton_ccd(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink);
/* An International Patient Summary (care/summary). */
fallible
bluebutton_ips(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink);
/* A tagged PDF with contents. */
fallible
bluebutton_pdf(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink);
/* The same of a long record as several in a ZIP: a file for each section, a next one when it has PDF_ENTRIES_MAX entries, and one to read
 * first. Memory is that of one file. */
fallible
bluebutton_pdf_zip(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink);
/* A ZIP with all of it: pages to read without a connection, and everything for programs. The trail and who may act for the patient
 * are in it when the patient alone asks. */
fallible bluebutton_everything(
    struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink);

/* The timer that makes downloads that were asked for (export.h), in a job thread of its own: it may take minutes. */
fallible exports_work(struct cx *cx);

#endif
