/* SPDX-License-Identifier: Apache-2.0 */
/* What those who run messaging look at: figures, what is to be tidied up, and everything that went to and fro with one patient.
 * Looks and counts; changes nothing. */
#ifndef SALVE_REPORTS_H
#define SALVE_REPORTS_H

#include "platform/format/json_write.h"
#include "platform/http/http.h"

extern const struct route reports_routes[];

/* "30" (also for nothing), "quarter", "year": the last 30, 91, 364 days with today; "own": the days typed as "2026-03-05". */
struct period_wish {
	str kind, from, to;
};
struct report_wish {
	struct period_wish period;
	str team; /* a team's id; absent: all that the caller may see */
};
/* Members "facility" and "figures" of the open object: the rows of the CSV file, number for number. The same errors as the
 * page's: ERR_INVALID with words for days that cannot be, ERR_GONE for a team that the caller may not see. */
fallible report_json(struct cx *cx, const struct report_wish *wish, struct json_writer *w);

#endif
