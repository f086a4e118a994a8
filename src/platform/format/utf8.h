/* SPDX-License-Identifier: Apache-2.0 */
/* Unicode text as UTF-8 (RFC 3629): is it valid, how long is it, what does it sort and search under.  "Character" here is
 * a code point, the unit in which FHIR and our limits count. */
#ifndef SALVE_UTF8_H
#define SALVE_UTF8_H

#include "platform/base/base.h"

/* No overlong form, no surrogate, nothing above U+10FFFF, nothing cut off. U+0000 is valid here. Several GB/s on ASCII. */
bool utf8_is_valid(str text);
/* `text` itself when valid, otherwise a copy with U+FFFD for every byte that does not belong to a character. */
str utf8_repair(struct arena *arena, str text);
/* Bytes of the valid character that `text` begins with; 0 when it begins with none. */
size_t utf8_char_bytes(str text);
/* The next character of `rest`, which moves on behind it; false at the end. A byte that is not part of a valid character
 * gives U+FFFD and moves by one, so any bytes can be walked. */
bool utf8_next(str *rest, uint32_t *character);
void buf_add_utf8(struct buf *buf, uint32_t character); /* asserts that it is a Unicode scalar value */
size_t utf8_count(str text);                            /* characters, as utf8_next counts them */

/* The longest beginning of at most so many characters or bytes that splits neither a character nor a base from its
 * combining marks (extended grapheme cluster, UAX 29). A cluster that alone is longer than the limit is split between
 * characters. */
str utf8_take_chars(str text, size_t chars_max);
str utf8_take_bytes(str text, size_t bytes_max);

/* Normal form C, for storing and comparing; repaired first when invalid. Borrows `text` when it is ASCII. */
str utf8_nfc(struct arena *arena, str text);
/* The key to search under: case folded, accents and other marks stripped, compatibility forms unified ("Mejía" and "MEJIA"
 * give "mejia", "Straße" gives "strasse"). White space runs become one blank, none at the ends. */
str utf8_fold(struct arena *arena, str text);

/* Fit for a name, title or subject: valid, no control characters, no line breaks, no characters that reorder or hide text
 * (bidirectional controls, U+FEFF, tag characters, soft hyphens, noncharacters). Joiners (U+200C, U+200D) are letters' business in
 * Persian and Indic scripts and pass. */
bool utf8_is_clean_line(str text);
/* The same for texts of many lines: tab, LF and CR LF pass too. */
bool utf8_is_clean_text(str text);

/* Columns in a fixed-width font: 0 for combining marks and controls, 2 for East Asian wide characters, otherwise 1. */
int utf8_char_width(uint32_t character);
size_t utf8_width(str text);

#endif
