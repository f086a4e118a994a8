/* SPDX-License-Identifier: Apache-2.0 */
/* The patient's mailbox beside lists and conversations: the terms, and a message on its way that can be taken back. */
#include "care/messaging/messaging_pages.h"

/* ---- terms ---- */

fallible
get_terms(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct terms_page view = {0};
	struct facility facility;
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_MESSAGES_READ, &why));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Terms of messages")), "/messages", px));
	TRY(facility_get(cx, cx->who.facility, &facility));
	TRY(messaging_opted_in(cx, cx->who.patient, &view.opted_in));
	TRY(messaging_terms_mine(cx, &view.accepted));
	TRY(fill_acting(cx, &view.acting));
	view.facility = &facility;
	px->flash = flash_for(cx, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	page_terms(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

fallible
post_terms(struct cx *cx, struct request *rq)
{
	bool accepted = str_equal(request_form(rq, "choice"), S("accept"));

	TRY(messaging_terms_choose(cx, accepted));
	return respond_see_other(rq, accepted ? S("/messages/new?done=terms") : S("/messages/terms?done=off"));
}

/* ---- a message on its way ---- */

static str
draft_path(struct cx *cx, const struct draft *draft)
{
	if (uuid_is_none(draft->thread.v))
		return arena_printf(cx->arena, "/messages/new?draft=%.*s", STR_ARG(uuid_text(cx->arena, draft->id)));
	return arena_printf(cx->arena, "/messages/%.*s#field-body", STR_ARG(uuid_text(cx->arena, draft->thread.v)));
}

void
fill_departure(struct cx *cx, const struct draft *draft, struct departure *out)
{
	int64_t left = draft->send_at.ms - cx->now.ms;

	*out = (struct departure){.key = uuid_text(cx->arena, draft->id), .edit = draft_path(cx, draft)};
	if (!instant_is_none(draft->send_at)) {
		out->waits = true;
		out->seconds = left > 0 ? (left + SECOND_MS - 1) / SECOND_MS : 0;
	}
	if (draft->trouble.n)
		out->trouble = tr(cx->lang, arena_z(cx->arena, draft->trouble));
}

/* Where the message with this key went. */
static fallible
sent_path(struct cx *cx, struct uuid key, str *out)
{
	thread_id thread;

	TRY(message_sent_as(cx, key, &thread));
	*out = arena_printf(cx->arena, "/messages/%.*s", STR_ARG(uuid_text(cx->arena, thread.v)));
	return NULL;
}

fallible
get_sending(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct departure view = {0};
	struct draft draft;
	struct uuid id;
	const struct err *error;
	struct buf html = BUF_INIT(cx->arena);

	if (!request_param_uuid(rq, "draft", &id))
		return NOT_FOUND;
	TRY(drafts_send_own(cx));
	error = draft_get(cx, id, &draft);
	if (error && error->code != ERR_GONE)
		return error;
	if (!error)
		fill_departure(cx, &draft, &view);
	else
		TRY(sent_path(cx, id, &view.sent));
	TRY(page_cx_for(cx, rq, STR_NONE, "/messages", px));
	px->title = view.sent.n ? T("Your message was sent") : view.waits ? T("Sending your message") : T("Not sent");
	page_sending(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

fallible
post_draft_undo(struct cx *cx, struct request *rq)
{
	const struct err *error;
	struct draft draft;
	struct uuid id;

	if (!request_param_uuid(rq, "draft", &id))
		return NOT_FOUND;
	error = draft_undo(cx, id);
	if (error && error->code == ERR_CONFLICT) /* too late: the page says so */
		return respond_see_other(
		    rq, arena_printf(cx->arena, "/messages/sending/%.*s", STR_ARG(uuid_text(cx->arena, id))));
	TRY(error);
	TRY(draft_get(cx, id, &draft));
	return respond_see_other(rq, draft_path(cx, &draft));
}

fallible
post_draft_send(struct cx *cx, struct request *rq)
{
	struct uuid id;
	struct sent sent;
	enum access_why why;
	const struct err *error;
	str path;

	if (!request_param_uuid(rq, "draft", &id))
		return NOT_FOUND;
	TRY(access_check(cx, cx->who.patient, RIGHT_MESSAGES_WRITE, &why));
	error = draft_send(cx, id, &sent);
	if (error && error->code != ERR_GONE && error->code != ERR_INVALID && error->code != ERR_CONFLICT)
		return error;
	if (error && !message_sent_as(cx, id, &sent.thread)) /* the clock was faster */
		error = NULL;
	path = arena_printf(cx->arena, "/messages/sending/%.*s", STR_ARG(uuid_text(cx->arena, id)));
	if (!error)
		path =
		    arena_printf(cx->arena, "/messages/%.*s?done=sent", STR_ARG(uuid_text(cx->arena, sent.thread.v)));
	return respond_see_other(rq, path);
}

fallible
form_departs(struct cx *cx, struct request *rq, const struct draft *draft, str *path)
{
	struct facility_settings settings;
	instant send_at;

	*path = STR_NONE;
	TRY(facility_settings_get(cx, cx->who.facility, &settings));
	if (settings.undo_send_seconds == 0 || str_equal(request_form(rq, "do"), S("now")))
		return NULL;
	TRY(draft_send_later(cx, draft, settings.undo_send_seconds, &send_at));
	*path = arena_printf(cx->arena, "/messages/sending/%.*s", STR_ARG(uuid_text(cx->arena, draft->id)));
	return NULL;
}

/* ---- a conversation that takes no more answers ---- */

fallible
post_again(struct cx *cx, struct request *rq)
{
	struct conversation c;
	struct draft from, to;
	thread_id id;
	enum access_why why;
	bool found;

	TRY(request_thread(rq, &id));
	TRY(access_check(cx, cx->who.patient, RIGHT_MESSAGES_WRITE, &why));
	TRY(thread_open(cx, id, &c));
	TRY(draft_of_thread(cx, id, &from, &found));
	if (!found)
		return respond_see_other(
		    rq, arena_printf(cx->arena, "/messages/new?from=%.*s", STR_ARG(uuid_text(cx->arena, id.v))));
	to = (struct draft){.id = uuid_new(cx->now),
	    .patient = c.thread.patient,
	    .team = c.thread.team,
	    .category = c.thread.category,
	    .subject = c.thread.subject,
	    .body = from.body,
	    .about = c.thread.about};
	TRY(draft_move(cx, from.id, &to));
	return respond_see_other(rq, draft_path(cx, &to));
}
