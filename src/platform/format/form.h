/* SPDX-License-Identifier: Apache-2.0 */
/* What a browser sends when a form is submitted: application/x-www-form-urlencoded and multipart/form-data (RFC 7578).
 * Pure functions over bytes; the bytes of files are borrowed from the body, never copied. */
#ifndef SALVE_FORM_H
#define SALVE_FORM_H

#include "platform/format/uri.h"

/* Is it one of the two media types (parameters after ';' allowed)? */
bool form_type_known(str content_type);

/* The fields of `body` in the order given. Text values are valid UTF-8 without NUL; a part with a file name is a file:
 * its value is any bytes, `file_name` is valid UTF-8 without a path and without control characters, `file_type` what the
 * sender claims. ERR_INVALID for any other media type, a malformed body, or more than HTTP_PARAMETERS_MAX fields. */
fallible form_parse(struct arena *arena, str content_type, str body, struct http_pairs *out);

/* A parameter of a header like `form-data; name="a b"`: quotes removed; absent when missing or malformed. */
str header_parameter(struct arena *arena, str header, const char *name);

#endif
