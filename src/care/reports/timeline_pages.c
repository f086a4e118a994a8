/* SPDX-License-Identifier: Apache-2.0 */
#include "care/reports/timeline.h"

#include "platform/format/fhir_date.h"
#include "trust/audit/audit.h"
#include "trust/portal/portal.h"

static const struct {
	const char *word, *label;
} kinds[TIMELINE_KINDS] = {
    [0] = {"all", TR("Everything")},
    [TIMELINE_MESSAGES] = {"messages", TR("Messages")},
    [TIMELINE_HANDLING] = {"handling", TR("Handed on")},
    [TIMELINE_LATE] = {"late", TR("Completed or late")},
    [TIMELINE_CHART] = {"chart", TR("Chart notes")},
    [TIMELINE_NOTICES] = {"notices", TR("Notices")},
    [TIMELINE_OFFICE] = {"office", TR("Teams and blocks")},
};

static int64_t
kind_of(str word)
{
	for (size_t i = 0; i < TIMELINE_KINDS; i++)
		if (str_equal(word, str_from_z(kinds[i].word)))
			return (int64_t)i;
	return 0;
}

/* From the first moment of `from` to the last of `to`; an empty day leaves that end open. */
static fallible
days_chosen(const struct page_cx *px, str from, str to, struct timeline_wish *wish)
{
	struct fhir_date first, last;
	instant unused;

	wish->since = (instant){0};
	wish->until = instant_add_ms(px->now, DAY_MS);
	if ((from.n && (!fhir_date_parse(FHIR_DATE, from, &first) || first.precision != FHIR_PRECISION_DAY)) ||
	    (to.n && (!fhir_date_parse(FHIR_DATE, to, &last) || last.precision != FHIR_PRECISION_DAY)))
		return ERR(ERR_INVALID, TR("Give the first and the last day."), "no such days");
	if (from.n)
		surrogate_days(px->zone, civil_date_to_days(first.civil.date), civil_date_to_days(first.civil.date),
		    &wish->since, &unused);
	if (to.n)
		surrogate_days(px->zone, civil_date_to_days(last.civil.date), civil_date_to_days(last.civil.date),
		    &unused, &wish->until);
	return NULL;
}

/* ---- rows ---- */

/* The subject, and where it opens, for who may open it; for others nothing but the team. */
static fallible
fill_conversation(struct cx *cx, thread_id id, struct timeline_row *row)
{
	struct thread thread;
	const struct err *refused = thread_head(cx, id, &thread);

	if (refused)
		return refused->code == ERR_GONE ? NULL : refused;
	row->subject = thread.subject;
	row->path = arena_printf(cx->arena, "/inbox/%.*s", STR_ARG(uuid_text(cx->arena, id.v)));
	return NULL;
}

static fallible
fill_row(struct cx *cx, const struct timeline_entry *entry, bool caring, struct timeline_row *row)
{
	struct team team;

	*row = (struct timeline_row){
	    .at = entry->at, .what = entry->what, .hint = entry->hint, .kind = kinds[entry->kind].label};
	if (!uuid_is_none(entry->team.v)) {
		TRY(team_get(cx, entry->team, &team));
		row->team = team.name;
	}
	return caring && !uuid_is_none(entry->thread.v) ? fill_conversation(cx, entry->thread, row) : NULL;
}

static fallible
fill_rows(struct cx *cx, const struct timeline *all, struct timeline_page *view)
{
	size_t first = (size_t)(view->page - 1) * TIMELINE_PAGE;

	view->rows = ARENA_ARRAY(cx->arena, struct timeline_row, TIMELINE_PAGE);
	for (size_t i = first; i < all->count && view->count < TIMELINE_PAGE; i++)
		TRY(fill_row(cx, &all->items[i], view->caring, &view->rows[view->count++]));
	return NULL;
}

static void
fill_pages(struct cx *cx, struct request *rq, const struct timeline *all, struct timeline_page *view)
{
	view->total = (int64_t)all->count;
	view->cut = all->cut;
	view->pages = (view->total + TIMELINE_PAGE - 1) / TIMELINE_PAGE;
	if (!str_to_int64(request_query(rq, "page"), &view->page) || view->page < 1)
		view->page = 1;
	if (view->page > view->pages)
		view->page = view->pages ? view->pages : 1;
	view->pages_path = arena_printf(cx->arena, "%.*s?kind=%.*s&from=%.*s&to=%.*s", STR_ARG(view->path),
	    STR_ARG(view->kind), STR_ARG(view->from), STR_ARG(view->to));
}

/* ---- the page ---- */

static fallible
show(struct cx *cx, struct request *rq, struct page_cx *px, struct timeline_wish *wish, struct timeline_page *view)
{
	struct timeline all = {0};
	struct buf html = BUF_INIT(cx->arena);
	const struct err *error = days_chosen(px, view->from, view->to, wish);

	if (error) {
		form_error_add(cx->arena, &view->errors, S("from"), tr(cx->lang, error->say));
		view->from = view->to = S("");
	} else {
		TRY(timeline_make(cx, px, wish, &all));
	}
	fill_pages(cx, rq, &all, view);
	TRY(fill_rows(cx, &all, view));
	page_timeline(&html, px, view);
	return respond_page(rq, error ? 400 : 200, buf_str(&html));
}

fallible
get_timeline(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct timeline_wish wish = {.kind = kind_of(request_query(rq, "kind"))};
	struct timeline_page view = {.from = request_query(rq, "from"), .to = request_query(rq, "to")};
	struct patient patient;
	enum access_why why;
	bool office = (cx->who.is & (WHO_COORDINATOR | WHO_ADMINISTRATOR)) != 0;

	if (!request_param_uuid(rq, "patient", &wish.patient.v))
		return ERR(ERR_GONE,
		    TR("We could not find that. It may have been removed, or it is not shared with you."), "no uuid");
	TRY(timeline_enter(cx, wish.patient, &patient, &why, &view.caring));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Messages to and fro")), office ? "/admin/people" : "/patients", px));
	px->title = arena_printf(cx->arena, "%.*s: %.*s", STR_ARG(px->title), STR_ARG(patient.name));
	view.name = patient.name;
	view.kind = str_from_z(kinds[wish.kind].word);
	view.born = instant_is_none(patient.born)
	                ? STR_NONE
	                : px_date_only(px, civil_date_from_days((int32_t)(patient.born.ms / DAY_MS)));
	view.path = request_path(rq);
	audit_add_read(cx,
	    &(struct audit){.action = AUDIT_SEARCH, .subject = AUDIT_MESSAGES, .patient = patient.id, .why = (int)why});
	return show(cx, rq, px, &wish, &view);
}
