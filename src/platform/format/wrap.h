/* SPDX-License-Identifier: Apache-2.0 */
/* Plain text in lines of limited width, for Blue Button files, e-mail and the terminal. */
#ifndef SALVE_WRAP_H
#define SALVE_WRAP_H

#include "platform/base/base.h"

struct wrap {
	int columns;     /* of a line with its prefix, in a fixed-width font (utf8_char_width); at least 1 */
	str first, rest; /* what stands before the first line and before every other one; often blanks */
};

/* Appends `text`, each line ended by LF. Breaks between words (blanks and tabs, of which a run counts as one and none stands
 * at a line's end); a word wider than a line is broken between characters, a base never from its combining marks. Line
 * breaks of the text stay, so an empty line stays. An absent or empty text gives one line with the first prefix. */
void wrap_text(struct buf *out, str text, const struct wrap *how);

#endif
