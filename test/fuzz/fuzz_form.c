/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a submitted form: what is accepted lies within the body or the arena, and its texts are valid UTF-8. The
 * first line is the content type, the rest the body. */
#include "platform/format/form.h"
#include "platform/format/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = ARENA_INIT;
	struct http_pairs pairs;
	str type, body = str_cut((str){(const char *)data, n}, '\n', &type);

	if (form_parse(&arena, type, body.p ? body : S(""), &pairs) == NULL) {
		assert(form_type_known(type));
		assert(pairs.count <= HTTP_PARAMETERS_MAX);
		for (size_t i = 0; i < pairs.count; i++) {
			assert(utf8_is_valid(pairs.items[i].name));
			assert(pairs.items[i].value.p && pairs.items[i].value.n <= n);
			assert(pairs.items[i].file_name.p || utf8_is_valid(pairs.items[i].value));
			assert(!memchr(pairs.items[i].file_name.p ? pairs.items[i].file_name.p : "", '/',
			    pairs.items[i].file_name.n));
		}
	}
	arena_release(&arena);
	return 0;
}
