/* SPDX-License-Identifier: Apache-2.0 */
/* The CCD: header, then one section after the other, each walked twice: for its table, for its entries.  What stands in memory is a
 * page of resources and the keys of results that belong to reports. */
#include "care/record/record_release.h"
#include "care/summary/ccd_internal.h"

#define FLUSH_BYTES (32 * 1024)

fallible
ccd_flush(struct ccd *c)
{
	xml_settle(&c->x);
	TRY(sink_write(c->sink, buf_str(&c->out)));
	buf_clear(&c->out);
	return NULL;
}

fallible
ccd_entry_open(struct ccd *c, struct cx *cx, struct page_cx *px, const struct resource *resource, bool count,
    struct ccd_entry *out, bool *taken)
{
	struct ccd_entry e = {.ccd = c, .cx = cx, .px = px, .x = &c->x, .type = (resource_type)resource->type};

	e.resource = resource;
	*taken = false;
	if (resource->log) /* a document of the clinic: what patients entered themselves is their journal's */
		return NULL;
	TRY(json_parse(cx->arena, resource->body, &e.json, NULL));
	record_item_read(px, e.type, e.json, &e.item);
	if (e.item.mistaken || !record_choice_takes(c->choice, e.type, e.json)) {
		c->mistaken += count && e.item.mistaken;
		c->outside += count && !e.item.mistaken;
		return NULL;
	}
	e.anchor = arena_printf(cx->arena, "%s-%lld", resource_type_name(e.type), (long long)resource->n);
	*out = e;
	*taken = true;
	return NULL;
}

/* ---- a section ---- */

struct walk {
	struct ccd *c;
	const struct ccd_section *section;
	bool rows;     /* the table is being written; else the entries */
	bool counting; /* what is left out counts: its type comes by for the first time */
	bool headed;   /* the section was begun: it is when there is something to say */
	int64_t seen;
};

static void
section_head(struct walk *walk, bool empty)
{
	const struct ccd_section *section = walk->section;
	struct xml_writer *x = &walk->c->x;

	xml_begin(x, "component");
	xml_begin(x, "section");
	if (empty)
		xml_attribute(x, "nullFlavor", S("NI"));
	if (!section->new_template)
		ccd_template(x, section->oid, NULL);
	if (section->new_template || section->extension)
		ccd_template(x, section->oid, section->extension);
	ccd_fixed(x, "code", section->code, OID_LOINC, section->display);
	xml_leaf(x, "title", tr(walk->c->px->lang, section->title));
	xml_begin(x, "text");
	walk->headed = true;
	if (!empty && section->lead)
		section->lead(walk->c, true);
}

static void
head_row(struct walk *walk)
{
	const struct ccd_section *section = walk->section;
	struct xml_writer *x = &walk->c->x;

	if (!walk->headed)
		section_head(walk, false);
	xml_begin(x, "table");
	xml_begin(x, "thead");
	xml_begin(x, "tr");
	for (size_t i = 0; i < CCD_COLUMNS_MAX && section->columns[i].cell; i++)
		xml_leaf(x, "th", tr(walk->c->px->lang, section->columns[i].heading));
	xml_end(x);
	xml_end(x);
	xml_begin(x, "tbody");
}

static fallible
write_entry(struct ccd_entry *e, const struct ccd_section *section)
{
	if (section->own_entries)
		return section->write(e);
	xml_begin(e->x, "entry");
	xml_attribute(e->x, "typeCode", S("DRIV"));
	TRY(section->write(e));
	xml_end(e->x);
	return NULL;
}

static const struct err *
visit(struct cx *cx, void *arg, const struct resource *resource)
{
	struct walk *walk = arg;
	const struct ccd_section *section = walk->section;
	struct page_cx px = *walk->c->px;
	struct ccd_entry e;
	bool taken;

	px.arena = cx->arena;
	TRY(ccd_entry_open(walk->c, cx, &px, resource, walk->counting, &e, &taken));
	if (!taken || (section->takes && !section->takes(&e)))
		return NULL;
	if (walk->rows && walk->seen == 0)
		head_row(walk);
	walk->seen++;
	if (walk->rows && section->notice)
		section->notice(&e);
	TRY(walk->rows ? ccd_row(&e, section) : write_entry(&e, section));
	return walk->c->out.n >= FLUSH_BYTES ? ccd_flush(walk->c) : NULL;
}

/* Does a section before walk through all of this type? */
static bool
came_by(const struct ccd_section *section, resource_type type)
{
	for (const struct ccd_section *before = ccd_sections; before < section; before++)
		for (size_t i = 0; i < CCD_SOURCES_MAX; i++)
			if (before->sources[i].type == type && !before->sources[i].category)
				return true;
	return false;
}

static fallible
walk_sources(struct walk *walk, const int64_t *counts)
{
	const struct ccd_section *section = walk->section;

	for (size_t i = 0; i < CCD_SOURCES_MAX && section->sources[i].type; i++) {
		const char *category = section->sources[i].category, *sort = section->sources[i].sort;
		resource_type type = section->sources[i].type;
		const str value = str_from_z(category);
		const struct resource_token_filter filter = {.param = "category", .values = &value, .count = 1};

		walk->counting = walk->rows && !category && !came_by(section, type);
		if (counts[type])
			TRY(resource_walk(walk->c->cx,
			    &(struct resource_search){.patient = walk->c->patient,
				.type = type,
				.tokens = &filter,
				.token_count = category != NULL,
				.sort = sort,
				.descending = sort != NULL},
			    visit, walk));
	}
	return NULL;
}

static fallible
section_write(struct ccd *c, const struct ccd_section *section, const int64_t *counts)
{
	struct walk walk = {.c = c, .section = section, .rows = true};
	const struct page_cx *px = c->px;

	if (section->lead && section->lead(c, false))
		section_head(&walk, false);
	TRY(walk_sources(&walk, counts));
	if (!walk.headed && !section->required)
		return NULL;
	if (!walk.headed) {
		section_head(&walk, true);
		xml_leaf(&c->x, "paragraph", T("Nothing is recorded here."));
	}
	if (walk.seen) {
		xml_end(&c->x);
		xml_end(&c->x);
	}
	xml_end(&c->x); /* text */
	if (section->before)
		TRY(section->before(c));
	walk.rows = false;
	if (walk.seen)
		TRY(walk_sources(&walk, counts));
	if (section->after)
		section->after(c);
	xml_end(&c->x);
	xml_end(&c->x);
	return ccd_flush(c);
}

/* ---- what is left out ---- */

static bool
has_section(resource_type type)
{
	for (size_t i = 0; i < ccd_section_count; i++)
		for (size_t j = 0; j < CCD_SOURCES_MAX; j++)
			if (ccd_sections[i].sources[j].type == type)
				return true;
	return type == RESOURCE_PATIENT || type == RESOURCE_RELATED_PERSON; /* in the header */
}

static void
item(struct ccd *c, str sentence)
{
	xml_leaf(&c->x, "item", sentence);
}

/* The last section: of no template, for people only. No silent gap. */
static fallible
left_out(struct ccd *c, const int64_t *counts)
{
	const struct page_cx *px = c->px;
	struct db_rows waiting;

	TRY(release_waiting(c->cx, c->patient, &waiting));
	xml_begin(&c->x, "component");
	xml_begin(&c->x, "section");
	xml_leaf(&c->x, "title", T("What is missing, and why"));
	xml_begin(&c->x, "text");
	xml_begin(&c->x, "list");
	if (c->mistaken)
		item(c, TN("%1 entry was marked as a mistake and is left out.",
			    "%1 entries were marked as a mistake and are left out.", c->mistaken));
	if (c->outside)
		item(c, TN("%1 entry was not asked for: another part of the record, or other days.",
			    "%1 entries were not asked for: other parts of the record, or other days.", c->outside));
	if (waiting.count)
		item(c, TN("%1 result waits to be opened and is left out.",
			    "%1 results wait to be opened and are left out.", (int64_t)waiting.count));
	for (resource_type type = 1; type <= resource_type_count(); type++)
		if (counts[type] && !has_section(type))
			item(c, TF2("%1: %2. They are not part of a summary.", record_type_words(px, type),
				    px_number(px, counts[type])));
	item(c, T("Care outside of this clinic is missing unless it was sent here."));
	xml_end(&c->x);
	xml_end(&c->x);
	xml_end(&c->x);
	xml_end(&c->x);
	return NULL;
}

/* ---- the document ---- */

static fallible
document_write(struct ccd *c)
{
	int64_t *counts = ARENA_ARRAY(c->cx->arena, int64_t, (size_t)resource_type_count() + 1);

	TRY(resource_counts(c->cx, c->patient, counts)); /* checks access */
	TRY(ccd_header(c));
	xml_begin(&c->x, "component");
	xml_begin(&c->x, "structuredBody");
	for (size_t i = 0; i < ccd_section_count; i++)
		TRY(section_write(c, &ccd_sections[i], counts));
	TRY(left_out(c, counts));
	xml_end(&c->x);
	xml_end(&c->x);
	xml_end(&c->x);
	xml_done(&c->x);
	return ccd_flush(c);
}

fallible
summary_ccd(struct cx *cx, const struct page_cx *px, patient_id patient, const struct record_choice *choice,
    const struct sink *sink)
{
	struct ccd c = {.cx = cx, .px = px, .patient = patient, .choice = choice, .sink = sink, .id_name = "ID"};
	const struct err *error;

	c.out = (struct buf)BUF_INIT(&c.text);
	c.x = (struct xml_writer)XML_WRITER(&c.out);
	error = document_write(&c);
	arena_release(&c.text);
	return error;
}

extern const unsigned char ccd_stylesheet_text[]; /* ccd.xsl, built in by tools/mkbytes */
extern const size_t ccd_stylesheet_text_bytes;

str
summary_ccd_stylesheet(void)
{
	return (str){(const char *)ccd_stylesheet_text, ccd_stylesheet_text_bytes};
}
