/* SPDX-License-Identifier: Apache-2.0 */
/* One line per event, written with a single write(2) so that lines of threads never mix. */
#include <unistd.h>

#include "platform/base/base.h"

static enum log_level least_level = LOG_INFO; /* set once before threads start */

void
log_set_level(enum log_level least)
{
	least_level = least;
}

static void
add_quoted(struct buf *line, str text)
{
	buf_add_char(line, '"');
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c == '"' || c == '\\')
			buf_printf(line, "\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			buf_printf(line, "\\u%04x", c); /* bytes, not characters: a log line stays plain ASCII */
		else
			buf_add_char(line, (char)c);
	}
	buf_add_char(line, '"');
}

void
log_write(enum log_level level, const char *event, const struct log_field *fields)
{
	static const char *const level_name[] = {"debug", "info", "warn", "error"};
	struct arena arena = ARENA_INIT;
	struct buf line = BUF_INIT(&arena);
	ssize_t written;

	if (level < least_level)
		return;
	buf_printf(&line, "{\"ms\":%lld,\"level\":\"%s\",\"event\":\"%s\"", (long long)instant_read_clock().ms,
	    level_name[level], event);
	for (; fields->name; fields++) {
		buf_printf(&line, ",\"%s\":", fields->name);
		switch (fields->kind) {
		case LOG_FIELD_INT: buf_add_int64(&line, fields->number); break;
		case LOG_FIELD_TEXT: add_quoted(&line, fields->text); break;
		case LOG_FIELD_UUID:
			buf_add_char(&line, '"');
			buf_add_uuid(&line, fields->uuid);
			buf_add_char(&line, '"');
			break;
		}
	}
	buf_add(&line, S("}\n"));
	written = write(STDERR_FILENO, line.p, line.n);
	(void)written; /* nowhere to report a log that cannot be written */
	arena_release(&arena);
}
