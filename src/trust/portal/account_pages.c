/* SPDX-License-Identifier: Apache-2.0 */
/* The person's own account: language, password, one-time codes, signing out everywhere. */
#include "trust/portal/portal_internal.h"

static fallible
show(struct cx *cx, struct request *rq, int status, struct account_page *view)
{
	struct page_cx px;
	struct account account;
	struct facility facility;
	struct buf html = BUF_INIT(cx->arena);
	str done = request_query(rq, "done");

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Your account")), "/account", &px));
	TRY(account_get(cx, cx->who.account, &account));
	TRY(facility_get(cx, account.facility, &facility));
	view->account = &account;
	view->role = px.person_role;
	view->facility = facility.name;
	px.flash_kind = NOTICE_GOOD;
	if (str_equal(done, S("code")))
		px.flash = tr(cx->lang, TR("Your sign-in code is set up."));
	if (str_equal(done, S("password")))
		px.flash = tr(cx->lang, TR("Your password was changed. Other devices were signed out."));
	page_account(&html, &px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_account(struct cx *cx, struct request *rq)
{
	return show(cx, rq, 200, &(struct account_page){0});
}

fallible
post_password(struct cx *cx, struct request *rq)
{
	struct account_page view = {0};
	const struct err *error = account_check_password(cx, cx->who.account, request_form(rq, "old"));

	if (error && error->code == ERR_DENIED) {
		form_error_add(cx->arena, &view.errors, S("old"), tr(cx->lang, TR("This is not your password.")));
		return show(cx, rq, 403, &view);
	}
	TRY(error);
	error = account_set_password(cx, cx->who.account, request_form(rq, "new"));
	if (error && error->code == ERR_INVALID) {
		form_error_add(cx->arena, &view.errors, S("new"), tr(cx->lang, error->say));
		return show(cx, rq, 400, &view);
	}
	TRY(error);
	return respond_see_other(rq, S("/account?done=password"));
}
