/* SPDX-License-Identifier: Apache-2.0 */
/* What the care team did with an entry, said on it: seen, commented on; and the form of a comment. */
#include "care/journal/journal_comment.h"
#include "care/journal/journal_pages_internal.h"
#include "care/messaging/messaging.h"

/* ---- on the entry ---- */

static fallible
fill_seen(struct cx *cx, const struct page_cx *px, const struct journal_entry *entry, struct journal_entry_page *view)
{
	struct account account;
	account_id by;
	instant at;
	bool found;

	TRY(journal_seen_row_after(
	    cx, view->scope->patient, view->scope->log->number, entry->updated, &at, &by, &found));
	if (!found)
		return NULL;
	TRY(account_get(cx, by, &account));
	view->seen = TF2("%1, %2", account.name, px_date(px, at));
	return NULL;
}

/* Whoever may not read messages learns that somebody wrote, not where. */
static fallible
fill_comments(
    struct cx *cx, const struct page_cx *px, const struct journal_entry *entry, struct journal_entry_page *view)
{
	const struct journal_scope *scope = view->scope;
	const struct journal_comment *comments;
	struct journal_comment_line *lines;
	struct db_rows rows;
	unsigned rights;
	bool may_open;

	TRY(access_rights_acting(cx, &rights));
	may_open = scope->standing.why != ACCESS_DELEGATE || (rights & RIGHT_MESSAGES_READ);
	TRY(journal_comments_of(cx, scope->patient, scope->log, entry->key, &rows));
	comments = rows.items;
	lines = ARENA_ARRAY(cx->arena, struct journal_comment_line, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		struct account account;

		TRY(account_get(cx, comments[i].account, &account));
		lines[i].words = TF2("%1 wrote about this entry, %2", account.name, px_date(px, comments[i].at));
		if (may_open)
			lines[i].path = arena_printf(cx->arena, scope->own ? "/messages/%.*s" : "/inbox/%.*s",
			    STR_ARG(uuid_text(cx->arena, comments[i].thread)));
	}
	view->comments = lines;
	view->comment_count = rows.count;
	return NULL;
}

fallible
journal_team_words(
    struct cx *cx, const struct page_cx *px, const struct journal_entry *entry, struct journal_entry_page *view)
{
	TRY(fill_seen(cx, px, entry, view));
	TRY(fill_comments(cx, px, entry, view));
	if (!view->scope->own)
		view->comment_path = arena_printf(
		    cx->arena, "%.*s/entries/%.*s/comment", STR_ARG(view->scope->path), STR_ARG(entry->id));
	return NULL;
}

/* ---- in the list ---- */

fallible
journal_comment_marks(struct cx *cx, const struct journal_scope *scope, const struct journal_entry *entries,
    struct journal_line *lines, size_t count)
{
	const struct journal_comment *comments;
	struct db_rows rows;

	TRY(journal_comments_of(cx, scope->patient, scope->log, (struct uuid){{0}}, &rows));
	comments = rows.items;
	for (size_t i = 0; i < count; i++)
		for (size_t c = 0; c < rows.count && !lines[i].has_comment; c++)
			lines[i].has_comment = uuid_equal(comments[c].entry, entries[i].key);
	return NULL;
}

/* ---- the form ---- */

/* The caller's teams that the patient can answer. */
static fallible
fill_teams(struct cx *cx, patient_id patient, struct journal_comment_page *view)
{
	const struct team *all;
	struct option *teams;
	struct db_rows rows;
	bool is_member;

	TRY(teams_of_patient(cx, patient, true, &rows));
	all = rows.items;
	teams = ARENA_ARRAY(cx->arena, struct option, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		TRY(team_has_member(cx, all[i].id, cx->who.account, &is_member));
		if (is_member)
			teams[view->team_count++] =
			    (struct option){uuid_text(cx->arena, all[i].id.v), all[i].name, all[i].care};
	}
	view->teams = teams;
	if (!view->team.n && view->team_count)
		view->team = teams[0].value;
	return NULL;
}

static fallible
open_comment(struct cx *cx, struct request *rq, struct journal_scope *scope, struct page_cx *px,
    struct journal_entry *entry, struct journal_comment_page *view)
{
	TRY(journal_scope_open(cx, rq, tr(cx->lang, TR("Comment on an entry")), scope, px));
	TRY(journal_entry_get(cx, scope->patient, scope->log, request_param(rq, "entry"), entry));
	view->scope = scope;
	view->title = journal_title(px, entry);
	view->when = journal_when(px, entry);
	view->back = arena_printf(cx->arena, "%.*s/entries/%.*s", STR_ARG(scope->path), STR_ARG(entry->id));
	return fill_teams(cx, scope->patient, view);
}

static fallible
show_comment(struct cx *cx, struct request *rq, int status, struct page_cx *px, const struct journal_comment_page *view)
{
	struct buf html = BUF_INIT(cx->arena);

	if (view->errors.count)
		px->title = TF1("Error: %1", px->title);
	page_journal_comment(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_journal_comment(struct cx *cx, struct request *rq)
{
	struct journal_comment_page view = {.key = uuid_text(cx->arena, uuid_new(cx->now))};
	struct journal_scope scope;
	struct journal_entry entry;
	struct page_cx px;

	TRY(open_comment(cx, rq, &scope, &px, &entry, &view));
	return show_comment(cx, rq, 200, &px, &view);
}

fallible
post_journal_comment(struct cx *cx, struct request *rq)
{
	struct journal_comment_page view = {
	    .key = request_form(rq, "key"), .team = request_form(rq, "team"), .body = request_form(rq, "body")};
	struct journal_comment_new in = {.body = view.body};
	struct journal_scope scope;
	struct journal_entry entry;
	struct page_cx page, *px = &page;
	const struct err *error = NULL;

	TRY(open_comment(cx, rq, &scope, px, &entry, &view));
	if (!request_form_uuid(rq, "key", &in.key) || !uuid_parse(view.team, &in.team.v))
		error = ERR(ERR_INVALID, TR("Choose a team."), "a comment without a team");
	in.patient = scope.patient;
	in.log = scope.log;
	in.entry = entry.id;
	in.subject = TF1("About your entry: %1", view.title);
	if (!error)
		error = journal_comment_add(cx, &in);
	if (!error)
		return respond_see_other(rq, arena_printf(cx->arena, "%.*s?done=commented", STR_ARG(view.back)));
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors, S("body"), tr(cx->lang, error->say));
	return show_comment(cx, rq, 400, px, &view);
}
