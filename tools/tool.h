/* SPDX-License-Identifier: Apache-2.0 */
/* What the build-time programs mkpage and mkpo share: files in and out, and a way to walk over C text without being fooled by
 * what stands inside strings, characters and comments. */
#ifndef SALVE_TOOL_H
#define SALVE_TOOL_H

#include "platform/base/base.h"

/* The whole file; ends the program with a message when it cannot be read. */
str tool_read(struct arena *arena, const char *path);
void tool_write(const char *path, str text);
/* "file:line: message" on standard error, then the end. */
_Noreturn void tool_refuse(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));
int tool_line_of(str text, size_t at); /* from 1 */

/* The position after the string, character constant or comment that begins at `at`; `at` + 1 when none begins there.
 * Unended ones reach to the end of the text. */
size_t c_skip(str text, size_t at);
/* Read the string literal at *at (past white space) and move *at behind it; false when there is none. */
bool c_string(struct arena *arena, str text, size_t *at, str *out);
void c_add_literal(struct buf *out, str text); /* as a C string literal with its quotes */

#endif
