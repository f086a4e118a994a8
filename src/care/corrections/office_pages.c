/* SPDX-License-Identifier: Apache-2.0 */
/* The office's side: the queue by its days, and answering one.  Nothing of the record stands here but what the patient wrote. */
#include "care/corrections/corrections_internal.h"
#include "trust/identity/identity.h"
#include "trust/portal/portal.h"

fallible
get_office_corrections(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct corrections_page view = {.office = true, .over = str_equal(request_query(rq, "show"), S("over"))};
	struct correction_line *lines;
	struct db_rows rows;
	const struct correction *c;
	struct buf html = BUF_INIT(cx->arena);

	TRY(corrections_of_office(cx, !view.over, &rows));
	TRY(corrections_waiting_count(cx, cx->who.facility, &view.waiting));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Corrections and limits")), "/admin/people", px));
	c = rows.items;
	lines = ARENA_ARRAY(cx->arena, struct correction_line, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		struct patient patient;

		TRY(patient_get(cx, c[i].patient, &patient));
		lines[i] = (struct correction_line){
		    .path = arena_printf(cx->arena, "/admin/corrections/%.*s/%.*s",
			STR_ARG(uuid_text(cx->arena, c[i].patient.v)), STR_ARG(uuid_text(cx->arena, c[i].id.v))),
		    .title = correction_title(px, &c[i]),
		    .who = patient.name,
		    .kind = c[i].kind == CORRECTION_AMENDMENT ? T("Correct something") : T("Do not share something"),
		    .when = TF1("due %1", px_day(px, c[i].due))};
		lines[i].state = correction_state_words(px, &c[i], &lines[i].state_kind);
	}
	view.lines = lines;
	view.count = rows.count;
	if (str_equal(request_query(rq, "done"), S("answered")))
		px->flash = T("Answered. The patient sees it, and it stands in the record.");
	px->flash_kind = NOTICE_GOOD;
	if (rows.count)
		audit_add_listed(cx, AUDIT_CORRECTION, ACCESS_NONE, &c[0].patient, rows.count, sizeof(c[0]));
	page_office_corrections(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

static fallible
of_route(struct cx *cx, struct request *rq, struct correction *out)
{
	patient_id patient;
	correction_id id;

	if (!request_param_uuid(rq, "patient", &patient.v) || !request_param_uuid(rq, "correction", &id.v))
		return ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.",
		    "no id of a correction");
	return correction_of_office(cx, patient, id, out);
}

static void
fill_bases(const struct page_cx *px, const struct correction *c, struct correction_page *view)
{
	for (int i = 1; i < CORRECTION_BASES; i++)
		if ((i == BASIS_CANNOT_KEEP) == (c->kind == CORRECTION_RESTRICTION))
			view->bases[view->base_count++] = (struct option){arena_printf(px->arena, "%d", i),
			    tr(px->lang, correction_basis_words((enum correction_basis)i)), STR_NONE};
}

static fallible
show(struct cx *cx, struct request *rq, int status, struct correction_page *view)
{
	struct page_cx page, *px = &page;
	struct correction c;
	struct patient patient;
	struct buf html = BUF_INIT(cx->arena);

	TRY(of_route(cx, rq, &c));
	TRY(patient_get(cx, c.patient, &patient));
	TRY(page_cx_for(cx, rq, S(""), "/admin/people", px));
	correction_words(px, &c, view);
	px->title = view->errors.count ? TF1("Error: %1", view->title) : view->title;
	view->patient = patient.name;
	view->path = arena_printf(cx->arena, "/admin/corrections/%.*s/%.*s", STR_ARG(uuid_text(cx->arena, c.patient.v)),
	    STR_ARG(uuid_text(cx->arena, c.id.v)));
	view->can_answer = c.state == CORRECTION_ASKED;
	view->can_extend = view->can_answer && instant_is_none(c.extended_at);
	fill_bases(px, &c, view);
	audit_add_read(cx,
	    &(struct audit){.action = AUDIT_VIEW, .subject = AUDIT_CORRECTION, .patient = c.patient, .item = c.id.v});
	page_office_correction(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_office_correction(struct cx *cx, struct request *rq)
{
	return show(cx, rq, 200, &(struct correction_page){0});
}

/* Back to the form with what was typed, when that is what is wrong. */
static fallible
refuse(struct cx *cx, struct request *rq, const struct err *error, const char *field, struct correction_page *view)
{
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view->errors, str_from_z(field), tr(cx->lang, error->say));
	return show(cx, rq, 400, view);
}

fallible
post_office_extend(struct cx *cx, struct request *rq)
{
	struct correction_page view = {.extension = request_form(rq, "extension")};
	struct correction c;
	const struct err *error;

	TRY(of_route(cx, rq, &c));
	error = correction_extend(cx, &c, view.extension);
	return error ? refuse(cx, rq, error, "extension", &view)
	             : respond_see_other(
			   rq, arena_printf(cx->arena, "/admin/corrections/%.*s/%.*s",
				   STR_ARG(uuid_text(cx->arena, c.patient.v)), STR_ARG(uuid_text(cx->arena, c.id.v))));
}

/* Where the form is wrong, in the order in which correction_settle looks. */
static const char *
wrong_field(const struct correction *c, const struct correction_answer *answer)
{
	if (answer->accept)
		return "words";
	if (!answer->basis)
		return "basis";
	return c->paid ? "verdict" : "words";
}

fallible
post_office_settle(struct cx *cx, struct request *rq)
{
	struct correction_page view = {.words = request_form(rq, "words"),
	    .verdict = request_form(rq, "verdict"),
	    .chosen_basis = request_form(rq, "basis")};
	struct correction_answer answer = {.accept = str_equal(view.verdict, S("agree")), .words = view.words};
	struct correction c;
	const struct err *error;
	int64_t basis = 0;

	TRY(of_route(cx, rq, &c));
	if (!answer.accept && !str_equal(view.verdict, S("refuse")))
		return refuse(cx, rq, ERR(ERR_INVALID, TR("Choose one."), "no verdict"), "verdict", &view);
	if (str_to_int64(view.chosen_basis, &basis) && basis > 0 && basis < CORRECTION_BASES)
		answer.basis = (enum correction_basis)basis;
	error = correction_settle(cx, &c, &answer);
	return error ? refuse(cx, rq, error, wrong_field(&c, &answer), &view)
	             : respond_see_other(rq, S("/admin/corrections?done=answered"));
}
