/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the machine's clocks. */
#include <time.h>

#include "platform/base/base.h"

static int64_t
read_ms(clockid_t clock)
{
	struct timespec t;
	int failed = clock_gettime(clock, &t);

	assert(failed == 0);
	return (int64_t)t.tv_sec * SECOND_MS + t.tv_nsec / 1000000;
}

instant
instant_read_clock(void)
{
	return (instant){read_ms(CLOCK_REALTIME)};
}

int64_t
monotonic_ms(void)
{
	return read_ms(CLOCK_MONOTONIC);
}
