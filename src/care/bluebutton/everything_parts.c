/* SPDX-License-Identifier: Apache-2.0 */
/* What stands beside the record in the ZIP with everything: messages and their files, who may act for the patient, who looked. */
#include "care/bluebutton/everything.h"
#include "platform/format/json_write.h"

#define TRAIL_AT_ONCE 500

/* ---- messages ---- */

str
everything_attachment_name(struct arena *arena, const struct attachment *attachment)
{
	struct buf name = BUF_INIT(arena);

	for (size_t i = 0; i < attachment->name.n; i++) {
		char c = attachment->name.p[i];

		buf_add_char(&name, c == '/' || c == '\\' || c == ':' || (unsigned char)c < ' ' ? '-' : c);
	}
	return arena_printf(arena, "attachments/%.*s/%.*s", STR_ARG(uuid_text(arena, attachment->id)),
	    STR_ARG(
		str_equal(buf_str(&name), S(".")) || str_equal(buf_str(&name), S("..")) ? S("file") : buf_str(&name)));
}

static size_t
files_of(const struct page_cx *px, const struct message *message, struct offline_file *out, size_t max)
{
	size_t count = 0;

	for (int64_t i = 0; i < message->file_count && count < max; i++) {
		const struct attachment *file = &message->files[i];

		out[count++] = (struct offline_file){.title = file->name,
		    .path = attachment_is_given_out(file) ? everything_attachment_name(px->arena, file) : STR_NONE};
	}
	return count;
}

#define FILES_OF_MESSAGE_MAX 16

static const struct err *
write_message(void *arg, const struct thread *thread, const struct team *team, const struct message *message)
{
	struct everything *e = arg;
	const struct page_cx *px = everything_line(e);
	struct offline_file files[FILES_OF_MESSAGE_MAX];
	struct offline_message view = {.author = message->author_name,
	    .sent = px_date_full(px, message->sent),
	    .body = message->body,
	    .files = files,
	    .file_count = files_of(px, message, files, FILES_OF_MESSAGE_MAX)};

	if (!e->thread_open || !uuid_equal(e->thread.v, thread->id.v)) {
		view.subject = thread->subject;
		view.with = TF1("with %1", team->name);
	}
	e->thread = thread->id;
	e->thread_open = true;
	for (int64_t i = 0; i < message->file_count; i++) {
		struct attachment kept = message->files[i];

		kept.name = arena_str(e->cx->arena, kept.name);
		*LIST_ADD(e->cx->arena, &e->attachments) = kept;
	}
	offline_message(&e->out, px, &view);
	return everything_flush_some(e);
}

static void
put_files(struct arena *arena, struct json_writer *w, const struct message *message)
{
	json_put_array(w, "files");
	for (int64_t i = 0; i < message->file_count; i++) {
		const struct attachment *file = &message->files[i];

		json_write_object(w);
		json_put_text(w, "id", uuid_text(arena, file->id));
		json_put_text(w, "name", file->name);
		json_put_int64(w, "kind", file->kind);
		json_put_int64(w, "state", file->state);
		json_put_int64(w, "bytes", file->bytes);
		if (attachment_is_given_out(file))
			json_put_text(w, "path", everything_attachment_name(arena, file));
		json_write_end(w);
	}
	json_write_end(w);
}

static void
put_time(struct arena *arena, struct json_writer *w, const char *name, instant at)
{
	if (!instant_is_none(at))
		json_put_text(w, name, fhir_instant_text(arena, at));
}

/* How the conversation stands: numbers as messaging.h has them. */
static void
put_state(struct arena *arena, struct json_writer *w, const struct thread *thread)
{
	json_put_int64(w, "status", thread->status);
	json_put_int64(w, "begunBy", thread->begun_by);
	put_time(arena, w, "made", thread->made);
	put_time(arena, w, "due", thread->due);
	put_time(arena, w, "openedAt", thread->opened_at);
	put_time(arena, w, "answeredAt", thread->answered_at);
	put_time(arena, w, "completedAt", thread->completed_at);
	json_put_int64(w, "completedHow", thread->completed_how);
	put_time(arena, w, "filedAt", thread->filed_at);
	if (!uuid_is_none(thread->merged_into.v))
		json_put_text(w, "mergedInto", uuid_text(arena, thread->merged_into.v));
}

static const struct err *
write_message_line(void *arg, const struct thread *thread, const struct team *team, const struct message *message)
{
	struct everything *e = arg;
	struct arena *arena = everything_line(e)->arena;
	struct json_writer w = JSON_WRITER(&e->out);

	json_write_object(&w);
	json_put_text(&w, "conversation", uuid_text(arena, thread->id.v));
	json_put_text(&w, "subject", thread->subject);
	json_put_text(&w, "category", str_from_z(message_category_code(thread->category)));
	json_put_text(&w, "team", team->name);
	json_put_text(&w, "teamId", uuid_text(arena, team->id.v));
	json_put_text(&w, "about", thread->about.reference);
	json_put_text(&w, "aboutTitle", thread->about.title);
	put_state(arena, &w, thread);
	json_put_text(&w, "message", uuid_text(arena, message->id.v));
	json_put_int64(&w, "number", message->n);
	json_put_text(&w, "from", message->author_name);
	json_put_text(&w, "author", uuid_text(arena, message->author.v));
	json_put_int64(&w, "authorRole", message->author_role);
	json_put_bool(&w, "byDelegate", message->by_delegate);
	json_put_bool(&w, "fromPatient", message->side == SIDE_PATIENT);
	json_put_text(&w, "sent", fhir_instant_text(arena, message->sent));
	put_time(arena, &w, "recalled", message->recalled);
	json_put_text(&w, "body", message->body);
	put_files(arena, &w, message);
	json_write_end(&w);
	json_write_done(&w);
	buf_add_char(&e->out, '\n');
	return everything_flush_some(e);
}

fallible
everything_messages(struct everything *e)
{
	const struct page_cx *px = e->px;

	TRY(everything_file(e, S("messages.html"), T("Messages")));
	offline_begin(&e->out, px, T("Messages"));
	TRY(messages_export(e->cx, e->ask->patient, write_message, e));
	if (!e->thread_open)
		offline_sentence(&e->out, px, T("Nothing is recorded here."), STR_NONE);
	offline_end(&e->out, px);
	*LIST_ADD(e->cx->arena, &e->pages) = (struct offline_link){S("messages.html"), T("Messages"), STR_NONE};
	TRY(everything_file(e, S("messages/messages.ndjson"), T("Messages, one a line")));
	TRY(messages_export(e->cx, e->ask->patient, write_message_line, e));
	return everything_flush(e);
}

/* ---- their files ---- */

static const struct err *
write_chunk(void *arg, str bytes)
{
	return everything_write(arg, bytes);
}

fallible
everything_attachments(struct everything *e)
{
	const struct page_cx *px = e->px;

	for (size_t i = 0; i < e->attachments.count; i++) {
		const struct attachment *file = &e->attachments.items[i];

		if (!attachment_is_given_out(file)) {
			*LIST_ADD(px->arena, &e->failed) =
			    TF1("The file “%1” of a message was held back by the virus scanner.", file->name);
			continue;
		}
		TRY(everything_file(e, everything_attachment_name(px->arena, file), file->name));
		TRY(attachment_read(e->cx, file, write_chunk, e));
	}
	return NULL;
}

/* ---- who may act ---- */

static str
delegation_state_word(const struct delegation *d, instant now)
{
	switch (delegation_standing(d, now)) {
	case DELEGATION_WAITING: return S("waiting");
	case DELEGATION_EXPIRED: return S("expired");
	case DELEGATION_COMING: return S("coming");
	case DELEGATION_IN_FORCE: return S("in-force");
	case DELEGATION_OVER: break;
	}
	return S("over");
}

static str
rights_words(const struct page_cx *px, int64_t rights)
{
	static const enum access_right all[] = {RIGHT_MESSAGES_READ, RIGHT_MESSAGES_WRITE, RIGHT_RECORD_READ,
	    RIGHT_PRESCRIPTIONS, RIGHT_APPOINTMENTS, RIGHT_JOURNAL_WRITE};
	struct buf out = BUF_INIT(px->arena);

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (rights & (int64_t)all[i])
			buf_printf(
			    &out, "%s%.*s", out.n ? ". " : "", STR_ARG(tr(px->lang, access_right_words(all[i]))));
	return buf_str(&out);
}

static void
put_delegation(struct everything *e, const struct delegation *d)
{
	struct arena *arena = e->px->arena;
	struct json_writer w = JSON_WRITER(&e->out);

	json_write_object(&w);
	json_put_text(&w, "id", uuid_text(arena, d->id.v));
	json_put_text(&w, "called", d->called);
	json_put_text(&w, "relation", d->relation);
	json_put_text(&w, "name", d->delegate_name);
	json_put_int64(&w, "rights", d->rights);
	json_put_text(&w, "state", delegation_state_word(d, e->cx->now));
	json_put_text(&w, "made", fhir_instant_text(arena, d->made));
	json_put_text(&w, "since", fhir_instant_text(arena, d->since));
	if (d->until.ms != DELEGATION_OPEN.ms)
		json_put_text(&w, "until", fhir_instant_text(arena, d->until));
	json_write_end(&w);
	json_write_done(&w);
	buf_add_char(&e->out, '\n');
}

fallible
everything_sharing(struct everything *e)
{
	const struct page_cx *px = e->px;
	struct db_rows rows;
	const struct delegation *d;

	TRY(delegations_given(e->cx, &rows));
	d = rows.items;
	TRY(everything_file(e, S("sharing.html"), T("Who may act for you")));
	offline_begin(&e->out, px, T("Who may act for you"));
	for (size_t i = 0; i < rows.count; i++)
		offline_sentence(&e->out, px,
		    d[i].delegate_name.n ? TF2("%1 (%2)", d[i].called, d[i].delegate_name) : d[i].called,
		    arena_printf(px->arena, "%.*s. %.*s", STR_ARG(rights_words(px, d[i].rights)),
			STR_ARG(px_date_full(px, d[i].made))));
	if (!rows.count)
		offline_sentence(&e->out, px, T("Nobody acts for you"), STR_NONE);
	offline_end(&e->out, px);
	*LIST_ADD(e->cx->arena, &e->pages) =
	    (struct offline_link){S("sharing.html"), T("Who may act for you"), px_number(px, (int64_t)rows.count)};
	TRY(everything_file(e, S("sharing/delegations.ndjson"), T("Who may act for you")));
	for (size_t i = 0; i < rows.count; i++)
		put_delegation(e, &d[i]);
	return everything_flush(e);
}

/* ---- who looked ---- */

/* One entry. Both faces of the trail in one walk would need both files open, so it is walked twice. */
typedef fallible(trail_fn)(struct everything *e, const struct audit_entry *entry, str who);

static fallible
name_of(struct everything *e, account_id id, str *out)
{
	const struct page_cx *px = e->px;
	struct account account = {.name = T("The program itself")};

	for (size_t i = 0; i < e->people.count; i++)
		if (uuid_equal(e->people.items[i].id.v, id.v)) {
			*out = e->people.items[i].name;
			return NULL;
		}
	if (!uuid_is_none(id.v)) {
		const struct err *error = account_get(e->cx, id, &account);

		if (error && error->code != ERR_GONE)
			return error;
	}
	*LIST_ADD(e->cx->arena, &e->people) = (struct everything_person){id, account.name};
	*out = account.name;
	return NULL;
}

/* Entries before `*before`, newest first; the page ends with a whole millisecond, so that none is lost or told twice. */
static fallible
trail_page(struct everything *e, struct cx *cx, trail_fn *visit, instant *before, int64_t *count, bool *more)
{
	struct db_rows rows;
	const struct audit_entry *entries;
	size_t end;

	TRY(audit_list(cx, e->ask->patient, *before, TRAIL_AT_ONCE, &rows));
	entries = rows.items;
	end = rows.count;
	*more = rows.count == TRAIL_AT_ONCE;
	while (*more && end > 1 && entries[end - 1].at.ms == entries[rows.count - 1].at.ms)
		end--;
	end = end > 1 ? end : rows.count; /* all of one millisecond */
	for (size_t i = 0; i < end; i++) {
		str who;

		TRY(name_of(e, entries[i].account, &who));
		TRY(visit(e, &entries[i], who));
		TRY(everything_flush_some(e));
	}
	*count += (int64_t)end;
	if (end)
		*before = (instant){entries[end - 1].at.ms};
	return NULL;
}

static fallible
each_of_trail(struct everything *e, trail_fn *visit, int64_t *count)
{
	struct arena arena = ARENA_INIT; /* of one page */
	struct cx inner = *e->cx;
	instant before = INSTANT_NONE;
	const struct err *error = NULL;
	bool more = true;

	inner.arena = &arena;
	while (more && !error) {
		error = trail_page(e, &inner, visit, &before, count, &more);
		error = error ? err_copy(e->cx->arena, error) : NULL;
		arena_clear(&arena);
		e->cx->conn = inner.conn;
	}
	arena_release(&arena);
	return error;
}

static fallible
write_trail_line(struct everything *e, const struct audit_entry *entry, str who)
{
	const struct page_cx *px = everything_line(e);

	offline_sentence(&e->out, px,
	    arena_printf(px->arena, "%.*s %s %s", STR_ARG(who),
		audit_action_words((enum audit_action)entry->action, px->lang),
		audit_subject_words((enum audit_subject)entry->subject, px->lang)),
	    px_date_full(px, entry->at));
	return NULL;
}

static fallible
write_trail_json(struct everything *e, const struct audit_entry *entry, str who)
{
	struct arena *arena = everything_line(e)->arena;
	struct json_writer w = JSON_WRITER(&e->out);

	json_write_object(&w);
	json_put_text(&w, "at", fhir_instant_text(arena, entry->at));
	json_put_text(&w, "who", who);
	json_put_text(&w, "action", str_from_z(audit_action_words((enum audit_action)entry->action, LANG_EN)));
	json_put_text(&w, "subject", str_from_z(audit_subject_words((enum audit_subject)entry->subject, LANG_EN)));
	json_put_int64(&w, "count", entry->count);
	json_put_int64(&w, "why", entry->why);
	json_write_end(&w);
	json_write_done(&w);
	buf_add_char(&e->out, '\n');
	return NULL;
}

fallible
everything_trail(struct everything *e)
{
	const struct page_cx *px = e->px;
	int64_t count = 0, again = 0;

	TRY(everything_file(e, S("trail.html"), T("Who looked at your record")));
	offline_begin(&e->out, px, T("Who looked at your record"));
	TRY(each_of_trail(e, write_trail_line, &count));
	offline_end(&e->out, px);
	*LIST_ADD(e->cx->arena, &e->pages) =
	    (struct offline_link){S("trail.html"), T("Who looked at your record"), px_number(px, count)};
	TRY(everything_file(e, S("trail/trail.ndjson"), T("Who looked at your record")));
	TRY(each_of_trail(e, write_trail_json, &again));
	return everything_flush(e);
}
