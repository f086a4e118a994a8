/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures on pages: setting one's own, and signing electronically in a form. */
#include "care/messaging/mailbox_pages.h"
#include "care/messaging/signature.h"

static fallible
show(struct cx *cx, struct request *rq, int status, struct signature_page *view)
{
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Your signature")), "/account", px));
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	px->flash = flash_for(cx, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	page_signature(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_signature(struct cx *cx, struct request *rq)
{
	struct signature signature;

	TRY(signature_get(cx, &signature));
	return show(cx, rq, 200, &(struct signature_page){signature.name, signature.title, signature.include, {0}});
}

fallible
post_signature(struct cx *cx, struct request *rq)
{
	struct signature_page view = {
	    request_form(rq, "name"), request_form(rq, "title"), request_form(rq, "include").n > 0, {0}};
	const struct err *error = signature_set(cx, &(struct signature){view.name, view.title, view.include});

	if (!error)
		return respond_see_other(rq, S("/account/signature?done=signature"));
	if (!form_note_error(cx, &view.errors, "name", error))
		return error;
	return show(cx, rq, form_status(error), &view);
}

fallible
form_sign(struct cx *cx, struct request *rq, team_id id, struct form_errors *errors, str *body)
{
	struct team team;
	const struct err *error;

	TRY(signature_add(cx, *body, body));
	if (uuid_is_none(id.v) || !str_trim(*body).n)
		return NULL;
	TRY(team_get(cx, id, &team));
	if (!team.needs_signature)
		return NULL;
	error =
	    body_sign(cx, team.facility, request_form(rq, "signed"), request_form(rq, "certified").n > 0, *body, body);
	return error && !form_note_error(cx, errors, "signed", error) ? error : NULL;
}
