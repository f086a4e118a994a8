/* SPDX-License-Identifier: Apache-2.0 */
/* The forms that hand a thread on.  What was typed stays in its field when something is wrong with it. */
#include "care/messaging/messaging_pages.h"

/* What was filled in, with the words of refusal beside `field`; any other error is the caller's. */
static fallible
show_refused(struct cx *cx, struct request *rq, thread_id id, const char *what, const char *field,
    const struct err *error, struct desk_page *view)
{
	view->hand.open = str_from_z(what);
	if (!form_note_error(cx, &view->errors, field, error))
		return error;
	return desk_show(cx, rq, form_status(error), id, view);
}

static fallible
to_thread(struct cx *cx, struct request *rq, thread_id id, str done)
{
	return respond_see_other(rq, desk_path(cx, rq, id, "", done));
}

fallible
post_assign(struct cx *cx, struct request *rq)
{
	struct desk_page view = {.hand.assign_to = request_form(rq, "assign_to")};
	account_id to = {{{0}}};
	const struct err *error;
	thread_id id;

	TRY(request_thread(rq, &id));
	uuid_parse(view.hand.assign_to, &to.v);
	error = uuid_is_none(to.v) ? ERR(ERR_INVALID, TR("Choose who is to handle it."), "nobody chosen")
	                           : thread_assign(cx, id, to);
	if (error)
		return show_refused(cx, rq, id, "assign", "assign_to", error, &view);
	return to_thread(cx, rq, id, S("assigned"));
}

fallible
post_reroute(struct cx *cx, struct request *rq)
{
	struct desk_page view = {
	    .hand = {.reason = request_form(rq, "route_reason"), .route_to = request_form(rq, "route_to")}};
	struct thread_reroute in = {.reason = view.hand.reason};
	const struct err *error;

	TRY(request_thread(rq, &in.thread));
	if (!uuid_parse(view.hand.route_to, &in.team.v))
		error = ERR(ERR_INVALID, TR("Choose a team."), "no team chosen");
	else
		error = thread_reroute(cx, &in);
	/* It is the other team's now. */
	if (!error)
		return respond_see_other(rq, desk_list_path(cx, rq, S("rerouted")));
	return show_refused(
	    cx, rq, in.thread, "reroute", str_trim(in.reason).n ? "route_to" : "route_reason", error, &view);
}

fallible
post_forward(struct cx *cx, struct request *rq)
{
	struct desk_page view = {.hand.forward_note = request_form(rq, "forward_note")};
	struct http_pairs pairs = request_form_all(rq);
	account_id *to = ARENA_ARRAY(cx->arena, account_id, pairs.count);
	struct uuid *lists = ARENA_ARRAY(cx->arena, struct uuid, pairs.count);
	struct thread_forward in = {.to = to, .note = view.hand.forward_note, .lists = lists};
	const struct err *error;

	TRY(request_thread(rq, &in.thread));
	for (size_t i = 0; i < pairs.count; i++)
		if (str_equal(pairs.items[i].name, S("forward_to")) &&
		    uuid_parse(pairs.items[i].value, &to[in.count].v))
			in.count++;
		else if (str_equal(pairs.items[i].name, S("forward_list")) &&
			 uuid_parse(pairs.items[i].value, &lists[in.list_count]))
			in.list_count++;
	error = thread_forward(cx, &in);
	if (error)
		return show_refused(cx, rq, in.thread, "forward", "forward_to", error, &view);
	return to_thread(cx, rq, in.thread, in.left_out ? S("forwarded-part") : S("forwarded"));
}

fallible
post_note(struct cx *cx, struct request *rq)
{
	struct desk_page view = {.hand.note = request_form(rq, "note_text")};
	const struct err *error;
	thread_id id;

	TRY(request_thread(rq, &id));
	error = thread_note(cx, id, view.hand.note);
	if (error)
		return show_refused(cx, rq, id, "note", "note_text", error, &view);
	return to_thread(cx, rq, id, S("noted"));
}

/* The morning of the nth working day from today on, where the facility stands. */
static fallible
morning_of(struct cx *cx, int64_t days, instant *out)
{
	struct business_calendar calendar;
	struct civil_time civil;

	TRY(facility_calendar(cx, cx->who.facility, &calendar));
	civil = zone_civil(calendar.zone, business_add_days(&calendar, cx->now, (int)days));
	civil.hour = REMINDER_HOUR;
	civil.minute = civil.second = 0;
	civil.millisecond = 0;
	*out = zone_instant(calendar.zone, civil);
	return NULL;
}

fallible
post_remind(struct cx *cx, struct request *rq)
{
	struct desk_page view = {0};
	const struct err *error = NULL;
	instant at = INSTANT_NONE;
	thread_id id;
	int64_t days;

	TRY(request_thread(rq, &id));
	if (!str_to_int64(request_form(rq, "remind_in"), &days) || days < 0 || days > REMINDER_DAYS_MAX)
		error = ERR(ERR_INVALID, TR("Choose when."), "no number of days");
	else if (days > 0)
		TRY(morning_of(cx, days, &at));
	if (!error)
		error = thread_remind(cx, id, at);
	if (error)
		return show_refused(cx, rq, id, "remind", "remind_in", error, &view);
	return to_thread(cx, rq, id, days ? S("reminder") : S("no-reminder"));
}

fallible
post_merge(struct cx *cx, struct request *rq)
{
	struct desk_page view = {.hand.merge_into = request_form(rq, "merge_into")};
	const struct err *error;
	thread_id id, into;

	TRY(request_thread(rq, &id));
	error = uuid_parse(view.hand.merge_into, &into.v)
	            ? thread_merge(cx, id, into)
	            : ERR(ERR_INVALID, TR("Choose the conversation that goes on."), "no thread chosen");
	if (error)
		return show_refused(cx, rq, id, "merge", "merge_into", error, &view);
	return to_thread(cx, rq, into, S("merged"));
}

fallible
post_recall(struct cx *cx, struct request *rq)
{
	struct desk_page view = {0};
	const struct err *error;
	thread_id id;
	int64_t n;

	TRY(request_thread(rq, &id));
	if (!str_to_int64(request_param(rq, "n"), &n))
		return NOT_FOUND;
	error = message_recall(cx, id, n);
	if (error)
		return show_refused(cx, rq, id, "", "", error, &view);
	return to_thread(cx, rq, id, S("recalled"));
}
