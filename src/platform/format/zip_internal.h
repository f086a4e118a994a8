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

/* Stays inside of the archive: no "..", no absolute path, no backslash, no drive. */
bool zip_name_is_safe(str name);

#endif
