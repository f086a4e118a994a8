/* SPDX-License-Identifier: Apache-2.0 */
/* ZIP: what is read lies inside of the archive, and unpacks to what the directory says or not at all. */
#include "platform/format/zip.h"

#define EXTRACT_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct zip_entries entries;
	str archive = {(const char *)data, size}, bytes;

	if (!zip_read(&arena, archive, &entries))
		for (size_t i = 0; i < entries.count && i < 100; i++) {
			assert(entries.items[i].packed.p >= archive.p);
			assert(entries.items[i].packed.p + entries.items[i].packed.n <= archive.p + archive.n);
			if (!zip_extract(&arena, &entries.items[i], EXTRACT_MAX, &bytes))
				assert((int64_t)bytes.n == entries.items[i].bytes);
		}
	arena_release(&arena);
	return 0;
}
