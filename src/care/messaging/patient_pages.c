/* SPDX-License-Identifier: Apache-2.0 */
/* The patient's messages: the list, a conversation, an answer. */
#include "care/messaging/mailbox_pages.h"

/* ---- the list ---- */

static enum thread_filter
filter_of(struct request *rq)
{
	str show = request_query(rq, "show");

	return str_equal(show, S("unread"))    ? THREADS_UNREAD
	       : str_equal(show, S("waiting")) ? THREADS_WAITING
	                                       : THREADS_ALL;
}

static int64_t
page_of(struct request *rq)
{
	int64_t page;

	return str_to_int64(request_query(rq, "page"), &page) && page >= 1 && page < 100000 ? page : 1;
}

static fallible
list_threads(struct cx *cx, const struct page_cx *px, struct place place, struct messages_page *v)
{
	struct mailbox_query query = {place, v->filter, (v->page - 1) * THREADS_PER_PAGE, THREADS_PER_PAGE};
	struct db_rows rows;
	const struct thread *thread;
	struct team team = {0};
	int64_t total;

	TRY(mailbox_count(cx, &query, &total));
	v->pages = (total + THREADS_PER_PAGE - 1) / THREADS_PER_PAGE;
	TRY(mailbox_list(cx, &query, &rows));
	thread = rows.items;
	v->rows = ARENA_ARRAY(cx->arena, struct thread_row, rows.count);
	for (v->count = 0; v->count < rows.count; v->count++) {
		const struct thread *t = &thread[v->count];

		if (!uuid_equal(team.id.v, t->team.v))
			TRY(team_get(cx, t->team, &team));
		v->rows[v->count] = (struct thread_row){
		    .path = arena_printf(cx->arena, "/messages/%.*s", STR_ARG(uuid_text(cx->arena, t->id.v))),
		    .subject = t->subject,
		    .team = team.name,
		    .category = message_category_words(cx->lang, t->category),
		    .status = t->unread ? (struct status){STATUS_NEW, TN("%1 new", "%1 new", t->unread)}
		                        : standing_words(px, t),
		    .at = t->last_at,
		    .unread = t->unread > 0};
	}
	return NULL;
}

static fallible
fill_draft_row(struct cx *cx, const struct page_cx *px, const struct draft *draft, struct draft_row *out)
{
	struct departure departure;
	struct thread thread;

	fill_departure(cx, draft, &departure);
	*out = (struct draft_row){.path = departure.edit,
	    .subject = draft->subject,
	    .at = draft->updated,
	    .status = {STATUS_PLAIN, T("Draft")},
	    .trouble = departure.trouble};
	if (departure.waits) {
		out->path = arena_printf(cx->arena, "/messages/sending/%.*s", STR_ARG(departure.key));
		out->status = (struct status){STATUS_NEW, T("On its way")};
	} else if (departure.trouble.n) {
		out->status = (struct status){STATUS_DANGER, T("Not sent")};
	}
	if (!uuid_is_none(draft->thread.v)) {
		TRY(thread_head(cx, draft->thread, &thread));
		out->subject = thread.subject;
	} else if (!out->subject.n) {
		out->subject = message_default_subject(cx, (enum message_category)draft->category);
	}
	return NULL;
}

static fallible
list_drafts(struct cx *cx, const struct page_cx *px, struct messages_page *v)
{
	struct db_rows rows;
	const struct draft *draft;

	TRY(draft_list(cx, &rows));
	draft = rows.items;
	v->drafts = ARENA_ARRAY(cx->arena, struct draft_row, rows.count);
	for (v->draft_count = 0; v->draft_count < rows.count; v->draft_count++) {
		const struct draft *d = &draft[v->draft_count];
		TRY(fill_draft_row(cx, px, d, &v->drafts[v->draft_count]));
	}
	return NULL;
}

fallible
get_messages(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct messages_page view = {.filter = filter_of(rq), .page = page_of(rq)};
	struct place place = place_of(request_query(rq, "folder"));
	struct facility facility;
	struct db_rows teams;
	bool mine;
	struct buf html = BUF_INIT(cx->arena);

	TRY(drafts_send_own(cx));
	TRY(page_cx_for(cx, rq, STR_NONE, "/messages", px));
	TRY(fill_folders(cx, px, place, &view));
	if (place.kind != FOLDER_DRAFTS)
		TRY(list_threads(cx, px, place, &view));
	if (place.kind == FOLDER_INBOX || place.kind == FOLDER_DRAFTS)
		TRY(list_drafts(cx, px, &view));
	TRY(messaging_opted_in(cx, cx->who.patient, &view.opted_in));
	TRY(messaging_terms_mine(cx, &mine));
	view.opted_in &= mine;
	TRY(fill_acting(cx, &view.acting));
	TRY(teams_of_patient(cx, cx->who.patient, true, &teams));
	TRY(facility_get(cx, cx->who.facility, &facility));
	TRY(blocks_in_words(cx, &view.blocked, &view.blocked_count));
	view.can_write = teams.count > 0;
	view.clinic_phone = facility.phone;
	TRY(thread_count(cx, cx->who.patient, THREADS_UNREAD, &view.unread));
	px->title = view.unread ? TN("Messages: %1 new", "Messages: %1 new", view.unread) : T("Messages");
	px->flash = flash_for(cx, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	page_messages(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- a conversation ---- */

#define READS_ONLY                                                                                                  \
	ERR(ERR_INVALID, TR("You may read these messages, but not write. The person you act for can change that."), \
	    "a delegate who may only read messages")

fallible
fill_acting(struct cx *cx, struct acting *out)
{
	unsigned given;

	TRY(access_rights_acting(cx, &given));
	out->for_other = (cx->who.is & WHO_DELEGATE) != 0;
	out->reads_only = out->for_other && !(given & RIGHT_MESSAGES_WRITE);
	return NULL;
}

static fallible
fill_reply_box(struct cx *cx, const struct page_cx *px, const struct conversation *c, struct thread_page *view)
{
	const struct err *closed = view->acting.reads_only ? READS_ONLY : thread_reply_check(cx, &c->thread);
	struct draft draft;
	bool found = false;

	if (closed && closed->code != ERR_INVALID)
		return closed;
	if (closed) {
		bool mine;

		view->closed = tr(cx->lang, closed->say);
		TRY(messaging_terms_mine(cx, &mine));
		view->needs_terms = !mine && !view->acting.reads_only;
	}
	if (view->acting.reads_only)
		return NULL;
	if (!view->draft.p)
		TRY(draft_of_thread(cx, c->thread.id, &draft, &found));
	if (found) {
		view->draft = draft.body;
		view->key = uuid_text(cx->arena, draft.id);
		fill_departure(cx, &draft, &view->departure);
	}
	return draft_file_rows(cx, px, c->thread.patient, view->key, &view->files);
}

static fallible
show_thread(struct cx *cx, struct request *rq, int status, thread_id id, struct thread_page *view)
{
	struct page_cx page, *px = &page;
	struct conversation c;
	struct facility facility;
	struct business_calendar calendar;
	struct buf html = BUF_INIT(cx->arena);

	TRY(thread_open(cx, id, &c));
	TRY(page_cx_for(cx, rq, c.thread.subject, "/messages", px));
	TRY(facility_get(cx, c.thread.facility, &facility));
	view->id = uuid_text(cx->arena, id.v);
	view->subject = c.thread.subject;
	view->category = message_category_words(cx->lang, c.thread.category);
	view->team = &c.team;
	if (c.team.needs_signature)
		view->sign_teams = c.team.name;
	view->facility = &facility;
	view->count = conversation_rows(cx, px, &c, "/messages", &view->messages);
	view->step_count = progress_of(px, &c.thread, view->steps);
	view->promise = promise_words(px, &c.thread, &facility);
	TRY(facility_calendar(cx, c.thread.facility, &calendar));
	view->hours = team_hours_words(px, &c.team, &calendar);
	TRY(about_show(cx, px, &c.thread, &view->about));
	view->late = thread_is_overdue(&c.thread, cx->now) ? view->promise : STR_NONE;
	if (!view->key.p)
		view->key = uuid_text(cx->arena, uuid_new(cx->now));
	TRY(fill_acting(cx, &view->acting));
	TRY(fill_reply_box(cx, px, &c, view));
	TRY(fill_moves(cx, px, id, view));
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	px->flash = flash_for(cx, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	page_thread(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_thread(struct cx *cx, struct request *rq)
{
	thread_id id;

	TRY(request_thread(rq, &id));
	TRY(drafts_send_own(cx));
	return show_thread(cx, rq, 200, id, &(struct thread_page){0});
}

fallible
post_reply(struct cx *cx, struct request *rq)
{
	struct thread_reply in = {.key = request_key(cx, rq), .body = request_form(rq, "body")};
	struct thread_page view = {.draft = in.body, .key = uuid_text(cx->arena, in.key)};
	struct draft draft;
	struct thread thread;
	const struct err *error;
	struct sent sent;
	bool again;
	str path, departs;

	TRY(request_thread(rq, &in.thread));
	path = arena_printf(cx->arena, "/messages/%.*s", STR_ARG(uuid_text(cx->arena, in.thread.v)));
	draft = (struct draft){.id = in.key, .thread = in.thread, .body = in.body};
	if (str_equal(request_form(rq, "do"), S("draft"))) {
		TRY(draft_save(cx, &draft));
		return respond_see_other(rq, arena_printf(cx->arena, "%.*s?done=draft#field-body", STR_ARG(path)));
	}
	TRY(form_files(cx, rq, &draft, &view.errors, &again));
	if (again && !view.errors.count)
		return respond_see_other(rq, arena_printf(cx->arena, "%.*s?done=files#field-body", STR_ARG(path)));
	if (view.errors.count)
		return show_thread(cx, rq, 400, in.thread, &view);
	TRY(thread_head(cx, in.thread, &thread));
	view.signed_name = request_form(rq, "signed");
	TRY(form_sign(cx, rq, thread.team, &view.errors, &in.body));
	if (view.errors.count)
		return show_thread(cx, rq, 400, in.thread, &view);
	draft.body = in.body;
	TRY(form_crisis(cx, rq, cx->who.facility, STR_NONE, in.body, &view.crisis));
	if (view.crisis.n) {
		TRY(draft_save(cx, &draft));
		return show_thread(cx, rq, 200, in.thread, &view);
	}
	error = form_departs(cx, rq, &draft, &departs);
	if (!error && departs.n)
		return respond_see_other(rq, departs);
	if (!error)
		error = thread_reply(cx, &in, &sent);
	if (!error)
		return respond_see_other(rq, arena_printf(cx->arena, "%.*s?done=sent", STR_ARG(path)));
	if (!form_note_error(cx, &view.errors, "body", error))
		return error;
	if (error->code == ERR_CONFLICT) /* the old key stands for what was sent */
		view.key = uuid_text(cx->arena, uuid_new(cx->now));
	return show_thread(cx, rq, form_status(error), in.thread, &view);
}
