/* SPDX-License-Identifier: Apache-2.0 */
/* Test inputs that are not in this repository: the folder named by SALVE_SHARED_DATA, or ../shared/data beside the source
 * root. A test that needs them prints "skipped" and returns when the folder is missing. */
#ifndef SALVE_SHARED_DATA_H
#define SALVE_SHARED_DATA_H

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "unit.h"

/* The whole file; absent when it cannot be read. Lives in `arena`. */
static inline str
shared_data_file(struct arena *arena, const char *path_z)
{
	FILE *file = fopen(path_z, "rb");
	struct stat stat;
	char *p;
	size_t n;

	if (!file)
		return STR_NONE;
	if (fstat(fileno(file), &stat) != 0 || !S_ISREG(stat.st_mode)) {
		fclose(file);
		return STR_NONE;
	}
	p = arena_text(arena, (size_t)stat.st_size + 1);
	n = fread(p, 1, (size_t)stat.st_size, file);
	fclose(file);
	return (str){p, n};
}

/* The path of `folder` inside the shared data; NULL after printing "skipped" when there is no shared data. */
static inline const char *
shared_data_folder(struct arena *arena, const char *folder)
{
	const char *root = getenv("SALVE_SHARED_DATA"), *source = getenv("SALVE_SOURCE");
	struct stat stat_;

	if (!root)
		root = arena_printf(arena, "%s/../shared/data", source ? source : ".").p;
	if (stat(root, &stat_) != 0) {
		printf("skipped: no shared test data (set SALVE_SHARED_DATA)\n");
		return NULL;
	}
	return arena_printf(arena, "%s/%s", root, folder).p;
}

#endif
