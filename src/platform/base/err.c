/* SPDX-License-Identifier: Apache-2.0 */
/* Errors with composed words, made in the request's arena. */
#include "platform/base/base.h"

const struct err *
err_logged(struct arena *arena, enum err_code code, const char *say, const char *log_format, ...)
{
	struct err *e = ARENA_NEW(arena, struct err);
	va_list args;

	va_start(args, log_format);
	*e = (struct err){.code = code, .say = say, .log = arena_vprintf(arena, log_format, args).p};
	va_end(args);
	return e;
}

const struct err *
err_said(struct arena *arena, enum err_code code, const char *say_format, ...)
{
	struct err *e = ARENA_NEW(arena, struct err);
	va_list args;

	va_start(args, say_format);
	*e = (struct err){.code = code, .say = arena_vprintf(arena, say_format, args).p};
	va_end(args);
	e->log = e->say;
	return e;
}

const struct err *
err_copy(struct arena *arena, const struct err *e)
{
	struct err *copy;

	if (!e)
		return NULL;
	copy = ARENA_NEW(arena, struct err);
	*copy = (struct err){
	    .code = e->code,
	    .say = e->say ? arena_z(arena, str_from_z(e->say)) : NULL,
	    .log = e->log ? arena_z(arena, str_from_z(e->log)) : NULL,
	};
	return copy;
}

const char *
err_code_name(enum err_code code)
{
	switch (code) {
	case ERR_INVALID: return "invalid";
	case ERR_DENIED: return "denied";
	case ERR_GONE: return "gone";
	case ERR_CONFLICT: return "conflict";
	case ERR_BUSY: return "busy";
	case ERR_BROKEN: return "broken";
	}
	return "unknown";
}
