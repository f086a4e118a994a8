/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an attached file, the first line its name: whatever it is taken for, the name is one clean line that ends
 * as that kind does, and cleaning it again changes nothing. */
#include "care/attachments/file_kind.h"
#include "platform/format/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = ARENA_INIT;
	str name, clean, content = str_cut((str){(const char *)data, n}, '\n', &name);
	enum file_kind kind = file_kind_of(content.p ? content : S(""));

	assert(kind >= FILE_OTHER && kind < FILE_KINDS);
	clean = file_name_clean(&arena, name, kind);
	assert(clean.n > 0 && utf8_is_clean_line(clean) && utf8_count(clean) <= FILE_NAME_CHARS_MAX);
	assert(!memchr(clean.p, '/', clean.n) && !memchr(clean.p, '\\', clean.n) && clean.p[0] != '.');
	assert(str_equal(file_name_clean(&arena, clean, kind), clean));
	arena_release(&arena);
	return 0;
}
