/* SPDX-License-Identifier: Apache-2.0 */
/* Comma-separated values (RFC 4180: CR LF after every row), safe to open in a spreadsheet: a text that would be taken for a
 * formula gets an apostrophe in front.
 *
 *	struct csv_writer csv = {.out = &buf};
 *	csv_text(&csv, S("Team"));
 *	csv_text(&csv, S("Messages"));
 *	csv_row_end(&csv); */
#ifndef SALVE_CSV_H
#define SALVE_CSV_H

#include "platform/base/base.h"

struct csv_writer {
	struct buf *out;
	size_t cells; /* of the row being written */
};

void csv_text(struct csv_writer *csv, str text); /* absent is an empty cell */
/* A number of ours; a negative one is a number, not a formula, and stays as it is. */
void csv_int64(struct csv_writer *csv, int64_t number);
void csv_row_end(struct csv_writer *csv);

#endif
