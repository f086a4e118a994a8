/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions: opaque cookies whose hash is a row, so that they survive restarts and end at once when they must.  Idle and
 * overall limits follow NIST 800-63B-4 2.2.3, tighter for staff. */
#include "trust/audit/audit.h"
#include "trust/identity/identity_internal.h"

#define TOUCH_EVERY_MS MINUTE_MS /* how exactly "idle" is known; one small write a minute and person */

static int64_t
idle_limit_ms(int64_t kind)
{
	return (kind & WHO_STAFF ? SESSION_IDLE_MINUTES_STAFF : SESSION_IDLE_MINUTES_PATIENT) * MINUTE_MS;
}

struct opening {
	session_id id;
	struct token_hash hash;
	account_id account;
	patient_id patient;
	instant ends;
};

static const struct err *
add_session(struct tx *tx, void *arg)
{
	const struct opening *in = arg;

	audit_add(
	    tx, &(struct audit){
		    .action = AUDIT_SIGN_IN, .subject = AUDIT_ACCOUNT, .patient = in->patient, .item = in->account.v});
	TRY(session_rows_purge(tx));
	return session_row_add(tx, in->id, in->hash, in->account, in->ends);
}

fallible
session_open(struct cx *cx, account_id account, str *token)
{
	struct account_row row;
	str fresh = token_new(cx->arena);
	struct opening in = {.id = {uuid_new(cx->now)}, .hash = token_hash_of(fresh), .account = account};
	int64_t hours;

	TRY(account_row_get(cx, account, &row));
	hours = row.kind & WHO_STAFF ? SESSION_HOURS_STAFF : SESSION_HOURS_PATIENT;
	in.patient = row.patient;
	in.ends = instant_add_ms(cx->now, hours * HOUR_MS);
	cx->who.account = account;
	TRY(db_write(cx, add_session, &in));
	*token = fresh;
	return NULL;
}

static const struct err *
touch(struct tx *tx, void *arg)
{
	return session_row_touch(tx, *(session_id *)arg);
}

fallible
session_find(struct cx *cx, str token, bool is_use)
{
	struct session_row row;

	TRY(session_row_find(cx, token_hash_of(token), &row));
	if (!row.active || !instant_before(cx->now, row.ends) || cx->now.ms - row.seen.ms >= idle_limit_ms(row.kind))
		return ERR(ERR_GONE, "You were signed out because nothing happened for a while.", "the session ended");
	if (is_use && cx->now.ms - row.seen.ms >= TOUCH_EVERY_MS)
		TRY(db_write(cx, touch, &row.id));
	cx->who = (struct who){.is = (unsigned)row.kind,
	    .account = row.account,
	    .patient = row.patient,
	    .facility = row.facility,
	    .session = row.id};
	if (row.kind & WHO_STAFF)
		cx->who.staff = (staff_id){row.account.v};
	cx->lang = (enum lang)row.lang;
	return NULL;
}

static const struct err *
close_one(struct tx *tx, void *arg)
{
	(void)arg;
	audit_add(tx, &(struct audit){.action = AUDIT_SIGN_OUT,
			  .subject = AUDIT_ACCOUNT,
			  .patient = tx->cx->who.patient,
			  .item = tx->cx->who.account.v});
	return session_row_delete(tx, tx->cx->who.session);
}

fallible
session_close(struct cx *cx)
{
	return db_write(cx, close_one, NULL);
}

static const struct err *
close_all(struct tx *tx, void *arg)
{
	TRY(close_one(tx, arg));
	return session_rows_delete(tx, tx->cx->who.account, (session_id){{{0}}});
}

fallible
session_close_all(struct cx *cx)
{
	return db_write(cx, close_all, NULL);
}

/* ---- the value in forms ---- */

#define MASK_BYTES  16
#define TOKEN_BYTES 16

static void
form_secret(struct cx *cx, unsigned char out[TOKEN_BYTES])
{
	struct uuid id = vault_blind(cx->vault, "form", (str){(const char *)cx->who.session.v.bytes, 16});

	memcpy(out, id.bytes, TOKEN_BYTES);
}

str
session_form_token(struct cx *cx)
{
	unsigned char secret[TOKEN_BYTES], text[MASK_BYTES + TOKEN_BYTES];

	if (uuid_is_none(cx->who.session.v))
		return STR_NONE;
	form_secret(cx, secret);
	random_bytes(text, MASK_BYTES);
	for (size_t i = 0; i < TOKEN_BYTES; i++)
		text[MASK_BYTES + i] = (unsigned char)(secret[i] ^ text[i]);
	return hex_text(cx->arena, (str){(const char *)text, sizeof(text)});
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
session_form_token_ok(struct cx *cx, str token)
{
	unsigned char secret[TOKEN_BYTES], text[MASK_BYTES + TOKEN_BYTES];

	if (token.n != 2 * sizeof(text) || uuid_is_none(cx->who.session.v))
		return false;
	for (size_t i = 0; i < sizeof(text); i++) {
		int high = hex_digit(token.p[2 * i]), low = hex_digit(token.p[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		text[i] = (unsigned char)(high << 4 | low);
	}
	for (size_t i = 0; i < TOKEN_BYTES; i++)
		text[MASK_BYTES + i] ^= text[i];
	form_secret(cx, secret);
	return bytes_equal_constant_time(
	    (str){(const char *)secret, TOKEN_BYTES}, (str){(char *)text + MASK_BYTES, TOKEN_BYTES});
}
