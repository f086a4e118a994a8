/* SPDX-License-Identifier: Apache-2.0 */
/* How a resource's text is stored: without white space between tokens, without id, meta.versionId and meta.lastUpdated, and
 * with one byte for the owner's own id, which stands in nearly every resource.  Two stored texts of one id are equal
 * exactly when their content is.  Private to this folder. */
#ifndef SALVE_RECORD_TEXT_H
#define SALVE_RECORD_TEXT_H

#include "care/record/record.h"

/* The stored form of `json` (an object with a resourceType; meta, when there, an object). `id` is what it will be read back
 * with. */
str record_text_pack(struct arena *arena, const struct json_value *json, patient_id owner, str id);
/* The text and the id as they are served. ERR_BROKEN when `packed` is not what record_text_pack made. */
fallible record_text_unpack(struct arena *arena, str packed, const struct resource *row, str *id, str *text);

#endif
