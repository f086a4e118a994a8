/* SPDX-License-Identifier: Apache-2.0 */
/* Following a request from "submitted" to "arrived", with dates; and asking for a renewal, whose rules are said before it is asked. */
#include "care/prescriptions/prescriptions_pages.h"

fallible
get_rx_requests(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct rx_requests_page view = {0};
	struct db_rows refills, renewals;
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_RECORD_READ, &why));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Your requests")), "/prescriptions", px));
	TRY(refill_rows_of_patient(cx, cx->who.patient, &refills));
	TRY(renewal_rows_of_patient(cx, cx->who.patient, &renewals));
	view.lines = rx_request_lines(px, &refills, &renewals, false, &view.count);
	if (str_equal(request_query(rq, "done"), S("withdrawn")))
		px->flash = T("Your request is taken back.");
	px->flash_kind = NOTICE_GOOD;
	rx_audit_view(cx, cx->who.patient, AUDIT_REFILL, view.count, why);
	page_rx_requests(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- one request ---- */

static void
add_step(struct rx_request_page *view, struct step *steps, str label, str when, bool current)
{
	steps[view->step_count++] = (struct step){label, when, current};
}

static void
fill_steps(const struct page_cx *px, struct rx_request_page *view)
{
	const struct refill *r = view->refill;
	struct step *steps = ARENA_ARRAY(px->arena, struct step, 7);
	enum refill_state state = (enum refill_state)r->state;

	add_step(
	    view, steps, T("Submitted"), px_date(px, r->made), state == REFILL_SUBMITTED || state == REFILL_TROUBLE);
	if (state == REFILL_WITHDRAWN || state == REFILL_CLOSED || state == REFILL_REJECTED) {
		add_step(view, steps, tr(px->lang, refill_state_words(state)), px_date(px, r->ended), true);
	} else {
		add_step(view, steps, T("Sent to the pharmacy"),
		    instant_is_none(r->sent) ? STR_NONE : px_date(px, r->sent), state == REFILL_SENT);
		add_step(view, steps, T("The pharmacy has it"),
		    instant_is_none(r->acknowledged) ? STR_NONE : px_date(px, r->acknowledged),
		    state == REFILL_ACKNOWLEDGED);
		add_step(view, steps, state == REFILL_PARTLY_FILLED ? T("Partly filled") : T("Filled"),
		    instant_is_none(r->filled_at) ? STR_NONE : px_date(px, r->filled_at),
		    state == REFILL_FILLED || state == REFILL_PARTLY_FILLED);
		if (state == REFILL_READY)
			add_step(view, steps, T("Ready to be picked up"), px_date(px, r->changed), true);
		else
			add_step(view, steps, T("Shipped"),
			    instant_is_none(r->shipped) ? STR_NONE : px_date(px, r->shipped), state == REFILL_SHIPPED);
		add_step(view, steps, T("Arrived"), instant_is_none(r->ended) ? STR_NONE : px_date(px, r->ended),
		    state == REFILL_DONE);
	}
	view->steps = steps;
}

/* What happened, without words that were said twice. */
static fallible
fill_events(struct cx *cx, const struct page_cx *px, struct rx_request_page *view)
{
	struct db_rows rows;
	const struct refill_event *event;
	struct rx_fact *facts;
	str *words;
	int64_t state = -1;

	TRY(refill_event_rows(cx, view->refill, &rows));
	event = rows.items;
	facts = ARENA_ARRAY(cx->arena, struct rx_fact, rows.count + 1);
	words = ARENA_ARRAY(cx->arena, str, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		bool moved = event[i].state != state;
		bool by_itself = event[i].event >= REFILL_EV_AGAIN && event[i].event != REFILL_EV_PASSED;

		state = event[i].state;
		if (!moved && !by_itself)
			continue;
		words[view->event_count] = event[i].words;
		facts[view->event_count++] = (struct rx_fact){
		    tr(px->lang, refill_event_words((enum refill_event_kind)event[i].event)), px_date(px, event[i].at)};
	}
	view->events = facts;
	view->event_words = words;
	return NULL;
}

static str
problem_words(const struct page_cx *px, const struct refill *r)
{
	switch ((enum refill_problem)r->problem) {
	case PROBLEM_STUCK:
		return TF1(
		    "It has not moved since %1. Your care team was told and looks after it.", px_day(px, r->changed));
	case PROBLEM_NOT_SENT:
		return T("It could not be handed to the pharmacy. Your care team was told and looks after it.");
	case PROBLEM_MISSING: return T("You said that it has not come. Your care team was told and looks after it.");
	case PROBLEM_TWICE:
		return T(
		    "The pharmacy reported more than you asked for. Your care team was told. Do not take more than "
		    "prescribed.");
	case PROBLEM_REJECTED: return T("Your care team was told and looks after it.");
	case PROBLEM_NONE: break;
	}
	return STR_NONE;
}

static str
next_words(const struct page_cx *px, const struct refill *r)
{
	switch ((enum refill_state)r->state) {
	case REFILL_SUBMITTED:
	case REFILL_SENT:
	case REFILL_ACKNOWLEDGED:
	case REFILL_PARTLY_FILLED:
	case REFILL_FILLED:
		return instant_is_none(r->move_by)
		           ? STR_NONE
		           : TF1("If nothing happens by %1, your care team is told by itself.", px_day(px, r->move_by));
	case REFILL_READY: return T("Pick it up at the pharmacy.");
	case REFILL_SHIPPED: return T("It is in the mail. Tell us here if it does not come.");
	default: return STR_NONE;
	}
}

fallible
get_rx_request(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct rx_request_page view = {0};
	struct refill refill;
	struct facility facility;
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;
	refill_id id;
	unsigned given;

	if (!request_param_uuid(rq, "refill", &id.v))
		return GONE;
	TRY(refill_get(cx, id, &refill));
	TRY(access_check(cx, refill.patient, RIGHT_RECORD_READ, &why));
	TRY(page_cx_for(cx, rq, S(""), "/prescriptions", px));
	TRY(facility_get(cx, refill.facility, &facility));
	TRY(access_rights_acting(cx, &given));
	px->title = TF1("Refill: %1", refill.title);
	view.refill = &refill;
	view.state = tr(px->lang, refill_state_words((enum refill_state)refill.state));
	view.kind = rx_refill_kind(&refill);
	view.trouble = refill.trouble;
	view.problem = problem_words(px, &refill);
	view.what_next = next_words(px, &refill);
	view.phone = facility.phone;
	view.number = str_cut(refill.tracking, '\n', &view.carrier);
	view.track_url = rx_track_url(cx->arena, view.carrier, view.number);
	if (refill.filled && refill.asked && refill.filled < refill.asked)
		view.amount = TF2("%1 of %2 were filled.", px_number(px, refill.filled), px_number(px, refill.asked));
	view.path = arena_printf(cx->arena, "/prescriptions/requests/%.*s", STR_ARG(uuid_text(cx->arena, id.v)));
	view.rx_path = arena_printf(cx->arena, "/prescriptions/%.*s", STR_ARG(refill.request));
	view.may_say = why == ACCESS_SELF || (given & RIGHT_PRESCRIPTIONS);
	view.may_withdraw = view.may_say && (refill.state == REFILL_SUBMITTED || refill.state == REFILL_TROUBLE);
	view.may_say = view.may_say && (refill.state == REFILL_SHIPPED || refill.state == REFILL_READY ||
					   (refill.state == REFILL_DONE && refill.problem == PROBLEM_NONE &&
					       cx->now.ms - refill.ended.ms < RX_RECENT_DAYS * DAY_MS));
	fill_steps(px, &view);
	TRY(fill_events(cx, px, &view));
	if (str_equal(request_query(rq, "done"), S("missing")))
		px->flash = T("Your care team was told.");
	if (str_equal(request_query(rq, "done"), S("arrived")))
		px->flash = T("Good. Saved.");
	px->flash_kind = NOTICE_GOOD;
	rx_audit_view(cx, refill.patient, AUDIT_REFILL, 1, why);
	page_rx_request(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

fallible
post_rx_request(struct cx *cx, struct request *rq)
{
	str deed = request_param(rq, "deed");
	refill_id id;

	if (!request_param_uuid(rq, "refill", &id.v))
		return GONE;
	if (str_equal(deed, S("withdraw"))) {
		TRY(refill_withdraw(cx, id));
		return respond_see_other(rq, S("/prescriptions/requests?done=withdrawn"));
	}
	if (str_equal(deed, S("arrived")))
		TRY(refill_arrived(cx, id));
	else if (str_equal(deed, S("missing")))
		TRY(refill_missing(cx, id));
	else
		return GONE;
	return respond_see_other(rq, arena_printf(cx->arena, "/prescriptions/requests/%.*s?done=%.*s",
					 STR_ARG(uuid_text(cx->arena, id.v)), STR_ARG(deed)));
}

/* ---- renewals ---- */

static fallible
show_renew(struct cx *cx, struct request *rq, int status, struct rx_renew_page *view)
{
	struct page_cx page, *px = &page;
	struct prescription p;
	struct team team;
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;
	bool found;

	TRY(rx_may_ask(cx, cx->who.patient, &why));
	TRY(page_cx_for(cx, rq, S(""), "/prescriptions", px));
	TRY(prescription_get(cx, cx->who.patient, request_param(rq, "id"), &p));
	px->title = TF1("Renew %1", p.title);
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	view->p = &p;
	view->may = p.renewal_refusal == RENEWAL_MAY;
	if (!view->may)
		view->refused = tr(px->lang, renewal_refusal_words(p.renewal_refusal));
	TRY(renewal_team(cx, &p, &team, &found));
	if (found)
		TRY(team_full_name(cx, &team, &view->team));
	view->path = arena_printf(cx->arena, "/prescriptions/%.*s/renew", STR_ARG(p.id));
	view->write_path =
	    p.renewal && p.renewal->state == RENEWAL_ASKED
		? arena_printf(cx->arena, "/messages/%.*s", STR_ARG(uuid_text(cx->arena, p.renewal->id.v)))
		: arena_printf(cx->arena, "/messages/new?category=medication&about=%s/%.*s",
		      resource_type_name((resource_type)p.type), STR_ARG(p.id));
	if (p.renewal_refusal == RENEWAL_PENDING)
		view->take_back_path = arena_printf(
		    cx->arena, "/prescriptions/renewals/%.*s/withdraw", STR_ARG(uuid_text(cx->arena, p.renewal->id.v)));
	rx_audit_view(cx, cx->who.patient, AUDIT_MEDICINES, 1, why);
	page_rx_renew(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_rx_renew(struct cx *cx, struct request *rq)
{
	return show_renew(cx, rq, 200, &(struct rx_renew_page){.key = uuid_text(cx->arena, uuid_new(cx->now))});
}

fallible
post_rx_renew(struct cx *cx, struct request *rq)
{
	struct rx_renew_page view = {.key = request_form(rq, "key"), .note = request_form(rq, "note")};
	struct renewal_new in = {
	    .patient = cx->who.patient, .prescription = request_param(rq, "id"), .note = view.note};
	struct renewal renewal;
	const struct err *error;

	if (!request_form_uuid(rq, "key", &in.key))
		in.key = uuid_new(cx->now);
	error = renewal_ask(cx, &in, &renewal);
	if (!error)
		return respond_see_other(rq,
		    arena_printf(cx->arena, "/messages/%.*s?done=sent", STR_ARG(uuid_text(cx->arena, renewal.id.v))));
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors, S("note"), tr(cx->lang, error->say));
	return show_renew(cx, rq, 400, &view);
}

fallible
post_renewal_withdraw(struct cx *cx, struct request *rq)
{
	thread_id id;

	if (!request_param_uuid(rq, "renewal", &id.v))
		return GONE;
	TRY(renewal_take_back(cx, id));
	return respond_see_other(rq, S("/prescriptions/requests?done=withdrawn"));
}
