/* SPDX-License-Identifier: Apache-2.0 */
/* The team's work on medicines: renewals, one patient after the other or the plain ones together; refill problems; a patient's
 * prescriptions; gaps of a panel. */
#include "care/prescriptions/prescriptions_pages.h"
#include "care/record/record_view.h"

#define CARDS_MAX 20 /* renewals on one page, each with its facts */

/* ---- renewals ---- */

static str
supply_words(const struct page_cx *px, const struct prescription *p)
{
	str days = p->days ? TN("%1 day", "%1 days", p->days) : T("supply not said");
	str refills = p->allowed == RX_NOT_SAID ? T("refills not said") : TN("%1 refill", "%1 refills", p->allowed);

	return TF2("%1, %2", days, refills);
}

static struct renewal_card
card_of(const struct page_cx *px, const struct renewal_facts *f)
{
	const struct prescription *p = &f->prescription;
	str id = uuid_text(px->arena, f->renewal.id.v);
	struct renewal_card card = {.id = id,
	    .path = arena_printf(px->arena, "/renewals/%.*s", STR_ARG(id)),
	    .thread_path = arena_printf(px->arena, "/inbox/%.*s", STR_ARG(id)),
	    .patient_path = arena_printf(
		px->arena, "/patients/%.*s/prescriptions", STR_ARG(uuid_text(px->arena, f->renewal.patient.v))),
	    .patient = f->patient_name,
	    .age = record_age_words(px, f->born),
	    .title = p->title,
	    .detail = p->detail,
	    .sig = p->sig,
	    .asked = px_date_short(px, f->renewal.made),
	    .last_fill = rx_day(px, p->last_fill),
	    .runs_out = rx_day(px, p->runs_out),
	    .last_visit = rx_day(px, f->last_visit),
	    .supply = supply_words(px, p),
	    .allergy_count = f->allergy_count,
	    .lab_count = f->lab_count,
	    .warning_count = f->warning_count,
	    .safe = f->safe};

	memcpy(card.allergies, f->allergies, sizeof(card.allergies));
	memcpy(card.labs, f->labs, sizeof(card.labs));
	memcpy(card.warnings, f->warnings, sizeof(card.warnings));
	return card;
}

static fallible
fill_cards(struct cx *cx, const struct page_cx *px, struct request *rq, struct renewals_page *view)
{
	bool choose = str_equal(request_query(rq, "choose"), S("plain"));
	struct db_rows rows;
	const struct renewal *w;
	struct renewal_card *cards;

	TRY(renewals_waiting(cx, &rows));
	w = rows.items;
	cards = ARENA_ARRAY(cx->arena, struct renewal_card, CARDS_MAX);
	for (size_t i = 0; i < rows.count && view->count < CARDS_MAX; i++) {
		struct renewal_facts facts;
		const struct err *error = renewal_facts(cx, &w[i], &facts);

		if (error &&
		    error->code == ERR_GONE) /* the prescription left the record: it is decided in the conversation */
			continue;
		TRY(error);
		cards[view->count] = card_of(px, &facts);
		cards[view->count].chosen = choose && facts.safe;
		view->safe += facts.safe;
		view->count++;
	}
	view->cards = cards;
	if (cx->who.is & WHO_CARE_TEAM)
		TRY(renewal_may_decide(cx, cx->who.facility, &view->may_sign));
	return NULL;
}

static str
done_words(const struct page_cx *px, str done, str count)
{
	int64_t n = 0;

	str_to_int64(count, &n);
	if (str_equal(done, S("approved")))
		return TN("%1 prescription renewed. The patients were told.",
		    "%1 prescriptions renewed. The patients were told.", n ? n : 1);
	if (str_equal(done, S("denied")))
		return T("Not renewed. The patient was told why.");
	if (str_equal(done, S("settled")))
		return T("Saved.");
	return str_equal(done, S("again")) ? T("It is on its way to the pharmacy once more.") : STR_NONE;
}

static fallible
show_renewals(struct cx *cx, struct request *rq, int status, struct renewals_page *view)
{
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);
	int64_t renewals, problems;

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Renewals")), "/renewals", px));
	TRY(fill_cards(cx, px, rq, view));
	TRY(prescriptions_waiting(cx, &renewals, &problems));
	view->problems = (size_t)problems;
	px->title = renewals ? TN("Renewals: %1 waits", "Renewals: %1 wait", renewals) : T("Renewals");
	px->flash = done_words(px, request_query(rq, "done"), request_query(rq, "n"));
	px->flash_kind = NOTICE_GOOD;
	page_renewals(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_renewals(struct cx *cx, struct request *rq)
{
	return show_renewals(cx, rq, 200, &(struct renewals_page){0});
}

/* Approve several. Only what nothing speaks against goes through here; the rest is looked at one by one. */
fallible
post_renewals(struct cx *cx, struct request *rq)
{
	struct http_pairs pairs = request_form_all(rq);
	struct renewals_page view = {0};
	int64_t done = 0;

	for (size_t i = 0; i < pairs.count; i++) {
		struct renewal renewal;
		struct renewal_facts facts;
		const struct err *error;
		thread_id id;

		if (!str_equal(pairs.items[i].name, S("renewal")) || !uuid_parse(pairs.items[i].value, &id.v))
			continue;
		db_refresh(cx);
		error = renewal_get(cx, id, &renewal);
		if (!error)
			error = renewal_facts(cx, &renewal, &facts);
		if (!error && !facts.safe)
			error = err_said(cx->arena, ERR_INVALID, "%.*s",
			    STR_ARG(tr(cx->lang, TR("Look at this one by itself: something speaks against it."))));
		if (!error)
			error = renewal_decide(
			    cx, id, &(struct renewal_decision){.state = RENEWAL_APPROVED, .refills = RX_NOT_SAID});
		if (!error) {
			done++;
			continue;
		}
		if (error->code == ERR_BROKEN || error->code == ERR_BUSY || error->code == ERR_GONE)
			return error;
		form_error_add(cx->arena, &view.errors, S("renewal"),
		    tr_fill(cx->arena, cx->lang, S("%1: %2"),
			(const struct tr_arg[]){TR_ARG(renewal.title), TR_ARG(tr(cx->lang, error->say))}, 2));
	}
	db_refresh(cx);
	if (!done && !view.errors.count)
		form_error_add(cx->arena, &view.errors, S("renewal"), tr(cx->lang, TR("Choose at least one.")));
	if (view.errors.count)
		return show_renewals(cx, rq, 400, &view);
	return respond_see_other(rq, arena_printf(cx->arena, "/renewals?done=approved&n=%lld", (long long)done));
}

/* What was written stands beside the decision, for who may read it. */
static fallible
fill_messages(struct cx *cx, const struct page_cx *px, thread_id id, struct renewal_page *view)
{
	struct conversation c;
	struct renewal_message *messages;
	const struct err *error = thread_open(cx, id, &c);

	if (error)
		return error->code == ERR_GONE || error->code == ERR_DENIED ? NULL : error;
	messages = ARENA_ARRAY(cx->arena, struct renewal_message, c.count + 1);
	for (size_t i = 0; i < c.count; i++)
		if (instant_is_none(c.messages[i].recalled))
			messages[view->message_count++] = (struct renewal_message){.who = c.messages[i].author_name,
			    .when = px_date(px, c.messages[i].sent),
			    .text = c.messages[i].body};
	view->messages = messages;
	return NULL;
}

static fallible
show_renewal(struct cx *cx, struct request *rq, int status, struct renewal_page *view)
{
	struct page_cx page, *px = &page;
	struct renewal renewal;
	struct renewal_facts facts;
	struct db_rows waiting;
	struct buf html = BUF_INIT(cx->arena);
	thread_id id;

	if (!request_param_uuid(rq, "renewal", &id.v))
		return GONE;
	TRY(renewal_get(cx, id, &renewal));
	TRY(page_cx_for(cx, rq, S(""), "/renewals", px));
	TRY(renewal_facts(cx, &renewal, &facts));
	TRY(renewal_rows_waiting(cx, &waiting));
	px->title = TF2("%1: renew %2", facts.patient_name, renewal.title);
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	view->card = card_of(px, &facts);
	view->state = tr(px->lang, renewal_state_words((enum renewal_state)renewal.state));
	view->answer = renewal.answer;
	view->open = renewal.state == RENEWAL_ASKED;
	view->left = waiting.count - (view->open && waiting.count ? 1 : 0);
	TRY(renewal_may_decide(cx, renewal.facility, &view->may_sign));
	TRY(fill_messages(cx, px, id, view));
	px->flash = done_words(px, request_query(rq, "done"), STR_NONE);
	px->flash_kind = NOTICE_GOOD;
	rx_audit_view(cx, renewal.patient, AUDIT_REFILL, 1, ACCESS_CARE_TEAM);
	page_renewal(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_renewal(struct cx *cx, struct request *rq)
{
	return show_renewal(
	    cx, rq, 200, &(struct renewal_page){.from_inbox = str_equal(request_query(rq, "from"), S("inbox"))});
}

/* The next one that waits, so that the queue is worked off one after the other. */
static fallible
next_path(struct cx *cx, str done, str *out)
{
	struct db_rows waiting;

	db_refresh(cx);
	TRY(renewal_rows_waiting(cx, &waiting));
	*out = waiting.count
	           ? arena_printf(cx->arena, "/renewals/%.*s?done=%.*s",
			 STR_ARG(uuid_text(cx->arena, ((const struct renewal *)waiting.items)->id.v)), STR_ARG(done))
	           : arena_printf(cx->arena, "/renewals?done=%.*s", STR_ARG(done));
	return NULL;
}

static bool
number_typed(str text, int64_t otherwise, int64_t *out)
{
	*out = otherwise;
	return !str_trim(text).n || (str_to_int64(str_trim(text), out) && *out >= 0);
}

fallible
post_renewal(struct cx *cx, struct request *rq)
{
	struct renewal_page view = {.verdict = request_form(rq, "verdict"),
	    .sig = request_form(rq, "sig"),
	    .quantity = request_form(rq, "quantity"),
	    .days = request_form(rq, "days"),
	    .refills = request_form(rq, "refills"),
	    .words = request_form(rq, "words"),
	    .from_inbox = str_equal(request_form(rq, "from"), S("inbox"))};
	struct renewal_decision d = {.sig = view.sig, .words = view.words, .refills = RX_NOT_SAID};
	const struct err *error = NULL;
	thread_id id;
	str next;

	if (!request_param_uuid(rq, "renewal", &id.v))
		return GONE;
	if (str_equal(view.verdict, S("approve")))
		d.state = RENEWAL_APPROVED;
	else if (str_equal(view.verdict, S("change")))
		d.state = RENEWAL_CHANGED;
	else if (str_equal(view.verdict, S("deny")))
		d.state = RENEWAL_DENIED;
	else
		error = ERR(ERR_INVALID, TR("Choose one."), "no verdict");
	if (!number_typed(view.quantity, 0, &d.quantity) || !number_typed(view.days, 0, &d.days) ||
	    !number_typed(view.refills, RX_NOT_SAID, &d.refills))
		error = ERR(ERR_INVALID, TR("Give whole numbers."), "no number");
	if (!error)
		error = renewal_decide(cx, id, &d);
	if (!error && view.from_inbox)
		return respond_see_other(
		    rq, arena_printf(cx->arena, "/inbox/%.*s", STR_ARG(uuid_text(cx->arena, id.v))));
	if (!error) {
		TRY(next_path(cx, d.state == RENEWAL_DENIED ? S("denied") : S("approved"), &next));
		return respond_see_other(rq, next);
	}
	if (error->code != ERR_INVALID && error->code != ERR_CONFLICT && error->code != ERR_DENIED)
		return error;
	db_refresh(cx);
	form_error_add(cx->arena, &view.errors, d.state ? S("words") : S("verdict"), tr(cx->lang, error->say));
	return show_renewal(cx, rq, error->code == ERR_CONFLICT ? 409 : error->code == ERR_DENIED ? 403 : 400, &view);
}

/* ---- refill problems ---- */

static fallible
problem_line(struct cx *cx, const struct page_cx *px, const struct refill *r, struct refill_problem_line *out)
{
	str id = uuid_text(cx->arena, r->id.v);
	struct patient patient;

	TRY(patient_get(cx, r->patient, &patient));
	*out = (struct refill_problem_line){.id = id,
	    .path = arena_printf(cx->arena, "/refills/%.*s", STR_ARG(id)),
	    .patient = patient.name,
	    .patient_path =
		arena_printf(cx->arena, "/patients/%.*s/prescriptions", STR_ARG(uuid_text(cx->arena, r->patient.v))),
	    .title = r->title,
	    .problem = tr(px->lang, refill_problem_words((enum refill_problem)r->problem)),
	    .trouble = r->trouble,
	    .asked = px_date_short(px, r->made),
	    .since = px_date_short(px, r->changed),
	    .state = tr(px->lang, refill_state_words((enum refill_state)r->state)),
	    .kind = r->problem == PROBLEM_TWICE || r->problem == PROBLEM_NOT_SENT ? STATUS_DANGER : STATUS_WARNING,
	    .may_send = r->state < REFILL_PARTLY_FILLED,
	    .may_close = r->state < REFILL_DONE};
	return NULL;
}

static fallible
show_problems(struct cx *cx, struct request *rq, int status, struct refill_problems_page *view)
{
	struct page_cx page, *px = &page;
	struct refill_problem_line *lines;
	struct db_rows rows;
	struct buf html = BUF_INIT(cx->arena);
	int64_t renewals, problems;

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Refill problems")), "/renewals", px));
	TRY(refill_problems(cx, &rows));
	lines = ARENA_ARRAY(cx->arena, struct refill_problem_line, rows.count + 1);
	for (; view->count < rows.count; view->count++)
		TRY(problem_line(cx, px, (const struct refill *)rows.items + view->count, &lines[view->count]));
	view->lines = lines;
	TRY(prescriptions_waiting(cx, &renewals, &problems));
	view->renewals = (size_t)renewals;
	px->title = TN("Refills: %1 problem", "Refills: %1 problems", problems);
	px->flash = done_words(px, request_query(rq, "done"), STR_NONE);
	px->flash_kind = NOTICE_GOOD;
	page_refill_problems(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_refill_problems(struct cx *cx, struct request *rq)
{
	return show_problems(cx, rq, 200, &(struct refill_problems_page){0});
}

fallible
post_refill_problem(struct cx *cx, struct request *rq)
{
	struct refill_problems_page view = {0};
	str deed = request_form(rq, "do");
	const struct err *error;
	refill_id id;

	if (!request_param_uuid(rq, "refill", &id.v))
		return GONE;
	if (str_equal(deed, S("again")))
		error = refill_send_again(cx, id);
	else if (str_equal(deed, S("close")))
		error = refill_close(cx, id, request_form(rq, "words"));
	else
		error = refill_settle(cx, id, request_form(rq, "words"));
	if (!error)
		return respond_see_other(
		    rq, str_equal(deed, S("again")) ? S("/refills?done=again") : S("/refills?done=settled"));
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors,
	    arena_printf(cx->arena, "words-%.*s", STR_ARG(uuid_text(cx->arena, id.v))), tr(cx->lang, error->say));
	db_refresh(cx);
	return show_problems(cx, rq, 400, &view);
}

/* ---- one patient ---- */

fallible
get_patient_prescriptions(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct rx_patient_page view = {0};
	struct rx_line *lines;
	struct db_rows rows, refills, renewals;
	const struct prescription *p;
	struct patient person;
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;
	patient_id patient;
	str record;

	if (!request_param_uuid(rq, "patient", &patient.v))
		return GONE;
	TRY(access_check(cx, patient, RIGHT_RECORD_READ, &why));
	TRY(page_cx_for(cx, rq, S(""), "/patients", px));
	TRY(patient_get(cx, patient, &person));
	px->title = TF1("Medicines: %1", person.name);
	view.name = person.name;
	view.base = arena_printf(cx->arena, "/patients/%.*s", STR_ARG(uuid_text(cx->arena, patient.v)));
	view.taking_path = arena_printf(cx->arena, "%.*s/prescriptions/taking", STR_ARG(view.base));
	record = arena_printf(cx->arena, "%.*s/record/medicines", STR_ARG(view.base));
	TRY(prescriptions_load(cx, patient, &rows));
	p = rows.items;
	lines = ARENA_ARRAY(cx->arena, struct rx_line, rows.count + 1);
	for (; view.count < rows.count; view.count++) {
		lines[view.count] = rx_line_of(px, &p[view.count], record);
		if (p[view.count].own)
			lines[view.count].status = T("Told by the patient");
	}
	view.lines = lines;
	TRY(refill_rows_of_patient(cx, patient, &refills));
	TRY(renewal_rows_of_patient(cx, patient, &renewals));
	view.requests = rx_request_lines(px, &refills, &renewals, true, &view.request_count);
	rx_audit_view(cx, patient, AUDIT_MEDICINES, view.count, why);
	page_rx_patient(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- gaps of a panel ---- */

fallible
get_adherence(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct adherence_page view = {0};
	struct adherence_line *lines;
	struct option *options;
	struct db_rows teams, rows;
	const struct team *team;
	const struct adherence_row *row;
	struct buf html = BUF_INIT(cx->arena);
	patient_id after = {{{0}}}, next;
	team_id wanted = {{{0}}};

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Refills that are overdue")), "/renewals", px));
	TRY(teams_of_account(cx, cx->who.account, &teams));
	team = teams.items;
	uuid_parse(request_query(rq, "team"), &wanted.v);
	uuid_parse(request_query(rq, "after"), &after.v);
	options = ARENA_ARRAY(cx->arena, struct option, teams.count + 1);
	for (; view.team_count < teams.count; view.team_count++) {
		const struct team *t = &team[view.team_count];

		options[view.team_count] = (struct option){uuid_text(cx->arena, t->id.v), t->name, STR_NONE};
		if (uuid_is_none(wanted.v) || uuid_equal(wanted.v, t->id.v)) {
			wanted = t->id;
			view.team_name = t->name;
		}
	}
	view.teams = options;
	if (!uuid_is_none(wanted.v)) {
		view.team = uuid_text(cx->arena, wanted.v);
		TRY(adherence_gaps(cx, wanted, after, &rows, &view.looked, &next));
		row = rows.items;
		lines = ARENA_ARRAY(cx->arena, struct adherence_line, rows.count + 1);
		for (; view.count < rows.count; view.count++)
			lines[view.count] = (struct adherence_line){.patient = row[view.count].patient_name,
			    .path = arena_printf(cx->arena, "/patients/%.*s/prescriptions",
				STR_ARG(uuid_text(cx->arena, row[view.count].patient.v))),
			    .title = row[view.count].title,
			    .covered = TF1("%1 %%", row[view.count].covered),
			    .runs_out = rx_day(px, row[view.count].runs_out)};
		view.lines = lines;
		if (!uuid_is_none(next.v))
			view.next_path = arena_printf(cx->arena, "/adherence?team=%.*s&after=%.*s", STR_ARG(view.team),
			    STR_ARG(uuid_text(cx->arena, next.v)));
	}
	page_adherence(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}
