/* SPDX-License-Identifier: Apache-2.0 */
/* Time zone files: whatever is accepted answers every question without harm, and business days stay monotone in it. */
#include "platform/base/tzif.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t seconds[] = {0, 1000000000, 1772935200, 1793509200, 2145916800, 3786912000, 253402000000};
	struct arena arena = ARENA_INIT;
	struct zone zone;
	str bytes = {(const char *)data, size};

	if (tzif_parse(&arena, bytes, &zone)) {
		const struct business_calendar calendar = {.zone = &zone};
		instant due = {INT64_MIN};

		for (size_t i = 0; i < sizeof(seconds) / sizeof(*seconds); i++) {
			instant at = {seconds[i] * 1000};
			struct civil_time civil = zone_civil(&zone, at);
			int64_t change = zone_transition_after(&zone, seconds[i]);

			assert(civil_date_is_valid(civil.date.year, civil.date.month, civil.date.day));
			assert(civil.hour < 24 && civil.minute < 60 && civil.second < 60 && civil.abbreviation);
			assert(change > seconds[i]);
			assert(zone_instant(&zone, civil).ms <= at.ms);
		}
		for (int hour = 0; hour < 200; hour++) {
			instant next = business_add_days(&calendar, (instant){1772600400000 + hour * HOUR_MS}, 2);

			assert(next.ms >= due.ms);
			due = next;
		}
	}
	arena_release(&arena);
	return 0;
}
