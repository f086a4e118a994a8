/* SPDX-License-Identifier: Apache-2.0 */
/* The patient's prescriptions: the list in groups, asking for refills of one or many, one prescription, the list for the wallet. */
#include <stdlib.h>

#include "care/prescriptions/prescriptions_pages.h"
#include "care/record/record_pages.h"

/* ---- the list ---- */

enum group { GROUP_RECENT, GROUP_ACTIVE, GROUP_RENEW, GROUP_OUTSIDE, GROUP_OWN, GROUP_PAST };
static const struct {
	const char *code, *title, *hint;
} groups[RX_GROUPS] = {
    [GROUP_RECENT] = {"recent", TR("Asked for, on the way"), NULL},
    [GROUP_ACTIVE] = {"active", TR("In use"), NULL},
    [GROUP_RENEW] = {"renew", TR("Renewal needed"),
	TR("No refill is left, or the prescription has expired. Ask your team to renew it.")},
    [GROUP_OUTSIDE] = {"non-va", TR("From elsewhere"), TR("This clinic's pharmacy does not fill these.")},
    [GROUP_OWN] = {"own", TR("Told by you"), NULL},
    [GROUP_PAST] = {"past", TR("Past"), NULL},
};

static enum group
group_of(const struct prescription *p, instant now)
{
	if (p->own)
		return rx_status_is_active(p->status) ? GROUP_OWN : GROUP_PAST;
	if (p->outside)
		return rx_status_is_active(p->status) ? GROUP_OUTSIDE : GROUP_PAST;
	if (rx_is_recent(p, now))
		return GROUP_RECENT;
	if (rx_needs_renewal(p))
		return GROUP_RENEW;
	return rx_status_is_active(p->status) ? GROUP_ACTIVE : GROUP_PAST;
}

static bool
is_chosen(struct request *rq, str id)
{
	struct http_pairs pairs = request_query_all(rq);

	for (size_t i = 0; i < pairs.count; i++)
		if (str_equal(pairs.items[i].name, S("rx")) && str_equal(pairs.items[i].value, id))
			return true;
	return false;
}

static int
by_last_fill(const void *a, const void *b)
{
	const struct prescription *x = a, *y = b;

	return x->last_fill.ms < y->last_fill.ms ? 1 : x->last_fill.ms > y->last_fill.ms ? -1 : 0;
}

static void
fill_groups(
    const struct page_cx *px, struct request *rq, const struct db_rows *rows, str show, struct prescriptions_page *view)
{
	const struct prescription *p = rows->items;

	view->filters[view->filter_count++] = (struct rx_filter){S("/prescriptions"), T("All"), rows->count, !show.n};
	for (int g = 0; g < RX_GROUPS; g++) {
		struct rx_line *lines = ARENA_ARRAY(px->arena, struct rx_line, rows->count + 1);
		str code = str_from_z(groups[g].code);
		size_t count = 0;

		for (size_t i = 0; i < rows->count; i++)
			if ((int)group_of(&p[i], px->now) == g) {
				lines[count] = rx_line_of(px, &p[i], S("/prescriptions"));
				lines[count].chosen = is_chosen(rq, p[i].id);
				count++;
			}
		if (!count)
			continue;
		view->filters[view->filter_count++] =
		    (struct rx_filter){arena_printf(px->arena, "/prescriptions?show=%s", groups[g].code),
			tr(px->lang, groups[g].title), count, str_equal(show, code)};
		if (show.n ? !str_equal(show, code) : g == GROUP_PAST)
			continue; /* what is over is asked for by itself */
		for (size_t i = 0; i < count; i++)
			view->sendable += lines[i].may_refill;
		view->groups[view->group_count++] = (struct rx_group){.title = tr(px->lang, groups[g].title),
		    .hint = groups[g].hint ? tr(px->lang, groups[g].hint) : STR_NONE,
		    .lines = lines,
		    .count = count};
	}
}

static fallible
show_list(struct cx *cx, struct request *rq, int status, struct prescriptions_page *view)
{
	struct page_cx page, *px = &page;
	struct db_rows rows;
	const struct prescription *p;
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;
	unsigned given;

	TRY(access_check(cx, cx->who.patient, RIGHT_RECORD_READ, &why));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Medicines")), "/prescriptions", px));
	TRY(prescriptions_load(cx, cx->who.patient, &rows));
	TRY(access_rights_acting(cx, &given));
	view->may_ask = why == ACCESS_SELF || (given & RIGHT_PRESCRIPTIONS);
	view->key = uuid_text(cx->arena, uuid_new(cx->now));
	view->all = rows.count;
	view->by_fill = str_equal(request_query(rq, "sort"), S("filled"));
	if (view->by_fill && rows.count)
		qsort(rows.items, rows.count, sizeof(struct prescription), by_last_fill);
	p = rows.items;
	for (size_t i = 0; i < rows.count; i++) {
		view->refillable += !p[i].refusal;
		view->soon += rx_runs_out_soon(&p[i], cx->now);
		view->renew += rx_needs_renewal(&p[i]);
		view->problems += p[i].refill && p[i].refill->problem;
	}
	fill_groups(px, rq, &rows, request_query(rq, "show"), view);
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	rx_audit_view(cx, cx->who.patient, AUDIT_MEDICINES, rows.count, why);
	page_prescriptions(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_prescriptions(struct cx *cx, struct request *rq)
{
	return show_list(cx, rq, 200, &(struct prescriptions_page){0});
}

/* ---- asking ---- */

/* A request's key: of the form and the prescription, so that the same form sent again is the same requests. */
static struct uuid
key_of(struct cx *cx, str form, str prescription)
{
	return vault_blind(
	    cx->vault, "refill.key", arena_printf(cx->arena, "%.*s %.*s", STR_ARG(form), STR_ARG(prescription)));
}

fallible
post_refills(struct cx *cx, struct request *rq)
{
	struct http_pairs pairs = request_form_all(rq);
	struct refill_wish *wishes = ARENA_ARRAY(cx->arena, struct refill_wish, pairs.count + 1);
	struct refill_result *results = ARENA_ARRAY(cx->arena, struct refill_result, pairs.count + 1);
	struct buf to = BUF_INIT(cx->arena);
	struct prescriptions_page view = {0};
	const struct err *error;
	struct uuid key;
	size_t count = 0;

	if (!request_form_uuid(rq, "key", &key))
		key = uuid_new(cx->now);
	buf_add(&to, S("/prescriptions/asked"));
	for (size_t i = 0; i < pairs.count; i++)
		if (str_equal(pairs.items[i].name, S("rx")) && resource_id_is_valid(pairs.items[i].value)) {
			wishes[count] =
			    (struct refill_wish){.key = key_of(cx, uuid_text(cx->arena, key), pairs.items[i].value),
				.prescription = pairs.items[i].value};
			buf_printf(&to, "%srx=%.*s", count ? "&" : "?", STR_ARG(pairs.items[i].value));
			count++;
		}
	error = refills_ask(cx, cx->who.patient, wishes, count, results);
	if (!error)
		return respond_see_other(rq, buf_str(&to));
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors, S("rx"), tr(cx->lang, error->say));
	return show_list(cx, rq, 400, &view);
}

/* What came of it stands with each prescription: also after a reload, and when the page is opened again. */
fallible
get_rx_asked(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct rx_asked_page view = {0};
	struct rx_line *lines;
	struct db_rows rows;
	const struct prescription *p;
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_RECORD_READ, &why));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Your requests")), "/prescriptions", px));
	TRY(prescriptions_load(cx, cx->who.patient, &rows));
	p = rows.items;
	lines = ARENA_ARRAY(cx->arena, struct rx_line, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++)
		if (is_chosen(rq, p[i].id)) {
			lines[view.count] = rx_line_of(px, &p[i], S("/prescriptions"));
			view.done += lines[view.count++].asked_path.n > 0;
		}
	view.lines = lines;
	rx_audit_view(cx, cx->who.patient, AUDIT_REFILL, view.count, why);
	page_rx_asked(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- one ---- */

static void
add_fact(struct rx_page *view, str label, str value)
{
	if (value.n && view->fact_count < sizeof(view->facts) / sizeof(view->facts[0]))
		view->facts[view->fact_count++] = (struct rx_fact){label, value};
}

static str
amount(const struct page_cx *px, int64_t quantity, str unit, int64_t days)
{
	str number = quantity ? px_number(px, quantity) : STR_NONE;

	if (quantity && unit.n)
		number = TF2("%1 %2", number, unit);
	if (quantity && days)
		return TF2("%1, for %2", number, TN("%1 day", "%1 days", days));
	return quantity ? number : days ? TN("%1 day", "%1 days", days) : STR_NONE;
}

static fallible
add_place(struct cx *cx, const struct page_cx *px, struct rx_page *view)
{
	struct facility facility;
	struct patient patient;

	if (view->p->outside)
		return NULL;
	TRY(patient_get(cx, view->p->patient, &patient));
	TRY(facility_get(cx, patient.facility, &facility));
	add_fact(view, T("Clinic"), TF2("%1, telephone %2", facility.name, facility.phone));
	return NULL;
}

static fallible
fill_facts(struct cx *cx, const struct page_cx *px, struct rx_page *view)
{
	const struct prescription *p = view->p;

	add_fact(view, T("How to take it"), p->sig);
	add_fact(view, T("What it is for"), p->reason);
	add_fact(view, T("What it looks like"), p->look);
	add_fact(view, T("Amount of one fill"), amount(px, p->quantity, p->unit, p->days));
	if (p->left != RX_NOT_SAID && rx_status_is_active(p->status))
		add_fact(view, T("Refills left"), px_number(px, p->left));
	add_fact(view, T("Last filled"), rx_day(px, p->last_fill));
	if (rx_status_is_active(p->status))
		add_fact(view, T("Lasts until about"), rx_day(px, p->runs_out));
	add_fact(view, T("Prescription number"), p->number);
	add_fact(view, T("Prescribed by"), p->who);
	add_fact(view, T("Prescribed on"), rx_day(px, p->ordered));
	if (!p->outside)
		add_fact(view, T("Valid until"), rx_day(px, p->ends));
	add_fact(view, T("Remarks"), p->remark);
	return add_place(cx, px, view);
}

static void
fill_fills(const struct page_cx *px, struct rx_page *view)
{
	const struct prescription *p = view->p;

	view->fills = ARENA_ARRAY(px->arena, struct rx_fill_line, p->fill_count + 1);
	for (size_t i = 0; i < p->fill_count; i++)
		view->fills[view->fill_count++] =
		    (struct rx_fill_line){.when = p->fills[i].done ? rx_day(px, p->fills[i].at) : T("being made ready"),
			.amount = amount(px, p->fills[i].quantity, p->unit, p->fills[i].days),
			.where = p->fills[i].where};
}

/* Only the requests of this prescription. */
static void
keep_own(const struct prescription *p, struct db_rows *refills, struct db_rows *renewals)
{
	struct refill *refill = refills->items;
	struct renewal *renewal = renewals->items;
	size_t kept = 0;

	for (size_t i = 0; i < refills->count; i++)
		if (uuid_equal(refill[i].prescription, p->key))
			refill[kept++] = refill[i];
	refills->count = kept;
	kept = 0;
	for (size_t i = 0; i < renewals->count; i++)
		if (uuid_equal(renewal[i].prescription, p->key))
			renewal[kept++] = renewal[i];
	renewals->count = kept;
}

fallible
get_prescription(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct rx_page view = {0};
	struct prescription p;
	struct db_rows refills, renewals;
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;
	unsigned given;

	TRY(access_check(cx, cx->who.patient, RIGHT_RECORD_READ, &why));
	TRY(page_cx_for(cx, rq, S(""), "/prescriptions", px));
	TRY(prescription_get(cx, cx->who.patient, request_param(rq, "id"), &p));
	TRY(access_rights_acting(cx, &given));
	px->title = p.title;
	view.p = &p;
	view.line = rx_line_of(px, &p, S("/prescriptions"));
	view.may_ask = why == ACCESS_SELF || (given & RIGHT_PRESCRIPTIONS);
	view.key = uuid_text(cx->arena, uuid_new(cx->now));
	TRY(fill_facts(cx, px, &view));
	fill_fills(px, &view);
	TRY(refill_rows_of_patient(cx, p.patient, &refills));
	TRY(renewal_rows_of_patient(cx, p.patient, &renewals));
	keep_own(&p, &refills, &renewals);
	view.requests = rx_request_lines(px, &refills, &renewals, false, &view.request_count);
	view.record_path = arena_printf(cx->arena, "/record/medicines/%.*s", STR_ARG(p.id));
	view.renew_path = arena_printf(cx->arena, "/prescriptions/%.*s/renew", STR_ARG(p.id));
	view.ask_path = arena_printf(cx->arena, "/messages/new?category=medication&about=%s/%.*s",
	    resource_type_name((resource_type)p.type), STR_ARG(p.id));
	rx_audit_view(cx, cx->who.patient, AUDIT_MEDICINES, 1, why);
	page_prescription(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- for the wallet ---- */

fallible
get_rx_wallet(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct rx_wallet_page view = {0};
	struct record_items allergies = {0};
	struct buf html = BUF_INIT(cx->arena), list = BUF_INIT(cx->arena);
	struct rx_line *lines;
	struct patient patient;
	struct db_rows rows;
	const struct prescription *p;
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_RECORD_READ, &why));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Medicine list for the wallet")), "/prescriptions", px));
	TRY(prescriptions_load(cx, cx->who.patient, &rows));
	TRY(patient_get(cx, cx->who.patient, &patient));
	TRY(record_load_current(cx, px, cx->who.patient, CLASS_ALLERGIES, &allergies, NULL));
	for (size_t i = 0; i < allergies.count; i++)
		buf_printf(&list, "%s%.*s", i ? ", " : "", STR_ARG(allergies.items[i].title));
	view.name = patient.name;
	view.born =
	    instant_is_none(patient.born) ? STR_NONE : px_date_only(px, zone_civil(zone_utc(), patient.born).date);
	view.allergies = buf_str(&list);
	view.made = rx_day(px, cx->now);
	p = rows.items;
	lines = ARENA_ARRAY(cx->arena, struct rx_line, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++)
		if (rx_status_is_active(p[i].status) && !p[i].renewed)
			lines[view.count++] = rx_line_of(px, &p[i], S("/prescriptions"));
	view.lines = lines;
	rx_audit_view(cx, cx->who.patient, AUDIT_MEDICINES, view.count, why);
	page_rx_wallet(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}
