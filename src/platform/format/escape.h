/* SPDX-License-Identifier: Apache-2.0 */
/* Text on its way into HTML and into URLs.  Pure: bytes in, bytes out, nothing can fail. */
#ifndef SALVE_ESCAPE_H
#define SALVE_ESCAPE_H

#include "platform/base/base.h"

/* HTML that somebody vouches for: only templates, components and plots make one. A plain str never becomes HTML by accident,
 * because it does not compile where this is wanted. */
struct html {
	str text;
};

/* Between tags: & < > become entities. Absent text writes nothing, here and below. */
void escape_text(struct buf *out, str text);
/* Inside a quoted attribute, either quote: & < > " ' become entities. */
void escape_attribute(struct buf *out, str text);

/* May a person follow this address? https:, http:, mailto:, tel:, or a relative address on this site (path, ?query or
 * #fragment). Not: any other scheme, "//host", a backslash, white space or a control byte. */
bool url_is_safe(str url);
/* Is it a path of this site: "/x", never "//host"? For redirects and for paths that come from outside. */
bool url_is_local(str url);
/* A whole address at the start of an attribute: escaped when safe, "#" otherwise. */
void escape_url(struct buf *out, str url);
/* One piece of an address (path segment, query value): all but A-Z a-z 0-9 - . _ ~ becomes %XX, so it can neither start a
 * scheme, nor end the attribute, nor add a segment or a parameter. */
void escape_url_part(struct buf *out, str part);

#endif
