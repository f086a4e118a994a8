/* SPDX-License-Identifier: Apache-2.0 */
/* CSV: any bytes come to an end, every row and cell is text, lines only grow. */
#include "platform/format/csv_read.h"
#include "platform/format/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct csv_reader reader;
	struct csv_row row;
	int64_t line = 0;
	str text;

	if (!csv_decode(&arena, (str){(const char *)data, size}, &text)) {
		assert(utf8_is_valid(text));
		csv_reader_init(&reader, text, csv_separator_of(text));
		while (csv_next(&arena, &reader, &row)) {
			assert(row.line > line && row.count <= CSV_COLUMNS_MAX);
			line = row.line;
			for (size_t i = 0; i < row.count; i++)
				assert(utf8_is_valid(row.cells[i]));
		}
	}
	arena_release(&arena);
	return 0;
}
