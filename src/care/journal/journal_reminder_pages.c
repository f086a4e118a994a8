/* SPDX-License-Identifier: Apache-2.0 */
/* When to be reminded to measure: the page. */
#include "care/journal/journal_pages_internal.h"
#include "care/notify/notify.h"
#include "platform/pages/i18n.h"

#define DAYS 7
static const struct {
	const char *name, *words;
} days[DAYS] = {{"day0", TR("Sunday")}, {"day1", TR("Monday")}, {"day2", TR("Tuesday")}, {"day3", TR("Wednesday")},
    {"day4", TR("Thursday")}, {"day5", TR("Friday")}, {"day6", TR("Saturday")}};

static fallible
show(struct cx *cx, struct request *rq, int status, const struct page_cx *px, struct journal_reminder_page *view,
    int64_t chosen)
{
	struct option *options = ARENA_ARRAY(cx->arena, struct option, DAYS);
	struct buf html = BUF_INIT(cx->arena);
	str address;

	for (size_t i = 0; i < DAYS; i++)
		options[i] = (struct option){
		    str_from_z(days[i].name), tr(px->lang, days[i].words), chosen >> i & 1 ? S("yes") : STR_NONE};
	view->days = options;
	TRY(mail_address_get(cx, cx->who.account, &address));
	view->has_address = address.n > 0;
	page_journal_reminder(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

static fallible
open_page(struct cx *cx, struct request *rq, struct journal_scope *scope, struct page_cx *px)
{
	TRY(journal_scope_open(cx, rq, tr(cx->lang, TR("Remind me")), scope, px));
	return scope->standing.owns && !scope->log->made_at
	           ? NULL
	           : ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.",
			 "a reminder of a log that has none");
}

fallible
get_journal_reminder(struct cx *cx, struct request *rq)
{
	struct journal_scope scope;
	struct page_cx px;
	struct journal_reminder_page view = {.scope = &scope, .time = S("8:00")};
	struct journal_reminder reminder;

	TRY(open_page(cx, rq, &scope, &px));
	TRY(journal_reminder_get(cx, scope.log, &reminder));
	if (reminder.days)
		view.time =
		    arena_printf(cx->arena, "%d:%02d", (int)(reminder.minute / 60), (int)(reminder.minute % 60));
	return show(cx, rq, 200, &px, &view, reminder.days);
}

fallible
post_journal_reminder(struct cx *cx, struct request *rq)
{
	struct journal_scope scope;
	struct page_cx px;
	struct journal_reminder_page view = {.scope = &scope, .time = request_form(rq, "time")};
	int hour = 0, minute = 0;
	int64_t chosen = 0;

	TRY(open_page(cx, rq, &scope, &px));
	for (size_t i = 0; i < DAYS; i++)
		chosen |= request_form(rq, days[i].name).n ? INT64_C(1) << i : 0;
	if (chosen && !journal_time_parse(view.time, &hour, &minute)) {
		form_error_add(
		    cx->arena, &view.errors, S("time"), tr(cx->lang, TR("Write a time, such as 8:30 or 4:30 pm.")));
		return show(cx, rq, 400, &px, &view, chosen);
	}
	TRY(journal_reminder_set(cx, scope.log, hour * 60 + minute, chosen));
	return respond_see_other(rq, arena_printf(cx->arena, "%.*s?done=saved", STR_ARG(scope.path)));
}
