/* SPDX-License-Identifier: Apache-2.0 */
/* Delegation: offered by the patient with a code, taken by the person who holds the code, ended by either of them.  Nobody
 * passes on what they were given, nobody acts for themself, and staff never act for patients: they see them as staff. */
#include "platform/format/utf8.h"
#include "platform/pages/i18n.h"
#include "trust/audit/audit.h"
#include "trust/consent/consent_internal.h"
#include "trust/consent/journal_share_store.h"
#include "trust/identity/identity.h"

#define WORDS_CHARS_MAX 80
#define CODE_CHARS      12 /* of 32 each: 60 bits, ended after a week, asked HTTP_RATE_CODES_PER_HOUR times by one account */
#define CODE_GROUP      4

#define NOT_FOUND                                                                                        \
	ERR(ERR_GONE, "We could not find that. It may have been removed, or it is not shared with you.", \
	    "no such delegation, or not the caller's")
#define NO_SUCH_CODE                                                                                               \
	ERR(ERR_GONE,                                                                                              \
	    TR("This code does not fit, was used already, or is too old. Check each sign, or ask for a new one."), \
	    "no open offer with this code")

enum delegation_standing
delegation_standing(const struct delegation *d, instant now)
{
	if (d->state == DELEGATION_OFFERED)
		return instant_before(now, d->code_ends) && instant_before(now, d->until) ? DELEGATION_WAITING
		                                                                          : DELEGATION_EXPIRED;
	if (d->state != DELEGATION_ACCEPTED || !instant_before(now, d->until))
		return DELEGATION_OVER;
	return instant_before(now, d->since) ? DELEGATION_COMING : DELEGATION_IN_FORCE;
}

static void
note(struct tx *tx, enum audit_action action, const struct delegation *d, enum access_why why)
{
	audit_add(
	    tx, &(struct audit){
		    .action = action, .subject = AUDIT_SHARING, .patient = d->patient, .item = d->id.v, .why = why});
}

/* ---- the code ---- */

/* No sign that looks like another (Crockford's base 32). */
static const char code_signs[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* "K7QF-93MD-2XWB" */
static str
code_new(struct arena *arena)
{
	unsigned char random[CODE_CHARS];
	struct buf out = BUF_INIT(arena);

	random_bytes(random, sizeof(random));
	for (size_t i = 0; i < CODE_CHARS; i++) {
		if (i && i % CODE_GROUP == 0)
			buf_add_char(&out, '-');
		buf_add_char(&out, code_signs[random[i] % 32]);
	}
	return buf_str(&out);
}

/* What somebody typed, as it was made: any case, with or without gaps, O for 0 and I or L for 1. */
static struct uuid
code_key(struct cx *cx, str typed)
{
	struct buf out = BUF_INIT(cx->arena);

	for (size_t i = 0; i < typed.n && i < 100; i++) {
		char c = typed.p[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c == 'O')
			c = '0';
		if (c == 'I' || c == 'L')
			c = '1';
		if (c != ' ' && c != '-')
			buf_add_char(&out, c);
	}
	return vault_blind(cx->vault, "delegation.code", buf_str(&out));
}

/* ---- offering ---- */

static fallible
check_offer(struct cx *cx, const struct delegation_new *in, const struct delegation *d)
{
	if (!in->called.n || utf8_count(in->called) > WORDS_CHARS_MAX || !utf8_is_clean_line(in->called))
		return ERR(ERR_INVALID, TR("Write who it is, in at most 80 characters."), "bad name of a delegate");
	if (utf8_count(in->relation) > WORDS_CHARS_MAX || (in->relation.n && !utf8_is_clean_line(in->relation)))
		return ERR(ERR_INVALID, TR("Write who they are to you in at most 80 characters."), "bad relation");
	if (!d->rights)
		return ERR(ERR_INVALID, TR("Choose at least one thing that they may do."), "no right given");
	if (!instant_before(d->since, d->until) || !instant_before(cx->now, d->until))
		return ERR(ERR_INVALID, TR("The last day must come after the first one, and not be over."),
		    "a delegation that ends before it begins");
	return NULL;
}

struct offering {
	struct delegation d; /* words sealed */
	struct uuid code;
};

static const struct err *
offer(struct tx *tx, void *arg)
{
	struct offering *in = arg;
	struct delegation before;
	enum access_why why;
	int64_t count;
	bool found;

	TRY(access_check(tx->cx, in->d.patient, RIGHT_OWN, &why));
	TRY(delegation_row_get(tx->cx, in->d.patient, in->d.id, &before, &found));
	if (found)
		return ERR(ERR_CONFLICT, TR("This permission was given already. Its code is shown only once."),
		    "the same delegation again");
	TRY(delegation_row_count(tx->cx, in->d.patient, &count));
	if (count >= DELEGATIONS_MAX)
		return ERR(ERR_INVALID,
		    TR("Very many people may act for you already. End one of the permissions first."),
		    "too many delegations");
	note(tx, AUDIT_OFFER, &in->d, why);
	return delegation_row_add(tx, &in->d, in->code);
}

fallible
delegation_offer(struct cx *cx, const struct delegation_new *in, str *code)
{
	struct delegation_new clean = *in;
	struct offering o = {.d = {.id = {in->key}, .patient = cx->who.patient, .state = DELEGATION_OFFERED}};
	enum access_why why;
	str fresh = code_new(cx->arena);

	TRY(access_check(cx, cx->who.patient, RIGHT_OWN, &why));
	clean.called = utf8_nfc(cx->arena, str_trim(in->called));
	clean.relation = utf8_nfc(cx->arena, str_trim(in->relation));
	o.d.rights = (int64_t)(in->rights & RIGHTS_TO_GIVE);
	if (o.d.rights & RIGHT_MESSAGES_WRITE)
		o.d.rights |= RIGHT_MESSAGES_READ;
	if (o.d.rights & (RIGHT_PRESCRIPTIONS | RIGHT_JOURNAL_WRITE))
		o.d.rights |= RIGHT_RECORD_READ;
	o.d.since = instant_is_none(in->since) || instant_before(in->since, cx->now) ? cx->now : in->since;
	o.d.until = instant_is_none(in->until) ? DELEGATION_OPEN : in->until;
	o.d.code_ends = instant_add_ms(cx->now, DELEGATION_CODE_DAYS * DAY_MS);
	TRY(check_offer(cx, &clean, &o.d));
	o.code = code_key(cx, fresh);
	TRY(vault_seal(cx, o.d.patient, delegation_place(o.d.id, "delegation.called"), clean.called, &o.d.called));
	if (clean.relation.n)
		TRY(vault_seal(
		    cx, o.d.patient, delegation_place(o.d.id, "delegation.relation"), clean.relation, &o.d.relation));
	TRY(db_write(cx, offer, &o));
	*code = fresh;
	return NULL;
}

/* ---- answering ---- */

static fallible
fill_patient(struct cx *cx, struct delegation *d)
{
	struct patient patient;

	TRY(patient_get(cx, d->patient, &patient));
	d->patient_name = patient.name;
	return NULL;
}

static fallible
find_offer(struct cx *cx, struct uuid code, struct delegation *out)
{
	bool found;

	TRY(delegation_row_by_code(cx, code, out, &found));
	return found ? NULL : NO_SUCH_CODE;
}

fallible
delegation_by_code(struct cx *cx, str code, struct delegation *out)
{
	TRY(find_offer(cx, code_key(cx, code), out));
	return fill_patient(cx, out);
}

struct answering {
	struct uuid code;
	account_id account;
	const struct account_sealed *fresh; /* NULL: the account stands already */
	struct delegation d;
};

static fallible
check_account(struct cx *cx, const struct answering *in)
{
	struct account account;

	TRY(account_get(cx, in->account, &account));
	if (account.role != ROLE_NONE)
		return ERR(ERR_DENIED,
		    TR("You are signed in with your work account. Sign out, and use an account of your own."),
		    "staff accepting a delegation");
	if (uuid_equal(account.patient.v, in->d.patient.v))
		return ERR(ERR_INVALID,
		    TR("This permission is about your own record. Hand the code to the person who shall act for you."),
		    "a delegation to oneself");
	return NULL;
}

/* Logs of the journal are shared with somebody while they may see the record: with the permission, that ends. */
static fallible
close_journal_unless_given(struct tx *tx, const struct delegation *d)
{
	unsigned rights;

	if (uuid_is_none(d->delegate.v))
		return NULL;
	TRY(delegation_row_rights(tx->cx, d->patient, d->delegate, &rights));
	return rights & RIGHT_RECORD_READ ? NULL : journal_share_rows_end(tx, d->patient, d->delegate);
}

static const struct err *
accept(struct tx *tx, void *arg)
{
	struct answering *in = arg;

	TRY(find_offer(tx->cx, in->code, &in->d));
	if (in->fresh)
		TRY(account_put(tx, in->fresh));
	TRY(check_account(tx->cx, in));
	in->d.state = DELEGATION_ACCEPTED;
	in->d.delegate = in->account;
	in->d.answered_at = tx->cx->now;
	TRY(close_journal_unless_given(tx, &in->d)); /* what ran out begins anew, with nothing shared */
	note(tx, AUDIT_ACCEPT, &in->d, ACCESS_DELEGATE);
	TRY(delegation_rows_replace(tx, &in->d, in->d.since));
	return delegation_row_put(tx, &in->d, (account_id){{{0}}});
}

fallible
delegation_accept(struct cx *cx, str code, struct delegation *out)
{
	struct answering in = {.code = code_key(cx, code), .account = cx->who.account};

	if (!(cx->who.is & WHO_SIGNED_IN))
		return NOT_FOUND;
	TRY(db_write(cx, accept, &in));
	*out = in.d;
	return fill_patient(cx, out);
}

fallible
delegation_accept_as_new(
    struct cx *cx, str code, account_id id, const struct account_sealed *account, struct delegation *out)
{
	struct answering in = {.code = code_key(cx, code), .account = id, .fresh = account};
	const struct err *error;

	if (cx->who.is & WHO_SIGNED_IN)
		return NOT_FOUND;
	cx->who.account = id; /* the trail says who it was */
	error = db_write(cx, accept, &in);
	if (error) {
		cx->who.account = (account_id){{{0}}};
		return error;
	}
	*out = in.d;
	return fill_patient(cx, out);
}

static const struct err *
decline(struct tx *tx, void *arg)
{
	struct answering *in = arg;

	TRY(find_offer(tx->cx, in->code, &in->d));
	in->d.state = DELEGATION_DECLINED;
	in->d.answered_at = in->d.ended_at = tx->cx->now;
	note(tx, AUDIT_DECLINE, &in->d, ACCESS_NONE);
	return delegation_row_put(tx, &in->d, tx->cx->who.account);
}

fallible
delegation_decline(struct cx *cx, str code)
{
	return db_write(cx, decline, &(struct answering){.code = code_key(cx, code)});
}

/* ---- ending ---- */

struct ending {
	delegation_id id;
	unsigned wanted;
};

static fallible
end_now(struct tx *tx, struct delegation *d, enum delegation_state state, enum access_why why)
{
	d->state = state;
	d->ended_at = tx->cx->now;
	note(tx, AUDIT_WITHDRAW, d, why);
	TRY(delegation_row_put(tx, d, tx->cx->who.account));
	return close_journal_unless_given(tx, d);
}

static const struct err *
withdraw(struct tx *tx, void *arg)
{
	const struct ending *in = arg;
	struct delegation d;
	enum access_why why;
	bool found;

	TRY(access_check(tx->cx, tx->cx->who.patient, RIGHT_OWN, &why));
	TRY(delegation_row_get(tx->cx, tx->cx->who.patient, in->id, &d, &found));
	if (!found || delegation_standing(&d, tx->cx->now) == DELEGATION_OVER)
		return NOT_FOUND;
	return end_now(tx, &d, DELEGATION_WITHDRAWN, why);
}

fallible
delegation_withdraw(struct cx *cx, delegation_id id)
{
	return db_write(cx, withdraw, &(struct ending){.id = id});
}

static const struct err *
resign(struct tx *tx, void *arg)
{
	const struct ending *in = arg;
	struct delegation d;
	bool found;

	TRY(delegation_row_held(tx->cx, tx->cx->who.account, in->id, &d, &found));
	return found ? end_now(tx, &d, DELEGATION_RESIGNED, ACCESS_DELEGATE) : NOT_FOUND;
}

fallible
delegation_resign(struct cx *cx, delegation_id id)
{
	return db_write(cx, resign, &(struct ending){.id = id});
}

static const struct err *
set_notices(struct tx *tx, void *arg)
{
	const struct ending *in = arg;
	struct delegation d;
	bool found;

	TRY(delegation_row_held(tx->cx, tx->cx->who.account, in->id, &d, &found));
	if (!found || !(d.rights & RIGHTS_TOLD))
		return NOT_FOUND;
	d.notices = (int64_t)in->wanted & d.rights & RIGHTS_TOLD;
	return delegation_row_put(tx, &d, (account_id){{{0}}});
}

fallible
delegation_set_notices(struct cx *cx, delegation_id id, unsigned wanted)
{
	return db_write(cx, set_notices, &(struct ending){id, wanted});
}

/* ---- lists ---- */

static fallible
fill_names(struct cx *cx, struct db_rows *rows)
{
	struct delegation *d = rows->items;
	struct account account;

	for (size_t i = 0; i < rows->count; i++) {
		TRY(fill_patient(cx, &d[i]));
		if (uuid_is_none(d[i].delegate.v))
			continue;
		TRY(account_get(cx, d[i].delegate, &account));
		d[i].delegate_name = account.name;
	}
	return NULL;
}

fallible
delegations_given(struct cx *cx, struct db_rows *out)
{
	enum access_why why;

	TRY(access_check(cx, cx->who.patient, RIGHT_OWN, &why));
	TRY(delegation_rows_given(cx, cx->who.patient, out));
	return fill_names(cx, out);
}

fallible
delegations_held(struct cx *cx, struct db_rows *out)
{
	TRY(delegation_rows_of(cx, cx->who.account, out));
	return fill_names(cx, out);
}

fallible
delegations_over(struct cx *cx, patient_id patient, struct db_rows *out)
{
	enum access_why why;

	TRY(access_check(cx, patient, RIGHT_MESSAGES_READ, &why));
	TRY(delegation_rows_over(cx, patient, out));
	return fill_names(cx, out);
}

/* ---- small questions ---- */

fallible
delegate_has(struct cx *cx, patient_id patient, account_id account, enum access_right right, bool *out)
{
	unsigned given;

	TRY(delegation_row_rights(cx, patient, account, &given));
	*out = (given & (unsigned)right) == (unsigned)right;
	return NULL;
}

fallible
delegate_readers(struct cx *cx, patient_id patient, struct db_rows *out)
{
	return delegation_rows_readers(cx, patient, out);
}

fallible
delegates_told(struct cx *cx, patient_id patient, enum access_right right, struct db_rows *out)
{
	return delegation_rows_told(cx, patient, right, out);
}

fallible
delegate_is_told(struct cx *cx, patient_id patient, account_id account, enum access_right right, bool *out)
{
	struct db_rows rows;
	const account_id *told;

	TRY(delegates_told(cx, patient, right, &rows));
	told = rows.items;
	*out = false;
	for (size_t i = 0; i < rows.count && !*out; i++)
		*out = uuid_equal(told[i].v, account.v);
	return NULL;
}

fallible
delegate_check(struct cx *cx, patient_id patient)
{
	unsigned given;

	if (!(cx->who.is & (WHO_PATIENT | WHO_DELEGATE)))
		return NOT_FOUND;
	TRY(delegation_row_rights(cx, patient, cx->who.account, &given));
	return given ? NULL : NOT_FOUND;
}

fallible
delegate_words(struct cx *cx, patient_id id, str delegate_name, str *out)
{
	struct patient patient;

	TRY(patient_get(cx, id, &patient));
	*out = tr_fill(cx->arena, cx->lang, tr(cx->lang, TR("%1 for %2")),
	    (const struct tr_arg[]){TR_ARG(delegate_name), TR_ARG(patient.name)}, 2);
	return NULL;
}
