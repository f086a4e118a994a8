/* SPDX-License-Identifier: Apache-2.0 */
/* The journal: what patients enter themselves, or have entered by who acts for them.  Its logs are rows of a table (journal_model.h); an
 * entry is a FHIR resource of the record that carries the number of its log, so that one policy decides about it wherever it is read:
 * the patient sees all, everybody else the logs that the patient shares with them (trust/consent/journal_share.h). */
#ifndef SALVE_JOURNAL_H
#define SALVE_JOURNAL_H

#include "care/record/record.h"
#include "platform/http/http.h"
#include "platform/jobs/jobs.h"
#include "platform/pages/pages.h"

extern const struct route journal_routes[], journal_api_routes[]; /* pages; JSON under /api */

/* ---- for other features ---- */

/* For the patient's home: the logs of measures that they use, last used first, with their newest value. */
#define JOURNAL_RECENT_MAX 3
struct journal_recent {
	str title, value, when, path,
	    new_path; /* "Blood pressure", "128/82 mmHg", "yesterday"; value absent: none yet */
};
fallible
journal_recent(struct cx *cx, const struct page_cx *px, patient_id patient, struct journal_recent *out, size_t *count);

/* An entry of a log, for those who bring in entries (the simulated clinic, imports): fields by name, numbers in the unit given ("[lb_av]";
 * absent: the first). */
struct journal_said {
	const char *field;
	str text, unit;
};
struct journal_bring {
	patient_id patient;
	const char *log;
	struct uuid id; /* its id: the same again changes nothing */
	const struct journal_said *said;
	size_t count;
	str source, origin;
	instant updated; /* when it was written down; {0}: now */
};
fallible journal_prepare(struct cx *cx, const struct journal_bring *in, struct resource_draft **out);

#define JOURNAL_SYSTEM        "urn:salve:journal"    /* of codes that are our own; as a tag: the log of an entry */
#define JOURNAL_ANSWERS_SAVED "questionnaires-saved" /* the tag of half-way answers */
/* Papers that are the patient's alone, such as who looked at the record elsewhere: a log without a switch, in no list of the journal;
 * number and tag. */
#define JOURNAL_PAPERS     28
#define JOURNAL_PAPERS_TAG "papers"
/* Of which log does a resource say that it is an entry: by the tag that entries carry. 0: of none; -1: of one that is not known here. For
 * what another installation exported. */
int64_t journal_log_said(const struct json_value *json);

/* Answers to questionnaires: a log like the others, whose entries are made elsewhere (care/questionnaires). `json` is a whole resource of
 * the log's type about the patient; `key` makes its id. The caller writes as in other logs. */
#define JOURNAL_ANSWERS "questionnaires"
#define JOURNAL_ANSWERS_HALF \
	27 /* number of the log of half-way answers: nobody but the patient ever sees it, it has no switch */
/* ERR_GONE for whoever may not read that log, ERR_DENIED for who reads and may not write. `by`: who acts for the patient, in words; absent:
 * the patient. */
fallible journal_answers_may(struct cx *cx, patient_id patient, str *by);
/* Finished ones with a key that was used before: nothing changes. */
fallible journal_keep_answers(struct cx *cx, patient_id patient, struct uuid key, str json, bool half);
fallible journal_drop_half(struct cx *cx, patient_id patient, struct uuid key); /* no error when it is not there */

/* Documents and photos that the patient brings: a log whose entries have files. */
#define JOURNAL_DOCUMENTS "documents"
/* Deliverer of the outbox kind of files that wait for the virus scanner: what is clean can be read from then on. */
#define JOURNAL_SCAN_KIND "scan_document"
fallible journal_scan_deliver(struct cx *cx, const struct outbox_item *item);

/* Sends what limits raised and quiet hours kept back: the timer of the same name, every minute. */
fallible journal_tell(struct cx *cx);
/* Reminds those who want to measure now: the timer of the same name, every minute. */
fallible journal_remind(struct cx *cx);

#endif
