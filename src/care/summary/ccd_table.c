/* SPDX-License-Identifier: Apache-2.0 */
/* The tables that people read: a row for each entry, in words. */
#include "care/summary/ccd_internal.h"

/* Line breaks of a text are <br/> in a table's cell. */
static void
lines(struct xml_writer *x, str text)
{
	str rest = text, line;
	bool first = true;

	while (rest.p) {
		rest = str_cut(rest, '\n', &line);
		line = str_trim(line);
		if (!line.n)
			continue;
		if (!first)
			xml_empty(x, "br", NULL);
		xml_text(x, line);
		first = false;
	}
}

static fallible
facts(struct ccd_entry *e)
{
	struct record_facts all = {0};
	bool first = true;

	record_facts_read(e->px, e->type, e->json, &all);
	for (size_t i = 0; i < all.count; i++) {
		if (all.items[i].reference.n)
			TRY(record_look_up(e->cx, e->px, all.items[i].reference, &all.items[i].value));
		if (!all.items[i].value.n)
			continue;
		if (!first)
			xml_empty(e->x, "br", NULL);
		xml_text(e->x,
		    arena_printf(e->cx->arena, "%.*s: %.*s", STR_ARG(all.items[i].label), STR_ARG(all.items[i].value)));
		first = false;
	}
	return NULL;
}

/* A note's own words, and of its files those that are text. */
static fallible
note_text(struct ccd_entry *e)
{
	struct record_file files[RECORD_FILES_MAX];
	size_t count = record_files_read(e->px, e->type, e->json, files);
	const struct page_cx *px = e->px;
	str narrative = record_narrative(px, e->json), conclusion = json_text_at(e->json, "conclusion");

	if (conclusion.n)
		xml_leaf(e->x, "paragraph", conclusion);
	if (narrative.n) {
		xml_begin(e->x, "paragraph");
		lines(e->x, narrative);
		xml_end(e->x);
	}
	for (size_t i = 0; i < count; i++) {
		xml_begin(e->x, "paragraph");
		if (files[i].text.n)
			lines(e->x, files[i].text);
		else
			xml_text(
			    e->x, TF1("File %1: it is no text, and is not part of this document.", files[i].title));
		xml_end(e->x);
	}
	return NULL;
}

static fallible
cell(struct ccd_entry *e, enum ccd_cell kind)
{
	switch (kind) {
	case CELL_TITLE: xml_text(e->x, e->item.title); break;
	case CELL_DETAIL: xml_text(e->x, e->item.detail); break;
	case CELL_VALUE: xml_text(e->x, e->item.value); break;
	case CELL_RANGE: xml_text(e->x, e->item.measure.range); break;
	case CELL_STATE: xml_text(e->x, e->item.state); break;
	case CELL_WHEN: xml_text(e->x, e->item.when); break;
	case CELL_WHO: xml_text(e->x, e->item.who); break;
	case CELL_WHERE: xml_text(e->x, e->item.where); break;
	case CELL_REASON: xml_text(e->x, e->item.reason); break;
	case CELL_FACTS: return facts(e);
	case CELL_TEXT: return note_text(e);
	case CELL_NONE: break;
	}
	return NULL;
}

fallible
ccd_row(struct ccd_entry *e, const struct ccd_section *section)
{
	TRY(record_item_look_up(e->cx, e->px, &e->item));
	xml_begin(e->x, "tr");
	xml_attribute(e->x, e->ccd->id_name, e->anchor);
	for (size_t i = 0; i < CCD_COLUMNS_MAX && section->columns[i].cell; i++) {
		xml_begin(e->x, "td");
		if (section->columns[i].cell == CELL_TITLE)
			xml_attribute(e->x, e->ccd->id_name, str_drop(ccd_name_anchor(e), 1));
		TRY(cell(e, section->columns[i].cell));
		xml_end(e->x);
	}
	xml_end(e->x);
	return NULL;
}
