/* SPDX-License-Identifier: Apache-2.0 */
/* What every unit test includes: cmocka with the headers it forgets to include. */
#ifndef SALVE_UNIT_H
#define SALVE_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "platform/base/base.h"

/* A str against a literal, with both shown when they differ. */
#define assert_str_equal(actual, literal)                                        \
	do {                                                                     \
		struct arena unit_arena_ = ARENA_INIT;                           \
		assert_string_equal(arena_z(&unit_arena_, (actual)), (literal)); \
		arena_release(&unit_arena_);                                     \
	} while (0)
/* A fallible call that must succeed; prints its words when it does not. */
#define assert_ok(expr)                                                                              \
	do {                                                                                         \
		const struct err *unit_err_ = (expr);                                                \
		if (unit_err_)                                                                       \
			fail_msg("%s: %s", #expr, unit_err_->log ? unit_err_->log : unit_err_->say); \
	} while (0)
#define assert_fails(expr, code_)                                                                                      \
	do {                                                                                                           \
		const struct err *unit_err_ = (expr);                                                                  \
		assert_non_null(unit_err_);                                                                            \
		if (unit_err_->code != (code_))                                                                        \
			fail_msg("%s: %s instead of %s", #expr, err_code_name(unit_err_->code), err_code_name(code_)); \
	} while (0)

#endif
