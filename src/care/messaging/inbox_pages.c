/* SPDX-License-Identifier: Apache-2.0 */
/* The team inbox.  Filters and page are in the address, so that going back finds the list as it was. */
#include "care/messaging/messaging_pages.h"

static const struct {
	const char *word, *label, *empty;
} filters[INBOX_FILTERS] = {
    [INBOX_OPEN] = {"open", TR("Open"), TR("Nothing is open. Well done.")},
    [INBOX_MINE] = {"mine", TR("Mine"), TR("You hold no conversation. Take one from the open ones.")},
    [INBOX_UNCLAIMED] = {"unclaimed", TR("Unclaimed"), TR("Everything open has somebody who handles it.")},
    [INBOX_DUE_TODAY] = {"due", TR("Due today"), TR("Nothing is due today.")},
    [INBOX_ESCALATED] = {"escalated", TR("Escalated"), TR("Nothing is late.")},
    [INBOX_WAITING] = {"waiting", TR("Waiting for an answer"), TR("Nobody waits for an answer.")},
    [INBOX_COMPLETED] = {"completed", TR("Completed"), TR("Nothing was completed yet.")},
    [INBOX_COPIES] = {"copies", TR("For information"), TR("Nobody sent you a conversation for information.")},
    [INBOX_REMINDERS] = {"reminders", TR("Reminders"), TR("You asked to be reminded of nothing.")},
};

/* Words of the address and names of the columns, of each order. */
static const struct {
	const char *word, *label;
} sorts[INBOX_SORTS] = {
    [SORT_URGENT] = {"urgent", TR("State")},
    [SORT_DUE] = {"due", TR("Due")},
    [SORT_AGE] = {"age", TR("Since")},
    [SORT_KIND] = {"kind", TR("Kind")},
    [SORT_OWNER] = {"owner", TR("Handled by")},
};

struct inbox_state {
	enum inbox_filter filter;
	team_id team;
	int64_t page;
	enum inbox_sort sort;
};

enum inbox_sort
inbox_sort_of(str word)
{
	for (int i = 0; i < INBOX_SORTS; i++)
		if (str_equal(word, str_from_z(sorts[i].word)))
			return (enum inbox_sort)i;
	return SORT_URGENT;
}

const char *
inbox_sort_word(enum inbox_sort sort)
{
	return sorts[sort].word;
}

static struct inbox_state
state_of(struct request *rq)
{
	struct inbox_state state = {.page = 1};
	int64_t page;
	str show = request_query(rq, "show");

	for (int i = 0; i < INBOX_FILTERS; i++)
		if (str_equal(show, str_from_z(filters[i].word)))
			state.filter = (enum inbox_filter)i;
	state.sort = inbox_sort_of(request_query(rq, "sort"));
	uuid_parse(request_query(rq, "team"), &state.team.v);
	if (str_to_int64(request_query(rq, "page"), &page) && page >= 1 && page < 100000)
		state.page = page;
	return state;
}

static str
inbox_query_text(struct cx *cx, struct inbox_state state)
{
	struct buf out = BUF_INIT(cx->arena);

	buf_printf(&out, "show=%s", filters[state.filter].word);
	if (!uuid_is_none(state.team.v)) {
		buf_add_z(&out, "&team=");
		buf_add_uuid(&out, state.team.v);
	}
	if (state.sort != SORT_URGENT)
		buf_printf(&out, "&sort=%s", sorts[state.sort].word);
	if (state.page > 1)
		buf_printf(&out, "&page=%lld", (long long)state.page);
	return buf_str(&out);
}

static str
inbox_path(struct cx *cx, struct inbox_state state)
{
	return arena_printf(cx->arena, "/inbox?%.*s", STR_ARG(inbox_query_text(cx, state)));
}

/* Names of people in a list, each looked up once. */
struct names {
	LIST(struct named {
		struct uuid id;
		str name;
	})
	known;
};

static fallible
name_of(struct cx *cx, struct names *names, struct uuid id, bool is_patient, str *out)
{
	struct patient patient;
	struct account account;

	for (size_t i = 0; i < names->known.count; i++)
		if (uuid_equal(names->known.items[i].id, id)) {
			*out = names->known.items[i].name;
			return NULL;
		}
	if (is_patient) {
		TRY(patient_get(cx, (patient_id){id}, &patient));
		*out = patient.name;
	} else {
		TRY(account_get(cx, (account_id){id}, &account));
		*out = account.name;
	}
	*LIST_ADD(cx->arena, &names->known) = (struct named){id, *out};
	return NULL;
}

static str
team_name(const struct db_rows *teams, team_id id)
{
	const struct team *team = teams->items;

	for (size_t i = 0; i < teams->count; i++)
		if (uuid_equal(team[i].id.v, id.v))
			return team[i].name;
	return STR_NONE;
}

static str
owner_words(const struct page_cx *px, const struct thread *thread, str name, account_id me)
{
	if (!name.p)
		return thread->status == THREAD_COMPLETE ? STR_NONE : T("nobody yet");
	if (uuid_equal(thread->owner.v, me.v))
		return T("you");
	return thread_is_held_by_other(thread, me, px->now) ? TF1("%1 is answering", name) : name;
}

static fallible
fill_rows(struct cx *cx, const struct page_cx *px, const struct db_rows *threads, const struct db_rows *teams,
    struct inbox_state state, struct inbox_page *view)
{
	const struct thread *thread = threads->items;
	struct names names = {0};
	str query = inbox_query_text(cx, state);

	view->rows = ARENA_ARRAY(cx->arena, struct inbox_row, threads->count);
	for (view->count = 0; view->count < threads->count; view->count++) {
		const struct thread *t = &thread[view->count];
		struct inbox_row *row = &view->rows[view->count];
		str owner = STR_NONE, speaker;

		TRY(name_of(cx, &names, t->patient.v, true, &row->who));
		if (!uuid_is_none(t->spoken_by.v)) {
			TRY(name_of(cx, &names, t->spoken_by.v, false, &speaker));
			row->who = TF2("%1 for %2", speaker, row->who);
		}
		if (!uuid_is_none(t->owner.v))
			TRY(name_of(cx, &names, t->owner.v, false, &owner));
		row->path =
		    arena_printf(cx->arena, "/inbox/%.*s?%.*s", STR_ARG(uuid_text(cx->arena, t->id.v)), STR_ARG(query));
		row->subject = t->subject;
		row->category = message_category_words(cx->lang, t->category);
		row->team = team_name(teams, t->team);
		row->owner = owner_words(px, t, owner, cx->who.account);
		row->status = duty_words(px, t);
		row->age = age_words(px, thread_answer_is_owed(t) ? t->round_at : t->last_at);
		row->unread = t->unread > 0;
	}
	return NULL;
}

static void
fill_filters(struct cx *cx, struct inbox_state state, const int64_t counts[INBOX_FILTERS], const struct db_rows *teams,
    struct inbox_page *view)
{
	const struct team *team = teams->items;

	for (int i = 0; i < INBOX_FILTERS; i++)
		view->filters[i] = (struct inbox_filter_row){
		    inbox_path(cx, (struct inbox_state){(enum inbox_filter)i, state.team, 1, state.sort}),
		    tr(cx->lang, filters[i].label), counts[i], i == (int)state.filter};
	view->teams = ARENA_ARRAY(cx->arena, struct inbox_filter_row, teams->count + 1);
	view->teams[0] = (struct inbox_filter_row){
	    inbox_path(cx, (struct inbox_state){.filter = state.filter, .page = 1, .sort = state.sort}),
	    tr(cx->lang, TR("All my teams")), 0, uuid_is_none(state.team.v)};
	for (size_t i = 0; i < teams->count; i++)
		view->teams[i + 1] = (struct inbox_filter_row){
		    inbox_path(cx, (struct inbox_state){state.filter, team[i].id, 1, state.sort}), team[i].name, 0,
		    uuid_equal(team[i].id.v, state.team.v)};
	for (int i = 0; i < INBOX_SORTS; i++)
		view->sorts[i] = (struct inbox_filter_row){
		    inbox_path(cx, (struct inbox_state){state.filter, state.team, 1, (enum inbox_sort)i}),
		    tr(cx->lang, sorts[i].label), 0, i == (int)state.sort};
	view->sorted = state.filter < INBOX_COMPLETED; /* the others have an order of their own */
	view->team_count = teams->count > 1 ? teams->count + 1 : 0;
	view->show_team = teams->count > 1 && uuid_is_none(state.team.v);
}

/* ---- lists that a person keeps ---- */

static fallible
show_inbox(struct cx *cx, struct request *rq, int status, struct inbox_state state, const struct err *refused);

/* The kept lists; `first`: the address of the one to begin with, absent for none. */
static fallible
fill_views(struct cx *cx, struct inbox_state state, struct inbox_page *view, str *first)
{
	struct db_rows rows;
	const struct inbox_view *kept;
	str query = inbox_query_text(cx, (struct inbox_state){state.filter, state.team, 1, state.sort});

	TRY(inbox_view_list(cx, &rows));
	kept = rows.items;
	view->views = ARENA_ARRAY(cx->arena, struct inbox_view_row, rows.count);
	view->view_count = rows.count;
	*first = STR_NONE;
	for (size_t i = 0; i < rows.count; i++) {
		str path = arena_printf(cx->arena, "/inbox?%.*s", STR_ARG(kept[i].query));

		view->views[i] = (struct inbox_view_row){.path = path,
		    .name = kept[i].name,
		    .drop =
			arena_printf(cx->arena, "/inbox/views/%.*s/drop", STR_ARG(uuid_text(cx->arena, kept[i].id))),
		    .current = str_equal(kept[i].query, query)};
		if (kept[i].first)
			*first = path;
	}
	return NULL;
}

fallible
post_view(struct cx *cx, struct request *rq)
{
	struct inbox_state state = state_of(rq);
	str first = request_form(rq, "first");
	const struct err *error;

	state.page = 1;
	error = inbox_view_keep(cx, request_form(rq, "view_name"), inbox_query_text(cx, state), first.n > 0);
	if (error && error->code == ERR_INVALID)
		return show_inbox(cx, rq, 400, state, error);
	TRY(error);
	return respond_see_other(rq, arena_printf(cx->arena, "%.*s&done=view", STR_ARG(inbox_path(cx, state))));
}

fallible
post_view_drop(struct cx *cx, struct request *rq)
{
	struct uuid id;

	if (!request_param_uuid(rq, "view", &id))
		return NOT_FOUND;
	TRY(inbox_view_drop(cx, id));
	return respond_see_other(rq, S("/inbox?show=open&done=view-dropped"));
}

fallible
post_typing(struct cx *cx, struct request *rq)
{
	thread_id id;

	TRY(request_thread(rq, &id));
	TRY(thread_typing(cx, id));
	return respond(rq, 204, NULL, STR_NONE);
}

fallible
get_inbox(struct cx *cx, struct request *rq)
{
	return show_inbox(cx, rq, 200, state_of(rq), NULL);
}

/* Of what is not counted, as many as are known: those up to this one, and the next. */
static int64_t
pages_of(struct inbox_state state, int64_t count, bool more)
{
	return count == INBOX_NOT_COUNTED ? state.page + more : (count + INBOX_PER_PAGE - 1) / INBOX_PER_PAGE;
}

/* `refused`: why the list was not kept; NULL: nothing was refused. */
static fallible
show_inbox(struct cx *cx, struct request *rq, int status, struct inbox_state state, const struct err *refused)
{
	struct page_cx page, *px = &page;
	struct inbox_page view = {.page = state.page, .path = inbox_path(cx, state)};
	str first;
	int64_t counts[INBOX_FILTERS];
	struct db_rows threads, teams;
	struct uuid completed;
	struct buf html = BUF_INIT(cx->arena);

	TRY(fill_views(cx, state, &view, &first));
	if (first.p && status == 200 && request_query_all(rq).count == 0)
		return respond_see_other(rq, first);
	if (refused)
		form_error_add(cx->arena, &view.errors, S("view_name"), tr(cx->lang, refused->say));
	view.keep = arena_printf(cx->arena, "/inbox/views?%.*s", STR_ARG(inbox_query_text(cx, state)));
	TRY(page_cx_for(cx, rq, STR_NONE, "/inbox", px));
	TRY(teams_of_account(cx, cx->who.account, &teams));
	TRY(inbox_counts(cx, state.team, counts));
	TRY(inbox_list(cx,
	    &(struct inbox_query){.filter = state.filter,
		.team = state.team,
		.offset = (state.page - 1) * INBOX_PER_PAGE,
		.count_max = INBOX_PER_PAGE + 1,
		.sort = state.sort},
	    &threads));
	view.pages = pages_of(state, counts[state.filter], threads.count > INBOX_PER_PAGE);
	if (threads.count > INBOX_PER_PAGE)
		threads.count = INBOX_PER_PAGE;
	TRY(fill_rows(cx, px, &threads, &teams, state, &view));
	fill_filters(cx, state, counts, &teams, &view);
	view.base = inbox_path(cx, (struct inbox_state){state.filter, state.team, 1, state.sort});
	view.empty = teams.count ? tr(cx->lang, filters[state.filter].empty)
	                         : tr(cx->lang, TR("You are in no team yet. An administrator adds you."));
	px->title = counts[INBOX_DUE_TODAY]
	                ? TN("Inbox: %1 to answer today", "Inbox: %1 to answer today", counts[INBOX_DUE_TODAY])
	                : TN("Inbox: %1 open", "Inbox: %1 open", counts[INBOX_OPEN]);
	px->flash = flash_for(cx, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	if (uuid_parse(request_query(rq, "completed"), &completed))
		view.undo = arena_printf(cx->arena, "/inbox/%.*s/reopen", STR_ARG(uuid_text(cx->arena, completed)));
	if (view.errors.count)
		px->title = TF1("Error: %1", px->title);
	page_inbox(&html, px, &view);
	return respond_page(rq, status, buf_str(&html));
}
