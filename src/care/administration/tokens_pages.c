/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens for programs: made for an account within scopes, shown once, revoked at once. */
#include "care/administration/administration_internal.h"

#define TOKEN_DAYS      90
#define LABEL_CHARS_MAX 100

static fallible
show(struct cx *cx, struct request *rq, int status, struct tokens_page *view)
{
	struct page_cx px;
	struct buf html = BUF_INIT(cx->arena);
	struct db_rows rows;
	const struct api_token *token;

	db_refresh(cx);
	TRY(api_token_list(cx, &rows));
	token = rows.items;
	view->tokens = ARENA_ARRAY(cx->arena, struct token_row, rows.count);
	view->count = rows.count;
	for (size_t i = 0; i < rows.count; i++) {
		struct account account;
		struct token_row *row = &view->tokens[i];

		TRY(account_get(cx, token[i].account, &account));
		*row = (struct token_row){.token = token[i],
		    .who = account.name,
		    .usable = instant_is_none(token[i].revoked) && instant_before(cx->now, token[i].ends),
		    .path = arena_printf(
			cx->arena, "/admin/tokens/%.*s/revoke", STR_ARG(uuid_text(cx->arena, token[i].id)))};
		row->state = row->usable                         ? tr(cx->lang, TR("in use"))
		             : instant_is_none(token[i].revoked) ? tr(cx->lang, TR("ended"))
		                                                 : tr(cx->lang, TR("revoked"));
	}
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Apps")), "/admin/tokens", &px));
	if (str_equal(request_query(rq, "done"), S("revoked"))) {
		px.flash = tr(cx->lang, TR("The token was revoked. It does not work any more."));
		px.flash_kind = NOTICE_GOOD;
	}
	page_tokens(&html, &px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_tokens(struct cx *cx, struct request *rq)
{
	return show(cx, rq, 200, &(struct tokens_page){.scope = S("user/*.rs")});
}

/* Does the text hold SMART scopes and nothing else that could grant? */
static bool
scope_is_sensible(str scope)
{
	return scope.n > 0 && scope.n <= 500 &&
	       (str_contains(scope, S("user/")) || str_contains(scope, S("patient/")) ||
		   str_contains(scope, S("system/")));
}

fallible
post_token(struct cx *cx, struct request *rq)
{
	struct tokens_page view = {.login = str_trim(request_form(rq, "login")),
	    .label = str_trim(request_form(rq, "label")),
	    .scope = str_trim(request_form(rq, "scope"))};
	struct account account;
	const struct err *error;

	if (str_is_empty(view.label) || view.label.n > LABEL_CHARS_MAX)
		form_error_add(cx->arena, &view.errors, S("label"), tr(cx->lang, TR("Say what the token is for.")));
	if (!scope_is_sensible(view.scope))
		form_error_add(
		    cx->arena, &view.errors, S("scope"), tr(cx->lang, TR("Give SMART scopes, such as user/*.rs")));
	error = account_by_login(cx, view.login, &account);
	if (error && error->code != ERR_GONE)
		return error;
	if (error || !uuid_equal(account.facility.v, cx->who.facility.v))
		form_error_add(cx->arena, &view.errors, S("login"),
		    tr(cx->lang, TR("There is no account with this sign-in name here.")));
	if (view.errors.count)
		return show(cx, rq, 400, &view);
	TRY(api_token_make(cx, account.id, view.label, view.scope, TOKEN_DAYS * DAY_MS, &view.fresh));
	view.login = view.label = STR_NONE;
	return show(cx, rq, 200, &view);
}

fallible
post_revoke(struct cx *cx, struct request *rq)
{
	struct uuid id;

	if (!request_param_uuid(rq, "token", &id))
		return ERR(ERR_GONE, "This token is not yours, or was revoked already.", "no uuid");
	TRY(api_token_revoke(cx, id));
	return respond_see_other(rq, S("/admin/tokens?done=revoked"));
}
