/* SPDX-License-Identifier: Apache-2.0 */
/* Reading items of the record for pages: by class, newest first, with the names that stand in other resources. */
#include <stdlib.h>

#include "care/record/record_pages_internal.h"

/* ---- names ---- */

fallible
record_look_up(struct cx *cx, const struct page_cx *px, str reference, str *out)
{
	struct resource resource;
	const struct json_value *json;
	bool found;

	*out = STR_NONE;
	TRY(resource_resolve(cx, reference, &resource, &found));
	if (!found || resource.deleted)
		return NULL;
	TRY(json_parse(cx->arena, resource.body, &json, NULL));
	if (resource.type == RESOURCE_PRACTITIONER_ROLE) {
		const struct json_value *who = json_get(json, "practitioner");
		str next = STR_NONE;

		*out = record_reference(px, json, who, &next);
		if (!out->p && str_starts(next, S("Practitioner/")))
			return record_look_up(cx, px, next, out);
	}
	if (!out->p)
		*out = record_title_of(px, json);
	return NULL;
}

fallible
record_item_look_up(struct cx *cx, const struct page_cx *px, struct record_item *item)
{
	if (item->title_reference.n) {
		str title;

		TRY(record_look_up(cx, px, item->title_reference, &title));
		item->title = title.n ? title : item->title;
	}
	if (item->who_reference.n)
		TRY(record_look_up(cx, px, item->who_reference, &item->who));
	if (item->where_reference.n)
		TRY(record_look_up(cx, px, item->where_reference, &item->where));
	item->title_reference = item->who_reference = item->where_reference = STR_NONE;
	return NULL;
}

/* ---- by class ---- */

struct loading {
	const struct page_cx *px;
	enum record_class class;
	struct arena scratch; /* of one resource */
	struct record_items *out;
};

static const struct err *
take_item(void *arg, const struct resource *resource)
{
	struct loading *loading = arg;
	const struct json_value *json;
	struct record_item item;

	arena_clear(&loading->scratch);
	TRY(json_parse(&loading->scratch, resource->body, &json, NULL));
	if (record_class_of((resource_type)resource->type, json) != loading->class)
		return NULL;
	record_item_read(loading->px, (resource_type)resource->type, json, &item);
	if (item.mistaken)
		loading->out->mistaken++;
	else
		*LIST_ADD(loading->px->arena, loading->out) = record_item_keep(loading->px, &item);
	return NULL;
}

int
record_item_newer(const void *a_, const void *b_)
{
	const struct record_item *a = a_, *b = b_;
	int by_title;

	if (a->at.ms != b->at.ms)
		return a->at.ms < b->at.ms ? 1 : -1;
	by_title = str_compare(a->title, b->title);
	return by_title ? by_title : str_compare(a->id, b->id);
}

void
record_items_sort(struct record_items *items)
{
	if (items->count)
		qsort(items->items, items->count, sizeof(items->items[0]), record_item_newer);
}

fallible
record_load_type(struct cx *cx, const struct page_cx *px, patient_id patient, enum record_class class,
    resource_type type, struct record_items *out)
{
	struct loading loading = {.px = px, .class = class, .out = out};
	const struct err *error = resource_each(cx, patient, type, take_item, &loading);

	arena_release(&loading.scratch);
	return error;
}

fallible
record_load(
    struct cx *cx, const struct page_cx *px, patient_id patient, enum record_class class, struct record_items *out)
{
	int64_t *counts = ARENA_ARRAY(cx->arena, int64_t, (size_t)resource_type_count() + 1);

	TRY(resource_counts(cx, patient, counts));
	for (resource_type type = 1; type <= resource_type_count(); type++)
		if (counts[type] && record_class_has_type(class, type))
			TRY(record_load_type(cx, px, patient, class, type, out));
	record_items_sort(out);
	return NULL;
}

static bool
is_current(const void *arg, const struct page_cx *px, const struct record_item *item)
{
	(void)arg;
	(void)px;
	return item->current;
}

fallible
record_load_current(struct cx *cx, const struct page_cx *px, patient_id patient, enum record_class class,
    struct record_items *out, int64_t *all)
{
	const struct record_query query = {.class = class, .current = true, .span = RECORD_SPAN()};
	struct record_places places;
	struct record_scan scan = {
	    .places = &places, .wanted = RECORD_CURRENT_MAX, .looked_max = RECORD_CURRENT_MAX, .fits = is_current};
	size_t at = 0;

	TRY(record_places_find(cx, px, patient, &query, &places));
	TRY(record_places_scan(cx, px, patient, &scan, &at, out));
	if (all)
		*all = places.all;
	return NULL;
}

/* ---- by a search ---- */

fallible
record_load_search(struct cx *cx, const struct page_cx *px, const struct resource_search *search, instant since,
    struct record_items *out)
{
	struct db_rows rows;
	const struct resource *resources;

	TRY(resource_find(cx, search, &rows, &out->found));
	resources = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		const struct json_value *json;
		struct record_item item;

		if (!instant_is_none(since) && resources[i].updated.ms <= since.ms)
			break;
		TRY(json_parse(cx->arena, resources[i].body, &json, NULL));
		record_item_read(px, search->type, json, &item);
		out->mistaken += item.mistaken;
		if (!item.mistaken)
			*LIST_ADD(px->arena, out) = item;
	}
	return NULL;
}

fallible
record_news(struct cx *cx, const struct page_cx *px, patient_id patient, instant since, size_t count_max,
    struct record_items *out)
{
	static const resource_type types[] = {RESOURCE_OBSERVATION, RESOURCE_DIAGNOSTIC_REPORT, RESOURCE_CONDITION,
	    RESOURCE_MEDICATION_REQUEST, RESOURCE_IMMUNIZATION, RESOURCE_ENCOUNTER, RESOURCE_PROCEDURE,
	    RESOURCE_DOCUMENT_REFERENCE, RESOURCE_ALLERGY_INTOLERANCE, RESOURCE_APPOINTMENT, RESOURCE_CARE_PLAN,
	    RESOURCE_GOAL, RESOURCE_DEVICE, RESOURCE_MEDICATION_DISPENSE};
	const struct resource_date_filter newer = {
	    .param = "_lastUpdated", .low = since, .high = since, .prefix = DATE_GT};

	if (instant_is_none(since)) /* the first visit: nothing is newer than never */
		return NULL;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		TRY(record_load_search(cx, px,
		    &(struct resource_search){.patient = patient,
			.type = types[i],
			.dates = &newer,
			.date_count = 1,
			.descending = true,
			.count = (int64_t)count_max},
		    since, out));
	record_items_sort(out);
	out->count = out->count > count_max ? count_max : out->count;
	return NULL;
}

#define VISITS_LOOKED_AT 50 /* planned ones stand before them in order of time */

fallible
record_visits_near(struct cx *cx, const struct page_cx *px, patient_id patient, struct record_visits *out)
{
	static const resource_type types[] = {RESOURCE_ENCOUNTER, RESOURCE_APPOINTMENT};
	struct record_items visits = {0};

	*out = (struct record_visits){0};
	for (size_t i = 0; i < 2; i++)
		TRY(record_load_search(cx, px,
		    &(struct resource_search){.patient = patient,
			.type = types[i],
			.sort = "date",
			.descending = true,
			.count = VISITS_LOOKED_AT},
		    INSTANT_NONE, &visits));
	record_items_sort(&visits);
	for (size_t i = 0; i < visits.count; i++) {
		if (visits.items[i].planned)
			out->next = visits.items[i]; /* the last one found is the nearest */
		else if (!out->last.title.p && !instant_is_none(visits.items[i].at) &&
			 visits.items[i].at.ms <= px->now.ms)
			out->last = visits.items[i];
	}
	TRY(record_item_look_up(cx, px, &out->next));
	return record_item_look_up(cx, px, &out->last);
}

#define TRAIL_LOOKED_AT 200 /* entries before this visit's own: enough for a long visit */

fallible
record_last_visit_here(struct cx *cx, patient_id patient, instant *out)
{
	struct db_rows rows;
	const struct audit_entry *entries;
	bool present_found = false;

	*out = INSTANT_NONE;
	TRY(audit_list(cx, patient, INSTANT_NONE, TRAIL_LOOKED_AT, &rows));
	entries = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		if (!uuid_equal(entries[i].account.v, cx->who.account.v) || entries[i].action == AUDIT_SIGN_IN_FAILED)
			continue;
		if (present_found) { /* the newest deed of the visit before */
			*out = entries[i].at;
			return NULL;
		}
		present_found = entries[i].action == AUDIT_SIGN_IN;
	}
	return NULL;
}
