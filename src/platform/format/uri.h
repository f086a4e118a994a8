/* SPDX-License-Identifier: Apache-2.0 */
/* Percent-coding (RFC 3986) and query text, as browsers send it (WHATWG URL, application/x-www-form-urlencoded).  Strict:
 * a broken escape, a NUL or bytes that are not UTF-8 refuse the whole text. */
#ifndef SALVE_URI_H
#define SALVE_URI_H

#include "platform/base/base.h"

/* One name and value of a query or a form. The file members are absent unless it is an uploaded file (form.h). */
struct http_pair {
	str name, value;
	str file_name, file_type;
};
struct http_pairs {
	const struct http_pair *items;
	size_t count;
};

enum uri_plus { URI_PLUS_IS_PLUS, URI_PLUS_IS_SPACE };

/* `coded` without its escapes, as valid UTF-8 without NUL. Borrows `coded` when there is nothing to decode. False, and
 * `out` untouched, for anything else; there is no partial result. */
bool uri_decode(struct arena *arena, str coded, enum uri_plus plus, str *out);
/* Append `text` with everything but unreserved characters (letters, digits, "-._~") as %XX. */
void uri_encode(struct buf *out, str text);
/* The same, but '/' stays as it is: for whole paths. */
void uri_encode_path(struct buf *out, str path);
/* "a=1&b=2" as pairs in the order given; names may repeat, empty pieces ("&&") are skipped, a name without '=' has an
 * empty value. ERR_INVALID for a broken escape or more than HTTP_PARAMETERS_MAX pairs. */
fallible query_parse(struct arena *arena, str text, struct http_pairs *out);
/* The value of the first pair of that name; absent when there is none. */
str pairs_first(struct http_pairs pairs, const char *name);

#endif
