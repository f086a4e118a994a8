/* SPDX-License-Identifier: Apache-2.0 */
/* Comma-separated values from other programs: commas, semicolons, tabs or bars between cells, quotes across lines, UTF-8, UTF-16 or
 * Windows-1252.  What csv.h made harmless for spreadsheets comes back as it was.
 *
 *	TRY(csv_decode(arena, bytes, &text));
 *	csv_reader_init(&reader, text, csv_separator_of(text));
 *	while (csv_next(arena, &reader, &row))
 *		row.trouble ? refuse(row.line, row.trouble) : take(row.cells, row.count); */
#ifndef SALVE_CSV_READ_H
#define SALVE_CSV_READ_H

#include "platform/base/base.h"

#define CSV_COLUMNS_MAX   60
#define CSV_ROW_BYTES_MAX ((size_t)64 * 1024)

/* The text in UTF-8 without a byte order mark; borrows `bytes` when nothing is to be changed. ERR_INVALID for what is no text. */
fallible csv_decode(struct arena *arena, str bytes, str *out);
/* Which of , ; tab | stands most evenly in the first lines. */
char csv_separator_of(str text);

struct csv_reader {
	str rest;
	char separator;
	int64_t line; /* of what comes next; from 1 */
};
struct csv_row {
	str *cells; /* trimmed */
	size_t count;
	int64_t line;        /* on which it begins */
	str source;          /* its bytes, without the line's end */
	const char *trouble; /* marked for translation: why it cannot be read; NULL: it can */
};
void csv_reader_init(struct csv_reader *reader, str text, char separator);
/* The next row with anything in it. False at the end. */
bool csv_next(struct arena *arena, struct csv_reader *reader, struct csv_row *out);

#endif
