/* SPDX-License-Identifier: Apache-2.0 */
/* The record as text in lines of 73 columns: what was asked for, the sections in their order, each newest first, messages, and
 * at the end what is missing and why. */
#include "care/bluebutton/bluebutton_internal.h"
#include "care/messaging/messaging.h"
#include "care/organization/organization.h"
#include "platform/format/utf8.h"
#include "platform/format/wrap.h"

#define COLUMNS_OF_LINE 73
#define FLUSH_BYTES     (32 * 1024)

struct report {
	struct cx *cx;
	const struct page_cx *px;
	const struct bluebutton_ask *ask;
	const struct sink *sink;
	struct buf out; /* in an arena of its own, cleared when it was written */
	struct arena scratch;
	thread_id thread;
	bool thread_open;
	struct download_tally tally;
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
		line(r, "  ", arena_printf(&r->scratch, "%.*s: %.*s", STR_ARG(label), STR_ARG(value)));
	arena_clear(&r->scratch);
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
write_facts(struct report *r, const struct download_entry *entry)
{
	struct record_facts facts = {0};

	TRY(download_facts(entry, &facts));
	for (size_t i = 0; i < facts.count; i++)
		pair(r, facts.items[i].label, facts.items[i].value);
	return NULL;
}

static void
write_texts(struct report *r, const struct download_entry *entry)
{
	const struct page_cx *px = entry->px;
	struct record_file files[RECORD_FILES_MAX];
	size_t count = record_files_read(px, entry->type, entry->json, files);
	str narrative = record_narrative(px, entry->json);

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

static const struct err *
write_entry(void *arg, const struct download_entry *entry)
{
	struct report *r = arg;
	const struct page_cx *px = entry->px;
	const struct record_item *item = entry->item;

	line(r, "", item->title);
	pair(r, T("Date"), item->when);
	pair(r, T("Result"), item->value);
	pair(r, T("Usual range"), item->measure.range);
	if (entry->type == RESOURCE_OBSERVATION)
		pair(r, T("In words"), item->state);
	TRY(write_facts(r, entry));
	write_texts(r, entry);
	buf_add_char(&r->out, '\n');
	return r->out.n >= FLUSH_BYTES ? flush(r) : NULL;
}

static fallible
write_section(struct report *r, const struct download_section *section, const int64_t *counts)
{
	const struct page_cx *px = r->px;
	int64_t shown = r->tally.shown;

	if (r->ask->choice.classes && !(r->ask->choice.classes & 1u << section->class))
		return NULL; /* the choice is said at the top */
	heading(r, tr(px->lang, section->heading));
	TRY(download_walk(r->cx, px, r->ask, section, counts, &r->tally, write_entry, r));
	if (r->tally.shown == shown)
		line(r, "", T("Nothing is recorded here."));
	return flush(r);
}

/* ---- teams, messages ---- */

static fallible
write_teams(struct report *r)
{
	const struct page_cx *px = r->px;
	const struct team *teams;
	struct db_rows rows;

	TRY(teams_of_patient(r->cx, r->ask->patient, false, &rows));
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
	error = messages_export(r->cx, r->ask->patient, write_message, r);
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

	TRY(patient_get(r->cx, r->ask->patient, &patient));
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
	pair(r, T("Asked for"), download_choice_words(px, r->ask));
	pair(r, T("Order"), T("newest first in each part"));
	pair(r, T("Time zone"), facility.zone);
	return flush(r);
}

static fallible
write_end(struct report *r, const int64_t *counts)
{
	const struct page_cx *px = r->px;
	struct download_missing missing = {0};

	heading(r, T("WHAT IS MISSING, AND WHY"));
	TRY(download_missing_words(r->cx, px, r->ask, counts, &r->tally, &missing));
	for (size_t i = 0; i < missing.count; i++)
		line(r, "- ", missing.items[i]);
	line(r, "- ", T("Pictures and other files that are no text can be downloaded from their pages."));
	buf_add_char(&r->out, '\n');
	centered(r, T("END OF THE RECORD"));
	return flush(r);
}

static fallible
write_all(struct report *r)
{
	int64_t *counts = ARENA_ARRAY(r->cx->arena, int64_t, (size_t)resource_type_count() + 1);

	TRY(resource_counts(r->cx, r->ask->patient, counts)); /* checks access */
	TRY(write_head(r));
	TRY(write_teams(r));
	for (size_t i = 0; i < download_section_count; i++)
		TRY(write_section(r, &download_sections[i], counts));
	if (!r->ask->no_messages)
		TRY(write_messages(r));
	return write_end(r, counts);
}

fallible
bluebutton_text(struct cx *cx, const struct page_cx *px, const struct bluebutton_ask *ask, const struct sink *sink)
{
	struct arena arena = ARENA_INIT;
	struct report r = {.cx = cx, .px = px, .ask = ask, .sink = sink, .out = BUF_INIT(&arena)};
	const struct err *error = write_all(&r);

	arena_release(&r.scratch);
	arena_release(&arena);
	return error;
}
