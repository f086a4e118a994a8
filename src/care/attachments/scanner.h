/* SPDX-License-Identifier: Apache-2.0 */
/* The virus scanner: clamd over its socket (INSTREAM, clamd(8)).  Which one is a setting of the installation. */
#ifndef SALVE_SCANNER_H
#define SALVE_SCANNER_H

#include "platform/db/db.h"

/* "unix:/run/clamav/clamd.ctl" or "host:port"; empty: none. ERR_INVALID for anything else. */
fallible scanner_set(struct cx *cx, str address);
fallible scanner_get(struct cx *cx, str *address); /* absent: none is set */
/* Does it answer? ERR_BUSY otherwise. `version`: what it says of itself, "ClamAV 1.0.7/...". */
fallible scanner_ping(struct cx *cx, str address, str *version);

enum scan_verdict { VERDICT_CLEAN, VERDICT_INFECTED };

/* One scan: begin, add the bytes piece by piece, end. ERR_BUSY when the scanner is away, takes too long or could not scan
 * this; then nothing is known about the file. After an error, and after scan_end, the connection is closed. */
struct scan {
	int fd;
	int64_t until_ms;
	bool is_cut; /* the scanner stopped listening: its answer tells why */
};
fallible scan_begin(struct cx *cx, str address, struct scan *out);
fallible scan_add(struct scan *scan, str bytes);
/* `finding`: what was found, as the scanner calls it; absent when clean. */
fallible scan_end(struct cx *cx, struct scan *scan, enum scan_verdict *verdict, str *finding);
void scan_drop(struct scan *scan); /* instead of scan_end */

/* What clamd answered, one line: "stream: OK", "stream: NAME FOUND", "... ERROR". False for anything that is no verdict.
 * `finding` borrows from `answer`, printable ASCII only. */
bool scan_answer_read(str answer, enum scan_verdict *verdict, str *finding);

#endif
