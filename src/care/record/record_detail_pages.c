/* SPDX-License-Identifier: Apache-2.0 */
/* The page of one entry of any kind, and the files that stand in it. */
#include "care/record/record_pages_internal.h"
#include "platform/format/base64.h"

static const struct err *
not_there(void)
{
	return ERR(ERR_GONE, TR("We could not find that. It may have been removed, or it is not shared with you."),
	    "no such entry in this record, or it stands on another page");
}

/* ---- finding it ---- */

/* The entry of this id among the types of the class. */
static fallible
find_in_class(struct cx *cx, const struct record_scope *scope, enum record_class class, resource_type type, str id,
    struct resource *out, const struct json_value **json)
{
	const struct err *error;

	if (!record_class_has_type(class, type))
		return not_there();
	error = resource_get(cx, type, id, out);
	if (error)
		return error;
	if (!uuid_equal(out->patient.v, scope->patient.v))
		return not_there();
	TRY(json_parse(cx->arena, out->body, json, NULL));
	return record_class_of(type, *json) == class ? NULL : not_there();
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
	return not_there();
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

static fallible
fill_files(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, const struct json_value *json,
    struct record_detail_page *view)
{
	struct record_file *files = ARENA_ARRAY(cx->arena, struct record_file, RECORD_FILES_MAX);
	struct record_file_line *lines = ARENA_ARRAY(cx->arena, struct record_file_line, RECORD_FILES_MAX);

	view->file_count = record_files_read(px, view->item->type, json, files);
	for (size_t i = 0; i < view->file_count; i++) {
		const char *ending;
		str bytes;

		if (files[i].reference.n)
			TRY(record_file_fetch(cx, px, scope, &files[i]));
		record_file_safe_type(files[i].content_type, &ending);
		lines[i] = (struct record_file_line){.title = files[i].title,
		    .type = files[i].content_type,
		    .elsewhere = files[i].elsewhere,
		    .text = files[i].text};
		if (files[i].data.n && base64_decode(cx->arena, files[i].data, &bytes)) {
			lines[i].bytes = bytes.n;
			lines[i].path = arena_printf(cx->arena, "%.*s/files/%s/%.*s/%zu", STR_ARG(scope->base),
			    resource_type_name(view->item->type), STR_ARG(view->item->id), i + 1);
		}
	}
	view->files = lines;
	return NULL;
}

/* A file that stands in a Binary of this record, or of the commons. */
fallible
record_file_fetch(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, struct record_file *file)
{
	struct resource resource;
	const struct json_value *json;
	struct record_file binary[RECORD_FILES_MAX];
	str bytes;
	bool found;

	TRY(resource_resolve(cx, file->reference, &resource, &found));
	if (!found ||
	    (!uuid_equal(resource.patient.v, scope->patient.v) && !uuid_equal(resource.patient.v, RECORD_COMMONS.v)))
		return NULL;
	TRY(json_parse(cx->arena, resource.body, &json, NULL));
	if (!record_files_read(px, RESOURCE_BINARY, json, binary))
		return NULL;
	file->data = binary[0].data;
	if (!file->content_type.n)
		file->content_type = binary[0].content_type;
	if (base64_decode(cx->arena, file->data, &bytes))
		file->text = record_file_text(cx->arena, file->content_type, bytes);
	return NULL;
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
	TRY(fill_files(cx, px, scope, json, view));
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

/* ---- files ---- */

static str
file_name(struct arena *arena, const struct record_file *file, const char *ending)
{
	struct buf name = BUF_INIT(arena);

	for (size_t i = 0; i < file->title.n && name.n < 60; i++) {
		char c = file->title.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

		if (plain)
			buf_add_char(&name, c);
		else if (name.n && name.p[name.n - 1] != '-')
			buf_add_char(&name, '-');
	}
	if (!name.n)
		buf_add(&name, S("file"));
	buf_printf(&name, ".%s", ending);
	return buf_str(&name);
}

static fallible
respond_file(struct cx *cx, struct request *rq, const struct record_file *file)
{
	const char *ending, *type = record_file_safe_type(file->content_type, &ending);
	str bytes;

	if (!file->data.n || !base64_decode(cx->arena, file->data, &bytes))
		return not_there();
	respond_header(rq, "Content-Disposition",
	    arena_printf(cx->arena, "attachment; filename=\"%.*s\"", STR_ARG(file_name(cx->arena, file, ending))));
	respond_header(rq, "X-Content-Type-Options", S("nosniff"));
	respond_header(rq, "Cache-Control", S("no-store"));
	return respond(rq, 200, type, bytes);
}

fallible
get_record_file(struct cx *cx, struct request *rq)
{
	resource_type type = resource_type_find(request_param(rq, "type"));
	struct record_file files[RECORD_FILES_MAX];
	struct record_scope scope;
	struct resource resource;
	const struct json_value *json;
	struct page_cx px;
	enum record_class class;
	size_t count;
	int64_t n;

	TRY(record_scope_open(cx, rq, S("File"), &scope, &px));
	if (!type || !str_to_int64(request_param(rq, "n"), &n))
		return not_there();
	TRY(resource_get(cx, type, request_param(rq, "id"), &resource));
	if (!uuid_equal(resource.patient.v, scope.patient.v))
		return not_there();
	TRY(json_parse(cx->arena, resource.body, &json, NULL));
	count = record_files_read(&px, type, json, files);
	if (n < 1 || (size_t)n > count)
		return not_there();
	if (files[n - 1].reference.n)
		TRY(record_file_fetch(cx, &px, &scope, &files[n - 1]));
	class = record_class_of(type, json);
	record_audit(cx, &scope, AUDIT_DOWNLOAD, record_sections[class].subject, resource.key, 1);
	return respond_file(cx, rq, &files[n - 1]);
}
