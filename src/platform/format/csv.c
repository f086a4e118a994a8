/* SPDX-License-Identifier: Apache-2.0 */
/* Cells and rows. */
#include "platform/format/csv.h"

static void
begin_cell(struct csv_writer *csv)
{
	if (csv->cells++ > 0)
		buf_add_char(csv->out, ',');
}

static bool
one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c);
}

void
csv_text(struct csv_writer *csv, str text)
{
	bool formula = text.n > 0 && one_of(text.p[0], "=+-@\t\r\n"), quoted = text.n == 0;

	for (size_t i = 0; i < text.n && !quoted; i++)
		quoted = one_of(text.p[i], ",\"\r\n\t");
	begin_cell(csv);
	if (text.n > 0 && (text.p[0] == ' ' || text.p[text.n - 1] == ' '))
		quoted = true; /* some readers trim */
	if (quoted)
		buf_add_char(csv->out, '"');
	if (formula)
		buf_add_char(csv->out, '\'');
	while (text.p && quoted) {
		str part;

		text = str_cut(text, '"', &part);
		buf_add(csv->out, part);
		if (text.p)
			buf_add(csv->out, S("\"\""));
	}
	buf_add(csv->out, text);
	if (quoted)
		buf_add_char(csv->out, '"');
}

void
csv_int64(struct csv_writer *csv, int64_t number)
{
	begin_cell(csv);
	buf_add_int64(csv->out, number);
}

void
csv_row_end(struct csv_writer *csv)
{
	buf_add(csv->out, S("\r\n"));
	csv->cells = 0;
}
