/* SPDX-License-Identifier: Apache-2.0 */
/* Base 64 (RFC 4648): section 4 with padding for FHIR and MIME, section 5 ("url": - and _, no padding) for tokens and JOSE.
 * Reading is strict, so that one value has one text: nothing outside the alphabet (no line breaks), padding exactly as
 * written by the encoder, unused bits zero. */
#ifndef SALVE_BASE64_H
#define SALVE_BASE64_H

#include "platform/base/base.h"

str base64_encode(struct arena *arena, str bytes);
str base64url_encode(struct arena *arena, str bytes);

/* False when `text` is not what the encoder would have written, `out` untouched. The empty text is zero bytes. */
bool base64_decode(struct arena *arena, str text, str *out);
bool base64url_decode(struct arena *arena, str text, str *out);

#endif
