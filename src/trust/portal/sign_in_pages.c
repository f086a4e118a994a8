/* SPDX-License-Identifier: Apache-2.0 */
/* Signing in, step by step: name and password, then the code (or setting one up).  What the person wanted, and what they had
 * written, travels along (carry.c). */
#include "trust/consent/consent.h"
#include "trust/portal/portal_internal.h"

#define COOKIE_YEAR_SECONDS ((int64_t)365 * 24 * 3600)

fallible
get_welcome(struct cx *cx, struct request *rq)
{
	struct page_cx px;
	struct buf html = BUF_INIT(cx->arena);

	if (cx->who.is & WHO_SIGNED_IN)
		return respond_see_other(rq, str_from_z(portal_home(cx)));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Welcome")), NULL, &px));
	page_welcome(&html, &px);
	return respond_page(rq, 200, buf_str(&html));
}

fallible
get_notices(struct cx *cx, struct request *rq)
{
	struct page_cx px;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Notices")), NULL, &px));
	page_notices(&html, &px);
	return respond_page(rq, 200, buf_str(&html));
}

static fallible
show_sign_in(struct cx *cx, struct request *rq, int status, const struct sign_in_page *view)
{
	struct page_cx px;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Sign in")), NULL, &px));
	page_sign_in(&html, &px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
get_sign_in(struct cx *cx, struct request *rq)
{
	struct sign_in_page view = {0};

	carry_read(cx, rq, &view.carry);
	if (cx->who.is & WHO_SIGNED_IN)
		return respond_see_other(rq, view.carry.next);
	return show_sign_in(cx, rq, 200, &view);
}

static fallible
show_code(struct cx *cx, struct request *rq, int status, const struct code_page *view)
{
	struct page_cx px;
	struct buf html = BUF_INIT(cx->arena);

	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Enter your code")), NULL, &px));
	page_code(&html, &px, view);
	return respond_page(rq, status, buf_str(&html));
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
secret_from_hex(str hex, unsigned char out[TOTP_SECRET_BYTES])
{
	if (hex.n != 2 * TOTP_SECRET_BYTES)
		return false;
	for (size_t i = 0; i < TOTP_SECRET_BYTES; i++) {
		int high = hex_digit(hex.p[2 * i]), low = hex_digit(hex.p[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

/* "GEZD GNBV …" out of the address for authenticator apps. */
static str
secret_for_typing(struct arena *arena, str uri)
{
	struct buf out = BUF_INIT(arena);
	str secret = STR_NONE;
	size_t at;

	if (str_find(uri, S("secret="), &at))
		str_cut(str_drop(uri, at + 7), '&', &secret);
	for (size_t i = 0; i < secret.n; i++) {
		if (i && i % 4 == 0)
			buf_add_char(&out, ' ');
		buf_add_char(&out, secret.p[i]);
	}
	return buf_str(&out);
}

/* The page that sets up one-time codes, for `account`; `view->secret_hex` is kept when it is there already. */
static fallible
show_enrol(struct cx *cx, struct request *rq, int status, account_id id, struct enrol_page *view)
{
	unsigned char secret[TOTP_SECRET_BYTES];
	struct account account;
	struct page_cx px;
	struct buf html = BUF_INIT(cx->arena);
	str uri;

	if (!secret_from_hex(view->secret_hex, secret)) {
		random_bytes(secret, sizeof(secret));
		view->secret_hex = hex_text(cx->arena, (str){(const char *)secret, sizeof(secret)});
	}
	TRY(account_get(cx, id, &account));
	uri = totp_uri(cx->arena, secret, account.name, S("Salve"));
	secret_wipe(secret, sizeof(secret));
	view->secret_text = secret_for_typing(cx->arena, uri);
	TRY(qr_svg(cx->arena, uri, &view->qr));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Set up your sign-in code")), NULL, &px));
	page_enrol(&html, &px, view);
	return respond_page(rq, status, buf_str(&html));
}

fallible
post_sign_in(struct cx *cx, struct request *rq)
{
	struct sign_in_page view = {.login = str_trim(request_form(rq, "login"))};
	struct sign_in in;
	const struct err *error;

	carry_read(cx, rq, &view.carry);
	if (str_is_empty(view.login) || str_is_empty(request_form(rq, "password"))) {
		form_error_add(cx->arena, &view.errors, S("login"),
		    tr(cx->lang, TR("Enter your sign-in name and your password.")));
		return show_sign_in(cx, rq, 400, &view);
	}
	error = sign_in(cx, view.login, request_form(rq, "password"), &in);
	if (error && error->code == ERR_DENIED) {
		form_error_add(cx->arena, &view.errors, S("login"), tr(cx->lang, error->say));
		return show_sign_in(cx, rq, 403, &view);
	}
	TRY(error);
	switch (in.need) {
	case SIGN_IN_NEEDS_CODE:
		return show_code(cx, rq, 200, &(struct code_page){.pending = in.pending, .carry = view.carry});
	case SIGN_IN_NEEDS_ENROLMENT:
		return show_enrol(
		    cx, rq, 200, in.account, &(struct enrol_page){.pending = in.pending, .carry = view.carry});
	case SIGN_IN_DONE: break;
	}
	return enter(cx, rq, in.account, &view.carry);
}

/* The second step took too long: from the beginning, with words. */
static fallible
start_over(struct cx *cx, struct request *rq, const struct err *error, const struct carry *carry)
{
	struct sign_in_page view = {.carry = *carry};

	form_error_add(cx->arena, &view.errors, S("login"), tr(cx->lang, error->say));
	return show_sign_in(cx, rq, 403, &view);
}

fallible
post_code(struct cx *cx, struct request *rq)
{
	struct code_page view = {.pending = request_form(rq, "pending")};
	const struct err *error;
	account_id account;

	carry_read(cx, rq, &view.carry);
	error = sign_in_code(cx, view.pending, request_form(rq, "code"), &account);
	if (!error)
		return enter(cx, rq, account, &view.carry);
	if (error->code == ERR_GONE)
		return start_over(cx, rq, error, &view.carry);
	if (error->code != ERR_DENIED)
		return error;
	form_error_add(cx->arena, &view.errors, S("code"), tr(cx->lang, error->say));
	return show_code(cx, rq, 403, &view);
}

fallible
post_enrol(struct cx *cx, struct request *rq)
{
	struct enrol_page view = {.pending = request_form(rq, "pending"), .secret_hex = request_form(rq, "secret")};
	unsigned char secret[TOTP_SECRET_BYTES];
	const struct err *error;
	struct account account;
	account_id id;

	carry_read(cx, rq, &view.carry);
	error = sign_in_pending(cx, view.pending, &id);
	if (error && error->code == ERR_GONE)
		return start_over(cx, rq, error, &view.carry);
	TRY(error);
	TRY(account_get(cx, id, &account));
	if (account.has_totp) /* this door opens once; afterwards only a signed-in person changes the code */
		return ERR(ERR_CONFLICT, "This account has a code already. Please sign in with it.", "enrolled twice");
	if (!secret_from_hex(view.secret_hex, secret))
		return show_enrol(cx, rq, 400, id, &view);
	error = totp_enrol(cx, id, secret, str_trim(request_form(rq, "code")));
	secret_wipe(secret, sizeof(secret));
	if (!error)
		return enter(cx, rq, id, &view.carry);
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors, S("code"), tr(cx->lang, error->say));
	return show_enrol(cx, rq, 400, id, &view);
}

fallible
get_sign_in_link(struct cx *cx, struct request *rq)
{
	struct carry carry = {.next = S("/")};
	account_id account;

	TRY(sign_in_by_link(cx, request_param(rq, "token"), &account));
	return enter(cx, rq, account, &carry);
}

/* A form that was written for somebody else is sent for them again, or not at all. */
static fallible
act_again(struct cx *cx, str token, patient_id acting, bool *is_over)
{
	const struct err *error;

	if (uuid_is_none(acting.v))
		return NULL;
	error = delegate_check(cx, acting);
	*is_over = error && error->code == ERR_GONE;
	if (error)
		return *is_over ? NULL : error;
	TRY(session_act_for(cx, acting));
	return session_find(cx, token, true);
}

fallible
portal_enter(struct cx *cx, struct request *rq, account_id account, str next)
{
	return enter(cx, rq, account, &(struct carry){.next = safe_next(cx, next)});
}

fallible
enter(struct cx *cx, struct request *rq, account_id account, const struct carry *carry)
{
	struct page_cx px;
	struct resume_page view = {.carry = *carry};
	struct buf html = BUF_INIT(cx->arena);
	str token;

	TRY(session_open(cx, account, &token));
	respond_cookie(rq, SESSION_COOKIE, token, (struct cookie_options){0});
	if (!carry->resume_path.p)
		return respond_see_other(rq, carry->next);
	/* Somebody else signed in at the same browser: what another person wrote is neither shown nor sent in their name. */
	if (!uuid_is_none(carry->account.v) && !uuid_equal(carry->account.v, account.v))
		return respond_see_other(rq, S("/"));
	TRY(session_find(cx, token, true)); /* the form to send again belongs to the new session */
	TRY(act_again(cx, token, carry->acting, &view.is_over));
	TRY(page_cx_for(cx, rq, tr(cx->lang, TR("Your text is still here")), NULL, &px));
	page_resume(&html, &px, &view);
	return respond_page(rq, 200, buf_str(&html));
}

static fallible
leave(struct request *rq)
{
	respond_cookie(rq, SESSION_COOKIE, S(""), (struct cookie_options){.max_age_seconds = -1});
	respond_header(rq, "Clear-Site-Data", S("\"cache\""));
	return respond_see_other(rq, S("/sign-in"));
}

fallible
post_sign_out(struct cx *cx, struct request *rq)
{
	TRY(session_close(cx));
	return leave(rq);
}

fallible
post_sign_out_everywhere(struct cx *cx, struct request *rq)
{
	TRY(session_close_all(cx));
	return leave(rq);
}

struct new_lang {
	account_id account;
	enum lang lang;
};

static const struct err *
store_lang(struct tx *tx, void *arg)
{
	const struct new_lang *in = arg;

	return account_set_lang(tx, in->account, in->lang);
}

fallible
post_language(struct cx *cx, struct request *rq)
{
	struct new_lang in = {.account = cx->who.account};

	if (!lang_from_code(request_form(rq, "lang"), &in.lang))
		return ERR(ERR_INVALID, "We do not speak that language yet.", "unknown language");
	respond_cookie(rq, LANG_COOKIE, str_from_z(lang_code(in.lang)),
	    (struct cookie_options){.max_age_seconds = COOKIE_YEAR_SECONDS});
	if (cx->who.is & WHO_SIGNED_IN)
		TRY(db_write(cx, store_lang, &in));
	return respond_see_other(rq, safe_next(cx, request_form(rq, "path")));
}

/* ---- the same set-up from the account page, for somebody who is signed in ---- */

fallible
get_account_code(struct cx *cx, struct request *rq)
{
	return show_enrol(
	    cx, rq, 200, cx->who.account, &(struct enrol_page){.by_choice = true, .carry.next = S("/account")});
}

fallible
post_account_code(struct cx *cx, struct request *rq)
{
	struct enrol_page view = {
	    .by_choice = true, .secret_hex = request_form(rq, "secret"), .carry.next = S("/account")};
	unsigned char secret[TOTP_SECRET_BYTES];
	const struct err *error;

	if (!secret_from_hex(view.secret_hex, secret))
		return show_enrol(cx, rq, 400, cx->who.account, &view);
	error = totp_enrol(cx, cx->who.account, secret, str_trim(request_form(rq, "code")));
	secret_wipe(secret, sizeof(secret));
	if (!error)
		return respond_see_other(rq, S("/account?done=code"));
	if (error->code != ERR_INVALID)
		return error;
	form_error_add(cx->arena, &view.errors, S("code"), tr(cx->lang, error->say));
	return show_enrol(cx, rq, 400, cx->who.account, &view);
}
