/* SPDX-License-Identifier: Apache-2.0 */
/* The IPS: a Composition with its sections, then every resource that they name, each as it is stored, then what those refer to in
 * the commons.  References inside are relative and resolve against the address of the entry they stand in, so no text changes. */
#include "care/summary/ips_internal.h"

#define CURRENT_MAX 2000 /* of one section: more medicines in use than that is a fault of the data */
#define XHTML       "http://www.w3.org/1999/xhtml"

bool
ips_carry(struct ips *ips, resource_type type, str id, str body)
{
	str name = arena_printf(ips->cx->arena, "%s/%.*s", resource_type_name(type), STR_ARG(id));

	if (!str_set_add(&ips->carried, name))
		return false;
	*LIST_ADD(ips->cx->arena, &ips->entries) =
	    (struct ips_entry){type, arena_str(ips->cx->arena, id), arena_str(ips->cx->arena, body)};
	return true;
}

/* ---- a section ---- */

struct gathering {
	struct ips *ips;
	const struct ips_section *section;
	struct buf html; /* rows of its table */
	struct xml_writer x;
	struct {
		str *items;
		size_t count, capacity;
	} references;
	int64_t current, past, left_out;
};

static void
head_row(struct gathering *g)
{
	const struct page_cx *px = g->ips->source.px;

	xml_begin(&g->x, "table");
	xml_begin(&g->x, "thead");
	xml_begin(&g->x, "tr");
	for (size_t i = 0; i < CCD_COLUMNS_MAX && g->section->base.columns[i].cell; i++)
		xml_leaf(&g->x, "th", tr(px->lang, g->section->base.columns[i].heading));
	xml_end(&g->x);
	xml_end(&g->x);
	xml_begin(&g->x, "tbody");
}

/* Is there still room for it? What is current always is there. */
static bool
has_room(struct gathering *g, const struct ccd_entry *e)
{
	bool room = e->item.current ? g->current < CURRENT_MAX : g->past < IPS_NEWEST_MAX;

	g->current += room && e->item.current;
	g->past += room && !e->item.current;
	g->left_out += !room;
	return room;
}

static const struct err *
gather(struct cx *cx, void *arg, const struct resource *resource)
{
	struct gathering *g = arg;
	struct ips *ips = g->ips;
	struct page_cx px = *ips->source.px;
	struct ccd_entry e;
	bool taken;

	px.arena = cx->arena;
	TRY(ccd_entry_open(&ips->source, cx, &px, resource, false, &e, &taken));
	if (!taken || (g->section->base.takes && !g->section->base.takes(&e)) || !has_room(g, &e))
		return NULL;
	if (!g->references.count)
		head_row(g);
	e.x = &g->x;
	TRY(ccd_row(&e, &g->section->base));
	record_references_collect(&ips->commons, e.json);
	if (!ips_carry(ips, e.type, resource->id, resource->body))
		return NULL;
	*LIST_ADD(ips->cx->arena, &g->references) =
	    e.type == RESOURCE_DEVICE
		? ips_make_device_use(ips, &e)
		: arena_printf(ips->cx->arena, "%s/%.*s", resource_type_name(e.type), STR_ARG(resource->id));
	return NULL;
}

static fallible
gather_all(struct gathering *g, const int64_t *counts)
{
	const struct ccd_section *section = &g->section->base;

	for (size_t i = 0; i < CCD_SOURCES_MAX && section->sources[i].type; i++) {
		const char *category = section->sources[i].category, *sort = section->sources[i].sort;
		const str value = str_from_z(category);
		const struct resource_token_filter filter = {.param = "category", .values = &value, .count = 1};

		if (counts[section->sources[i].type])
			TRY(resource_walk(g->ips->cx,
			    &(struct resource_search){.patient = g->ips->source.patient,
				.type = section->sources[i].type,
				.tokens = &filter,
				.token_count = category != NULL,
				.sort = sort,
				.descending = sort != NULL},
			    gather, g));
	}
	return NULL;
}

static void
section_narrative(struct gathering *g)
{
	const struct page_cx *px = g->ips->source.px;

	if (g->references.count) {
		xml_end(&g->x);
		xml_end(&g->x);
	} else {
		xml_leaf(&g->x, "p", T("Nothing is recorded here."));
	}
	if (g->left_out)
		xml_leaf(&g->x, "p",
		    TN("%1 older entry is not part of this summary.", "%1 older entries are not part of this summary.",
			g->left_out));
	xml_end(&g->x);
}

static void
section_put(struct gathering *g, struct json_writer *w)
{
	const struct ccd_section *section = &g->section->base;

	json_write_object(w);
	json_put_text(w, "title", tr(g->ips->source.px->lang, section->title));
	json_put_object(w, "code");
	json_put_array(w, "coding");
	json_write_object(w);
	json_put_text(w, "system", S("http://loinc.org"));
	json_put_text(w, "code", str_from_z(section->code));
	json_put_text(w, "display", str_from_z(section->display));
	json_write_end(w);
	json_write_end(w);
	json_write_end(w);
	json_put_object(w, "text");
	json_put_text(w, "status", S("generated"));
	json_put_text(w, "div", buf_str(&g->html));
	json_write_end(w);
	json_put_array(w, "entry");
	for (size_t i = 0; i < g->references.count; i++) {
		json_write_object(w);
		json_put_text(w, "reference", g->references.items[i]);
		json_write_end(w);
	}
	json_write_end(w);
	json_write_end(w);
}

static fallible
section_write(struct ips *ips, const struct ips_section *section, const int64_t *counts, struct json_writer *w)
{
	struct gathering g = {.ips = ips, .section = section, .html = BUF_INIT(ips->cx->arena)};

	g.x = (struct xml_writer)XML_WRITER(&g.html);
	xml_begin(&g.x, "div");
	xml_attribute(&g.x, "xmlns", S(XHTML));
	TRY(gather_all(&g, counts));
	if (!g.references.count && !section->absent)
		return NULL;
	section_narrative(&g);
	if (!g.references.count)
		*LIST_ADD(ips->cx->arena, &g.references) = ips_make_absent(ips, section->absent);
	section_put(&g, w);
	return NULL;
}

/* ---- the composition ---- */

static void
put_reference(struct json_writer *w, const char *name, str reference)
{
	json_put_object(w, name);
	json_put_text(w, "reference", reference);
	json_write_end(w);
}

static fallible
composition_write(struct ips *ips, const int64_t *counts, str id, str organization, struct buf *out)
{
	const struct page_cx *px = ips->source.px;
	struct json_writer w = JSON_WRITER(out);

	json_write_object(&w);
	json_put_text(&w, "resourceType", S("Composition"));
	json_put_text(&w, "id", id);
	json_put_raw(
	    &w, "meta", S("{\"profile\":[\"http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips\"]}"));
	json_put_text(&w, "language", px->lang == LANG_ES ? S("es-US") : S("en-US"));
	json_put_text(&w, "status", S("final"));
	json_put_raw(&w, "type",
	    S("{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"60591-5\",\"display\":\"Patient summary "
	      "Document\"}]}"));
	put_reference(&w, "subject", arena_printf(ips->cx->arena, "Patient/%.*s", STR_ARG(ips->patient_id)));
	json_put_text(&w, "date", fhir_instant_text(ips->cx->arena, ips->cx->now));
	json_put_array(&w, "author");
	json_write_object(&w);
	json_put_text(&w, "reference", organization);
	json_write_end(&w);
	json_write_end(&w);
	json_put_text(&w, "title", T("Health summary"));
	json_put_text(&w, "confidentiality", S("N"));
	put_reference(&w, "custodian", organization);
	json_put_array(&w, "section");
	for (size_t i = 0; i < ips_section_count; i++)
		TRY(section_write(ips, &ips_sections[i], counts, &w));
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
	return NULL;
}

/* ---- the bundle ---- */

/* What the entries refer to in the commons, and what that refers to there. */
static fallible
carry_commons(struct ips *ips)
{
	for (size_t i = 0; i < ips->commons.count; i++) { /* grows while it is read */
		const struct json_value *json;
		struct resource resource;
		bool found;

		TRY(resource_resolve(ips->cx, ips->commons.items[i], &resource, &found));
		if (!found || !uuid_equal(resource.patient.v, RECORD_COMMONS.v))
			continue;
		if (!ips_carry(ips, (resource_type)resource.type, resource.id, resource.body))
			continue;
		TRY(json_parse(ips->cx->arena, resource.body, &json, NULL));
		record_references_collect(&ips->commons, json);
	}
	return NULL;
}

static void
put_entry(struct ips *ips, struct json_writer *w, const char *type, str id, str body)
{
	json_write_object(w);
	json_put_text(
	    w, "fullUrl", arena_printf(ips->cx->arena, "%.*s/%s/%.*s", STR_ARG(ips->base), type, STR_ARG(id)));
	json_put_raw(w, "resource", body);
	json_write_end(w);
}

static void
bundle_write(struct ips *ips, str id, str composition, struct buf *out)
{
	struct json_writer w = JSON_WRITER(out);

	json_write_object(&w);
	json_put_text(&w, "resourceType", S("Bundle"));
	json_put_text(&w, "id", id);
	json_put_raw(&w, "meta", S("{\"profile\":[\"http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips\"]}"));
	json_put_object(&w, "identifier");
	json_put_text(&w, "system", S("urn:ietf:rfc:3986"));
	json_put_text(&w, "value", arena_printf(ips->cx->arena, "urn:uuid:%.*s", STR_ARG(id)));
	json_write_end(&w);
	json_put_text(&w, "type", S("document"));
	json_put_text(&w, "timestamp", fhir_instant_text(ips->cx->arena, ips->cx->now));
	json_put_array(&w, "entry");
	put_entry(ips, &w, "Composition", id, composition);
	for (size_t i = 0; i < ips->entries.count; i++)
		put_entry(ips, &w, resource_type_name(ips->entries.items[i].type), ips->entries.items[i].id,
		    ips->entries.items[i].body);
	json_write_end(&w);
	json_write_end(&w);
	json_write_done(&w);
}

fallible
summary_ips(
    struct cx *cx, const struct page_cx *px, patient_id patient, const struct record_choice *choice, str base, str *out)
{
	struct ips ips = {.cx = cx,
	    .base = base,
	    .source = {.cx = cx, .px = px, .patient = patient, .choice = choice, .id_name = "id"},
	    .carried.arena = cx->arena,
	    .commons.arena = cx->arena};
	int64_t *counts = ARENA_ARRAY(cx->arena, int64_t, (size_t)resource_type_count() + 1);
	struct buf composition = BUF_INIT(cx->arena), bundle = BUF_INIT(cx->arena);
	str id = ccd_uuid_of(cx->arena,
	    arena_printf(cx->arena, "ips/%.*s/%lld/%u/%lld/%lld", STR_ARG(uuid_text(cx->arena, patient.v)),
		(long long)cx->now.ms, choice->classes, (long long)choice->since.ms, (long long)choice->until.ms));
	str organization;

	TRY(resource_counts(cx, patient, counts)); /* checks access */
	TRY(ips_patient(&ips));
	organization = ips_make_organization(&ips);
	TRY(composition_write(&ips, counts, id, organization, &composition));
	TRY(carry_commons(&ips));
	bundle_write(&ips, id, buf_str(&composition), &bundle);
	*out = buf_str(&bundle);
	return NULL;
}
