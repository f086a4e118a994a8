/* SPDX-License-Identifier: Apache-2.0 */
/* FHIR dates: a span is never empty, the stricter forms are among the laxer ones, an instant's text gives it back. */
#include "platform/format/fhir_date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	str text = {(const char *)data, size};
	struct fhir_date d[4], back;
	bool is[4];

	for (enum fhir_date_kind kind = FHIR_DATE; kind <= FHIR_SEARCH; kind++)
		is[kind] = fhir_date_parse(kind, text, &d[kind]);
	assert(!is[FHIR_DATE] || is[FHIR_DATETIME]);
	assert(!is[FHIR_INSTANT] || is[FHIR_DATETIME]);
	assert(!is[FHIR_DATETIME] || is[FHIR_SEARCH]);
	if (is[FHIR_SEARCH]) {
		struct civil_date date = zone_civil(zone_utc(), d[FHIR_SEARCH].low).date;

		assert(d[FHIR_SEARCH].low.ms < d[FHIR_SEARCH].high.ms);
		if (date.year > 1 && date.year < 9999) {
			str instant_text = fhir_instant_text(&arena, d[FHIR_SEARCH].low);
			bool read = fhir_date_parse(FHIR_INSTANT, instant_text, &back);

			assert(read && back.low.ms == d[FHIR_SEARCH].low.ms);
		}
	}
	arena_release(&arena);
	return 0;
}
