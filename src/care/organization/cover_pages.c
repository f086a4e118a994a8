/* SPDX-License-Identifier: Apache-2.0 */
/* The page of who is away and who stands in: everybody on the staff sees it, because everybody who gives work to somebody must
 * know.  One says it of oneself and of one's teams; coordinators say it of anybody. */
#include "care/organization/organization_pages.h"

#define IS_OFFICE(cx) (((cx)->who.is & (WHO_COORDINATOR | WHO_ADMINISTRATOR)) != 0)

/* ---- choices: "a" and an account's id, "t" and a team's ---- */

struct choices {
	struct option *items;
	size_t count;
};

static void
add_choice(struct choices *choices, struct arena *arena, char kind, struct uuid id, str label)
{
	choices->items[choices->count++] =
	    (struct option){arena_printf(arena, "%c%.*s", kind, STR_ARG(uuid_text(arena, id))), label, STR_NONE};
}

static bool
read_choice(str value, account_id *account, team_id *team)
{
	if (str_starts(value, S("a")))
		return uuid_parse(str_drop(value, 1), &account->v);
	return str_starts(value, S("t")) && uuid_parse(str_drop(value, 1), &team->v);
}

static fallible
fill_choices(struct cx *cx, const struct page_cx *px, struct cover_page *view)
{
	struct choices away = {0}, by = {0};
	struct db_rows staff, teams;
	const struct account *one;
	const struct team *team;
	bool is_own;

	TRY(account_list(cx, cx->who.facility, &staff));
	TRY(team_list(cx, cx->who.facility, &teams));
	away.items = ARENA_ARRAY(cx->arena, struct option, staff.count + teams.count);
	by.items = ARENA_ARRAY(cx->arena, struct option, staff.count + teams.count);
	one = staff.items;
	for (size_t i = 0; i < staff.count; i++) {
		if (!one[i].active || !(one[i].kind & WHO_CARE_TEAM))
			continue;
		is_own = uuid_equal(one[i].id.v, cx->who.account.v);
		if (is_own || IS_OFFICE(cx))
			add_choice(&away, cx->arena, 'a', one[i].id.v, is_own ? T("I am away") : one[i].name);
		if (!is_own)
			add_choice(&by, cx->arena, 'a', one[i].id.v, one[i].name);
	}
	team = teams.items;
	for (size_t i = 0; i < teams.count; i++) {
		if (!team[i].active)
			continue;
		TRY(team_has_member(cx, team[i].id, cx->who.account, &is_own));
		if (is_own || IS_OFFICE(cx))
			add_choice(&away, cx->arena, 't', team[i].id.v, TF1("the whole team: %1", team[i].name));
		add_choice(&by, cx->arena, 't', team[i].id.v, TF1("a whole team: %1", team[i].name));
	}
	view->aways = away.items;
	view->away_count = away.count;
	view->bys = by.items;
	view->by_count = by.count;
	return NULL;
}

/* ---- showing ---- */

static fallible
may_end(struct cx *cx, const struct surrogate *s, bool *out)
{
	*out = IS_OFFICE(cx) || uuid_equal(s->account.v, cx->who.account.v);
	if (*out || uuid_is_none(s->team.v))
		return NULL;
	return team_has_member(cx, s->team, cx->who.account, out);
}

static fallible
fill_rows(struct cx *cx, const struct page_cx *px, struct cover_page *view)
{
	struct db_rows rows;
	const struct surrogate *s;
	bool may;

	TRY(surrogate_list(cx, cx->who.facility, &rows));
	s = rows.items;
	view->rows = ARENA_ARRAY(cx->arena, struct cover_row, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		struct cover_row *row = &view->rows[view->count++];

		TRY(may_end(cx, &s[i], &may));
		*row = (struct cover_row){.away = s[i].away_name,
		    .by = s[i].by_name,
		    .since = s[i].all_day ? px_day(px, s[i].since) : px_date(px, s[i].since),
		    .until = s[i].all_day ? px_day(px, instant_add_ms(s[i].until, -1)) : px_date(px, s[i].until),
		    .now = !instant_before(cx->now, s[i].since)};
		if (may)
			row->path = arena_printf(cx->arena, "/cover/%.*s/end", STR_ARG(uuid_text(cx->arena, s[i].id)));
	}
	return NULL;
}

static fallible
show(struct cx *cx, struct request *rq, int status, struct cover_page *view)
{
	struct page_cx page, *px = &page;
	struct buf html = BUF_INIT(cx->arena);
	str done = request_query(rq, "done");

	db_refresh(cx);
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Who is away")), NULL, px));
	if (str_equal(done, S("made")))
		px->flash = T("Kept. Who stands in sees everything for that time, and nothing changes hands.");
	if (str_equal(done, S("ended")))
		px->flash = T("Ended.");
	px->flash_kind = NOTICE_GOOD;
	TRY(fill_rows(cx, px, view));
	TRY(fill_choices(cx, px, view));
	page_cover(&html, px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_cover(struct cx *cx, struct request *rq)
{
	struct cover_page view = {0};

	return show(cx, rq, 200, &view);
}

/* ---- deeds ---- */

static bool
number_within(str text, int64_t least, int64_t most, int64_t *out)
{
	return str_to_int64(str_trim(text), out) && *out >= least && *out <= most;
}

static bool
read_day(struct request *rq, const char *year, const char *month, const char *day, int32_t *out)
{
	int64_t y, m, d;

	if (!number_within(request_form(rq, year), 1, 9999, &y) || !number_within(request_form(rq, month), 1, 12, &m) ||
	    !number_within(request_form(rq, day), 1, 31, &d) || !civil_date_is_valid((int)y, (int)m, (int)d))
		return false;
	*out = civil_date_to_days((struct civil_date){(int16_t)y, (int8_t)m, (int8_t)d});
	return true;
}

/* A time of that day, "8:30". */
static bool
read_time(const struct zone *zone, int32_t day, str text, instant *out)
{
	str hour, minute = str_cut(text, ':', &hour);
	int64_t h, m;

	if (!number_within(hour, 0, 23, &h) || minute.n != 2 || !number_within(minute, 0, 59, &m))
		return false;
	*out = zone_instant(
	    zone, (struct civil_time){.date = civil_date_from_days(day), .hour = (int8_t)h, .minute = (int8_t)m});
	return true;
}

/* The times of each week; `out` has room for SURROGATE_WEEKS_MAX. */
static fallible
read_times(struct cx *cx, struct request *rq, const struct cover_page *view, struct surrogate *out, size_t *count)
{
	struct facility facility;
	const struct zone *zone;
	int32_t first, last;
	int64_t weeks = 1;

	TRY(facility_get(cx, cx->who.facility, &facility));
	TRY(zone_find(facility.zone, &zone));
	if (!read_day(rq, "since.year", "since.month", "since.day", &first) ||
	    !read_day(rq, "until.year", "until.month", "until.day", &last))
		return ERR(ERR_INVALID, TR("Give the first and the last day, such as 12 24 2026."), "no such day");
	if (view->weeks.n && !number_within(view->weeks, 1, SURROGATE_WEEKS_MAX, &weeks))
		return ERR(ERR_INVALID, TR("Give the number of weeks, from 1 to 26."), "no such number of weeks");
	for (int32_t i = 0; i < weeks; i++) {
		surrogate_days(zone, first + 7 * i, last + 7 * i, &out[i].since, &out[i].until);
		out[i].all_day = !view->since_time.n && !view->until_time.n;
		if ((view->since_time.n && !read_time(zone, first + 7 * i, view->since_time, &out[i].since)) ||
		    (view->until_time.n && !read_time(zone, last + 7 * i, view->until_time, &out[i].until)))
			return ERR(ERR_INVALID, TR("Give a time as in 8:30, or leave it empty for whole days."),
			    "no such time");
	}
	*count = (size_t)weeks;
	return NULL;
}

static str
typed_day(struct cx *cx, struct request *rq, const char *year, const char *month, const char *day)
{
	return field_date_value(cx->arena, request_form(rq, year), request_form(rq, month), request_form(rq, day));
}

fallible
post_cover(struct cx *cx, struct request *rq)
{
	struct cover_page view = {.away = request_form(rq, "away"),
	    .by = request_form(rq, "by"),
	    .since = typed_day(cx, rq, "since.year", "since.month", "since.day"),
	    .until = typed_day(cx, rq, "until.year", "until.month", "until.day"),
	    .since_time = str_trim(request_form(rq, "since_time")),
	    .until_time = str_trim(request_form(rq, "until_time")),
	    .weeks = str_trim(request_form(rq, "weeks"))};
	struct surrogate in[SURROGATE_WEEKS_MAX] = {0};
	size_t count = 0;
	const struct err *error = read_times(cx, rq, &view, in, &count);

	for (size_t i = 0; i < count && !error; i++)
		if (!read_choice(view.away, &in[i].account, &in[i].team) ||
		    !read_choice(view.by, &in[i].by_account, &in[i].by_team))
			error = ERR(ERR_INVALID, TR("Say who is away and who stands in."), "no choice");
	if (!error)
		error = surrogate_make_all(cx, in, count);
	if (!error)
		return respond_see_other(rq, S("/cover?done=made"));
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors, STR_NONE, tr(cx->lang, error->say));
	return show(cx, rq, 400, &view);
}

fallible
post_cover_end(struct cx *cx, struct request *rq)
{
	struct uuid id;

	if (!request_param_uuid(rq, "surrogate", &id))
		return NOT_HERE;
	TRY(surrogate_end(cx, id));
	return respond_see_other(rq, S("/cover?done=ended"));
}

const struct route organization_routes[] = {
    {GET, "/cover", get_cover, .who = WHO_STAFF},
    {POST, "/cover", post_cover, .who = WHO_STAFF, .body_bytes_max = 8192, .writes = true},
    {POST, "/cover/{surrogate}/end", post_cover_end, .who = WHO_STAFF, .body_bytes_max = 1024, .writes = true},
    {0},
};
