/* SPDX-License-Identifier: Apache-2.0 */
/* Base 64: what is read is what would be written, and any bytes survive both alphabets. */
#include "platform/format/base64.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	str input = {(const char *)data, size}, out;
	bool read;

	if (base64_decode(&arena, input, &out))
		assert(str_equal(base64_encode(&arena, out), input));
	if (base64url_decode(&arena, input, &out))
		assert(str_equal(base64url_encode(&arena, out), input));
	read = base64_decode(&arena, base64_encode(&arena, input), &out);
	assert(read && str_equal(out, input));
	read = base64url_decode(&arena, base64url_encode(&arena, input), &out);
	assert(read && str_equal(out, input));
	arena_release(&arena);
	return 0;
}
