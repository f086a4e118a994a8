/* SPDX-License-Identifier: Apache-2.0 */
/* Taking a permission: type the code, read what it gives and what it does not, accept with one's own account or a new one, or
 * decline.  The code stands in forms only, never in an address. */
#include "care/sharing/sharing_internal.h"

static fallible
show_accept(struct cx *cx, struct request *rq, int status, struct accept_page *view)
{
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Type your code")), NULL, px));
	view->signed_in = (cx->who.is & WHO_SIGNED_IN) != 0;
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	page_accept(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_accept(struct cx *cx, struct request *rq)
{
	return show_accept(cx, rq, 200, &(struct accept_page){0});
}

/* The code fits nothing: back to where it is typed. */
static fallible
refuse_code(struct cx *cx, struct request *rq, const struct err *error)
{
	struct accept_page view = {.code = request_form(rq, "code")};

	form_error_add(cx->arena, &view.errors, S("code"), tr(cx->lang, error->say));
	return show_accept(cx, rq, 404, &view);
}

/* What the code offers; `view` holds what was typed for a new account, and what is wrong with it. */
static fallible
show_answer(struct cx *cx, struct request *rq, int status, struct answer_page *view)
{
	struct page_cx page, *px = &page;
	struct delegation d;
	struct buf html = BUF_INIT(cx->arena);
	const struct err *error;

	view->code = request_form(rq, "code");
	error = delegation_by_code(cx, view->code, &d);
	if (error && error->code == ERR_GONE)
		return refuse_code(cx, rq, error);
	TRY(error);
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("You are asked to act for somebody")), NULL, px));
	permission_words(px, &d, &view->what);
	view->signed_in = (cx->who.is & WHO_SIGNED_IN) != 0;
	view->is_staff = (cx->who.is & WHO_STAFF) != 0;
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	page_answer(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
post_accept(struct cx *cx, struct request *rq)
{
	return show_answer(cx, rq, 200, &(struct answer_page){0});
}

/* What the person can mend, on the page they came from. */
static fallible
show_refusal(struct cx *cx, struct request *rq, const struct err *error, struct answer_page *view)
{
	if (error->code == ERR_GONE)
		return refuse_code(cx, rq, error);
	if (error->code != ERR_INVALID && error->code != ERR_DENIED && error->code != ERR_CONFLICT)
		return error;
	form_error_add(
	    cx->arena, &view->errors, error->code == ERR_CONFLICT ? S("login") : STR_NONE, tr(cx->lang, error->say));
	return show_answer(cx, rq, error->code == ERR_DENIED ? 403 : error->code == ERR_CONFLICT ? 409 : 400, view);
}

static fallible
answer_no(struct cx *cx, struct request *rq)
{
	struct page_cx px;
	struct buf html = BUF_INIT(cx->arena);
	const struct err *error = delegation_decline(cx, request_form(rq, "code"));

	if (error && error->code == ERR_GONE)
		return refuse_code(cx, rq, error);
	TRY(error);
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Declined")), NULL, &px));
	page_declined(&html, &px);
	return respond_page(rq, 200, buf_str(&html));
}

fallible
post_answer(struct cx *cx, struct request *rq)
{
	struct answer_page view = {0};
	struct delegation d;
	const struct err *error;

	if (!str_equal(request_form(rq, "do"), S("accept")))
		return answer_no(cx, rq);
	if (!(cx->who.is & WHO_SIGNED_IN))
		return show_answer(cx, rq, 200, &view);
	error = delegation_accept(cx, request_form(rq, "code"), &d);
	if (error)
		return show_refusal(cx, rq, error, &view);
	return respond_see_other(rq, S("/acting?done=accepted"));
}

/* An account for somebody who is no patient here. The code stands for the invitation: without one nobody makes an account. */
fallible
post_new_account(struct cx *cx, struct request *rq)
{
	struct answer_page view = {
	    .name = str_trim(request_form(rq, "name")), .login = str_trim(request_form(rq, "login"))};
	struct account_new in = {.id = {uuid_new(cx->now)},
	    .for_others = true,
	    .login = view.login,
	    .name = view.name,
	    .password = request_form(rq, "password"),
	    .lang = cx->lang};
	struct account_sealed *account;
	struct delegation d;
	struct patient patient;
	const struct err *error;

	if (cx->who.is & WHO_SIGNED_IN)
		return show_answer(cx, rq, 200, &view);
	error = delegation_by_code(cx, request_form(rq, "code"), &d);
	if (error)
		return show_refusal(cx, rq, error, &view);
	TRY(patient_get(cx, d.patient, &patient));
	in.facility = patient.facility;
	if (!in.password.p)
		in.password = S("");
	db_refresh(cx); /* sealing the password takes a tenth of a second: hold no snapshot */
	error = account_seal(cx, &in, &account);
	if (!error)
		error = delegation_accept_as_new(cx, request_form(rq, "code"), in.id, account, &d);
	if (error)
		return show_refusal(cx, rq, error, &view);
	return portal_enter(cx, rq, in.id, S("/acting?done=accepted"));
}
