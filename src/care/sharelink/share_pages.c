/* SPDX-License-Identifier: Apache-2.0 */
/* What the patient sees of share links: the list with who opened them, making one, ending one. */
#include "care/record/record_pages.h"
#include "care/sharelink/sharelink_internal.h"
#include "trust/portal/portal.h"

/* ---- the list ---- */

static void
state_words(const struct page_cx *px, const struct share_link *link, struct share_line *line)
{
	switch (share_link_state(link, px->now)) {
	case SHARE_OPEN:
		line->open = true;
		line->state = TF1("Works until %1", px_date(px, link->ends));
		line->kind = STATUS_GOOD;
		break;
	case SHARE_RAN_OUT: line->state = TF1("Ran out on %1", px_date_full(px, link->ends)); break;
	case SHARE_ENDED: line->state = TF1("You ended it on %1", px_date_full(px, link->ended)); break;
	case SHARE_SHUT:
		line->state = T("Shut after too many wrong passcodes");
		line->kind = STATUS_WARNING;
		break;
	}
}

/* "Everything", or the parts by name. */
static str
choice_words(const struct page_cx *px, const struct share_link *link)
{
	struct buf out = BUF_INIT(px->arena);

	if (!link->classes)
		return T("Your whole health summary");
	for (int i = 0; i < RECORD_CLASSES; i++)
		if (link->classes & ((int64_t)1 << i))
			buf_printf(&out, "%s%.*s", out.n ? ", " : "",
			    STR_ARG(tr(px->lang, record_class_title((enum record_class)i))));
	return buf_str(&out);
}

static void
openings_of(
    const struct page_cx *px, const struct share_link *link, const struct db_rows *rows, struct share_line *line)
{
	const struct share_link_opening *openings = rows->items;
	str *words = ARENA_ARRAY(px->arena, str, rows->count + 1);

	for (size_t i = 0; i < rows->count; i++)
		if (uuid_equal(openings[i].link.v, link->id.v))
			words[line->opening_count++] =
			    TF2("%1: %2", px_date(px, openings[i].at), openings[i].recipient);
	line->openings = words;
}

fallible
get_share_links(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct share_links_page view = {0};
	struct db_rows rows, openings;
	const struct share_link *links;
	struct buf html = BUF_INIT(cx->arena);

	TRY(share_links(cx, &rows));
	TRY(share_link_openings(cx, &openings));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Share by link")), NULL, px));
	links = rows.items;
	view.count = rows.count;
	view.lines = ARENA_ARRAY(cx->arena, struct share_line, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		struct share_line *line = &view.lines[i];

		line->id = uuid_text(cx->arena, links[i].id.v);
		line->made = px_date_full(px, links[i].made);
		line->label = links[i].label.n ? links[i].label : TF1("Link of %1", line->made);
		line->what = choice_words(px, &links[i]);
		state_words(px, &links[i], line);
		openings_of(px, &links[i], &openings, line);
	}
	if (str_equal(request_query(rq, "done"), S("ended")))
		px->flash = T("Ended. The link opens nothing any more.");
	px->flash_kind = NOTICE_GOOD;
	page_share_links(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- making one ---- */

/* Parts that a summary has; the others would be empty. */
static const enum record_class summary_parts[] = {CLASS_MEDICINES, CLASS_ALLERGIES, CLASS_PROBLEMS, CLASS_IMMUNIZATIONS,
    CLASS_LABS, CLASS_VITALS, CLASS_PROCEDURES, CLASS_DEVICES, CLASS_PLANS};
#define PARTS (sizeof(summary_parts) / sizeof(summary_parts[0]))

static bool
is_chosen(struct request *rq, enum record_class class)
{
	struct http_pairs all = request_form_all(rq);

	for (size_t i = 0; i < all.count; i++)
		if (str_equal(all.items[i].name, S("part")) &&
		    str_equal(all.items[i].value, str_from_z(record_class_path(class))))
			return true;
	return false;
}

static fallible
show_new(struct cx *cx, struct request *rq, int status, struct share_new_page *view)
{
	struct page_cx page, *px = &page;
	struct share_part *parts = ARENA_ARRAY(cx->arena, struct share_part, PARTS);
	struct option *lastings = ARENA_ARRAY(cx->arena, struct option, 8);
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_OWN, &why));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Make a link")), NULL, px));
	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	for (size_t i = 0; i < PARTS; i++)
		parts[i] = (struct share_part){.title = tr(cx->lang, record_class_title(summary_parts[i])),
		    .value = str_from_z(record_class_path(summary_parts[i])),
		    .chosen = is_chosen(rq, summary_parts[i])};
	for (const struct share_lasting *lasting = share_lasting; lasting->ms; lasting++)
		lastings[view->lasting_count++] =
		    (struct option){.value = str_from_z(lasting->name), .label = tr(cx->lang, lasting->words)};
	view->parts = parts;
	view->part_count = PARTS;
	view->lastings = lastings;
	page_share_new(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_share_new(struct cx *cx, struct request *rq)
{
	return show_new(cx, rq, 200,
	    &(struct share_new_page){
		.key = uuid_text(cx->arena, uuid_new(cx->now)), .lasts = S("day"), .guard = S("made"), .whole = true});
}

static void
read_new(struct cx *cx, struct request *rq, struct share_new_page *view, struct share_link_new *in)
{
	*view = (struct share_new_page){.label = request_form(rq, "label"),
	    .lasts = request_form(rq, "lasts"),
	    .guard = request_form(rq, "guard"),
	    .whole = !str_equal(request_form(rq, "what"), S("parts"))};
	*in = (struct share_link_new){.label = view->label,
	    .choice = {.since = INSTANT_NONE, .until = INSTANT_NONE},
	    .origin = request_origin(rq)};
	if (!request_form_uuid(rq, "key", &in->key))
		in->key = uuid_new(cx->now);
	view->key = uuid_text(cx->arena, in->key);
	for (const struct share_lasting *lasting = share_lasting; lasting->ms; lasting++)
		if (str_equal(view->lasts, str_from_z(lasting->name)))
			in->lasts_ms = lasting->ms;
	for (size_t i = 0; i < PARTS && !view->whole; i++)
		if (is_chosen(rq, summary_parts[i]))
			in->choice.classes |= 1u << summary_parts[i];
	if (!view->whole && !in->choice.classes)
		form_error_add(cx->arena, &view->errors, S("what"), tr(cx->lang, TR("Choose at least one part.")));
	if (str_equal(view->guard, S("own")))
		in->passcode = request_form(rq, "passcode");
	else if (!str_equal(view->guard, S("none")))
		in->passcode = share_passcode_new(cx->arena);
	if (str_equal(view->guard, S("own")) && !in->passcode.n)
		form_error_add(cx->arena, &view->errors, S("passcode"), tr(cx->lang, TR("Write your passcode.")));
}

/* Once: link, QR code, and the passcode that was made. */
static fallible
show_made(struct cx *cx, struct request *rq, const struct share_link_new *in, bool own_passcode, str link)
{
	struct page_cx page, *px = &page;
	struct share_made_page view = {.link = link, .passcode = in->passcode, .own_passcode = own_passcode};
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Your link")), NULL, px));
	view.ends = px_date(px, instant_add_ms(cx->now, in->lasts_ms));
	TRY(qr_svg(cx->arena, link, &view.qr));
	page_share_made(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

fallible
post_share_new(struct cx *cx, struct request *rq)
{
	struct share_new_page view;
	struct share_link_new in;
	const struct err *error;
	struct page_cx px;
	str link;

	read_new(cx, rq, &view, &in);
	if (view.errors.count)
		return show_new(cx, rq, 400, &view);
	TRY(page_cx_for(cx, rq, S("Summary"), NULL, &px));
	error = share_link_make(cx, &px, &in, &link);
	if (!error)
		return show_made(cx, rq, &in, str_equal(view.guard, S("own")), link);
	if (error->code != ERR_INVALID && error->code != ERR_CONFLICT)
		return error;
	form_error_add(cx->arena, &view.errors, STR_NONE, tr(cx->lang, error->say));
	return show_new(cx, rq, error->code == ERR_CONFLICT ? 409 : 400, &view);
}

fallible
post_share_end(struct cx *cx, struct request *rq)
{
	share_link_id id;

	if (!request_param_uuid(rq, "link", &id.v))
		return LINK_GONE;
	TRY(share_link_end(cx, id));
	return respond_see_other(rq, S("/share-links?done=ended"));
}
