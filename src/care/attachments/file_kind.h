/* SPDX-License-Identifier: Apache-2.0 */
/* What a file is, by its content and never by its name: pure functions over bytes that anybody may have made. */
#ifndef SALVE_FILE_KIND_H
#define SALVE_FILE_KIND_H

#include "platform/base/base.h"

#define FILE_NAME_CHARS_MAX 120

/* Stored as numbers: append only. */
enum file_kind {
	FILE_OTHER = 0, /* nothing that is taken */
	FILE_PNG = 1,
	FILE_JPEG = 2,
	FILE_GIF = 3,
	FILE_PDF = 4,
	FILE_TEXT = 5, /* UTF-8 without control characters */
	FILE_RTF = 6,
	FILE_DOC = 7,
	FILE_XLS = 8,
	FILE_DOCX = 9, /* these two without macros */
	FILE_XLSX = 10,
	FILE_BMP = 11,
	FILE_TIFF = 12,
	FILE_ODT = 13,
	FILE_MP4 = 14,
	FILE_KINDS
};

/* How the web calls it and how names of it end. */
struct file_type {
	const char *content_type, *words; /* words: TR("PNG image") */
	const char *endings[4];           /* ".jpg", ...; the first is given to names that have none of them */
	bool is_wide;  /* only where the facility takes large attachments (My HealtheVet's second list) */
	bool is_image; /* browsers draw it without running anything */
};

enum file_kind file_kind_of(str content);
/* Of a stored number; that of FILE_OTHER for anything unknown. */
const struct file_type *file_type_of(int64_t kind);
/* A name that is safe to show and to save: one clean line without folders, at most FILE_NAME_CHARS_MAX characters, with an
 * ending that fits the kind ("run.bat" of text becomes "run.bat.txt"). */
str file_name_clean(struct arena *arena, str name, enum file_kind kind);

#endif
