/* SPDX-License-Identifier: Apache-2.0 */
/* Records that the clinic joined, or parted again: told from the links of the Patient resources as they are now, so that nothing
 * has to be undone here.  Each entry stays in the record where it was recorded. */
#include "care/record/record_pages_internal.h"

/* What the link says, by FHIR's link-type; the patient reads what to do, the care team gets the way there. */
static const struct {
	const char *type, *own, *team;
} kinds[] = {
    {"replaced-by",
	TR("Your clinic joined this record with another one of yours, where new entries go now. Ask your clinic how to "
	   "see it."),
	TR("This record was joined with another one, where new entries go now.")},
    {"replaces",
	TR("Your clinic joined an earlier record of yours with this one. If something from before is missing here, "
	   "tell your "
	   "clinic."),
	TR("An earlier record of this patient was joined with this one. What was recorded there stands there.")},
    {"refer", NULL, TR("This record points to another one of the same person, which counts.")},
    {"seealso", NULL, TR("There is another record that may be of the same person.")},
};

static fallible
add_link(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, const struct json_value *link,
    struct record_joins *out)
{
	str type = json_text_at(link, "type");
	struct resource other;
	bool found;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *words = scope->own ? kinds[i].own : kinds[i].team;
		struct record_join *join;

		if (!words || !str_equal(type, str_from_z(kinds[i].type)))
			continue;
		join = LIST_ADD(px->arena, out);
		*join = (struct record_join){.words = tr(px->lang, words)};
		if (scope->own)
			continue;
		TRY(resource_resolve(cx, json_text_at(link, "other.reference"), &other, &found));
		if (found && other.type == RESOURCE_PATIENT)
			join->path = arena_printf(
			    px->arena, "/patients/%.*s/record", STR_ARG(uuid_text(px->arena, other.patient.v)));
	}
	return NULL;
}

fallible
record_joins_load(struct cx *cx, const struct page_cx *px, const struct record_scope *scope, struct record_joins *out)
{
	const struct resource *own;
	struct db_rows rows;

	TRY(resource_find(cx,
	    &(struct resource_search){
		.patient = scope->patient, .type = RESOURCE_PATIENT, .count = RECORD_JOINS_LOOK_MAX},
	    &rows, NULL));
	own = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		const struct json_value *json;

		TRY(json_parse(cx->arena, own[i].body, &json, NULL));
		json_each_item (json_get(json, "link"), link)
			TRY(add_link(cx, px, scope, link, out));
	}
	return NULL;
}
