/* SPDX-License-Identifier: Apache-2.0 */
/* Words of emergency on pages: the question before sending, and the list for coordinators. */
#include "care/messaging/crisis.h"

#include "care/messaging/mailbox_pages.h"

fallible
form_crisis(struct cx *cx, struct request *rq, facility_id facility, str subject, str body, str *hits)
{
	*hits = STR_NONE;
	return str_equal(request_form(rq, "do"), S("urgent")) ? NULL : crisis_check(cx, facility, subject, body, hits);
}

static fallible
show(struct cx *cx, struct request *rq, int status, struct crisis_page *view)
{
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Words of emergency")), "/admin", px));
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	px->flash = flash_for(cx, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	page_crisis_words(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_crisis_words(struct cx *cx, struct request *rq)
{
	struct crisis_page view = {0};

	TRY(crisis_list_get(cx, cx->who.facility, &view.list));
	return show(cx, rq, 200, &view);
}

fallible
post_crisis_words(struct cx *cx, struct request *rq)
{
	struct crisis_page view = {.list = request_form(rq, "list")};
	bool reset = str_equal(request_form(rq, "do"), S("reset"));
	const struct err *error = crisis_list_set(cx, reset ? S("") : view.list);

	if (!error)
		return respond_see_other(rq, S("/admin/words?done=words"));
	if (!form_note_error(cx, &view.errors, "list", error))
		return error;
	return show(cx, rq, form_status(error), &view);
}
