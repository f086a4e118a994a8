/* SPDX-License-Identifier: Apache-2.0 */
/* The record as text in lines of 73 columns: sections in the order of the VA's Blue Button as far as this program has the
 * classes, each newest first, and at the end what is missing and why. */
#include "care/bluebutton/bluebutton_internal.h"
#include "care/messaging/messaging.h"
#include "care/organization/organization.h"
#include "platform/format/utf8.h"
#include "platform/format/wrap.h"

#define COLUMNS_OF_LINE 73
#define ROWS_AT_ONCE    100 /* resources read at one time */
#define FLUSH_BYTES     (32 * 1024)

struct report {
	struct cx *cx;
	const struct page_cx *px;
	patient_id patient;
	const struct sink *sink;
	struct buf out; /* in an arena of its own, cleared when it was written */
	thread_id thread;
	bool thread_open;
	int64_t shown, mistaken;
};

/* ---- lines ---- */

static fallible
flush(struct report *r)
{
	TRY(r->sink->write(r->sink->arg, buf_str(&r->out)));
	buf_clear(&r->out);
	return NULL;
}

static void
line(struct report *r, const char *first, str text)
{
	wrap_text(
	    &r->out, text, &(struct wrap){.columns = COLUMNS_OF_LINE, .first = str_from_z(first), .rest = S("    ")});
}

static void
pair(struct report *r, str label, str value)
{
	if (value.n)
		line(r, "  ", arena_printf(r->out.arena, "%.*s: %.*s", STR_ARG(label), STR_ARG(value)));
}

static void
rule(struct report *r, char c)
{
	for (int i = 0; i < COLUMNS_OF_LINE; i++)
		buf_add_char(&r->out, c);
	buf_add_char(&r->out, '\n');
}

static void
centered(struct report *r, str text)
{
	size_t width = utf8_width(text);

	for (size_t i = width; i + 1 < COLUMNS_OF_LINE; i += 2)
		buf_add_char(&r->out, ' ');
	buf_add(&r->out, text);
	buf_add_char(&r->out, '\n');
}

static void
heading(struct report *r, str title)
{
	buf_add_char(&r->out, '\n');
	rule(r, '-');
	centered(r, title);
	rule(r, '-');
	buf_add_char(&r->out, '\n');
}

/* ---- one entry ---- */

static fallible
write_facts(
    struct report *r, struct cx *cx, const struct page_cx *px, const struct json_value *json, resource_type type)
{
	struct record_facts facts = {0};

	record_facts_read(px, type, json, &facts);
	for (size_t i = 0; i < facts.count; i++) {
		if (facts.items[i].reference.n)
			TRY(record_look_up(cx, px, facts.items[i].reference, &facts.items[i].value));
		pair(r, facts.items[i].label, facts.items[i].value);
	}
	return NULL;
}

static void
write_texts(struct report *r, const struct page_cx *px, const struct json_value *json, resource_type type)
{
	struct record_file files[RECORD_FILES_MAX];
	size_t count = record_files_read(px, type, json, files);
	str narrative = record_narrative(px, json);

	if (narrative.n)
		wrap_text(&r->out, narrative, &(struct wrap){COLUMNS_OF_LINE, S("    "), S("    ")});
	for (size_t i = 0; i < count; i++) {
		pair(r, T("File"), files[i].title);
		if (files[i].text.n)
			wrap_text(&r->out, files[i].text, &(struct wrap){COLUMNS_OF_LINE, S("    "), S("    ")});
		else
			line(r, "    ", T("This file is no text. Download it from its page."));
	}
}

static fallible
write_entry(
    struct report *r, struct cx *cx, const struct page_cx *px, const struct resource *resource, enum record_class class)
{
	resource_type type = (resource_type)resource->type;
	const struct json_value *json;
	struct record_item item;

	TRY(json_parse(cx->arena, resource->body, &json, NULL));
	if (record_class_of(type, json) != class)
		return NULL;
	record_item_read(px, type, json, &item);
	if (item.mistaken) {
		r->mistaken++;
		return NULL;
	}
	TRY(record_item_look_up(cx, px, &item));
	r->shown++;
	line(r, "", item.title);
	pair(r, T("Date"), item.when);
	pair(r, T("Result"), item.value);
	pair(r, T("Usual range"), item.measure.range);
	if (type == RESOURCE_OBSERVATION)
		pair(r, T("In words"), item.state);
	TRY(write_facts(r, cx, px, json, type));
	write_texts(r, px, json, type);
	buf_add_char(&r->out, '\n');
	return NULL;
}

/* ---- a section, newest first, page by page ---- */

static fallible
write_page(struct report *r, struct cx *cx, const struct resource_search *search, enum record_class class,
    struct resource *last, bool *more)
{
	struct page_cx px = *r->px;
	struct db_rows rows;
	const struct resource *resources;

	px.arena = cx->arena;
	TRY(resource_find(cx, search, &rows, NULL));
	resources = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		TRY(write_entry(r, cx, &px, &resources[i], class));
		if (r->out.n >= FLUSH_BYTES)
			TRY(flush(r));
	}
	*more = rows.count == ROWS_AT_ONCE;
	if (rows.count)
		*last = resources[rows.count - 1];
	return NULL;
}

/* All of one type that stand in `class`; `sort` is the type's date parameter, NULL for none. */
static fallible
write_type(struct report *r, resource_type type, const char *sort, enum record_class class)
{
	struct arena arena = ARENA_INIT; /* of one page */
	struct cx inner = *r->cx;
	struct resource last;
	struct resource_search search = {
	    .patient = r->patient, .type = type, .sort = sort, .descending = sort != NULL, .count = ROWS_AT_ONCE};
	const struct err *error = NULL;
	bool more = true;

	inner.arena = &arena;
	while (more && !error) {
		error = write_page(r, &inner, &search, class, &last, &more);
		error = error ? err_copy(r->cx->arena, error) : NULL;
		last.body = STR_NONE;
		search.after = &last;
		arena_clear(&arena);
	}
	r->cx->conn = inner.conn;
	arena_release(&arena);
	return error;
}

static const struct section {
	const char *title;
	enum record_class class;
	struct {
		resource_type type;
		const char *sort;
	} types[4];
} sections[] = {
    {TR("PERSONAL DETAILS"), CLASS_OTHER, {{RESOURCE_PATIENT, NULL}}},
    {TR("FAMILY AND CONTACTS"), CLASS_OTHER, {{RESOURCE_RELATED_PERSON, NULL}}},
    {TR("HEALTH INSURANCE"), CLASS_OTHER, {{RESOURCE_COVERAGE, NULL}}},
    {TR("APPOINTMENTS"), CLASS_VISITS, {{RESOURCE_APPOINTMENT, "date"}}},
    {TR("VISITS AND HOSPITAL STAYS"), CLASS_VISITS, {{RESOURCE_ENCOUNTER, "date"}}},
    {TR("ALLERGIES"), CLASS_ALLERGIES, {{RESOURCE_ALLERGY_INTOLERANCE, "date"}}},
    {TR("MEDICINES"), CLASS_MEDICINES,
	{{RESOURCE_MEDICATION_REQUEST, "authoredon"}, {RESOURCE_MEDICATION_STATEMENT, "effective"},
	    {RESOURCE_MEDICATION_DISPENSE, "whenhandedover"}, {RESOURCE_MEDICATION_ADMINISTRATION, "effective-time"}}},
    {TR("HEALTH PROBLEMS"), CLASS_PROBLEMS, {{RESOURCE_CONDITION, "onset-date"}}},
    {TR("PROCEDURES"), CLASS_PROCEDURES, {{RESOURCE_PROCEDURE, "date"}}},
    {TR("NOTES AND REPORTS"), CLASS_NOTES,
	{{RESOURCE_DOCUMENT_REFERENCE, "date"}, {RESOURCE_DIAGNOSTIC_REPORT, "date"},
	    {RESOURCE_IMAGING_STUDY, "started"}}},
    {TR("DOCUMENTS"), CLASS_DOCUMENTS,
	{{RESOURCE_DOCUMENT_REFERENCE, "date"}, {RESOURCE_COMPOSITION, "date"}, {RESOURCE_MEDIA, "created"}}},
    {TR("VACCINES"), CLASS_IMMUNIZATIONS, {{RESOURCE_IMMUNIZATION, "date"}}},
    {TR("LAB RESULTS"), CLASS_LABS, {{RESOURCE_OBSERVATION, "date"}, {RESOURCE_DIAGNOSTIC_REPORT, "date"}}},
    {TR("VITAL SIGNS"), CLASS_VITALS, {{RESOURCE_OBSERVATION, "date"}}},
    {TR("OTHER FINDINGS AND ANSWERS"), CLASS_OTHER, {{RESOURCE_OBSERVATION, "date"}}},
    {TR("CARE TEAM, PLANS AND GOALS"), CLASS_CARE_TEAM,
	{{RESOURCE_CARE_TEAM, "date"}, {RESOURCE_CARE_PLAN, "date"}, {RESOURCE_GOAL, "start-date"}}},
    {TR("FAMILY HISTORY"), CLASS_OTHER, {{RESOURCE_FAMILY_MEMBER_HISTORY, "date"}}},
};
#define SECTION_COUNT (sizeof(sections) / sizeof(sections[0]))

static fallible
write_section(struct report *r, const struct section *section, const int64_t *counts)
{
	int64_t shown = r->shown;

	heading(r, tr(r->px->lang, section->title));
	for (size_t i = 0; i < 4 && section->types[i].type; i++)
		if (counts[section->types[i].type])
			TRY(write_type(r, section->types[i].type, section->types[i].sort, section->class));
	if (r->shown == shown) {
		const struct page_cx *px = r->px;

		line(r, "", T("Nothing is recorded here."));
	}
	return flush(r);
}

/* ---- teams, messages ---- */

static fallible
write_teams(struct report *r)
{
	const struct page_cx *px = r->px;
	const struct team *teams;
	struct db_rows rows;

	TRY(teams_of_patient(r->cx, r->patient, false, &rows));
	teams = rows.items;
	heading(r, T("YOUR CARE TEAMS"));
	if (!rows.count)
		line(r, "", T("Nothing is recorded here."));
	for (size_t i = 0; i < rows.count; i++) {
		struct db_rows members;

		TRY(team_members(r->cx, teams[i].id, &members));
		line(r, "", teams[i].name);
		pair(r, T("Care"), teams[i].care);
		pair(r, T("Place"), teams[i].place);
		for (size_t j = 0; j < members.count; j++) {
			const struct team_member *member = &((const struct team_member *)members.items)[j];

			line(r, "  ",
			    TF2("%1, %2", member->name,
				str_from_z(staff_role_words((enum staff_role)member->role, px->lang))));
		}
		buf_add_char(&r->out, '\n');
	}
	return flush(r);
}

static const struct err *
write_message(void *arg, const struct thread *thread, const struct team *team, const struct message *message)
{
	struct report *r = arg;
	const struct page_cx *px = r->px;

	if (!r->thread_open || !uuid_equal(r->thread.v, thread->id.v)) {
		line(r, "", TF2("%1 (with %2)", thread->subject, team->name));
		pair(r, T("About"), thread->about.title);
		r->thread = thread->id;
		r->thread_open = true;
	}
	pair(r, T("Written"), px_date_full(px, message->sent));
	pair(r, T("From"), message->author_name);
	wrap_text(&r->out, message->body, &(struct wrap){COLUMNS_OF_LINE, S("    "), S("    ")});
	for (int64_t i = 0; i < message->file_count; i++)
		line(r, "    + ", TF2("%1 (%2 bytes)", message->files[i].name, px_number(px, message->files[i].bytes)));
	buf_add_char(&r->out, '\n');
	return r->out.n >= FLUSH_BYTES ? flush(r) : NULL;
}

static fallible
write_messages(struct report *r)
{
	const struct page_cx *px = r->px;
	const struct err *error;

	heading(r, T("MESSAGES"));
	error = messages_export(r->cx, r->patient, write_message, r);
	if (error && error->code == ERR_GONE && (r->cx->who.is & WHO_DELEGATE)) {
		line(r, "", T("You were not given the messages."));
		return flush(r);
	}
	TRY(error);
	if (!r->thread_open)
		line(r, "", T("Nothing is recorded here."));
	return flush(r);
}

/* ---- beginning and end ---- */

static fallible
write_head(struct report *r)
{
	const struct page_cx *px = r->px;
	struct patient patient;
	struct facility facility;

	TRY(patient_get(r->cx, r->patient, &patient));
	TRY(facility_get(r->cx, patient.facility, &facility));
	centered(r, T("HEALTH RECORD"));
	centered(r, T("CONFIDENTIAL"));
	centered(r, px_date_full(px, r->cx->now));
	buf_add_char(&r->out, '\n');
	pair(r, T("Name"), patient.name);
	if (!instant_is_none(patient.born))
		pair(r, T("Date of birth"), px_date_only(px, zone_civil(zone_utc(), patient.born).date));
	pair(r, T("Clinic"), facility.name);
	pair(r, T("Phone"), facility.phone);
	pair(r, T("Order"), T("newest first in each part"));
	pair(r, T("Time zone"), facility.zone);
	return flush(r);
}

static bool
is_in_a_section(resource_type type)
{
	for (size_t i = 0; i < SECTION_COUNT; i++)
		for (size_t j = 0; j < 4; j++)
			if (sections[i].types[j].type == type)
				return true;
	return false;
}

static fallible
write_end(struct report *r, const int64_t *counts)
{
	const struct page_cx *px = r->px;

	heading(r, T("WHAT IS MISSING, AND WHY"));
	for (resource_type type = 1; type <= resource_type_count(); type++)
		if (counts[type] && !is_in_a_section(type))
			line(r, "- ",
			    TF2("%1: %2. These are made for computers. They stand in the FHIR file.",
				record_type_words(px, type), px_number(px, counts[type])));
	if (r->mistaken)
		line(r, "- ",
		    TN("%1 entry was marked as a mistake and is not shown.",
			"%1 entries were marked as a mistake and are not shown.", r->mistaken));
	line(r, "- ", T("Pictures and other files that are no text can be downloaded from their pages."));
	line(r, "- ", T("Care outside of this clinic is missing unless it was sent here."));
	buf_add_char(&r->out, '\n');
	centered(r, T("END OF THE RECORD"));
	return flush(r);
}

static fallible
write_all(struct report *r)
{
	int64_t *counts = ARENA_ARRAY(r->cx->arena, int64_t, (size_t)resource_type_count() + 1);

	TRY(resource_counts(r->cx, r->patient, counts)); /* checks access */
	TRY(write_head(r));
	TRY(write_teams(r));
	for (size_t i = 0; i < SECTION_COUNT; i++)
		TRY(write_section(r, &sections[i], counts));
	TRY(write_messages(r));
	return write_end(r, counts);
}

fallible
bluebutton_text(struct cx *cx, const struct page_cx *px, patient_id patient, const struct sink *sink)
{
	struct arena arena = ARENA_INIT;
	struct report r = {.cx = cx, .px = px, .patient = patient, .sink = sink, .out = BUF_INIT(&arena)};
	const struct err *error = write_all(&r);

	arena_release(&arena);
	return error;
}
