/* SPDX-License-Identifier: Apache-2.0 */
/* What a visit came to: who was seen, what was written, ordered and measured then, and what is next.  It is read from the record, so
 * what a rule of release holds back is not here either.  Also: when one is reminded. */
#include "care/appointments/appointments_pages.h"

#define AFTER_ROWS      50
#define AFTER_LOOKED_AT 200

/* What is gathered, in the order in which people ask. */
static const struct {
	resource_type type;
	const char *heading;
	const char *category; /* of Observations; NULL: any */
} groups[] = {
    {RESOURCE_MEDICATION_REQUEST, TR("Medicines ordered"), NULL},
    {RESOURCE_CONDITION, TR("Health problems"), NULL},
    {RESOURCE_OBSERVATION, TR("Vital signs"), "vital-signs"},
    {RESOURCE_DIAGNOSTIC_REPORT, TR("Reports"), NULL},
    {RESOURCE_OBSERVATION, TR("Lab results"), "laboratory"},
    {RESOURCE_IMMUNIZATION, TR("Vaccines"), NULL},
    {RESOURCE_PROCEDURE, TR("Procedures"), NULL},
    {RESOURCE_SERVICE_REQUEST, TR("Orders and referrals"), NULL},
};
#define GROUPS (sizeof(groups) / sizeof(groups[0]))

/* Of types that FHIR gives no search by encounter (Immunization), all are asked for and looked at. */
static fallible
find_of_visit(struct cx *cx, resource_type type, const char *category, const str *encounter, struct db_rows *out)
{
	str value = str_from_z(category);
	struct resource_token_filter filters[] = {{.param = "encounter", .values = encounter, .count = 1},
	    {.param = "category", .values = &value, .count = 1}};
	struct resource_search search = {.patient = cx->who.patient,
	    .type = type,
	    .tokens = filters,
	    .token_count = category ? 2 : 1,
	    .count = AFTER_ROWS};

	if (!resource_has_param(type, "encounter")) {
		search.token_count = 0;
		search.sort = "_lastUpdated";
		search.descending = true;
		search.count = AFTER_LOOKED_AT;
	}
	return resource_find(cx, &search, out, NULL);
}

static bool
is_of_visit(resource_type type, const struct json_value *json, str encounter)
{
	return resource_has_param(type, "encounter") || str_equal(json_text_at(json, "encounter.reference"), encounter);
}

static fallible
add_group(struct cx *cx, const struct page_cx *px, size_t i, const str *encounter, struct after_page *view)
{
	struct after_group *group = &view->groups[view->group_count];
	struct record_item *items;
	const struct resource *resources;
	struct db_rows rows;
	str *paths;

	TRY(find_of_visit(cx, groups[i].type, groups[i].category, encounter, &rows));
	resources = rows.items;
	items = ARENA_ARRAY(cx->arena, struct record_item, rows.count + 1);
	paths = ARENA_ARRAY(cx->arena, str, rows.count + 1);
	*group = (struct after_group){.heading = tr(px->lang, groups[i].heading), .items = items, .paths = paths};
	for (size_t k = 0; k < rows.count; k++) {
		const struct json_value *json;
		struct record_item *item = &items[group->count];

		TRY(json_parse(cx->arena, resources[k].body, &json, NULL));
		record_item_read(px, groups[i].type, json, item);
		if (item->mistaken || !is_of_visit(groups[i].type, json, *encounter))
			continue;
		TRY(record_item_look_up(cx, px, item));
		paths[group->count++] = record_item_path(cx->arena, S("/record"), item);
	}
	view->group_count += group->count > 0;
	return NULL;
}

static fallible
fill_notes(struct cx *cx, const struct page_cx *px, const str *encounter, struct after_page *view)
{
	struct after_note *notes;
	const struct resource *resources;
	struct db_rows rows;

	TRY(find_of_visit(cx, RESOURCE_DOCUMENT_REFERENCE, NULL, encounter, &rows));
	resources = rows.items;
	notes = ARENA_ARRAY(cx->arena, struct after_note, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		struct record_file files[RECORD_FILES_MAX];
		const struct json_value *json;
		struct record_item item;
		size_t count;

		TRY(json_parse(cx->arena, resources[i].body, &json, NULL));
		record_item_read(px, RESOURCE_DOCUMENT_REFERENCE, json, &item);
		if (item.mistaken)
			continue;
		TRY(record_item_look_up(cx, px, &item));
		count = record_files_read(px, RESOURCE_DOCUMENT_REFERENCE, json, files);
		notes[view->note_count++] = (struct after_note){.title = item.title,
		    .text = count ? files[0].text : STR_NONE,
		    .path = record_item_path(cx->arena, S("/record"), &item)};
	}
	view->notes = notes;
	return NULL;
}

fallible
get_after(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct after_page view = {0};
	struct resource resource;
	struct record_item item;
	struct appointment next;
	const struct json_value *json;
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;
	str encounter;

	TRY(access_check(cx, cx->who.patient, RIGHT_RECORD_READ | RIGHT_APPOINTMENTS, &why));
	TRY(resource_get(cx, RESOURCE_ENCOUNTER, request_param(rq, "encounter"), &resource));
	if (!uuid_equal(resource.patient.v, cx->who.patient.v))
		return appointment_not_there();
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Summary of your visit")), "/appointments", px));
	TRY(json_parse(cx->arena, resource.body, &json, NULL));
	record_item_read(px, RESOURCE_ENCOUNTER, json, &item);
	TRY(record_item_look_up(cx, px, &item));
	view.when = item.when;
	view.who = item.who;
	view.where = item.where;
	view.reason = item.reason;
	view.path = record_item_path(cx->arena, S("/record"), &item);
	view.ask_path = arena_printf(cx->arena, "/messages/new?about=Encounter/%.*s", STR_ARG(resource.id));
	encounter = arena_printf(cx->arena, "Encounter/%.*s", STR_ARG(resource.id));
	TRY(fill_notes(cx, px, &encounter, &view));
	for (size_t i = 0; i < GROUPS; i++)
		TRY(add_group(cx, px, i, &encounter, &view));
	TRY(appointment_next(cx, cx->who.patient, &next, &view.has_next));
	if (view.has_next) {
		TRY(px_at_facility(cx, next.facility, px));
		view.next = appointment_line(px, &next, true);
	}
	audit_add_read(cx, &(struct audit){.action = AUDIT_VIEW,
			       .subject = AUDIT_VISITS,
			       .patient = cx->who.patient,
			       .item = resource.key,
			       .count = (int64_t)(1 + view.note_count + view.group_count),
			       .why = (int)why});
	page_after(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- reminders ---- */

static const struct {
	int days;
	const char *field;
} choices[] = {{7, "week"}, {3, "three"}, {2, "two"}, {1, "one"}};
#define CHOICES (sizeof(choices) / sizeof(choices[0]))

static void
set_choice(struct visit_reminders_page *view, size_t i, bool value)
{
	bool *const places[CHOICES] = {&view->week, &view->three, &view->two, &view->one};

	*places[i] = value;
}

fallible
get_visit_reminders(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct visit_reminders_page view = {.hour = REMINDER_HOUR};
	struct buf html = BUF_INIT(cx->arena);
	int64_t days;

	TRY(visit_reminder_choice_get(cx, &days, &view.chosen));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Reminders of visits")), "/appointments", px));
	for (size_t i = 0; i < CHOICES; i++)
		set_choice(&view, i, (days & (1 << choices[i].days)) != 0);
	px->flash = visit_deed_done(px, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	page_visit_reminders(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

fallible
post_visit_reminders(struct cx *cx, struct request *rq)
{
	int64_t days = 0;

	for (size_t i = 0; i < CHOICES; i++)
		if (request_form(rq, choices[i].field).n)
			days |= 1 << choices[i].days;
	TRY(visit_reminder_choice_set(cx, days));
	return respond_see_other(rq, S("/appointments/reminders?done=reminders"));
}
