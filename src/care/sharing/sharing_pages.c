/* SPDX-License-Identifier: Apache-2.0 */
/* What the patient sees of delegation: who may act for them, giving a permission, its code once, and ending it. */
#include "care/sharing/sharing_internal.h"

fallible
get_sharing(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct sharing_page view = {0};
	struct db_rows rows;
	const struct delegation *d;
	struct buf html = BUF_INIT(cx->arena);

	TRY(delegations_given(cx, &rows));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Who may act for you")), NULL, px));
	d = rows.items;
	view.open = ARENA_ARRAY(cx->arena, struct permission, rows.count);
	view.over = ARENA_ARRAY(cx->arena, struct permission, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		struct permission one;

		permission_words(px, &d[i], &one);
		if (one.open)
			view.open[view.open_count++] = one;
		else
			view.over[view.over_count++] = one;
	}
	if (str_equal(request_query(rq, "done"), S("ended")))
		px->flash = T("Ended. They can see and do nothing for you any more.");
	px->flash_kind = NOTICE_GOOD;
	page_sharing(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- giving ---- */

static fallible
show_offer(struct cx *cx, struct request *rq, int status, struct offer_page *view)
{
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_OWN, &why));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Let somebody act for you")), NULL, px));
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	page_offer(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_offer(struct cx *cx, struct request *rq)
{
	return show_offer(cx, rq, 200, &(struct offer_page){.key = uuid_text(cx->arena, uuid_new(cx->now))});
}

/* "2026-3-5" as typed into three boxes, `plus` days later, at midnight where the patient's clinic stands. Nothing typed: none. */
static bool
read_day(const struct zone *zone, str typed, int plus, instant *out)
{
	int64_t year, month, day;
	str rest, y, m;

	*out = INSTANT_NONE;
	if (!typed.n)
		return true;
	rest = str_cut(typed, '-', &y);
	rest = str_cut(rest, '-', &m);
	if (!str_to_int64(y, &year) || !str_to_int64(m, &month) || !str_to_int64(rest, &day) || year < 1900 ||
	    year > 9999 || month < 1 || month > 12 || day < 1 || day > 31 ||
	    !civil_date_is_valid((int)year, (int)month, (int)day))
		return false;
	*out = zone_instant(
	    zone, (struct civil_time){
		      .date = civil_date_from_days(
			  civil_date_to_days((struct civil_date){(int16_t)year, (int8_t)month, (int8_t)day}) + plus)});
	return true;
}

static str
typed_day(struct cx *cx, struct request *rq, const char *year, const char *month, const char *day)
{
	return field_date_value(cx->arena, request_form(rq, year), request_form(rq, month), request_form(rq, day));
}

static fallible
read_offer(struct cx *cx, struct request *rq, struct offer_page *view, struct delegation_new *in)
{
	struct facility facility;
	const struct zone *zone;

	TRY(facility_get(cx, cx->who.facility, &facility));
	TRY(zone_find(facility.zone, &zone));
	*view = (struct offer_page){.called = request_form(rq, "called"),
	    .relation = request_form(rq, "relation"),
	    .since = typed_day(cx, rq, "since.year", "since.month", "since.day"),
	    .until = typed_day(cx, rq, "until.year", "until.month", "until.day")};
	if (!request_form_uuid(rq, "key", &in->key))
		in->key = uuid_new(cx->now);
	view->key = uuid_text(cx->arena, in->key);
	in->called = view->called;
	in->relation = view->relation;
	for (size_t i = 0; i < RIGHTS; i++) {
		view->chosen[i] = request_form(rq, right_name(i)).n > 0;
		in->rights |= view->chosen[i] ? right_bit(i) : 0;
	}
	if (!read_day(zone, view->since, 0, &in->since))
		form_error_add(cx->arena, &view->errors, S("since"),
		    tr(cx->lang, TR("Give a day such as 12 24 2026, or leave it empty.")));
	if (!read_day(zone, view->until, 1, &in->until))
		form_error_add(cx->arena, &view->errors, S("until"),
		    tr(cx->lang, TR("Give a day such as 12 24 2026, or leave it empty.")));
	return NULL;
}

static fallible
show_code(struct cx *cx, struct request *rq, str code, str called)
{
	struct page_cx page, *px = &page;
	struct code_page_shown view = {.code = code, .called = called};
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Your code")), NULL, px));
	view.address = arena_printf(cx->arena, "%.*s/sharing/accept", STR_ARG(request_origin(rq)));
	view.until = px_day(px, instant_add_ms(cx->now, DELEGATION_CODE_DAYS * DAY_MS - 1));
	page_code_shown(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

fallible
post_offer(struct cx *cx, struct request *rq)
{
	struct offer_page view;
	struct delegation_new in = {0};
	const struct err *error;
	str code;

	TRY(read_offer(cx, rq, &view, &in));
	if (view.errors.count)
		return show_offer(cx, rq, 400, &view);
	error = delegation_offer(cx, &in, &code);
	if (!error)
		return show_code(cx, rq, code, str_trim(view.called));
	if (error->code != ERR_INVALID && error->code != ERR_CONFLICT)
		return error;
	form_error_add(cx->arena, &view.errors, STR_NONE, tr(cx->lang, error->say));
	return show_offer(cx, rq, error->code == ERR_CONFLICT ? 409 : 400, &view);
}

fallible
post_withdraw(struct cx *cx, struct request *rq)
{
	delegation_id id;

	if (!request_param_uuid(rq, "delegation", &id.v))
		return NOT_FOUND;
	TRY(delegation_withdraw(cx, id));
	return respond_see_other(rq, S("/sharing?done=ended"));
}

/* ---- routes ---- */

#define SMALL_FORM 4096

const struct route sharing_routes[] = {
    {GET, "/sharing", get_sharing, .who = WHO_PATIENT},
    {GET, "/sharing/new", get_offer, .who = WHO_PATIENT},
    {POST, "/sharing/new", post_offer, .who = WHO_PATIENT, .body_bytes_max = SMALL_FORM, .writes = true},
    {POST, "/sharing/{delegation}/withdraw", post_withdraw, .who = WHO_PATIENT, .body_bytes_max = SMALL_FORM,
	.writes = true},
    {GET, "/sharing/accept", get_accept, .who = WHO_ANYONE},
    {POST, "/sharing/accept", post_accept, .who = WHO_ANYONE, .body_bytes_max = SMALL_FORM, .rate = RATE_CODE,
	.writes = true},
    {POST, "/sharing/accept/answer", post_answer, .who = WHO_ANYONE, .body_bytes_max = SMALL_FORM, .rate = RATE_CODE,
	.writes = true},
    {POST, "/sharing/accept/new", post_new_account, .who = WHO_ANYONE, .body_bytes_max = SMALL_FORM, .rate = RATE_CODE,
	.writes = true},
    {GET, "/acting", get_acting, .who = WHO_PATIENT | WHO_DELEGATE},
    {POST, "/acting", post_acting, .who = WHO_PATIENT | WHO_DELEGATE, .body_bytes_max = SMALL_FORM, .writes = true},
    {POST, "/acting/end", post_acting_end, .who = WHO_PATIENT | WHO_DELEGATE, .body_bytes_max = SMALL_FORM,
	.writes = true},
    {POST, "/acting/{delegation}/resign", post_resign, .who = WHO_PATIENT | WHO_DELEGATE, .body_bytes_max = SMALL_FORM,
	.writes = true},
    {POST, "/acting/{delegation}/notices", post_tell, .who = WHO_PATIENT | WHO_DELEGATE, .body_bytes_max = SMALL_FORM,
	.writes = true},
    {0},
};
