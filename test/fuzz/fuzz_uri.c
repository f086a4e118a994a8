/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as percent-coded text and as a query: what decodes, encodes and decodes to the same again. */
#include "platform/format/uri.h"
#include "platform/format/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = ARENA_INIT;
	struct http_pairs pairs;
	str coded = {(const char *)data, n}, plain, again;

	if (uri_decode(&arena, coded, URI_PLUS_IS_PLUS, &plain)) {
		struct buf buf = BUF_INIT(&arena);
		bool ok;

		assert(plain.n <= n && utf8_is_valid(plain));
		uri_encode(&buf, plain);
		ok = uri_decode(&arena, buf_str(&buf), URI_PLUS_IS_SPACE, &again);
		assert(ok && str_equal(plain, again));
	}
	if (query_parse(&arena, coded, &pairs) == NULL)
		for (size_t i = 0; i < pairs.count; i++)
			assert(utf8_is_valid(pairs.items[i].name) && utf8_is_valid(pairs.items[i].value));
	arena_release(&arena);
	return 0;
}
