/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over the files of the folders given: the corpus and what once crashed, on every build and compiler.
 * Missing folders are empty; no file at all is a failure. */
#include "shared_data.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
main(int argc, char **argv)
{
	int files = 0;

	for (int i = 1; i < argc; i++) {
		DIR *dir = opendir(argv[i]);
		struct dirent *entry;

		while (dir && (entry = readdir(dir))) {
			struct arena arena = ARENA_INIT;
			str text = shared_data_file(&arena, arena_printf(&arena, "%s/%s", argv[i], entry->d_name).p);
			uint8_t *copy = text.p ? malloc(text.n + 1) : NULL; /* of its own, so that overruns are seen */

			if (copy) {
				memcpy(copy, text.p, text.n);
				LLVMFuzzerTestOneInput(copy, text.n);
				files++;
			}
			free(copy);
			arena_release(&arena);
		}
		if (dir)
			closedir(dir);
	}
	printf("%d inputs\n", files);
	return files == 0;
}
