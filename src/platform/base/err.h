/* SPDX-License-Identifier: Apache-2.0 */
/* Failure as a value: NULL is success.  A dropped result does not compile. */
#ifndef SALVE_ERR_H
#define SALVE_ERR_H

#include "platform/base/arena.h"

enum err_code {
	ERR_INVALID,  /* the input is wrong; `say` tells how to mend it */
	ERR_DENIED,   /* not allowed, and the caller already knows that the thing exists */
	ERR_GONE,     /* absent, or not the caller's: the two answer alike */
	ERR_CONFLICT, /* true a moment ago: someone else was faster, or the state moved on */
	ERR_BUSY,     /* try again soon: overload, lock, database away */
	ERR_BROKEN,   /* our fault or the machine's; nothing was changed */
};

/* `say` may be shown to the person (plain words, no one's data); `log` never is, and holds no one's data either. */
struct err {
	enum err_code code;
	const char *say, *log;
};

#define fallible __attribute__((warn_unused_result)) const struct err *
#define TRY(expr)                                \
	do {                                     \
		const struct err *try_ = (expr); \
		if (try_)                        \
			return try_;             \
	} while (0)

/* An error with fixed words; lives for ever. */
#define ERR(code_, say_, log_)                                                                  \
	({                                                                                      \
		static const struct err err_ = {.code = (code_), .say = (say_), .log = (log_)}; \
		&err_;                                                                          \
	})

/* An error whose log text is composed; lives as long as the arena. `say` must outlive it (usually a literal). */
const struct err *err_logged(struct arena *arena, enum err_code code, const char *say, const char *log_format, ...)
    __attribute__((format(printf, 4, 5)));
/* An error whose spoken text is composed (field names, limits, line numbers: never a person's data). */
const struct err *
err_said(struct arena *arena, enum err_code code, const char *say_format, ...) __attribute__((format(printf, 3, 4)));
/* A copy that outlives `e`'s arena. */
const struct err *err_copy(struct arena *arena, const struct err *e);
const char *err_code_name(enum err_code code); /* "invalid", "denied", ... */

#endif
