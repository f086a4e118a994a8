/* SPDX-License-Identifier: Apache-2.0 */
/* The search over the whole mailbox: a form that is also an address, so that going back finds it again. */
#include "care/messaging/mailbox_pages.h"
#include "platform/format/uri.h"

/* "2026-03-05" as the first instant of that day where the facility stands; false for what is no day. */
static bool
day_of(const struct page_cx *px, str text, int plus, instant *out)
{
	const struct zone *zone = px->zone ? px->zone : zone_utc();
	int64_t year, month, day;
	struct civil_date date;
	str rest, piece;

	rest = str_cut(text, '-', &piece);
	if (piece.n != 4 || !str_to_int64(piece, &year))
		return false;
	rest = str_cut(rest, '-', &piece);
	if (!str_to_int64(piece, &month) || !str_to_int64(rest, &day) || year < 1900 || month < 1 || month > 12 ||
	    day < 1 || day > 31)
		return false;
	date = (struct civil_date){(int)year, (int)month, (int)day};
	*out = zone_instant(zone, (struct civil_time){.date = civil_date_from_days(civil_date_to_days(date) + plus)});
	return true;
}

static void
read_dates(const struct page_cx *px, struct search_page *view, struct message_query *query)
{
	query->from = query->until = INSTANT_NONE;
	if (view->from.n && !day_of(px, view->from, 0, &query->from))
		form_error_add(px->arena, &view->errors, S("from"), T("Give a date like 2026-03-05."));
	if (view->until.n && !day_of(px, view->until, 1, &query->until))
		form_error_add(px->arena, &view->errors, S("until"), T("Give a date like 2026-03-05."));
	if (!view->errors.count && view->from.n && view->until.n && !instant_before(query->from, query->until))
		form_error_add(px->arena, &view->errors, S("until"), T("The last day comes before the first."));
}

static void
read_query(struct request *rq, const struct page_cx *px, struct search_page *view, struct message_query *query)
{
	enum message_category category;
	str before;

	*view = (struct search_page){.words = request_query(rq, "q"),
	    .sender = request_query(rq, "sender"),
	    .team = request_query(rq, "team"),
	    .category = request_query(rq, "category"),
	    .side = request_query(rq, "side"),
	    .from = request_query(rq, "from"),
	    .until = request_query(rq, "until"),
	    .has_file = request_query(rq, "files").n > 0};
	view->searched = view->words.n || view->sender.n || view->team.n || view->category.n || view->side.n ||
	                 view->from.n || view->until.n || view->has_file;
	*query = (struct message_query){.words = view->words,
	    .sender = view->sender,
	    .category = message_category_parse(view->category, &category) ? (int64_t)category : -1,
	    .side = str_equal(view->side, S("me"))     ? SIDE_PATIENT
	            : str_equal(view->side, S("team")) ? SIDE_TEAM
	                                               : 0,
	    .has_file = view->has_file,
	    .before = INSTANT_NONE};
	uuid_parse(view->team, &query->team.v);
	read_dates(px, view, query);
	before = request_query(rq, "before");
	if (before.n && (!str_to_int64(str_take(before, before.n > 37 ? before.n - 37 : 0), &query->before.ms) ||
			    !uuid_parse(str_drop(before, before.n - 36), &query->before_id)))
		query->before = INSTANT_NONE;
}

/* Where the same search goes on. */
static str
older_path(const struct page_cx *px, const struct search_page *v, const struct search_result *result)
{
	const struct {
		const char *name;
		str value;
	} parts[] = {{"q", v->words}, {"sender", v->sender}, {"team", v->team}, {"category", v->category},
	    {"side", v->side}, {"from", v->from}, {"until", v->until}, {"files", v->has_file ? S("yes") : S("")}};
	struct buf out = BUF_INIT(px->arena);

	buf_add(&out, S("/messages/search?"));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].value.n) {
			buf_printf(&out, "%s=", parts[i].name);
			uri_encode(&out, parts[i].value);
			buf_add_char(&out, '&');
		}
	buf_printf(
	    &out, "before=%lld-%.*s", (long long)result->last.ms, STR_ARG(uuid_text(px->arena, result->last_id)));
	return buf_str(&out);
}

static fallible
run(struct cx *cx, const struct page_cx *px, const struct message_query *query, struct search_page *view)
{
	struct search_result result;
	struct team team = {0};

	TRY(messages_search(cx, query, &result));
	view->count = result.count;
	view->rows = ARENA_ARRAY(cx->arena, struct found_row, result.count);
	for (size_t i = 0; i < result.count; i++) {
		const struct found *f = &result.items[i];

		if (!uuid_equal(team.id.v, f->team.v))
			TRY(team_get(cx, f->team, &team));
		view->rows[i] = (struct found_row){
		    .path = arena_printf(cx->arena, "/messages/%.*s", STR_ARG(uuid_text(cx->arena, f->thread.v))),
		    .subject = f->subject,
		    .who = uuid_equal(f->author.v, cx->who.account.v) && !f->by_delegate ? T("You") : f->author_name,
		    .team = team.name,
		    .extract = f->extract,
		    .at = f->sent,
		    .has_file = f->file_count > 0};
	}
	if (result.more)
		view->older = older_path(px, view, &result);
	return NULL;
}

/* Teams with which there are conversations, former ones too. */
static fallible
fill_choices(struct cx *cx, const struct page_cx *px, struct search_page *view)
{
	const struct option *categories = category_options(px);
	struct db_rows rows;
	const struct team *team;

	TRY(thread_teams(cx, &rows));
	team = rows.items;
	view->teams = ARENA_ARRAY(cx->arena, struct option, rows.count + 1);
	view->teams[view->team_count++] = (struct option){.value = S(""), .label = T("Any team")};
	for (size_t i = 0; i < rows.count; i++)
		view->teams[view->team_count++] =
		    (struct option){.value = uuid_text(cx->arena, team[i].id.v), .label = team[i].name};
	view->categories[0] = (struct option){.value = S(""), .label = T("Anything")};
	for (size_t i = 0; i < CATEGORIES; i++)
		view->categories[i + 1] = categories[i];
	return NULL;
}

fallible
get_search(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct search_page view;
	struct message_query query;
	struct buf html = BUF_INIT(cx->arena);
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_MESSAGES_READ, &why));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Search your messages")), "/messages", px));
	read_query(rq, px, &view, &query);
	TRY(fill_choices(cx, px, &view));
	if (view.searched && !view.errors.count)
		TRY(run(cx, px, &query, &view));
	if (view.errors.count)
		px->title = TF1("Error: %1", px->title);
	else if (view.searched)
		px->title = TN("Search: %1 message found", "Search: %1 messages found", (int64_t)view.count);
	page_search(&html, px, &view);
	return respond_page(rq, view.errors.count ? 400 : 200, buf_str(&html));
}
