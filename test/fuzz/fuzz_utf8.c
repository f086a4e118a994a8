/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8: walking any bytes ends, counts agree, every result is valid and every cut is a beginning. */
#include "platform/format/utf8.h"
#include "platform/format/wrap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	str text = {(const char *)data, size}, rest = text, cut, folded;
	struct buf wrapped = BUF_INIT(&arena);
	struct wrap how = {.columns = size ? data[0] % 40 + 1 : 1};
	size_t walked = 0, limit = size ? data[size - 1] % 16 : 0;
	uint32_t character;

	while (utf8_next(&rest, &character))
		walked++;
	assert(utf8_count(text) == walked);
	assert(utf8_is_valid(utf8_repair(&arena, text)));
	assert(utf8_is_valid(utf8_nfc(&arena, text)));
	folded = utf8_fold(&arena, text);
	assert(utf8_is_valid(folded));
	assert(str_equal(utf8_fold(&arena, folded), folded));
	assert(!utf8_is_clean_line(text) || utf8_is_clean_text(text));
	assert(!utf8_is_clean_text(text) || utf8_is_valid(text));
	cut = utf8_take_chars(text, limit);
	assert(cut.p == text.p && utf8_count(cut) <= limit);
	cut = utf8_take_bytes(text, limit);
	assert(cut.p == text.p && cut.n <= limit);
	wrap_text(&wrapped, text, &how);
	arena_release(&arena);
	return 0;
}
