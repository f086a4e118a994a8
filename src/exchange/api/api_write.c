/* SPDX-License-Identifier: Apache-2.0 */
/* Threads, messages, teams, files and drafts as JSON. */
#include "care/administration/administration.h"
#include "exchange/api/api_internal.h"

const char *const api_completed_how[] = {[COMPLETED_NOT] = "not",
    [COMPLETED_ANSWERED] = "answered",
    [COMPLETED_TELEPHONE] = "telephone",
    [COMPLETED_VISIT] = "visit",
    [COMPLETED_NO_NEED] = "no-need",
    [COMPLETED_TOLD] = "told",
    [COMPLETED_MERGED] = "merged",
    NULL};

static const char *
status_word(int64_t status)
{
	return status == THREAD_COMPLETE ? "complete" : status == THREAD_IN_PROCESS ? "in-process" : "incomplete";
}

static const char *
side_word(int64_t side)
{
	return side == SIDE_TEAM ? "team" : "patient";
}

void
put_thread(struct api_answer *a, const struct thread *t)
{
	struct json_writer *w = &a->w;

	put_id(a, "id", t->id.v);
	put_id(a, "patient", t->patient.v);
	put_id(a, "team", t->team.v);
	json_put_text(w, "category", str_from_z(message_category_code(t->category)));
	json_put_text(w, "subject", t->subject);
	json_put_text(w, "about", t->about.reference); /* reading the entry is a question of its own */
	json_put_text(w, "status", str_from_z(status_word(t->status)));
	json_put_int64(w, "messages", t->message_count);
	json_put_int64(w, "unread", t->unread);
	put_instant(a, "begun", t->made);
	put_instant(a, "lastMessage", t->last_at);
	put_instant(a, "due", t->due);
	put_instant(a, "opened", t->opened_at);
	put_instant(a, "answered", t->answered_at);
	put_instant(a, "completed", t->completed_at);
	put_instant(a, "filed", t->filed_at);
	put_id(a, "joinedWith", t->merged_into.v);
	if (!(a->cx->who.is & WHO_CARE_TEAM))
		return;
	if (t->status == THREAD_COMPLETE)
		json_put_text(w, "completedHow", str_from_z(api_completed_how[t->completed_how]));
	put_id(a, "owner", t->owner.v);
	if (!uuid_is_none(t->owner.v))
		put_instant(a, "heldUntil", t->lease_until);
	json_put_int64(w, "escalations", t->escalation_tries);
	json_put_bool(w, "urgent", t->urgent);
	if (t->urgent)
		json_put_text(w, "urgentReason", t->urgent_reason);
}

void
put_file(struct api_answer *a, const struct attachment *file)
{
	json_write_object(&a->w);
	put_id(a, "id", file->id);
	json_put_text(&a->w, "name", file->name);
	json_put_int64(&a->w, "bytes", file->bytes);
	json_put_bool(&a->w, "available", attachment_is_given_out(file));
	json_write_end(&a->w);
}

void
put_message(struct api_answer *a, const struct message *m)
{
	struct json_writer *w = &a->w;

	json_write_object(w);
	json_put_int64(w, "number", m->n);
	put_id(a, "id", m->id.v);
	json_put_text(w, "from", str_from_z(side_word(m->side)));
	put_id(a, "author", m->author.v);
	json_put_text(w, "authorName", m->author_name);
	json_put_bool(w, "byDelegate", m->by_delegate);
	put_instant(a, "sent", m->sent);
	put_instant(a, "takenBack", m->recalled);
	json_put_text(w, "body", m->body);
	json_put_array(w, "files");
	for (int64_t i = 0; i < m->file_count; i++)
		put_file(a, &m->files[i]);
	json_write_end(w);
	json_write_end(w);
}

void
put_event(struct api_answer *a, const struct thread_event *e)
{
	static const char *const kinds[] = {[EVENT_ASSIGNED] = "assigned",
	    [EVENT_REROUTED] = "rerouted",
	    [EVENT_FORWARDED] = "forwarded",
	    [EVENT_NOTE] = "note",
	    [EVENT_RECALLED] = "taken-back",
	    [EVENT_MERGED] = "joined-with",
	    [EVENT_JOINED] = "joined-by",
	    [EVENT_LISTED] = "shown-to-list"};
	struct json_writer *w = &a->w;

	json_write_object(w);
	json_put_text(w, "kind", str_from_z(kinds[e->kind]));
	put_instant(a, "at", e->at);
	put_id(a, "actor", e->actor.v);
	json_put_text(w, "actorName", e->actor_name);
	put_id(a, "team", e->team.v);
	put_id(a, "other", e->other);
	if (e->message)
		json_put_int64(w, "message", e->message);
	json_put_text(w, "text", e->text);
	json_write_end(w);
}

const char *const api_weekdays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL};

static void
put_hours(struct api_answer *a, const struct team *team)
{
	if (!team->open_days)
		return;
	json_put_object(&a->w, "hours");
	json_put_array(&a->w, "days");
	for (int day = 0; day < 7; day++)
		if (team->open_days >> day & 1)
			json_write_text(&a->w, str_from_z(api_weekdays[day]));
	json_write_end(&a->w);
	json_put_text(&a->w, "from", clock_text(a->cx->arena, team->open_from));
	json_put_text(&a->w, "until", clock_text(a->cx->arena, team->open_until));
	json_write_end(&a->w);
}

void
put_team_members(struct api_answer *a, const struct team *team)
{
	struct json_writer *w = &a->w;

	put_id(a, "id", team->id.v);
	json_put_text(w, "name", team->name);
	json_put_text(w, "care", team->care);
	json_put_text(w, "place", team->place);
	json_put_bool(w, "takesMessages", team->takes_messages);
	json_put_bool(w, "needsSignature", team->needs_signature);
	put_hours(a, team);
}

void
put_team(struct api_answer *a, const struct team *team)
{
	json_write_object(&a->w);
	put_team_members(a, team);
	json_write_end(&a->w);
}

void
put_draft(struct api_answer *a, const struct draft *d)
{
	struct json_writer *w = &a->w;

	put_id(a, "id", d->id);
	put_id(a, "patient", d->patient.v);
	put_id(a, "conversation", d->thread.v);
	put_id(a, "team", d->team.v);
	json_put_text(w, "category", str_from_z(message_category_code(d->category)));
	json_put_text(w, "subject", d->subject);
	json_put_text(w, "about", d->about.reference);
	json_put_text(w, "body", d->body);
	put_instant(a, "saved", d->updated);
	put_instant(a, "leaves", d->send_at);
	json_put_text(w, "trouble", d->trouble);
}

fallible
api_threads(struct cx *cx, struct request *rq, const struct db_rows *threads, int64_t count)
{
	const struct thread *thread = threads->items;
	struct api_answer a;

	api_begin(cx, &a);
	json_put_array(&a.w, "conversations");
	for (size_t i = 0; i < threads->count && (int64_t)i < count; i++) {
		json_write_object(&a.w);
		put_thread(&a, &thread[i]);
		json_write_end(&a.w);
	}
	json_write_end(&a.w);
	json_put_bool(&a.w, "more", (int64_t)threads->count > count);
	return api_end(rq, 200, &a);
}

static void
put_conversation(struct api_answer *a, const struct conversation *c)
{
	struct json_writer *w = &a->w;

	json_put_object(w, "conversation");
	put_thread(a, &c->thread);
	json_put_text(w, "teamName", c->team.name);
	json_put_text(w, "ownerName", c->owner_name);
	json_put_int64(w, "patientReadUpTo", c->read_n);
	json_put_bool(w, "forReading", c->for_reading);
	put_instant(a, "reminder", c->remind_at);
	json_put_array(w, "items");
	for (size_t i = 0; i < c->count; i++)
		put_message(a, &c->messages[i]);
	json_write_end(w);
	json_put_array(w, "events");
	for (size_t i = 0; i < c->event_count; i++)
		put_event(a, &c->events[i]);
	json_write_end(w);
	json_write_end(w);
}

fallible
api_conversation(struct cx *cx, struct request *rq, int status, thread_id id)
{
	struct conversation c;
	struct api_answer a;

	db_refresh(cx);
	TRY(thread_look(cx, id, &c));
	api_begin(cx, &a);
	put_conversation(&a, &c);
	return api_end(rq, status, &a);
}
