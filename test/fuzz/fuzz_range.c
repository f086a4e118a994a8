/* SPDX-License-Identifier: Apache-2.0 */
/* A Range header: whatever it says, what is sent lies inside of what there is. */
#include <assert.h>

#include "platform/http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	for (int64_t size = 1; size < INT64_MAX / 1000; size *= 1000) {
		struct range range = range_parse((str){(const char *)data, n}, size);

		if (range.kind != RANGE_OUTSIDE)
			assert(range.first >= 0 && range.first <= range.last && range.last < size);
		if (range.kind == RANGE_WHOLE)
			assert(range.first == 0 && range.last == size - 1);
	}
	return 0;
}
