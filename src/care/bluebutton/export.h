/* SPDX-License-Identifier: Apache-2.0 */
/* Downloads that take a while.  Somebody asks, the program makes the file in the background with numbers that tell how far it is,
 * keeps it sealed under the patient's key for EXPORT_DAYS, and whoever asked fetches it, in pieces if the line breaks.  It is
 * made with the rights of whoever asked, at the time when it is made.
 *
 * It never hangs: an attempt without a sign of life for EXPORT_SILENT_MS is tried again, EXPORT_ATTEMPTS times in all, and none
 * takes longer than EXPORT_RUN_MS_MAX; then it has failed, which the page says with a button to try again. */
#ifndef SALVE_EXPORT_H
#define SALVE_EXPORT_H

#include "care/bluebutton/bluebutton_internal.h"

#define EXPORT_DAYS        7
#define EXPORT_SILENT_MS   (2 * MINUTE_MS)
#define EXPORT_ATTEMPTS    3
#define EXPORT_RUN_MS_MAX  (30 * MINUTE_MS)
#define EXPORT_WAIT_MS     (20 * SECOND_MS) /* before the next attempt */
#define EXPORTS_MAX        10               /* of one person for one patient */
#define EXPORT_CHUNK_BYTES ((size_t)64 * 1024)
#define EXPORT_BYTES_MAX   ((int64_t)20 * 1024 * 1024 * 1024)

enum export_state { /* stored as numbers: append only */
	EXPORT_WAITING = 0,
	EXPORT_RUNNING = 10,
	EXPORT_READY = 20,
	EXPORT_FAILED = 30,
};
struct export
{
	struct uuid id;
	patient_id patient;
	account_id account;
	bool acting;
	int64_t lang;
	int64_t rights; /* what a delegate had been given when it was made: messages may be in it */
	str file;       /* of its format */
	str asked;      /* sealed */
	int64_t state, attempts, done, total, bytes;
	str sha256;  /* hex; absent until it is ready */
	str trouble; /* the code of the last error; absent when there was none */
	instant made, touched, ready_at, expires_at;
};

/* Ask for one. `query`: the choice, as an address of the download page has it; `base`: address of the FHIR server. ERR_INVALID with words
 * when there are EXPORTS_MAX. */
struct export_new {
	struct uuid id; /* the same again changes nothing */
	patient_id patient;
	const struct download_format *format;
	str query, base;
};
fallible export_ask(struct cx *cx, const struct export_new *in);
/* Those of the caller for a patient, the newest first; struct export. */
fallible export_list(struct cx *cx, patient_id patient, struct db_rows *out);
fallible export_get(struct cx *cx, patient_id patient, struct uuid id, struct export *out); /* ERR_GONE: not theirs */
fallible export_delete(struct cx *cx, const struct export *export);
fallible export_again(struct cx *cx, const struct export *export); /* one that failed */

/* The bytes [first, last] of one that is ready. */
fallible export_read(struct cx *cx, const struct export *export, int64_t first, int64_t last, const struct sink *sink);

#endif
