/* SPDX-License-Identifier: Apache-2.0 */
/* An import without a page, for the command line: the file comes in, is read and kept, in steps that go on where they were interrupted. */
#include "care/imports/import_store.h"

#include <time.h>

#define WAIT_NS 200000000L

static void
tell(const struct import_run *run, const char *step, int64_t done, int64_t total)
{
	if (run->progress)
		run->progress(run->arg, step, done, total);
}

static fallible
fetch(struct cx *cx, const struct import_run *run, struct import *out)
{
	db_refresh(cx);
	return import_get(cx, run->patient, run->id, out);
}

static fallible
receive(struct cx *cx, const struct import_run *run, struct import *import)
{
	struct arena arena = ARENA_INIT; /* of one piece */
	struct cx part = *cx;
	const struct err *error = NULL;

	part.arena = &arena;
	while (import->received < import->bytes && !error) {
		int64_t left = import->bytes - import->received;
		size_t n = left < (int64_t)IMPORT_PIECE_BYTES ? (size_t)left : IMPORT_PIECE_BYTES;
		str bytes;

		error = run->read(run->arg, import->received, n, &bytes);
		if (!error)
			error = import_piece(&part, import, import->received, bytes);
		error = error ? err_copy(cx->arena, error) : NULL;
		arena_clear(&arena);
		tell(run, "received", import->received, import->bytes);
	}
	cx->conn = part.conn;
	arena_release(&arena);
	return error ? error : import_received(cx, import);
}

static bool
is_waiting(const struct import *import)
{
	return import->state == IMPORT_LOOK_WAITS || import->state == IMPORT_LOOKING ||
	       import->state == IMPORT_KEEP_WAITS || import->state == IMPORT_KEEPING;
}

/* A server, or the run before this one, is at it: only when it falls silent is it ours. */
static bool
is_busy_elsewhere(const struct cx *cx, const struct import *import)
{
	return (import->state == IMPORT_LOOKING || import->state == IMPORT_KEEPING) &&
	       import->touched.ms > cx->now.ms - IMPORT_SILENT_MS;
}

static fallible
go_on(struct cx *cx, const struct import_run *run, struct import *import)
{
	const instant begun = cx->now;
	const int64_t begun_ms = monotonic_ms();

	while (import->state != IMPORT_KEPT) {
		const char *step = import->state < IMPORT_ASKING ? "read" : "kept";

		cx->now = instant_add_ms(begun, monotonic_ms() - begun_ms);
		if (is_busy_elsewhere(cx, import)) {
			nanosleep(&(struct timespec){.tv_nsec = WAIT_NS}, NULL);
		} else if (import->state == IMPORT_ASKING) {
			TRY(import_keep(cx, import));
		} else if (is_waiting(import)) {
			TRY(import_step(cx, import));
		} else if (import->state == IMPORT_FAILED) {
			return err_logged(
			    cx->arena, ERR_INVALID, arena_z(cx->arena, import->facts.wrong), "an import failed");
		} else {
			return ERR(ERR_INVALID,
			    "This file was imported and taken back. Choose \"again\" on its page, or use another file.",
			    "an import that was taken back, or a table");
		}
		TRY(fetch(cx, run, import));
		tell(run, step, import->done, import->total);
	}
	return NULL;
}

static void
fill(struct cx *cx, const struct import *import, struct import_outcome *out)
{
	const struct page_cx px = {.arena = cx->arena, .lang = LANG_EN};
	const struct import_tallies *tallies = &import->facts.tallies;
	struct import_tally sum = import_tally_sum(tallies);
	struct import_line *lines = ARENA_ARRAY(cx->arena, struct import_line, tallies->count + 1);

	for (size_t i = 0; i < tallies->count; i++) {
		const struct import_tally *t = &tallies->items[i];

		lines[i] = (struct import_line){import_tally_words(&px, t), t->read, t->kept, t->here + t->doubled,
		    t->joined, import_tally_aside(t), t->refused};
	}
	*out = (struct import_outcome){sum.read, sum.kept, sum.here + sum.doubled, sum.joined, import_tally_aside(&sum),
	    sum.refused, sum.unusual, lines, tallies->count};
}

fallible
imports_run(struct cx *cx, const struct import_run *run, struct import_outcome *out)
{
	struct import import;

	TRY(import_begin(cx, &(struct import_new){run->id, run->patient, str_from_z(run->name), run->bytes}));
	TRY(fetch(cx, run, &import));
	if (import.state == IMPORT_RECEIVING)
		TRY(receive(cx, run, &import));
	TRY(fetch(cx, run, &import));
	TRY(go_on(cx, run, &import));
	fill(cx, &import, out);
	return NULL;
}
