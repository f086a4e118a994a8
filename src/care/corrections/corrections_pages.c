/* SPDX-License-Identifier: Apache-2.0 */
/* The patient's side: what they asked for, asking, one request with its answer. */
#include "care/corrections/corrections_internal.h"
#include "care/record/record_pages.h"
#include "trust/portal/portal.h"

#define FORM_BYTES (32 * 1024)
#define WHO_OFFICE (WHO_COORDINATOR | WHO_ADMINISTRATOR)

/* ---- words ---- */

str
correction_title(const struct page_cx *px, const struct correction *c)
{
	if (c->title.n)
		return c->title;
	return c->kind == CORRECTION_AMENDMENT ? T("Your record as a whole") : T("Not to share");
}

str
correction_state_words(const struct page_cx *px, const struct correction *c, enum status_kind *kind)
{
	*kind = STATUS_PLAIN;
	switch ((enum correction_state)c->state) {
	case CORRECTION_ACCEPTED: *kind = STATUS_GOOD; return T("agreed");
	case CORRECTION_DENIED: *kind = STATUS_WARNING; return T("refused");
	case CORRECTION_WITHDRAWN: return T("withdrawn");
	case CORRECTION_ASKED: break;
	}
	if (correction_is_late(c, px->now)) {
		*kind = STATUS_DANGER;
		return T("late");
	}
	return T("waits for an answer");
}

static str
kind_words(const struct page_cx *px, const struct correction *c)
{
	return c->kind == CORRECTION_AMENDMENT ? T("Correct something") : T("Do not share something");
}

void
correction_words(const struct page_cx *px, const struct correction *c, struct correction_page *out)
{
	const char *basis = correction_basis_words((enum correction_basis)c->basis);

	out->c = c;
	out->title = correction_title(px, c);
	out->kind = kind_words(px, c);
	out->state = correction_state_words(px, c, &out->state_kind);
	out->asked_on = px_day(px, c->made);
	out->due = px_day(px, c->due);
	out->extended = instant_is_none(c->extended_at) ? STR_NONE : px_day(px, c->extended_at);
	out->answered = instant_is_none(c->answered_at) ? STR_NONE : px_day(px, c->answered_at);
	out->disagreed = instant_is_none(c->disagreed_at) ? STR_NONE : px_day(px, c->disagreed_at);
	out->basis = basis ? tr(px->lang, basis) : STR_NONE;
}

/* ---- the list ---- */

static str
done_words(const struct page_cx *px, str done)
{
	if (str_equal(done, S("asked")))
		return T("Your request is with the clinic.");
	if (str_equal(done, S("withdrawn")))
		return T("Your request is withdrawn.");
	return str_equal(done, S("disagreed")) ? T("Your words stand beside the answer now.") : STR_NONE;
}

static fallible
get_corrections(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct corrections_page view = {0};
	struct correction_line *lines;
	struct db_rows rows;
	const struct correction *c;
	struct buf html = BUF_INIT(cx->arena);

	TRY(corrections_own(cx, &rows));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Corrections and limits")), "/record", px));
	c = rows.items;
	lines = ARENA_ARRAY(cx->arena, struct correction_line, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		lines[i] = (struct correction_line){
		    .path = arena_printf(cx->arena, "/corrections/%.*s", STR_ARG(uuid_text(cx->arena, c[i].id.v))),
		    .title = correction_title(px, &c[i]),
		    .kind = kind_words(px, &c[i]),
		    .when = c[i].state == CORRECTION_ASKED ? TF1("An answer is due by %1.", px_day(px, c[i].due))
		                                           : px_day(px, c[i].made)};
		lines[i].state = correction_state_words(px, &c[i], &lines[i].state_kind);
	}
	view.lines = lines;
	view.count = rows.count;
	px->flash = done_words(px, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	page_corrections(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- asking ---- */

/* What the entry is called, when the patient sees it. */
static fallible
entry_title(struct cx *cx, const struct page_cx *px, str about, str *out)
{
	struct resource resource;
	const struct json_value *json;
	struct record_item item;
	bool found;

	*out = STR_NONE;
	if (!about.n)
		return NULL;
	TRY(resource_resolve(cx, about, &resource, &found));
	if (!found || !uuid_equal(resource.patient.v, cx->who.patient.v))
		return NULL;
	TRY(json_parse(cx->arena, resource.body, &json, NULL));
	record_item_read(px, (resource_type)resource.type, json, &item);
	TRY(record_item_look_up(cx, px, &item));
	*out = item.when.n ? TF2("%1, %2", item.title, item.when) : item.title;
	return NULL;
}

static fallible
show_ask(struct cx *cx, struct request *rq, int status, struct ask_page *view)
{
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_OWN, &why));
	TRY(page_cx_for(cx, rq,
	    view->restriction ? tr(cx->lang, TR("Ask the clinic not to share something"))
			      : tr(cx->lang, TR("Ask the clinic to correct something")),
	    "/record", px));
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	TRY(entry_title(cx, px, view->about, &view->title));
	page_ask(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

static fallible
get_ask(struct cx *cx, struct request *rq)
{
	struct ask_page view = {.restriction = str_equal(request_query(rq, "kind"), S("restriction")),
	    .key = uuid_text(cx->arena, uuid_new(cx->now)),
	    .about = request_query(rq, "about")};

	return show_ask(cx, rq, 200, &view);
}

static fallible
post_ask(struct cx *cx, struct request *rq)
{
	struct ask_page view = {.restriction = str_equal(request_form(rq, "kind"), S("restriction")),
	    .key = request_form(rq, "key"),
	    .about = request_form(rq, "about"),
	    .asked = request_form(rq, "asked"),
	    .paid = request_form(rq, "paid").n > 0};
	struct correction_new in = {.kind = view.restriction ? CORRECTION_RESTRICTION : CORRECTION_AMENDMENT,
	    .about = view.about,
	    .asked = view.asked,
	    .paid = view.paid};
	struct page_cx px;
	const struct err *error;

	if (!request_form_uuid(rq, "key", &in.key))
		in.key = uuid_new(cx->now);
	TRY(page_cx_for(cx, rq, S(""), NULL, &px));
	TRY(entry_title(cx, &px, view.about, &in.title));
	error = correction_ask(cx, &in);
	if (!error)
		return respond_see_other(rq, S("/corrections?done=asked"));
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors, S("asked"), tr(cx->lang, error->say));
	return show_ask(cx, rq, 400, &view);
}

/* ---- one ---- */

static fallible
own_of_route(struct cx *cx, struct request *rq, struct correction *out)
{
	correction_id id;

	if (!request_param_uuid(rq, "correction", &id.v))
		return ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.",
		    "no id of a correction");
	return correction_own(cx, id, out);
}

static fallible
show_one(struct cx *cx, struct request *rq, int status, struct correction_page *view)
{
	struct page_cx page, *px = &page;
	struct correction c;
	struct buf html = BUF_INIT(cx->arena);

	TRY(own_of_route(cx, rq, &c));
	TRY(page_cx_for(cx, rq, S(""), "/record", px));
	correction_words(px, &c, view);
	px->title = view->errors.count ? TF1("Error: %1", view->title) : view->title;
	view->path = arena_printf(cx->arena, "/corrections/%.*s", STR_ARG(uuid_text(cx->arena, c.id.v)));
	view->can_withdraw = c.state == CORRECTION_ASKED;
	view->can_disagree = c.state == CORRECTION_DENIED && instant_is_none(c.disagreed_at);
	page_correction(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

static fallible
get_correction(struct cx *cx, struct request *rq)
{
	return show_one(cx, rq, 200, &(struct correction_page){0});
}

static fallible
post_withdraw(struct cx *cx, struct request *rq)
{
	struct correction c;

	TRY(own_of_route(cx, rq, &c));
	TRY(correction_withdraw(cx, c.id));
	return respond_see_other(rq, S("/corrections?done=withdrawn"));
}

static fallible
post_disagree(struct cx *cx, struct request *rq)
{
	struct correction_page view = {.words = request_form(rq, "words")};
	struct correction c;
	const struct err *error;

	TRY(own_of_route(cx, rq, &c));
	error = correction_disagree(cx, c.id, view.words);
	if (!error)
		return respond_see_other(rq, S("/corrections?done=disagreed"));
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors, S("words"), tr(cx->lang, error->say));
	return show_one(cx, rq, 400, &view);
}

const struct route corrections_routes[] = {
    {GET, "/corrections", get_corrections, .who = WHO_PATIENT},
    {GET, "/corrections/new", get_ask, .who = WHO_PATIENT},
    {POST, "/corrections/new", post_ask, .who = WHO_PATIENT, .body_bytes_max = FORM_BYTES, .writes = true},
    {GET, "/corrections/{correction}", get_correction, .who = WHO_PATIENT},
    {POST, "/corrections/{correction}/withdraw", post_withdraw, .who = WHO_PATIENT, .body_bytes_max = 1024,
	.writes = true},
    {POST, "/corrections/{correction}/disagree", post_disagree, .who = WHO_PATIENT, .body_bytes_max = FORM_BYTES,
	.writes = true},
    {GET, "/admin/corrections", get_office_corrections, .who = WHO_OFFICE},
    {GET, "/admin/corrections/{patient}/{correction}", get_office_correction, .who = WHO_OFFICE},
    {POST, "/admin/corrections/{patient}/{correction}/extend", post_office_extend, .who = WHO_OFFICE,
	.body_bytes_max = FORM_BYTES, .writes = true},
    {POST, "/admin/corrections/{patient}/{correction}/settle", post_office_settle, .who = WHO_OFFICE,
	.body_bytes_max = FORM_BYTES, .writes = true},
    {0},
};
