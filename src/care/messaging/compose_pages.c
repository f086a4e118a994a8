/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a new message, and the drafts that keep what was typed.  The form's key is the draft's id: whatever happens on the
 * way, the same text is sent once. */
#include "care/messaging/compose_teams.h"
#include "care/messaging/mailbox_pages.h"

static fallible
show_compose(struct cx *cx, struct request *rq, int status, struct compose_page *view)
{
	struct page_cx page, *px = &page;
	struct facility facility;
	instant due;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Write to your care team")), "/messages", px));
	TRY(facility_get(cx, cx->who.facility, &facility));
	TRY(promise_from_now(cx, facility.id, &due));
	view->categories = category_options(px);
	TRY(compose_about(cx, px, view->about, view));
	TRY(compose_teams(cx, px, view));
	TRY(draft_file_rows(cx, px, cx->who.patient, view->key, &view->files));
	view->facility = &facility;
	view->promise = px_day(px, due);
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	px->flash = flash_for(cx, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	page_compose(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

/* Go on with a draft, or take the text of an answer that came too late into a new message. */
static void
fill_from_draft(struct cx *cx, const struct draft *draft, struct compose_page *view)
{
	view->key = uuid_text(cx->arena, uuid_is_none(draft->thread.v) ? draft->id : uuid_new(cx->now));
	view->category = str_from_z(message_category_code(draft->category));
	view->team = uuid_is_none(draft->team.v) ? STR_NONE : uuid_text(cx->arena, draft->team.v);
	view->subject = draft->subject;
	view->body = draft->body;
	view->about = draft->about.reference;
	view->is_draft = uuid_is_none(draft->thread.v);
	if (draft->trouble.n)
		view->trouble = tr(cx->lang, arena_z(cx->arena, draft->trouble));
}

static fallible
fill_from_thread(struct cx *cx, thread_id id, struct compose_page *view)
{
	struct conversation c;
	struct draft draft;
	bool found;

	TRY(thread_open(cx, id, &c));
	TRY(draft_of_thread(cx, id, &draft, &found));
	if (found)
		fill_from_draft(cx, &draft, view);
	view->category = str_from_z(message_category_code(c.thread.category));
	view->team = uuid_text(cx->arena, c.thread.team.v);
	view->subject = c.thread.subject;
	view->about = c.thread.about.reference;
	return NULL;
}

fallible
get_compose(struct cx *cx, struct request *rq)
{
	struct compose_page view = {.key = uuid_text(cx->arena, uuid_new(cx->now)),
	    .category = request_query(rq, "category"),
	    .team = request_query(rq, "team"),
	    .subject = request_query(rq, "subject"),
	    .about = request_query(rq, "about")};
	struct uuid id;
	struct draft draft;
	enum access_why why;
	bool opted_in, mine;

	TRY(access_check(cx, cx->who.patient, RIGHT_MESSAGES_WRITE, &why));
	TRY(messaging_opted_in(cx, cx->who.patient, &opted_in));
	TRY(messaging_terms_mine(cx, &mine));
	if (!opted_in || !mine)
		return respond_see_other(rq, S("/messages/terms"));
	if (uuid_parse(request_query(rq, "draft"), &id)) {
		TRY(draft_get(cx, id, &draft));
		if (!instant_is_none(draft.send_at))
			return respond_see_other(
			    rq, arena_printf(cx->arena, "/messages/sending/%.*s", STR_ARG(uuid_text(cx->arena, id))));
		fill_from_draft(cx, &draft, &view);
	} else if (uuid_parse(request_query(rq, "from"), &id)) {
		TRY(fill_from_thread(cx, (thread_id){id}, &view));
	}
	return show_compose(cx, rq, 200, &view);
}

static struct draft
draft_of_form(struct cx *cx, struct request *rq)
{
	struct draft draft = {.id = request_key(cx, rq),
	    .patient = cx->who.patient,
	    .subject = request_form(rq, "subject"),
	    .body = request_form(rq, "body"),
	    .about.reference = request_form(rq, "about")};
	enum message_category category = CATEGORY_GENERAL;

	message_category_parse(request_form(rq, "category"), &category);
	draft.category = category;
	request_form_uuid(rq, "team", &draft.team.v);
	request_form_uuid(rq, "thread", &draft.thread.v);
	if (cx->who.is & WHO_STAFF)
		request_form_uuid(rq, "patient", &draft.patient.v);
	return draft;
}

/* What it was about may be gone by now: that keeps no message back. */
static fallible
send_at_once(struct cx *cx, const struct draft *draft, struct sent *out)
{
	struct about about;

	TRY(about_of_draft(cx, draft->patient, draft->id, draft->about.reference, &about));
	return thread_send_new(cx,
	    &(struct thread_new){.key = draft->id,
		.patient = draft->patient,
		.team = draft->team,
		.category = (enum message_category)draft->category,
		.subject = draft->subject,
		.body = draft->body,
		.about = about.reference},
	    out);
}

fallible
post_compose(struct cx *cx, struct request *rq)
{
	struct draft draft = draft_of_form(cx, rq);
	struct compose_page view = {.key = uuid_text(cx->arena, draft.id),
	    .category = request_form(rq, "category"),
	    .team = request_form(rq, "team"),
	    .subject = draft.subject,
	    .body = draft.body,
	    .about = draft.about.reference};
	enum message_category category;
	const struct err *error = NULL;
	struct sent sent;
	enum access_why why;
	bool again;
	str path;

	TRY(access_check(cx, cx->who.patient, RIGHT_MESSAGES_WRITE, &why));
	if (str_equal(request_form(rq, "do"), S("teams"))) {
		TRY(draft_save(cx, &draft));
		return respond_see_other(rq, arena_printf(cx->arena, "/messages/teams?draft=%.*s", STR_ARG(view.key)));
	}
	if (str_equal(request_form(rq, "do"), S("draft"))) {
		TRY(draft_save(cx, &draft));
		return respond_see_other(
		    rq, arena_printf(cx->arena, "/messages/new?draft=%.*s&done=draft", STR_ARG(view.key)));
	}
	TRY(form_files(cx, rq, &draft, &view.errors, &again));
	if (again && !view.errors.count)
		return respond_see_other(
		    rq, arena_printf(cx->arena, "/messages/new?draft=%.*s&done=files#field-body", STR_ARG(view.key)));
	if (again)
		return show_compose(cx, rq, 400, &view);
	if (!message_category_parse(view.category, &category))
		form_error_add(cx->arena, &view.errors, S("category"), tr(cx->lang, TR("Choose what it is about.")));
	if (uuid_is_none(draft.team.v))
		form_error_add(cx->arena, &view.errors, S("team"), tr(cx->lang, TR("Choose a team.")));
	if ((error = message_check_subject(cx, draft.subject)))
		form_note_error(cx, &view.errors, "subject", error);
	if ((error = message_check_body(cx, draft.body)))
		form_note_error(cx, &view.errors, "body", error);
	view.signed_name = request_form(rq, "signed");
	TRY(form_sign(cx, rq, draft.team, &view.errors, &draft.body));
	if (view.errors.count)
		return show_compose(cx, rq, 400, &view);
	TRY(form_crisis(cx, rq, cx->who.facility, draft.subject, draft.body, &view.crisis));
	if (view.crisis.n) {
		TRY(draft_save(cx, &draft));
		return show_compose(cx, rq, 200, &view);
	}
	error = form_departs(cx, rq, &draft, &path);
	if (!error && path.n)
		return respond_see_other(rq, path);
	if (!error)
		error = send_at_once(cx, &draft, &sent);
	if (!error)
		return respond_see_other(rq,
		    arena_printf(cx->arena, "/messages/%.*s?done=sent", STR_ARG(uuid_text(cx->arena, sent.thread.v))));
	if (!form_note_error(cx, &view.errors, error->code == ERR_CONFLICT ? "body" : "team", error))
		return error;
	if (error->code == ERR_CONFLICT) /* the old key stands for what was sent */
		view.key = uuid_text(cx->arena, uuid_new(cx->now));
	return show_compose(cx, rq, form_status(error), &view);
}

/* ---- drafts ---- */

fallible
post_draft(struct cx *cx, struct request *rq)
{
	struct draft draft = draft_of_form(cx, rq);

	TRY(draft_save(cx, &draft));
	/* Who writes an answer keeps the claim; whoever lost it hears so when sending. */
	if (!uuid_is_none(draft.thread.v) && (cx->who.is & WHO_CARE_TEAM)) {
		const struct err *error = thread_claim(cx, draft.thread);
		if (error && error->code != ERR_CONFLICT)
			return error;
	}
	return respond(rq, 200, "text/plain; charset=utf-8", S("saved"));
}

fallible
post_draft_delete(struct cx *cx, struct request *rq)
{
	struct uuid id;

	if (!request_param_uuid(rq, "draft", &id))
		return NOT_FOUND;
	TRY(draft_delete(cx, id));
	return respond_see_other(rq, S("/messages?done=deleted"));
}
