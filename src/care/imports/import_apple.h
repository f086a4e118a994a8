/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of an export of Apple Health.  Private to this folder. */
#ifndef SALVE_IMPORT_APPLE_H
#define SALVE_IMPORT_APPLE_H

#include "care/imports/imports_internal.h"

struct apple_moment {
	instant at;
	int32_t offset, day; /* seconds east; since 1970, where it was */
	int hour;
};
bool apple_moment_of(str text, struct apple_moment *out); /* "2026-03-04 08:12:33 -0500" */
str apple_plain_type(str type);                           /* "HKQuantityTypeIdentifierBodyMass": "BodyMass" */
str apple_clean_name(struct arena *arena, str name);      /* fit to stand beside an entry; "?" for none */
/* "<<HKDevice: 0x2830>, name:Apple Watch, hardware:Watch6,1, ...>": "Apple Watch"; absent when it has none. */
str apple_device_name(struct arena *arena, str device);

#endif
