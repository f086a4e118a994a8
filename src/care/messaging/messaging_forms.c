/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers of messaging share: keys, options, errors beside fields, what was just done. */
#include "care/messaging/messaging_pages.h"

fallible
request_thread(const struct request *rq, thread_id *out)
{
	return request_param_uuid(rq, "thread", &out->v) ? NULL : NOT_FOUND;
}

struct uuid
request_key(const struct cx *cx, const struct request *rq)
{
	struct uuid key;

	if (request_form_uuid(rq, "key", &key) && !uuid_is_none(key))
		return key;
	return uuid_new(cx->now);
}

const struct option *
category_options(const struct page_cx *px)
{
	static const int64_t order[CATEGORIES] = {
	    CATEGORY_MEDICATION, CATEGORY_TEST_RESULT, CATEGORY_APPOINTMENT, CATEGORY_GENERAL};
	const str hints[CATEGORIES] = {T("Refills, doses, side effects"), T("What a result means, what comes next"),
	    T("Making, moving or preparing a visit"), T("Anything else about your care")};
	struct option *options = ARENA_ARRAY(px->arena, struct option, CATEGORIES);

	for (size_t i = 0; i < CATEGORIES; i++)
		options[i] = (struct option){
		    str_from_z(message_category_code(order[i])), message_category_words(px->lang, order[i]), hints[i]};
	return options;
}

bool
form_note_error(struct cx *cx, struct form_errors *errors, const char *field, const struct err *error)
{
	if (error->code != ERR_INVALID && error->code != ERR_CONFLICT)
		return false;
	form_error_add(cx->arena, errors, str_from_z(field), tr(cx->lang, error->say));
	return true;
}

int
form_status(const struct err *error)
{
	return error->code == ERR_CONFLICT ? 409 : 400;
}

str
flash_for(struct cx *cx, str done)
{
	static const struct {
		const char *done, *text;
	} rows[] = {
	    {"sent", TR("Your message was sent.")},
	    {"draft", TR("Your draft is saved. You can go on with it on any device.")},
	    {"deleted", TR("The draft was deleted.")},
	    {"claimed", TR("It is yours. Nobody else can answer for now.")},
	    {"files", TR("The files of your draft are saved.")},
	    {"terms", TR("Thank you. You can write messages now.")},
	    {"off", TR("Messages are switched off. What was written stays readable.")},
	    {"folder", TR("Your folders are saved.")},
	    {"teams", TR("Your choice of teams is saved.")},
	    {"moved", TR("Moved.")},
	    {"trashed", TR("Moved to Deleted. You can move it back at any time.")},
	    {"signature", TR("Your signature is saved.")},
	    {"words", TR("The list is saved.")},
	    {"released", TR("Released. Everybody in the team can take it now.")},
	    {"completed", TR("Completed.")},
	    {"reopened", TR("Opened again.")},
	    {"notices", TR("Your choice is saved.")},
	    {"template", TR("The text is in your answer. Look through it before you send.")},
	    {"view", TR("The list is kept.")},
	    {"view-dropped", TR("The list is not kept any more.")},
	    {"assigned", TR("Given. They are told.")},
	    {"rerouted", TR("Sent on. The patient can read where it went, and why.")},
	    {"forwarded", TR("Shown to them. It stays yours to answer.")},
	    {"forwarded-part", TR("Shown to those who may see this patient. Others on the list were left out. It stays "
				  "yours to answer.")},
	    {"noted", TR("The note is kept. Only your team reads it.")},
	    {"reminder", TR("Your reminder is set. You find it under Reminders.")},
	    {"no-reminder", TR("There is no reminder any more.")},
	    {"merged", TR("Joined. It goes on here.")},
	    {"recalled", TR("Taken back. The patient sees that a message was taken back, and not what it said.")},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_equal(done, str_from_z(rows[i].done)))
			return tr(cx->lang, rows[i].text);
	return STR_NONE;
}

/* ---- a conversation as rows ---- */

/* The team has read what it opened afterwards, and what it wrote after. */
static bool
team_has_read(const struct conversation *c, const struct message *m)
{
	if (!instant_is_none(c->thread.opened_at) && !instant_before(c->thread.opened_at, m->sent))
		return true;
	for (size_t i = 0; i < c->count; i++)
		if (c->messages[i].n > m->n && c->messages[i].side == SIDE_TEAM)
			return true;
	return false;
}

static struct message_row
row_of_message(const struct cx *cx, const struct page_cx *px, const struct conversation *c, const struct message *m)
{
	bool mine = uuid_equal(m->author.v, cx->who.account.v);
	bool from_team = m->side == SIDE_TEAM;
	bool is_staff = (cx->who.is & WHO_STAFF) != 0;
	bool is_read = c->read_n >= m->n;
	struct message_row row = {.who = mine && !m->by_delegate ? T("You") : m->author_name,
	    .role = from_team && !mine ? TF2("%1 in %2", role_words(px, m->author_role), c->team.name) : STR_NONE,
	    .text = m->body,
	    .at = m->sent,
	    .mine = mine || (is_staff && from_team),
	    .taken_back = !instant_is_none(m->recalled),
	    .file_count = (size_t)m->file_count};

	file_rows(px, m->files, m->file_count, &row.files);
	if (!is_staff && !from_team)
		row.seen = team_has_read(c, m) ? T("Read by your team") : T("Not read by your team yet");
	if (!is_staff || !from_team || row.taken_back)
		return row;
	row.seen = !is_read                      ? T("Not read by the patient yet")
	           : c->read_n > m->n            ? T("Read by the patient")
	           : instant_is_none(c->read_at) ? T("Read by the patient")
	                                         : TF1("Read by the patient %1", px_date(px, c->read_at));
	if (!is_read && !c->for_reading)
		row.recall = arena_printf(cx->arena, "/inbox/%.*s/recall/%lld",
		    STR_ARG(uuid_text(cx->arena, c->thread.id.v)), (long long)m->n);
	return row;
}

static struct message_row
row_of_event(const struct cx *cx, const struct page_cx *px, const struct thread_event *e, const char *base)
{
	bool mine = uuid_equal(e->actor.v, cx->who.account.v);
	str who = mine ? T("You") : e->actor_name;
	struct message_row row = {.at = e->at, .text = e->text};

	switch ((enum thread_event_kind)e->kind) {
	case EVENT_ASSIGNED: row.event = TF2("%1: given to %2", who, e->other_name); break;
	case EVENT_REROUTED: row.event = TF2("%1: sent on to %2", who, e->team_name); break;
	case EVENT_FORWARDED: row.event = TF2("%1: shown to %2 for information", who, e->other_name); break;
	case EVENT_LISTED: row.event = TF2("%1: shown to the list %2 for information", who, e->other_name); break;
	case EVENT_NOTE: row.event = TF1("%1: note for the team", who); break;
	case EVENT_RECALLED: row.event = TF1("%1: took a message back before it was read", who); break;
	case EVENT_MERGED: row.event = TF1("%1: joined this with another conversation, which goes on", who); break;
	case EVENT_JOINED: row.event = TF1("%1: joined another conversation with this one", who); break;
	}
	if (e->kind == EVENT_MERGED || e->kind == EVENT_JOINED) {
		row.path = arena_printf(cx->arena, "%s/%.*s", base, STR_ARG(uuid_text(cx->arena, e->other)));
		row.path_text = T("Open the other conversation");
	}
	return row;
}

size_t
conversation_rows(const struct cx *cx, const struct page_cx *px, const struct conversation *c, const char *base,
    struct message_row **out)
{
	struct message_row *rows = ARENA_ARRAY(cx->arena, struct message_row, c->count + c->event_count);
	size_t count = 0, next = 0;

	for (size_t i = 0; i < c->count; i++) {
		while (next < c->event_count && instant_before(c->events[next].at, c->messages[i].sent))
			rows[count++] = row_of_event(cx, px, &c->events[next++], base);
		/* For the patient the event tells that a message was taken back. */
		if (instant_is_none(c->messages[i].recalled) || (cx->who.is & WHO_STAFF))
			rows[count++] = row_of_message(cx, px, c, &c->messages[i]);
	}
	while (next < c->event_count)
		rows[count++] = row_of_event(cx, px, &c->events[next++], base);
	*out = rows;
	return count;
}
