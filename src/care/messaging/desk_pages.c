/* SPDX-License-Identifier: Apache-2.0 */
/* A conversation as the team works on it: the thread, whose it is, and the deeds. */
#include "care/messaging/messaging_pages.h"

/* The list that the member came from, so that going back finds it. */
static str
list_query(struct cx *cx, struct request *rq)
{
	str show = request_query(rq, "show"), team = request_query(rq, "team"), page = request_query(rq, "page");
	enum inbox_sort sort = inbox_sort_of(request_query(rq, "sort"));
	struct buf out = BUF_INIT(cx->arena);
	struct uuid id;
	int64_t n;
	bool plain = show.n > 0 && show.n < 20;

	for (size_t i = 0; i < show.n && plain; i++)
		plain = show.p[i] >= 'a' && show.p[i] <= 'z';
	buf_printf(&out, "show=%.*s", STR_ARG(plain ? show : S("open")));
	if (uuid_parse(team, &id)) {
		buf_add_z(&out, "&team=");
		buf_add_uuid(&out, id);
	}
	if (sort != SORT_URGENT)
		buf_printf(&out, "&sort=%s", inbox_sort_word(sort));
	if (str_to_int64(page, &n) && n > 1 && n < 100000)
		buf_printf(&out, "&page=%lld", (long long)n);
	return buf_str(&out);
}

str
desk_path(struct cx *cx, struct request *rq, thread_id id, const char *what, str done)
{
	return arena_printf(cx->arena, "/inbox/%.*s%s?%.*s%s%.*s", STR_ARG(uuid_text(cx->arena, id.v)), what,
	    STR_ARG(list_query(cx, rq)), done.n ? "&done=" : "", STR_ARG(done));
}

str
desk_list_path(struct cx *cx, struct request *rq, str done)
{
	return arena_printf(cx->arena, "/inbox?%.*s&done=%.*s", STR_ARG(list_query(cx, rq)), STR_ARG(done));
}

static void
fill_state(const struct cx *cx, const struct page_cx *px, const struct conversation *c, struct desk_page *view)
{
	const struct thread *t = &c->thread;

	view->duty = duty_words(px, t);
	view->mine = uuid_equal(t->owner.v, cx->who.account.v);
	view->owner = view->mine ? T("you") : c->owner_name.p ? c->owner_name : T("nobody yet");
	if (thread_is_held_by_other(t, cx->who.account, cx->now))
		view->held_by = c->owner_name;
	view->complete = t->status == THREAD_COMPLETE;
	view->can_finish = t->status == THREAD_IN_PROCESS;
	view->seen = t->message_count;
	if (thread_is_urgent(t))
		view->urgent = t->urgent_reason;
	if (thread_answer_is_owed(t))
		view->promise = px_date(px, t->due);
	if (!instant_is_none(t->opened_at))
		view->opened = px_date(px, t->opened_at);
	if (!instant_is_none(t->filed_at))
		view->filed = px_date(px, t->filed_at);
	if (!instant_is_none(t->escalated_at))
		view->escalated = px_date(px, t->escalated_at);
	if (view->complete)
		view->completed = TF2("%1, %2", px_date(px, t->completed_at), completed_words(px, t->completed_how));
}

static fallible
fill_draft(struct cx *cx, const struct page_cx *px, const struct thread *thread, struct desk_page *view)
{
	struct draft draft;
	bool found = false;

	if (!view->draft.p) {
		TRY(draft_of_thread(cx, thread->id, &draft, &found));
		if (found) {
			view->draft = draft.body;
			view->key = uuid_text(cx->arena, draft.id);
		}
	}
	if (!view->key.p)
		view->key = uuid_text(cx->arena, uuid_new(cx->now));
	return draft_file_rows(cx, px, thread->patient, view->key, &view->files);
}

fallible
desk_show(struct cx *cx, struct request *rq, int status, thread_id id, struct desk_page *view)
{
	struct page_cx page, *px = &page;
	struct conversation c;
	struct buf html = BUF_INIT(cx->arena);

	TRY(thread_open(cx, id, &c));
	TRY(page_cx_for(cx, rq, c.thread.subject, "/inbox", px));
	view->id = uuid_text(cx->arena, id.v);
	view->query = list_query(cx, rq);
	view->path = desk_path(cx, rq, id, "", STR_NONE);
	view->back = arena_printf(cx->arena, "/inbox?%.*s", STR_ARG(view->query));
	view->subject = c.thread.subject;
	view->category = message_category_words(cx->lang, c.thread.category);
	view->team = &c.team;
	TRY(about_show(cx, px, &c.thread, &view->about));
	if (!c.for_reading)
		TRY(desk_fill_buttons(cx, px, &c.thread, view));
	view->for_reading = c.for_reading;
	view->me = uuid_text(cx->arena, cx->who.account.v);
	view->count = conversation_rows(cx, px, &c, "/inbox", &view->messages);
	TRY(desk_fill_side(cx, px, &c, view));
	fill_state(cx, px, &c, view);
	if (!uuid_is_none(c.thread.owner.v) && !view->complete)
		TRY(desk_away_words(cx, px, c.thread.owner, c.owner_name, &view->away));
	TRY(fill_draft(cx, px, &c.thread, view));
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	px->flash = flash_for(cx, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	page_desk(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_desk(struct cx *cx, struct request *rq)
{
	thread_id id;

	TRY(request_thread(rq, &id));
	return desk_show(cx, rq, 200, id, &(struct desk_page){0});
}

/* After a deed: to the thread, or with its words of refusal on the thread's page. */
static fallible
after(struct cx *cx, struct request *rq, thread_id id, const struct err *error, str done)
{
	struct desk_page view = {0};

	if (!error)
		return respond_see_other(rq, desk_path(cx, rq, id, "", done));
	if (!form_note_error(cx, &view.errors, "", error))
		return error;
	return desk_show(cx, rq, form_status(error), id, &view);
}

fallible
post_claim(struct cx *cx, struct request *rq)
{
	thread_id id;

	TRY(request_thread(rq, &id));
	return after(cx, rq, id, thread_claim(cx, id), S("claimed"));
}

fallible
post_release(struct cx *cx, struct request *rq)
{
	thread_id id;

	TRY(request_thread(rq, &id));
	return after(cx, rq, id, thread_release(cx, id), S("released"));
}

fallible
post_reopen(struct cx *cx, struct request *rq)
{
	thread_id id;

	TRY(request_thread(rq, &id));
	return after(cx, rq, id, thread_reopen(cx, id), S("reopened"));
}

/* Back to the list, where completing can be undone. */
static fallible
to_list(struct cx *cx, struct request *rq, thread_id id)
{
	return respond_see_other(rq, arena_printf(cx->arena, "/inbox?%.*s&done=completed&completed=%.*s",
					 STR_ARG(list_query(cx, rq)), STR_ARG(uuid_text(cx->arena, id.v))));
}

static enum completed_how
how_of(str word)
{
	return str_equal(word, S("telephone"))  ? COMPLETED_TELEPHONE
	       : str_equal(word, S("visit"))    ? COMPLETED_VISIT
	       : str_equal(word, S("no-need"))  ? COMPLETED_NO_NEED
	       : str_equal(word, S("answered")) ? COMPLETED_ANSWERED
	                                        : COMPLETED_NOT;
}

fallible
post_complete(struct cx *cx, struct request *rq)
{
	struct thread_complete in = {.how = how_of(request_form(rq, "how"))};
	const struct err *error;

	TRY(request_thread(rq, &in.thread));
	str_to_int64(request_form(rq, "seen"), &in.seen);
	error = thread_complete(cx, &in);
	return error ? after(cx, rq, in.thread, error, STR_NONE) : to_list(cx, rq, in.thread);
}

/* The answer with the chosen template in it, kept as a draft. */
static fallible
use_template(struct cx *cx, struct request *rq, struct draft *draft, struct desk_page *view)
{
	struct uuid chosen = {{0}};
	const struct err *error;

	if (!request_form_uuid(rq, "quick", &chosen))
		request_form_uuid(rq, "template", &chosen);
	error = desk_put_template(cx, draft->thread, chosen, draft->body, &draft->body);
	if (error && !form_note_error(cx, &view->errors, "template", error))
		return error;
	if (error)
		return desk_show(cx, rq, form_status(error), draft->thread, view);
	TRY(draft_save(cx, draft));
	return respond_see_other(rq, desk_path(cx, rq, draft->thread, "", S("template")));
}

fallible
post_desk_reply(struct cx *cx, struct request *rq)
{
	struct thread_reply in = {.key = request_key(cx, rq), .body = request_form(rq, "body")};
	struct desk_page view = {.draft = in.body, .key = uuid_text(cx->arena, in.key)};
	str what = request_form(rq, "do");
	const struct err *error;
	struct draft draft;
	struct sent sent;
	bool again;

	TRY(request_thread(rq, &in.thread));
	draft = (struct draft){.id = in.key, .thread = in.thread, .body = in.body};
	if (str_equal(what, S("draft"))) {
		TRY(draft_save(cx, &draft));
		return respond_see_other(rq, desk_path(cx, rq, in.thread, "", S("draft")));
	}
	if (str_equal(what, S("template")) || request_form(rq, "quick").n)
		return use_template(cx, rq, &draft, &view);
	TRY(form_files(cx, rq, &draft, &view.errors, &again));
	if (again && !view.errors.count)
		return respond_see_other(rq, desk_path(cx, rq, in.thread, "", S("files")));
	if (view.errors.count)
		return desk_show(cx, rq, 400, in.thread, &view);
	str_to_int64(request_form(rq, "seen"), &in.seen);
	TRY(form_sign(cx, rq, (team_id){{{0}}}, &view.errors, &in.body));
	error = thread_reply(cx, &in, &sent);
	if (!error && str_equal(what, S("complete"))) {
		error = thread_complete(cx, &(struct thread_complete){in.thread, COMPLETED_ANSWERED, 0});
		/* Sent twice: the first time completed it. */
		if (!error || (sent.sent_before && error->code == ERR_CONFLICT))
			return to_list(cx, rq, in.thread);
		return after(cx, rq, in.thread, error, STR_NONE);
	}
	if (!error)
		return respond_see_other(rq, desk_path(cx, rq, in.thread, "", S("sent")));
	if (!form_note_error(cx, &view.errors, "body", error))
		return error;
	/* Nothing typed is lost, also when somebody else is answering: it stays as a draft. */
	if (error->code == ERR_CONFLICT) {
		draft.id = uuid_new(cx->now);
		TRY(draft_move(cx, in.key, &draft));
		view.key = uuid_text(cx->arena, draft.id);
	}
	return desk_show(cx, rq, form_status(error), in.thread, &view);
}
