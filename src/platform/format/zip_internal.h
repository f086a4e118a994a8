/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SALVE_ZIP_INTERNAL_H
#define SALVE_ZIP_INTERNAL_H

#include "platform/format/zip.h"

/* What records begin with. */
#define ZIP_LOCAL        0x04034b50u
#define ZIP_DESCRIPTOR   0x08074b50u
#define ZIP_CENTRAL      0x02014b50u
#define ZIP_END          0x06054b50u
#define ZIP_END_64       0x06064b50u
#define ZIP_END_64_PLACE 0x07064b50u
#define ZIP_EXTRA_64     1

#define ZIP_END_BYTES      22
#define ZIP_END_64_BYTES   56
#define ZIP_PLACE_64_BYTES 20
#define ZIP_CENTRAL_BYTES  46
#define ZIP_LOCAL_BYTES    30
#define ZIP_COMMENT_MAX    65535
#define ZIP_IS_ENCRYPTED   0x0001

/* Numbers are written with the low byte first. */
static inline uint64_t
zip_number(str bytes, size_t at, int n)
{
	uint64_t value = 0;

	for (int i = 0; i < n; i++)
		value |= (uint64_t)(unsigned char)bytes.p[at + (size_t)i] << (8 * i);
	return value;
}
struct zip_wide {
	uint64_t offset, packed_bytes, bytes;
};
/* Takes from the extra field what did not fit into 32 bits. */
bool zip_widen(str extra, struct zip_wide *place);
/* Where the record at the end begins, in the archive or in its last bytes. */
bool zip_find_end(str archive, size_t *at);
const struct err *zip_damaged(void) __attribute__((returns_nonnull));

/* Stays inside of the archive: no "..", no absolute path, no backslash, no drive. */
bool zip_name_is_safe(str name);

#endif
