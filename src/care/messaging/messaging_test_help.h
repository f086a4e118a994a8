/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this folder share: deeds in one line, and the check that everything still fits together. */
#ifndef SALVE_MESSAGING_TEST_HELP_H
#define SALVE_MESSAGING_TEST_HELP_H

#include "people.h"

#include "care/messaging/messaging_store.h"

/* 10:00 on Wednesday, 4 March 2026, in New York: a working day with two more behind it. */
instant wednesday(void);
/* people_setup as of a month before that Wednesday; world->cx.now is that Wednesday from here on. */
void clinic_setup(struct world *world, struct people *out);
/* Maria writes to Team Maple; fails the test when it does not work. */
struct sent maria_writes(struct world *world, const struct people *p, str body);
struct sent maria_writes_at(struct world *world, const struct people *p, str body, instant now);
/* An answer by anybody in the thread, as the error it ends with. */
const struct err *reply_as(struct world *world, account_id who, thread_id thread, str body, instant now);
/* The thread as stored, subject opened. */
struct thread thread_now(struct world *world, thread_id id);
void assert_sound(struct world *world); /* messaging_check_invariants reports nothing */
int64_t count_of(struct world *world, account_id account, int64_t kind);
int64_t notices_waiting(struct world *world);
/* What a query that counts gives. */
int64_t rows_of(struct world *world, struct sql sql);
/* A new thread to Team Maple about Maria, written by anybody, as the error it ends with. */
const struct err *
write_as_at(struct world *world, const struct people *p, account_id who, instant now, struct sent *sent);
/* How many threads the inbox counts under a filter; what is listed must agree. */
int64_t inbox_count(struct world *world, account_id who, enum inbox_filter filter, instant now);

#endif
