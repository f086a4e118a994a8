/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of teams: the list, one team with its members, hours, topics and panel, and closing it. */
#include "care/administration/administration_internal.h"

#define NUMBERS_MAX 500 /* record numbers pasted at one time */

static const enum message_category topics[] = {
    CATEGORY_GENERAL, CATEGORY_APPOINTMENT, CATEGORY_TEST_RESULT, CATEGORY_MEDICATION};
#define TOPICS (sizeof(topics) / sizeof(topics[0]))

/* ---- the list ---- */

fallible
get_teams(struct cx *cx, struct request *rq)
{
	struct teams_page view = {0};
	struct facility facility;
	struct page_cx px;
	struct buf html = BUF_INIT(cx->arena);
	struct db_rows rows, members;
	const struct team *team;

	TRY(facility_get(cx, cx->who.facility, &facility));
	TRY(team_list(cx, cx->who.facility, &rows));
	team = rows.items;
	view.facility = facility.name;
	view.teams = ARENA_ARRAY(cx->arena, struct team_row, rows.count);
	view.count = rows.count;
	for (size_t i = 0; i < rows.count; i++) {
		TRY(team_members(cx, team[i].id, &members));
		view.teams[i] = (struct team_row){.team = team[i],
		    .id = uuid_text(cx->arena, team[i].id.v),
		    .members = members.items,
		    .member_count = members.count};
		TRY(team_full_name(cx, &team[i], &view.teams[i].full_name));
	}
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Teams")), "/admin/teams", &px));
	page_teams(&html, &px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

/* ---- one team: what it is ---- */

static str
tick_name(struct arena *arena, const char *what, size_t i)
{
	return arena_printf(arena, "%s_%zu", what, i);
}

static bool
holds(const struct db_rows *rows, int64_t number)
{
	const int64_t *item = rows->items;

	for (size_t i = 0; i < rows->count; i++)
		if (item[i] == number)
			return true;
	return false;
}

static void
fill_ticks(struct cx *cx, struct team_page *view, const struct db_rows *taken, int64_t open_days)
{
	for (size_t i = 0; i < TOPICS; i++)
		view->topics[i] = (struct tick){tick_name(cx->arena, "topic", i),
		    message_category_words(cx->lang, topics[i]), holds(taken, topics[i])};
	view->topic_count = TOPICS;
	for (size_t day = 0; day < 7; day++)
		view->days[day] = (struct tick){
		    tick_name(cx->arena, "day", day), weekday_name(cx->lang, (int)day), (open_days >> day & 1) != 0};
}

static fallible
fill_stored(struct cx *cx, const struct team *team, struct team_page *view)
{
	struct db_rows taken;

	TRY(team_topics(cx, team->id, &taken));
	view->name = team->name;
	view->care = team->care;
	view->place = team->place;
	view->lead = uuid_is_none(team->lead.v) ? S("none") : uuid_text(cx->arena, team->lead.v);
	view->takes_messages = team->takes_messages;
	view->needs_signature = team->needs_signature;
	if (team->open_days) {
		view->open_from = clock_text(cx->arena, team->open_from);
		view->open_until = clock_text(cx->arena, team->open_until);
	}
	fill_ticks(cx, view, &taken, team->open_days);
	return NULL;
}

/* What the form says, into the view (to be shown again) and into the change. */
static void
read_form(struct cx *cx, struct request *rq, struct team_page *view, struct group_change *out)
{
	struct db_rows none = {0};

	view->name = out->team.name = str_trim(request_form(rq, "name"));
	view->care = out->team.care = str_trim(request_form(rq, "care"));
	view->place = out->team.place = str_trim(request_form(rq, "place"));
	view->lead = request_form(rq, "lead");
	if (!uuid_parse(view->lead, &out->team.lead.v))
		out->team.lead = (account_id){{{0}}};
	view->takes_messages = out->team.takes_messages = request_form(rq, "takes_messages").n > 0;
	view->needs_signature = out->team.needs_signature = request_form(rq, "needs_signature").n > 0;
	view->open_from = str_trim(request_form(rq, "open_from"));
	view->open_until = str_trim(request_form(rq, "open_until"));
	fill_ticks(cx, view, &none, 0);
	for (size_t i = 0; i < TOPICS; i++)
		if ((view->topics[i].on = request_form(rq, view->topics[i].name.p).n > 0))
			out->topics[out->topic_count++] = topics[i];
	for (size_t day = 0; day < 7; day++)
		if ((view->days[day].on = request_form(rq, view->days[day].name.p).n > 0))
			out->team.open_days |= 1 << day;
	/* What is no time becomes one that team_check refuses. */
	if (out->team.open_days && (!clock_parse(view->open_from, &out->team.open_from) ||
				       !clock_parse(view->open_until, &out->team.open_until)))
		out->team.open_from = out->team.open_until = -1;
}

/* ---- one team: who is in it ---- */

static struct option *
add_option(struct option *options, size_t *count, struct arena *arena, struct uuid id, str label)
{
	options[*count] = (struct option){.value = uuid_text(arena, id), .label = label};
	return &options[(*count)++];
}

static fallible
fill_members(struct cx *cx, const struct page_cx *px, const struct team *team, struct team_page *view)
{
	struct db_rows rows;
	const struct team_member *member;
	struct surrogate cover;
	bool away;

	TRY(team_members(cx, team->id, &rows));
	member = rows.items;
	view->members = ARENA_ARRAY(cx->arena, struct member_row, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		struct member_row *row = &view->members[view->member_count++];

		*row = (struct member_row){.name = member[i].name,
		    .role = str_from_z(staff_role_words((enum staff_role)member[i].role, cx->lang)),
		    .path = arena_printf(cx->arena, "%.*s/members/%.*s/remove", STR_ARG(view->path),
			STR_ARG(uuid_text(cx->arena, member[i].account.v)))};
		TRY(surrogate_of_account(cx, member[i].account, &cover, &away));
		if (away)
			row->away = TF2("away until %1; %2 stands in", px_date(px, cover.until), cover.by_name);
	}
	return NULL;
}

static bool
is_in(const struct team_page *view, str name)
{
	for (size_t i = 0; i < view->member_count; i++)
		if (str_contains(view->members[i].path, name))
			return true;
	return false;
}

static fallible
fill_staff(struct cx *cx, const struct page_cx *px, struct team_page *view)
{
	struct db_rows rows;
	const struct account *account;

	TRY(account_list(cx, cx->who.facility, &rows));
	account = rows.items;
	view->leads = ARENA_ARRAY(cx->arena, struct option, rows.count + 1);
	view->candidates = ARENA_ARRAY(cx->arena, struct option, rows.count + 1);
	view->leads[view->lead_count++] = (struct option){S("none"), T("Nobody in particular"), STR_NONE};
	for (size_t i = 0; i < rows.count; i++) {
		str label;

		if (!account[i].active || !(account[i].kind & WHO_CARE_TEAM))
			continue;
		label = arena_printf(
		    cx->arena, "%.*s, %s", STR_ARG(account[i].name), staff_role_words(account[i].role, cx->lang));
		add_option(view->leads, &view->lead_count, cx->arena, account[i].id.v, label);
		if (!is_in(view, uuid_text(cx->arena, account[i].id.v)))
			add_option(view->candidates, &view->candidate_count, cx->arena, account[i].id.v, label);
	}
	return NULL;
}

static fallible
fill_successors(struct cx *cx, const struct page_cx *px, const struct team *team, struct team_page *view)
{
	struct db_rows rows;
	const struct team *other;

	TRY(team_list(cx, cx->who.facility, &rows));
	other = rows.items;
	view->successors = ARENA_ARRAY(cx->arena, struct option, rows.count + 1);
	if (!view->unfinished)
		view->successors[view->successor_count++] =
		    (struct option){S("none"), T("No other team: nothing is unfinished"), STR_NONE};
	for (size_t i = 0; i < rows.count; i++)
		if (other[i].active && other[i].takes_messages && !uuid_equal(other[i].id.v, team->id.v))
			add_option(view->successors, &view->successor_count, cx->arena, other[i].id.v, other[i].name);
	return NULL;
}

static str
done_words(struct cx *cx, struct request *rq)
{
	static const struct {
		const char *done, *text;
	} rows[] = {
	    {"made", TR("The team was made. Add members next.")},
	    {"saved", TR("The team was saved.")},
	    {"added", TR("Added to the team.")},
	    {"removed", TR("Removed from the team. What they had taken is free for the others.")},
	    {"closed", TR("The team was closed.")},
	    {"patients", TR("The patients belong to the team now.")},
	};
	str done = request_query(rq, "done");

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_equal(done, str_from_z(rows[i].done)))
			return tr(cx->lang, rows[i].text);
	return STR_NONE;
}

/* `team` NULL: a new one. */
static fallible
show(struct cx *cx, struct request *rq, int status, const struct team *team, struct team_page *view)
{
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);

	db_refresh(cx);
	TRY(page_cx_for(cx, rq, team ? team->name : tr(cx->lang, TR("New team")), "/admin/teams", px));
	px->flash = done_words(cx, rq);
	px->flash_kind = NOTICE_GOOD;
	view->title = px->title;
	view->is_new = team == NULL;
	view->path = team ? arena_printf(cx->arena, "/admin/teams/%.*s", STR_ARG(uuid_text(cx->arena, team->id.v)))
	                  : S("/admin/teams/new");
	if (team) {
		view->is_active = team->active;
		TRY(team_full_name(cx, team, &view->full_name));
		TRY(team_panel_count(cx, team->id, &view->panel));
		TRY(messaging_unfinished(cx, team->id, &view->unfinished));
		TRY(fill_members(cx, px, team, view));
		TRY(fill_successors(cx, px, team, view));
	}
	TRY(fill_staff(cx, px, view));
	page_team(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

static fallible
find(struct cx *cx, struct request *rq, struct team *out)
{
	team_id id;

	if (!request_param_uuid(rq, "team", &id.v))
		return ERR(ERR_GONE,
		    TR("We could not find that. It may have been removed, or it is not shared with you."), "no uuid");
	return group_find(cx, id, out);
}

fallible
get_team_new(struct cx *cx, struct request *rq)
{
	struct team_page view = {.takes_messages = true, .lead = S("none")};
	struct db_rows none = {0};

	fill_ticks(cx, &view, &none, 0);
	return show(cx, rq, 200, NULL, &view);
}

fallible
get_team(struct cx *cx, struct request *rq)
{
	struct team_page view = {0};
	struct team team;

	TRY(find(cx, rq, &team));
	TRY(fill_stored(cx, &team, &view));
	return show(cx, rq, 200, &team, &view);
}

/* ---- deeds ---- */

/* Show the page again with what is wrong, or give the error on. */
static fallible
show_refusal(struct cx *cx, struct request *rq, const struct team *team, struct team_page *view, str field,
    const struct err *error)
{
	if (error->code != ERR_INVALID && error->code != ERR_CONFLICT)
		return error;
	form_error_add(cx->arena, &view->errors, field, tr(cx->lang, error->say));
	if (!view->name.p && team)
		TRY(fill_stored(cx, team, view));
	return show(cx, rq, error->code == ERR_CONFLICT ? 409 : 400, team, view);
}

static fallible
go_to_team(struct cx *cx, struct request *rq, team_id id, const char *done)
{
	return respond_see_other(
	    rq, arena_printf(cx->arena, "/admin/teams/%.*s?done=%s", STR_ARG(uuid_text(cx->arena, id.v)), done));
}

fallible
post_team_new(struct cx *cx, struct request *rq)
{
	struct team_page view = {0};
	struct group_change in = {0};
	const struct err *error;
	team_id id;

	read_form(cx, rq, &view, &in);
	error = group_make(cx, &in, &id);
	return error ? show_refusal(cx, rq, NULL, &view, STR_NONE, error) : go_to_team(cx, rq, id, "made");
}

fallible
post_team(struct cx *cx, struct request *rq)
{
	struct team_page view = {0};
	struct group_change in = {0};
	struct team team;
	const struct err *error;

	TRY(find(cx, rq, &team));
	read_form(cx, rq, &view, &in);
	in.team.id = team.id;
	error = group_save(cx, &in);
	return error ? show_refusal(cx, rq, &team, &view, STR_NONE, error) : go_to_team(cx, rq, team.id, "saved");
}

fallible
post_team_member(struct cx *cx, struct request *rq)
{
	struct team_page view = {0};
	struct team team;
	account_id account;
	const struct err *error;

	TRY(find(cx, rq, &team));
	error = request_form_uuid(rq, "account", &account.v)
	            ? group_add_member(cx, team.id, account)
	            : ERR(ERR_INVALID, TR("Choose somebody."), "no account chosen");
	return error ? show_refusal(cx, rq, &team, &view, S("account"), error) : go_to_team(cx, rq, team.id, "added");
}

fallible
post_team_member_remove(struct cx *cx, struct request *rq)
{
	struct team_page view = {0};
	struct team team;
	account_id account;
	const struct err *error;

	TRY(find(cx, rq, &team));
	if (!request_param_uuid(rq, "account", &account.v))
		return ERR(ERR_GONE, TR("There is no such account."), "no uuid");
	error = group_remove_member(cx, team.id, account);
	return error ? show_refusal(cx, rq, &team, &view, STR_NONE, error) : go_to_team(cx, rq, team.id, "removed");
}

fallible
post_team_close(struct cx *cx, struct request *rq)
{
	struct team_page view = {0};
	struct team team;
	team_id successor = {{{0}}};
	str typed = request_form(rq, "successor");
	const struct err *error;

	TRY(find(cx, rq, &team));
	error = str_equal(typed, S("none")) || uuid_parse(typed, &successor.v)
	            ? group_close(cx, team.id, successor)
	            : ERR(ERR_INVALID, TR("Choose the team that goes on."), "no successor chosen");
	return error ? show_refusal(cx, rq, &team, &view, S("successor"), error)
	             : go_to_team(cx, rq, team.id, "closed");
}

/* ---- adding patients by their numbers ---- */

/* Every line must name one patient; the lines that do not are told by their place, for a number may not be shown again in an
 * error that ends up in a log. */
static fallible
find_patients(struct cx *cx, str numbers, patient_id *out, size_t *count, str *unknown)
{
	struct buf lines = BUF_INIT(cx->arena);
	str rest = numbers, line;
	struct db_rows rows;
	int n = 0;

	*count = 0;
	while (rest.p) {
		rest = str_cut(rest, '\n', &line);
		line = str_trim(line);
		n++;
		if (!line.n)
			continue;
		if (*count == NUMBERS_MAX)
			return ERR(ERR_INVALID, TR("Give between 1 and 500 patients at a time."), "too many lines");
		TRY(patient_search_facility(cx, cx->who.facility, line, 2, &rows));
		if (rows.count == 1)
			out[(*count)++] = ((const struct patient *)rows.items)[0].id;
		else
			buf_printf(&lines, "%s%d", lines.n ? ", " : "", n);
	}
	*unknown = buf_str(&lines);
	return NULL;
}

fallible
post_team_panel(struct cx *cx, struct request *rq)
{
	struct team_page view = {
	    .numbers = request_form(rq, "numbers"), .reason = str_trim(request_form(rq, "reason"))};
	struct association like = {.reason = view.reason, .until = INSTANT_NONE};
	patient_id *patients = ARENA_ARRAY(cx->arena, patient_id, NUMBERS_MAX);
	size_t count;
	str unknown;
	struct team team;
	const struct err *error;

	TRY(find(cx, rq, &team));
	like.team = team.id;
	if (!str_to_int64(request_form(rq, "relation"), &like.relation))
		like.relation = -1;
	error = find_patients(cx, view.numbers, patients, &count, &unknown);
	if (!error && unknown.n)
		error = err_said(cx->arena, ERR_INVALID, "%.*s",
		    STR_ARG(tr_fill(cx->arena, cx->lang,
			tr(cx->lang, TR("Not exactly one patient fits these lines: %1. Nobody was added.")),
			(const struct tr_arg[]){TR_ARG(unknown)}, 1)));
	if (!error)
		error = panel_add(cx, &like, patients, count);
	return error ? show_refusal(cx, rq, &team, &view, S("numbers"), error)
	             : go_to_team(cx, rq, team.id, "patients");
}
