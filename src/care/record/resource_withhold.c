/* SPDX-License-Identifier: Apache-2.0 */
/* Hidden is hidden everywhere: the sets of resources that searches, reads, walks and counts leave out.
 *
 * What surprises: a class is not all that must be hidden.  The results of a held report, its files and the entry that says who
 * made it would tell what the report says; so they go with it, and so does the report that names a held result. */
#include "care/record/record_store.h"
#include "care/record/resource_draft.h"
#include "care/record/resource_release.h"

/* The resources of `type` that are part of hidden ones. */
static fallible
add_parts(struct cx *cx, struct release_view *view, resource_type type, const struct release_hidden_list *list,
    struct numbers *out)
{
	for (size_t i = 0; i < list->count; i++)
		for (size_t j = 0; j < list->items[i].parts.count; j++) {
			struct resource row;
			resource_type part;
			bool found;
			str id;

			if (!reference_split(list->items[i].parts.items[j], &part, &id) || part != type)
				continue;
			TRY(resource_row_by_key(cx, part, resource_key(cx->vault, id), &row, &found));
			if (found && uuid_equal(row.patient.v, view->patient.v))
				numbers_add(view->arena, out, row.n);
		}
	return NULL;
}

static bool
names(const struct json_value *report, const struct release_hidden_list *results)
{
	json_each_item (json_get(report, "result"), item) {
		resource_type type;
		str id;

		if (!reference_split(json_text_at(item, "reference"), &type, &id) || type != RESOURCE_OBSERVATION)
			continue;
		for (size_t i = 0; i < results->count; i++)
			if (str_equal(results->items[i].waiting.id, id))
				return true;
	}
	return false;
}

static bool
meets(const struct release_place *place, const struct release_hidden_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (place->low < list->items[i].place.high && place->high > list->items[i].place.low)
			return true;
	return false;
}

/* Reports of the time of a held result which name it: their text may say it. */
static fallible
find_naming(struct cx *cx, struct release_view *view, const struct release_hidden_list *results)
{
	struct release_places places = {0};

	if (results->count)
		TRY(release_candidates(cx, view, RELEASE_REPORT, &places));
	for (size_t i = 0; i < places.count; i++) {
		struct release_hidden *hidden;
		const struct json_value *json;
		struct db_rows rows;
		struct resource *row;

		if (!meets(&places.items[i], results))
			continue;
		TRY(resource_rows_by_n(cx, view->patient, RESOURCE_DIAGNOSTIC_REPORT, &places.items[i].n, 1, &rows));
		if (!rows.count)
			continue;
		row = rows.items;
		TRY(resource_open(cx, row));
		TRY(json_parse(cx->arena, row->body, &json, NULL));
		if (!names(json, results))
			continue;
		hidden = LIST_ADD(view->arena, &view->naming);
		*hidden = (struct release_hidden){
		    .waiting = {
			.type = RESOURCE_DIAGNOSTIC_REPORT, .n = row->n, .id = arena_str(view->arena, row->id)}};
		release_parts(view->arena, json, &hidden->parts);
	}
	return NULL;
}

static fallible
naming_reports(struct cx *cx, struct release_view *view, const struct release_hidden_list **out)
{
	const struct release_hidden_list *results;

	if (!view->naming.known) {
		TRY(release_hidden_by_rule(cx, view, RELEASE_OBSERVATION, &results));
		TRY(find_naming(cx, view, results));
		view->naming.known = true;
	}
	*out = &view->naming;
	return NULL;
}

/* Who made them, and when, would say that they are there. */
static fallible
add_provenance(struct cx *cx, struct release_view *view, const struct release_hidden_list *list, struct numbers *out)
{
	const struct param_row *target = param_row_find(RESOURCE_PROVENANCE, S("target"));

	for (size_t i = 0; i < list->count; i++) {
		struct list_entries found = {0};
		str reference = arena_printf(cx->arena, "%s/%.*s", resource_type_name(list->items[i].waiting.type),
		    STR_ARG(list->items[i].waiting.id));

		TRY(index_read(cx, view->patient, param_number(target, RESOURCE_PROVENANCE),
		    index_value(cx->vault, view->patient, target, reference), &found));
		numbers_add_all(view->arena, out, &found);
	}
	return NULL;
}

/* Those of `list` of this type, and what of this type belongs to the others. */
static fallible
add_list(struct cx *cx, struct release_view *view, resource_type type, const struct release_hidden_list *list,
    struct numbers *out)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].waiting.type == type)
			numbers_add(view->arena, out, list->items[i].waiting.n);
	if (type == RESOURCE_PROVENANCE)
		return add_provenance(cx, view, list, out);
	return add_parts(cx, view, type, list, out);
}

/* Only these are looked for beyond the rules of their own type. */
static bool
may_be_part(resource_type type)
{
	return type == RESOURCE_OBSERVATION || type == RESOURCE_IMAGING_STUDY || type == RESOURCE_MEDIA ||
	       type == RESOURCE_BINARY || type == RESOURCE_PROVENANCE;
}

static fallible
gather(struct cx *cx, struct release_view *view, resource_type type, struct numbers *out)
{
	const struct release_hidden_list *list;

	for (size_t which = 0; which < RELEASE_RULED; which++) {
		if (release_ruled[which].type != type && !may_be_part(type))
			continue;
		TRY(release_hidden_by_rule(cx, view, which, &list));
		TRY(add_list(cx, view, type, list, out));
	}
	/* The other results of a report that names a held one are their own affair. */
	if (type == RESOURCE_DIAGNOSTIC_REPORT || (may_be_part(type) && type != RESOURCE_OBSERVATION)) {
		TRY(naming_reports(cx, view, &list));
		TRY(add_list(cx, view, type, list, out));
	}
	return NULL;
}

/* ---- logs of the journal that are not shared with the caller ---- */

/* What of the patient's journal the caller may not read: numbers by type. Closed is what is not said to be open. */
struct resource_logs {
	uint64_t open;                       /* bits of logs */
	int64_t open_values[SHARE_LOGS_MAX]; /* of the index */
	struct numbers *closed;              /* by type */
	struct arena *arena;
};

static const struct err *
add_closed_entries(void *arg, resource_type type, int64_t value, const struct list_entries *entries)
{
	struct resource_logs *logs = arg;

	for (size_t i = 0; i < SHARE_LOGS_MAX; i++)
		if (logs->open >> i & 1 && logs->open_values[i] == value)
			return NULL;
	for (size_t i = 0; i < entries->count; i++)
		numbers_add(logs->arena, &logs->closed[type], entries->items[i].n);
	return NULL;
}

/* Once per view. */
static fallible
logs_of(struct cx *cx, struct release_view *view, struct resource_logs **out)
{
	struct resource_logs *logs = view->logs;

	if (!logs) {
		logs = ARENA_NEW(view->arena, struct resource_logs);
		logs->arena = view->arena;
		logs->closed = ARENA_ARRAY(view->arena, struct numbers, (size_t)resource_type_count() + 1);
		if (!view->open_known)
			TRY(journal_share_open_logs(cx, view->patient, view->why, &view->open));
		view->open_known = true;
		logs->open = view->open;
		for (size_t i = 0; i < SHARE_LOGS_MAX; i++)
			if (logs->open >> i & 1)
				logs->open_values[i] = index_value(
				    cx->vault, view->patient, &param_log, arena_printf(cx->arena, "%zu", i));
		TRY(index_each_log(cx, view->patient, add_closed_entries, logs));
		view->logs = logs;
	}
	*out = logs;
	return NULL;
}

static fallible
add_closed(struct cx *cx, struct release_view *view, resource_type type, struct numbers *out)
{
	struct resource_logs *logs;

	TRY(logs_of(cx, view, &logs));
	for (size_t i = 0; i < logs->closed[type].count; i++)
		numbers_add(view->arena, out, logs->closed[type].items[i]);
	return NULL;
}

fallible
release_view_closed(struct cx *cx, struct release_view *view, int64_t log, bool *out)
{
	*out = false;
	if (!log || !view->is_reader)
		return NULL;
	if (!view->open_known)
		TRY(journal_share_open_logs(cx, view->patient, view->why, &view->open));
	view->open_known = true;
	*out = log < 0 || log >= SHARE_LOGS_MAX || !(view->open >> log & 1);
	return NULL;
}

fallible
release_view_hidden(struct cx *cx, struct release_view *view, resource_type type, const struct numbers **out)
{
	static const struct numbers none;

	*out = &none;
	if (view->earliest == INT64_MAX && !view->is_reader)
		return NULL;
	if (!view->type_known[type]) {
		if (view->earliest != INT64_MAX)
			TRY(gather(cx, view, type, &view->by_type[type]));
		if (view->is_reader)
			TRY(add_closed(cx, view, type, &view->by_type[type]));
		numbers_settle(&view->by_type[type]);
		view->type_known[type] = true;
	}
	*out = &view->by_type[type];
	return NULL;
}

fallible
release_withhold(struct cx *cx, patient_id patient, resource_type type, enum access_why why, struct numbers *set)
{
	struct release_view view;
	const struct numbers *hidden;

	TRY(release_view_open(cx, cx->arena, patient, why, &view));
	TRY(release_view_hidden(cx, &view, type, &hidden));
	numbers_keep_others(set, hidden);
	return NULL;
}

fallible
release_shows(struct cx *cx, const struct resource *row, enum access_why why, bool *out)
{
	struct release_view view;
	const struct numbers *hidden;

	bool closed;

	TRY(release_view_open(cx, cx->arena, row->patient, why, &view));
	TRY(release_view_closed(cx, &view, row->log, &closed));
	if (closed || row->log) {
		*out = !closed;
		return NULL;
	}
	if (row->deleted) { /* in no index any more: its last versions open when no rule could hold them */
		*out = row->updated.ms < view.earliest;
		return NULL;
	}
	TRY(release_view_hidden(cx, &view, (resource_type)row->type, &hidden));
	*out = !numbers_have(hidden, row->n);
	return NULL;
}
