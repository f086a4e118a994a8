/* SPDX-License-Identifier: Apache-2.0 */
/* Reading single resources, versions, whole charts.  Everything here asks the policy engine first. */
#include "care/record/record_store.h"
#include "care/record/resource_draft.h"
#include "care/record/resource_owner.h"
#include "care/record/resource_release.h"

#define PAGE_ROWS 200 /* of resource_each */

static const struct err *
not_there(void)
{
	return ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.",
	    "no such resource, or not visible to the caller");
}

enum access_right
resource_right(resource_type type)
{
	return type == RESOURCE_COMMUNICATION ? (enum access_right)(RIGHT_RECORD_READ | RIGHT_MESSAGES_READ)
	                                      : RIGHT_RECORD_READ;
}

fallible
resource_owner_check(struct cx *cx, resource_type type, patient_id owner, enum access_why *why)
{
	if (!uuid_equal(owner.v, RECORD_COMMONS.v))
		return access_check(cx, owner, resource_right(type), why);
	if (!(cx->who.is & (WHO_SIGNED_IN | WHO_SYSTEM)))
		return not_there();
	*why = ACCESS_NONE; /* nobody's record is touched */
	return NULL;
}

/* The current row, sealed, when the caller may see it. */
static fallible
find_row(struct cx *cx, resource_type type, str id, struct resource *out)
{
	struct resource row;
	bool found, shows;

	if (!resource_id_is_valid(id))
		return not_there();
	TRY(resource_row_by_key(cx, type, resource_key(cx->vault, id), &row, &found));
	if (!found)
		return not_there();
	TRY(resource_owner_check(cx, type, row.patient, &row.why));
	TRY(release_shows(cx, &row, row.why, &shows));
	if (!shows)
		return not_there();
	row.order = 0;
	*out = row;
	return NULL;
}

fallible
resource_get(struct cx *cx, resource_type type, str id, struct resource *out)
{
	struct resource row;

	TRY(find_row(cx, type, id, &row));
	TRY(resource_open(cx, &row));
	*out = row;
	return row.deleted ? not_there() : NULL;
}

fallible
resource_get_version(struct cx *cx, resource_type type, str id, int64_t version, struct resource *out)
{
	struct resource current, row;
	bool found = true;

	TRY(find_row(cx, type, id, &current));
	row = current;
	if (version != current.version)
		TRY(resource_row_version(cx, &current, version, &row, &found));
	if (!found)
		return not_there();
	row.why = current.why;
	TRY(resource_open(cx, &row));
	*out = row;
	return NULL;
}

fallible
resource_history(struct cx *cx, resource_type type, str id, struct db_rows *out)
{
	struct resource current, *all;
	struct db_rows older;

	TRY(find_row(cx, type, id, &current));
	TRY(resource_rows_history(cx, &current, &older));
	all = ARENA_ARRAY(cx->arena, struct resource, older.count + 1);
	all[0] = current;
	if (older.count)
		memcpy(all + 1, older.items, older.count * sizeof(all[0]));
	for (size_t i = 0; i <= older.count; i++) {
		TRY(resource_open(cx, &all[i]));
		all[i].why = current.why;
	}
	*out = (struct db_rows){all, older.count + 1};
	return NULL;
}

/* A whole record leaves out what a delegate was not given. */
static fallible
may_read_messages(struct cx *cx, bool *out)
{
	unsigned given;

	*out = true;
	if (!(cx->who.is & WHO_DELEGATE))
		return NULL;
	TRY(access_rights_acting(cx, &given));
	*out = (given & RIGHT_MESSAGES_READ) != 0;
	return NULL;
}

fallible
resource_counts(struct cx *cx, patient_id patient, int64_t *count_by_type)
{
	struct release_view view;
	enum access_why why;
	bool messages_too;

	TRY(resource_owner_check(cx, 0, patient, &why));
	TRY(index_counts(cx, patient, count_by_type));
	TRY(may_read_messages(cx, &messages_too));
	if (!messages_too)
		count_by_type[RESOURCE_COMMUNICATION] = 0;
	TRY(release_view_open(cx, cx->arena, patient, why, &view));
	for (resource_type type = 1; type <= resource_type_count(); type++) {
		const struct numbers *hidden;

		if (!count_by_type[type])
			continue;
		TRY(release_view_hidden(cx, &view, type, &hidden));
		count_by_type[type] -= (int64_t)hidden->count;
	}
	return NULL;
}

struct visiting {
	enum access_why why;
	bool messages_too;
	struct release_view view;
	const struct numbers *hidden; /* of hidden_type */
	resource_type hidden_type;
	resource_visit_fn *visit;
	void *arg;
};

static fallible
visiting_open(
    struct cx *cx, patient_id patient, resource_type type, resource_visit_fn *visit, void *arg, struct visiting *out)
{
	*out = (struct visiting){.visit = visit, .arg = arg};
	TRY(resource_owner_check(cx, type, patient, &out->why));
	TRY(may_read_messages(cx, &out->messages_too));
	return release_view_open(cx, cx->arena, patient, out->why, &out->view);
}

static fallible
is_hidden(struct cx *cx, struct visiting *v, const struct resource *row, bool *out)
{
	bool closed;

	TRY(release_view_closed(cx, &v->view, row->log, &closed));
	if (row->log) {
		*out = closed;
		return NULL;
	}
	if (row->type != v->hidden_type)
		TRY(release_view_hidden(cx, &v->view, (resource_type)row->type, &v->hidden));
	v->hidden_type = (resource_type)row->type;
	*out = numbers_have(v->hidden, row->n) || (row->type == RESOURCE_COMMUNICATION && !v->messages_too);
	return NULL;
}

/* One page of resource_each; `last` is where it ended. */
static fallible
visit_page(
    struct cx *cx, patient_id patient, resource_type type_last, struct visiting *v, struct resource *last, bool *more)
{
	struct resource *rows;
	struct db_rows page;
	bool hidden;

	TRY(resource_rows_after(cx, patient, (resource_type)last->type, last->n, type_last, PAGE_ROWS, &page));
	rows = page.items;
	for (size_t i = 0; i < page.count; i++) {
		last->type = rows[i].type;
		last->n = rows[i].n;
		TRY(is_hidden(cx, v, &rows[i], &hidden));
		if (hidden)
			continue;
		TRY(resource_open(cx, &rows[i]));
		rows[i].why = v->why;
		TRY(v->visit(v->arg, &rows[i]));
	}
	*more = page.count == PAGE_ROWS;
	return NULL;
}

fallible
resource_each(struct cx *cx, patient_id patient, resource_type type, resource_visit_fn *visit, void *arg)
{
	struct resource last = {.type = type ? type : 1, .n = -1};
	resource_type type_last = type ? type : resource_type_count();
	struct arena arena = ARENA_INIT; /* of one page */
	struct cx inner;
	struct visiting visiting;
	const struct err *error = NULL;
	bool more = true;

	TRY(visiting_open(cx, patient, type, visit, arg, &visiting));
	inner = *cx;
	inner.arena = &arena;
	while (more && !error) {
		error = visit_page(&inner, patient, type_last, &visiting, &last, &more);
		error = error ? err_copy(cx->arena, error) : NULL;
		arena_clear(&arena);
	}
	cx->conn = inner.conn;
	arena_release(&arena);
	return error;
}

/* ---- versions ---- */

static fallible
visit_versions(struct cx *cx, patient_id patient, struct visiting *v, struct version_place *last, bool *more)
{
	struct resource *rows;
	struct db_rows page;
	bool hidden;

	TRY(resource_rows_versions_after(cx, patient, last, v->view.earliest, PAGE_ROWS, &page));
	rows = page.items;
	for (size_t i = 0; i < page.count; i++) {
		*last = (struct version_place){rows[i].type, rows[i].n, rows[i].version};
		TRY(is_hidden(cx, v, &rows[i], &hidden));
		if (hidden || rows[i].deleted)
			continue;
		TRY(resource_open(cx, &rows[i]));
		rows[i].why = v->why;
		TRY(v->visit(v->arg, &rows[i]));
	}
	*more = page.count == PAGE_ROWS;
	return NULL;
}

fallible
resource_each_version(struct cx *cx, patient_id patient, resource_visit_fn *visit, void *arg)
{
	struct version_place last = {0};
	struct arena arena = ARENA_INIT; /* of one page */
	struct cx inner;
	struct visiting visiting;
	const struct err *error = NULL;
	bool more = true;

	TRY(visiting_open(cx, patient, 0, visit, arg, &visiting));
	inner = *cx;
	inner.arena = &arena;
	while (more && !error) {
		error = visit_versions(&inner, patient, &visiting, &last, &more);
		error = error ? err_copy(cx->arena, error) : NULL;
		arena_clear(&arena);
	}
	cx->conn = inner.conn;
	arena_release(&arena);
	return error;
}

fallible
resource_resolve(struct cx *cx, str reference, struct resource *out, bool *found)
{
	const struct err *error;
	resource_type type;
	str id;

	*found = false;
	if (!reference_split(
		reference, &type, &id)) /* "urn:uuid:..." names no type: only a reference inside of a bundle */
		return NULL;
	error = resource_get(cx, type, id, out);
	if (error && error->code == ERR_GONE)
		return NULL;
	*found = !error;
	return error;
}

fallible
resource_owner(struct cx *cx, resource_type type, str id, patient_id *out, bool *found)
{
	struct resource row;

	*found = false;
	if (!resource_id_is_valid(id))
		return NULL;
	TRY(resource_row_by_key(cx, type, resource_key(cx->vault, id), &row, found));
	if (*found)
		*out = row.patient;
	return NULL;
}

bool
reference_split(str reference, resource_type *type, str *id)
{
	str type_name = STR_NONE, rest = reference;
	size_t at;

	if (str_find(rest, S("/_history/"), &at))
		rest = str_take(rest, at);
	while (str_contains(rest, S("/")))
		rest = str_cut(rest, '/', &type_name);
	*type = resource_type_find(type_name);
	*id = rest;
	return *type && resource_id_is_valid(rest);
}
