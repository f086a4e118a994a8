/* SPDX-License-Identifier: Apache-2.0 */
/* Which of their teams a person wants first or not at all when they write: the rule, its rows, and the page.  A preference of one
 * person; it keeps nobody from writing or answering. */
#include "care/messaging/team_choice.h"

fallible
team_choices(struct cx *cx, struct db_rows *out)
{
	return team_choice_rows(cx, cx->who.account, out);
}

enum team_choice
team_choice_of(const struct db_rows *choices, team_id team)
{
	const struct team_choice_row *row = choices->items;

	for (size_t i = 0; i < choices->count; i++)
		if (uuid_equal(row[i].team.v, team.v))
			return (enum team_choice)row[i].choice;
	return TEAM_SHOWN;
}

struct choosing {
	const struct team_choice_row *rows;
	size_t count;
};

static const struct err *
choose(struct tx *tx, void *arg)
{
	const struct choosing *in = arg;

	for (size_t i = 0; i < in->count; i++)
		TRY(team_choice_row_put(tx, tx->cx->who.account, &in->rows[i]));
	return NULL;
}

fallible
team_choices_set(struct cx *cx, const struct team_choice_row *rows, size_t count)
{
	struct db_rows teams;
	const struct team *team;
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_MESSAGES_WRITE, &why));
	TRY(teams_of_patient(cx, cx->who.patient, false, &teams));
	team = teams.items;
	for (size_t i = 0; i < count; i++) {
		bool own = false;

		if (rows[i].choice < TEAM_SHOWN || rows[i].choice > TEAM_HIDDEN)
			return ERR(ERR_INVALID, TR("Choose for each team."), "no such choice");
		for (size_t j = 0; j < teams.count && !own; j++)
			own = uuid_equal(team[j].id.v, rows[i].team.v);
		if (!own)
			return NOT_FOUND;
	}
	return db_write(cx, choose, &(struct choosing){rows, count});
}

void
teams_in_order(const struct db_rows *choices, struct team *teams, size_t *count, team_id keep)
{
	struct team wanted[TEAMS_OFFERED_MAX];
	size_t n = 0;

	for (int choice = TEAM_FIRST; choice >= TEAM_SHOWN; choice--)
		for (size_t i = 0; i < *count && n < TEAMS_OFFERED_MAX; i++) {
			enum team_choice its = team_choice_of(choices, teams[i].id);

			if (its == TEAM_HIDDEN && uuid_equal(teams[i].id.v, keep.v))
				its = TEAM_SHOWN;
			if ((int)its == choice)
				wanted[n++] = teams[i];
		}
	if (n == 0) /* all are hidden: then none is */
		return;
	memcpy(teams, wanted, n * sizeof(teams[0]));
	*count = n;
}

/* ---- the page ---- */

fallible
get_team_choices(struct cx *cx, struct request *rq)
{
	struct page_cx page, *px = &page;
	struct team_choices_page view = {.draft = request_query(rq, "draft")};
	struct db_rows teams, choices;
	const struct team *team;
	struct buf html = BUF_INIT(cx->arena);
	struct uuid id;
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_MESSAGES_WRITE, &why));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Your teams")), "/messages", px));
	TRY(teams_of_patient(cx, cx->who.patient, true, &teams));
	TRY(team_choices(cx, &choices));
	team = teams.items;
	view.rows = ARENA_ARRAY(cx->arena, struct team_choice_field, teams.count + 1);
	for (; view.count < teams.count; view.count++) {
		const struct team *t = &team[view.count];

		view.rows[view.count] = (struct team_choice_field){
		    .name = arena_printf(cx->arena, "team-%.*s", STR_ARG(uuid_text(cx->arena, t->id.v))),
		    .label = t->name,
		    .hint = TF2("%1, %2", t->care, t->place),
		    .choice = arena_printf(cx->arena, "%d", (int)team_choice_of(&choices, t->id))};
	}
	if (!uuid_parse(view.draft, &id))
		view.draft = STR_NONE;
	px->flash = flash_for(cx, request_query(rq, "done"));
	px->flash_kind = NOTICE_GOOD;
	page_team_choices(&html, px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

fallible
post_team_choices(struct cx *cx, struct request *rq)
{
	struct http_pairs pairs = request_form_all(rq);
	struct team_choice_row *rows = ARENA_ARRAY(cx->arena, struct team_choice_row, pairs.count + 1);
	struct uuid draft;
	size_t count = 0;

	for (size_t i = 0; i < pairs.count; i++)
		if (str_starts(pairs.items[i].name, S("team-")) &&
		    uuid_parse(str_drop(pairs.items[i].name, 5), &rows[count].team.v) &&
		    str_to_int64(pairs.items[i].value, &rows[count].choice))
			count++;
	TRY(team_choices_set(cx, rows, count));
	if (request_form_uuid(rq, "draft", &draft))
		return respond_see_other(rq, arena_printf(cx->arena, "/messages/new?draft=%.*s&done=teams",
						 STR_ARG(uuid_text(cx->arena, draft))));
	return respond_see_other(rq, S("/messages/teams?done=teams"));
}
