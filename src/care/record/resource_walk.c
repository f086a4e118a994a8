/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that fits a search, opened one after the other: documents and downloads walk through a record so. */
#include "care/record/record.h"

#define ROWS_AT_ONCE 100 /* resources opened at one time */

static fallible
walk_page(struct cx *cx, const struct resource_search *search, resource_found_fn *visit, void *arg,
    struct resource *last, bool *more)
{
	const struct resource *resources;
	struct db_rows rows;

	TRY(resource_find(cx, search, &rows, NULL));
	resources = rows.items;
	for (size_t i = 0; i < rows.count; i++)
		TRY(visit(cx, arg, &resources[i]));
	*more = rows.count == ROWS_AT_ONCE;
	if (rows.count)
		*last = resources[rows.count - 1];
	last->body = last->id = STR_NONE; /* they die with the page */
	return NULL;
}

fallible
resource_walk(struct cx *cx, const struct resource_search *search, resource_found_fn *visit, void *arg)
{
	struct arena arena = ARENA_INIT; /* of one page */
	struct cx inner = *cx;
	struct resource last = {0};
	struct resource_search page = *search;
	const struct err *error = NULL;
	bool more = true;

	inner.arena = &arena;
	page.after = NULL;
	page.offset = 0;
	page.count = ROWS_AT_ONCE;
	while (more && !error) {
		error = walk_page(&inner, &page, visit, arg, &last, &more);
		error = error ? err_copy(cx->arena, error) : NULL;
		page.after = &last;
		arena_clear(&arena);
	}
	cx->conn = inner.conn;
	arena_release(&arena);
	return error;
}
