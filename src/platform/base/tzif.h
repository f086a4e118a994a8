/* SPDX-License-Identifier: Apache-2.0 */
/* A time zone as the tz database compiles it (TZif, RFC 8536), from bytes and without I/O.  Private to base: others use
 * calendar.h. */
#ifndef SALVE_TZIF_H
#define SALVE_TZIF_H

#include "platform/base/base.h"

#define TZIF_BYTES_MAX (64 * 1024) /* the largest file of the database has 4 KB */

struct zone_type {
	int32_t offset_seconds; /* east of UTC */
	bool is_dst;
	const char *abbreviation;
};

/* When in a year a clock changes: the last part of a POSIX TZ text. */
struct zone_rule_date {
	enum { RULE_JULIAN, RULE_DAY, RULE_MONTH } kind; /* Jn (1-365, never 29 February), n (0-365), Mm.w.d */
	int month, week, day; /* week 5 is the last; RULE_MONTH's day is a weekday, 0 = Sunday */
	int32_t seconds;      /* after midnight, local time before the change; may be negative */
};

/* What holds after the last transition listed in the file. */
struct zone_rule {
	bool given, has_dst;
	struct zone_type standard, dst;
	struct zone_rule_date dst_begin, dst_end;
};

struct zone {
	str name;
	const struct zone *older; /* in the table of loaded zones */
	size_t transition_count;
	const int64_t *transitions; /* seconds since 1970, ascending */
	const uint8_t *type_after;  /* type_after[i] holds from transitions[i] on */
	const struct zone_type *types;
	struct zone_rule rule;
};

/* Version 2 or later, without leap seconds. Everything lives in `arena`. False when the bytes are not such a file. */
bool tzif_parse(struct arena *arena, str bytes, struct zone *out);

/* What holds at `seconds` since 1970. */
const struct zone_type *zone_type_at(const struct zone *zone, int64_t seconds);
/* The first change of type later than `seconds`; INT64_MAX when there is none. */
int64_t zone_transition_after(const struct zone *zone, int64_t seconds);

/* Local milliseconds: what the clock on the wall shows, counted as if it were UTC.
 * The two below never run backwards: where the clock goes back, the wall counts as standing still until it has caught up;
 * where it goes forward, a skipped wall time is the moment of the change. Business days stay monotone by them. */
int64_t zone_wall_steady(const struct zone *zone, instant at);
instant zone_instant_steady(const struct zone *zone, int64_t wall_ms);

#endif
