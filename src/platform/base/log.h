/* SPDX-License-Identifier: Apache-2.0 */
/* The structured log: one JSON object per line on standard error.  Ids, codes, counts and times only: a name, a body, a
 * query text or an address of a person never goes in. */
#ifndef SALVE_LOG_H
#define SALVE_LOG_H

#include "platform/base/id.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_set_level(enum log_level least); /* at start-up, before threads; LOG_INFO otherwise */
/* `event` is a fixed word ("request", "outbox_retry"); the rest are pairs of LOG_* below. */
#define LOG(level, event, ...) log_write((level), (event), (const struct log_field[]){__VA_ARGS__ __VA_OPT__(, ){0}})

struct log_field {
	const char *name;
	enum { LOG_FIELD_INT = 1, LOG_FIELD_TEXT, LOG_FIELD_UUID } kind;
	int64_t number;
	str text;
	struct uuid uuid;
};
#define LOG_INT(name_, value)                                             \
	{                                                                 \
		.name = (name_), .kind = LOG_FIELD_INT, .number = (value) \
	}
#define LOG_TEXT(name_, value)                                           \
	{                                                                \
		.name = (name_), .kind = LOG_FIELD_TEXT, .text = (value) \
	}
#define LOG_Z(name_, value)                                                        \
	{                                                                          \
		.name = (name_), .kind = LOG_FIELD_TEXT, .text = str_from_z(value) \
	}
#define LOG_UUID(name_, value)                                           \
	{                                                                \
		.name = (name_), .kind = LOG_FIELD_UUID, .uuid = (value) \
	}

void log_write(enum log_level level, const char *event, const struct log_field *fields);

#endif
