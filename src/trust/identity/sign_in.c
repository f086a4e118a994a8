/* SPDX-License-Identifier: Apache-2.0 */
/* Signing in: name and password, then the one-time code.  A wrong name costs what a wrong password costs and is answered with
 * the same words.  After some failures each further try must wait, longer each time, so that guessing is hopeless and nobody
 * can be locked out for long (NIST 800-63B-4 3.2.2). */
#include "trust/audit/audit.h"
#include "trust/identity/identity_internal.h"

#define FAILURES_FREE   5                /* typing errors that cost nothing */
#define WAIT_FIRST_MS   (30 * SECOND_MS) /* then 30 s, doubling … */
#define WAIT_LONGEST_MS HOUR_MS          /* … up to an hour */
#define PENDING_MS      (10 * MINUTE_MS)
#define FAILURES_MAX    100 /* then only a reset by the coordinator helps */

#define WRONG                                                                                                        \
	ERR(ERR_DENIED, "The sign-in name, the password or the code is not right. Please check them and try again.", \
	    "sign-in refused")

struct attempt {
	struct account_row row;
	int64_t failures, step;
	instant blocked_until;
};

static const struct err *
note_failure(struct tx *tx, void *arg)
{
	const struct attempt *attempt = arg;

	audit_add(tx, &(struct audit){.action = AUDIT_SIGN_IN_FAILED,
			  .subject = AUDIT_ACCOUNT,
			  .patient = attempt->row.patient,
			  .item = attempt->row.id.v});
	return account_note_failure(tx, attempt->row.id, attempt->failures, attempt->blocked_until);
}

static const struct err *
note_success(struct tx *tx, void *arg)
{
	const struct attempt *attempt = arg;

	return account_note_success(tx, attempt->row.id, attempt->step);
}

static fallible
fail(struct cx *cx, struct attempt *attempt)
{
	int64_t over = ++attempt->failures - FAILURES_FREE, wait = WAIT_FIRST_MS;

	while (over-- > 0 && wait < WAIT_LONGEST_MS)
		wait *= 2;
	if (wait > WAIT_LONGEST_MS)
		wait = WAIT_LONGEST_MS;
	attempt->blocked_until = attempt->failures < FAILURES_FREE ? INSTANT_NONE : instant_add_ms(cx->now, wait);
	TRY(db_write(cx, note_failure, attempt));
	return WRONG;
}

static fallible
check_not_blocked(struct cx *cx, const struct account_row *row)
{
	if (row->failures >= FAILURES_MAX)
		return ERR(ERR_DENIED,
		    "Sign-in is switched off after too many wrong tries. Your facility's coordinator can switch it on "
		    "again.",
		    "too many failures");
	if (!instant_is_none(row->blocked_until) && instant_before(cx->now, row->blocked_until))
		return err_said(cx->arena, ERR_DENIED,
		    "After several wrong tries there is a short wait. Please try again in %lld seconds.",
		    (long long)((row->blocked_until.ms - cx->now.ms + 999) / SECOND_MS));
	return NULL;
}

struct new_link {
	account_id account;
	struct token_hash hash;
	enum link_purpose purpose;
	instant ends;
};

static const struct err *
add_link(struct tx *tx, void *arg)
{
	const struct new_link *in = arg;

	return link_row_add(tx, in->hash, in->account, in->purpose, in->ends);
}

static fallible
make_link(struct cx *cx, account_id account, enum link_purpose purpose, int64_t ms, str *token)
{
	str fresh = token_new(cx->arena);
	struct new_link in = {account, token_hash_of(fresh), purpose, instant_add_ms(cx->now, ms)};

	TRY(db_write(cx, add_link, &in));
	*token = fresh;
	return NULL;
}

/* The password was right: what is still missing? */
static fallible
after_password(struct cx *cx, struct attempt *attempt, struct sign_in *out)
{
	*out = (struct sign_in){.account = attempt->row.id, .need = SIGN_IN_DONE};
	if (attempt->row.totp.p)
		out->need = SIGN_IN_NEEDS_CODE;
	else if (attempt->row.role != ROLE_NONE)
		out->need = SIGN_IN_NEEDS_ENROLMENT;
	if (out->need != SIGN_IN_DONE)
		return make_link(cx, out->account, LINK_PENDING_CODE, PENDING_MS, &out->pending);
	return db_write(cx, note_success, attempt);
}

fallible
sign_in(struct cx *cx, str login, str password, struct sign_in *out)
{
	struct attempt attempt = {0};
	patient_id nobody = {{{0}}};
	const struct err *error;
	str hash = STR_NONE;
	bool found;

	TRY(account_row_by_login(cx, login_blind(cx, login), &attempt.row, &found));
	attempt.failures = attempt.row.failures;
	if (found) {
		TRY(check_not_blocked(cx, &attempt.row));
		TRY(vault_open_text(
		    cx, nobody, account_place(attempt.row.id, "account.password"), attempt.row.password, &hash));
	}
	db_refresh(cx); /* the check takes a tenth of a second: hold no snapshot */
	error = password_verify(password, found && attempt.row.active ? hash : STR_NONE);
	if (error && error->code != ERR_DENIED)
		return error;
	if (error)
		return found ? fail(cx, &attempt) : WRONG;
	return after_password(cx, &attempt, out);
}

fallible
account_check_password(struct cx *cx, account_id id, str password)
{
	struct attempt attempt = {0};
	patient_id nobody = {{{0}}};
	const struct err *error;
	str hash;

	TRY(account_row_get(cx, id, &attempt.row));
	attempt.failures = attempt.row.failures;
	TRY(check_not_blocked(cx, &attempt.row));
	TRY(vault_open_text(cx, nobody, account_place(id, "account.password"), attempt.row.password, &hash));
	db_refresh(cx);
	error = password_verify(password, hash);
	return error && error->code == ERR_DENIED ? fail(cx, &attempt) : error;
}

fallible
sign_in_pending(struct cx *cx, str pending, account_id *out)
{
	const struct err *error = link_row_find(cx, token_hash_of(pending), LINK_PENDING_CODE, out);

	if (error && error->code == ERR_GONE)
		return ERR(
		    ERR_GONE, "That took more than ten minutes. Please sign in again.", "the pending sign-in ended");
	return error;
}

fallible
sign_in_code(struct cx *cx, str pending, str code, account_id *out)
{
	struct attempt attempt = {0};
	patient_id nobody = {{{0}}};
	account_id account;
	str secret;

	TRY(sign_in_pending(cx, pending, &account));
	TRY(account_row_get(cx, account, &attempt.row));
	attempt.failures = attempt.row.failures;
	TRY(check_not_blocked(cx, &attempt.row));
	TRY(vault_open_text(cx, nobody, account_place(account, "account.totp"), attempt.row.totp, &secret));
	if (secret.n != TOTP_SECRET_BYTES ||
	    !totp_check((const unsigned char *)secret.p, str_trim(code), cx->now, &attempt.step) ||
	    attempt.step <= attempt.row.totp_step)
		return fail(cx, &attempt);
	TRY(db_write(cx, note_success, &attempt));
	*out = account;
	return NULL;
}

fallible
sign_in_by_link(struct cx *cx, str token, account_id *out)
{
	bool simulated;

	TRY(simulated_is(cx, &simulated));
	if (!simulated)
		return ERR(ERR_GONE, "There is no such page.", "a sign-in link outside of a demonstration");
	return link_row_find(cx, token_hash_of(token), LINK_SIGNS_IN, out);
}

fallible
sign_in_link_make(struct cx *cx, account_id account, int64_t ms, str *token)
{
	bool simulated;

	TRY(simulated_is(cx, &simulated));
	if (!simulated)
		return ERR(ERR_DENIED, "Sign-in links exist in demonstrations only, where all people are invented.",
		    "a sign-in link outside of a demonstration");
	return make_link(cx, account, LINK_SIGNS_IN, ms, token);
}

struct enrolment {
	account_id id;
	str sealed;
	int64_t step;
};

static const struct err *
store_enrolment(struct tx *tx, void *arg)
{
	const struct enrolment *in = arg;

	audit_add(tx, &(struct audit){.action = AUDIT_UPDATE, .subject = AUDIT_ACCOUNT, .item = in->id.v});
	return account_store_totp(tx, in->id, in->sealed, in->step);
}

fallible
totp_enrol(struct cx *cx, account_id id, const unsigned char secret[TOTP_SECRET_BYTES], str code)
{
	struct enrolment in = {.id = id};
	patient_id nobody = {{{0}}};

	if (!totp_check(secret, code, cx->now, &in.step))
		return ERR(ERR_INVALID,
		    "This code does not fit. Check that the clock of your phone is right, and type the newest code.",
		    "enrolment code does not fit");
	TRY(vault_seal(
	    cx, nobody, account_place(id, "account.totp"), (str){(const char *)secret, TOTP_SECRET_BYTES}, &in.sealed));
	return db_write(cx, store_enrolment, &in);
}
