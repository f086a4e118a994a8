/* SPDX-License-Identifier: Apache-2.0 */
/* FHIR search: the first byte chooses the type, the rest is the query text. What is accepted stays within the limits. */
#include "care/record/record_search.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct record_search *search)
{
	assert(search->find.token_count <= SEARCH_FILTERS_MAX && search->find.date_count <= SEARCH_FILTERS_MAX);
	assert(search->find.count >= 0 && search->find.count <= FHIR_COUNT_MAX);
	assert(!search->patient.p || resource_id_is_valid(search->patient));
	for (size_t i = 0; i < search->find.token_count; i++) {
		assert(search->tokens[i].param && search->tokens[i].count >= 1);
		assert(search->tokens[i].count <= SEARCH_VALUES_MAX);
	}
	for (size_t i = 0; i < search->find.date_count; i++)
		assert(search->dates[i].param && search->dates[i].low.ms < search->dates[i].high.ms);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct cx cx = {.arena = &arena};
	struct record_search *search = ARENA_NEW(&arena, struct record_search);
	struct http_pairs pairs;

	if (size > 0 && !query_parse(&arena, (str){(const char *)data + 1, size - 1}, &pairs) &&
	    !record_search_parse(&cx, data[0] % resource_type_count() + 1, pairs, search)) {
		check(search);
		if (search->find.after)
			assert(record_search_cursor(&arena, &search->after).n > 0);
	}
	arena_release(&arena);
	return 0;
}
