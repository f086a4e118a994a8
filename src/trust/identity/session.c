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

/* The session's person, for somebody else. What they may do there is the policy engine's answer, at every request. */
static fallible
act_for(struct cx *cx, patient_id acting)
{
	struct patient patient;

	TRY(patient_get(cx, acting, &patient));
	cx->who.is = WHO_DELEGATE;
	cx->who.patient = acting;
	cx->who.facility = patient.facility;
	return NULL;
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
	return uuid_is_none(row.acting.v) ? NULL : act_for(cx, row.acting);
}

static const struct err *
store_acting(struct tx *tx, void *arg)
{
	patient_id patient = *(patient_id *)arg;
	patient_id whose = uuid_is_none(patient.v) ? tx->cx->who.patient : patient;

	if (tx->cx->who.is & WHO_DELEGATE || !uuid_is_none(patient.v))
		audit_add(tx, &(struct audit){.action = uuid_is_none(patient.v) ? AUDIT_ACT_END : AUDIT_ACT,
				  .subject = AUDIT_SHARING,
				  .patient = whose,
				  .item = tx->cx->who.account.v});
	return session_row_act(tx, tx->cx->who.session, patient);
}

fallible
session_act_for(struct cx *cx, patient_id patient)
{
	if (uuid_is_none(cx->who.session.v) || (cx->who.is & WHO_STAFF))
		return ERR(ERR_DENIED, "Only a person's own account can act for somebody else.", "acting as staff");
	return db_write(cx, store_acting, &patient);
}

static const struct err *
close_one(struct tx *tx, void *arg)
{
	(void)arg;
	audit_add(tx, &(struct audit){.action = AUDIT_SIGN_OUT,
			  .subject = AUDIT_ACCOUNT,
			  .patient = tx->cx->who.is & WHO_DELEGATE ? (patient_id){{{0}}} : tx->cx->who.patient,
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
#define ID_BYTES    16 /* for whom (none is oneself), and whose form it is */
#define FORM_BYTES  (MASK_BYTES + TOKEN_BYTES + 2 * ID_BYTES)

static patient_id
acting_for(const struct cx *cx)
{
	return cx->who.is & WHO_DELEGATE ? cx->who.patient : (patient_id){{{0}}};
}

static void
form_secret(struct cx *cx, unsigned char out[TOKEN_BYTES])
{
	char text[32];
	patient_id patient = acting_for(cx);
	struct uuid id;

	memcpy(text, cx->who.session.v.bytes, 16);
	memcpy(text + 16, patient.v.bytes, 16);
	id = vault_blind(cx->vault, "form", (str){text, sizeof(text)});
	memcpy(out, id.bytes, TOKEN_BYTES);
}

/* Mask, then secret, patient and account under the mask. */
static void
apply_mask(unsigned char text[FORM_BYTES])
{
	for (size_t i = MASK_BYTES; i < FORM_BYTES; i++)
		text[i] ^= text[i % MASK_BYTES];
}

str
session_form_token(struct cx *cx)
{
	unsigned char text[FORM_BYTES];
	patient_id patient = acting_for(cx);

	if (uuid_is_none(cx->who.session.v))
		return STR_NONE;
	random_bytes(text, MASK_BYTES);
	form_secret(cx, text + MASK_BYTES);
	memcpy(text + MASK_BYTES + TOKEN_BYTES, patient.v.bytes, ID_BYTES);
	memcpy(text + MASK_BYTES + TOKEN_BYTES + ID_BYTES, cx->who.account.v.bytes, ID_BYTES);
	apply_mask(text);
	return hex_text(cx->arena, (str){(const char *)text, sizeof(text)});
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
read_token(str token, unsigned char text[FORM_BYTES])
{
	if (token.n != 2 * (size_t)FORM_BYTES)
		return false;
	for (size_t i = 0; i < FORM_BYTES; i++) {
		int high = hex_digit(token.p[2 * i]), low = hex_digit(token.p[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		text[i] = (unsigned char)(high << 4 | low);
	}
	apply_mask(text);
	return true;
}

patient_id
session_form_acting(str token)
{
	unsigned char text[FORM_BYTES];
	patient_id patient = {{{0}}};

	if (read_token(token, text))
		memcpy(patient.v.bytes, text + MASK_BYTES + TOKEN_BYTES, ID_BYTES);
	return patient;
}

account_id
session_form_account(str token)
{
	unsigned char text[FORM_BYTES];
	account_id account = {{{0}}};

	if (read_token(token, text))
		memcpy(account.v.bytes, text + MASK_BYTES + TOKEN_BYTES + ID_BYTES, ID_BYTES);
	return account;
}

bool
session_form_token_ok(struct cx *cx, str token)
{
	unsigned char secret[TOKEN_BYTES], text[FORM_BYTES];

	if (uuid_is_none(cx->who.session.v) || !read_token(token, text))
		return false;
	form_secret(cx, secret);
	return bytes_equal_constant_time(
	    (str){(const char *)secret, TOKEN_BYTES}, (str){(char *)text + MASK_BYTES, TOKEN_BYTES});
}
