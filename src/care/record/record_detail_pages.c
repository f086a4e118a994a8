/* SPDX-License-Identifier: Apache-2.0 */
/* The page of one entry of any kind. */
#include "care/record/record_pages_internal.h"

/* ---- finding it ---- */

/* The entry of this id among the types of the class. */
static fallible
find_in_class(struct cx *cx, const struct record_scope *scope, enum record_class class, resource_type type, str id,
    struct resource *out, const struct json_value **json)
{
	const struct err *error;

	if (!record_class_has_type(class, type))
		return RECORD_NOT_THERE;
	error = resource_get(cx, type, id, out);
	if (error)
		return error;
	if (!uuid_equal(out->patient.v, scope->patient.v))
		return RECORD_NOT_THERE;
	TRY(json_parse(cx->arena, out->body, json, NULL));
	return record_class_of(type, *json) == class ? NULL : RECORD_NOT_THERE;
}

static fallible
find_item(struct cx *cx, struct request *rq, const struct record_scope *scope, enum record_class class,
    struct resource *out, const struct json_value **json)
{
	str id = request_param(rq, "id");

	if (class == CLASS_OTHER)
		return find_in_class(cx, scope, class, resource_type_find(request_param(rq, "type")), id, out, json);
	for (resource_type type = 1; type <= resource_type_count(); type++) {
		const struct err *error;

		if (!record_class_has_type(class, type))
			continue;
		error = find_in_class(cx, scope, class, type, id, out, json);
		if (!error || error->code != ERR_GONE)
			return error;
	}
	return RECORD_NOT_THERE;
}

/* ---- what belongs to it ---- */

static fallible
look_up_facts(struct cx *cx, const struct page_cx *px, struct record_facts *facts)
{
	size_t kept = 0;

	for (size_t i = 0; i < facts->count; i++) {
		struct record_fact *fact = &facts->items[i];

		if (fact->reference.n)
			TRY(record_look_up(cx, px, fact->reference, &fact->value));
		if (fact->value.n)
			facts->items[kept++] = *fact;
	}
	facts->count = kept;
	return NULL;
}

/* The results that a panel names, in its order. */
static fallible
fill_members(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, struct record_detail_page *view)
{
	struct record_items members = {0};

	for (size_t i = 0; i < view->item->member_count; i++) {
		struct resource resource;
		const struct json_value *json;
		struct record_item item;
		bool found;

		TRY(resource_resolve(cx, view->item->members[i], &resource, &found));
		if (!found || !uuid_equal(resource.patient.v, scope->patient.v)) {
			view->members_missing++;
			continue;
		}
		TRY(json_parse(cx->arena, resource.body, &json, NULL));
		record_item_read(px, (resource_type)resource.type, json, &item);
		*LIST_ADD(px->arena, &members) = item;
	}
	view->members_title = T("Results in this report");
	view->member_count = members.count;
	return record_lines_of(cx, px, scope, members.items, members.count, &view->members);
}

#define INSIDE_MAX 200 /* entries of a visit that are shown */

/* Everything that says it happened in this visit, as far as the page takes it. */
static fallible
fill_visit(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, struct record_detail_page *view)
{
	static const resource_type inside[] = {RESOURCE_CONDITION, RESOURCE_PROCEDURE, RESOURCE_MEDICATION_REQUEST,
	    RESOURCE_MEDICATION_STATEMENT, RESOURCE_MEDICATION_DISPENSE, RESOURCE_MEDICATION_ADMINISTRATION,
	    RESOURCE_IMMUNIZATION, RESOURCE_DOCUMENT_REFERENCE, RESOURCE_DIAGNOSTIC_REPORT, RESOURCE_IMAGING_STUDY,
	    RESOURCE_MEDIA, RESOURCE_CARE_PLAN, RESOURCE_CARE_TEAM, RESOURCE_OBSERVATION};
	struct record_items found = {0};

	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
		bool direct = resource_has_param(inside[i], "encounter");
		str visit = arena_printf(cx->arena, "Encounter/%.*s", STR_ARG(view->item->id));
		struct resource_token_filter filter = {
		    .param = direct ? "encounter" : "context", .values = &visit, .count = 1};
		size_t before = found.count;
		int64_t mistaken = found.mistaken;

		if (!direct && !resource_has_param(inside[i], "context"))
			continue;
		TRY(record_load_search(cx, px,
		    &(struct resource_search){.patient = scope->patient,
			.type = inside[i],
			.tokens = &filter,
			.token_count = 1,
			.count = INSIDE_MAX - (int64_t)found.count},
		    INSTANT_NONE, &found));
		view->inside_more += found.found - (int64_t)(found.count - before) - (found.mistaken - mistaken);
	}
	for (size_t i = 0; i < found.count; i++)
		if (str_equal(found.items[i].when, view->item->when))
			found.items[i].when = STR_NONE; /* the day of the visit is said above */
	view->inside_count = found.count;
	return record_lines_of(cx, px, scope, found.items, found.count, &view->inside);
}

#define PANEL_DAYS      31 /* a report is dated like its results, or some days later */
#define PANELS_LOOK_MAX 100

/* The reports of that time that name this result. */
static fallible
fill_panels(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, struct record_detail_page *view)
{
	instant at = view->item->at;
	struct resource_date_filter when = {.param = "date",
	    .low = instant_add_ms(at, -PANEL_DAYS * DAY_MS),
	    .high = instant_add_ms(at, PANEL_DAYS * DAY_MS),
	    .prefix = DATE_EQ};
	struct record_items all = {0}, found = {0};

	TRY(record_load_search(cx, px,
	    &(struct resource_search){.patient = scope->patient,
		.type = RESOURCE_DIAGNOSTIC_REPORT,
		.dates = &when,
		.date_count = !instant_is_none(at),
		.sort = "date",
		.descending = true,
		.count = PANELS_LOOK_MAX},
	    INSTANT_NONE, &all));
	for (size_t i = 0; i < all.count; i++)
		for (size_t j = 0; j < all.items[i].member_count; j++)
			if (str_ends(all.items[i].members[j], view->item->id)) {
				*LIST_ADD(px->arena, &found) = all.items[i];
				break;
			}
	view->panel_count = found.count;
	return record_lines_of(cx, px, scope, found.items, found.count, &view->panels);
}

#define RELATED_MAX 20

/* The documents that name this entry, such as a correction that was asked for (45 CFR 164.526(c)(1) wants the link). */
static fallible
fill_related(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, struct record_detail_page *view)
{
	str self = arena_printf(cx->arena, "%s/%.*s", resource_type_name(view->item->type), STR_ARG(view->item->id));
	struct resource_token_filter filter = {.param = "related", .values = &self, .count = 1};
	struct record_items found = {0};

	TRY(record_load_search(cx, px,
	    &(struct resource_search){.patient = scope->patient,
		.type = RESOURCE_DOCUMENT_REFERENCE,
		.tokens = &filter,
		.token_count = 1,
		.sort = "date",
		.descending = true,
		.count = RELATED_MAX},
	    INSTANT_NONE, &found));
	view->related_count = found.count;
	return record_lines_of(cx, px, scope, found.items, found.count, &view->related);
}

/* ---- the page ---- */

static fallible
fill(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, const struct json_value *json,
    struct record_detail_page *view)
{
	resource_type type = view->item->type;

	record_facts_read(px, type, json, &view->facts);
	TRY(look_up_facts(cx, px, &view->facts));
	record_raw_facts(px, json, &view->raw);
	view->narrative = record_narrative(px, json);
	TRY(record_files_fill(cx, px, scope, json, view));
	TRY(fill_related(cx, px, scope, view));
	if (view->item->member_count)
		TRY(fill_members(cx, px, scope, view));
	if (type == RESOURCE_OBSERVATION)
		TRY(record_detail_measure(cx, px, scope, view));
	if (type == RESOURCE_OBSERVATION && view->item->class == CLASS_LABS)
		TRY(fill_panels(cx, px, scope, view));
	return type == RESOURCE_ENCOUNTER ? fill_visit(cx, px, scope, view) : NULL;
}

fallible
get_record_item(struct cx *cx, struct request *rq)
{
	enum record_class class = record_class_of_route(rq);
	const struct record_section *section = &record_sections[class];
	struct record_scope scope;
	struct resource resource;
	const struct json_value *json;
	struct record_item item;
	struct record_detail_page view = {.scope = &scope, .section = section, .item = &item};
	struct page_cx px;
	struct buf html = BUF_INIT(cx->arena);

	TRY(record_scope_open(cx, rq, tr(cx->lang, section->title), &scope, &px));
	TRY(find_item(cx, rq, &scope, class, &resource, &json));
	record_item_read(&px, (resource_type)resource.type, json, &item);
	TRY(record_item_look_up(cx, &px, &item));
	view.section_path = arena_printf(cx->arena, "%.*s/%s", STR_ARG(scope.base), section->path);
	view.print_path = record_print_path(cx, rq);
	view.about_url = record_about_url(&px, item.type, json);
	if (item.type == RESOURCE_MEDICATION_REQUEST)
		view.rx_path = scope.own ? arena_printf(cx->arena, "/prescriptions/%.*s", STR_ARG(item.id))
		                         : arena_printf(cx->arena, "/patients/%.*s/prescriptions",
					       STR_ARG(uuid_text(cx->arena, scope.patient.v)));
	if (scope.own) {
		view.ask_path = record_ask_path(cx->arena, &item);
		view.wrong_path = arena_printf(
		    cx->arena, "/corrections/new?about=%s/%.*s", resource_type_name(item.type), STR_ARG(item.id));
	}
	px.title =
	    scope.own ? item.title : arena_printf(cx->arena, "%.*s: %.*s", STR_ARG(item.title), STR_ARG(scope.name));
	TRY(record_hidden_words(cx, &px, &scope, &resource, &view.hidden_why, &view.hidden_path));
	TRY(fill(cx, &px, &scope, json, &view));
	record_audit(cx, &scope, AUDIT_VIEW, section->subject, resource.key, 0);
	page_record_detail(&html, &px, &view);
	return respond_page(rq, 200, buf_str(&html));
}
