/* SPDX-License-Identifier: Apache-2.0 */
/* System, teams, people.  No page here shows a patient or a word that somebody wrote. */
#include "care/administration/administration_internal.h"
#include "trust/audit/audit.h"

#define SHOWN_MAX 100

static str
done_words(struct cx *cx, struct request *rq)
{
	str done = request_query(rq, "done");

	if (str_equal(done, S("retry")))
		return tr(cx->lang, TR("It will be delivered again within a minute."));
	if (str_equal(done, S("off")))
		return tr(cx->lang, TR("The account was switched off, and signed out everywhere."));
	if (str_equal(done, S("on")))
		return tr(cx->lang, TR("The account was switched on."));
	return STR_NONE;
}

static fallible
fill_troubles(struct cx *cx, const struct page_cx *px, struct system_page *view)
{
	struct db_rows rows;
	const struct mail_trouble *trouble;
	struct account account;

	TRY(mail_troubles(cx, cx->who.facility, SHOWN_MAX, &rows));
	trouble = rows.items;
	view->troubles = ARENA_ARRAY(cx->arena, struct trouble_row, rows.count);
	for (view->trouble_count = 0; view->trouble_count < rows.count; view->trouble_count++) {
		const struct mail_trouble *t = &trouble[view->trouble_count];

		TRY(account_get(cx, t->account, &account));
		view->troubles[view->trouble_count] =
		    (struct trouble_row){account.role == ROLE_NONE ? T("a patient") : account.name,
			px_date(px, t->since), arena_printf(cx->arena, "%lld", (long long)t->answer)};
	}
	return NULL;
}

static fallible
get_system(struct cx *cx, struct request *rq)
{
	struct system_page view = {.may_retry = (cx->who.is & WHO_ADMINISTRATOR) != 0};
	struct page_cx px;
	struct buf html = BUF_INIT(cx->arena);
	struct db_rows rows;

	TRY(outbox_count(cx, OUTBOX_WAITING, &view.waiting));
	TRY(outbox_count(cx, OUTBOX_GIVEN_UP, &view.given_up_count));
	TRY(outbox_given_up(cx, SHOWN_MAX, &rows));
	view.given_up = rows.items;
	view.given_up_shown = rows.count;
	TRY(messaging_ownerless(cx, cx->who.facility, SHOWN_MAX, &rows));
	view.ownerless_count = (int64_t)rows.count;
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("System")), "/admin", &px));
	TRY(fill_troubles(cx, &px, &view));
	px.flash = done_words(cx, rq);
	px.flash_kind = NOTICE_GOOD;
	page_system(&html, &px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

static const struct err *
retry(struct tx *tx, void *arg)
{
	audit_add(tx, &(struct audit){.action = AUDIT_ADMINISTER, .subject = AUDIT_OTHER, .item = *(struct uuid *)arg});
	return outbox_retry(tx, *(struct uuid *)arg);
}

static fallible
post_retry(struct cx *cx, struct request *rq)
{
	struct uuid id;

	if (!request_param_uuid(rq, "item", &id))
		return ERR(ERR_GONE, "This delivery is no longer in the list.", "no uuid");
	TRY(db_write(cx, retry, &id));
	return respond_see_other(rq, S("/admin?done=retry"));
}

static fallible
get_people(struct cx *cx, struct request *rq)
{
	struct people_page view = {0};
	struct facility facility;
	struct page_cx px;
	struct buf html = BUF_INIT(cx->arena);
	struct db_rows rows;
	const struct account *account;

	TRY(facility_get(cx, cx->who.facility, &facility));
	TRY(account_list(cx, cx->who.facility, &rows));
	account = rows.items;
	view.facility = facility.name;
	view.people = ARENA_ARRAY(cx->arena, struct person_row, rows.count);
	view.count = rows.count;
	for (size_t i = 0; i < rows.count; i++) {
		str id = uuid_text(cx->arena, account[i].id.v);
		view.people[i] = (struct person_row){.account = account[i],
		    .id = id,
		    .role = str_from_z(staff_role_words(account[i].role, cx->lang)),
		    .path = arena_printf(
			cx->arena, "/admin/people/%.*s/%s", STR_ARG(id), account[i].active ? "off" : "on")};
	}
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("People")), "/admin/people", &px));
	px.flash = done_words(cx, rq);
	px.flash_kind = NOTICE_GOOD;
	page_people(&html, &px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

static fallible
post_switch(struct cx *cx, struct request *rq)
{
	account_id id;
	bool on = str_equal(request_param(rq, "state"), S("on"));

	if (!request_param_uuid(rq, "account", &id.v) || (!on && !str_equal(request_param(rq, "state"), S("off"))))
		return ERR(ERR_GONE, TR("There is no such account."), "no uuid or state");
	TRY(staff_switch(cx, id, on));
	return respond_see_other(rq, on ? S("/admin/people?done=on") : S("/admin/people?done=off"));
}

#define WHO_ADMINS (WHO_ADMINISTRATOR | WHO_COORDINATOR)
const struct route administration_routes[] = {
    {GET, "/admin", get_system, .who = WHO_ADMINS},
    {POST, "/admin/deliveries/{item}/retry", post_retry, .who = WHO_ADMINISTRATOR, .body_bytes_max = 1024,
	.writes = true},
    {GET, "/admin/teams", get_teams, .who = WHO_ADMINS},
    {GET, "/admin/teams/new", get_team_new, .who = WHO_ADMINS},
    {POST, "/admin/teams/new", post_team_new, .who = WHO_ADMINS, .body_bytes_max = HTTP_FORM_BYTES_MAX, .writes = true},
    {GET, "/admin/teams/{team}", get_team, .who = WHO_ADMINS},
    {POST, "/admin/teams/{team}", post_team, .who = WHO_ADMINS, .body_bytes_max = HTTP_FORM_BYTES_MAX, .writes = true},
    {POST, "/admin/teams/{team}/members", post_team_member, .who = WHO_ADMINS, .body_bytes_max = 4096, .writes = true},
    {POST, "/admin/teams/{team}/members/{account}/remove", post_team_member_remove, .who = WHO_ADMINS,
	.body_bytes_max = 1024, .writes = true},
    {POST, "/admin/teams/{team}/close", post_team_close, .who = WHO_ADMINS, .body_bytes_max = 4096, .writes = true},
    {POST, "/admin/teams/{team}/patients", post_team_panel, .who = WHO_ADMINS, .body_bytes_max = HTTP_FORM_BYTES_MAX,
	.writes = true},
    {GET, "/admin/patients", get_office_patients, .who = WHO_ADMINS},
    {GET, "/admin/patients/{patient}", get_office_patient, .who = WHO_ADMINS},
    {POST, "/admin/patients/{patient}/teams", post_association, .who = WHO_ADMINS, .body_bytes_max = 8192,
	.writes = true},
    {POST, "/admin/patients/{patient}/teams/{team}/end", post_association_end, .who = WHO_ADMINS,
	.body_bytes_max = 1024, .writes = true},
    {POST, "/admin/patients/{patient}/blocks", post_block, .who = WHO_ADMINS, .body_bytes_max = 16384, .writes = true},
    {POST, "/admin/patients/{patient}/blocks/{block}/end", post_block_end, .who = WHO_ADMINS, .body_bytes_max = 1024,
	.writes = true},
    {GET, "/admin/blocks", get_blocks, .who = WHO_ADMINS},
    {GET, "/admin/lists", get_lists, .who = WHO_ADMINS},
    {POST, "/admin/lists", post_list, .who = WHO_ADMINS, .body_bytes_max = HTTP_FORM_BYTES_MAX, .writes = true},
    {POST, "/admin/lists/{list}/delete", post_list_delete, .who = WHO_ADMINS, .body_bytes_max = 1024, .writes = true},
    {GET, "/admin/people", get_people, .who = WHO_ADMINS},
    {POST, "/admin/people/{account}/{state}", post_switch, .who = WHO_ADMINISTRATOR, .body_bytes_max = 1024,
	.writes = true},
    {GET, "/admin/settings", get_settings, .who = WHO_ADMINS},
    {POST, "/admin/settings", post_settings, .who = WHO_ADMINS, .body_bytes_max = HTTP_FORM_BYTES_MAX, .writes = true},
    {GET, "/admin/release", get_release_rules, .who = WHO_ADMINS},
    {POST, "/admin/release", post_release_rules, .who = WHO_ADMINS, .body_bytes_max = HTTP_FORM_BYTES_MAX,
	.writes = true},
    {POST, "/admin/release/codes", post_release_code, .who = WHO_ADMINS, .body_bytes_max = 8192, .writes = true},
    {POST, "/admin/release/codes/{class}/remove", post_release_code_remove, .who = WHO_ADMINS, .body_bytes_max = 1024,
	.writes = true},
    {POST, "/admin/settings/closures", post_closure, .who = WHO_ADMINS, .body_bytes_max = 8192, .writes = true},
    {POST, "/admin/settings/closures/{day}/open", post_closure_open, .who = WHO_ADMINS, .body_bytes_max = 1024,
	.writes = true},
    {GET, "/admin/tokens", get_tokens, .who = WHO_ADMINISTRATOR},
    {POST, "/admin/tokens", post_token, .who = WHO_ADMINISTRATOR, .body_bytes_max = 8192, .writes = true},
    {POST, "/admin/tokens/{token}/revoke", post_revoke, .who = WHO_ADMINISTRATOR, .body_bytes_max = 1024,
	.writes = true},
    {0},
};
