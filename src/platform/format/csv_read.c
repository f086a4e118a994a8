/* SPDX-License-Identifier: Apache-2.0 */
/* Rows out of text.  A row that cannot be read costs its first line only: reading goes on behind it. */
#include "platform/format/csv_read.h"

#include "platform/format/utf8.h"

#define TR(text) (text) /* translated by whoever shows it */

/* ---- as UTF-8 ---- */

static fallible
decode_utf16(struct arena *arena, str bytes, bool big, str *out)
{
	struct buf text = BUF_INIT(arena);
	size_t i = 0;

	while (i + 1 < bytes.n) {
		unsigned a = (unsigned char)bytes.p[i], b = (unsigned char)bytes.p[i + 1];
		uint32_t c = big ? a << 8 | b : b << 8 | a, low = 0;

		i += 2;
		if (c >= 0xD800 && c < 0xDC00 && i + 1 < bytes.n) {
			a = (unsigned char)bytes.p[i];
			b = (unsigned char)bytes.p[i + 1];
			low = big ? a << 8 | b : b << 8 | a;
			i += 2;
		}
		if (low >= 0xDC00 && low < 0xE000)
			c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
		buf_add_utf8(&text, (c >= 0xD800 && c < 0xE000) || c == 0 ? 0xFFFD : c);
	}
	*out = buf_str(&text);
	return NULL;
}

/* Where Windows-1252 is not Latin-1; 0: nothing stands there. */
static const uint16_t windows_1252[32] = {0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030,
    0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122,
    0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178};

static str
decode_windows(struct arena *arena, str bytes)
{
	struct buf text = BUF_INIT(arena);

	for (size_t i = 0; i < bytes.n; i++) {
		uint32_t c = (unsigned char)bytes.p[i];

		if (c >= 0x80 && c < 0xA0)
			c = windows_1252[c - 0x80] ? windows_1252[c - 0x80] : 0xFFFD;
		buf_add_utf8(&text, c);
	}
	return buf_str(&text);
}

fallible
csv_decode(struct arena *arena, str bytes, str *out)
{
	if (str_starts(bytes, S("\xEF\xBB\xBF")))
		bytes = str_drop(bytes, 3);
	else if (str_starts(bytes, S("\xFF\xFE")))
		return decode_utf16(arena, str_drop(bytes, 2), false, out);
	else if (str_starts(bytes, S("\xFE\xFF")))
		return decode_utf16(arena, str_drop(bytes, 2), true, out);
	else if (bytes.n > 3 && bytes.p[0] && !bytes.p[1] && bytes.p[2] && !bytes.p[3])
		return decode_utf16(arena, bytes, false, out);
	if (bytes.n && memchr(bytes.p, '\0', bytes.n))
		return ERR(ERR_INVALID, "This file is no text. Save it as CSV first.", "a NUL in a CSV file");
	*out = utf8_is_valid(bytes) ? bytes : decode_windows(arena, bytes);
	return NULL;
}

/* ---- the separator ---- */

#define GUESS_LINES 20

/* How many of the first lines hold it as often as the first does, times how often that is. */
static size_t
evenness(str text, char separator)
{
	size_t first = 0, same = 0;
	str line;

	for (int lines = 0; text.p && lines < GUESS_LINES; lines++) {
		size_t count = 0;
		bool quoted = false;

		text = str_cut(text, '\n', &line);
		for (size_t i = 0; i < line.n && i < CSV_ROW_BYTES_MAX; i++) {
			quoted ^= line.p[i] == '"';
			count += line.p[i] == separator && !quoted;
		}
		if (!lines)
			first = count;
		same += first && count == first;
	}
	return same * 8 + (first < 8 ? first : 7) * (same > 0);
}

char
csv_separator_of(str text)
{
	static const char candidates[] = {',', ';', '\t', '|'};
	char best = ',';
	size_t most = 0;

	for (size_t i = 0; i < sizeof(candidates); i++) {
		size_t found = evenness(text, candidates[i]);

		if (found > most) {
			most = found;
			best = candidates[i];
		}
	}
	return best;
}

/* ---- rows ---- */

void
csv_reader_init(struct csv_reader *reader, str text, char separator)
{
	*reader = (struct csv_reader){.rest = text, .separator = separator, .line = 1};
}

/* `at` stands behind the opening quote, and moves behind the closing one. */
static bool
take_quoted(struct buf *cell, str text, size_t *at)
{
	while (*at < text.n && *at < CSV_ROW_BYTES_MAX) {
		char c = text.p[(*at)++];

		if (c != '"') {
			buf_add_char(cell, c);
			continue;
		}
		if (*at == text.n || text.p[*at] != '"')
			return true;
		buf_add_char(cell, '"');
		(*at)++;
	}
	return false;
}

/* What csv_text put in front of what a spreadsheet would run. */
static str
without_guard(str cell)
{
	return cell.n > 1 && cell.p[0] == '\'' && strchr("=+-@", cell.p[1]) ? str_drop(cell, 1) : cell;
}

static bool
is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

/* One cell; `at` moves onto what ended it. */
static const char *
take_cell(struct arena *arena, const struct csv_reader *reader, size_t *at, str *out)
{
	str text = reader->rest;
	size_t begin = *at;

	while (begin < text.n && text.p[begin] == ' ')
		begin++;
	if (begin < text.n && text.p[begin] == '"') {
		struct buf cell = BUF_INIT(arena);

		*at = begin + 1;
		if (!take_quoted(&cell, text, at))
			return TR("A quotation mark is opened here and never closed.");
		while (*at < text.n && text.p[*at] == ' ')
			(*at)++;
		if (*at < text.n && text.p[*at] != reader->separator && !is_line_end(text.p[*at]))
			return TR("Something follows behind a closing quotation mark.");
		*out = without_guard(str_trim(buf_str(&cell)));
		return NULL;
	}
	while (*at < text.n && text.p[*at] != reader->separator && !is_line_end(text.p[*at]))
		if (++*at > CSV_ROW_BYTES_MAX)
			return TR("This line is longer than is read here.");
	*out = without_guard(str_trim(str_slice(text.p + begin, text.p + (*at < begin ? begin : *at))));
	return NULL;
}

/* Behind the line end at `at`. */
static void
go_on(struct csv_reader *reader, size_t at)
{
	str passed;

	if (at < reader->rest.n && reader->rest.p[at] == '\r')
		at++;
	if (at < reader->rest.n && reader->rest.p[at] == '\n')
		at++;
	passed = str_take(reader->rest, at);
	reader->line += passed.n > 0;
	for (size_t i = 0; i + 1 < passed.n; i++)
		reader->line += passed.p[i] == '\n' || (passed.p[i] == '\r' && passed.p[i + 1] != '\n');
	reader->rest = str_drop(reader->rest, at);
}

/* True when a row was found or refused. */
static bool
take_row(struct arena *arena, struct csv_reader *reader, struct csv_row *out)
{
	bool is_filled = false;
	size_t at = 0;

	*out = (struct csv_row){.cells = ARENA_ARRAY(arena, str, CSV_COLUMNS_MAX), .line = reader->line};
	for (;;) {
		if (out->count == CSV_COLUMNS_MAX)
			out->trouble = TR("There are more columns than are read here.");
		else
			out->trouble = take_cell(arena, reader, &at, &out->cells[out->count]);
		if (out->trouble)
			break;
		is_filled = is_filled || out->cells[out->count].n > 0;
		out->count++;
		if (at >= reader->rest.n || is_line_end(reader->rest.p[at]))
			break;
		at++;
	}
	if (out->trouble)
		for (at = 0; at < reader->rest.n && !is_line_end(reader->rest.p[at]);)
			at++;
	out->source = str_take(reader->rest, at);
	go_on(reader, at);
	return is_filled || out->trouble;
}

bool
csv_next(struct arena *arena, struct csv_reader *reader, struct csv_row *out)
{
	while (reader->rest.n)
		if (take_row(arena, reader, out))
			return true;
	return false;
}
