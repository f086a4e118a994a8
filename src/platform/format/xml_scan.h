/* SPDX-License-Identifier: Apache-2.0 */
/* What the XML reader does to characters.  Private to it. */
#ifndef SALVE_XML_SCAN_H
#define SALVE_XML_SCAN_H

#include "platform/format/xml_read.h"

const struct err *
xml_wrong(const struct xml_reader *r, const char *what) __attribute__((returns_nonnull)); /* "Line 12: ..." */
bool xml_is_space(char c);
bool xml_is_name_char(char c);
bool xml_is_name(str name);
bool xml_is_clean(str text); /* UTF-8 without control characters */
/* References become what they stand for, line ends one LF; in an attribute, white space becomes blanks. In place. */
fallible xml_decode(const struct xml_reader *r, char *p, size_t n, bool in_attribute, str *out);
/* How much of a text that goes on is sure: no reference and no character is cut in two. */
size_t xml_whole_text(str text);
/* On to behind the '>' of the document type; then the mode is XML_MODE_CONTENT. */
fallible xml_skip_doctype(struct xml_reader *r);

#endif
