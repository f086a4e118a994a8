/* SPDX-License-Identifier: Apache-2.0 */
/* A point in time: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.  Zones and business days are in
 * calendar.h; FHIR date texts in platform/format. */
#ifndef SALVE_INSTANT_H
#define SALVE_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
	int64_t ms;
} instant;

#define INSTANT_NONE ((instant){INT64_MIN}) /* "no such time"; NULL in the database */
#define SECOND_MS    ((int64_t)1000)
#define MINUTE_MS    (60 * SECOND_MS)
#define HOUR_MS      (60 * MINUTE_MS)
#define DAY_MS       (24 * HOUR_MS)

/* The clock.  Read once per request or job (cx->now); features never call this. */
instant instant_read_clock(void);
/* Milliseconds of a clock that never jumps: for time-outs and measuring only. */
int64_t monotonic_ms(void);
static inline bool
instant_is_none(instant t)
{
	return t.ms == INT64_MIN;
}
static inline instant
instant_add_ms(instant t, int64_t ms)
{
	return (instant){t.ms + ms};
}
static inline bool
instant_before(instant a, instant b)
{
	return a.ms < b.ms;
}

#endif
