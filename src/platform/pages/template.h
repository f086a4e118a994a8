/* SPDX-License-Identifier: Apache-2.0 */
/* What the C made from a template calls to print.  tools/mkpage picks the macro by where the value stands; the macro picks
 * the function by the value's type: str, const char * and whole numbers print, anything else does not compile. */
#ifndef SALVE_TEMPLATE_H
#define SALVE_TEMPLATE_H

#include "platform/format/escape.h"
#include "platform/pages/i18n.h"

#define TEMPLATE_LITERAL(text) buf_add_bytes(out, "" text "", sizeof(text) - 1)

void template_text_z(struct buf *out, const char *text);
void template_attribute_z(struct buf *out, const char *text);
void template_url_z(struct buf *out, const char *url);
void template_url_part_z(struct buf *out, const char *part);
void template_trusted(struct buf *out, struct html html);

enum template_place { TEMPLATE_TEXT, TEMPLATE_ATTRIBUTE, TEMPLATE_URL_PART };
/* A translated text with values, each escaped for where it stands. */
void template_filled(
    struct buf *out, enum lang lang, enum template_place place, str text, const struct tr_arg *args, size_t count);

/* clang-format off */
#define TEMPLATE_PRINT(value, of_str, of_z) _Generic((value), \
	str: of_str, char *: of_z, const char *: of_z, \
	int: buf_add_int64, long: buf_add_int64, long long: buf_add_int64, \
	unsigned: buf_add_int64, unsigned long: buf_add_int64)(out, (value))
#define TEMPLATE_AS_TEXT(value) TEMPLATE_PRINT(value, escape_text, template_text_z)
#define TEMPLATE_AS_ATTRIBUTE(value) TEMPLATE_PRINT(value, escape_attribute, template_attribute_z)
#define TEMPLATE_AS_URL(value) TEMPLATE_PRINT(value, escape_url, template_url_z)
#define TEMPLATE_AS_URL_PART(value) TEMPLATE_PRINT(value, escape_url_part, template_url_part_z)
/* clang-format on */

#define TEMPLATE_FILLED(place, text, ...)                                                     \
	template_filled(out, px->lang, (place), (text), (const struct tr_arg[]){__VA_ARGS__}, \
	    sizeof((const struct tr_arg[]){__VA_ARGS__}) / sizeof(struct tr_arg))

#endif
