/* SPDX-License-Identifier: Apache-2.0 */
#include "tool.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

str
tool_read(struct arena *arena, const char *path)
{
	struct buf text = BUF_INIT(arena);
	FILE *file = fopen(path, "rb");
	size_t n;

	if (!file) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
	while ((n = fread(buf_reserve(&text, 65536), 1, 65536, file)) > 0)
		text.n += n;
	if (ferror(file)) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(1);
	}
	fclose(file);
	return buf_str(&text);
}

void
tool_write(const char *path, str text)
{
	FILE *file = fopen(path, "wb");

	if (!file || fwrite(text.p, 1, text.n, file) != text.n || fclose(file) != 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
}

void
tool_refuse(const char *file, int line, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%d: ", file, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

int
tool_line_of(str text, size_t at)
{
	int line = 1;

	for (size_t i = 0; i < at && i < text.n; i++)
		line += text.p[i] == '\n';
	return line;
}

static size_t
skip_quoted(str text, size_t at)
{
	char quote = text.p[at];

	for (at++; at < text.n && text.p[at] != quote; at++)
		if (text.p[at] == '\\')
			at++;
	return at < text.n ? at + 1 : text.n;
}

size_t
c_skip(str text, size_t at)
{
	str rest = str_drop(text, at);
	size_t end;

	if (str_starts(rest, S("\"")) || str_starts(rest, S("'")))
		return skip_quoted(text, at);
	if (str_starts(rest, S("//")))
		return str_find(rest, S("\n"), &end) ? at + end : text.n;
	if (str_starts(rest, S("/*")))
		return str_find(str_drop(rest, 2), S("*/"), &end) ? at + end + 4 : text.n;
	return at + 1;
}

bool
c_string(struct arena *arena, str text, size_t *at, str *out)
{
	struct buf value = BUF_INIT(arena);
	size_t i = *at, end;

	while (i < text.n && strchr(" \t\r\n", text.p[i]))
		i++;
	if (i >= text.n || text.p[i] != '"')
		return false;
	end = skip_quoted(text, i);
	if (text.p[end - 1] != '"' || end < i + 2)
		return false;
	for (i++; i < end - 1; i++) {
		char c = text.p[i];

		if (c == '\\') {
			c = text.p[++i];
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
		}
		buf_add_char(&value, c);
	}
	*at = end;
	*out = buf_str(&value);
	return true;
}

void
c_add_literal(struct buf *out, str text)
{
	buf_add_char(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else if (c == '\n')
			buf_add(out, i + 1 < text.n ? S("\\n\"\n\t    \"") : S("\\n"));
		else if (c < ' ')
			buf_printf(out, "\\%03o", c);
		else
			buf_add_char(out, (char)c);
	}
	buf_add_char(out, '"');
}
